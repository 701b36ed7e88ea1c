//! `entitle tenant apps`.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::{Decision, Tenant, UserId};
use serde_json::json;

use crate::answer::Answer;
use crate::instant::day_or_never;
use crate::table::table;
use crate::tenant::closes::closes;
use crate::tenant::next_change::NextChange;
use crate::tenant::words::{id, typed};

/// List the apps of a user.
#[derive(Debug, Args)]
pub(crate) struct Apps {
    /// The user.
    user: UserId,
}

impl Apps {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Answer {
        let (mut rows, mut apps, mut closed) = (Vec::new(), Vec::new(), None);
        for app in tenant.catalog().apps() {
            let decision = tenant.check(&self.user, &app, now);
            let ends = closes(tenant, &self.user, &app, now);
            let next = NextChange::of_decision(tenant, &decision);
            let until = if decision.is_allowed() { day_or_never(ends) } else { "-".to_string() };
            let (plan, basis) = match &decision {
                Decision::Allow(allow) => (allow.plan().map(|plan| &plan.id), Some(allow.basis())),
                Decision::Deny(_) => (None, None),
            };
            if !decision.is_allowed() && closed.is_none() {
                closed = Some(app.id().clone());
            }
            apps.push(json!({
                "app": app.id(),
                "open": decision.is_allowed(),
                "plan": plan,
                "basis": basis,
                "until": decision.until(),
                "next_change": NextChange::json(next.as_ref()),
                "closes": decision.is_allowed().then_some(ends),
            }));
            let open = basis.map_or_else(|| "closed".to_string(), |basis| format!("open, {basis}"));
            let row = [id(app.id()), open, plan.map_or_else(|| "-".to_string(), id), until];
            rows.push(row.into_iter().chain(NextChange::cells(next.as_ref())).collect());
        }
        let answer = Answer::new(json!({ "user": self.user, "apps": apps }));
        let answer = answer.table(&table(&["APP", "FOR THIS USER", "BY", "OPEN UNTIL", "NEXT CHANGE", "THEN"], &rows));
        match closed {
            Some(app) => answer.escaped_line(format_args!(
                "Why closed: entitle tenant why {} {}",
                typed(&self.user),
                typed(&app)
            )),
            None => answer,
        }
    }
}
