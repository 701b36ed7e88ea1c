//! Faults of an offer, and warnings about it (C8).

use alloc::string::String;
use core::fmt;

use serde::Serialize;
use thiserror::Error;

use crate::catalog::offer::Scope;
use crate::catalog::requirement_graph::{MAX_REQUIRED, MAX_REQUIREMENTS};
use crate::id::{AppId, PlanId};

/// A fault of an offer, with its place as a path from the offer: `plans[2].apps[0]`.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[error("{place}: {what}")]
#[non_exhaustive]
pub struct Fault {
    /// The path of the place. Indexes count from 0.
    pub place: String,
    /// The fault.
    pub what: FaultKind,
}

/// A kind of fault of an offer (C1, C3, C8).
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaultKind {
    /// An app's or a plan's id is repeated.
    #[error("the id `{id}` is used twice")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// Two ids differ only in letter case, so that people confuse them.
    #[error("the id `{id}` differs from `{other}` only in letter case")]
    DiffersInCase {
        /// The id at this place.
        id: String,
        /// The earlier id.
        other: String,
    },
    /// A plan lists an app that the offer does not have.
    #[error("no app has the id `{app}`")]
    NoSuchApp {
        /// The missing app.
        app: AppId,
    },
    /// A plan lists an app twice.
    #[error("the app `{app}` is listed twice")]
    ListedTwice {
        /// The app.
        app: AppId,
    },
    /// License management is on, but the offer has no plan (C1).
    #[error("license management is on, but the offer has no plan")]
    NoPlans,
    /// A capacity plan lists apps.
    #[error("the capacity plan `{plan}` lists apps, but capacity plans allow no apps")]
    CapacityListsApps {
        /// The plan.
        plan: PlanId,
    },
    /// A plan that is not a capacity plan has an overage (M3).
    #[error("the {scope} plan `{plan}` has an overage, but only capacity plans are consumed")]
    OverageWithoutCapacity {
        /// The plan.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
    },
    /// A requirement, an exclusion or the install policy names a plan that the offer does not have.
    #[error("no plan has the id `{plan}`")]
    NoSuchPlan {
        /// The missing plan.
        plan: PlanId,
    },
    /// A requirement or the install policy has an empty list of plans.
    #[error("the list is empty: name at least one plan")]
    NoneNamed,
    /// A list of plans names a plan twice.
    #[error("the plan `{plan}` is named twice")]
    NamedTwice {
        /// The plan.
        plan: PlanId,
    },
    /// A plan has more than [`MAX_REQUIRED`] requirements.
    #[error("the plan `{plan}` has {found} requirements: at most {MAX_REQUIRED} are allowed")]
    TooManyNeeds {
        /// The plan.
        plan: PlanId,
        /// The number of its requirements.
        found: usize,
    },
    /// A plan requires a plan of a scope that it cannot require (C4).
    #[error("the {scope} plan `{plan}` cannot require the {required_scope} plan `{required}`")]
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
    #[error("the plan `{plan}` requires itself, directly or indirectly")]
    RequiresItself {
        /// The plan.
        plan: PlanId,
    },
    /// A plan requires more than [`MAX_REQUIRED`] plans, directly and indirectly.
    #[error("the plan `{plan}` requires more than {MAX_REQUIRED} plans, directly and indirectly")]
    RequiresTooMany {
        /// The plan.
        plan: PlanId,
    },
    /// With this plan, the catalog has more than [`MAX_REQUIREMENTS`] requirements, followed from
    /// each plan (X8). The requirements of this plan and those after it are not followed.
    #[error(
        "with what the plan `{plan}` requires, there are more than {MAX_REQUIREMENTS} requirements to follow from plan to plan"
    )]
    TooManyRequirements {
        /// The plan.
        plan: PlanId,
    },
    /// A plan excludes a plan, and one of the two is not a user plan (C5).
    #[error("the {scope} plan `{plan}` cannot exclude the {excluded_scope} plan `{excluded}`: only user plans exclude")]
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
    #[error("the plan `{plan}` excludes itself")]
    ExcludesItself {
        /// The plan.
        plan: PlanId,
    },
    /// A plan excludes all plans that would meet one of its requirements (C8).
    #[error("the plan `{plan}` excludes all plans that would meet this requirement")]
    ExcludesItsNeed {
        /// The plan.
        plan: PlanId,
    },
    /// A free app is listed by a plan (C3).
    #[error("the app `{app}` is free, but the plan `{plan}` lists it")]
    FreeAndListed {
        /// The app.
        app: AppId,
        /// The first plan that lists it.
        plan: PlanId,
    },
    /// A licensed app is listed by no plan, so that nobody can open it (C3).
    #[error("the app `{app}` is licensed, but no plan lists it")]
    ListedNowhere {
        /// The app.
        app: AppId,
    },
}

impl FaultKind {
    /// Returns a stable name of this fault for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateId { .. } => "catalog.duplicate-id",
            Self::DiffersInCase { .. } => "catalog.differs-in-case",
            Self::NoSuchApp { .. } => "catalog.no-such-app",
            Self::ListedTwice { .. } => "catalog.listed-twice",
            Self::NoPlans => "catalog.no-plans",
            Self::CapacityListsApps { .. } => "catalog.capacity-lists-apps",
            Self::OverageWithoutCapacity { .. } => "catalog.overage-without-capacity",
            Self::NoSuchPlan { .. } => "catalog.no-such-plan",
            Self::NoneNamed => "catalog.none-named",
            Self::NamedTwice { .. } => "catalog.named-twice",
            Self::TooManyNeeds { .. } => "catalog.too-many-needs",
            Self::CannotRequire { .. } => "catalog.cannot-require",
            Self::RequiresItself { .. } => "catalog.requires-itself",
            Self::RequiresTooMany { .. } => "catalog.requires-too-many",
            Self::TooManyRequirements { .. } => "catalog.too-many-requirements",
            Self::CannotExclude { .. } => "catalog.cannot-exclude",
            Self::ExcludesItself { .. } => "catalog.excludes-itself",
            Self::ExcludesItsNeed { .. } => "catalog.excludes-its-need",
            Self::FreeAndListed { .. } => "catalog.free-and-listed",
            Self::ListedNowhere { .. } => "catalog.listed-nowhere",
        }
    }
}

/// A warning about an offer without faults (C8).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CatalogWarning {
    /// A tenant or user plan opens no app, and no plan requires it.
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

impl CatalogWarning {
    /// Returns a stable name of this warning for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnlocksNothing { .. } => "catalog.unlocks-nothing",
            Self::NeverInEffect { .. } => "catalog.never-in-effect",
            Self::NeverOpens { .. } => "catalog.never-opens",
            Self::NothingFree => "catalog.nothing-free",
        }
    }
}

impl fmt::Display for CatalogWarning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::UnlocksNothing { plan } => write!(f, "the plan `{plan}` unlocks nothing"),
            Self::NeverInEffect { plan } => {
                write!(f, "the plan `{plan}` can never be in effect: plans that it requires exclude each other")
            }
            Self::NeverOpens { app } => write!(f, "no plan that can be in effect lists the app `{app}`"),
            Self::NothingFree => f.write_str("every tenant may install without a license, but no app is free"),
        }
    }
}
