//! Faults of an offer, and warnings about it (C8).

use alloc::string::String;

use serde::Serialize;
use thiserror::Error;

use crate::catalog::offer::Scope;
use crate::catalog::quota::MAX_QUOTAS;
use crate::catalog::requirement_graph::{MAX_REQUIRED, MAX_REQUIREMENTS};
use crate::id::{AppId, PlanId, QuotaId};
use crate::message::{Value, messages};

/// A fault of an offer, with its place as a path from the offer: `plans[2].apps[0]`.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[non_exhaustive]
pub struct Fault {
    /// The path of the place. Indexes count from 0.
    pub place: String,
    /// The fault.
    pub what: FaultKind,
}

messages! {
    Fault;
    Self { place, what } => (what.code()) "catalog.fault", "{place}: {what}", place = Value::Literal(place.clone()), what;
}

/// A kind of fault of an offer (C1, C3, C8).
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// The offer has more than [`MAX_QUOTAS`] quotas (X8).
    TooManyQuotas {
        /// The number of its quotas.
        found: usize,
    },
    /// A plan gives a quota that the offer does not have (Q1).
    NoSuchQuota {
        /// The missing quota.
        quota: QuotaId,
    },
    /// A plan gives a quota twice (Q1).
    GivenTwice {
        /// The quota.
        quota: QuotaId,
    },
    /// A plan gives a quota of users for each unit (Q1).
    PerUnitForUser {
        /// The quota.
        quota: QuotaId,
    },
    /// A capacity plan gives a quota of users (Q1).
    UserQuotaOfCapacity {
        /// The plan.
        plan: PlanId,
        /// The quota.
        quota: QuotaId,
    },
    /// An app's, a plan's or a quota's id is repeated.
    DuplicateId {
        /// The id.
        id: String,
    },
    /// Two ids differ only in letter case, so that people confuse them.
    DiffersInCase {
        /// The id at this place.
        id: String,
        /// The earlier id.
        other: String,
    },
    /// A plan lists an app that the offer does not have.
    NoSuchApp {
        /// The missing app.
        app: AppId,
    },
    /// A plan lists an app twice.
    ListedTwice {
        /// The app.
        app: AppId,
    },
    /// License management is on, but the offer has no plan (C1).
    NoPlans,
    /// A capacity plan lists apps.
    CapacityListsApps {
        /// The plan.
        plan: PlanId,
    },
    /// A plan that is not a capacity plan has an overage (M3).
    OverageWithoutCapacity {
        /// The plan.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
    },
    /// A requirement, an exclusion or the install policy names a plan that the offer does not have.
    NoSuchPlan {
        /// The missing plan.
        plan: PlanId,
    },
    /// A requirement or the install policy has an empty list of plans.
    NoneNamed,
    /// A list of plans names a plan twice.
    NamedTwice {
        /// The plan.
        plan: PlanId,
    },
    /// A plan has more than [`MAX_REQUIRED`] requirements.
    TooManyNeeds {
        /// The plan.
        plan: PlanId,
        /// The number of its requirements.
        found: usize,
    },
    /// A plan requires a plan of a scope that it cannot require (C4).
    CannotRequire {
        /// The plan.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
        /// The plan that it requires.
        required: PlanId,
        /// The scope of the other plan.
        required_scope: Scope,
    },
    /// A plan requires itself, directly or indirectly.
    RequiresItself {
        /// The plan.
        plan: PlanId,
    },
    /// A plan requires more than [`MAX_REQUIRED`] plans, directly and indirectly.
    RequiresTooMany {
        /// The plan.
        plan: PlanId,
    },
    /// With this plan, the catalog has more than [`MAX_REQUIREMENTS`] requirements, followed from
    /// each plan (X8). The requirements of this plan and those after it are not followed.
    TooManyRequirements {
        /// The plan.
        plan: PlanId,
    },
    /// A plan excludes a plan, and one of the two is not a user plan (C5).
    CannotExclude {
        /// The plan.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
        /// The plan that it excludes.
        excluded: PlanId,
        /// The scope of the other plan.
        excluded_scope: Scope,
    },
    /// A plan excludes itself.
    ExcludesItself {
        /// The plan.
        plan: PlanId,
    },
    /// A plan excludes all plans that would meet one of its requirements (C8).
    ExcludesItsNeed {
        /// The plan.
        plan: PlanId,
    },
    /// A free app is listed by a plan (C3).
    FreeAndListed {
        /// The app.
        app: AppId,
        /// The first plan that lists it.
        plan: PlanId,
    },
    /// A licensed app is listed by no plan, so that nobody can open it (C3).
    ListedNowhere {
        /// The app.
        app: AppId,
    },
}

