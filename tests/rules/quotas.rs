//! Q1 to Q4: numbers that plans give.

use entitle::catalog::{Combination, FaultKind, Offer, PlanQuota, QuotaEntry, QuotaScope, Scope};
use entitle::license::NotOffered;
use entitle::limits::{MAX_QUOTA, MAX_QUOTAS};
use entitle::quantity::QuotaAmount;
use entitle::quota::{QuotaDecision, QuotaShare, UnknownQuota};
use entitle::time::{End, Length};
use entitle::{Catalog, Command, Grant, Tenant, Units};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, user, window};

/// Studio: projects for each user, the largest counts, 3 are free; storage of the organisation, which adds up.
const STUDIO: &str = r#"{
  "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
  "quotas": [
    { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "largest", "free": { "limited": 3 } },
    { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" }
  ],
  "apps": [{ "id": "edit", "access": "free" }],
  "plans": [
    { "id": "site", "scope": "tenant", "name": "Site", "quotas": [{ "quota": "storage", "amount": { "limited": 100 } }] },
    { "id": "pro", "scope": "user", "name": "Pro", "requires": [["site"]],
      "quotas": [{ "quota": "projects", "amount": { "limited": 50 } },
                 { "quota": "storage", "amount": { "limited": 10 }, "per": "unit" }] },
    { "id": "max", "scope": "user", "name": "Max", "quotas": [{ "quota": "projects", "amount": "unlimited" }] }
  ]
}"#;

/// What a publisher misspelt, or sells before the release that has it.
#[test]
fn c11_a_deal_says_what_of_it_an_offer_does_not_have() {
    let vendor = Vendor::of(STUDIO);
    let own = |plan: &str, quota: &str| paid(plan, 1, days(0, 9)).with_amount(quota.parse().unwrap(), limited(7));
    let grants = [own("pro", "projects"), own("max", "storage"), own("master", "projects"), own("pro", "rows")];
    let deal = grants.into_iter().fold(vendor.deal_for("contoso"), entitle::Deal::with);
    let quota = |grant, plan: &str, quota: &str| NotOffered::Quota {
        grant,
        plan: plan.parse().unwrap(),
        quota: quota.parse().unwrap(),
    };
    let unknown = NotOffered::Plan { grant: 2, plan: "master".parse().unwrap() };
    assert_eq!(
        deal.not_offered(vendor.catalog.offer()),
        [quota(1, "max", "storage"), unknown, quota(3, "pro", "rows")]
    );
    // It may be sealed and installed; what is named gives nothing.
    let tenant = vendor.contoso([own("max", "storage")]);
    assert_eq!(tenant.tenant_quota(&vendor.catalog.tenant_quota("storage").unwrap(), day(1)).amount(), limited(0));
    // Of another offer nothing else is compared, whichever of the two names differs.
    for (publisher, offer) in [("fabrikam", "other"), ("other", "studio")] {
        let mut elsewhere = vendor.catalog.offer().clone();
        (elsewhere.publisher, elsewhere.offer) = (publisher.parse().unwrap(), offer.parse().unwrap());
        assert_eq!(deal.not_offered(&elsewhere), [NotOffered::Offer { offer: "studio".parse().unwrap() }]);
    }
    assert_eq!(vendor.deal_for("contoso").not_offered(vendor.catalog.offer()), []);
}

fn limited(number: u64) -> QuotaAmount {
    QuotaAmount::limited(number).unwrap()
}

/// Contoso with these grants, who assigned pro to Ada.
fn contoso(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    let mut tenant = Vendor::of(STUDIO).contoso(grants);
    tenant.forge(0, [assign("ada", "pro")]);
    tenant
}

fn projects(tenant: &Tenant, name: &str, on: i64) -> QuotaAmount {
    tenant.quota(&user(name), &tenant.catalog().user_quota("projects").unwrap(), day(on)).amount()
}

fn storage(tenant: &Tenant, on: i64) -> QuotaAmount {
    tenant.tenant_quota(&tenant.catalog().tenant_quota("storage").unwrap(), day(on)).amount()
}

fn site() -> Grant {
    paid("site", 1, days(0, 200))
}

fn trial(plan: &str, n: u32) -> Grant {
    Grant::trial(plan.parse().unwrap(), units(n), window(0, 60), Length::days(30).unwrap())
}

/// The studio with its plans changed.
fn changed(change: impl FnOnce(&mut Offer)) -> Result<Catalog, Vec<(String, FaultKind)>> {
    let mut offer = Vendor::of(STUDIO).catalog.offer().clone();
    change(&mut offer);
    Catalog::new(offer).map_err(|error| match error {
        entitle::catalog::CatalogError::Unsound(faults) => faults.into_iter().map(|it| (it.place, it.what)).collect(),
        other => panic!("{other:?}"),
    })
}

