//! What an administrator reads.

use entitle::explain::Audience;
use entitle::license::Termination;
use entitle::time::Length;
use entitle::{Grant, Tenant};

use super::tenants::{
    DENIED, excluded, gold, impossible, many_groups, one_turned_off, revoked, row, seated, trial, turned_off, unmet,
    waiting, wants_a_list, with_gold,
};
use crate::Row;
use crate::support::{Vendor, day, units, window};

/// What an administrator reads.
pub(super) fn administrators() -> Vec<Row> {
    let row = |lines: &[&str], tenant: &Tenant| row("admin.denied", Audience::Administrator, lines, tenant);
    let license = "01010101010101010101010101010101";
    let withdrawn = gold(20, 100).ending(Termination::Withdrawn(day(5)));
    vec![
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): no license grants it",
                "This would help:",
                "- buy 1 unit of F365 Gold, then assign F365 Gold to `ada`",
            ],
            &Vendor::fabrikam().contoso([]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): it is not assigned to this user",
                "This would help:",
                "- assign F365 Gold to `ada`",
            ],
            &Vendor::fabrikam().contoso([gold(0, 100)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license ended on 2025-12-11T00:00:00Z",
                "This would help:",
                "- renew F365 Gold with at least 1 unit (licensed before: 1)",
            ],
            &seated([gold(-300, -200)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its trial ended on 2026-02-19T00:00:00Z",
                "This would help:",
                "- buy 1 unit of F365 Gold",
            ],
            &seated([Grant::trial("gold".parse().unwrap(), units(1), window(-20, -10), Length::days(5).unwrap())]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license was ended before it began",
                "The publisher ended the license of F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 1 unit",
            ],
            &seated([withdrawn]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license was revoked on 2026-03-02T00:00:00Z",
                "The publisher ended the license of F365 Gold early: contact the publisher before you buy it again.",
                "This would help:",
                "- buy F365 Gold again with at least 1 unit",
            ],
            &revoked(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license has been suspended since 2026-02-19T00:00:00Z: a renewal before \
                 2026-05-20T00:00:00Z restores it",
                "This would help:",
                "- renew F365 Gold with at least 1 unit (licensed before: 1)",
            ],
            &seated([gold(-100, -40)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its trial has not been started, which is possible until 2026-04-20T00:00:00Z",
                "Any of these would help:",
                &format!(
                    "- have the user sign up before 2026-04-20T00:00:00Z for the trial of F365 Gold in the license \
                     {license}"
                ),
                &format!(
                    "- start the trial of F365 Gold in the license {license} before 2026-04-20T00:00:00Z, then assign \
                     F365 Gold to `ada`"
                ),
                "- buy 1 unit of F365 Gold, then assign F365 Gold to `ada`",
            ],
            &Vendor::fabrikam().contoso([trial()]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license starts on 2026-03-21T00:00:00Z",
                "Any of these would help:",
                "- wait until 2026-03-21T00:00:00Z",
                "- if it cannot wait: ask the publisher for an earlier start, or buy 1 unit of F365 Gold for the time \
                 before 2026-03-21T00:00:00Z",
            ],
            &seated([gold(20, 100)]),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license has not started, and will not become usable by time alone",
                "Any of these would help:",
                "- buy 1 unit of F365 Gold",
                "- wait until 2026-03-21T00:00:00Z, then ask the publisher for its latest revocation list, and install it",
            ],
            &wants_a_list(gold(20, 100), 25),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): its license requires a revocation list that is less than 10 days old, and has \
                 given nothing without one since 2026-03-01T00:00:00Z",
                "This would help:",
                "- ask the publisher for its latest revocation list, and install it",
            ],
            &wants_a_list(gold(0, 100), 10),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): this user waits for a seat as number 1: the only seat is taken",
                "Any of these would help:",
                "- buy 1 unit of F365 Gold",
                "- take F365 Gold from 1 user who has it or waits for it ahead of this user",
            ],
            &waiting(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): this user has had F365 Silver for longer, and the two cannot be used together",
                "This would help:",
                "- unassign F365 Silver from `ada`",
            ],
            &excluded(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): it requires F365 Bronze or F365 Silver, which is not in effect",
                "Any of these would help:",
                "- buy 1 unit of F365 Bronze, then assign F365 Bronze to `ada`",
                "- buy 1 unit of F365 Silver, then assign F365 Silver to `ada`",
            ],
            &unmet(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): an administrator turned this app off for this user",
                "Any of these would help:",
                "- assign F365 Gold to `ada` again, with `f365/audit` turned on, without `f365/forecasts`",
                "- assign F365 Gold to the group `staff` without `f365/forecasts`",
            ],
            &turned_off(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): an administrator turned this app off for this user",
                "This would help:",
                "- assign F365 Gold to `ada` again, with `f365/audit` turned on",
            ],
            &one_turned_off(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): it is not assigned to this user",
                "Any of these would help:",
                "- assign F365 Gold to `ada`",
                "- add `ada` to the group `group-0`",
                "- add `ada` to the group `group-1`",
                "- add `ada` to the group `group-2`",
                "- add `ada` to the group `group-3`",
                "  and there are more remedies",
            ],
            &many_groups(),
        ),
        row(
            &[
                DENIED,
                "- F365 Gold (`gold`): no license grants it",
                "This would help, for example:",
                "- buy 1 unit of F365 Silver, which F365 Gold requires, then buy 1 unit of F365 Bronze, which F365 Gold \
                 requires, then buy 1 unit of F365 Gold, then assign F365 Silver to `ada`, then assign F365 Bronze to \
                 `ada`, then assign F365 Gold to `ada`",
            ],
            &with_gold(r#""requires": [["bronze"], ["silver"]]"#).contoso([]),
        ),
        row(
            &[DENIED, "- F365 Gold (`gold`): no license grants it", "No remedy was found: contact the publisher."],
            &impossible().contoso([]),
        ),
    ]
}
