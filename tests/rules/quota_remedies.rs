//! K4 and K10 for quotas: what would help where a total is over a quota, worked out by hand.

use entitle::quantity::QuotaAmount;
use entitle::quota::{Over, QuotaDecision, QuotaShare};
use entitle::remedy::{Remedy, Step};
use entitle::time::{Days, Length};
use entitle::{Grant, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, join, paid, units, user, window};

/// Projects of users add up, 1 is free; storage of the organisation adds up, by seat of pro, which needs the site.
const STUDIO: &str = r#"{
  "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
  "quotas": [
    { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "sum", "free": { "limited": 1 } },
    { "id": "largest", "name": "Largest", "unit": "files", "scope": "user", "combine": "largest" },
    { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" }
  ],
  "apps": [{ "id": "edit", "access": "free" }],
  "plans": [
    { "id": "site", "scope": "tenant", "name": "Site", "quotas": [{ "quota": "projects", "amount": { "limited": 5 } }] },
    { "id": "pro", "scope": "user", "name": "Pro", "requires": [["site"]],
      "quotas": [{ "quota": "storage", "amount": { "limited": 10 }, "per": "unit" }] },
    { "id": "one", "scope": "user", "name": "One",
      "quotas": [{ "quota": "projects", "amount": { "limited": 10 } }, { "quota": "largest", "amount": { "limited": 10 } }] },
    { "id": "two", "scope": "user", "name": "Two",
      "quotas": [{ "quota": "projects", "amount": { "limited": 20 } }, { "quota": "largest", "amount": { "limited": 20 } }] }
  ]
}"#;

fn contoso(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    Vendor::of(STUDIO).contoso(grants)
}

fn over<T>(decision: QuotaDecision<'_>, f: impl FnOnce(Over<'_>) -> T) -> T {
    match decision {
        QuotaDecision::Within(within) => panic!("{within:?}"),
        QuotaDecision::Over(over) => f(over),
    }
}

/// The remedies of a user's total that is over the quota, in words.
fn of_user(tenant: &Tenant, quota: &str, wanted: u64, on: i64) -> Vec<String> {
    let (ada, quota) = (user("ada"), tenant.catalog().user_quota(quota).unwrap());
    over(tenant.check_quota(&ada, &quota, wanted, day(on)), |over| over.remedies().map(|it| it.to_string()).collect())
}

/// The remedies of a total of storage, in words.
fn of_storage(tenant: &Tenant, wanted: u64, on: i64) -> Vec<String> {
    let quota = tenant.catalog().tenant_quota("storage").unwrap();
    over(tenant.check_tenant_quota(&quota, wanted, day(on)), |over| over.remedies().map(|it| it.to_string()).collect())
}

#[test]
fn k4_a_free_seat_of_a_plan_that_gives_enough_is_assigned() {
    let tenant = contoso([paid("one", 1, days(0, 100))]);
    assert_eq!(of_user(&tenant, "largest", 8, 1)[0], "assign `one` to `ada`");
    let found = of_user(&tenant, "largest", 18, 1);
    assert_eq!(found, ["buy 1 unit of `two`, then assign `two` to `ada`"]);
    assert_eq!(
        of_user(&tenant, "largest", 21, 1),
        Vec::<String>::new(),
        "no plan gives so much: there is no remedy (Q3)"
    );
}

#[test]
fn k4_the_amounts_of_two_plans_add_up() {
    let tenant = contoso([paid("one", 1, days(0, 100)), paid("two", 1, days(0, 100))]);
    assert_eq!(of_user(&tenant, "projects", 29, 1), ["assign `one` to `ada`, then assign `two` to `ada`"]);
    // 35 with the site, which is three steps.
    assert_eq!(
        of_user(&tenant, "projects", 33, 1),
        ["buy 1 unit of `site`, then assign `two` to `ada`, then assign `one` to `ada`"]
    );
    assert_eq!(of_user(&tenant, "projects", 36, 1), Vec::<String>::new());
}

