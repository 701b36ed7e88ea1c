//! `entitle tenant licenses`.

use std::collections::BTreeMap;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Licensee, Reference};
use entitle::query::{Document, DocumentStatus, GrantStatus};
use entitle::time::Phase;
use entitle::{KeyRing, License, Tenant};
use serde_json::{Value, json};

use super::page::{Limit, after_the_last};
use crate::answer::Answer;
use crate::instant::{Instant, day};
use crate::number;
use crate::summary::{summarize_certificate, summarize_grant, summarize_list};
use crate::tenant::command_text::describe_document;
use crate::tenant::record::Record;
use crate::tenant::revoked::revoked_since;
use crate::tenant::verifier::Verifier;
use crate::tenant::words::until;

/// List the licenses and other documents.
#[derive(Debug, Args)]
pub(crate) struct Licenses {
    /// Also those that others have replaced.
    #[arg(long)]
    all: bool,
    /// The first document that is shown, as a number.
    #[arg(long, value_name = "NUMBER", default_value_t = 1, value_parser = number::parse::<usize>)]
    from: usize,
    #[command(flatten)]
    limit: Limit,
}

/// A document as it is listed.
struct Listed<'a> {
    text: String,
    state: &'static str,
    json: BTreeMap<&'static str, Value>,
    /// The grants of a license in force.
    grants: Vec<GrantStatus<'a>>,
}

impl Licenses {
    pub(super) fn answer(&self, record: &Record, now: DateTime<Utc>) -> Answer {
        let (tenant, verifier) = (record.tenant(), record.verifier());
        let all: Vec<Listed<'_>> =
            tenant.documents().map(|document| listed(tenant, &verifier, &document, now)).collect();
        let (listed, hidden): (Vec<Listed<'_>>, Vec<Listed<'_>>) =
            all.into_iter().partition(|listed| self.all || listed.state != "replaced");
        let (total, hidden) = (listed.len(), hidden.len());
        let page = self.limit.page((1_usize..).zip(listed).skip(self.from.saturating_sub(1)));
        let next = page.next.map(|(number, _)| number);
        let (mut lines, mut shown): (Vec<String>, Vec<Value>) = (Vec::new(), Vec::new());
        for (_, Listed { text, state, json: mut fields, grants }) in page.entries {
            lines.push(text);
            lines.extend(grants.iter().map(|grant| grant_line(tenant, &record.ring, grant)));
            fields.insert("state", json!(state));
            if state == "in_force" && fields.contains_key("license") {
                fields.insert("grants", json!(grants));
            }
            shown.push(json!(fields));
        }
        let json = json!({ "documents": shown, "hidden": hidden, "total": total, "next": next });
        let answer = Answer::new(json);
        if total == 0 && hidden == 0 {
            return answer.line("No license is installed.");
        }
        let shown = shown.len();
        let answer = if shown == 0 && total > 0 {
            answer.line(after_the_last("documents", &self.from.to_string(), total))
        } else {
            answer
        };
        let answer = lines.into_iter().fold(answer, Answer::escaped_line);
        let answer = match next {
            Some(next) => answer.line(format_args!("{shown} of {total} documents; go on with --from {next}")),
            None => answer,
        };
        if hidden == 0 { answer } else { answer.line(format_args!("{hidden} replaced, shown with --all")) }
    }
}

fn grant_line(tenant: &Tenant, ring: &KeyRing, status: &GrantStatus<'_>) -> String {
    let revoked = (status.phase == Phase::Revoked).then(|| revoked_since(tenant, ring, status.license)).flatten();
    let since = revoked.map_or_else(String::new, |since| format!(" since {}", day(since)));
    format!("  {}: {}{since}{}", summarize_grant(status.grant), status.phase, until(status.until))
}

fn listed<'a>(tenant: &'a Tenant, verifier: &Verifier, document: &Document<'a>, now: DateTime<Utc>) -> Listed<'a> {
    let other = |text: String, state| {
        let json = BTreeMap::from([("document", json!(text))]);
        Listed { text, state, json, grants: Vec::new() }
    };
    match document.status {
        DocumentStatus::InForce(license) => {
            let id = license.deal().id;
            let grants = tenant.grants(now).filter(|grant| grant.license.deal().id == id).collect();
            Listed { grants, ..of_license(license, "in_force") }
        }
        DocumentStatus::Replaced(license) => of_license(license, "replaced"),
        DocumentStatus::Revokes(list) => {
            let list = list.revocations();
            other(format!("{}, issued {}", summarize_list(list), day(list.issued)), "in_force")
        }
        DocumentStatus::ReplacedList => other("a revocation list (replaced)".to_string(), "replaced"),
        DocumentStatus::Corrects(ticket) => {
            other(format!("time ticket, issued {}", day(ticket.correction().issued)), "in_force")
        }
        DocumentStatus::Certifies(certificate) => other(summarize_certificate(certificate.certified()), "in_force"),
        DocumentStatus::GivesNothing(issue) => {
            let text = format!("{} gives nothing: {issue}", describe_document(verifier, &document.token()));
            let json = BTreeMap::from([("document", json!(text)), ("code", json!(issue.code()))]);
            Listed { text, state: "gives_nothing", json, grants: Vec::new() }
        }
        _ => other("a document unknown to this release".to_string(), "unknown"),
    }
}

fn of_license<'a>(license: &License, state: &'static str) -> Listed<'a> {
    let deal = license.deal();
    let reference = match &deal.reference {
        Reference::None => None,
        Reference::Of(reference) => Some(reference),
    };
    let whom = match &deal.licensee {
        Licensee::Anyone => "anyone".to_string(),
        Licensee::Tenant(customer) => customer.name.to_string(),
    };
    let order = reference.map_or_else(String::new, |reference| format!(", order {reference}"));
    let replaced = if state == "replaced" { " (replaced)" } else { "" };
    let (id, revision, issued) = (deal.id, deal.revision, day(deal.issued));
    let json = BTreeMap::from([
        ("license", json!(id)),
        ("revision", json!(revision)),
        ("issued", json!(Instant(deal.issued))),
        ("for", json!(whom)),
        ("reference", json!(reference)),
    ]);
    Listed {
        text: format!("license {id}, revision {revision}, issued {issued}, for {whom}{order}{replaced}"),
        state,
        json,
        grants: Vec::new(),
    }
}
