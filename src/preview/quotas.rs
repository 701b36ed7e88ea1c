//! Changes of quotas: for the organisation, for everyone, and for each user who claims a plan that
//! gives an affected quota.

use alloc::vec::Vec;

use crate::catalog::index::PlanNumber;
use crate::catalog::offer::Scope;
use crate::catalog::quota::{QuotaEntry, QuotaScope};
use crate::catalog::quota_rule::QuotaRule;
use crate::preview::at_each::{AtEach, BeforeAfter};
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::preview::person::Person;
use crate::preview::{QuotaChange, QuotaSubject};
use crate::quantity::quota_amount::QuotaAmount;
use crate::quota::status::{QuotaClaimant, QuotaReading};
use crate::tenant::state::user::{Claim, claim_on};

/// An affected quota of users, and how much of it a user without claims has.
pub(super) struct UserQuotaTrack<'a> {
    entry: &'a QuotaEntry,
    rule: &'a QuotaRule,
    /// The plans for users that give it, as numbers of the tenant.
    plans: Vec<PlanNumber>,
    /// Those of them whose users have to be visited, affected or not: all if an affected plan for
    /// everyone gives the quota, since it adds to what each of these users has.
    visited: Vec<PlanNumber>,
}

impl<'a> Compared<'a> {
    /// Adds the changes of quotas of the organisation and of everyone, and returns the affected quotas
    /// of users. `O(q · p · t)` in the affected quotas, the plans that give them, and the instants.
    pub(super) fn quotas(&self, builder: &mut PreviewBuilder) -> Vec<UserQuotaTrack<'a>> {
        let mut tracks = Vec::new();
        for &(entry, rule) in &self.scope.quotas {
            match entry.scope {
                QuotaScope::Tenant => {
                    let amounts = self.amounts(entry, rule, [QuotaClaimant::Tenant; 2]);
                    self.quota_changes(entry, &amounts, || QuotaSubject::Organisation, builder);
                }
                QuotaScope::User => {
                    let everyone = self.amounts(entry, rule, [QuotaClaimant::User(&[]); 2]);
                    self.quota_changes(entry, &everyone, || QuotaSubject::Everyone, builder);
                    let is_for_users = |plan| self.before.catalog().scope_of(plan) == Some(Scope::User);
                    let plans = rule.plans.iter().map(|giving| giving.plan).filter(|&plan| is_for_users(plan));
                    let plans: Vec<PlanNumber> = plans.filter_map(|plan| self.after.core().of_catalog(plan)).collect();
                    let is_for_everyone = |plan| self.before.catalog().scope_of(plan) == Some(Scope::Tenant);
                    let mut giving = rule.plans.iter().map(|giving| giving.plan);
                    let adds = giving.any(|plan| self.scope.affects(plan) && is_for_everyone(plan));
                    let visited = if adds { plans.clone() } else { Vec::new() };
                    tracks.push(UserQuotaTrack { entry, rule, plans, visited });
                }
            }
        }
        tracks
    }

    /// Adds the changes of quotas of one user. A user who claims no plan that gives a quota is one of
    /// everyone.
    pub(super) fn quotas_of(
        &self,
        person: &Person<'_>,
        claims: BeforeAfter<&[Claim]>,
        tracks: &[UserQuotaTrack<'_>],
        builder: &mut PreviewBuilder,
    ) {
        let mut is_any = false;
        for UserQuotaTrack { entry, rule, plans, .. } in tracks {
            let is_claimed = |&plan: &PlanNumber| claims.iter().any(|claims| claim_on(claims, plan).is_some());
            if plans.iter().any(is_claimed) {
                let amounts = self.amounts(entry, rule, claims.map(QuotaClaimant::User));
                is_any |= self.quota_changes(entry, &amounts, || QuotaSubject::User(person.id()), builder);
            }
        }
        builder.quotas.user(is_any);
    }

    fn amounts(
        &self,
        entry: &QuotaEntry,
        rule: &QuotaRule,
        who: BeforeAfter<QuotaClaimant<'_>>,
    ) -> AtEach<QuotaAmount> {
        let [before, after] = who;
        let amount = |tenant: &crate::tenant::Tenant, now, who| {
            QuotaReading { tenant, quota: Some((entry, rule)), at: tenant.raw_reading(now) }.amount(who)
        };
        let at_each = self.moments.all.iter();
        at_each.map(|&now| [amount(self.before, now, before), amount(self.after, now, after)]).collect()
    }

    /// Adds the changes of one quota. Returns whether there are any.
    fn quota_changes(
        &self,
        entry: &QuotaEntry,
        amounts: &AtEach<QuotaAmount>,
        who: impl Fn() -> QuotaSubject,
        builder: &mut PreviewBuilder,
    ) -> bool {
        let differing = amounts.iter().map(|&[before, after]| (before != after).then_some((before, after)));
        let changes = self.moments.runs(differing).into_iter().map(|run| {
            let (before, after) = run.value;
            QuotaChange { from: run.from, until: run.until, who: who(), quota: entry.id.clone(), before, after }
        });
        builder.quotas.pair(changes)
    }
}

impl UserQuotaTrack<'_> {
    /// Returns the plans whose users have to be visited, as numbers of the tenant.
    pub(super) fn visited(&self) -> &[PlanNumber] {
        &self.visited
    }
}
