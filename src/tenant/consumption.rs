//! What was drawn from a capacity plan, month by month (M1, M2, M5).

use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::amount::{Amount, Quantity};
use crate::id::{ConsumerId, ConsumptionId, PlanId};
use crate::month::Month;
use crate::strict_serde::one_reading;
use crate::tenant::shared_hash_map::SharedHashMap;

/// The most draws from one plan in one month; at a session each, more than an organisation has.
pub const MAX_DRAWS: usize = 1_000_000;

/// The most draw ids that are remembered of one plan, over all months: as many as four full months have.
///
/// Beyond it the ids of the earliest months are forgotten, of no month what was drawn in it: a draw that is recorded again
/// then counts again, which gives less.
const MAX_REMEMBERED_IDS: usize = 4 * MAX_DRAWS;

/// A draw from a capacity plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Consumption {
    /// From which plan.
    pub plan: PlanId,
    /// Names the draw: recorded twice in a month, it counts once (M5).
    pub id: ConsumptionId,
    /// What draws, a bot say.
    pub thing: ConsumerId,
    /// In which month; one that comes too late is refused, not counted in another (M5).
    pub month: Month,
    /// How much.
    pub amount: Amount,
}

impl Consumption {
    /// A draw.
    #[must_use]
    pub fn new(plan: PlanId, id: ConsumptionId, thing: ConsumerId, month: Month, amount: Amount) -> Self {
        Self { plan, id, thing, month, amount }
    }
}

one_reading!(Consumption);

/// What was drawn from a plan, by month; nothing from most plans. Clones share it.
///
/// No month is ever forgotten (M2): a time ticket can bring the record back to any of them, and a month without its draws
/// would be fresh quota.
#[derive(Debug, Clone, Default)]
pub(crate) struct ConsumptionHistory(Option<Arc<Months>>);

#[derive(Debug, Clone)]
struct Months {
    by_month: SharedHashMap<Month, MonthConsumption>,
    /// How many draw ids are remembered in all months together.
    remembered_ids: usize,
}

/// What was drawn in one month.
#[derive(Debug, Clone)]
pub(crate) struct MonthConsumption {
    pub(crate) total: Quantity,
    pub(crate) things: SharedHashMap<ConsumerId, Quantity>,
    ids: SharedHashMap<ConsumptionId, ()>,
}

impl ConsumptionHistory {
    /// What was drawn in a month. Constant.
    pub(crate) fn of(&self, month: Month) -> Option<&MonthConsumption> {
        self.0.as_ref()?.by_month.get(&month)
    }

    /// Whether nothing was ever drawn.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// The months with what was drawn in them, the earliest first. `O(n log n)` in the months.
    pub(crate) fn by_month(&self) -> Vec<(Month, &MonthConsumption)> {
        self.0.as_ref().map_or_else(Vec::new, |months| months.in_order())
    }

    /// Takes in what a snapshot has of a month; returns what it had of it before.
    pub(crate) fn restore(&mut self, month: Month, drawn: MonthConsumption) -> Option<MonthConsumption> {
        let months = Arc::make_mut(self.0.get_or_insert_with(Arc::default));
        let before = months.by_month.get(&month).cloned();
        months.remembered_ids = months.remembered_ids.saturating_add(drawn.len());
        months.by_month.insert(month, drawn);
        before
    }

    /// Counts a draw, once (M5).
    pub(crate) fn count(&mut self, draw: &Consumption) {
        self.count_within(draw, MAX_REMEMBERED_IDS);
    }

