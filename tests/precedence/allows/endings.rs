//! Access that ends, and what is wanted before then.

use entitle::Decision;
use entitle::catalog::Release;
use entitle::explain::Audience;

use super::tenants::{freshness, on_trial, revoked_later, seated, tolerated, without_grace};
use super::{AUDIT, for_support, text};
use crate::Row;
use crate::support::{Scenario, day, days, paid};
use crate::wordings::{message_row, text_row};

/// A trial that ends before a purchase begins.
pub(super) fn gap() -> Vec<Row> {
    let tenant = on_trial(20, [paid("gold", 1, days(60, 400))]);
    let mut admin = text(&tenant, AUDIT, Audience::Administrator).to_string();
    admin.truncate(admin.find("\n- F365 Gold").unwrap());
    let expected = "`ada` may open `f365/audit`: trial. Next change by time alone, on 2026-03-22T00:00:00Z: access ends.\n  \
                    this user has no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that \
                    is installed already: if that is too late, ask the publisher for an earlier start, or buy for that time";
    assert_eq!(admin, expected);
    vec![
        text_row(
            "user.allowed",
            &[
                "You may open `f365/audit`.",
                "This is a trial.",
                "You will have no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that \
                 is installed already: if that is too late, ask the vendor for an earlier start, or buy for that time.",
            ],
            &text(&tenant, AUDIT, Audience::Individual),
        ),
        message_row(
            "admin.trial-closes",
            "this is a trial: without a purchase, access ends on 2026-05-31T00:00:00Z",
            &text(&on_trial(90, []), AUDIT, Audience::Administrator).lines()[1].messages[0],
        ),
        for_support(
            "support.gap",
            "this user has no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that is installed already: \
             if that is too late, issue the license with an earlier start, or have the customer buy for that time",
            &tenant,
        ),
        for_support(
            "support.expiring-soon",
            "the term that covers this user ends on 2026-03-21T00:00:00Z: have the customer renew or replace it before then",
            &seated([paid("gold", 1, days(0, 20))]),
        ),
        text_row(
            "user.allowed",
            &[
                "You may open `f365/audit`.",
                "Your access ends on 2026-03-21T00:00:00Z, unless you buy or renew F365 Gold before then.",
            ],
            &text(&seated([without_grace(paid("gold", 1, days(0, 20)))]), AUDIT, Audience::Individual),
        ),
        for_support(
            "support.taken-back-later",
            "the license of F365 Gold is ended early on 2026-03-21T00:00:00Z, and access with it: find out why before it is sold \
             again",
            &revoked_later(),
        ),
        text_row(
            "user.allowed",
            &[
                "You may open `f365/audit`.",
                "The vendor ends your license for F365 Gold on 2026-03-21T00:00:00Z, and your access with it: contact the vendor \
                 before you buy or renew it.",
            ],
            &text(&revoked_later(), AUDIT, Audience::Individual),
        ),
        text_row(
            "user.allowed",
            &[
                "You may open `f365/audit`.",
                "The term of your license for F365 Gold has ended: renew it before 2026-03-31T00:00:00Z, when your access ends.",
                "In releases of the application from before 2026-02-19T00:00:00Z, your license for F365 Gold goes on without an \
                 end.",
            ],
            &text(
                &seated([paid("gold", 1, days(-30, 0)).with_fallback(day(-10)).unwrap()])
                    .in_release(Release::of(day(0))),
                AUDIT,
                Audience::Individual,
            ),
        ),
        for_support(
            "support.in-grace",
            "the term of the license has ended: have the customer renew it before its grace ends on 2026-03-31T00:00:00Z",
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        for_support(
            "support.over-assigned",
            "more seats are assigned (2) than licensed (1), which is tolerated until 2026-04-20T00:00:00Z: have the customer buy \
             units or free seats before then",
            &tolerated(),
        ),
        for_support(
            "detail.tolerance",
            "license 01010101010101010101010101010101 tolerates 3 seats in all before 2026-04-20T00:00:00Z",
            &tolerated(),
        ),
        message_row(
            "admin.gap",
            "this user has no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that is installed already: \
             if that is too late, ask the publisher for an earlier start, or buy for that time",
            &text(&tenant, AUDIT, Audience::Administrator).lines()[1].messages[0],
        ),
    ]
}

/// A list that is wanted until the calendar ends.
pub(super) fn list_without_end() -> Row {
    let last = 2_912_383;
    let tenant = freshness(last - 20, 0, 30);
    let text = tenant.see("ada", AUDIT, day(last - 5), |decision| match decision {
        Decision::Allow(allow) => allow.text(Audience::Individual),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });
    let lines = [
        "You may open `f365/audit`.",
        "Install the latest revocation list, which the vendor provides: your license requires a more recent one.",
    ];
    text_row("user.allowed", &lines, &text)
}
