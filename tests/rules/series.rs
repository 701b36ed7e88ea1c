//! P1: months and countries of any set of tenants, with every number computed by hand.

use entitle::license::Licensee;
use entitle::quantity::Total;
use entitle::report::{Detail, GrandTotal, Series};
use entitle::time::Length;
use entitle::{Command, Deal, Entry, Grant, Units};

use crate::reports::{STUDIO, csv, customer, limited};
use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

/// The record of a customer of so many gold seats, who assigns some of them, from a day on.
fn record(vendor: &Vendor, id: &str, country: &str, gold: Units, from: i64, people: u32) -> Vec<Entry> {
    let deal = vendor.deal(1, customer(id, id, country));
    let mut deal = deal.with(Grant::paid("gold".parse().unwrap(), gold, days(from, from + 70)));
    deal.issued = day(from);
    let mut tenant = vendor.tenant(id);
    let mut events = vec![tenant.run(from, [Command::Install(vendor.seal(&deal))]).unwrap()];
    for person in 0..people {
        events.push(tenant.run(from + 1, [assign(&format!("user-{person}"), "gold")]).unwrap());
    }
    events
}

fn series(vendor: &Vendor, records: &[(&str, Vec<Entry>)], now: i64) -> Series {
    let mut series = Series::new("2026-02".parse().unwrap()..="2026-06".parse().unwrap());
    for (id, events) in records {
        series.add(&vendor.tenant(id).usage_statement(events, series.range(), day(now)).unwrap());
    }
    series
}

#[test]
fn p1_months_and_countries_of_any_set_of_tenants() {
    let vendor = Vendor::fabrikam();
    // Days 0, 31, 61 and 92 begin March to June. Contoso: 5 from day 10, grace from 80 to 110, so that they are usable on the
    // last of March, April, May, and on day 100 in June. Northwind: 3 from day 40, in April, May and June.
    let records = [
        ("contoso", record(&vendor, "contoso", "DE", units(5), 10, 2)),
        ("northwind", record(&vendor, "northwind", "US", units(3), 40, 1)),
    ];
    let both = series(&vendor, &records, 100);
    assert_eq!(
        csv(both.months(Detail::EachPlan)),
        "Month,Product ID,Plan ID,SKU Name,Tenants,Licenses Provisioned,Tenants Unlimited,Licenses Assigned\n\
         2026-02,f365,gold,F365 Gold,0,0,0,0\n2026-03,f365,gold,F365 Gold,1,5,0,2\n\
         2026-04,f365,gold,F365 Gold,2,8,0,3\n2026-05,f365,gold,F365 Gold,2,8,0,3\n\
         2026-06,f365,gold,F365 Gold,2,8,0,3\n"
    );
    assert_eq!(csv(both.months(Detail::UserPlans)).lines().nth(3).unwrap(), "2026-04,,,,2,8,0,3");
    assert_eq!(
        csv(both.countries(Detail::UserPlans)).lines().skip(3).take(4).collect::<Vec<_>>(),
        [
            "2026-03,Germany,DE,,,,1,5,0,2",
            "2026-03,United States,US,,,,0,0,0,0",
            "2026-04,Germany,DE,,,,1,5,0,2",
            "2026-04,United States,US,,,,1,3,0,1",
        ]
    );
    let json = serde_json::to_value(&both.months(Detail::UserPlans)[2]).unwrap();
    assert_eq!(
        json,
        serde_json::json!({
            "Month": "2026-04", "Product ID": null, "Plan ID": null, "SKU Name": null, "Tenants": 2,
            "Licenses Provisioned": 8, "Tenants Unlimited": 0, "Licenses Assigned": 3
        })
    );
    // One of them alone; and the month under way is reported as of now, not by its end, when the five are over.
    let one = series(&vendor, &records[..1], 100).months(Detail::UserPlans);
    assert_eq!(one.last().unwrap().licenses_provisioned, 5);
    assert_eq!(series(&vendor, &records[..1], 110).months(Detail::UserPlans).last().unwrap().tenants, 0);
    // Months to come are left out, and so is everything where the range is empty.
    assert_eq!(series(&vendor, &records, 40).months(Detail::UserPlans).len(), 3);
    let none = Series::new("2026-06".parse().unwrap()..="2026-02".parse().unwrap());
    assert!(none.months(Detail::UserPlans).is_empty() && none.countries(Detail::EachPlan).is_empty());
}

