//! P3 over generated worlds: a report of statements is the report of the records, and statements of one record do not
//! contradict each other.

use entitle::catalog::Scope;
use entitle::quantity::Total;
use entitle::report::{Detail, Series, UsageStatement};
use entitle::time::Month;
use proptest::prelude::*;

use super::calendar::day;
use super::{World, any_world, cases};

fn range() -> core::ops::RangeInclusive<Month> {
    Month::of(day(-40))..=Month::of(day(200))
}

/// What is stated on a day of the first entries of the record, after a journey as text.
fn stated(world: &World, length: usize, on: i64) -> UsageStatement {
    let statement = world.blank().usage_statement(&world.entries()[..length], range(), day(on)).unwrap();
    let read = UsageStatement::from_json(&statement.to_json()).unwrap();
    assert_eq!(read, statement);
    read
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn p3_a_report_of_a_statement_is_the_report_of_the_record(world in any_world(), on in 0..150_i64) {
        let (blank, entries) = (world.blank(), world.entries());
        let statement = stated(&world, entries.len(), on);
        let mut series = Series::new(range());
        series.add(&statement);
        let (seats, plans) = (series.months(Detail::UserPlans), series.months(Detail::EachPlan));
        let mut history = blank.history(&entries).unwrap();
        let mut months = statement.months().iter();
        let mut month = Some(*range().start());
        while let Some(each) = month.filter(|each| each.starts() <= day(on)) {
            let at = each.last_second().min(day(on));
            let then = history.at(at).unwrap();
            let rows: Vec<_> = then.license_rows(at).collect();
            let stated = months.next().unwrap();
            prop_assert_eq!((stated.month, stated.at, stated.head), (each, at, then.head()));
            prop_assert_eq!(statement.license_rows(each).collect::<Vec<_>>(), rows.clone(), "at {}", at);
            // The sums, added up from the rows of the record.
            let (mut limited, mut unlimited, mut assigned) = (0, false, 0);
            for row in &rows {
                let plan = world.offer.plans.iter().find(|plan| plan.name == row.sku_name);
                let of_plan = plans.iter().find(|sum| sum.month == each && sum.sku_name.as_ref() == Some(&row.sku_name)).unwrap();
                prop_assert_eq!(of_plan.licenses_assigned, row.licenses_assigned);
                prop_assert_eq!(of_plan.tenants_unlimited, u64::from(row.licenses_provisioned == Total::Unlimited));
                if plan.is_some_and(|plan| plan.scope == Scope::User) {
                    assigned += row.licenses_assigned;
                    match row.licenses_provisioned {
                        Total::Limited(units) => limited += units,
                        Total::Unlimited => unlimited = true,
                    }
                }
            }
            let sum = seats.iter().find(|sum| sum.month == each).unwrap();
            let found = (sum.licenses_provisioned, sum.tenants_unlimited, sum.licenses_assigned);
            prop_assert_eq!(found, (limited, u64::from(unlimited), assigned), "at {}", at);
            let consumed: u64 = stated.consumption.iter().map(|it| it.consumed.in_millionths()).sum();
            let by_consumer: u64 = then.capacity_rows(at).map(|row| row.consumed.in_millionths()).sum();
            prop_assert_eq!(consumed, by_consumer);
            month = each.next();
        }
        prop_assert!(months.next().is_none());
    }

    #[test]
    fn p3_statements_of_one_record_do_not_contradict_each_other(world in any_world(), part in 0.0..=1.0_f64, on in 0..200_i64, later in 0..200_i64) {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, clippy::cast_precision_loss, reason = "a record is short")]
        let length = (world.record.len() as f64 * part) as usize;
        let (one, other) = (stated(&world, length, on), stated(&world, world.record.len(), later));
        prop_assert_eq!(other.contradiction(&one), None);
        prop_assert_eq!(one.contradiction(&other), None);
        prop_assert_eq!(world.blank().contradiction(&world.entries(), &one).unwrap(), None);
        prop_assert_eq!(world.blank().contradiction(&world.entries()[..length], &other).unwrap(), None);
    }
}
