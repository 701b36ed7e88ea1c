//! One-line summaries of documents.

use entitle::license::{Fallback, GrantKind, Licensee, RevocationListDraft, Termination, Tolerance};
use entitle::token::KeyCertificateDraft;
use entitle::{Deal, Grant};

use crate::instant::{day, day_or_never};

/// Returns a summary of a deal: units, plans and customer.
pub(crate) fn summarize_deal(deal: &Deal) -> String {
    let licensee = match &deal.licensee {
        Licensee::Tenant(customer) => customer.name.as_str(),
        Licensee::Anyone => "anyone",
    };
    let sold: Vec<String> = deal.grants.iter().map(|grant| format!("{} x {}", grant.units, grant.plan)).collect();
    format!("{} for {licensee}", if sold.is_empty() { "nothing".to_string() } else { sold.join(" + ") })
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

/// Returns a summary of a grant.
pub(crate) fn summarize_grant(grant: &Grant) -> String {
    let Grant { plan, units, .. } = grant;
    let mut text = match &grant.kind {
        GrantKind::Paid(paid) => {
            let ends = day_or_never(paid.term.ends());
            let until = if ends == "never" { " on, perpetual".to_string() } else { format!(" until {ends}") };
            let updates = match paid.fallback {
                Fallback::None => String::new(),
                Fallback::Before(before) => format!("; without an end in releases from before {}", day(before)),
            };
            format!("{units} x {plan}, from {}{until}{updates}", day(paid.term.starts()))
        }
        GrantKind::Trial(trial) => {
            let (opens, closes) = (day(trial.may_start.opens()), day(trial.may_start.closes()));
            format!("{units} x {plan}, a trial of {}, to be started from {opens} until {closes}", trial.length)
        }
    };
    for own in &grant.amounts {
        let amount = format!("; {} of {}", own.amount, own.quota);
        text.push_str(&amount);
    }
    if let Tolerance::UpTo(tolerated) = &grant.tolerance {
        let more = format!("; {} tolerated until {}", tolerated.units, day(tolerated.until));
        text.push_str(&more);
    }
    let early = match &grant.kind {
        GrantKind::Paid(paid) => paid.early,
        GrantKind::Trial(trial) => trial.early,
    };
    match early {
        Termination::Never => text,
        Termination::Cancelled(at) => text + &format!("; cancelled for {}", day(at)),
        Termination::Withdrawn(at) => text + &format!("; withdrawn from {} on", day(at)),
    }
}
