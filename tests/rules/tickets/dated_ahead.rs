//! X6: documents that are dated ahead of the clock.

use core::num::NonZeroU32;

use entitle::command::RefusalReason;
use entitle::license::{Freshness, FreshnessLimit, RevocationListDraft};
use entitle::query::DocumentIssue;
use entitle::record::Anchor;
use entitle::time::Days;
use entitle::{Command, Role};

use super::{Book, as_host, correction, poisoned, ticket};
use crate::support::{Scenario, Vendor, admin, assign, day, days, paid, request};

#[test]
fn x6_documents_dated_later_than_a_ticket_count_as_of_its_issue() {
    let vendor = Vendor::fabrikam();
    let mut tenant = poisoned(&vendor);
    let renewed = vendor.deal_for("contoso").revise(day(40)).unwrap().with(paid("gold", 1, days(0, 100)));
    tenant.run(40, [Command::Install(vendor.seal(&renewed))]).unwrap();
    as_host(&mut tenant, 40, Command::CorrectTime(ticket(&vendor, 1, 10))).unwrap();
    assert_eq!(tenant.reading(day(0)), day(10));
    // A ticket is a document as well: its own date is evidence, which a later ticket corrects.
    as_host(&mut tenant, 60, Command::CorrectTime(ticket(&vendor, 2, 55))).unwrap();
    assert_eq!(tenant.reading(day(0)), day(55));
    as_host(&mut tenant, 60, Command::CorrectTime(ticket(&vendor, 3, 45))).unwrap();
    assert_eq!(tenant.reading(day(0)), day(45));
    // Documents that come after a ticket are evidence of their own dates.
    let again = renewed.revise(day(70)).unwrap().with(paid("gold", 1, days(0, 100)));
    tenant.run(70, [Command::Install(vendor.seal(&again))]).unwrap();
    assert_eq!(tenant.reading(day(0)), day(70));
}

/// What a record holds of documents dated far ahead, forged or from before they were refused, a ticket corrects, also if the
/// document is the very last thing before its anchor.
#[test]
fn x6_a_document_dated_in_the_far_future_is_corrected_by_a_ticket() {
    let vendor = Vendor::fabrikam();
    let far = (entitle::time::LATEST - day(0)).num_days() - 1;
    let license = vendor.deal_for("contoso").revise(day(far)).unwrap().with(paid("gold", 1, days(0, 100)));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(far));
    let ticket_ahead = ticket(&vendor, 9, far);
    for dated_ahead in [
        Command::Install(vendor.seal(&license)),
        Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap()),
        Command::CorrectTime(ticket_ahead),
    ] {
        for (anchored, recorded_since) in [(false, 0), (true, 0), (true, 2)] {
            let mut book = Book::begin(vendor.tenant("contoso"));
            book.run(0, Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100))))));
            book.run(1, assign("ada", "gold"));
            book.forge(5, dated_ahead.clone());
            assert_eq!(book.tenant.reading(day(5)), day(far));
            let mut draft = correction(&vendor, 1, 6);
            if anchored {
                draft.anchor = Anchor::Record(book.tenant.checkpoint());
                book.prove(&draft.anchor);
            }
            for _ in 0..recorded_since {
                book.run(7, Command::RecordTime);
            }
            book.run(7, Command::CorrectTime(vendor.secret.seal_ticket(&draft).unwrap()));
            assert_eq!(book.tenant.reading(day(7)), day(7), "{anchored} {recorded_since}");
            assert!(book.tenant.opens("ada", "f365/orders", 7));
        }
    }
}

/// A list that a ticket dates back is no fresher than that.
#[test]
fn x6_a_list_dated_ahead_is_as_fresh_as_the_ticket_that_corrects_it() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 1000)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(30), Days::new(60)));
    for list_comes in [true, false] {
        let mut book = Book::begin(vendor.tenant("contoso"));
        let mut license = deal.clone();
        let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(5000));
        if list_comes {
            book.run(0, Command::Install(vendor.seal(&license)));
            book.forge(5, Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap()));
        } else {
            license.issued = day(5000);
            book.forge(5, Command::Install(vendor.seal(&license)));
        }
        book.run(5001, Command::RecordTime);
        book.tenant.forge(5001, [assign("ada", "gold")]);
        as_host(&mut book.tenant, 10, Command::CorrectTime(ticket(&vendor, 1, 10))).unwrap();
        assert!(book.tenant.opens("ada", "f365/orders", 69));
        assert!(!book.tenant.opens("ada", "f365/orders", 70), "{list_comes}");
    }
}

#[test]
fn x6_a_document_dated_ahead_of_the_clock_is_refused() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let actor = admin().with(Role::Host);
    let license = |on| Command::Install(vendor.seal(&vendor.deal_for("contoso").revise(day(on)).unwrap()));
    let list = |on| {
        let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(on));
        Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())
    };
    let correct = |on| Command::CorrectTime(ticket(&vendor, 1, on));
    let tries: [&dyn Fn(i64) -> Command; 3] = [&license, &list, &correct];
    // Also where the record is ahead of the clock: then the clock may be right.
    for floor in [0, 5000] {
        as_host(&mut tenant, floor, Command::RecordTime).unwrap();
        for document in tries {
            // A day ahead is tolerated, since two clocks are never the same.
            assert!(tenant.decide(&actor, &[document(11)], request(), day(10)).is_ok());
            let refusal = tenant.decide(&actor, &[document(12)], request(), day(10)).unwrap_err();
            let RefusalReason::Unusable(DocumentIssue::DatedAhead { issued, now, .. }) = &refusal.reason else {
                panic!("{refusal}")
            };
            assert_eq!((refusal.code(), *issued, *now), ("install.dated-ahead", day(12), day(10)));
        }
    }
}
