//! The texts of allows for the support desk.

use entitle::Tenant;
use entitle::explain::Audience;

use super::tenants::{requiring, seated, trial, wants_a_list};
use super::{AUDIT, text};
use crate::Row;
use crate::support::{Vendor, days, paid};
use crate::wordings::text_row;

/// What the support desk reads.
pub(super) fn support() -> Vec<Row> {
    use Audience::SupportDesk;
    let row =
        |code, app, audience, lines: &[&str], tenant: &Tenant| text_row(code, lines, &text(tenant, app, audience));
    let free = Vendor::fabrikam().contoso([]);
    let renewed = || seated([paid("gold", 1, days(0, 100)), paid("gold", 2, days(100, 200))]);
    vec![
        row(
            "support.allowed",
            "f365/basic",
            SupportDesk,
            &["allowed: `ada` for `f365/basic` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by time: \
                 never, after entry 1, basis.free"],
            &free,
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-06-09T00:00:00Z, after entry 3, basis.paid",
                "  next change by time: units change as listed below, and access stays",
                "  without a renewal or a purchase, access ends on 2026-10-17T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 2, pending, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  claimed since entry 2, assigned directly, through the group `staff`",
            ],
            &renewed(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-03-22T00:00:00Z, after entry 2, basis.trial",
                "  next change by time: access ends",
                "  this is a trial: without a purchase, access ends on 2026-03-22T00:00:00Z",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  usable units: 5, seats: 5, seated: 1, without a seat: 0, next change by time: 2026-03-22T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: trial, units: 5, active, next change by \
                 time: 2026-03-22T00:00:00Z",
                "  claimed since entry 2, assigned directly",
            ],
            &trial(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-03-21T00:00:00Z, after entry 1, basis.paid",
                "  next change by time: access ends",
                "  send the customer the latest revocation list, and have it installed before 2026-03-21T00:00:00Z: without \
                 it the license gives nothing from then on",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  usable units: unlimited, seats: unlimited, seated: 1, without a seat: 0, next change by time: \
                 2026-03-21T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: unlimited, active, next change \
                 by time: 2026-03-21T00:00:00Z",
                "  claimed since entry 1, assigned directly",
            ],
            &wants_a_list(),
        ),
        row(
            "support.allowed",
            "orders/publish-policy",
            SupportDesk,
            &[
                "allowed: `ada` for `orders/publish-policy` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next \
                 change by time: 2026-11-26T00:00:00Z, after entry 2, basis.paid",
                "  next change by time: the notice begins that the term ends soon",
                "  without a renewal or a purchase, access ends on 2027-01-25T00:00:00Z",
                "- Intelligent Order Management USL: assigned directly",
                "  seat number 1",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "  claimed since entry 2, assigned directly",
                "- Intelligent Order Management: for the whole organisation",
                "  usable units: 1, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "- Power Automate per user: assigned directly",
                "  seat number 1",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "  claimed since entry 2, assigned directly",
            ],
            &requiring(),
        ),
    ]
}
