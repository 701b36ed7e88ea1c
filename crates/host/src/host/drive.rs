//! Makes the calls that the writer of a tenant wants.

use core::sync::atomic::Ordering;
use core::time::Duration;
use std::sync::Arc;
use std::time::Instant;

use entitle::chrono::{DateTime, Utc};
use entitle::{Tenant, TenantId};

use super::Inner;
use super::engine::{Calling, Locked, Outcome, Shard};
use super::error::NotReached;
use super::waiting::{Awake, Waiting};
use crate::store::Store;
use crate::trace;
use crate::writer::{Action, Answer, Submission, Time, WriterStatus};

impl<S: Store> Inner<S> {
    /// Submits commands, and makes calls until they are answered.
    pub(super) fn submit(&self, shard: &Shard, submission: Submission, now: DateTime<Utc>) -> Answer {
        let _span = trace::submission(&shard.id, submission.request, submission.commands.len());
        self.prove_for(shard, &submission.commands);
        let mut engine = shard.engine();
        let ticket = engine.writer.submit(submission, Time { clock: now, elapsed: self.began.elapsed() });
        let (waiting, mut engine) = Waiting::begin(shard, self.began, engine, Some(ticket));
        let answer = loop {
            // Left to this thread while it was about to look itself.
            if let Some(call) = waiting.call() {
                drop(engine);
                engine = self.make(shard, call);
            }
            engine.hand_over(ticket);
            // Also those that others wait for, before they are left to another thread.
            while let Some(action) = engine.writer.next_answer() {
                engine = self.act(shard, engine, action);
            }
            if let Some(answer) = waiting.answer() {
                waiting.end(engine);
                break answer;
            }
            match self.step(shard, engine, &waiting) {
                Ok(locked) => engine = locked,
                Err(answer) => break answer,
            }
        };
        trace::answered(&answer);
        answer
    }

    /// Waits until readers see an entry, and reads on meanwhile.
    pub(super) fn at_least(&self, shard: &Shard, wanted: u64, timeout: Duration) -> Result<Arc<Tenant>, NotReached> {
        let began = Instant::now();
        let tenant = shard.published.load_full();
        if tenant.position() >= wanted {
            return Ok(tenant);
        }
        let (waiting, mut engine) = Waiting::begin(shard, self.began, shard.engine(), None);
        let mut hinted: Option<Instant> = None;
        let reached = loop {
            let tenant = shard.published.load_full();
            if tenant.position() >= wanted {
                break Ok(tenant);
            }
            let position = tenant.position();
            // A writer that stopped reads no further.
            if let WriterStatus::Stopped(why) = engine.writer.status() {
                break Err(NotReached { wanted, position, stopped: Some(why.clone()) });
            }
            if began.elapsed() >= timeout {
                break Err(NotReached { wanted, position, stopped: None });
            }
            // It is known that there is more, so it is read at once, and again if it was not there.
            if hinted.is_none_or(|hinted| hinted.elapsed() >= HINT_AGAIN) {
                hinted = Some(Instant::now());
                engine.writer.hint(self.began.elapsed());
            }
            // No answer is given to who submitted nothing.
            engine = self.step(shard, engine, &waiting).unwrap_or_else(|_| shard.engine());
        };
        waiting.end(engine);
        reached
    }

    /// Reads a tenant that others may have changed. Returns whether that is done, and not left to
    /// those who wait.
    pub(super) fn settle(&self, shard: &Shard) -> bool {
        shard.engine().writer.hint(self.began.elapsed());
        self.go_on(shard)
    }

    /// Does what is to be done for a tenant for which nobody waits. Returns whether nothing is left.
    ///
    /// Who waits for answers makes the calls for them, so that a tenant which is written all the time
    /// does not keep a thread that is there for all. What those who waited left when they had their
    /// answers is done when this is called again.
    pub(super) fn go_on(&self, shard: &Shard) -> bool {
        let mut engine = shard.engine();
        while engine.waiters.is_empty() {
            match engine.writer.next_action() {
                Some(action) => engine = self.act(shard, engine, action),
                None => return !engine.is_calling,
            }
        }
        engine.wake_one();
        false
    }

