//! Laws about the quotas of a catalog: which plan gives more, and how much there ever is.

use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::catalog::index::PlanIndex;
use crate::catalog::{
    Catalog, Combination, Management, Plan, PlanQuota, QuotaEntry, QuotaPer, QuotaScope, Scope, UnknownQuota,
};
use crate::id::PlanId;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::Units;
use crate::testing::cases::{Case, CaseHolder};
use crate::testing::laws::{LawFailure, Laws};
use crate::testing::story::{Story, StoryQuestion};

/// A quota of a catalog.
#[derive(Clone, Copy)]
struct Quota<'a> {
    catalog: &'a Catalog,
    entry: &'a QuotaEntry,
}

impl Laws {
    /// Checks that everyone with `more` in effect has at least as much of a quota as `less` gives; for
    /// a quota of the organisation, that any number of units of `more` give at least as much as the
    /// same number of units of `less`. Amounts that grants carry themselves are left out (Q2).
    ///
    /// # Errors
    ///
    /// [`LawFailure`] with the smallest case in which there is less.
    pub fn gives_at_least(&self, quota: &str, more: &str, less: &str) -> Result<(), LawFailure> {
        let law = alloc::format!("`{more}` gives at least as much of `{quota}` as `{less}`");
        let quota = Quota::find(self.catalog(), quota)?;
        let (more, less) = (self.plan(more)?, self.plan(less)?);
        let Some(given) = quota.given_by(less) else {
            return Err(self.gives_nothing(law, less, quota));
        };
        let cases = self.cases_of(&law, &[more], quota.whose())?;
        if cases.smallest(|case| quota.counts(case, more)).is_none() {
            return Err(self.vacuous(law, more));
        }
        for units in quota.numbers_of_units() {
            let enough = of_units(given, units).max(quota.free());
            let units_of = |plan| if plan == more { units } else { Units::ONE };
            let is_less = |case: Case<'_>| quota.counts(case, more) && quota.of(case, &units_of) < enough;
            if let Some(case) = cases.smallest(is_less) {
                return Err(quota.broken(law, case, &units_of));
            }
        }
        Ok(())
    }

    /// Checks that nobody ever has more of a quota than `most`, whatever is bought and assigned:
    /// unlimited units of every plan. Amounts that grants carry themselves are left out (Q2).
    ///
    /// # Errors
    ///
    /// [`LawFailure`] with the smallest case in which there is more.
    pub fn never_more_than(&self, quota: &str, most: u64) -> Result<(), LawFailure> {
        let law = alloc::format!("never more than {most} of `{quota}`");
        let quota = Quota::find(self.catalog(), quota)?;
        let giving = self.catalog().indexed_plans().map(|(plan, _)| plan);
        let giving = giving.filter(|&plan| quota.given_by(plan).is_some());
        // Where the largest amount counts, one plan breaks the law, and the free amount without any.
        let sets: Vec<Vec<PlanIndex>> = match quota.entry.combine {
            Combination::Largest => core::iter::once(Vec::new()).chain(giving.map(|plan| Vec::from([plan]))).collect(),
            Combination::Sum => Vec::from([giving.collect()]),
        };
        let (mut smallest, mut size) = (Ok(()), usize::MAX);
        for plans in sets {
            let cases = self.cases_of(&law, &plans, quota.whose())?;
            let units_of = |_| Units::Unlimited;
            let found = cases.smallest(|case| quota.of(case, &units_of).allows(most.saturating_add(1)));
            if let Some(case) = found.filter(|case| case.held().count() < size) {
                size = case.held().count();
                smallest = Err(quota.broken(law.clone(), case, &units_of));
            }
        }
        smallest
    }

    fn gives_nothing(&self, law: String, plan: PlanIndex, quota: Quota<'_>) -> LawFailure {
        match self.catalog().plan_at(plan) {
            Some(plan) => LawFailure::GivesNothing { law, plan: plan.id.clone(), quota: quota.entry.id.clone() },
            None => self.vacuous(law, plan),
        }
    }
}

