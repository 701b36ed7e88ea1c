//! Converts an edition to an offer; the file does not state the scope of a product.

use alloc::collections::BTreeMap;
use alloc::string::ToString;

use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
use entitle::{AppId, OfferId, PublisherId};

use crate::catalogue::edition::Edition;
use crate::guid::Guid;

/// The scope of each product. The file does not state which products are assigned to users, and no
/// scope is guessed from a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes {
    all: Scope,
    exceptions: BTreeMap<Guid, Scope>,
}

impl Scopes {
    /// Returns scopes with the same scope for all products. Every product of the catalogue contains
    /// service plans, so none can be a capacity plan (C8).
    #[must_use]
    pub fn all(scope: Scope) -> Self {
        Self { all: scope, exceptions: BTreeMap::new() }
    }

    /// Returns these scopes with another scope for one product.
    #[must_use]
    pub fn except(mut self, product: Guid, scope: Scope) -> Self {
        self.exceptions.insert(product, scope);
        self
    }
}

impl Edition {
    /// Returns the edition as an offer for [`Catalog::new`](entitle::Catalog::new): managed,
    /// installed with a license. Each product is a plan and each service plan a licensed app,
    /// identified by their GUIDs, in the file's order; its friendly name is the name of the app. Requirements, exclusions and free apps are
    /// not in the file and not in the offer. `O(n log n)` in the edition.
    #[must_use]
    pub fn offer(&self, publisher: PublisherId, offer: OfferId, scopes: &Scopes) -> Offer {
        // A GUID is always a valid id, so that nothing is skipped here.
        let id = |id: Guid| id.to_string();
        let ids: BTreeMap<Guid, AppId> =
            self.service_plans.iter().filter_map(|plan| Some((plan.id, id(plan.id).parse().ok()?))).collect();
        let mut offer = Offer::new(publisher, offer, Management::Managed(InstallPolicy::WithLicense));
        offer.apps = self
            .service_plans
            .iter()
            .filter_map(|plan| Some(AppEntry::licensed(ids.get(&plan.id)?.clone()).named(plan.friendly_name.clone())))
            .collect();
        offer.plans = self
            .products
            .iter()
            .filter_map(|product| {
                let scope = scopes.exceptions.get(&product.id).copied().unwrap_or(scopes.all);
                let mut plan = Plan::new(id(product.id).parse().ok()?, scope, product.name.clone());
                plan.apps = product.service_plans.iter().filter_map(|id| ids.get(id).cloned()).collect();
                Some(plan)
            })
            .collect();
        offer
    }
}
