//! Whether a grant that ends is renewed, by the next revision or by another deal of the customer.

use std::collections::BTreeMap;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::license::GrantKind;
use entitle::time::{End, Phase};
use entitle::{Deal, Grant, PlanId, TenantId, Units};

use super::view::View;
use crate::deal::deal_status::end_of;

/// What each customer has bought.
#[derive(Debug)]
pub(super) struct Accounts<'a>(BTreeMap<&'a TenantId, Vec<Bought<'a>>>);

/// A deal in force, and when a list revokes it.
#[derive(Debug)]
struct Bought<'a> {
    deal: &'a Deal,
    revoked: Option<DateTime<Utc>>,
}

/// A number of units; unlimited is more than any.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Pool {
    is_unlimited: bool,
    units: u64,
}

impl core::fmt::Display for Pool {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        if self.is_unlimited { f.write_str("unlimited") } else { self.units.fmt(f) }
    }
}

/// Returns whether a grant in this phase can still end.
pub(super) fn is_open(phase: Phase) -> bool {
    matches!(phase, Phase::Active | Phase::Grace | Phase::Pending | Phase::NotStarted)
}

impl<'a> Accounts<'a> {
    pub(super) fn of(view: &View<'a>) -> Self {
        let mut accounts = BTreeMap::<_, Vec<_>>::new();
        for deal in view.deals() {
            // What no application accepts renews nothing.
            if let (Some(customer), Some(in_force)) = (deal.customer(), deal.in_force()) {
                let bought = Bought { deal: in_force.license.deal(), revoked: view.revoked_from(deal) };
                accounts.entry(&customer.id).or_default().push(bought);
            }
        }
        Self(accounts)
    }

    /// Returns how many units of the plan a customer has after a paid grant has ended, and its grace;
    /// `None` if they are as many as before, so that it is renewed. `O(n)` in the customer's grants.
    pub(super) fn left_after(
        &self,
        customer: &TenantId,
        grant: &Grant,
        ends: DateTime<Utc>,
        now: DateTime<Utc>,
    ) -> Option<Pool> {
        let GrantKind::Paid(paid) = &grant.kind else { return None };
        let account = self.0.get(customer).map(Vec::as_slice).unwrap_or_default();
        let pool = |at: DateTime<Utc>| units(account, &grant.plan, at);
        let second = TimeDelta::seconds(1);
        let before = pool(ends.checked_sub_signed(second)?);
        // What a list revokes ends without a grace.
        let grace = if End::At(ends) < end_of(grant) { 0 } else { paid.grace.get().into() };
        let grace = ends.checked_add_signed(TimeDelta::days(grace));
        let at_last = grace.and_then(|grace| grace.checked_sub_signed(second)).map_or(ends, |last| last.max(ends));
        let after = pool(ends).max(pool(at_last)).max(if ends < now { pool(now) } else { Pool::default() });
        (after < before).then_some(after)
    }
}

/// Returns the paid units of a plan that a customer has at an instant, in the terms of all deals.
fn units(account: &[Bought<'_>], plan: &PlanId, at: DateTime<Utc>) -> Pool {
    let mut pool = Pool::default();
    for bought in account.iter().filter(|bought| bought.revoked.is_none_or(|from| from > at)) {
        for grant in bought.deal.grants.iter().filter(|grant| grant.plan == *plan && is_in_term(grant, at)) {
            match grant.units {
                Units::Limited(units) => pool.units = pool.units.saturating_add(units.get().into()),
                Units::Unlimited => pool.is_unlimited = true,
            }
        }
    }
    pool
}

fn is_in_term(grant: &Grant, at: DateTime<Utc>) -> bool {
    let GrantKind::Paid(paid) = &grant.kind else { return false };
    paid.term.starts() <= at && End::At(at) < end_of(grant)
}
