//! What a check costs, beside one lookup of the user's id in a hash map.

use core::hint::black_box;
use core::time::Duration;

use entitle::{App, UserId};
use hashbrown::HashMap;

use crate::figures::{Goal, figure, ratio, time};
use crate::workload::{Kind, Workload, now, plan, user};

/// What a host would have without this library: a number by user id.
pub fn map_of(users: usize) -> HashMap<String, u64> {
    (0..users).map(|number| (user(number).to_string(), 1)).collect()
}

pub fn check_all(load: &Workload, questions: &[(UserId, App)]) -> usize {
    let at = now();
    questions.iter().filter(|(user, app)| load.tenant.check(user, app, at).is_allowed()).count()
}

fn get_all(map: &HashMap<String, u64>, questions: &[(UserId, App)]) -> u64 {
    questions.iter().filter_map(|(user, _)| map.get(user.as_str())).sum()
}

fn beside_get(load: &Workload, map: &HashMap<String, u64>, questions: &[(UserId, App)]) -> f64 {
    // Long enough to be timed: some hundred thousand questions a round.
    let repeats = (200_000 / questions.len()).max(1);
    let timed = |work: &dyn Fn()| -> Duration { time(|| (0..repeats).for_each(|_| work())) };
    let one = || timed(&|| _ = black_box(check_all(load, black_box(questions))));
    let other = || timed(&|| _ = black_box(get_all(map, black_box(questions))));
    ratio(31, one, other)
}

/// The pool of plan 0 with half the units that are claimed, beside the same pool with enough.
fn over_assigned(big: &Workload) {
    let over = Workload::new(Kind::Hard, big.users);
    let in_pool = |load: &Workload| -> Vec<(UserId, App)> {
        let apps = load.catalog.offer().plans[0].apps.clone();
        let app = load.catalog.app(apps[0].as_str()).unwrap();
        load.tenant.queue(&plan(0)).step_by(7).take(10_000).map(|user| (user.to_id(), app.clone())).collect()
    };
    let (crowded, roomy) = (in_pool(&over), in_pool(big));
    let timed = |load: &Workload, questions: &[(UserId, App)]| -> Duration {
        time(|| (0..20).for_each(|_| _ = black_box(check_all(load, black_box(questions)))))
    };
    let found = ratio(15, || timed(&over, &crowded), || timed(big, &roomy));
    let name = format!("check, over-assigned pool / ordinary pool, {} users", big.users);
    figure(&name, found, "", Goal::AtMost(3.0));
}

pub fn small() {
    for users in [100, 10_000] {
        let load = Workload::new(Kind::Plain, users);
        let found = beside_get(&load, &map_of(users), &load.stream(10_000));
        figure(&format!("check / get, plain, {users} users"), found, "", Goal::AtMost(2.5));
    }
    let hard = Workload::new(Kind::Hard, 10_000);
    let found = beside_get(&hard, &map_of(10_000), &hard.stream(10_000));
    figure("check / get, hard, 10000 users", found, "", Goal::AtMost(4.0));
}

pub fn big(big: &Workload) {
    let map = map_of(big.users);
    for length in [10_000, 1_000_000] {
        let found = beside_get(big, &map, &big.stream(length));
        let name = format!("check / get, plain, {} users, stream of {length}", big.users);
        figure(&name, found, "", Goal::AtMost(2.0));
    }
    over_assigned(big);
}
