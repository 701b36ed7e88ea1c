//! The submissions that are not answered.

use core::time::Duration;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::record::Head;
use entitle::{Entry, RequestId};

use super::{Action, Answer, Call, NotStored, Submission, Ticket, Time, Writer};

/// A submission that is not answered.
#[derive(Debug)]
pub(super) struct Pending {
    pub(super) ticket: Ticket,
    pub(super) submission: Submission,
    /// Whether the store is to be asked for an earlier attempt before it is decided on again.
    pub(super) asks_first: bool,
    /// The time at which it was submitted.
    submitted: Time,
}

impl Pending {
    pub(super) fn new(ticket: Ticket, submission: Submission, submitted: Time) -> Self {
        Self { ticket, submission, asks_first: false, submitted }
    }

    /// Returns the time at which it is decided on: that of its host, and what has passed since.
    pub(super) fn clock(&self, elapsed: Duration) -> DateTime<Utc> {
        let since = elapsed.saturating_sub(self.submitted.elapsed).as_micros();
        let since = i64::try_from(since).map_or(TimeDelta::MAX, TimeDelta::microseconds);
        self.submitted.clock.checked_add_signed(since).unwrap_or(self.submitted.clock)
    }
}

impl Writer {
    /// Returns whether an attempt of a request was sent to the store, and may be stored yet.
    pub(super) fn is_unsettled(&self, request: RequestId) -> bool {
        self.unsettled.contains_key(&request)
    }

    pub(super) fn answer(&mut self, ticket: Ticket, answer: Answer) {
        self.forget_unsettled_if_planted(ticket);
        // What is answered is not appended.
        self.ahead.take_if(|ahead| ahead.contains(ticket));
        // Mostly one of the first.
        if let Some(at) = self.queue.iter().position(|pending| pending.ticket == ticket) {
            self.queue.remove(at);
        }
        self.actions.push_back(Action::Answer(ticket, answer));
    }

    /// Answers every submission of a request that is stored.
    pub(super) fn answer_stored(&mut self, request: RequestId, number: u64) {
        let of_request = self.queue.iter().filter(|pending| pending.submission.request == request);
        let tickets: Vec<Ticket> = of_request.map(|pending| pending.ticket).collect();
        for ticket in tickets {
            self.answer(ticket, Answer::Stored { number });
        }
    }

    /// Answers every submission, since no more will be stored.
    pub(super) fn answer_all(&mut self, why: &NotStored) {
        self.ahead = None;
        for pending in core::mem::take(&mut self.queue) {
            let request = pending.submission.request;
            let may_be_stored = self.is_unsettled(request);
            let answer = if may_be_stored { Answer::Unknown { request } } else { Answer::NotStored(why.clone()) };
            self.actions.push_back(Action::Answer(pending.ticket, answer));
        }
    }

    /// Answers submissions whose time is over.
    pub(super) fn answer_overdue(&mut self, elapsed: Duration) {
        let overdue = self.queue.iter().filter(|pending| pending.submission.deadline <= elapsed);
        let time_over = || Answer::NotStored(NotStored::TimeOver(self.last_error.clone()));
        let answer = |submission: &Submission| {
            let may_be_stored = self.may_be_stored(submission);
            if may_be_stored { Answer::Unknown { request: submission.request } } else { time_over() }
        };
        let overdue: Vec<(Ticket, Answer)> =
            overdue.map(|pending| (pending.ticket, answer(&pending.submission))).collect();
        for (ticket, answer) in overdue {
            self.answer(ticket, answer);
        }
    }

    /// Returns whether any attempt of a submission may be stored, as far as this process knows: of a
    /// repeated one until the store was asked.
    fn may_be_stored(&self, submission: &Submission) -> bool {
        let is_sent = |entries: &[Entry]| entries.iter().any(|entry| entry.request() == submission.request);
        let is_being_sent = matches!(&self.call, Some(Call::Append { entries, .. }) if is_sent(entries));
        is_being_sent || submission.is_repeated || self.is_unsettled(submission.request)
    }

    /// Notes that entries were sent on a head and may be stored yet, also after their submissions are
    /// answered.
    pub(super) fn note_unsettled(&mut self, after: Head, entries: &[Entry]) {
        self.unsettled.extend(entries.iter().map(|entry| (entry.request(), after.number())));
    }

    /// Notes that the tenant is the whole record: what was sent on an earlier head and is not in it
    /// will never be stored.
    pub(super) fn settle(&mut self) {
        let position = self.tenant.position();
        self.unsettled.retain(|_, sent_on| *sent_on >= position);
    }
}
