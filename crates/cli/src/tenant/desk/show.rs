//! `entitle tenant show`: what an administrator wants to know first, on one screen.

use entitle::Tenant;
use entitle::chrono::{DateTime, Utc};
use entitle::command::SignUpPolicy;
use entitle::license::{Customer, GrantKind, Licensee};
use entitle::query::{ClockStatus, DocumentStatus, TrialState, TrialStatus};
use entitle::time::{EARLIEST, Phase};
use serde_json::{Value, json};

use super::ending::{change, ending};
use super::errors::documents;
use super::plan_row::{HEADING, PlanRow, plan_rows};
use crate::answer::Answer;
use crate::instant::{Instant, day};
use crate::table::table;
use crate::tenant::words::{count, id, list, short, units, until};

/// The number of plans that are shown.
const PLANS: usize = 8;
/// The number of lines about trials, and about what ends.
const LINES: usize = 3;
/// How many days ahead what ends is shown.
const DAYS: u32 = 30;
/// The length of a name for people; an id or a command that is cut cannot be typed.
const NAME: usize = 32;

pub(super) fn answer(tenant: &Tenant, now: DateTime<Utc>) -> Answer {
    let rows = plan_rows(tenant, now);
    let (owned, others): (Vec<&PlanRow<'_>>, Vec<&PlanRow<'_>>) = rows.iter().partition(|row| row.is_owned());
    let errors = tenant.claims_in_error(now).count();
    let json = json(tenant, &rows, errors, now);
    let answer = Answer::new(json).escaped_line(title(tenant, now)).line("");
    let answer = if owned.is_empty() {
        answer.line("No license is installed: `entitle tenant install FILE`")
    } else {
        let cells: Vec<Vec<String>> = owned.iter().take(PLANS).map(|row| row.cells()).collect();
        answer.table(&table(&HEADING, &cells))
    };
    let more = owned.len().saturating_sub(PLANS);
    let answer = if more == 0 { answer } else { answer.line(format_args!("and {more} more: `entitle tenant plans`")) };
    let others = list(others.iter().map(|row| id(row.id)));
    let answer = if others.is_empty() { answer } else { answer.escaped_line(format_args!("Not bought: {others}")) };
    let facts = facts(tenant, errors, now).into_iter();
    facts.fold(answer.line(""), Answer::escaped_line)
}

/// Returns the customer in the licenses in force, if one is for this tenant by name.
fn customer(tenant: &Tenant) -> Option<&Customer> {
    tenant.documents().find_map(|document| match document.status {
        DocumentStatus::InForce(license) => match &license.deal().licensee {
            Licensee::Tenant(customer) => Some(customer),
            Licensee::Anyone => None,
        },
        _ => None,
    })
}

/// Returns the customer, the offer and the date.
fn title(tenant: &Tenant, now: DateTime<Utc>) -> String {
    let customer = customer(tenant).map_or_else(
        || id(tenant.id()),
        |customer| format!("{} ({}, {})", short(&customer.name.to_string(), NAME), customer.id, customer.country),
    );
    let offer = tenant.catalog().offer();
    let offer_name = offer.name.as_ref().map_or_else(|| id(&offer.offer), |name| short(name.as_str(), NAME));
    format!("{customer} on {}: {offer_name} of {}", day(tenant.reading(now)), id(&offer.publisher))
}

/// Returns the lines below the plans.
fn facts(tenant: &Tenant, errors: usize, now: DateTime<Utc>) -> Vec<String> {
    let mut lines = Vec::new();
    let trials: Vec<String> =
        tenant.trials(now).filter(is_open).map(|status| trial(&status, tenant.reading(now))).collect();
    section(&mut lines, "trials", &trials, "none");
    let ending: Vec<String> = ending(tenant, DAYS, now)
        .iter()
        .map(|next| {
            format!("{}: {}, {}: {}", day(next.at), id(&next.grant.plan), units(&next.grant.units), change(next))
        })
        .collect();
    section(&mut lines, "ending", &ending, "nothing within 30 days");
    let claims = match errors {
        0 => Vec::new(),
        errors => vec![format!(
            "{} without effect: `entitle tenant errors`",
            count(u64::try_from(errors).unwrap_or(u64::MAX), "assignment")
        )],
    };
    let documents = documents(tenant).into_iter().map(|issue| format!("a document gives nothing: {issue}"));
    section(&mut lines, "errors", &claims.into_iter().chain(documents).collect::<Vec<_>>(), "none");
    let sign_ups = match tenant.sign_ups() {
        SignUpPolicy::Allowed => "on",
        SignUpPolicy::Off => "off",
    };
    section(&mut lines, "sign-ups", &[], sign_ups);
    section(&mut lines, "clock", &[], &clock(tenant, now));
    let people = format!("{}, {}", count(tenant.user_count(), "user"), count(tenant.group_index().len(), "group"));
    section(&mut lines, "people", &[], &people);
    section(&mut lines, "record", &[], &count(tenant.position(), "event"));
    lines
}

