//! An edition as an offer: what the file does not say is for whom a product is.

use alloc::collections::BTreeMap;
use alloc::string::ToString;

use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
use entitle::{AppId, OfferId, PublisherId};

use crate::catalogue::edition::Edition;
use crate::guid::Guid;

/// For whom products are: the file does not say which are assigned to users. Nothing is guessed from a name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scopes {
    all: Scope,
    exceptions: BTreeMap<Guid, Scope>,
}

impl Scopes {
    /// All products are of this scope. Every product of the catalogue contains something, so that none can be a capacity plan
    /// (C8).
    #[must_use]
    pub fn all(scope: Scope) -> Self {
        Self { all: scope, exceptions: BTreeMap::new() }
    }

    /// The same, except this product.
    #[must_use]
    pub fn except(mut self, product: Guid, scope: Scope) -> Self {
        self.exceptions.insert(product, scope);
        self
    }
}

impl Edition {
    /// The edition as an offer, for [`Catalog::new`](entitle::Catalog::new): managed, installed with a license; each product is a plan and each service plan a licensed app, under their GUIDs, in the
    /// file's order. What the file does not say is not in it: requirements, exclusions, free apps. `O(n log n)` in
    /// the edition.
    #[must_use]
    pub fn offer(&self, publisher: PublisherId, offer: OfferId, scopes: &Scopes) -> Offer {
        // A GUID is always an id: nothing is left out here.
        let id = |id: Guid| id.to_string();
        let ids: BTreeMap<Guid, AppId> =
            self.service_plans.iter().filter_map(|plan| Some((plan.id, id(plan.id).parse().ok()?))).collect();
        let mut offer = Offer::new(publisher, offer, Management::Managed(InstallPolicy::WithLicense));
        offer.apps =
            self.service_plans.iter().filter_map(|plan| ids.get(&plan.id).cloned().map(AppEntry::licensed)).collect();
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
