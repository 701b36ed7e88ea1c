//! What the two files cannot say of an offer.

use alloc::vec::Vec;

use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
use entitle::id::Label;
use entitle::quantity::Percent;
use entitle::time::Days;
use entitle::{Catalog, PlanId};

/// What the two files cannot say of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OfferDefaults {
    /// The offer's name.
    pub name: Option<Label>,
    /// Whether licenses are asked for, and who may install (C1).
    pub management: Management,
    /// How long before active units run out a decision warns of it (K7).
    pub notice: Days,
    /// How far a clock may be behind the record (X6).
    pub clock_tolerance: Days,
    /// Apps that stand before those of the files, in this order: the free ones, which no file names (C3), and any that are
    /// to stand in another place than where the mapping first names them.
    pub apps: Vec<AppEntry>,
    /// Plans of which there is more to say than a name, a web address and apps.
    pub plans: Vec<PlanDefaults>,
}

/// What the two files cannot say of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanDefaults {
    /// The plan.
    pub id: PlanId,
    /// For whom a unit of it counts.
    pub scope: Scope,
    /// What it requires (C4).
    pub requires: Vec<Vec<PlanId>>,
    /// What it excludes (C5).
    pub excludes: Vec<PlanId>,
    /// How far beyond its units it may be drawn from (M3).
    pub overage: Option<Percent>,
}

impl PlanDefaults {
    /// A plan of this scope that requires and excludes nothing; its fields take them.
    #[must_use]
    pub fn new(id: PlanId, scope: Scope) -> Self {
        Self { id, scope, requires: Vec::new(), excludes: Vec::new(), overage: None }
    }

    pub(crate) fn from_plan(plan: &Plan) -> Self {
        let Plan { id, scope, requires, excludes, overage, .. } = plan.clone();
        Self { id, scope, requires, excludes, overage }
    }

    /// Whether it says what is taken for said where nothing is.
    fn is_default(&self) -> bool {
        *self == Self::new(self.id.clone(), Scope::User)
    }
}

impl Default for OfferDefaults {
    /// A managed offer without a name, installed with a license of any plan; user plans that require and exclude nothing; no
    /// free apps; the usual 30 days of notice and 1 day of clock tolerance.
    fn default() -> Self {
        Self {
            name: None,
            management: Management::Managed(InstallPolicy::WithLicense),
            notice: Offer::USUAL_NOTICE,
            clock_tolerance: Offer::USUAL_TOLERANCE,
            apps: Vec::new(),
            plans: Vec::new(),
        }
    }
}

impl OfferDefaults {
    /// What the files will not say of this catalog: keep it beside them. Linear in the catalog, but for logarithms.
    #[must_use]
    pub fn from_catalog(catalog: &Catalog) -> Self {
        let offer = catalog.offer();
        let mut seen = alloc::collections::BTreeSet::new();
        let listed = offer.plans.iter().flat_map(|plan| &plan.apps).filter(|app| seen.insert(*app));
        let in_order = offer.apps.iter().cloned().eq(listed.cloned().map(AppEntry::licensed));
        Self {
            name: offer.name.clone(),
            management: offer.management.clone(),
            notice: offer.notice,
            clock_tolerance: offer.clock_tolerance,
            apps: if in_order { Vec::new() } else { offer.apps.clone() },
            plans: offer.plans.iter().map(PlanDefaults::from_plan).filter(|plan| !plan.is_default()).collect(),
        }
    }
}
