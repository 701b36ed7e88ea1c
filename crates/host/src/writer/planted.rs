//! Bugs that the simulation plants to show that it finds them. No other build has any.

#[cfg(not(test))]
use entitle::Entry;

#[cfg(not(test))]
use super::{Ticket, Writer};

/// The bug that is planted in a writer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(super) struct Planted {
    #[cfg(test)]
    pub(super) bug: Option<Bug>,
}

#[cfg(test)]
pub(super) use bugs::Bug;

#[cfg(not(test))]
#[expect(clippy::unused_self, reason = "the simulation asks a value, and plants in a writer")]
impl Planted {
    pub(super) const fn refuses_on_unstored_entries(self) -> bool {
        false
    }

    pub(super) const fn refuses_on_stale_state(self) -> bool {
        false
    }
}

#[cfg(not(test))]
#[expect(clippy::unused_self, reason = "the simulation plants in a writer")]
impl Writer {
    pub(super) const fn acknowledge_early_if_planted(&mut self, _: &[Entry]) {}

    pub(super) const fn settle_by_one_reading_if_planted(&mut self) {}

    pub(super) const fn forget_unsettled_if_planted(&mut self, _: Ticket) {}
}

#[cfg(test)]
mod bugs {
    use entitle::Entry;

    use super::Planted;
    use crate::writer::{Answer, NotStored, Ticket, Writer};

    /// A bug of which the simulation has to find a trace.
    #[derive(Debug, Clone, Copy, PartialEq, Eq)]
    pub(in crate::writer) enum Bug {
        AcknowledgesBeforeTheAppend,
        SettlesByOneReading,
        ForgetsAnUnsettledRequestWhenAnswering,
        RefusesOnEntriesNotYetStored,
        RefusesOnStaleState,
    }

    impl Planted {
        pub(in crate::writer) fn refuses_on_unstored_entries(self) -> bool {
            self.bug == Some(Bug::RefusesOnEntriesNotYetStored)
        }

        pub(in crate::writer) fn refuses_on_stale_state(self) -> bool {
            self.bug == Some(Bug::RefusesOnStaleState) || self.refuses_on_unstored_entries()
        }
    }

    impl Writer {
        pub(in crate::writer) fn forget_unsettled_if_planted(&mut self, ticket: Ticket) {
            if self.planted.bug == Some(Bug::ForgetsAnUnsettledRequestWhenAnswering) {
                let answered = self.queue.iter().filter(|pending| pending.ticket == ticket);
                for request in answered.map(|pending| pending.submission.request) {
                    self.unsettled.remove(&request);
                }
            }
        }

        pub(in crate::writer) fn acknowledge_early_if_planted(&mut self, entries: &[Entry]) {
            if self.planted.bug == Some(Bug::AcknowledgesBeforeTheAppend) {
                for entry in entries {
                    self.answer_stored(entry.request(), entry.number());
                }
            }
        }

        pub(in crate::writer) fn settle_by_one_reading_if_planted(&mut self) {
            if self.planted.bug == Some(Bug::SettlesByOneReading) {
                let unsettled = self.queue.iter().filter(|pending| self.is_unsettled(pending.submission.request));
                let unsettled: Vec<Ticket> = unsettled.map(|pending| pending.ticket).collect();
                for ticket in unsettled {
                    self.answer(ticket, Answer::NotStored(NotStored::TimeOver(None)));
                }
            }
        }
    }
}
