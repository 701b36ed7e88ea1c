//! What was drawn from a capacity plan, month by month (M1, M2, M5).

use alloc::collections::BTreeMap;
use alloc::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::amount::{Amount, Quantity};
use crate::id::{DrawId, PlanId, ThingId};
use crate::month::Month;
use crate::tenant::map::Map;
use crate::wire::one_reading;

/// The most draws from one plan in one month; at a session each, more than an organisation has.
pub const MAX_DRAWS: usize = 1_000_000;

/// The months of which draws are remembered, the latest: the present one, and some that a clock once ahead has left.
const MONTHS: usize = 4;

/// A draw from a capacity plan.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Draw {
    /// From which plan.
    pub plan: PlanId,
    /// Names the draw: recorded twice in a month, it counts once (M5).
    pub id: DrawId,
    /// What draws, a bot say.
    pub thing: ThingId,
    /// In which month; one that comes too late is refused, not counted in another (M5).
    pub month: Month,
    /// How much.
    pub amount: Amount,
}

impl Draw {
    /// A draw.
    #[must_use]
    pub fn new(plan: PlanId, id: DrawId, thing: ThingId, month: Month, amount: Amount) -> Self {
        Self { plan, id, thing, month, amount }
    }
}

one_reading!(Draw);

/// What was drawn from a plan; nothing from most. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draws(Option<Arc<BTreeMap<Month, Drawn>>>);

/// What was drawn in one month.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) total: Quantity,
    pub(crate) things: Map<ThingId, Quantity>,
    ids: Map<DrawId, ()>,
}

impl Draws {
    pub(crate) fn of(&self, month: Month) -> Option<&Drawn> {
        self.0.as_ref()?.get(&month)
    }

    /// Month by month.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Month, &Drawn)> {
        self.0.iter().flat_map(|months| months.iter()).map(|(month, drawn)| (*month, drawn))
    }

    /// Takes in what a snapshot says of a month.
    pub(crate) fn restore(&mut self, month: Month, drawn: Drawn) -> Option<Drawn> {
        Arc::make_mut(self.0.get_or_insert_default()).insert(month, drawn)
    }

    /// Counts a draw, once. Beyond so many months the earliest is forgotten: into one that is over nothing is drawn.
    pub(crate) fn count(&mut self, draw: &Draw) {
        let months = Arc::make_mut(self.0.get_or_insert_default());
        months.entry(draw.month).or_insert_with(Drawn::new).count(draw);
        if months.len() > MONTHS {
            months.pop_first();
        }
    }
}

impl Drawn {
    fn new() -> Self {
        Self { total: Quantity::NONE, things: Map::new(), ids: Map::new() }
    }

    /// What a snapshot says of a month.
    pub(crate) fn restored(total: Quantity, things: Map<ThingId, Quantity>, ids: Map<DrawId, ()>) -> Self {
        Self { total, things, ids }
    }

    /// In no order that means anything.
    pub(crate) fn ids(&self) -> impl Iterator<Item = &DrawId> {
        self.ids.iter().map(|(id, ())| id)
    }

    pub(crate) fn has(&self, id: &DrawId) -> bool {
        self.ids.get(id).is_some()
    }

    pub(crate) fn len(&self) -> usize {
        self.ids.len()
    }

    fn count(&mut self, draw: &Draw) {
        if self.has(&draw.id) {
            return;
        }
        self.ids.insert(draw.id.clone(), ());
        self.total = self.total.plus(draw.amount);
        let before = self.things.get(&draw.thing).copied().unwrap_or_default();
        self.things.insert(draw.thing.clone(), before.plus(draw.amount));
    }
}
