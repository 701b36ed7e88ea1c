//! S18: users claim free seats by themselves where an administrator has switched it on.

use entitle::command::{Assignee, ClaimPolicy, RefusalReason};
use entitle::explain::Audience;
use entitle::query::TrialState;
use entitle::remedy::Step;
use entitle::time::Length;
use entitle::{Actor, Command, Decision, Event, Grant, PlanId, Refusal, Role, Tenant};

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, forged, group, join, paid, request, unassign, units, user,
    window,
};

const SUITE: &str = r#"{ "publisher": "p", "offer": "suite", "management": { "managed": "with_license" },
    "apps": [{ "id": "read", "access": "licensed" }, { "id": "write", "access": "licensed" },
             { "id": "audit", "access": "licensed" }],
    "plans": [
      { "id": "reader", "scope": "user", "name": "Reader", "apps": ["read"] },
      { "id": "writer", "scope": "user", "name": "Writer", "apps": ["write"], "requires": [["reader"]] },
      { "id": "auditor", "scope": "user", "name": "Auditor", "apps": ["audit"], "excludes": ["reader"] },
      { "id": "base", "scope": "tenant", "name": "Base", "apps": ["read"] } ] }"#;

fn plan(id: &str) -> PlanId {
    id.parse().unwrap()
}

fn claim(tenant: &mut Tenant, name: &str, id: &str, on: i64) -> Result<(), Refusal> {
    let entry = tenant.decide(&Actor::new(user(name)), &[Command::ClaimSeat(plan(id))], request(), day(on))?;
    tenant.apply(&entry).unwrap();
    Ok(())
}

fn switch(tenant: &mut Tenant, id: &str, policy: ClaimPolicy) {
    tenant.run(0, [Command::set_claim_on_first_use(plan(id), policy)]).unwrap();
}

/// A tenant with two units of each user plan, of which users may claim `reader` and `writer`.
fn contoso() -> Tenant {
    let grants = ["reader", "writer", "auditor"].map(|plan| paid(plan, 2, days(0, 100)));
    let mut tenant = Vendor::of(SUITE).contoso(grants);
    switch(&mut tenant, "reader", ClaimPolicy::Allowed);
    switch(&mut tenant, "writer", ClaimPolicy::Allowed);
    tenant
}

#[test]
fn s18_it_is_off_for_each_plan_until_somebody_switches_it_on() {
    let mut tenant = contoso();
    assert_eq!(tenant.claim_on_first_use(&plan("reader")), ClaimPolicy::Allowed);
    assert_eq!(tenant.claim_on_first_use(&plan("auditor")), ClaimPolicy::Off);
    assert_eq!(tenant.claim_on_first_use(&plan("nothing")), ClaimPolicy::Off);
    let refused = claim(&mut tenant, "ada", "auditor", 0).unwrap_err().reason;
    assert_eq!(refused, RefusalReason::ClaimsOff { plan: plan("auditor") });
    claim(&mut tenant, "ada", "reader", 0).unwrap();
    assert!(tenant.opens("ada", "read", 1));
    // Switched off again, it stops new claims and takes nothing.
    switch(&mut tenant, "reader", ClaimPolicy::Off);
    assert_eq!(claim(&mut tenant, "bo", "reader", 1).unwrap_err().code(), "refusal.claims-off");
    assert!(tenant.opens("ada", "read", 1));
}

#[test]
fn s18_license_and_global_administrators_switch_it_and_no_one_else() {
    let tenant = contoso();
    let switches = |role: Role| {
        let command = Command::set_claim_on_first_use(plan("reader"), ClaimPolicy::Off);
        tenant.decide(&Actor::new(user("ada")).with(role), &[command], request(), day(0)).map(|_| ())
    };
    for role in [Role::LicenseAdministrator, Role::GlobalAdministrator] {
        assert_eq!(switches(role), Ok(()));
    }
    for role in [Role::BillingAdministrator, Role::UserAdministrator, Role::Host] {
        assert_eq!(switches(role).unwrap_err().code(), "refusal.forbidden");
    }
}

#[test]
fn s18_it_is_switched_on_for_user_plans_of_the_catalog_and_off_for_any() {
    let mut tenant = contoso();
    let mut on = |id| tenant.run(0, [Command::set_claim_on_first_use(plan(id), ClaimPolicy::Allowed)]).map(|_| ());
    assert_eq!(on("base").unwrap_err().code(), "refusal.not-assignable");
    assert_eq!(on("nothing").unwrap_err().code(), "refusal.unknown-plan");
    switch(&mut tenant, "nothing", ClaimPolicy::Off);
}

