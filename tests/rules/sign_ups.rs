//! T2, T3: users who sign up for a trial by themselves.

use entitle::command::{RefusalReason, RefusedPart, SignUpPolicy, TrialName};
use entitle::explain::Basis;
use entitle::license::Licensee;
use entitle::query::TrialState;
use entitle::time::Length;
use entitle::{Actor, Command, Grant, LicenseId, Role, Tenant};

use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, day, days, join, paid, request, units, user, window,
};

/// A license for anyone: two seats of bronze for 30 days, to be started from day 10 until day 20.
fn trial() -> Grant {
    Grant::trial("bronze".parse().unwrap(), units(2), window(10, 20), Length::days(30).unwrap())
}

fn contoso() -> Tenant {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal(2, Licensee::Anyone).with(trial());
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    tenant
}

fn bronze() -> TrialName {
    TrialName::new(LicenseId::from_random([2; 16]), "bronze".parse().unwrap())
}

/// Somebody without a role signs up.
fn sign_up(tenant: &mut Tenant, name: &str, on: i64) -> Result<(), RefusalReason> {
    let event = tenant
        .decide(&Actor::new(user(name)), &[Command::SignUp(bronze())], request(), day(on))
        .map_err(|refusal| refusal.reason)?;
    tenant.apply(&event).unwrap();
    Ok(())
}

fn turn(tenant: &mut Tenant, sign_ups: SignUpPolicy, on: i64) {
    tenant.run(on, [Command::SetSignUps(sign_ups)]).unwrap();
}

#[test]
fn t2_a_sign_up_starts_the_trial_and_takes_a_seat_of_it() {
    let mut tenant = contoso();
    assert_eq!(tenant.sign_ups(), SignUpPolicy::Allowed);
    sign_up(&mut tenant, "ada", 12).unwrap();
    tenant.see("ada", "f365/orders", day(12), |decision| assert_eq!(decision.allowed().unwrap().basis(), Basis::Trial));
    assert!(!tenant.opens("ada", "f365/orders", 42), "30 days from the first sign-up");
    // The second does not start it again, and a third finds no seat.
    sign_up(&mut tenant, "bo", 30).unwrap();
    assert!(tenant.opens("bo", "f365/orders", 41) && !tenant.opens("bo", "f365/orders", 42));
    assert_eq!(sign_up(&mut tenant, "cy", 31).unwrap_err().code(), "refusal.no-free-unit");
}

#[test]
fn t2_a_sign_up_is_refused_outside_the_trial() {
    let tenant = contoso();
    for (on, code) in [(9, "refusal.outside-the-window"), (20, "refusal.outside-the-window")] {
        assert_eq!(sign_up(&mut tenant.clone(), "ada", on).unwrap_err().code(), code);
    }
    let mut started = tenant;
    sign_up(&mut started, "ada", 10).unwrap();
    assert_eq!(sign_up(&mut started.clone(), "bo", 39), Ok(()));
    assert_eq!(sign_up(&mut started, "bo", 40).unwrap_err().code(), "refusal.trial-over");
}

#[test]
fn t2_a_sign_up_is_refused_in_the_grace_of_the_trial() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal(2, Licensee::Anyone).with(trial().with_grace(entitle::time::Days::new(5)));
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    sign_up(&mut tenant, "ada", 10).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 42));
    assert_eq!(sign_up(&mut tenant, "bo", 42).unwrap_err().code(), "refusal.trial-over");
}

#[test]
fn t2_a_sign_up_is_refused_once_the_plan_is_bought() {
    let vendor = Vendor::fabrikam();
    let mut tenant = contoso();
    tenant
        .run(0, [Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("bronze", 9, days(15, 100)))))])
        .unwrap();
    assert_eq!(sign_up(&mut tenant, "ada", 12), Ok(()), "what is pending is not usable");
    assert_eq!(sign_up(&mut tenant, "bo", 15).unwrap_err().code(), "refusal.bought");
    // The trial still runs, and nobody is shut out of it.
    assert!(tenant.opens("ada", "f365/orders", 15));
    // What is in grace is as usable as ever, and what is suspended is not.
    for (ends, grace, expected) in [(9, 30, Err("refusal.bought")), (9, 0, Ok(()))] {
        let over = paid("bronze", 9, days(0, ends)).with_grace(entitle::time::Days::new(grace));
        let mut tenant = contoso();
        tenant.run(0, [Command::Install(vendor.seal(&vendor.deal_for("contoso").with(over)))]).unwrap();
        assert_eq!(sign_up(&mut tenant, "ada", 15).map_err(|reason| reason.code()), expected);
    }
}

