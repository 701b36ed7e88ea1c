//! Tests of the users' table against an ordered map, with hashes that the test chooses, the worst
//! included.
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
use super::{BUCKET_CAPACITY, Key, MAX_LOAD, MIN_LOAD, Overflows, PAGE_LEN, Users};
use crate::catalog::index::PlanNumber;
use crate::id::user::{UserId, UserRef};
use crate::tenant::state::bucket::steps;
use crate::tenant::state::claim_number::ClaimNumber;
use crate::tenant::state::user::{Claim, DenyList, Memberships, UserEntitlements};

fn id(number: u32) -> String {
    alloc::format!("user-{}", "x".repeat(usize::try_from(number % 17).expect("small")) + &alloc::format!("{number}"))
}

/// Returns entitlements that differ from user to user.
fn held(number: u64) -> UserEntitlements {
    let claim = Claim::new(PlanNumber(0), ClaimNumber(number), 0, Some(&DenyList::default()), &DenyList::default());
    UserEntitlements::new([claim].into_iter().collect(), Memberships::new())
}

fn number(held: &UserEntitlements) -> u64 {
    held.claims().as_slice().first().map_or(u64::MAX, |claim| claim.number.0)
}

/// The homes of the users of a test.
#[derive(Debug, Clone, Copy)]
enum Homes {
    /// So many different homes, spread evenly.
    Spread(u32),
    /// One home for all users.
    One,
    /// Consecutive homes.
    Consecutive,
    /// Homes in one bucket: the same last bits.
    Bucket,
    /// Homes in one bucket with the same first bits: only a few bits in the middle differ.
    Middle,
    /// One home for every other user; the others are spread evenly.
    Alternating,
    /// The spare keys, in the order in which they are given out, two users for each.
    Spare,
    /// Homes in the few buckets that the next spare keys belong to.
    BeforeSpare,
}

use Homes::{Alternating, BeforeSpare, Bucket, Consecutive, Middle, One, Spare, Spread};

const HOSTILE: [Homes; 7] = [One, Consecutive, Bucket, Middle, Alternating, Spare, BeforeSpare];

impl Homes {
    fn of(self, number: u32) -> Key {
        // The finalizer of MurmurHash3: a bijection that spreads numbers evenly.
        let spread = |number: u32| {
            let one = (number ^ number >> 16).wrapping_mul(0x85EB_CA6B);
            let two = (one ^ one >> 13).wrapping_mul(0xC2B2_AE35);
            two ^ two >> 16
        };
        Key(match self {
            Spread(homes) => spread(number % homes),
            One => 0xABCD_EF01,
            Consecutive => 0x7FFF_FF00 + number,
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

    /// Returns whether each bucket has its slots sorted by key, in the right bucket, within its
    /// capacity, with their ids; and whether the users with spare keys are in the index, in its
    /// order, as the buckets of their homes record.
    fn is_sound(&self) -> bool {
        let buckets = self.pages.iter().flat_map(|page| page.iter()).enumerate();
        let displaced = self.overflow.as_ref().map_or_else(|| Some(Vec::new()), |overflow| overflow.all());
        let displaced = displaced.expect("the runs are sound");
        let overflowing: BTreeSet<usize> = displaced.iter().map(|(home, _)| self.bucket_index(*home)).collect();
        let mut count = 0;
        let all = buckets.clone().all(|(place, bucket)| {
            count += bucket.slots.len();
            bucket.slots.len() <= BUCKET_CAPACITY
                && bucket.slots.is_sorted_by(|one, other| one.key < other.key && one.end < other.end)
                && bucket.slots.iter().all(|slot| self.bucket_index(slot.key) == place)
                && bucket.slots.last().map_or(0, |slot| slot.end as usize) == bucket.ids.len()
                && (bucket.overflows == Overflows::SomeDisplaced) == overflowing.contains(&place)
        });
        let order = |(home, key): &(Key, Key)| (home.0.reverse_bits(), self.id(*key).expect("a key of a user"));
        let keys: BTreeSet<Key> = displaced.iter().map(|(_, key)| *key).collect();
        all && buckets.count() == self.buckets
            && count == self.len
            && keys.len() == displaced.len()
            && displaced.iter().all(|(home, key)| home != key)
            && displaced.is_sorted_by(|one, other| order(one) < order(other))
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, failure_persistence: None, ..ProptestConfig::default() })]

    /// The table equals an ordered map over thousands of insertions and removals, with hashes that
    /// often collide or are the worst possible; a clone does not change.
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
        // Removing all users shrinks the table to its first state.
        for (user, (key, _)) in plain {
            users.take_out(homes.of(user), key);
        }
        prop_assert!(users.is_sound());
        prop_assert_eq!((users.len(), users.buckets, users.pages.len()), (0, 1, 1));
        is_table(&kept.0, &kept.1, homes)?;
    }

