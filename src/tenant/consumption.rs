//! The consumption of a capacity plan, month by month (M1, M2, M5).

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::Serialize;

use crate::collections::shared_hash_map::SharedHashMap;
use crate::collections::sorted::sorted;
use crate::document::object;
use crate::id::{ConsumerId, ConsumptionId, PlanId};
use crate::quantity::amount::{Amount, Quantity};
use crate::time::month::Month;

/// The most consumptions of one plan in one month. At one session each, this is more than an
/// organisation has.
pub const MAX_CONSUMPTIONS: usize = 1_000_000;

/// The most consumption ids remembered of one plan, over all months: as many as four full months
/// have.
///
/// Beyond the limit, the ids of the earliest months are forgotten, and no quantity is. A forgotten
/// consumption that is recorded a second time counts twice, which gives less.
const MAX_REMEMBERED_IDS: usize = 4 * MAX_CONSUMPTIONS;

/// A consumption of a capacity plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Consumption {
    /// The plan whose units are consumed.
    pub plan: PlanId,
    /// The id of the consumption: recorded twice in a month, it counts once (M5).
    pub id: ConsumptionId,
    /// The consumer, for example a bot.
    pub consumer: ConsumerId,
    /// The month. A consumption recorded after its month is refused, not counted in another month
    /// (M5).
    pub month: Month,
    /// The amount consumed.
    pub amount: Amount,
}

impl Consumption {
    /// Returns a consumption of `amount` units of `plan` by `consumer`.
    #[must_use]
    pub fn new(plan: PlanId, id: ConsumptionId, consumer: ConsumerId, month: Month, amount: Amount) -> Self {
        Self { plan, id, consumer, month, amount }
    }
}

object! { Consumption { plan, id, consumer, month, amount } }

/// The consumption of a plan by month; `None` inside for most plans. Clones share it.
///
/// No month is ever forgotten (M2): a time ticket can take the record back to any month, and a
/// month without its consumption would be fresh quota.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConsumptionHistory(Option<Arc<Months>>);

#[derive(Debug, Clone)]
struct Months {
    by_month: SharedHashMap<Month, MonthConsumption>,
    /// The number of consumption ids remembered in all months together.
    remembered_ids: usize,
}

/// The consumption of one month.
#[derive(Debug, Clone)]
pub(crate) struct MonthConsumption {
    pub(crate) total: Quantity,
    pub(crate) consumers: SharedHashMap<ConsumerId, Quantity>,
    ids: SharedHashMap<ConsumptionId, ()>,
}

impl ConsumptionHistory {
    /// Returns the consumption of a month. `O(1)`.
    pub(crate) fn of(&self, month: Month) -> Option<&MonthConsumption> {
        self.0.as_ref()?.by_month.get(&month)
    }

    /// Returns the months; `None` if nothing was ever consumed.
    pub(crate) fn months(&self) -> Option<&SharedHashMap<Month, MonthConsumption>> {
        self.0.as_ref().map(|months| &months.by_month)
    }

    /// Returns whether nothing was ever consumed.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Returns the months with their consumption, the earliest first. `O(n log n)` in the months.
    pub(crate) fn by_month(&self) -> Vec<(Month, &MonthConsumption)> {
        self.0.as_ref().map_or_else(Vec::new, |months| months.in_order())
    }

    /// Adds a month from a snapshot. Returns what was recorded of the month before.
    pub(crate) fn restore(&mut self, month: Month, consumed: MonthConsumption) -> Option<MonthConsumption> {
        let months = Arc::make_mut(self.0.get_or_insert_with(Arc::default));
        let before = months.by_month.get(&month).cloned();
        months.remembered_ids = months.remembered_ids.saturating_add(consumed.len());
        months.by_month.insert(month, consumed);
        before
    }

    /// Counts a consumption once (M5).
    pub(crate) fn count(&mut self, consumption: &Consumption) {
        self.count_within(consumption, MAX_REMEMBERED_IDS);
    }

    fn count_within(&mut self, consumption: &Consumption, max_ids: usize) {
        if self.of(consumption.month).is_some_and(|consumed| consumed.has(&consumption.id)) {
            return;
        }
        let months = Arc::make_mut(self.0.get_or_insert_with(Arc::default));
        if months.remembered_ids >= max_ids {
            months.forget_ids(consumption.month, max_ids.wrapping_div(2));
        }
        if months.by_month.get(&consumption.month).is_none() {
            months.by_month.insert(consumption.month, MonthConsumption::new());
        }
        if let Some(consumed) = months.by_month.get_mut(&consumption.month) {
            consumed.count(consumption);
            months.remembered_ids = months.remembered_ids.saturating_add(1);
        }
    }
}

