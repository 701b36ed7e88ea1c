//! The oracle's clock of a record: all that it was told, of which every question computes the times anew (X6).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::time::EARLIEST;

/// Something that a record has evidence of.
#[derive(Debug, Clone, Copy)]
enum Told {
    /// An event was recorded, and counts as recorded at this time.
    Event(DateTime<Utc>),
    /// A document came into force, and counts as issued then.
    Issued(DateTime<Utc>),
    /// A time ticket was recorded, whatever it is.
    Ticket,
}

/// A point in the record: how much it had been told by then.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(usize);

#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    /// Each with the number of its event.
    told: Vec<(u64, Told)>,
    /// The floor right after each event.
    ends: Vec<DateTime<Utc>>,
    /// How many times were told otherwise by tickets.
    pub(crate) mended: usize,
    /// How many times later than its issue an anchored ticket left alone, for any reason.
    pub(crate) spared: usize,
    /// How many of these since another ticket stands between.
    pub(crate) spared_by_another: usize,
}

impl Clock {
    /// The number of the event that goes on.
    fn number(&self) -> u64 {
        u64::try_from(self.ends.len()).unwrap() + 1
    }

    pub(crate) fn event(&mut self, at: DateTime<Utc>) {
        self.told.push((self.number(), Told::Event(at)));
    }

    pub(crate) fn issued(&mut self, at: DateTime<Utc>) {
        self.told.push((self.number(), Told::Issued(at)));
    }

    /// A time ticket that is not in force.
    pub(crate) fn idle_ticket(&mut self) {
        self.told.push((self.number(), Told::Ticket));
    }

    /// Ends an event.
    pub(crate) fn finish(&mut self) {
        self.ends.push(self.at(self.now()));
    }

    /// Events recorded, and documents dated, later than the ticket's issue count as of it. Of a ticket that is anchored only
    /// documents up to its anchor do, and of the events up to the first ticket since those that count by now as recorded no
    /// later than the floor was right after the event at the anchor.
    pub(crate) fn correct(&mut self, issued: DateTime<Utc>, anchored: Option<u64>) {
        // If the record ends before the anchor, all of it was before.
        let anchored = anchored.filter(|&position| position < self.number());
        let floor = anchored.map(|position| match usize::try_from(position).unwrap().checked_sub(1) {
            None => EARLIEST,
            Some(index) => self.ends[index],
        });
        let mut is_before_another = true;
        for (number, told) in &mut self.told {
            if matches!(told, Told::Ticket) && anchored.is_some_and(|position| *number > position) {
                is_before_another = false;
            }
            let is_event = matches!(told, Told::Event(_));
            let (Told::Event(at) | Told::Issued(at)) = told else { continue };
            let is_vouched_for = match anchored {
                None => true,
                Some(_) if is_event => is_before_another && floor.is_some_and(|floor| *at <= floor),
                Some(position) => *number <= position,
            };
            match () {
                () if *at <= issued => {}
                () if is_vouched_for => {
                    *at = issued;
                    self.mended += 1;
                }
                () => {
                    self.spared += 1;
                    self.spared_by_another += usize::from(is_event && !is_before_another);
                }
            }
        }
        self.idle_ticket();
        // The ticket is a document as well.
        self.issued(issued);
    }

    pub(crate) fn now(&self) -> Moment {
        Moment(self.told.len())
    }

    /// What a moment counts as: the latest that the record was told by then.
    pub(crate) fn at(&self, moment: Moment) -> DateTime<Utc> {
        let told = self.told[..moment.0].iter();
        let times = told.filter_map(|(_, told)| match told {
            Told::Event(at) | Told::Issued(at) => Some(*at),
            Told::Ticket => None,
        });
        times.max().unwrap_or(EARLIEST)
    }

    /// What the last that was told counts as by now.
    pub(crate) fn dated(&self, moment: Moment) -> DateTime<Utc> {
        match self.told[moment.0 - 1] {
            (_, Told::Event(at) | Told::Issued(at)) => at,
            (_, Told::Ticket) => EARLIEST,
        }
    }
}
