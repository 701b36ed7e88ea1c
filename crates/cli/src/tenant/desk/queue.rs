//! `entitle tenant queue`.

use clap::Args;
use entitle::catalog::Scope;
use entitle::chrono::{DateTime, Utc};
use entitle::quantity::Place;
use entitle::{PlanId, Tenant};
use serde_json::json;

use super::claim_words::{sources, state};
use super::page::{Limit, PageTable, next};
use super::plan_row::plan_row;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::number;
use crate::tenant::next_change::NextChange;
use crate::tenant::words::{id, seats};

/// Show the queue of a plan.
#[derive(Debug, Args)]
pub(crate) struct Queue {
    /// The plan.
    plan: PlanId,
    /// The first place that is shown.
    #[arg(long, value_name = "PLACE", default_value_t = 1, value_parser = number::from_one)]
    from: u64,
    #[command(flatten)]
    limit: Limit,
}

impl Queue {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let row = plan_row(tenant, &self.plan, now)?;
        if let Some(plan) = row.plan.filter(|plan| plan.scope != Scope::User) {
            let json = json!({ "plan": self.plan, "scope": plan.scope, "places": [], "total": 0, "next": null });
            let why = if plan.scope == Scope::Tenant { "it is for the whole organisation" } else { "it is consumed" };
            return Ok(Answer::new(json)
                .escaped_line(format_args!("{} has no queue: {why}, and is never assigned.", id(&self.plan))));
        }
        let first = Place::behind(self.from.saturating_sub(1));
        let page = self.limit.page(tenant.queue_from(&self.plan, first));
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for (place, user) in page.entries {
            let user = user.to_id();
            let claims = tenant.claims_of(&user, now);
            let Some(claim) = claims.iter().find(|claim| *claim.plan == self.plan) else { continue };
            rows.push(vec![place.to_string(), id(&user), state(claim), sources(&claim.sources)]);
            json.push(json!({ "place": place, "user": user, "has_seat": claim.has_seat(), "claim": claim }));
        }
        let total = row.pool.seated.saturating_add(row.pool.waiting);
        let table = PageTable {
            what: "places",
            heading: &["PLACE", "USER", "STATE", "FROM"],
            rows,
            json,
            total: usize::try_from(total).unwrap_or(usize::MAX),
            from: self.from.to_string(),
            next: next(page.next.map(|(place, _)| place)),
        };
        let heading =
            format!("{}: {}{}", id(&self.plan), seats(tenant, &self.plan, now), NextChange::text(row.next.as_ref()));
        Ok(table.into_answer_with(|mut json| {
            if let Some(fields) = json.as_object_mut() {
                fields.insert("plan".to_string(), json!(self.plan));
                fields.insert("pool".to_string(), json!(row.pool));
            }
            Answer::new(json).escaped_line(heading)
        }))
    }
}
