//! `entitle tenant who`.

use clap::Args;
use entitle::Tenant;
use entitle::chrono::{DateTime, Utc};
use entitle::{Decision, UserId};
use serde_json::json;

use super::page::{Limit, PageTable, next};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::day_or_never;
use crate::tenant::check::app_named;
use crate::tenant::closes::closes;
use crate::tenant::next_change::NextChange;
use crate::tenant::words::id;

/// List the users who may open an app.
#[derive(Debug, Args)]
pub(crate) struct Who {
    /// The app.
    app: String,
    /// The first user that is shown.
    #[arg(long, value_name = "USER")]
    from: Option<UserId>,
    #[command(flatten)]
    limit: Limit,
}

impl Who {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let app = app_named(tenant, &self.app)?;
        let all = tenant.users_of(&app, now);
        if let Some(basis) = all.everyone() {
            let json = json!({ "app": app.id(), "everyone": basis, "users": [], "total": null, "next": null });
            return Ok(Answer::new(json).escaped_line(format_args!("Everyone may open {}: {basis}", id(app.id()))));
        }
        let mut users: Vec<_> = all.users().collect();
        users.sort_unstable();
        let total = users.len();
        let from = self.from.as_ref().map_or("", UserId::as_str);
        let page = self.limit.page(users.into_iter().skip_while(|user| user.as_str() < from));
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for user in &page.entries {
            let user = user.to_id();
            let decision = tenant.check(&user, &app, now);
            let Decision::Allow(allow) = &decision else { continue };
            let next = NextChange::of_decision(tenant, &decision);
            let closes = closes(tenant, &user, &app, now);
            let plan = allow.plan().map(|plan| &plan.id);
            let row =
                [id(&user), allow.basis().to_string(), plan.map_or_else(|| "-".to_string(), id), day_or_never(closes)];
            rows.push(row.into_iter().chain(NextChange::cells(next.as_ref())).collect());
            let (until, next) = (decision.until(), NextChange::json(next.as_ref()));
            json.push(json!({
                "user": user, "plan": plan, "basis": allow.basis(), "until": until, "closes": closes, "next_change": next,
            }));
        }
        let table = PageTable {
            what: "users",
            heading: &["USER", "BASIS", "BY", "OPEN UNTIL", "NEXT CHANGE", "THEN"],
            rows,
            json,
            total,
            from: from.to_string(),
            next: next(page.next),
        };
        Ok(table.into_answer_with(|mut json| {
            if let Some(fields) = json.as_object_mut() {
                fields.insert("app".to_string(), json!(app.id()));
                fields.insert("everyone".to_string(), json!(null));
            }
            Answer::new(json)
        }))
    }
}
