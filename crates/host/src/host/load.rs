//! Loads a tenant from its store.

use entitle::record::{Beginning, Checkpoint};
use entitle::{Tenant, TenantId};

use super::Inner;
use super::engine::Shard;
use super::error::LoadError;
use super::proving::Proving;
use crate::random::record_id;
use crate::store::{Cursor, Page, Position, Store, require_tenant};
use crate::writer::Writer;

/// How many entries are read at once.
pub(super) const PAGE: usize = 1_000;

/// What becomes of a tenant without a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Missing {
    /// Its record is begun.
    IsBegun,
    /// It is unknown, and nothing is stored.
    IsUnknown,
}

impl<S: Store> Inner<S> {
    /// Loads a tenant: its record is read to its end from its snapshot.
    pub(super) fn load(&self, id: &TenantId, missing: Missing) -> Result<Shard, LoadError> {
        // Before anything is written.
        self.ask_for_time();
        let beginning = match missing {
            Missing::IsBegun => self.store.begin(&Beginning::new(id.clone(), record_id()?))?,
            Missing::IsUnknown => {
                let unknown = || LoadError::UnknownTenant { tenant: id.clone() };
                self.store.beginning(id)?.ok_or_else(unknown)?
            }
        };
        require_tenant(&beginning, id)?;
        let restored = self.restore(&beginning)?;
        let saved = restored.as_ref().map_or(0, Tenant::position);
        let new = || Tenant::new(&self.catalog, &self.ring, &beginning);
        let (mut tenant, mut cursor) = match restored.map(|tenant| self.catch_up(tenant)).transpose() {
            Ok(Some(caught_up)) => caught_up,
            // A snapshot that the record does not contain is none.
            Ok(None) | Err(LoadError::Replaced { .. }) => self.catch_up(new())?,
            Err(error) => return Err(error),
        };
        let missing: Vec<Checkpoint> = tenant.missing_anchors().into_iter().cloned().collect();
        let mut proving = None;
        if !missing.is_empty() {
            // What depends on checkpoints is proved from the whole record, and read from it.
            (tenant, cursor) = self.catch_up(new())?;
            let mut whole = Proving::new(&beginning, missing);
            tenant = self.proved(&mut whole, &tenant)?;
            proving = Some(whole);
        }
        let writer = Writer::new(tenant, cursor, self.settings.writer, self.began.elapsed());
        Ok(Shard::new(beginning, writer, saved, proving))
    }

    fn restore(&self, beginning: &Beginning) -> Result<Option<Tenant>, LoadError> {
        let Some(bytes) = self.store.load_snapshot(beginning.tenant())? else { return Ok(None) };
        let (catalog, ring, id) = (&self.catalog, &self.ring, beginning.tenant().clone());
        let restored = match &self.settings.snapshot_key {
            Some(key) => Tenant::restore_keyed(catalog, ring, id, key, &bytes),
            None => Tenant::restore(catalog, ring, id, &bytes),
        };
        // One of another format, key or record is ignored: the record decides.
        Ok(restored.ok().filter(|tenant| tenant.record() == beginning.record()))
    }

    /// Applies what follows in the record.
    fn catch_up(&self, mut tenant: Tenant) -> Result<(Tenant, Cursor), LoadError> {
        let mut position = Position::of(tenant.head());
        loop {
            match self.store.read(tenant.id(), position, PAGE)? {
                Page::Entries { entries, position: next, has_more } => {
                    let replaced = |_| LoadError::Replaced { tenant: tenant.id().clone() };
                    let mut later = tenant.clone();
                    entries.iter().try_for_each(|entry| later.apply(entry)).map_err(replaced)?;
                    (tenant, position) = (later, next);
                    if !has_more {
                        return Ok((tenant, position.cursor));
                    }
                }
                // What was read before goes on answering; the writer notices the entry and stops.
                Page::Unreadable { .. } if tenant.position() > 0 => return Ok((tenant, position.cursor)),
                Page::Unreadable { number, error } => {
                    return Err(LoadError::Unreadable { tenant: tenant.id().clone(), number, error });
                }
                Page::Forked => return Err(LoadError::Replaced { tenant: tenant.id().clone() }),
            }
        }
    }
}
