//! What a writer makes of outcomes that it did not ask for, and of what is submitted while it appends.

use core::time::Duration;

use entitle::record::{Beginning, InclusionProver};
use entitle::{Command, Entry, RecordId, RequestId, Tenant};
use entitle_host::store::{Appended, Cursor, Page, Position, StoreError};
use entitle_host::writer::{Action, Answer, NotStored, Submission, Ticket, Time, Writer, WriterSettings};

use crate::support::{admin, anchored, catalog, join, now, ring};

#[test]
fn the_outcome_of_another_call_does_not_end_the_one_under_way() {
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let tenant = Tenant::new(&catalog(), &ring(), &beginning);
    let (elapsed, request) = (Duration::ZERO, RequestId::from_random([2; 16]));
    let mut writer = Writer::new(tenant, Cursor::default(), WriterSettings::default(), elapsed);
    assert!(matches!(writer.next_action(), Some(Action::Read { .. })));
    writer.appended(Appended::Conflict, elapsed);
    writer.found(Ok(None), elapsed);
    assert!(writer.next_action().is_none(), "the reading is under way");
    let position = Position::of(beginning.head());
    writer.has_read(Ok(Page::Entries { entries: Vec::new(), position, has_more: false }), elapsed);

    let (actor, commands) = (admin(), vec![join("bo")]);
    let submission = Submission { actor, commands, request, deadline: Duration::from_secs(1), is_repeated: false };
    let ticket = writer.submit(submission, Time { clock: now(), elapsed });
    assert!(matches!(writer.next_action(), Some(Action::Append { .. })));
    writer.has_read(Ok(Page::Forked), elapsed);
    writer.found(Ok(Some(1)), elapsed);
    assert!(writer.next_action().is_none(), "the append is under way");
    writer.appended(Appended::Stored(Cursor::default()), elapsed);
    assert!(matches!(writer.next_action(), Some(Action::Publish(_))));
    let answer = writer.next_action();
    assert!(matches!(&answer, Some(Action::Answer(of, Answer::Stored { number: 1 })) if *of == ticket), "{answer:?}");
}

/// A writer that has read its record, of which the beginning is there, and what became of submissions.
pub(crate) struct Tried {
    pub(crate) writer: Writer,
    pub(crate) answers: Vec<(Ticket, Answer)>,
    /// The latest tenant that readers see.
    pub(crate) seen: Tenant,
}

pub(crate) fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

/// The time of a host that began at `now`.
fn time(elapsed: u64) -> Time {
    Time { clock: now() + seconds(elapsed), elapsed: seconds(elapsed) }
}

pub(crate) fn request(number: u8) -> RequestId {
    RequestId::from_random([number; 16])
}

fn beginning() -> Beginning {
    Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]))
}

/// What is refused: no license has a seat.
fn assign() -> Vec<Command> {
    vec![Command::assign("bo".parse().unwrap(), "pro".parse().unwrap())]
}

impl Tried {
    pub(crate) fn new() -> Self {
        let tenant = Tenant::new(&catalog(), &ring(), &beginning());
        let mut settings = WriterSettings::default();
        settings.poll = seconds(3_600);
        let writer = Writer::new(tenant.clone(), Cursor::default(), settings, Duration::ZERO);
        let mut tried = Self { writer, answers: Vec::new(), seen: tenant };
        tried.read(Vec::new());
        tried
    }

    /// The next call; `None` if one is under way or there is nothing to do.
    pub(crate) fn call(&mut self) -> Option<Action> {
        loop {
            match self.writer.next_action()? {
                Action::Publish(tenant) => self.seen = tenant,
                Action::Answer(ticket, answer) => self.answers.push((ticket, answer)),
                call => return Some(call),
            }
        }
    }

    /// The entries of the next call, which appends.
    pub(crate) fn appends(&mut self) -> Vec<Entry> {
        match self.call() {
            Some(Action::Append { entries, .. }) => entries.to_vec(),
            call => panic!("{call:?}"),
        }
    }

    /// Takes the call that reads, and answers it with entries.
    pub(crate) fn read(&mut self, entries: Vec<Entry>) {
        let Some(Action::Read { after, .. }) = self.call() else { panic!("no reading") };
        let head = entries.last().map_or(after.head, Entry::head);
        let page = Page::Entries { entries, position: Position::of(head), has_more: false };
        self.writer.has_read(Ok(page), Duration::ZERO);
    }

