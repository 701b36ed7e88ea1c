//! X6: a clock that was once far ahead, the time ticket that mends it, and what no ticket does.

use entitle::testing::Oracle;
use entitle::{
    Actor, Anchor, Clock, Command, Correction, Event, Extension, Extensions, KeyRing, Ledger, Length, Powers, Purpose,
    RecordId, Role, Status, Tenant, Terms, TicketId, Token, TrialName, Unusable, Why,
};

use crate::given::{Scenario, Vendor, admin, assign, day, days, paid, units, window};

fn host() -> Actor {
    Actor::new("app".parse().unwrap()).with(Role::Host)
}

fn correction(vendor: &Vendor, id: u8, on: i64) -> Correction {
    Correction::new(TicketId::from_random([id; 16]), vendor.catalog.offer(), "contoso".parse().unwrap(), day(on))
}

fn ticket(vendor: &Vendor, id: u8, on: i64) -> Token {
    vendor.secret.seal_ticket(&correction(vendor, id, on)).unwrap()
}

/// Decides and applies as the host.
fn as_host(tenant: &mut Tenant, on: i64, command: Command) -> Result<Event, Why> {
    let event = tenant.decide(&host(), &[command], day(on)).map_err(|refusal| refusal.why)?;
    tenant.apply(&event).unwrap();
    Ok(event)
}

/// Ada has gold from day 0 to 100, and the clock was once at day 5000.
fn poisoned(vendor: &Vendor) -> Tenant {
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "gold")]).unwrap();
    as_host(&mut tenant, 5000, Command::Mark).unwrap();
    tenant
}

#[test]
fn x6_a_time_ticket_mends_a_record_that_a_clock_has_poisoned() {
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
    assert!(matches!(tenant.documents().last().unwrap().status, Status::Corrects(_)));
}

#[test]
fn x6_a_ticket_is_used_once() {
    let vendor = Vendor::fabrikam();
    let mut tenant = poisoned(&vendor);
    let token = ticket(&vendor, 1, 10);
    as_host(&mut tenant, 10, Command::CorrectTime(token.clone())).unwrap();
    as_host(&mut tenant, 99, Command::Mark).unwrap();
    let used = Unusable::TicketUsed { ticket: TicketId::from_random([1; 16]) };
    assert_eq!(as_host(&mut tenant, 99, Command::CorrectTime(token.clone())), Err(Why::Unusable(used)));
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
    let licenses_only = KeyRing::new().trust(vendor.secret.public(), Powers::of(Purpose::Licenses));
    for (tenant, said, code) in [
        (&tenant, &others, "install.other-tenant"),
        (&tenant, &product, "install.other-offer"),
        (&tenant.rebase(&vendor.catalog, &licenses_only), &correction(&vendor, 1, 10), "token.not-trusted"),
    ] {
        let mut tenant = tenant.clone();
        let command = Command::CorrectTime(vendor.secret.seal_ticket(said).unwrap());
        assert_eq!(as_host(&mut tenant, 10, command.clone()).unwrap_err().code(), code);
        tenant.forge(10, [command]);
        assert_eq!(tenant.reading(day(10)), day(5000), "{code}");
    }
}

#[test]
fn x6_a_ticket_does_not_go_back_before_what_a_document_is_evidence_of() {
    let vendor = Vendor::fabrikam();
    let mut tenant = poisoned(&vendor);
    let renewed = vendor.deal_for("contoso").revise(day(40)).unwrap().with(paid("gold", 1, days(0, 100)));
    tenant.run(40, [Command::Install(vendor.seal(&renewed))]).unwrap();
    as_host(&mut tenant, 40, Command::CorrectTime(ticket(&vendor, 1, 10))).unwrap();
    assert_eq!(tenant.reading(day(0)), day(40));
    // The ticket itself is evidence too: a later one that says an earlier time does not go back before it.
    as_host(&mut tenant, 60, Command::CorrectTime(ticket(&vendor, 2, 55))).unwrap();
    as_host(&mut tenant, 60, Command::CorrectTime(ticket(&vendor, 3, 45))).unwrap();
    assert_eq!(tenant.reading(day(0)), day(55));
}

