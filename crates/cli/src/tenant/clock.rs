//! `entitle tenant clock`: compares the clock with the record.

use entitle::chrono::{DateTime, Utc};
use entitle::query::ClockStatus;
use serde_json::json;

use super::options::TenantOptions;
use super::record::Record;
use super::words::typed;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::Instant;

pub(super) fn run(options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
    let record = Record::read_present(options)?;
    let (tenant, checkpoint) = (record.tenant().id(), record.checkpoint());
    let (fits, floor, advice) = match record.tenant().clock(now) {
        ClockStatus::Fits => (true, None, Advice::None),
        ClockStatus::Behind { floor } => (false, Some(floor), Advice::AskForTicket),
        ClockStatus::FarAhead { floor } => (false, Some(floor), Advice::CompareFirst),
    };
    let latest = floor.map(Instant);
    let json =
        json!({ "tenant": tenant, "now": Instant(now), "fits": fits, "floor": latest, "checkpoint": checkpoint });
    let answer = Answer::new(json).notes(record.notes());
    let Some(floor) = floor else {
        return Ok(answer.escaped_line(format_args!("The clock fits the record of `{tenant}`.")));
    };
    let answer = answer.escaped_line(format_args!(
        "The latest time in the record of `{tenant}` is {}, the clock is at {}.",
        Instant(floor),
        Instant(now)
    ));
    Ok(match advice {
        Advice::None => answer,
        Advice::AskForTicket => answer
            .line("If the clock is right, ask the publisher for a time ticket with this checkpoint:")
            .escaped_line(format_args!(
                "  entitle ticket {} --catalog CATALOG --key KEY --anchor {checkpoint}",
                typed(tenant)
            ))
            .line("CATALOG is the file of the product's catalog, KEY that of a secret key which is trusted for tickets here."),
        Advice::CompareFirst => answer.line(
            "Compare the clock with another one before you change anything: what is recorded at a wrong time stays.",
        ),
    })
}

/// What to do about a clock.
enum Advice {
    None,
    /// The clock is behind the record.
    AskForTicket,
    /// The clock is far ahead of the record.
    CompareFirst,
}
