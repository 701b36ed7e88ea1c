//! Brings what is known of a record up to date.

use std::sync::{Arc, MutexGuard, PoisonError};

use entitle::record::{Beginning, Head};
use entitle::{Entry, TenantId};
use futures_util::future::try_join;

use super::index::{Damage, Index};
use super::log::{Stored, behind};
use super::{NatsStore, Slot, subject};
use crate::store::{Change, Cursor, Page, Position, StoreError, require_tenant};

/// How many messages are read at a time.
const MESSAGES: usize = 256;

/// How many entries that were just read are kept for the page that is being read.
const FRESH: usize = 1_000;

/// Returns the index of a slot, for as long as nobody else needs it.
pub(super) fn locked(slot: &Slot) -> MutexGuard<'_, Option<Index>> {
    slot.lock().unwrap_or_else(PoisonError::into_inner)
}

/// Returns whether a message is the next of a record.
fn continues(index: &Index, message: &Stored) -> bool {
    let line = core::str::from_utf8(&message.payload).ok().and_then(|text| text.lines().next());
    let entry = line.and_then(|line| Entry::read(line).ok());
    entry.is_some_and(|entry| index.head().continued_by(&entry).is_ok())
}

impl NatsStore {
    pub(super) fn slot(&self, tenant: &TenantId) -> Slot {
        let mut indexes = self.indexes.lock().unwrap_or_else(PoisonError::into_inner);
        Arc::clone(indexes.entry(tenant.clone()).or_default())
    }

    pub(super) fn subject(&self, tenant: &TenantId) -> String {
        format!("{}.{}", self.records().name(), subject::encode(tenant))
    }

    /// Reads what a server has after what is known: maybe less than was stored, if it does not lead
    /// the stream any more. Returns the entries that were read, if they are few.
    pub(super) fn look(&self, tenant: &TenantId, index: &mut Option<Index>) -> Result<Vec<Entry>, StoreError> {
        let last = {
            let (log, subject) = (self.records(), self.subject(tenant));
            self.runtime.call(async move { log.last(&subject).await })??
        };
        let Some(last) = last else {
            // What is known was removed, or the server is behind.
            return if index.is_some() { self.confirm(tenant, index) } else { Ok(Vec::new()) };
        };
        let Some(known) = index.as_mut() else { return self.anew(tenant, index, Some(last.sequence)) };
        if known.damage.is_some() && known.sequence <= last.sequence {
            return Ok(Vec::new());
        }
        if known.sequence == last.sequence {
            let is_same = last.id == known.last_id();
            // Another stream is there than was read, from a backup for example.
            return if is_same { Ok(Vec::new()) } else { self.anew(tenant, index, Some(last.sequence)) };
        }
        if known.sequence > last.sequence {
            return self.confirm(tenant, index);
        }
        let fresh = if continues(known, &last) {
            known.read(last.sequence, &last.payload)
        } else {
            self.go_on(tenant, known, usize::MAX)?
        };
        if known.damage.is_some() {
            return self.anew(tenant, index, Some(last.sequence));
        }
        if known.sequence < last.sequence { Err(behind()) } else { Ok(fresh) }
    }

    /// Reads everything that was acknowledged before this is called. Returns the entries that were
    /// read, if they are few.
    pub(super) fn confirm(&self, tenant: &TenantId, index: &mut Option<Index>) -> Result<Vec<Entry>, StoreError> {
        let log = self.records();
        let barrier = self.barrier.pass(|| self.runtime.call(async move { log.pass().await })?)?;
        let known = index.as_ref().map(|known| (known.sequence, known.last_id()));
        let (count, is_there) = {
            let (log, subject) = (self.records(), self.subject(tenant));
            let asked = async move { try_join(log.count(&subject, barrier), log.contains(known)).await };
            self.runtime.call(asked)??
        };
        if count == 0 {
            *index = None;
            return Ok(Vec::new());
        }
        // Otherwise another stream is there than was read, from a backup for example.
        let Some(known) = index.as_mut().filter(|known| is_there && known.messages <= count) else {
            return self.anew_up_to(tenant, index, count);
        };
        if known.damage.is_some() || known.messages == count {
            return Ok(Vec::new());
        }
        let missing = usize::try_from(count.saturating_sub(known.messages)).unwrap_or(usize::MAX);
        let fresh = self.go_on(tenant, known, missing)?;
        if known.damage.is_some() {
            // Damaged, or of another stream than was read.
            return self.anew_up_to(tenant, index, count);
        }
        if known.messages < count { Err(behind()) } else { Ok(fresh) }
    }

