//! The users and groups of a command line, and of a file.

use std::path::PathBuf;

use clap::Args;
use entitle::command::Assignee;
use entitle::time::EARLIEST;
use entitle::{GroupId, PlanId, Tenant, UserId};

use super::people_file;
use crate::exit::Failure;
use crate::tenant::once::require_once;
use crate::tenant::words::id;

// A plan, and to or from whom it is assigned.
#[derive(Debug, Args)]
pub(crate) struct PlanAssignees {
    /// The plan.
    pub(super) plan: PlanId,
    /// The users.
    #[arg(value_name = "USER", required_unless_present_any = ["groups", "users_from"])]
    users: Vec<UserId>,
    /// A file with more users, one a line or as CSV.
    #[arg(long, value_name = "FILE")]
    pub(super) users_from: Option<PathBuf>,
    /// A group. Can be repeated.
    #[arg(long = "group", value_name = "GROUP")]
    groups: Vec<GroupId>,
}

// A group, and who joins or leaves it.
#[derive(Debug, Args)]
pub(crate) struct Members {
    /// The group. The first member makes it.
    pub(super) group: GroupId,
    /// The users.
    #[arg(value_name = "USER", required_unless_present = "users_from")]
    users: Vec<UserId>,
    /// A file with more users, one a line or as CSV.
    #[arg(long, value_name = "FILE")]
    pub(super) users_from: Option<PathBuf>,
}

impl PlanAssignees {
    /// Returns the users and groups, each once.
    pub(super) fn all(&self, tenant: &Tenant) -> Result<Vec<Assignee>, Failure> {
        require_once("group", &self.groups)?;
        let users = people(tenant, &self.users, self.users_from.as_ref())?.into_iter().map(Assignee::User);
        Ok(users.chain(self.groups.iter().cloned().map(Assignee::Group)).collect())
    }
}

impl Members {
    /// Returns the users, each once.
    pub(super) fn all(&self, tenant: &Tenant) -> Result<Vec<UserId>, Failure> {
        people(tenant, &self.users, self.users_from.as_ref())
    }
}

/// Returns the users of a command line and of a file, each once. A group in the place of a user
/// would become a user of that name, with a seat (S15).
fn people(tenant: &Tenant, users: &[UserId], from: Option<&PathBuf>) -> Result<Vec<UserId>, Failure> {
    let mut all = users.to_vec();
    if let Some(file) = from {
        all.extend(people_file::read(file)?);
    }
    require_once("user", &all)?;
    let is_group = |user: &&UserId| {
        let group = user.as_str().parse::<GroupId>().ok().and_then(|group| tenant.group(&group));
        group.is_some() && tenant.groups_of(user).is_empty() && tenant.claims_of(user, EARLIEST).is_empty()
    };
    match all.iter().find(is_group) {
        Some(group) => {
            Err(Failure::usage("cli.is-a-group", format!("{} is a group, and no user has that id", id(group)))
                .help("name a group with --group, or first after `join` and `leave`; nothing was done"))
        }
        None => Ok(all),
    }
}
