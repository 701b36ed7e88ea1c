//! How texts name who has an assignment, and a source of a claim.

use crate::message::{Message, Value, wordings};
use crate::tenant::command::Assignee;

wordings! {
    DIRECT = "source.direct", "assigned directly";
    GROUP = "source.group", "through the group {group}";
}

/// Returns the message for a source: a direct assignment, or a group.
pub(crate) fn source(source: &Assignee) -> Message {
    match source {
        Assignee::User(_) => DIRECT.message(),
        Assignee::Group(group) => GROUP.message().with("group", group),
    }
}

impl From<&Assignee> for Value {
    fn from(assignee: &Assignee) -> Self {
        match assignee {
            Assignee::User(user) => user.into(),
            Assignee::Group(group) => group.into(),
        }
    }
}
