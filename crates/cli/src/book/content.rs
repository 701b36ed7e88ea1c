//! What is in a book: documents that verify, each once, in the order of their entries.

use core::num::NonZeroU32;
use std::collections::BTreeMap;
use std::path::Path;

use entitle::chrono::{DateTime, Utc};
use entitle::id::Label;
use entitle::license::Licensee;
use entitle::record::EntryHash;
use entitle::token::{KeyCertificate, KeyId, Kind, RevocationList, TimeTicket, TokenError};
use entitle::{Deal, KeyRing, License, LicenseId, PublicKey, PublisherId, TicketId, Token};

use super::file::not_a_book;
use super::line::{BEGINS, Beginning, EntryLine, FORMAT, hash, parse};
use super::problem::Problem;
use crate::exit::Failure;
use crate::key::issuing_ring;
use crate::summary;

/// A signed document that verifies under the keys of the book.
#[derive(Debug, Clone)]
pub(crate) enum Document {
    License(License),
    List(RevocationList),
    Ticket(TimeTicket),
    Certificate(KeyCertificate),
}

/// An entry with a document.
#[derive(Debug, Clone)]
pub(crate) struct Recorded {
    pub(crate) number: u64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: Label,
    pub(crate) token: Token,
    pub(crate) document: Document,
}

/// An entry with a key.
#[derive(Debug, Clone)]
pub(crate) struct RecordedKey {
    pub(crate) number: u64,
    pub(crate) at: DateTime<Utc>,
    pub(crate) by: Label,
    pub(crate) key: PublicKey,
}

/// The content of a book.
#[derive(Debug, Clone)]
pub(crate) struct Content {
    publisher: PublisherId,
    head: EntryHash,
    entries: u64,
    keys: Vec<RecordedKey>,
    ring: KeyRing,
    certificates: Vec<KeyCertificate>,
    documents: Vec<Recorded>,
    /// The places of documents by their number.
    places: BTreeMap<Number, Vec<usize>>,
}

/// What identifies a document: of one number there is one content.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Number {
    License(LicenseId, NonZeroU32),
    List(KeyId, NonZeroU32),
    Ticket(TicketId),
    /// Certificates have no numbers: any number of one key by one issuer.
    Certificate(KeyId, KeyId),
}

impl Document {
    fn number(&self) -> Number {
        match self {
            Self::License(license) => Number::License(license.deal().id, license.deal().revision),
            Self::List(list) => Number::List(list.key(), list.revocations().sequence),
            Self::Ticket(ticket) => Number::Ticket(ticket.correction().id),
            Self::Certificate(certificate) => Number::Certificate(certificate.issuer(), certificate.key()),
        }
    }

    /// Returns the document in one line.
    pub(crate) fn summary(&self) -> String {
        match self {
            Self::License(license) => {
                let deal = license.deal();
                format!("license, revision {}, {}", deal.revision, summary::summarize_deal(deal))
            }
            Self::List(list) => summary::summarize_list(list.revocations()),
            Self::Ticket(ticket) => {
                let ticket = ticket.correction();
                format!("time ticket of {} for {}", crate::instant::day(ticket.issued), ticket.tenant)
            }
            Self::Certificate(certificate) => summary::summarize_certificate(certificate.certified()),
        }
    }

    fn publisher(&self) -> &PublisherId {
        match self {
            Self::License(license) => &license.deal().publisher,
            Self::List(list) => &list.revocations().publisher,
            Self::Ticket(ticket) => &ticket.correction().publisher,
            Self::Certificate(certificate) => &certificate.certified().publisher,
        }
    }

    /// Returns whether two documents of one number are one, signed twice. If their contents differ it is an
    /// error, with the name of the number.
    fn is_same(&self, other: &Self) -> Result<bool, String> {
        let one_content = |is_one: bool, name: String| if is_one { Ok(()) } else { Err(name) };
        match (self, other) {
            (Self::License(new), Self::License(old)) => {
                let deal = new.deal();
                let name = || format!("revision {} of the license {}", deal.revision, deal.id);
                one_content(deal == old.deal(), name())?;
                // Signed with another key it is another document, of the same content.
                Ok(new.key() == old.key())
            }
            (Self::List(new), Self::List(old)) => {
                let (list, key) = (new.revocations(), new.key());
                one_content(list == old.revocations(), format!("revocation list {} of the key {key}", list.sequence))?;
                Ok(true)
            }
            (Self::Ticket(new), Self::Ticket(old)) => {
                let ticket = new.correction();
                one_content(ticket == old.correction(), format!("the time ticket {}", ticket.id))?;
                Ok(new.key() == old.key())
            }
            (Self::Certificate(new), Self::Certificate(old)) => Ok(new.certified() == old.certified()),
            _ => Ok(false),
        }
    }
}

