//! One-line summaries of documents.

use entitle::license::{Fallback, GrantKind, Licensee, RevocationListDraft, Termination, Tolerance};
use entitle::time::End;
use entitle::token::KeyCertificateDraft;
use entitle::{Deal, Grant};

use crate::instant::{day, day_or_never};

/// Returns a summary of a deal: units, plans and customer, and what is not usual about a grant: a trial, a
/// fallback, amounts of quotas, a tolerance, an early end.
pub(crate) fn summarize_deal(deal: &Deal) -> String {
    let licensee = match &deal.licensee {
        Licensee::Tenant(customer) => customer.name.as_str(),
        Licensee::Anyone => "anyone",
    };
    format!("{} for {licensee}", summarize_grants(&deal.grants))
}

/// Returns a summary of grants: units and plans, and what is not usual about each. Where what is paid ends at
/// different instants, each has its end.
pub(crate) fn summarize_grants(grants: &[Grant]) -> String {
    let mut ends: Vec<End> = grants.iter().filter_map(paid_end).collect();
    ends.sort_unstable();
    ends.dedup();
    let sold: Vec<String> = grants.iter().map(|grant| summarize_units(grant, ends.len() > 1)).collect();
    if sold.is_empty() { "nothing".to_string() } else { sold.join(" + ") }
}

/// Returns the end of a paid grant.
fn paid_end(grant: &Grant) -> Option<End> {
    match &grant.kind {
        GrantKind::Paid(paid) => Some(paid.term.ends()),
        GrantKind::Trial(_) => None,
    }
}

/// Returns the units and the plan of a grant, and in parentheses what is not usual about it, after its end if
/// that is wanted.
fn summarize_units(grant: &Grant, with_end: bool) -> String {
    let Grant { units, plan, .. } = grant;
    let end = paid_end(grant).filter(|_| with_end).map(|end| match end {
        End::At(_) => format!("until {}", day_or_never(end)),
        End::Never => "perpetual".to_string(),
    });
    let mut unusual: Vec<String> = match &grant.kind {
        GrantKind::Paid(paid) => end.into_iter().chain(fallback(paid.fallback)).collect(),
        GrantKind::Trial(trial) => vec![format!("a trial of {}", trial.length)],
    };
    unusual.extend(changes(grant));
    if unusual.is_empty() { format!("{units} x {plan}") } else { format!("{units} x {plan} ({})", unusual.join("; ")) }
}

/// Returns a fallback in words, if there is one.
fn fallback(fallback: Fallback) -> Option<String> {
    match fallback {
        Fallback::None => None,
        Fallback::Before(before) => Some(format!("without an end in releases from before {}", day(before))),
    }
}

/// Returns amounts of quotas, the tolerance and an early end of a grant, as far as it has them.
fn changes(grant: &Grant) -> Vec<String> {
    let mut changes: Vec<String> = grant.amounts.iter().map(|own| format!("{} of {}", own.amount, own.quota)).collect();
    if let Tolerance::UpTo(tolerated) = &grant.tolerance {
        changes.push(format!("{} tolerated until {}", tolerated.units, day(tolerated.until)));
    }
    match early(grant) {
        Termination::Never => {}
        Termination::Cancelled(at) => changes.push(format!("cancelled for {}", day(at))),
        Termination::Withdrawn(at) => changes.push(format!("withdrawn from {} on", day(at))),
    }
    changes
}

/// Returns whether and when a grant ends early.
pub(crate) fn early(grant: &Grant) -> Termination {
    match &grant.kind {
        GrantKind::Paid(paid) => paid.early,
        GrantKind::Trial(trial) => trial.early,
    }
}

/// Returns a summary of a revocation list.
pub(crate) fn summarize_list(list: &RevocationListDraft) -> String {
    let number = list.entries.len();
    let entries = if number == 1 { "entry" } else { "entries" };
    format!("revocation list {} of {}, {number} {entries}", list.sequence, list.publisher)
}

/// Returns a summary of a certificate.
pub(crate) fn summarize_certificate(certificate: &KeyCertificateDraft) -> String {
    let purposes: Vec<String> = certificate.purposes.iter().map(|purpose| purpose.purpose().to_string()).collect();
    let window = certificate.window;
    let (opens, closes) = (day(window.opens()), day(window.closes()));
    format!("certificate of {} for {}, dated from {opens} until {closes}", certificate.key.id(), purposes.join(", "))
}

/// Returns a summary of a grant, with its dates.
pub(crate) fn summarize_grant(grant: &Grant) -> String {
    let Grant { plan, units, .. } = grant;
    let mut parts: Vec<String> = match &grant.kind {
        GrantKind::Paid(paid) => {
            let ends = day_or_never(paid.term.ends());
            let until = if ends == "never" { " on, perpetual".to_string() } else { format!(" until {ends}") };
            let term = format!("{units} x {plan}, from {}{until}", day(paid.term.starts()));
            core::iter::once(term).chain(fallback(paid.fallback)).collect()
        }
        GrantKind::Trial(trial) => {
            let (opens, closes) = (day(trial.may_start.opens()), day(trial.may_start.closes()));
            vec![format!("{units} x {plan}, a trial of {}, to be started from {opens} until {closes}", trial.length)]
        }
    };
    parts.extend(changes(grant));
    parts.join("; ")
}
