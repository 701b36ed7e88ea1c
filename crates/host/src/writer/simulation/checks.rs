//! What must hold in every simulation.

use std::collections::{BTreeMap, BTreeSet};

use entitle::{RequestId, Tenant};

use super::process::Waiting;
use super::sim_store::{SEATS, SimStore, admin};
use crate::writer::{Answer, Time};

/// What was answered, to be compared with the record at the end.
#[derive(Default)]
pub(super) struct Answers {
    stored: BTreeMap<RequestId, u64>,
    /// What was answered as not stored, or refused.
    denied: BTreeSet<RequestId>,
    /// What was submitted to more than one process, or again after a restart: answers are about one
    /// of the attempts.
    pub(super) repeated: BTreeSet<RequestId>,
}

/// Checks what readers are given: it is in the one history, later than before, and gives no more
/// than there is.
pub(super) fn published(store: &SimStore, tenant: &Tenant, before: u64, now: Time) -> Result<(), String> {
    let position = tenant.position();
    if position <= before {
        return Err(format!("readers went from entry {before} to {position}"));
    }
    if store.up_to(tenant.head()).is_none() {
        return Err(format!("readers have an entry {position} that is not stored"));
    }
    // A seat too many would give nobody access, and wait: it must not have been stored.
    let pool = tenant.pool(&"pro".parse().unwrap(), now.clock);
    let given = pool.seated + pool.waiting;
    if given > SEATS.into() { Err(format!("{given} of {SEATS} seats are given")) } else { Ok(()) }
}

impl Answers {
    /// Checks an answer by what is stored now.
    pub(super) fn answered(
        &mut self,
        store: &SimStore,
        waiting: &Waiting,
        answer: &Answer,
        now: Time,
    ) -> Result<(), String> {
        let request = waiting.request;
        match answer {
            Answer::Stored { number } => {
                if store.find(request) != Some(*number) {
                    return Err(format!("{request} is acknowledged as entry {number} and not stored there"));
                }
                self.stored.insert(request, *number);
            }
            Answer::Refused(refusal) => {
                let states = &store.states[waiting.states - 1..];
                let refuses = |state: &Tenant| state.decide(&admin(), &waiting.commands, request, now.clock).is_err();
                if !states.iter().any(refuses) {
                    return Err(format!("{request} is refused, and no state since it was submitted does: {refusal}"));
                }
                self.denied.insert(request);
            }
            Answer::NotStored(_) => _ = self.denied.insert(request),
            Answer::Unknown { request: of } if *of == request => {}
            Answer::Unknown { request: of } => return Err(format!("the answer to {request} is about {of}")),
        }
        Ok(())
    }

    /// Compares all answers with the record at the end.
    pub(super) fn compare(&self, store: &SimStore) -> Result<(), String> {
        let mut requests = BTreeSet::new();
        for entry in &store.entries {
            if !requests.insert(entry.request()) {
                return Err(format!("{} is stored twice", entry.request()));
            }
            if self.denied.contains(&entry.request()) && !self.repeated.contains(&entry.request()) {
                return Err(format!("{} is stored, and its client has another answer", entry.request()));
            }
        }
        let lost = self.stored.iter().find(|(request, number)| store.find(**request) != Some(**number));
        lost.map_or(Ok(()), |(request, number)| {
            Err(format!("{request} was acknowledged as entry {number} and is lost"))
        })
    }
}
