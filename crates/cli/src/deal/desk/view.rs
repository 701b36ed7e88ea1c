//! The deals of a book as they were at an instant, and what the customers' application makes of them.

use std::collections::{BTreeMap, BTreeSet};

use entitle::chrono::{DateTime, NaiveTime, Utc};
use entitle::license::{Customer, LicenseHash, Licensee, Revocation, Termination};
use entitle::time::{End, Phase};
use entitle::token::{KeyId, KeyPurpose, RevocationList, TokenError};
use entitle::{Deal, KeyRing, License, LicenseId, OfferId, Token};

use crate::application::{Application, issuing, ring_by_use};
use crate::book::content::{Content, Document, Recorded};
use crate::book::file::BookFile;
use crate::book::selector::short;
use crate::deal::deal_status::{GrantState, states_until};
use crate::instant::day;
use crate::named_keys::NamedKeys;
use crate::summary;

/// The most deals that a note names.
const NAMED: usize = 3;

/// What a book had at an instant: entries dated later are left out.
#[derive(Debug)]
pub(super) struct View<'a> {
    book: &'a BookFile,
    pub(super) at: DateTime<Utc>,
    deals: Vec<BookDeal<'a>>,
    places: BTreeMap<LicenseId, usize>,
    lists: Vec<&'a Recorded>,
    later: usize,
    /// What the application of each offer accepts.
    applications: BTreeMap<&'a OfferId, Application>,
    /// The keys of the application where they are known, not assumed.
    named: Option<NamedKeys>,
    /// The lists of the book that those keys do not make count.
    ignored: Vec<&'a RevocationList>,
}

/// A deal with its revisions, in the order of their numbers.
#[derive(Debug)]
pub(super) struct BookDeal<'a> {
    revisions: Vec<Revision<'a>>,
}

/// A revision of a deal.
#[derive(Debug)]
pub(super) struct Revision<'a> {
    pub(super) recorded: &'a Recorded,
    pub(super) license: &'a License,
    /// Why the application does not accept it.
    pub(super) refused: Option<TokenError>,
}

impl<'a> View<'a> {
    /// Returns the deals of a book where the application trusts the keys of a ring, or each key for what it
    /// signed. `O(n log n)` in the entries, with a signature each.
    pub(super) fn new(book: &'a BookFile, at: DateTime<Utc>, named: Option<NamedKeys>) -> Self {
        let content = book.content();
        let ring = named.as_ref().map_or_else(|| by_use(content), NamedKeys::ring);
        let known = || content.documents().iter().filter(|recorded| recorded.at <= at);
        let lists: Vec<_> = known().filter(|recorded| matches!(recorded.document, Document::List(_))).collect();
        let certificates = known().filter(|recorded| matches!(recorded.document, Document::Certificate(_)));
        let certificates: Vec<_> = certificates.map(|recorded| &recorded.token).collect();
        let (mut deals, mut places): (Vec<BookDeal<'a>>, _) = (Vec::new(), BTreeMap::new());
        let mut applications = BTreeMap::new();
        for recorded in known() {
            let Document::License(license) = &recorded.document else { continue };
            let application = applications.entry(&license.deal().offer).or_insert_with_key(|offer| {
                let lists = lists.iter().map(|recorded| &recorded.token);
                Application::new(&ring, offer, certificates.iter().copied(), lists)
            });
            // Without named keys all that is in the book is accepted.
            let refused = if named.is_some() { application.license(&recorded.token).err() } else { None };
            let place = *places.entry(license.deal().id).or_insert(deals.len());
            if place == deals.len() {
                deals.push(BookDeal { revisions: Vec::new() });
            }
            if let Some(deal) = deals.get_mut(place) {
                deal.revisions.push(Revision { recorded, license, refused });
            }
        }
        for deal in &mut deals {
            deal.revisions.sort_by_key(|revision| (revision.license.deal().revision, revision.recorded.number));
        }
        let later = content.documents().iter().filter(|recorded| recorded.at > at).count();
        let ignored = if named.is_some() { ignored(&ring, certificates.iter().copied(), &lists) } else { Vec::new() };
        Self { book, at, deals, places, lists, later, applications, named, ignored }
    }

    /// Returns the deals in the order in which they were first signed.
    pub(super) fn deals(&self) -> &[BookDeal<'a>] {
        &self.deals
    }

    pub(super) fn deal(&self, id: LicenseId) -> Option<&BookDeal<'a>> {
        self.places.get(&id).and_then(|place| self.deals.get(*place))
    }

