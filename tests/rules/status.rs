//! What an application shows of an app and a user.

use entitle::catalog::Release;
use entitle::chrono::TimeDelta;
use entitle::command::{SignUpPolicy, TrialName};
use entitle::explain::{AppAccess, AppStatus, AppTrial, Basis};
use entitle::license::Fallback;
use entitle::query::ClockStatus;
use entitle::time::{End, Length, Phase};
use entitle::{Command, Grant, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, request, units, user, window};

fn status(tenant: &Tenant, name: &str, app: &str, on: i64) -> AppStatus {
    tenant.status(&user(name), &tenant.catalog().app(app).unwrap(), day(on))
}

fn trial(opens: i64, closes: i64) -> Grant {
    Grant::trial("bronze".parse().unwrap(), units(2), window(opens, closes), Length::days(30).unwrap())
}

fn of_license_1() -> TrialName {
    TrialName::new(LicenseId::from_random([1; 16]), "bronze".parse().unwrap())
}

#[test]
fn k7_an_open_app_says_plan_phase_basis_and_how_long_grace_included() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let on = |on| {
        let status = status(&tenant, "ada", "f365/orders", on);
        let AppAccess::Open(open) = &status.access else { panic!("{status:?}") };
        let plan = open.plan.clone().unwrap();
        assert_eq!((plan.id.as_str(), plan.name.as_str()), ("bronze", "F365 Bronze"));
        let days = status.days_left().map(entitle::time::Days::get);
        (open.basis, plan.phase, open.closes, days, status.next_change)
    };
    // The notice of 30 days before the end is the next change, grace ends for good on day 130.
    let closes = End::At(day(130));
    assert_eq!(on(10), (Basis::Paid, Phase::Active, closes, Some(120), End::At(day(70))));
    assert_eq!(on(110), (Basis::Grace, Phase::Grace, closes, Some(20), closes));
    assert_eq!(on(129).3, Some(1), "the last day");
    // What was bought is over before the grace.
    let bought = |on| {
        let status = status(&tenant, "ada", "f365/orders", on);
        let AppAccess::Open(open) = &status.access else { panic!("{status:?}") };
        let plan = open.plan.as_ref().unwrap();
        (plan.until, plan.days_left(status.at).map(entitle::time::Days::get))
    };
    assert_eq!((bought(10), bought(110)), ((End::At(day(100)), Some(90)), (closes, Some(20))));
    assert_eq!(status(&tenant, "ada", "f365/orders", 10).clock, ClockStatus::Fits);
}

#[test]
fn k7_days_left_count_the_day_that_has_begun() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let at = day(128) + TimeDelta::hours(1);
    let left = tenant.status(&user("ada"), &tenant.catalog().app("f365/orders").unwrap(), at).days_left();
    assert_eq!(left.map(entitle::time::Days::get), Some(2), "one day and 23 hours");
}

#[test]
fn k7_a_renewal_that_starts_later_prolongs_what_is_left() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    let renewal = vendor.deal(2, vendor.deal_for("contoso").licensee).with(paid("bronze", 1, days(100, 200)));
    tenant.run(0, [Command::Install(vendor.seal(&renewal)), assign("ada", "bronze")]).unwrap();
    assert_eq!(status(&tenant, "ada", "f365/orders", 10).days_left().map(entitle::time::Days::get), Some(220));
    let status = status(&tenant, "ada", "f365/orders", 10);
    let AppAccess::Open(open) = &status.access else { panic!("{status:?}") };
    assert_eq!(open.plan.as_ref().unwrap().until, End::At(day(200)));
    // A gap is an end, and what has none does not end.
    for (starts, until) in [(101, End::At(day(100))), (50, End::At(day(200)))] {
        let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100)), paid("bronze", 1, days(starts, 200))]);
        tenant.run(0, [assign("ada", "bronze")]).unwrap();
        let AppAccess::Open(open) = crate::status::status(&tenant, "ada", "f365/orders", 10).access else { panic!() };
        assert_eq!(open.plan.unwrap().until, until);
    }
}

#[test]
fn c3_a_free_app_and_one_without_an_end_have_no_days_left() {
    let tenant = Vendor::fabrikam().contoso([]);
    let free = status(&tenant, "ada", "f365/basic", 1);
    let AppAccess::Open(open) = &free.access else { panic!("{free:?}") };
    assert_eq!((open.basis, open.plan.as_ref(), open.closes, free.days_left()), (Basis::Free, None, End::Never, None));
}

#[test]
fn l8_a_closed_app_says_why_and_when_it_opens_by_itself() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(20, 100))]);
    tenant.forge(0, [assign("ada", "bronze")]);
    let closed = |name: &str| {
        let status = status(&tenant, name, "f365/orders", 1);
        let AppAccess::Closed { explanation, opens } = status.access.clone() else { panic!("{status:?}") };
        (explanation.misses()[0].reason.code(), opens, status.days_left())
    };
    assert_eq!(closed("ada"), ("reason.pending", End::At(day(20)), None));
    assert_eq!(closed("bo"), ("reason.pending", End::Never, None), "it is not assigned to bo");
}

