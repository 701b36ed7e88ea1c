//! The table of users against an ordered map, with hashes that a test chooses, also the worst.
#![allow(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use proptest::prelude::*;

use super::builder::{BuildError, UserTableBuilder};
use super::{FULL, Key, LEAST, MOST, Overflows, PAGE, Users};
use crate::tenant::bucket::steps;
use crate::tenant::user::{Claim, DenyList, UserEntitlements};
use crate::user_id::{UserId, UserRef};

fn id(number: u32) -> String {
    alloc::format!("user-{}", "x".repeat(usize::try_from(number % 17).expect("small")) + &alloc::format!("{number}"))
}

/// What tells one user from another here.
fn held(number: u64) -> UserEntitlements {
    let claim = Claim::new(0, number, 0, Some(&DenyList::default()), &DenyList::default());
    UserEntitlements::new([claim].into_iter().collect(), alloc::vec![])
}

fn number(held: &UserEntitlements) -> u64 {
    held.claims().as_slice().first().map_or(u64::MAX, |claim| claim.number)
}

/// Which homes the users of a test have.
#[derive(Debug, Clone, Copy)]
enum Homes {
    /// So many different ones, spread evenly.
    Spread(u32),
    /// The same for all.
    One,
    /// One beside the other.
    TrialState,
    /// All in one leaf, with the same last bits.
    Bucket,
    /// All in one leaf, and with the same first bits: few bits in the middle are not the same.
    Middle,
    /// The same for every other user; those of the others are spread evenly.
    Alternating,
    /// The spare keys, in the order in which they are given out, two users on each.
    Spare,
    /// In the few leaves, of many, that the next spare keys belong to.
    BeforeSpare,
}

use Homes::{Alternating, BeforeSpare, Bucket, Middle, One, Spare, Spread, TrialState};

const HOSTILE: [Homes; 7] = [One, TrialState, Bucket, Middle, Alternating, Spare, BeforeSpare];

impl Homes {
    fn of(self, number: u32) -> Key {
        // The last step of MurmurHash3: different for different numbers, and as if by chance.
        let spread = |number: u32| {
            let one = (number ^ number >> 16).wrapping_mul(0x85EB_CA6B);
            let two = (one ^ one >> 13).wrapping_mul(0xC2B2_AE35);
            two ^ two >> 16
        };
        Key(match self {
            Spread(homes) => spread(number % homes),
            One => 0xABCD_EF01,
            TrialState => 0x7FFF_FF00 + number,
            Bucket => number << 16 | 0x5A5A,
            Middle => number << 12 & 0x03FF_F000 | 0x0800_0005,
            Alternating if number % 2 == 0 => spread(number),
            Alternating => 0x8000_0001,
            Spare => (number / 2 + 1).wrapping_mul(0x9E37_79B9),
            BeforeSpare => (number % 64 + 1).wrapping_mul(0x9E37_79B9) & 0xFFFF | number << 16,
        })
    }
}

fn homes() -> impl Strategy<Value = Homes> {
    let spread = prop_oneof![1..8_u32, 8..500_u32, 3000..16_000_u32].prop_map(Spread);
    prop_oneof![spread, prop::sample::select(HOSTILE.to_vec())]
}

impl Users {
    fn find(&self, home: Key, id: &str) -> Option<u64> {
        self.search(home, id).and_then(|key| self.entry(key)).map(|entry| number(entry.held))
    }