#[test]
fn t2_a_tenant_may_switch_sign_ups_off_and_takes_nothing_by_it() {
    let mut tenant = contoso();
    sign_up(&mut tenant, "ada", 12).unwrap();
    turn(&mut tenant, SignUpPolicy::Off, 13);
    assert_eq!(tenant.sign_ups(), SignUpPolicy::Off);
    assert_eq!(sign_up(&mut tenant, "bo", 13), Err(RefusalReason::SignUpsOff));
    assert!(tenant.opens("ada", "f365/orders", 13));
    // An administrator can still assign.
    tenant.run(13, [assign("bo", "bronze")]).unwrap();
    turn(&mut tenant, SignUpPolicy::Allowed, 14);
    assert_eq!(sign_up(&mut tenant, "cy", 14).unwrap_err().code(), "refusal.no-free-unit");
}

#[test]
fn t2_a_sign_up_does_not_turn_on_what_an_administrator_turned_off() {
    let mut tenant = contoso();
    let start = Command::StartTrial(bronze());
    let off = vec!["f365/orders".parse().unwrap()];
    let direct = Command::assign_except(user("ada").into(), "bronze".parse().unwrap(), off.clone());
    let group = Command::assign_except(crate::support::group("staff").into(), "bronze".parse().unwrap(), off);
    tenant.run(12, [start, direct, join("bo", "staff"), group]).unwrap();
    for name in ["ada", "bo"] {
        let has_it = RefusalReason::HasItAlready { user: user(name), plan: "bronze".parse().unwrap() };
        assert_eq!(sign_up(&mut tenant, name, 13), Err(has_it));
    }
    // A record that holds it anyway turns on nothing that is off directly.
    let by_ada = entitle::Event::new(3, day(13), Actor::new(user("ada")), vec![Command::SignUp(bronze())]);
    let entry = crate::support::forged(&tenant, by_ada);
    tenant.apply(&entry).unwrap();
    assert!(!tenant.opens("ada", "f365/orders", 13));
}

#[test]
fn t2_a_sign_up_gives_no_way_around_the_line() {
    let mut tenant = contoso();
    tenant.run(12, [Command::StartTrial(bronze()), assign("ada", "bronze")]).unwrap();
    tenant.run(12, [assign_group("staff", "bronze"), join("bo", "staff"), join("cy", "staff")]).unwrap();
    assert!(!tenant.opens("cy", "f365/orders", 13));
    assert_eq!(sign_up(&mut tenant, "cy", 13).unwrap_err().code(), "refusal.has-it-already");
    assert_eq!(sign_up(&mut tenant, "dee", 13).unwrap_err().code(), "refusal.no-free-unit");
}

#[test]
fn t3_a_user_signs_up_only_themself() {
    // A sign-up names no user: it is for the user who gives the command, also for an administrator.
    let mut tenant = contoso();
    tenant.run(12, [Command::SignUp(bronze())]).unwrap();
    let line = tenant.queue(&"bronze".parse().unwrap()).map(|user| user.to_string()).collect::<Vec<_>>();
    assert_eq!(line, [admin().user.to_string()]);
    let forbidden = tenant.decide(
        &Actor::new(user("bo")),
        &[Command::SignUp(bronze()), assign("cy", "bronze")],
        request(),
        day(12),
    );
    assert_eq!(forbidden.unwrap_err().part, RefusedPart::Command(1));
}

#[test]
fn t1_a_running_or_used_trial_is_visible() {
    let mut tenant = contoso();
    let seen = |tenant: &Tenant, on: i64| {
        let trials: Vec<_> = tenant.trials(day(on)).collect();
        assert_eq!((trials.len(), &trials[0].name), (1, &bronze()));
        (trials[0].phase.to_string(), trials[0].until, trials[0].state)
    };
    assert_eq!(seen(&tenant, 5), ("trial not started".into(), entitle::time::End::At(day(20)), TrialState::NotStarted));
    let host = Actor::new(user("app")).with(Role::Host);
    tenant.apply(&tenant.decide(&host, &[Command::RecordTime], request(), day(11)).unwrap()).unwrap();
    sign_up(&mut tenant, "ada", 12).unwrap();
    let run = TrialState::Started { at: day(12), extensions_left: 0 };
    assert_eq!(seen(&tenant, 12), ("active".into(), entitle::time::End::At(day(42)), run));
    assert_eq!(seen(&tenant, 50), ("ended".into(), entitle::time::End::Never, run));
}
