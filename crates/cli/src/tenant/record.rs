//! A tenant with its record, for commands that read and commands that write.

use core::time::Duration;
use std::path::Path;

use entitle::chrono::{DateTime, Utc};
use entitle::record::Checkpoint;
use entitle::{Command, Entry, KeyRing, RequestId, Tenant};
use entitle_host::{Local, LocalOptions};
use indicatif::{ProgressBar, ProgressStyle};

use super::earlier::{Earlier, require_present};
use super::lists::refused;
use super::options::{SNAPSHOT_EVERY, TenantOptions, WriteOptions};
use super::settings::Settings;
use super::snapshot_key::UserKey;
use super::verifier::Verifier;
use crate::exit::Failure;
use crate::text::name;
use crate::trust;

/// The length of a ledger in bytes from which a command shows that it is reading.
const PROGRESS_FROM: u64 = 1024 * 1024;

/// A tenant with its record.
#[derive(Debug)]
pub(crate) struct Record {
    local: Local,
    pub(crate) ring: KeyRing,
    /// The tenant as it was, if an earlier instant was chosen to read it at.
    earlier: Option<Earlier>,
}

/// What commands were recorded as, and the tenant before them.
#[derive(Debug)]
pub(crate) struct Submitted {
    pub(crate) before: Tenant,
    pub(crate) entries: Vec<Entry>,
}

impl Record {
    /// Reads the record without a lock: as it is, or as it was at an earlier instant that was chosen
    /// (P2).
    pub(crate) fn read(options: &TenantOptions) -> Result<Self, Failure> {
        let record = Self::read_present(options)?;
        Ok(Self { earlier: Earlier::read(&record.local, options.chosen)?, ..record })
    }

    /// Reads the record without a lock as it is, whatever instant was chosen.
    pub(crate) fn read_present(options: &TenantOptions) -> Result<Self, Failure> {
        let usual = LocalOptions::new().snapshot_every(SNAPSHOT_EVERY).read_only();
        Self::open(options, usual, UserKey::find)
    }

    /// Opens the record for writing.
    pub(crate) fn write(options: &TenantOptions, write: &WriteOptions) -> Result<Self, Failure> {
        let is_long = length(options.ledger()?) >= u64::try_from(write.snapshot_every).unwrap_or(u64::MAX);
        let local = local_options(write.wait.seconds()).snapshot_every(write.snapshot_every).existing();
        Self::open(options, local, if is_long { UserKey::find_or_make } else { UserKey::find })
    }

    /// Reads the record in a ledger without a lock, as [`Record::read`] does.
    pub(crate) fn read_at(path: &Path, chosen: Option<DateTime<Utc>>) -> Result<Self, Failure> {
        let record = Self::open_at(path, LocalOptions::new().read_only(), UserKey::find)?;
        Ok(Self { earlier: Earlier::read(&record.local, chosen)?, ..record })
    }

    fn open(options: &TenantOptions, local: LocalOptions, key: fn() -> Option<UserKey>) -> Result<Self, Failure> {
        Self::open_at(options.ledger()?, local, key)
    }

    fn open_at(path: &Path, local: LocalOptions, key: fn() -> Option<UserKey>) -> Result<Self, Failure> {
        let settings = Settings::read(path)?;
        let ring = trust::ring(&settings.keys()?);
        let catalog = settings.catalog(path)?;
        let local = local.snapshot_of_licenses_only();
        // A snapshot counts only under the key of this user.
        let local = match key() {
            Some(key) => local.snapshot_key(key.for_snapshots()),
            None => local.no_snapshot(),
        };
        let progress = progress(length(path));
        let opened = local.open(path, &catalog, &ring, settings.tenant);
        progress.finish_and_clear();
        Ok(Self { local: opened?, ring, earlier: None })
    }

    /// Returns the tenant, as it was if an earlier instant was chosen to read it at.
    pub(crate) fn tenant(&self) -> &Tenant {
        self.earlier.as_ref().map_or_else(|| self.local.tenant(), |earlier| &earlier.tenant)
    }

    /// Returns the tenant as it is now, whatever instant was chosen.
    pub(crate) fn present(&self) -> &Tenant {
        self.local.tenant()
    }

    /// Returns what verifies its documents.
    pub(crate) fn verifier(&self) -> Verifier {
        Verifier::new(&self.ring, self.tenant())
    }

    /// Returns the entries of the tenant, read from the first line on.
    pub(crate) fn entries(&self) -> Result<Vec<Entry>, Failure> {
        let mut entries = self.present_entries()?;
        entries.retain(|entry| entry.number() <= self.tenant().position());
        Ok(entries)
    }

    /// Returns all entries, whatever instant was chosen.
    pub(crate) fn present_entries(&self) -> Result<Vec<Entry>, Failure> {
        Ok(self.local.entries()?)
    }

    /// Returns that the answer is about the past, and what became of an incomplete last line.
    pub(crate) fn notes(&self) -> Vec<String> {
        let (opening, path) = (self.local.opening(), name(self.local.path()));
        let mut notes: Vec<String> = self.earlier.iter().map(Earlier::note).collect();
        if opening.ignored_bytes > 0 {
            notes.push(format!("{path}: ignored an incomplete last line"));
        } else if opening.removed_bytes > 0 {
            notes.push(format!("{path}: removed {} bytes of an incomplete last line", opening.removed_bytes));
        }
        notes
    }

    /// Proves the anchors of the documents among the commands, for a preview.
    pub(crate) fn prove(&mut self, commands: &[Command]) -> Result<(), Failure> {
        Ok(self.local.prove(commands)?)
    }

    /// Decides commands and stores their entry: an acknowledged entry is never lost.
    pub(crate) fn submit(
        &mut self,
        commands: &[Command],
        options: &TenantOptions,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Submitted, Failure> {
        let request = RequestId::from_random(crate::random::id()?);
        let (ring, actor) = (self.ring.clone(), write.by.actor()?);
        let mut before = self.tenant().clone();
        let entries = self.submit_with(commands, |tenant| {
            // Other commands may have been recorded since the record was read.
            before = tenant.clone();
            require_present(options, tenant, commands)?;
            let decision = tenant.decide(&actor, commands, request, now);
            decision.map(|entry| vec![entry]).map_err(|refusal| refused(&ring, tenant, commands, &refusal))
        })?;
        Ok(Submitted { before, entries })
    }

    /// Stores the entries that are decided on the record as it is under the lock: all, or none.
    pub(crate) fn submit_with(
        &mut self,
        commands: &[Command],
        decide: impl FnOnce(&Tenant) -> Result<Vec<Entry>, Failure>,
    ) -> Result<Vec<Entry>, Failure> {
        self.local.submit_with(commands, decide)
    }

    /// Returns the checkpoint of the record's head.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.tenant().checkpoint()
    }
}

/// Returns the options of the host kit for a command that waits this many seconds for another one
/// that writes.
pub(super) fn local_options(wait: u32) -> LocalOptions {
    LocalOptions::new().wait(Duration::from_secs(wait.into()))
}

/// Returns the length of a file in bytes; 0 for a path without a file.
fn length(path: &Path) -> u64 {
    path.metadata().map_or(0, |metadata| metadata.len())
}

/// Returns a spinner, which is hidden for short ledgers, or if stderr is not a terminal.
fn progress(bytes: u64) -> ProgressBar {
    if bytes < PROGRESS_FROM {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("{spinner} reading the ledger: {total_bytes}");
    let bar = ProgressBar::new(bytes).with_style(style.unwrap_or_else(|_| ProgressStyle::default_spinner()));
    bar.enable_steady_tick(Duration::from_millis(100));
    bar
}
