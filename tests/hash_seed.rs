//! The seed of the hashes, handed in before the first id, in a process of its own.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test may fail by panicking")]

mod support;

use std::env;
use std::process::Command as Process;
use std::sync::Barrier;
use std::thread;

use entitle::hashing::HashSeedError;
use entitle::{Event, UserId, seed_hashes};
use support::{Vendor, admin, day, forged, group, join};

/// In a process that has a seed in this variable, a test prints what comes of it.
const SEED: &str = "ENTITLE_TEST_HASH_SEED";

/// The members of a group in the order in which a hash map has them.
fn members() -> String {
    let mut tenant = Vendor::fabrikam().tenant("contoso");
    let joins = (0..100).map(|number| join(&format!("user-{number}"), "all")).collect();
    let entry = forged(&tenant, Event::new(1, day(0), admin(), joins));
    tenant.apply(&entry).unwrap();
    let ids: Vec<String> = tenant.members(&group("all")).map(|user| user.to_string()).collect();
    ids.join(" ")
}

#[test]
fn x8_the_seed_decides_all_hashes() {
    let test = "x8_the_seed_decides_all_hashes";
    if let Ok(seed) = env::var(SEED) {
        seed_hashes(seed.as_bytes().try_into().unwrap()).unwrap();
        println!("\nmembers {}", members());
        return;
    }
    let members_in = |seed: &str| {
        let mut process = Process::new(env::current_exe().unwrap());
        let out = process.args([test, "--exact", "--nocapture"]).env(SEED, seed).output().unwrap();
        let output = String::from_utf8(out.stdout).unwrap();
        output
            .lines()
            .find_map(|line| line.strip_prefix("members "))
            .expect("the process prints its members")
            .to_owned()
    };
    // Wherever the processes lie in memory.
    let order = members_in("sixteen bytes, 1");
    assert_eq!(order.split(' ').count(), 100);
    assert_eq!(members_in("sixteen bytes, 1"), order);
    for other in ["sixteen bytes, 2", "Sixteen bytes, 1"] {
        assert_ne!(members_in(other), order, "{other}");
    }
}

#[test]
fn x8_of_many_seeds_at_once_one_holds_and_the_others_are_refused() {
    // Zeros are no seed, and leave none behind.
    assert_eq!(seed_hashes([0; 16]), Err(HashSeedError::Zero));
    let (seeds, start) = ([1, 2, 3, 4, 5, 6, 7, 8].map(|byte| [byte; 16]), Barrier::new(8));
    let seed = |seed: [u8; 16]| {
        start.wait();
        seed_hashes(seed)
    };
    let results =
        thread::scope(|scope| seeds.map(|each| scope.spawn(move || seed(each))).map(|thread| thread.join().unwrap()));
    let held: Vec<[u8; 16]> =
        seeds.into_iter().zip(results).filter(|(_, result)| result.is_ok()).map(|it| it.0).collect();
    assert_eq!(held.len(), 1, "{results:?}");
    let refused = results.iter().filter(|result| **result == Err(HashSeedError::OtherSeed)).count();
    assert_eq!(refused, 7, "{results:?}");
    // Ids that are made now change nothing about that: the same seed is no error, another is one.
    let (ada, again): (UserId, UserId) = ("ada".parse().unwrap(), "ada".parse().unwrap());
    assert_eq!(ada, again);
    assert_eq!(seed_hashes(*held.first().unwrap()), Ok(()));
    let error = seed_hashes([9; 16]).unwrap_err();
    assert_eq!(error.code(), "hash-seed.other-seed");
    assert_eq!(error.to_string(), "this process already has another hash seed: call `seed_hashes` once");
    let zero = seed_hashes([0; 16]).unwrap_err();
    assert_eq!(zero.code(), "hash-seed.zero");
    assert_eq!(zero.to_string(), "the hash seed is 16 zero bytes: fill it with random bytes of the operating system");
}
