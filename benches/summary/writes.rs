//! What a change costs, and what it costs to show it to readers.

use core::hint::black_box;
use core::time::Duration;
use std::sync::Arc;

use arc_swap::ArcSwap;
use entitle::{Command, Ledger, RecordId, Tenant};
use hashbrown::HashMap;

use crate::workload::{Dice, Kind, Workload, admin, now, plan, ring, tenant_id, user};
use crate::yard::{Goal, figure, median, ratio, time};

/// Users who are not in any workload, and so are new.
fn strangers(count: usize) -> impl Iterator<Item = usize> {
    (0..count).map(|number| 5_000_000 + number)
}

/// One assignment decided and applied in memory, beside one insert into a hash map of as many users.
fn beside_insert(load: &Workload, most: f64) {
    const WRITES: usize = 500;
    let map: HashMap<String, u64> = crate::check::map_of(load.users);
    let mut dice = Dice::new();
    let start = dice.below(1_000_000);
    let ours = || -> Duration {
        let mut tenant = load.tenant.clone();
        // What the first writes copy to leave the other clone alone belongs to publishing; a host without readers never does.
        let commands: Vec<_> = strangers(WRITES).map(|n| Command::assign(user(start + n), plan(2))).collect();
        warm(&mut tenant);
        time(|| {
            for command in &commands {
                let event = tenant.decide(&admin(), core::slice::from_ref(command), now()).unwrap();
                tenant.apply(&event).unwrap();
            }
        })
    };
    let theirs = || -> Duration {
        let mut map = map.clone();
        let names: Vec<String> = strangers(WRITES).map(|n| user(start + n).to_string()).collect();
        time(|| {
            for name in names {
                map.insert(name, 1);
            }
            black_box(&map);
        })
    };
    let name = format!("decide + apply / hash map insert, {} users", load.users);
    figure(&name, ratio(7, ours, theirs), "", Goal::AtMost(most));
}

/// Takes the first copy of what the clones shared at the top.
fn warm(tenant: &mut Tenant) {
    let event = tenant.decide(&admin(), &[Command::assign(user(4_999_999), plan(2))], now()).unwrap();
    tenant.apply(&event).unwrap();
}

fn publish(big: &Workload) {
    let shared = ArcSwap::from_pointee(big.tenant.clone());
    let mut took = Vec::new();
    for number in strangers(2000) {
        let command = [Command::assign(user(number), plan(number % 7))];
        let event = shared.load().decide(&admin(), &command, now()).unwrap();
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

fn replay(load: &Workload, big: &Workload) {
    // One command an event, as a record of years would have it.
    let commands = load.events.iter().flat_map(|event| &event.commands);
    let events: Vec<_> = (1..)
        .zip(commands)
        .map(|(number, command)| entitle::Event::new(number, now(), admin(), vec![command.clone()]))
        .collect();
    let rates = (0..9).map(|_| {
        let mut tenant = Tenant::new(&load.catalog, &ring(), tenant_id());
        let took = time(|| events.iter().for_each(|event| tenant.apply(event).unwrap()));
        events.len() as f64 / took.as_secs_f64()
    });
    let name = format!("apply of decoded events, {} users", load.users);
    figure(&name, median(rates.collect()), " /s", Goal::AtLeast(1_000_000.0));

    let (mut ledger, mut text) = Ledger::begin(&tenant_id(), RecordId::from_random([1; 16])).unwrap();
    for event in &big.events {
        let (next, line) = ledger.line(event).unwrap();
        text.push_str(&line);
        ledger = next;
    }
    let took = time(|| {
        let (_, events) = Ledger::read(&tenant_id(), &text).unwrap();
        let mut tenant = Tenant::new(&big.catalog, &ring(), tenant_id());
        for event in &events {
            tenant.apply(event).unwrap();
        }
        black_box(tenant);
    });
    let commands: usize = big.events.iter().map(|event| event.commands.len()).sum();
    let name = format!("load a ledger (parse, chain, apply), {commands} commands");
    figure(&name, commands as f64 / took.as_secs_f64(), " /s", Goal::Report);
}

pub fn run(big: &Workload) {
    let small = Workload::new(Kind::Plain, 10_000);
    beside_insert(&small, 12.0);
    beside_insert(big, 6.0);
    publish(big);
    replay(&small, big);
}
