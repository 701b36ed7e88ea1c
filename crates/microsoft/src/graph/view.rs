//! A tenant as Graph's answers describe it.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use entitle::chrono::{DateTime, Utc};
use entitle::time::Phase;

use crate::graph::conditions::{self, Evidence};
use crate::graph::enums::{AppliesTo, Status};
use crate::graph::finding::{Finding, Obstacle, Verdict};
use crate::graph::missing_data::MissingData;
use crate::graph::skus::{ServicePlanInfo, Sku, Skus};
use crate::graph::subscriptions::Subscriptions;
use crate::graph::units::SkuUnits;
use crate::graph::users::{Details, User, Users};
use crate::guid::Guid;

/// Graph's answers about a tenant, as far as they were read. Questions are answered from them
/// offline.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    pub(crate) skus: Skus,
    pub(crate) subscriptions: Option<Subscriptions>,
    pub(crate) users: Option<Users>,
    details: BTreeMap<String, Details>,
}

impl View {
    /// Returns a view of the SKUs of a tenant.
    #[must_use]
    pub fn new(skus: Skus) -> Self {
        Self { skus, subscriptions: None, users: None, details: BTreeMap::new() }
    }

    /// Returns the view with the tenant's subscriptions, which contain the dates of their next
    /// states.
    #[must_use]
    pub fn with_subscriptions(self, subscriptions: Subscriptions) -> Self {
        Self { subscriptions: Some(subscriptions), ..self }
    }

    /// Returns the view with the tenant's users and their assignments.
    #[must_use]
    pub fn with_users(self, users: Users) -> Self {
        Self { users: Some(users), ..self }
    }

    /// Returns the view with the license details of one user.
    #[must_use]
    pub fn with_details(mut self, user: &str, details: Details) -> Self {
        self.details.insert(user.to_string(), details);
        self
    }

    /// Returns the units of a SKU: in total, assigned and free. `O(log n)` in the SKUs.
    ///
    /// # Errors
    ///
    /// [`MissingData`], if the SKU is not in the part of the list that was read, or its units are
    /// not reported.
    pub fn units(&self, sku: Guid) -> Result<SkuUnits, MissingData> {
        match self.skus.sku(sku) {
            Some(found) => SkuUnits::from_sku(found),
            None if self.skus.extent().is_whole() => Ok(SkuUnits::none(sku)),
            None => Err(MissingData::ListIncomplete { list: "subscribedSkus" }),
        }
    }

    /// Returns what a user may open according to Graph: a finding for every service plan of every
    /// SKU that is assigned to them, ordered by SKU and service plan. `O(n)` in these service plans
    /// times the SKU's other ones, which are at most [`MAX_PARTS`](crate::graph::MAX_PARTS), and the
    /// user's assignments with what is turned off in them; `O(m)` in the SKUs' subscriptions.
    ///
    /// # Errors
    ///
    /// [`MissingData`], if neither the user's assignments nor their license details were read.
    pub fn findings(&self, user: &str, now: DateTime<Utc>) -> Result<Vec<Finding>, MissingData> {
        let (known, details) = (self.user(user), self.details.get(user));
        let states = match known {
            Some(user) => user.license_assignment_states.as_deref(),
            // All users were read, and this one is not among them.
            None => self.has_all_users().then_some(&[][..]),
        };
        if states.is_none() && details.is_none() {
            return Err(self.not_read(known));
        }
        let mut skus: BTreeSet<Guid> = states.into_iter().flatten().map(|each| each.sku_id).collect();
        skus.extend(details.into_iter().flat_map(|details| details.by_sku.keys()));
        let all = skus.into_iter().flat_map(|sku| {
            let evidence = Evidence { states, details };
            let of = |plans: Option<&[ServicePlanInfo]>| plans.unwrap_or_default().to_vec();
            let mut plans = of(self.skus.sku(sku).and_then(|sku| sku.service_plans.as_deref()));
            let seen: BTreeSet<Guid> = plans.iter().map(|plan| plan.service_plan_id).collect();
            let detail_plans =
                details.and_then(|details| details.sku(sku)).and_then(|sku| sku.service_plans.as_deref());
            plans.extend(of(detail_plans).into_iter().filter(|plan| !seen.contains(&plan.service_plan_id)));
            let state = self.sku_state(sku, now);
            plans.into_iter().map(move |plan| state.finding(plan, Some(evidence)))
        });
        Ok(all.collect())
    }

    /// Returns what the tenant has without an assignment: a finding for every service plan of every
    /// SKU that is for the company. The cost is that of [`View::findings`].
    pub fn company_findings(&self, now: DateTime<Utc>) -> impl Iterator<Item = Finding> {
        let company = self.skus.all().iter().filter(|sku| sku.applies_to == Some(AppliesTo::Company));
        company.flat_map(move |sku| {
            let plans = sku.service_plans.iter().flatten();
            let state = self.sku_state(sku.sku_id, now);
            plans.map(move |plan| state.finding(plan.clone(), None))
        })
    }

    /// Returns whether a user may open a service plan according to Graph: the best finding about
    /// it, and *not known* rather than *not enabled* if missing data could enable it. The cost is
    /// that of [`View::findings`] for that user and all company SKUs.
    pub fn may_open(&self, user: &str, service_plan: Guid, now: DateTime<Utc>) -> Verdict {
        let (users, missing) = match self.findings(user, now) {
            Ok(findings) => (findings, None),
            Err(missing) => (Vec::new(), Some(missing)),
        };
        let about = self.company_findings(now).chain(users).filter(|finding| finding.service_plan == service_plan);
        let verdicts = about.map(|finding| finding.verdict).chain(missing.map(Verdict::NotKnown));
        let verdict =
            verdicts.reduce(Verdict::or).unwrap_or_else(|| Verdict::NotEnabled(self.without_finding(service_plan)));
        match self.missing_for(user) {
            Some(missing) => verdict.or(Verdict::NotKnown(missing)),
            None => verdict,
        }
    }

