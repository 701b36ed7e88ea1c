//! Signed documents: their claims, and whether the signature verifies.

use entitle::Token;
use entitle::token::{KeyId, Kind, TokenError};
use serde_json::{Value, json};

use super::Inspection;
use super::claims::{self, add_claim_rows};
use super::surroundings::Surroundings;
use super::token_parts::{self, TokenParts};
use crate::answer::Answer;
use crate::deal::deal_file;
use crate::exit::Failure;
use crate::named_keys::NamedKeys;
use crate::trust;

pub(super) fn inspect(
    token: &Token,
    keys: &NamedKeys,
    certificates: &[Token],
    surroundings: &Surroundings,
) -> Inspection {
    let TokenParts { payload, footer } = token_parts::of(token);
    let kind = token_parts::kind(token);
    let claims: Value = serde_json::from_str(&payload).unwrap_or(Value::Null);
    let title = kind.map_or("a signed document of an unknown kind".to_string(), |kind| kind.to_string());
    let mut inspection = Inspection::new(title, claims);
    match kind {
        Some(Kind::License) => {
            let signer = footer.as_ref().and_then(|footer| footer.kid.parse().ok());
            license(&mut inspection, &payload, signer.map(|signer| (signer, token)), surroundings);
        }
        Some(kind) => {
            if let Err(error) = claims::add_rows(&mut inspection, kind, &payload) {
                add_claim_rows(&mut inspection);
                inspection.add_problem("token.claims", crate::text::json_error(&error));
            }
        }
        None => inspection.add_row("kind", footer.as_ref().map_or("none", |footer| footer.typ.as_str())),
    }
    let signer = footer.map_or("nobody".to_string(), |footer| footer.kid);
    let verification = if keys.is_empty() { None } else { Some(verify(token, kind, keys, certificates)) };
    let verdict = match (&verification, keys.file(&signer)) {
        (None, _) => "unverified: give the public key with --trust to verify it".to_string(),
        (Some(Ok(())), Some(name)) => format!("verified with {name}"),
        (Some(Ok(())), _) => "verified".to_string(),
        (Some(Err(_)), _) => "not verified: do not trust it".to_string(),
    };
    inspection.add_row("key", &signer);
    inspection.add_row("", verdict);
    let verdict = match verification {
        None => "unverified",
        Some(Ok(())) => "verified",
        Some(Err(_)) => "failed",
    };
    inspection.signature = json!({ "key": signer, "verdict": verdict });
    if let Some(Err(error)) = verification {
        inspection.add_problem(error.code(), with_hint(&error));
    }
    inspection
}

/// Returns an error, with what to give where the key is not trusted for what it signed.
pub(super) fn with_hint(error: &TokenError) -> String {
    trust::hint(error).map_or_else(|| error.to_string(), |hint| format!("{error}; {hint}"))
}

fn verify(token: &Token, kind: Option<Kind>, keys: &NamedKeys, certificates: &[Token]) -> Result<(), TokenError> {
    let ring = keys.ring();
    let certificates = certificates.iter().map(|token| ring.verify_certificate(token));
    let certificates: Vec<_> = certificates.collect::<Result<_, _>>()?;
    match kind {
        Some(Kind::RevocationList) => ring.verify_list_with(&certificates, token).map(|_| ()),
        Some(Kind::TimeTicket) => ring.verify_ticket_with(&certificates, token).map(|_| ()),
        Some(Kind::KeyCertificate) => ring.verify_certificate(token).map(|_| ()),
        _ => ring.verify_with(&certificates, token).map(|_| ()),
    }
}

fn license(inspection: &mut Inspection, payload: &str, signed: Option<(KeyId, &Token)>, surroundings: &Surroundings) {
    let deal = match deal_file::parse(payload) {
        Ok(deal) => deal,
        Err(error) => {
            add_claim_rows(inspection);
            return inspection.add_problem("token.claims", error);
        }
    };
    super::unsigned::add_deal_rows(inspection, &deal);
    surroundings.add_states(inspection, &deal, signed);
    if let Err(failure) = deal_file::check_rules(&deal) {
        inspection.add_problem(failure.code, failure.message);
    }
}

/// Returns the deal of a license, which is verified if keys were given.
pub(super) fn deal(token: &Token, keys: &NamedKeys, certificates: &[Token]) -> Result<Answer, Failure> {
    if !keys.is_empty() {
        let verification = verify(token, token_parts::kind(token), keys, certificates);
        verification.map_err(|error| Failure::unreadable(error.code(), with_hint(&error)))?;
    }
    let payload = token_parts::of(token).payload;
    let deal = deal_file::parse(&payload).map_err(|error| Failure::unreadable("token.claims", error))?;
    let text = deal_file::write(&deal)?;
    let deal_json: Value = serde_json::from_str(&text).unwrap_or_default();
    let answer = Answer::new(json!({ "deal": deal_json })).raw(&text);
    Ok(if keys.is_empty() { answer.note("unverified: the signature was not checked") } else { answer })
}
