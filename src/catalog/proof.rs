//! What makes an offer sound: every fault at once, each with its place (C8).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use crate::catalog::chain::{self, MAX_REQUIRED};
use crate::catalog::exclusion;
use crate::catalog::fault::{CatalogWarning, Fault, FaultKind};
use crate::catalog::offer::{Access, Install, Management, Offer, Plan, Scope};
use crate::id::{AppId, PlanId};

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
    // Each list once, so that a catalog of many apps is no more than its text.
    let (mut listed, mut opened) = (BTreeSet::new(), BTreeSet::new());
    for plan in &offer.plans {
        let into = if never.contains(&plan.id) { &mut listed } else { &mut opened };
        into.extend(&plan.apps);
    }
    let shut = offer.apps.iter().filter(|app| listed.contains(&app.id) && !opened.contains(&app.id));
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