    /// Returns why a service plan without any finding is not enabled.
    fn without_finding(&self, service_plan: Guid) -> Obstacle {
        let contains = |sku: &Sku| sku.service_plans.iter().flatten().any(|plan| plan.service_plan_id == service_plan);
        if self.skus.all().iter().any(contains) { Obstacle::NotAssigned } else { Obstacle::InNoSku }
    }

    /// Returns missing data that could enable any service plan for a user.
    fn missing_for(&self, user: &str) -> Option<MissingData> {
        let skus = self.skus.all();
        if !self.skus.extent().is_whole() {
            return Some(MissingData::ListIncomplete { list: "subscribedSkus" });
        }
        if skus.iter().any(|sku| sku.service_plans.is_none()) {
            return Some(MissingData::PropertyMissing { property: "servicePlans" });
        }
        // A SKU that is not for users may be for the whole tenant.
        match skus
            .iter()
            .map(|sku| &sku.applies_to)
            .find(|to| !matches!(to, Some(AppliesTo::User | AppliesTo::Company)))
        {
            Some(Some(AppliesTo::Unknown(word))) => {
                return Some(MissingData::UnknownValue { property: "appliesTo", value: word.clone() });
            }
            Some(_) => return Some(MissingData::PropertyMissing { property: "appliesTo" }),
            None => {}
        }
        let has_states = |user: &User| user.license_assignment_states.is_some();
        let states = self.user(user).map_or_else(|| self.has_all_users(), has_states);
        let whole = self.details.get(user).is_some_and(|details| details.extent().is_whole());
        (!states && !whole).then_some(MissingData::ListIncomplete { list: "licenseDetails" })
    }

    pub(crate) fn user(&self, id: &str) -> Option<&User> {
        self.users.as_ref().and_then(|users| users.user(id))
    }

    fn has_all_users(&self) -> bool {
        self.users.as_ref().is_some_and(|users| users.extent().is_whole())
    }

    fn not_read(&self, user: Option<&User>) -> MissingData {
        match (&self.users, user) {
            (_, Some(_)) => MissingData::PropertyMissing { property: "licenseAssignmentStates" },
            (None, _) => MissingData::ListNotRead { list: "users" },
            (Some(_), None) => MissingData::ListIncomplete { list: "users" },
        }
    }

    /// Returns the phase in which a SKU grants something, and until when.
    fn sku_state(&self, sku: Guid, now: DateTime<Utc>) -> SkuState<'_> {
        let found = self.skus.sku(sku);
        let (until, moved) = self.state_changes(sku, now);
        let phase = match found {
            Some(found) => conditions::sku_phase(found),
            None if self.skus.extent().is_whole() => Err(Verdict::NotEnabled(Obstacle::NotSubscribed)),
            None => Err(Verdict::NotKnown(MissingData::ListIncomplete { list: "subscribedSkus" })),
        };
        let phase = match (phase, moved) {
            (Ok(_), Some(since)) => Err(Verdict::NotKnown(MissingData::OutOfDate { since })),
            (phase, _) => phase,
        };
        SkuState { sku, found, phase, until }
    }

    /// Returns when the next subscription of a SKU enters another state after `now`, and, if all
    /// have, when the last of them did.
    fn state_changes(&self, sku: Guid, now: DateTime<Utc>) -> (Option<DateTime<Utc>>, Option<DateTime<Utc>>) {
        let all = self.subscriptions.iter().flat_map(|subscriptions| subscriptions.of_sku(sku));
        let giving = all.filter(|each| matches!(each.status, Some(Status::Enabled | Status::Warning)));
        let (mut until, mut moved, mut stays) = (None, None, false);
        for subscription in giving {
            match subscription.next_lifecycle_date_time {
                Some(at) if at <= now => moved = moved.max(Some(at)),
                Some(at) => {
                    stays = true;
                    until = Some(until.map_or(at, |until: DateTime<Utc>| until.min(at)));
                }
                None => stays = true,
            }
        }
        let whole = self.subscriptions.as_ref().is_some_and(|all| all.extent().is_whole());
        (until, moved.filter(|_| !stays && whole))
    }
}

/// The state of a SKU in the tenant.
struct SkuState<'a> {
    sku: Guid,
    found: Option<&'a Sku>,
    phase: Result<Phase, Verdict>,
    until: Option<DateTime<Utc>>,
}

impl SkuState<'_> {
    /// Returns the finding about a service plan of the SKU; for the company, if there is no
    /// evidence of a user.
    fn finding(&self, plan: ServicePlanInfo, user: Option<Evidence<'_>>) -> Finding {
        let (sku, id) = (self.sku, plan.service_plan_id);
        let verdict = self.phase.clone().and_then(|phase| {
            let assigned = user.map_or(Ok(conditions::Assigned::Fully), |user| user.assigned(sku, id))?;
            let of_tenant = self.found.and_then(|sku| conditions::plan_in(sku.service_plans.as_deref(), id));
            let of_user = user.and_then(|user| user.plan(sku, id));
            conditions::provisioned(of_tenant, of_user, assigned).map(|()| Verdict::Enabled { phase })
        });
        Finding {
            service_plan: id,
            service_plan_name: plan.service_plan_name,
            sku,
            sku_part_number: self.found.and_then(|sku| sku.sku_part_number.clone()),
            verdict: verdict.unwrap_or_else(|verdict| verdict),
            until: self.until,
        }
    }
}
