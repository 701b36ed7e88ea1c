//! A tenant read from its record, for commands that read and commands that write.

use core::time::Duration;
use std::path::Path;
use std::thread;

use entitle::query::DocumentStatus;
use entitle::record::{Anchor, Checkpoint, Ledger, LedgerError, ProofError};
use entitle::token::KeyCertificate;
use entitle::{Entry, KeyRing, Tenant, Token};
use indicatif::{ProgressBar, ProgressStyle};

use super::TenantOptions;
use super::settings::{self, Settings};
use super::snapshot;
use super::store::{self, Lines, Store};
use crate::exit::Failure;
use crate::text::name;
use crate::trust;

/// The length of a ledger in bytes from which a progress bar is shown.
const PROGRESS_FROM: usize = 1024 * 1024;

/// How often a reader tries again if a writer may be changing the end of the file.
const READ_ATTEMPTS: usize = 3;

/// Where to start reading a record.
#[derive(Debug, Clone, Copy)]
enum Start {
    /// At the snapshot, if there is a valid one.
    Snapshot,
    /// At the first line.
    Head,
}

/// A tenant with its record.
#[derive(Debug)]
pub(crate) struct Record {
    pub(crate) tenant: Tenant,
    pub(crate) ring: KeyRing,
    /// All entries, if they were requested.
    pub(crate) entries: Vec<Entry>,
    text: String,
    /// The number of bytes that were replayed.
    replayed: usize,
    pub(crate) notes: Vec<String>,
}

impl Record {
    /// Reads the record without a lock.
    pub(crate) fn read(options: &TenantOptions) -> Result<Self, Failure> {
        Self::read_from(options, Start::Snapshot)
    }

    /// Reads the record from its first line, with all events.
    pub(crate) fn read_whole(options: &TenantOptions) -> Result<Self, Failure> {
        Self::read_from(options, Start::Head)
    }

    fn read_from(options: &TenantOptions, start: Start) -> Result<Self, Failure> {
        let path = options.ledger()?;
        let settings = Settings::read(path)?;
        let mut attempts = READ_ATTEMPTS;
        loop {
            let lines = store::read(path)?;
            let note = format!("{}: ignored an incomplete last line", name(path));
            let notes = if lines.torn > 0 { vec![note] } else { Vec::new() };
            attempts = attempts.saturating_sub(1);
            match Self::load(path, &settings, lines, notes, start) {
                // Without a lock, a line may be removed and another written while it is read.
                Err(failure) if attempts > 0 && is_of_ledger(failure.code) => {
                    thread::sleep(Duration::from_millis(20));
                }
                read => return read,
            }
        }
    }

    /// Opens the record for writing, with the lock.
    pub(crate) fn write(options: &TenantOptions) -> Result<(Self, Store), Failure> {
        let path = options.ledger()?;
        let settings = Settings::read(path)?;
        let mut store = Store::open(path, options.wait)?;
        let lines = store.read()?;
        let cut = lines.torn;
        let note = format!("{}: removed {cut} bytes of an incomplete last line", name(path));
        let notes = if cut > 0 { vec![note] } else { Vec::new() };
        let record = Self::load(path, &settings, lines, notes, Start::Snapshot)?;
        if record.replayed >= options.snapshot_every {
            snapshot::write(path, &record.tenant, &record.ring, &record.text);
        }
        Ok((record, store))
    }

    fn load(path: &Path, settings: &Settings, lines: Lines, notes: Vec<String>, start: Start) -> Result<Self, Failure> {
        let ring = trust::ring(&settings.keys()?);
        let catalog = settings.catalog(path)?;
        if lines.text.is_empty() {
            return Err(Failure::unreadable("cli.empty-ledger", format!("{} has no complete line", name(path)))
                .help("`entitle tenant init` creates it"));
        }
        let unreadable = |error: LedgerError| damaged(path, &error);
        let text = lines.text;
        let ledger = Ledger::read(&settings.tenant, &text).map_err(unreadable)?;
        let starting_point = match start {
            Start::Snapshot => snapshot::read(path, &catalog, &ring, &ledger, &text),
            Start::Head => None,
        };
        let (mut tenant, remaining) =
            starting_point.unwrap_or_else(|| (Tenant::new(&catalog, &ring, ledger.beginning()), ledger.entries()));
        let replayed = text.len().saturating_sub(remaining.valid_bytes());
        let bar = progress(replayed);
        let mut entries = Vec::new();
        for entry in remaining {
            let entry = entry.map_err(unreadable)?;
            tenant.apply(&entry).map_err(|error| Failure::unreadable(error.code(), error))?;
            bar.inc(u64::try_from(entry.text().len()).unwrap_or(u64::MAX).saturating_add(1));
            if let Start::Head = start {
                entries.push(entry);
            }
        }
        bar.finish_and_clear();
        let mut record = Self { tenant, ring, entries, text, replayed, notes };
        let missing: Vec<Checkpoint> = record.tenant.missing_anchors().into_iter().cloned().collect();
        record.prove(&missing)?;
        Ok(record)
    }

