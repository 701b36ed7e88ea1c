//! A: who may do what.

use entitle::capacity::Consumption;
use entitle::command::{ClaimPolicy, RefusalReason, SignUpPolicy, TrialName};
use entitle::quantity::Amount;
use entitle::{Actor, Command, LicenseId, Role};

use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, day, days, group, join, leave, paid, request, unassign,
    unassign_group, user,
};

use Role::{BillingAdministrator, GlobalAdministrator, LicenseAdministrator, UserAdministrator};

#[test]
fn a1_each_command_takes_one_of_its_roles() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    let token = vendor.seal(&vendor.deal_for("contoso"));
    let trial = TrialName::new(LicenseId::from_random([1; 16]), "bronze".parse().unwrap());
    let month = "2026-03".parse().unwrap();
    let draw =
        Consumption::new("bronze".parse().unwrap(), "1".parse().unwrap(), "bot".parse().unwrap(), month, Amount::UNIT);
    let billing: &[Role] = &[BillingAdministrator, GlobalAdministrator];
    let seats: &[Role] = &[LicenseAdministrator, UserAdministrator, GlobalAdministrator];
    let users: &[Role] = &[UserAdministrator, GlobalAdministrator];
    let host: &[Role] = &[Role::Host];
    for (command, needed) in [
        (Command::Install(token), billing),
        (Command::StartTrial(trial.clone()), billing),
        (Command::ExtendTrial(trial), billing),
        (assign("ada", "bronze"), seats),
        (unassign("ada", "bronze"), seats),
        (assign_group("staff", "bronze"), seats),
        (unassign_group("staff", "bronze"), seats),
        (join("ada", "staff"), users),
        (leave("ada", "staff"), users),
        (Command::RemoveGroup(group("staff")), users),
        (Command::RemoveUser(user("ada")), users),
        (Command::SetSignUps(SignUpPolicy::Off), &[GlobalAdministrator]),
        (
            Command::set_claim_on_first_use("bronze".parse().unwrap(), ClaimPolicy::Off),
            &[LicenseAdministrator, GlobalAdministrator],
        ),
        (Command::Consume(draw), host),
        (Command::RecordTime, host),
        (Command::InstallRevocationList(vendor.seal(&vendor.deal_for("contoso"))), host),
        (Command::CorrectTime(vendor.seal(&vendor.deal_for("contoso"))), host),
    ] {
        let forbidden = |actor: &Actor| {
            let refused = tenant.decide(actor, core::slice::from_ref(&command), request(), day(0));
            refused
                .err()
                .filter(|refusal| matches!(refusal.reason, RefusalReason::Forbidden { .. }))
                .map(|refusal| refusal.reason)
        };
        let nobody = Actor::new(user("bo"));
        assert_eq!(forbidden(&nobody), Some(RefusalReason::Forbidden { actor: user("bo"), needed }));
        for role in [GlobalAdministrator, BillingAdministrator, LicenseAdministrator, UserAdministrator, Role::Host] {
            let actor = nobody.clone().with(role);
            assert_eq!(forbidden(&actor).is_none(), needed.contains(&role), "{role} {command:?}");
        }
        let all = [BillingAdministrator, LicenseAdministrator, UserAdministrator, Role::Host];
        let all = all.into_iter().fold(nobody.clone(), Actor::with);
        let suffices = needed != [GlobalAdministrator];
        assert_eq!(forbidden(&all).is_none(), suffices, "several roles add up");
    }
}

#[test]
fn a2_a_deal_takes_effect_once_an_administrator_has_installed_it() {
    let vendor = Vendor::fabrikam();
    let license = Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)))));
    let mut tenant = vendor.tenant("contoso");
    let clerk = Actor::new(user("clerk")).with(LicenseAdministrator);
    assert!(tenant.decide(&clerk, core::slice::from_ref(&license), request(), day(0)).is_err());
    assert_eq!(tenant.reasons("ada", "f365/orders", 1)[0].code(), "reason.no-grant");
    for role in [BillingAdministrator, GlobalAdministrator] {
        let mut accepted = tenant.clone();
        let entry = accepted
            .decide(&Actor::new(user("cfo")).with(role), core::slice::from_ref(&license), request(), day(0))
            .unwrap();
        let event = entry.event();
        assert_eq!((event.number, event.at, event.actor.user.as_str()), (1, day(0), "cfo"));
        accepted.apply(&entry).unwrap();
        assert_eq!(accepted.reasons("ada", "f365/orders", 1)[0].code(), "reason.not-assigned");
    }
    tenant.apply(&tenant.decide(&admin(), &[license], request(), day(0)).unwrap()).unwrap();
}
