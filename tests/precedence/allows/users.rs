//! The texts of allows for a user of an organisation, and for one who is the whole tenant.

use entitle::Tenant;
use entitle::explain::Audience;

use super::tenants::{seated, tolerated, trial, wants_a_list};
use super::{AUDIT, text};
use crate::Row;
use crate::support::{days, paid};
use crate::wordings::text_row;

/// What a user reads, in an organisation and alone.
pub(super) fn users() -> Vec<Row> {
    use Audience::{Individual, User};
    let row =
        |code, app, audience, lines: &[&str], tenant: &Tenant| text_row(code, lines, &text(tenant, app, audience));
    vec![
        row("user.allowed", AUDIT, User, &["You may open `f365/audit`."], &tolerated()),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "More seats are assigned (2) than you have units (1): your access ends on 2026-04-20T00:00:00Z, unless \
                 you buy units of F365 Gold or take back the seat of somebody else before then.",
            ],
            &tolerated(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "This is a trial.",
                "Your access ends on 2026-03-22T00:00:00Z, unless you buy F365 Gold before then.",
            ],
            &trial(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "Install the latest revocation list, which the vendor provides, before 2026-03-21T00:00:00Z: without it \
                 your license gives nothing from then on.",
            ],
            &wants_a_list(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "The term of your license for F365 Gold has ended: renew it before 2026-03-31T00:00:00Z, when your \
                 access ends.",
            ],
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "The term of your license for F365 Gold ends on 2026-03-21T00:00:00Z: renew it before then. Without \
                 that your access ends on 2026-04-20T00:00:00Z.",
            ],
            &seated([paid("gold", 1, days(0, 20))]),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &["You may open `f365/audit`."],
            &seated([paid("gold", 1, days(0, 100))]),
        ),
    ]
}