#[test]
fn p3_an_unlimited_tenant_does_not_hide_the_others_and_sums_never_overflow() {
    let vendor = Vendor::fabrikam();
    let records = [
        ("contoso", record(&vendor, "contoso", "DE", Units::Unlimited, 10, 2)),
        ("northwind", record(&vendor, "northwind", "DE", units(u32::MAX), 40, 1)),
    ];
    let countries = series(&vendor, &records, 60).countries(Detail::UserPlans);
    assert_eq!(csv(&countries[2..]).lines().nth(1).unwrap(), "2026-04,Germany,DE,,,,2,4294967295,1,3");
    let sum = countries[2].total_provisioned();
    assert_eq!(
        (sum.to_string().as_str(), sum.plus(GrandTotal { unlimited: 1, limited: 3 }).unlimited),
        ("4294967295 + 1 unlimited", 2)
    );
    let most = GrandTotal { unlimited: u64::MAX, limited: u64::MAX };
    assert_eq!((most.plus(sum), GrandTotal::<u64>::from(Total::Unlimited).to_string().as_str()), (most, "1 unlimited"));
    assert_eq!(limited(u64::MAX).plus(limited(1)), limited(u64::MAX));
    assert_eq!((limited(2).plus(limited(3)), limited(1).plus(Total::Unlimited)), (limited(5), Total::Unlimited));
    assert_eq!(Total::Unlimited.plus(limited(1)), Total::Unlimited);
}

#[test]
fn p1_seats_are_those_of_user_plans() {
    let vendor = Vendor::of(STUDIO);
    let grants = [paid("site", 7, days(0, 100)), paid("Author", 2, days(0, 100)), paid("sessions", 500, days(0, 100))];
    let deal = grants.into_iter().fold(vendor.deal_for("contoso"), Deal::with);
    let more = vendor.deal(2, Licensee::Anyone).with(Grant::trial(
        "Author".parse().unwrap(),
        units(9),
        window(0, 60),
        Length::days(30).unwrap(),
    ));
    let mut tenant = vendor.tenant("contoso");
    let install = [deal, more].map(|deal| Command::Install(vendor.seal(&deal)));
    let events = [tenant.run(0, install).unwrap(), tenant.run(1, [assign("ada", "Author")]).unwrap()];
    let march: entitle::time::Month = "2026-03".parse().unwrap();
    let mut series = Series::new(march..=march);
    series.add(&tenant.usage_statement(&events, series.range(), day(40)).unwrap());
    assert_eq!(csv(series.months(Detail::UserPlans)).lines().nth(1).unwrap(), "2026-03,,,,1,2,0,1");
    let plans = series.months(Detail::EachPlan);
    assert_eq!(
        plans.iter().map(|row| row.plan_id.as_ref().unwrap().as_str()).collect::<Vec<_>>(),
        ["site", "Author", "sessions"]
    );
}

#[test]
fn p1_a_tenant_with_two_user_plans_is_one_tenant() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("bronze", 4, days(0, 100))).with(paid("gold", 2, days(0, 100)));
    let commands = [Command::Install(vendor.seal(&deal)), assign("ada", "gold"), assign("bo", "bronze")];
    let events = [tenant.run(0, commands).unwrap()];
    let months = series(&vendor, &[("contoso", events.to_vec())], 40).months(Detail::UserPlans);
    assert_eq!(csv(&months[1..2]).lines().nth(1).unwrap(), "2026-03,,,,1,6,0,2");
}

#[test]
fn p1_a_month_is_reported_as_of_its_last_second() {
    let month = |text: &str| text.parse::<entitle::time::Month>().unwrap();
    for (text, next, last) in [
        ("2026-03", Some("2026-04"), "2026-03-31T23:59:59Z"),
        ("2028-02", Some("2028-03"), "2028-02-29T23:59:59Z"),
        ("2026-12", Some("2027-01"), "2026-12-31T23:59:59Z"),
        ("9999-12", None, "9999-12-31T23:59:59Z"),
    ] {
        assert_eq!(month(text).next(), next.map(month), "{text}");
        assert_eq!(entitle::time::End::At(month(text).last_second()).to_string(), last);
    }
}
