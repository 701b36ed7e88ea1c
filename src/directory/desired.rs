//! The users, groups and members that should be.

use alloc::collections::{BTreeMap, BTreeSet};

use crate::id::GroupId;
use crate::id::user::UserId;

/// The users, groups and members that a tenant should have, as a host reads them from the directory
/// of the organisation (S19).
///
/// [`Tenant::reconcile`](crate::Tenant::reconcile) returns the commands that make it so. Read all
/// pages of the directory first: a user who is missing here is removed from the tenant. Nested
/// groups are the host's to expand: a group has users, no groups (G1).
///
/// As JSON it is `{"users":["ada","bo"],"groups":{"sales":["ada"]}}`. Repeated entries, and members
/// who are not among the users, are refused.
///
/// ```
/// use entitle::chrono::{DateTime, Utc};
/// use entitle::directory::{Directory, LossLimit};
/// use entitle::record::Beginning;
/// use entitle::{Actor, Catalog, KeyRing, RecordId, RequestId, Role, Tenant};
///
/// fn main() -> Result<(), Box<dyn std::error::Error>> {
///     let catalog = Catalog::from_json(
///         r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
///              "apps": [{ "id": "export", "access": "licensed" }],
///              "plans": [{ "id": "pro", "scope": "user", "name": "Studio Pro", "apps": ["export"] }] }"#,
///     )?;
///     let beginning = Beginning::new("contoso".parse()?, RecordId::from_random([5; 16]));
///     let mut tenant = Tenant::new(&catalog, &KeyRing::new(), &beginning);
///     let sync = Actor::new("directory-sync".parse()?).with(Role::UserAdministrator);
///     let now: DateTime<Utc> = "2026-03-01T08:00:00Z".parse()?;
///
///     let directory = Directory::new()
///         .with_member("ada".parse()?, "sales".parse()?)
///         .with_member("bo".parse()?, "sales".parse()?)
///         .with_user("cy".parse()?);
///     let reconciliation = tenant.reconcile(&directory, LossLimit::new(10)?)?;
///     for (commands, random) in reconciliation.lists.iter().zip(1..) {
///         let request = RequestId::from_random([random; 16]); // 16 random bytes in an application
///         let entry = tenant.decide(&sync, commands, request, now)?; // store entry.text(), then
///         tenant.apply(&entry)?;
///     }
///     assert_eq!(tenant.members(&"sales".parse()?).count(), 2);
///     assert!(tenant.reconcile(&directory, LossLimit::new(10)?)?.is_done());
///
///     // A page of the directory that failed removes nobody.
///     let refused = tenant.reconcile(&Directory::new(), LossLimit::ALL).unwrap_err();
///     assert_eq!(refused.code(), "reconcile.no-users");
///     Ok(())
/// }
/// ```
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Directory {
    /// The users, each with their groups.
    users: BTreeMap<UserId, BTreeSet<GroupId>>,
    groups: BTreeSet<GroupId>,
}

impl Directory {
    /// Returns a directory without users and groups.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Returns the directory with a user. A user who is in it already stays as they are.
    ///
    /// `O(log n)` in the users.
    #[must_use]
    pub fn with_user(mut self, user: UserId) -> Self {
        self.users.entry(user).or_default();
        self
    }

    /// Returns the directory with a group, which may have no members. A group that is in it already
    /// stays as it is.
    ///
    /// `O(log n)` in the groups.
    #[must_use]
    pub fn with_group(mut self, group: GroupId) -> Self {
        self.groups.insert(group);
        self
    }

    /// Returns the directory with a user, a group, and the user as a member of the group.
    ///
    /// `O(log n)` in the users and groups.
    #[must_use]
    pub fn with_member(mut self, user: UserId, group: GroupId) -> Self {
        self.users.entry(user).or_default().insert(group.clone());
        self.with_group(group)
    }

    /// Returns the users in the order of their ids' bytes, each with their groups.
    pub fn users(&self) -> impl Iterator<Item = (&UserId, &BTreeSet<GroupId>)> {
        self.users.iter()
    }

    /// Returns the groups in the order of their ids' bytes, those without members included.
    pub fn groups(&self) -> impl Iterator<Item = &GroupId> {
        self.groups.iter()
    }

    /// Returns whether a user is in the directory.
    #[must_use]
    pub fn has_user(&self, user: &UserId) -> bool {
        self.users.contains_key(user)
    }

    /// Returns whether a user is a member of a group.
    #[must_use]
    pub fn has_member(&self, user: &UserId, group: &GroupId) -> bool {
        self.users.get(user).is_some_and(|groups| groups.contains(group))
    }
}
