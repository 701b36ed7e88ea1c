//! Unsigned documents: deals and ledgers.

use entitle::license::{Freshness, Licensee, Reference};
use entitle::record::{Anchor, Checkpoint, Ledger};
use entitle::{Deal, TenantId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Inspection;
use super::surroundings::Surroundings;
use crate::deal::deal_file;
use crate::exit::Failure;
use crate::instant::day;
use crate::summary;

pub(super) fn deal(text: &str, surroundings: &Surroundings) -> Result<Inspection, Failure> {
    let deal = deal_file::parse(text).map_err(|error| Failure::unreadable("cli.not-a-deal", error))?;
    let claims: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let mut inspection = Inspection::new("deal, not signed".to_string(), claims);
    add_deal_rows(&mut inspection, &deal);
    surroundings.add_states(&mut inspection, &deal, None);
    if let Err(failure) = deal_file::check_rules(&deal) {
        inspection.add_problem(failure.code, failure.message);
    }
    Ok(inspection)
}

/// Adds the content of a deal, row by row.
pub(crate) fn add_deal_rows(inspection: &mut Inspection, deal: &Deal) {
    inspection.add_row("offer", format!("{} of {}, revision {}", deal.offer, deal.publisher, deal.revision));
    match &deal.licensee {
        Licensee::Tenant(customer) => {
            inspection.add_row("for", format_args!("{} ({}, {})", customer.name, customer.id, customer.country));
        }
        Licensee::Anyone => inspection.add_row("for", "anyone"),
    }
    if let Reference::Of(reference) = &deal.reference {
        inspection.add_row("ref", reference);
    }
    inspection.add_row("issued", day(deal.issued));
    inspection.add_row("id", deal.id);
    deal.grants.iter().for_each(|grant| inspection.add_row("grants", summary::summarize_grant_and_end(grant)));
    if let Freshness::Asked(limit) = &deal.freshness {
        let text =
            format!("requires a revocation list younger than {}, warns after {}", limit.deny_after, limit.warn_after);
        inspection.add_row("fresh", text);
    }
    if let Anchor::Record(checkpoint) = &deal.anchor {
        inspection.add_row("anchor", checkpoint);
    }
}

/// The first line of a ledger.
#[derive(Deserialize)]
#[serde(expecting = "the first line of a ledger")]
struct LedgerHead {
    tenant: TenantId,
}

pub(super) fn ledger(text: &str) -> Result<Inspection, Failure> {
    let head = text.lines().next().unwrap_or_default();
    let not_a_beginning =
        |error: serde_json::Error| Failure::unreadable("entry.not-a-beginning", crate::text::json_error(&error));
    let LedgerHead { tenant } = serde_json::from_str(head).map_err(not_a_beginning)?;
    let ledger = Ledger::read(&tenant, text).map_err(|error| Failure::unreadable(error.fault.code(), error))?;
    let (mut entries, mut last, mut fault) = (ledger.entries(), None, None);
    for entry in entries.by_ref() {
        match entry {
            Ok(entry) => last = Some(entry.event().at),
            Err(error) => fault = Some(error),
        }
    }
    let (record, events) = (ledger.beginning().record(), entries.head().number());
    let checkpoint = Checkpoint::new(record, entries.head());
    let claims = json!({ "tenant": tenant, "record": record, "events": events, "checkpoint": checkpoint });
    let mut inspection = Inspection::new("ledger".to_string(), claims);
    inspection.add_row("tenant", &tenant);
    inspection.add_row("record", record);
    inspection.add_row("events", events);
    if let Some(last) = last {
        inspection.add_row("last", crate::instant::Instant(last));
    }
    inspection.add_row("head", checkpoint);
    if let Some(error) = &fault {
        inspection.add_problem(error.fault.code(), error);
    }
    Ok(inspection)
}
