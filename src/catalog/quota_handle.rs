//! Handles to quotas of a catalog, one type for each of those whom quotas are for (Q3, K8).

use alloc::string::String;
use alloc::sync::Arc;
use core::fmt;

use thiserror::Error;

use crate::catalog::Catalog;
use crate::catalog::quota::{QuotaEntry, QuotaScope};
use crate::catalog::quota_rule::QuotaRule;
use crate::id::{QuotaId, excerpt};
use crate::message::messages;

/// Why a catalog has no such handle to a quota (K8).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum UnknownQuota {
    /// No quota of this catalog has the requested id.
    Unknown {
        /// The requested id, cut if it is long.
        quota: String,
    },
    /// The quota is for somebody else.
    OtherScope {
        /// The quota.
        quota: QuotaId,
        /// Whom it is for.
        scope: QuotaScope,
    },
}

messages! {
    UnknownQuota;
    Self::Unknown { quota } => "catalog.unknown-quota", "no quota of this catalog has the id {quota}", quota;
    Self::OtherScope { quota, scope } => "catalog.quota-of-other-scope",
        "the scope of the quota {quota} is {scope}: make a handle for that scope", quota, scope;
}

/// A handle to a quota, which proves that the catalog has it (K8).
#[derive(Clone)]
struct Handle {
    catalog: Catalog,
    index: usize,
    id: QuotaId,
}

/// A handle to a quota that each user has, which proves that the catalog has it (K8).
#[derive(Clone)]
pub struct UserQuota(Handle);

/// A handle to a quota that the organisation has, which proves that the catalog has it (K8).
#[derive(Clone)]
pub struct TenantQuota(Handle);

impl Catalog {
    /// Returns a handle to a quota of users. Make handles when the application starts, so that a
    /// misspelled id shows at once (K8).
    ///
    /// # Errors
    ///
    /// [`UnknownQuota`] if the catalog has no quota of that id, or one of the organisation.
    pub fn user_quota(&self, id: &str) -> Result<UserQuota, UnknownQuota> {
        self.quota_handle(id, QuotaScope::User).map(UserQuota)
    }

    /// Returns a handle to a quota of the organisation.
    ///
    /// # Errors
    ///
    /// [`UnknownQuota`] if the catalog has no quota of that id, or one of users.
    pub fn tenant_quota(&self, id: &str) -> Result<TenantQuota, UnknownQuota> {
        self.quota_handle(id, QuotaScope::Tenant).map(TenantQuota)
    }

    fn quota_handle(&self, id: &str, scope: QuotaScope) -> Result<Handle, UnknownQuota> {
        let mut quotas = self.offer().quotas.iter().enumerate();
        let Some((index, entry)) = quotas.find(|(_, entry)| entry.id.as_str() == id) else {
            return Err(UnknownQuota::Unknown { quota: excerpt(id) });
        };
        if entry.scope != scope {
            return Err(UnknownQuota::OtherScope { quota: entry.id.clone(), scope: entry.scope });
        }
        Ok(Handle { catalog: self.clone(), index, id: entry.id.clone() })
    }

    /// Returns the place in this catalog of the quota of a handle. A handle of another catalog is
    /// looked up by its id and whom it is for (K8).
    fn quota_place(&self, handle: &Handle, scope: QuotaScope) -> Option<usize> {
        if Arc::ptr_eq(&self.0, &handle.catalog.0) {
            return Some(handle.index);
        }
        self.offer().quotas.iter().position(|entry| entry.id == handle.id && entry.scope == scope)
    }
}

macro_rules! handle {
    ($name:ident, $scope:expr) => {
        impl $name {
            /// Returns the quota's id.
            #[must_use]
            pub fn id(&self) -> &QuotaId {
                &self.0.id
            }

            /// Returns the quota's entry and rule in a catalog; `None` if it has no such quota.
            #[inline]
            pub(crate) fn in_catalog<'c>(&self, catalog: &'c Catalog) -> Option<(&'c QuotaEntry, &'c QuotaRule)> {
                let place = catalog.quota_place(&self.0, $scope)?;
                Some((catalog.0.offer.quotas.get(place)?, catalog.0.quotas.get(place)?))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({})", stringify!($name), self.0.id)
            }
        }
    };
}

handle!(UserQuota, QuotaScope::User);
handle!(TenantQuota, QuotaScope::Tenant);
