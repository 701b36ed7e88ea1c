//! `entitle tenant usage`.

use clap::Args;
use entitle::catalog::Scope;
use entitle::chrono::{DateTime, Utc};
use entitle::quantity::Quantity;
use entitle::time::Month;
use entitle::{ConsumerId, PlanId, Tenant};
use serde_json::json;

use super::page::{Limit, PageTable, next};
use super::plan_row::plan_row;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::tenant::words::{count, id};

/// Show the consumption by month and consumer.
#[derive(Debug, Args)]
pub(crate) struct UsageBy {
    /// Only this capacity plan.
    #[arg(long)]
    plan: Option<PlanId>,
    /// Only this month, such as 2026-03.
    #[arg(long)]
    month: Option<Month>,
    /// The first line that is shown.
    #[arg(long, value_name = "LINE", default_value_t = 1)]
    from: usize,
    #[command(flatten)]
    limit: Limit,
}

/// The consumption of a plan by one consumer in a month.
struct Line<'a> {
    month: Month,
    plan: &'a PlanId,
    consumer: &'a ConsumerId,
    consumed: Quantity,
}

impl UsageBy {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let plans: Vec<&PlanId> = match &self.plan {
            Some(plan) => {
                let row = plan_row(tenant, plan, now)?;
                if row.plan.is_some_and(|plan| plan.scope != Scope::Capacity) {
                    return Err(Failure::usage("cli.not-capacity", format!("{} is not a capacity plan", id(plan)))
                        .help("leave out --plan for all capacity plans"));
                }
                vec![plan]
            }
            None => capacity_plans(tenant),
        };
        let mut consumed: Vec<Line<'_>> = Vec::new();
        for plan in &plans {
            for usage in tenant.usage_by_month(plan).filter(|usage| self.month.is_none_or(|month| usage.month == month))
            {
                let month = usage.month;
                let rows = usage.consumers();
                consumed.extend(rows.map(|(consumer, consumed)| Line { month, plan, consumer, consumed }));
            }
        }
        // The latest month first, and the largest consumption first.
        consumed.sort_by(|one, other| {
            let order = other.month.cmp(&one.month).then(one.plan.cmp(other.plan));
            order.then(other.consumed.cmp(&one.consumed)).then(one.consumer.cmp(other.consumer))
        });
        let total = consumed.len();
        let page = self.limit.page((1_usize..).zip(consumed).skip(self.from.saturating_sub(1)));
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for (_, Line { month, plan, consumer, consumed }) in page.entries {
            json.push(json!({ "month": month, "plan": plan, "consumer": consumer, "consumed": consumed.to_string() }));
            rows.push(vec![month.to_string(), id(plan), id(consumer), consumed.to_string()]);
        }
        let table = PageTable {
            what: "lines",
            heading: &["MONTH", "PLAN", "CONSUMER", "CONSUMED"],
            rows,
            json,
            total,
            from: self.from.to_string(),
            next: next(page.next.map(|(line, _)| line)),
        };
        let answer = table.into_answer();
        Ok(totals(tenant, &plans, self.month, now).into_iter().fold(answer, Answer::escaped_line))
    }
}

/// Returns the capacity plans of the catalog, in its order.
fn capacity_plans(tenant: &Tenant) -> Vec<&PlanId> {
    let plans = tenant.catalog().offer().plans.iter();
    plans.filter(|plan| plan.scope == Scope::Capacity).map(|plan| &plan.id).collect()
}

/// Returns a line for each plan: its total in a month, and, of the current month, how much it may be.
fn totals(tenant: &Tenant, plans: &[&PlanId], month: Option<Month>, now: DateTime<Utc>) -> Vec<String> {
    let current = Month::of(tenant.reading(now));
    let month = month.unwrap_or(current);
    let line = |plan: &&PlanId| {
        let consumers = tenant.usage_in(plan, month).map_or(0, |usage| usage.consumers().count());
        let consumers = count(consumers, "consumer");
        if let Some(usage) = tenant.usage(plan, now).filter(|_| month == current) {
            let over = if usage.is_over() { ", more than was bought" } else { "" };
            let (used, allowance, limit) = (usage.consumed, usage.allowance, usage.limit);
            return format!(
                "{} in {month}: {used} of {allowance} used by {consumers}, at most {limit}{over}",
                id(*plan)
            );
        }
        let consumed = tenant.usage_in(plan, month).map_or(Quantity::NONE, |usage| usage.consumed);
        format!("{} in {month}: {consumed} used by {consumers}", id(*plan))
    };
    plans.iter().map(line).collect()
}