impl<'a> Quota<'a> {
    fn find(catalog: &'a Catalog, id: &str) -> Result<Self, UnknownQuota> {
        let entry = catalog.offer().quotas.iter().find(|entry| entry.id.as_str() == id);
        let entry = entry.ok_or_else(|| UnknownQuota::Unknown { quota: crate::id::excerpt(id) })?;
        Ok(Self { catalog, entry })
    }

    fn whose(self) -> CaseHolder {
        match self.entry.scope {
            QuotaScope::User => CaseHolder::User,
            QuotaScope::Tenant => CaseHolder::Organisation,
        }
    }

    /// Returns what a plan gives of the quota; `None` if it gives nothing.
    fn given_by(self, plan: PlanIndex) -> Option<&'a PlanQuota> {
        let mut quotas = self.catalog.plan_at(plan)?.quotas.iter();
        quotas.find(|given| given.quota == self.entry.id && given.amount > QuotaAmount::ZERO)
    }

    fn free(self) -> QuotaAmount {
        match self.catalog.offer().management {
            Management::Unmanaged => QuotaAmount::Unlimited,
            Management::Managed(_) => self.entry.free,
        }
    }

    /// Returns whether a plan gives the quota in a case: for a user, in effect; for the organisation,
    /// with a unit, and each of its needs that names tenant plans alone met (Q3).
    fn counts(self, case: Case<'_>, plan: PlanIndex) -> bool {
        match self.entry.scope {
            QuotaScope::User => case.in_effect(plan),
            QuotaScope::Tenant => {
                let needs = self.catalog.plan_at(plan).map_or(&[][..], |plan: &Plan| &plan.requires);
                let index = |id: &PlanId| self.catalog.plan_index(id);
                let is_tenant = |id: &PlanId| index(id).and_then(|it| self.catalog.scope_of(it)) == Some(Scope::Tenant);
                let mut needs = needs.iter().filter(|need| need.iter().all(is_tenant));
                let in_effect = |id: &PlanId| index(id).is_some_and(|plan| case.in_effect(plan));
                case.holds(plan) && needs.all(|need| need.iter().any(in_effect))
            }
        }
    }

    /// Returns the amount in a case, with so many units of each plan.
    fn of(self, case: Case<'_>, units_of: &dyn Fn(PlanIndex) -> Units) -> QuotaAmount {
        let counting = case.held().filter(|&plan| self.counts(case, plan));
        let amounts = counting.filter_map(|plan| Some(of_units(self.given_by(plan)?, units_of(plan))));
        let given = amounts.fold(QuotaAmount::ZERO, |all, amount| match self.entry.combine {
            Combination::Largest => all.max(amount),
            Combination::Sum => all.plus(amount),
        });
        given.max(self.free())
    }

    /// Returns the numbers of units that are compared: powers of two, the largest number, and
    /// unlimited. One unit and very many decide, since amounts grow evenly with units; the powers
    /// between find a case that people can follow, and what the largest sum hides (Q4).
    fn numbers_of_units(self) -> Vec<Units> {
        let powers = (0..32).map(|power| 1_u32.checked_shl(power).unwrap_or(u32::MAX));
        match self.entry.scope {
            QuotaScope::User => Vec::from([Units::ONE]),
            QuotaScope::Tenant => {
                let limited = powers.chain([u32::MAX]).filter_map(|units| Units::limited(units).ok());
                limited.chain([Units::Unlimited]).collect()
            }
        }
    }

    fn broken(self, law: String, case: Case<'_>, units_of: &dyn Fn(PlanIndex) -> Units) -> LawFailure {
        let granted = case.held().map(|plan| (plan, units_of(plan)));
        let asked = Vec::from([StoryQuestion::Quota(self.entry.id.to_string())]);
        LawFailure::Broken { law, story: Story::new(self.catalog, granted, self.whose(), asked) }
    }
}

/// Returns what a plan with so many units gives.
fn of_units(given: &PlanQuota, units: Units) -> QuotaAmount {
    match given.per {
        QuotaPer::Plan => given.amount,
        QuotaPer::Unit => given.amount.times(units.into()),
    }
}
