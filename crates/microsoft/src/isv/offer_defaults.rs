//! What the two files cannot express of an offer.

use alloc::vec::Vec;

use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry, Release, Scope};
use entitle::id::Label;
use entitle::quantity::Percent;
use entitle::time::Days;
use entitle::{Catalog, PlanId};

/// What the two files cannot express of an offer.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct OfferDefaults {
    /// The offer's name.
    pub name: Option<Label>,
    /// Whether the offer is managed, and who may install (C1).
    pub management: Management,
    /// How long before active units end decisions warn (K7).
    pub notice: Days,
    /// How far a clock may be behind the record (X6).
    pub clock_tolerance: Days,
    /// The release of the application (V1). Of an undated one, no fallback covers anyone.
    pub release: Release,
    /// The quotas (Q1).
    pub quotas: Vec<QuotaEntry>,
    /// Apps that precede those of the files, in this order: the free ones, which the files cannot
    /// contain (C3), and all if one has a name or another position than its first row in the mapping.
    pub apps: Vec<AppEntry>,
    /// Plans that have more than a name, a web address and apps.
    pub plans: Vec<PlanDefaults>,
}

/// What the two files cannot express of a plan.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct PlanDefaults {
    /// The plan.
    pub id: PlanId,
    /// Its scope.
    pub scope: Scope,
    /// The plans that it requires (C4).
    pub requires: Vec<Vec<PlanId>>,
    /// The plans that it excludes (C5).
    pub excludes: Vec<PlanId>,
    /// The quotas that it gives (Q1).
    pub quotas: Vec<PlanQuota>,
    /// How far consumption may exceed its units (M3).
    pub overage: Option<Percent>,
}

impl PlanDefaults {
    /// Returns the defaults of a plan of this scope that requires and excludes nothing and gives no
    /// quotas.
    #[must_use]
    pub fn new(id: PlanId, scope: Scope) -> Self {
        Self { id, scope, requires: Vec::new(), excludes: Vec::new(), quotas: Vec::new(), overage: None }
    }

    pub(crate) fn from_plan(plan: &Plan) -> Self {
        // The files have the rest. `Plan` is not exhaustive here: a test names all its fields.
        let Plan { id, scope, requires, excludes, quotas, overage, .. } = plan.clone();
        Self { id, scope, requires, excludes, quotas, overage }
    }

    /// Returns whether it equals the defaults of a plan that is not listed.
    fn is_default(&self) -> bool {
        *self == Self::new(self.id.clone(), Scope::User)
    }
}

impl Default for OfferDefaults {
    /// Returns the defaults of a managed offer without a name, installed with a license of any
    /// plan: user plans that require and exclude nothing, no free apps, no quotas, an undated release,
    /// 30 days of notice and 1 day of clock tolerance.
    fn default() -> Self {
        Self {
            name: None,
            management: Management::Managed(InstallPolicy::WithLicense),
            notice: Offer::USUAL_NOTICE,
            clock_tolerance: Offer::USUAL_TOLERANCE,
            release: Release::Undated,
            quotas: Vec::new(),
            apps: Vec::new(),
            plans: Vec::new(),
        }
    }
}

impl OfferDefaults {
    /// Returns what the files cannot express of this catalog, to be stored with them. `O(n log n)`
    /// in the catalog.
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
            release: offer.release,
            quotas: offer.quotas.clone(),
            apps: if in_order { Vec::new() } else { offer.apps.clone() },
            plans: offer.plans.iter().map(PlanDefaults::from_plan).filter(|plan| !plan.is_default()).collect(),
        }
    }
}