messages! {
    FaultKind;
    Self::DuplicateId { id } => "catalog.duplicate-id", "the id {id} is used twice", id;
    Self::DiffersInCase { id, other } => "catalog.differs-in-case",
        "the id {id} differs from {other} only in letter case", id, other;
    Self::NoSuchApp { app } => "catalog.no-such-app", "no app has the id {app}", app;
    Self::ListedTwice { app } => "catalog.listed-twice", "the app {app} is listed twice", app;
    Self::NoPlans => "catalog.no-plans", "license management is on, but the offer has no plan";
    Self::CapacityListsApps { plan } => "catalog.capacity-lists-apps",
        "the capacity plan {plan} lists apps, but capacity plans allow no apps", plan;
    Self::OverageWithoutCapacity { plan, scope } => "catalog.overage-without-capacity",
        "the plan {plan} ({scope}) has an overage, but only capacity plans are consumed", plan, scope;
    Self::NoSuchPlan { plan } => "catalog.no-such-plan", "no plan has the id {plan}", plan;
    Self::NoneNamed => "catalog.none-named", "the list is empty: name at least one plan";
    Self::NamedTwice { plan } => "catalog.named-twice", "the plan {plan} is named twice", plan;
    Self::TooManyNeeds { plan, found } => "catalog.too-many-needs",
        "the plan {plan} has {found} requirements: at most {max} are allowed", plan, found, max = MAX_REQUIRED;
    Self::CannotRequire { plan, scope, required, required_scope } => "catalog.cannot-require",
        "the plan {plan} ({scope}) cannot require the plan {required} ({required_scope})",
        plan, scope, required, required_scope;
    Self::RequiresItself { plan } => "catalog.requires-itself",
        "the plan {plan} requires itself, directly or indirectly", plan;
    Self::RequiresTooMany { plan } => "catalog.requires-too-many",
        "the plan {plan} requires more than {max} plans, directly and indirectly", plan, max = MAX_REQUIRED;
    Self::TooManyRequirements { plan } => "catalog.too-many-requirements",
        "with what the plan {plan} requires, there are more than {max} requirements to follow from plan to plan",
        plan, max = MAX_REQUIREMENTS;
    Self::CannotExclude { plan, scope, excluded, excluded_scope } => "catalog.cannot-exclude",
        "the plan {plan} ({scope}) cannot exclude the plan {excluded} ({excluded_scope}): only user plans exclude",
        plan, scope, excluded, excluded_scope;
    Self::ExcludesItself { plan } => "catalog.excludes-itself", "the plan {plan} excludes itself", plan;
    Self::ExcludesItsNeed { plan } => "catalog.excludes-its-need",
        "the plan {plan} excludes all plans that would meet this requirement", plan;
    Self::TooManyQuotas { found } => "catalog.too-many-quotas",
        "an offer has at most {max} quotas, this one has {found}", max = MAX_QUOTAS, found;
    Self::NoSuchQuota { quota } => "catalog.no-such-quota", "no quota has the id {quota}", quota;
    Self::GivenTwice { quota } => "catalog.quota-given-twice", "the plan gives the quota {quota} a second time", quota;
    Self::PerUnitForUser { quota } => "catalog.quota-per-unit-for-user",
        "the quota {quota} is for users, and cannot be given for each unit", quota;
    Self::UserQuotaOfCapacity { plan, quota } => "catalog.user-quota-of-capacity",
        "the capacity plan {plan} cannot give the quota {quota}, which is for users", plan, quota;
    Self::FreeAndListed { app, plan } => "catalog.free-and-listed",
        "the app {app} is free, but the plan {plan} lists it", app, plan;
    Self::ListedNowhere { app } => "catalog.listed-nowhere", "the app {app} is licensed, but no plan lists it", app;
}

/// A warning about an offer without faults (C8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CatalogWarning {
    /// A tenant or user plan opens no app and gives no quota, and no plan requires it.
    UnlocksNothing {
        /// The plan.
        plan: PlanId,
    },
    /// A plan can never be in effect: plans that it requires exclude each other.
    NeverInEffect {
        /// The plan.
        plan: PlanId,
    },
    /// An app is listed only by plans that can never be in effect.
    NeverOpens {
        /// The app.
        app: AppId,
    },
    /// Every tenant may install without a license, but no app is free.
    NothingFree,
}

messages! {
    CatalogWarning;
    Self::UnlocksNothing { plan } => "catalog.unlocks-nothing", "the plan {plan} unlocks nothing", plan;
    Self::NeverInEffect { plan } => "catalog.never-in-effect",
        "the plan {plan} can never be in effect: plans that it requires exclude each other", plan;
    Self::NeverOpens { app } => "catalog.never-opens", "no plan that can be in effect lists the app {app}", app;
    Self::NothingFree => "catalog.nothing-free", "every tenant may install without a license, but no app is free";
}