#[test]
fn k4_a_purchase_gives_the_amount_of_the_catalog_beside_a_smaller_negotiated_one() {
    let own = paid("two", 1, days(0, 100)).with_amount("largest".parse().unwrap(), QuotaAmount::limited(2).unwrap());
    let mut tenant = contoso([own]);
    tenant.run(1, [assign("ada", "two")]).unwrap();
    let found = of_user(&tenant, "largest", 15, 2);
    assert_eq!(found, ["buy 1 unit of `two`"], "one usable grant is enough (Q2)");
}

#[test]
fn k4_the_organisation_buys_as_many_units_as_it_needs_and_what_they_need() {
    let tenant = contoso([paid("site", 1, days(0, 100)), paid("pro", 3, days(0, 100))]);
    assert_eq!(of_storage(&tenant, 31, 1), ["buy 1 unit of `pro`"]);
    assert_eq!(of_storage(&tenant, 75, 1), ["buy 5 units of `pro`"]);
    let without_site = contoso([paid("pro", 3, days(0, 100))]);
    assert_eq!(
        of_storage(&without_site, 30, 1),
        ["buy 1 unit of `site`"],
        "the seats are there, and what they need is not"
    );
    let found = of_storage(&without_site, 31, 1);
    assert_eq!(found, ["buy 1 unit of `pro`, then buy 1 unit of `site`"]);
    let storage = without_site.catalog().tenant_quota("storage").unwrap();
    let explanation = over(without_site.check_tenant_quota(&storage, 30, day(1)), |over| over.explain());
    let QuotaShare::Nothing(reason) = &explanation.plans[0].gives else { panic!("{explanation:?}") };
    assert_eq!(reason.to_string(), "it requires `site`, which is not in effect", "named with the plan that is lacking");
}

#[test]
fn k4_time_and_trials_may_give_enough() {
    let later = contoso([paid("site", 1, days(0, 100)), paid("pro", 3, days(20, 100))]);
    assert!(of_storage(&later, 30, 1).contains(&"wait until 2026-03-21T00:00:00Z".to_string()));
    let trial = Grant::trial("pro".parse().unwrap(), units(4), window(0, 60), Length::days(30).unwrap());
    let with_trial = contoso([paid("site", 1, days(0, 100)), trial]);
    let found = of_storage(&with_trial, 40, 1);
    assert_eq!(found[0], "start the trial of `pro` in the license 01010101010101010101010101010101");
    // Nobody signs up for the organisation, and a trial is not enough for more.
    assert_eq!(of_storage(&with_trial, 41, 1), ["buy 5 units of `pro`"]);
}

#[test]
fn k4_what_has_ended_is_renewed_with_enough_units() {
    let tenant = contoso([paid("site", 1, days(0, 300)), paid("pro", 3, days(0, 10))]);
    assert_eq!(of_storage(&tenant, 25, 200), ["renew `pro` with at least 3 units"]);
}

/// A record of day 2,000 on which the clock shows day 10: storage of 40, negotiated as 20 for each of two seats, and from day 50
/// on 10 more.
fn ahead() -> Tenant {
    let own = paid("pro", 2, days(0, 100)).with_amount("storage".parse().unwrap(), QuotaAmount::limited(20).unwrap());
    let later = paid("pro", 1, days(50, 90));
    let mut tenant = contoso([paid("site", 1, days(0, 100)), own.with_grace(Days::NONE), later]);
    tenant.run(2000, [join("bo", "staff")]).unwrap();
    tenant
}

