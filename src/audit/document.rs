//! What a signed document says, in words.

use alloc::vec::Vec;

use crate::audit::plan_name::with_plan;
use crate::audit::wording;
use crate::catalog::Catalog;
use crate::id::PlanId;
use crate::license::checkpoint::Anchor;
use crate::license::deal::{Deal, Freshness, Licensee, Reference};
use crate::license::grant::{Extensions, Fallback, Grant, GrantKind, PaidTerms, Termination, Tolerance, TrialTerms};
use crate::message::{Message, Value};
use crate::tenant::Tenant;
use crate::tenant::document_issue::DocumentIssue;
use crate::time::{Days, End};
use crate::token::Token;
use crate::token::footer::Kind;

/// A document in words: what was installed, what it says, and the plans that it grants.
pub(super) struct DocumentText {
    pub(super) message: Message,
    pub(super) details: Vec<Message>,
    /// Sorted, each once.
    pub(super) plans: Vec<PlanId>,
}

/// Returns a document in words that was installed as one of a kind. `O(n log n)` in its grants, and
/// in its length for its signature.
pub(super) fn describe(tenant: &Tenant, kind: Kind, token: &Token) -> DocumentText {
    match kind {
        Kind::License => license(tenant, token),
        Kind::RevocationList => list(tenant, token),
        Kind::TimeTicket => ticket(tenant, token),
        Kind::KeyCertificate => certificate(tenant, token),
    }
}

fn license(tenant: &Tenant, token: &Token) -> DocumentText {
    let (base, catalog) = (tenant.base(), tenant.catalog());
    let known = &tenant.core().documents;
    let (license, issue) = match base.license(known, token) {
        Ok(license) => (license, None),
        // It may be genuine and for another tenant, offer or record.
        Err(issue) => match base.ring.verify_with(known.certificates(), token) {
            Ok(license) => (license, Some(issue)),
            Err(_) => return unverified(Kind::License, &issue),
        },
    };
    let deal = license.deal();
    let message = wording::LICENSE.message().with("revision", Value::ordinal(&deal.revision)).with("license", &deal.id);
    let mut details: Vec<Message> = issue.iter().map(gives_nothing).collect();
    details.push(licensee(&deal.licensee));
    if let Reference::Of(reference) = &deal.reference {
        details.push(wording::REFERENCE.message().with("reference", reference));
    }
    describe_terms(deal, catalog, &mut details);
    let mut plans: Vec<PlanId> = deal.grants.iter().map(|grant| grant.plan.clone()).collect();
    plans.sort_unstable();
    plans.dedup();
    DocumentText { message: message.with("issued", deal.issued), details, plans }
}

fn list(tenant: &Tenant, token: &Token) -> DocumentText {
    let (base, known) = (tenant.base(), &tenant.core().documents);
    let (list, issue) = match base.list(known, token) {
        Ok(list) => (list, None),
        Err(issue) => match base.ring.verify_list_with(known.certificates(), token) {
            Ok(list) => (list, Some(issue)),
            Err(_) => return unverified(Kind::RevocationList, &issue),
        },
    };
    let content = list.revocations();
    let message = wording::LIST
        .message()
        .with("sequence", Value::ordinal(&content.sequence))
        .with("publisher", &content.publisher);
    let message = message.with("issued", content.issued).with("entries", content.entries.len());
    DocumentText { message, details: issue.iter().map(gives_nothing).collect(), plans: Vec::new() }
}

fn ticket(tenant: &Tenant, token: &Token) -> DocumentText {
    let (base, known) = (tenant.base(), &tenant.core().documents);
    let (ticket, issue) = match base.ticket(known, token) {
        Ok((ticket, _)) => (ticket, None),
        Err(issue) => match base.ring.verify_ticket_with(known.certificates(), token) {
            Ok(ticket) => (ticket, Some(issue)),
            Err(_) => return unverified(Kind::TimeTicket, &issue),
        },
    };
    let content = ticket.correction();
    let message = wording::TICKET.message().with("ticket", &content.id).with("issued", content.issued);
    let mut details: Vec<Message> = issue.iter().map(gives_nothing).collect();
    details.push(anchor(&content.anchor).unwrap_or_else(|| wording::NO_ANCHOR.message()));
    DocumentText { message, details, plans: Vec::new() }
}

fn certificate(tenant: &Tenant, token: &Token) -> DocumentText {
    let base = tenant.base();
    let (certificate, issue) = match base.certificate(&tenant.core().documents, token) {
        Ok(certificate) => (certificate, None),
        Err(issue) => match base.ring.verify_certificate(token) {
            Ok(certificate) => (certificate, Some(issue)),
            Err(_) => return unverified(Kind::KeyCertificate, &issue),
        },
    };
    let content = certificate.certified();
    let message = wording::CERTIFICATE.message().with("key", &certificate.key()).with("issued", content.issued);
    let mut details: Vec<Message> = issue.iter().map(gives_nothing).collect();
    let purposes = content.purposes.iter().map(|purpose| Value::from(&purpose.purpose()));
    let dates =
        wording::CERTIFIED.message().with("purposes", Value::all(purposes)).with("opens", content.window.opens());
    details.push(dates.with("closes", Value::EndsAt(content.window.closes())));
    details.extend(content.constraints.iter().map(|limit| wording::CONSTRAINT.message().with("limit", limit)));
    DocumentText { message, details, plans: Vec::new() }
}

