//! The rule of an app: it is open to everyone, or to users of the plans that list it (C1 to C3).

use alloc::vec::Vec;

use crate::catalog::basis::Basis;
use crate::catalog::index::PlanIndex;
use crate::catalog::offer::{Access, Management, Offer, Scope};
use crate::collections::id_index::IdIndex;

/// The rule that decides who may open an app.
#[derive(Debug, Clone, Default)]
pub(crate) struct AppRule {
    /// The basis on which the app is open to everyone, if it is.
    open: Option<Basis>,
    /// The indexes of the plans that list the app: tenant plans first, then in the catalog's order
    /// (K7).
    plans: Vec<PlanIndex>,
    /// The number of tenant plans among them.
    tenant_plans: usize,
    /// A bit set of the user plans that list the app; empty if it would have far more bits than
    /// plans.
    user_plan_bits: Vec<u64>,
}

/// The words that a bit set can always have, however few plans list the app: those of 1,024 plans.
const FEW_WORDS: usize = 16;

impl AppRule {
    pub(crate) const SHUT: &'static Self =
        &Self { open: None, plans: Vec::new(), tenant_plans: 0, user_plan_bits: Vec::new() };

    /// The basis on which the app is open to everyone, if it is.
    #[inline]
    pub(crate) fn open(&self) -> Option<Basis> {
        self.open
    }

    /// Returns the indexes of the plans that list the app: tenant plans first, then in the
    /// catalog's order (K7).
    pub(crate) fn plans(&self) -> &[PlanIndex] {
        &self.plans
    }

    #[inline]
    pub(crate) fn tenant_plans(&self) -> &[PlanIndex] {
        self.plans.get(..self.tenant_plans).unwrap_or_default()
    }

    /// Returns the user plans that list the app, in the catalog's order.
    pub(crate) fn user_plans(&self) -> &[PlanIndex] {
        self.plans.get(self.tenant_plans..).unwrap_or_default()
    }

    /// Returns whether a plan is a user plan that lists the app. `O(1)` with the bit set.
    #[inline]
    pub(crate) fn has_user_plan(&self, plan: PlanIndex) -> bool {
        let (word, bit) = place(plan);
        match self.user_plan_bits.get(word) {
            Some(word) => word & bit != 0,
            None => self.user_plan_bits.is_empty() && self.is_among_user_plans(plan),
        }
    }

    /// Returns the same without the bit set. `O(log n)` in the plans that list the app.
    #[inline(never)]
    fn is_among_user_plans(&self, plan: PlanIndex) -> bool {
        self.user_plans().binary_search(&plan).is_ok()
    }

    /// Returns the bit set of the user plans. It has no more words than there are plans, so that
    /// the bit sets of many apps need no more memory than the text that lists them.
    fn bits(&self) -> Vec<u64> {
        let words = self.user_plans().last().map_or(0, |&last| place(last).0.saturating_add(1));
        if words > FEW_WORDS.max(self.user_plans().len()) {
            return Vec::new();
        }
        let mut bits = alloc::vec![0; words];
        for &plan in self.user_plans() {
            let (word, bit) = place(plan);
            if let Some(word) = bits.get_mut(word) {
                *word |= bit;
            }
        }
        bits
    }
}

fn place(plan: PlanIndex) -> (usize, u64) {
    let bit = u32::try_from(plan.0 & 63).unwrap_or(0);
    (plan.0.wrapping_shr(6), 1_u64.rotate_left(bit))
}

/// Returns the rule of each app.
pub(crate) fn rules(offer: &Offer, apps: &IdIndex<'_>) -> Vec<AppRule> {
    let open = |access| match (&offer.management, access) {
        (Management::Unmanaged, _) => Some(Basis::Unmanaged),
        (Management::Managed(_), Access::Free) => Some(Basis::Free),
        (Management::Managed(_), Access::Licensed) => None,
    };
    let mut rules: Vec<AppRule> =
        offer.apps.iter().map(|app| AppRule { open: open(app.access), ..AppRule::default() }).collect();
    for scope in [Scope::Tenant, Scope::User] {
        for (index, plan) in offer.plans.iter().enumerate().filter(|(_, plan)| plan.scope == scope) {
            for app in &plan.apps {
                let Some(rule) = apps.last(app.as_str()).and_then(|app| rules.get_mut(app)) else { continue };
                rule.plans.push(PlanIndex(index));
                if scope == Scope::Tenant {
                    rule.tenant_plans = rule.plans.len();
                }
            }
        }
    }
    for rule in &mut rules {
        rule.user_plan_bits = rule.bits();
    }
    rules
}
