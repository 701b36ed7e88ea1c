//! The proof of an offer: all its faults at once, each with its place (C8).

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use crate::catalog::fault::{CatalogWarning, Fault, FaultKind};
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::{Access, InstallPolicy, Management, Offer, Scope};
use crate::catalog::quota::{MAX_QUOTAS, QuotaPer, QuotaScope};
use crate::catalog::requirement_graph::{MAX_REQUIRED, Required};
use crate::collections::id_index::IdIndex;
use crate::id::{AppId, PlanId};

/// The relations between plans: what each requires and excludes.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Relations<'a> {
    pub(crate) required: &'a Required,
    pub(crate) exclusions: &'a [Vec<PlanIndex>],
}

/// Returns all faults of an offer whose apps and plans have these indexes, in the order of its
/// fields. Plans beyond [`MAX_REQUIREMENTS`](crate::limits::MAX_REQUIREMENTS) are not checked for faults
/// that only following their requirements would show.
pub(crate) fn faults(offer: &Offer, apps: &IdIndex<'_>, plans: &IdIndex<'_>, relations: Relations<'_>) -> Vec<Fault> {
    let mut faults = Faults(Vec::new());
    let managed = matches!(offer.management, Management::Managed(_));
    if managed && offer.plans.is_empty() {
        faults.add(&format_args!("plans"), FaultKind::NoPlans);
    }
    let mut listed_by: Vec<Option<&PlanId>> = alloc::vec![None; offer.apps.len()];
    for plan in &offer.plans {
        for place in plan.apps.iter().filter_map(|app| apps.last(app.as_str())) {
            if let Some(first) = listed_by.get_mut(place) {
                *first = first.or(Some(&plan.id));
            }
        }
    }

    let ids: Vec<&str> = offer.apps.iter().map(|app| app.id.as_str()).collect();
    repeated("apps", &ids, apps, &mut faults);
    for (index, app) in offer.apps.iter().enumerate() {
        let plan = apps.last(app.id.as_str()).and_then(|place| *listed_by.get(place)?);
        let (id, what) = (app.id.clone(), (app.access, plan));
        let what = match what {
            (Access::Free, Some(plan)) if managed => FaultKind::FreeAndListed { app: id, plan: plan.clone() },
            (Access::Licensed, None) if managed => FaultKind::ListedNowhere { app: id },
            (Access::Free | Access::Licensed, _) => continue,
        };
        faults.add(&format_args!("apps[{index}]"), what);
    }

    let ids: Vec<&str> = offer.plans.iter().map(|plan| plan.id.as_str()).collect();
    repeated("plans", &ids, plans, &mut faults);
    for (index, plan) in offer.plans.iter().enumerate() {
        if plan.scope == Scope::Capacity && !plan.apps.is_empty() {
            faults.add(&format_args!("plans[{index}].apps"), FaultKind::CapacityListsApps { plan: plan.id.clone() });
        }
        if plan.scope != Scope::Capacity && plan.overage.is_some() {
            let (plan, scope) = (plan.id.clone(), plan.scope);
            faults.add(&format_args!("plans[{index}].overage"), FaultKind::OverageWithoutCapacity { plan, scope });
        }
        let repeated = IdIndex::of(plan.apps.iter().map(AppId::as_str)).repeated();
        for (nth, app) in plan.apps.iter().enumerate() {
            if apps.last(app.as_str()).is_none() {
                faults.add(&format_args!("plans[{index}].apps[{nth}]"), FaultKind::NoSuchApp { app: app.clone() });
            }
            if repeated.binary_search(&nth).is_ok() {
                faults.add(&format_args!("plans[{index}].apps[{nth}]"), FaultKind::ListedTwice { app: app.clone() });
            }
        }
    }
    quotas(offer, &mut faults);
    requirements(offer, plans, relations.required, &mut faults);
    excluded(offer, plans, relations.exclusions, &mut faults);
    faults.0
}

/// The faults found so far.
struct Faults(Vec<Fault>);

impl Faults {
    #[inline(never)]
    fn add(&mut self, place: &dyn fmt::Display, what: FaultKind) {
        self.0.push(Fault { place: place.to_string(), what });
    }

    /// Adds a fault for each plan that a list names again.
    fn add_named_twice(&mut self, list: &[PlanId], place: &dyn fmt::Display) {
        for nth in IdIndex::of(list.iter().map(PlanId::as_str)).repeated() {
            let Some(plan) = list.get(nth).cloned() else { continue };
            self.add(&format_args!("{place}[{nth}]"), FaultKind::NamedTwice { plan });
        }
    }
}

