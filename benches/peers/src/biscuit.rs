//! Biscuit: a user's token says which plans the user has, and the application which plans unlock the app.

use core::time::Duration;
use std::collections::HashMap;

use biscuit_auth::builder::{Fact, fact, string};
use biscuit_auth::{Authorizer, AuthorizerBuilder, AuthorizerLimits, Biscuit, KeyPair};
use entitle::{App, PlanId, UserId};

use crate::Yard;
use crate::figures::{Goal, time};

fn named(name: &str, of: &str) -> Fact {
    fact(name, &[string(of)])
}

/// One authorizer a question, with the verified token of its user and no fact about any other app.
fn authorizers(yard: &Yard) -> Vec<Authorizer> {
    let root = KeyPair::new();
    let mut plans: HashMap<&str, Vec<&PlanId>> = HashMap::new();
    for (user, plan) in yard.seats() {
        plans.entry(user.as_str()).or_default().push(plan);
    }
    // Left alone it gives up after a millisecond, which may happen on a busy machine.
    let limits = AuthorizerLimits { max_time: Duration::from_secs(1), ..AuthorizerLimits::default() };
    let authorizer = |(user, app): &(UserId, App)| {
        let mut token = Biscuit::builder().fact(named("user", user.as_str())).unwrap();
        for plan in plans.get(user.as_str()).into_iter().flatten() {
            token = token.fact(named("plan", plan.as_str())).unwrap();
        }
        let token = token.build(&root).unwrap().to_vec().unwrap();
        let token = Biscuit::from(token, root.public()).unwrap();
        let mut authorizer = AuthorizerBuilder::new().set_limits(limits.clone());
        for plan in yard.plans_of(app.id()) {
            authorizer = authorizer.fact(named("unlocked_by", plan.as_str())).unwrap();
        }
        authorizer.policy("allow if plan($plan), unlocked_by($plan)").unwrap().build(&token).unwrap()
    };
    yard.questions.iter().map(authorizer).collect()
}

pub fn run(yard: &Yard) {
    let authorizers = authorizers(yard);
    yard.assert_same(|number| authorizers[number].clone().authorize().is_ok());
    let peer = || {
        // It keeps what it worked out, so each is asked once. Verifying and building are not timed.
        let mut fresh = authorizers.clone();
        time(|| fresh.iter_mut().filter_map(|authorizer| authorizer.authorize().ok()).count())
    };
    yard.beside_check("biscuit authorize", Goal::Report, 15, peer);
}
