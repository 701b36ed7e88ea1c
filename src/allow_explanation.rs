//! Why yes: the plan that opens an app for a user, whence they have it, what it rests on, and what is approaching (K3, K7).

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::basis::Basis;
use crate::decision::{Allow, Question, Warning};
use crate::grant::GrantKind;
use crate::grants::{GrantChange, GrantStatus, Upcoming};
use crate::id::{AppId, Label, LicenseId, PlanId};
use crate::tenant::command::Assignee;
use crate::tenant::evaluation::Beneficiary;
use crate::time::{End, Phase, instant, whole_second};
use crate::units::Units;
use crate::user_id::UserId;

/// Why a user may open an app: owned, to be shown, kept or sent. It is a record of an answer and opens nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AllowExplanation {
    /// Who was allowed.
    pub user: UserId,
    /// What they were allowed.
    pub app: AppId,
    /// The reading for which this holds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// When time alone changes it.
    pub until: End,
    /// On what it rests.
    pub basis: Basis,
    /// By which plan.
    pub by: AllowedBy,
    /// What an administrator should know.
    pub warnings: Vec<Warning>,
}

/// What opens an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowedBy {
    /// No plan is needed.
    NoPlan,
    /// A plan.
    Plan(GrantingPlan),
}

/// The plan that opens an app for a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrantingPlan {
    /// The plan.
    pub plan: PlanId,
    /// Its name for people.
    pub name: Label,
    /// For whom a unit of it counts.
    pub seat: Seat,
    /// The grants of the plan that are of use now.
    pub grants: Vec<ActiveGrant>,
    /// The plans in effect that it requires, directly and through others (C4).
    pub requires: Vec<GrantingPlan>,
    /// What happens by time alone to the grants of use and to those that are pending, the next first.
    pub approaching: Vec<UpcomingChange>,
}

/// For whom a unit of a plan counts.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// For the whole organisation.
    Organisation,
    /// For the user.
    User {
        /// Their place in the line, counted from 1.
        place: u64,
        /// Whence they have it: the user themself stands for directly.
        sources: Vec<Assignee>,
    },
}

/// A grant that is of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActiveGrant {
    /// The license it is in.
    pub license: LicenseId,
    /// The revision of the license.
    pub revision: NonZeroU32,
    /// How it was sold.
    pub sale: Sale,
    /// How much of it.
    pub units: Units,
    /// Where it stands.
    pub phase: Phase,
    /// When its phase ends by time alone.
    pub until: End,
}

/// How a grant was sold.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    /// It was bought.
    Paid,
    /// It is on trial.
    Trial,
}

/// Something that happens to a grant by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpcomingChange {
    /// When.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The license of the grant.
    pub license: LicenseId,
    /// The units of the grant.
    pub units: Units,
    /// What.
    pub turn: GrantChange,
}

impl Allow<'_> {
    /// Why: the plan with its grants, the sources of the seat, and what is approaching. Linear in the tenant's grants and, but for
    /// logarithms, in the user's groups.
    #[must_use]
    pub fn explain(&self) -> AllowExplanation {
        let Question { user, app, at, .. } = self.question;
        let ground = self.plan.and_then(|plan| ground(self.question, plan));
        AllowExplanation {
            user: user.clone(),
            app: app.id().clone(),
            at: whole_second(at),
            until: self.until().map_or(End::Never, End::At),
            basis: self.basis,
            by: ground.map_or(AllowedBy::NoPlan, AllowedBy::Plan),
            warnings: self.warnings().collect(),
        }
    }
}

fn ground(question: Question<'_>, index: usize) -> Option<GrantingPlan> {
    let Question { tenant, user, at, .. } = question;
    let (catalog, core) = (tenant.catalog(), tenant.core());
    let plan = catalog.plan_at(index)?;
    let held = tenant.state().users.held(user);
    let claims = tenant.state().claims(user);
    let evaluation = tenant.view().evaluation(catalog, index, claims.as_slice(), at)?;
    evaluation.in_effect()?;
    let beneficiary = evaluation.beneficiary?;
    let seat = match beneficiary {
        Beneficiary::Tenant => Seat::Organisation,
        Beneficiary::Claim(claim, _) => {
            let sources = core.sources(user, held.map_or(&[], |held| held.groups()), claim);
            Seat::User { place: beneficiary.place(), sources }
        }
    };
    let of_plan = || tenant.grants(at).filter(|it| it.grant.plan == plan.id);
    let grants = of_plan().filter(|it| it.phase.is_usable()).map(|it| in_use(&it)).collect();
    let counts = |next: &Upcoming<'_>| {
        let is_it = |it: &GrantStatus<'_>| core::ptr::eq(it.grant, next.grant);
        of_plan().any(|it| is_it(&it) && (it.phase.is_usable() || it.phase == Phase::Pending))
    };
    let upcoming = tenant.upcoming(at).filter(|next| next.grant.plan == plan.id && counts(next));
    let approaching = upcoming.map(|next| UpcomingChange {
        at: next.at,
        license: next.license.deal().id,
        units: next.grant.units,
        turn: next.turn,
    });
    let approaching = approaching.collect();
    let chain = catalog.chain(index).plans().filter_map(|plan| ground(question, plan));
    // Each with nothing below it: the chain is all of them.
    let requires = chain.map(|ground| GrantingPlan { requires: Vec::new(), ..ground }).collect();
    Some(GrantingPlan { plan: plan.id.clone(), name: plan.name.clone(), seat, grants, requires, approaching })
}

fn in_use(evaluation: &GrantStatus<'_>) -> ActiveGrant {
    let deal = evaluation.license.deal();
    let sale = match evaluation.grant.terms {
        GrantKind::Paid(_) => Sale::Paid,
        GrantKind::Trial(_) => Sale::Trial,
    };
    ActiveGrant {
        license: deal.id,
        revision: deal.revision,
        sale,
        units: evaluation.grant.units,
        phase: evaluation.phase,
        until: evaluation.until,
    }
}
