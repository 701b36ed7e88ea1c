//! `entitle tenant clock`: whether the clock fits the record.

use entitle::chrono::{DateTime, Utc};
use entitle::query::ClockStatus;
use serde_json::json;

use super::Place;
use super::record::Record;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::moment::Moment;

pub(super) fn run(place: &Place, now: DateTime<Utc>) -> Result<Answer, Failure> {
    let record = Record::read(place)?;
    let (tenant, checkpoint) = (record.tenant.id(), record.checkpoint());
    let (fits, floor) = match record.tenant.clock(now) {
        ClockStatus::Fits => (true, None),
        ClockStatus::Behind { floor } => (false, Some(floor)),
    };
    let json = json!({ "now": Moment(now), "fits": fits, "floor": floor.map(Moment), "checkpoint": checkpoint });
    let answer = Answer::new(json).notes(record.notes.clone());
    let Some(floor) = floor else {
        return Ok(answer.one(format_args!("The clock fits the record of `{tenant}`.")));
    };
    Ok(answer
        .one(format_args!("The record of `{tenant}` stands at {}, the clock at {}.", Moment(floor), Moment(now)))
        .line("If the clock is right, ask the publisher for a time ticket, and say where the record stands:")
        .one(format_args!("  entitle ticket {tenant} --anchor {checkpoint}")))
}
