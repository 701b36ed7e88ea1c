//! Refusals about roles, lists and seats.

use entitle::license::TimeTicketDraft;
use entitle::limits::MAX_COMMANDS;
use entitle::{Actor, Command, Role, TicketId};

use super::{contoso, refused, why};
use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, day, days, join, paid, request, unassign, unassign_group, user,
};
use crate::{Row, row};

/// Roles, lists and seats.
pub(super) fn seats() -> Vec<Row> {
    let silver = "silver".parse().unwrap();
    let except = vec!["f365/audit".parse().unwrap()];
    vec![
        row!(
            "refusal.nothing",
            "there is nothing to do: the list of commands is empty",
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
            "this takes one of these roles, and `clerk` has none of them: license administrator, user administrator or \
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
                let tenant_plan = include_str!("../../../examples/fabrikam.json").replacen(
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
        row!(
            "refusal.no-usable-units",
            "`gold` has no usable units: no license grants it",
            why(&[], [assign("bo", "gold")])
        ),
        row!(
            "refusal.no-usable-units",
            "`gold` has no usable units: no license grants it",
            why(&[assign_group("staff", "gold"), join("ada", "staff")], [assign("bo", "gold")])
        ),
        row!("refusal.no-usable-units", "`gold` has no usable units: its license starts on 2026-04-20T00:00:00Z", {
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