/// Returns whom a deal is for: no revision changes it, while names and countries may change.
fn licensee(deal: &Deal) -> String {
    match &deal.licensee {
        Licensee::Tenant(customer) => format!("tenant {}", customer.id),
        Licensee::Anyone => "anyone".to_string(),
    }
}

impl Content {
    /// Reads the complete lines of a book. The first line that does not continue the one before, or whose
    /// document does not verify, is an error. `O(n)`, with a signature each.
    pub(crate) fn read(path: &Path, text: &str) -> Result<Self, Failure> {
        let mut lines = text.lines();
        let first = lines.next().filter(|first| first.starts_with(BEGINS));
        let first = first.ok_or_else(|| not_a_book(path, "its first line does not begin as that of a book"))?;
        let beginning: Beginning = parse(first).map_err(|why| not_a_book(path, &why))?;
        if beginning.book != FORMAT {
            let why = format!("its format is {}, this release knows {FORMAT}", beginning.book);
            return Err(not_a_book(path, &why));
        }
        let mut content = Self {
            publisher: beginning.publisher,
            head: hash(first),
            entries: 0,
            keys: Vec::new(),
            ring: KeyRing::new(),
            certificates: Vec::new(),
            documents: Vec::new(),
            places: BTreeMap::new(),
        };
        for text in lines {
            let line = parse(text).map_err(|detail| Problem::NotAnEntry { detail });
            let added =
                line.and_then(|line: EntryLine| content.continues(&line).and_then(|()| content.add(&line, hash(text))));
            added.map_err(|problem| content.of_next_line(path, problem))?;
        }
        Ok(content)
    }

    /// Adds a last line without a line feed if it is whole: it parses, and continues this book. Returns
    /// whether it does. One whose document does not verify is an error.
    pub(super) fn read_last(&mut self, path: &Path, text: &str) -> Result<bool, Failure> {
        let whole = parse(text).ok().filter(|line: &EntryLine| self.continues(line).is_ok());
        let Some(line) = whole else { return Ok(false) };
        self.add(&line, hash(text)).map_err(|problem| self.of_next_line(path, problem))?;
        Ok(true)
    }

    /// Returns the failure of the line after the last entry.
    fn of_next_line(&self, path: &Path, problem: Problem) -> Failure {
        let line = usize::try_from(self.entries).unwrap_or(usize::MAX).saturating_add(2);
        problem.failure(path, Some(line))
    }

    /// Checks that a line continues this book.
    fn continues(&self, line: &EntryLine) -> Result<(), Problem> {
        if line.previous != self.head {
            return Err(Problem::Forked { found: line.previous, expected: self.head });
        }
        let expected = self.entries.saturating_add(1);
        if line.number != expected {
            return Err(Problem::OtherNumber { found: line.number, expected });
        }
        Ok(())
    }

    /// Adds an entry that continues the book.
    pub(super) fn add(&mut self, line: &EntryLine, hash: EntryHash) -> Result<(), Problem> {
        let (number, at, by) = (line.number, line.at.0, line.by.clone());
        match (&line.key, &line.document) {
            (Some(key), None) => {
                self.keys.push(RecordedKey { number, at, by, key: *key });
                self.ring = issuing_ring(self.keys.iter().map(|recorded| &recorded.key));
            }
            (None, Some(token)) => {
                let document = self.verify(token)?;
                if let Some((_, earlier)) = self.find(&document)? {
                    return Err(Problem::Twice { earlier });
                }
                if let Document::Certificate(certificate) = &document {
                    self.certificates.push(certificate.clone());
                }
                self.places.entry(document.number()).or_default().push(self.documents.len());
                self.documents.push(Recorded { number, at, by, token: token.clone(), document });
            }
            _ => {
                let detail = "it has neither a key nor a document, or both".to_string();
                return Err(Problem::NotAnEntry { detail });
            }
        }
        (self.head, self.entries) = (hash, number);
        Ok(())
    }

    /// Returns the document that a token is under the keys and certificates of the book.
    pub(super) fn verify(&self, token: &Token) -> Result<Document, Problem> {
        let kind = token.claimed_kind();
        let verified: Result<Document, TokenError> = kind.and_then(|kind| match kind {
            Kind::RevocationList => self.ring.verify_list_with(&self.certificates, token).map(Document::List),
            Kind::TimeTicket => self.ring.verify_ticket_with(&self.certificates, token).map(Document::Ticket),
            Kind::KeyCertificate => self.ring.verify_certificate(token).map(Document::Certificate),
            // A kind that is not known here is refused as not a license.
            _ => self.ring.verify_with(&self.certificates, token).map(Document::License),
        });
        let document = verified.map_err(Problem::Unverified)?;
        if *document.publisher() != self.publisher {
            let (found, ours) = (document.publisher().clone(), self.publisher.clone());
            return Err(Problem::OtherPublisher { found, ours });
        }
        Ok(document)
    }

