//! C: what an offer is, and what makes it sound.

use entitle::catalog::{
    AppEntry, CatalogError, CatalogWarning, FaultKind, InstallPolicy, Management, Offer, Plan, Scope, ServiceIdError,
};
use entitle::explain::Basis;
use entitle::limits::MAX_REQUIRED;
use entitle::time::End;
use entitle::{Catalog, Decision};

use crate::support::{Scenario, Vendor, assign, day, days, paid, user};

fn unmanaged() -> Vendor {
    Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": "unmanaged",
             "apps": [{ "id": "a", "access": "licensed" }, { "id": "b", "access": "free" }], "plans": [] }"#,
    )
}

fn faults(offer: Offer) -> Vec<(String, FaultKind)> {
    match Catalog::new(offer) {
        Err(CatalogError::Unsound(faults)) => faults.into_iter().map(|fault| (fault.place, fault.what)).collect(),
        other => panic!("{other:?}"),
    }
}

fn offer() -> Offer {
    let managed = Management::Managed(InstallPolicy::WithLicense);
    Offer::new("p".parse().unwrap(), "o".parse().unwrap(), managed)
}

fn plan(id: &str, scope: Scope, apps: &[&str]) -> Plan {
    let mut plan = Plan::new(id.parse().unwrap(), scope, id.parse().unwrap());
    plan.apps = apps.iter().map(|app| app.parse().unwrap()).collect();
    plan
}

#[test]
fn c1_unmanaged_opens_every_app_for_ever() {
    let tenant = unmanaged().tenant("anyone");
    // Nor does it matter when a plan of the offer ends that lists the app.
    let sold = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": "unmanaged",
             "apps": [{ "id": "a", "access": "licensed" }, { "id": "b", "access": "free" }],
             "plans": [{ "id": "pro", "scope": "user", "name": "Pro", "apps": ["a"] }] }"#,
    );
    let mut licensed = sold.contoso([paid("pro", 1, days(0, 100))]);
    licensed.run(0, [assign("nobody", "pro")]).unwrap();
    for (tenant, app) in [(&tenant, "a"), (&tenant, "b"), (&licensed, "a"), (&licensed, "b")] {
        for on in [-100_000, 0, 3_000_000] {
            tenant.see("nobody", app, day(on), |decision| match decision {
                Decision::Allow(allow) => {
                    assert_eq!((allow.basis(), allow.until()), (Basis::Unmanaged, End::Never));
                    assert!(allow.plan().is_none());
                    assert_eq!(allow.warnings().count(), 0);
                }
                Decision::Deny(denial) => panic!("{denial:?}"),
            });
        }
    }
    assert!(tenant.catalog().app("c").is_err(), "an unknown app is an error even so");
}

#[test]
fn c1_management_needs_a_plan_and_gives_installing_its_place() {
    assert_eq!(faults(offer()), [("plans".to_string(), FaultKind::NoPlans)]);
    let no_place = r#"{ "publisher": "p", "offer": "o", "management": { "unmanaged": "without_license" },
                        "apps": [], "plans": [] }"#;
    assert_eq!(Catalog::from_json(no_place).unwrap_err().code(), "catalog.not-json");
}

#[test]
fn c2_any_plan_that_lists_an_app_opens_it_and_no_other() {
    let vendor = Vendor::fabrikam();
    let grants = ["bronze", "silver", "gold"].map(|plan| paid(plan, 10, days(0, 100)));
    let mut tenant = vendor.contoso(grants);
    tenant.run(0, [assign("b", "bronze"), assign("s", "silver"), assign("g", "gold")]).unwrap();
    tenant.run(0, [assign("bg", "bronze"), assign("bg", "gold")]).unwrap();
    let opened = |name: &str| ["f365/orders", "f365/forecasts", "f365/audit"].map(|app| tenant.opens(name, app, 1));
    assert_eq!(opened("b"), [true, false, false]);
    assert_eq!(opened("s"), [true, true, false]);
    assert_eq!(opened("g"), [true, true, true]);
    assert_eq!(opened("bg"), [true, true, true]);
    assert_eq!(opened("n"), [false, false, false]);
}

