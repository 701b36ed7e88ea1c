//! Q1 to Q4: numbers that plans give.

use core::num::NonZeroU32;

use entitle::catalog::{Combination, FaultKind, Offer, PlanQuota, QuotaEntry, QuotaScope, Scope};
use entitle::explain::CheckFirst;
use entitle::license::{Freshness, FreshnessLimit, NotOffered, Revocation, RevocationListDraft, RevokedLicense};
use entitle::limits::{MAX_QUOTA, MAX_QUOTAS};
use entitle::quantity::QuotaAmount;
use entitle::quota::{QuotaDecision, QuotaShare, UnknownQuota};
use entitle::time::{Days, End, Length};
use entitle::{Catalog, Command, Deal, Grant, LicenseId, SecretKey, Tenant, Units, Zeroizing};

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
    let deal = grants.into_iter().fold(vendor.deal_for("contoso"), Deal::with);
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
    // Or one of several that would do.
    let campus = r#"{ "id": "campus", "scope": "tenant", "name": "Campus" }, { "id": "max""#;
    let either = STUDIO.replace(r#"[["site"]]"#, r#"[["site", "campus"]]"#).replace(r#"{ "id": "max""#, campus);
    let pro = || paid("pro", 5, days(0, 100));
    let amount = |grants: &[Grant]| storage(&Vendor::of(&either).contoso(grants.iter().cloned()), 1);
    assert_eq!(amount(&[pro()]), QuotaAmount::ZERO);
    assert_eq!(amount(&[pro(), paid("campus", 1, days(0, 100))]), limited(50));
    assert_eq!(amount(&[pro(), site()]), limited(150));
}