    /// Returns what a reader should know beside an answer about these deals.
    pub(super) fn notes<'v>(&'v self, shown: impl IntoIterator<Item = &'v BookDeal<'a>>) -> Vec<String>
    where
        'a: 'v,
    {
        let mut notes = self.book.notes();
        if self.later > 0 {
            let entries = if self.later == 1 { "entry is" } else { "entries are" };
            let note = format!("{} {entries} dated later than {} and left out", self.later, day(self.at));
            notes.push(self.of_this_day().map_or_else(|| note.clone(), |these| format!("{note}{these}")));
        }
        let (mut naming, mut ignored) = (BTreeSet::new(), BTreeMap::<_, Vec<_>>::new());
        for deal in shown {
            notes.extend(deal.refusal());
            naming.extend(self.assumed(deal));
            for key in self.ignored(deal) {
                ignored.entry(key).or_default().push(format!("{} ({})", short(deal.latest().id), deal.name()));
            }
        }
        notes.extend(ignored.into_iter().filter_map(|(key, deals)| self.ignored_note(key, &deals)));
        notes.extend(self.assumption(&naming));
        notes
    }

    /// Returns how many of the entries that are left out are of the day whose first second was asked for.
    fn of_this_day(&self) -> Option<String> {
        let next = self.at.date_naive().succ_opt()?.and_time(NaiveTime::MIN).and_utc();
        let these = self.book.content().documents().iter();
        let these = these.filter(|recorded| recorded.at > self.at && recorded.at < next).count();
        let is_date = self.at.time() == NaiveTime::MIN;
        (is_date && these > 0).then(|| {
            format!("; {these} of them on that day: a date is its first second, so `--at {}` has them", day(next))
        })
    }

    /// Returns the note that these keys are assumed to be trusted for lists, with the options that say so.
    fn assumption(&self, naming: &BTreeSet<KeyId>) -> Option<String> {
        let content = self.book.content();
        let signs_licenses = content.licenses().any(|(_, license)| naming.contains(&license.key()));
        let publisher = content.publisher();
        let options = if signs_licenses {
            format!("--trust {publisher}.pub=licenses,anyone,lists")
        } else {
            format!("--trust {publisher}.pub --trust lists.pub=lists")
        };
        let keys: Vec<String> = naming.iter().map(ToString::to_string).collect();
        (!keys.is_empty()).then(|| {
            format!(
                "what lists revoke is shown for an application that trusts {} for lists, and each other key for what it signed; name the keys of yours with their purposes, as in `{options}`",
                keys.join(" and ")
            )
        })
    }

    /// Returns the note that the lists of a key name these deals and do not count, with what makes them.
    fn ignored_note(&self, key: KeyId, deals: &[String]) -> Option<String> {
        let public = self.book.content().keys().iter().map(|recorded| &recorded.key).find(|one| one.id() == key)?;
        let options = self.named.as_ref()?.trusting(public, KeyPurpose::Revocations);
        let first: Vec<&str> = deals.iter().take(NAMED).map(String::as_str).collect();
        let more = deals.len().saturating_sub(first.len());
        let more = if more == 0 { String::new() } else { format!(" and {more} more") };
        Some(format!(
            "a revocation list of the key {key} names {}{more}, or who signed it, and is not counted: no --trust names this key for lists; if the application trusts it for lists, give {options}",
            first.join(", ")
        ))
    }

    /// Returns the keys of the lists that name a deal or who signed it, and do not count since no named key
    /// is trusted for them.
    pub(super) fn ignored(&self, deal: &BookDeal<'a>) -> BTreeSet<KeyId> {
        let naming = self.ignored.iter().filter(|list| self.names(list, deal));
        naming.map(|list| list.key()).collect()
    }

    /// Returns the keys of the lists that name a deal or who signed it, where it is assumed that the
    /// application trusts them for lists, and every other key for what it signed.
    pub(super) fn assumed(&self, deal: &BookDeal<'a>) -> BTreeSet<KeyId> {
        let application = self.application(deal).filter(|_| self.named.is_none());
        let lists = application.into_iter().flat_map(Application::lists);
        lists.filter(|list| self.names(list, deal)).map(RevocationList::key).collect()
    }

    /// Returns the entry of the first list that revokes the revision in force, and from when on.
    pub(super) fn revocation(&self, deal: &BookDeal<'a>) -> Option<(&'a Recorded, DateTime<Utc>)> {
        let from = self.revoked_from(deal)?;
        let (application, revision) = (self.application(deal)?, deal.in_force()?);
        let revokes = |list: &RevocationList| revision.ends(&application.with_only(list)).is_some();
        let revoking: BTreeSet<KeyId> =
            application.lists().iter().filter(|list| revokes(list)).map(RevocationList::key).collect();
        let first = self
            .lists
            .iter()
            .find(|recorded| list_of(recorded).is_some_and(|list| revoking.contains(&list.key()) && revokes(list)));
        first.map(|recorded| (*recorded, from))
    }

    /// Returns what each grant of the revision in force gives; nothing where the application accepts none.
    pub(super) fn states(&self, deal: &BookDeal<'a>) -> Vec<GrantState> {
        let Some(revision) = deal.in_force() else { return Vec::new() };
        states_until(revision.license.deal(), self.revoked_from(deal), self.at)
    }

    /// Returns the state of a deal in a word: that of the best grant of its latest revision.
    pub(super) fn word(&self, deal: &BookDeal<'a>) -> &'static str {
        if deal.latest_revision().refused.is_some() { "not accepted" } else { word(&self.states(deal)) }
    }

    /// Returns the next end of what can be used; where nothing can, of what is paid, then of trials; where
    /// all is over, the last end.
    pub(super) fn end(&self, deal: &BookDeal<'a>) -> Option<End> {
        let states = self.states(deal);
        let later = |state: &&GrantState| state.end() > End::At(self.at);
        let first = |is: fn(&GrantState) -> bool| {
            states.iter().filter(later).filter(|state| is(state)).map(GrantState::end).min()
        };
        let last = || states.iter().map(GrantState::end).max();
        let usable = first(|state| state.phase.is_usable());
        usable.or_else(|| first(GrantState::is_paid)).or_else(|| first(|_| true)).or_else(last)
    }

    /// Returns from when on lists revoke the revision in force.
    pub(super) fn revoked_from(&self, deal: &BookDeal<'a>) -> Option<DateTime<Utc>> {
        deal.in_force()?.ends(self.application(deal)?)
    }

    fn application(&self, deal: &BookDeal<'a>) -> Option<&Application> {
        self.applications.get(&deal.latest().offer)
    }

    /// Returns whether a list names a deal, or a key that stands behind one of its licenses.
    fn names(&self, list: &RevocationList, deal: &BookDeal<'a>) -> bool {
        let hash = LicenseHash::of(deal.latest().id);
        let signers = deal.revisions.iter().flat_map(|revision| self.book.content().signers(revision.license.key()));
        let signers: BTreeSet<KeyId> = signers.collect();
        list.revocations().entries.iter().any(|entry| match entry {
            Revocation::License(revoked) => revoked.license == hash,
            Revocation::Key(revoked) => signers.contains(&revoked.key),
        })
    }
}

