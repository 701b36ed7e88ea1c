//! The times of a record: those of its events and the dates of its documents, as its time tickets
//! correct them (X6).

use alloc::sync::Arc;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::time::EARLIEST;

/// The correction by a time ticket in force of what was recorded before it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TimeCorrection {
    /// What the ticket corrects counts as recorded no later than this.
    pub(crate) issued: DateTime<Utc>,
    pub(crate) extent: Extent,
}

/// The times recorded before a ticket that it corrects.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Extent {
    /// All times.
    Everything,
    /// The times that the anchor of the ticket vouches for.
    Anchored(AnchoredExtent),
}

/// What an anchored ticket corrects: the record up to its anchor, and later events at times up to
/// the floor there, since an application goes on recording at the floor until the ticket arrives.
/// It corrects nothing recorded after the first ticket since the anchor, so that a ticket that was
/// held back changes no honest time.
#[derive(Debug, Clone, Copy)]
pub(crate) struct AnchoredExtent {
    /// The number of the event at the anchor.
    pub(crate) position: u64,
    /// The epoch in which that event is; the first ticket after the event ends it.
    pub(crate) epoch: usize,
    /// The floor right after that event.
    pub(crate) floor: DateTime<Utc>,
}

impl TimeCorrection {
    /// Returns the corrected time of an event of an epoch. Corrections are monotonic: a later time
    /// never becomes the earlier.
    fn event(self, epoch: usize, at: DateTime<Utc>) -> DateTime<Utc> {
        let is_corrected = match self.extent {
            Extent::Everything => true,
            Extent::Anchored(extent) => epoch <= extent.epoch && at <= extent.floor,
        };
        if is_corrected { at.min(self.issued) } else { at }
    }

    /// Returns the corrected date of a document in the event at `position`.
    fn document(self, position: u64, issued: DateTime<Utc>) -> DateTime<Utc> {
        let is_corrected = match self.extent {
            Extent::Everything => true,
            Extent::Anchored(extent) => position <= extent.position,
        };
        if is_corrected { issued.min(self.issued) } else { issued }
    }
}

/// A correction, with the epoch that its ticket ends.
#[derive(Debug, Clone, Copy)]
pub(crate) struct PlacedCorrection {
    pub(crate) epoch: usize,
    pub(crate) correction: TimeCorrection,
}

/// The recorded times, in epochs: a time ticket ends each, in force or not, and the last epoch is
/// open.
///
/// The times are kept as recorded, since another key ring may read the tickets differently. Clones
/// share the closed epochs.
#[derive(Debug, Clone)]
pub(crate) struct Timeline {
    /// The closed epochs; `None` without a ticket.
    closed: Option<Arc<Closed>>,
    /// The latest event time in the open epoch, as recorded.
    open: DateTime<Utc>,
}

#[derive(Debug, Clone, Default)]
struct Closed {
    epochs: Vec<Epoch>,
    /// The corrections by the tickets in force, in their order.
    corrections: Vec<PlacedCorrection>,
    scope: Scope,
}

/// The corrections that count at a point of a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
enum Scope {
    /// Those by the tickets before that point.
    #[default]
    Past,
    /// Those by all tickets of the record, known in advance (P2).
    All,
}

#[derive(Debug, Clone, Copy)]
struct Epoch {
    /// The latest event time in the epoch, as recorded.
    latest: DateTime<Utc>,
    /// The latest event time in this epoch and all before, corrected.
    latest_so_far: DateTime<Utc>,
}

/// When something was recorded.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Moment {
    pub(crate) epoch: usize,
    /// The latest event time in the epoch up to there, as recorded.
    pub(crate) latest: DateTime<Utc>,
}

impl Timeline {
    pub(crate) fn new() -> Self {
        Self { closed: None, open: EARLIEST }
    }

    /// Returns a timeline without events on which these corrections all apply from the beginning
    /// (P2).
    pub(crate) fn corrected_by(corrections: Vec<PlacedCorrection>) -> Self {
        if corrections.is_empty() {
            return Self::new();
        }
        let closed = Closed { epochs: Vec::new(), corrections, scope: Scope::All };
        Self { closed: Some(Arc::new(closed)), open: EARLIEST }
    }

    /// Returns a timeline without events, with the corrections that this one knows in advance (P2).
    pub(crate) fn without_events(&self) -> Self {
        match self.closed.as_deref() {
            Some(Closed { corrections, scope: Scope::All, .. }) => Self::corrected_by(corrections.clone()),
            _ => Self::new(),
        }
    }

    fn epochs(&self) -> &[Epoch] {
        self.closed.as_deref().map_or(&[], |closed| &closed.epochs)
    }

    /// Returns the corrections by the tickets in force, in their order.
    pub(crate) fn corrections(&self) -> &[PlacedCorrection] {
        self.closed.as_deref().map_or(&[], |closed| &closed.corrections)
    }

    /// Returns the index of the open epoch, which is the number of tickets.
    pub(crate) fn epoch(&self) -> usize {
        self.epochs().len()
    }

    /// Returns the latest event time in each closed epoch, as recorded.
    pub(crate) fn recorded(&self) -> impl Iterator<Item = DateTime<Utc>> {
        self.epochs().iter().map(|epoch| epoch.latest)
    }

