//! X6: whether the clock fits the record, and when the time is due.

use entitle::query::ClockStatus;
use entitle::{Actor, Command, Role, Tenant};

use super::poisoned;
use crate::support::{Scenario, Vendor, assign, day, days, paid, request, user};

#[test]
fn x6_a_clock_far_ahead_of_the_record_is_reported_before_anything_is_recorded() {
    let vendor = Vendor::fabrikam();
    let unused = vendor.tenant("contoso");
    assert_eq!(unused.clock(day(5000)), ClockStatus::Fits, "a record without evidence fits every clock");
    // The license is issued on day -10 and installed on day 0.
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let second = entitle::chrono::TimeDelta::seconds(1);
    assert_eq!(tenant.clock(day(31)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(31) + second), ClockStatus::FarAhead { floor: day(0) });
    assert!(tenant.is_time_record_due(day(40)), "it is due all the same");
    tenant.run(40, [assign("ada", "gold")]).unwrap();
    assert_eq!(tenant.clock(day(40)), ClockStatus::Fits);
}

#[test]
fn x6_the_time_is_due_once_a_day_and_whenever_units_begin_or_end() {
    let vendor = Vendor::fabrikam();
    let second = entitle::chrono::TimeDelta::seconds(1);
    assert!(!vendor.tenant("contoso").is_time_record_due(day(5000)), "nothing is licensed");
    let deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100))).with(paid("gold", 1, days(0, 5)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(4, [Command::Install(vendor.seal(&deal))]).unwrap();
    for before in [day(3), day(4), day(4) + second, day(5) - second] {
        assert!(!tenant.is_time_record_due(before), "{before}");
    }
    assert!(tenant.is_time_record_due(day(5)));
    // Half a day after a time record the second grant, whose term ends on day 5, is in grace.
    let noon = day(4) + entitle::chrono::TimeDelta::hours(12);
    let host = Actor::new(user("app")).with(Role::Host);
    let entry = tenant.decide(&host, &[Command::RecordTime], request(), noon).unwrap();
    tenant.apply(&entry).unwrap();
    assert!(!tenant.is_time_record_due(day(5) - second));
    assert!(tenant.is_time_record_due(day(5)), "a term ends, half a day later");
    // It answers the same after a restart from a snapshot.
    let bytes = tenant.snapshot().unwrap();
    let restored = Tenant::restore(&vendor.catalog, &vendor.ring(), "contoso".parse().unwrap(), &bytes).unwrap();
    assert!(!restored.is_time_record_due(day(5) - second) && restored.is_time_record_due(day(5)));
    // Once recorded, it is not due again.
    let entry = tenant.decide(&host, &[Command::RecordTime], request(), day(5)).unwrap();
    tenant.apply(&entry).unwrap();
    assert!(!tenant.is_time_record_due(day(5)) && !tenant.is_time_record_due(day(6) - second));
    assert!(tenant.is_time_record_due(day(6)));
}

#[test]
fn x6_a_clock_behind_the_record_by_more_than_is_tolerated_is_worth_a_warning() {
    let mut tenant = poisoned(&Vendor::fabrikam());
    let floor = day(5000);
    // Fabrikam says nothing of it, so a day is tolerated.
    assert_eq!(tenant.clock(day(4999)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(4999) - entitle::chrono::TimeDelta::seconds(1)), ClockStatus::Behind { floor });
    assert_eq!(tenant.clock(day(5031)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(0)), ClockStatus::Behind { floor });
    let mut offer = tenant.catalog().offer().clone();
    offer.clock_tolerance = entitle::time::Days::new(7);
    let catalog = entitle::Catalog::new(offer).unwrap();
    tenant = tenant.rebase(&catalog, &Vendor::fabrikam().ring());
    assert_eq!(tenant.clock(day(4993)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(4992)), ClockStatus::Behind { floor });
}
