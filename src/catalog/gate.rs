//! What opens an app: nothing more is needed, or a plan that lists it (C1 to C3).

use alloc::vec::Vec;

use crate::basis::Basis;
use crate::catalog::offer::{Access, Management, Offer, Scope};
use crate::catalog::places::Places;

/// What opens an app.
#[derive(Debug, Default)]
pub(crate) struct Gate {
    /// On what it is open to all, if it is.
    open: Option<Basis>,
    /// The plans that list it, by number: tenant plans first, then in the catalog's order (K7).
    plans: Vec<usize>,
    /// How many of them are tenant plans.
    tenant_plans: usize,
    /// A bit for each user plan of the catalog that lists it.
    user_plan_bits: Vec<u64>,
}

impl Gate {
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
        self.user_plan_bits.get(word).is_some_and(|word| word & bit != 0)
    }
}

fn place(plan: usize) -> (usize, u64) {
    let bit = u32::try_from(plan & 63).unwrap_or(0);
    (plan.wrapping_shr(6), 1_u64.rotate_left(bit))
}

/// For each app what opens it.
pub(crate) fn gates(offer: &Offer, apps: &Places<'_>) -> Vec<Gate> {
    let open = |access| match (&offer.management, access) {
        (Management::Unmanaged, _) => Some(Basis::Unmanaged),
        (Management::Managed(_), Access::Free) => Some(Basis::Free),
        (Management::Managed(_), Access::Licensed) => None,
    };
    let mut gates: Vec<Gate> =
        offer.apps.iter().map(|app| Gate { open: open(app.access), ..Gate::default() }).collect();
    for scope in [Scope::Tenant, Scope::User] {
        for (number, plan) in offer.plans.iter().enumerate().filter(|(_, plan)| plan.scope == scope) {
            for app in &plan.apps {
                let Some(gate) = apps.last(app.as_str()).and_then(|app| gates.get_mut(app)) else { continue };
                gate.plans.push(number);
                if scope == Scope::Tenant {
                    gate.tenant_plans = gate.plans.len();
                    continue;
                }
                let (word, bit) = place(number);
                if gate.user_plan_bits.len() <= word {
                    gate.user_plan_bits.resize(word.saturating_add(1), 0);
                }
                gate.user_plan_bits.get_mut(word).into_iter().for_each(|word| *word |= bit);
            }
        }
    }
    gates
}
