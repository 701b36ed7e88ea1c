//! What entitle costs beside its peers, one line a figure: `cargo bench --manifest-path benches/peers/Cargo.toml`.
#![allow(clippy::manual_is_multiple_of, reason = "what is shared is written for an older Rust")]

mod biscuit;
mod casbin;
mod cedar;
#[allow(dead_code, reason = "shared with the other benchmarks, which use all of it")]
#[path = "../../summary/figures.rs"]
mod figures;
mod tokens;
#[allow(dead_code, reason = "shared with the other benchmarks, which use all of it")]
#[path = "../../summary/workload.rs"]
mod workload;

use core::hint::black_box;
use core::time::Duration;

use entitle::catalog::Plan;
use entitle::{App, AppId, PlanId, UserId, UserRef};

use figures::{Goal, figure, ratio, time};
use workload::{Kind, Workload, now};

/// The tenant and what is asked of it, the same for every peer.
struct Yard {
    load: Workload,
    questions: Vec<(UserId, App)>,
}

impl Yard {
    fn new(users: usize, questions: usize) -> Self {
        let load = Workload::new(Kind::Plain, users);
        let questions = load.stream(questions);
        Self { load, questions }
    }

    fn plans(&self) -> &[Plan] {
        &self.load.catalog.offer().plans
    }

    fn apps(&self) -> impl Iterator<Item = &AppId> {
        self.load.catalog.offer().apps.iter().map(|entry| &entry.id)
    }

    /// Each app with each plan that unlocks it.
    fn unlocks(&self) -> impl Iterator<Item = (&AppId, &PlanId)> {
        self.apps().flat_map(|app| self.plans_of(app).map(move |plan| (app, plan)))
    }

    /// Who has which plan, through a group or not: the peers are spared the groups.
    fn seats(&self) -> impl Iterator<Item = (UserRef<'_>, &PlanId)> {
        let line = |plan| self.load.tenant.queue(plan).map(move |user| (user, plan));
        self.plans().iter().flat_map(move |plan| line(&plan.id))
    }

    /// The plans that unlock an app.
    fn plans_of(&self, app: &AppId) -> impl Iterator<Item = &PlanId> {
        self.plans().iter().filter(move |plan| plan.apps.contains(app)).map(|plan| &plan.id)
    }

    /// Stops if a peer's answer to any question is another one.
    fn assert_same(&self, mut peer: impl FnMut(usize) -> bool) {
        for (number, (user, app)) in self.questions.iter().enumerate() {
            let ours = self.load.tenant.check(user, app, now()).is_allowed();
            assert_eq!(peer(number), ours, "{user} and {app}");
        }
    }

    /// What a peer takes for all the questions, beside `check`.
    fn beside_check(&self, name: &str, goal: Goal, rounds: usize, peer: impl FnMut() -> Duration) {
        // Long enough to be timed: some hundred thousand questions a round.
        let repeats = u32::try_from((200_000 / self.questions.len()).max(1)).unwrap();
        let ours = || time(|| (0..repeats).for_each(|_| self.check_all())) / repeats;
        let name = format!("{name} / check, plain, {} users", self.load.users);
        figure(&name, ratio(rounds, peer, ours), "", goal);
    }

    fn check_all(&self) {
        let at = now();
        for (user, app) in black_box(&self.questions) {
            black_box(self.load.tenant.check(user, app, at).is_allowed());
        }
    }
}

fn main() {
    let yard = Yard::new(10_000, 10_000);
    cedar::run(&yard);
    casbin::run(&yard);
    biscuit::run(&Yard::new(10_000, 500));
    tokens::run();
}
