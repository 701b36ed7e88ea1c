//! K, X6: the check.

use entitle::chrono::{TimeDelta, Utc};
use entitle::explain::{Basis, DenialCause, DenialReason, NoUnits, Warning};
use entitle::license::{Tolerance, ToleratedUnits};
use entitle::quantity::{Place, Total};
use entitle::time::{End, LATEST};
use entitle::{Actor, Catalog, Command, Decision, Role, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, request, units, user};

/// A product with a tenant plan beside two user plans, all over one app; another app only for the tenant plan.
fn mixed() -> Vendor {
    Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "app", "access": "licensed" }, { "id": "hall", "access": "licensed" },
                      { "id": "lobby", "access": "free" }],
             "plans": [
               { "id": "first", "scope": "user", "name": "First", "apps": ["app"] },
               { "id": "second", "scope": "user", "name": "Second", "more_info": "https://p.example/2", "apps": ["app"] },
               { "id": "site", "scope": "tenant", "name": "Site", "apps": ["app", "hall"] } ] }"#,
    )
}

#[derive(Debug, PartialEq)]
struct Seen {
    plan: Option<String>,
    basis: Basis,
    warnings: Vec<Warning>,
    until: Option<i64>,
}

/// What an allow says, its `until` as a day.
fn seen(tenant: &Tenant, name: &str, app: &str, on: i64) -> Option<Seen> {
    tenant.see(name, app, day(on), |decision| match decision {
        Decision::Deny(_) => None,
        Decision::Allow(allow) => Some(Seen {
            plan: allow.plan().map(|plan| plan.id.to_string()),
            basis: allow.basis(),
            warnings: allow.warnings().collect(),
            until: allow.until().instant().map(|until| (until - day(0)).num_days()),
        }),
    })
}

#[test]
fn k1_the_same_state_and_reading_give_the_same_answer() {
    let mut tenant = mixed().contoso([paid("first", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "first")]).unwrap();
    let before = format!("{tenant:?}");
    for on in [0, 50, 110, 140, 300] {
        assert_eq!(seen(&tenant, "ada", "app", on), seen(&tenant.clone(), "ada", "app", on));
        assert_eq!(tenant.reasons("bo", "app", on), tenant.reasons("bo", "app", on));
    }
    assert_eq!(format!("{tenant:?}"), before, "asking changes nothing");
}

#[test]
fn k2_the_tenants_license_is_enough_for_users_without_a_seat() {
    let tenant = mixed().contoso([paid("site", 1, days(0, 100))]);
    for name in ["a bot's end user", "a worker"] {
        let site = Seen { plan: Some("site".to_string()), basis: Basis::Paid, warnings: vec![], until: Some(70) };
        assert_eq!(seen(&tenant, name, "hall", 1), Some(site));
        assert!(tenant.opens(name, "lobby", 1));
    }
}

#[test]
fn k3_one_reason_for_every_plan_the_nearest_miss_first() {
    let mut tenant = mixed().contoso([paid("second", 1, days(0, 100)), paid("site", 1, days(50, 60))]);
    tenant.forge(0, [assign("bo", "second"), assign("ada", "second")]);
    let waiting = DenialReason::Waiting { place: Place::behind(1), limit: Total::Limited(1) };
    let pending = || DenialReason::NoUnits(NoUnits::Pending { from: End::At(day(50)) });
    assert_eq!(
        tenant.reasons("bo", "app", 1),
        [waiting, pending(), DenialReason::NoUnits(NoUnits::NoGrant)],
        "within one event by id"
    );
    assert_eq!(tenant.reasons("bo", "hall", 1), [pending()]);
    assert_eq!(
        tenant.reasons("zoe", "app", 1),
        [DenialReason::NotAssigned, pending(), DenialReason::NoUnits(NoUnits::NoGrant)]
    );
}