#[test]
fn q1_quotas_are_proven_with_the_catalog() {
    let storage = || "storage".parse::<entitle::QuotaId>().unwrap();
    let projects = || "projects".parse::<entitle::QuotaId>().unwrap();
    let faults = changed(|offer| {
        let text = || "x".parse().unwrap();
        let entry = |id: &str| QuotaEntry::new(id.parse().unwrap(), text(), text(), QuotaScope::User, Combination::Sum);
        offer.quotas.extend([entry("projects"), entry("Storage")]);
        offer.plans[0].quotas.push(PlanQuota::new("rows".parse().unwrap(), limited(1)));
        offer.plans[0].quotas.push(PlanQuota::new(storage(), limited(1)));
        offer.plans[1].quotas[0] = PlanQuota::per_unit(projects(), limited(1));
        let mut pool = entitle::catalog::Plan::new("pool".parse().unwrap(), Scope::Capacity, text());
        pool.quotas = vec![PlanQuota::new(projects(), limited(1)), PlanQuota::per_unit(storage(), limited(1))];
        offer.plans.push(pool);
    });
    let expected = [
        ("quotas[2].id", FaultKind::DuplicateId { id: "projects".into() }),
        ("quotas[3].id", FaultKind::DiffersInCase { id: "Storage".into(), other: "storage".into() }),
        ("plans[0].quotas[1]", FaultKind::NoSuchQuota { quota: "rows".parse().unwrap() }),
        ("plans[0].quotas[2]", FaultKind::GivenTwice { quota: storage() }),
        ("plans[1].quotas[0]", FaultKind::PerUnitForUser { quota: projects() }),
        ("plans[3].quotas[0]", FaultKind::UserQuotaOfCapacity { plan: "pool".parse().unwrap(), quota: projects() }),
    ];
    let faults = faults.unwrap_err();
    let found: Vec<_> = faults.iter().map(|(place, what)| (place.as_str(), what.clone())).collect();
    assert_eq!(found, expected);
}

#[test]
fn x8_an_offer_has_at_most_so_many_quotas() {
    let with = |n: usize| {
        changed(|offer| {
            let name = || "x".parse().unwrap();
            let entry = |index: usize| {
                QuotaEntry::new(
                    format!("q{index}").parse().unwrap(),
                    name(),
                    name(),
                    QuotaScope::User,
                    Combination::Sum,
                )
            };
            offer.quotas.extend((0..n - 2).map(entry));
        })
    };
    assert!(with(MAX_QUOTAS).is_ok());
    let faults = with(MAX_QUOTAS + 1).unwrap_err();
    assert_eq!(faults, [("quotas".to_string(), FaultKind::TooManyQuotas { found: MAX_QUOTAS + 1 })]);
}

#[test]
fn c8_a_plan_that_gives_a_quota_is_good_for_something() {
    assert_eq!(Vendor::of(STUDIO).catalog.warnings(), []);
    let without = changed(|offer| offer.plans[2].quotas.clear()).unwrap();
    assert_eq!(without.warnings().len(), 1);
}

#[test]
fn q3_handles_are_made_when_the_application_starts() {
    let catalog = Vendor::of(STUDIO).catalog;
    assert_eq!(catalog.user_quota("project").unwrap_err(), UnknownQuota::Unknown { quota: "project".into() });
    let other = UnknownQuota::OtherScope { quota: "storage".parse().unwrap(), scope: QuotaScope::Tenant };
    assert_eq!(catalog.user_quota("storage").unwrap_err(), other);
    assert!(catalog.tenant_quota("projects").is_err());
    // A handle of another catalog is looked up by its id, never by its number (K8).
    let turned = changed(|offer| offer.quotas.reverse()).unwrap();
    let tenant = contoso([site(), paid("pro", 2, days(0, 100))]);
    let (ada, foreign) = (user("ada"), turned.user_quota("projects").unwrap());
    assert_eq!(tenant.quota(&ada, &foreign, day(1)).amount(), limited(50));
    let gone = changed(|offer| {
        offer.quotas.retain(|quota| quota.id.as_str() != "projects");
        offer.plans.iter_mut().for_each(|plan| plan.quotas.retain(|given| given.quota.as_str() != "projects"));
    });
    let rebased = tenant.rebase(&gone.unwrap(), &Vendor::of(STUDIO).ring());
    assert_eq!(rebased.quota(&ada, &foreign, day(1)).amount(), QuotaAmount::ZERO, "missing information is no pass");
}

