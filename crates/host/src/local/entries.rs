//! The entries of a record, for an audit.

use entitle::Entry;
use entitle::record::Ledger;

use super::Local;
use super::error::OpenError;
use super::load::not_ours;
use crate::file::{Contents, Damage, open};

impl Local {
    /// Returns all entries that are applied to the [tenant](Local::tenant), read from the beginning
    /// of the record, whatever a snapshot covers. `O(n)` in the record.
    ///
    /// # Errors
    ///
    /// [`OpenError`] for a file that cannot be read, that is damaged, and that was replaced or cut
    /// since it was opened.
    pub fn entries(&self) -> Result<Vec<Entry>, OpenError> {
        let contents = Contents::read(&self.path, &mut open::for_reading(&self.path)?, 0)?;
        let ledger = Ledger::read(&self.source.tenant, &contents.text).map_err(|error| not_ours(&self.path, error))?;
        let (mut entries, mut head) = (Vec::new(), ledger.beginning().head());
        let mut read = ledger.entries();
        while head != self.tenant.head() {
            match read.next() {
                Some(Ok(entry)) => {
                    head = entry.head();
                    entries.push(entry);
                }
                Some(Err(error)) => {
                    let valid_entries = head.number();
                    return Err(OpenError::Damaged { damage: Damage::of(&self.path, error), valid_entries });
                }
                None => {
                    let lacks = |error| OpenError::LacksCheckpoint(Box::new(error));
                    ledger.require(&self.tenant.checkpoint()).map_err(lacks)?;
                    break;
                }
            }
        }
        Ok(entries)
    }
}
