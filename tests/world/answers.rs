//! Answers of `check` as owned values, from the library or from the oracle.

use chrono::{DateTime, Utc};
use entitle::explain::{DenialCause, DenialReason};
use entitle::testing::Opinion;
use entitle::{App, Decision, PlanId, Tenant, UserId};

use super::users;

/// Whether an answer shows that a plan is in effect for the user.
pub(crate) fn shows_in_effect(answer: &Opinion, id: &PlanId) -> bool {
    match answer {
        Opinion::Allowed { plan, .. } => plan.as_ref() == Some(id),
        Opinion::Denied { misses, .. } => {
            misses.iter().any(|miss| miss.plan == *id && miss.reason == DenialReason::TurnedOff)
        }
        Opinion::UnknownApp => false,
    }
}

/// Stable names of what occurs in an answer.
pub(crate) fn codes(answer: &Opinion) -> Vec<&'static str> {
    match answer {
        Opinion::Allowed { basis, warnings, .. } => {
            core::iter::once(basis.code()).chain(warnings.iter().map(entitle::explain::Warning::code)).collect()
        }
        Opinion::Denied { misses, .. } => misses.iter().map(|miss| miss.reason.code()).collect(),
        Opinion::UnknownApp => vec!["cause.unknown-app"],
    }
}

/// What the library answers; what it says about its own question is asserted on the way.
pub(crate) fn answer(tenant: &Tenant, user: &UserId, app: &App, now: DateTime<Utc>) -> Opinion {
    let decision = tenant.check(user, app, now);
    match &decision {
        Decision::Allow(allow) => assert_eq!((allow.user(), allow.app().id()), (user, app.id())),
        Decision::Deny(denial) => {
            let reason = denial.explain();
            assert_eq!((&reason.user, &reason.app, reason.at), (user, app.id(), tenant.reading(now)));
            assert_eq!(reason.until, denial.until());
            let DenialCause::Plans(misses) = reason.cause else { panic!("the app is in the catalog") };
            for miss in &misses {
                let plan = tenant.catalog().plan(&miss.plan).unwrap();
                assert_eq!((&miss.name, &miss.more_info), (&plan.name, &plan.more_info));
            }
        }
    }
    Opinion::of(&decision)
}

/// Every question about a tenant: each user with each app.
pub(crate) fn questions(tenant: &Tenant) -> Vec<(UserId, App)> {
    let apps: Vec<App> = tenant.catalog().apps().collect();
    users().into_iter().flat_map(|user| apps.iter().map(move |app| (user.clone(), app.clone()))).collect()
}

/// The answers to every question.
pub(crate) fn all(tenant: &Tenant, now: DateTime<Utc>) -> Vec<Opinion> {
    questions(tenant).iter().map(|(user, app)| answer(tenant, user, app, now)).collect()
}

/// The answers that concern some of the users.
pub(crate) fn about(tenant: &Tenant, who: &[UserId], now: DateTime<Utc>) -> Vec<Opinion> {
    let questions = questions(tenant).into_iter().filter(|(user, _)| who.contains(user));
    questions.map(|(user, app)| answer(tenant, &user, &app, now)).collect()
}
