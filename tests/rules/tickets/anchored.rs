//! X6: an anchored ticket turns no honest time back, however late it is used.

use entitle::record::Anchor;
use entitle::testing::{Oracle, assume_proof};
use entitle::{Command, Event};

use super::{Book, correction, host, ticket};
use crate::support::{Scenario, Vendor, assign, day, days, paid, replayed, request};

/// Two tickets are issued for one poisoned record ("the mail was lost"), both anchored to it. One is used, and after a year
/// in which the license has ended the clock is set back and the other is tried.
#[test]
fn x6_of_two_anchored_tickets_the_one_kept_back_turns_no_honest_month_back() {
    let vendor = Vendor::fabrikam();
    let mut book = Book::begin(vendor.tenant("contoso"));
    book.run(0, Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100))))));
    book.run(1, assign("ada", "gold"));
    book.run(5000, Command::RecordTime);
    let anchor = Anchor::Record(book.tenant.checkpoint());
    let seal = |id, on| {
        let mut draft = correction(&vendor, id, on);
        draft.anchor = anchor.clone();
        Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap())
    };
    book.prove(&anchor);
    book.run(10, seal(1, 10));
    for on in [20, 90, 300, 365] {
        book.run(on, Command::RecordTime);
    }
    assert!(!book.tenant.opens("ada", "f365/orders", 11));
    book.run(12, seal(2, 11));
    for tenant in [book.tenant.clone(), book.replayed(&vendor)] {
        assert_eq!(tenant.reading(day(12)), day(365));
        assert!(!tenant.opens("ada", "f365/orders", 12));
    }
    // One that is anchored behind all this corrects as ever.
    book.run(6000, Command::RecordTime);
    let mut draft = correction(&vendor, 3, 400);
    draft.anchor = Anchor::Record(book.tenant.checkpoint());
    book.prove(&draft.anchor);
    book.run(400, Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap()));
    assert_eq!(book.tenant.reading(day(0)), day(400));
    assert_eq!(book.replayed(&vendor).reading(day(0)), day(400));
}

/// The second ticket is anchored at the very event that uses the first: what that event is recorded at is corrected by then,
/// so that what was recorded later is no repetition of it.
#[test]
fn x6_a_ticket_anchored_at_the_event_of_another_turns_no_honest_month_back() {
    let vendor = Vendor::fabrikam();
    let mut book = Book::begin(vendor.tenant("contoso"));
    book.run(0, Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100))))));
    book.run(1, assign("ada", "gold"));
    book.run(5000, Command::RecordTime);
    book.run(10, Command::CorrectTime(ticket(&vendor, 1, 10)));
    let mut draft = correction(&vendor, 2, 11);
    draft.anchor = Anchor::Record(book.tenant.checkpoint());
    book.prove(&draft.anchor);
    for on in [20, 90, 365] {
        book.run(on, Command::RecordTime);
    }
    book.run(12, Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap()));
    assert_eq!(book.tenant.reading(day(12)), day(365));
    assert_eq!(book.replayed(&vendor).reading(day(12)), day(365));
}

/// The publisher's own date of a document that was installed after the anchor is honest time.
#[test]
fn x6_an_anchored_ticket_leaves_the_dates_of_later_documents() {
    let vendor = Vendor::fabrikam();
    let mut book = Book::begin(vendor.tenant("contoso"));
    book.run(5000, Command::RecordTime);
    let mut draft = correction(&vendor, 1, 10);
    draft.anchor = Anchor::Record(book.tenant.checkpoint());
    book.prove(&draft.anchor);
    book.run(40, Command::Install(vendor.seal(&vendor.deal_for("contoso").revise(day(40)).unwrap())));
    book.run(41, Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap()));
    assert_eq!(book.tenant.reading(day(0)), day(40));
    assert_eq!(book.replayed(&vendor).reading(day(0)), day(40));
}