    /// Each leaf has its slots by key, where they belong, no more than it has room for, and the ids of those slots. Who is
    /// not at home is in the index, in its order, as the leaf of their home says.
    fn is_sound(&self) -> bool {
        let leaves = self.pages.iter().flat_map(|page| page.iter()).enumerate();
        let displaced = self.overflow.as_ref().map_or_else(|| Some(Vec::new()), |overflow| overflow.all());
        let displaced = displaced.expect("the runs are sound");
        let overflowing: BTreeSet<usize> = displaced.iter().map(|(home, _)| self.place(*home)).collect();
        let mut count = 0;
        let all = leaves.clone().all(|(place, leaf)| {
            count += leaf.slots.len();
            leaf.slots.len() <= FULL
                && leaf.slots.is_sorted_by(|one, other| one.key < other.key && one.end < other.end)
                && leaf.slots.iter().all(|slot| self.place(slot.key) == place)
                && leaf.slots.last().map_or(0, |slot| slot.end as usize) == leaf.ids.len()
                && (leaf.overflows == Overflows::Yes) == overflowing.contains(&place)
        });
        let order = |(home, key): &(Key, Key)| (home.0.reverse_bits(), self.id(*key).expect("a key of a user"));
        let keys: BTreeSet<Key> = displaced.iter().map(|(_, key)| *key).collect();
        all && leaves.count() == self.leaves
            && count == self.len
            && keys.len() == displaced.len()
            && displaced.iter().all(|(home, key)| home != key)
            && displaced.is_sorted_by(|one, other| order(one) < order(other))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, failure_persistence: None, ..ProptestConfig::default() })]

    /// A table against an ordered map, over thousands of users who come and go, with hashes that are often the same or
    /// chosen to be the worst, and against a clone that stays.
    #[test]
    fn is_a_map(
        steps in prop::collection::vec((0..5_u8, 0..3000_u32), 1..6000),
        homes in homes(),
        removals in 0..5_u8,
        cut in 0..6000_usize,
    ) {
        let (mut users, mut plain) = (Users::new(), BTreeMap::new());
        let mut kept = (users.clone(), plain.clone());
        for (index, (kind, user)) in steps.into_iter().enumerate() {
            if index == cut {
                kept = (users.clone(), plain.clone());
            }
            let (home, id, step) = (homes.of(user), id(user), u64::try_from(index).expect("small"));
            if kind >= removals {
                let key = users.put(home, &id, held(step));
                if let Some((before, _)) = plain.insert(user, (key, step)) {
                    prop_assert_eq!(key, before);
                }
            } else if let Some((key, before)) = plain.remove(&user) {
                prop_assert_eq!(users.replace(key, UserEntitlements::Nothing).as_ref().map(number), Some(before));
                users.take_out(home, key);
            }
        }
        for (users, plain) in [(&users, &plain), (&kept.0, &kept.1)] {
            is_table(users, plain, homes)?;
        }
        // All go, down to the table as it began.
        for (user, (key, _)) in plain {
            users.take_out(homes.of(user), key);
        }
        prop_assert!(users.is_sound());
        prop_assert_eq!((users.len(), users.leaves, users.pages.len()), (0, 1, 1));
        is_table(&kept.0, &kept.1, homes)?;
    }

    /// Many at once are those who come one after the other, and a table to go on from; none is there twice.
    #[test]
    fn many_at_once_are_as_one_by_one(
        many in prop_oneof![1..1500_u32, 6000..14_000_u32],
        homes in homes(),
        again in any::<prop::sample::Index>(),
    ) {
        let mut numbers: Vec<u32> = (0..=many).collect();
        let table = |numbers: &[u32]| {
            let names: Vec<String> = numbers.iter().copied().map(id).collect();
            let mut crowd = UserTableBuilder::of(numbers.len(), names.iter().map(String::len).sum());
            for ((&number, name), step) in numbers.iter().zip(&names).zip(0..) {
                crowd.put(homes.of(number), UserRef::new(name), held(step));
            }
            crowd.settle()
        };
        let (mut users, keys) = table(&numbers).expect("each is there once");
        let mut plain: BTreeMap<u32, (Key, u64)> = numbers.iter().copied().zip(keys.into_iter().zip(0..)).collect();
        prop_assert_eq!(users.len(), numbers.len());
        let kept = (users.clone(), plain.clone());
        for user in (0..=many).step_by(3) {
            let (key, _) = plain.remove(&user).expect("they are there");
            users.take_out(homes.of(user), key);
            let late = user + many + 1;
            plain.insert(late, (users.put(homes.of(late), &id(late), held(7)), 7));
        }
        is_table(&users, &plain, homes)?;
        is_table(&kept.0, &kept.1, homes)?;
        numbers.push(numbers[again.index(numbers.len())]);
        prop_assert_eq!(table(&numbers).err(), Some(BuildError::Twice));
    }
}

