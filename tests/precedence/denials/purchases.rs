//! What is read of a purchase: of what has ended or starts later, of what another plan requires, and
//! beside a trial that was used; and of what somebody loses.

use entitle::command::TrialName;
use entitle::explain::Audience;
use entitle::license::Termination;
use entitle::time::Length;
use entitle::{Command, Grant, LicenseId, Tenant};

use super::tenants::{AUDIT, excluded_by_a_group, gold, impossible, seated, text, with_gold};
use crate::Row;
use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};
use crate::wordings::message_row;

/// The message with this code in what is read on day 10.
fn row(code: &'static str, audience: Audience, expected: &str, tenant: &Tenant) -> Row {
    let text = text(tenant, AUDIT, 10, audience);
    let mut messages = text.lines().iter().flat_map(|line| &line.messages);
    message_row(code, expected, messages.find(|message| message.code() == code).unwrap())
}

/// Bo and then ada have gold from this grant.
fn second(grant: Grant) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([grant]);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has gold, whose trial of 5 days began on day 1, and what was bought of it was withdrawn.
fn withdrawn_after_a_trial() -> Tenant {
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 50), Length::days(5).unwrap());
    let bought = gold(0, 100).ending(Termination::Withdrawn(day(7)));
    let mut tenant = Vendor::fabrikam().contoso([trial, bought]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    tenant
}

/// Ada has gold, and waits behind bo for bronze, which gold requires and nobody has bought.
fn behind_in_what_is_required() -> Tenant {
    let mut tenant = with_gold(r#""requires": [["bronze"]]"#).contoso([gold(0, 100)]);
    tenant.forge(0, [assign("ada", "gold"), assign("bo", "bronze")]);
    tenant.forge(0, [assign("ada", "bronze")]);
    tenant
}

/// Bo has the one seat of gold, cy waits for it, and then ada.
fn third() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
    for user in ["bo", "cy", "ada"] {
        tenant.forge(0, [assign(user, "gold")]);
    }
    tenant
}

/// What somebody loses by a remedy.
pub(super) fn losses() -> Vec<Row> {
    use Audience::{Administrator, Individual};
    let ahead = "take F365 Gold from 2 users who have it or wait for it ahead of this user";
    vec![
        row("admin.free", Administrator, ahead, &third()),
        row("individual.free", Individual, &ahead.replace("this user", "you"), &third()),
        row(
            "admin.leave",
            Administrator,
            "remove `ada` from the group `sales`, and so from everything that it gives",
            &excluded_by_a_group(),
        ),
    ]
}

pub(super) fn purchases() -> Vec<Row> {
    use Audience::{Administrator, Individual, SupportDesk};
    let ended = second(paid("gold", 3, days(-200, -150)));
    let later = second(paid("gold", 3, days(20, 100)));
    let used = withdrawn_after_a_trial();
    let required = behind_in_what_is_required();
    let early = "if it cannot wait: ask the publisher for an earlier start, or buy 2 units of F365 Gold for the time before \
                 2026-03-21T00:00:00Z";
    let issued = "if it cannot wait: issue the license with an earlier start, or have the customer buy 2 units of `gold` for \
                  the time before 2026-03-21T00:00:00Z";
    vec![
        row("admin.renew", Administrator, "renew F365 Gold with at least 2 units (licensed before: 3)", &ended),
        row("admin.buy-sooner", Administrator, early, &later),
        row("individual.buy-sooner", Individual, &early.replace("publisher", "vendor"), &later),
        row("support.buy-sooner", SupportDesk, issued, &later),
        row(
            "support.buy-sooner-one",
            SupportDesk,
            &issued.replace("2 units", "1 unit"),
            &seated([paid("gold", 1, days(20, 100))]),
        ),
        row("admin.buy-required", Administrator, "buy 2 units of F365 Bronze, which F365 Gold requires", &required),
        row(
            "admin.trial-used",
            Administrator,
            "the trial of F365 Gold was used too: it ended on 2026-03-07T00:00:00Z",
            &used,
        ),
        row(
            "individual.trial-used",
            Individual,
            "The trial of F365 Gold was used too: it ended on 2026-03-07T00:00:00Z.",
            &used,
        ),
        row("individual.no-remedy", Individual, "No remedy was found: contact the vendor.", &impossible().contoso([])),
    ]
}
