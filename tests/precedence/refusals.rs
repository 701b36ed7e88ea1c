//! Every refusal of a command.

use core::num::NonZeroU32;

use entitle::capacity::Consumption;
use entitle::command::{RefusalReason, SignUpPolicy, TrialName};
use entitle::license::{
    Extension, Extensions, GrantKind, Revocation, RevocationListDraft, RevokedLicense, Termination, TimeTicketDraft,
};
use entitle::limits::MAX_COMMANDS;
use entitle::quantity::Amount;
use entitle::record::Anchor;
use entitle::time::Length;
use entitle::{Actor, Command, Deal, Grant, LicenseId, Role, Tenant, TicketId};

use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, beginning, day, days, join, leave, paid, request, unassign,
    unassign_group, units, user, window,
};
use crate::{Row, row};

fn start(plan: &str) -> Command {
    Command::StartTrial(TrialName::new(LicenseId::from_random([1; 16]), plan.parse().unwrap()))
}

fn extend(plan: &str) -> Command {
    Command::ExtendTrial(TrialName::new(LicenseId::from_random([1; 16]), plan.parse().unwrap()))
}

fn sign_up(plan: &str) -> Command {
    Command::SignUp(TrialName::new(LicenseId::from_random([1; 16]), plan.parse().unwrap()))
}

/// A trial of silver for 10 days, to be started from day 0 until day 9, extended once.
fn trial(early: Termination) -> Grant {
    let mut grant = Grant::trial("silver".parse().unwrap(), units(1), window(0, 9), Length::days(10).unwrap());
    if let GrantKind::Trial(trial) = &mut grant.kind {
        let once = Extension::new(NonZeroU32::MIN, Length::days(1).unwrap());
        (trial.extensions, trial.early) = (Extensions::UpTo(once), early);
    }
    grant
}

fn contoso() -> Tenant {
    let grants = [paid("bronze", 1, days(0, 100)), paid("bronze", 1, days(50, 100)), trial(Termination::Never)];
    Vendor::fabrikam().contoso(grants)
}

/// Why commands are refused on day 1, after others were accepted on day 0.
fn why(before: &[Command], commands: impl IntoIterator<Item = Command>) -> RefusalReason {
    let mut tenant = contoso();
    for command in before {
        tenant.run(0, [command.clone()]).unwrap();
    }
    refused(&tenant, &commands.into_iter().collect::<Vec<_>>())
}

fn refused(tenant: &Tenant, commands: &[Command]) -> RefusalReason {
    tenant.decide(&admin(), commands, request(), day(1)).unwrap_err().reason
}

fn install(deal: &Deal) -> Command {
    Command::Install(Vendor::fabrikam().seal(deal))
}