#[test]
fn c3_free_is_open_to_everyone_and_reported() {
    let tenant = Vendor::fabrikam().tenant("contoso");
    tenant.see("nobody", "f365/basic", day(0), |decision| match decision {
        Decision::Allow(allow) => assert_eq!((allow.basis(), allow.until()), (Basis::Free, End::Never)),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });

    let mut offer = offer();
    offer.apps = vec![AppEntry::free("a".parse().unwrap()), AppEntry::licensed("b".parse().unwrap())];
    offer.plans = vec![plan("x", Scope::User, &["a"])];
    let [a, b] = ["a", "b"].map(|app| app.parse().unwrap());
    let x = "x".parse().unwrap();
    assert_eq!(
        faults(offer),
        [
            ("apps[0]".to_string(), FaultKind::FreeAndListed { app: a, plan: x }),
            ("apps[1]".to_string(), FaultKind::ListedNowhere { app: b }),
        ]
    );
}

#[test]
fn c8_all_faults_at_once_each_with_its_place() {
    let mut offer = offer();
    offer.apps = ["a", "a", "B", "b"].iter().map(|app| AppEntry::licensed(app.parse().unwrap())).collect();
    offer.plans = vec![
        plan("x", Scope::User, &["a", "a", "nowhere", "B", "b"]),
        plan("X", Scope::Capacity, &["a"]),
        plan("x", Scope::Tenant, &["b"]),
    ];
    let found = faults(offer);
    let codes: Vec<_> = found.iter().map(|(place, what)| (place.as_str(), what.code())).collect();
    assert_eq!(
        codes,
        [
            ("apps[1].id", "catalog.duplicate-id"),
            ("apps[3].id", "catalog.differs-in-case"),
            ("plans[1].id", "catalog.differs-in-case"),
            ("plans[2].id", "catalog.duplicate-id"),
            ("plans[0].apps[1]", "catalog.listed-twice"),
            ("plans[0].apps[2]", "catalog.no-such-app"),
            ("plans[1].apps", "catalog.capacity-lists-apps"),
        ]
    );
}

#[test]
fn c8_a_sound_catalog_may_still_be_warned_of() {
    let mut offer = offer();
    offer.management = Management::Managed(InstallPolicy::WithoutLicense);
    offer.apps = vec![AppEntry::licensed("a".parse().unwrap())];
    offer.plans =
        vec![plan("x", Scope::User, &["a"]), plan("idle", Scope::Tenant, &[]), plan("pool", Scope::Capacity, &[])];
    let catalog = Catalog::new(offer.clone()).unwrap();
    let idle = CatalogWarning::UnlocksNothing { plan: "idle".parse().unwrap() };
    assert_eq!(catalog.warnings(), [idle.clone(), CatalogWarning::NothingFree]);
    assert_eq!(catalog.offer(), &offer);

    offer.apps.push(AppEntry::free("f".parse().unwrap()));
    assert_eq!(Catalog::new(offer.clone()).unwrap().warnings(), [idle]);
    offer.plans.remove(1);
    assert_eq!(Catalog::new(offer).unwrap().warnings(), []);
}

