//! The users in a snapshot: their ids, and what they hold.

use alloc::vec::Vec;

use smallvec::SmallVec;

use crate::id::GroupId;
use crate::id::user::UserRef;
use crate::tenant::limits::MAX_GROUPS;
use crate::tenant::snapshot::plan_rows::{PlanRows, assigned};
use crate::tenant::snapshot::queues::{ClaimOrder, ClaimRun, LaterClaim};
use crate::tenant::snapshot::{Body, SnapshotError, UserRow, malformed, queues};
use crate::tenant::state::RecordState;
use crate::tenant::state::bucket::{Key, index};
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::sources::{NewClaims, Sources};
use crate::tenant::state::user::{Claim, Memberships, UserEntitlements};
use crate::tenant::state::users::Users;
use crate::tenant::state::users::builder::{BuildError, UserTableBuilder};

/// Returns the users with what they hold, and their keys in the order of the snapshot.
pub(super) fn users(
    body: &Body<'_>,
    groups: &[GroupId],
    plans: &PlanRows,
    core: &RecordState,
) -> Result<(Users, Vec<Key>), SnapshotError> {
    let (later, users_with_claims) = queues::later_claims(&body.queues, plans.len(), body.position)?;
    let count = u32::try_from(body.lengths.len().wrapping_div(2)).map_err(|_| wrong_lengths())?;
    if u64::from(count) < users_with_claims {
        return Err(malformed("a queue has a claim without an event or a user"));
    }
    let rows = body.extra_users.as_slice();
    if !rows.is_sorted_by(|one, other| one.user < other.user) || rows.last().is_some_and(|row| row.user >= count) {
        return Err(malformed("the users are out of order"));
    }
    let (mut ids, mut extra) = (Ids::of(body)?, ExtraUserData { later: &later, rows, groups, plans, core });
    let mut builder = UserTableBuilder::with_capacity(index(count), body.users.len());
    let (mut user, mut next) = (0_u32, extra.next());
    for queue in &body.queues {
        let plan = plans.number(queue.plan)?;
        for ClaimRun { number, count, event, .. } in
            queue.runs_of_one_event().filter(|run| run.order == ClaimOrder::First)
        {
            for number in number..number.saturating_add(count) {
                let (id, number) = (ids.next()?, ClaimNumber(number));
                if user == next {
                    builder.add(id, extra.held(user, &UserEntitlements::plain(plan, number, event))?);
                    next = extra.next();
                } else {
                    builder.add_plain(id, plan, number, event);
                }
                user = user.saturating_add(1);
            }
        }
    }
    for user in user..count {
        let held = extra.held(user, &UserEntitlements::Nothing)?;
        if held.is_nothing() {
            return Err(malformed("a user has neither claims nor groups"));
        }
        builder.add(ids.next()?, held);
    }
    ids.end()?;
    builder.build().map_err(|error| match error {
        BuildError::InvalidId => malformed("invalid user id"),
        BuildError::DuplicateUser => malformed("duplicate user"),
    })
}

fn wrong_lengths() -> SnapshotError {
    malformed("the lengths of the user ids do not match")
}

/// Iterates over the ids of the users.
struct Ids<'a> {
    rest: &'a str,
    lengths: core::slice::ChunksExact<'a, u8>,
}

impl<'a> Ids<'a> {
    fn of(body: &'a Body<'_>) -> Result<Self, SnapshotError> {
        let lengths = body.lengths.chunks_exact(2);
        if !lengths.remainder().is_empty() {
            return Err(wrong_lengths());
        }
        Ok(Self { rest: body.users, lengths })
    }

    /// Returns the next id, of which only the length is checked.
    fn next(&mut self) -> Result<UserRef<'a>, SnapshotError> {
        let length = self.lengths.next().and_then(|bytes| bytes.try_into().ok()).map(u16::from_le_bytes);
        let parts = length.and_then(|length| self.rest.split_at_checked(length.into()));
        let (id, rest) = parts.ok_or_else(wrong_lengths)?;
        self.rest = rest;
        UserRef::plain(id).map_err(|_| malformed("invalid user id"))
    }

    fn end(&self) -> Result<(), SnapshotError> {
        if self.rest.is_empty() { Ok(()) } else { Err(wrong_lengths()) }
    }
}

/// What the next users have beyond one plain claim.
struct ExtraUserData<'a> {
    later: &'a [LaterClaim],
    rows: &'a [UserRow<'a>],
    groups: &'a [GroupId],
    plans: &'a PlanRows,
    core: &'a RecordState,
}

impl ExtraUserData<'_> {
    /// Returns the next user who has more than one plain claim; `u32::MAX`, which no user has, at
    /// the end.
    fn next(&self) -> u32 {
        let (later, row) = (self.later.first().map(|claim| claim.user), self.rows.first().map(|row| row.user));
        later.into_iter().chain(row).min().unwrap_or(u32::MAX)
    }

    /// Returns what a user holds; users are asked in order.
    fn held(&mut self, user: u32, first: &UserEntitlements) -> Result<UserEntitlements, SnapshotError> {
        let (these, rest) = self.later.split_at(self.later.iter().take_while(|claim| claim.user == user).count());
        self.later = rest;
        let mut claims: SmallVec<[Claim; 1]> = first.claims().as_slice().iter().cloned().collect();
        for claim in these {
            claims.push(Claim::plain(self.plans.number(claim.plan)?, claim.number, claim.event));
        }
        // Another catalog may number the plans in another order.
        claims.sort_unstable_by_key(|claim| claim.plan);
        match self.rows.split_first().filter(|(row, _)| row.user == user) {
            None => Ok(UserEntitlements::new(claims, Memberships::new())),
            Some((row, rest)) => {
                self.rows = rest;
                settled(row, claims, self.groups, self.plans, self.core)
            }
        }
    }
}

/// Returns what a user holds by the assignments to them and their groups; the queues must have the
/// same claims.
fn settled(
    row: &UserRow<'_>,
    claims: SmallVec<[Claim; 1]>,
    groups: &[GroupId],
    plans: &PlanRows,
    core: &RecordState,
) -> Result<UserEntitlements, SnapshotError> {
    if row.groups.len() > MAX_GROUPS {
        return Err(malformed("a user is in too many groups"));
    }
    if !row.groups.is_sorted_by(|one, other| one < other) {
        return Err(malformed("the groups of a user are out of order"));
    }
    let of_user: Option<Memberships> = row.groups.iter().map(|&place| groups.get(place).cloned()).collect();
    let of_user = of_user.ok_or_else(|| malformed("a user is in an unknown group"))?;
    let (count, before) = (claims.len(), UserEntitlements::new(claims, Memberships::new()));
    let mut new_claims = NewClaims::new();
    let held = core.settled(&Sources::new(&before, assigned(&row.direct, plans)?, of_user), &mut new_claims);
    if new_claims.is_empty() && held.claims().as_slice().len() == count {
        Ok(held)
    } else {
        Err(malformed("the claims of a user differ from those in the queues"))
    }
}