/// Roles, lists and seats.
fn seats() -> Vec<Row> {
    let silver = "silver".parse().unwrap();
    let except = vec!["f365/audit".parse().unwrap()];
    vec![
        row!(
            "refusal.nothing",
            "the list of commands was refused: there is nothing to do: the list of commands is empty",
            contoso().decide(&admin(), &[], request(), day(1)).unwrap_err()
        ),
        row!("refusal.nothing", "there is nothing to do: the list of commands is empty", why(&[], [])),
        row!(
            "refusal.too-many",
            "a list holds at most 1000 commands, this one has 1001",
            why(&[], (0..=MAX_COMMANDS).map(|_| assign("ada", "bronze")))
        ),
        row!(
            "refusal.forbidden",
            "this takes one of these roles, and `clerk` has none: license administrator, user administrator or \
             global administrator",
            contoso()
                .decide(
                    &Actor::new(user("clerk")).with(Role::BillingAdministrator),
                    &[assign("ada", "bronze")],
                    request(),
                    day(1)
                )
                .unwrap_err()
                .reason
        ),
        row!(
            "refusal.ticket-not-alone",
            "a time ticket must be the only command of its list, this one has 2 commands",
            {
                let (vendor, id) = (Vendor::fabrikam(), TicketId::from_random([7; 16]));
                let draft = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(0));
                let ticket = Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap());
                let both = [ticket, assign("ada", "bronze")];
                contoso().decide(&admin().with(Role::Host), &both, request(), day(1)).unwrap_err().reason
            }
        ),
        row!("refusal.unknown-plan", "no plan of this catalog has the id `tin`", why(&[], [assign("ada", "tin")])),
        row!(
            "refusal.not-assignable",
            "the plan `site` (tenant) cannot be assigned: only user plans are assigned to users",
            {
                let tenant_plan = include_str!("../../examples/fabrikam.json").replacen(
                    r#""scope": "user""#,
                    r#""scope": "tenant""#,
                    1,
                );
                let site = tenant_plan.replace(r#""id": "bronze""#, r#""id": "site""#);
                refused(&Vendor::of(&site).tenant("contoso"), &[assign("ada", "site")])
            }
        ),
        row!(
            "refusal.not-an-app-of-it",
            "the plan `silver` has no app `f365/audit` that could be turned off",
            why(&[], [Command::assign_except(user("ada").into(), silver, except)])
        ),
        row!(
            "refusal.no-free-unit",
            "no seat of `bronze` is free, taken: 1 of 1, more from 2026-04-20T00:00:00Z",
            why(&[assign("ada", "bronze")], [assign("bo", "bronze")])
        ),
        row!(
            "refusal.no-free-unit",
            "no seat of `bronze` is free, taken: 1 of 1, waiting: 2, more from 2026-04-20T00:00:00Z",
            why(
                &[assign_group("staff", "bronze"), join("ada", "staff"), join("cy", "staff"), join("dee", "staff")],
                [assign("bo", "bronze")]
            )
        ),
        row!("refusal.no-free-unit", "`gold` has no usable units", why(&[], [assign("bo", "gold")])),
        row!(
            "refusal.no-free-unit",
            "`gold` has no usable units",
            why(&[assign_group("staff", "gold"), join("ada", "staff")], [assign("bo", "gold")])
        ),
        row!("refusal.no-free-unit", "`gold` has no usable units before 2026-04-20T00:00:00Z", {
            refused(&Vendor::fabrikam().contoso([paid("gold", 1, days(50, 100))]), &[assign("bo", "gold")])
        }),
        row!("refusal.no-free-unit", "no seat of `gold` is free, taken: 1 of 1", {
            let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
            tenant.run(0, [assign("ada", "gold")]).unwrap();
            refused(&tenant, &[assign("bo", "gold")])
        }),
        row!("refusal.no-free-unit", "no seat of `gold` is free, taken: 1 of 1, waiting: 2", {
            let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
            tenant.run(0, [assign_group("staff", "gold")]).unwrap();
            tenant.run(0, ["ada", "cy", "dee"].map(|name| join(name, "staff"))).unwrap();
            refused(&tenant, &[assign("bo", "gold")])
        }),
        row!("refusal.no-such-assignment", "command 2 was refused: no such assignment: `ada` does not have `gold`", {
            let commands = [assign("ada", "bronze"), unassign("ada", "gold")];
            contoso().decide(&admin(), &commands, request(), day(1)).unwrap_err()
        }),
        row!(
            "refusal.no-such-assignment",
            "no such assignment: `ada` does not have `bronze`",
            why(&[], [unassign("ada", "bronze")])
        ),
        row!(
            "refusal.no-such-assignment",
            "no such assignment: the group `staff` does not have `bronze`",
            why(&[join("ada", "staff")], [unassign_group("staff", "bronze")])
        ),
        row!(
            "refusal.no-such-user",
            "no such user: `ada` has neither an assignment nor a membership",
            why(&[], [Command::RemoveUser(user("ada"))])
        ),
    ]
}

/// Groups and requirements.
fn sources() -> Vec<Row> {
    let requiring = include_str!("../../examples/fabrikam.json").replacen(
        r#""name": "F365 Gold","#,
        r#""name": "F365 Gold", "requires": [["bronze", "silver"]],"#,
        1,
    );
    let mut needy = Vendor::of(&requiring).contoso(["bronze", "gold"].map(|plan| paid(plan, 9, days(0, 100))));
    let without = refused(&needy, &[assign("ada", "gold")]);
    needy.run(0, [assign("ada", "bronze"), assign("ada", "gold")]).unwrap();
    let staff = [assign_group("staff", "bronze"), join("ada", "staff")];
    vec![
        row!(
            "refusal.inherited",
            "`ada` has `bronze` from `staff`: unassign the plan from the group, or remove the user from the group",
            why(&staff, [unassign("ada", "bronze")])
        ),
        row!("refusal.no-such-member", "`bo` is not a member of `staff`", why(&staff, [leave("bo", "staff")])),
        row!("refusal.too-many-plans", "`staff` has 1000 plans already: nobody is assigned more", {
            let mut tenant = contoso();
            // Plans of another catalog, which are kept.
            tenant.forge(0, (0..1_000).map(|number| assign_group("staff", &format!("plan-{number}"))));
            refused(&tenant, &[assign_group("staff", "bronze")])
        }),
        row!("refusal.too-many-groups", "`ada` is in 1000 groups already: nobody is in more", {
            let all: Vec<Command> = (0..1_001).map(|number| join("ada", &format!("group-{number}"))).collect();
            why(&all[..1_000], [all[1_000].clone()])
        }),
        row!(
            "refusal.no-such-group",
            "no such group: `night` has neither members nor plans",
            why(&staff, [Command::RemoveGroup("night".parse().unwrap())])
        ),
        row!(
            "refusal.group-has-plans",
            "`staff` still has `bronze`: unassign them first",
            why(&staff, [Command::RemoveGroup("staff".parse().unwrap())])
        ),
        row!("refusal.requirement-not-met", "`gold` requires `bronze` or `silver` for `ada`", without),
        row!(
            "refusal.excluded",
            "`silver` excludes `bronze`, which `ada` has (assigned directly): remove that first",
            {
                let mut offer = Vendor::fabrikam().catalog.offer().clone();
                offer.plans[0].excludes.push("silver".parse().unwrap());
                let vendor = Vendor { catalog: entitle::Catalog::new(offer).unwrap(), ..Vendor::fabrikam() };
                let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100)), paid("silver", 1, days(0, 100))]);
                tenant.run(0, [assign("ada", "bronze")]).unwrap();
                refused(&tenant, &[assign("ada", "silver")])
            }
        ),
        row!(
            "refusal.still-required",
            "`ada` needs `bronze` for `gold`: unassign `gold` as well",
            refused(&needy, &[unassign("ada", "bronze")])
        ),
    ]
}

