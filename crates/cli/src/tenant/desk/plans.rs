//! `entitle tenant plans`.

use entitle::Tenant;
use entitle::chrono::{DateTime, Utc};
use entitle::command::ClaimPolicy;
use serde_json::json;

use super::plan_row::{HEADING, PlanRow, plan_rows};
use crate::answer::Answer;
use crate::table::table;
use crate::tenant::words::id;

pub(super) fn answer(tenant: &Tenant, now: DateTime<Utc>) -> Answer {
    let rows = plan_rows(tenant, now);
    let answer = Answer::new(json!({ "plans": rows.iter().map(PlanRow::json).collect::<Vec<_>>() }));
    if rows.is_empty() {
        return answer.line("The catalog has no plans.");
    }
    let cells = rows.iter().map(|row| {
        let name = row.plan.map_or_else(|| "-".to_string(), |plan| plan.name.to_string());
        row.cells().into_iter().chain([name]).collect()
    });
    let heading: Vec<&str> = HEADING.into_iter().chain(["NAME"]).collect();
    let answer = answer.table(&table(&heading, &cells.collect::<Vec<_>>()));
    let claimed = rows.iter().filter(|row| row.claims == ClaimPolicy::Allowed);
    let claimed: Vec<String> = claimed.map(|row| id(row.id)).collect();
    if claimed.is_empty() {
        answer
    } else {
        answer.escaped_line(format_args!("Claim on first use is on: {}", claimed.join(", ")))
    }
}