/// Adds entries behind a title, or what stands for none of them.
fn section(lines: &mut Vec<String>, title: &str, entries: &[String], or: &str) {
    if entries.is_empty() {
        lines.push(format!("{title:<10}{or}"));
    }
    for (index, entry) in entries.iter().take(LINES).enumerate() {
        lines.push(format!("{:<10}{entry}", if index == 0 { title } else { "" }));
    }
    if let Some(more) = entries.len().checked_sub(LINES).filter(|more| *more > 0) {
        lines.push(format!("{:<10}and {more} more", ""));
    }
}

/// Returns whether a trial runs or can be started.
fn is_open(trial: &TrialStatus<'_>) -> bool {
    matches!(trial.phase, Phase::NotStarted | Phase::Pending | Phase::Active | Phase::Grace | Phase::NotFresh)
}

fn trial(trial: &TrialStatus<'_>, now: DateTime<Utc>) -> String {
    let (plan, until, units) = (id(&trial.grant.plan), until(trial.until), units(&trial.grant.units));
    match (trial.state, &trial.grant.kind) {
        (TrialState::NotStarted, GrantKind::Trial(terms)) if now < terms.may_start.opens() => {
            let (opens, closes) = (day(terms.may_start.opens()), day(terms.may_start.closes()));
            format!("{plan}, {units}: can be started from {opens} until {closes}")
        }
        (TrialState::NotStarted, _) if trial.phase == Phase::NotStarted => {
            format!("{plan}, {units}: can be started{until}")
        }
        (TrialState::NotStarted, _) => format!("{plan}, {units}: {}{until}", trial.phase),
        (TrialState::Started { extensions_left, .. }, _) => {
            let state = if trial.phase.is_usable() { "runs".to_string() } else { trial.phase.to_string() };
            let left = match extensions_left {
                0 => String::new(),
                left => format!(", {} left", count(left, "extension")),
            };
            format!("{plan}, {units}: {state}{until}{left}")
        }
    }
}

fn clock(tenant: &Tenant, now: DateTime<Utc>) -> String {
    let latest = Instant(tenant.reading(EARLIEST));
    match tenant.clock(now) {
        ClockStatus::Fits if tenant.position() == 0 => "fits the record".to_string(),
        ClockStatus::Fits => format!("fits the record, whose latest time is {latest}"),
        ClockStatus::Behind { .. } => format!("behind the record, which is at {latest}: `entitle tenant clock`"),
        ClockStatus::FarAhead { .. } => format!("far ahead of the record, at {latest}: `entitle tenant clock`"),
    }
}

fn json(tenant: &Tenant, rows: &[PlanRow<'_>], errors: usize, now: DateTime<Utc>) -> Value {
    let (offer, documents) = (tenant.catalog().offer(), documents(tenant));
    let issues = documents.iter().map(|issue| json!({ "code": issue.code(), "message": issue.to_string() }));
    let (owned, others): (Vec<&PlanRow<'_>>, Vec<&PlanRow<'_>>) = rows.iter().partition(|row| row.is_owned());
    json!({
        "tenant": tenant.id(),
        "customer": customer(tenant),
        "at": Instant(tenant.reading(now)),
        "publisher": offer.publisher,
        "offer": offer.offer,
        "offer_name": offer.name,
        "plans": owned.iter().map(|row| row.json()).collect::<Vec<_>>(),
        "not_bought": others.iter().map(|row| row.id).collect::<Vec<_>>(),
        "trials": tenant.trials(now).collect::<Vec<_>>(),
        "ending": ending(tenant, DAYS, now),
        "errors": errors,
        "documents_without_effect": issues.collect::<Vec<_>>(),
        "sign_ups": tenant.sign_ups(),
        "clock": tenant.clock(now),
        "latest_time": Instant(tenant.reading(EARLIEST)),
        "users": tenant.user_count(),
        "groups": tenant.group_index().len(),
        "events": tenant.position(),
    })
}
