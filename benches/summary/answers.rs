//! What a denial's explanation and its remedies cost.

use core::hint::black_box;

use entitle::{App, Decision, Denial, UserId};

use crate::figures::{Goal, figure, median, time};
use crate::workload::{Kind, Workload, now};

/// The median time of something done to denials.
fn of_denials(load: &Workload, denied: &[(UserId, App)], work: impl Fn(Denial<'_>)) -> f64 {
    let times = denied.iter().filter_map(|(user, app)| match load.tenant.check(user, app, now()) {
        Decision::Allow(_) => None,
        Decision::Deny(denial) => Some(time(|| work(denial)).as_secs_f64() * 1e6),
    });
    median(times.collect())
}

fn answers(load: &Workload, name: &str) {
    let denied = load.stream(200);
    let say = |what: &str, found: f64| figure(&format!("{what}, {name}"), found, " us", Goal::Report);
    say("explain a denial", of_denials(load, &denied, |denial| _ = black_box(denial.explain())));
    say("its first remedy", of_denials(load, &denied, |denial| _ = black_box(denial.remedies().next())));
    say("its first five", of_denials(load, &denied, |denial| _ = black_box(denial.remedies().take(5).count())));
}

pub fn run(big: &Workload) {
    answers(&Workload::new(Kind::Hard, 10_000), "hard, 10000 users");
    answers(big, &format!("plain, {} users", big.users));
}
