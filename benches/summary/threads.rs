//! What a check costs on two threads, the way a host should share a tenant that it also changes: behind an `ArcSwap`.

use core::hint::black_box;
use core::sync::atomic::{AtomicBool, Ordering};
use core::time::Duration;
use std::sync::Arc;
use std::thread;
use std::time::Instant;

use arc_swap::ArcSwap;
use entitle::{App, Command, RequestId, Tenant, UserId};

use crate::figures::{Goal, figure, ratio};
use crate::workload::{Workload, admin, now, plan, user};

/// Whether a writer changes a seat every millisecond meanwhile.
#[derive(Clone, Copy)]
enum Writer {
    None,
    EveryMillisecond,
}

const ROUNDS: usize = 20;

fn ask(shared: &ArcSwap<Tenant>, questions: &[(UserId, App)]) -> Duration {
    let at = now();
    let start = Instant::now();
    for _ in 0..ROUNDS {
        for (user, app) in questions {
            black_box(shared.load().check(user, app, at).is_allowed());
        }
    }
    start.elapsed()
}

/// How long the slowest of so many threads takes.
fn on(threads: usize, shared: &Arc<ArcSwap<Tenant>>, questions: &[(UserId, App)], writer: Writer) -> Duration {
    let done = AtomicBool::new(false);
    thread::scope(|scope| {
        let writing = match writer {
            Writer::None => None,
            Writer::EveryMillisecond => Some(scope.spawn(|| write(shared, &done))),
        };
        let readers: Vec<_> = (0..threads).map(|_| scope.spawn(|| ask(shared, questions))).collect();
        let slowest = readers.into_iter().map(|reader| reader.join().unwrap()).max().unwrap();
        done.store(true, Ordering::Relaxed);
        writing.map(thread::ScopedJoinHandle::join);
        slowest
    })
}

fn write(shared: &ArcSwap<Tenant>, done: &AtomicBool) {
    for number in (0..).map(|number| number % 1000) {
        if done.load(Ordering::Relaxed) {
            return;
        }
        let current = shared.load();
        let someone = user(number);
        let command = match current.decide(
            &admin(),
            &[Command::assign(someone.clone(), plan(1))],
            RequestId::from_random([1; 16]),
            now(),
        ) {
            Ok(event) => event,
            Err(_) => current
                .decide(&admin(), &[Command::unassign(someone, plan(1))], RequestId::from_random([1; 16]), now())
                .unwrap(),
        };
        let mut next = Tenant::clone(&current);
        next.apply(&command).unwrap();
        shared.store(Arc::new(next));
        thread::sleep(Duration::from_millis(1));
    }
}

pub fn run() {
    let load = Workload::new(crate::workload::Kind::Plain, 10_000);
    let questions = load.stream(10_000);
    let shared = Arc::new(ArcSwap::from_pointee(load.tenant));
    for (writer, name, goal) in [(Writer::None, "alone", 1.3), (Writer::EveryMillisecond, "beside a writer", 1.6)] {
        let found = ratio(9, || on(2, &shared, &questions, writer), || on(1, &shared, &questions, Writer::None));
        figure(&format!("check on 2 threads / on 1, {name}"), found, "", Goal::AtMost(goal));
    }
}
