//! What is to be looked into before anything is bought.

use entitle::explain::Audience;

use super::tenants::{
    ASK_ABOUT_UNUSABLE, ASK_ADMINISTRATOR, ASK_VENDOR, DENIED, ahead, anchored, gold, not_contained, row, stranger,
    ultra,
};
use crate::Row;
use crate::support::{Scenario, Vendor};

/// What is to be checked first.
pub(super) fn checks() -> Vec<Row> {
    let clock = "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record \
                 was last written at 2028-08-17T00:00:00Z, so this is denied: at least one of them is wrong. Compare \
                 the clock with another one before you buy anything.";
    let key = |issuer: &str| {
        format!(
            "An installed license gives nothing: this version of the application does not accept the key with which it \
             is signed, {}. Update the application; if that does not help, contact the {issuer}.",
            stranger().public().id()
        )
    };
    let record = not_contained;
    let more = "  more installed licenses that give nothing: 2";
    let tenant = ahead();
    let ticket = |issuer: &str| {
        format!(
            "- ask the {issuer} for a time ticket with the anchor {}, and install it: from then on the license is checked by \
             the time that the clock shows",
            tenant.checkpoint()
        )
    };
    let right = "If the clock is right, nothing needs to be bought. This would help:";
    let wrong = "If the clock is wrong, correct it, and check again. If the right time is 2028-08-17T00:00:00Z or \
                 later, this applies:";
    vec![
        row(
            "user.record-ahead",
            Audience::User,
            &[
                "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record \
                 was last written at 2028-08-17T00:00:00Z, so `f365/audit` is closed. Ask an administrator to compare \
                 the clock first: if it is right, nothing needs to be bought. If it is wrong, this may apply once it is \
                 corrected:",
                ASK_ABOUT_UNUSABLE,
                "The license of your organisation for F365 Gold, which opens `f365/audit`, has ended.",
                ASK_ADMINISTRATOR,
            ],
            &tenant,
        ),
        row(
            "clock.ahead",
            Audience::Individual,
            &[
                clock,
                right,
                &ticket("vendor"),
                wrong,
                &key("vendor"),
                &record(2, "vendor", &tenant),
                &record(3, "vendor", &tenant),
                more,
                "Your license for F365 Gold, which opens `f365/audit`, has ended.",
                "If none of this helps, a license that the application accepts would:",
                "- renew F365 Gold",
                ASK_VENDOR,
            ],
            &tenant,
        ),
        row(
            "admin.denied",
            Audience::Administrator,
            &[
                DENIED,
                clock,
                right,
                &ticket("publisher"),
                wrong,
                &key("publisher"),
                &record(2, "publisher", &tenant),
                &record(3, "publisher", &tenant),
                more,
                "- F365 Gold (`gold`): its license ended on 2026-10-07T00:00:00Z",
                "If none of this helps, a license that the application accepts would:",
                "- renew F365 Gold with at least 1 unit (licensed before: 1)",
            ],
            &tenant,
        ),
    ]
}

/// A license that gives nothing, alone and beside one that gives something.
pub(super) fn unusable() -> Vec<Row> {
    use Audience::{Administrator, Individual, User};
    let mut alone = Vendor::fabrikam().contoso([]);
    alone.forge(0, [anchored(2)]);
    let mut beside = Vendor::fabrikam().contoso([gold(0, 100)]);
    beside.forge(0, [anchored(2)]);
    vec![
        row(
            "user.unusable-license",
            User,
            &[ASK_ABOUT_UNUSABLE, "There is no other license for `f365/audit`."],
            &alone,
        ),
        row(
            "individual.license-not-contained",
            Individual,
            &[
                &not_contained(2, "vendor", &alone),
                "There is no other license for `f365/audit`.",
                "If none of this helps, a license that the application accepts would:",
                "- buy F365 Gold, then assign F365 Gold to yourself",
                ASK_VENDOR,
            ],
            &alone,
        ),
        row(
            "individual.license-plans-unknown",
            Individual,
            &[
                "An installed license, 01010101010101010101010101010101, grants `ultra`, which this version of the \
                 application does not know. Update the application; if that does not help, contact the vendor.",
                "There is no other license for `f365/audit`.",
                "If none of this helps, a license that the application accepts would:",
                "- buy F365 Gold, then assign F365 Gold to yourself",
                ASK_VENDOR,
            ],
            &Vendor::fabrikam().contoso([ultra()]),
        ),
        row(
            "admin.denied",
            Administrator,
            &[
                DENIED,
                &not_contained(2, "publisher", &alone),
                "- F365 Gold (`gold`): no license grants it",
                "If none of this helps, a license that the application accepts would:",
                "- buy 1 unit of F365 Gold, then assign F365 Gold to `ada`",
            ],
            &alone,
        ),
        row(
            "user.unusable-license",
            User,
            &[ASK_ABOUT_UNUSABLE, "F365 Gold, which opens `f365/audit`, is not assigned to you.", ASK_ADMINISTRATOR],
            &beside,
        ),
        row(
            "admin.denied",
            Administrator,
            &[
                DENIED,
                &not_contained(2, "publisher", &beside),
                "- F365 Gold (`gold`): it is not assigned to this user",
                "This would help:",
                "- assign F365 Gold to `ada`",
            ],
            &beside,
        ),
    ]
}
