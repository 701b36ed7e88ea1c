//! The time of a record: the latest time of its events, as its time tickets correct it (X6).

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::time::{EARLIEST, End};

/// What a time ticket does to the times recorded before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Mend {
    /// What was recorded later than this is left alone.
    pub(crate) upto: End,
    /// The rest was recorded no later than this.
    pub(crate) issued: DateTime<Utc>,
}

impl Mend {
    /// The corrected time. Of two times the later stays the later, or both become one.
    fn correct(self, at: DateTime<Utc>) -> DateTime<Utc> {
        if End::At(at) <= self.upto { at.min(self.issued) } else { at }
    }
}

/// The recorded times, in stretches: each ends with a time ticket, in force or not, and the last is open.
///
/// Both are kept, since another key ring may read the tickets differently. Clones share the stretches.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    /// Nothing without a ticket.
    closed: Option<Arc<Vec<Stretch>>>,
    /// The latest time in the open stretch, as recorded.
    open: DateTime<Utc>,
    /// The time as the closed stretches leave it.
    corrected: DateTime<Utc>,
    /// Only where a record is read again from its beginning: what each of its tickets does, those to come included.
    foreseen: Option<Arc<Vec<Option<Mend>>>>,
}

#[derive(Debug, Clone, Copy)]
struct Stretch {
    /// The latest time in it, as recorded.
    latest: DateTime<Utc>,
    /// What the ticket at its end does, if it is in force.
    mend: Option<Mend>,
}

/// When something was recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) stretch: usize,
    /// The latest time in its stretch up to there, as recorded.
    pub(crate) latest: DateTime<Utc>,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        Self { closed: None, open: EARLIEST, corrected: EARLIEST, foreseen: None }
    }

    /// The recorded times of a snapshot, with what its tickets do.
    pub(crate) fn restored(latest: Vec<DateTime<Utc>>, open: DateTime<Utc>, mends: Vec<Option<Mend>>) -> Self {
        let stretches = latest.into_iter().map(|latest| Stretch { latest, mend: None });
        let closed = Some(Arc::new(stretches.collect()));
        Self { closed, open, corrected: EARLIEST, foreseen: None }.with_mends(mends)
    }

    /// The latest recorded time of each closed stretch.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.closed().iter().map(|stretch| stretch.latest)
    }

    /// The latest recorded time since.
    pub(crate) fn open(&self) -> DateTime<Utc> {
        self.open
    }

    fn closed(&self) -> &[Stretch] {
        self.closed.as_deref().map_or(&[], Vec::as_slice)
    }

    /// Takes in the time of an event.
    pub(crate) fn record(&mut self, at: DateTime<Utc>) {
        self.open = self.open.max(at);
    }

    /// Takes in a time ticket, if it is in force with what it does.
    pub(crate) fn close(&mut self, mend: Option<Mend>) {
        let latest = core::mem::replace(&mut self.open, EARLIEST);
        let stretch = Stretch { latest, mend };
        self.corrected = stretch.after(self.corrected);
        Arc::make_mut(self.closed.get_or_insert_default()).push(stretch);
    }

    /// The same times with the tickets read again, in their order.
    pub(crate) fn with_mends(&self, mends: impl IntoIterator<Item = Option<Mend>>) -> Self {
        let stretches = self.closed().iter().zip(mends).map(|(stretch, mend)| Stretch { mend, ..*stretch });
        let closed: Vec<Stretch> = stretches.collect();
        let corrected = closed.iter().fold(EARLIEST, |time, stretch| stretch.after(time));
        Self { closed: (!closed.is_empty()).then(|| Arc::new(closed)), open: self.open, corrected, foreseen: None }
    }

    /// From now on times count as all tickets of the record correct them, also those to come (P2).
    pub(crate) fn foresee(&mut self, mends: Vec<Option<Mend>>) {
        self.foreseen = Some(Arc::new(mends));
    }

    /// What the tickets to come do.
    fn to_come(&self) -> impl Iterator<Item = Mend> {
        let foreseen = self.foreseen.as_deref().map_or(&[][..], Vec::as_slice);
        foreseen.get(self.closed().len()..).unwrap_or_default().iter().copied().flatten()
    }

    /// The latest time recorded, corrected.
    pub(crate) fn latest(&self) -> DateTime<Utc> {
        self.latest_with(EARLIEST)
    }

    /// The latest time recorded once an event at `at` is.
    pub(crate) fn latest_with(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.to_come().fold(self.corrected.max(self.open).max(at), |time, mend| mend.correct(time))
    }

    /// Now, to be asked for its time later.
    pub(crate) fn moment(&self) -> Moment {
        Moment { stretch: self.closed().len(), latest: self.open }
    }

    /// The time of a moment, corrected by the tickets before and after it. Linear in the tickets.
    pub(crate) fn at(&self, moment: Moment) -> DateTime<Utc> {
        let (before, after) = self.closed().split_at_checked(moment.stretch).unwrap_or((self.closed(), &[]));
        let time = before.iter().fold(EARLIEST, |time, stretch| stretch.after(time)).max(moment.latest);
        let after = after.iter().filter_map(|stretch| stretch.mend).chain(self.to_come());
        after.fold(time, |time, mend| mend.correct(time))
    }
}

impl Stretch {
    /// The time at its end, if it begins at `time`.
    fn after(&self, time: DateTime<Utc>) -> DateTime<Utc> {
        let time = time.max(self.latest);
        self.mend.map_or(time, |mend| mend.correct(time))
    }
}
