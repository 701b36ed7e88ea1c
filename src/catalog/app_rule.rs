//! What opens an app: nothing more is needed, or a plan that lists it (C1 to C3).

use alloc::vec::Vec;

use crate::basis::Basis;
use crate::catalog::id_index::IdIndex;
use crate::catalog::offer::{Access, Management, Offer, Scope};

/// What opens an app.
#[derive(Debug, Default)]
pub(crate) struct AppRule {
    /// On what it is open to all, if it is.
    open: Option<Basis>,
    /// The plans that list it, by number: tenant plans first, then in the catalog's order (K7).
    plans: Vec<usize>,
    /// How many of them are tenant plans.
    tenant_plans: usize,
    /// A bit for each user plan of the catalog that lists it; none, where that were far more bits than plans.
    user_plan_bits: Vec<u64>,
}

/// So many words of bits an app may have, however few plans list it: those of 1,024 plans.
const FEW_WORDS: usize = 16;

impl AppRule {
    pub(crate) const SHUT: &'static Self =
        &Self { open: None, plans: Vec::new(), tenant_plans: 0, user_plan_bits: Vec::new() };

    /// On what it is open to all, if it is.
    #[inline]
    pub(crate) fn open(&self) -> Option<Basis> {
        self.open
    }

    /// The plans that list the app, by number: tenant plans first, then in the catalog's order (K7).
    pub(crate) fn plans(&self) -> &[usize] {
        &self.plans
    }

    #[inline]
    pub(crate) fn tenant_plans(&self) -> &[usize] {
        self.plans.get(..self.tenant_plans).unwrap_or_default()
    }

    /// The user plans that list the app, in the catalog's order.
    pub(crate) fn user_plans(&self) -> &[usize] {
        self.plans.get(self.tenant_plans..).unwrap_or_default()
    }

    /// Whether a plan is a user plan that lists the app.
    #[inline]
    pub(crate) fn has_user_plan(&self, plan: usize) -> bool {
        let (word, bit) = place(plan);
        match self.user_plan_bits.get(word) {
            Some(word) => word & bit != 0,
            None => self.user_plan_bits.is_empty() && self.is_among_user_plans(plan),
        }
    }

    /// The same without bits. Logarithmic in the plans that list the app.
    #[inline(never)]
    fn is_among_user_plans(&self, plan: usize) -> bool {
        self.user_plans().binary_search(&plan).is_ok()
    }

    /// The bits of the user plans, in no more words than there are plans, so that those of many apps are no more than the
    /// text that lists them.
    fn bits(&self) -> Vec<u64> {
        let words = self.user_plans().last().map_or(0, |&last| place(last).0.saturating_add(1));
        if words > FEW_WORDS.max(self.user_plans().len()) {
            return Vec::new();
        }
        let mut bits = alloc::vec![0; words];
        for &plan in self.user_plans() {
            let (word, bit) = place(plan);
            bits.get_mut(word).into_iter().for_each(|word| *word |= bit);
        }
        bits
    }
}

fn place(plan: usize) -> (usize, u64) {
    let bit = u32::try_from(plan & 63).unwrap_or(0);
    (plan.wrapping_shr(6), 1_u64.rotate_left(bit))
}

/// For each app what opens it.
pub(crate) fn gates(offer: &Offer, apps: &IdIndex<'_>) -> Vec<AppRule> {
    let open = |access| match (&offer.management, access) {
        (Management::Unmanaged, _) => Some(Basis::Unmanaged),
        (Management::Managed(_), Access::Free) => Some(Basis::Free),
        (Management::Managed(_), Access::Licensed) => None,
    };
    let mut gates: Vec<AppRule> =
        offer.apps.iter().map(|app| AppRule { open: open(app.access), ..AppRule::default() }).collect();
    for scope in [Scope::Tenant, Scope::User] {
        for (number, plan) in offer.plans.iter().enumerate().filter(|(_, plan)| plan.scope == scope) {
            for app in &plan.apps {
                let Some(gate) = apps.last(app.as_str()).and_then(|app| gates.get_mut(app)) else { continue };
                gate.plans.push(number);
                if scope == Scope::Tenant {
                    gate.tenant_plans = gate.plans.len();
                }
            }
        }
    }
    for gate in &mut gates {
        gate.user_plan_bits = gate.bits();
    }
    gates
}
