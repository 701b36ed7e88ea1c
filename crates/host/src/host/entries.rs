//! The entries of a record, for an audit.

use entitle::Entry;

use super::HostTenant;
use super::error::LoadError;
use super::load::PAGE;
use crate::store::{Page, Position, Store};

impl<S: Store + 'static> HostTenant<S> {
    /// Returns all entries that are applied to the tenant [now](HostTenant::now), read from the store
    /// from the beginning of the record: for `Tenant::audit` and usage
    /// statements. `O(n)` in the record, in memory too. What follows a position is read page by page
    /// with [`Store::read`].
    ///
    /// # Errors
    ///
    /// [`LoadError`] for a store that fails, for an entry that cannot be read, and for a record that
    /// was replaced or cut since the tenant was loaded.
    pub fn entries(&self) -> Result<Vec<Entry>, LoadError> {
        let tenant = self.now();
        let replaced = || LoadError::Replaced { tenant: tenant.id().clone() };
        let (mut all, mut position) = (Vec::new(), Position::of(self.shard.beginning.head()));
        while position.head != tenant.head() {
            match self.inner.store.read(tenant.id(), position, PAGE)? {
                Page::Entries { mut entries, position: next, has_more } => {
                    position = next;
                    // Others may have stored more since.
                    entries.truncate(entries.partition_point(|entry| entry.head().number() <= tenant.position()));
                    all.append(&mut entries);
                    if all.last().map(Entry::head) == Some(tenant.head()) {
                        return Ok(all);
                    }
                    if !has_more || position.head.number() >= tenant.position() {
                        return Err(replaced());
                    }
                }
                Page::Unreadable { number, error } => {
                    return Err(LoadError::Unreadable { tenant: tenant.id().clone(), number, error });
                }
                Page::Forked => return Err(replaced()),
            }
        }
        Ok(all)
    }
}
