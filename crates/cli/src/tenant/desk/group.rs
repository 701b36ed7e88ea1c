//! `entitle tenant group`.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::query::GroupPlan;
use entitle::{GroupId, Tenant, UserId, UserRef};
use serde_json::json;

use super::claim_words::state;
use super::page::{Limit, PageTable, next};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::near::did_you_mean;
use crate::tenant::words::{count, id, list, seats};

/// Show a group.
#[derive(Debug, Args)]
pub(crate) struct Members {
    /// The group.
    group: GroupId,
    /// The first member that is shown.
    #[arg(long, value_name = "USER")]
    from: Option<UserId>,
    #[command(flatten)]
    limit: Limit,
}

impl Members {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let status = tenant.group(&self.group).ok_or_else(|| {
            let groups = tenant.group_index();
            let question = did_you_mean(self.group.as_str(), groups.groups("").map(GroupId::as_str));
            let question = question.map_or_else(String::new, |question| format!("{question} "));
            Failure::usage("cli.unknown-group", format!("no group has the id {}", id(&self.group))).help(format!(
                "{question}`entitle tenant groups` lists the groups; one begins with its first member or plan"
            ))
        })?;
        let index = tenant.member_index(&self.group);
        let from = self.from.as_ref().map_or("", UserId::as_str);
        let page = self.limit.page(index.users("").skip_while(|user| user.as_str() < from));
        let (mut rows, mut json) = (Vec::new(), Vec::new());
        for user in page.entries.iter().map(UserRef::to_id) {
            let claims = tenant.claims_of(&user, now);
            let of_group = |plan: &&GroupPlan<'_>| claims.iter().find(|claim| claim.plan == plan.plan);
            let held = list(status.plans.iter().filter_map(|plan| {
                let claim = of_group(&plan)?;
                Some(format!("{}: {}", id(plan.plan), state(claim)))
            }));
            json.push(json!({ "user": user, "claims": claims }));
            rows.push(vec![id(&user), held]);
        }
        let table = PageTable {
            what: "members",
            heading: &["MEMBER", "PLANS OF THE GROUP"],
            rows,
            json,
            total: status.members,
            from: from.to_string(),
            next: next(page.next),
        };
        let plans: Vec<String> = status.plans.iter().map(|plan| plan_text(tenant, plan, now)).collect();
        let plans = if plans.is_empty() { "no plans".to_string() } else { plans.join("; ") };
        let heading = format!("{}: {}; {plans}", id(&self.group), count(status.members, "member"));
        Ok(table.into_answer_with(|mut json| {
            if let Some(fields) = json.as_object_mut() {
                fields.insert("group".to_string(), json!(self.group));
                fields.insert("plans".to_string(), json!(status.plans));
            }
            Answer::new(json).escaped_line(heading)
        }))
    }
}

fn plan_text(tenant: &Tenant, plan: &GroupPlan<'_>, now: DateTime<Utc>) -> String {
    let off = list(plan.except.iter().map(id));
    let without = if off.is_empty() { String::new() } else { format!(" without {off}") };
    format!("{}{without} ({})", id(plan.plan), seats(tenant, plan.plan, now))
}
