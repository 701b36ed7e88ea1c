//! casbin: users have plans for roles, and plans permit apps.

use core::hint::black_box;

use casbin::rhai::ImmutableString;
use casbin::{CoreApi, DefaultModel, Enforcer, MemoryAdapter, MgmtApi, Result};

use crate::Yard;
use crate::figures::{Goal, time};

/// The usual model of roles: a line permits a plan an app. In each model the app is compared first, which is favourable:
/// for few lines the user's roles are asked for.
const LINES: &str = "
[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.obj == p.obj && g(r.sub, p.sub)
";

/// The model of roles for resources too: an app has roles, the plans that unlock it, and there is one line a plan.
const ROLES: &str = "
[request_definition]
r = sub, obj
[policy_definition]
p = sub, obj
[role_definition]
g = _, _
g2 = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = g2(r.obj, p.obj) && g(r.sub, p.sub)
";

async fn with_lines(yard: &Yard) -> Result<Enforcer> {
    let mut enforcer = of(LINES, yard).await?;
    let lines = yard.unlocks().map(|(app, plan)| vec![plan.to_string(), app.to_string()]);
    enforcer.add_policies(lines.collect()).await?;
    Ok(enforcer)
}

async fn with_roles(yard: &Yard) -> Result<Enforcer> {
    let mut enforcer = of(ROLES, yard).await?;
    let roles = yard.unlocks().map(|(app, plan)| vec![app.to_string(), plan.to_string()]);
    enforcer.add_named_grouping_policies("g2", roles.collect()).await?;
    let lines = yard.plans().iter().map(|plan| vec![plan.id.to_string(), plan.id.to_string()]);
    enforcer.add_policies(lines.collect()).await?;
    Ok(enforcer)
}

/// A role for each user and plan.
async fn of(model: &str, yard: &Yard) -> Result<Enforcer> {
    let mut enforcer = Enforcer::new(DefaultModel::from_str(model).await?, MemoryAdapter::default()).await?;
    let roles = yard.seats().map(|(user, plan)| vec![user.to_string(), plan.to_string()]);
    enforcer.add_grouping_policies(roles.collect()).await?;
    Ok(enforcer)
}

fn beside(yard: &Yard, name: &str, goal: Goal, enforcer: &Enforcer) {
    // Its own kind of text, which it need not copy.
    let text = |text: &str| ImmutableString::from(text);
    let questions: Vec<_> =
        yard.questions.iter().map(|(user, app)| [text(user.as_str()), text(app.id().as_str())]).collect();
    let ask = |question: &[ImmutableString; 2]| enforcer.enforce(question.to_vec()).unwrap();
    yard.assert_same(|number| ask(&questions[number]));
    let peer = || {
        time(|| {
            for question in black_box(&questions) {
                black_box(ask(question));
            }
        })
    };
    yard.beside_check(name, goal, 9, peer);
}

/// The goal is for the model that suits it better.
pub fn run(yard: &Yard) {
    let [lines, roles] = [pollster::block_on(with_lines(yard)).unwrap(), pollster::block_on(with_roles(yard)).unwrap()];
    beside(yard, "casbin, apps in lines", Goal::Report, &lines);
    beside(yard, "casbin, apps in roles", Goal::AtLeast(500.0), &roles);
}
