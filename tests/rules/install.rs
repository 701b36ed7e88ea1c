//! I: who may install, and what the listing shows.

use entitle::query::{InstallDecision, ListingAction};
use entitle::time::{End, Length};
use entitle::{Grant, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

use ListingAction::{ContactMe, GetItNow};

/// Fabrikam with another answer to who may install.
fn fabrikam(management: &str) -> Vendor {
    let catalog = include_str!("../../examples/fabrikam.json");
    Vendor::of(&catalog.replace(r#"{ "managed": "with_license" }"#, management))
}

fn may(tenant: &Tenant, on: i64) -> bool {
    tenant.may_install(day(on)).is_allowed()
}

#[test]
fn i1_without_a_license_every_tenant_may_install_and_seats_are_still_needed() {
    for management in [r#"{ "managed": "without_license" }"#, r#""unmanaged""#] {
        let vendor = fabrikam(management);
        let tenant = vendor.tenant("anyone");
        assert!(may(&tenant, 0));
        assert_eq!(tenant.may_install(day(0)).until(), End::Never);
        assert_eq!(tenant.opens("ada", "f365/orders", 0), management.contains("unmanaged"));
    }
}

#[test]
fn i2_with_a_license_a_tenant_may_install_while_it_owns_a_usable_unit() {
    let vendor = fabrikam(r#"{ "managed": "with_license" }"#);
    let tenant = vendor.contoso([paid("bronze", 1, days(10, 20)), paid("gold", 1, days(40, 60))]);
    let allowed: Vec<_> = (0..200).filter(|&on| may(&tenant, on)).collect();
    assert_eq!(allowed, (10..90).collect::<Vec<_>>(), "pending does not count, grace does, suspended does not");
    match tenant.may_install(day(0)) {
        InstallDecision::Denied { misses, until } => {
            let reasons: Vec<_> = misses.iter().map(ToString::to_string).collect();
            assert_eq!(until, End::At(day(10)));
            assert_eq!(
                reasons,
                [
                    "F365 Bronze: its license starts on 2026-03-11T00:00:00Z",
                    "F365 Gold: its license starts on 2026-04-10T00:00:00Z",
                    "F365 Silver: no license grants it"
                ]
            );
        }
        InstallDecision::Allowed { plan, .. } => panic!("{plan:?}"),
    }
    assert!(!may(&vendor.tenant("contoso"), 0));
}

#[test]
fn i2_a_trial_counts_once_started() {
    let trial = Grant::trial("gold".parse().unwrap(), units(1), window(0, 9), Length::days(5).unwrap());
    let mut tenant = fabrikam(r#"{ "managed": "with_license" }"#).contoso([trial]);
    assert!(!may(&tenant, 3));
    tenant.run(3, [crate::trials::start(1, "gold")]).unwrap();
    assert!(may(&tenant, 7) && !may(&tenant, 8));
}

#[test]
fn i2_only_the_plans_the_offer_names_count_and_seats_do_not_matter() {
    let vendor = fabrikam(r#"{ "managed": { "with_plan": ["silver", "gold"] } }"#);
    let bronze = vendor.contoso([paid("bronze", 9, days(0, 100))]);
    assert!(!may(&bronze, 1));
    let gold = vendor.contoso([paid("gold", 1, days(0, 100))]);
    match gold.may_install(day(1)) {
        InstallDecision::Allowed { plan, until } => {
            assert_eq!((plan.unwrap().id.as_str(), until), ("gold", End::At(day(100))));
        }
        denied @ InstallDecision::Denied { .. } => panic!("{denied:?}"),
    }
    let mut seated = gold.clone();
    seated.run(1, [assign("ada", "gold")]).unwrap();
    assert_eq!(may(&seated, 1), may(&gold, 1), "the gate is what the tenant owns");
}

#[test]
fn i3_contact_me_for_all_get_it_now_for_those_who_may_install() {
    let bronze = || paid("bronze", 1, days(0, 100));
    for (management, without, with) in [
        (r#""unmanaged""#, &[GetItNow, ContactMe][..], &[GetItNow, ContactMe][..]),
        (r#"{ "managed": "without_license" }"#, &[GetItNow, ContactMe], &[GetItNow, ContactMe]),
        (r#"{ "managed": "with_license" }"#, &[ContactMe], &[GetItNow, ContactMe]),
        (r#"{ "managed": { "with_plan": ["gold"] } }"#, &[ContactMe], &[ContactMe]),
    ] {
        let vendor = fabrikam(management);
        assert_eq!(vendor.tenant("contoso").listing(day(0)), without, "{management}");
        assert_eq!(vendor.contoso([bronze()]).listing(day(0)), with, "{management}");
    }
}

#[test]
fn i4_the_same_answer_in_any_environment() {
    // An environment is another installation of the same record: nothing about it enters the decision.
    let vendor = fabrikam(r#"{ "managed": "with_license" }"#);
    let tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let environments = [tenant.clone(), tenant.rebase(&vendor.catalog, &vendor.ring())];
    assert!(environments.iter().all(|environment| may(environment, 1) && !may(environment, 140)));
}

#[test]
fn c8_the_plans_to_install_with_have_to_be_there() {
    let codes = |plans: &str| {
        let catalog = include_str!("../../examples/fabrikam.json");
        let catalog = catalog.replace(r#""with_license""#, &format!(r#"{{ "with_plan": {plans} }}"#));
        entitle::Catalog::from_json(&catalog).map(|_| ()).map_err(|error| error.to_string())
    };
    assert_eq!(codes(r#"["gold"]"#), Ok(()));
    let fault = |text: &str| Err(format!("the catalog has 1 fault\n  management.managed.with_plan{text}"));
    assert_eq!(codes("[]"), fault(": the list is empty: name at least one plan"));
    assert_eq!(codes(r#"["gold", "tin"]"#), fault("[1]: no plan has the id `tin`"));
}
