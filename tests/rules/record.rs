//! X7: the record on disk, read back to the same state.

use core::fmt::Write;

use entitle::record::{Checkpoint, Ledger, LedgerFault, WriteLineError};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Command, Event, KeyRing, RecordId, Role, Tenant};

use crate::support::{Vendor, admin, assign, assign_group, day, days, join, leave, paid, unassign, user};

/// A record with something of everything, as lines.
fn record(vendor: &Vendor) -> (Vec<String>, Tenant) {
    let tenant_id = "contoso".parse().unwrap();
    let (mut ledger, head) = Ledger::begin(&tenant_id, RecordId::from_random([5; 16])).unwrap();
    let mut lines = vec![head];
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("bronze", 2, days(0, 100))).with(paid("gold", 1, days(5, 50)));
    let host = Actor::new(user("app")).with(Role::Host);
    let smaller = deal.revise(day(3)).unwrap().with(paid("bronze", 1, days(0, 200)));
    for (on, actor, commands) in [
        (0, admin(), vec![Command::Install(vendor.seal(&deal))]),
        (1, admin(), vec![assign("ada", "bronze"), assign("bo", "bronze"), assign_group("staff", "bronze")]),
        (2, admin(), vec![join("cy", "staff"), join("ada", "staff"), unassign("bo", "bronze")]),
        (3, admin(), vec![Command::Install(vendor.seal(&smaller)), leave("ada", "staff")]),
        (9, host, vec![Command::RecordTime]),
        (2, admin(), vec![Command::RemoveUser(user("ada"))]),
    ] {
        let event = tenant.decide(&actor, &commands, day(on)).unwrap();
        let (behind, line) = ledger.line(&event).unwrap();
        ledger = behind;
        lines.push(line);
        tenant.apply(&event).unwrap();
    }
    assert_eq!((ledger.position(), ledger.record()), (6, RecordId::from_random([5; 16])));
    (lines, tenant)
}

fn read(text: &str) -> Result<(Ledger, Vec<Event>), (usize, LedgerFault)> {
    Ledger::read(&"contoso".parse().unwrap(), text).map_err(|error| (error.line, error.fault))
}

fn answers(tenant: &Tenant) -> String {
    let mut answers = format!("{} {}", tenant.position(), tenant.reading(day(-500)));
    for on in [0, 10, 110, 140, 210] {
        for name in ["ada", "bo", "cy", "dee"] {
            for app in tenant.catalog().apps() {
                let user = user(name);
                let decision = tenant.check(&user, &app, day(on)).allowed().map(|a| (a.basis(), a.until().instant()));
                writeln!(answers, "{on} {name} {app} {decision:?}").unwrap();
            }
        }
    }
    answers
}

#[test]
fn x7_the_lines_read_back_to_the_same_state() {
    let vendor = Vendor::fabrikam();
    let (lines, tenant) = record(&vendor);
    let (ledger, events) = read(&lines.concat()).unwrap();
    let mut again = vendor.tenant("contoso");
    for event in &events {
        again.apply(event).unwrap();
    }
    assert_eq!(answers(&again), answers(&tenant));
    // And it goes on from there.
    let event = again.decide(&admin(), &[assign("dee", "bronze")], day(10)).unwrap_err();
    assert_eq!(event.code(), "refusal.no-free-unit");
    let event = again.decide(&admin(), &[leave("cy", "staff"), assign("dee", "bronze")], day(10)).unwrap();
    let (_, line) = ledger.line(&event).unwrap();
    assert_eq!(read(&(lines.concat() + &line)).unwrap().1.len(), 7);
    assert!(line.starts_with(r#"{"previous":""#) && line.ends_with("}\n"), "{line}");
}

#[test]
fn x7_a_line_that_was_edited_taken_out_or_moved_is_noticed() {
    let (lines, _) = record(&Vendor::fabrikam());
    for edited in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines[edited] = lines[edited].replace("2026-03", "2026-02");
        assert_eq!(read(&lines.concat()).unwrap_err(), (edited + 2, LedgerFault::DoesNotFollow));
    }
    for gone in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines.remove(gone);
        assert_eq!(read(&lines.concat()).unwrap_err(), (gone + 1, LedgerFault::DoesNotFollow));
    }
    for swapped in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines.swap(swapped, swapped + 1);
        assert_eq!(read(&lines.concat()).unwrap_err(), (swapped + 1, LedgerFault::DoesNotFollow));
    }
    let repeated = [&lines[..], &lines[6..]].concat().concat();
    assert_eq!(read(&repeated).unwrap_err(), (8, LedgerFault::DoesNotFollow));
}