    fn count_within(&mut self, draw: &Consumption, max_ids: usize) {
        if self.of(draw.month).is_some_and(|drawn| drawn.has(&draw.id)) {
            return;
        }
        let months = Arc::make_mut(self.0.get_or_insert_with(Arc::default));
        if months.remembered_ids >= max_ids {
            months.forget_ids(draw.month, max_ids.wrapping_div(2));
        }
        if months.by_month.get(&draw.month).is_none() {
            months.by_month.insert(draw.month, MonthConsumption::new());
        }
        if let Some(drawn) = months.by_month.get_mut(&draw.month) {
            drawn.count(draw);
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
        let mut months: Vec<_> = self.by_month.iter().map(|(month, drawn)| (*month, drawn)).collect();
        months.sort_unstable_by_key(|(month, _)| *month);
        months
    }

    /// Forgets the draw ids of the earliest months until no more than so many are left, but none of the month drawn from.
    ///
    /// `O(n log n)` in the months; it leaves room for as many more draws as it forgets ids.
    fn forget_ids(&mut self, current: Month, max_ids: usize) {
        let candidates: Vec<Month> = self.in_order().iter().map(|(month, _)| *month).collect();
        for month in candidates.into_iter().filter(|month| *month != current) {
            if self.remembered_ids <= max_ids {
                return;
            }
            if let Some(drawn) = self.by_month.get_mut(&month) {
                self.remembered_ids = self.remembered_ids.saturating_sub(drawn.len());
                drawn.ids = SharedHashMap::new();
            }
        }
    }
}

impl MonthConsumption {
    fn new() -> Self {
        Self { total: Quantity::NONE, things: SharedHashMap::new(), ids: SharedHashMap::new() }
    }

    /// What a snapshot says of a month.
    pub(crate) fn restored(
        total: Quantity,
        things: SharedHashMap<ConsumerId, Quantity>,
        ids: SharedHashMap<ConsumptionId, ()>,
    ) -> Self {
        Self { total, things, ids }
    }

    /// In no order that means anything.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &ConsumptionId> {
        self.ids.iter().map(|(id, ())| id)
    }

    pub(crate) fn has(&self, id: &ConsumptionId) -> bool {
        self.ids.get(id).is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    /// Adds a draw that was not counted before.
    fn count(&mut self, draw: &Consumption) {
        self.ids.insert(draw.id.clone(), ());
        self.total = self.total.plus(draw.amount);
        let before = self.things.get(&draw.thing).copied().unwrap_or_default();
        self.things.insert(draw.thing.clone(), before.plus(draw.amount));
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, reason = "a test may fail by panicking")]
mod tests {
    use alloc::format;
    use alloc::vec::Vec;

    use super::{Consumption, ConsumptionHistory};
    use crate::amount::Amount;

    fn draw(month: &str, id: u32) -> Consumption {
        let (plan, thing) = ("pages".parse().unwrap(), "bot".parse().unwrap());
        Consumption::new(plan, format!("{id}").parse().unwrap(), thing, month.parse().unwrap(), Amount::UNIT)
    }

    fn ids(draws: &ConsumptionHistory) -> Vec<usize> {
        draws.by_month().iter().map(|(_, drawn)| drawn.len()).collect()
    }

    fn totals(draws: &ConsumptionHistory) -> Vec<u64> {
        draws.by_month().iter().map(|(_, drawn)| drawn.total.in_millionths() / 1_000_000).collect()
    }

    #[test]
    fn m2_ids_are_forgotten_beyond_a_limit_the_earliest_first_and_no_total_is() {
        let mut draws = ConsumptionHistory::default();
        for (month, ids) in [("2026-05", 3), ("2026-03", 2), ("2026-04", 3)] {
            for id in 0..ids {
                draws.count_within(&draw(month, id), 8);
                draws.count_within(&draw(month, id), 8);
            }
        }
        assert_eq!((ids(&draws), totals(&draws)), ([2, 3, 3].into(), [2, 3, 3].into()));
        // The ninth makes all be forgotten beyond half the limit, but none of its own month.
        draws.count_within(&draw("2026-03", 9), 8);
        assert_eq!((ids(&draws), totals(&draws)), ([3, 0, 0].into(), [3, 3, 3].into()));
        // One that is recorded again and was forgotten counts again.
        draws.count_within(&draw("2026-04", 0), 8);
        draws.count_within(&draw("2026-03", 0), 8);
        assert_eq!((ids(&draws), totals(&draws)), ([3, 1, 0].into(), [3, 4, 3].into()));
    }
}
