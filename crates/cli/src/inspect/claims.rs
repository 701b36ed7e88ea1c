//! Revocation lists, time tickets and certificates: what they claim, in words, verified or not.

use core::num::NonZeroU32;

use entitle::license::Revocation;
use entitle::record::Anchor;
use entitle::time::Window;
use entitle::token::{CertifiedPurpose, KeyConstraint, Kind};
use entitle::{OfferId, PublicKey, PublisherId, TenantId, TicketId};
use serde::Deserialize;

use super::Inspection;
use crate::instant::{Instant, day};

/// The most entries of a list that are shown in words.
const SHOWN: usize = 100;

/// The claims of a revocation list.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "the claims of a revocation list")]
struct ListClaims {
    iss: PublisherId,
    sequence: NonZeroU32,
    iat: Instant,
    entries: Vec<Revocation>,
}

/// The claims of a time ticket.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "the claims of a time ticket")]
struct TicketClaims {
    iss: PublisherId,
    aud: OfferId,
    jti: TicketId,
    iat: Instant,
    tenant: TenantId,
    anchor: Anchor,
}

/// The claims of a certificate.
#[derive(Deserialize)]
#[serde(deny_unknown_fields, expecting = "the claims of a certificate")]
struct CertificateClaims {
    iss: PublisherId,
    iat: Instant,
    key: PublicKey,
    purposes: Vec<CertifiedPurpose>,
    window: Window,
    constraints: Vec<KeyConstraint>,
}

/// Adds the content of a document that is no license, row by row. Fails for claims that a document of its
/// kind cannot have.
pub(super) fn add_rows(inspection: &mut Inspection, kind: Kind, payload: &str) -> Result<(), serde_json::Error> {
    match kind {
        Kind::RevocationList => add_list(inspection, &serde_json::from_str(payload)?),
        Kind::TimeTicket => add_ticket(inspection, &serde_json::from_str(payload)?),
        Kind::KeyCertificate => add_certificate(inspection, &serde_json::from_str(payload)?),
        _ => add_claim_rows(inspection),
    }
    Ok(())
}

/// Adds the claims as they are.
pub(super) fn add_claim_rows(inspection: &mut Inspection) {
    let claims = inspection.claims.as_object().cloned().unwrap_or_default();
    for (name, value) in &claims {
        let shown = value.as_str().map_or_else(|| value.to_string(), ToString::to_string);
        inspection.add_row("says", format!("{name}: {shown}"));
    }
}

fn add_list(inspection: &mut Inspection, list: &ListClaims) {
    inspection.add_row("of", format_args!("{}, number {} of its key", list.iss, list.sequence));
    inspection.add_row("issued", day(list.iat.0));
    for entry in list.entries.iter().take(SHOWN) {
        inspection.add_row("revokes", revocation(entry));
    }
    match list.entries.len().checked_sub(SHOWN) {
        None if list.entries.is_empty() => inspection.add_row("revokes", "nothing"),
        None | Some(0) => {}
        Some(more) => inspection.add_row("revokes", format_args!("{more} more, which --json shows")),
    }
}

fn revocation(entry: &Revocation) -> String {
    match entry {
        Revocation::License(revoked) => {
            let revisions = match revoked.through {
                NonZeroU32::MAX => "in all revisions".to_string(),
                through => format!("up to revision {through}"),
            };
            format!("the license with the hash {} {revisions}, from {} on", revoked.license, day(revoked.from))
        }
        Revocation::Key(revoked) => {
            format!("the key {} with all that it signed, from {} on", revoked.key, day(revoked.from))
        }
    }
}

fn add_ticket(inspection: &mut Inspection, ticket: &TicketClaims) {
    inspection.add_row("offer", format_args!("{} of {}", ticket.aud, ticket.iss));
    inspection.add_row("for", &ticket.tenant);
    inspection.add_row("issued", Instant(ticket.iat.0));
    inspection.add_row("id", ticket.jti);
    match &ticket.anchor {
        Anchor::Record(checkpoint) => inspection.add_row("anchor", checkpoint),
        Anchor::Anywhere => inspection.add_row("anchor", "any record of the tenant"),
    }
}

fn add_certificate(inspection: &mut Inspection, certificate: &CertificateClaims) {
    inspection.add_row("of", &certificate.iss);
    inspection.add_row("subject", format_args!("the key {}", certificate.key.id()));
    inspection.add_row("", certificate.key);
    for purpose in &certificate.purposes {
        let first = match purpose {
            CertifiedPurpose::Revocations(first) => format!(" from number {first} on"),
            _ => String::new(),
        };
        inspection.add_row("signs", format_args!("{}{first}", purpose.purpose()));
    }
    let (opens, closes) = (day(certificate.window.opens()), day(certificate.window.closes()));
    inspection.add_row("dated", format_args!("from {opens} until {closes}"));
    certificate.constraints.iter().for_each(|constraint| inspection.add_row("only", constraint));
    inspection.add_row("issued", day(certificate.iat.0));
}
