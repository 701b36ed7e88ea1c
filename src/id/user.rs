//! User ids, which are hashed when they are made.

use alloc::sync::Arc;
use core::cmp::Ordering;
use core::fmt;
use core::hash::{Hash, Hasher};
use core::str::FromStr;

use crate::collections::hashing::hash_of;
use crate::document::serde_as_text;
use crate::id::Name;
use crate::id::text::{TextError, TextKind, checked, measured};

/// The id of a user in a tenant, chosen by the host. The host decides how to treat letter case.
///
/// It is any non-empty text up to [`MAX_TEXT_BYTES`](crate::limits::MAX_TEXT_BYTES) bytes without control
/// characters and without white space at either end, compared byte for byte (C9). Clones share the
/// text. Make it once a session: it is hashed when it is made, so that no check has to hash it,
/// with the seed of the process (see [`seed_hashes`](crate::seed_hashes)).
#[derive(Clone)]
pub struct UserId {
    name: Name,
    hashed: u64,
}

impl UserId {
    /// Returns the text as it was parsed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.name.0
    }

    /// Returns an id for an administrator who is not known, as the actor of commands that are only
    /// tried.
    pub(crate) fn of_some_administrator() -> Self {
        Self::new(Name(Arc::from("administrator")))
    }

    /// Returns the hash of the text, by which a tenant's table of users finds it.
    #[inline]
    pub(crate) fn hashed(&self) -> u64 {
        self.hashed
    }

    fn new(name: Name) -> Self {
        let hashed = hash_of(&name.0);
        Self { name, hashed }
    }

    /// Returns an id with a hash that a test chooses.
    #[cfg(test)]
    pub(crate) fn with_hash(text: &str, hashed: u64) -> Self {
        Self { name: Name(Arc::from(text)), hashed }
    }
}

impl PartialEq for UserId {
    fn eq(&self, other: &Self) -> bool {
        self.name == other.name
    }
}

impl Eq for UserId {}

impl PartialOrd for UserId {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for UserId {
    fn cmp(&self, other: &Self) -> Ordering {
        self.name.cmp(&other.name)
    }
}

impl Hash for UserId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name.hash(state);
    }
}

impl PartialEq<str> for UserId {
    fn eq(&self, text: &str) -> bool {
        self.as_str() == text
    }
}

impl FromStr for UserId {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        Name::check(TextKind::UserId, text).map(Self::new)
    }
}

impl fmt::Display for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl fmt::Debug for UserId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserId({:?})", self.as_str())
    }
}

serde_as_text!(UserId);

/// The id of a user, borrowed from the tenant. [`UserRef::to_id`] returns an owned id.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UserRef<'a>(&'a str);

impl<'a> UserRef<'a> {
    /// Returns the text if it can be a user id.
    pub(crate) fn checked(id: &'a str) -> Result<Self, TextError> {
        checked(TextKind::UserId, id).map(Self)
    }

    /// Returns a part of a plain text if it can be a user id.
    #[inline]
    pub(crate) fn plain(id: &'a str) -> Result<Self, TextError> {
        measured(TextKind::UserId, id).map(Self)
    }

    /// Returns a stored text, which was a user id when it was stored.
    pub(crate) fn new(id: &'a str) -> Self {
        Self(id)
    }

    /// Returns the id as text.
    #[must_use]
    pub fn as_str(&self) -> &'a str {
        self.0
    }

    /// Returns an owned id. Allocates.
    #[must_use]
    pub fn to_id(&self) -> UserId {
        UserId::new(Name(Arc::from(self.0)))
    }
}

impl PartialEq<UserId> for UserRef<'_> {
    fn eq(&self, id: &UserId) -> bool {
        self.0 == id.as_str()
    }
}

impl PartialEq<&UserId> for UserRef<'_> {
    fn eq(&self, id: &&UserId) -> bool {
        self == *id
    }
}

impl PartialEq<str> for UserRef<'_> {
    fn eq(&self, text: &str) -> bool {
        self.0 == text
    }
}

impl fmt::Display for UserRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.0)
    }
}

impl fmt::Debug for UserRef<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "UserRef({:?})", self.0)
    }
}
