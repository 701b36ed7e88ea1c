//! Refusals about documents and consumption.

use core::num::NonZeroU32;

use entitle::capacity::Consumption;
use entitle::command::{RefusalReason, SignUpPolicy};
use entitle::license::{Revocation, RevocationListDraft, RevokedLicense, TimeTicketDraft};
use entitle::quantity::Amount;
use entitle::record::Anchor;
use entitle::{Actor, Command, Role, Tenant, TicketId};

use super::{contoso, install, refused, sign_up, start, why};
use crate::support::{Scenario, Vendor, admin, assign, beginning, day, days, paid, request, user};
use crate::{Row, row};

fn draw(plan: &str, id: &str, month: &str) -> Command {
    let (plan, id, bot) = (plan.parse().unwrap(), id.parse().unwrap(), "bot".parse().unwrap());
    Command::Consume(Consumption::new(plan, id, bot, month.parse().unwrap(), Amount::UNIT))
}

/// Why the draw `1` of one unit is refused on day 1.
fn undrawn(tenant: &Tenant, plan: &str, month: &str) -> RefusalReason {
    let host = Actor::new(user("app")).with(Role::Host);
    tenant.decide(&host, &[draw(plan, "1", month)], request(), day(1)).unwrap_err().reason
}

fn list(publisher: &str, sequence: u32) -> RevocationListDraft {
    RevocationListDraft::new(publisher.parse().unwrap(), NonZeroU32::new(sequence).unwrap(), day(0))
}

fn refused_list(tenant: &Tenant, publisher: &str, sequence: u32) -> RefusalReason {
    let command =
        Command::InstallRevocationList(Vendor::fabrikam().secret.seal_list(&list(publisher, sequence)).unwrap());
    let host = Actor::new(user("app")).with(Role::Host);
    tenant.decide(&host, &[command], request(), day(1)).unwrap_err().reason
}

