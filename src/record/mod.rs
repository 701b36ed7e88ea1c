//! Answers how a record is kept as text: its beginning and its entries, one a line, each with the
//! hash of the one before (X7).
//! It takes a text, and gives the entries back only as far as they continue each other.
//! It must not know where the text is stored.
//!
//! ```text
//! {"ledger":"entitle.ledger.v1","tenant":"contoso","record":"…32 hexadecimal digits…"}
//! {"previous":"…hash of the line above…","request":"…","event":{"number":1,"at":"2026-03-01T08:00:00Z",…}}
//! ```
//!
//! A file has a line feed after each line; a database keeps the same texts without it.

use core::str::SplitInclusive;

pub(crate) mod error;

pub use crate::license::checkpoint::{Anchor, Checkpoint, ParseCheckpointError};
pub use crate::license::head::{EntryHash, Head, ParseEntryHashError};
pub use crate::tenant::entry::{ApplyError, Beginning, Entry, EntryError};
pub use crate::tenant::inclusion::{InclusionProof, InclusionProver, ProofError};
pub use crate::tenant::snapshot::{SNAPSHOT_FORMAT, SnapshotError, SnapshotKey};
pub use error::{LedgerError, LedgerFault};

use crate::id::TenantId;

/// The text of a tenant's record, of which only the first line has been read.
#[derive(Debug, Clone)]
pub struct Ledger<'t> {
    beginning: Beginning,
    text: &'t str,
}

/// The entries of a ledger, read one after the other; each is known to continue the one before.
///
/// After the first fault there are no more. [`Entries::valid_bytes`] is the length of what is
/// valid.
#[derive(Debug, Clone)]
pub struct Entries<'t> {
    lines: SplitInclusive<'t, char>,
    line: usize,
    head: Head,
    valid_bytes: usize,
    is_over: bool,
}

impl<'t> Ledger<'t> {
    /// Reads the first line of the ledger of a tenant. `O(1)`.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] at line 1 for a text that does not begin as a ledger, and for another
    /// tenant's.
    pub fn read(tenant: &TenantId, text: &'t str) -> Result<Self, LedgerError> {
        let line = text.split_inclusive('\n').next().unwrap_or_default();
        let beginning = whole(line).and_then(|line| Ok(Beginning::read(line)?));
        let beginning = beginning.map_err(|fault| LedgerError { line: 1, fault })?;
        if beginning.tenant() != tenant {
            let (tenant, ours) = (beginning.tenant().clone(), tenant.clone());
            return Err(LedgerError { line: 1, fault: LedgerFault::OtherTenant { tenant, ours } });
        }
        Ok(Self { beginning, text })
    }

    /// Returns the beginning of the record.
    #[must_use]
    pub fn beginning(&self) -> &Beginning {
        &self.beginning
    }

    /// Returns all entries, each read when it is asked for.
    ///
    /// Reading proves that the lines continue each other, not that they are the lines that were
    /// written. Nothing in them is trusted, so licenses are verified again when their entries are
    /// applied. A cut end or a rewritten ledger shows only against a checkpoint kept elsewhere: see
    /// [`Ledger::require`]. `O(n)` in the text.
    ///
    /// Each may be a [`LedgerError`] with the line: a line that was edited, removed or moved, an
    /// unknown command, or a last line that was interrupted.
    #[must_use]
    pub fn entries(&self) -> Entries<'t> {
        let mut lines = self.text.split_inclusive('\n');
        let valid_bytes = lines.next().map_or(0, str::len);
        Entries { lines, line: 1, head: self.beginning.head(), valid_bytes, is_over: false }
    }

    /// Returns the entries after a head, for a host that continues from a snapshot of it.
    ///
    /// The lines up to the head are hashed and each is compared with what the next one continues;
    /// they are not read. `O(n)` in the text, at the speed of the hash.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] with [`LedgerFault::LacksHead`] if the ledger ends before the head or has
    /// another line there, and as for [`Ledger::entries`] for a line before it that was edited,
    /// removed or moved.
    pub fn entries_after(&self, head: Head) -> Result<Entries<'t>, LedgerError> {
        let mut entries = self.entries();
        while entries.head.number() < head.number() {
            entries.skip_line().map_err(|fault| match fault {
                LedgerFault::Cut => LedgerError { line: entries.line, fault: LedgerFault::LacksHead { head } },
                fault => LedgerError { line: entries.line, fault },
            })?;
        }
        if entries.head == head {
            return Ok(entries);
        }
        Err(LedgerError { line: entries.line, fault: LedgerFault::LacksHead { head } })
    }

    /// Checks that the ledger contains a checkpoint, so that, if all its entries continue each
    /// other, it was neither cut before it nor rewritten. `O(n)` in the text.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] for a ledger of another record, one that ends before the checkpoint, and one
    /// with another line at its position.
    pub fn require(&self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        let (record, ours) = (checkpoint.record(), self.beginning.record());
        if record != ours {
            return Err(LedgerError { line: 1, fault: LedgerFault::OtherRecord { record: ours, wanted: record } });
        }
        self.entries_after(checkpoint.head()).map(|_| ())
    }

    /// Proves which checkpoints the ledger contains, for
    /// [`Tenant::with_proof`](crate::Tenant::with_proof). `O(n)` in the text.
    ///
    /// # Errors
    ///
    /// [`LedgerError`] as for [`Ledger::entries`].
    pub fn prove<'c>(&self, wanted: impl IntoIterator<Item = &'c Checkpoint>) -> Result<InclusionProof, LedgerError> {
        let mut prover = InclusionProver::new(&self.beginning, wanted);
        let mut entries = self.entries();
        while let Some(entry) = entries.next() {
            let line = entries.line;
            prover.add(&entry?).map_err(|error| LedgerError { line, fault: error.into() })?;
        }
        Ok(prover.finish())
    }
}

