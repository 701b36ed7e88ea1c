//! `entitle microsoft graph ends`: what ends next.

use entitle::chrono::{DateTime, Utc};
use entitle_microsoft::graph::{Ending, Sale};
use serde_json::{Value, json};

use super::answers::Answers;
use super::names::Names;
use super::{Saved, not_all};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::moment::{Moment, day};
use crate::table::table;

pub(super) fn run(saved: &Saved, now: DateTime<Utc>) -> Result<Answer, Failure> {
    let Answers { view, names, .. } = Answers::read(&saved.files, &[])?;
    let ends = view.endings(now).map_err(|_| Answers::needs("subscriptions", "/directory/subscriptions"))?;
    let json = json!({
        "kind": "finding", "at": Moment(now), "whole": ends.extent.is_whole(),
        "next": ends.next.iter().map(said).collect::<Vec<_>>(),
        "past": ends.past.iter().map(said).collect::<Vec<_>>(),
        "not_said": ends.not_said,
    });
    let heading = ["WHEN", "SKU", "LEAVES", "UNITS", "SALE", "SUBSCRIPTION"];
    let shown = |all: &[Ending]| table(&heading, &all.iter().map(|each| row(&names, each)).collect::<Vec<_>>());
    let mut answer = Answer::new(json);
    if ends.next.is_empty() {
        answer = answer.line("No subscription was said to enter another state.");
    } else {
        answer = answer.line(shown(&ends.next));
    }
    if !ends.past.is_empty() {
        answer = answer.line("Since Graph was asked these have left the state that it said: ask again.");
        answer = answer.line(shown(&ends.past));
    }
    if !ends.not_said.is_empty() {
        answer = answer.one(format_args!("Of these no date is said: {}", ends.not_said.join(", ")));
    }
    Ok(not_all(answer, "directory/subscriptions", &ends.extent))
}

fn said(ending: &Ending) -> Value {
    json!({
        "at": Moment(ending.at), "subscription": ending.subscription, "sku": ending.sku,
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
        Sale::NotSaid => None,
    }
}
