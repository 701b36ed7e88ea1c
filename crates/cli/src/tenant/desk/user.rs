//! `entitle tenant user`.

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::{Tenant, UserId};
use serde_json::json;

use super::claim_words::{sources, state};
use super::quotas;
use crate::answer::Answer;
use crate::table::table;
use crate::tenant::words::{id, list};

/// Show a user.
#[derive(Debug, Args)]
pub(crate) struct User {
    /// The user.
    user: UserId,
}

impl User {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Answer {
        let user = &self.user;
        let (claims, groups) = (tenant.claims_of(user, now), tenant.groups_of(user));
        let apps: Vec<_> = tenant.apps_of(user, now).map(|app| &app.id).collect();
        let quotas = quotas::of_user(tenant, user, now);
        let json = json!({ "user": user, "claims": claims, "groups": groups, "apps": apps, "quotas": quotas });
        let answer = Answer::new(json);
        let answer = if claims.is_empty() {
            answer.escaped_line(format_args!("{} has no plans.", id(user)))
        } else {
            let row = |claim: &entitle::query::ClaimStatus<'_>| {
                let off = list(claim.off.iter().map(id));
                vec![id(claim.plan), state(claim), claim.place.to_string(), sources(&claim.sources), off]
            };
            let rows: Vec<Vec<String>> = claims.iter().map(row).collect();
            answer.table(&table(&["PLAN", "STATE", "PLACE", "FROM", "TURNED OFF"], &rows))
        };
        let answer = answer.escaped_line(format_args!("groups  {}", or_none(list(groups.iter().map(id)))));
        let answer = answer.escaped_line(format_args!("apps    {}", or_none(list(apps.iter().map(|app| id(*app))))));
        if quotas.is_empty() {
            answer
        } else {
            answer.escaped_line(format_args!("quotas  {}", list(quotas.iter().map(ToString::to_string))))
        }
    }
}

fn or_none(list: String) -> String {
    if list.is_empty() { "none".to_string() } else { list }
}
