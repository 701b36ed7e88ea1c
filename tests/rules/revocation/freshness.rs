//! X5: licenses that ask for a recent list.

use entitle::explain::{DenialReason, NoUnits, Warning};
use entitle::license::{Freshness, FreshnessLimit};
use entitle::quantity::Total;
use entitle::time::{Days, End};
use entitle::{Command, Decision, LicenseId, Tenant};

use super::{asked, bronze, list, open_days, revoke};
use crate::support::{Scenario, Vendor, assign, day, days, paid};

#[test]
fn x5_a_license_may_ask_for_a_recent_list() {
    let vendor = Vendor::fabrikam();
    // Issued on day -10: without a list it warns from day 5 on and gives nothing from day 20 on.
    let (_, mut tenant) = bronze(&vendor, asked(15, 30));
    // That the units will run out by time alone is a warning of its own.
    let is_of_lists = |warning: &Warning| matches!(warning, Warning::ListWanted { .. });
    let warnings = |tenant: &Tenant, on| {
        tenant.see("ada", "f365/orders", day(on), |decision| {
            decision.allowed().map(|allow| allow.warnings().filter(is_of_lists).collect::<Vec<_>>()).ok()
        })
    };
    let wanted = |on| Some(vec![Warning::ListWanted { until: End::At(day(on)) }]);
    assert_eq!([warnings(&tenant, 4), warnings(&tenant, 5)], [Some(vec![]), wanted(20)]);
    assert_eq!(warnings(&tenant, 20), None);
    assert_eq!(
        tenant.reasons("ada", "f365/orders", 20)[0],
        DenialReason::NoUnits(NoUnits::ListNotFresh { since: day(20) })
    );
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(20)).paid.not_fresh, Total::Limited(1));
    let until = |tenant: &Tenant, on| tenant.see("ada", "f365/orders", day(on), |decision| decision.until().instant());
    assert_eq!(
        [until(&tenant, 0), until(&tenant, 5), until(&tenant, 20)],
        [Some(day(5)), Some(day(20)), Some(day(130))]
    );
    // A list that ends nothing is as fresh as any: it heals, and counts from its own date.
    revoke(&mut tenant, 25, &vendor.secret, &list(1, 24)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 25));
    assert_eq!([warnings(&tenant, 38), warnings(&tenant, 39), warnings(&tenant, 54)], [Some(vec![]), wanted(54), None]);
}

#[test]
fn x5_freshness_takes_nothing_from_what_gives_nothing() {
    let vendor = Vendor::fabrikam();
    let (_, tenant) = bronze(&vendor, asked(135, 135));
    // Denied from day 125, in the grace that ends on day 130; then it is suspended as ever.
    let codes = [124, 125, 129, 130, 220].map(|on| {
        tenant.reasons("ada", "f365/orders", on).first().map_or("open", |reason| match reason {
            DenialReason::NoUnits(NoUnits::ListNotFresh { .. }) => "not fresh",
            DenialReason::NoUnits(NoUnits::Suspended { .. }) => "suspended",
            DenialReason::NoUnits(NoUnits::Ended { .. }) => "ended",
            other => panic!("{other}"),
        })
    });
    assert_eq!(codes, ["open", "not fresh", "not fresh", "suspended", "ended"]);
    let mut twisted = vendor.deal_for("contoso");
    twisted.freshness = asked(31, 30);
    assert_eq!(vendor.secret.seal(&twisted).unwrap_err().code(), "deal.denies-before-it-warns");
}

#[test]
fn x5_another_license_without_the_wish_still_serves() {
    let vendor = Vendor::fabrikam();
    let (_, mut tenant) = bronze(&vendor, asked(0, 20));
    let mut other = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 60)));
    other.id = LicenseId::from_random([3; 16]);
    tenant.run(0, [Command::Install(vendor.seal(&other))]).unwrap();
    assert_eq!(open_days(&tenant), (0..90).collect::<Vec<_>>());
}

/// Once the license that asked gives nothing, no warning asks for a list because of it.
#[test]
fn x5_what_gives_nothing_any_more_asks_for_no_list() {
    let vendor = Vendor::fabrikam();
    let mut asks = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    asks.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(10), Days::new(20)));
    asks.issued = day(0);
    let other = vendor.deal(2, vendor.deal_for("contoso").licensee).with(paid("bronze", 1, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&asks)), Command::Install(vendor.seal(&other))]).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let warned = |on| {
        tenant.see("ada", "f365/orders", day(on), |decision| match decision {
            Decision::Allow(allow) => allow.warnings().map(|warning| warning.code()).collect::<Vec<_>>(),
            Decision::Deny(denial) => panic!("{}", denial.explain()),
        })
    };
    assert_eq!((warned(9), warned(10), warned(19)), (vec![], vec!["warning.list-wanted"], vec!["warning.list-wanted"]));
    assert_eq!(warned(20), Vec::<&str>::new());
}
