//! Why a license that is installed gives nothing, so that nobody waits for what it grants.

use entitle::chrono::{DateTime, Utc};
use entitle::query::{DocumentStatus, GrantStatus};
use entitle::time::Phase;
use entitle::{Command, KeyRing, License, Tenant, Token};

use super::revoked::revoked_since;
use super::verifier::Verifier;
use super::words::until;
use crate::instant::day;

/// Returns a note for each license that commands have installed and that is in force, but of which nothing is
/// usable, pending or to be started. The tenant is given as it is after them.
pub(super) fn notes<'a>(
    tenant: &Tenant,
    verifier: &Verifier,
    commands: impl IntoIterator<Item = &'a Command>,
    now: DateTime<Utc>,
) -> Vec<String> {
    let tokens = commands.into_iter().filter_map(|command| match command {
        Command::Install(token) => Some(token),
        _ => None,
    });
    let notes = tokens.filter_map(|token| {
        let license = in_force(tenant, &verifier.license(token)?, token)?;
        let why = why(tenant, &verifier.ring, license, now)?;
        Some(format!("revision {} of license {} gives nothing: {why}", license.deal().revision, license.deal().id))
    });
    notes.collect()
}

/// Returns the license in force of a document; none if another revision has replaced it.
fn in_force<'a>(tenant: &'a Tenant, verified: &License, token: &Token) -> Option<&'a License> {
    tenant.documents().find_map(|document| match document.status {
        DocumentStatus::InForce(license) if license.deal().id == verified.deal().id => {
            (document.token() == *token).then_some(license)
        }
        _ => None,
    })
}

/// Returns why no grant of a license gives anything or is to come; none if one does.
fn why(tenant: &Tenant, ring: &KeyRing, license: &License, now: DateTime<Utc>) -> Option<String> {
    let grants: Vec<GrantStatus<'_>> =
        tenant.grants(now).filter(|status| status.license.deal().id == license.deal().id).collect();
    if grants.is_empty() {
        return Some("it grants nothing".to_string());
    }
    let is_known = |status: &&GrantStatus<'_>| tenant.catalog().plan(&status.grant.plan).is_some();
    let known: Vec<&GrantStatus<'_>> = grants.iter().filter(is_known).collect();
    let gives = |status: &&GrantStatus<'_>| {
        status.phase.is_usable() || matches!(status.phase, Phase::Pending | Phase::NotStarted)
    };
    if known.iter().any(gives) {
        return None;
    }
    let Some(nearest) = known.iter().max_by_key(|status| status.phase) else {
        return Some("the catalog has none of its plans".to_string());
    };
    Some(match nearest.phase {
        Phase::Revoked => match revoked_since(tenant, ring, license) {
            Some(since) => format!("it was revoked on {}", day(since)),
            None => "it was revoked".to_string(),
        },
        Phase::Ended => "it has ended".to_string(),
        Phase::Suspended => format!("its term and its grace are over, and it is suspended{}", until(nearest.until)),
        Phase::NotFresh => "it asks for a recent revocation list, which is not installed".to_string(),
        Phase::ReleaseNotCovered => "it does not cover this release of the application".to_string(),
        phase => format!("it is {phase}"),
    })
}
