//! The oracle's clock of a record: all that it was told, of which every question computes the times anew (X6).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::time::EARLIEST;

/// Something that a record has evidence of.
#[derive(Debug, Clone, Copy)]
enum Told {
    /// An event was recorded, and counts as recorded at this time.
    Event(DateTime<Utc>),
    /// A document came into force that was issued then; no ticket says otherwise.
    Issued(DateTime<Utc>),
}

/// A point in the record: how much it had been told by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(usize);

#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    told: Vec<Told>,
    /// The times of the events as they stand in the record.
    written: Vec<DateTime<Utc>>,
    /// How many times were told otherwise by tickets.
    pub(crate) mended: usize,
    /// How many tickets left alone, since they are anchored before.
    pub(crate) spared: usize,
}

impl Clock {
    pub(crate) fn event(&mut self, at: DateTime<Utc>) {
        self.told.push(Told::Event(at));
        self.written.push(at);
    }

    pub(crate) fn issued(&mut self, at: DateTime<Utc>) {
        self.told.push(Told::Issued(at));
    }

    /// Events recorded later than the ticket's issue count as recorded at it; of one that is anchored, only those that
    /// count by now as recorded no later than the event at the anchor's position.
    pub(crate) fn correct(&mut self, issued: DateTime<Utc>, anchored: Option<u64>) {
        let upto = anchored.and_then(|position| self.written_at(position));
        let before = self.clone();
        for (index, told) in self.told.iter_mut().enumerate() {
            let counted = before.at(Moment(index + 1));
            if let Told::Event(at) = told {
                match upto {
                    _ if *at <= issued => {}
                    Some(upto) if counted > upto => self.spared += 1,
                    _ => {
                        *at = issued;
                        self.mended += 1;
                    }
                }
            }
        }
        // The ticket is a document as well.
        self.issued(issued);
    }

    pub(crate) fn now(&self) -> Moment {
        Moment(self.told.len())
    }

    /// What a moment counts as: the latest that the record was told by then.
    pub(crate) fn at(&self, moment: Moment) -> DateTime<Utc> {
        let told = self.told[..moment.0].iter();
        told.map(|&(Told::Event(at) | Told::Issued(at))| at).max().unwrap_or(EARLIEST)
    }

    /// Nothing, if the record ends before: then all of it was before.
    fn written_at(&self, position: u64) -> Option<DateTime<Utc>> {
        match usize::try_from(position).unwrap().checked_sub(1) {
            None => Some(EARLIEST),
            Some(index) => self.written.get(index).copied(),
        }
    }
}
