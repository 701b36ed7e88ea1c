//! A user whose sources an event may change, and the change that the event makes.

use crate::id::user::UserId;
use crate::tenant::state::bucket::{Entry, Key};
use crate::tenant::state::sources::{Direct, Sources};
use crate::tenant::state::user::{Memberships, UserEntitlements};
use crate::tenant::state::users::Users;

/// A user whose sources an event may change.
#[derive(Debug)]
pub(crate) struct Touched<'a> {
    id: &'a str,
    user: TouchedUser<'a>,
    pub(crate) sources: Sources<'a>,
}

/// The identity of a touched user: in the table, or not yet.
#[derive(Debug, Clone, Copy)]
enum TouchedUser<'a> {
    Known(Key),
    New(&'a UserId),
}

impl<'a> Touched<'a> {
    pub(crate) fn by_id(user: &'a UserId, users: &'a Users) -> Self {
        let nothing = || Sources::new(&UserEntitlements::Nothing, Direct::new(), Memberships::new());
        let new = || Self { id: user.as_str(), user: TouchedUser::New(user), sources: nothing() };
        users.get(user).map_or_else(new, Self::by_entry)
    }

    pub(crate) fn by_entry(entry: Entry<'a>) -> Self {
        Self { id: entry.id.as_str(), user: TouchedUser::Known(entry.key), sources: Sources::of(entry.held) }
    }

    pub(crate) fn id(&self) -> &'a str {
        self.id
    }
}

/// The change of a user's entitlements by an event.
#[derive(Debug)]
pub(crate) struct UserDiff<'a> {
    pub(crate) id: &'a str,
    pub(crate) before: &'a UserEntitlements,
    pub(crate) after: UserEntitlements,
}

impl<'a> UserDiff<'a> {
    pub(crate) fn of(touched: &Touched<'a>, after: UserEntitlements) -> Self {
        Self { id: touched.id, before: touched.sources.before, after }
    }
}

/// The change of a user's entry in the table.
#[derive(Debug)]
pub(crate) struct Change {
    pub(super) user: OwnedUser,
    pub(super) after: UserEntitlements,
}

#[derive(Debug)]
pub(super) enum OwnedUser {
    Known(Key),
    New(UserId),
}

impl Change {
    /// Returns the change to commit once the table of users is no longer borrowed.
    pub(crate) fn of(touched: &Touched<'_>, after: UserEntitlements) -> Self {
        let user = match touched.user {
            TouchedUser::Known(key) => OwnedUser::Known(key),
            TouchedUser::New(id) => OwnedUser::New(UserId::clone(id)),
        };
        Self { user, after }
    }
}
