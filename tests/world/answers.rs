//! Answers of `check` as owned values, from the library or from the oracle.

use chrono::{DateTime, Utc};
use entitle::{App, Basis, Cause, Decision, End, PlanId, Reason, Tenant, UserId, Warning};

use super::users;

#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Answer {
    Allowed { plan: Option<PlanId>, basis: Basis, warnings: Vec<Warning>, until: Option<DateTime<Utc>> },
    Denied { reasons: Vec<(PlanId, Reason)>, until: Option<DateTime<Utc>> },
}

impl Answer {
    pub(crate) fn is_allowed(&self) -> bool {
        matches!(self, Self::Allowed { .. })
    }

    pub(crate) fn until(&self) -> Option<DateTime<Utc>> {
        match self {
            Self::Allowed { until, .. } | Self::Denied { until, .. } => *until,
        }
    }

    /// Whether this answer shows that a plan is in effect for the user.
    pub(crate) fn shows_in_effect(&self, id: &PlanId) -> bool {
        match self {
            Self::Allowed { plan, .. } => plan.as_ref() == Some(id),
            Self::Denied { reasons, .. } => reasons.iter().any(|(plan, why)| plan == id && *why == Reason::TurnedOff),
        }
    }

    /// Stable names of what occurs in it.
    pub(crate) fn codes(&self) -> Vec<&'static str> {
        match self {
            Self::Allowed { basis, warnings, .. } => {
                core::iter::once(basis.code()).chain(warnings.iter().map(|warning| warning.code())).collect()
            }
            Self::Denied { reasons, .. } => reasons.iter().map(|(_, reason)| reason.code()).collect(),
        }
    }
}

/// What the library answers; what it says about its own question is asserted on the way.
pub(crate) fn answer(tenant: &Tenant, user: &UserId, app: &App, now: DateTime<Utc>) -> Answer {
    match tenant.check(user, app, now) {
        Decision::Allow(allow) => {
            assert_eq!((allow.user(), allow.app().id()), (user, app.id()));
            let (warnings, until) = (allow.warnings().collect(), allow.until());
            Answer::Allowed { plan: allow.plan().map(|plan| plan.id.clone()), basis: allow.basis(), warnings, until }
        }
        Decision::Deny(denial) => {
            let until = denial.until();
            let why = denial.explain();
            assert_eq!((&why.user, &why.app, why.at), (user, app.id(), tenant.reading(now)));
            assert_eq!(why.until, until.map_or(End::Never, End::At));
            let Cause::Plans(misses) = why.cause else { panic!("the app is in the catalog") };
            for miss in &misses {
                let plan = tenant.catalog().plan(&miss.plan).unwrap();
                assert_eq!((&miss.name, &miss.more_info), (&plan.name, &plan.more_info));
            }
            Answer::Denied { reasons: misses.into_iter().map(|miss| (miss.plan, miss.reason)).collect(), until }
        }
    }
}

/// Every question about a tenant: each user with each app.
pub(crate) fn questions(tenant: &Tenant) -> Vec<(UserId, App)> {
    let apps: Vec<App> = tenant.catalog().apps().collect();
    users().into_iter().flat_map(|user| apps.iter().map(move |app| (user.clone(), app.clone()))).collect()
}

/// The answers to every question.
pub(crate) fn all(tenant: &Tenant, now: DateTime<Utc>) -> Vec<Answer> {
    questions(tenant).iter().map(|(user, app)| answer(tenant, user, app, now)).collect()
}

/// The answers that concern some of the users.
pub(crate) fn about(tenant: &Tenant, who: &[UserId], now: DateTime<Utc>) -> Vec<Answer> {
    let questions = questions(tenant).into_iter().filter(|(user, _)| who.contains(user));
    questions.map(|(user, app)| answer(tenant, &user, &app, now)).collect()
}
