//! Every refusal of a command.

mod documents;
mod groups;
mod seats;
mod trials;

use core::num::NonZeroU32;

use entitle::command::{RefusalReason, TrialName};
use entitle::license::{Extension, Extensions, GrantKind, Termination};
use entitle::time::Length;
use entitle::{Actor, Command, Deal, Grant, LicenseId, Tenant};

use crate::Row;
use crate::support::{Scenario, Vendor, admin, assign, day, days, paid, request, unassign, units, user, window};

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

pub(crate) fn rows() -> Vec<Row> {
    [seats::seats(), groups::sources(), trials::trials(), documents::documents()].into_iter().flatten().collect()
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
    let refusal = tenant.decide(&admin(), &commands[2..3], request(), day(1)).unwrap_err();
    assert_eq!(refusal.to_string(), "no such assignment: `cy` does not have `bronze`", "the only one needs no number");
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
