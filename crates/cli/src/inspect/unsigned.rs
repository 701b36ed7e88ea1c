//! What nobody signed: deals and ledgers.

use entitle::license::{Freshness, Licensee};
use entitle::record::{Anchor, Ledger};
use entitle::{Deal, TenantId};
use serde::Deserialize;
use serde_json::{Value, json};

use super::Finding;
use crate::deal::form;
use crate::document;
use crate::exit::Failure;
use crate::moment::day;

pub(super) fn deal(text: &str) -> Result<Finding, Failure> {
    let deal = form::parse(text).map_err(|error| Failure::unreadable("cli.not-a-deal", error))?;
    let says: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let mut finding = Finding::new("deal, not signed".to_string(), says);
    rows(&mut finding, &deal);
    if let Err(failure) = form::prove(&deal) {
        finding.wrong(failure.code, failure.message);
    }
    Ok(finding)
}

/// What a deal says, row by row.
pub(super) fn rows(finding: &mut Finding, deal: &Deal) {
    finding.row("offer", format!("{} of {}, revision {}", deal.offer, deal.publisher, deal.revision));
    match &deal.holder {
        Licensee::Tenant(customer) => {
            finding.row("for", format_args!("{} ({}, {})", customer.name, customer.id, customer.country));
        }
        Licensee::Anyone => finding.row("for", "anyone"),
    }
    finding.row("issued", day(deal.issued));
    finding.row("id", deal.id);
    deal.grants.iter().for_each(|grant| finding.row("grants", document::grant(grant)));
    if let Freshness::Asked(limit) = &deal.freshness {
        let text =
            format!("wants a revocation list younger than {}, warns after {}", limit.deny_after, limit.warn_after);
        finding.row("fresh", text);
    }
    if let Anchor::Record(checkpoint) = &deal.anchor {
        finding.row("anchor", checkpoint);
    }
}

/// What the first line of a ledger says.
#[derive(Deserialize)]
struct Head {
    tenant: TenantId,
}

pub(super) fn ledger(text: &str) -> Result<Finding, Failure> {
    let head = text.lines().next().unwrap_or_default();
    let not_a_head = |error: serde_json::Error| Failure::unreadable("ledger.not-a-head", error);
    let Head { tenant } = serde_json::from_str(head).map_err(not_a_head)?;
    let good = Ledger::read_valid_prefix(&tenant, text);
    let good = good.map_err(|error| Failure::unreadable(error.fault.code(), error))?;
    let (ledger, events) = (&good.ledger, good.events.len());
    let says =
        json!({ "tenant": tenant, "record": ledger.record(), "events": events, "checkpoint": ledger.checkpoint() });
    let mut finding = Finding::new("ledger".to_string(), says);
    finding.row("tenant", &tenant);
    finding.row("record", ledger.record());
    finding.row("events", events);
    if let Some(last) = good.events.last() {
        finding.row("last", crate::moment::Moment(last.at));
    }
    finding.row("stands", ledger.checkpoint());
    if let Some(error) = &good.fault {
        finding.wrong(error.fault.code(), error);
    }
    Ok(finding)
}
