//! How much of a quota there is at an instant, from which plans and until when (Q3).

use alloc::vec::Vec;
use core::fmt;

use chrono::{DateTime, Utc};

use crate::catalog::HasDependencies;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::{Plan, Scope};
use crate::catalog::quota::QuotaEntry;
use crate::catalog::quota_rule::{GivingPlan, QuotaRule};
use crate::decision::denial_explanation::not_in_effect;
use crate::decision::denial_reason::DenialReason;
use crate::id::user::UserId;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::evaluation::PlanEvaluation;
use crate::tenant::grant_state::GrantStates;
use crate::tenant::state::plan::{PlanState, TENANT_CLAIM};
use crate::tenant::state::user::{Claim, Claims, claim_on};
use crate::time::{End, whole_second};

/// How much of a quota a user or the organisation has. It borrows its parts and allocates nothing.
///
/// It holds until [`until`](QuotaStatus::until), while [`Tenant::position`] does not change.
#[derive(Clone, Copy)]
pub struct QuotaStatus<'a> {
    pub(crate) question: QuotaQuestion<'a>,
    amount: QuotaAmount,
}

/// The input of a question about a quota.
#[derive(Clone, Copy)]
pub(crate) struct QuotaQuestion<'a> {
    pub(crate) reading: QuotaReading<'a>,
    pub(crate) holder: QuotaHolder<'a>,
}

/// Whose quota it is.
#[derive(Debug, Clone, Copy)]
pub(crate) enum QuotaHolder<'a> {
    User(&'a UserId),
    Tenant,
}

/// A quota in a tenant at a reading.
#[derive(Clone, Copy)]
pub(crate) struct QuotaReading<'a> {
    pub(crate) tenant: &'a Tenant,
    /// The quota in the tenant's catalog; `None` if it does not have it (K8).
    pub(crate) quota: Option<(&'a QuotaEntry, &'a QuotaRule)>,
    /// The reading, not floored to the whole second.
    pub(crate) at: DateTime<Utc>,
}

/// What decides how much of a quota somebody has.
#[derive(Clone, Copy)]
pub(crate) enum QuotaClaimant<'c> {
    /// A user with these claims.
    User(&'c [Claim]),
    /// The organisation.
    Tenant,
}

impl QuotaReading<'_> {
    /// Returns how much there is: what the plans that give the quota give together, and never less
    /// than the free amount.
    pub(crate) fn amount(&self, entitled: QuotaClaimant<'_>) -> QuotaAmount {
        let Some((_, rule)) = self.quota else { return QuotaAmount::ZERO };
        if rule.free == QuotaAmount::Unlimited {
            return rule.free;
        }
        let mut given = QuotaAmount::ZERO;
        for plan in &rule.plans {
            if let Some(amount) = self.given(plan, entitled) {
                given = rule.combine.of(given, amount);
            }
        }
        given.max(rule.free)
    }

    fn evaluation<'c>(&'c self, plan: PlanIndex, claims: &'c [Claim]) -> Option<PlanEvaluation<'c>> {
        self.tenant.view().evaluation(self.tenant.catalog(), plan, claims, self.at)
    }

    /// Returns what a plan gives; `None` if it gives nothing here: not in effect for the user, or
    /// for the organisation without a usable unit or a tenant plan that it requires.
    #[inline]
    fn given(&self, giving: &GivingPlan, entitled: QuotaClaimant<'_>) -> Option<QuotaAmount> {
        match entitled {
            QuotaClaimant::User(claims) => self.given_to_user(giving, claims),
            QuotaClaimant::Tenant => self.given_to_tenant(giving),
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
        is_in_effect.then(|| self.of_plan(giving, state, Total::ONE))
    }

    fn given_to_tenant(&self, giving: &GivingPlan) -> Option<QuotaAmount> {
        let state = self.tenant.core().catalog_plan(giving.plan)?;
        let usable = state.segments(self.at).first()?.coverage.usable;
        let gives = usable > Total::ZERO && self.unmet_need(giving).is_none();
        gives.then(|| self.of_plan(giving, state, usable))
    }

    /// Returns the first need of a plan that names tenant plans alone and that is not met for the
    /// organisation.
    fn unmet_need<'g>(&self, giving: &'g GivingPlan) -> Option<&'g [PlanIndex]> {
        let in_effect = |&plan: &PlanIndex| self.evaluation(plan, &[]).is_some_and(|it| it.in_effect().is_some());
        giving.tenant_needs.iter().find(|need| !need.iter().any(in_effect)).map(Vec::as_slice)
    }

    #[inline]
    fn of_plan(&self, giving: &GivingPlan, state: &PlanState, usable: Total) -> QuotaAmount {
        let quota = self.quota.map(|(entry, _)| &entry.id);
        quota.map_or(QuotaAmount::ZERO, |quota| {
            state.negotiated.amount(quota, giving.amount, giving.per, usable, self.at)
        })
    }
}

