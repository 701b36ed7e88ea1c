//! The remedies of a denial, or of a total over a quota, searched for one at a time (K4).

use crate::decision::Denial;
use crate::quota::Over;
use crate::remedy::effort::{Effort, SearchStatus};
use crate::remedy::goal::UnreachedGoal;
use crate::remedy::search::Search;
use crate::remedy::simulation::Purchases;
use crate::remedy::step::Remedy;
use crate::remedy::ticket::ClockRemedy;

/// An iterator of the remedies of a denial or of a total over a quota, found on demand: those of one step first, the nearest
/// miss first.
#[derive(Debug)]
pub struct Remedies<'a> {
    /// The remedy that comes before all others, where the record is ahead of the clock (K10).
    first: Option<ClockRemedy<'a>>,
    search: Search<'a>,
}

impl Iterator for Remedies<'_> {
    type Item = Remedy;

    fn next(&mut self) -> Option<Remedy> {
        self.first.take().and_then(ClockRemedy::find).or_else(|| self.search.next())
    }
}

impl<'a> Remedies<'a> {
    pub(crate) fn new(of: UnreachedGoal<'a>, effort: Effort) -> Self {
        Self { first: Some(ClockRemedy::new(of, effort)), search: Search::new(&of, effort, Purchases::Considered) }
    }
}

impl Remedies<'_> {
    /// Returns how complete the search is. If it was cut short, there may be more remedies.
    #[must_use]
    pub fn status(&self) -> SearchStatus {
        self.search.status()
    }

    /// Returns the remedies without the one for a record that is ahead of the clock.
    pub(crate) fn without_clock(self) -> Self {
        Self { first: None, ..self }
    }

    /// Returns only the remedies of one step that the user can do alone.
    pub(crate) fn by_the_user(self) -> Self {
        Self { first: None, search: self.search.by_the_user() }
    }
}

impl<'a> Denial<'a> {
    /// Returns the remedies of the denial: every smallest set of one or two steps after which the
    /// check allows. If there is none, one set of more steps if the search finds one; an empty
    /// result does not prove that nothing helps (K4). An unknown app has no remedies.
    ///
    /// The steps are all commands about the user and about groups, except removing the user; one
    /// purchase and one freeing of seats for each plan; a recent revocation list; and waiting for
    /// the first date that helps. Steps that need nothing from others come first. A user who gives
    /// up a place by leaving a group gives up everything else from that group, which frees more
    /// than is counted here. A set that frees seats of a plan neither assigns the plan to a group
    /// nor unassigns it from one. Each remedy is tried on a copy of the tenant before it is
    /// returned, so one remedy costs a few times what deciding and applying it does, and all
    /// remedies of two steps take some trials for each pair of steps that could help. Take only as
    /// many as you need.
    ///
    /// Where the record is ahead of the clock by more than the catalog tolerates, and a time ticket
    /// would help, alone or with steps without a purchase, that remedy comes first:
    /// [`Step::CompareClock`](crate::remedy::Step::CompareClock), and then those steps (K10). The
    /// others hold if the clock is wrong.
    ///
    /// The search stops after [`Effort::DEFAULT`]. [`Denial::remedies_within`] takes another limit.
    #[must_use]
    pub fn remedies(&self) -> Remedies<'a> {
        self.remedies_within(Effort::DEFAULT)
    }

    /// Returns the remedies that a limited effort finds, as [`Denial::remedies`] (X8).
    ///
    /// Trials that cost more than the remaining effort are left out: first commands about groups
    /// with very many members, then pairs of steps. At most 1,000 groups that the user is not in
    /// are considered, groups with a plan that lists the app first. [`Remedies::status`] returns
    /// whether anything was left out. A quarter of the effort is reserved for one remedy of more
    /// steps, if there is no other.
    ///
    /// The remedy for a record that is ahead of the clock is searched for with the same effort, in
    /// addition.
    ///
    /// It also costs as much as [`Denial::explain`], and `O(n)` in the groups of the tenant
    /// with their plans, and in its grants.
    #[must_use]
    pub fn remedies_within(&self, effort: Effort) -> Remedies<'a> {
        Remedies::new(self.into(), effort)
    }
}

impl<'a> Over<'a> {
    /// Returns the remedies of a total over a quota: every smallest set of one or two steps after
    /// which the total is within it, which may be none (Q3, K4). They are of the same kinds and in the
    /// same order as those of [`Denial::remedies`]; a quota of the organisation needs no commands
    /// about users. A purchase is taken to give the catalog's amount, so that there may be none where a
    /// negotiated amount would help (Q2).
    #[must_use]
    pub fn remedies(&self) -> Remedies<'a> {
        self.remedies_within(Effort::DEFAULT)
    }

    /// Returns the remedies that a limited effort finds, as [`Denial::remedies_within`] (X8).
    #[must_use]
    pub fn remedies_within(&self, effort: Effort) -> Remedies<'a> {
        Remedies::new(self.into(), effort)
    }
}