#[test]
fn k3_of_several_grants_the_nearest_speaks_and_ties_go_by_the_catalogs_order() {
    // Ended, suspended and pending grants of one plan: pending is the nearest.
    let grants = [paid("first", 1, days(-300, -200)), paid("first", 1, days(-80, -40)), paid("first", 1, days(9, 20))];
    let tenant = mixed().contoso(grants.clone());
    assert_eq!(tenant.reasons("ada", "app", 0)[0], DenialReason::NoUnits(NoUnits::Pending { from: End::At(day(9)) }));
    let tenant = mixed().contoso(grants[..2].to_vec());
    let suspended = DenialReason::NoUnits(NoUnits::Suspended { since: day(-10), until: End::At(day(80)) });
    assert_eq!(tenant.reasons("ada", "app", 0)[0], suspended);
    let tenant = mixed().contoso(grants[..1].to_vec());
    assert_eq!(tenant.reasons("ada", "app", 0)[0], DenialReason::NoUnits(NoUnits::Ended { since: day(-80) }));

    let explanation = mixed().tenant("contoso").see("ada", "app", day(0), |decision| decision.allowed().unwrap_err());
    let DenialCause::Plans(misses) = &explanation.cause else { panic!("{explanation:?}") };
    let plans: Vec<_> = misses.iter().map(|miss| miss.plan.as_str()).collect();
    assert_eq!(plans, ["first", "second", "site"]);
}

#[test]
fn k3_the_message_names_plans_and_whom_to_ask() {
    let tenant = mixed().contoso([paid("second", 1, days(0, 100))]);
    let text = tenant.see("ada", "app", day(0), |decision| decision.allowed().unwrap_err().to_string());
    assert_eq!(
        text,
        "Second, which opens `app`, is not assigned to you. Contact an administrator for a license: Second \
         (https://p.example/2), First or Site."
    );
}

#[test]
fn k5_until_is_the_next_boundary_of_any_plan_that_lists_the_app() {
    let mut tenant = mixed().contoso([paid("first", 1, days(0, 100)), paid("site", 1, days(20, 60))]);
    tenant.run(0, [assign("ada", "first")]).unwrap();
    let until = |name, on| {
        tenant.see(name, "app", day(on), |decision| decision.until().instant()).map(|u| (u - day(0)).num_days())
    };
    // Site starts, first's notice begins, site ends, site is suspended, first ends, first is suspended, site ended, ...
    let walk = |name| core::iter::successors(until(name, 0), |&on| until(name, on)).collect::<Vec<_>>();
    assert_eq!(walk("ada"), [20, 30, 60, 70, 90, 100, 130, 180, 220]);
    assert_eq!(walk("bo"), [20, 30, 60, 90, 100, 130, 180, 220]);
}

#[test]
fn k6_two_answers_and_nothing_installed_denies_what_is_gated() {
    let tenant = mixed().tenant("contoso");
    assert_eq!(tenant.reasons("ada", "hall", 0), [DenialReason::NoUnits(NoUnits::NoGrant)]);
    assert!(tenant.opens("ada", "lobby", 0));
    let (ada, hall) = (user("ada"), tenant.catalog().app("hall").unwrap());
    match tenant.check(&ada, &hall, day(0)) {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => {
            assert_eq!((denial.user(), denial.app().id(), denial.until()), (&ada, hall.id(), End::Never));
        }
    }
}

#[test]
fn k7_the_basis_is_the_first_that_reaches_the_place() {
    let mut tolerated = paid("first", 1, days(0, 300));
    tolerated.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(2), day(250)));
    let mut tenant = mixed().contoso([tolerated, paid("first", 1, days(0, 100))]);
    tenant.forge(0, ["a", "b", "c", "d"].map(|name| assign(name, "first")));
    let basis = |name, on| seen(&tenant, name, "app", on).map(|seen| (seen.basis, seen.warnings));
    let (none, over) = (vec![], |on| vec![Warning::OverAssigned { until: End::At(day(on)) }]);
    assert_eq!(basis("a", 1), Some((Basis::Paid, none.clone())));
    assert_eq!(basis("b", 1), Some((Basis::Paid, none)));
    assert_eq!(basis("c", 1), Some((Basis::Tolerance, over(130))), "the second grant is in grace until then");
    assert_eq!(basis("d", 1), None);
    assert_eq!(basis("b", 110), Some((Basis::Grace, vec![Warning::InGrace { until: End::At(day(130)) }])));
    assert_eq!(basis("b", 130), Some((Basis::Tolerance, over(250))));
    assert_eq!(basis("b", 250), None);
}

