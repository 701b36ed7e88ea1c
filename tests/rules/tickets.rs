//! X6: a clock that was once far ahead, the time ticket that corrects it, and what no ticket does.

use core::num::NonZeroU32;
use entitle::command::{RefusalReason, TrialName};
use entitle::license::{
    Extension, Extensions, Freshness, FreshnessLimit, GrantKind, RevocationListDraft, TimeTicketDraft,
};
use entitle::query::{ClockStatus, DocumentIssue, DocumentStatus};
use entitle::record::{Anchor, Checkpoint, InclusionProof, InclusionProver};
use entitle::testing::{Oracle, assume_proof};
use entitle::time::{Days, Length};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Command, Entry, Event, KeyRing, Role, Tenant, TicketId, Token};

use crate::support::{
    Scenario, Vendor, admin, assign, beginning, day, days, paid, replayed, request, units, user, window,
};

fn host() -> Actor {
    Actor::new("app".parse().unwrap()).with(Role::Host)
}

fn correction(vendor: &Vendor, id: u8, on: i64) -> TimeTicketDraft {
    TimeTicketDraft::new(TicketId::from_random([id; 16]), vendor.catalog.offer(), "contoso".parse().unwrap(), day(on))
}

fn ticket(vendor: &Vendor, id: u8, on: i64) -> Token {
    vendor.secret.seal_ticket(&correction(vendor, id, on)).unwrap()
}

/// Decides and applies as the host.
fn as_host(tenant: &mut Tenant, on: i64, command: Command) -> Result<Entry, RefusalReason> {
    let entry = tenant.decide(&host(), &[command], request(), day(on)).map_err(|refusal| refusal.reason)?;
    tenant.apply(&entry).unwrap();
    Ok(entry)
}

/// Ada has gold from day 0 to 100, and the clock was once at day 5000.
fn poisoned(vendor: &Vendor) -> Tenant {
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "gold")]).unwrap();
    as_host(&mut tenant, 5000, Command::RecordTime).unwrap();
    tenant
}

#[test]
fn x6_a_time_ticket_corrects_a_record_that_a_clock_has_poisoned() {
    let vendor = Vendor::fabrikam();
    let mut tenant = poisoned(&vendor);
    assert_eq!(tenant.reading(day(10)), day(5000));
    assert!(!tenant.opens("ada", "f365/orders", 10));
    as_host(&mut tenant, 11, Command::CorrectTime(ticket(&vendor, 1, 10))).unwrap();
    // What was recorded later than the ticket's issue counts as recorded at it; what was before stays.
    assert_eq!(tenant.reading(day(0)), day(10));
    assert_eq!(tenant.reading(day(11)), day(11));
    assert!(tenant.opens("ada", "f365/orders", 11));
    assert!(!tenant.opens("ada", "f365/orders", 300));
    assert!(matches!(tenant.documents().last().unwrap().status, DocumentStatus::Corrects(_)));
}

#[test]
fn x6_a_ticket_is_used_once() {
    let vendor = Vendor::fabrikam();
    let mut tenant = poisoned(&vendor);
    let token = ticket(&vendor, 1, 10);
    as_host(&mut tenant, 10, Command::CorrectTime(token.clone())).unwrap();
    as_host(&mut tenant, 99, Command::RecordTime).unwrap();
    let used = DocumentIssue::TicketUsed { ticket: TicketId::from_random([1; 16]) };
    assert_eq!(as_host(&mut tenant, 99, Command::CorrectTime(token.clone())), Err(RefusalReason::Unusable(used)));
    // A record that holds it twice is corrected once.
    tenant.forge(99, [Command::CorrectTime(token)]);
    assert_eq!(tenant.reading(day(0)), day(99));
    // Another ticket is another.
    as_host(&mut tenant, 99, Command::CorrectTime(ticket(&vendor, 2, 50))).unwrap();
    assert_eq!(tenant.reading(day(0)), day(50));
}