#[test]
fn x6_events_that_a_ticket_corrects_keep_their_order() {
    let vendor = Vendor::fabrikam();
    let mut trial = entitle::Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(20).unwrap());
    if let Terms::Trial(trial) = &mut trial.terms {
        let once = Extension::new(core::num::NonZeroU32::MIN, Length::days(10).unwrap());
        trial.extensions = Extensions::UpTo(once);
    }
    let mut tenant = vendor.contoso([trial]);
    let name = || TrialName::new(entitle::LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    as_host(&mut tenant, 40, Command::Mark).unwrap();
    // The clock says day 40 and it is day 5: the trial starts, and is extended, on what will count as day 5.
    tenant.run(40, [Command::StartTrial(name()), assign("ada", "gold")]).unwrap();
    tenant.run(45, [Command::ExtendTrial(name())]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 69) && !tenant.opens("ada", "f365/orders", 70));
    as_host(&mut tenant, 5, Command::CorrectTime(ticket(&vendor, 1, 5))).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 34) && !tenant.opens("ada", "f365/orders", 35));
}

#[test]
fn x6_commands_beside_a_ticket_are_judged_by_the_time_that_it_mends() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    as_host(&mut tenant, 5000, Command::Mark).unwrap();
    let both = [Command::CorrectTime(ticket(&vendor, 1, 10)), assign("ada", "gold")];
    let actor = admin().with(Role::Host);
    assert_eq!(tenant.decide(&actor, &both[1..], day(11)).unwrap_err().code(), "refusal.no-free-unit");
    tenant.apply(&tenant.decide(&actor, &both, day(11)).unwrap()).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 11));
}

/// The ledger of a record, with the text to prove its checkpoints from.
struct Book {
    tenant: Tenant,
    ledger: Ledger,
    text: String,
}

impl Book {
    fn begin(tenant: Tenant) -> Self {
        let (ledger, text) = Ledger::begin(tenant.id(), RecordId::from_random([5; 16])).unwrap();
        Self { tenant, ledger, text }
    }

    fn run(&mut self, on: i64, command: Command) {
        let event = self.tenant.decide(&admin().with(Role::Host), &[command], day(on)).unwrap();
        let (behind, line) = self.ledger.line(&event).unwrap();
        self.ledger = behind;
        self.text.push_str(&line);
        self.tenant.apply(&event).unwrap();
    }
}

#[test]
fn x6_a_ticket_kept_back_turns_nothing_back_that_came_after_its_anchor() {
    let vendor = Vendor::fabrikam();
    let install = Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)))));
    // The customer's clock is right; they say on day 10 that it is not, and keep the ticket until the license is over.
    for anchored in [false, true] {
        let mut book = Book::begin(vendor.tenant("contoso"));
        book.run(0, install.clone());
        book.run(1, assign("ada", "gold"));
        book.run(10, Command::Mark);
        let mut said = correction(&vendor, 1, 10);
        if anchored {
            said.anchor = Anchor::Record(book.ledger.checkpoint());
        }
        let token = vendor.secret.seal_ticket(&said).unwrap();
        book.run(250, Command::Mark);
        if let Anchor::Record(checkpoint) = &said.anchor {
            let proof = Ledger::prove(book.tenant.id(), &book.text, checkpoint).unwrap();
            book.tenant = book.tenant.anchored(&proof);
        }
        book.run(10, Command::CorrectTime(token));
        assert_eq!(book.tenant.reading(day(0)), day(if anchored { 250 } else { 10 }));
        assert_eq!(book.tenant.opens("ada", "f365/orders", 10), !anchored);
    }
}

