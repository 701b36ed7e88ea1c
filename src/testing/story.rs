//! A case as an example: the plans that are granted and assigned, and the answers about apps and
//! quotas.

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
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::Units;
use crate::tenant::Tenant;
use crate::tenant::command::{Command, Event};
use crate::tenant::entry::Beginning;
use crate::tenant::role::{Actor, Role};
use crate::testing::cases::CaseHolder;
use crate::testing::forge::forge;
use crate::time::{EARLIEST, Term};
use crate::token::permissions::{KeyPermissions, KeyPurpose};
use crate::token::ring::KeyRing;

/// The plans of one organisation and one user, with the answers of the check.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Story {
    /// The plans that are granted to the organisation, each with its units.
    pub granted: Vec<(PlanId, Units)>,
    /// The plans that are assigned to the user.
    pub assigned: Vec<PlanId>,
    /// What was asked, with the answers.
    pub answers: Vec<Answer>,
}

/// What is asked in a story.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum StoryQuestion {
    /// Whether the user may open this app.
    App(String),
    /// How much of this quota the user or the organisation has.
    Quota(String),
}

/// The answer to one question.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Answer {
    /// The question.
    pub asked: StoryQuestion,
    /// The answer as text.
    pub text: String,
}

impl Story {
    /// Returns the story of some plans with their units: grants them in a new tenant, assigns them if
    /// they are those of a user, and asks.
    pub(super) fn new(
        catalog: &Catalog,
        plans: impl Iterator<Item = (PlanIndex, Units)>,
        whose: CaseHolder,
        asked: Vec<StoryQuestion>,
    ) -> Self {
        let plans: Vec<(&Plan, Units)> =
            plans.filter_map(|(plan, units)| Some((catalog.plan_at(plan)?, units))).collect();
        let granted = plans.iter().map(|(plan, units)| (plan.id.clone(), *units)).collect();
        let is_assigned = |plan: &&Plan| whose == CaseHolder::User && plan.scope == Scope::User;
        let assigned = plans.iter().map(|(plan, _)| *plan).filter(is_assigned).map(|plan| plan.id.clone()).collect();
        let mut story = Self { granted, assigned, answers: Vec::new() };
        story.answers = story.play(catalog, asked).unwrap_or_default();
        story
    }

    /// Returns the answers; `None` if a constant name is invalid, which no input can cause.
    fn play(&self, catalog: &Catalog, asked: Vec<StoryQuestion>) -> Option<Vec<Answer>> {
        let secret = SecretKey::from_seed(&Zeroizing::new([1; 32]));
        let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).ok()?;
        let user: UserId = "user".parse().ok()?;
        let beginning = Beginning::new("organisation".parse().ok()?, RecordId::from_random([1; 16]));
        let customer = Customer::new("organisation".parse().ok()?, "Organisation".parse().ok()?, "XX".parse().ok()?);
        let deal = Deal::new(LicenseId::from_random([1; 16]), catalog.offer(), Licensee::Tenant(customer), EARLIEST);
        let grant = |(plan, units): &(PlanId, Units)| Grant::paid(plan.clone(), *units, Term::perpetual(EARLIEST));
        let deal = self.granted.iter().map(grant).fold(deal, Deal::with);
        let assign = self.assigned.iter().map(|plan| Command::assign(user.clone(), plan.clone()));
        let commands = core::iter::once(Command::Install(secret.seal(&deal).ok()?)).chain(assign).collect();
        let mut tenant = Tenant::new(catalog, &ring, &beginning);
        let actor = Actor::new(user.clone()).with(Role::GlobalAdministrator);
        let entry = forge(tenant.head(), Event::new(1, EARLIEST, actor, commands)).ok()?;
        tenant.apply(&entry).ok()?;
        let answers = asked.into_iter().map(|asked| {
            let text = match &asked {
                StoryQuestion::App(app) => answer(tenant.check(&user, &catalog.app(app).ok()?, EARLIEST)),
                StoryQuestion::Quota(quota) => amount(&tenant, &user, quota)?.to_string(),
            };
            Some(Answer { asked, text })
        });
        answers.collect()
    }
}

/// Returns how much of a quota the user or the organisation has.
fn amount(tenant: &Tenant, user: &UserId, quota: &str) -> Option<QuotaAmount> {
    match tenant.catalog().user_quota(quota) {
        Ok(quota) => Some(tenant.quota(user, &quota, EARLIEST).amount()),
        Err(_) => Some(tenant.tenant_quota(&tenant.catalog().tenant_quota(quota).ok()?, EARLIEST).amount()),
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
        f.write_str("  granted to the organisation:")?;
        if self.granted.is_empty() {
            f.write_str(" nothing")?;
        }
        for (plan, units) in &self.granted {
            match units {
                Units::Unlimited => write!(f, " `{plan}`")?,
                Units::Limited(units) => write!(f, " `{plan}` ({units})")?,
            }
        }
        f.write_str("\n  assigned to the user:")?;
        if self.assigned.is_empty() {
            f.write_str(" nothing")?;
        }
        self.assigned.iter().try_for_each(|plan| write!(f, " `{plan}`"))?;
        self.answers.iter().try_for_each(|Answer { asked, text }| match asked {
            StoryQuestion::App(app) => write!(f, "\n  check `{app}`: {text}"),
            StoryQuestion::Quota(quota) => write!(f, "\n  quota `{quota}`: {text}"),
        })
    }
}
