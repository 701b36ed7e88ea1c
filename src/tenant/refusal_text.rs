//! Parts of the messages of refusals.

use core::fmt;

use chrono::{DateTime, Utc};

use crate::tenant::command::Assignee;
use crate::time::Written;

/// Shows the sources of a claim.
pub(crate) struct WithSources<'a>(pub(crate) &'a [Assignee]);

impl fmt::Display for WithSources<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().enumerate().try_for_each(|(index, source)| {
            f.write_str(if index == 0 { "" } else { " and " })?;
            match source {
                Assignee::User(_) => f.write_str("directly"),
                Assignee::Group(group) => write!(f, "from `{group}`"),
            }
        })
    }
}

/// Shows how many claims wait, if any do.
pub(crate) struct Waiting(pub(crate) u64);

impl fmt::Display for Waiting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            0 => Ok(()),
            1 => f.write_str(", 1 waits"),
            waiting => write!(f, ", {waiting} wait"),
        }
    }
}

/// Shows when more units begin, if some do.
pub(crate) struct MoreFrom(pub(crate) Option<DateTime<Utc>>);

impl fmt::Display for MoreFrom {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.map_or(Ok(()), |from| write!(f, ", more from {}", Written(from)))
    }
}