    /// Does the next thing that is to be done, or waits until there is one. Returns the answer if another
    /// thread gave it meanwhile.
    fn step<'s>(&self, shard: &'s Shard, mut engine: Locked<'s>, waiting: &Waiting<'s>) -> Result<Locked<'s>, Answer> {
        if engine.is_calling {
            // Who makes the call wakes those whose answer it leads to, and one when it has its own.
            engine = self.awake(shard, waiting.sleep(engine, TICK))?;
            if engine.is_calling {
                engine.writer.tick(self.began.elapsed());
                return Ok(self.answers(shard, engine));
            }
            return Ok(engine);
        }
        if let Some(action) = engine.writer.next_action() {
            return Ok(self.act(shard, engine, action));
        }
        let wake_at = engine.writer.wake_at().unwrap_or_default().saturating_sub(self.began.elapsed());
        engine = self.awake(shard, waiting.sleep(engine, wake_at.clamp(Duration::from_millis(1), TICK)))?;
        engine.writer.tick(self.began.elapsed());
        Ok(engine)
    }

    /// Does what another thread left to this one.
    fn awake<'s>(&self, shard: &'s Shard, awake: Awake<'s>) -> Result<Locked<'s>, Answer> {
        match awake {
            Awake::GoesOn(engine) => Ok(engine),
            Awake::Calls(call) => Ok(self.make(shard, call)),
            Awake::IsAnswered(answer) => Err(answer),
        }
    }

    /// Takes answers and later tenants while another thread makes a call.
    fn answers<'s>(&self, shard: &'s Shard, mut engine: Locked<'s>) -> Locked<'s> {
        while let Some(action) = engine.writer.next_action() {
            engine = self.act(shard, engine, action);
        }
        engine
    }

    /// Does what the writer wants done.
    pub(super) fn act<'s>(&self, shard: &'s Shard, mut engine: Locked<'s>, action: Action) -> Locked<'s> {
        match action {
            Action::Publish(tenant) => {
                engine.keep_replaced(shard.published.swap(Arc::new(tenant)));
                engine.wake_readers();
                engine
            }
            Action::Answer(ticket, answer) => {
                self.counters.answered(&answer);
                engine.give(ticket, answer);
                engine
            }
            call => {
                engine.is_calling = true;
                drop(engine);
                self.make(shard, call)
            }
        }
    }

    /// Makes a call that others wait for, and gives the writer its outcome.
    fn make<'s>(&self, shard: &'s Shard, call: Action) -> Locked<'s> {
        let calling = Calling::begin(shard, self.began, &call);
        match self.call(&shard.id, call) {
            Some(outcome) => calling.end(outcome),
            None => shard.engine(),
        }
    }

    /// Makes a call.
    fn call(&self, tenant: &TenantId, call: Action) -> Option<Outcome> {
        Some(match call {
            Action::Append { after, entries } => {
                let _span = trace::call("append", Some(tenant));
                let outcome = self.store.append(tenant, after, &entries);
                trace::appended(&outcome, entries.len());
                self.counters.appended(&outcome, entries.len());
                Outcome::Appended(outcome)
            }
            Action::Read { after, max } => {
                let _span = trace::call("read", Some(tenant));
                let outcome = self.store.read(tenant, after, max);
                trace::has_read(&outcome);
                self.counters.has_read(&outcome);
                Outcome::Read(outcome)
            }
            Action::Find { request } => {
                let _span = trace::call("find", Some(tenant));
                let outcome = self.store.find(tenant, request);
                trace::failed(&outcome);
                self.counters.found(&outcome);
                Outcome::Found(outcome)
            }
            Action::Publish(_) | Action::Answer(..) => return None,
        })
    }

    /// Saves a snapshot if there are enough entries since the last one.
    pub(super) fn save_snapshot_if_due(&self, shard: &Shard) {
        let tenant = shard.published.load();
        let saved = shard.saved.load(Ordering::Relaxed);
        if !is_snapshot_due(tenant.position(), saved, self.settings.snapshot_every) {
            return;
        }
        let snapshot = match &self.settings.snapshot_key {
            Some(key) => tenant.snapshot_keyed(key),
            None => tenant.snapshot(),
        };
        let position = tenant.position();
        let saved = snapshot.ok().is_some_and(|bytes| {
            let _span = trace::call("save_snapshot", Some(&shard.id));
            let outcome = self.store.save_snapshot(&shard.id, tenant.head(), &bytes);
            trace::failed(&outcome);
            self.counters.found(&outcome);
            outcome.is_ok()
        });
        let saved = if saved { position } else { saved_after_failure(position, self.settings.snapshot_every) };
        shard.saved.store(saved, Ordering::Relaxed);
    }
}

/// Returns whether a snapshot is to be saved at a position, if there is one at another. Making one takes
/// as long as the record is long, so that of a long record it takes more entries.
fn is_snapshot_due(position: u64, saved: u64, every: u64) -> bool {
    position.saturating_sub(saved) >= every.max(saved / SNAPSHOT_PART)
}

/// Returns what counts as saved where a snapshot could not be: the next one is due after as many entries as
/// the setting says, also of a long record.
fn saved_after_failure(position: u64, every: u64) -> u64 {
    const PARTS: u64 = SNAPSHOT_PART + 1;
    let parts = position.saturating_add(every).div_ceil(PARTS);
    parts.saturating_mul(SNAPSHOT_PART).min(position)
}

/// A snapshot is saved after as many entries as this part of those that the last one holds, if they are
/// more than the setting.
const SNAPSHOT_PART: u64 = 8;

/// The longest time between two looks at the deadlines of those who wait.
const TICK: Duration = Duration::from_millis(50);

/// How long after a reading without the wanted entry the record is read again.
const HINT_AGAIN: Duration = Duration::from_millis(10);

#[cfg(test)]
mod tests {
    use core::time::Duration;
    use std::thread;

    use entitle::{Actor, Catalog, Command, KeyRing, RequestId, Role, Tenant};

