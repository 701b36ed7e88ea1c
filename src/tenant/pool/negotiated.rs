//! The amounts of quotas that grants of a plan carry themselves, between two instants (Q2).

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::quota::QuotaPer;
use crate::collections::sorted::sorted;
use crate::collections::sorted_map::Table;
use crate::id::QuotaId;
use crate::license::grant::{Grant, GrantKind};
use crate::quantity::quota_amount::{QuotaAmount, QuotaSum};
use crate::quantity::units::{Sum, Total};
use crate::tenant::pool::GrantInstance;

/// The amounts that usable grants of a plan carry, by time; `None` for a plan none of whose grants
/// carries one, as nearly all, so that it takes one pointer there. Clones share them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct NegotiatedAmounts(Option<Arc<Vec<NegotiatedSegment>>>);

/// An interval in which no phase of the plan's grants begins or ends.
#[derive(Debug, PartialEq, Eq)]
struct NegotiatedSegment {
    from: DateTime<Utc>,
    /// The quotas of which a usable grant carries an amount, sorted.
    quotas: Vec<(QuotaId, QuotaShares)>,
}

/// What the usable grants of a plan give of a quota.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct QuotaShares {
    /// The largest amount that a grant carries.
    largest: QuotaAmount,
    /// The amounts of paid grants and of trials, for each of their units.
    by_unit: [QuotaAmount; 2],
    /// The units of the paid grants and of the trials that carry none.
    plain: [Total; 2],
}

impl NegotiatedAmounts {
    /// Returns the amounts of these grants of a plan. `O(n log n)` in their phases, for each quota
    /// that they name.
    pub(crate) fn of(grants: &[GrantInstance<'_>]) -> Self {
        if grants.iter().all(|instance| instance.grant.amounts.is_empty()) {
            return Self(None);
        }
        let steps = grants.iter().enumerate();
        let steps = steps.flat_map(|(index, instance)| instance.timeline.steps().map(move |(from, _)| (from, index)));
        let steps = sorted(steps);
        let mut is_usable = alloc::vec![false; grants.len()];
        let mut count = Count::of(grants);
        let mut segments: Vec<NegotiatedSegment> = Vec::new();
        for (from, index) in steps {
            let (Some(was), Some(instance)) = (is_usable.get_mut(index), grants.get(index)) else { continue };
            let is = instance.timeline.phase(from).is_usable();
            match (*was, is) {
                (false, true) => count.enter(instance.grant),
                (true, false) => count.leave(instance.grant),
                _ => continue,
            }
            *was = is;
            if segments.last().is_some_and(|last| last.from == from) {
                segments.pop();
            }
            segments.push(NegotiatedSegment { from, quotas: count.shares() });
        }
        Self(Some(Arc::new(segments)))
    }

    /// Returns what the plan gives of a quota at an instant at which it has usable units, where the
    /// catalog gives `amount`. `O(log n)` in the segments and in the quotas.
    pub(crate) fn amount(
        &self,
        quota: &QuotaId,
        amount: QuotaAmount,
        per: QuotaPer,
        usable: Total,
        at: DateTime<Utc>,
    ) -> QuotaAmount {
        match (self.shares(quota, at), per) {
            (None, QuotaPer::Plan) => amount,
            (None, QuotaPer::Unit) => amount.times(usable),
            (Some(shares), QuotaPer::Plan) => shares.once(amount),
            (Some(shares), QuotaPer::Unit) => shares.for_each_unit(amount),
        }
    }

    fn shares(&self, quota: &QuotaId, at: DateTime<Utc>) -> Option<QuotaShares> {
        let segments = self.0.as_deref()?;
        let index = segments.partition_point(|segment| segment.from <= at).checked_sub(1)?;
        let quotas = &segments.get(index)?.quotas;
        let place = quotas.binary_search_by(|(id, _)| id.cmp(quota)).ok()?;
        quotas.get(place).map(|(_, shares)| *shares)
    }
}

impl QuotaShares {
    /// Returns the largest amount of the grants, of which those that carry none give the plan's.
    fn once(self, amount: QuotaAmount) -> QuotaAmount {
        let has_plain = self.plain.iter().any(|units| *units > Total::ZERO);
        if has_plain { self.largest.max(amount) } else { self.largest }
    }

    /// Returns the larger sum of paid grants and of trials, of which those that carry none give the
    /// plan's amount for each of their units (L10).
    fn for_each_unit(self, amount: QuotaAmount) -> QuotaAmount {
        let [paid, trial] = self.by_unit;
        let [plain_paid, plain_trial] = self.plain;
        paid.plus(amount.times(plain_paid)).max(trial.plus(amount.times(plain_trial)))
    }
}

/// The usable grants at an instant, by quota.
struct Count<'a>(Table<&'a QuotaId, QuotaCount>);

#[derive(Default)]
struct QuotaCount {
    /// The amounts that grants carry, each with the number of grants.
    carried: Table<QuotaAmount, usize>,
    by_unit: [QuotaSum; 2],
    plain: [Sum; 2],
}

impl<'a> Count<'a> {
    fn of(grants: &[GrantInstance<'a>]) -> Self {
        let named = grants.iter().flat_map(|instance| &instance.grant.amounts);
        Self(named.map(|it| (&it.quota, QuotaCount::default())).collect())
    }

    fn enter(&mut self, grant: &Grant) {
        let kind = kind(grant);
        for (quota, count) in self.0.iter_mut() {
            let (Some(by_unit), Some(plain)) = (count.by_unit.get_mut(kind), count.plain.get_mut(kind)) else {
                continue;
            };
            match grant.amount_of(quota) {
                None => plain.add(grant.units),
                Some(amount) => {
                    let grants = count.carried.get(&amount).copied().unwrap_or(0);
                    count.carried.insert(amount, grants.saturating_add(1));
                    by_unit.add(amount.times(grant.units.into()));
                }
            }
        }
    }

    fn leave(&mut self, grant: &Grant) {
        let kind = kind(grant);
        for (quota, count) in self.0.iter_mut() {
            let (Some(by_unit), Some(plain)) = (count.by_unit.get_mut(kind), count.plain.get_mut(kind)) else {
                continue;
            };
            match grant.amount_of(quota) {
                None => plain.take(grant.units),
                Some(amount) => {
                    match count.carried.get(&amount) {
                        Some(&grants) if grants > 1 => _ = count.carried.insert(amount, grants.saturating_sub(1)),
                        _ => count.carried.remove(&amount),
                    }
                    by_unit.take(amount.times(grant.units.into()));
                }
            }
        }
    }

    /// Returns the shares of the quotas of which a grant carries an amount.
    fn shares(&self) -> Vec<(QuotaId, QuotaShares)> {
        let shares = self.0.iter().filter_map(|(quota, count)| {
            let largest = count.carried.keys().last()?;
            let by_unit = count.by_unit.map(QuotaSum::total);
            let shares = QuotaShares { largest: *largest, by_unit, plain: count.plain.map(Sum::total) };
            Some(((*quota).clone(), shares))
        });
        shares.collect()
    }
}

/// Returns 0 for a paid grant and 1 for a trial.
fn kind(grant: &Grant) -> usize {
    match grant.kind {
        GrantKind::Paid(_) => 0,
        GrantKind::Trial(_) => 1,
    }
}