fn trials() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let mut bought = contoso();
    bought.run(0, [start("silver")]).unwrap();
    let mut deal = vendor.deal_for("contoso").with(paid("silver", 1, days(0, 100)));
    deal.id = LicenseId::from_random([2; 16]);
    bought.run(0, [install(&deal)]).unwrap();
    vec![
        row!(
            "refusal.no-such-trial",
            "no license in force with the id 01010101010101010101010101010101 holds a trial of `gold`",
            why(&[], [start("gold")])
        ),
        row!(
            "refusal.trial-used",
            "the trial of `silver` was started on 2026-03-01T00:00:00Z: a trial starts once",
            why(&[start("silver")], [start("silver")])
        ),
        row!(
            "refusal.outside-the-window",
            "the trial of `silver` may be started from 2026-03-01T00:00:00Z until 2026-03-10T00:00:00Z, it is \
             2026-03-10T00:00:00Z",
            contoso().decide(&admin(), &[start("silver")], request(), day(9)).unwrap_err().reason
        ),
        row!(
            "refusal.trial-ended",
            "the trial of `silver` was ended by its publisher",
            refused(&vendor.contoso([trial(Termination::Withdrawn(day(1)))]), &[start("silver")])
        ),
        row!(
            "refusal.trial-not-active",
            "only an active trial is extended, that of `silver` is: trial not started",
            why(&[], [extend("silver")])
        ),
        row!(
            "refusal.no-extension-left",
            "the trial of `silver` has no extension left",
            why(&[start("silver"), extend("silver")], [extend("silver")])
        ),
        row!("refusal.bought", "`silver` was bought: its trial is over", refused(&bought, &[extend("silver")])),
    ]
}

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

fn documents() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso");
    let mut other_offer = deal.clone();
    other_offer.offer = "f366".parse().unwrap();
    let checkpoint = beginning("contoso".parse().unwrap()).checkpoint();
    let catalog = include_str!("../../examples/fabrikam.json").replacen(
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
            "revision 1 of this license is superseded: revision 1 is installed",
            why(&[], [install(&deal)])
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
            "`sessions` does not cover it: 1 of 1.25 are consumed in 2026-03, more from 2026-03-06T00:00:00Z",
            {
                let mut tenant = bots.clone();
                tenant.forge(0, [draw("sessions", "0", "2026-03")]);
                undrawn(&tenant, "sessions", "2026-03")
            }
        ),
        row!("refusal.no-capacity", "`sessions` does not cover it: 1.25 of 1.25 are consumed in 2026-03", {
            let mut tenant = Vendor::of(&catalog).contoso([paid("sessions", 1, days(0, 100))]);
            let (id, bot, month) = ("0".parse().unwrap(), "bot".parse().unwrap(), "2026-03".parse().unwrap());
            let amount = Amount::millionths(1_250_000).unwrap();
            tenant.forge(0, [Command::Consume(Consumption::new("sessions".parse().unwrap(), id, bot, month, amount))]);
            undrawn(&tenant, "sessions", "2026-03")
        }),
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

pub(crate) fn rows() -> Vec<Row> {
    [seats(), sources(), trials(), documents()].into_iter().flatten().collect()
}

/// A refusal says which command, and the first that cannot be done is the one.
#[test]
fn the_first_command_that_cannot_be_done_is_named() {
    let tenant = contoso();
    let commands = [assign("ada", "bronze"), assign("bo", "bronze"), unassign("cy", "bronze"), assign("dee", "tin")];
    let refusal = tenant.decide(&admin(), &commands, request(), day(1)).unwrap_err();
    assert_eq!(refusal.to_string(), "command 3 was refused: no such assignment: `cy` does not have `bronze`");
    let refusal = tenant.decide(&admin(), &commands[..2], request(), day(1)).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "command 2 was refused: no seat of `bronze` is free, taken: 1 of 1, more from 2026-04-20T00:00:00Z"
    );
}

/// Who may not do it at all does not learn whether it could be done.
#[test]
fn a1_roles_are_asked_before_anything_else() {
    let stranger = Actor::new(user("stranger"));
    for command in [assign("ada", "tin"), unassign("ada", "bronze"), start("gold")] {
        let reason = contoso().decide(&stranger, &[command], request(), day(1)).unwrap_err().reason;
        assert_eq!(reason.code(), "refusal.forbidden");
    }
}