#[test]
fn s18_a_claim_needs_a_free_seat_and_what_a_direct_assignment_needs() {
    let mut tenant = contoso();
    let code = |result: Result<(), Refusal>| result.unwrap_err().code();
    assert_eq!(code(claim(&mut tenant, "ada", "writer", 0)), "refusal.requirement-not-met", "S7");
    tenant.run(0, [assign("cy", "auditor")]).unwrap();
    assert_eq!(code(claim(&mut tenant, "cy", "reader", 0)), "refusal.excluded", "S8");
    claim(&mut tenant, "ada", "reader", 0).unwrap();
    claim(&mut tenant, "ada", "writer", 0).unwrap();
    claim(&mut tenant, "bo", "reader", 0).unwrap();
    assert_eq!(code(claim(&mut tenant, "dee", "reader", 0)), "refusal.no-free-unit", "S2");
    tenant.run(0, [unassign("bo", "reader")]).unwrap();
    assert_eq!(claim(&mut tenant, "dee", "reader", 0), Ok(()));
    // In its grace a plan can be assigned, suspended it cannot.
    tenant.run(0, [unassign("dee", "reader")]).unwrap();
    assert_eq!(claim(&mut tenant.clone(), "dee", "reader", 110), Ok(()));
    assert_eq!(code(claim(&mut tenant, "dee", "reader", 130)), "refusal.no-usable-units");
}

#[test]
fn s18_who_has_the_plan_already_seated_or_waiting_claims_nothing_and_no_deny_list_goes() {
    let mut tenant = contoso();
    let except = Command::assign_except(Assignee::from(user("ada")), plan("reader"), vec!["read".parse().unwrap()]);
    tenant.run(0, [except, join("bo", "staff"), assign("cy", "reader")]).unwrap();
    let to_staff = Command::assign_except(group("staff").into(), plan("reader"), vec!["read".parse().unwrap()]);
    tenant.run(0, [to_staff]).unwrap();
    for name in ["ada", "bo", "cy"] {
        let refused = claim(&mut tenant, name, "reader", 0).unwrap_err().reason;
        assert_eq!(refused, RefusalReason::HasItAlready { user: user(name), plan: plan("reader") }, "{name}");
    }
    assert!(!tenant.opens("ada", "read", 1), "turned off");
    // A forged record that holds the claim anyway opens nothing that a source denies (S3).
    tenant.forge(1, [Command::ClaimSeat(plan("reader"))]);
    let actor = Actor::new(user("ada"));
    let event = Event::new(tenant.position() + 1, day(1), actor, vec![Command::ClaimSeat(plan("reader"))]);
    let entry = forged(&tenant, event);
    tenant.apply(&entry).unwrap();
    assert!(!tenant.opens("ada", "read", 1), "a deny list stays");
}

#[test]
fn s18_a_claim_starts_no_trial() {
    let vendor = Vendor::fabrikam();
    let trial = Grant::trial(plan("gold"), units(5), window(0, 50), Length::days(30).unwrap());
    let deal = vendor.deal_for("contoso").with(trial);
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    switch(&mut tenant, "gold", ClaimPolicy::Allowed);
    assert_eq!(claim(&mut tenant, "ada", "gold", 1).unwrap_err().code(), "refusal.no-usable-units");
    assert!(tenant.trials(day(1)).all(|trial| trial.state == TrialState::NotStarted));
}

#[test]
fn s18_a_denial_offers_the_claim_where_it_helps() {
    let mut tenant = contoso();
    let offered = |tenant: &Tenant, name: &str, app: &str| {
        tenant.see(name, app, day(1), |decision| {
            let Decision::Deny(denial) = decision else { panic!("{name} may open {app}") };
            let claims = denial.remedies().any(|remedy| matches!(remedy.steps(), [Step::Do(Command::ClaimSeat(_))]));
            (claims, denial.text(Audience::User).to_string().contains("claim a free seat of"))
        })
    };
    assert_eq!(offered(&tenant, "ada", "read"), (true, true));
    assert_eq!(offered(&tenant, "ada", "audit"), (false, false), "switched off");
    tenant.run(0, [assign("bo", "reader"), assign("cy", "reader")]).unwrap();
    assert_eq!(offered(&tenant, "ada", "read"), (false, false), "no seat is free");
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "reader")]).unwrap();
    assert_eq!(offered(&tenant, "ada", "read"), (false, false), "she waits already");
}

#[test]
fn s18_the_setting_is_kept_by_snapshots_and_other_catalogs() {
    let vendor = Vendor::of(SUITE);
    let tenant = contoso();
    let bytes = tenant.snapshot().unwrap();
    let restored = Tenant::restore(&vendor.catalog, &vendor.ring(), "contoso".parse().unwrap(), &bytes).unwrap();
    assert_eq!(restored.claim_on_first_use(&plan("reader")), ClaimPolicy::Allowed);
    assert_eq!(restored.claim_on_first_use(&plan("auditor")), ClaimPolicy::Off);
    assert_eq!(restored.snapshot().unwrap(), bytes);
    // A catalog without the plan keeps the setting, which counts again later (C11).
    let without = tenant.rebase(&Vendor::fabrikam().catalog, &vendor.ring());
    let again = without.rebase(&vendor.catalog, &vendor.ring());
    assert_eq!(again.claim_on_first_use(&plan("reader")), ClaimPolicy::Allowed);
    let mut without = without;
    assert_eq!(claim(&mut without, "ada", "reader", 0).unwrap_err().code(), "refusal.unknown-plan");
}
