//! How much of a quota there is, in the simplest way (Q1 to Q3).

use alloc::collections::BTreeSet;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::offer::{Management, Plan, Scope};
use crate::catalog::quota::{Combination, PlanQuota, QuotaPer};
use crate::id::user::UserId;
use crate::id::{PlanId, QuotaId};
use crate::license::grant::{Grant, GrantKind};
use crate::quantity::quota_amount::{MAX_QUOTA, QuotaAmount};
use crate::quantity::units::Units;
use crate::testing::oracle::Oracle;
use crate::time::End;

/// An amount as a number, or `None` for unlimited.
type Number = Option<u128>;

fn number(amount: QuotaAmount) -> Number {
    match amount {
        QuotaAmount::Limited(number) => Some(number.get().into()),
        QuotaAmount::Unlimited => None,
    }
}

fn amount(number: Number) -> QuotaAmount {
    let capped = |number: u128| QuotaAmount::limited(u64::try_from(number.min(MAX_QUOTA.into())).unwrap()).unwrap();
    number.map_or(QuotaAmount::Unlimited, capped)
}

fn times(amount: Number, units: Units) -> Number {
    match (amount, units) {
        (Some(0), _) => Some(0),
        (Some(number), Units::Limited(units)) => Some(number * u128::from(units.get())),
        (None, _) | (_, Units::Unlimited) => None,
    }
}

fn sum(numbers: impl Iterator<Item = Number>) -> Number {
    numbers.into_iter().try_fold(0, |sum: u128, number| number.map(|number| sum + number))
}

fn largest(numbers: impl Iterator<Item = Number>) -> Number {
    numbers.map(|number| number.unwrap_or(u128::MAX)).max().map(|most| (most < u128::MAX).then_some(most))?
}

impl Oracle {
    /// Returns how much a plan of the catalog gives of a quota, if nothing but its grants counts.
    fn given_by_grants(&self, plan: &Plan, given: &PlanQuota, at: DateTime<Utc>) -> QuotaAmount {
        let usable = self.grants(&plan.id).iter().filter(|(_, timeline)| timeline.phase(at).is_usable());
        let usable: Vec<&Grant> = usable.map(|(grant, _)| grant).collect();
        let own = |grant: &Grant| {
            let own = grant.amounts.iter().find(|own| own.quota == given.quota);
            number(own.map_or(given.amount, |own| own.amount))
        };
        if usable.is_empty() {
            return QuotaAmount::ZERO;
        }
        amount(match given.per {
            QuotaPer::Plan => largest(usable.iter().map(|grant| own(grant))),
            QuotaPer::Unit => {
                let of = |paid: bool| {
                    let counts = |grant: &&&Grant| matches!(grant.kind, GrantKind::Paid(_)) == paid;
                    sum(usable.iter().filter(counts).map(|grant| times(own(grant), grant.units)))
                };
                largest([of(true), of(false)].into_iter())
            }
        })
    }

    /// Returns whether a plan has what its needs of tenant plans alone ask for.
    fn has_tenant_plans(&self, plan: &Plan, at: DateTime<Utc>) -> bool {
        let anyone: UserId = "anyone".parse().unwrap();
        let find = |id: &PlanId| self.offer().plans.iter().find(|plan| plan.id == *id);
        plan.requires.iter().all(|need| {
            let plans: Vec<&Plan> = need.iter().filter_map(find).collect();
            let is_of_others = plans.iter().any(|plan| plan.scope != Scope::Tenant);
            is_of_others || plans.iter().any(|plan| self.in_effect(plan, &anyone, at))
        })
    }

    /// Returns how much of a quota a user has, or the organisation where there is no user (Q3).
    #[must_use]
    pub fn quota(&self, who: Option<&UserId>, quota: &QuotaId, now: DateTime<Utc>) -> QuotaAmount {
        let Some(entry) = self.offer().quotas.iter().find(|entry| entry.id == *quota) else {
            return QuotaAmount::ZERO;
        };
        if self.offer().management == Management::Unmanaged {
            return QuotaAmount::Unlimited;
        }
        let at = now.max(self.floor());
        let mut given = Vec::new();
        for plan in &self.offer().plans {
            for each in plan.quotas.iter().filter(|each| each.quota == *quota) {
                let is_in_effect = match who {
                    Some(user) => self.in_effect(plan, user, at),
                    None => self.has_tenant_plans(plan, at),
                };
                if is_in_effect {
                    given.push(number(self.given_by_grants(plan, each, at)));
                }
            }
        }
        let given = match entry.combine {
            Combination::Largest if given.is_empty() => Some(0),
            Combination::Largest => largest(given.into_iter()),
            Combination::Sum => sum(given.into_iter()),
        };
        amount(given).max(entry.free)
    }

    /// Returns the first boundary of a plan that gives a quota, or that such a plan requires (K5).
    #[must_use]
    pub fn quota_until(&self, quota: &QuotaId, now: DateTime<Utc>) -> End {
        if self.offer().management == Management::Unmanaged {
            return End::Never;
        }
        if self.offer().quotas.iter().any(|entry| entry.id == *quota && entry.free == QuotaAmount::Unlimited) {
            return End::Never;
        }
        let at = now.max(self.floor());
        let gives = |plan: &&Plan| plan.quotas.iter().any(|given| given.quota == *quota);
        let plans = self.offer().plans.iter().filter(gives);
        let boundaries: BTreeSet<DateTime<Utc>> = plans.flat_map(|plan| self.all_boundaries(plan)).collect();
        boundaries.into_iter().find(|&boundary| boundary > at).map_or(End::Never, End::At)
    }
}
