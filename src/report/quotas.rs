//! How much of each quota the organisation and its users have, as rows (Q3).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Serialize, Serializer};

use crate::catalog::index::PlanNumber;
use crate::catalog::offer::Scope;
use crate::catalog::quota::QuotaScope;
use crate::catalog::quota_rule::QuotaRule;
use crate::id::{Label, QuotaId, TenantId};
use crate::quantity::quota_amount::QuotaAmount;
use crate::quota::status::{QuotaClaimant, QuotaReading};
use crate::tenant::Tenant;

/// How much of a quota the organisation has, some of its users, or everyone else.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QuotaRow {
    /// The tenant's id.
    #[serde(rename = "Tenant ID")]
    pub tenant_id: TenantId,
    /// The quota's id.
    #[serde(rename = "Quota ID")]
    pub quota_id: QuotaId,
    /// The quota's name.
    #[serde(rename = "Quota Name")]
    pub quota_name: Label,
    /// What is counted.
    #[serde(rename = "Unit")]
    pub unit: Label,
    /// Whose amount it is.
    #[serde(rename = "For")]
    pub holder: QuotaRowHolder,
    /// The number of users with this amount who claim a plan that gives the quota; empty in other rows.
    #[serde(rename = "Users")]
    pub users: Option<u64>,
    /// The amount that each has.
    #[serde(rename = "Amount", serialize_with = "amount")]
    pub amount: QuotaAmount,
}

/// Whose amount of a quota a row names.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QuotaRowHolder {
    /// The organisation's.
    Organisation,
    /// That of each of some users who claim a plan that gives the quota.
    Users,
    /// That of everyone else.
    EveryoneElse,
}

fn amount<S: Serializer>(amount: &QuotaAmount, serializer: S) -> Result<S::Ok, S::Error> {
    match amount {
        QuotaAmount::Limited(number) => serializer.serialize_u64(number.get()),
        QuotaAmount::Unlimited => serializer.collect_str(amount),
    }
}

impl Tenant {
    /// Returns how much of each quota there is, in the catalog's order: one row for a quota of the
    /// organisation; for a quota of users a row for each amount that users with claims have, the
    /// largest first, and one for everyone else. Amounts are those in this release of the application.
    ///
    /// `O(q · u · p)` in the quotas, the users who claim a plan that gives one, and the plans that give
    /// it.
    #[must_use]
    pub fn quota_rows(&self, now: DateTime<Utc>) -> Vec<QuotaRow> {
        let at = self.raw_reading(now);
        let mut rows = Vec::new();
        for (entry, rule) in self.catalog().quotas() {
            let reading = QuotaReading { tenant: self, quota: Some((entry, rule)), at };
            let row = |holder, users, amount| QuotaRow {
                tenant_id: self.id().clone(),
                quota_id: entry.id.clone(),
                quota_name: entry.name.clone(),
                unit: entry.unit.clone(),
                holder,
                users,
                amount,
            };
            if entry.scope == QuotaScope::Tenant {
                rows.push(row(QuotaRowHolder::Organisation, None, reading.amount(QuotaClaimant::Tenant)));
                continue;
            }
            let users = self.users_by_amount(rule, reading);
            let users = users.into_iter().rev();
            rows.extend(users.map(|(amount, users)| row(QuotaRowHolder::Users, Some(users), amount)));
            rows.push(row(QuotaRowHolder::EveryoneElse, None, reading.amount(QuotaClaimant::User(&[]))));
        }
        rows
    }

    /// Returns the number of users who claim a plan that gives a quota, by the amount they have.
    fn users_by_amount(&self, rule: &QuotaRule, reading: QuotaReading<'_>) -> BTreeMap<QuotaAmount, u64> {
        let (state, catalog) = (self.state(), self.catalog());
        let giving = rule.plans.iter().map(|giving| giving.plan);
        let giving = giving.filter(|&plan| catalog.scope_of(plan) == Some(Scope::User));
        let mut giving: Vec<PlanNumber> = giving.filter_map(|plan| state.core.of_catalog(plan)).collect();
        giving.sort_unstable();
        let mut by_amount = BTreeMap::new();
        for &number in &giving {
            let queue = state.core.plan(number).into_iter().flat_map(|plan| state.queue_users(plan));
            for user in queue {
                let claims = user.held.claims();
                // Each user is counted once, however many of these plans they claim.
                let first = claims.as_slice().iter().find(|claim| giving.binary_search(&claim.plan).is_ok());
                if first.is_some_and(|first| first.plan == number) {
                    let users: &mut u64 =
                        by_amount.entry(reading.amount(QuotaClaimant::User(claims.as_slice()))).or_default();
                    *users = users.saturating_add(1);
                }
            }
        }
        by_amount
    }
}
