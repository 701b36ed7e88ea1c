//! Licenses: deals that a trusted key signed.

use alloc::sync::Arc;

use serde::{Serialize, Serializer};

use crate::catalog::Catalog;
use crate::id::TenantId;
use crate::key::KeyId;
use crate::license::deal::{Deal, Licensee};

/// A verified [`Deal`], signed by a key that the host trusts for it.
///
/// Only [`KeyRing::verify`](crate::KeyRing::verify) makes one. It cannot be constructed:
///
/// ```compile_fail,E0423
/// fn forge(deal: entitle::Deal) {
///     let license = entitle::License(deal);
/// }
/// ```
///
/// made by default:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let license: entitle::License = from_nothing();
/// ```
///
/// or deserialized:
///
/// ```compile_fail,E0277
/// let license: entitle::License = serde_json::from_str("{}").unwrap();
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct License(Arc<Inner>);

#[derive(Debug, Clone, PartialEq, Eq)]
struct Inner {
    deal: Deal,
    key: KeyId,
}

impl License {
    /// Makes the license. Only the code that verifies tokens may call it.
    pub(crate) fn proved(deal: Deal, key: KeyId) -> Self {
        Self(Arc::new(Inner { deal, key }))
    }

    /// Returns the same license with its ids shared with the catalog and the tenant, which saves
    /// memory.
    pub(crate) fn sharing(mut self, catalog: &Catalog, tenant: &TenantId) -> Self {
        let (deal, offer) = (&mut Arc::make_mut(&mut self.0).deal, catalog.offer());
        intern(&mut deal.publisher, &offer.publisher);
        intern(&mut deal.offer, &offer.offer);
        if let Licensee::Tenant(customer) = &mut deal.licensee {
            intern(&mut customer.id, tenant);
        }
        for grant in &mut deal.grants {
            if let Some(plan) = catalog.plan(&grant.plan) {
                intern(&mut grant.plan, &plan.id);
            }
        }
        self
    }

    /// Returns the deal.
    #[must_use]
    pub fn deal(&self) -> &Deal {
        &self.0.deal
    }

    /// Returns the id of the key that signed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.0.key
    }
}

/// Replaces a text by a clone of an equal one, which shares its memory.
fn intern<T: PartialEq + Clone>(text: &mut T, shared: &T) {
    if *text == *shared {
        *text = shared.clone();
    }
}

/// Serializes a license as its id, for rows that name it.
pub(crate) fn serialize_id<S: Serializer>(license: &License, serializer: S) -> Result<S::Ok, S::Error> {
    license.deal().id.serialize(serializer)
}
