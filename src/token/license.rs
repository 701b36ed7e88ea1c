//! What is proved: a deal that a trusted key signed.

use alloc::sync::Arc;

use crate::catalog::Catalog;
use crate::deal::{Deal, Licensee};
use crate::id::TenantId;
use crate::key::KeyId;

/// A license: a [`Deal`] that came out of a token under a key that the host trusts.
///
/// The only way to one is [`KeyRing::verify`](crate::KeyRing::verify). It cannot be written down:
///
/// ```compile_fail,E0423
/// # fn forge(deal: entitle::Deal) {
/// let license = entitle::License(deal);
/// # }
/// ```
///
/// nor made from nothing:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let license: entitle::License = from_nothing();
/// ```
///
/// nor read from data:
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
    /// Called where verifying has succeeded, and nowhere else.
    pub(crate) fn proved(deal: Deal, key: KeyId) -> Self {
        Self(Arc::new(Inner { deal, key }))
    }

    /// The same license, word for word, with the catalog's and the tenant's own ids where it has copies of them.
    pub(crate) fn sharing(mut self, catalog: &Catalog, tenant: &TenantId) -> Self {
        let (deal, offer) = (&mut Arc::make_mut(&mut self.0).deal, catalog.offer());
        share(&mut deal.publisher, &offer.publisher);
        share(&mut deal.offer, &offer.offer);
        if let Licensee::Tenant(customer) = &mut deal.holder {
            share(&mut customer.id, tenant);
        }
        for grant in &mut deal.grants {
            if let Some(plan) = catalog.plan(&grant.plan) {
                share(&mut grant.plan, &plan.id);
            }
        }
        self
    }

    /// What was sold.
    #[must_use]
    pub fn deal(&self) -> &Deal {
        &self.0.deal
    }

    /// Which key signed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.0.key
    }
}

/// Puts the one text in the place of the other, if it is the same.
fn share<T: PartialEq + Clone>(text: &mut T, there: &T) {
    if *text == *there {
        *text = there.clone();
    }
}