/// A plan that gives a quota, and what it gives here.
pub(crate) struct QuotaPart<'a> {
    pub(crate) index: PlanIndex,
    pub(crate) plan: &'a Plan,
    /// `None` if the plan gives nothing here.
    pub(crate) amount: Option<QuotaAmount>,
    giving: &'a GivingPlan,
}

impl<'a> QuotaQuestion<'a> {
    pub(crate) fn status(self) -> QuotaStatus<'a> {
        QuotaStatus { question: self, amount: self.reading.amount(self.claimant(&self.claims())) }
    }

    fn claimant<'c>(&self, claims: &'c Claims<'a>) -> QuotaClaimant<'c> {
        match self.holder {
            QuotaHolder::User(_) => QuotaClaimant::User(claims.as_slice()),
            QuotaHolder::Tenant => QuotaClaimant::Tenant,
        }
    }

    fn claims(&self) -> Claims<'a> {
        match self.holder {
            QuotaHolder::User(user) => self.reading.tenant.state().claims(user),
            QuotaHolder::Tenant => Claims::NONE,
        }
    }

    /// Returns the plans that give the quota, each with its amount now.
    pub(crate) fn parts(self) -> impl Iterator<Item = QuotaPart<'a>> {
        let plans = self.reading.quota.map_or(&[][..], |(_, rule)| &rule.plans);
        let claims = self.claims();
        plans.iter().filter_map(move |giving| {
            let plan = self.reading.tenant.catalog().plan_at(giving.plan)?;
            let amount = self.reading.given(giving, self.claimant(&claims));
            Some(QuotaPart { index: giving.plan, plan, amount, giving })
        })
    }

    /// Returns why a plan gives nothing here (K3); `None` for a plan that does.
    pub(crate) fn reason(self, part: &QuotaPart<'_>) -> Option<DenialReason> {
        if part.amount.is_some() {
            return None;
        }
        let QuotaReading { tenant, at, .. } = self.reading;
        let states = GrantStates::of(tenant.core(), &part.plan.id, whole_second(at));
        match self.holder {
            QuotaHolder::User(user) => not_in_effect(tenant, part.index, part.plan, states, user, at),
            QuotaHolder::Tenant => states.no_units().map(DenialReason::NoUnits).or_else(|| {
                let any_of = self.reading.unmet_need(part.giving)?;
                let any_of = any_of.iter().filter_map(|&plan| Some(tenant.catalog().plan_at(plan)?.id.clone()));
                Some(DenialReason::RequirementNotMet { any_of: any_of.collect() })
            }),
        }
    }

    /// Returns the first instant at which the amount can change by time alone (K5).
    pub(super) fn until(self) -> End {
        let plans = self.reading.quota.filter(|(_, rule)| rule.free != QuotaAmount::Unlimited);
        let plans = plans.map_or(&[][..], |(_, rule)| &rule.plans);
        let claims = self.claims();
        let next = |giving: &GivingPlan| Some(self.reading.evaluation(giving.plan, claims.as_slice())?.next());
        plans.iter().filter_map(next).min().unwrap_or(End::Never)
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
        self.question.parts().filter_map(|part| Some((part.plan, part.amount?)))
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
        let QuotaQuestion { holder, reading: QuotaReading { quota, at, .. } } = self.question;
        let quota = quota.map(|(entry, _)| &entry.id);
        f.debug_struct("QuotaStatus")
            .field("holder", &holder)
            .field("quota", &quota)
            .field("at", &at)
            .field("amount", &self.amount)
            .finish_non_exhaustive()
    }
}
