//! The submissions that are not answered.

use core::time::Duration;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::record::Head;

use super::{Action, Answer, Call, NotStored, Submission, Ticket, Time, Writer};

/// A submission that is not answered.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) ticket: Ticket,
    pub(super) submission: Submission,
    /// The time at which it was submitted.
    submitted: Time,
    /// The number of the head on which it was sent to the store, if that is not settled.
    sent_on: Option<u64>,
}

impl Pending {
    pub(super) fn new(ticket: Ticket, submission: Submission, submitted: Time) -> Self {
        Self { ticket, submission, submitted, sent_on: None }
    }

    /// Returns the time at which it is decided on: that of its host, and what has passed since.
    pub(super) fn clock(&self, elapsed: Duration) -> DateTime<Utc> {
        let since = elapsed.saturating_sub(self.submitted.elapsed).as_micros();
        let since = i64::try_from(since).map_or(TimeDelta::MAX, TimeDelta::microseconds);
        self.submitted.clock.checked_add_signed(since).unwrap_or(self.submitted.clock)
    }

    /// Returns whether an earlier attempt may be stored yet.
    pub(super) fn is_unsettled(&self) -> bool {
        self.sent_on.is_some()
    }
}

impl Writer {
    pub(super) fn answer(&mut self, ticket: Ticket, answer: Answer) {
        self.queue.retain(|pending| pending.ticket != ticket);
        self.actions.push_back(Action::Answer(ticket, answer));
    }

    /// Answers every submission of a request that is stored.
    pub(super) fn answer_stored(&mut self, request: entitle::RequestId, number: u64) {
        let of_request = self.queue.iter().filter(|pending| pending.submission.request == request);
        let tickets: Vec<Ticket> = of_request.map(|pending| pending.ticket).collect();
        for ticket in tickets {
            self.answer(ticket, Answer::Stored { number });
        }
    }

    /// Answers every submission, since no more will be stored.
    pub(super) fn answer_all(&mut self, why: &NotStored) {
        for pending in core::mem::take(&mut self.queue) {
            let answer = if pending.is_unsettled() { Answer::Unknown } else { Answer::NotStored(why.clone()) };
            self.actions.push_back(Action::Answer(pending.ticket, answer));
        }
    }

    /// Answers submissions whose time is over.
    pub(super) fn answer_overdue(&mut self, elapsed: Duration) {
        let overdue = self.queue.iter().filter(|pending| pending.submission.deadline <= elapsed);
        let overdue: Vec<(Ticket, bool)> =
            overdue.map(|pending| (pending.ticket, pending.is_unsettled() || self.is_being_sent(pending))).collect();
        for (ticket, may_be_stored) in overdue {
            let time_over = || Answer::NotStored(NotStored::TimeOver(self.last_error.clone()));
            let answer = if may_be_stored { Answer::Unknown } else { time_over() };
            self.answer(ticket, answer);
        }
    }

    fn is_being_sent(&self, pending: &Pending) -> bool {
        match &self.call {
            Some(Call::Append { entries, .. }) => {
                entries.iter().any(|entry| entry.request() == pending.submission.request)
            }
            _ => false,
        }
    }

    /// Notes that entries were sent on a head and may be stored yet.
    pub(super) fn note_unsettled(&mut self, after: Head, entries: &[entitle::Entry]) {
        for pending in &mut self.queue {
            if entries.iter().any(|entry| entry.request() == pending.submission.request) {
                pending.sent_on = Some(after.number());
            }
        }
    }

    /// Notes that the tenant is the whole record: what was sent on an earlier head and is not in it
    /// will never be stored.
    pub(super) fn settle(&mut self) {
        let position = self.tenant.position();
        for pending in &mut self.queue {
            if pending.sent_on.is_some_and(|sent_on| sent_on < position) {
                pending.sent_on = None;
            }
        }
    }
}
