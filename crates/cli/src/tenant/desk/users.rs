//! `entitle tenant users`.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::{Tenant, UserId, UserRef};
use serde_json::json;

use super::claim_words::works;
use super::page::{Limit, PageTable, next};
use crate::answer::Answer;
use crate::tenant::words::{id, list};

/// List the users.
#[derive(Debug, Args)]
pub(crate) struct Users {
    /// Only users whose ids begin with this.
    #[arg(default_value = "", hide_default_value = true)]
    prefix: String,
    /// The first user that is shown.
    #[arg(long, value_name = "USER")]
    from: Option<UserId>,
    #[command(flatten)]
    limit: Limit,
}

impl Users {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Answer {
        let index = tenant.user_index();
        let from = self.from.as_ref().map_or("", UserId::as_str);
        let selected = index.users(&self.prefix).skip_while(|user| user.as_str() < from);
        let page = self.limit.page(selected);
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for user in page.entries.iter().map(UserRef::to_id) {
            let (claims, groups) = (tenant.claims_of(&user, now), tenant.groups_of(&user));
            let plans = list(claims.iter().map(|claim| {
                let error = if works(claim) { "" } else { " (!)" };
                format!("{}{error}", id(claim.plan))
            }));
            rows.push(vec![id(&user), plans, list(groups.iter().map(id))]);
            json.push(json!({ "user": user, "claims": claims, "groups": groups }));
        }
        let has_errors = rows.iter().flatten().any(|cell| cell.contains(" (!)"));
        let table = PageTable {
            what: "users",
            heading: &["USER", "PLANS", "GROUPS"],
            rows,
            json,
            total: index.users(&self.prefix).count(),
            from: from.to_string(),
            next: next(page.next),
        };
        let answer = table.into_answer();
        if has_errors { answer.line("(!) does not work: `entitle tenant errors` says why") } else { answer }
    }
}
