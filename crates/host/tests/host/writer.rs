//! What a writer makes of outcomes that it did not ask for.

use core::time::Duration;

use entitle::record::Beginning;
use entitle::{RecordId, RequestId, Tenant};
use entitle_host::store::{Appended, Cursor, Page, Position};
use entitle_host::writer::{Action, Answer, Submission, Time, Writer, WriterSettings};

use crate::support::{admin, catalog, join, now, ring};

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
