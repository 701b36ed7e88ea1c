//! Why access is denied: one reason for every plan that lists the app, the nearest miss first (K3).

use alloc::boxed::Box;
use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::cmp::Reverse;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::Catalog;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::Plan;
use crate::collections::sorted::sorted;
use crate::decision::check_first::{CheckFirst, RecordAhead, licenses_of_unknown_plans, unusable_licenses};
use crate::decision::denial_reason::DenialReason;
use crate::decision::{Denial, Question};
use crate::id::user::UserId;
use crate::id::{AppId, Label, PlanId};
use crate::tenant::Tenant;
use crate::tenant::evaluation::BlockedBy;
use crate::tenant::grant_state::{GrantState, GrantStates};
use crate::time::{End, instant, whole_second};

/// Why a user may not open an app, as owned data to show, store or send. Its `Display` is
/// [`text`](DenialExplanation::text), what a user of an organisation reads, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct DenialExplanation {
    /// The user who is denied.
    pub user: UserId,
    /// The app that the user may not open.
    pub app: AppId,
    /// The app's display name, if the catalog gives it one.
    pub app_name: Option<Label>,
    /// The reading for which the answer holds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The first instant at which the answer can change by time alone.
    pub until: End,
    /// What to check before anything is bought, in this order: whether the record is ahead of the
    /// clock (K10), and the installed licenses that give nothing (K6) or grant unknown plans (C11).
    /// Empty in most denials.
    pub check_first: Box<[CheckFirst]>,
    /// The cause of the denial.
    pub cause: DenialCause,
}

/// The cause of a denial.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DenialCause {
    /// The handle belongs to another catalog, and the tenant's catalog has no such app (K8).
    UnknownApp,
    /// No plan that lists the app is in effect for the user: one reason for each plan, the nearest
    /// miss first (K3).
    Plans(Vec<PlanDenial>),
}

/// A plan that lists the app, and why it does not allow it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PlanDenial {
    /// The plan.
    pub plan: PlanId,
    /// The plan's display name.
    pub name: Label,
    /// The address of more information about the plan.
    pub more_info: Option<Label>,
    /// Where its paid grants are.
    pub paid: GrantState,
    /// Where its trials are.
    pub trial: GrantState,
    /// Why the plan does not allow the app. If neither its paid grants nor its trials are usable, it
    /// is a recent list that either lacks, else the state of the paid grants, and that of the trials
    /// only where there are none: a purchase that has ended is not explained by a trial (K3).
    pub reason: DenialReason,
    /// The display names of the plans that the reason names: the plan that excludes this one, or
    /// those that it requires.
    pub plan_names: BTreeMap<PlanId, Label>,
}

impl DenialExplanation {
    /// Returns the plans that list the app and why they do not allow it, the nearest miss first;
    /// empty for an unknown app.
    #[must_use]
    pub fn misses(&self) -> &[PlanDenial] {
        match &self.cause {
            DenialCause::UnknownApp => &[],
            DenialCause::Plans(misses) => misses,
        }
    }

    /// Returns by how much the record is ahead of the clock, if the app may be denied only for that
    /// (K10).
    #[must_use]
    pub fn record_ahead(&self) -> Option<RecordAhead> {
        self.check_first.iter().find_map(|check| match check {
            CheckFirst::RecordAhead(ahead) => Some(*ahead),
            _ => None,
        })
    }

    /// Returns the explanation of a denial, given whether the record is ahead of the clock.
    pub(crate) fn of(denial: &Denial<'_>, record_ahead: Option<RecordAhead>) -> Self {
        let Question { tenant, user, app, at } = denial.question;
        let ahead = record_ahead.map(CheckFirst::RecordAhead);
        let plans = plan_denials(denial);
        let lacks_units = |nearest: Option<&PlanDenial>| {
            nearest.is_none_or(|nearest| matches!(nearest.reason, DenialReason::NoUnits(_)))
        };
        let unknown = match &plans {
            Some(plans) if lacks_units(plans.first()) => licenses_of_unknown_plans(tenant, whole_second(at)),
            _ => Vec::new(),
        };
        let check_first = ahead.into_iter().chain(unusable_licenses(tenant)).chain(unknown).collect();
        let cause = plans.map_or(DenialCause::UnknownApp, DenialCause::Plans);
        let app_name = tenant.catalog().app_name(app).cloned();
        let (user, app, at) = (user.clone(), app.id().clone(), whole_second(at));
        Self { user, app, app_name, at, until: denial.question.until(), check_first, cause }
    }
}