impl Entries<'_> {
    /// Returns the head of what was read so far.
    #[must_use]
    pub fn head(&self) -> Head {
        self.head
    }

    /// Returns how many bytes of the ledger are valid, of what was read so far: a host that prefers
    /// to continue with the valid beginning of a damaged ledger cuts it here.
    #[must_use]
    pub fn valid_bytes(&self) -> usize {
        self.valid_bytes
    }

    /// Moves behind the next line if it continues the one before, without reading its event.
    fn skip_line(&mut self) -> Result<(), LedgerFault> {
        let text = self.lines.next().unwrap_or_default();
        self.line = self.line.saturating_add(1);
        let line = whole(text)?;
        let previous = match previous_of(line) {
            Some(previous) => previous,
            None => Entry::read(line)?.previous(),
        };
        if previous != self.head.hash() {
            // What the line says of itself tells which error it is.
            self.head.continued_by(&Entry::read(line)?)?;
        }
        self.head = Head::new(self.head.number().saturating_add(1), EntryHash::of(line));
        self.valid_bytes = self.valid_bytes.saturating_add(text.len());
        Ok(())
    }

    fn read(&self, line: &str) -> Result<Entry, LedgerFault> {
        let entry = Entry::read(whole(line)?)?;
        self.head.continued_by(&entry)?;
        Ok(entry)
    }
}

impl Iterator for Entries<'_> {
    type Item = Result<Entry, LedgerError>;

    fn next(&mut self) -> Option<Self::Item> {
        let text = self.lines.next().filter(|_| !self.is_over)?;
        self.line = self.line.saturating_add(1);
        let entry = self.read(text);
        match &entry {
            Ok(entry) => {
                self.head = entry.head();
                self.valid_bytes = self.valid_bytes.saturating_add(text.len());
            }
            Err(_) => self.is_over = true,
        }
        Some(entry.map_err(|fault| LedgerError { line: self.line, fault }))
    }
}

/// Returns the hash of the entry that a line continues, from where every entry that this library
/// writes has it; `None` for a line in another order or with other spaces.
fn previous_of(line: &str) -> Option<EntryHash> {
    line.strip_prefix(r#"{"previous":""#)?.get(..43)?.parse().ok()
}

/// Returns a line without its line feed, if it has one.
fn whole(line: &str) -> Result<&str, LedgerFault> {
    line.strip_suffix('\n').ok_or(LedgerFault::Cut)
}

/// Returns the number of the first entry at which two records of one tenant differ, given their
/// heads in order from the same number on; `None` if one continues the other. `O(n)` in the heads.
#[must_use]
pub fn first_difference(one: impl IntoIterator<Item = Head>, other: impl IntoIterator<Item = Head>) -> Option<u64> {
    let pairs = one.into_iter().zip(other);
    pairs.into_iter().find(|(one, other)| one != other).map(|(one, _)| one.number())
}
