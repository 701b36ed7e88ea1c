//! What was drawn from a capacity plan, month by month (M1, M2, M5).

use alloc::sync::Arc;
use alloc::vec::Vec;

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

/// What was drawn from a plan, by month, the earliest first; nothing from most. Clones share it.
#[derive(Debug, Clone, Default)]
pub(crate) struct Draws(Option<Arc<Vec<(Month, Drawn)>>>);

/// What was drawn in one month.
#[derive(Debug, Clone)]
pub(crate) struct Drawn {
    pub(crate) total: Quantity,
    pub(crate) things: Map<ThingId, Quantity>,
    ids: Map<DrawId, ()>,
}

impl Draws {
    pub(crate) fn of(&self, month: Month) -> Option<&Drawn> {
        let months = self.0.as_ref()?;
        months.iter().find(|(each, _)| *each == month).map(|(_, drawn)| drawn)
    }

    /// Month by month.
    pub(crate) fn iter(&self) -> impl Iterator<Item = (Month, &Drawn)> {
        self.0.iter().flat_map(|months| months.iter()).map(|(month, drawn)| (*month, drawn))
    }

    /// Takes in what a snapshot says of a month; gives back what it said of it before.
    pub(crate) fn restore(&mut self, month: Month, drawn: Drawn) -> Option<Drawn> {
        let before = self.of(month).cloned();
        *self.month(month)? = drawn;
        self.forget();
        before
    }

    /// Counts a draw, once.
    pub(crate) fn count(&mut self, draw: &Draw) {
        self.month(draw.month).into_iter().for_each(|drawn| drawn.count(draw));
        self.forget();
    }

    /// What was drawn in a month, which is there from now on.
    fn month(&mut self, month: Month) -> Option<&mut Drawn> {
        let months = Arc::make_mut(self.0.get_or_insert_default());
        let at = months.binary_search_by_key(&month, |(month, _)| *month).unwrap_or_else(|at| {
            months.insert(at, (month, Drawn::new()));
            at
        });
        months.get_mut(at).map(|(_, drawn)| drawn)
    }

    /// Beyond so many months the earliest is forgotten: into one that is over nothing is drawn.
    fn forget(&mut self) {
        if let Some(months) = self.0.as_mut().filter(|months| months.len() > MONTHS) {
            Arc::make_mut(months).remove(0);
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
