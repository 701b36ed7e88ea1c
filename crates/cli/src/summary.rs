//! One-line summaries of documents.

use entitle::chrono::{DateTime, NaiveTime, TimeDelta, Utc};
use entitle::license::{Fallback, GrantKind, Licensee, RevocationListDraft, Termination, Tolerance};
use entitle::time::{Days, End};
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

/// Returns a summary of a certificate, with its limits.
pub(crate) fn summarize_certificate(certificate: &KeyCertificateDraft) -> String {
    let purposes: Vec<String> = certificate.purposes.iter().map(|purpose| purpose.purpose().to_string()).collect();
    let window = certificate.window;
    let (opens, closes) = (day(window.opens()), day(window.closes()));
    let limits: Vec<String> = certificate.constraints.iter().map(ToString::to_string).collect();
    let only = if limits.is_empty() { String::new() } else { format!(", only {}", limits.join(", ")) };
    format!(
        "certificate of {} for {}, dated from {opens} until {closes}{only}",
        certificate.key.id(),
        purposes.join(", ")
    )
}

/// Returns a summary of a grant with its dates, its last day, and what follows: grace and suspension.
pub(crate) fn summarize_grant_and_end(grant: &Grant) -> String {
    let summary = summarize_grant(grant);
    last_day_and_after(grant).map_or_else(|| summary.clone(), |then| format!("{summary} ({then})"))
}

/// Returns the last day of a grant and what follows its end, as far as anything does.
pub(crate) fn last_day_and_after(grant: &Grant) -> Option<String> {
    let then: Vec<String> = last_day_of(grant).into_iter().chain(after_end(grant)).collect();
    (!then.is_empty()).then(|| then.join(", "))
}

/// Returns the last day of a term, or the last one on which a trial can be started: ends are exclusive. Of
/// what ends early the summary says when.
fn last_day_of(grant: &Grant) -> Option<String> {
    if early(grant) != Termination::Never {
        return None;
    }
    match &grant.kind {
        GrantKind::Paid(paid) => last_day(paid.term.ends()),
        GrantKind::Trial(trial) => last_day(End::At(trial.may_start.closes())),
    }
}

/// Returns the day before an end that is a midnight.
fn last_day(end: End) -> Option<String> {
    let at = end.instant().filter(|at| at.time() == NaiveTime::MIN)?;
    Some(format!("last day {}", at.date_naive().pred_opt()?))
}

/// Returns what follows the term of a grant, as far as anything does: until when it is in grace and suspended.
fn after_end(grant: &Grant) -> Vec<String> {
    let days = |from: DateTime<Utc>, days: Days| from.checked_add_signed(TimeDelta::days(days.get().into()));
    let mut then = Vec::new();
    match &grant.kind {
        GrantKind::Paid(paid) => {
            let ends = match paid.early {
                // What is withdrawn ends.
                Termination::Withdrawn(_) => return then,
                Termination::Cancelled(at) if End::At(at) < paid.term.ends() => Some(at),
                Termination::Cancelled(_) | Termination::Never => {
                    let grace = paid.term.ends().instant().and_then(|ends| days(ends, paid.grace));
                    let in_grace = grace.filter(|_| paid.grace.get() > 0);
                    then.extend(in_grace.map(|until| format!("grace until {}", day(until))));
                    grace
                }
            };
            let suspended = ends.and_then(|ends| days(ends, paid.suspended)).filter(|_| paid.suspended.get() > 0);
            then.extend(suspended.map(|until| format!("suspended until {}", day(until))));
        }
        GrantKind::Trial(trial) if trial.grace.get() > 0 => then.push(format!("{} of grace", trial.grace)),
        GrantKind::Trial(_) => {}
    }
    then
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