pub(super) fn documents() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso");
    let mut other_offer = deal.clone();
    other_offer.offer = "f366".parse().unwrap();
    let checkpoint = beginning("contoso".parse().unwrap()).checkpoint();
    let catalog = include_str!("../../../examples/fabrikam.json").replacen(
        r#""plans": ["#,
        r#""plans": [{ "id": "sessions", "scope": "capacity", "name": "Sessions" },"#,
        1,
    );
    let bots = Vendor::of(&catalog).contoso([paid("sessions", 1, days(0, 100)), paid("sessions", 1, days(5, 100))]);
    let mut anchored = vendor.deal(9, deal.licensee.clone());
    anchored.anchor = Anchor::Record(checkpoint.clone());
    vec![
        row!(
            "refusal.too-many-documents",
            "a tenant takes in at most 1000 licenses and time tickets, this one has them all",
            {
                let mut tenant = vendor.tenant("contoso");
                let first = install(&deal);
                tenant.forge(0, (0..1_000).map(|_| first.clone()));
                refused(&tenant, &[install(&deal.revise(day(0)).unwrap())])
            }
        ),
        row!(
            "install.other-offer",
            "this document (license) is for `fabrikam` `f366`, this application is `fabrikam` `f365`",
            why(&[], [install(&other_offer)])
        ),
        row!(
            "install.other-tenant",
            "this document (license) is for the tenant `northwind`, this is `contoso`",
            why(&[], [install(&vendor.deal_for("northwind"))])
        ),
        row!("document.new", "new", contoso().install_state(&vendor.seal(&deal.revise(day(0)).unwrap())).unwrap()),
        row!("document.already-there", "already there", {
            vendor.contoso([]).install_state(&vendor.seal(&deal)).unwrap()
        }),
        row!("document.superseded", "superseded", contoso().install_state(&vendor.seal(&deal)).unwrap()),
        row!("install.already-installed", "this document is already installed", {
            let tenant = vendor.contoso([]);
            refused(&tenant, &[install(&deal)])
        }),
        row!(
            "install.superseded",
            "another revision 1 of this license is installed: ask who issued it for the next revision, with everything that \
             was bought",
            why(&[], [install(&deal)])
        ),
        row!(
            "install.superseded",
            "revision 1 of this license is superseded: revision 2 is installed",
            why(&[], [install(&deal.revise(day(0)).unwrap()), install(&deal)])
        ),
        row!(
            "install.other-publisher",
            "this document (revocation list) is of `adatum`, this application of `fabrikam`",
            refused_list(&contoso(), "adatum", 1)
        ),
        row!("install.old-list", "the revocation list 1 is superseded: list 2 of that key is in force", {
            let mut tenant = contoso();
            tenant.forge(0, [Command::InstallRevocationList(vendor.secret.seal_list(&list("fabrikam", 2)).unwrap())]);
            refused_list(&tenant, "fabrikam", 1)
        }),
        row!(
            "install.conflicting-list",
            format!(
                "another revocation list 2 of the key `{}` is in force, with other content: ask its publisher for the next \
                 list, which ends what both end",
                vendor.secret.public().id()
            ),
            {
                let mut tenant = contoso();
                let other = list("fabrikam", 2).with(Revocation::License(RevokedLicense::new(
                    deal.id,
                    NonZeroU32::MIN,
                    day(9),
                )));
                tenant.forge(0, [Command::InstallRevocationList(vendor.secret.seal_list(&other).unwrap())]);
                refused_list(&tenant, "fabrikam", 2)
            }
        ),
        row!(
            "install.not-contained",
            format!(
                "it counts only on a record that contains the checkpoint `{checkpoint}`, and this record was not shown to \
                 contain it"
            ),
            why(&[], [install(&anchored)])
        ),
        row!(
            "install.dated-ahead",
            "this document (license) is dated 2026-03-04T00:00:00Z, which is in the future: the clock here says \
             2026-03-02T00:00:00Z. Correct the clock, or ask who issued it",
            why(&[], [install(&deal.revise(day(3)).unwrap())])
        ),
        row!(
            "install.ticket-used",
            "the time ticket 07070707070707070707070707070707 was used already: each is used once",
            {
                let mut tenant = contoso();
                let id = TicketId::from_random([7; 16]);
                let draft = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(0));
                let command = Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap());
                tenant.forge(0, [command.clone()]);
                tenant.decide(&admin().with(Role::Host), &[command], request(), day(1)).unwrap_err().reason
            }
        ),
        row!("refusal.not-consumable", "the plan `gold` (user) cannot be consumed: only capacity plans can", {
            undrawn(&bots, "gold", "2026-03")
        }),
        row!(
            "refusal.other-month",
            "the consumption is for 2026-04, but the current month is 2026-03",
            undrawn(&bots, "sessions", "2026-04")
        ),
        row!(
            "refusal.no-capacity",
            "`sessions` does not cover 1 more: 1 of 1.25 are consumed in 2026-03, more from 2026-03-06T00:00:00Z",
            {
                let mut tenant = bots.clone();
                tenant.forge(0, [draw("sessions", "0", "2026-03")]);
                undrawn(&tenant, "sessions", "2026-03")
            }
        ),
        row!("refusal.no-capacity", "`sessions` does not cover 1 more: 1.25 of 1.25 are consumed in 2026-03", {
            let mut tenant = Vendor::of(&catalog).contoso([paid("sessions", 1, days(0, 100))]);
            let (id, bot, month) = ("0".parse().unwrap(), "bot".parse().unwrap(), "2026-03".parse().unwrap());
            let amount = Amount::millionths(1_250_000).unwrap();
            tenant.forge(0, [Command::Consume(Consumption::new("sessions".parse().unwrap(), id, bot, month, amount))]);
            undrawn(&tenant, "sessions", "2026-03")
        }),
        row!(
            "refusal.no-usable-units",
            "`sessions` has no usable units: its license has been suspended since 2025-12-30T00:00:00Z: a renewal \
             before 2026-03-30T00:00:00Z restores it",
            undrawn(&Vendor::of(&catalog).contoso([paid("sessions", 1, days(-200, -91))]), "sessions", "2026-03")
        ),
        row!("refusal.already-recorded", "the consumption `1` of 2026-03 was recorded before: it counts once", {
            let mut tenant = bots.clone();
            tenant.forge(0, [draw("sessions", "1", "2026-03")]);
            undrawn(&tenant, "sessions", "2026-03")
        }),
        row!(
            "refusal.too-many-consumptions",
            "at most 1000000 consumptions of `sessions` are recorded in a month, 2026-03 has them all",
            {
                let mut tenant = bots.clone();
                for event in 0..entitle::limits::MAX_CONSUMPTIONS / 1_000 {
                    tenant.forge(0, (0..1_000).map(|n| draw("sessions", &format!("{event}-{n}"), "2026-03")));
                }
                undrawn(&tenant, "sessions", "2026-03")
            }
        ),
        row!(
            "refusal.sign-ups-off",
            "signing up for trials is switched off here: contact an administrator for a license",
            why(&[Command::SetSignUps(SignUpPolicy::Off)], [sign_up("silver")])
        ),
        row!(
            "refusal.claims-off",
            "users do not claim seats of `silver` by themselves here: contact an administrator for a license",
            why(&[], [Command::ClaimSeat("silver".parse().unwrap())])
        ),
        row!("refusal.has-it-already", "`admin` has `silver` already", {
            why(&[start("silver"), assign("admin", "silver")], [sign_up("silver")])
        }),
        row!("refusal.trial-over", "nobody signs up for the trial of `silver` any more, it is: ended", {
            let mut tenant = contoso();
            tenant.run(0, [start("silver")]).unwrap();
            tenant.decide(&admin(), &[sign_up("silver")], request(), day(10)).unwrap_err().reason
        }),
    ]
}
