//! A tenant read from its record, for commands that read and commands that write.

use core::time::Duration;
use std::path::Path;
use std::thread;

use entitle::record::{Anchor, Checkpoint, Ledger, LedgerError};
use entitle::token::Kind;
use entitle::{Event, KeyRing, Tenant, Token};
use indicatif::{ProgressBar, ProgressStyle};

use super::TenantOptions;
use super::settings::{self, Settings};
use super::snapshot::{self, StartingPoint};
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
    /// All events if the whole record was read, else the latest ones.
    pub(crate) events: Vec<Event>,
    ledger: Ledger,
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
                Err(failure) if attempts > 0 && failure.code.starts_with("ledger.") => {
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
            snapshot::write(path, &record.tenant, &record.ring, &record.ledger, &record.text);
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
        let starting_point = match start {
            Start::Snapshot => snapshot::read(path, &catalog, &ring, &settings.tenant, &lines.text),
            Start::Head => None,
        };
        let text = lines.text;
        let StartingPoint { mut tenant, ledger, events, length } = match starting_point {
            Some(start) => start,
            None => StartingPoint::at_head(&catalog, &ring, &settings.tenant, &text)
                .map_err(|error| damaged(path, &error))?,
        };
        let replayed = text.len().saturating_sub(length);
        let bar = progress(replayed);
        bar.set_length(u64::try_from(events.len()).unwrap_or(u64::MAX));
        for event in &events {
            tenant.apply(event).map_err(|error| Failure::unreadable(error.code(), error))?;
            bar.inc(1);
        }
        bar.finish_and_clear();
        let mut record = Self { tenant, ring, events, ledger, text, replayed, notes };
        let missing = record.tenant.missing_anchors();
        if !missing.is_empty() {
            if let Ok(proofs) = Ledger::prove_all(record.tenant.id(), &record.text, missing) {
                record.tenant = record.tenant.anchored(&proofs);
            }
        }
        Ok(record)
    }

    /// Proves that the record contains the checkpoint of an anchor, if it does.
    fn prove_anchor(&mut self, anchor: &Anchor) {
        let Anchor::Record(checkpoint) = anchor else { return };
        if let Ok(proof) = Ledger::prove(self.tenant.id(), &self.text, checkpoint) {
            self.tenant = self.tenant.anchored([&proof]);
        }
    }

    /// Proves the anchor of a document to be installed.
    pub(crate) fn prove_anchor_of(&mut self, token: &Token) {
        if let Ok(license) = self.ring.verify(token) {
            self.prove_anchor(&license.deal().anchor);
        }
        if let Ok(ticket) = self.ring.verify_ticket(token) {
            self.prove_anchor(&ticket.correction().anchor);
        }
    }

    /// Stores an event on disk, then applies it: an acknowledged event is never lost.
    pub(crate) fn store_event(&mut self, store: &mut Store, event: &Event) -> Result<(), Failure> {
        let unwritten = |error: entitle::record::WriteLineError| Failure::unwritten(error.code(), error);
        let (ledger, line) = self.ledger.line(event).map_err(unwritten)?;
        store.append(&line)?;
        self.ledger = ledger;
        self.tenant.apply(event).map_err(|error| Failure::unreadable(error.code(), error))
    }

    /// Returns the checkpoint of the record's head.
    pub(crate) fn checkpoint(&self) -> Checkpoint {
        self.ledger.checkpoint()
    }

    /// Returns the kind of document that a token claims to be.
    pub(crate) fn kind(token: &Token) -> Kind {
        crate::inspect::token_parts::kind(token).unwrap_or(Kind::License)
    }
}

fn damaged(path: &Path, error: &LedgerError) -> Failure {
    let message = format!("{}: {error}", name(path));
    let settings = settings::path(path);
    Failure::unreadable(error.fault.code(), message).help(match error.fault.code() {
        "ledger.other-tenant" => format!("{} names another tenant: check that it is the right one", name(&settings)),
        "ledger.unknown-format" => "install a newer `entitle`".to_string(),
        _ => "it was edited, or the disk is damaged: restore a backup, or create another with `entitle tenant init`"
            .to_string(),
    })
}

/// Returns a progress bar, which is hidden for short ledgers, or if stderr is not a terminal.
fn progress(bytes: usize) -> ProgressBar {
    if bytes < PROGRESS_FROM {
        return ProgressBar::hidden();
    }
    let style = ProgressStyle::with_template("reading the ledger {wide_bar} {pos}/{len} events");
    let bar = ProgressBar::new(0).with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()));
    bar.tick();
    bar
}
