//! What is done with any input: no panic, and what was read prints and reads again as the same.
//!
//! ```text
//! cargo install --locked cargo-fuzz
//! cargo +nightly fuzz run token --fuzz-dir tests/fuzz -- -max_total_time=600 -rss_limit_mb=1024
//! ```
//!
//! The targets are `token` (armor too), `claims` (what is signed: licenses, lists, tickets), `certificates`, `words` (keys, ids, instants,
//! checkpoints), `catalog`, `ledger`, `events` (commands decided and forged) and `snapshot`. `tests/corpus.rs` replays what is kept in
//! `tests/fuzz/corpus` through the same functions.
#![allow(
    dead_code,
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::arithmetic_side_effects,
    reason = "each target uses one of these, and fails by panicking"
)]

#[path = "certificates.rs"]
pub(crate) mod certificates;
#[path = "mint.rs"]
mod mint;

use core::fmt::{Debug, Display};
use core::str::FromStr;

use entitle::capacity::Consumption;
use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::command::{ClaimPolicy, SignUpPolicy, TrialName};
use entitle::id::Label;
use entitle::license::{LicenseHash, Licensee};
use entitle::quantity::Amount;
use entitle::record::{Beginning, Checkpoint, Ledger, LedgerError, SnapshotError};
use entitle::time::{End, Month};
use entitle::token::{KeyId, KeyPermissions, KeyPurpose, Kind};
use entitle::{
    Actor, AppId, Catalog, Command, ConsumptionId, CountryCode, Deal, Entry, Event, Grant, GroupId, KeyRing, LicenseId,
    PublicKey, RecordId, RequestId, Role, SecretKey, Tenant, TenantId, Term, Token, Units, UserId, Zeroizing,
};

const CATALOG: &str = include_str!("catalog.json");

fn secret() -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([1; 32]))
}

fn ring() -> KeyRing {
    let lists = KeyPermissions::new(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets);
    KeyRing::new().trust(secret().public(), lists.and(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone)).unwrap()
}

fn tenant() -> Tenant {
    Tenant::new(
        &Catalog::from_json(CATALOG).unwrap(),
        &ring(),
        &Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16])),
    )
}

/// The next entry of a tenant's record with an event that nobody decided.
fn forged(tenant: &Tenant, event: Event) -> Entry {
    entitle::testing::forge(tenant.head(), event).unwrap()
}

fn day(n: i64) -> DateTime<Utc> {
    "2026-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(n)
}

/// A token, armored or not: what is read prints as it was, and verifying says yes or why not.
pub(crate) fn token(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    if let Ok(token) = text.parse::<Token>() {
        assert_eq!(token.to_string(), text, "a token has one spelling");
        assert_eq!(Token::from_armor(&token.to_armor()).unwrap(), token);
        verify(&token);
    }
    if let Ok(token) = Token::from_armor(text) {
        assert_eq!(Token::from_armor(&token.to_armor()).unwrap(), token);
        assert_eq!(token.to_string().parse::<Token>().unwrap(), token);
        verify(&token);
    }
}

/// What verifies can be sealed, and then says the same.
fn verify(token: &Token) {
    if let Ok(license) = ring().verify(token) {
        let sealed = secret().seal(license.deal()).unwrap();
        assert_eq!(ring().verify(&sealed).unwrap().deal(), license.deal());
        let mut tenant = tenant();
        let event = Event::new(1, day(0), Actor::new("a".parse().unwrap()), vec![Command::Install(token.clone())]);
        let entry = forged(&tenant, event);
        tenant.apply(&entry).unwrap();
        look(&tenant, &license.deal().grants.iter().map(|grant| grant.plan.clone()).collect::<Vec<_>>());
    }
    if let Ok(list) = ring().verify_list(token) {
        let sealed = secret().seal_list(list.revocations()).unwrap();
        assert_eq!(ring().verify_list(&sealed).unwrap().revocations(), list.revocations());
    }
    if let Ok(ticket) = ring().verify_ticket(token) {
        let sealed = secret().seal_ticket(ticket.correction()).unwrap();
        assert_eq!(ring().verify_ticket(&sealed).unwrap(), ticket);
    }
}