    /// Returns the same document and the number of its entry, if it is in the book. A license that differs
    /// from earlier revisions in what no revision changes is an error.
    pub(super) fn find(&self, document: &Document) -> Result<Option<(Token, u64)>, Problem> {
        let places = self.places.get(&document.number()).map(Vec::as_slice).unwrap_or_default();
        for recorded in places.iter().filter_map(|place| self.documents.get(*place)) {
            let is_same = document.is_same(&recorded.document).map_err(|what| Problem::Conflict {
                what,
                found: document.summary(),
                ours: recorded.document.summary(),
                entry: recorded.number,
            })?;
            if is_same {
                return Ok(Some((recorded.token.clone(), recorded.number)));
            }
        }
        if let Document::License(license) = document {
            self.check_is_of_one_deal(license.deal())?;
        }
        Ok(None)
    }

    /// Fails if the book has another revision of the deal, of another offer or for another licensee. The
    /// publisher is that of the book. `O(log n)`: one revision speaks for all.
    fn check_is_of_one_deal(&self, deal: &Deal) -> Result<(), Problem> {
        let all = Number::License(deal.id, NonZeroU32::MIN)..=Number::License(deal.id, NonZeroU32::MAX);
        let place = self.places.range(all).find_map(|(_, places)| places.first());
        let Some(recorded) = place.and_then(|place| self.documents.get(*place)) else { return Ok(()) };
        let Document::License(earlier) = &recorded.document else { return Ok(()) };
        let (ours, entry) = (earlier.deal(), recorded.number);
        let differs = |what: &str, found: String, ours: String| {
            let what = format!("{what} of the license {}", deal.id);
            Err(Problem::OtherDeal { what, found, ours, entry })
        };
        if deal.offer != ours.offer {
            return differs("the offer", deal.offer.to_string(), ours.offer.to_string());
        }
        let (found, ours) = (licensee(deal), licensee(ours));
        if found == ours { Ok(()) } else { differs("the licensee", found, ours) }
    }

    pub(crate) fn publisher(&self) -> &PublisherId {
        &self.publisher
    }

    /// Returns the hash of the last line.
    pub(crate) fn head(&self) -> EntryHash {
        self.head
    }

    /// Returns the number of entries.
    pub(crate) fn entries(&self) -> u64 {
        self.entries
    }

    pub(crate) fn keys(&self) -> &[RecordedKey] {
        &self.keys
    }

    pub(crate) fn has_key(&self, key: &PublicKey) -> bool {
        self.keys.iter().any(|recorded| recorded.key == *key)
    }

    pub(crate) fn documents(&self) -> &[Recorded] {
        &self.documents
    }

    /// Returns the licenses with their entries.
    pub(crate) fn licenses(&self) -> impl Iterator<Item = (&Recorded, &License)> {
        self.documents.iter().filter_map(|recorded| match &recorded.document {
            Document::License(license) => Some((recorded, license)),
            _ => None,
        })
    }

    /// Returns the latest revision of a license.
    pub(crate) fn latest(&self, id: LicenseId) -> Option<(&Recorded, &License)> {
        self.licenses()
            .filter(|(_, license)| license.deal().id == id)
            .max_by_key(|(_, license)| license.deal().revision)
    }

    /// Returns the list before a list of the same key, the last one that has a lower number.
    pub(super) fn list_before(&self, list: &RevocationList) -> Option<&RevocationList> {
        let first = Number::List(list.key(), NonZeroU32::MIN);
        let places = self.places.range(first..Number::List(list.key(), list.revocations().sequence));
        places.rev().flat_map(|(_, places)| places).find_map(|place| match &self.documents.get(*place)?.document {
            Document::List(before) => Some(before),
            _ => None,
        })
    }

    /// Returns the latest list of a key.
    pub(crate) fn latest_list(&self, key: KeyId) -> Option<&RevocationList> {
        self.all_lists().filter(|list| list.key() == key).max_by_key(|list| list.revocations().sequence)
    }

    /// Returns the latest list of each key.
    pub(super) fn latest_lists(&self) -> impl Iterator<Item = &RevocationList> {
        let mut latest = BTreeMap::new();
        for list in self.all_lists() {
            let known = latest.entry(list.key()).or_insert(list);
            if known.revocations().sequence < list.revocations().sequence {
                *known = list;
            }
        }
        latest.into_values()
    }

    fn all_lists(&self) -> impl Iterator<Item = &RevocationList> {
        self.documents.iter().filter_map(|recorded| match &recorded.document {
            Document::List(list) => Some(list),
            _ => None,
        })
    }

    /// Returns the key that signed a license, and the keys that certified it.
    pub(crate) fn signers(&self, key: KeyId) -> Vec<KeyId> {
        let certified = self.certificates.iter().filter(|certificate| certificate.key() == key);
        core::iter::once(key).chain(certified.map(KeyCertificate::issuer)).collect()
    }
}