    pub(crate) fn submit(
        &mut self,
        number: u8,
        commands: Vec<Command>,
        deadline: u64,
        at: u64,
        is_repeated: bool,
    ) -> Ticket {
        let (request, deadline) = (request(number), seconds(deadline));
        let submission = Submission { actor: admin(), commands, request, deadline, is_repeated };
        self.writer.submit(submission, time(at))
    }

    /// Submits that a user joins.
    pub(crate) fn joins(&mut self, number: u8, at: u64) -> Ticket {
        self.submit(number, vec![join(&format!("user-{number}"))], 600, at, false)
    }

    pub(crate) fn stored(&mut self, at: u64) {
        self.writer.appended(Appended::Stored(Cursor::default()), seconds(at));
    }

    pub(crate) fn answer(&self, ticket: Ticket) -> Option<&Answer> {
        self.answers.iter().find(|(of, _)| *of == ticket).map(|(_, answer)| answer)
    }
}

pub(crate) fn requests(entries: &[Entry]) -> Vec<RequestId> {
    entries.iter().map(Entry::request).collect()
}

#[test]
fn what_is_submitted_while_others_are_appended_is_decided_at_once_and_sent_once_they_are_stored() {
    let mut tried = Tried::new();
    let first = tried.joins(1, 0);
    let sent = tried.appends();
    let (second, third) = (tried.joins(2, 1), tried.joins(3, 2));
    assert!(tried.call().is_none(), "one call at a time");
    tried.stored(9);
    let next = tried.appends();
    assert_eq!(requests(&next), [request(2), request(3)]);
    assert_eq!(next.first().unwrap().previous(), sent.last().unwrap().head().hash());
    let times: Vec<_> = next.iter().map(|entry| entry.event().at).collect();
    assert_eq!(times, [time(1).clock, time(2).clock]);
    assert_eq!(tried.answer(first), Some(&Answer::Stored { number: 1 }));
    assert_eq!((tried.answer(second), tried.seen.position()), (None, 1), "they are not stored");
    tried.stored(10);
    assert!(tried.call().is_none());
    assert_eq!(tried.answer(second), Some(&Answer::Stored { number: 2 }));
    assert_eq!(tried.answer(third), Some(&Answer::Stored { number: 3 }));
}

#[test]
fn what_was_answered_while_others_are_appended_is_not_sent() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    let overdue = tried.submit(2, vec![join("bo")], 5, 1, false);
    tried.joins(3, 2);
    tried.writer.tick(seconds(6));
    assert!(tried.call().is_none());
    assert_eq!(tried.answer(overdue), Some(&Answer::NotStored(NotStored::TimeOver(None))));
    tried.joins(4, 7);
    tried.stored(8);
    let mut sent = requests(&tried.appends());
    sent.sort_unstable();
    assert_eq!(sent, [request(3), request(4)]);
}

#[test]
fn what_was_decided_on_entries_that_are_not_stored_is_decided_again() {
    let unavailable = StoreError::Unavailable { detail: "away".to_string() };
    for (outcome, is_read) in [(Appended::NotStored(unavailable), false), (Appended::Conflict, true)] {
        let mut tried = Tried::new();
        tried.joins(1, 0);
        tried.appends();
        tried.joins(2, 1);
        tried.writer.appended(outcome, seconds(2));
        tried.writer.tick(seconds(4));
        let mut elsewhere = Tried::new();
        elsewhere.joins(9, 0);
        let others = if is_read { elsewhere.appends() } else { Vec::new() };
        let last = others.last().map_or(beginning().head(), Entry::head);
        if is_read {
            tried.read(others);
            tried.writer.tick(seconds(4));
        }
        let sent = tried.appends();
        assert_eq!(requests(&sent), [request(1), request(2)]);
        assert_eq!(sent.first().unwrap().previous(), last.hash());
    }
}

