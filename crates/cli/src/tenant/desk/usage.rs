//! `entitle tenant usage`.

use core::fmt;

use clap::Args;
use entitle::catalog::Scope;
use entitle::chrono::{DateTime, Utc};
use entitle::quantity::{Capacity, Quantity};
use entitle::time::Month;
use entitle::{ConsumerId, PlanId, Tenant};
use serde_json::{Value, json};

use super::page::{Limit, PageTable, next};
use super::plan_row::plan_row;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::number;
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
    #[arg(long, value_name = "LINE", default_value_t = 1, value_parser = number::parse::<usize>)]
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
        let totals: Vec<PlanTotal<'_>> = plans.iter().map(|plan| total_of(tenant, plan, self.month, now)).collect();
        if total == 0 {
            let json = json!({ "lines": [], "total": 0, "next": null, "totals": totals.iter().map(PlanTotal::json).collect::<Vec<_>>() });
            let what = if plans.is_empty() {
                "Nothing is consumed: the catalog has no capacity plan."
            } else {
                "Nothing was consumed."
            };
            return Ok(totals.iter().fold(Answer::new(json).line(what), Answer::escaped_line));
        }
        let answer = table.into_answer_with(|mut json| {
            if let Some(fields) = json.as_object_mut() {
                fields.insert("totals".to_string(), totals.iter().map(PlanTotal::json).collect());
            }
            Answer::new(json)
        });
        Ok(totals.iter().fold(answer, Answer::escaped_line))
    }
}

/// Returns the capacity plans of the catalog, in its order.
fn capacity_plans(tenant: &Tenant) -> Vec<&PlanId> {
    let plans = tenant.catalog().offer().plans.iter();
    plans.filter(|plan| plan.scope == Scope::Capacity).map(|plan| &plan.id).collect()
}

/// Returns the consumption of a plan in a month; of the current one, with how much it may be.
fn total_of<'a>(tenant: &Tenant, plan: &'a PlanId, month: Option<Month>, now: DateTime<Utc>) -> PlanTotal<'a> {
    let current = Month::of(tenant.reading(now));
    let month = month.unwrap_or(current);
    let recorded = tenant.usage_in(plan, month);
    let consumers = recorded.as_ref().map_or(0, |usage| usage.consumers().count());
    let consumed = recorded.map_or(Quantity::NONE, |usage| usage.consumed);
    let usage = tenant.usage(plan, now).filter(|_| month == current);
    let bound = usage.map(|usage| Bound { allowance: usage.allowance, limit: usage.limit, is_over: usage.is_over() });
    PlanTotal { plan, month, consumed, consumers, bound }
}

/// The consumption of a plan in a month.
struct PlanTotal<'a> {
    plan: &'a PlanId,
    month: Month,
    consumed: Quantity,
    consumers: usize,
    /// How much it may be; only of the current month.
    bound: Option<Bound>,
}

/// How much may be consumed, and whether more was than was bought.
struct Bound {
    allowance: Capacity,
    limit: Capacity,
    is_over: bool,
}

impl PlanTotal<'_> {
    fn json(&self) -> Value {
        let bound = self.bound.as_ref();
        json!({
            "plan": self.plan,
            "month": self.month,
            "consumed": self.consumed.to_string(),
            "consumers": self.consumers,
            "allowance": bound.map(|bound| bound.allowance.to_string()),
            "limit": bound.map(|bound| bound.limit.to_string()),
            "is_over": bound.map(|bound| bound.is_over),
        })
    }
}

impl fmt::Display for PlanTotal<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { plan, month, consumed, consumers, bound } = self;
        let consumers = count(*consumers, "consumer");
        write!(f, "{} in {month}: {consumed}", id(*plan))?;
        let Some(Bound { allowance, limit, is_over }) = bound else { return write!(f, " used by {consumers}") };
        write!(f, " of {allowance} used by {consumers}, at most {limit}")?;
        if *is_over { f.write_str(", more than was bought") } else { Ok(()) }
    }
}
