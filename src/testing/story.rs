//! A case as an example: the plans that are granted and assigned, and the answers of the check.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use zeroize::Zeroizing;

use crate::catalog::Catalog;
use crate::catalog::basis::Basis;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::{Plan, Scope};
use crate::decision::Decision;
use crate::id::user::UserId;
use crate::id::{LicenseId, PlanId, RecordId};
use crate::key::SecretKey;
use crate::license::deal::{Customer, Deal, Licensee};
use crate::license::grant::Grant;
use crate::quantity::units::Units;
use crate::tenant::Tenant;
use crate::tenant::command::{Command, Event};
use crate::tenant::entry::Beginning;
use crate::tenant::role::{Actor, Role};
use crate::testing::forge::forge;
use crate::time::{EARLIEST, Term};
use crate::token::permissions::{KeyPermissions, KeyPurpose};
use crate::token::ring::KeyRing;

/// The plans of one organisation and one user, with the answers of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Story {
    /// The plans that are granted to the organisation.
    pub granted: Vec<PlanId>,
    /// The plans that are assigned to the user.
    pub assigned: Vec<PlanId>,
    /// The checked apps, each with the answer.
    pub answers: Vec<Answer>,
}

/// The answer of the check about one app.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The checked app.
    pub app: String,
    /// The answer as text.
    pub text: String,
}

impl Story {
    /// Returns the story of some plans: grants and assigns them in a new tenant, and checks some
    /// apps.
    pub(super) fn new(catalog: &Catalog, plans: impl Iterator<Item = PlanIndex>, asked: Vec<String>) -> Self {
        let plans: Vec<&Plan> = plans.filter_map(|plan| catalog.plan_at(plan)).collect();
        let named = |plan: &&Plan| plan.id.clone();
        let granted = plans.iter().map(named).collect();
        let assigned: Vec<PlanId> = plans.iter().filter(|plan| plan.scope == Scope::User).map(named).collect();
        let mut story = Self { granted, assigned, answers: Vec::new() };
        story.answers = story.play(catalog, asked).unwrap_or_default();
        story
    }

    /// Returns the answers; `None` if a constant name is invalid, which no input can cause.
    fn play(&self, catalog: &Catalog, asked: Vec<String>) -> Option<Vec<Answer>> {
        let secret = SecretKey::from_seed(&Zeroizing::new([1; 32]));
        let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).ok()?;
        let user: UserId = "user".parse().ok()?;
        let beginning = Beginning::new("organisation".parse().ok()?, RecordId::from_random([1; 16]));
        let customer = Customer::new("organisation".parse().ok()?, "Organisation".parse().ok()?, "XX".parse().ok()?);
        let deal = Deal::new(LicenseId::from_random([1; 16]), catalog.offer(), Licensee::Tenant(customer), EARLIEST);
        let grant = |plan: &PlanId| Grant::paid(plan.clone(), Units::Unlimited, Term::perpetual(EARLIEST));
        let deal = self.granted.iter().map(grant).fold(deal, Deal::with);
        let assign = self.assigned.iter().map(|plan| Command::assign(user.clone(), plan.clone()));
        let commands = core::iter::once(Command::Install(secret.seal(&deal).ok()?)).chain(assign).collect();
        let mut tenant = Tenant::new(catalog, &ring, &beginning);
        let actor = Actor::new(user.clone()).with(Role::GlobalAdministrator);
        let entry = forge(tenant.head(), Event::new(1, EARLIEST, actor, commands)).ok()?;
        tenant.apply(&entry).ok()?;
        let answers = asked.into_iter().map(|app| {
            let handle = catalog.app(&app).ok()?;
            let text = answer(tenant.check(&user, &handle, EARLIEST));
            Some(Answer { app, text })
        });
        answers.collect()
    }
}

fn answer(decision: Decision<'_>) -> String {
    match decision {
        Decision::Allow(allow) => match (allow.basis(), allow.plan()) {
            (Basis::Unmanaged, _) | (_, None) => "open to everyone".to_string(),
            (_, Some(plan)) => alloc::format!("open by `{}`", plan.id),
        },
        Decision::Deny(denial) => match denial.explain().misses().first() {
            Some(miss) => alloc::format!("shut: `{}`, {}", miss.plan, miss.reason),
            None => "shut".to_string(),
        },
    }
}

impl fmt::Display for Story {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plans = |f: &mut fmt::Formatter<'_>, plans: &[PlanId]| {
            if plans.is_empty() {
                return f.write_str(" nothing");
            }
            plans.iter().try_for_each(|plan| write!(f, " `{plan}`"))
        };
        f.write_str("  granted to the organisation:")?;
        plans(f, &self.granted)?;
        f.write_str("\n  assigned to the user:")?;
        plans(f, &self.assigned)?;
        self.answers.iter().try_for_each(|Answer { app, text }| write!(f, "\n  check `{app}`: {text}"))
    }
}
