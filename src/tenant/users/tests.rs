//! The table of users against an ordered map.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use alloc::collections::BTreeMap;
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::crowd::{Crowd, Unfit};
use super::{Key, LEAST, MOST, PAGE, Search, Users};
use crate::tenant::user::{Claim, DenyList, Held};
use crate::user_id::UserRef;

fn id(number: u32) -> String {
    alloc::format!("user-{}", "x".repeat(usize::try_from(number % 17).expect("small")) + &alloc::format!("{number}"))
}

/// What tells one user from another here.
fn held(number: u64) -> Held {
    let claim = Claim::new(0, number, 0, Some(&DenyList::default()), &DenyList::default());
    Held::new([claim].into_iter().collect(), alloc::vec![])
}

fn number(held: &Held) -> u64 {
    held.claims().as_slice().first().map_or(u64::MAX, |claim| claim.number)
}

/// A hash for the users of a test; few different ones make them meet.
fn home(number: u32, homes: u32) -> Key {
    Key((number % homes).wrapping_mul(2_654_435_769))
}

impl Users {
    fn find(&self, home: Key, id: &str) -> Option<u64> {
        match self.search(home, id) {
            Search::Found(key) => self.entry(key).map(|entry| number(entry.held)),
            Search::Free(_) => None,
        }
    }

    /// Each leaf has its slots by key, where they belong, and no more ids than slots.
    fn is_sound(&self) -> bool {
        let leaves = self.pages.iter().flat_map(|page| page.iter()).enumerate();
        let mut live = 0;
        let all = leaves.clone().all(|(place, leaf)| {
            live += (0..leaf.slots.len()).filter_map(|at| leaf.entry(at)).count();
            leaf.slots.is_sorted_by(|one, other| one.key < other.key && one.end <= other.end)
                && leaf.slots.iter().all(|slot| self.place(slot.key) == place)
                && leaf.slots.last().map_or(0, |slot| slot.end as usize) == leaf.ids.len()
        });
        all && leaves.count() == self.leaves && live == self.len
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A table against an ordered map, over thousands of users who come and go, with hashes that are often the same,
    /// and against a clone that stays.
    #[test]
    fn is_a_map(
        steps in prop::collection::vec((0..5_u8, 0..3000_u32), 1..6000),
        homes in prop_oneof![1..8_u32, 8..500_u32, 3000..4000_u32],
        removals in 0..5_u8,
        cut in 0..6000_usize,
    ) {
        let (mut users, mut plain) = (Users::new(), BTreeMap::new());
        let mut kept = (users.clone(), plain.clone());
        let users_of = if homes < 8 { 60 } else { 3000 };
        for (index, (kind, user)) in steps.into_iter().enumerate() {
            let user = user % users_of;
            if index == cut {
                kept = (users.clone(), plain.clone());
            }
            let (home, id, step) = (home(user, homes), id(user), u64::try_from(index).expect("small"));
            if kind >= removals {
                let key = users.put(home, &id, held(step));
                plain.insert(user, (key, step));
            } else if let Some((key, before)) = plain.remove(&user) {
                prop_assert_eq!(users.replace(key, Held::Nothing).as_ref().map(number), Some(before));
                users.remove(key);
            }
        }
        for (users, plain) in [(&users, &plain), (&kept.0, &kept.1)] {
            prop_assert!(users.is_sound());
            prop_assert_eq!(users.len(), plain.len());
            for user in 0..users_of {
                let there = plain.get(&user);
                prop_assert_eq!(users.find(home(user, homes), &id(user)), there.map(|(_, step)| *step));
                if let Some((key, step)) = there {
                    let entry = users.entry(*key).expect("a key is the user's for as long as they are there");
                    prop_assert!(entry.id.as_str() == id(user) && number(entry.held) == *step);
                }
            }
        }
    }

    /// Many at once are those who come one after the other, with hashes that are often the same; none is there twice.
    #[test]
    fn many_at_once_are_as_one_by_one(
        many in prop_oneof![1..1500_u32, 6000..14_000_u32],
        homes in prop_oneof![1..8_u32, 8..500_u32, 3000..16_000_u32],
        again in any::<prop::sample::Index>(),
    ) {
        let most = if homes < 8 { 60 } else if homes < 3000 { 1500 } else { u32::MAX };
        let mut numbers: Vec<u32> = (0..=many % most).collect();
        let table = |numbers: &[u32]| {
            let names: Vec<String> = numbers.iter().copied().map(id).collect();
            let mut crowd = Crowd::of(numbers.len(), names.iter().map(String::len).sum());
            for ((&number, name), step) in numbers.iter().zip(&names).zip(0..) {
                crowd.put(home(number, homes), UserRef::new(name), held(step));
            }
            crowd.settle()
        };
        let (users, keys) = table(&numbers).expect("each is there once");
        prop_assert!(users.is_sound());
        prop_assert_eq!(users.len(), numbers.len());
        for ((&number, key), step) in numbers.iter().zip(keys).zip(0..) {
            prop_assert_eq!(users.find(home(number, homes), &id(number)), Some(step));
            prop_assert!(users.entry(key).is_some_and(|entry| entry.id.as_str() == id(number)));
        }
        numbers.push(numbers[again.index(numbers.len())]);
        prop_assert_eq!(table(&numbers).err(), Some(Unfit::Twice));
    }
}

#[test]
fn a_crowd_keeps_what_each_holds() {
    // Around the largest numbers that are kept in little room: those, and those beyond.
    let plans = [0, 65_534, 65_535, 65_536];
    let numbers = [0, u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX];
    let rows = || plans.into_iter().flat_map(|plan| numbers.map(|number| (plan, number)));
    let all = || rows().flat_map(|row| numbers.map(|event| (row.0, row.1, event))).zip(0_u32..);
    let mut crowd = Crowd::of(64, 64 * 20);
    all().for_each(|((plan, number, event), user)| crowd.add_plain(UserRef::new(&id(user)), plan, number, event));
    let (users, keys) = crowd.settle().expect("each is there once");
    assert_eq!(keys.len(), 64);
    for (((plan, number, event), user), key) in all().zip(keys) {
        let entry = users.entry(key).expect("they are there");
        assert_eq!(entry.id.as_str(), id(user));
        let claims = entry.held.claims();
        let claims = claims.as_slice().iter().map(|claim| (claim.plan, claim.number, claim.event, claim.is_plain()));
        assert!(claims.eq([(plan, number, event, true)]));
    }
}

#[test]
fn the_row_grows_and_shrinks_by_a_leaf_at_a_time() {
    let mut users = Users::new();
    let many = u32::try_from(MOST * PAGE * 3).expect("small");
    let keys: alloc::vec::Vec<Key> =
        (0..many).map(|number| users.put(home(number, u32::MAX), &id(number), held(1))).collect();
    assert!(users.is_sound());
    assert_eq!((users.leaves, users.pages.len()), (PAGE * 3, 3));
    for key in keys {
        users.remove(key);
        assert!(users.leaves == 1 || users.len() >= users.leaves * LEAST);
    }
    assert!(users.is_sound());
    assert_eq!((users.leaves, users.len(), users.pages.len()), (1, 0, 1));
}