#[test]
fn x6_an_anchored_ticket_mends_what_was_recorded_up_to_its_anchor_and_what_repeats_it() {
    let vendor = Vendor::fabrikam();
    let mut book = Book::begin(vendor.tenant("contoso"));
    book.run(0, Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100))))));
    book.run(5000, Command::Mark);
    let mut said = correction(&vendor, 1, 10);
    said.anchor = Anchor::Record(book.ledger.checkpoint());
    // Until the ticket comes, the application goes on recording at the floor.
    book.run(11, Command::Mark);
    let token = vendor.secret.seal_ticket(&said).unwrap();
    let refused = book.tenant.decide(&host(), &[Command::CorrectTime(token.clone())], day(12)).unwrap_err();
    assert_eq!(refused.code(), "install.not-contained");
    let Anchor::Record(checkpoint) = &said.anchor else { unreachable!() };
    book.tenant = book.tenant.anchored(&Ledger::prove(book.tenant.id(), &book.text, checkpoint).unwrap());
    book.run(12, Command::CorrectTime(token));
    assert_eq!(book.tenant.reading(day(0)), day(10));
    // Read back from its lines it is the same, as soon as the checkpoint is proved.
    let (_, events) = Ledger::read(book.tenant.id(), &book.text).unwrap();
    let mut again = vendor.tenant("contoso");
    for event in &events {
        again.apply(event).unwrap();
    }
    assert_eq!(again.reading(day(0)), day(5000));
    let missing: Vec<_> = again.missing_anchors().collect();
    assert_eq!(missing, [checkpoint]);
    let again = again.anchored(&Ledger::prove(again.id(), &book.text, checkpoint).unwrap());
    assert_eq!(again.reading(day(0)), day(10));
    assert_eq!(again.missing_anchors().count(), 0);
}

#[test]
fn x6_a_ticket_mends_all_of_a_record_that_ends_before_its_anchor() {
    let vendor = Vendor::fabrikam();
    let mut book = Book::begin(vendor.tenant("contoso"));
    for on in [0, 5000, 11] {
        book.run(on, Command::Mark);
    }
    let checkpoint = book.ledger.checkpoint();
    let mut said = correction(&vendor, 1, 10);
    said.anchor = Anchor::Record(checkpoint.clone());
    let token = vendor.secret.seal_ticket(&said).unwrap();
    let proof = Ledger::prove(book.tenant.id(), &book.text, &checkpoint).unwrap();
    // What was proved is of a longer record than the one that is read: the ticket stands where the third event was.
    let (_, mut events) = Ledger::read(book.tenant.id(), &book.text).unwrap();
    events[2] = Event::new(3, day(5000), host(), vec![Command::CorrectTime(token)]);
    let mut tenant = vendor.tenant("contoso").anchored(&proof);
    events.iter().try_for_each(|event| tenant.apply(event)).unwrap();
    assert_eq!(tenant.reading(day(0)), day(10));
    let oracle = Oracle::read(&vendor.catalog, &vendor.ring(), tenant.id().clone(), &[proof], &events);
    // The second event and the third, which is the ticket's own.
    assert_eq!((oracle.facts().floor(), oracle.facts().mended()), (day(10), 2));
}

#[test]
fn x6_a_clock_behind_the_record_by_more_than_is_tolerated_is_worth_a_warning() {
    let mut tenant = poisoned(&Vendor::fabrikam());
    let floor = day(5000);
    // Fabrikam says nothing of it, so a day is tolerated.
    assert_eq!(tenant.clock(day(4999)), Clock::Fits);
    assert_eq!(tenant.clock(day(4999) - entitle::chrono::TimeDelta::seconds(1)), Clock::Behind { floor });
    assert_eq!(tenant.clock(day(6000)), Clock::Fits);
    assert_eq!(tenant.clock(day(0)), Clock::Behind { floor });
    let mut offer = tenant.catalog().offer().clone();
    offer.clock_tolerance = entitle::Days::new(7);
    let catalog = entitle::Catalog::prove(offer).unwrap();
    tenant = tenant.rebase(&catalog, &Vendor::fabrikam().ring());
    assert_eq!(tenant.clock(day(4993)), Clock::Fits);
    assert_eq!(tenant.clock(day(4992)), Clock::Behind { floor });
}
