//! The steps of a remedy as a person reads them who is the whole tenant: what they do for themself,
//! and what they ask the vendor for.

use crate::catalog::release::Release;
use crate::message::{Message, wordings};
use crate::remedy::Step;
use crate::tenant::command::{Assignee, Assignment, Command, Membership, Unassignment};

wordings! {
    INDIVIDUAL_ASSIGN = "individual.assign", "assign {plan} to yourself";
    INDIVIDUAL_JOIN = "individual.join", "add yourself to the group {group}";
    INDIVIDUAL_UNASSIGN = "individual.unassign", "unassign {plan} from yourself";
    INDIVIDUAL_CLAIM_SEAT = "individual.claim-seat", "claim a free seat of {plan}";
    INDIVIDUAL_TAKE_LIST = "individual.take-list", "ask the vendor for the latest revocation list, and install it";
    INDIVIDUAL_USE_DATED_RELEASE = "individual.use-dated-release",
        "ask the vendor for a release of the application that names its date, from before {fallback}: this one has none";
}

/// Returns the message of a step for a user who is the whole tenant; `None` where it is that for an
/// administrator.
pub(super) fn own_step(step: &Step) -> Option<Message> {
    // A step names no other user.
    Some(match step {
        Step::Do(Command::Assign(Assignment { to: Assignee::User(_), plan, except })) if except.is_empty() => {
            INDIVIDUAL_ASSIGN.message().with("plan", plan)
        }
        Step::Do(Command::Join(Membership { group, .. })) => INDIVIDUAL_JOIN.message().with("group", group),
        Step::Do(Command::Unassign(Unassignment { from: Assignee::User(_), plan })) => {
            INDIVIDUAL_UNASSIGN.message().with("plan", plan)
        }
        Step::Do(Command::ClaimSeat(plan)) => INDIVIDUAL_CLAIM_SEAT.message().with("plan", plan),
        Step::TakeList => INDIVIDUAL_TAKE_LIST.message(),
        Step::UseRelease { current: Release::Undated, before } => {
            INDIVIDUAL_USE_DATED_RELEASE.message().with("fallback", before)
        }
        _ => return None,
    })
}
