//! What was found: the first entries of each list, and how much there was of each.

use alloc::collections::{BTreeMap, BinaryHeap};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::preview::compared::Compared;
use crate::preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, MAX_PREVIEW_ENTRIES, PoolChange, Preview, Tally, Totals,
    WaitChange, WarningChange, WarningKind,
};

/// The least of all that is offered, and how much was.
pub(super) struct TopN<T> {
    kept: BinaryHeap<T>,
    offered: u64,
}

impl<T: Ord> Default for TopN<T> {
    fn default() -> Self {
        Self { kept: BinaryHeap::new(), offered: 0 }
    }
}

impl<T: Ord> TopN<T> {
    pub(super) fn offer(&mut self, one: T) {
        self.offered = self.offered.saturating_add(1);
        if self.kept.len() < MAX_PREVIEW_ENTRIES {
            self.kept.push(one);
        } else if let Some(mut last) = self.kept.peek_mut() {
            if one < *last {
                *last = one;
            }
        }
    }
}

/// A list about users.
pub(super) struct OfUsers<T> {
    least: TopN<T>,
    users: u64,
    pairs: u64,
}

impl<T: Ord> Default for OfUsers<T> {
    fn default() -> Self {
        Self { least: TopN::default(), users: 0, pairs: 0 }
    }
}

impl<T: Ord> OfUsers<T> {
    /// All there is of one user and one app or plan; says whether there is anything.
    pub(super) fn pair(&mut self, entries: impl Iterator<Item = T>) -> bool {
        let before = self.least.offered;
        entries.for_each(|entry| self.least.offer(entry));
        let is_any = self.least.offered > before;
        self.pairs = self.pairs.saturating_add(u64::from(is_any));
        is_any
    }

    /// One more user has entries, or none.
    pub(super) fn user(&mut self, is_any: bool) {
        self.users = self.users.saturating_add(u64::from(is_any));
    }

    fn told(self) -> (Vec<T>, Tally) {
        let tally = Tally { entries: self.least.offered, users: self.users, pairs: self.pairs };
        (self.least.kept.into_sorted_vec(), tally)
    }
}

/// Warnings by plan and kind: since when, and whom they are for.
#[derive(Default)]
pub(super) struct Warnings(BTreeMap<(usize, WarningKind), (DateTime<Utc>, AffectedUsers)>);

impl Warnings {
    /// Somebody is warned of something on a plan, from some instant on.
    pub(super) fn add(&mut self, plan: usize, kind: WarningKind, from: DateTime<Utc>, whom: AffectedUsers) {
        let there = self.0.entry((plan, kind)).or_insert((from, AffectedUsers::Users(0)));
        there.0 = there.0.min(from);
        there.1 = match (there.1, whom) {
            (AffectedUsers::Users(some), AffectedUsers::Users(more)) => AffectedUsers::Users(some.saturating_add(more)),
            (AffectedUsers::Everyone, _) | (_, AffectedUsers::Everyone) => AffectedUsers::Everyone,
        };
    }
}

#[derive(Default)]
pub(super) struct PreviewBuilder {
    pub(super) lost: OfUsers<AccessChange>,
    pub(super) gained: OfUsers<AccessChange>,
    pub(super) ending: OfUsers<AccessEnd>,
    pub(super) waiting: OfUsers<WaitChange>,
    pub(super) served: OfUsers<WaitChange>,
    pub(super) pools: TopN<PoolChange>,
    dropped: (Vec<DroppedGrant>, u64),
    pub(super) appearing: Warnings,
    pub(super) disappearing: Warnings,
}

impl PreviewBuilder {
    pub(super) fn drops(&mut self, grant: impl FnOnce() -> DroppedGrant) {
        let (kept, all) = &mut self.dropped;
        *all = all.saturating_add(1);
        if kept.len() < MAX_PREVIEW_ENTRIES {
            kept.push(grant());
        }
    }

    /// As a preview.
    pub(super) fn told(self, of: &Compared<'_>) -> Preview {
        let (lost, lost_tally) = self.lost.told();
        let (gained, gained_tally) = self.gained.told();
        let (ending, ending_tally) = self.ending.told();
        let (waiting, waiting_tally) = self.waiting.told();
        let (served, served_tally) = self.served.told();
        let (appearing, appearing_total) = told(self.appearing, of);
        let (disappearing, disappearing_total) = told(self.disappearing, of);
        let now = of.now;
        Preview {
            now,
            read_before: of.before.reading(now),
            read_after: of.after.reading(now),
            looked_until: of.moments.until,
            lost,
            gained,
            ending,
            waiting,
            served,
            totals: Totals {
                lost: lost_tally,
                gained: gained_tally,
                ending: ending_tally,
                waiting: waiting_tally,
                served: served_tally,
                dropped: self.dropped.1,
                pools: self.pools.offered,
                appearing: appearing_total,
                disappearing: disappearing_total,
            },
            dropped: self.dropped.0,
            pools: self.pools.kept.into_sorted_vec(),
            appearing,
            disappearing,
        }
    }
}

fn told(warnings: Warnings, of: &Compared<'_>) -> (Vec<WarningChange>, u64) {
    let mut least = TopN::default();
    for ((plan, warning), (from, affected)) in warnings.0 {
        if let Some(plan) = of.before.catalog().plan_at(plan) {
            least.offer(WarningChange { from, plan: plan.id.clone(), warning, affected });
        }
    }
    (least.kept.into_sorted_vec(), least.offered)
}
