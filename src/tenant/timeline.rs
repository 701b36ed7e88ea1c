//! The times of a record: those of its events and the dates of its documents, as its time tickets correct them (X6).

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::time::EARLIEST;

/// What a time ticket in force does to what was recorded before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeCorrection {
    /// What it corrects was recorded no later than this.
    pub(crate) issued: DateTime<Utc>,
    pub(crate) extent: Extent,
}

/// Which of the times recorded before a ticket it corrects.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// All of them.
    Everything,
    /// Those that its anchor vouches for.
    Anchored(AnchoredExtent),
}

/// What an anchored ticket corrects: the record up to its anchor, and what was recorded later at no later time, since an
/// application goes on recording at the floor until the ticket comes. Nothing that was recorded after the first ticket since
/// the anchor, so that a ticket kept back turns no honest time back.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnchoredExtent {
    /// The number of the event at the anchor.
    pub(crate) position: u64,
    /// The epoch in which that event ends; the first ticket since ends it.
    pub(crate) epoch: usize,
    /// The floor right after that event.
    pub(crate) floor: DateTime<Utc>,
}

impl TimeCorrection {
    /// The corrected time of an event of an epoch. Of two times the later stays the later, or both become one.
    fn event(self, epoch: usize, at: DateTime<Utc>) -> DateTime<Utc> {
        let is_corrected = match self.extent {
            Extent::Everything => true,
            Extent::Anchored(extent) => epoch <= extent.epoch && at <= extent.floor,
        };
        if is_corrected { at.min(self.issued) } else { at }
    }

    /// The corrected date of a document that the event at `position` holds.
    fn document(self, position: u64, issued: DateTime<Utc>) -> DateTime<Utc> {
        let is_corrected = match self.extent {
            Extent::Everything => true,
            Extent::Anchored(extent) => position <= extent.position,
        };
        if is_corrected { issued.min(self.issued) } else { issued }
    }
}

/// A correction, with the epoch at whose end its ticket stands.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlacedCorrection {
    pub(crate) epoch: usize,
    pub(crate) correction: TimeCorrection,
}

/// The recorded times, in epochs: each ends with a time ticket, in force or not, and the last is open.
///
/// The times are kept as recorded, since another key ring may read the tickets differently. Clones share the epochs.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    /// Nothing without a ticket.
    closed: Option<Arc<Closed>>,
    /// The latest time of an event in the open epoch, as recorded.
    open: DateTime<Utc>,
}

#[derive(Debug, Clone, Default)]
struct Closed {
    epochs: Vec<Epoch>,
    /// Those of the tickets in force, in their order.
    corrections: Vec<PlacedCorrection>,
    scope: Scope,
}

/// Which corrections count at a point of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Scope {
    /// Those of the tickets up to there.
    #[default]
    Past,
    /// Those of all tickets of the record, known beforehand (P2).
    All,
}

#[derive(Debug, Clone, Copy)]
struct Epoch {
    /// The latest time of an event in it, as recorded.
    latest: DateTime<Utc>,
    /// The latest time of an event in it and in the epochs before, corrected.
    reached: DateTime<Utc>,
}

