//! Many small tenants in one process: what each takes of memory, and a check across them.

use core::hint::black_box;
use core::time::Duration;
use entitle::record::Beginning;
use entitle::testing::forge;

use entitle::license::{Customer, Licensee};
use entitle::{
    App, Catalog, Command, Deal, Event, Grant, KeyRing, LicenseId, RecordId, Tenant, TenantId, Token, Units, UserId,
};
use hashbrown::HashMap;

use crate::figures::{Goal, figure, ratio, time};
use crate::sizes::bytes_of;
use crate::workload::{Dice, Kind, Workload, admin, now, offer, plan, ring, secret, year};

const TENANTS: usize = 100_000;
const USERS: usize = 10;

fn id(number: usize) -> TenantId {
    format!("tenant-{number:06}").parse().unwrap()
}

fn user(tenant: usize, number: usize) -> UserId {
    format!("user-{number:07}@tenant-{tenant:06}.example").parse().unwrap()
}

/// A license of its own for each: ten units of one plan.
fn license(number: usize, offer: &entitle::catalog::Offer) -> Token {
    let customer = Customer::new(id(number), "A small customer".parse().unwrap(), "DE".parse().unwrap());
    let license = LicenseId::from_random((number as u128).to_be_bytes());
    let deal = Deal::new(license, offer, Licensee::Tenant(customer), now());
    let units = Units::limited(u32::try_from(USERS).unwrap()).unwrap();
    secret().seal(&deal.with(Grant::paid(plan(number % 20), units, year()))).unwrap()
}

fn tenant(number: usize, catalog: &Catalog, ring: &KeyRing, license: Token) -> Tenant {
    let mut tenant = Tenant::new(catalog, ring, &Beginning::new(id(number), RecordId::from_random([1; 16])));
    let seats = (0..USERS).map(|one| Command::assign(user(number, one), plan(number % 20)));
    let commands = core::iter::once(Command::Install(license)).chain(seats).collect();
    let entry = forge(tenant.head(), Event::new(1, now(), admin(), commands)).unwrap();
    tenant.apply(&entry).unwrap();
    tenant
}

pub fn run() {
    let catalog = Workload::new(Kind::Plain, 1).catalog;
    let (offer, ring) = (offer(Kind::Plain), ring());
    let mut tenants = Vec::with_capacity(TENANTS);
    let bytes = bytes_of(|| {
        tenants.extend((0..TENANTS).map(|number| tenant(number, &catalog, &ring, license(number, &offer))));
    });
    let name = format!("memory: a tenant of {USERS} users among {TENANTS}");
    figure(&name, bytes / TENANTS as f64, " B", Goal::AtMost(2000.0));

    let (apps, mut dice): (Vec<App>, Dice) = (catalog.apps().collect(), Dice::new());
    let mut question = || {
        let (tenant, app) = (dice.below(TENANTS), apps[dice.below(apps.len())].clone());
        (tenant, user(tenant, dice.below(USERS)), app)
    };
    let questions: Vec<_> = (0..100_000).map(|_| question()).collect();
    let map: HashMap<String, u64> = (0..TENANTS * USERS).map(|n| (user(n / USERS, n % USERS).to_string(), 1)).collect();
    let ours = || -> Duration {
        let asks = |(tenant, user, app): &(usize, UserId, App)| tenants[*tenant].check(user, app, now()).is_allowed();
        time(|| black_box(questions.iter().filter(|question| asks(question)).count()))
    };
    let theirs = || -> Duration {
        time(|| black_box(questions.iter().filter_map(|(_, user, _)| map.get(user.as_str())).sum::<u64>()))
    };
    figure(&format!("check across {TENANTS} tenants / get"), ratio(15, ours, theirs), "", Goal::Report);
}
