//! Reads everything that is stored.

use core::time::Duration;
use std::thread;
use std::time::Instant;

use entitle::record::Head;
use entitle::{Entry, TenantId};

use super::error::FaultsError;
use super::report::Finding;
use crate::store::{Page, Position, Store, StoreError};

/// How long a server may take until it answers again.
const PATIENCE: Duration = Duration::from_secs(60);

/// How many entries are asked for at once.
const PAGE: usize = 1_000;

/// What is stored of a tenant.
pub(super) struct Stored {
    /// The entries, as far as they could be read.
    pub(super) entries: Vec<Entry>,
    /// Why no more of them could be read.
    pub(super) damage: Option<Finding>,
}

/// Returns everything that is stored after a head.
pub(super) fn read(store: &dyn Store, tenant: &TenantId, head: Head) -> Result<Stored, FaultsError> {
    let (began, mut after) = (Instant::now(), Position::of(head));
    let mut stored = Stored { entries: Vec::new(), damage: None };
    loop {
        match store.read(tenant, after, PAGE) {
            Ok(Page::Entries { entries, position, has_more }) => {
                stored.entries.extend(entries);
                after = position;
                if !has_more {
                    return Ok(stored);
                }
            }
            Ok(Page::Unreadable { number, error }) => {
                stored.damage = Some(Finding::Unreadable { number, detail: error.to_string() });
                return Ok(stored);
            }
            Ok(Page::Forked) => {
                stored.damage = Some(Finding::Forked { number: after.head.number() });
                return Ok(stored);
            }
            Err(StoreError::Unavailable { .. }) if began.elapsed() < PATIENCE => {
                thread::sleep(Duration::from_millis(20));
            }
            Err(error) => return Err(error.into()),
        }
    }
}
