//! What a report over many tenants and months costs, made from their records.

use chrono::TimeDelta;
use entitle::license::{Customer, Licensee};
use entitle::record::Beginning;
use entitle::report::{Detail, Series};
use entitle::time::Month;
use entitle::{Catalog, Command, Deal, Entry, Event, Grant, LicenseId, RecordId, Tenant, Term, Units};

use crate::figures::{Goal, figure, median, time};
use crate::workload::{Kind, admin, entries, now, offer, plan, ring, secret, user};

const TENANTS: u32 = 1_000;
const MONTHS: i64 = 24;

/// A tenant with three licenses and a command a fortnight, over two years.
fn record(catalog: &Catalog, number: u32) -> (Tenant, Vec<Entry>) {
    let id: entitle::TenantId = format!("tenant-{number:04}").parse().unwrap();
    let begins = now() - TimeDelta::days(MONTHS * 30);
    let customer = Customer::new(id.clone(), "A customer".parse().unwrap(), "DE".parse().unwrap());
    let mut commands: Vec<(i64, Command)> = Vec::new();
    for license in 0..3_u8 {
        let days = i64::from(license) * 240;
        let mut name = [license; 16];
        name[..4].copy_from_slice(&number.to_le_bytes());
        let at = begins + TimeDelta::days(days);
        let deal = Deal::new(LicenseId::from_random(name), catalog.offer(), Licensee::Tenant(customer.clone()), at);
        let units = Units::limited(60).unwrap();
        let term = Term::new(at, at + TimeDelta::days(365)).unwrap();
        let deal = (0..4).fold(deal, |deal, number| deal.with(Grant::paid(plan(number), units, term)));
        commands.push((days, Command::Install(secret().seal(&deal).unwrap())));
    }
    commands.extend((0..57_i64).map(|step| {
        let who = usize::try_from(step).unwrap();
        (step * 12, Command::assign(user(who), plan(who % 4)))
    }));
    commands.sort_by_key(|(days, _)| *days);
    let event = |((days, command), number): ((i64, Command), u64)| {
        Event::new(number, begins + TimeDelta::days(days), admin(), vec![command])
    };
    let tenant = Tenant::new(catalog, &ring(), &Beginning::new(id, RecordId::from_random([1; 16])));
    let entries = entries(tenant.head(), commands.into_iter().zip(1..).map(event));
    (tenant, entries)
}

pub fn run() {
    let catalog = Catalog::new(offer(Kind::Plain)).unwrap();
    let records: Vec<_> = (0..TENANTS).map(|number| record(&catalog, number)).collect();
    let first = Month::of(now() - TimeDelta::days(MONTHS * 30));
    let once = || {
        let mut series = Series::new(first..=Month::of(now()));
        for (tenant, entries) in &records {
            series.add(&tenant.usage_statement(entries, series.range(), now()).unwrap());
        }
        (series.months(Detail::EachPlan), series.countries(Detail::UserPlans))
    };
    let took = median((0..3).map(|_| time(once).as_secs_f64() * 1e3).collect());
    let name = format!("report of {TENANTS} tenants, {MONTHS} months, from their records");
    figure(&name, took, " ms", Goal::AtMost(1_000.0));
}