/// What is signed, by a key that is trusted: the first byte says as what kind of document.
pub(crate) fn claims(input: &[u8]) {
    let Some((&first, payload)) = input.split_first() else { return };
    let kind = [Kind::License, Kind::RevocationList, Kind::TimeTicket][usize::from(first % 3)];
    verify(&signed(kind, payload));
}

/// A token of any payload. The library does not sign what it would not read, so this splices signatures of its own making.
fn signed(kind: Kind, payload: &[u8]) -> Token {
    mint::token([1; 32], kind, payload).parse().unwrap()
}

/// Everything that is read from one word of text prints as it was.
pub(crate) fn words(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    same::<UserId>(text);
    same::<AppId>(text);
    same::<GroupId>(text);
    same::<ConsumptionId>(text);
    same::<Label>(text);
    same::<LicenseId>(text);
    same::<RecordId>(text);
    same::<CountryCode>(text);
    same::<KeyId>(text);
    same::<PublicKey>(text);
    same::<LicenseHash>(text);
    same::<Checkpoint>(text);
    same::<Month>(text);
    same::<End>(text);
    if let Ok(key) = SecretKey::from_paserk(text) {
        assert_eq!(*key.to_paserk(), text);
    }
}

fn same<T: FromStr<Err: Debug> + Display>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}

/// A catalog: what is sound prints as JSON that is as sound, with the same warnings.
pub(crate) fn catalog(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    let Ok(catalog) = Catalog::from_json(text) else { return };
    let printed = serde_json::to_string(catalog.offer()).unwrap();
    let again = Catalog::from_json(&printed).unwrap();
    assert_eq!(again.offer(), catalog.offer());
    assert_eq!(again.warnings(), catalog.warnings());
    let tenant =
        Tenant::new(&catalog, &ring(), &Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16])));
    look(&tenant, &[]);
}

/// A ledger: what is read is applied without a panic, and written anew reads as the same events.
pub(crate) fn ledger(input: &[u8]) {
    let Ok(text) = core::str::from_utf8(input) else { return };
    // The text may leave the hashes to us, so that the fuzzer gets behind them: `#` stands for the right one.
    let text = chained(text);
    let id: TenantId = "contoso".parse().unwrap();
    let Ok(ledger) = Ledger::read(&id, &text) else { return };
    let mut entries = ledger.entries();
    let good: Vec<Entry> = entries.by_ref().map_while(Result::ok).collect();
    // What is valid reads again as the same, and is all there is of it.
    let valid = &text[..entries.valid_bytes()];
    let again: Result<Vec<Entry>, LedgerError> = Ledger::read(&id, valid).unwrap().entries().collect();
    assert_eq!(again.unwrap(), good);
    let head = good.last().map_or(ledger.beginning().head(), Entry::head);
    assert_eq!(entries.head(), head);
    let checkpoint = Checkpoint::new(ledger.beginning().record(), head);
    assert!(Ledger::read(&id, valid).unwrap().prove([&checkpoint]).unwrap().contains(&checkpoint));
    let mut tenant = Tenant::new(&Catalog::from_json(CATALOG).unwrap(), &ring(), ledger.beginning());
    for entry in &good {
        assert_eq!(Entry::read(entry.text()).unwrap(), *entry);
        tenant.apply(entry).unwrap();
    }
    assert_eq!(tenant.head(), head);
    judge(good.iter().map(Entry::event));
}

/// The text with each `"previous":"#"` made right.
fn chained(text: &str) -> String {
    let mut whole = String::new();
    for line in text.split_inclusive('\n') {
        let line = line.replacen("\"previous\":\"#\"", &format!("\"previous\":\"{}\"", mint::hash(&whole)), 1);
        whole.push_str(&line);
    }
    whole
}

