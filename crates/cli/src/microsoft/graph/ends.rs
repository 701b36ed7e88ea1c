//! `entitle microsoft graph ends`: subscriptions by the date of their next state.

use entitle::chrono::{DateTime, Utc};
use entitle_microsoft::graph::{Ending, Sale};
use serde_json::{Value, json};

use super::names::Names;
use super::saved_answers::SavedAnswers;
use super::{SavedFiles, note_incomplete};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::{Instant, day};
use crate::table::table;

pub(super) fn run(saved: &SavedFiles, now: DateTime<Utc>) -> Result<Answer, Failure> {
    let SavedAnswers { view, names, .. } = SavedAnswers::read(&saved.files, &[])?;
    let ends = view.endings(now).map_err(|_| SavedAnswers::needs("subscriptions", "/directory/subscriptions"))?;
    let json = json!({
        "kind": "finding", "at": Instant(now), "whole": ends.extent.is_whole(),
        "next": ends.next.iter().map(to_json).collect::<Vec<_>>(),
        "past": ends.past.iter().map(to_json).collect::<Vec<_>>(),
        "not_said": ends.without_date,
    });
    let heading = ["WHEN", "SKU", "LEAVES", "UNITS", "SALE", "SUBSCRIPTION"];
    let shown = |all: &[Ending]| table(&heading, &all.iter().map(|each| row(&names, each)).collect::<Vec<_>>());
    let mut answer = Answer::new(json);
    if ends.next.is_empty() {
        answer = answer.line("No subscription has a date for its next state.");
    } else {
        answer = answer.table(&shown(&ends.next));
    }
    if !ends.past.is_empty() {
        answer = answer.line("These have changed state since Graph was queried; query it again:");
        answer = answer.table(&shown(&ends.past));
    }
    if !ends.without_date.is_empty() {
        answer = answer.escaped_line(format_args!("Subscriptions without a date: {}", ends.without_date.join(", ")));
    }
    Ok(note_incomplete(answer, "directory/subscriptions", &ends.extent))
}

fn to_json(ending: &Ending) -> Value {
    json!({
        "at": Instant(ending.at), "subscription": ending.subscription, "sku": ending.sku,
        "sku_part_number": ending.sku_part_number, "leaves": ending.leaves.as_ref().map(ToString::to_string),
        "units": ending.units, "sale": sale(ending.sale),
    })
}

fn row(names: &Names, ending: &Ending) -> Vec<String> {
    vec![
        day(ending.at),
        names.of(ending.sku),
        ending.leaves.as_ref().map_or_else(|| "-".to_string(), ToString::to_string),
        ending.units.map_or_else(|| "-".to_string(), |units| units.to_string()),
        sale(ending.sale).unwrap_or("-").to_string(),
        ending.subscription.clone(),
    ]
}

fn sale(sale: Sale) -> Option<&'static str> {
    match sale {
        Sale::Paid => Some("paid"),
        Sale::Trial => Some("trial"),
        Sale::NotReported => None,
    }
}
