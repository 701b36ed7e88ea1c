//! Where the entries of a record are in the stream.

use std::collections::HashMap;

use entitle::record::{Beginning, EntryError, EntryHash, Head};
use entitle::{Entry, RequestId};

use crate::store::StoreError;

/// The entries of a record as far as the stream was read: some 80 bytes an entry.
#[derive(Debug)]
pub(super) struct Index {
    pub(super) beginning: Beginning,
    /// The sequence number of the message with the beginning.
    first: u64,
    /// Of each entry its hash, and the sequence number of its message.
    entries: Vec<(EntryHash, u64)>,
    requests: HashMap<RequestId, u64>,
    /// The sequence number of the last message.
    pub(super) sequence: u64,
    /// How many messages were read, that of the beginning among them.
    pub(super) messages: u64,
    /// What is wrong with the entry after the last, if anything is.
    pub(super) damage: Option<Damage>,
}

/// Why an entry cannot be read.
#[derive(Debug, Clone)]
pub(super) enum Damage {
    /// A newer release wrote it, or it was damaged.
    Entry(EntryError),
    /// It does not continue the record, or is no text.
    Other(String),
}

impl From<Damage> for StoreError {
    fn from(damage: Damage) -> Self {
        let detail = match damage {
            Damage::Entry(error) => error.to_string(),
            Damage::Other(detail) => detail,
        };
        Self::Damaged { detail }
    }
}

impl Index {
    /// Returns the index of a record of which only the beginning was read.
    pub(super) fn new(beginning: Beginning, sequence: u64) -> Self {
        Self {
            beginning,
            first: sequence,
            entries: Vec::new(),
            requests: HashMap::new(),
            sequence,
            messages: 1,
            damage: None,
        }
    }

    pub(super) fn head(&self) -> Head {
        match self.entries.last() {
            Some((hash, _)) => Head::new(u64::try_from(self.entries.len()).unwrap_or(u64::MAX), *hash),
            None => self.beginning.head(),
        }
    }

    /// Returns the id of the last message: the hash of the last entry.
    pub(super) fn last_id(&self) -> String {
        self.head().hash().to_string()
    }

    /// Returns whether the record contains a head. `O(1)`.
    pub(super) fn contains(&self, head: Head) -> bool {
        let hash = match usize::try_from(head.number()) {
            Ok(0) => Some(self.beginning.head().hash()),
            Ok(number) => self.entries.get(number.saturating_sub(1)).map(|(hash, _)| *hash),
            Err(_) => None,
        };
        hash == Some(head.hash())
    }

    pub(super) fn find(&self, request: RequestId) -> Option<u64> {
        self.requests.get(&request).copied()
    }

    /// Adds the entries of a message, as far as they continue the record. Returns those.
    pub(super) fn read(&mut self, sequence: u64, payload: &[u8]) -> Vec<Entry> {
        let mut read = Vec::new();
        let Ok(text) = core::str::from_utf8(payload) else {
            self.damage = Some(Damage::Other(format!("message {sequence} is not text")));
            return read;
        };
        for line in text.lines() {
            match Entry::read(line) {
                Ok(entry) if self.head().continued_by(&entry).is_ok() => {
                    self.note(sequence, &entry);
                    read.push(entry);
                }
                Ok(entry) => {
                    let detail = format!("entry {} of message {sequence} does not continue the record", entry.number());
                    self.damage = Some(Damage::Other(detail));
                    break;
                }
                Err(error) => {
                    self.damage = Some(Damage::Entry(error));
                    break;
                }
            }
        }
        if self.damage.is_none() {
            (self.sequence, self.messages) = (sequence, self.messages.saturating_add(1));
        }
        read
    }

    /// Adds the entries of a message, which continue the record.
    pub(super) fn add(&mut self, sequence: u64, entries: &[Entry]) {
        for entry in entries {
            self.note(sequence, entry);
        }
        (self.sequence, self.messages) = (sequence, self.messages.saturating_add(1));
    }

    fn note(&mut self, sequence: u64, entry: &Entry) {
        self.entries.push((entry.head().hash(), sequence));
        self.requests.insert(entry.request(), entry.number());
    }

    /// Returns whether there are more than so many entries after a head of the record.
    pub(super) fn has_more_after(&self, head: Head, max: usize) -> bool {
        let after = self.head().number().saturating_sub(head.number());
        self.contains(head) && usize::try_from(after).is_ok_and(|after| after > max)
    }

    /// Returns the sequence numbers of the messages that have at most `max` entries after a head.
    pub(super) fn messages_after(&self, head: Head, max: usize) -> Vec<u64> {
        let from = usize::try_from(head.number()).unwrap_or(usize::MAX);
        let mut sequences: Vec<u64> = self.entries.iter().skip(from).take(max).map(|(_, sequence)| *sequence).collect();
        sequences.dedup();
        sequences
    }

    /// Returns the sequence number of the last message of which no entry is after a head.
    pub(super) fn cursor(&self, head: Head) -> u64 {
        let number = usize::try_from(head.number()).unwrap_or(usize::MAX);
        let next = self.entries.get(number).map(|(_, sequence)| *sequence);
        let mut before = self.entries.iter().take(number).rev().map(|(_, sequence)| *sequence);
        before.find(|sequence| Some(*sequence) != next).unwrap_or(self.first)
    }
}
