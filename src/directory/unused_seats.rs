//! The seats of a plan that nobody uses (S19).

use alloc::vec;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::directory::command_lists::CommandLists;
use crate::id::user::{UserId, UserRef};
use crate::id::{GroupId, PlanId};
use crate::tenant::Tenant;
use crate::tenant::command::{Assignee, Command};
use crate::tenant::refusal_reason::RefusalReason;
use crate::tenant::role::{Actor, Role};
use crate::tenant::state::user::claim_on;

/// When a user last used a plan, as far as the host knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LastUse {
    /// The user last used the plan at this instant.
    At(DateTime<Utc>),
    /// The user never used the plan.
    Never,
    /// The host does not know. Such a user is never listed: missing information takes nobody's
    /// license.
    Unknown,
}

impl LastUse {
    fn is_before(self, since: DateTime<Utc>) -> bool {
        match self {
            Self::At(at) => at < since,
            Self::Never => true,
            Self::Unknown => false,
        }
    }
}

/// The seats of a plan whose users did not use it since an instant, each in one of the three lists,
/// in queue order (S19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct UnusedSeats {
    /// The commands that free the seats that are only assigned directly, in lists of at most
    /// [`MAX_COMMANDS`](crate::limits::MAX_COMMANDS). Decide and apply one list after the other, as
    /// a license administrator or user administrator.
    pub lists: Vec<Vec<Command>>,
    /// The seats that are only assigned directly, and that cannot be freed because another plan of
    /// the user requires them (S7).
    pub required: Vec<RequiredSeat>,
    /// The seats that come from groups, which the administrators of the groups can free.
    pub inherited: Vec<InheritedSeat>,
}

/// An unused seat that another plan of the user requires (S7).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct RequiredSeat {
    /// The user.
    pub user: UserId,
    /// The plan that requires the seat: the first in the catalog's order.
    pub by: PlanId,
}

/// An unused seat that comes from groups.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct InheritedSeat {
    /// The user.
    pub user: UserId,
    /// The sources of the claim: the user, if the plan is also assigned directly, and then the
    /// groups, in the order of their ids' bytes. The seat is freed when the last source goes (S4).
    pub sources: Vec<Assignee>,
}

impl InheritedSeat {
    /// Returns the groups from which the seat comes, in the order of their ids' bytes.
    pub fn groups(&self) -> impl Iterator<Item = &GroupId> {
        self.sources.iter().filter_map(|source| match source {
            Assignee::Group(group) => Some(group),
            Assignee::User(_) => None,
        })
    }
}

impl Tenant {
    /// Returns the seats of a plan whose users did not use it since an instant, by what the host
    /// knows of its use (S19). A use at the instant itself counts as one since then. Claims that
    /// wait are not listed: they hold no seat.
    ///
    /// A user who got the seat after `since` and did not use it yet is listed too; a host that
    /// wants to spare such users answers [`LastUse::Unknown`] for them.
    ///
    /// `last_use` is asked once for each seat. `O(n log n)` in the seats of the plan; each unused
    /// seat that is only assigned directly costs a decision (see [`Tenant::decide`]).
    pub fn unused_seats(
        &self,
        plan: &PlanId,
        since: DateTime<Utc>,
        now: DateTime<Utc>,
        last_use: impl Fn(UserRef<'_>) -> LastUse,
    ) -> UnusedSeats {
        let (mut lists, mut required, mut inherited) = (CommandLists::default(), Vec::new(), Vec::new());
        let core = self.core();
        let number = core.number(plan);
        let queue =
            number.and_then(|number| core.plan(number)).into_iter().flat_map(|plan| self.state().queue_users(plan));
        let seated = usize::try_from(self.pool(plan, now).seated).unwrap_or(usize::MAX);
        for entry in queue.take(seated).filter(|entry| last_use(entry.id).is_before(since)) {
            let (user, claims) = (entry.id.to_id(), entry.held.claims());
            let claim = number.and_then(|number| claim_on(claims.as_slice(), number));
            let sources = claim.map(|claim| core.sources(&user, entry.held.groups(), claim)).unwrap_or_default();
            if sources.iter().any(|source| matches!(source, Assignee::Group(_))) {
                inherited.push(InheritedSeat { user, sources });
                continue;
            }
            match self.may_unassign(&user, plan, now) {
                Ok(command) => lists.push(vec![command]),
                Err(Some(by)) => required.push(RequiredSeat { user, by }),
                Err(None) => {}
            }
        }
        UnusedSeats { lists: lists.into_lists(), required, inherited }
    }

    /// Returns the command that takes a directly assigned plan from a user, or the plan that
    /// requires it.
    ///
    /// Commands that take the same plan from other users change nothing here: they free seats of
    /// this plan alone, and the user's other claims keep theirs.
    fn may_unassign(&self, user: &UserId, plan: &PlanId, now: DateTime<Utc>) -> Result<Command, Option<PlanId>> {
        let administrator = Actor::new(user.clone()).with(Role::LicenseAdministrator);
        let command = Command::unassign(user.clone(), plan.clone());
        match self.judge(&administrator, core::slice::from_ref(&command), now) {
            Ok(_) => Ok(command),
            Err(refusal) => match refusal.reason {
                RefusalReason::StillRequired { by, .. } => Err(Some(by)),
                _ => Err(None),
            },
        }
    }
}
