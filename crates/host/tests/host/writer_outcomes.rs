//! What a writer makes of calls that fail, and of what was sent before.

use entitle::{Command, Entry};
use entitle_host::store::{Appended, Cursor, Page, Position, StoreError};
use entitle_host::writer::{Action, Answer, NotStored, WriterStatus};

use crate::support::join;
use crate::writer::{Tried, request, requests, seconds};

fn away() -> StoreError {
    StoreError::Unavailable { detail: "away".to_string() }
}

fn full() -> StoreError {
    StoreError::Full { detail: "no space".to_string() }
}

fn page(after: Position, entries: Vec<Entry>) -> Page {
    let head = entries.last().map_or(after.head, Entry::head);
    Page::Entries { entries, position: Position::of(head), has_more: false }
}

/// The entry that another process stores after a record without any.
fn entry_of_another(number: u8) -> Vec<Entry> {
    let mut elsewhere = Tried::new();
    elsewhere.joins(number, 0);
    elsewhere.appends()
}

/// A writer whose only append, of request 1, had no answer, two seconds after it began.
fn unanswered() -> Tried {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    tried.writer.appended(Appended::Unknown(away()), seconds(1));
    tried.writer.tick(seconds(2));
    tried
}

#[test]
fn the_next_append_goes_on_where_the_last_one_ended_in_the_store() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    tried.writer.appended(Appended::Stored(Cursor(7)), seconds(1));
    tried.joins(2, 2);
    let Some(Action::Append { after, .. }) = tried.call() else { panic!("no append") };
    assert_eq!((after.cursor, after.head.number()), (Cursor(7), 1));
}

#[test]
fn an_error_is_named_until_the_store_answers_again() {
    // A call that succeeds: an append, or a reading.
    for is_read in [false, true] {
        let mut tried = Tried::new();
        tried.joins(1, 0);
        tried.appends();
        tried.writer.appended(Appended::NotStored(away()), seconds(1));
        tried.writer.tick(seconds(2));
        tried.appends();
        let late = tried.submit(2, vec![join("bo")], 5, 3, false);
        tried.writer.tick(seconds(5));
        assert!(tried.call().is_none());
        assert_eq!(tried.answer(late), Some(&Answer::NotStored(NotStored::TimeOver(Some(away())))));
        if is_read {
            tried.writer.appended(Appended::Conflict, seconds(6));
            tried.read(entry_of_another(9));
            tried.writer.tick(seconds(6));
            tried.appends();
        } else {
            tried.stored(6);
            tried.joins(3, 6);
            tried.appends();
        }
        let later = tried.submit(4, vec![join("cy")], 9, 7, false);
        tried.writer.tick(seconds(9));
        assert!(tried.call().is_none());
        assert_eq!(tried.answer(later), Some(&Answer::NotStored(NotStored::TimeOver(None))), "read: {is_read}");
    }
}

#[test]
fn a_store_that_refuses_to_store_leaves_an_earlier_attempt_open_and_is_asked_again_later() {
    let mut tried = Tried::new();
    let first = tried.joins(1, 0);
    let repeated = tried.submit(2, vec![join("bo")], 600, 0, true);
    assert_eq!(requests(&tried.appends()), [request(1)]);
    tried.writer.appended(Appended::Conflict, seconds(1));
    tried.read(Vec::new());
    tried.writer.tick(seconds(1));
    assert_eq!(requests(&tried.appends()), [request(1), request(2)]);
    tried.writer.appended(Appended::NotStored(full()), seconds(2));
    assert!(tried.call().is_none(), "it pauses");
    assert_eq!(tried.answer(first), Some(&Answer::NotStored(NotStored::Store(full()))));
    assert_eq!(tried.answer(repeated), None, "an earlier attempt may be stored");
    assert!(tried.writer.wake_at().is_some_and(|at| at > seconds(2) && at < seconds(3)));
    tried.writer.tick(seconds(3));
    assert!(matches!(tried.call(), Some(Action::Find { request: of }) if of == request(2)));
}

#[test]
fn after_an_append_without_an_answer_the_record_is_read_after_a_pause() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    let sent = tried.appends();
    tried.writer.appended(Appended::Unknown(away()), seconds(1));
    assert!(tried.call().is_none(), "it pauses");
    tried.writer.tick(seconds(2));
    tried.read(sent);
    assert!(tried.call().is_none(), "it is stored");
    assert!(matches!(tried.answers[..], [(_, Answer::Stored { number: 1 })]));
}

#[test]
fn nothing_is_called_in_the_pause_after_a_call_that_failed() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    tried.writer.appended(Appended::NotStored(away()), seconds(1));
    tried.joins(2, 1);
    tried.writer.hint(seconds(1));
    assert!(tried.call().is_none());
    tried.writer.tick(seconds(2));
    assert!(matches!(tried.call(), Some(Action::Read { .. })));
}

#[test]
fn what_is_hinted_at_while_the_record_is_read_is_read_after_it() {
    let mut tried = Tried::new();
    tried.writer.hint(seconds(1));
    let Some(Action::Read { after, .. }) = tried.call() else { panic!("no reading") };
    tried.writer.hint(seconds(2));
    assert!(tried.call().is_none(), "one call at a time");
    tried.writer.has_read(Ok(page(after, Vec::new())), seconds(3));
    tried.read(entry_of_another(9));
    assert!(tried.call().is_none());
    assert_eq!(tried.seen.position(), 1);
}

