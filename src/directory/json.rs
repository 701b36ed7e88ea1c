//! Directories as JSON, read strictly: no entry is repeated, and every member is a user.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use serde::de::Error;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::directory::desired::Directory;
use crate::document::{FromDocument, Names, ReadError, TakeFields, ValueReader, Want, object};
use crate::id::GroupId;
use crate::id::user::UserId;

/// The text of a directory.
#[derive(Serialize)]
struct DirectoryText {
    users: Vec<UserId>,
    groups: Groups,
}

object! { DirectoryText { users, groups } }

/// The groups of a directory, each with its members.
#[derive(Serialize)]
#[serde(transparent)]
struct Groups(BTreeMap<GroupId, Vec<UserId>>);

impl FromDocument for Groups {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        let mut groups = Self(BTreeMap::new());
        let expected = "an object with a list of members for each group";
        value.read(Want::Object { expected: &expected, names: Names::Any, take: &mut groups })?;
        Ok(groups)
    }
}

impl TakeFields for Groups {
    /// Refuses a group that is repeated.
    fn take(&mut self, name: &str, members: &mut dyn ValueReader) -> Result<(), ReadError> {
        let group: GroupId = name.parse().map_err(ReadError::of)?;
        let members = Vec::read(members)?;
        if self.0.contains_key(&group) {
            return Err(ReadError::of(format_args!("the group `{group}` is repeated: list it once")));
        }
        self.0.insert(group, members);
        Ok(())
    }

    fn end(&mut self) -> Result<(), ReadError> {
        Ok(())
    }
}

impl Serialize for Directory {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut groups: BTreeMap<GroupId, Vec<UserId>> = self.groups().cloned().map(|id| (id, Vec::new())).collect();
        for (user, of_user) in self.users() {
            for group in of_user {
                groups.entry(group.clone()).or_default().push(user.clone());
            }
        }
        let users = self.users().map(|(user, _)| user.clone()).collect();
        DirectoryText { users, groups: Groups(groups) }.serialize(serializer)
    }
}

impl<'de> Deserialize<'de> for Directory {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let DirectoryText { users, groups } = Deserialize::deserialize(deserializer)?;
        let mut directory = Self::new();
        for user in users {
            if directory.has_user(&user) {
                return Err(D::Error::custom(format_args!("the user `{user}` is repeated: list the user once")));
            }
            directory = directory.with_user(user);
        }
        for (group, members) in groups.0 {
            directory = directory.with_group(group.clone());
            for user in members {
                if !directory.has_user(&user) {
                    let text = format_args!("`{user}` is in the group `{group}` but not in `users`: add the user");
                    return Err(D::Error::custom(text));
                }
                if directory.has_member(&user, &group) {
                    let text = format_args!("`{user}` is repeated in the group `{group}`: list the member once");
                    return Err(D::Error::custom(text));
                }
                directory = directory.with_member(user, group.clone());
            }
        }
        Ok(directory)
    }
}
