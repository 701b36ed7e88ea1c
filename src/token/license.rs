//! What is proved: a deal that a trusted key signed.

use alloc::sync::Arc;

use crate::deal::Deal;
use crate::key::KeyId;

/// A license: a [`Deal`] that came out of a token under a key that the host trusts.
///
/// The only way to one is [`KeyRing::verify`](crate::KeyRing::verify). It cannot be written down:
///
/// ```compile_fail,E0451
/// # fn forge(deal: std::sync::Arc<entitle::Deal>, key: entitle::KeyId) {
/// let license = entitle::License { deal, key };
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
pub struct License {
    deal: Arc<Deal>,
    key: KeyId,
}

impl License {
    /// Called where verifying has succeeded, and nowhere else.
    pub(crate) fn proved(deal: Deal, key: KeyId) -> Self {
        Self { deal: Arc::new(deal), key }
    }

    /// What was sold.
    #[must_use]
    pub fn deal(&self) -> &Deal {
        &self.deal
    }

    /// Which key signed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }
}
