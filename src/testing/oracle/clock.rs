//! The clock of a record in the oracle: all evidence of time, from which every question computes
//! the times again (X6).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::time::EARLIEST;

/// Evidence of time in a record.
#[derive(Debug, Clone, Copy)]
enum Evidence {
    /// An event, which counts as recorded at this time.
    Event(DateTime<Utc>),
    /// A document in force, which counts as issued at this time.
    Issued(DateTime<Utc>),
    /// A time ticket, valid or not.
    Ticket,
}

/// A point in the record, as the amount of evidence up to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Moment(usize);

#[derive(Debug, Clone, Default)]
pub(crate) struct Clock {
    /// All evidence, each with the number of its event.
    evidence: Vec<(u64, Evidence)>,
    /// The floor right after each event.
    ends: Vec<DateTime<Utc>>,
    /// The number of times that tickets corrected.
    pub(crate) corrected: usize,
    /// The number of times later than its issue that an anchored ticket did not correct, for any
    /// reason.
    pub(crate) spared: usize,
    /// The number of these that another ticket protects.
    pub(crate) spared_by_another: usize,
}

impl Clock {
    /// Returns the number of the current event.
    fn number(&self) -> u64 {
        u64::try_from(self.ends.len()).unwrap() + 1
    }

    pub(crate) fn event(&mut self, at: DateTime<Utc>) {
        self.evidence.push((self.number(), Evidence::Event(at)));
    }

    pub(crate) fn issued(&mut self, at: DateTime<Utc>) {
        self.evidence.push((self.number(), Evidence::Issued(at)));
    }

    /// Adds a time ticket that is not in force.
    pub(crate) fn idle_ticket(&mut self) {
        self.evidence.push((self.number(), Evidence::Ticket));
    }

    /// Returns whether there are time tickets, in force or not.
    pub(crate) fn has_tickets(&self) -> bool {
        self.evidence.iter().any(|(_, evidence)| matches!(evidence, Evidence::Ticket))
    }

    /// Ends an event.
    pub(crate) fn finish(&mut self) {
        self.ends.push(self.at(self.now()));
    }

    /// Corrects the record: events recorded, and documents dated, later than the ticket's issue
    /// count as of it. An anchored ticket corrects only documents up to its anchor, and only events
    /// up to the first ticket after the anchor that count as recorded no later than the floor right
    /// after the event at the anchor.
    pub(crate) fn correct(&mut self, issued: DateTime<Utc>, anchored: Option<u64>) {
        // If the record ends before the anchor, all of it is before the anchor.
        let anchored = anchored.filter(|&position| position < self.number());
        let floor = anchored.map(|position| match usize::try_from(position).unwrap().checked_sub(1) {
            None => EARLIEST,
            Some(index) => self.ends[index],
        });
        let mut is_before_another = true;
        for (number, evidence) in &mut self.evidence {
            if matches!(evidence, Evidence::Ticket) && anchored.is_some_and(|position| *number > position) {
                is_before_another = false;
            }
            let is_event = matches!(evidence, Evidence::Event(_));
            let (Evidence::Event(at) | Evidence::Issued(at)) = evidence else { continue };
            let is_vouched_for = match anchored {
                None => true,
                Some(_) if is_event => is_before_another && floor.is_some_and(|floor| *at <= floor),
                Some(position) => *number <= position,
            };
            match () {
                () if *at <= issued => {}
                () if is_vouched_for => {
                    *at = issued;
                    self.corrected += 1;
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
        Moment(self.evidence.len())
    }

    /// Returns the time of a moment: the latest evidence up to it.
    pub(crate) fn at(&self, moment: Moment) -> DateTime<Utc> {
        let evidence = self.evidence[..moment.0].iter();
        let times = evidence.filter_map(|(_, evidence)| match evidence {
            Evidence::Event(at) | Evidence::Issued(at) => Some(*at),
            Evidence::Ticket => None,
        });
        times.max().unwrap_or(EARLIEST)
    }

    /// Returns the time that the last evidence before a moment counts as now.
    pub(crate) fn dated(&self, moment: Moment) -> DateTime<Utc> {
        match self.evidence[moment.0 - 1] {
            (_, Evidence::Event(at) | Evidence::Issued(at)) => at,
            (_, Evidence::Ticket) => EARLIEST,
        }
    }
}
