//! The steps of a remedy by which somebody loses something, and what they lose.

use core::num::NonZeroU32;

use crate::explain::text::Audience;
use crate::message::{Message, wordings};
use crate::remedy::Step;
use crate::tenant::command::{Assignee, Command, Membership, Unassignment};

wordings! {
    ADMIN_FREE_ONE = "admin.free-one", "take {plan} from 1 user who has it or waits for it ahead of this user";
    ADMIN_FREE = "admin.free", "take {plan} from {seats} users who have it or wait for it ahead of this user";
    INDIVIDUAL_FREE_ONE = "individual.free-one", "take {plan} from 1 user who has it or waits for it ahead of you";
    INDIVIDUAL_FREE = "individual.free", "take {plan} from {seats} users who have it or wait for it ahead of you";
    ADMIN_UNASSIGN_GROUP = "admin.unassign-group",
        "unassign {plan} from the whole group {from}, which takes it from all who have it only through the group";
    ADMIN_LEAVE = "admin.leave", "remove {user} from the group {group}, and so from everything that it gives";
    INDIVIDUAL_LEAVE = "individual.leave", "remove yourself from the group {group}, and so from everything that it gives";
}

/// Returns the message of a step that takes something from other users, or everything that a group
/// gives from this one; `None` for another step.
pub(super) fn loss(step: &Step, audience: Audience) -> Option<Message> {
    let is_individual = audience == Audience::Individual;
    Some(match step {
        Step::Free { plan, seats: NonZeroU32::MIN } => {
            let wording = if is_individual { INDIVIDUAL_FREE_ONE } else { ADMIN_FREE_ONE };
            wording.message().with("plan", plan)
        }
        Step::Free { plan, seats } => {
            let wording = if is_individual { INDIVIDUAL_FREE } else { ADMIN_FREE };
            wording.message().with("plan", plan).with("seats", seats)
        }
        Step::Do(Command::Unassign(Unassignment { from: from @ Assignee::Group(_), plan })) => {
            ADMIN_UNASSIGN_GROUP.message().with("plan", plan).with("from", from)
        }
        Step::Do(Command::Leave(Membership { group, .. })) if is_individual => {
            INDIVIDUAL_LEAVE.message().with("group", group)
        }
        Step::Do(Command::Leave(Membership { user, group })) => {
            ADMIN_LEAVE.message().with("user", user).with("group", group)
        }
        _ => return None,
    })
}
