//! The deals of a book as they were at an instant.

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, GrantKind, Licensee, Termination};
use entitle::time::{End, Phase};
use entitle::token::RevocationList;
use entitle::{Deal, Grant, License, LicenseId};

use crate::book::content::{Document, Recorded};
use crate::book::file::BookFile;
use crate::deal::deal_status::{GrantState, revoked_from, states_under};
use crate::instant::day;
use crate::summary;

/// What a book had at an instant: entries dated later are left out.
#[derive(Debug)]
pub(super) struct View<'a> {
    book: &'a BookFile,
    pub(super) at: DateTime<Utc>,
    deals: Vec<BookDeal<'a>>,
    lists: Vec<&'a Recorded>,
    later: usize,
}

/// A deal with its revisions, in the order of their numbers.
#[derive(Debug)]
pub(super) struct BookDeal<'a> {
    revisions: Vec<(&'a Recorded, &'a License)>,
}

impl<'a> View<'a> {
    pub(super) fn new(book: &'a BookFile, at: DateTime<Utc>) -> Self {
        let mut view = Self { book, at, deals: Vec::new(), lists: Vec::new(), later: 0 };
        let mut places = std::collections::BTreeMap::new();
        for recorded in book.content().documents() {
            if recorded.at > at {
                view.later = view.later.saturating_add(1);
                continue;
            }
            match &recorded.document {
                Document::License(license) => {
                    let place = *places.entry(license.deal().id).or_insert(view.deals.len());
                    if place == view.deals.len() {
                        view.deals.push(BookDeal { revisions: Vec::new() });
                    }
                    if let Some(deal) = view.deals.get_mut(place) {
                        deal.revisions.push((recorded, license));
                    }
                }
                Document::List(_) => view.lists.push(recorded),
                Document::Ticket(_) | Document::Certificate(_) => {}
            }
        }
        for deal in &mut view.deals {
            deal.revisions.sort_by_key(|(recorded, license)| (license.deal().revision, recorded.number));
        }
        view
    }

    /// Returns the deals in the order in which they were first signed.
    pub(super) fn deals(&self) -> &[BookDeal<'a>] {
        &self.deals
    }

    pub(super) fn deal(&self, id: LicenseId) -> Option<&BookDeal<'a>> {
        self.deals.iter().find(|deal| deal.latest().id == id)
    }

    /// Returns what a reader should know beside the answer.
    pub(super) fn notes(&self) -> Vec<String> {
        let mut notes = self.book.notes();
        if self.later > 0 {
            let entries = if self.later == 1 { "entry is" } else { "entries are" };
            notes.push(format!("{} {entries} dated later than {} and left out", self.later, day(self.at)));
        }
        notes
    }

    /// Returns the list of each key that was its latest.
    pub(super) fn lists(&self) -> Vec<RevocationList> {
        let mut latest: Vec<&RevocationList> = Vec::new();
        for list in self.lists.iter().filter_map(|recorded| list_of(recorded)) {
            match latest.iter_mut().find(|other| other.key() == list.key()) {
                Some(other) if other.revocations().sequence < list.revocations().sequence => *other = list,
                Some(_) => {}
                None => latest.push(list),
            }
        }
        latest.into_iter().cloned().collect()
    }

    /// Returns the entry of the first list that revokes the latest revision of a deal, and from when on.
    pub(super) fn revocation(&self, deal: &BookDeal<'_>) -> Option<(&'a Recorded, DateTime<Utc>)> {
        let (signers, lists) = (self.signers(deal), self.lists());
        let from = revoked_from(deal.latest(), &signers, &lists)?;
        let first = self.lists.iter().find(|recorded| {
            // The other lists say whose keys sign lists.
            let mut with: Vec<_> = lists.clone();
            let of_key = list_of(recorded).cloned();
            with.retain(|list| of_key.as_ref().is_none_or(|own| own.key() != list.key()));
            let entries = |lists: &[RevocationList]| revoked_from(deal.latest(), &signers, lists).is_some();
            let without = entries(&with);
            with.extend(of_key);
            entries(&with) && !without
        });
        first.map(|recorded| (*recorded, from))
    }

    /// Returns what each grant of the latest revision gives.
    pub(super) fn states(&self, deal: &BookDeal<'_>, lists: &[RevocationList]) -> Vec<GrantState> {
        states_under(deal.latest(), &self.signers(deal), lists, self.at)
    }

    /// Returns from when on lists revoke the latest revision.
    pub(super) fn revoked_from(&self, deal: &BookDeal<'_>, lists: &[RevocationList]) -> Option<DateTime<Utc>> {
        revoked_from(deal.latest(), &self.signers(deal), lists)
    }

    fn signers(&self, deal: &BookDeal<'_>) -> Vec<entitle::token::KeyId> {
        deal.revisions.last().map(|(_, license)| self.book.content().signers(license.key())).unwrap_or_default()
    }
}

fn list_of(recorded: &Recorded) -> Option<&RevocationList> {
    match &recorded.document {
        Document::List(list) => Some(list),
        _ => None,
    }
}

impl<'a> BookDeal<'a> {
    /// Returns the revisions with their entries.
    pub(super) fn revisions(&self) -> &[(&'a Recorded, &'a License)] {
        &self.revisions
    }

    /// Returns the latest revision.
    pub(super) fn latest(&self) -> &'a Deal {
        // A deal of a book has a revision.
        #[allow(clippy::indexing_slicing, reason = "it is made with its first revision")]
        self.revisions[self.revisions.len().saturating_sub(1)].1.deal()
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

    /// Returns the next end of a grant; where all are over, the last one.
    pub(super) fn end(&self, at: DateTime<Utc>) -> Option<End> {
        let ends = || self.latest().grants.iter().map(end_of);
        ends().filter(|end| *end > End::At(at)).min().or_else(|| ends().max())
    }
}

/// Returns when the term of a grant ends, or a trial can no longer be started; early ends considered.
pub(super) fn end_of(grant: &Grant) -> End {
    let ends = match &grant.kind {
        GrantKind::Paid(paid) => paid.term.ends(),
        GrantKind::Trial(trial) => End::At(trial.may_start.closes()),
    };
    match summary::early(grant) {
        Termination::Never => ends,
        Termination::Cancelled(at) | Termination::Withdrawn(at) => ends.min(End::At(at)),
    }
}

/// Returns the state of a deal in a word: that of its best grant.
pub(super) fn word(states: &[GrantState]) -> &'static str {
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
