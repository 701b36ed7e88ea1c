//! What the support desk reads where others are sent to the publisher, who they are.

use entitle::catalog::Release;
use entitle::explain::Audience;

use crate::Row;
use crate::denials::tenants::{
    AUDIT, ahead, gold, impossible, row, seated, stranger, text, trial, ultra, wants_a_list, withdrawn,
};
use crate::support::{Vendor, day};
use crate::wordings::message_row;

/// The message of a text on day 10 that has this code.
fn only(code: &'static str, expected: &str, tenant: &entitle::Tenant) -> Row {
    only_at(10, code, expected, tenant)
}

fn only_at(on: i64, code: &'static str, expected: &str, tenant: &entitle::Tenant) -> Row {
    let text = text(tenant, AUDIT, on, Audience::SupportDesk);
    let mut messages = text.lines().iter().flat_map(|line| &line.messages);
    message_row(code, expected, messages.find(|message| message.code() == code).unwrap())
}

pub(crate) fn rows() -> Vec<Row> {
    let ahead = ahead();
    let ticket = format!(
        "issue a time ticket with the anchor {}, and have the customer install it: from then on the license is checked by the time that the clock shows",
        ahead.checkpoint()
    );
    let undated = seated([gold(-100, -40).with_fallback(day(-50)).unwrap()]);
    vec![
        only(
            "support.clock-ahead",
            "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record was last written at 2028-08-17T00:00:00Z: at least one of them is wrong. Have the customer compare the clock with another one before anything is bought.",
            &ahead,
        ),
        only("support.clock-ticket", &ticket, &ahead),
        only(
            "support.clock-wrong",
            "If the clock is wrong, have it corrected, and check again. If the right time is 2028-08-17T00:00:00Z or later, this applies:",
            &ahead,
        ),
        only(
            "support.license-key-not-trusted",
            &format!(
                "An installed license gives nothing: this version of the application does not accept the key with which \
                 it is signed, {}. If it is a key of the publisher, have the application updated; if that does not help, issue the license again, signed \
                 with a key that it accepts. If it is another key, ask the customer where the license is from.",
                stranger().public().id()
            ),
            &ahead,
        ),
        only(
            "support.license-plans-unknown",
            "An installed license, 01010101010101010101010101010101, grants `ultra`, which this version of the application \
             does not know. Have the application updated; if no version knows it any more, issue the license again for a \
             plan that is sold.",
            &Vendor::fabrikam().contoso([ultra()]),
        ),
        only(
            "support.license-not-contained",
            &format!(
                "An installed license, 02020202020202020202020202020202, gives nothing: it was issued for a record that \
                 contains the checkpoint {}, and this record was not shown to contain it: it is another one, or not \
                 complete. Have the customer restore the complete record, or issue the license again for the present \
                 one, {}.",
                crate::denials::tenants::elsewhere(2),
                ahead.checkpoint()
            ),
            &ahead,
        ),
        only(
            "support.taken-back",
            "The license of `gold` was ended early: find out why before it is sold again.",
            &withdrawn(),
        ),
        only(
            "support.take-list",
            "send the customer the latest revocation list, and have it installed",
            &wants_a_list(gold(0, 100), 10),
        ),
        only(
            "support.use-dated-release",
            "give the customer a release of the application that names its date, from before 2026-01-10T00:00:00Z: this \
             one has none",
            &undated.in_release(Release::Undated),
        ),
        only_at(
            60,
            "detail.grant-trial-missed",
            "license 01010101010101010101010101010101 revision 1: trial, units: 1, never started, could be started before \
             2026-04-20T00:00:00Z",
            &Vendor::fabrikam().contoso([trial()]),
        ),
        row(
            "support.denied",
            Audience::SupportDesk,
            &[
                "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by time: \
                 never, after entry 1",
                "- F365 Gold (`gold`, reason.no-grant): no license grants it",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: never",
                "- F365 Bronze (`bronze`), which `gold` requires",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: never",
                "- F365 Silver (`silver`), which `gold` requires",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 0, next change by time: never",
                "No remedy was found: if the plans of the catalog cannot open it in any way, correct the catalog in the \
                 next release.",
            ],
            &impossible().contoso([]),
        ),
        only(
            "admin.start-trial",
            "start the trial of `gold` in the license 01010101010101010101010101010101 before 2026-04-20T00:00:00Z",
            &Vendor::fabrikam().contoso([gold(-300, -200), trial()]),
        ),
    ]
}