#[test]
fn t1_the_status_says_whether_a_trial_runs_or_could_be_started() {
    let mut tenant = Vendor::fabrikam().contoso([trial(10, 50)]);
    let trial = |tenant: &Tenant, on| status(tenant, "ada", "f365/orders", on).trial;
    assert_eq!(trial(&tenant, 5), AppTrial::CanBeStartedFrom { trial: of_license_1(), from: day(10) });
    let (until, sign_ups) = (End::At(day(50)), SignUpPolicy::Allowed);
    assert_eq!(trial(&tenant, 10), AppTrial::CanBeStarted { trial: of_license_1(), until, sign_ups });
    assert_eq!(trial(&tenant, 50), AppTrial::Over);
    assert_eq!(status(&tenant, "ada", "f365/audit", 10).trial, AppTrial::None, "bronze does not list it");
    tenant.run(12, [Command::StartTrial(of_license_1())]).unwrap();
    assert_eq!(trial(&tenant, 20), AppTrial::Running { trial: of_license_1(), until: End::At(day(42)) });
    assert_eq!(trial(&tenant, 42), AppTrial::Over);
}

/// What the status says of sign-ups is what a sign-up is answered.
#[test]
fn t2_the_status_promises_no_sign_up_that_is_refused() {
    let site = include_str!("../../examples/fabrikam.json").replacen(r#""scope": "user""#, r#""scope": "tenant""#, 1);
    let vendors = [Vendor::fabrikam(), Vendor::of(&site)];
    let bought = || vec![trial(0, 50), paid("bronze", 1, days(0, 20))];
    for (vendor, grants, on) in
        [(&vendors[0], vec![trial(0, 50)], 10), (&vendors[1], vec![trial(0, 50)], 10), (&vendors[0], bought(), 10)]
    {
        let mut tenant = vendor.contoso(grants);
        let AppTrial::CanBeStarted { sign_ups, .. } = status(&tenant, "ada", "f365/orders", on).trial else {
            panic!("the trial can be started")
        };
        let ada = entitle::Actor::new("ada".parse().unwrap());
        let sign_up = tenant.decide(&ada, &[Command::SignUp(of_license_1())], request(), day(on));
        assert_eq!(sign_up.is_ok(), sign_ups == SignUpPolicy::Allowed, "{sign_up:?}");
        tenant.run(on, [Command::StartTrial(of_license_1())]).unwrap();
    }
}

#[test]
fn t1_of_several_trials_the_one_that_runs_is_reported() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([trial(0, 5)]);
    let other = vendor.deal(2, vendor.deal_for("contoso").licensee).with(trial(0, 90));
    tenant.run(0, [Command::Install(vendor.seal(&other))]).unwrap();
    let name = TrialName::new(LicenseId::from_random([2; 16]), "bronze".parse().unwrap());
    let on = |tenant: &Tenant, on| status(tenant, "ada", "f365/orders", on).trial;
    assert!(matches!(on(&tenant, 10), AppTrial::CanBeStarted { trial, .. } if trial == name));
    tenant.run(10, [Command::StartTrial(name.clone())]).unwrap();
    assert!(matches!(on(&tenant, 11), AppTrial::Running { trial, .. } if trial == name));
}

#[test]
fn x6_the_status_says_that_the_clock_is_behind() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 100))]);
    tenant.forge(50, [Command::RecordTime]);
    let status = status(&tenant, "ada", "f365/orders", 10);
    assert_eq!((status.at, status.clock), (day(50), ClockStatus::Behind { floor: day(50) }));
    let json = serde_json::to_value(&status).unwrap();
    assert_eq!((&json["clock"]["behind"]["floor"], &json["trial"]), (&"2026-04-20T00:00:00Z".into(), &"none".into()));
}

#[test]
fn v1_an_open_app_says_until_when_releases_are_covered() {
    let fallback = |on| paid("bronze", 1, days(0, 100)).with_fallback(day(on)).unwrap();
    let mut tenant = Vendor::fabrikam().contoso([fallback(50), fallback(80), paid("bronze", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let on = |tenant: &Tenant, on| match status(tenant, "ada", "f365/orders", on).access {
        AppAccess::Open(open) => open.plan.map(|plan| (plan.fallback, open.closes)),
        _ => None,
    };
    let undated = tenant.in_release(Release::Undated);
    assert_eq!(on(&undated, 10), Some((Fallback::Before(day(80)), End::At(day(130)))));
    assert_eq!(on(&undated, 130), None);
    let covered = tenant.in_release(Release::of(day(70)));
    assert_eq!(on(&covered, 500), Some((Fallback::Before(day(80)), End::Never)));
    let mut plain = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 100))]);
    plain.run(0, [assign("ada", "bronze")]).unwrap();
    assert_eq!(on(&plain, 10), Some((Fallback::None, End::At(day(130)))));
}

#[test]
fn t1_of_trials_that_are_alike_the_first_is_reported() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([trial(0, 50)]);
    let other = vendor.deal(2, vendor.deal_for("contoso").licensee).with(trial(0, 50));
    tenant.run(0, [Command::Install(vendor.seal(&other))]).unwrap();
    let found = status(&tenant, "ada", "f365/orders", 10).trial;
    assert!(matches!(&found, AppTrial::CanBeStarted { trial, .. } if *trial == of_license_1()), "{found:?}");
}
