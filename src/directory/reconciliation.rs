//! The commands that make a tenant's users, groups and members those of a directory (S19).

use alloc::collections::BTreeSet;
use alloc::vec;
use alloc::vec::Vec;

use serde::Serialize;

use crate::directory::command_lists::CommandLists;
use crate::directory::desired::Directory;
use crate::directory::error::ReconcileError;
use crate::directory::loss_limit::LossLimit;
use crate::directory::losses::{Losses, PlanLoss, count};
use crate::id::user::UserId;
use crate::id::{GroupId, PlanId};
use crate::tenant::Tenant;
use crate::tenant::command::{Command, MAX_COMMANDS};
use crate::tenant::limits::MAX_GROUPS;
use crate::tenant::state::bucket::Entry;
use crate::tenant::state::user::Claim;

/// The commands that make the users, groups and members of a tenant those of a directory (S19).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
#[must_use]
pub struct Reconciliation {
    /// The commands, in lists of at most [`MAX_COMMANDS`]. Decide and apply one list after the
    /// other, as a user administrator.
    ///
    /// Users are in the order of their ids' bytes. The commands of one user are in one list, so
    /// that a user who moves between groups with the same plan keeps their seat and their place
    /// (S6).
    pub lists: Vec<Vec<Command>>,
    /// The users who lose their last source of a plan, by the bytes of their ids, then by the bytes
    /// of the plans' ids.
    pub losses: Vec<PlanLoss>,
}

impl Reconciliation {
    /// Returns whether nothing is left to do: the users and members are those of the directory.
    #[must_use]
    pub fn is_done(&self) -> bool {
        self.lists.is_empty()
    }
}

impl Tenant {
    /// Returns the commands that make the users, groups and members those of a directory, and who
    /// loses which plan by them. Changes nothing, and depends on no instant (S19).
    ///
    /// - A user who is not in the directory is removed, with all claims and memberships (S13).
    /// - A user whom the tenant does not know yet joins their groups; without groups they need no
    ///   command (S15).
    /// - A group that is not in the directory loses its members. It goes with the last one if it has
    ///   no plans; a group with plans stays, without members.
    /// - Direct assignments, and the plans of groups, stay as they are.
    ///
    /// Commands are for the tenant as it is: if it changes before all lists are applied, reconcile
    /// again. After all lists are applied, nothing is left to do.
    ///
    /// `O(n log n)` in the users and memberships of the tenant and the directory; a user who leaves
    /// a group costs the product of their claims and their groups in the directory.
    ///
    /// # Errors
    ///
    /// [`ReconcileError`] for a directory without users, whatever the limit; for a user who is in
    /// more than [`MAX_GROUPS`] groups or needs more than [`MAX_COMMANDS`] commands, of several the
    /// first by id; and if the users who lose their last source of a plan are more than `limit` of
    /// all users of the tenant, of the users who claim one plan and lose that plan, or of the
    /// members of one group, asked in this order. So a page of the directory that is missing or cut
    /// short takes nobody's license.
    pub fn reconcile(&self, directory: &Directory, limit: LossLimit) -> Result<Reconciliation, ReconcileError> {
        let mut wanted = directory.users().peekable();
        if wanted.peek().is_none() {
            return Err(ReconcileError::NoUsers { users: count(self.user_count()) });
        }
        let mut known: Vec<Entry<'_>> = self.state().users.iter().collect();
        known.sort_unstable_by_key(|user| user.id);
        let mut known = known.into_iter().peekable();
        let mut builder = Builder { tenant: self, lists: CommandLists::default(), losses: Losses::default() };
        for (user, groups) in wanted {
            while let Some(gone) = known.next_if(|known| known.id.as_str() < user.as_str()) {
                builder.remove(gone);
            }
            let entry = known.next_if(|known| known.id == *user);
            builder.change(user, entry, groups)?;
        }
        known.for_each(|gone| builder.remove(gone));
        let losses = builder.losses.within(limit, self)?;
        Ok(Reconciliation { lists: builder.lists.into_lists(), losses })
    }
}

/// A reconciliation of which some users are done.
struct Builder<'a> {
    tenant: &'a Tenant,
    lists: CommandLists,
    losses: Losses<'a>,
}

impl<'a> Builder<'a> {
    /// Adds the removal of a user who is not in the directory.
    fn remove(&mut self, Entry { id, held, .. }: Entry<'a>) {
        let user = id.to_id();
        let lost = held.claims().as_slice().iter().filter_map(|claim| self.plan(claim)).collect();
        self.losses.add(&user, held.groups(), lost);
        self.lists.push(vec![Command::RemoveUser(user)]);
    }

    /// Adds the commands that make a user a member of these groups and of no others: leaves before
    /// joins, because the number of groups is limited after each command.
    fn change(
        &mut self,
        user: &UserId,
        entry: Option<Entry<'a>>,
        wanted: &BTreeSet<GroupId>,
    ) -> Result<(), ReconcileError> {
        if wanted.len() > MAX_GROUPS {
            return Err(ReconcileError::TooManyGroups { user: user.clone(), groups: wanted.len() });
        }
        let groups = entry.map_or(&[][..], |entry| entry.held.groups());
        let left: Vec<&GroupId> = groups.iter().filter(|group| !wanted.contains(*group)).collect();
        let joined = wanted.iter().filter(|group| groups.binary_search(group).is_err());
        let leaves = left.iter().map(|&group| Command::leave(user.clone(), group.clone()));
        let commands: Vec<Command> =
            leaves.chain(joined.map(|group| Command::join(user.clone(), group.clone()))).collect();
        if commands.len() > MAX_COMMANDS {
            return Err(ReconcileError::TooManyCommands { user: user.clone(), commands: commands.len() });
        }
        self.lists.push(commands);
        // A user who leaves no group loses nothing.
        if let Some(entry) = entry.filter(|_| !left.is_empty()) {
            let claims = entry.held.claims();
            let lost = claims.as_slice().iter().filter(|claim| !claim.is_direct() && !self.is_inherited(claim, wanted));
            let lost = lost.filter_map(|claim| self.plan(claim)).collect();
            self.losses.add(user, groups, lost);
        }
        Ok(())
    }

    /// Returns whether one of these groups has the plan of a claim.
    fn is_inherited(&self, claim: &Claim, groups: &BTreeSet<GroupId>) -> bool {
        let core = self.tenant.core();
        groups.iter().filter_map(|group| core.groups.get(group)).any(|group| group.plans.contains(&claim.plan))
    }

    fn plan(&self, claim: &Claim) -> Option<&'a PlanId> {
        self.tenant.core().numbering().id(claim.plan)
    }
}
