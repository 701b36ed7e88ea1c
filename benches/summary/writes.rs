//! What a change costs, and what it costs to show it to readers.

use core::hint::black_box;
use core::time::Duration;
use std::sync::Arc;

use arc_swap::ArcSwap;
use entitle::record::Ledger;
use entitle::{Command, RequestId, Tenant};

use crate::figures::{Goal, figure, median, ratio, time};
use crate::workload::{self, Kind, Workload, admin, now, plan, tenant_id, user};

/// Users who are not in any workload, and so are new.
fn strangers(count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(|number| 2_000_000 + number)
}

/// One assignment decided and applied in memory, beside one insert into a hash map of as many users. Nobody else has the
/// tenant: what is copied to leave others alone belongs to publishing.
fn beside_insert(load: &Workload, most: f64) {
    const WRITES: usize = 500;
    let (mut tenant, mut map) = (load.replayed(), crate::check::map_of(load.users));
    let mut names = strangers(usize::MAX).map(user);
    let admin = admin();
    let ours = || -> Duration {
        let commands: Vec<_> = names.by_ref().take(WRITES).map(|name| [Command::assign(name, plan(2))]).collect();
        time(|| {
            for command in &commands {
                let event = tenant.decide(&admin, command, RequestId::from_random([1; 16]), now()).unwrap();
                tenant.apply(&event).unwrap();
            }
        })
    };
    let mut names = strangers(usize::MAX).map(|number| user(number).to_string());
    let theirs = || -> Duration {
        let names: Vec<String> = names.by_ref().take(WRITES).collect();
        time(|| {
            for name in names {
                map.insert(name, 1);
            }
            black_box(&map);
        })
    };
    let name = format!("decide + apply / hash map insert, {} users", load.users);
    figure(&name, ratio(21, ours, theirs), "", Goal::AtMost(most));
}

fn publish(big: &Workload) {
    let shared = ArcSwap::from_pointee(big.tenant.clone());
    let mut took = Vec::new();
    for number in strangers(2000) {
        let command = [Command::assign(user(number), plan(number % 7))];
        let event = shared.load().decide(&admin(), &command, RequestId::from_random([1; 16]), now()).unwrap();
        let elapsed = time(|| {
            let mut next = Tenant::clone(&shared.load());
            next.apply(&event).unwrap();
            shared.store(Arc::new(next));
        });
        took.push(elapsed.as_secs_f64() * 1e6);
    }
    let name = format!("publish a change to readers, {} users", big.users);
    figure(&name, median(took), " us", Goal::AtMost(50.0));
}

fn replay(load: &Workload) {
    // One command an event, as a record of years would have it.
    let commands = load.entries.iter().flat_map(|entry| &entry.event().commands);
    let events =
        (1..).zip(commands).map(|(number, command)| entitle::Event::new(number, now(), admin(), vec![command.clone()]));
    let entries = workload::entries(workload::beginning().head(), events);
    let rates = (0..9).map(|_| {
        let took = time(|| black_box(workload::replay(&load.catalog, &entries)));
        entries.len() as f64 / took.as_secs_f64()
    });
    let name = format!("apply of entries already read, {} users", load.users);
    figure(&name, median(rates.collect()), " /s", Goal::AtLeast(1_000_000.0));
}

fn read_ledger(big: &Workload) {
    let text = workload::ledger_of(&big.entries);
    let took = time(|| {
        let ledger = Ledger::read(&tenant_id(), &text).unwrap();
        let mut tenant = Tenant::new(&big.catalog, &workload::ring(), ledger.beginning());
        ledger.entries().for_each(|entry| tenant.apply(&entry.unwrap()).unwrap());
        black_box(tenant);
    });
    let commands: usize = big.entries.iter().map(|entry| entry.event().commands.len()).sum();
    let name = format!("load a ledger (read, hash, apply), {commands} commands");
    figure(&name, commands as f64 / took.as_secs_f64(), " /s", Goal::Report);
}

pub fn small() {
    let small = Workload::new(Kind::Plain, 10_000);
    beside_insert(&small, 12.0);
    replay(&small);
}

pub fn big(big: &Workload) {
    beside_insert(big, 6.0);
    publish(big);
    read_ledger(big);
}