#[test]
fn x6_a_ticket_kept_back_turns_nothing_back_that_follows_its_anchor() {
    let vendor = Vendor::fabrikam();
    let install = Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)))));
    // The customer's clock is right; they say on day 10 that it is not, and keep the ticket until the license is over.
    for anchored in [false, true] {
        let mut book = Book::begin(vendor.tenant("contoso"));
        book.run(0, install.clone());
        book.run(1, assign("ada", "gold"));
        book.run(10, Command::RecordTime);
        let mut draft = correction(&vendor, 1, 10);
        if anchored {
            draft.anchor = Anchor::Record(book.tenant.checkpoint());
        }
        let token = vendor.secret.seal_ticket(&draft).unwrap();
        book.run(250, Command::RecordTime);
        book.prove(&draft.anchor);
        book.run(10, Command::CorrectTime(token));
        assert_eq!(book.tenant.reading(day(0)), day(if anchored { 250 } else { 10 }));
        assert_eq!(book.tenant.opens("ada", "f365/orders", 10), !anchored);
    }
}

#[test]
fn x6_an_anchored_ticket_corrects_what_was_recorded_up_to_its_anchor_and_what_repeats_it() {
    let vendor = Vendor::fabrikam();
    let mut book = Book::begin(vendor.tenant("contoso"));
    book.run(0, Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100))))));
    book.run(5000, Command::RecordTime);
    let mut draft = correction(&vendor, 1, 10);
    draft.anchor = Anchor::Record(book.tenant.checkpoint());
    // Until the ticket comes, the application goes on recording at the floor.
    book.run(11, Command::RecordTime);
    let token = vendor.secret.seal_ticket(&draft).unwrap();
    let refused = book.tenant.decide(&host(), &[Command::CorrectTime(token.clone())], request(), day(12)).unwrap_err();
    assert_eq!(refused.code(), "install.not-contained");
    let Anchor::Record(checkpoint) = &draft.anchor else { unreachable!() };
    book.prove(&draft.anchor);
    book.run(12, Command::CorrectTime(token));
    assert_eq!(book.tenant.reading(day(0)), day(10));
    // Read back from its entries it is the same, as soon as the checkpoint is proved.
    let mut again = vendor.tenant("contoso");
    for entry in &book.entries {
        again.apply(entry).unwrap();
    }
    assert_eq!(again.reading(day(0)), day(5000));
    assert_eq!(again.missing_anchors(), [checkpoint]);
    let again = again.with_proof(&book.proof([checkpoint])).unwrap();
    assert_eq!(again.reading(day(0)), day(10));
    assert!(again.missing_anchors().is_empty());
}

#[test]
fn x6_a_ticket_corrects_all_of_a_record_that_ends_before_its_anchor() {
    let vendor = Vendor::fabrikam();
    let mut book = Book::begin(vendor.tenant("contoso"));
    for on in [0, 5000, 11] {
        book.run(on, Command::RecordTime);
    }
    let checkpoint = book.tenant.checkpoint();
    let mut draft = correction(&vendor, 1, 10);
    draft.anchor = Anchor::Record(checkpoint.clone());
    let token = vendor.secret.seal_ticket(&draft).unwrap();
    let proof = book.proof([&checkpoint]);
    // What was proved is of a longer record than the one that is read: the ticket stands where the third event was. No
    // host can prove that; the law holds of it anyway.
    let mut events: Vec<Event> = book.entries.iter().map(|entry| entry.event().clone()).collect();
    events[2] = Event::new(3, day(5000), host(), vec![Command::CorrectTime(token)]);
    let tenant = replayed(assume_proof(&vendor.tenant("contoso"), &proof), &events);
    assert_eq!(tenant.reading(day(0)), day(10));
    assert!(tenant.with_proof(&proof).is_err());
    let oracle = Oracle::read(&vendor.catalog, &vendor.ring(), tenant.id().clone(), &[checkpoint], &events);
    // The second event and the third, which is the ticket's own.
    assert_eq!((oracle.facts().floor(), oracle.facts().corrected()), (day(10), 2));
}