    /// Proves which of these checkpoints the record contains, if there are any.
    fn prove(&mut self, checkpoints: &[Checkpoint]) -> Result<(), Failure> {
        if checkpoints.is_empty() {
            return Ok(());
        }
        let unproved = |error: LedgerError| Failure::unreadable(error.fault.code(), error);
        let proof = Ledger::read(self.tenant.id(), &self.text).and_then(|ledger| ledger.prove(checkpoints));
        let elsewhere = |error: ProofError| Failure::unreadable(error.code(), error);
        self.tenant = self.tenant.with_proof(&proof.map_err(unproved)?).map_err(elsewhere)?;
        Ok(())
    }

    /// Returns the certificates in force, and those among documents to be installed.
    pub(crate) fn certificates<'t>(&self, more: impl IntoIterator<Item = &'t Token>) -> Vec<KeyCertificate> {
        let in_force = self.tenant.documents().filter_map(|document| match document.status {
            DocumentStatus::Certifies(certificate) => Some(certificate.clone()),
            _ => None,
        });
        in_force.chain(more.into_iter().filter_map(|token| self.ring.verify_certificate(token).ok())).collect()
    }

    /// Proves the anchor of a document to be installed beside others.
    pub(crate) fn prove_anchor_of<'t>(
        &mut self,
        token: &Token,
        more: impl IntoIterator<Item = &'t Token>,
    ) -> Result<(), Failure> {
        let certificates = self.certificates(more);
        let license = self.ring.verify_with(&certificates, token).map(|license| license.deal().anchor.clone());
        let ticket = self.ring.verify_ticket_with(&certificates, token);
        let ticket = ticket.map(|ticket| ticket.correction().anchor.clone());
        match license.or(ticket) {
            Ok(Anchor::Record(checkpoint)) => self.prove(&[checkpoint]),
            Ok(Anchor::Anywhere) | Err(_) => Ok(()),
        }
    }

    /// Stores an entry on disk, then applies it: an acknowledged entry is never lost.
    pub(crate) fn store_entry(&mut self, store: &mut Store, entry: &Entry) -> Result<(), Failure> {
        let line = format!("{}\n", entry.text());
        store.append(&line)?;
        self.text.push_str(&line);
        self.tenant.apply(entry).map_err(|error| Failure::unreadable(error.code(), error))
    }

    /// Returns the checkpoint of the record's head.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.tenant.checkpoint()
    }
}

/// Returns whether a failure is about the text of a ledger.
fn is_of_ledger(code: &str) -> bool {
    ["ledger.", "entry.", "apply."].iter().any(|prefix| code.starts_with(prefix))
}

fn damaged(path: &Path, error: &LedgerError) -> Failure {
    let message = format!("{}: {error}", name(path));
    let settings = settings::path(path);
    Failure::unreadable(error.fault.code(), message).help(match error.fault.code() {
        "ledger.other-tenant" => format!("{} names another tenant: check that it is the right one", name(&settings)),
        "entry.unknown-format" => "install a newer `entitle`".to_string(),
        _ => "it was edited, or the disk is damaged: restore a backup, or create another with `entitle tenant init`"
            .to_string(),
    })
}

/// Returns a progress bar, which is hidden for short ledgers, or if stderr is not a terminal.
fn progress(bytes: usize) -> ProgressBar {
    if bytes < PROGRESS_FROM {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("reading the ledger {wide_bar} {bytes}/{total_bytes}");
    let length = u64::try_from(bytes).unwrap_or(u64::MAX);
    let bar = ProgressBar::new(length).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.tick();
    bar
}