impl Default for Months {
    fn default() -> Self {
        Self { by_month: SharedHashMap::new(), remembered_ids: 0 }
    }
}

impl Months {
    fn in_order(&self) -> Vec<(Month, &MonthConsumption)> {
        let months = sorted(self.by_month.iter().map(|(month, _)| *month));
        months.into_iter().filter_map(|month| Some((month, self.by_month.get(&month)?))).collect()
    }

    /// Forgets the ids of the earliest months until at most `max_ids` are left, but keeps those of
    /// the current month.
    ///
    /// `O(n log n)` in the months; afterwards as many more consumptions fit as ids were forgotten.
    fn forget_ids(&mut self, current: Month, max_ids: usize) {
        let candidates: Vec<Month> = self.in_order().iter().map(|(month, _)| *month).collect();
        for month in candidates.into_iter().filter(|month| *month != current) {
            if self.remembered_ids <= max_ids {
                return;
            }
            if let Some(consumed) = self.by_month.get_mut(&month) {
                self.remembered_ids = self.remembered_ids.saturating_sub(consumed.len());
                consumed.ids = SharedHashMap::new();
            }
        }
    }
}

impl MonthConsumption {
    fn new() -> Self {
        Self { total: Quantity::NONE, consumers: SharedHashMap::new(), ids: SharedHashMap::new() }
    }

    /// Returns the consumption of a month as a snapshot states it.
    pub(crate) fn restored(
        total: Quantity,
        consumers: SharedHashMap<ConsumerId, Quantity>,
        ids: SharedHashMap<ConsumptionId, ()>,
    ) -> Self {
        Self { total, consumers, ids }
    }

    /// Returns the ids in no defined order.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &ConsumptionId> {
        self.ids.iter().map(|(id, ())| id)
    }

    pub(crate) fn has(&self, id: &ConsumptionId) -> bool {
        self.ids.get(id).is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Adds a consumption that was not counted before.
    fn count(&mut self, consumption: &Consumption) {
        self.ids.insert(consumption.id.clone(), ());
        self.total = self.total.plus(consumption.amount);
        let before = self.consumers.get(&consumption.consumer).copied().unwrap_or_default();
        self.consumers.insert(consumption.consumer.clone(), before.plus(consumption.amount));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::{Consumption, ConsumptionHistory};
    use crate::quantity::amount::Amount;

    fn consumption(month: &str, id: u32) -> Consumption {
        let (plan, consumer) = ("pages".parse().unwrap(), "bot".parse().unwrap());
        Consumption::new(plan, format!("{id}").parse().unwrap(), consumer, month.parse().unwrap(), Amount::UNIT)
    }

    fn ids(history: &ConsumptionHistory) -> Vec<usize> {
        history.by_month().iter().map(|(_, consumed)| consumed.len()).collect()
    }

    fn totals(history: &ConsumptionHistory) -> Vec<u64> {
        history.by_month().iter().map(|(_, consumed)| consumed.total.in_millionths() / 1_000_000).collect()
    }

    #[test]
    fn m2_ids_are_forgotten_beyond_a_limit_the_earliest_first_and_no_total_is() {
        let mut history = ConsumptionHistory::default();
        for (month, ids) in [("2026-05", 3), ("2026-03", 2), ("2026-04", 3)] {
            for id in 0..ids {
                history.count_within(&consumption(month, id), 8);
                history.count_within(&consumption(month, id), 8);
            }
        }
        assert_eq!((ids(&history), totals(&history)), ([2, 3, 3].into(), [2, 3, 3].into()));
        // The ninth consumption makes the ids beyond half the limit be forgotten, except those of
        // its own month.
        history.count_within(&consumption("2026-03", 9), 8);
        assert_eq!((ids(&history), totals(&history)), ([3, 0, 0].into(), [3, 3, 3].into()));
        // A forgotten consumption that is recorded a second time counts twice.
        history.count_within(&consumption("2026-04", 0), 8);
        history.count_within(&consumption("2026-03", 0), 8);
        assert_eq!((ids(&history), totals(&history)), ([3, 1, 0].into(), [3, 4, 3].into()));
    }
}
