//! K4: an app that was turned off, and a list that is asked for.

use core::num::NonZeroU32;

use entitle::Command;
use entitle::license::{Freshness, FreshnessLimit, RevocationListDraft};
use entitle::remedy::Step;

use super::{all, remedies, shop};
use crate::support::{Scenario, Vendor, admin, day, days, group, join, paid, request, user};

#[test]
fn k4_what_was_turned_off_is_turned_on_and_the_rest_stays_off() {
    let mut tenant = shop().contoso([paid("basic", 2, days(0, 100))]);
    let both = vec!["orders".parse().unwrap(), "audit".parse().unwrap()];
    tenant.run(0, [Command::assign_except(user("ada").into(), "basic".parse().unwrap(), both)]).unwrap();
    let found = all(&tenant, "ada", "audit", 0);
    let only = Command::assign_except(user("ada").into(), "basic".parse().unwrap(), vec!["orders".parse().unwrap()]);
    assert_eq!(found[0].steps(), [Step::Do(only)]);
    assert_eq!(found[0].to_string(), "assign `basic` to `ada` without `orders`");
    // Through a group alike.
    let mut tenant = shop().contoso([paid("basic", 2, days(0, 100))]);
    let both = vec!["orders".parse().unwrap(), "audit".parse().unwrap()];
    let to_group = Command::assign_except(group("staff").into(), "basic".parse().unwrap(), both);
    tenant.run(0, [join("ada", "staff"), to_group]).unwrap();
    let found = remedies(&tenant, "ada", "audit", 0);
    assert_eq!(
        found[..2],
        ["assign `basic` to `ada` without `orders`", "assign `basic` to the group `staff` without `orders`"]
    );
}

#[test]
fn k4_a_list_that_is_asked_for_is_taken_in() {
    let vendor = shop();
    let mut deal = vendor.deal_for("contoso").with(paid("site", 1, days(0, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(entitle::time::Days::new(5), entitle::time::Days::new(20)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    // Issued on day -10, so from day 10 on it gives nothing.
    let found = remedies(&tenant, "ada", "hall", 10);
    assert_eq!(found[0], "ask the publisher for its latest revocation list, and install it");
    assert_eq!(all(&tenant, "ada", "hall", 10)[0].steps(), [Step::TakeList]);
    // Not where the application accepts none.
    let licenses = entitle::token::KeyPermissions::new(entitle::token::KeyPurpose::Licenses);
    let ring = entitle::KeyRing::new().trust(vendor.secret.public(), licenses).unwrap();
    let without = tenant.rebase(&vendor.catalog, &ring);
    let takes_a_list = |remedy: &entitle::remedy::Remedy| remedy.steps().contains(&Step::TakeList);
    assert!(!all(&without, "ada", "hall", 10).iter().any(takes_a_list));
    let list = RevocationListDraft::new("p".parse().unwrap(), NonZeroU32::MIN, day(10));
    let host = admin().with(entitle::Role::Host);
    let event = tenant
        .decide(&host, &[Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())], request(), day(10))
        .unwrap();
    tenant.apply(&event).unwrap();
    assert!(tenant.opens("ada", "hall", 10));
}

#[test]
fn k4_a_list_helps_one_grant_whatever_became_of_another() {
    let vendor = shop();
    let mut asks = vendor.deal_for("contoso").with(paid("site", 1, days(0, 100)));
    asks.freshness = Freshness::Asked(FreshnessLimit::new(entitle::time::Days::new(5), entitle::time::Days::new(20)));
    let mut over = vendor.deal_for("contoso").with(paid("site", 1, days(-300, -200)));
    over.id = entitle::LicenseId::from_random([77; 16]);
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [asks, over].map(|deal| Command::Install(vendor.seal(&deal)))).unwrap();
    assert_eq!(
        remedies(&tenant, "ada", "hall", 10)[0],
        "ask the publisher for its latest revocation list, and install it"
    );
}

/// A plan that opens the app by itself is not bought for another that requires it.
#[test]
fn k4_a_purchase_names_a_requiring_plan_only_where_it_is_bought_for_that() {
    let requiring = |of: &str, plan: &str| {
        let needs = format!(r#""name": "{of}", "requires": [["{plan}"]],"#);
        include_str!("../../../examples/fabrikam.json").replacen(&format!(r#""name": "{of}","#), &needs, 1)
    };
    let text = |catalog: &str, app: &str| {
        let tenant = Vendor::of(catalog).tenant("contoso");
        tenant.see("ada", app, day(1), |decision| match decision {
            entitle::Decision::Deny(denial) => denial.text(entitle::explain::Audience::Administrator).to_string(),
            entitle::Decision::Allow(_) => panic!("without a license"),
        })
    };
    // Silver opens orders, and bronze, which requires it, does too.
    let orders = text(&requiring("F365 Bronze", "silver"), "f365/orders");
    assert!(orders.contains("buy 1 unit of F365 Silver") && !orders.contains("F365 Silver, which"), "{orders}");
    // The audit is in gold alone.
    let audit = text(&requiring("F365 Gold", "silver"), "f365/audit");
    assert!(audit.contains("buy 1 unit of F365 Silver, which F365 Gold requires"), "{audit}");
}
