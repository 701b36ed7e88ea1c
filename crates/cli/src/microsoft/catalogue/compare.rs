//! `entitle microsoft catalogue compare`: differences between two editions.

use std::path::Path;

use entitle_microsoft::Guid;
use entitle_microsoft::catalogue::{ChangedProduct, Changes, Edition, MAX_EDITION_BYTES, Renamed};
use serde_json::{Value, json};

use super::super::file_kind::SourceFile;
use super::super::merge;
use super::edition;
use super::totals::Totals;
use crate::answer::Answer;
use crate::exit::Failure;

/// Two editions, the later one first: its names take precedence.
struct EditionPair(Edition, Edition);

pub(super) fn run(old: &Path, new: &Path, summary: bool) -> Result<Answer, Failure> {
    let old = edition(&SourceFile::open(old, MAX_EDITION_BYTES)?)?;
    let new = edition(&SourceFile::open(new, MAX_EDITION_BYTES)?)?;
    let pair = match (old, new) {
        (Ok(old), Ok(new)) => EditionPair(new, old),
        (Err(faults), _) | (_, Err(faults)) => return Ok(faults),
    };
    let changes = pair.1.changes_to(&pair.0);
    let totals = Totals::new(&pair.1, &pair.0, &changes);
    let mut json = json!({ "same_content": changes.is_same_content(), "totals": totals.json() });
    if !summary {
        merge(&mut json, pair.json(&changes));
    }
    let mut answer = Answer::new(json);
    if changes.is_same_content() {
        answer = answer.line("The contents are the same.");
    }
    answer = answer.line(totals.text());
    if summary {
        return Ok(answer);
    }
    for (count, what, lines) in pair.sections(&changes) {
        if count > 0 {
            answer = answer.line("").escaped_line(format_args!("{what}: {count}"));
            answer = lines.iter().fold(answer, |answer, line| answer.escaped_line(format_args!("  {line}")));
        }
    }
    Ok(answer)
}

impl EditionPair {
    fn json(&self, changes: &Changes) -> Value {
        let products = |ids: &[Guid]| -> Vec<Value> {
            ids.iter().map(|id| json!({ "id": id, "name": self.product_name(*id) })).collect()
        };
        let plans = |ids: &[Guid]| -> Vec<Value> {
            ids.iter().map(|id| json!({ "id": id, "name": self.service_plan_name(*id) })).collect()
        };
        let content = |each: &ChangedProduct| {
            let name = self.product_name(each.product);
            json!({ "id": each.product, "name": name, "gained": plans(&each.gained), "lost": plans(&each.lost) })
        };
        let renamed = |all: &[Renamed]| -> Vec<Value> {
            all.iter().map(|each| json!({ "id": each.id, "from": each.from, "to": each.to })).collect()
        };
        json!({
            "new_products": products(&changes.new_products),
            "gone_products": products(&changes.gone_products),
            "new_service_plans": plans(&changes.new_service_plans),
            "gone_service_plans": plans(&changes.gone_service_plans),
            "changed_products": changes.changed.iter().map(content).collect::<Vec<_>>(),
            "renamed_products": renamed(&changes.renamed_products),
            "renamed_service_plans": renamed(&changes.renamed_service_plans),
        })
    }

    /// Returns the sections of the text output: count, title, and lines.
    fn sections(&self, changes: &Changes) -> [(usize, &'static str, Vec<String>); 7] {
        let products = |ids: &[Guid]| -> Vec<String> { ids.iter().map(|id| self.product(*id)).collect() };
        let plans = |ids: &[Guid]| -> Vec<String> { ids.iter().map(|id| self.service_plan(*id)).collect() };
        let mut contents = Vec::new();
        for each in &changes.changed {
            contents.push(self.product(each.product));
            contents.extend(plans(&each.gained).into_iter().map(|plan| format!("  + {plan}")));
            contents.extend(plans(&each.lost).into_iter().map(|plan| format!("  - {plan}")));
        }
        let renamed = |all: &[Renamed]| -> Vec<String> {
            all.iter().map(|each| format!("`{}` was `{}` ({})", each.to, each.from, each.id)).collect()
        };
        let section = |what, lines: Vec<String>| (lines.len(), what, lines);
        [
            (changes.changed.len(), "products that gained (+) or lost (-) service plans", contents),
            section("new products", products(&changes.new_products)),
            section("removed products", products(&changes.gone_products)),
            section("new service plans", plans(&changes.new_service_plans)),
            section("removed service plans", plans(&changes.gone_service_plans)),
            section("renamed products", renamed(&changes.renamed_products)),
            section("renamed service plans", renamed(&changes.renamed_service_plans)),
        ]
    }

    fn product(&self, id: Guid) -> String {
        self.product_name(id).map_or_else(|| id.to_string(), |name| format!("{name} ({id})"))
    }

    fn product_name(&self, id: Guid) -> Option<String> {
        self.0.product(id).or_else(|| self.1.product(id)).map(|product| product.name.to_string())
    }

    fn service_plan(&self, id: Guid) -> String {
        self.service_plan_name(id).map_or_else(|| id.to_string(), |name| format!("{name} ({id})"))
    }

    fn service_plan_name(&self, id: Guid) -> Option<String> {
        let plan = self.0.service_plan(id).or_else(|| self.1.service_plan(id));
        plan.map(|plan| plan.friendly_name.to_string())
    }
}
