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

#[cfg(test)]
mod tests {
    use entitle::record::Beginning;
    use entitle::{Actor, Catalog, Command, Entry, KeyRing, RecordId, RequestId, Role, Tenant};

    use super::{Damage, Index};
    use crate::store::StoreError;

    const CATALOG: &str =
        r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged", "apps": [], "plans": [] }"#;

    /// The beginning of a record, and entries by which as many users join.
    fn record(group: &str, number: u8) -> (Beginning, Vec<Entry>) {
        let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
        let mut tenant = Tenant::new(&Catalog::from_json(CATALOG).unwrap(), &KeyRing::new(), &beginning);
        let actor = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
        let decide = |number: u8| {
            let join = Command::join(format!("user-{number}").parse().unwrap(), group.parse().unwrap());
            let (request, now) = (RequestId::from_random([number; 16]), entitle::chrono::DateTime::UNIX_EPOCH);
            let entry = tenant.decide(&actor, &[join], request, now).unwrap();
            tenant.apply(&entry).unwrap();
            entry
        };
        (beginning, (1..=number).map(decide).collect())
    }

    fn lines(entries: &[Entry]) -> String {
        entries.iter().map(Entry::text).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn it_knows_in_which_message_each_entry_is() {
        let (beginning, entries) = record("staff", 6);
        let mut index = Index::new(beginning.clone(), 10);
        // One message has one entry, the next three, which this process wrote, and the last two.
        assert_eq!(index.read(12, lines(&entries[..1]).as_bytes()), entries[..1]);
        index.add(15, &entries[1..4]);
        assert_eq!(index.read(19, lines(&entries[4..]).as_bytes()), entries[4..]);
        assert_eq!((index.sequence, index.messages, index.head()), (19, 4, entries[5].head()));
        let heads: Vec<_> = [beginning.head()].into_iter().chain(entries.iter().map(Entry::head)).collect();
        assert!(heads.iter().all(|head| index.contains(*head)));
        assert_eq!(
            entries.iter().map(|entry| index.find(entry.request())).collect::<Vec<_>>(),
            (1..=6).map(Some).collect::<Vec<_>>()
        );
        // Of a head the last message of which nothing follows it.
        assert_eq!(heads.iter().map(|head| index.cursor(*head)).collect::<Vec<_>>(), [10, 12, 12, 12, 15, 15, 19]);
        assert_eq!(index.messages_after(heads[0], 9), [12, 15, 19]);
        assert_eq!(index.messages_after(heads[0], 4), [12, 15]);
        assert_eq!(index.messages_after(heads[2], 1), [15]);
        assert!(index.messages_after(heads[6], 9).is_empty());
        assert!(index.has_more_after(heads[2], 3) && !index.has_more_after(heads[2], 4));
        // Another record, and another history of this one.
        let other = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([2; 16]));
        let (_, others) = record("guests", 1);
        for head in [other.head(), others[0].head()] {
            assert!(!index.contains(head) && !index.has_more_after(head, 1));
        }
    }

    #[test]
    fn what_does_not_continue_the_record_is_damage_and_the_entries_before_it_count() {
        let (beginning, entries) = record("staff", 3);
        let (_, others) = record("guests", 2);
        let skipped = "message 12 does not continue the record";
        for (payload, counted, says) in [
            (lines(&entries[2..]).into_bytes(), 0, skipped),
            (lines(&[entries[1].clone(), others[1].clone()]).into_bytes(), 1, skipped),
            (b"\xFF".to_vec(), 0, "message 12 is not text"),
            (b"{}".to_vec(), 0, ""),
        ] {
            let mut index = Index::new(beginning.clone(), 10);
            index.read(11, lines(&entries[..1]).as_bytes());
            assert_eq!(index.read(12, &payload), entries[1..=counted]);
            assert_eq!(index.head(), entries[counted].head());
            // The message is not read to its end.
            assert_eq!((index.sequence, index.messages), (11, 2));
            let damage = index.damage.unwrap();
            assert_eq!(matches!(damage, Damage::Entry(_)), says.is_empty());
            let error = StoreError::from(damage);
            assert!(matches!(&error, StoreError::Damaged { detail } if detail.contains(says)), "{error}");
        }
    }
}