#[test]
fn x6_a_ticket_for_another_tenant_or_product_or_by_another_key_does_nothing() {
    let vendor = Vendor::fabrikam();
    let tenant = poisoned(&vendor);
    let mut others = correction(&vendor, 1, 10);
    others.tenant = "northwind".parse().unwrap();
    let mut product = correction(&vendor, 1, 10);
    product.offer = "f366".parse().unwrap();
    let licenses_only =
        KeyRing::new().trust(vendor.secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    for (tenant, draft, code) in [
        (&tenant, &others, "install.other-tenant"),
        (&tenant, &product, "install.other-offer"),
        (&tenant.rebase(&vendor.catalog, &licenses_only), &correction(&vendor, 1, 10), "token.not-trusted"),
    ] {
        let mut tenant = tenant.clone();
        let command = Command::CorrectTime(vendor.secret.seal_ticket(draft).unwrap());
        assert_eq!(as_host(&mut tenant, 10, command.clone()).unwrap_err().code(), code);
        tenant.forge(10, [command]);
        assert_eq!(tenant.reading(day(10)), day(5000), "{code}");
    }
}

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

#[test]
fn x6_events_that_a_ticket_corrects_keep_their_order() {
    let vendor = Vendor::fabrikam();
    let mut trial = entitle::Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(20).unwrap());
    if let GrantKind::Trial(trial) = &mut trial.kind {
        let once = Extension::new(core::num::NonZeroU32::MIN, Length::days(10).unwrap());
        trial.extensions = Extensions::UpTo(once);
    }
    let mut tenant = vendor.contoso([trial]);
    let name = || TrialName::new(entitle::LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    as_host(&mut tenant, 40, Command::RecordTime).unwrap();
    // The clock says day 40 and it is day 5: the trial starts, and is extended, on what will count as day 5.
    tenant.run(40, [Command::StartTrial(name()), assign("ada", "gold")]).unwrap();
    tenant.run(45, [Command::ExtendTrial(name())]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 69) && !tenant.opens("ada", "f365/orders", 70));
    as_host(&mut tenant, 5, Command::CorrectTime(ticket(&vendor, 1, 5))).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 34) && !tenant.opens("ada", "f365/orders", 35));
}

/// Beside a ticket other commands would be judged by its issue date, at which they alone might be refused.
#[test]
fn x6_a_ticket_is_a_list_of_its_own() {
    let vendor = Vendor::fabrikam();
    let trial = entitle::Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(20).unwrap());
    let mut tenant = vendor.contoso([trial]);
    let name = TrialName::new(entitle::LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    as_host(&mut tenant, 5000, Command::RecordTime).unwrap();
    let (correct, start) = (Command::CorrectTime(ticket(&vendor, 1, 10)), Command::StartTrial(name));
    let actor = admin().with(Role::Host);
    let lists = [
        ([correct.clone(), start.clone()], 0),
        ([Command::RecordTime, correct.clone()], 1),
        ([correct.clone(), correct.clone()], 0),
    ];
    for (list, command) in lists {
        let refusal = tenant.decide(&actor, &list, request(), day(300)).unwrap_err();
        assert_eq!((refusal.code(), refusal.command), ("refusal.ticket-not-alone", command));
    }
    as_host(&mut tenant, 300, correct).unwrap();
    let refusal = tenant.decide(&actor, &[start], request(), day(300)).unwrap_err();
    assert_eq!(refusal.code(), "refusal.outside-the-window");
}

/// A tenant with all entries of its record, to prove its checkpoints from.
struct Book {
    tenant: Tenant,
    entries: Vec<Entry>,
}

impl Book {
    fn begin(tenant: Tenant) -> Self {
        Self { tenant, entries: Vec::new() }
    }

    fn run(&mut self, on: i64, command: Command) {
        let entry = self.tenant.decide(&admin().with(Role::Host), &[command], request(), day(on)).unwrap();
        self.tenant.apply(&entry).unwrap();
        self.entries.push(entry);
    }

    /// Records a command as a forger does: without deciding.
    fn forge(&mut self, on: i64, command: Command) {
        self.entries.push(self.tenant.forge(on, [command]));
    }

