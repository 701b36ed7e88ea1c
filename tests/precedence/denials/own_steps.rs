//! What a user reads of a withdrawal, of an end without another, and of what they may do themselves.

use entitle::explain::Audience;

use super::tenants::{
    ABOUT_GOLD, ASK_VENDOR, AUDIT, DENIED, LAST, WAIT_FOR_GOLD, excluded_by_a_group, gold, many_groups, row, seated,
    text, waiting_for_one_of_two, withdrawn,
};
use crate::Row;
use crate::wordings::text_row;

/// What is read where the calendar ends before a suspension.
pub(super) fn without_end() -> Row {
    let suspended = seated([gold(0, LAST - 100)]);
    text_row(
        "individual.suspended-without-end",
        &[
            "Your license for F365 Gold, which opens `f365/audit`, has been suspended since 9999-10-22T00:00:00Z: a \
             renewal restores it.",
            "This would help:",
            "- renew F365 Gold",
            ASK_VENDOR,
        ],
        &text(&suspended, AUDIT, LAST - 60, Audience::Individual),
    )
}

/// What is read of a license that its publisher withdrew.
pub(super) fn withdrawals() -> Vec<Row> {
    use Audience::{Administrator, Individual, User};
    vec![
        row(
            "user.withdrawn",
            User,
            &[
                "The license of your organisation for F365 Gold, which opens `f365/audit`, was withdrawn by its \
                 publisher on 2026-03-06T00:00:00Z, for example after a refund.",
                ABOUT_GOLD,
            ],
            &withdrawn(),
        ),
        row(
            "individual.withdrawn",
            Individual,
            &[
                "Your license for F365 Gold, which opens `f365/audit`, was withdrawn by its vendor on \
                 2026-03-06T00:00:00Z, for example after a refund.",
                "The vendor ended your license for F365 Gold early: contact the vendor before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 2 units",
            ],
            &withdrawn(),
        ),
        row(
            "admin.denied",
            Administrator,
            &[
                DENIED,
                "- F365 Gold (`gold`): its license was withdrawn by its publisher on 2026-03-06T00:00:00Z, for example \
                 after a refund",
                "The publisher ended the license of F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 2 units",
            ],
            &withdrawn(),
        ),
    ]
}

/// What a user who is the whole tenant does with groups and apps that are off.
pub(super) fn own_steps() -> Vec<Row> {
    use Audience::Individual;
    vec![
        row(
            "user.in-queue",
            Audience::User,
            &[
                "All 2 seats of F365 Gold, which opens `f365/audit`, are taken: you are number 1 in the queue for the \
                 next one.",
                WAIT_FOR_GOLD,
            ],
            &waiting_for_one_of_two(),
        ),
        row(
            "user.excluded",
            Individual,
            &[
                "You cannot open `f365/audit`: F365 Gold, which opens it, cannot be used together with F365 Silver, \
                 which you have had for longer.",
                "Any of these would help:",
                "- remove yourself from the group `sales`, and so from everything that it gives",
                "- unassign F365 Silver from the whole group `sales`, which takes it from all who have it only through \
                 the group",
            ],
            &excluded_by_a_group(),
        ),
        row(
            "user.not-assigned",
            Individual,
            &[
                "F365 Gold, which opens `f365/audit`, is not assigned to you.",
                "Any of these would help:",
                "- assign F365 Gold to yourself",
                "- add yourself to the group `group-0`",
                "- add yourself to the group `group-1`",
                "- add yourself to the group `group-2`",
                "- add yourself to the group `group-3`",
                "  and there are more remedies",
            ],
            &many_groups(),
        ),
    ]
}