/// Adds the faults of the quotas, and of what plans give of them (Q1).
fn quotas(offer: &Offer, faults: &mut Faults) {
    let found = offer.quotas.len();
    if found > MAX_QUOTAS {
        faults.add(&"quotas", FaultKind::TooManyQuotas { found });
    }
    let ids: Vec<&str> = offer.quotas.iter().map(|quota| quota.id.as_str()).collect();
    let declared = IdIndex::of(ids.iter().copied());
    repeated("quotas", &ids, &declared, faults);
    for (index, plan) in offer.plans.iter().enumerate() {
        let repeated = IdIndex::of(plan.quotas.iter().map(|given| given.quota.as_str())).repeated();
        for (nth, given) in plan.quotas.iter().enumerate() {
            let quota = given.quota.clone();
            let place = alloc::format!("plans[{index}].quotas[{nth}]");
            if repeated.binary_search(&nth).is_ok() {
                faults.add(&place, FaultKind::GivenTwice { quota: quota.clone() });
            }
            let entry = declared.last(quota.as_str()).and_then(|place| offer.quotas.get(place));
            match entry.map(|entry| entry.scope) {
                None => faults.add(&place, FaultKind::NoSuchQuota { quota }),
                Some(QuotaScope::User) if plan.scope == Scope::Capacity => {
                    faults.add(&place, FaultKind::UserQuotaOfCapacity { plan: plan.id.clone(), quota });
                }
                Some(QuotaScope::User) if given.per == QuotaPer::Unit => {
                    faults.add(&place, FaultKind::PerUnitForUser { quota });
                }
                Some(QuotaScope::User | QuotaScope::Tenant) => {}
            }
        }
    }
}

/// Adds the faults of the plans that plans require (C4), and of those named for installing (I2).
fn requirements(offer: &Offer, plans: &IdIndex<'_>, required: &Required, faults: &mut Faults) {
    if let Management::Managed(InstallPolicy::WithPlan(named)) = &offer.management {
        let place = "management.managed.with_plan";
        if named.is_empty() {
            faults.add(&place, FaultKind::NoneNamed);
        }
        faults.add_named_twice(named, &place);
        for (nth, plan) in named.iter().enumerate().filter(|(_, plan)| plans.last(plan.as_str()).is_none()) {
            faults.add(&format_args!("{place}[{nth}]"), FaultKind::NoSuchPlan { plan: plan.clone() });
        }
    }
    for ((index, plan), of_plan) in offer.plans.iter().enumerate().zip(&required.of) {
        let place = alloc::format!("plans[{index}].requires");
        if required.beyond == Some(index) {
            faults.add(&place, FaultKind::TooManyRequirements { plan: plan.id.clone() });
        } else if of_plan.contains(&index) {
            faults.add(&place, FaultKind::RequiresItself { plan: plan.id.clone() });
        } else if of_plan.len() > MAX_REQUIRED {
            faults.add(&place, FaultKind::RequiresTooMany { plan: plan.id.clone() });
        }
        let found = plan.requires.len();
        if found > MAX_REQUIRED {
            faults.add(&place, FaultKind::TooManyNeeds { plan: plan.id.clone(), found });
        }
        for (nth, any) in plan.requires.iter().enumerate() {
            faults.add_named_twice(any, &format_args!("{place}[{nth}]"));
            if any.is_empty() {
                faults.add(&format_args!("{place}[{nth}]"), FaultKind::NoneNamed);
            }
            for (which, id) in any.iter().enumerate() {
                let what = match plans.last(id.as_str()).and_then(|number| offer.plans.get(number)) {
                    None => FaultKind::NoSuchPlan { plan: id.clone() },
                    Some(other) if !may_require(plan.scope, other.scope) => {
                        let (plan, scope) = (plan.id.clone(), plan.scope);
                        let (required, required_scope) = (other.id.clone(), other.scope);
                        FaultKind::CannotRequire { plan, scope, required, required_scope }
                    }
                    Some(_) => continue,
                };
                faults.add(&format_args!("{place}[{nth}][{which}]"), what);
            }
        }
    }
}