    fn anew_up_to(&self, tenant: &TenantId, index: &mut Option<Index>, count: u64) -> Result<Vec<Entry>, StoreError> {
        let fresh = self.anew(tenant, index, None)?;
        let is_complete = index.as_ref().is_some_and(|index| index.messages >= count || index.damage.is_some());
        if is_complete { Ok(fresh) } else { Err(behind()) }
    }

    /// Reads a record from its beginning, at least up to a message.
    fn anew(&self, tenant: &TenantId, index: &mut Option<Index>, last: Option<u64>) -> Result<Vec<Entry>, StoreError> {
        let mut read = self.first(tenant)?.ok_or_else(behind)?;
        let fresh = self.go_on(tenant, &mut read, usize::MAX)?;
        if read.damage.is_none() && last.is_some_and(|last| read.sequence < last) {
            return Err(behind());
        }
        *index = Some(read);
        Ok(fresh)
    }

    /// Returns the index of a record of which only the first message is read.
    fn first(&self, tenant: &TenantId) -> Result<Option<Index>, StoreError> {
        let first = self.messages(tenant, 0, 1)?;
        let Some(first) = first.first() else { return Ok(None) };
        let other = |detail: String| StoreError::OtherApplication {
            detail: format!("the first message of `{}`: {detail}", self.subject(tenant)),
        };
        let text = core::str::from_utf8(&first.payload).map_err(|error| other(error.to_string()))?;
        let beginning = Beginning::read(text).map_err(|error| other(error.to_string()))?;
        require_tenant(&beginning, tenant)?;
        Ok(Some(Index::new(beginning, first.sequence)))
    }

    /// Reads on until there is nothing more, there is damage, or so many messages were read.
    fn go_on(&self, tenant: &TenantId, index: &mut Index, mut max: usize) -> Result<Vec<Entry>, StoreError> {
        let mut fresh = Vec::new();
        while index.damage.is_none() && max > 0 {
            let wanted = max.min(MESSAGES);
            let messages = self.messages(tenant, index.sequence.saturating_add(1), wanted)?;
            for message in &messages {
                if index.damage.is_none() {
                    fresh.extend(index.read(message.sequence, &message.payload));
                }
            }
            if fresh.len() > FRESH {
                fresh.clear();
            }
            if messages.len() < wanted {
                break;
            }
            max = max.saturating_sub(wanted);
        }
        // Those that were dropped precede those that are left.
        Ok(fresh)
    }

    fn messages(&self, tenant: &TenantId, first: u64, max: usize) -> Result<Vec<Stored>, StoreError> {
        let (log, subject) = (self.records(), self.subject(tenant));
        self.runtime.call(async move { log.from(&subject, first, max).await })?
    }

    /// Returns what follows a head of a record in it.
    pub(super) fn page(
        &self,
        index: &Index,
        fresh: Vec<Entry>,
        after: Position,
        max: usize,
    ) -> Result<Page, StoreError> {
        match index.damage.clone() {
            Some(Damage::Entry(error)) if index.head() == after.head => {
                return Ok(Page::Unreadable { number: after.head.number().saturating_add(1), error });
            }
            Some(damage) if index.head() == after.head => return Err(damage.into()),
            _ => {}
        }
        let is_next = |entry: &Entry| entry.number() > after.head.number();
        let next = after.head.number().saturating_add(1);
        let mut entries: Vec<Entry> = if fresh.first().is_some_and(|first| first.number() <= next) {
            fresh.into_iter().filter(is_next).take(max).collect()
        } else {
            let (log, sequences) = (self.records(), index.messages_after(after.head, max));
            let messages = self.runtime.call(async move { log.get(sequences).await })??;
            let texts = messages.iter().filter_map(|message| core::str::from_utf8(&message.payload).ok());
            // They were read when they were indexed; one that was not ends the page.
            texts.flat_map(str::lines).map_while(|line| Entry::read(line).ok()).filter(is_next).take(max).collect()
        };
        entries.retain(|entry| index.contains(entry.head()));
        let head = entries.last().map_or(after.head, Entry::head);
        let position = Position { head, cursor: Cursor(index.cursor(head)) };
        Ok(Page::Entries { entries, position, has_more: head != index.head() || index.damage.is_some() })
    }

    /// Returns how a record differs from a head; one that cannot be read is longer, so that reading it
    /// says why.
    pub(super) fn change(&self, tenant: &TenantId, head: Head) -> Option<Change> {
        let slot = self.slot(tenant);
        let mut index = locked(&slot);
        if self.look(tenant, &mut index).is_err() {
            return Some(Change::Longer);
        }
        match index.as_ref() {
            Some(index) if !index.contains(head) => Some(Change::Forked),
            // An entry that cannot be read makes a record longer, too.
            Some(index) => (index.head() != head || index.damage.is_some()).then_some(Change::Longer),
            None => Some(Change::Forked),
        }
    }
}
