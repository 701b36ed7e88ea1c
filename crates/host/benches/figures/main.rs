//! Figures of the host kit as ratios in one run, each as `name value goal met|missed`.
//!
//! `cargo bench -p entitle-host`; PostgreSQL and NATS are started by themselves where they are installed.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::cast_possible_wrap,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::disallowed_methods,
    missing_docs,
    reason = "a benchmark may fail by panicking, and its figures are rough"
)]

mod nats_figures;
#[path = "../../tests/host/nats_routes.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod nats_routes;
#[path = "../../tests/host/nats_server.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod nats_server;
mod postgres_figures;
#[path = "../../tests/host/postgres_server.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod postgres_server;
mod reads;
mod sqlite_figures;
#[path = "../../tests/host/support.rs"]
#[allow(dead_code, reason = "the tests use more of it")]
mod support;
mod writes;

use core::time::Duration;
use std::time::Instant;

/// How long each rate is measured.
pub(crate) const LENGTH: Duration = Duration::from_millis(1_500);

/// What a figure has to be.
pub(crate) enum Goal {
    AtLeast(f64),
    AtMost(f64),
}

pub(crate) fn print(name: &str, value: f64, goal: &Goal) {
    let (sign, goal, is_met) = match goal {
        Goal::AtLeast(goal) => (">=", goal, value >= *goal),
        Goal::AtMost(goal) => ("<=", goal, value <= *goal),
    };
    println!("{name:<64} {value:>8.3} {sign} {goal:<6} {}", if is_met { "met" } else { "missed" });
}

/// How often something can be done in a second.
pub(crate) fn rate(mut act: impl FnMut(u64)) -> f64 {
    let began = Instant::now();
    let mut times = 0;
    while began.elapsed() < LENGTH {
        act(times);
        times += 1;
    }
    times as f64 / began.elapsed().as_secs_f64()
}

/// How often as many clients together can do something in a second.
pub(crate) fn rate_of(clients: usize, act: impl Fn(usize, u64) + Sync) -> f64 {
    let act = &act;
    std::thread::scope(|scope| {
        let clients: Vec<_> = (0..clients).map(|client| scope.spawn(move || rate(|time| act(client, time)))).collect();
        clients.into_iter().map(|client| client.join().unwrap()).sum()
    })
}

/// How fast something is beside something else: both are done in turn, so that a disk that other
/// programs use is as slow for one as for the other.
pub(crate) fn beside(mut ours: impl FnMut(u64), mut raw: impl FnMut(u64)) -> f64 {
    let began = Instant::now();
    let (mut spent, mut times) = ([Duration::ZERO; 2], 0_u32);
    while began.elapsed() < LENGTH * 3 {
        let before = Instant::now();
        ours(times.into());
        let between = Instant::now();
        raw(times.into());
        spent[0] += between - before;
        spent[1] += between.elapsed();
        times += 1;
    }
    let micros = |spent: Duration| spent.as_secs_f64() * 1e6 / f64::from(times);
    println!("# one write here {:.0} µs, raw {:.0} µs", micros(spent[0]), micros(spent[1]));
    spent[1].as_secs_f64() / spent[0].as_secs_f64()
}

/// The median of a ratio of rates, measured a few times in turn.
pub(crate) fn median_ratio(mut measure: impl FnMut() -> (f64, f64)) -> f64 {
    let mut ratios: Vec<f64> = (0..5)
        .map(|_| measure())
        .map(|(ours, raw)| {
            println!("# {ours:.0}/s here, raw {raw:.0}/s");
            ours / raw
        })
        .collect();
    ratios.sort_by(f64::total_cmp);
    ratios[2]
}

fn main() {
    if let Some(path) = std::env::var_os("ENTITLE_BENCH_CHILD") {
        return sqlite_figures::write_as_child(path.as_ref());
    }
    // `cargo bench -p entitle-host -- reads` measures some of them.
    let wanted: Vec<String> = std::env::args().skip(1).filter(|argument| !argument.starts_with('-')).collect();
    let groups: [(&str, fn()); 5] = [
        ("writes", writes::figures),
        ("sqlite", sqlite_figures::figures),
        ("postgres", postgres_figures::figures),
        ("nats", nats_figures::figures),
        ("reads", reads::figures),
    ];
    for (name, figures) in groups {
        if wanted.is_empty() || wanted.iter().any(|wanted| wanted == name) {
            figures();
        }
    }
}