/// Returns the latest lists of the keys that neither the ring nor a certificate under it makes count.
fn ignored<'a>(
    ring: &KeyRing,
    certificates: impl Iterator<Item = &'a Token>,
    lists: &[&'a Recorded],
) -> Vec<&'a RevocationList> {
    let certificates: Vec<_> = certificates.filter_map(|token| ring.verify_certificate(token).ok()).collect();
    let mut latest: BTreeMap<KeyId, &RevocationList> = BTreeMap::new();
    for recorded in lists {
        let Some(list) = list_of(recorded) else { continue };
        if ring.verify_list_with(&certificates, &recorded.token).is_ok() {
            continue;
        }
        let known = latest.entry(list.key()).or_insert(list);
        if known.revocations().sequence < list.revocations().sequence {
            *known = list;
        }
    }
    latest.into_values().collect()
}

/// Returns a ring that trusts each key of a book for what it signed there.
fn by_use(content: &Content) -> KeyRing {
    let mut used: BTreeMap<KeyId, Vec<KeyPurpose>> = BTreeMap::new();
    for recorded in content.documents() {
        let (key, purposes) = match &recorded.document {
            Document::License(license) => (license.key(), vec![KeyPurpose::Licenses, KeyPurpose::LicensesForAnyone]),
            Document::List(list) => (list.key(), vec![KeyPurpose::Revocations]),
            Document::Ticket(ticket) => (ticket.key(), vec![KeyPurpose::TimeTickets]),
            Document::Certificate(certificate) => (certificate.issuer(), issuing(certificate)),
        };
        used.entry(key).or_default().extend(purposes);
    }
    let keys = content.keys().iter().map(|recorded| &recorded.key);
    ring_by_use(keys, |key| used.get(&key).cloned().unwrap_or_default())
}

