//! What makes an offer sound: every fault at once, each with its place (C8).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

use crate::catalog::chain::{self, MAX_REQUIRED};
use crate::catalog::exclusion;
use crate::catalog::offer::{Access, Install, Management, Offer, Plan, Scope};
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

/// All that is wrong with an offer, in the order in which it is written.
pub(crate) fn faults(offer: &Offer) -> Vec<Fault> {
    let mut faults = Vec::new();
    let mut fault = |place: String, what: FaultKind| faults.push(Fault { place, what });

    let managed = matches!(offer.management, Management::Managed(_));
    if managed && offer.plans.is_empty() {
        fault("plans".to_string(), FaultKind::NoPlans);
    }
    let apps: BTreeSet<&AppId> = offer.apps.iter().map(|app| &app.id).collect();
    let mut listed_by: BTreeMap<&AppId, &PlanId> = BTreeMap::new();
    for plan in &offer.plans {
        for app in &plan.apps {
            listed_by.entry(app).or_insert(&plan.id);
        }
    }

    repeated("apps", offer.apps.iter().map(|app| app.id.as_str()), &mut fault);
    for (index, app) in offer.apps.iter().enumerate() {
        let place = || alloc::format!("apps[{index}]");
        match (app.access, listed_by.get(&app.id)) {
            (Access::Free, Some(&plan)) if managed => {
                fault(place(), FaultKind::FreeAndListed { app: app.id.clone(), plan: plan.clone() });
            }
            (Access::Licensed, None) if managed => fault(place(), FaultKind::ListedNowhere { app: app.id.clone() }),
            (Access::Free | Access::Licensed, _) => {}
        }
    }

    repeated("plans", offer.plans.iter().map(|plan| plan.id.as_str()), &mut fault);
    for (index, plan) in offer.plans.iter().enumerate() {
        if plan.scope == Scope::Capacity && !plan.apps.is_empty() {
            fault(alloc::format!("plans[{index}].apps"), FaultKind::CapacityListsApps { plan: plan.id.clone() });
        }
        if plan.scope != Scope::Capacity && plan.overage.is_some() {
            let (plan, scope) = (plan.id.clone(), plan.scope);
            fault(alloc::format!("plans[{index}].overage"), FaultKind::OverageWithoutCapacity { plan, scope });
        }
        let mut seen = BTreeSet::new();
        for (nth, app) in plan.apps.iter().enumerate() {
            let place = || alloc::format!("plans[{index}].apps[{nth}]");
            if !apps.contains(app) {
                fault(place(), FaultKind::NoSuchApp { app: app.clone() });
            }
            if !seen.insert(app) {
                fault(place(), FaultKind::ListedTwice { app: app.clone() });
            }
        }
    }
    requirements(offer, &mut fault);
    excluded(offer, &mut fault);
    faults
}

/// What is wrong with the plans that plans require (C4), and with those named for installing (I2).
fn requirements(offer: &Offer, fault: &mut impl FnMut(String, FaultKind)) {
    let numbers: BTreeMap<PlanId, usize> = offer.plans.iter().map(|plan| plan.id.clone()).zip(0..).collect();
    if let Management::Managed(Install::WithPlan(plans)) = &offer.management {
        let place = "management.managed.with_plan";
        if plans.is_empty() {
            fault(place.to_string(), FaultKind::NoneNamed);
        }
        named_twice(plans, place, fault);
        for (nth, plan) in plans.iter().enumerate().filter(|(_, plan)| !numbers.contains_key(plan)) {
            fault(alloc::format!("{place}[{nth}]"), FaultKind::NoSuchPlan { plan: plan.clone() });
        }
    }
    let required = chain::required(&offer.plans, &numbers);
    for ((index, plan), required) in offer.plans.iter().enumerate().zip(required) {
        let place = || alloc::format!("plans[{index}].requires");
        if required.contains(&index) {
            fault(place(), FaultKind::RequiresItself { plan: plan.id.clone() });
        } else if required.len() > MAX_REQUIRED {
            fault(place(), FaultKind::RequiresTooMany { plan: plan.id.clone() });
        }
        let found = plan.requires.len();
        if found > MAX_REQUIRED {
            fault(place(), FaultKind::TooManyNeeds { plan: plan.id.clone(), found });
        }
        for (nth, any) in plan.requires.iter().enumerate() {
            named_twice(any, &alloc::format!("{}[{nth}]", place()), fault);
            if any.is_empty() {
                fault(alloc::format!("{}[{nth}]", place()), FaultKind::NoneNamed);
            }
            for (which, id) in any.iter().enumerate() {
                let place = || alloc::format!("{}[{nth}][{which}]", place());
                let Some(other) = numbers.get(id).and_then(|&number| offer.plans.get(number)) else {
                    fault(place(), FaultKind::NoSuchPlan { plan: id.clone() });
                    continue;
                };
                if !may_require(plan.scope, other.scope) {
                    let (plan, scope) = (plan.id.clone(), plan.scope);
                    let (required, required_scope) = (other.id.clone(), other.scope);
                    fault(place(), FaultKind::CannotRequire { plan, scope, required, required_scope });
                }
            }
        }
    }
}

