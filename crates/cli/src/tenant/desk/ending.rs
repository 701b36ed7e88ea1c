//! `entitle tenant ending`.

use clap::Args;
use entitle::Tenant;
use entitle::catalog::Scope;
use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::license::GrantKind;
use entitle::query::{GrantChange, Upcoming};
use serde_json::json;

use super::page::{Limit, PageTable, next};
use crate::answer::Answer;
use crate::instant::day;
use crate::number;
use crate::tenant::words::{count, id};

/// List what ends soon.
#[derive(Debug, Args)]
pub(crate) struct Ending {
    /// How many days ahead.
    #[arg(long, value_name = "DAYS", default_value_t = 30, value_parser = number::parse::<u32>)]
    within: u32,
    /// The first line that is shown.
    #[arg(long, value_name = "LINE", default_value_t = 1, value_parser = number::parse::<usize>)]
    from: usize,
    #[command(flatten)]
    limit: Limit,
}

/// Returns the changes by which grants get worse within some days, the earliest first.
pub(super) fn ending(tenant: &Tenant, within: u32, now: DateTime<Utc>) -> Vec<Upcoming<'_>> {
    let last = tenant.reading(now).checked_add_signed(TimeDelta::days(within.into()));
    let is_worse = |upcoming: &Upcoming<'_>| match upcoming.change {
        GrantChange::Becomes { from, to } => to < from,
        _ => true,
    };
    let soon = tenant.upcoming(now).take_while(|upcoming| last.is_none_or(|last| upcoming.at <= last));
    soon.filter(is_worse).collect()
}

/// Returns the change in words: "in grace", "ended".
pub(super) fn change(upcoming: &Upcoming<'_>) -> String {
    match upcoming.change {
        GrantChange::Becomes { to, .. } => to.to_string(),
        GrantChange::ToleranceEnds => "tolerance ends".to_string(),
        _ => "another change".to_string(),
    }
}

impl Ending {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Answer {
        let ending = ending(tenant, self.within, now);
        let total = ending.len();
        let page = self.limit.page((1_usize..).zip(ending).skip(self.from.saturating_sub(1)));
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for (_, upcoming) in page.entries {
            let grant = upcoming.grant;
            let kind = match grant.kind {
                GrantKind::Paid(_) => "paid",
                GrantKind::Trial(_) => "trial",
            };
            let is_assigned = tenant.catalog().plan(&grant.plan).is_none_or(|plan| plan.scope == Scope::User);
            let used = is_assigned.then(|| tenant.pool(&grant.plan, now).seated.to_string());
            let (used, units) = (used.unwrap_or_else(|| "-".to_string()), grant.units.to_string());
            let then = change(&upcoming);
            rows.push(vec![day(upcoming.at), id(&grant.plan), kind.to_string(), units, used, then]);
            json.push(json!(upcoming));
        }
        if total == 0 {
            let json = json!({ "ending": [], "total": 0, "next": null });
            return Answer::new(json).line(format_args!("Nothing ends within {}.", count(self.within, "day")));
        }
        PageTable {
            what: "ending",
            heading: &["WHEN", "PLAN", "KIND", "UNITS", "SEATS USED IN PLAN", "THEN"],
            rows,
            json,
            total,
            from: self.from.to_string(),
            next: next(page.next.map(|(line, _)| line)),
        }
        .into_answer()
    }
}