    fn proof<'c>(&self, checkpoints: impl IntoIterator<Item = &'c Checkpoint>) -> InclusionProof {
        let mut prover = InclusionProver::new(&beginning(self.tenant.id().clone()), checkpoints);
        self.entries.iter().for_each(|entry| prover.add(entry).unwrap());
        prover.finish()
    }

    /// Has the tenant know that its record contains what a document is anchored to.
    fn prove(&mut self, anchor: &Anchor) {
        let Anchor::Record(checkpoint) = anchor else { return };
        let proof = self.proof([checkpoint]);
        assert!(proof.contains(checkpoint));
        self.tenant = self.tenant.with_proof(&proof).unwrap();
    }

    /// The tenant read back from its entries.
    fn replayed(&self, vendor: &Vendor) -> Tenant {
        let mut again = vendor.tenant("contoso");
        self.entries.iter().try_for_each(|entry| again.apply(entry)).unwrap();
        let proof = self.proof(again.missing_anchors());
        again.with_proof(&proof).unwrap()
    }
}

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

#[test]
fn x6_a_clock_far_ahead_of_the_record_is_reported_before_anything_is_recorded() {
    let vendor = Vendor::fabrikam();
    let unused = vendor.tenant("contoso");
    assert_eq!(unused.clock(day(5000)), ClockStatus::Fits, "a record without evidence fits every clock");
    // The license is issued on day -10 and installed on day 0.
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let second = entitle::chrono::TimeDelta::seconds(1);
    assert_eq!(tenant.clock(day(31)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(31) + second), ClockStatus::FarAhead { floor: day(0) });
    assert!(tenant.is_time_record_due(day(40)), "it is due all the same");
    tenant.run(40, [assign("ada", "gold")]).unwrap();
    assert_eq!(tenant.clock(day(40)), ClockStatus::Fits);
}

#[test]
fn x6_the_time_is_due_once_a_day_and_whenever_units_begin_or_end() {
    let vendor = Vendor::fabrikam();
    let second = entitle::chrono::TimeDelta::seconds(1);
    assert!(!vendor.tenant("contoso").is_time_record_due(day(5000)), "nothing is licensed");
    let deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100))).with(paid("gold", 1, days(0, 5)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(4, [Command::Install(vendor.seal(&deal))]).unwrap();
    for before in [day(3), day(4), day(4) + second, day(5) - second] {
        assert!(!tenant.is_time_record_due(before), "{before}");
    }
    assert!(tenant.is_time_record_due(day(5)));
    // Half a day after a time record the second grant, whose term ends on day 5, is in grace.
    let noon = day(4) + entitle::chrono::TimeDelta::hours(12);
    let host = Actor::new(user("app")).with(Role::Host);
    let entry = tenant.decide(&host, &[Command::RecordTime], request(), noon).unwrap();
    tenant.apply(&entry).unwrap();
    assert!(!tenant.is_time_record_due(day(5) - second));
    assert!(tenant.is_time_record_due(day(5)), "a term ends, half a day later");
    // It answers the same after a restart from a snapshot.
    let bytes = tenant.snapshot().unwrap();
    let restored = Tenant::restore(&vendor.catalog, &vendor.ring(), "contoso".parse().unwrap(), &bytes).unwrap();
    assert!(!restored.is_time_record_due(day(5) - second) && restored.is_time_record_due(day(5)));
    // Once recorded, it is not due again.
    let entry = tenant.decide(&host, &[Command::RecordTime], request(), day(5)).unwrap();
    tenant.apply(&entry).unwrap();
    assert!(!tenant.is_time_record_due(day(5)) && !tenant.is_time_record_due(day(6) - second));
    assert!(tenant.is_time_record_due(day(6)));
}

#[test]
fn x6_a_clock_behind_the_record_by_more_than_is_tolerated_is_worth_a_warning() {
    let mut tenant = poisoned(&Vendor::fabrikam());
    let floor = day(5000);
    // Fabrikam says nothing of it, so a day is tolerated.
    assert_eq!(tenant.clock(day(4999)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(4999) - entitle::chrono::TimeDelta::seconds(1)), ClockStatus::Behind { floor });
    assert_eq!(tenant.clock(day(5031)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(0)), ClockStatus::Behind { floor });
    let mut offer = tenant.catalog().offer().clone();
    offer.clock_tolerance = entitle::time::Days::new(7);
    let catalog = entitle::Catalog::new(offer).unwrap();
    tenant = tenant.rebase(&catalog, &Vendor::fabrikam().ring());
    assert_eq!(tenant.clock(day(4993)), ClockStatus::Fits);
    assert_eq!(tenant.clock(day(4992)), ClockStatus::Behind { floor });
}