#[test]
fn k10_the_clock_is_reported_where_a_ticket_or_it_and_waiting_give_enough() {
    let tenant = ahead();
    let storage = tenant.catalog().tenant_quota("storage").unwrap();
    let ask = |wanted| {
        over(tenant.check_tenant_quota(&storage, wanted, day(10)), |over| {
            let steps = over.remedies().next().map(|it| it.steps().to_vec()).unwrap_or_default();
            (over.explain(), steps)
        })
    };
    let (explanation, steps) = ask(40);
    let ahead = explanation.record_ahead().unwrap();
    assert_eq!((ahead.floor, ahead.now), (day(2000), day(10)));
    assert_eq!(
        explanation.to_string(),
        "The clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record was \
         last written at 2031-08-22T00:00:00Z. Ask an administrator to compare the clock first. If the clock is \
         wrong, this applies once it is right: 40 gigabytes are too many: Storage allows 0. Contact an administrator \
         if you need more."
    );
    assert!(matches!(&steps[..], [Step::CompareClock { .. }]), "{steps:?}");
    // With the later grant it is 50, for which one only has to wait.
    let (explanation, steps) = ask(50);
    assert!(explanation.record_ahead().is_some());
    assert!(matches!(&steps[..], [Step::CompareClock { .. }, Step::Wait { until }] if *until == day(50)), "{steps:?}");
    // More than these grants give is a purchase, whatever the clock was.
    let (explanation, steps) = ask(51);
    assert_eq!(explanation.record_ahead(), None);
    assert!(matches!(&steps[..], [Step::Buy { .. }, ..]), "{steps:?}");
}

#[test]
fn k10_a_negotiated_amount_decides_whether_the_clock_is_reported_to_a_user() {
    let own =
        |n: u64| paid("two", 1, days(0, 100)).with_amount("largest".parse().unwrap(), QuotaAmount::limited(n).unwrap());
    for (amount, is_reported) in [(70, true), (2, false)] {
        let mut tenant = contoso([own(amount)]);
        tenant.run(1, [assign("ada", "two")]).unwrap();
        tenant.run(2000, [join("bo", "staff")]).unwrap();
        let (ada, largest) = (user("ada"), tenant.catalog().user_quota("largest").unwrap());
        over(tenant.check_quota(&ada, &largest, 10, day(10)), |over| {
            assert_eq!(over.explain().record_ahead().is_some(), is_reported, "{amount}");
            let first: Option<Remedy> = over.remedies().next();
            let is_first = first.is_some_and(|it| matches!(it.steps()[0], Step::CompareClock { .. }));
            assert_eq!(is_first, is_reported, "{amount}");
        });
    }
}

#[test]
fn v2_a_purchase_helps_where_another_release_would_not_be_enough() {
    // The catalog has no release, so that no fallback covers it.
    let before = || "2026-02-01T00:00:00Z".parse().unwrap();
    let covered = paid("pro", 1, days(-100, -60)).with_grace(Days::NONE).with_fallback(before()).unwrap();
    let tenant = contoso([paid("site", 1, days(0, 100)), covered, paid("pro", 3, days(0, 100))]);
    assert_eq!(of_storage(&tenant, 40, 1).len(), 1, "with a dated release it is enough, and nothing has to be bought");
    assert_eq!(of_storage(&tenant, 70, 1), ["buy 4 units of `pro`"]);
}

#[test]
fn k10_steps_without_a_purchase_come_first_however_short_a_purchase_is() {
    let more = r#"{ "id": "big", "scope": "user", "name": "Big", "quotas": [{ "quota": "projects", "amount": { "limited": 100 } }] },
    { "id": "one","#;
    let vendor = Vendor::of(&STUDIO.replace(r#"{ "id": "one","#, more));
    let mut tenant =
        vendor.contoso([paid("site", 1, days(0, 100)), paid("one", 1, days(0, 100)), paid("two", 1, days(0, 100))]);
    tenant.run(2000, [join("bo", "staff")]).unwrap();
    let (ada, projects) = (user("ada"), tenant.catalog().user_quota("projects").unwrap());
    // 5 of the site, 10 and 20: two assignments, where big would be a purchase and one.
    over(tenant.check_quota(&ada, &projects, 35, day(10)), |over| {
        assert!(over.explain().record_ahead().is_some());
        let first = over.remedies().next().unwrap();
        assert!(matches!(first.steps(), [Step::CompareClock { .. }, Step::Do(_), Step::Do(_)]), "{first}");
    });
}
