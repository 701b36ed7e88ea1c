//! `entitle tenant groups`.

use clap::Args;
use entitle::{GroupId, Tenant};
use serde_json::json;

use super::page::{Limit, PageTable, next};
use crate::answer::Answer;
use crate::tenant::words::{id, list};

/// List the groups.
#[derive(Debug, Args)]
pub(crate) struct Groups {
    /// Only groups whose ids begin with this.
    #[arg(default_value = "", hide_default_value = true)]
    prefix: String,
    /// The first group that is shown.
    #[arg(long, value_name = "GROUP")]
    from: Option<GroupId>,
    #[command(flatten)]
    limit: Limit,
}

impl Groups {
    pub(super) fn answer(&self, tenant: &Tenant) -> Answer {
        let index = tenant.group_index();
        let from = self.from.as_ref().map_or("", GroupId::as_str);
        let page = self.limit.page(index.groups(&self.prefix).skip_while(|group| group.as_str() < from));
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for group in page.entries {
            let Some(status) = tenant.group(group) else { continue };
            let plans = list(status.plans.iter().map(|plan| id(plan.plan)));
            rows.push(vec![id(group), status.members.to_string(), plans]);
            json.push(json!({ "group": group, "members": status.members, "plans": status.plans }));
        }
        PageTable {
            what: "groups",
            heading: &["GROUP", "MEMBERS", "PLANS"],
            rows,
            json,
            total: index.groups(&self.prefix).count(),
            from: from.to_string(),
            next: next(page.next),
        }
        .into_answer()
    }
}
