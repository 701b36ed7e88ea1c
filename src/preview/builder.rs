//! The builder of a preview: the first entries of each list, and their totals.

use alloc::collections::{BTreeMap, BinaryHeap};
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::index::PlanIndex;
use crate::preview::compared::Compared;
use crate::preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, MAX_PREVIEW_ENTRIES, PoolChange, Preview, QuotaChange, Tally,
    Totals, WaitChange, WarningChange, WarningKind,
};

/// The smallest items of all that are offered, with the number of all. Keeps a bounded max-heap.
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
pub(super) struct UserList<T> {
    smallest: TopN<T>,
    users: u64,
    pairs: u64,
}

impl<T: Ord> Default for UserList<T> {
    fn default() -> Self {
        Self { smallest: TopN::default(), users: 0, pairs: 0 }
    }
}

impl<T: Ord> UserList<T> {
    /// Adds all entries of one user and one app or plan. Returns whether there are any.
    pub(super) fn pair(&mut self, entries: impl Iterator<Item = T>) -> bool {
        let before = self.smallest.offered;
        entries.for_each(|entry| self.smallest.offer(entry));
        let is_any = self.smallest.offered > before;
        self.pairs = self.pairs.saturating_add(u64::from(is_any));
        is_any
    }

    /// Counts one more user if the user has entries.
    pub(super) fn user(&mut self, is_any: bool) {
        self.users = self.users.saturating_add(u64::from(is_any));
    }

    fn finish(self) -> (Vec<T>, Tally) {
        let tally = Tally { entries: self.smallest.offered, users: self.users, pairs: self.pairs };
        (self.smallest.kept.into_sorted_vec(), tally)
    }
}

/// Warnings by plan and kind, each with its first instant and its users.
#[derive(Default)]
pub(super) struct Warnings(BTreeMap<(PlanIndex, WarningKind), (DateTime<Utc>, AffectedUsers)>);

impl Warnings {
    /// Adds a warning on a plan for some users from an instant on.
    pub(super) fn add(&mut self, plan: PlanIndex, kind: WarningKind, from: DateTime<Utc>, whom: AffectedUsers) {
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
    pub(super) lost: UserList<AccessChange>,
    pub(super) gained: UserList<AccessChange>,
    pub(super) ending: UserList<AccessEnd>,
    pub(super) ending_without_loss: Tally,
    pub(super) waiting: UserList<WaitChange>,
    pub(super) served: UserList<WaitChange>,
    pub(super) quotas: UserList<QuotaChange>,
    pub(super) pools: TopN<PoolChange>,
    dropped: (Vec<DroppedGrant>, u64),
    pub(super) appearing: Warnings,
    pub(super) disappearing: Warnings,
}

impl PreviewBuilder {
    /// Counts an end of a user's access to an app at which nothing is lost.
    pub(super) fn ends_without_loss(&mut self) {
        let Tally { entries, pairs, .. } = &mut self.ending_without_loss;
        // An app of a user ends once.
        (*entries, *pairs) = (entries.saturating_add(1), pairs.saturating_add(1));
    }

    pub(super) fn drops(&mut self, grant: impl FnOnce() -> DroppedGrant) {
        let (kept, all) = &mut self.dropped;
        *all = all.saturating_add(1);
        if kept.len() < MAX_PREVIEW_ENTRIES {
            kept.push(grant());
        }
    }

    /// Returns the preview.
    pub(super) fn build(self, of: &Compared<'_>) -> Preview {
        let (lost, lost_tally) = self.lost.finish();
        let (gained, gained_tally) = self.gained.finish();
        let (ending, ending_tally) = self.ending.finish();
        let (waiting, waiting_tally) = self.waiting.finish();
        let (served, served_tally) = self.served.finish();
        let (quotas, quotas_tally) = self.quotas.finish();
        let (appearing, appearing_total) = warning_changes(self.appearing, of);
        let (disappearing, disappearing_total) = warning_changes(self.disappearing, of);
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
            quotas,
            totals: Totals {
                lost: lost_tally,
                gained: gained_tally,
                ending: ending_tally,
                ending_without_loss: self.ending_without_loss,
                waiting: waiting_tally,
                served: served_tally,
                quotas: quotas_tally,
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

fn warning_changes(warnings: Warnings, of: &Compared<'_>) -> (Vec<WarningChange>, u64) {
    let mut smallest = TopN::default();
    for ((plan, warning), (from, affected)) in warnings.0 {
        if let Some(plan) = of.before.catalog().plan_at(plan) {
            smallest.offer(WarningChange { from, plan: plan.id.clone(), warning, affected });
        }
    }
    (smallest.kept.into_sorted_vec(), smallest.offered)
}