/// Commands as bytes choose them, decided where that is asked for and forged else.
pub(crate) fn events(input: &[u8]) {
    let mut bytes = input.iter().copied();
    let mut tenant = tenant();
    let mut events: Vec<Event> = Vec::new();
    let mut on = 0;
    while let Some(first) = bytes.next() {
        if events.len() >= 60 {
            break;
        }
        on = (on + i64::from(first >> 4) - 4).max(0);
        let mut commands: Vec<Command> = Vec::new();
        for _ in 0..=(first & 3) {
            let (Some(kind), Some(detail)) = (bytes.next(), bytes.next()) else { break };
            commands.push(command(kind, detail, on));
        }
        let roles = [Role::GlobalAdministrator, Role::Host];
        let actor = roles.into_iter().fold(Actor::new(user(first >> 2)), Actor::with);
        let entry = if first & 4 == 0 {
            let before = answers(&tenant, on);
            let decided = tenant.decide(&actor, &commands, RequestId::from_random([0; 16]), day(on));
            assert_eq!(answers(&tenant, on), before, "deciding changes nothing");
            decided
        } else {
            Ok(forged(&tenant, Event::new(tenant.position() + 1, day(on), actor, commands)))
        };
        if let Ok(entry) = entry {
            tenant.apply(&entry).unwrap();
            events.push(entry.event().clone());
        }
    }
    judge(&events);
}

fn user(n: u8) -> UserId {
    ["ada", "bo", "cy"][usize::from(n % 3)].parse().unwrap()
}

const PLANS: [&str; 6] = ["site", "frontline", "office", "extra", "sessions", "gone"];

fn command(kind: u8, detail: u8, on: i64) -> Command {
    let plan = || PLANS[usize::from(detail >> 5) % PLANS.len()].parse().unwrap();
    let group = || GroupId::from_str(if detail & 4 == 0 { "staff" } else { "night" }).unwrap();
    let license = LicenseId::from_random([detail % 3; 16]);
    match kind % 15 {
        0 | 1 => Command::Install(secret().seal(&deal(detail, on)).unwrap()),
        2 | 3 => Command::assign(user(detail), plan()),
        4 => Command::assign_group(group(), plan()),
        5 => Command::unassign(user(detail), plan()),
        6 => Command::unassign_group(group(), plan()),
        7 => Command::join(user(detail), group()),
        8 => Command::leave(user(detail), group()),
        9 => Command::RemoveUser(user(detail)),
        10 => Command::RemoveGroup(group()),
        11 => Command::StartTrial(TrialName::new(license, plan())),
        12 if detail & 1 == 0 => Command::SignUp(TrialName::new(license, plan())),
        12 if detail & 2 == 0 => Command::ClaimSeat(plan()),
        12 => Command::set_claim_on_first_use(
            plan(),
            if detail & 4 == 0 { ClaimPolicy::Allowed } else { ClaimPolicy::Off },
        ),
        13 => {
            let (id, bot) = (format!("draw-{detail}").parse().unwrap(), "bot".parse().unwrap());
            let amount = Amount::millionths(u64::from(detail) * 100_000 + 1).unwrap();
            Command::Consume(Consumption::new(plan(), id, bot, Month::of(day(on)), amount))
        }
        _ if detail & 1 == 0 => {
            Command::SetSignUps(if detail & 2 == 0 { SignUpPolicy::Off } else { SignUpPolicy::Allowed })
        }
        _ => Command::RecordTime,
    }
}

/// A license of one of three ids, for anyone or for Contoso, in one of four revisions.
fn deal(detail: u8, on: i64) -> Deal {
    let catalog = Catalog::from_json(CATALOG).unwrap();
    let customer =
        entitle::license::Customer::new("contoso".parse().unwrap(), "C".parse().unwrap(), "DE".parse().unwrap());
    let trial = detail & 8 != 0;
    let licensee = if trial { Licensee::Anyone } else { Licensee::Tenant(customer) };
    let mut deal = Deal::new(LicenseId::from_random([detail % 3; 16]), catalog.offer(), licensee, day(0));
    deal.revision = deal.revision.saturating_add(u32::from(detail >> 6));
    let units = Units::limited(u32::from(detail >> 4) % 3 + 1).unwrap();
    for plan in PLANS.into_iter().skip(usize::from(detail >> 5) % 4).take(3) {
        let plan = plan.parse().unwrap();
        deal = deal.with(if trial {
            let window = entitle::time::Window::new(day(on), day(on + 30)).unwrap();
            Grant::trial(plan, units, window, entitle::time::Length::days(10).unwrap())
        } else {
            Grant::paid(plan, units, Term::new(day(on), day(on + 20)).unwrap())
        });
    }
    deal
}

