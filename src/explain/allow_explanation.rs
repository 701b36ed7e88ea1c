//! Why access is allowed: the granting plan, the sources of the seat, the basis and the upcoming
//! changes (K3, K7).

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::basis::Basis;
use crate::catalog::index::PlanIndex;
use crate::decision::{Allow, Question, Warning};
use crate::id::user::UserId;
use crate::id::{AppId, Label, LicenseId, PlanId};
use crate::license::grant::GrantKind;
use crate::quantity::place::Place;
use crate::quantity::units::Units;
use crate::query::grants::{GrantChange, GrantStatus, Upcoming};
use crate::tenant::command::Assignee;
use crate::tenant::evaluation::Beneficiary;
use crate::time::{End, Phase, instant, whole_second};

/// Why a user may open an app, as owned data to show, store or send. It describes an answer and
/// grants no access.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AllowExplanation {
    /// The user who is allowed.
    pub user: UserId,
    /// The app that the user may open.
    pub app: AppId,
    /// The app's display name, if the catalog gives it one.
    pub app_name: Option<Label>,
    /// The reading for which the answer holds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The first instant at which the answer can change by time alone.
    pub until: End,
    /// The basis of the answer.
    pub basis: Basis,
    /// The plan that allows it, if one is needed.
    pub by: AllowedBy,
    /// The warnings for an administrator.
    pub warnings: Vec<Warning>,
}

/// What allows an app.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AllowedBy {
    /// No plan is needed: the app is free, or the offer is unmanaged.
    NoPlan,
    /// A plan in effect allows it.
    Plan(GrantingPlan),
}

/// The plan that allows an app to a user.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct GrantingPlan {
    /// The plan.
    pub plan: PlanId,
    /// The plan's display name.
    pub name: Label,
    /// Whose seat or unit it is.
    pub seat: Seat,
    /// The grants of the plan that are usable now.
    pub grants: Vec<ActiveGrant>,
    /// The plans in effect that it requires, directly and indirectly (C4).
    pub requires: Vec<GrantingPlan>,
    /// The changes by time alone of the usable and the pending grants, earliest first.
    pub approaching: Vec<UpcomingChange>,
}

/// Whom a unit of a plan covers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Seat {
    /// The whole organisation.
    Organisation,
    /// One user.
    User {
        /// The user's place in the queue, counted from 1.
        place: Place,
        /// The sources of the claim; the user themself is the source of a direct assignment.
        sources: Vec<Assignee>,
    },
}

/// A grant that is usable.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ActiveGrant {
    /// The license that contains the grant.
    pub license: LicenseId,
    /// The revision of the license.
    pub revision: NonZeroU32,
    /// Whether it is paid or a trial.
    pub sale: Sale,
    /// The units of the grant.
    pub units: Units,
    /// The phase of the grant.
    pub phase: Phase,
    /// The instant at which the phase ends by time alone.
    pub until: End,
}

/// Whether a grant is paid or a trial.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sale {
    /// The grant is paid.
    Paid,
    /// The grant is a trial.
    Trial,
}

/// A change of a grant by time alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct UpcomingChange {
    /// The instant of the change.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The license of the grant.
    pub license: LicenseId,
    /// The units of the grant.
    pub units: Units,
    /// The change.
    pub change: GrantChange,
}

impl Allow<'_> {
    /// Returns why access is allowed: the plan with its grants, the sources of the seat, and the
    /// upcoming changes. `O(g + m log m)` in the tenant's grants and the user's groups.
    #[must_use]
    pub fn explain(&self) -> AllowExplanation {
        let Question { tenant, user, app, at } = self.question;
        let ground = self.plan.and_then(|plan| ground(self.question, plan));
        AllowExplanation {
            user: user.clone(),
            app: app.id().clone(),
            app_name: tenant.catalog().app_name(app).cloned(),
            at: whole_second(at),
            until: self.until(),
            basis: self.basis,
            by: ground.map_or(AllowedBy::NoPlan, AllowedBy::Plan),
            warnings: self.warnings().collect(),
        }
    }
}

fn ground(question: Question<'_>, index: PlanIndex) -> Option<GrantingPlan> {
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
        change: next.change,
    });
    let approaching = approaching.collect();
    let chain = catalog.chain(index).plans().filter_map(|plan| ground(question, plan));
    // `chain` already contains the indirect requirements, so no requirement lists its own.
    let requires = chain.map(|ground| GrantingPlan { requires: Vec::new(), ..ground }).collect();
    Some(GrantingPlan { plan: plan.id.clone(), name: plan.name.clone(), seat, grants, requires, approaching })
}

fn in_use(evaluation: &GrantStatus<'_>) -> ActiveGrant {
    let deal = evaluation.license.deal();
    let sale = match evaluation.grant.kind {
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
