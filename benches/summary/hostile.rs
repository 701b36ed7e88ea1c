//! What a check costs among users whose ids somebody chose who knows the seed of the hashes, beside the same check among
//! users with ordinary ids.

use core::hash::Hasher;
use core::hint::black_box;
use core::time::Duration;

use entitle::{App, Tenant, UserId};
use foldhash::SharedSeed;
use foldhash::quality::FoldHasher;

use crate::figures::{Goal, figure, ratio, time};
use crate::sizes::seated_as;
use crate::workload::{Dice, Kind, Workload, now, user};

/// The seed of the hashes in this program, which everybody knows.
pub const SEED: [u8; 16] = *b"known to anybody";

const USERS: usize = 80_000;
/// All users of a leaf have these last bits of the key in common, as long as there are fewer leaves than numbers of them.
const LEAF: u64 = (1 << 11) - 1;

pub fn run() {
    let load = Workload::new(Kind::Plain, 10);
    let chosen = chosen();
    let tenants = [seated_as(&load, USERS, |number| chosen[number].clone()), seated_as(&load, USERS, user)];
    let apps: Vec<App> = load.catalog.apps().collect();
    let questions = |id: &dyn Fn(usize) -> UserId| -> Vec<(UserId, App)> {
        let mut dice = Dice::new();
        (0..10_000).map(|_| (id(dice.below(USERS)), apps[dice.below(apps.len())].clone())).collect()
    };
    let timed = |tenant: &Tenant, questions: &[(UserId, App)]| -> Duration {
        let check = |(user, app): &(UserId, App)| tenant.check(user, app, now()).is_allowed();
        time(|| (0..5).map(|_| black_box(questions).iter().filter(|question| check(question)).count()).sum::<usize>())
    };
    let (hostile, honest) = (questions(&|number| chosen[number].clone()), questions(&user));
    let per_check = |took: Duration| took.as_secs_f64() * 1e9 / 50_000.0;
    figure("check, 80000 users with ordinary ids", per_check(timed(&tenants[1], &honest)), " ns", Goal::Report);
    figure("check, 80000 users with chosen ids", per_check(timed(&tenants[0], &hostile)), " ns", Goal::Report);
    let found = ratio(15, || timed(&tenants[0], &hostile), || timed(&tenants[1], &honest));
    figure("check, 80000 users with chosen ids / with ordinary ids", found, "", Goal::AtMost(8.0));
}

/// Ids of the same form as ordinary ones, all of whose keys lie in one leaf.
fn chosen() -> Vec<UserId> {
    let bits = u128::from_le_bytes(SEED);
    let [low, high] = [bits, bits >> 64].map(|half| u64::try_from(half & u128::from(u64::MAX)).unwrap());
    let shared = SharedSeed::from_u64(low);
    let mut id = *b"user-000000000000@contoso.eu";
    let mut found = Vec::with_capacity(USERS);
    while found.len() < USERS {
        let mut hasher = FoldHasher::with_seed(high, &shared);
        hasher.write(&id);
        if (hasher.finish() >> 32) & LEAF == 0 {
            found.push(core::str::from_utf8(&id).unwrap().parse().unwrap());
        }
        next(&mut id[5..17]);
    }
    found
}

/// The next decimal number.
fn next(digits: &mut [u8]) {
    for digit in digits.iter_mut().rev() {
        if *digit < b'9' {
            *digit += 1;
            return;
        }
        *digit = b'0';
    }
}