#[test]
fn q3_a_user_has_what_the_plans_in_effect_give_and_never_less_than_is_free() {
    let mut tenant = contoso([
        site(),
        paid("pro", 2, days(0, 100)),
        paid("max", 1, days(10, 20)).with_grace(entitle::time::Days::NONE),
    ]);
    assert_eq!((projects(&tenant, "ada", 1), projects(&tenant, "bo", 1)), (limited(50), limited(3)));
    tenant.forge(2, [assign("ada", "max")]);
    assert_eq!(
        [9, 10, 19, 20].map(|on| projects(&tenant, "ada", on)),
        [limited(50), QuotaAmount::Unlimited, QuotaAmount::Unlimited, limited(50)]
    );
    // Without its requirement the plan gives nothing.
    let without_site = contoso([paid("pro", 2, days(0, 100))]);
    assert_eq!(projects(&without_site, "ada", 1), limited(3));
}

#[test]
fn q3_a_tenant_has_what_plans_with_a_usable_unit_give() {
    let tenant = contoso([site(), paid("pro", 5, days(0, 100)).with_grace(entitle::time::Days::NONE)]);
    assert_eq!([1, 99, 100].map(|on| storage(&tenant, on)), [limited(150), limited(150), limited(100)]);
    // Nobody need hold a seat, but the tenant plan that pro needs must be there.
    let without_site = contoso([paid("pro", 5, days(0, 100))]);
    assert_eq!(storage(&without_site, 1), QuotaAmount::ZERO);
}

#[test]
fn q3_a_license_that_has_not_begun_or_is_suspended_gives_the_organisation_nothing() {
    // 30 days of grace after day 100, then suspended.
    let tenant = contoso([paid("site", 1, days(10, 100))]);
    for (on, amount) in [(0, 0), (10, 100), (129, 100), (130, 0), (300, 0)] {
        assert_eq!(storage(&tenant, on), limited(amount), "on day {on}");
    }
}

#[test]
fn q2_of_the_grants_of_a_plan_the_largest_counts_once() {
    let own = |n: u64| paid("pro", 1, days(0, 100)).with_amount("projects".parse().unwrap(), limited(n));
    assert_eq!(projects(&contoso([site(), own(20)]), "ada", 1), limited(20), "a negotiated number may be smaller");
    assert_eq!(projects(&contoso([site(), own(20), own(70)]), "ada", 1), limited(70));
    assert_eq!(
        projects(&contoso([site(), own(20), paid("pro", 1, days(0, 100))]), "ada", 1),
        limited(50),
        "the plan's"
    );
    assert_eq!(projects(&contoso([site(), own(20), paid("pro", 1, days(50, 100))]), "ada", 1), limited(20), "not yet");
}

#[test]
fn q2_amounts_for_each_unit_add_up_and_paid_and_trial_do_not() {
    let own =
        |n: u32, amount: u64| paid("pro", n, days(0, 100)).with_amount("storage".parse().unwrap(), limited(amount));
    assert_eq!(storage(&contoso([site(), own(2, 7), paid("pro", 3, days(0, 100))]), 1), limited(100 + 14 + 30));
    let mut tenant = contoso([site(), own(2, 7), trial("pro", 9)]);
    let name = entitle::command::TrialName::new(entitle::LicenseId::from_random([1; 16]), "pro".parse().unwrap());
    assert_eq!(storage(&tenant, 1), limited(100 + 14));
    tenant.forge(2, [Command::StartTrial(name)]);
    assert_eq!(storage(&tenant, 3), limited(100 + 90), "the larger of paid and trial (L10)");
}

#[test]
fn q2_an_amount_that_the_plan_does_not_have_is_kept_and_gives_nothing() {
    let odd = paid("pro", 1, days(0, 100)).with_amount("rows".parse().unwrap(), QuotaAmount::Unlimited);
    let tenant = contoso([site(), odd]);
    assert_eq!((projects(&tenant, "ada", 1), storage(&tenant, 1)), (limited(50), limited(110)));
    // A later catalog in which the plan gives it counts it (C11).
    let later = changed(|offer| {
        let name = || "Rows".parse().unwrap();
        let rows = QuotaEntry::new("rows".parse().unwrap(), name(), name(), QuotaScope::User, Combination::Largest);
        offer.quotas.push(rows);
        offer.plans[1].quotas.push(PlanQuota::new("rows".parse().unwrap(), limited(1)));
    })
    .unwrap();
    let upgraded = tenant.rebase(&later, &Vendor::of(STUDIO).ring());
    let rows = later.user_quota("rows").unwrap();
    assert_eq!(upgraded.quota(&user("ada"), &rows, day(1)).amount(), QuotaAmount::Unlimited);
}

