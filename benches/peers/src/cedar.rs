//! Cedar: the users, plans and apps are entities, and policies permit.

use core::hint::black_box;
use std::collections::{HashMap, HashSet};

use cedar_policy::{
    Authorizer, Context, Decision, Entities, Entity, EntityId, EntityUid, PolicySet, Request, RestrictedExpression,
};
use entitle::{App, AppId, PlanId, UserId};

use crate::Yard;
use crate::figures::{Goal, time};
use crate::workload::user;

fn uid(kind: &str, id: &str) -> EntityUid {
    EntityUid::from_type_name_and_id(kind.parse().unwrap(), EntityId::new(id))
}

fn plan_uid(plan: &PlanId) -> EntityUid {
    uid("Plan", plan.as_str())
}

/// All entities of the tenant. Users have their plans for parents, and so have apps, which also list them in an attribute.
fn entities(yard: &Yard) -> Entities {
    let users = yard.load.users;
    let mut plans: HashMap<String, HashSet<EntityUid>> =
        (0..users).map(|n| (user(n).to_string(), HashSet::new())).collect();
    for (user, plan) in yard.seats() {
        plans.get_mut(user.as_str()).unwrap().insert(plan_uid(plan));
    }
    let users = plans.into_iter().map(|(user, plans)| Entity::new_no_attrs(uid("User", &user), plans));
    let apps = yard.apps().map(|app| {
        let plans: HashSet<EntityUid> = yard.plans_of(app).map(plan_uid).collect();
        let listed = RestrictedExpression::new_set(plans.iter().cloned().map(RestrictedExpression::new_entity_uid));
        Entity::new(uid("App", app.as_str()), HashMap::from([("plans".to_owned(), listed)]), plans).unwrap()
    });
    let plans = yard.plans().iter().map(|plan| Entity::with_uid(plan_uid(&plan.id)));
    Entities::from_entities(users.chain(apps).chain(plans), None).unwrap()
}

/// A policy for each app and plan that unlocks it.
fn by_pair(yard: &Yard) -> String {
    let permit = |(app, plan): (&AppId, &PlanId)| {
        format!("permit(principal in {}, action, resource == {});", plan_uid(plan), uid("App", app.as_str()))
    };
    yard.unlocks().map(permit).collect()
}

/// A policy for each plan.
fn by_plan(yard: &Yard) -> String {
    let permit = |plan: EntityUid| format!("permit(principal in {plan}, action, resource in {plan});");
    yard.plans().iter().map(|plan| permit(plan_uid(&plan.id))).collect()
}

/// One for all of them.
const ONE: &str = "permit(principal, action, resource) when { principal in resource.plans };";

fn requests(yard: &Yard) -> Vec<Request> {
    let request = |(user, app): &(UserId, App)| {
        let (user, app) = (uid("User", user.as_str()), uid("App", app.id().as_str()));
        Request::new(user, uid("Action", "use"), app, Context::empty(), None).unwrap()
    };
    yard.questions.iter().map(request).collect()
}

/// All is made beforehand, also the requests. The entities are those of the whole tenant: to give it those of the
/// question alone is slower, even when they are made beforehand. The goal is for the policies that suit it best.
pub fn run(yard: &Yard) {
    let (authorizer, entities, requests) = (Authorizer::new(), entities(yard), requests(yard));
    let models = [
        ("Cedar, a policy an app and plan", Goal::Report, by_pair(yard)),
        ("Cedar, a policy a plan", Goal::Report, by_plan(yard)),
        ("Cedar, one policy", Goal::AtLeast(500.0), ONE.to_owned()),
    ];
    for (name, goal, policies) in models {
        let policies: PolicySet = policies.parse().unwrap();
        let ask = |request: &Request| authorizer.is_authorized(request, &policies, &entities).decision();
        yard.assert_same(|number| ask(&requests[number]) == Decision::Allow);
        let peer = || {
            time(|| {
                for request in black_box(&requests) {
                    black_box(ask(request));
                }
            })
        };
        yard.beside_check(name, goal, 9, peer);
    }
}