/// The table has these users, each under their key, and no others.
fn is_table(users: &Users, plain: &BTreeMap<u32, (Key, u64)>, homes: Homes) -> Result<(), TestCaseError> {
    prop_assert!(users.is_sound());
    prop_assert_eq!(users.len(), plain.len());
    prop_assert_eq!(users.iter().count(), plain.len());
    let beyond = plain.last_key_value().map_or(0, |(last, _)| last + 100);
    for user in 0..beyond {
        let there = plain.get(&user);
        let (home, id) = (homes.of(user), id(user));
        prop_assert_eq!(users.find(home, &id), there.map(|(_, step)| *step));
        let asked = UserId::with_hash(&id, u64::from(home.0) << 32);
        prop_assert_eq!(users.held(&asked).map(number), there.map(|(_, step)| *step));
        prop_assert_eq!(users.get(&asked).map(|entry| entry.key), there.map(|(key, _)| *key));
        if let Some((key, step)) = there {
            let entry = users.entry(*key).expect("a key is the user's for as long as they are there");
            prop_assert!(entry.id.as_str() == id && number(entry.held) == *step);
        }
    }
    Ok(())
}

/// However the hashes were chosen, a lookup takes at most 4 log2 n comparisons, also of a user who is not there, and a
/// write on average no more than two lookups.
#[test]
fn x8_a_lookup_is_logarithmic_whatever_the_hashes_are() {
    const MANY: u32 = 20_000;
    let most = 4 * MANY.ilog2() as usize;
    for homes in HOSTILE.into_iter().chain([Spread(u32::MAX)]) {
        let mut users = Users::new();
        steps::take();
        for user in 0..MANY {
            users.put(homes.of(user), &id(user), held(1));
        }
        let written = steps::take() / MANY as usize;
        let mut counted = [0_usize; 2];
        for user in 0..2 * MANY {
            let asked = UserId::with_hash(&id(user), u64::from(homes.of(user).0) << 32);
            let found = users.held(&asked).is_some();
            assert_eq!(found, user < MANY);
            let counted = &mut counted[usize::from(!found)];
            *counted = steps::take().max(*counted);
        }
        std::println!("{homes:?}: {written} steps a write, at most {} a hit, {} a miss", counted[0], counted[1]);
        assert!(counted.iter().all(|steps| *steps <= most) && written <= 2 * most, "{homes:?}: {counted:?}, {written}");
    }
}

#[test]
fn a_crowd_keeps_what_each_holds() {
    // Around the largest numbers that are kept in little room: those, and those beyond.
    let plans = [0, 65_534, 65_535, 65_536];
    let numbers = [0, u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX];
    let rows = || plans.into_iter().flat_map(|plan| numbers.map(|number| (plan, number)));
    let all = || rows().flat_map(|row| numbers.map(|event| (row.0, row.1, event))).zip(0_u32..);
    let mut crowd = UserTableBuilder::of(64, 64 * 20);
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
    let keys: Vec<Key> = (0..many).map(|number| users.put(Spread(u32::MAX).of(number), &id(number), held(1))).collect();
    assert!(users.is_sound());
    assert_eq!((users.leaves, users.pages.len()), (PAGE * 3, 3));
    for key in keys {
        users.take_out(key, key);
        assert!(users.leaves == 1 || users.len() >= users.leaves * LEAST);
    }
    assert!(users.is_sound());
    assert_eq!((users.leaves, users.len(), users.pages.len()), (1, 0, 1));
}

#[test]
fn x8_full_leaves_are_not_merged() {
    // Ordinary users, then some in every 32nd leaf alone: more than those have room for.
    let home = |number: u32| {
        let spread = Spread(u32::MAX).of(number);
        if number < 16_700 { spread } else { Key(spread.0 & !31 | 5) }
    };
    let mut users = Users::new();
    let keys: Vec<Key> = (0..21_700).map(|number| users.put(home(number), &id(number), held(1))).collect();
    let mut rows = Vec::new();
    for (number, key) in (0..).zip(keys) {
        users.take_out(home(number), key);
        if number % 500 == 0 {
            assert!(users.is_sound(), "{number}");
            rows.push(users.leaves > 1 && users.len() < users.leaves * LEAST);
        }
    }
    assert!(rows.contains(&true), "leaves that are full hold no merge up");
    assert!(users.is_sound());
    assert_eq!((users.len(), users.leaves, users.pages.len()), (0, 1, 1));
}