#[test]
fn k7_expiring_soon_is_reported_within_the_notice() {
    let mut tenant = mixed().contoso([paid("first", 1, days(0, 300)), paid("first", 1, days(0, 100))]);
    tenant.run(0, [assign("a", "first"), assign("b", "first")]).unwrap();
    let soon = |on| vec![Warning::ExpiringSoon { at: day(on) }];
    let warnings = |name, on| seen(&tenant, name, "app", on).unwrap().warnings;
    assert_eq!(warnings("b", 69), []);
    assert_eq!(warnings("b", 70), soon(100));
    assert_eq!(warnings("a", 99), [], "her place is within what remains");
    assert_eq!(warnings("a", 270), soon(300));
    assert_eq!(seen(&tenant, "b", "app", 5).unwrap().until, Some(70), "and until reports when it begins");

    let hall =
        |grants: &[entitle::Grant], on| seen(&mixed().contoso(grants.to_vec()), "nobody", "hall", on).unwrap().warnings;
    let (one, next) = (paid("site", 9, days(0, 100)), paid("site", 1, days(100, 200)));
    assert_eq!(hall(core::slice::from_ref(&one), 70), soon(100), "a tenant plan: to none");
    assert_eq!(hall(&[one, next], 90), [], "something follows");
}

#[test]
fn k7_the_notice_is_the_catalogs() {
    let with_notice = |notice: u32| {
        let apps = format!(r#""notice": {notice}, "apps": ["#);
        let catalog = include_str!("../../examples/fabrikam.json").replacen(r#""apps": ["#, &apps, 1);
        let mut tenant = Vendor::of(&catalog).contoso([paid("bronze", 1, days(0, 100))]);
        tenant.run(0, [assign("ada", "bronze")]).unwrap();
        tenant
    };
    let week = with_notice(7);
    assert_eq!(seen(&week, "ada", "f365/orders", 92).unwrap().warnings, []);
    assert_eq!(seen(&week, "ada", "f365/orders", 93).unwrap().warnings, [Warning::ExpiringSoon { at: day(100) }]);
    // One that reaches back past the beginning of time has always begun.
    let always = with_notice(u32::MAX);
    assert_eq!(seen(&always, "ada", "f365/orders", 0).unwrap().warnings, [Warning::ExpiringSoon { at: day(100) }]);
}

#[test]
fn k7_of_several_plans_the_better_basis_then_tenant_plans_then_the_catalogs_order() {
    let grants = |first: (i64, i64), second: (i64, i64), site: (i64, i64)| {
        let term = |(starts, ends)| days(starts, ends);
        let mut tenant = mixed().contoso([
            paid("first", 1, term(first)),
            paid("second", 1, term(second)),
            paid("site", 1, term(site)),
        ]);
        tenant.forge(0, [assign("ada", "first"), assign("ada", "second")]);
        seen(&tenant, "ada", "app", 10).unwrap().plan.unwrap()
    };
    let (paid, grace) = ((0, 100), (0, 5));
    assert_eq!(grants(paid, paid, paid), "site");
    assert_eq!(grants(paid, paid, grace), "first");
    assert_eq!(grants(grace, paid, grace), "second");
    assert_eq!(grants(grace, grace, grace), "site");
}

#[test]
fn k8_an_unknown_app_is_an_error_where_its_handle_is_made() {
    let catalog = mixed().catalog;
    for id in ["nowhere", "", " app", "APP", "app\n"] {
        assert_eq!(catalog.app(id).unwrap_err().app, id);
    }
}

#[test]
fn k8_a_handle_of_another_catalog_is_looked_up_by_its_id() {
    let mut tenant = mixed().contoso([paid("site", 1, days(0, 100))]);
    tenant.run(0, [Command::RemoveUser(user("x"))]).unwrap_err();
    // The other catalog has a free app where this one has a licensed one, and numbers them differently.
    let other = Catalog::from_json(
        r#"{ "publisher": "p", "offer": "o", "management": "unmanaged", "plans": [],
             "apps": [{ "id": "elsewhere", "access": "free" }, { "id": "hall", "access": "free" }] }"#,
    )
    .unwrap();
    let (ada, hall, elsewhere) = (user("ada"), other.app("hall").unwrap(), other.app("elsewhere").unwrap());
    let basis = tenant.check(&ada, &hall, day(1)).allowed().map(|allow| allow.basis());
    assert_eq!(basis, Ok(Basis::Paid));
    assert!(!tenant.check(&ada, &hall, day(200)).is_allowed());
    let explanation = tenant.check(&ada, &elsewhere, day(1)).allowed().unwrap_err();
    assert_eq!((explanation.cause.clone(), explanation.until), (DenialCause::UnknownApp, End::Never));
    assert_eq!(explanation.to_string(), "`elsewhere` is not part of this product");
}

#[test]
fn x6_setting_the_clock_back_revives_nothing() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 2, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 50));
    tenant.run(300, [Command::RemoveUser(user("nobody"))]).unwrap_err();
    assert!(tenant.opens("ada", "f365/orders", 50), "a refusal leaves no trace");
    let event = tenant.run(300, [crate::support::unassign("ada", "bronze")]).unwrap();
    assert_eq!((event.event().at, tenant.reading(day(50))), (day(300), day(300)));
    assert_eq!(tenant.reasons("ada", "f365/orders", 50)[0].code(), "reason.ended");
    let back = tenant.run(20, [assign("ada", "bronze")]).unwrap_err();
    assert_eq!(back.reason.code(), "refusal.no-usable-units");
}