#[test]
fn q3_a_plan_that_gives_the_organisation_nothing_says_why() {
    let reasons = |grants: &[Grant]| {
        let tenant = contoso(grants.iter().cloned());
        let storage = tenant.catalog().tenant_quota("storage").unwrap();
        let QuotaDecision::Over(over) = tenant.check_tenant_quota(&storage, 1_000, day(1)) else { panic!("within") };
        let reason = |share: &QuotaShare| match share {
            QuotaShare::Nothing(reason) => reason.code(),
            share => panic!("{share:?}"),
        };
        over.explain().plans.iter().map(|plan| (plan.plan.to_string(), reason(&plan.gives))).collect::<Vec<_>>()
    };
    let of = |site: &'static str, pro: &'static str| vec![("site".to_string(), site), ("pro".to_string(), pro)];
    assert_eq!(reasons(&[]), of("reason.no-grant", "reason.no-grant"));
    let pending = paid("site", 1, days(10, 100));
    let ended = paid("pro", 5, days(-300, -200));
    assert_eq!(reasons(&[pending.clone(), ended]), of("reason.pending", "reason.ended"));
    assert_eq!(reasons(&[pending, paid("pro", 5, days(0, 100))]), of("reason.pending", "reason.requirement-not-met"));
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
    let sealed = |amounts: usize| {
        let grant = (0..amounts).fold(paid("pro", 1, days(0, 9)), |grant, index| {
            grant.with_amount(format!("q{index}").parse().unwrap(), limited(1))
        });
        Vendor::of(STUDIO).secret.seal(&Vendor::of(STUDIO).deal_for("contoso").with(grant)).map(|_| ())
    };
    assert_eq!(sealed(MAX_QUOTAS), Ok(()));
    assert_eq!(sealed(MAX_QUOTAS + 1).unwrap_err().code(), "deal.too-many-amounts");
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
fn q3_what_is_free_without_a_limit_never_changes() {
    let free = STUDIO.replace(r#""free": { "limited": 3 }"#, r#""free": "unlimited""#);
    let mut tenant = Vendor::of(&free).contoso([site(), paid("pro", 1, days(0, 100))]);
    tenant.forge(0, [assign("ada", "pro")]);
    let projects = tenant.catalog().user_quota("projects").unwrap();
    for name in ["ada", "bo"] {
        let name = user(name);
        let status = tenant.quota(&name, &projects, day(1));
        assert_eq!((status.amount(), status.until()), (QuotaAmount::Unlimited, End::Never));
    }
}

/// A license that is there and gives nothing is reported before any purchase, as for an app.
#[test]
fn k6_a_total_over_a_quota_names_the_installed_licenses_that_give_nothing() {
    let vendor = Vendor::of(STUDIO);
    let mut tenant = contoso([site()]);
    let stranger = SecretKey::from_seed(&Zeroizing::new([0x55; 32]));
    tenant.forge(0, [Command::Install(stranger.seal(&vendor.deal_for("contoso").with(site())).unwrap())]);
    let (ada, projects) = (user("ada"), tenant.catalog().user_quota("projects").unwrap());
    let QuotaDecision::Over(over) = tenant.check_quota(&ada, &projects, 4, day(1)) else { panic!("within") };
    assert_eq!(*over.explain().check_first, [CheckFirst::LicenseKeyNotTrusted { key: stranger.public().id() }]);
}

/// Where a plan lacks another that only a purchase brings, a correction of the time would not help.
#[test]
fn k10_a_quota_that_needs_a_purchase_anyway_names_no_clock() {
    let ahead = |grants: &[Grant]| {
        let mut tenant = contoso(grants.iter().cloned());
        tenant.forge(2_000, [Command::RecordTime]);
        let (projects, storage) =
            (tenant.catalog().user_quota("projects").unwrap(), tenant.catalog().tenant_quota("storage").unwrap());
        let ada = user("ada");
        let decisions =
            [tenant.check_quota(&ada, &projects, 4, day(1)), tenant.check_tenant_quota(&storage, 10, day(1))];
        decisions.map(|decision| match decision {
            QuotaDecision::Over(over) => over.explain().record_ahead().is_some(),
            QuotaDecision::Within(within) => panic!("{within:?}"),
        })
    };
    let pro = || paid("pro", 5, days(0, 100));
    assert_eq!(ahead(&[pro()]), [false, false]);
    assert_eq!(ahead(&[pro(), site()]), [true, true]);
    // Of amounts for each unit, the larger sum of purchases and trials counts, also of a trial that anybody may start.
    for grants in [[pro(), trial("pro", 9)], [paid("pro", 9, days(0, 100)), trial("pro", 5)]] {
        let mut tenant = contoso(grants.into_iter().chain([site()]));
        tenant.forge(2_000, [Command::RecordTime]);
        let storage = tenant.catalog().tenant_quota("storage").unwrap();
        let ahead = [190, 191].map(|wanted| match tenant.check_tenant_quota(&storage, wanted, day(1)) {
            QuotaDecision::Over(over) => over.explain().record_ahead().is_some(),
            QuotaDecision::Within(within) => panic!("{within:?}"),
        });
        assert_eq!(ahead, [true, false]);
    }
}

/// Nor would it where the amount is of a grant that is over at the clock's time, too. A list is no purchase.
#[test]
fn k10_of_a_quota_only_what_is_not_over_by_the_clock_counts() {
    let vendor = Vendor::of(STUDIO);
    let large =
        |starts, ends| paid("pro", 1, days(starts, ends)).with_amount("projects".parse().unwrap(), limited(500));
    let ahead = |grant: Grant, change: &dyn Fn(&mut Deal), list: RevocationListDraft| {
        let mut tenant = contoso([site(), paid("pro", 5, days(0, 100))]);
        let mut deal = vendor.deal(2, vendor.deal_for("contoso").licensee).with(grant);
        change(&mut deal);
        tenant.forge(0, [Command::Install(vendor.seal(&deal))]);
        tenant.forge(0, [Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())]);
        tenant.forge(2_000, [Command::RecordTime]);
        let (ada, projects) = (user("ada"), tenant.catalog().user_quota("projects").unwrap());
        let QuotaDecision::Over(over) = tenant.check_quota(&ada, &projects, 51, day(1)) else { panic!("within") };
        over.explain().record_ahead().is_some()
    };
    let list = || RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let unchanged = |_: &mut Deal| {};
    assert!(ahead(large(0, 100), &unchanged, list()));
    assert!(!ahead(large(-300, -200), &unchanged, list()), "ended");
    assert!(!ahead(large(-60, -50), &unchanged, list()), "suspended");
    let revoked = RevokedLicense::all_revisions(LicenseId::from_random([2; 16]), day(0));
    assert!(!ahead(large(0, 100), &unchanged, list().with(Revocation::License(revoked))), "revoked");
    let asked = FreshnessLimit::new(Days::NONE, Days::NONE);
    assert!(ahead(large(0, 100), &|deal| deal.freshness = Freshness::Asked(asked), list()), "not fresh");
}

#[test]
fn q3_an_explanation_is_of_a_whole_second() {
    let tenant = contoso([]);
    let storage = tenant.catalog().tenant_quota("storage").unwrap();
    let now = day(1) + entitle::chrono::TimeDelta::milliseconds(500);
    let QuotaDecision::Over(over) = tenant.check_tenant_quota(&storage, 1, now) else { panic!("within") };
    assert_eq!(over.explain().at, day(1));
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
    // What is tolerated is no unit: the organisation has no amount for it.
    assert_eq!([29, 30].map(|on| storage(&tenant, on)), [limited(110); 2]);
}