/// Returns the plans that list the app and why they do not allow it, the nearest miss first; `None`
/// for an unknown app (K3).
pub(crate) fn plan_denials(denial: &Denial<'_>) -> Option<Vec<PlanDenial>> {
    let Question { tenant, app, at, .. } = denial.question;
    let (at, catalog) = (whole_second(at), tenant.catalog());
    let plans = catalog.rule_of(app)?.plans().iter().filter_map(|&index| {
        let plan = catalog.plan_at(index)?;
        let states = GrantStates::of(tenant.core(), &plan.id, at);
        Some((index, plan_denial(catalog, plan, states, reason(tenant, index, plan, states, denial)?)))
    });
    Some(nearest_first(plans))
}

/// Returns why plans give no user of a tenant anything, the nearest miss first.
pub(crate) fn shut_for_all(tenant: &Tenant, at: DateTime<Utc>, counts: impl Fn(&Plan) -> bool) -> Vec<PlanDenial> {
    let plans = tenant.catalog().indexed_plans().filter(|(_, plan)| counts(plan));
    nearest_first(plans.filter_map(|(index, plan)| {
        let states = GrantStates::of(tenant.core(), &plan.id, at);
        Some((index, plan_denial(tenant.catalog(), plan, states, DenialReason::NoUnits(states.no_units()?))))
    }))
}

fn nearest_first(plans: impl Iterator<Item = (PlanIndex, PlanDenial)>) -> Vec<PlanDenial> {
    let (indexes, mut denials): (Vec<PlanIndex>, Vec<Option<PlanDenial>>) =
        plans.map(|(index, denial)| (index, Some(denial))).unzip();
    let kinds = denials.iter().map(|denial| Reverse(denial.as_ref().map(|denial| denial.reason.kind())));
    let order = sorted(kinds.zip(indexes).zip(0..));
    order.into_iter().filter_map(|(_, place): (_, usize)| denials.get_mut(place)?.take()).collect()
}

fn plan_denial(
    catalog: &Catalog,
    plan: &Plan,
    GrantStates { paid, trial }: GrantStates,
    reason: DenialReason,
) -> PlanDenial {
    let (id, name, more_info) = (plan.id.clone(), plan.name.clone(), plan.more_info.clone());
    let others = match &reason {
        DenialReason::Excluded { by } => core::slice::from_ref(by),
        DenialReason::RequirementNotMet { any_of } => any_of,
        _ => &[],
    };
    let mut plan_names = BTreeMap::new();
    for plan in others.iter().filter_map(|plan| catalog.plan(plan)) {
        plan_names.insert(plan.id.clone(), plan.name.clone());
    }
    PlanDenial { plan: id, name, more_info, paid, trial, reason, plan_names }
}

/// Returns the reason of one plan (K3).
fn reason(
    tenant: &Tenant,
    index: PlanIndex,
    plan: &Plan,
    states: GrantStates,
    denial: &Denial<'_>,
) -> Option<DenialReason> {
    not_in_effect(tenant, index, plan, states, denial.question.user, denial.question.at).or_else(|| {
        // The plan is in effect and access is denied, so the app is on the claim's deny list.
        let claims = tenant.state().claims(denial.question.user);
        let evaluation = tenant.view().evaluation(tenant.catalog(), index, claims.as_slice(), denial.question.at)?;
        evaluation.beneficiary?.claim().map(|_| DenialReason::TurnedOff)
    })
}

/// Returns why a plan is not in effect for a user (K3); `None` if it is.
pub(crate) fn not_in_effect(
    tenant: &Tenant,
    index: PlanIndex,
    plan: &Plan,
    states: GrantStates,
    user: &UserId,
    at: DateTime<Utc>,
) -> Option<DenialReason> {
    if let Some(why) = states.no_units() {
        return Some(DenialReason::NoUnits(why));
    }
    let claims = tenant.state().claims(user);
    let evaluation = tenant.view().evaluation(tenant.catalog(), index, claims.as_slice(), at)?;
    match evaluation.evaluate() {
        Err(BlockedBy::Unclaimed) => Some(DenialReason::NotAssigned),
        Err(BlockedBy::OutOfReach(beneficiary)) => {
            let limit = evaluation.segments().first()?.coverage.limit;
            Some(DenialReason::Waiting { place: beneficiary.place(), limit })
        }
        Err(BlockedBy::ExcludedBy(by)) => Some(DenialReason::Excluded { by: tenant.catalog().plan_at(by)?.id.clone() }),
        Err(BlockedBy::Unmet(need)) => {
            Some(DenialReason::RequirementNotMet { any_of: plan.requires.get(need)?.clone() })
        }
        Ok(_) => None,
    }
}
