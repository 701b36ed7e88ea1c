//! The check: whether a user may open an app (K1).

use chrono::{DateTime, Utc};

use crate::catalog::app_rule::AppRule;
use crate::catalog::basis::Basis;
use crate::catalog::index::PlanIndex;
use crate::catalog::{App, HasDependencies};
use crate::decision::{Allow, Decision, Denial, Question, Warning};
use crate::id::AppId;
use crate::id::user::UserId;
use crate::tenant::Tenant;
use crate::tenant::evaluation::PlanEvaluation;
use crate::tenant::state::plan::TENANT_CLAIM;
use crate::tenant::state::user::Claim;
use crate::time::{Days, EARLIEST, End};

impl Tenant {
    /// Returns whether the user may open the app, on what basis, and until when (K1).
    ///
    /// The check changes nothing and allocates nothing; the same state and reading give the same
    /// answer. The reading is never earlier than the record's floor, so setting a clock back
    /// revives nothing (X6). A user whom no command names is a user without claims (S15). The cost
    /// grows with the user's claims, the tenant plans that list the app, and the plans these
    /// require and exclude, not with users, seats or documents. If a phase has ended since the
    /// latest event, each of these plans adds `O(log n)` in its grants and its queue.
    pub fn check<'a>(&'a self, user: &'a UserId, app: &'a App, now: DateTime<Utc>) -> Decision<'a> {
        let question = Question { tenant: self, user, app, at: self.raw_reading(now) };
        let Some(rule) = self.catalog().rule_of(app) else { return Decision::Deny(Denial { question, now }) };
        if let Some(basis) = rule.open() {
            return Decision::Allow(Allow { question, plan: None, basis });
        }
        let claims = self.state().claims(user);
        match best(self, rule, claims.as_slice(), app.id(), question.at) {
            Some(OpenPlan { basis, plan, .. }) => Decision::Allow(Allow { question, plan: Some(plan), basis }),
            None => Decision::Deny(Denial { question, now }),
        }
    }
}

/// A plan that allows an app. The minimum is the one that is reported (K7).
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct OpenPlan {
    pub(crate) basis: Basis,
    of: Of,
    /// The plan's index in the catalog.
    pub(crate) plan: PlanIndex,
}

/// Whether a plan is a tenant plan or a user plan.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Of {
    Tenant,
    User,
}

/// Returns the plan that allows an app to a user with these claims; of several, the one that is
/// reported (K7).
#[allow(clippy::inline_always, reason = "the check is on the hot path of the host; a call would be a tenth of it")]
#[inline(always)]
pub(crate) fn best(
    tenant: &Tenant,
    rule: &AppRule,
    claims: &[Claim],
    app: &AppId,
    at: DateTime<Utc>,
) -> Option<OpenPlan> {
    let (catalog, state) = (tenant.catalog(), tenant.state());
    let mut best = None;
    let mut consider = |of: Of, plan: PlanIndex, alone: &dyn Fn() -> Option<Basis>| {
        let basis = match catalog.dependencies(plan) {
            HasDependencies::None => alone(),
            HasDependencies::Some => {
                state.view().evaluation(catalog, plan, claims, at).and_then(|plan| plan.in_effect())
            }
        };
        if let Some(basis) = basis {
            let found = OpenPlan { basis, of, plan };
            best = Some(best.map_or(found, |best: OpenPlan| best.min(found)));
        }
    };
    for &plan in rule.tenant_plans() {
        consider(Of::Tenant, plan, &|| state.core.catalog_plan(plan)?.basis(TENANT_CLAIM, at));
    }
    for claim in claims {
        let Some(plan) = state.core.numbering().in_catalog(claim.plan) else { continue };
        if rule.has_user_plan(plan) && claim.opens(app) {
            consider(Of::User, plan, &|| state.core.plan(claim.plan)?.basis(claim.number, at));
        }
    }
    best
}

impl Question<'_> {
    /// Returns the first instant at which anything in the answer can change by time alone (K5).
    pub(crate) fn until(self) -> End {
        let catalog = self.tenant.catalog();
        let Some(rule) = catalog.rule_of(self.app) else { return End::Never };
        let claims = self.tenant.state().claims(self.user);
        let mut until = End::Never;
        for &plan in rule.plans() {
            let evaluation = self.tenant.view().evaluation(catalog, plan, claims.as_slice(), self.at);
            let Some(evaluation) = evaluation else { continue };
            let next = evaluation.next();
            let opens = opens(&evaluation, self.app);
            let notice = opens.map(|basis| warn(&evaluation, basis, next, self.at, catalog.offer().notice));
            until = until.min(next).min(notice.map_or(End::Never, |(_, begins)| begins));
        }
        until
    }

    /// Returns the warnings where a plan allows the app on this basis (K7).
    pub(crate) fn warnings(self, index: PlanIndex, basis: Basis) -> [Option<Warning>; 2] {
        let catalog = self.tenant.catalog();
        let claims = self.tenant.state().claims(self.user);
        let evaluation = self.tenant.view().evaluation(catalog, index, claims.as_slice(), self.at);
        let Some(evaluation) = evaluation else { return [None; 2] };
        let (warning, _) = warn(&evaluation, basis, evaluation.next(), self.at, catalog.offer().notice);
        let wanted = evaluation.segments().first().and_then(|now| now.stale);
        [warning, wanted.map(|until| Warning::ListWanted { until })]
    }
}

/// Returns the basis on which a plan that lists the app allows it: the plan is in effect, and the
/// app is not on the claim's deny list.
fn opens(evaluation: &PlanEvaluation<'_>, app: &App) -> Option<Basis> {
    let claim = evaluation.beneficiary.as_ref()?.claim();
    if claim.is_some_and(|claim| !claim.opens(app.id())) { None } else { evaluation.in_effect() }
}

/// Returns the warning for now (K7), and when a notice begins if none has begun yet. `next` is the
/// next boundary.
fn warn(
    evaluation: &PlanEvaluation<'_>,
    basis: Basis,
    next: End,
    at: DateTime<Utc>,
    notice: Days,
) -> (Option<Warning>, End) {
    let Some(beneficiary) = &evaluation.beneficiary else { return (None, End::Never) };
    let mut later = evaluation.segments().later();
    let mut basis_changes = || {
        let moved = later.find(|segment| beneficiary.basis(segment) != Some(basis));
        moved.map_or(End::Never, |segment| End::At(segment.from))
    };
    match basis {
        Basis::Grace => (Some(Warning::InGrace { until: basis_changes() }), End::Never),
        Basis::Tolerance => (Some(Warning::OverAssigned { until: basis_changes() }), End::Never),
        Basis::Unmanaged | Basis::Free => (None, End::Never),
        Basis::Paid | Basis::Trial => {
            // Looks no further than one notice past the next boundary: units that run out later
            // give no notice before it.
            let runs_out = later
                .take_while(|segment| next.plus(notice).is_after(segment.from))
                .find(|segment| !beneficiary.is_within(segment.coverage.active));
            let Some(runs_out) = runs_out.map(|segment| segment.from) else { return (None, End::Never) };
            let begins = runs_out.checked_sub_signed(notice.delta()).unwrap_or(EARLIEST);
            if begins <= at {
                (Some(Warning::ExpiringSoon { at: runs_out }), End::Never)
            } else {
                (None, End::At(begins))
            }
        }
    }
}
