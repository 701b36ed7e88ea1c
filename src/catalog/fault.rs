//! What can be wrong with an offer, and what is probably not meant (C8).

use alloc::string::String;
use core::fmt;

use thiserror::Error;

use crate::catalog::offer::Scope;
use crate::catalog::requirement_graph::{MAX_REQUIRED, MAX_REQUIREMENTS};
use crate::id::{AppId, PlanId};

/// A fault of an offer and where it stands, as a path from the offer: `plans[2].apps[0]`.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{place}: {what}")]
#[non_exhaustive]
pub struct Fault {
    /// The place, counted from 0.
    pub place: String,
    /// What is wrong there.
    pub what: FaultKind,
}

/// What can be wrong with an offer (C1, C3, C8).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FaultKind {
    /// An app's or a plan's id stands there for the second time.
    #[error("the id `{id}` is used twice")]
    DuplicateId {
        /// The id.
        id: String,
    },
    /// Two ids differ only in letter case, so that people will mix them up.
    #[error("the id `{id}` differs from `{other}` only in letter case")]
    SameButForCase {
        /// The id at this place.
        id: String,
        /// The earlier one.
        other: String,
    },
    /// A plan lists an app that the offer does not have.
    #[error("no app has the id `{app}`")]
    NoSuchApp {
        /// The app that is missing.
        app: AppId,
    },
    /// A plan lists an app for the second time.
    #[error("the app `{app}` is listed twice")]
    ListedTwice {
        /// The app.
        app: AppId,
    },
    /// License management is on, and nothing is sold (C1).
    #[error("license management is on, but the offer has no plan")]
    NoPlans,
    /// A capacity plan lists apps.
    #[error("the capacity plan `{plan}` lists apps, but units that are drawn open nothing")]
    CapacityListsApps {
        /// The plan.
        plan: PlanId,
    },
    /// A plan that is no capacity plan says an overage (M3).
    #[error("the {scope} plan `{plan}` says an overage, but only capacity plans are drawn from")]
    OverageWithoutCapacity {
        /// The plan.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
    },
    /// A requirement or the list of plans to install with names a plan that the offer does not have.
    #[error("no plan has the id `{plan}`")]
    NoSuchPlan {
        /// The plan that is missing.
        plan: PlanId,
    },
    /// A need that no plan could meet, or a list of plans to install with of which none is named.
    #[error("the list is empty: name at least one plan")]
    NoneNamed,
    /// A list of plans names one for the second time.
    #[error("the plan `{plan}` is named twice")]
    NamedTwice {
        /// The plan.
        plan: PlanId,
    },
    /// A plan has more than [`MAX_REQUIRED`] needs.
    #[error("the plan `{plan}` has {found} needs, at most {MAX_REQUIRED} are possible")]
    TooManyNeeds {
        /// The plan.
        plan: PlanId,
        /// How many it has.
        found: usize,
    },
    /// A plan requires one of a scope that it cannot (C4).
    #[error("the {scope} plan `{plan}` cannot require the {required_scope} plan `{required}`")]
    CannotRequire {
        /// The plan.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
        /// What it requires.
        required: PlanId,
        /// The scope of that.
        required_scope: Scope,
    },
    /// A plan requires itself, directly or through others.
    #[error("the plan `{plan}` requires itself, directly or through others")]
    RequiresItself {
        /// The plan.
        plan: PlanId,
    },
    /// A plan requires more than [`MAX_REQUIRED`] plans, directly and through others.
    #[error("the plan `{plan}` requires more than {MAX_REQUIRED} plans, directly and through others")]
    RequiresTooMany {
        /// The plan.
        plan: PlanId,
    },
    /// With this plan, the requirements of the catalog, followed from each plan, are more than [`MAX_REQUIREMENTS`] (X8). What
    /// it and the plans after it require was not followed.
    #[error(
        "with what the plan `{plan}` requires, there are more than {MAX_REQUIREMENTS} requirements to follow from plan to plan"
    )]
    TooManyRequirements {
        /// The plan.
        plan: PlanId,
    },
    /// A plan excludes one, and one of the two is not a user plan (C5).
    #[error("the {scope} plan `{plan}` cannot exclude the {excluded_scope} plan `{excluded}`: only user plans exclude")]
    CannotExclude {
        /// The plan.
        plan: PlanId,
        /// Its scope.
        scope: Scope,
        /// What it excludes.
        excluded: PlanId,
        /// The scope of that.
        excluded_scope: Scope,
    },
    /// A plan excludes itself.
    #[error("the plan `{plan}` excludes itself")]
    ExcludesItself {
        /// The plan.
        plan: PlanId,
    },
    /// A plan excludes all plans that would meet one of its needs (C8).
    #[error("the plan `{plan}` excludes all plans that would meet this need")]
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
    /// A licensed app is listed by no plan, so that nobody could ever open it (C3).
    #[error("the app `{app}` is licensed, but no plan lists it")]
    ListedNowhere {
        /// The app.
        app: AppId,
    },
}

impl FaultKind {
    /// A stable name of this fault for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::DuplicateId { .. } => "catalog.duplicate-id",
            Self::SameButForCase { .. } => "catalog.same-but-for-case",
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

/// Something in a sound offer that is probably not meant (C8).
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum CatalogWarning {
    /// A tenant or user plan opens no app, and no plan requires it.
    UnlocksNothing {
        /// The plan.
        plan: PlanId,
    },
    /// A plan is in effect in no case: what it requires excludes the rest of what it requires.
    NeverInEffect {
        /// The plan.
        plan: PlanId,
    },
    /// An app is listed only by plans that are in effect in no case.
    NeverOpens {
        /// The app.
        app: AppId,
    },
    /// Everyone may install, but without a license there is nothing to open.
    NothingFree,
}

impl CatalogWarning {
    /// A stable name of this warning for programs and translations.
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
                write!(
                    f,
                    "the plan `{plan}` is never in effect: what it requires excludes the rest of what it requires"
                )
            }
            Self::NeverOpens { app } => write!(f, "nothing that can be in effect opens the app `{app}`"),
            Self::NothingFree => {
                f.write_str("every tenant may install without a license, but no app is free: they could open nothing")
            }
        }
    }
}