#[test]
fn what_was_decided_ahead_of_entries_of_others_is_decided_again() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    let first = tried.appends();
    tried.joins(2, 1);
    // Another process stores its entry after this one's.
    tried.writer.hint(seconds(1));
    tried.stored(2);
    let mut elsewhere = Tried::new();
    elsewhere.writer.hint(seconds(0));
    elsewhere.read(first);
    elsewhere.joins(9, 0);
    let others = elsewhere.appends();
    let last = others.last().unwrap().head();
    tried.read(others);
    let sent = tried.appends();
    assert_eq!(requests(&sent), [request(2)]);
    assert_eq!((sent.first().unwrap().number(), sent.first().unwrap().previous()), (3, last.hash()));
}

#[test]
fn a_request_that_is_submitted_twice_is_appended_once() {
    let mut tried = Tried::new();
    let first = tried.joins(1, 0);
    assert_eq!(tried.appends().len(), 1);
    let again = tried.joins(1, 1);
    let twice = [tried.joins(2, 1), tried.joins(2, 1)];
    tried.stored(2);
    assert_eq!(requests(&tried.appends()), [request(2)]);
    for ticket in [first, again] {
        assert_eq!(tried.answer(ticket), Some(&Answer::Stored { number: 1 }));
    }
    tried.stored(3);
    assert!(tried.call().is_none());
    for ticket in twice {
        assert_eq!(tried.answer(ticket), Some(&Answer::Stored { number: 2 }));
    }
}

#[test]
fn a_batch_that_is_decided_ahead_has_its_limits() {
    let mut tried = Tried::new();
    tried.joins(0, 0);
    tried.appends();
    (1..=100).for_each(|number| _ = tried.joins(number, 1));
    tried.stored(2);
    assert_eq!(requests(&tried.appends()), (1..=64).map(request).collect::<Vec<_>>());
    tried.stored(3);
    assert_eq!(requests(&tried.appends()), (65..=100).map(request).collect::<Vec<_>>());
}

#[test]
fn a_batch_has_no_more_bytes_than_a_message_of_a_log() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    // Some 300 KiB each, of the 768 that a batch may have.
    for number in 2..=5 {
        let commands = (0..1_000).map(|user| join(&format!("{user:0>240}-{number}"))).collect();
        tried.submit(number, commands, 600, 1, false);
    }
    tried.stored(2);
    assert_eq!(requests(&tried.appends()), [request(2), request(3)]);
    tried.stored(3);
    assert_eq!(requests(&tried.appends()), [request(4), request(5)]);
}

#[test]
fn what_is_refused_is_answered_however_much_else_is_submitted() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    let refused = tried.submit(2, assign(), 600, 1, false);
    tried.joins(3, 1);
    tried.stored(2);
    assert_eq!(tried.appends().len(), 1);
    assert_eq!(tried.answer(refused), None, "the record may have gone on since it was submitted");
    tried.joins(4, 2);
    tried.stored(3);
    assert_eq!(tried.appends().len(), 1);
    assert!(matches!(tried.answer(refused), Some(Answer::Refused(_))));
}

#[test]
fn the_store_is_asked_for_an_earlier_attempt_however_much_else_is_submitted() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    let refused = tried.submit(2, assign(), 600, 1, true);
    tried.joins(3, 1);
    tried.stored(2);
    assert_eq!(tried.appends().len(), 1);
    tried.joins(4, 2);
    tried.stored(3);
    assert!(matches!(tried.call(), Some(Action::Find { request: of }) if of == request(2)));
    tried.writer.found(Ok(None), seconds(4));
    assert_eq!(requests(&tried.appends()), [request(4)]);
    assert!(matches!(tried.answer(refused), Some(Answer::Refused(_))));
}

#[test]
fn x7_a_proof_that_is_taken_while_others_are_appended_is_kept() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    let first = tried.appends();
    tried.stored(1);
    assert!(tried.call().is_none());
    let token = anchored(&tried.seen, 1);
    let mut prover = InclusionProver::new(&beginning(), [&tried.seen.checkpoint()]);
    for entry in &first {
        prover.add(entry).unwrap();
    }
    let install = [Command::Install(token)];
    assert_eq!(tried.seen.missing_anchors_for(&install).len(), 1);
    tried.joins(2, 2);
    tried.appends();
    tried.joins(3, 3);
    assert!(tried.writer.prove(&prover.finish()));
    for at in [4, 5] {
        tried.stored(at);
        _ = tried.call();
    }
    assert_eq!(tried.seen.position(), 3);
    assert!(tried.seen.missing_anchors_for(&install).is_empty());
}
