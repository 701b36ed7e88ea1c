//! `entitle tenant quotas`.

use core::fmt;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::quantity::QuotaAmount;
use entitle::report::QuotaRowHolder;
use entitle::{PlanId, QuotaId, Tenant, UserId};
use serde::Serialize;
use serde_json::json;

use crate::answer::Answer;
use crate::table::table;
use crate::tenant::words::{count, id, list};

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
        let answer = Answer::new(json!({ "quotas": rows }));
        if rows.is_empty() {
            return answer.line("The catalog has no quotas.");
        }
        let cells = rows.iter().map(|row| {
            let whose = match row.holder {
                QuotaRowHolder::Organisation => "the organisation".to_string(),
                QuotaRowHolder::Users => format!("each of {}", count(row.users.unwrap_or_default(), "user")),
                QuotaRowHolder::EveryoneElse => "everyone else".to_string(),
                _ => "others".to_string(),
            };
            vec![id(&row.quota_id), row.quota_name.to_string(), whose, row.amount.to_string(), row.unit.to_string()]
        });
        answer.table(&table(&["QUOTA", "NAME", "WHOSE", "AMOUNT", "UNIT"], &cells.collect::<Vec<_>>()))
    }
}