/// Replayed, a record leads to the same answers; no more are seated than the limit, and no more work than are seated.
fn judge<'e>(events: impl IntoIterator<Item = &'e Event>) {
    let mut tenant = tenant();
    for event in events {
        let entry = forged(&tenant, event.clone());
        tenant.apply(&entry).unwrap();
    }
    let on = 20;
    let again = tenant.rebase(tenant.catalog(), &ring());
    assert_eq!(answers(&again, on), answers(&tenant, on));
    let without_keys = tenant.rebase(tenant.catalog(), &KeyRing::new());
    assert_eq!(answers(&without_keys.rebase(tenant.catalog(), &ring()), on), answers(&tenant, on));
    look(&tenant, &PLANS.map(|plan| plan.parse().unwrap()));
}

fn look(tenant: &Tenant, plans: &[entitle::PlanId]) {
    let now = day(20);
    for plan in plans {
        let pool = tenant.pool(plan, now);
        assert!(pool.limit >= entitle::quantity::Total::Limited(pool.seated));
        assert_eq!(usize::try_from(pool.seated + pool.waiting).unwrap(), tenant.queue(plan).count());
        let _ = tenant.usage(plan, now).map(|usage| (usage.is_over(), usage.consumers().count()));
    }
    let _ = (tenant.documents().count(), tenant.trials(now).count(), tenant.claims_in_error(now).count());
    let _ = answers(tenant, 20);
}

fn restored(bytes: &[u8]) -> Result<Tenant, SnapshotError> {
    Tenant::restore(&Catalog::from_json(CATALOG).unwrap(), &ring(), "contoso".parse().unwrap(), bytes)
}

/// The tenant of what stands behind the checksum of a snapshot.
pub(crate) fn of_snapshot(input: &[u8]) -> Result<Tenant, SnapshotError> {
    let empty = tenant().snapshot().unwrap();
    let first_line = &empty[..=empty.iter().position(|&byte| byte == b'\n').unwrap()];
    restored(&[first_line, &mint::checksum(input), input].concat())
}

/// What stands behind the checksum of a snapshot: what is read is a tenant like any other, and comes back as it is.
pub(crate) fn snapshot(input: &[u8]) {
    let Ok(tenant) = of_snapshot(input) else { return };
    let plans: Vec<_> = PLANS.map(|plan| plan.parse().unwrap()).to_vec();
    look(&tenant, &plans);
    let (again, on) = (restored(&tenant.snapshot().unwrap()).unwrap(), 20);
    assert_eq!(answers(&again, on), answers(&tenant, on));
    assert_eq!(again.snapshot().unwrap(), tenant.snapshot().unwrap());
    let rebased = again.rebase(again.catalog(), &ring());
    assert_eq!(answers(&rebased, on), answers(&tenant, on));
}

/// What the check answers around a day, as text.
fn answers(tenant: &Tenant, on: i64) -> Vec<String> {
    let mut answers = Vec::new();
    for app in tenant.catalog().apps().take(20) {
        for n in 0..3 {
            let user = user(n);
            for now in [day(on), day(on + 40)] {
                let decision = tenant.check(&user, &app, now);
                let until = decision.until().instant();
                assert!(until.is_none_or(|until| until > tenant.reading(now)), "later than the reading");
                answers.push(format!(
                    "{:?} {until:?}",
                    decision.allowed().map(|allow| (allow.basis(), allow.warnings().count()))
                ));
            }
        }
    }
    answers
}
