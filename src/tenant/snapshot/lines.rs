//! The lines in a snapshot: whose claims they are, and of which events.

use alloc::vec::Vec;

use crate::tenant::bucket::{Key, index};
use crate::tenant::snapshot::read::malformed;
use crate::tenant::snapshot::{LineRow, SnapshotError};

/// Claims in a row, of one event, that are all the first of their users or all not.
#[derive(Debug, Clone, Copy)]
pub(super) struct ClaimRun {
    pub(super) whose: ClaimOrder,
    /// The number in the line of the first of them.
    pub(super) number: u64,
    pub(super) count: u64,
    pub(super) event: u64,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum ClaimOrder {
    /// Of those who have no claim before, in their order.
    Next,
    /// Of those who have.
    Again,
}

/// A claim of a user who has one in a line before.
#[derive(Debug, Clone, Copy)]
pub(super) struct Again {
    pub(super) user: u32,
    pub(super) plan: usize,
    pub(super) number: u64,
    pub(super) event: u64,
}

impl LineRow<'_> {
    pub(super) fn spans(&self) -> impl Iterator<Item = ClaimRun> + '_ {
        let (mut runs, mut events) = (self.runs.iter(), self.events.iter());
        let ((mut next, mut again), (mut event, mut left), mut number) = ((0, 0), (0, 0), 0_u64);
        core::iter::from_fn(move || {
            while (next, again) == (0, 0) {
                (next, again) = *runs.next()?;
            }
            while left == 0 {
                (event, left) = *events.next()?;
            }
            let (whose, room) = if next > 0 { (ClaimOrder::Next, &mut next) } else { (ClaimOrder::Again, &mut again) };
            let span = ClaimRun { whose, number, count: left.min(*room), event };
            *room = room.saturating_sub(span.count);
            left = left.saturating_sub(span.count);
            number = number.saturating_add(span.count);
            Some(span)
        })
    }

    /// The numbers of the users whose claims are not their first.
    fn again(&self) -> impl Iterator<Item = u32> + '_ {
        self.again.chunks_exact(4).filter_map(|bytes| bytes.try_into().ok()).map(u32::from_le_bytes)
    }

    /// The keys of the users of the line, and those whose first claims are in lines after it.
    pub(super) fn keys<'a>(&self, keys: &[Key], mut next: &'a [Key]) -> (Vec<Key>, &'a [Key]) {
        let (mut line, mut others) = (Vec::new(), self.again());
        for &(first, again) in &self.runs {
            let place = usize::try_from(first).unwrap_or(usize::MAX);
            let (these, rest) = next.split_at_checked(place).unwrap_or((next, &[]));
            line.extend_from_slice(these);
            next = rest;
            let again = usize::try_from(again).unwrap_or(usize::MAX);
            line.extend(others.by_ref().take(again).filter_map(|user| keys.get(index(user))));
        }
        (line, next)
    }
}

fn sum(mut counts: impl Iterator<Item = u64>) -> Option<u64> {
    counts.try_fold(0_u64, u64::checked_add)
}

/// The claims that are not the first of their users, by user and then by plan; and how many users have claims.
///
/// The lines are then known to be those of so many plans, of events up to the position, each of users all different.
pub(super) fn again(lines: &[LineRow<'_>], plans: usize, position: u64) -> Result<(Vec<Again>, u64), SnapshotError> {
    let (mut claims, mut users): (Vec<Again>, u64) = (Vec::new(), 0);
    let mut last = None;
    for line in lines {
        let firsts = sum(line.runs.iter().map(|(first, _)| *first));
        let others = sum(line.runs.iter().map(|(_, again)| *again));
        let of_events = sum(line.events.iter().map(|(_, count)| *count));
        let all = firsts.zip(others).and_then(|(firsts, others)| firsts.checked_add(others));
        let said = u64::try_from(line.again.len()).ok();
        let is_next = last.is_none_or(|last| last < line.plan) && line.plan < plans;
        let (Some(firsts), true) =
            (firsts, is_next && all == of_events && others.and_then(|others| others.checked_mul(4)) == said)
        else {
            return Err(malformed("the lines are out of order"));
        };
        last = Some(line.plan);
        let is_made = line.events.is_sorted_by(|(one, _), (other, _)| one < other)
            && line.events.iter().all(|(event, _)| (1..=position).contains(event));
        if !is_made {
            return Err(malformed("a line has a claim that nobody made"));
        }
        let mut others = line.again();
        for span in line.spans().filter(|span| span.whose == ClaimOrder::Again) {
            let end = span.number.saturating_add(span.count);
            for (number, user) in (span.number..end).zip(others.by_ref()) {
                if u64::from(user) >= users {
                    return Err(malformed("a line has a claim that nobody made"));
                }
                claims.push(Again { user, plan: line.plan, number, event: span.event });
            }
        }
        users = users.checked_add(firsts).ok_or_else(|| malformed("the lines are out of order"))?;
    }
    // Those of a user stay in the order of the plans.
    claims.sort_by_key(|claim| claim.user);
    if !claims.is_sorted_by(|one, other| (one.user, one.plan) < (other.user, other.plan)) {
        return Err(malformed("a line has a user twice"));
    }
    Ok((claims, users))
}
