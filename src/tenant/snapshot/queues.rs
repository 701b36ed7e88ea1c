//! The queues in a snapshot: the users of their claims, and the events that made them.

use alloc::vec::Vec;

use crate::tenant::snapshot::{PlanRow, QueueRow, SnapshotError, malformed};
use crate::tenant::state::bucket::{Key, index};
use crate::tenant::state::claim_number::ClaimNumber;

/// A run of claims of one event that are all the first of their users, or all not.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimRun {
    pub(super) order: ClaimOrder,
    /// The number in the queue of the first claim of the run.
    pub(super) number: u64,
    pub(super) count: u64,
    pub(super) event: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimOrder {
    /// Claims of users without a claim in an earlier queue, in the users' order.
    First,
    /// Claims of users with a claim in an earlier queue.
    Later,
}

/// A claim of a user who has a claim in an earlier queue.
#[derive(Debug, Clone, Copy)]
pub(super) struct LaterClaim {
    pub(super) user: u32,
    pub(super) plan: PlanRow,
    pub(super) number: ClaimNumber,
    pub(super) event: u64,
}

impl QueueRow<'_> {
    pub(super) fn runs_of_one_event(&self) -> impl Iterator<Item = ClaimRun> + '_ {
        let (mut runs, mut events) = (self.runs.iter(), self.events.iter());
        let ((mut next, mut later), (mut event, mut left), mut number) = ((0, 0), (0, 0), 0_u64);
        core::iter::from_fn(move || {
            while (next, later) == (0, 0) {
                (next, later) = *runs.next()?;
            }
            while left == 0 {
                (event, left) = *events.next()?;
            }
            let (order, room) = if next > 0 { (ClaimOrder::First, &mut next) } else { (ClaimOrder::Later, &mut later) };
            let run = ClaimRun { order, number, count: left.min(*room), event };
            *room = room.saturating_sub(run.count);
            left = left.saturating_sub(run.count);
            number = number.saturating_add(run.count);
            Some(run)
        })
    }

    /// Returns the numbers of the users whose claims are not their first.
    fn later_users(&self) -> impl Iterator<Item = u32> + '_ {
        self.later.chunks_exact(4).filter_map(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
    }

    /// Returns the keys of the users of the queue, and the keys of the users whose first claims are
    /// in later queues.
    pub(super) fn keys<'a>(&self, keys: &[Key], mut next: &'a [Key]) -> (Vec<Key>, &'a [Key]) {
        let (mut queue, mut others) = (Vec::new(), self.later_users());
        for &(first, later) in &self.runs {
            let firsts = usize::try_from(first).unwrap_or(usize::MAX);
            let (these, rest) = next.split_at_checked(firsts).unwrap_or((next, &[]));
            queue.extend_from_slice(these);
            next = rest;
            let later = usize::try_from(later).unwrap_or(usize::MAX);
            queue.extend(others.by_ref().take(later).filter_map(|user| keys.get(index(user))));
        }
        (queue, next)
    }
}

fn sum(mut counts: impl Iterator<Item = u64>) -> Option<u64> {
    counts.try_fold(0_u64, u64::checked_add)
}

/// Returns the claims that are not the first of their users, by user and then by plan, and the
/// number of users with claims.
///
/// The result proves that the queues belong to the first `plans` plans, that their events are at
/// most `position`, and that no queue has a user twice.
pub(super) fn later_claims(
    queues: &[QueueRow<'_>],
    plans: usize,
    position: u64,
) -> Result<(Vec<LaterClaim>, u64), SnapshotError> {
    let (mut claims, mut users): (Vec<LaterClaim>, u64) = (Vec::new(), 0);
    let mut last = None;
    for queue in queues {
        let firsts = sum(queue.runs.iter().map(|(first, _)| *first));
        let others = sum(queue.runs.iter().map(|(_, later)| *later));
        let of_events = sum(queue.events.iter().map(|(_, count)| *count));
        let all = firsts.zip(others).and_then(|(firsts, others)| firsts.checked_add(others));
        let bytes = u64::try_from(queue.later.len()).ok();
        let is_next = last.is_none_or(|last| last < queue.plan) && queue.plan < PlanRow(plans);
        let (Some(firsts), true) =
            (firsts, is_next && all == of_events && others.and_then(|others| others.checked_mul(4)) == bytes)
        else {
            return Err(malformed("the queues are out of order or incomplete"));
        };
        last = Some(queue.plan);
        let is_made = queue.events.is_sorted_by(|(one, _), (other, _)| one < other)
            && queue.events.iter().all(|(event, _)| (1..=position).contains(event));
        if !is_made {
            return Err(malformed("a queue has a claim without an event or a user"));
        }
        let mut others = queue.later_users();
        for run in queue.runs_of_one_event().filter(|run| run.order == ClaimOrder::Later) {
            let end = run.number.saturating_add(run.count);
            for (number, user) in (run.number..end).zip(others.by_ref()) {
                if u64::from(user) >= users {
                    return Err(malformed("a queue has a claim without an event or a user"));
                }
                let (plan, number) = (queue.plan, ClaimNumber(number));
                claims.push(LaterClaim { user, plan, number, event: run.event });
            }
        }
        users = users.checked_add(firsts).ok_or_else(|| malformed("the queues are out of order or incomplete"))?;
    }
    // The sort is stable, so the claims of a user stay in the order of the plans.
    claims.sort_by_key(|claim| claim.user);
    if !claims.is_sorted_by(|one, other| (one.user, one.plan) < (other.user, other.plan)) {
        return Err(malformed("a queue has a user twice"));
    }
    Ok((claims, users))
}
