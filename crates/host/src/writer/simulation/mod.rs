//! Processes, clients and a store in simulated time, in which everything fails that can.
//!
//! All randomness is of a seed, so a seed that fails repeats: `ENTITLE_SEED=n` runs one, and
//! `ENTITLE_SEEDS=n` as many.
#![allow(clippy::arithmetic_side_effects, clippy::cast_possible_truncation, reason = "a test may fail by panicking")]

mod checks;

mod process;

mod random;

mod run;

mod sim_store;

use std::thread;

use super::planted::Bug;
use run::run;

/// How many seeds each test runs.
const SEEDS: u64 = 3_000;

fn number(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|number| number.parse().unwrap())
}

/// Returns the seeds, of these, in which something is wrong, with what.
fn failing(seeds: u64) -> Vec<(u64, String)> {
    let threads: u64 = 2;
    thread::scope(|scope| {
        let part =
            |first| move || (first..seeds).step_by(2).filter_map(move |seed| Some((seed, run(seed, None).err()?)));
        let workers: Vec<_> =
            (0..threads).map(|first| scope.spawn(move || part(first)().collect::<Vec<_>>())).collect();
        workers.into_iter().flat_map(|worker| worker.join().unwrap()).collect()
    })
}

#[test]
fn whatever_fails_there_is_one_history_and_every_answer_is_right() {
    if let Some(seed) = number("ENTITLE_SEED") {
        return assert_eq!(run(seed, None), Ok(()), "seed {seed}");
    }
    let failing = failing(number("ENTITLE_SEEDS").unwrap_or(SEEDS));
    assert!(failing.is_empty(), "{} seeds, the first: {:?}", failing.len(), failing.iter().min());
}

/// Plants a bug, and shows that a seed finds it.
fn assert_found(bug: Bug) {
    // As few seeds as find it, so that the tests end soon.
    let found = (0..SEEDS).find_map(|seed| run(seed, Some(bug)).err().map(|found| (seed, found)));
    let (seed, found) = found.unwrap_or_else(|| panic!("{bug:?} is not found in {SEEDS} seeds"));
    println!("{bug:?}: found in seed {seed}: {found}");
}

#[test]
fn an_acknowledgement_before_the_append_is_found() {
    assert_found(Bug::AcknowledgesBeforeTheAppend);
}

#[test]
fn one_reading_that_settles_an_unknown_outcome_is_found() {
    assert_found(Bug::SettlesByOneReading);
}

#[test]
fn an_unsettled_request_that_is_forgotten_when_it_is_answered_is_found() {
    assert_found(Bug::ForgetsAnUnsettledRequestWhenAnswering);
}

#[test]
fn a_refusal_on_entries_that_are_not_stored_is_found() {
    assert_found(Bug::RefusesOnEntriesNotYetStored);
}

#[test]
fn a_refusal_on_a_stale_state_is_found() {
    assert_found(Bug::RefusesOnStaleState);
}