fn unverified(kind: Kind, issue: &DocumentIssue) -> DocumentText {
    let message = wording::UNVERIFIED.message().with("kind", &kind).with("issue", issue);
    DocumentText { message, details: Vec::new(), plans: Vec::new() }
}

fn gives_nothing(issue: &DocumentIssue) -> Message {
    wording::GIVES_NOTHING.message().with("issue", issue)
}

fn licensee(licensee: &Licensee) -> Message {
    match licensee {
        Licensee::Tenant(customer) => {
            let message = wording::CUSTOMER.message().with("customer", &customer.name).with("tenant", &customer.id);
            message.with("country", &customer.country)
        }
        Licensee::Anyone => wording::ANYONE.message(),
    }
}

/// Adds the grants of a deal, each with what follows it, and the conditions of the deal.
fn describe_terms(deal: &Deal, catalog: &Catalog, details: &mut Vec<Message>) {
    if deal.grants.is_empty() {
        details.push(wording::NO_GRANTS.message());
    }
    for grant in &deal.grants {
        describe_grant(grant, catalog, details);
    }
    if let Freshness::Asked(limit) = deal.freshness {
        let message = wording::FRESHNESS.message().with("warn_after", &limit.warn_after);
        details.push(message.with("deny_after", &limit.deny_after));
    }
    details.extend(anchor(&deal.anchor));
}

fn anchor(anchor: &Anchor) -> Option<Message> {
    match anchor {
        Anchor::Anywhere => None,
        Anchor::Record(checkpoint) => Some(wording::ANCHOR.message().with("checkpoint", checkpoint)),
    }
}

fn describe_grant(grant: &Grant, catalog: &Catalog, details: &mut Vec<Message>) {
    match &grant.kind {
        GrantKind::Paid(paid) => describe_paid(grant, paid, catalog, details),
        GrantKind::Trial(trial) => describe_trial(grant, trial, catalog, details),
    }
    for own in &grant.amounts {
        details.push(wording::AMOUNT.message().with("quota", &own.quota).with("limit", &own.amount));
    }
    match grant.kind.early() {
        Termination::Never => {}
        Termination::Cancelled(at) => details.push(wording::CANCELLED.message().with("at", at)),
        Termination::Withdrawn(at) => details.push(wording::WITHDRAWN.message().with("at", at)),
    }
    if let Tolerance::UpTo(tolerated) = &grant.tolerance {
        let message = wording::TOLERANCE.message().with("units", &tolerated.units);
        details.push(message.with("until", Value::EndsAt(tolerated.until)));
    }
}

fn describe_paid(grant: &Grant, paid: &PaidTerms, catalog: &Catalog, details: &mut Vec<Message>) {
    let term = &paid.term;
    let message = match term.ends() {
        End::At(ends) => wording::PAID.message().with("ends", Value::EndsAt(ends)),
        End::Never => wording::PERPETUAL.message(),
    };
    let message = with_plan(message, catalog, &grant.plan).with("units", &grant.units);
    details.push(message.with("starts", term.starts()));
    let usual = PaidTerms::new(*term);
    if let Fallback::Before(before) = paid.fallback {
        details.push(wording::FALLBACK.message().with("fallback", before));
    }
    details.extend(grace(paid.grace, usual.grace));
    if paid.suspended != usual.suspended {
        details.push(wording::SUSPENSION.message().with("suspended", &paid.suspended));
    }
}

fn describe_trial(grant: &Grant, trial: &TrialTerms, catalog: &Catalog, details: &mut Vec<Message>) {
    let message = with_plan(wording::TRIAL.message(), catalog, &grant.plan).with("units", &grant.units);
    let message = message.with("length", &trial.length).with("opens", trial.may_start.opens());
    details.push(message.with("closes", Value::EndsAt(trial.may_start.closes())));
    details.push(match trial.extensions {
        Extensions::None => wording::NO_EXTENSIONS.message(),
        Extensions::UpTo(extension) => {
            wording::EXTENSIONS.message().with("times", &extension.times).with("length", &extension.length)
        }
    });
    details.extend(grace(trial.grace, TrialTerms::new(trial.may_start, trial.length).grace));
}

fn grace(grace: Days, usual: Days) -> Option<Message> {
    (grace != usual).then(|| wording::GRACE.message().with("grace", &grace))
}