/// When something was recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) epoch: usize,
    /// The latest time of an event in its epoch up to there, as recorded.
    pub(crate) latest: DateTime<Utc>,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        Self { closed: None, open: EARLIEST }
    }

    /// A timeline without events on which times count as these corrections leave them, all from the beginning (P2).
    pub(crate) fn corrected_by(corrections: Vec<PlacedCorrection>) -> Self {
        if corrections.is_empty() {
            return Self::new();
        }
        let closed = Closed { epochs: Vec::new(), corrections, scope: Scope::All };
        Self { closed: Some(Arc::new(closed)), open: EARLIEST }
    }

    fn epochs(&self) -> &[Epoch] {
        self.closed.as_deref().map_or(&[], |closed| &closed.epochs)
    }

    /// The corrections of the tickets in force, in their order.
    pub(crate) fn corrections(&self) -> &[PlacedCorrection] {
        self.closed.as_deref().map_or(&[], |closed| &closed.corrections)
    }

    /// The index of the open epoch: how many tickets there were.
    pub(crate) fn epoch(&self) -> usize {
        self.epochs().len()
    }

    /// The latest time of an event in each closed epoch, as recorded.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.epochs().iter().map(|epoch| epoch.latest)
    }

    /// The latest time of an event since, as recorded.
    pub(crate) fn open(&self) -> DateTime<Utc> {
        self.open
    }

    /// Takes in the time of an event.
    pub(crate) fn record(&mut self, at: DateTime<Utc>) {
        self.open = self.open.max(at);
    }

    /// Ends the open epoch with a ticket that is not in force. Constant.
    pub(crate) fn close(&mut self) {
        let latest = core::mem::replace(&mut self.open, EARLIEST);
        let closed = Arc::make_mut(self.closed.get_or_insert_default());
        let reached = closed.event(closed.epochs.len(), latest).max(closed.reached());
        closed.epochs.push(Epoch { latest, reached });
    }

    /// Ends the open epoch with a ticket in force. Linear in the tickets, times those in force.
    pub(crate) fn correct(&mut self, correction: TimeCorrection) {
        let epoch = self.epoch();
        self.close();
        let closed = Arc::make_mut(self.closed.get_or_insert_default());
        if closed.scope == Scope::Past {
            closed.corrections.push(PlacedCorrection { epoch, correction });
            closed.correct_again();
        }
    }

    /// The date of a document in an epoch, corrected. Linear in the tickets in force.
    pub(crate) fn document(&self, epoch: usize, position: u64, issued: DateTime<Utc>) -> DateTime<Utc> {
        after(self.corrections(), epoch).fold(issued, |issued, it| it.document(position, issued))
    }

    /// The same right after the first so many epochs, when their tickets alone were there.
    pub(crate) fn document_then(
        &self,
        epoch: usize,
        position: u64,
        issued: DateTime<Utc>,
        epochs: usize,
    ) -> DateTime<Utc> {
        after(before(self.corrections(), epochs), epoch).fold(issued, |issued, it| it.document(position, issued))
    }

    /// The latest time of an event in the first so many epochs, right after them, when their tickets alone were there.
    ///
    /// Linear in the tickets, times those in force.
    pub(crate) fn events_then(&self, epochs: usize) -> DateTime<Utc> {
        let corrections = before(self.corrections(), epochs);
        let of = |(index, epoch): (usize, &Epoch)| {
            after(corrections, index).fold(epoch.latest, |at, correction| correction.event(index, at))
        };
        self.epochs().iter().enumerate().take(epochs).map(of).max().unwrap_or(EARLIEST)
    }

    /// The latest time of an event, corrected.
    pub(crate) fn latest(&self) -> DateTime<Utc> {
        self.latest_with(EARLIEST)
    }

    /// The latest time of an event once one at `at` is recorded.
    pub(crate) fn latest_with(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.at(Moment { epoch: self.epoch(), latest: self.open.max(at) })
    }

    /// Now, to be asked for its time later.
    pub(crate) fn moment(&self) -> Moment {
        Moment { epoch: self.epoch(), latest: self.open }
    }

    /// The time of a moment, corrected. Linear in the tickets in force.
    pub(crate) fn at(&self, moment: Moment) -> DateTime<Utc> {
        let Some(closed) = self.closed.as_deref() else { return moment.latest };
        let before = moment.epoch.checked_sub(1).and_then(|last| closed.epochs.get(last));
        let reached = before.map_or(EARLIEST, |epoch| epoch.reached);
        closed.event(moment.epoch, moment.latest).max(reached)
    }
}

impl Closed {
    /// The latest time of an event, corrected.
    fn reached(&self) -> DateTime<Utc> {
        self.epochs.last().map_or(EARLIEST, |epoch| epoch.reached)
    }

    /// The time of an event of an epoch, corrected.
    fn event(&self, epoch: usize, at: DateTime<Utc>) -> DateTime<Utc> {
        after(&self.corrections, epoch).fold(at, |at, correction| correction.event(epoch, at))
    }

    /// Works out anew what the epochs reach, since a correction is new.
    fn correct_again(&mut self) {
        let Self { epochs, corrections, .. } = self;
        let mut reached = EARLIEST;
        for (index, epoch) in epochs.iter_mut().enumerate() {
            let at = after(corrections, index).fold(epoch.latest, |at, correction| correction.event(index, at));
            reached = reached.max(at);
            epoch.reached = reached;
        }
    }
}

/// The corrections of the tickets at the end of an epoch and after it, in their order.
fn after(corrections: &[PlacedCorrection], epoch: usize) -> impl Iterator<Item = TimeCorrection> {
    let first = corrections.partition_point(|placed| placed.epoch < epoch);
    corrections.iter().skip(first).map(|placed| placed.correction)
}

/// The corrections of the tickets before an epoch.
fn before(corrections: &[PlacedCorrection], epoch: usize) -> &[PlacedCorrection] {
    let end = corrections.partition_point(|placed| placed.epoch < epoch);
    corrections.get(..end).unwrap_or_default()
}