#[test]
fn q2_a_grant_gives_an_amount_once() {
    let quota = || "projects".parse().unwrap();
    let twice = paid("pro", 1, days(0, 9)).with_amount(quota(), limited(1)).with_amount(quota(), limited(2));
    let error = Vendor::of(STUDIO).secret.seal(&Vendor::of(STUDIO).deal_for("contoso").with(twice)).unwrap_err();
    assert_eq!(error.code(), "deal.amount-twice");
    let many = (0..=MAX_QUOTAS).fold(paid("pro", 1, days(0, 9)), |grant, index| {
        grant.with_amount(format!("q{index}").parse().unwrap(), limited(1))
    });
    let error = Vendor::of(STUDIO).secret.seal(&Vendor::of(STUDIO).deal_for("contoso").with(many)).unwrap_err();
    assert_eq!(error.code(), "deal.too-many-amounts");
}

#[test]
fn q3_in_an_unmanaged_offer_every_quota_is_unlimited() {
    let unmanaged = STUDIO.replace(r#"{ "managed": "with_license" }"#, r#""unmanaged""#);
    let tenant = Vendor::of(&unmanaged).tenant("contoso");
    assert_eq!(
        (projects(&tenant, "anybody", 1), storage(&tenant, 1)),
        (QuotaAmount::Unlimited, QuotaAmount::Unlimited)
    );
}

#[test]
fn q3_unlimited_units_of_an_amount_of_zero_give_nothing() {
    let unlimited = Grant::paid("pro".parse().unwrap(), Units::Unlimited, days(0, 100));
    assert_eq!(storage(&contoso([site(), unlimited.clone()]), 1), QuotaAmount::Unlimited);
    let none = unlimited.with_amount("storage".parse().unwrap(), QuotaAmount::ZERO);
    assert_eq!(storage(&contoso([site(), none]), 1), limited(100));
}

#[test]
fn q3_a_wanted_total_is_within_or_over() {
    let tenant = contoso([site(), paid("pro", 2, days(0, 100)), paid("max", 1, days(60, 90))]);
    let (ada, quota) = (user("ada"), tenant.catalog().user_quota("projects").unwrap());
    match tenant.check_quota(&ada, &quota, 50, day(1)) {
        QuotaDecision::Within(within) => {
            let plans: Vec<_> = within.plans().map(|(plan, amount)| (plan.id.as_str(), amount)).collect();
            assert_eq!(
                (within.amount(), plans, within.until()),
                (limited(50), vec![("pro", limited(50))], End::At(day(60)))
            );
        }
        QuotaDecision::Over(over) => panic!("{over:?}"),
    }
    let QuotaDecision::Over(over) = tenant.check_quota(&ada, &quota, 51, day(1)) else { panic!("50 are allowed") };
    let explanation = over.explain();
    assert_eq!(
        explanation.to_string(),
        "51 projects are too many: Projects allows 50. Contact an administrator if you need more."
    );
    let shares: Vec<_> = explanation.plans.iter().map(|plan| (plan.plan.as_str(), plan.gives.clone())).collect();
    assert_eq!(shares[0], ("pro", QuotaShare::Amount(limited(50))));
    assert!(
        matches!(&shares[1], ("max", QuotaShare::Nothing(reason)) if reason.code() == "reason.pending"),
        "{shares:?}"
    );
    assert!(!tenant.check_quota(&user("bo"), &quota, 4, day(1)).is_within());
    assert!(tenant.check_quota(&user("bo"), &quota, 3, day(1)).is_within(), "3 are free");
}

#[test]
fn q4_a_sum_past_the_largest_number_stays_there() {
    let own = || paid("pro", u32::MAX, days(0, 100)).with_amount("storage".parse().unwrap(), limited(MAX_QUOTA));
    assert_eq!(storage(&contoso([site(), own(), own()]), 1), limited(MAX_QUOTA));
    assert!(QuotaAmount::limited(MAX_QUOTA + 1).is_err());
    let text = STUDIO.replacen("\"limited\": 3", &format!("\"limited\": {}", MAX_QUOTA + 1), 1);
    assert_eq!(Catalog::from_json(&text).unwrap_err().code(), "catalog.not-json");
}

#[test]
fn q3_a_seat_that_waits_or_a_tolerated_one_decides_as_for_an_app() {
    let mut tenant = contoso([site(), paid("pro", 1, days(0, 100)).tolerating(units(2), day(30))]);
    tenant.forge(1, [assign("bo", "pro")]);
    assert_eq!([29, 30].map(|on| projects(&tenant, "bo", on)), [limited(50), limited(3)]);
    assert_eq!(projects(&tenant, "ada", 30), limited(50));
}
