//! The texts of allows for an administrator.

use entitle::Tenant;
use entitle::explain::Audience;

use super::tenants::{requiring, revoked_later, seated, site, tolerated, trial, wants_a_list};
use super::{AUDIT, text};
use crate::Row;
use crate::support::{Vendor, day, days, paid};
use crate::wordings::text_row;

/// What an administrator reads.
pub(super) fn administrators() -> Vec<Row> {
    use Audience::Administrator;
    let row =
        |code, app, audience, lines: &[&str], tenant: &Tenant| text_row(code, lines, &text(tenant, app, audience));
    let free = Vendor::fabrikam().contoso([]);
    let renewed = || seated([paid("gold", 1, days(0, 100)), paid("gold", 2, days(100, 200))]);
    vec![
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: in grace. Next change by time alone, on 2026-03-31T00:00:00Z: access ends.",
                "  the term of the license has ended: renew it before its grace ends on 2026-03-31T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-03-31T00:00:00Z: units of license 01010101010101010101010101010101 no longer cover this release (units: 1)",
            ],
            &seated([paid("gold", 1, days(-30, 0)).with_fallback(day(-20)).unwrap()]),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next change by time alone, on 2026-03-21T00:00:00Z: access ends.",
                "  the publisher ends the license of F365 Gold on 2026-03-21T00:00:00Z, and access with it: contact the \
                 publisher before you buy or renew it",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-03-21T00:00:00Z: units of license 01010101010101010101010101010101 become revoked (units: 1)",
            ],
            &revoked_later(),
        ),
        row("admin.allowed", "f365/basic", Administrator, &["`ada` may open `f365/basic`: free."], &free),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: over-assigned. Next change by time alone, on 2026-04-20T00:00:00Z: access ends.",
                "  more seats are assigned (2) than licensed (1), which is tolerated until 2026-04-20T00:00:00Z: buy \
                 units or free seats before then",
                "- F365 Gold: assigned directly",
                "  seat number 2",
                "  2026-04-20T00:00:00Z: license 01010101010101010101010101010101 no longer tolerates seats beyond \
                 its units (units: 1)",
                "  2026-06-09T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2026-07-09T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2026-10-07T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
            ],
            &tolerated(),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next change by time alone, on 2026-06-09T00:00:00Z: units change as listed below, and access stays.",
                "  without a renewal or a purchase, access ends on 2026-10-17T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-06-09T00:00:00Z: units of license 01010101010101010101010101010101 become usable (units: 2)",
                "  2026-06-09T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2026-07-09T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2026-09-17T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 2)",
                "  2026-10-07T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
                "  2026-10-17T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 2)",
                "  2027-01-15T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 2)",
            ],
            &renewed(),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: trial. Next change by time alone, on 2026-03-22T00:00:00Z: access ends.",
                "  this is a trial: without a purchase, access ends on 2026-03-22T00:00:00Z",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  2026-03-22T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 5)",
            ],
            &trial(),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: in grace. Next change by time alone, on 2026-03-31T00:00:00Z: access ends.",
                "  the term of the license has ended: renew it before its grace ends on 2026-03-31T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-03-31T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2026-06-29T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
            ],
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next change by time alone, on 2026-03-21T00:00:00Z: access ends.",
                "  install the latest revocation list, which the publisher provides, before 2026-03-21T00:00:00Z: without \
                 it the license gives nothing from then on",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  2026-03-21T00:00:00Z: units of license 01010101010101010101010101010101 give nothing without a \
                 recent revocation list (units: unlimited)",
            ],
            &wants_a_list(),
        ),
        row(
            "admin.allowed",
            "studio/batch",
            Administrator,
            &["`ada` may open `studio/batch`: paid.", "- Studio Pro: for the whole organisation"],
            &site(),
        ),
        row(
            "admin.allowed-until",
            "orders/publish-policy",
            Administrator,
            &[
                "`ada` may open `orders/publish-policy`: paid. Next change by time alone, on 2026-11-26T00:00:00Z: the notice begins that the term ends soon.",
                "  without a renewal or a purchase, access ends on 2027-01-25T00:00:00Z",
                "- Intelligent Order Management USL: assigned directly",
                "  seat number 1",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
                "- Intelligent Order Management: for the whole organisation",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
                "- Power Automate per user: assigned directly",
                "  seat number 1",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
            ],
            &requiring(),
        ),
    ]
}