    /// A bulk load equals inserting one by one, its table can be changed, and a duplicate is an
    /// error.
    #[test]
    fn a_bulk_load_equals_insertions(
        many in prop_oneof![1..1500_u32, 6000..14_000_u32],
        homes in homes(),
        duplicate in any::<prop::sample::Index>(),
    ) {
        let mut numbers: Vec<u32> = (0..=many).collect();
        let table = |numbers: &[u32]| {
            let names: Vec<String> = numbers.iter().copied().map(id).collect();
            let mut builder = UserTableBuilder::with_capacity(numbers.len(), names.iter().map(String::len).sum());
            for ((&number, name), step) in numbers.iter().zip(&names).zip(0..) {
                builder.put(homes.of(number), UserRef::new(name), held(step));
            }
            builder.build()
        };
        let (mut users, keys) = table(&numbers).expect("no user is added twice");
        let mut plain: BTreeMap<u32, (Key, u64)> = numbers.iter().copied().zip(keys.into_iter().zip(0..)).collect();
        prop_assert_eq!(users.len(), numbers.len());
        let kept = (users.clone(), plain.clone());
        for user in (0..=many).step_by(3) {
            let (key, _) = plain.remove(&user).expect("the user is in the table");
            users.take_out(homes.of(user), key);
            let late = user + many + 1;
            plain.insert(late, (users.put(homes.of(late), &id(late), held(7)), 7));
        }
        is_table(&users, &plain, homes)?;
        is_table(&kept.0, &kept.1, homes)?;
        numbers.push(numbers[duplicate.index(numbers.len())]);
        prop_assert_eq!(table(&numbers).err(), Some(BuildError::DuplicateUser));
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
            let entry = users.entry(*key).expect("a key is the user's for as long as they are in the table");
            prop_assert!(entry.id.as_str() == id && number(entry.held) == *step);
        }
    }
    Ok(())
}

/// For any hashes, a lookup takes at most 4 log2 n comparisons, also of a user who is not there,
/// and a write on average no more than two lookups.
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
fn a_bulk_load_keeps_what_each_user_holds() {
    // The largest numbers that are stored compactly, and the smallest that are not.
    let plans = [0, 65_534, 65_535, 65_536];
    let numbers = [0, u64::from(u32::MAX), u64::from(u32::MAX) + 1, u64::MAX];
    let rows = || plans.into_iter().flat_map(|plan| numbers.map(|number| (plan, number)));
    let all = || rows().flat_map(|row| numbers.map(|event| (row.0, row.1, event))).zip(0_u32..);
    let mut builder = UserTableBuilder::with_capacity(64, 64 * 20);
    all().for_each(|((plan, number, event), user)| {
        builder.add_plain(UserRef::new(&id(user)), PlanNumber(plan), ClaimNumber(number), event);
    });
    let (users, keys) = builder.build().expect("no user is added twice");
    assert_eq!(keys.len(), 64);
    for (((plan, number, event), user), key) in all().zip(keys) {
        let entry = users.entry(key).expect("the user is in the table");
        assert_eq!(entry.id.as_str(), id(user));
        let claims = entry.held.claims();
        let claims = claims.as_slice().iter().map(|claim| (claim.plan, claim.number, claim.event, claim.is_plain()));
        assert!(claims.eq([(PlanNumber(plan), ClaimNumber(number), event, true)]));
    }
}

#[test]
fn the_table_grows_and_shrinks_by_one_bucket_at_a_time() {
    let mut users = Users::new();
    let many = u32::try_from(MAX_LOAD * PAGE_LEN * 3).expect("small");
    let keys: Vec<Key> = (0..many).map(|number| users.put(Spread(u32::MAX).of(number), &id(number), held(1))).collect();
    assert!(users.is_sound());
    assert_eq!((users.buckets, users.pages.len()), (PAGE_LEN * 3, 3));
    for key in keys {
        users.take_out(key, key);
        assert!(users.buckets == 1 || users.len() >= users.buckets * MIN_LOAD);
    }
    assert!(users.is_sound());
    assert_eq!((users.buckets, users.len(), users.pages.len()), (1, 0, 1));
}

#[test]
fn x8_full_leaves_are_not_merged() {
    // Ordinary users, then more than fit into every 32nd bucket.
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
            rows.push(users.buckets > 1 && users.len() < users.buckets * MIN_LOAD);
        }
    }
    assert!(rows.contains(&true), "full buckets do not prevent merges");
    assert!(users.is_sound());
    assert_eq!((users.len(), users.buckets, users.pages.len()), (0, 1, 1));
}
