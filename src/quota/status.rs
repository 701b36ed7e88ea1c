//! How much of a quota there is at an instant, from which plans and until when (Q3).

use core::fmt;

use chrono::{DateTime, Utc};

use crate::catalog::HasDependencies;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::{Plan, Scope};
use crate::catalog::quota::QuotaEntry;
use crate::catalog::quota_rule::{GivingPlan, QuotaRule};
use crate::id::user::UserId;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::evaluation::PlanEvaluation;
use crate::tenant::state::plan::{PlanState, TENANT_CLAIM};
use crate::tenant::state::user::{Claim, Claims, claim_on};
use crate::time::End;

/// How much of a quota a user or the organisation has. It borrows its parts and allocates nothing.
///
/// It holds until [`until`](QuotaStatus::until), while [`Tenant::position`] does not change.
#[derive(Clone, Copy)]
pub struct QuotaStatus<'a> {
    pub(super) question: QuotaQuestion<'a>,
    amount: QuotaAmount,
}

/// The input of a question about a quota with its reading.
#[derive(Clone, Copy)]
pub(super) struct QuotaQuestion<'a> {
    pub(super) tenant: &'a Tenant,
    pub(super) holder: QuotaHolder<'a>,
    /// The quota in the tenant's catalog; `None` if it does not have it (K8).
    pub(super) quota: Option<(&'a QuotaEntry, &'a QuotaRule)>,
    /// The reading, not floored to the whole second.
    pub(super) at: DateTime<Utc>,
}

/// Whose quota it is.
#[derive(Debug, Clone, Copy)]
pub(super) enum QuotaHolder<'a> {
    User(&'a UserId),
    Tenant,
}

impl<'a> QuotaQuestion<'a> {
    /// Returns how much there is: what the plans that give the quota give together, and never less
    /// than the free amount.
    pub(super) fn status(self) -> QuotaStatus<'a> {
        let Some((_, rule)) = self.quota else { return QuotaStatus { question: self, amount: QuotaAmount::ZERO } };
        if rule.free == QuotaAmount::Unlimited {
            return QuotaStatus { question: self, amount: rule.free };
        }
        let claims = self.claims();
        let mut given = QuotaAmount::ZERO;
        for plan in &rule.plans {
            if let Some(amount) = self.given(plan, claims.as_slice()) {
                given = rule.combine.of(given, amount);
            }
        }
        QuotaStatus { question: self, amount: given.max(rule.free) }
    }

    fn claims(&self) -> Claims<'a> {
        match self.holder {
            QuotaHolder::User(user) => self.tenant.state().claims(user),
            QuotaHolder::Tenant => Claims::NONE,
        }
    }

    fn evaluation<'c>(&'c self, plan: PlanIndex, claims: &'c [Claim]) -> Option<PlanEvaluation<'c>> {
        self.tenant.view().evaluation(self.tenant.catalog(), plan, claims, self.at)
    }

    /// Returns what a plan gives; `None` if it gives nothing here: not in effect for the user, or
    /// for the organisation without a usable unit or a tenant plan that it requires.
    #[inline]
    fn given(&self, giving: &GivingPlan, claims: &[Claim]) -> Option<QuotaAmount> {
        match self.holder {
            QuotaHolder::User(_) => self.given_to_user(giving, claims),
            QuotaHolder::Tenant => self.given_to_tenant(giving),
        }
    }

    #[inline]
    fn given_to_user(&self, giving: &GivingPlan, claims: &[Claim]) -> Option<QuotaAmount> {
        let (catalog, core) = (self.tenant.catalog(), self.tenant.core());
        let number = core.of_catalog(giving.plan)?;
        let claim = match catalog.scope_of(giving.plan)? {
            Scope::Tenant => TENANT_CLAIM,
            Scope::User => claim_on(claims, number)?.number,
            Scope::Capacity => return None,
        };
        let state = core.plan(number)?;
        let is_in_effect = match catalog.dependencies(giving.plan) {
            HasDependencies::None => state.basis(claim, self.at).is_some(),
            HasDependencies::Some => self.evaluation(giving.plan, claims)?.in_effect().is_some(),
        };
        // A plan in effect has a usable unit, and no plan gives users an amount for each unit (Q1).
        is_in_effect.then(|| self.amount(giving, state, Total::ONE))
    }

    fn given_to_tenant(&self, giving: &GivingPlan) -> Option<QuotaAmount> {
        let state = self.tenant.core().catalog_plan(giving.plan)?;
        let usable = state.segments(self.at).first()?.coverage.usable;
        let in_effect = |&plan: &PlanIndex| self.evaluation(plan, &[]).is_some_and(|it| it.in_effect().is_some());
        let gives = usable > Total::ZERO && giving.tenant_needs.iter().all(|need| need.iter().any(in_effect));
        gives.then(|| self.amount(giving, state, usable))
    }

    #[inline]
    fn amount(&self, giving: &GivingPlan, state: &PlanState, usable: Total) -> QuotaAmount {
        let quota = self.quota.map(|(entry, _)| &entry.id);
        quota.map_or(QuotaAmount::ZERO, |quota| {
            state.negotiated.amount(quota, giving.amount, giving.per, usable, self.at)
        })
    }

    /// Returns the plans that give the quota, each with its amount now; `None` for those that give
    /// nothing here.
    pub(super) fn plans(self) -> impl Iterator<Item = (PlanIndex, &'a Plan, Option<QuotaAmount>)> {
        let plans = self.quota.map_or(&[][..], |(_, rule)| &rule.plans);
        plans.iter().filter_map(move |giving| {
            let plan = self.tenant.catalog().plan_at(giving.plan)?;
            Some((giving.plan, plan, self.given(giving, self.claims().as_slice())))
        })
    }

    /// Returns the first instant at which the amount can change by time alone (K5).
    pub(super) fn until(self) -> End {
        let plans = self.quota.filter(|(_, rule)| rule.free != QuotaAmount::Unlimited);
        let plans = plans.map_or(&[][..], |(_, rule)| &rule.plans);
        let claims = self.claims();
        let next = plans.iter().filter_map(|giving| Some(self.evaluation(giving.plan, claims.as_slice())?.next()));
        next.min().unwrap_or(End::Never)
    }
}

impl<'a> QuotaStatus<'a> {
    /// Returns the amount.
    #[must_use]
    pub fn amount(&self) -> QuotaAmount {
        self.amount
    }

    /// Returns the plans that give the quota here, each with what it gives, in the catalog's order.
    /// Computed by this call.
    pub fn plans(&self) -> impl Iterator<Item = (&'a Plan, QuotaAmount)> + use<'a> {
        self.question.plans().filter_map(|(_, plan, amount)| Some((plan, amount?)))
    }

    /// Returns the first instant at which the amount can change by time alone, which is later than
    /// its reading (K5). Computed by this call.
    #[must_use]
    pub fn until(&self) -> End {
        self.question.until()
    }
}

impl fmt::Debug for QuotaStatus<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let QuotaQuestion { holder, quota, at, .. } = self.question;
        let quota = quota.map(|(entry, _)| &entry.id);
        f.debug_struct("QuotaStatus")
            .field("holder", &holder)
            .field("quota", &quota)
            .field("at", &at)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}