fn list_of(recorded: &Recorded) -> Option<&RevocationList> {
    match &recorded.document {
        Document::List(list) => Some(list),
        _ => None,
    }
}

impl Revision<'_> {
    /// Returns from when on the lists of an application end it.
    fn ends(&self, application: &Application) -> Option<DateTime<Utc>> {
        application.license_ends(self.license.deal(), self.license.key(), &self.recorded.token)
    }
}

impl<'a> BookDeal<'a> {
    /// Returns the revisions with their entries.
    pub(super) fn revisions(&self) -> &[Revision<'a>] {
        &self.revisions
    }

    /// Returns the latest revision.
    pub(super) fn latest_revision(&self) -> &Revision<'a> {
        // A deal of a book has a revision.
        #[allow(clippy::indexing_slicing, reason = "it is made with its first revision")]
        &self.revisions[self.revisions.len().saturating_sub(1)]
    }

    /// Returns what was sold last.
    pub(super) fn latest(&self) -> &'a Deal {
        self.latest_revision().license.deal()
    }

    /// Returns the latest revision that the application accepts.
    pub(super) fn in_force(&self) -> Option<&Revision<'a>> {
        self.revisions.iter().rev().find(|revision| revision.refused.is_none())
    }

    /// Returns why the application does not accept the latest revision, and which is in force instead.
    fn refusal(&self) -> Option<String> {
        let (latest, why) = (self.latest(), self.latest_revision().refused.as_ref()?);
        let instead = match self.in_force() {
            Some(revision) => format!("revision {} stays in force", revision.license.deal().revision),
            None => "none is in force".to_string(),
        };
        Some(format!(
            "the application does not accept revision {} of {} ({}): {why}; {instead}",
            latest.revision,
            short(latest.id),
            self.name()
        ))
    }

    pub(super) fn customer(&self) -> Option<&'a Customer> {
        match &self.latest().licensee {
            Licensee::Tenant(customer) => Some(customer),
            Licensee::Anyone => None,
        }
    }

    /// Returns the name of the customer.
    pub(super) fn name(&self) -> String {
        self.customer().map_or_else(|| "anyone".to_string(), |customer| customer.name.to_string())
    }
}

/// Returns the state of a deal in a word: that of its best grant.
fn word(states: &[GrantState]) -> &'static str {
    let Some(best) = states.iter().max_by_key(|state| state.phase) else { return "empty" };
    match best.phase {
        Phase::Active => "active",
        Phase::Grace => "in grace",
        Phase::NotFresh => "waiting for a list",
        Phase::Pending => "not yet",
        Phase::NotStarted => "trial",
        Phase::Suspended => "suspended",
        Phase::Revoked => "revoked",
        Phase::ReleaseNotCovered | Phase::Ended => match summary::early(&best.grant) {
            Termination::Never => "expired",
            Termination::Cancelled(_) => "cancelled",
            Termination::Withdrawn(_) => "withdrawn",
        },
    }
}