#[test]
fn x6_a_mark_records_the_time() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 2, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let host = Actor::new(user("the application")).with(Role::Host);
    let mark = tenant.decide(&host, &[Command::RecordTime], request(), day(300)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 50), "decided is not recorded");
    tenant.apply(&mark).unwrap();
    assert_eq!(tenant.reasons("ada", "f365/orders", 50)[0].code(), "reason.ended");
}

#[test]
fn x6_the_issue_date_of_a_license_is_evidence() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    deal.issued = day(60);
    let mut tenant = vendor.tenant("contoso");
    // As a record holds it, forged or from a time at which nobody looked at the date.
    tenant.forge(5, [Command::Install(vendor.seal(&deal))]);
    assert_eq!(tenant.reading(day(5)), day(60));
    assert_eq!(tenant.run(6, [assign("ada", "bronze")]).unwrap().event().at, day(60));
    // One that gives nothing here is evidence of nothing.
    let mut other = vendor.deal_for("northwind");
    other.issued = day(90);
    tenant.forge(61, [Command::Install(vendor.seal(&other))]);
    assert_eq!(tenant.reading(day(5)), day(61));
}

#[test]
fn x6_readings_are_whole_seconds_within_the_ends_of_time() {
    let tenant = Vendor::fabrikam().tenant("contoso");
    assert_eq!(tenant.reading(day(1) + TimeDelta::milliseconds(999)), day(1));
    assert_eq!(tenant.reading(entitle::chrono::DateTime::<Utc>::MIN_UTC), entitle::time::EARLIEST);
    assert_eq!(tenant.reading(entitle::chrono::DateTime::<Utc>::MAX_UTC), LATEST);
}

/// A decision goes into a log, the tenant's other users do not.
#[test]
fn k1_a_decision_shows_the_question_and_not_the_tenant() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 3, days(0, 30))]);
    tenant.run(0, [assign("ada", "bronze"), assign("somebody-else", "bronze")]).unwrap();
    for name in ["ada", "zoe"] {
        let shown = tenant.see(name, "f365/orders", day(1), |decision| format!("{decision:?}"));
        assert!(shown.contains(name) && shown.contains("f365/orders") && !shown.contains("somebody-else"), "{shown}");
    }
}
