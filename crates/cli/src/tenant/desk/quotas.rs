//! `entitle tenant quotas`.

use core::fmt;

use clap::Args;
use entitle::catalog::Plan;
use entitle::chrono::{DateTime, Utc};
use entitle::quantity::{Place, QuotaAmount};
use entitle::report::{QuotaRow, QuotaRowHolder};
use entitle::{PlanId, QuotaId, Tenant, UserId};
use serde::Serialize;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::table::table;
use crate::tenant::words::{count, id, list};

/// The most users of an amount that are named.
const NAMED: usize = 3;

/// Show the quotas.
#[derive(Debug, Args)]
pub(crate) struct Quotas {
    /// Only what this user has, and from which plans.
    #[arg(long, value_name = "USER")]
    user: Option<UserId>,
}

/// How much of a quota a user has.
#[derive(Debug, Serialize)]
pub(super) struct UserQuota {
    quota: QuotaId,
    amount: QuotaAmount,
    plans: Vec<PlanId>,
}

impl fmt::Display for UserQuota {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", id(&self.quota), self.amount)
    }
}

/// Returns how much of each quota of users a user has.
pub(super) fn of_user(tenant: &Tenant, user: &UserId, now: DateTime<Utc>) -> Vec<UserQuota> {
    let quotas = tenant.catalog().offer().quotas.iter();
    let of_quota = |entry: &entitle::catalog::QuotaEntry| {
        // A quota of the organisation has no handle for users.
        let handle = tenant.catalog().user_quota(entry.id.as_str()).ok()?;
        let status = tenant.quota(user, &handle, now);
        let plans = status.plans().map(|(plan, _)| plan.id.clone()).collect();
        Some(UserQuota { quota: entry.id.clone(), amount: status.amount(), plans })
    };
    quotas.filter_map(of_quota).collect()
}

impl Quotas {
    pub(super) fn answer(&self, tenant: &Tenant, now: DateTime<Utc>) -> Answer {
        if let Some(user) = &self.user {
            let quotas = of_user(tenant, user, now);
            let answer = Answer::new(json!({ "user": user, "quotas": quotas }));
            if quotas.is_empty() {
                return answer.line("The catalog has no quotas of users.");
            }
            let row = |quota: &UserQuota| {
                let plans = list(quota.plans.iter().map(id));
                let by = if plans.is_empty() { "nothing bought".to_string() } else { plans };
                vec![id(&quota.quota), quota.amount.to_string(), by]
            };
            let rows: Vec<Vec<String>> = quotas.iter().map(row).collect();
            return answer.table(&table(&["QUOTA", "AMOUNT", "BY"], &rows));
        }
        let rows = tenant.quota_rows(now);
        let named: Vec<Vec<UserId>> = rows.iter().map(|row| users_with(tenant, row, now)).collect();
        let answer = Answer::new(json!({ "quotas": rows.iter().zip(&named).map(json_row).collect::<Vec<_>>() }));
        if rows.is_empty() {
            return answer.line("The catalog has no quotas.");
        }
        let cells = rows.iter().zip(&named).map(|(row, named)| {
            let whose = match row.holder {
                QuotaRowHolder::Organisation => "the organisation".to_string(),
                QuotaRowHolder::Users => each_of(row, named),
                QuotaRowHolder::EveryoneElse => "everyone else".to_string(),
                _ => "others".to_string(),
            };
            vec![id(&row.quota_id), row.quota_name.to_string(), whose, row.amount.to_string(), row.unit.to_string()]
        });
        answer.table(&table(&["QUOTA", "NAME", "WHOSE", "AMOUNT", "UNIT"], &cells.collect::<Vec<_>>()))
    }
}

/// Returns a row as JSON, with the first users whose amount it is.
fn json_row((row, named): (&QuotaRow, &Vec<UserId>)) -> Value {
    let mut json = json!(row);
    if let Some(fields) = json.as_object_mut() {
        fields.insert("Named".to_string(), json!(named));
    }
    json
}

/// Returns whose amount of a quota it is, by the first names: "each of 3 users: ada, bo, cy".
fn each_of(row: &QuotaRow, named: &[UserId]) -> String {
    let users = row.users.unwrap_or_default();
    let first: Vec<String> = named.iter().map(id).collect();
    let more = if u64::try_from(first.len()).is_ok_and(|shown| shown < users) { ", …" } else { "" };
    format!("each of {}: {}{more}", count(users, "user"), first.join(", "))
}

/// Returns the first users who claim a plan that gives a quota and have this amount of it; of everyone else, nobody.
fn users_with(tenant: &Tenant, row: &QuotaRow, now: DateTime<Utc>) -> Vec<UserId> {
    if row.holder != QuotaRowHolder::Users {
        return Vec::new();
    }
    let Ok(handle) = tenant.catalog().user_quota(row.quota_id.as_str()) else { return Vec::new() };
    let gives = |plan: &&Plan| plan.quotas.iter().any(|given| given.quota == row.quota_id);
    let mut found: Vec<UserId> = Vec::new();
    for plan in tenant.catalog().offer().plans.iter().filter(gives) {
        for (_, user) in tenant.queue_from(&plan.id, Place::behind(0)) {
            if found.len() == NAMED {
                return found;
            }
            let user = user.to_id();
            if !found.contains(&user) && tenant.quota(&user, &handle, now).amount() == row.amount {
                found.push(user);
            }
        }
    }
    found
}