#[test]
fn c9_a_service_id_is_made_of_plain_ids() {
    let catalog = Vendor::fabrikam().catalog;
    assert_eq!(catalog.service_id(&"gold".parse().unwrap()).unwrap(), "fabrikam.f365.gold");
    let unknown = "platinum".parse().unwrap();
    assert_eq!(catalog.service_id(&unknown), Err(ServiceIdError::UnknownPlan { plan: unknown }));

    let mut offer = offer();
    let long = |n| "l".repeat(n);
    let ids = ["with space", "UPPER", "dot.ted", "ümlaut", &long(51), &long(50), "plain-1_x"];
    offer.plans = ids.iter().map(|id| plan(id, Scope::Tenant, &[])).collect();
    let catalog = Catalog::new(offer).unwrap();
    let of = |id: &str| catalog.service_id(&id.parse().unwrap());
    for id in &ids[..5] {
        assert_eq!(of(id), Err(ServiceIdError::NotOfTheForm { id: (*id).to_string() }));
    }
    assert_eq!(of(ids[5]).unwrap(), format!("p.o.{}", long(50)));
    assert_eq!(of(ids[6]).unwrap(), "p.o.plain-1_x");
}

#[test]
fn c9_ids_are_compared_byte_for_byte() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 1));
    assert!(!tenant.opens("Ada", "f365/orders", 1));
    assert!(tenant.catalog().app("F365/orders").is_err());
}

#[test]
fn c10_a_deny_list_turns_off_what_it_names_and_nothing_that_comes_later() {
    use entitle::{Command, Entry};
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let except = vec!["f365/audit".parse().unwrap()];
    let command = Command::assign_except(user("ada").into(), "gold".parse().unwrap(), except);
    let entry: Entry = tenant.run(0, [command]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 1));
    assert!(!tenant.opens("ada", "f365/audit", 1));
    assert_eq!(tenant.reasons("ada", "f365/audit", 1)[0].code(), "reason.turned-off");

    // A later catalog adds an app to the plan; the same record opens it.
    let later = include_str!("../../examples/fabrikam.json")
        .replace(
            r#""apps": ["f365/orders", "f365/forecasts", "f365/audit"]"#,
            r#""apps": ["f365/orders", "f365/forecasts", "f365/audit", "f365/new"]"#,
        )
        .replace(
            r#"{ "id": "f365/audit", "access": "licensed" }"#,
            r#"{ "id": "f365/audit", "access": "licensed" }, { "id": "f365/new", "access": "licensed" }"#,
        );
    let mut upgraded = Vendor::of(&later).contoso([paid("gold", 1, days(0, 100))]);
    upgraded.apply(&entry).unwrap();
    assert!(upgraded.opens("ada", "f365/new", 1));
    assert!(!upgraded.opens("ada", "f365/audit", 1));
}

/// C8: a free app that a plan lists is a fault where plans decide, and so is a licensed one that none lists.
#[test]
fn c8_without_management_plans_open_nothing_and_forbid_nothing() {
    let mut offer = offer();
    offer.apps = vec![AppEntry::free("a".parse().unwrap()), AppEntry::licensed("b".parse().unwrap())];
    offer.plans = vec![plan("p", Scope::Tenant, &["a"])];
    assert_eq!(faults(offer.clone()).len(), 2);
    offer.management = Management::Unmanaged;
    assert!(Catalog::new(offer).is_ok());
}

#[test]
fn c8_a_plan_has_at_most_so_many_needs() {
    let with_needs = |needs: usize| {
        let mut offer = offer();
        let required: Vec<_> = (0..MAX_REQUIRED).map(|n| plan(&format!("r{n}"), Scope::User, &[])).collect();
        let mut needy = plan("needy", Scope::User, &["a"]);
        // The last needs, should there be more than plans, name the first again.
        needy.requires = (0..needs).map(|n| vec![required[n % MAX_REQUIRED].id.clone()]).collect();
        offer.apps = vec![AppEntry::licensed("a".parse().unwrap())];
        offer.plans = required.into_iter().chain([needy]).collect();
        offer
    };
    assert!(Catalog::new(with_needs(MAX_REQUIRED)).is_ok());
    let found = faults(with_needs(MAX_REQUIRED + 1));
    let too_many = |(_, what): &(String, FaultKind)| matches!(what, FaultKind::TooManyNeeds { found: 65, .. });
    assert!(found.iter().any(too_many), "{found:?}");
}