/// What is wrong with the plans that plans exclude (C5).
fn excluded(offer: &Offer, fault: &mut impl FnMut(String, FaultKind)) {
    let numbers: BTreeMap<PlanId, usize> = offer.plans.iter().map(|plan| plan.id.clone()).zip(0..).collect();
    let exclusions = exclusion::exclusions(&offer.plans, &numbers);
    for ((index, plan), exclusions) in offer.plans.iter().enumerate().zip(exclusions) {
        let place = alloc::format!("plans[{index}].excludes");
        named_twice(&plan.excludes, &place, fault);
        for (nth, id) in plan.excludes.iter().enumerate() {
            let place = || alloc::format!("{place}[{nth}]");
            match numbers.get(id).and_then(|&number| offer.plans.get(number)) {
                None => fault(place(), FaultKind::NoSuchPlan { plan: id.clone() }),
                Some(other) if other.id == plan.id => fault(place(), FaultKind::ExcludesItself { plan: id.clone() }),
                Some(other) if (plan.scope, other.scope) != (Scope::User, Scope::User) => {
                    let (plan, scope) = (plan.id.clone(), plan.scope);
                    let (excluded, excluded_scope) = (other.id.clone(), other.scope);
                    fault(place(), FaultKind::CannotExclude { plan, scope, excluded, excluded_scope });
                }
                Some(_) => {}
            }
        }
        for (nth, any) in plan.requires.iter().enumerate().filter(|(_, any)| !any.is_empty()) {
            if any.iter().all(|id| numbers.get(id).is_some_and(|number| exclusions.contains(number))) {
                fault(
                    alloc::format!("plans[{index}].requires[{nth}]"),
                    FaultKind::ExcludesItsNeed { plan: plan.id.clone() },
                );
            }
        }
    }
}

/// The plans of a list that stand there for the second time.
fn named_twice(plans: &[PlanId], place: &str, fault: &mut impl FnMut(String, FaultKind)) {
    let mut seen = BTreeSet::new();
    for (nth, plan) in plans.iter().enumerate().filter(|(_, plan)| !seen.insert(*plan)) {
        fault(alloc::format!("{place}[{nth}]"), FaultKind::NamedTwice { plan: plan.clone() });
    }
}

/// A tenant plan can require tenant plans only; a capacity plan neither requires nor is required (C4).
fn may_require(plan: Scope, required: Scope) -> bool {
    matches!((plan, required), (Scope::Tenant | Scope::User, Scope::Tenant) | (Scope::User, Scope::User))
}

/// Ids of one list that are the same, or the same but for letter case.
fn repeated<'a>(list: &str, ids: impl Iterator<Item = &'a str>, fault: &mut impl FnMut(String, FaultKind)) {
    let mut exact = BTreeSet::new();
    let mut folded: BTreeMap<String, &str> = BTreeMap::new();
    for (index, id) in ids.enumerate() {
        let place = alloc::format!("{list}[{index}].id");
        if !exact.insert(id) {
            fault(place, FaultKind::DuplicateId { id: id.to_string() });
        } else if let Some(other) = folded.get(&id.to_lowercase()) {
            fault(place, FaultKind::SameButForCase { id: id.to_string(), other: (*other).to_string() });
        } else {
            folded.insert(id.to_lowercase(), id);
        }
    }
}

/// What is probably not meant in a sound offer.
pub(crate) fn warnings(offer: &Offer) -> Vec<CatalogWarning> {
    let required: BTreeSet<&PlanId> = offer.plans.iter().flat_map(|plan| plan.requires.iter().flatten()).collect();
    let opens = |plan: &Plan| plan.scope == Scope::Capacity || !plan.apps.is_empty();
    let idle = offer.plans.iter().filter(|plan| !opens(plan) && !required.contains(&plan.id));
    let mut warnings: Vec<_> = idle.map(|plan| CatalogWarning::UnlocksNothing { plan: plan.id.clone() }).collect();
    let numbers: BTreeMap<PlanId, usize> = offer.plans.iter().map(|plan| plan.id.clone()).zip(0..).collect();
    let never: BTreeSet<&PlanId> = exclusion::never_in_effect(&offer.plans, &numbers)
        .into_iter()
        .filter_map(|plan| offer.plans.get(plan).map(|plan| &plan.id))
        .collect();
    let shut = offer.apps.iter().filter(|app| {
        let mut listing = offer.plans.iter().filter(|plan| plan.apps.contains(&app.id)).peekable();
        listing.peek().is_some() && listing.all(|plan| never.contains(&plan.id))
    });
    let shut: Vec<_> = shut.map(|app| CatalogWarning::NeverOpens { app: app.id.clone() }).collect();
    let never = offer.plans.iter().filter(|plan| never.contains(&plan.id));
    warnings.extend(never.map(|plan| CatalogWarning::NeverInEffect { plan: plan.id.clone() }));
    warnings.extend(shut);
    let anything_free = offer.apps.iter().any(|app| app.access == Access::Free);
    if offer.management == Management::Managed(Install::WithoutLicense) && !anything_free {
        warnings.push(CatalogWarning::NothingFree);
    }
    warnings
}