#[test]
fn a_request_that_the_store_knows_is_answered_once_readers_see_its_entry() {
    let mut tried = Tried::new();
    let repeated = tried.submit(9, vec![join("bo")], 600, 0, true);
    tried.appends();
    tried.writer.appended(Appended::AlreadyStored(request(9)), seconds(1));
    assert!(matches!(tried.call(), Some(Action::Find { .. })));
    tried.writer.found(Ok(Some(1)), seconds(2));
    let Some(Action::Read { after, .. }) = tried.call() else { panic!("no reading") };
    assert_eq!(tried.answer(repeated), None, "readers do not see it");
    tried.writer.has_read(Ok(page(after, entry_of_another(9))), seconds(3));
    assert!(tried.call().is_none());
    assert_eq!((tried.answer(repeated), tried.seen.position()), (Some(&Answer::Stored { number: 1 }), 1));
}

#[test]
fn a_store_that_knows_a_request_and_does_not_find_it_is_not_asked_at_once() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    tried.writer.appended(Appended::AlreadyStored(request(1)), seconds(1));
    assert!(matches!(tried.call(), Some(Action::Find { .. })));
    tried.writer.found(Ok(None), seconds(2));
    assert!(tried.call().is_none(), "it pauses");
    tried.writer.tick(seconds(3));
    assert_eq!(requests(&tried.appends()), [request(1)]);
}

#[test]
fn a_writer_that_stops_answers_everybody_at_once() {
    let mut tried = Tried::new();
    let waits = tried.joins(1, 0);
    tried.appends();
    tried.writer.appended(Appended::Conflict, seconds(1));
    assert!(matches!(tried.call(), Some(Action::Read { .. })));
    // Entries that do not continue the record.
    let mut elsewhere = Tried::new();
    elsewhere.joins(1, 0);
    elsewhere.appends();
    elsewhere.stored(1);
    elsewhere.joins(2, 2);
    let later = elsewhere.appends();
    let position = Position::of(later.last().unwrap().head());
    tried.writer.has_read(Ok(Page::Entries { entries: later, position, has_more: false }), seconds(2));
    assert!(tried.call().is_none());
    assert_eq!(tried.answer(waits), Some(&Answer::NotStored(NotStored::Forked)));
    assert_eq!(tried.writer.status(), &WriterStatus::Stopped(NotStored::Forked));
}

#[test]
fn the_outcome_of_a_repeated_request_is_unknown_until_the_store_was_asked() {
    let mut tried = Tried::new();
    tried.joins(1, 0);
    tried.appends();
    let repeated = tried.submit(2, vec![join("bo")], 5, 1, true);
    tried.writer.tick(seconds(5));
    assert!(tried.call().is_none());
    assert_eq!(tried.answer(repeated), Some(&Answer::Unknown { request: request(2) }));
}

#[test]
fn an_attempt_that_went_unanswered_is_settled_by_a_record_that_goes_on_and_counts_on_its_latest_head() {
    let mut tried = unanswered();
    // Another process was faster: what was sent on the head before will never be stored.
    tried.read(entry_of_another(9));
    tried.writer.tick(seconds(3));
    let again = tried.appends();
    assert_eq!((requests(&again), again[0].number()), (vec![request(1)], 2));
    tried.writer.appended(Appended::NotStored(full()), seconds(4));
    assert!(tried.call().is_none());
    assert!(matches!(tried.answers[..], [(_, Answer::NotStored(NotStored::Store(_)))]), "{:?}", tried.answers);
}

#[test]
fn a_request_that_was_sent_twice_is_settled_by_what_goes_on_after_the_later_head() {
    let mut tried = unanswered();
    tried.read(entry_of_another(9));
    tried.writer.tick(seconds(3));
    tried.appends();
    tried.writer.appended(Appended::Unknown(away()), seconds(4));
    tried.writer.tick(seconds(5));
    // The record does not go on, so that the second attempt may still be stored.
    tried.read(Vec::new());
    tried.writer.tick(seconds(600));
    while tried.call().is_some() {}
    assert!(matches!(tried.answers[..], [(_, Answer::Unknown { .. })]), "{:?}", tried.answers);
}

#[test]
fn an_attempt_that_may_be_stored_yet_is_not_answered_as_not_stored() {
    // By a store that is full now, or that has another history.
    for is_full in [true, false] {
        let mut tried = unanswered();
        tried.read(Vec::new());
        tried.writer.tick(seconds(3));
        tried.appends();
        tried.writer.appended(if is_full { Appended::NotStored(full()) } else { Appended::Forked }, seconds(4));
        tried.writer.tick(seconds(600));
        while tried.call().is_some() {}
        assert!(matches!(tried.answers[..], [(_, Answer::Unknown { .. })]), "{:?}", tried.answers);
    }
}

#[test]
fn one_entry_that_is_longer_than_a_batch_is_appended_alone() {
    let mut tried = Tried::new();
    // Each character has two in the text.
    let commands = (0..1_000)
        .map(|user| Command::join(format!("{user:\\>250}").parse().unwrap(), "\\".repeat(250).parse().unwrap()));
    let long = tried.submit(1, commands.collect(), 600, 0, false);
    let sent = tried.appends();
    assert!(sent.len() == 1 && sent[0].text().len() > 768 * 1024, "{}", sent[0].text().len());
    tried.stored(1);
    assert!(tried.call().is_none());
    assert_eq!(tried.answer(long), Some(&Answer::Stored { number: 1 }));
}
