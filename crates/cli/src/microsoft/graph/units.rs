//! `entitle microsoft graph units`: the units of each SKU, in total, assigned and free.

use entitle_microsoft::graph::{Sku, View};
use serde_json::{Value, json};

use super::saved_answers::SavedAnswers;
use super::{SavedFiles, note_incomplete};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::microsoft::merge;
use crate::table::table;

pub(super) fn run(saved: &SavedFiles) -> Result<Answer, Failure> {
    let SavedAnswers { view, skus, names, .. } = SavedAnswers::read(&saved.files, &[])?;
    let Some(skus) = skus else { return Err(SavedAnswers::needs("subscribedSkus", "/subscribedSkus")) };
    let json: Vec<Value> = skus.all().iter().map(|sku| to_json(&view, sku)).collect();
    let rows: Vec<Vec<String>> = skus.all().iter().map(|sku| row(&view, sku, names.of(sku.sku_id))).collect();
    let answer = Answer::new(json!({ "kind": "finding", "whole": skus.extent().is_whole(), "skus": json }));
    let heading = ["SKU", "STATE", "FOR", "ENABLED", "WARNING", "SUSPENDED", "ASSIGNED", "FREE", "OVER"];
    let answer =
        if rows.is_empty() { answer.line("Graph listed no SKU.") } else { answer.table(&table(&heading, &rows)) };
    Ok(note_incomplete(answer, "subscribedSkus", skus.extent()))
}

fn to_json(view: &View, sku: &Sku) -> Value {
    let mut json = json!({
        "sku": sku.sku_id, "sku_part_number": sku.sku_part_number,
        "state": sku.capability_status.as_ref().map(ToString::to_string),
        "applies_to": sku.applies_to.as_ref().map(ToString::to_string),
    });
    match view.units(sku.sku_id) {
        Ok(units) => {
            let prepaid = units.prepaid;
            merge(
                &mut json,
                json!({ "units": {
                "enabled": prepaid.enabled, "warning": prepaid.warning, "suspended": prepaid.suspended,
                "locked_out": prepaid.locked_out, "assigned": units.consumed, "free": units.free(), "over": units.over(),
            } }),
            );
        }
        Err(missing) => merge(&mut json, json!({ "gap": { "code": missing.code(), "message": missing.to_string() } })),
    }
    json
}

fn row(view: &View, sku: &Sku, name: String) -> Vec<String> {
    let word = |to_json: Option<String>| to_json.unwrap_or_else(|| "-".to_string());
    let mut row = vec![
        name,
        word(sku.capability_status.as_ref().map(ToString::to_string)),
        word(sku.applies_to.as_ref().map(ToString::to_string)),
    ];
    match view.units(sku.sku_id) {
        Ok(units) => {
            let prepaid = units.prepaid;
            let suspended = u64::from(prepaid.suspended).saturating_add(prepaid.locked_out.into());
            let numbers =
                [prepaid.enabled.into(), prepaid.warning.into(), suspended, units.consumed, units.free(), units.over()];
            row.extend(numbers.map(|number: u64| number.to_string()));
        }
        Err(missing) => row.push(format!("not known: {missing}")),
    }
    row
}
