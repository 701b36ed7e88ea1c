//! The questions about quotas, and the check of a total (Q3).

use chrono::{DateTime, Utc};

use crate::catalog::quota_handle::{TenantQuota, UserQuota};
use crate::id::user::UserId;
use crate::quota::decision::{Over, QuotaDecision, Within};
use crate::quota::status::{QuotaHolder, QuotaQuestion, QuotaReading, QuotaStatus};
use crate::tenant::Tenant;

impl Tenant {
    /// Returns how much of a quota a user has (Q3): what the plans in effect for the user give
    /// together, and never less than the free amount; unlimited where license management is off.
    ///
    /// It changes nothing and allocates nothing. The cost grows with the plans that give the quota,
    /// and those that they require and exclude; each adds `O(log n)` in its grants.
    ///
    /// ```
    /// use entitle::chrono::{DateTime, Utc};
    /// use entitle::quantity::QuotaAmount;
    /// use entitle::quota::QuotaDecision;
    /// use entitle::record::Beginning;
    /// use entitle::{Catalog, KeyRing, RecordId, Tenant};
    ///
    /// fn main() -> Result<(), Box<dyn core::error::Error>> {
    ///     let catalog = Catalog::from_json(
    ///         r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
    ///              "quotas": [{ "id": "projects", "name": "Projects", "unit": "projects", "scope": "user",
    ///                           "combine": "largest", "free": { "limited": 3 } }],
    ///              "apps": [{ "id": "edit", "access": "free" }],
    ///              "plans": [{ "id": "pro", "scope": "user", "name": "Studio Pro",
    ///                          "quotas": [{ "quota": "projects", "amount": "unlimited" }] }] }"#,
    ///     )?;
    ///     let beginning = Beginning::new("contoso".parse()?, RecordId::from_random([5; 16]));
    ///     let tenant = Tenant::new(&catalog, &KeyRing::new(), &beginning);
    ///     let (ada, projects) = ("ada".parse()?, catalog.user_quota("projects")?);
    ///     let now: DateTime<Utc> = "2026-03-01T08:00:00Z".parse()?;
    ///
    ///     assert_eq!(tenant.quota(&ada, &projects, now).amount(), QuotaAmount::limited(3)?);
    ///     match tenant.check_quota(&ada, &projects, 4, now) {
    ///         QuotaDecision::Within(_) => unreachable!("3 are free"),
    ///         QuotaDecision::Over(over) => assert_eq!(
    ///             over.explain().to_string(),
    ///             "4 projects are too many: Projects allows 3. Contact an administrator if you need more."
    ///         ),
    ///     }
    ///     Ok(())
    /// }
    /// ```
    #[must_use]
    pub fn quota<'a>(&'a self, user: &'a UserId, quota: &UserQuota, now: DateTime<Utc>) -> QuotaStatus<'a> {
        let quota = quota.in_catalog(self.catalog());
        let reading = QuotaReading { tenant: self, quota, at: self.raw_reading(now) };
        QuotaQuestion { reading, holder: QuotaHolder::User(user) }.status()
    }

    /// Returns how much of a quota the organisation has (Q3): what the plans give together that have
    /// a usable unit, and whose needs of tenant plans alone are met, and never less than the free
    /// amount; unlimited where license management is off. Costs what [`quota`](Tenant::quota) does.
    #[must_use]
    pub fn tenant_quota(&self, quota: &TenantQuota, now: DateTime<Utc>) -> QuotaStatus<'_> {
        let quota = quota.in_catalog(self.catalog());
        let reading = QuotaReading { tenant: self, quota, at: self.raw_reading(now) };
        QuotaQuestion { reading, holder: QuotaHolder::Tenant }.status()
    }

    /// Returns whether a user may have this many of what a quota counts, in all (Q3). The host counts
    /// what exists, and asks with the total that it wants to reach.
    ///
    /// It changes nothing and allocates nothing; costs what [`quota`](Tenant::quota) does.
    pub fn check_quota<'a>(
        &'a self,
        user: &'a UserId,
        quota: &UserQuota,
        wanted: u64,
        now: DateTime<Utc>,
    ) -> QuotaDecision<'a> {
        self.quota(user, quota, now).decide(wanted, now)
    }

    /// Returns whether the organisation may have this many of what a quota counts, in all (Q3). Costs
    /// what [`quota`](Tenant::quota) does.
    pub fn check_tenant_quota(&self, quota: &TenantQuota, wanted: u64, now: DateTime<Utc>) -> QuotaDecision<'_> {
        self.tenant_quota(quota, now).decide(wanted, now)
    }
}

impl<'a> QuotaStatus<'a> {
    fn decide(self, wanted: u64, now: DateTime<Utc>) -> QuotaDecision<'a> {
        if self.amount().allows(wanted) {
            QuotaDecision::Within(Within { wanted, status: self })
        } else {
            QuotaDecision::Over(Over { wanted, status: self, now })
        }
    }
}