#[test]
fn x7_another_tenants_record_and_unknown_kinds_are_refused() {
    let (lines, _) = record(&Vendor::fabrikam());
    let text = lines.concat();
    let other = Ledger::read(&"northwind".parse().unwrap(), &text).unwrap_err();
    assert_eq!(
        other.to_string(),
        "line 1 of the ledger: this is the ledger of the tenant `contoso`, not of `northwind`"
    );
    let newer = read(&text.replace("ledger.v1", "ledger.v2")).unwrap_err();
    assert_eq!(newer, (1, LedgerFault::UnknownFormat { found: "entitle.ledger.v2".to_string() }));
    let (line, fault) = read(&text.replacen(r#""record_time""#, r#""teleport""#, 1)).unwrap_err();
    assert_eq!((line, fault.code()), (6, "ledger.not-an-entry"), "never skipped");
    assert!(fault.to_string().contains("unknown variant `teleport`"), "{fault}");
    for (text, line, code) in [
        ("", 1, "ledger.not-a-head"),
        ("{}\n", 1, "ledger.not-a-head"),
        (&text[..text.len() - 1], 7, "ledger.cut"),
        (&text[..text.len() - 9], 7, "ledger.cut"),
        (&(text.clone() + "\n"), 8, "ledger.not-an-entry"),
        (lines[0].trim_end(), 1, "ledger.cut"),
    ] {
        let (at, fault) = read(text).unwrap_err();
        assert_eq!((at, fault.code()), (line, code));
    }
}

#[test]
fn x7_a_line_is_written_only_of_the_next_event() {
    let (ledger, head) = Ledger::begin(&"contoso".parse().unwrap(), RecordId::from_random([5; 16])).unwrap();
    let event = |number| Event::new(number, day(0), admin(), vec![Command::RecordTime]);
    assert!(matches!(ledger.line(&event(2)), Err(WriteLineError::NotNext(_))));
    let (behind, line) = ledger.line(&event(1)).unwrap();
    assert_eq!(ledger.line(&event(1)).unwrap(), (behind.clone(), line.clone()), "nothing has changed until it is kept");
    let (_, second) = behind.line(&event(2)).unwrap();
    // A chain written anew around another number is noticed, too.
    let (forged, _) = Ledger::begin(&"contoso".parse().unwrap(), RecordId::from_random([5; 16])).unwrap();
    assert_eq!(forged.line(&event(1)).unwrap().1, line);
    let skipping = second.replace(r#""number":2"#, r#""number":3"#);
    assert_eq!(read(&(head + &line + &skipping)).unwrap_err().1.code(), "ledger.not-next");
}

#[test]
fn x7_another_ring_or_catalog_reads_the_same_record_as_replaying_it() {
    let vendor = Vendor::fabrikam();
    let (lines, tenant) = record(&vendor);
    let (_, events) = read(&lines.concat()).unwrap();
    let stranger = entitle::SecretKey::from_seed(&entitle::Zeroizing::new([9; 32])).public();
    let catalog = include_str!("../../examples/fabrikam.json");
    let renamed = Vendor::of(&catalog.replace(r#""id": "bronze""#, r#""id": "tin""#)).catalog;
    let rotated = vendor.ring().trust(stranger, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let lost = KeyRing::new().trust(stranger, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    for catalog in [&vendor.catalog, &renamed] {
        for ring in [&vendor.ring(), &rotated, &lost] {
            let mut replayed = Tenant::new(catalog, ring, "contoso".parse().unwrap());
            for event in &events {
                replayed.apply(event).unwrap();
            }
            let rebased = tenant.rebase(catalog, ring);
            assert_eq!(answers(&rebased), answers(&replayed));
            assert_eq!(answers(&rebased.rebase(&vendor.catalog, &vendor.ring())), answers(&tenant), "and back");
        }
    }
    assert_ne!(answers(&tenant.rebase(&vendor.catalog, &lost)), answers(&tenant), "without the key it gives nothing");
}

#[test]
fn x7_a_plan_that_only_a_newly_trusted_license_names_counts_as_if_replayed() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("platinum", 5, days(0, 100)));
    let event = Event::new(1, day(0), admin(), vec![Command::Install(vendor.seal(&deal))]);
    let usable = |tenant: &Tenant| tenant.pool(&"platinum".parse().unwrap(), day(1)).usable;
    let mut distrusting = Tenant::new(&vendor.catalog, &KeyRing::new(), "contoso".parse().unwrap());
    let mut trusting = vendor.tenant("contoso");
    distrusting.apply(&event).unwrap();
    trusting.apply(&event).unwrap();
    assert_eq!(usable(&distrusting), entitle::quantity::Total::ZERO);
    assert_eq!(usable(&distrusting.rebase(&vendor.catalog, &vendor.ring())), usable(&trusting));
}

/// The ledger and the checkpoints it went through.
fn checkpoints(lines: &[String]) -> Vec<Checkpoint> {
    (1..=lines.len()).map(|n| read(&lines[..n].concat()).unwrap().0.checkpoint()).collect()
}

fn since(text: &str, checkpoint: &Checkpoint) -> Result<u64, (usize, &'static str)> {
    let read = Ledger::read_since(&"contoso".parse().unwrap(), text, checkpoint);
    read.map(|(ledger, _)| ledger.position()).map_err(|error| (error.line, error.fault.code()))
}

#[test]
fn x7_a_cut_tail_passes_without_a_checkpoint_and_fails_with_one() {
    let (lines, _) = record(&Vendor::fabrikam());
    let points = checkpoints(&lines);
    for (kept, point) in points.iter().enumerate() {
        assert_eq!(point.position(), u64::try_from(kept).unwrap());
        for cut in 1..=lines.len() {
            let text = lines[..cut].concat();
            assert!(read(&text).is_ok(), "nobody can tell");
            let contains = cut > kept;
            let expected =
                if contains { Ok(u64::try_from(cut - 1).unwrap()) } else { Err((kept + 1, "ledger.lacks-checkpoint")) };
            assert_eq!(since(&text, point), expected, "cut after {cut}, checkpoint after {kept}");
        }
    }
}

#[test]
fn x7_a_chain_written_anew_passes_without_a_checkpoint_and_fails_with_one() {
    let vendor = Vendor::fabrikam();
    let (lines, _) = record(&vendor);
    let (_, events) = read(&lines.concat()).unwrap();
    // The same record's name, the same number of events, and one of them another.
    let rewritten = |record: RecordId, other: usize| {
        let (mut ledger, mut text) = Ledger::begin(&"contoso".parse().unwrap(), record).unwrap();
        for (index, event) in events.iter().enumerate() {
            let mut event = event.clone();
            if index == other {
                event.commands = vec![Command::RecordTime];
            }
            let (behind, line) = ledger.line(&event).unwrap();
            ledger = behind;
            text.push_str(&line);
        }
        text
    };
    let points = checkpoints(&lines);
    let same = RecordId::from_random([5; 16]);
    for other in 0..events.len() {
        let text = rewritten(same, other);
        let differs = text != lines.concat();
        assert!(read(&text).is_ok(), "nobody can tell");
        for (kept, point) in points.iter().enumerate() {
            let noticed = differs && kept > other;
            assert_eq!(
                since(&text, point).is_err(),
                noticed,
                "event {} is another, checkpoint after {kept}",
                other + 1
            );
        }
    }
    let renamed = rewritten(RecordId::from_random([6; 16]), usize::MAX);
    assert!(points.iter().all(|point| since(&renamed, point).is_err()), "another record");
}

#[test]
fn x7_a_start_from_a_snapshot_reads_only_what_came_after() {
    let vendor = Vendor::fabrikam();
    let (lines, tenant) = record(&vendor);
    let (text, id) = (lines.concat(), "contoso".parse().unwrap());
    let (whole, events) = read(&text).unwrap();
    let read_on = |text: &str, point: &Checkpoint| {
        Ledger::read_on(&id, text, point).map_err(|error| (error.line, error.fault.code()))
    };
    let mut then = vendor.tenant("contoso");
    for (kept, point) in checkpoints(&lines).iter().enumerate() {
        let snapshot = then.snapshot().unwrap();
        let mut back = Tenant::restore(&vendor.catalog, &vendor.ring(), id.clone(), &snapshot).unwrap();
        let (ledger, later) = read_on(&text, point).unwrap();
        assert_eq!((&ledger, &later[..]), (&whole, &events[kept..]));
        for event in &later {
            back.apply(event).unwrap();
        }
        assert_eq!(answers(&back), answers(&tenant), "from {kept} on");
        // The line at the checkpoint has to be there as it was; what comes after it is read like any ledger.
        let shorter = lines[..kept].concat();
        let code = if kept == 0 { "ledger.not-a-head" } else { "ledger.lacks-checkpoint" };
        assert_eq!(read_on(&shorter, point).unwrap_err(), (kept + 1, code));
        let mut other = lines.clone();
        other[kept] = lines[kept].replace("2026", "2027");
        if other[kept] != lines[kept] {
            assert_eq!(read_on(&other.concat(), point).unwrap_err(), (kept + 1, "ledger.lacks-checkpoint"));
        }
        if kept + 1 < lines.len() {
            let torn = lines[..kept + 2].concat();
            assert_eq!(read_on(torn.trim_end(), point).unwrap_err(), (kept + 2, "ledger.cut"));
            other.truncate(kept + 1);
            other[kept].clone_from(&lines[kept]);
            other.push("{}\n".into());
            assert_eq!(read_on(&other.concat(), point).unwrap_err(), (kept + 2, "ledger.not-an-entry"));
        }
        if let Some(event) = events.get(kept) {
            then.apply(event).unwrap();
        }
    }
    let elsewhere = Ledger::begin(&id, RecordId::from_random([6; 16])).unwrap().0.checkpoint();
    assert_eq!(read_on(&text, &elsewhere).unwrap_err(), (1, "ledger.lacks-checkpoint"), "another record");
}

#[test]
fn x7_a_checkpoint_is_text_of_one_spelling() {
    let (lines, _) = record(&Vendor::fabrikam());
    for point in checkpoints(&lines) {
        let text = point.to_string();
        assert_eq!(text.parse(), Ok(point.clone()));
        assert_eq!(serde_json::from_str::<Checkpoint>(&serde_json::to_string(&point).unwrap()).unwrap(), point);
        let zero = text.replacen('.', ".0", 1);
        for wrong in [format!("{text} "), format!(" {text}"), zero, text.replacen('.', ".+", 1), text[1..].to_string()]
        {
            assert!(wrong.parse::<Checkpoint>().is_err(), "{wrong}");
        }
    }
}

#[test]
fn x7_a_host_may_choose_to_go_on_with_what_is_good() {
    let (mut lines, _) = record(&Vendor::fabrikam());
    let tenant = "contoso".parse().unwrap();
    let whole = Ledger::read_valid_prefix(&tenant, &lines.concat()).unwrap();
    assert_eq!((whole.events.len(), whole.fault), (6, None));
    lines[3] = lines[3].replace("2026-03", "2026-02");
    let part = Ledger::read_valid_prefix(&tenant, &lines.concat()).unwrap();
    assert_eq!((part.events.len(), part.fault.unwrap().line), (3, 5), "the edited line itself still follows");
    assert_eq!(part.ledger.position(), 3);
    assert_eq!(Ledger::read_valid_prefix(&tenant, "not a ledger\n").unwrap_err().line, 1);
}

#[test]
fn x7_a_checkpoint_has_one_spelling() {
    let hash = "A".repeat(43);
    let read = |last: &str, position: &str| {
        format!("{}.{position}.{last}", "0".repeat(32)).parse::<entitle::record::Checkpoint>()
    };
    assert!(read(&hash, "7").is_ok());
    // As long and not base64url, base64url and not as long, and other spellings of the number.
    assert!(read(&"!".repeat(43), "7").is_err());
    assert!(read(&"A".repeat(42), "7").is_err() && read(&"A".repeat(44), "7").is_err());
    assert!(["07", "+7", "", "-1"].iter().all(|position| read(&hash, position).is_err()));
}