/// Adds the faults of the plans that plans exclude (C5).
fn excluded(offer: &Offer, plans: &IdIndex<'_>, exclusions: &[Vec<PlanIndex>], faults: &mut Faults) {
    for ((index, plan), exclusions) in offer.plans.iter().enumerate().zip(exclusions) {
        let place = alloc::format!("plans[{index}].excludes");
        faults.add_named_twice(&plan.excludes, &place);
        for (nth, id) in plan.excludes.iter().enumerate() {
            let what = match plans.last(id.as_str()).and_then(|number| offer.plans.get(number)) {
                None => FaultKind::NoSuchPlan { plan: id.clone() },
                Some(other) if other.id == plan.id => FaultKind::ExcludesItself { plan: id.clone() },
                Some(other) if (plan.scope, other.scope) != (Scope::User, Scope::User) => {
                    let (plan, scope) = (plan.id.clone(), plan.scope);
                    let (excluded, excluded_scope) = (other.id.clone(), other.scope);
                    FaultKind::CannotExclude { plan, scope, excluded, excluded_scope }
                }
                Some(_) => continue,
            };
            faults.add(&format_args!("{place}[{nth}]"), what);
        }
        for (nth, any) in plan.requires.iter().enumerate().filter(|(_, any)| !any.is_empty()) {
            let excludes = |id: &PlanId| {
                plans.last(id.as_str()).is_some_and(|index| exclusions.binary_search(&PlanIndex(index)).is_ok())
            };
            if any.iter().all(excludes) {
                let what = FaultKind::ExcludesItsNeed { plan: plan.id.clone() };
                faults.add(&format_args!("plans[{index}].requires[{nth}]"), what);
            }
        }
    }
}

/// Returns whether a plan can require another: a tenant plan only tenant plans, a user plan both, a
/// capacity plan none (C4).
fn may_require(plan: Scope, required: Scope) -> bool {
    matches!((plan, required), (Scope::Tenant | Scope::User, Scope::Tenant) | (Scope::User, Scope::User))
}

/// Adds a fault for each id of a list that repeats another, or differs from it only in letter case.
fn repeated(list: &str, ids: &[&str], places: &IdIndex<'_>, faults: &mut Faults) {
    let folded: Vec<String> = ids.iter().map(|id| id.to_lowercase()).collect();
    let same_folded = IdIndex::of(folded.iter().map(String::as_str));
    for (index, (id, folded)) in ids.iter().zip(&folded).enumerate() {
        let first = same_folded.first(folded).and_then(|first| ids.get(first));
        let what = match (places.first(id), first) {
            (Some(first), _) if first != index => FaultKind::DuplicateId { id: id.to_string() },
            (_, Some(other)) if other != id => {
                FaultKind::DiffersInCase { id: id.to_string(), other: other.to_string() }
            }
            _ => continue,
        };
        faults.add(&format_args!("{list}[{index}].id"), what);
    }
}

/// Returns the warnings about an offer without faults, given the indexes of its apps and plans and
/// which plans are never in effect.
pub(crate) fn warnings(
    offer: &Offer,
    apps: &IdIndex<'_>,
    plans: &IdIndex<'_>,
    never: Vec<bool>,
) -> Vec<CatalogWarning> {
    let mut required = alloc::vec![false; offer.plans.len()];
    for id in offer.plans.iter().flat_map(|plan| plan.requires.iter().flatten()) {
        set(&mut required, plans.last(id.as_str()));
    }
    let mut warnings = Vec::new();
    for (plan, _) in offer.plans.iter().zip(required).filter(|(_, required)| !required) {
        if plan.scope != Scope::Capacity && plan.apps.is_empty() && plan.quotas.is_empty() {
            warnings.push(CatalogWarning::UnlocksNothing { plan: plan.id.clone() });
        }
    }
    // Visits each list once, so that the cost is linear in the text of the catalog.
    let (mut listed, mut opened) = (alloc::vec![false; offer.apps.len()], alloc::vec![false; offer.apps.len()]);
    for (plan, never) in offer.plans.iter().zip(never) {
        let into = if never { &mut listed } else { &mut opened };
        for app in &plan.apps {
            set(into, apps.last(app.as_str()));
        }
        if never {
            warnings.push(CatalogWarning::NeverInEffect { plan: plan.id.clone() });
        }
    }
    for (app, (listed, opened)) in offer.apps.iter().zip(listed.into_iter().zip(opened)) {
        if listed && !opened {
            warnings.push(CatalogWarning::NeverOpens { app: app.id.clone() });
        }
    }
    let anything_free = offer.apps.iter().any(|app| app.access == Access::Free);
    if offer.management == Management::Managed(InstallPolicy::WithoutLicense) && !anything_free {
        warnings.push(CatalogWarning::NothingFree);
    }
    warnings
}

fn set(flags: &mut [bool], index: Option<usize>) {
    if let Some(flag) = index.and_then(|index| flags.get_mut(index)) {
        *flag = true;
    }
}
