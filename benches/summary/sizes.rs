//! What users take of memory.
use entitle::record::Beginning;

use entitle::testing::forge;
use entitle::{Command, Event, RecordId, Tenant, UserId};

use crate::figures::{Goal, figure};
use crate::workload::{Workload, admin, now, plan, ring, tenant_id, user};

/// A tenant in which each of so many users has a seat of one plan.
pub fn seated(load: &Workload, users: usize) -> Tenant {
    seated_as(load, users, user)
}

/// The same with ids of another form, by the users' numbers.
pub fn seated_as(load: &Workload, users: usize, id: impl Fn(usize) -> UserId) -> Tenant {
    let mut tenant = Tenant::new(&load.catalog, &ring(), &Beginning::new(tenant_id(), RecordId::from_random([1; 16])));
    let first = Event::new(1, now(), admin(), load.entries[0].event().commands[..1].to_vec());
    apply(&mut tenant, first);
    let numbers: Vec<usize> = (0..users).collect();
    for (chunk, number) in numbers.chunks(1000).zip(2..) {
        let assign = |n: &usize| Command::assign(id(*n), plan(n % 20));
        apply(&mut tenant, Event::new(number, now(), admin(), chunk.iter().map(assign).collect()));
    }
    tenant
}

fn apply(tenant: &mut Tenant, event: Event) {
    let entry = forge(tenant.head(), event).unwrap();
    tenant.apply(&entry).unwrap();
}

/// The bytes that stay allocated.
pub fn bytes_of<T>(make: impl FnOnce() -> T) -> f64 {
    let mut kept = None;
    let counted = allocation_counter::measure(|| kept = Some(make()));
    let bytes = counted.bytes_current as f64;
    drop(kept);
    bytes
}

pub fn run(big: &Workload) {
    let users = big.users;
    let ids = bytes_of(|| (0..users).map(user).collect::<Vec<UserId>>());
    figure("memory: the ids alone, a user", ids / users as f64, " B", Goal::Report);
    let all = bytes_of(|| seated(big, users));
    figure("memory: ids, claims, lines, one claim each, a user", all / users as f64, " B", Goal::AtMost(64.0));
}
