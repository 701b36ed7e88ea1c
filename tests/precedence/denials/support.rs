//! What the support desk reads.

use entitle::explain::Audience;
use entitle::{Grant, Tenant, Term, Units};

use super::tenants::{gold, row, trial, unmet, waiting, withdrawn};
use crate::Row;
use crate::support::{Vendor, day};

/// What the support desk reads.
pub(super) fn support() -> Vec<Row> {
    let row = |lines: &[&str], tenant: &Tenant| row("support.denied", Audience::SupportDesk, lines, tenant);
    let ended = "  license 01010101010101010101010101010101 revision 1: paid, units: 1, ended, next change by time: \
                 never";
    let unlimited = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    vec![
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-06-09T00:00:00Z, after entry 3",
                "- F365 Gold (`gold`, reason.waiting): this user waits for a seat as number 1: the only seat is taken",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 1, next change by time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  claimed since entry 3, through the group `staff`",
                "Any of these would help:",
                "- buy 1 unit of `gold`",
                "- take `gold` from 1 user who has it or waits for it ahead of this user",
            ],
            &waiting(),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: never, after entry 1",
                "- F365 Gold (`gold`, reason.not-assigned): it is not assigned to this user",
                "  usable units: unlimited, seats: unlimited, seated: 0, without a seat: 0, next change by time: never",
                "  license 01010101010101010101010101010101 revision 1: paid, units: unlimited, active, next change \
                 by time: never",
                "This would help:",
                "- assign `gold` to `ada`",
            ],
            &Vendor::fabrikam().contoso([unlimited]),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-06-09T00:00:00Z, after entry 2",
                "- F365 Gold (`gold`, reason.requirement-not-met): it requires `bronze` or `silver`, which is not in effect",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  claimed since entry 2, assigned directly",
                "- F365 Bronze (`bronze`), which `gold` requires",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: never",
                "- F365 Silver (`silver`), which `gold` requires",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: never",
                "Any of these would help:",
                "- buy 1 unit of `bronze`, then assign `bronze` to `ada`",
                "- buy 1 unit of `silver`, then assign `silver` to `ada`",
            ],
            &unmet(),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-04-20T00:00:00Z, after entry 1",
                "- F365 Gold (`gold`, reason.ended): its license ended on 2025-12-11T00:00:00Z",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: 2026-04-20T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: trial, units: 1, trial not started, next \
                 change by time: 2026-04-20T00:00:00Z",
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                ended,
                "  grants not shown: 3",
                "Any of these would help:",
                "- have the user sign up before 2026-04-20T00:00:00Z for the trial of `gold` in the license \
                 01010101010101010101010101010101",
                "- start the trial of `gold` in the license 01010101010101010101010101010101 before \
                 2026-04-20T00:00:00Z, then assign `gold` to `ada`",
                "- renew `gold` with at least 1 unit (licensed before: 12), then assign `gold` to `ada`",
            ],
            &Vendor::fabrikam().contoso((0..12).map(|_| gold(-300, -200)).chain([trial()])),
        ),
        row(
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: never, after entry 3",
                "- F365 Gold (`gold`, reason.ended): its license was withdrawn by its publisher on \
                 2026-03-06T00:00:00Z, for example after a refund",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 2, next change by time: never",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, withdrawn by its publisher on \
                 2026-03-06T00:00:00Z",
                "  claimed since entry 3, assigned directly",
                "The license of `gold` was ended early: find out why before it is sold again.",
                "This would help:",
                "- buy `gold` again with at least 2 units",
            ],
            &withdrawn(),
        ),
    ]
}
