//! What calls to the store led to.

use core::time::Duration;

use entitle::{Entry, RequestId};

use super::{Answer, Call, NotStored, Submission, Ticket, Writer, WriterStatus};
use crate::store::{Appended, Page, StoreError};

impl Writer {
    /// Takes the outcome of an [`Action::Append`](super::Action::Append).
    pub fn appended(&mut self, outcome: Appended, elapsed: Duration) {
        let is_append = |call: &mut Call| matches!(call, Call::Append { .. });
        let Some(Call::Append { order, after, entries, tenant }) = self.call.take_if(is_append) else { return };
        match outcome {
            Appended::Stored(cursor) => {
                self.cursor = cursor;
                self.fresh = order;
                self.take(tenant);
                self.settle_with(&entries);
                self.last_error = None;
            }
            Appended::Conflict => self.is_stale = true,
            // The entry may be one that was read already, so that reading on does not show it.
            Appended::AlreadyStored(request) => return self.find(request),
            Appended::Forked => self.stop(NotStored::Forked),
            Appended::NotStored(error) if error.is_temporary() => {
                self.ask_first(|request| entries.iter().any(|entry| entry.request() == request));
                self.pause(error, elapsed);
            }
            Appended::NotStored(error) => {
                self.ask_first(|request| entries.iter().any(|entry| entry.request() == request));
                let is_settled = |it: &Submission| !it.is_repeated && !self.is_unsettled(it.request);
                let sent = self.queue.iter().filter(|pending| is_settled(&pending.submission));
                let sent = sent.filter(|it| entries.iter().any(|entry| entry.request() == it.submission.request));
                let sent: Vec<Ticket> = sent.map(|pending| pending.ticket).collect();
                for ticket in sent {
                    self.answer(ticket, Answer::NotStored(NotStored::Store(error.clone())));
                }
                self.pause(error, elapsed);
            }
            Appended::Unknown(error) => {
                self.note_unsettled(after.head, &entries);
                self.is_stale = true;
                self.pause(error, elapsed);
            }
        }
        self.answer_overdue(elapsed);
        self.advance(elapsed);
    }

    /// Takes the outcome of an [`Action::Read`](super::Action::Read).
    pub fn has_read(&mut self, outcome: Result<Page, StoreError>, elapsed: Duration) {
        let is_read = |call: &mut Call| matches!(call, Call::Read { .. });
        let Some(Call::Read { order }) = self.call.take_if(is_read) else { return };
        match outcome {
            Ok(Page::Entries { entries, position, has_more }) => {
                let mut tenant = self.tenant.clone();
                if entries.iter().try_for_each(|entry| tenant.apply(entry)).is_err() {
                    // The store returned entries that do not continue what they were asked to.
                    return self.stop(NotStored::Forked);
                }
                self.cursor = position.cursor;
                self.last_error = None;
                self.take(tenant);
                // What is stored is answered before it is asked whether its time is over.
                for entry in &entries {
                    self.answer_stored(entry.request(), entry.number());
                }
                // What was hinted at since may not have been read.
                self.is_stale = has_more || self.hinted > order;
                if !has_more {
                    self.fresh = order;
                    self.next_poll = elapsed.saturating_add(self.settings.poll);
                    self.settle();
                    self.settle_by_one_reading_if_planted();
                }
            }
            Ok(Page::Unreadable { number, error }) => self.stop(NotStored::Unreadable { number, error }),
            Ok(Page::Forked) => self.stop(NotStored::Forked),
            Err(error) => self.pause(error, elapsed),
        }
        self.answer_overdue(elapsed);
        self.advance(elapsed);
    }

    /// Takes the outcome of an [`Action::Find`](super::Action::Find).
    pub fn found(&mut self, outcome: Result<Option<u64>, StoreError>, elapsed: Duration) {
        let is_find = |call: &mut Call| matches!(call, Call::Find { .. });
        let Some(Call::Find { request }) = self.call.take_if(is_find) else { return };
        match outcome {
            // Answered once the tenant has the entry, so that who reads next sees it.
            Ok(Some(number)) if number > self.tenant.position() => self.is_stale = true,
            Ok(Some(number)) => self.answer_stored(request, number),
            Ok(None) => {
                // A request that the store knew just now, and does not know: not to be asked at once.
                if !self.queue.iter().any(|it| it.submission.request == request && it.submission.is_repeated) {
                    let detail = "the store knows a request and does not find it".to_string();
                    self.pause(StoreError::Unavailable { detail }, elapsed);
                }
                for pending in self.queue.iter_mut().filter(|pending| pending.submission.request == request) {
                    pending.submission.is_repeated = false;
                }
            }
            Err(error) => self.pause(error, elapsed),
        }
        self.answer_overdue(elapsed);
        self.advance(elapsed);
    }

    /// Lets the store be asked for earlier attempts of some requests, at which it did not look.
    pub(super) fn ask_first(&mut self, is_asked: impl Fn(RequestId) -> bool) {
        for pending in &mut self.queue {
            pending.asks_first |= is_asked(pending.submission.request);
        }
    }

    /// Answers what was stored, and settles the rest.
    fn settle_with(&mut self, entries: &[Entry]) {
        for entry in entries {
            self.answer_stored(entry.request(), entry.number());
        }
        self.settle();
    }

    /// Stops writing: the tenant goes on answering with what it has.
    fn stop(&mut self, why: NotStored) {
        self.answer_all(&why);
        self.status = WriterStatus::Stopped(why);
    }

    fn pause(&mut self, error: StoreError, elapsed: Duration) {
        self.last_error = Some(error);
        self.not_before = elapsed.saturating_add(self.settings.pause);
    }
}