    /// Returns the latest event time in the open epoch, as recorded.
    pub(crate) fn open(&self) -> DateTime<Utc> {
        self.open
    }

    /// Records the time of an event.
    pub(crate) fn record(&mut self, at: DateTime<Utc>) {
        self.open = self.open.max(at);
    }

    /// Ends the open epoch with a ticket that is not in force. `O(n)` in the tickets in force.
    pub(crate) fn close(&mut self) {
        let latest = core::mem::replace(&mut self.open, EARLIEST);
        let closed = Arc::make_mut(self.closed.get_or_insert_default());
        let latest_so_far = closed.event(closed.epochs.len(), latest).max(closed.latest_so_far());
        closed.epochs.push(Epoch { latest, latest_so_far });
    }

    /// Ends the open epoch with a ticket in force. `O(n)` in the tickets, times those in force.
    pub(crate) fn correct(&mut self, correction: TimeCorrection) {
        let epoch = self.epoch();
        self.close();
        let closed = Arc::make_mut(self.closed.get_or_insert_default());
        if closed.scope == Scope::Past {
            closed.corrections.push(PlacedCorrection { epoch, correction });
            closed.recompute();
        }
    }

    /// Returns the corrected date of a document in an epoch. `O(n)` in the tickets in force.
    pub(crate) fn document(&self, epoch: usize, position: u64, issued: DateTime<Utc>) -> DateTime<Utc> {
        after(self.corrections(), epoch).fold(issued, |issued, it| it.document(position, issued))
    }

    /// Returns the same as it was right after the first `epochs` epochs, by their tickets alone.
    pub(crate) fn document_then(
        &self,
        epoch: usize,
        position: u64,
        issued: DateTime<Utc>,
        epochs: usize,
    ) -> DateTime<Utc> {
        after(before(self.corrections(), epochs), epoch).fold(issued, |issued, it| it.document(position, issued))
    }

    /// Returns the latest event time in the first `epochs` epochs, as it was right after them, by
    /// their tickets alone.
    ///
    /// `O(n)` in the tickets, times those in force.
    pub(crate) fn events_then(&self, epochs: usize) -> DateTime<Utc> {
        let corrections = before(self.corrections(), epochs);
        let of = |(index, epoch): (usize, &Epoch)| {
            after(corrections, index).fold(epoch.latest, |at, correction| correction.event(index, at))
        };
        self.epochs().iter().enumerate().take(epochs).map(of).max().unwrap_or(EARLIEST)
    }

    /// Returns the latest event time, corrected.
    pub(crate) fn latest(&self) -> DateTime<Utc> {
        self.latest_with(EARLIEST)
    }

    /// Returns the latest event time once an event at `at` is recorded, corrected.
    pub(crate) fn latest_with(&self, at: DateTime<Utc>) -> DateTime<Utc> {
        self.at(Moment { epoch: self.epoch(), latest: self.open.max(at) })
    }

    /// Returns the present moment, whose time can be asked later.
    pub(crate) fn moment(&self) -> Moment {
        Moment { epoch: self.epoch(), latest: self.open }
    }

    /// Returns the corrected time of a moment. `O(n)` in the tickets in force.
    pub(crate) fn at(&self, moment: Moment) -> DateTime<Utc> {
        let Some(closed) = self.closed.as_deref() else { return moment.latest };
        let before = moment.epoch.checked_sub(1).and_then(|last| closed.epochs.get(last));
        let latest_so_far = before.map_or(EARLIEST, |epoch| epoch.latest_so_far);
        closed.event(moment.epoch, moment.latest).max(latest_so_far)
    }
}

impl Closed {
    /// Returns the latest event time, corrected.
    fn latest_so_far(&self) -> DateTime<Utc> {
        self.epochs.last().map_or(EARLIEST, |epoch| epoch.latest_so_far)
    }

    /// Returns the corrected time of an event of an epoch.
    fn event(&self, epoch: usize, at: DateTime<Utc>) -> DateTime<Utc> {
        after(&self.corrections, epoch).fold(at, |at, correction| correction.event(epoch, at))
    }

    /// Recomputes the corrected times of all epochs after a new correction.
    fn recompute(&mut self) {
        let Self { epochs, corrections, .. } = self;
        let mut latest_so_far = EARLIEST;
        for (index, epoch) in epochs.iter_mut().enumerate() {
            let at = after(corrections, index).fold(epoch.latest, |at, correction| correction.event(index, at));
            latest_so_far = latest_so_far.max(at);
            epoch.latest_so_far = latest_so_far;
        }
    }
}

/// Returns the corrections by the tickets at the end of an epoch and after it, in their order.
fn after(corrections: &[PlacedCorrection], epoch: usize) -> impl Iterator<Item = TimeCorrection> {
    let first = corrections.partition_point(|placed| placed.epoch < epoch);
    corrections.iter().skip(first).map(|placed| placed.correction)
}

/// Returns the corrections by the tickets before an epoch.
fn before(corrections: &[PlacedCorrection], epoch: usize) -> &[PlacedCorrection] {
    let end = corrections.partition_point(|placed| placed.epoch < epoch);
    corrections.get(..end).unwrap_or_default()
}
