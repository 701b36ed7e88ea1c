//! The users of a tenant, or of one of its groups, sorted by id: for pages of a list and for
//! search.

use alloc::vec::Vec;

use crate::id::GroupId;
use crate::id::user::{UserId, UserRef};
use crate::tenant::Tenant;
use crate::tenant::state::bucket::{Entry, Key};

/// Users of one value of a tenant, sorted by the bytes of their ids: for pages of a list, and for
/// search by the beginning of an id.
///
/// The tenant keeps its users by hash, so that a check finds one at once. The index is built on
/// demand, holds four bytes a user, and shares the tenant. A host keeps it beside the tenant that it
/// publishes and [refreshes](UserIndex::refreshed) it.
#[derive(Debug, Clone)]
pub struct UserIndex {
    tenant: Tenant,
    of: IndexedUsers,
    /// The keys of the users in the tenant's table, by the bytes of their ids.
    sorted: Vec<Key>,
}

/// Which users an index has.
#[derive(Debug, Clone)]
enum IndexedUsers {
    All,
    MembersOf(GroupId),
}

/// A difference between two indexes at a place of the earlier one.
enum Edit {
    /// The user at the place is removed.
    Remove,
    /// A user is inserted before the place.
    Insert(Key),
}

impl Tenant {
    /// Returns the users who have a claim or a membership, sorted. `O(n log n)` in the users.
    #[must_use]
    pub fn user_index(&self) -> UserIndex {
        UserIndex::new(self, IndexedUsers::All, self.state().users.iter())
    }

    /// Returns the members of a group, sorted; nobody for a group that the tenant does not know.
    /// `O(n log n)` in the members.
    #[must_use]
    pub fn member_index(&self, group: &GroupId) -> UserIndex {
        let members = self.core().groups.get(group).into_iter().flat_map(|group| group.members.iter());
        let members = members.filter_map(|(member, ())| self.state().users.entry(*member));
        UserIndex::new(self, IndexedUsers::MembersOf(group.clone()), members)
    }
}

impl UserIndex {
    fn new<'a>(tenant: &Tenant, of: IndexedUsers, users: impl Iterator<Item = Entry<'a>>) -> Self {
        let sorted = sort(users).into_iter().map(|(_, key)| key).collect();
        Self { tenant: tenant.clone(), of, sorted }
    }

    /// Returns the number of users.
    #[must_use]
    pub fn len(&self) -> usize {
        self.sorted.len()
    }

    /// Returns whether there is no user.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.sorted.is_empty()
    }

    /// Returns the tenant whose users these are.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Returns the users whose ids begin with `prefix`, sorted; all of them for an empty prefix.
    /// `O(log n)` in the users, and `O(1)` for each that is taken from the iterator.
    pub fn users<'a>(&'a self, prefix: &'a str) -> impl Iterator<Item = UserRef<'a>> {
        self.from(self.first(|id| id >= prefix), prefix)
    }

    /// Returns the users of [`UserIndex::users`] after the last one of a page. The user need not
    /// exist any more. Costs the same.
    pub fn users_after<'a>(&'a self, prefix: &'a str, last: &UserId) -> impl Iterator<Item = UserRef<'a>> {
        self.from(self.first(|id| id >= prefix && id > last.as_str()), prefix)
    }

    /// Returns the same index of another value of the same tenant.
    ///
    /// For all users, `O(m log n)` in the users `m` of the parts of the table that the two values do
    /// not share, which are few after few changes, and a copy of four bytes a user. Two values of
    /// which neither was made from the other, such as two replays, share nothing. For the members
    /// of a group, what [`Tenant::member_index`] costs.
    #[must_use]
    pub fn refreshed(&self, tenant: &Tenant) -> Self {
        match &self.of {
            IndexedUsers::All => self.refreshed_all(tenant),
            IndexedUsers::MembersOf(group) => tenant.member_index(group),
        }
    }

    fn refreshed_all(&self, tenant: &Tenant) -> Self {
        let (before, after) = (&self.tenant.state().users, &tenant.state().users);
        let place = |id: UserRef<'_>| self.first(|other| other >= id.as_str());
        let removals = sort(before.unshared(after)).into_iter().map(|(id, _)| (place(id), Edit::Remove));
        let insertions = sort(after.unshared(before)).into_iter().map(|(id, key)| (place(id), Edit::Insert(key)));
        let mut edits: Vec<(usize, Edit)> = removals.chain(insertions).collect();
        // Stable, so that insertions at one place stay sorted by id.
        edits.sort_by_key(|(place, _)| *place);
        let (mut sorted, mut copied) = (Vec::with_capacity(tenant.user_count()), 0);
        for (place, edit) in edits {
            sorted.extend(self.sorted.get(copied..place).unwrap_or_default());
            copied = copied.max(place);
            match edit {
                Edit::Remove => copied = copied.saturating_add(1),
                Edit::Insert(key) => sorted.push(key),
            }
        }
        sorted.extend(self.sorted.get(copied..).unwrap_or_default());
        Self { tenant: tenant.clone(), of: IndexedUsers::All, sorted }
    }

    fn id(&self, key: Key) -> Option<UserRef<'_>> {
        self.tenant.state().users.entry(key).map(|user| user.id)
    }

    /// Returns the index of the first user whose id is one of those that `is_behind` accepts, which
    /// are the last ones.
    fn first(&self, is_behind: impl Fn(&str) -> bool) -> usize {
        self.sorted.partition_point(|key| self.id(*key).is_some_and(|id| !is_behind(id.as_str())))
    }

    fn from<'a>(&'a self, first: usize, prefix: &'a str) -> impl Iterator<Item = UserRef<'a>> {
        let rest = self.sorted.get(first..).unwrap_or_default().iter().filter_map(|key| self.id(*key));
        rest.take_while(move |id| id.as_str().starts_with(prefix))
    }
}

/// Returns users sorted by the bytes of their ids, with their keys.
fn sort<'a>(users: impl Iterator<Item = Entry<'a>>) -> Vec<(UserRef<'a>, Key)> {
    let mut sorted: Vec<_> = users.map(|user| (user.id, user.key)).collect();
    sorted.sort_unstable();
    sorted
}