    use super::{Inner, Shard, TICK, Waiting, is_snapshot_due, saved_after_failure};
    use crate::Host;
    use crate::host::load::Missing;
    use crate::store::{MemoryStore, Position, Store};
    use crate::writer::{Answer, Submission};

    const CATALOG: &str =
        r#"{ "publisher": "fabrikam", "offer": "studio", "management": "unmanaged", "apps": [], "plans": [] }"#;

    /// Stores an entry as another process does.
    fn append_elsewhere(host: &Inner<MemoryStore>, shard: &Shard) {
        let tenant = Tenant::new(&host.catalog, &host.ring, &shard.beginning);
        let actor = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
        let join = Command::join("bo".parse().unwrap(), "staff".parse().unwrap());
        let entry = tenant.decide(&actor, &[join], RequestId::from_random([2; 16]), crate::clock::now()).unwrap();
        host.store.append(tenant.id(), Position::of(tenant.head()), &[entry]);
    }

    #[test]
    fn a_snapshot_is_due_after_some_entries_and_of_a_long_record_after_an_eighth_of_it() {
        let due = |position, saved| is_snapshot_due(position, saved, 1_000);
        assert!(!due(999, 0) && due(1_000, 0) && !due(1_999, 1_000) && due(2_000, 1_000));
        assert!(!due(89_999, 80_000) && due(90_000, 80_000));
        assert!(!due(0, 0) && !due(10, 20), "nothing is saved of less than is saved");
        // So there are few of a long record, however it grows.
        let saved =
            (0..1_000_000).fold(
                (0_u64, 0),
                |(saved, times), position| {
                    if due(position, saved) { (position, times + 1) } else { (saved, times) }
                },
            );
        assert!(saved.1 < 60, "{saved:?}");
        for position in [0, 500, 1_000, 7_999, 8_001, 70_000, 800_000] {
            let saved = saved_after_failure(position, 1_000);
            assert!(saved <= position && !due(position + 999, saved) && due(position + 1_009, saved), "{position}");
        }
        // Never at once again, also where the setting is a small number.
        for position in 0..1_000 {
            let saved = saved_after_failure(position, 1);
            assert!(saved <= position && !is_snapshot_due(position, saved, 1), "{position}");
        }
    }

    #[test]
    fn calls_are_left_to_those_who_wait_and_made_once_they_are_gone() {
        let (catalog, store) = (Catalog::from_json(CATALOG).unwrap(), MemoryStore::new());
        // It polls after the test.
        let host = Host::new(store, catalog, KeyRing::new()).poll(Duration::from_secs(600)).start();
        let shard = host.inner.load(&"contoso".parse().unwrap(), Missing::IsBegun).unwrap();
        append_elsewhere(&host.inner, &shard);
        let (waiting, engine) = Waiting::begin(&shard, host.inner.began, shard.engine(), None);
        drop(engine);
        assert!(!host.inner.settle(&shard) && !host.inner.go_on(&shard));
        assert_eq!(shard.published.load().position(), 0, "who waits reads it");
        waiting.end(shard.engine());
        assert!(host.inner.go_on(&shard));
        assert_eq!(shard.published.load().position(), 1);
    }

    #[test]
    fn a_call_that_is_left_to_a_thread_whose_time_is_over_is_made() {
        let (catalog, store) = (Catalog::from_json(CATALOG).unwrap(), MemoryStore::new());
        let host = Host::new(store, catalog, KeyRing::new()).poll(Duration::from_secs(600)).start();
        let shard = host.inner.load(&"contoso".parse().unwrap(), Missing::IsBegun).unwrap();
        host.inner.go_on(&shard);
        // As if another thread made one.
        shard.engine().is_calling = true;
        // Long enough for this thread to see who waits, however busy the machine is.
        let deadline = host.inner.began.elapsed() + Duration::from_secs(1);
        let answer = thread::scope(|scope| {
            let submits = scope.spawn(|| {
                let actor = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
                let commands = vec![Command::join("bo".parse().unwrap(), "staff".parse().unwrap())];
                let request = RequestId::from_random([2; 16]);
                let submission = Submission { actor, commands, request, deadline, is_repeated: false };
                host.inner.submit(&shard, submission, crate::clock::now())
            });
            let mut engine = loop {
                let engine = shard.engine();
                if !engine.waiters.is_empty() {
                    break engine;
                }
                drop(engine);
                assert!(host.inner.began.elapsed() < deadline, "nobody waits");
                thread::sleep(Duration::from_millis(1));
            };
            // Its time is over, it has slept, and is about to look itself.
            thread::sleep(deadline.saturating_sub(host.inner.began.elapsed()) + TICK.saturating_mul(4));
            let call = engine.writer.next_action().unwrap();
            engine.waiters.first().unwrap().leave_call(call);
            drop(engine);
            submits.join().unwrap()
        });
        assert!(matches!(answer, Answer::Unknown { .. } | Answer::Stored { .. }), "{answer}");
        assert!(!shard.engine().is_calling);
        assert_eq!(shard.published.load().position(), 1);
    }
}
