//! Steps compared with each other: which comes first, which are the same, which numbers they have.

use alloc::vec::Vec;
use core::mem::discriminant;
use core::num::NonZeroU32;

use crate::id::PlanId;
use crate::remedy::step::Step;
use crate::tenant::command::{Assignee, Assignment, Command, Unassignment};

/// How much a step demands of others. Steps that demand less are returned first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rank {
    /// A command about the user.
    User,
    /// A trial, a list or a setting, which demands nothing of anybody.
    Nobody,
    /// Waiting.
    Wait,
    /// Another release of the application.
    Release,
    /// A purchase.
    Buy,
    /// The seat of another user.
    Others,
    /// A command about a whole group.
    Group,
}

pub(crate) fn rank(step: &Step) -> Rank {
    match step {
        Step::Do(
            Command::Assign(Assignment { to: Assignee::Group(_), .. })
            | Command::Unassign(Unassignment { from: Assignee::Group(_), .. }),
        ) => Rank::Group,
        Step::Do(
            Command::Assign(_)
            | Command::Unassign(_)
            | Command::Join(_)
            | Command::Leave(_)
            | Command::SignUp(_)
            | Command::ClaimSeat(_),
        ) => Rank::User,
        Step::Do(_) | Step::TakeList | Step::CompareClock { .. } => Rank::Nobody,
        Step::Wait { .. } => Rank::Wait,
        Step::UseRelease { .. } => Rank::Release,
        Step::Buy { .. } => Rank::Buy,
        Step::Free { .. } => Rank::Others,
    }
}

/// Returns whether the steps free seats of a plan and also assign it to a group or unassign it from
/// one. A user who gives up a seat may be in that group, so the number of freed seats is unknown.
pub(crate) fn is_uncertain(steps: &[Step]) -> bool {
    let of_group = |step: &Step, freed: &PlanId| match step {
        Step::Do(
            Command::Assign(Assignment { to: Assignee::Group(_), plan, .. })
            | Command::Unassign(Unassignment { from: Assignee::Group(_), plan }),
        ) => plan == freed,
        _ => false,
    };
    steps.iter().any(|step| match step {
        Step::Free { plan, .. } => steps.iter().any(|other| of_group(other, plan)),
        _ => false,
    })
}

/// Returns the number of units or seats of a purchase or a freeing of seats.
pub(super) fn amount(step: &Step) -> Option<NonZeroU32> {
    match step {
        Step::Free { seats, .. } => Some(*seats),
        Step::Buy { units, .. } => Some(*units),
        Step::Do(_) | Step::UseRelease { .. } | Step::TakeList | Step::CompareClock { .. } | Step::Wait { .. } => None,
    }
}

pub(super) fn with_amount(steps: &[Step], at: usize, number: NonZeroU32) -> Vec<Step> {
    let mut steps = steps.to_vec();
    match steps.get_mut(at) {
        Some(Step::Free { seats, .. }) => *seats = number,
        Some(Step::Buy { units, .. }) => *units = number,
        _ => {}
    }
    steps
}

/// Returns whether two steps are equal apart from numbers, dates and apps that stay off.
pub(crate) fn is_same(one: &Step, two: &Step) -> bool {
    match (one, two) {
        (Step::Do(Command::Assign(one)), Step::Do(Command::Assign(two))) => one.to == two.to && one.plan == two.plan,
        (Step::Do(one), Step::Do(two)) => one == two,
        (Step::Free { plan: one, .. }, Step::Free { plan: two, .. })
        | (Step::Buy { plan: one, .. }, Step::Buy { plan: two, .. }) => one == two,
        _ => discriminant(one) == discriminant(two),
    }
}
