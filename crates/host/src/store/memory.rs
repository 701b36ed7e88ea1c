//! Records in memory, for tests.

use core::ops::Bound;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Mutex, MutexGuard, PoisonError};

use entitle::record::{Beginning, Head};
use entitle::{Entry, RequestId, TenantId};

use super::{Appended, Change, Cursor, Page, Position, Store, StoreError};

/// Records in memory: for tests of what stands on a [`Store`]. They are lost with the process.
#[derive(Debug, Default)]
pub struct MemoryStore {
    records: Mutex<BTreeMap<TenantId, Record>>,
}

#[derive(Debug)]
struct Record {
    beginning: Beginning,
    entries: Vec<Entry>,
    requests: HashMap<RequestId, u64>,
    snapshot: Option<(u64, Vec<u8>)>,
}

impl MemoryStore {
    /// Returns a store without records.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    fn records(&self) -> MutexGuard<'_, BTreeMap<TenantId, Record>> {
        self.records.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Record {
    fn head(&self) -> Head {
        self.entries.last().map_or(self.beginning.head(), Entry::head)
    }

    /// Returns how many entries there are up to a head; `None` if it is not in the record.
    fn up_to(&self, head: Head) -> Option<usize> {
        let number = usize::try_from(head.number()).ok()?;
        let found = match number.checked_sub(1) {
            None => self.beginning.head(),
            Some(last) => self.entries.get(last)?.head(),
        };
        (found == head).then_some(number)
    }
}

impl Store for MemoryStore {
    fn begin(&self, beginning: &Beginning) -> Result<Beginning, StoreError> {
        let new =
            || Record { beginning: beginning.clone(), entries: Vec::new(), requests: HashMap::new(), snapshot: None };
        Ok(self.records().entry(beginning.tenant().clone()).or_insert_with(new).beginning.clone())
    }

    fn beginning(&self, tenant: &TenantId) -> Result<Option<Beginning>, StoreError> {
        Ok(self.records().get(tenant).map(|record| record.beginning.clone()))
    }

    fn tenants(&self, after: Option<&TenantId>, max: usize) -> Result<Vec<TenantId>, StoreError> {
        let from = after.map_or(Bound::Unbounded, Bound::Excluded);
        Ok(self.records().range((from, Bound::Unbounded)).take(max).map(|(tenant, _)| tenant.clone()).collect())
    }

    fn read(&self, tenant: &TenantId, after: Position, max: usize) -> Result<Page, StoreError> {
        let records = self.records();
        let record = records.get(tenant);
        let Some((record, from)) = record.and_then(|record| Some((record, record.up_to(after.head)?))) else {
            return Ok(Page::Forked);
        };
        let entries: Vec<Entry> = record.entries.iter().skip(from).take(max).cloned().collect();
        let head = entries.last().map_or(after.head, Entry::head);
        Ok(Page::Entries { has_more: head != record.head(), position: Position::of(head), entries })
    }

    fn append(&self, tenant: &TenantId, after: Position, entries: &[Entry]) -> Appended {
        let mut records = self.records();
        let Some(record) = records.get_mut(tenant).filter(|record| record.up_to(after.head).is_some()) else {
            return Appended::Forked;
        };
        let stored = entries.iter().map(Entry::request).find(|request| record.requests.contains_key(request));
        if let Some(request) = stored {
            return Appended::AlreadyStored(request);
        }
        if record.head() != after.head {
            return Appended::Conflict;
        }
        record.requests.extend(entries.iter().map(|entry| (entry.request(), entry.number())));
        record.entries.extend_from_slice(entries);
        Appended::Stored(Cursor::default())
    }

    fn find(&self, tenant: &TenantId, request: RequestId) -> Result<Option<u64>, StoreError> {
        Ok(self.records().get(tenant).and_then(|record| record.requests.get(&request)).copied())
    }

    fn changed(&self, known: &[(TenantId, Head)]) -> Result<Vec<(TenantId, Change)>, StoreError> {
        let records = self.records();
        let change = |tenant: &TenantId, head: Head| match records.get(tenant) {
            Some(record) if record.head() == head => None,
            Some(record) if record.up_to(head).is_some() => Some(Change::Longer),
            _ => Some(Change::Forked),
        };
        let changed = known.iter().filter_map(|(tenant, head)| Some((tenant.clone(), change(tenant, *head)?)));
        Ok(changed.collect())
    }

    fn load_snapshot(&self, tenant: &TenantId) -> Result<Option<Vec<u8>>, StoreError> {
        let records = self.records();
        let snapshot = records.get(tenant).and_then(|record| record.snapshot.as_ref());
        Ok(snapshot.map(|(_, bytes)| bytes.clone()))
    }

    fn save_snapshot(&self, tenant: &TenantId, head: Head, snapshot: &[u8]) -> Result<(), StoreError> {
        if let Some(record) = self.records().get_mut(tenant) {
            if record.snapshot.as_ref().is_none_or(|(number, _)| *number <= head.number()) {
                record.snapshot = Some((head.number(), snapshot.to_vec()));
            }
        }
        Ok(())
    }
}
