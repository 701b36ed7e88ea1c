//! X7: the record as text, read back to the same state.

use core::fmt::Write;

use entitle::command::RefusalReason;
use entitle::limits::MAX_ENTRY_BYTES;
use entitle::record::{
    ApplyError, Beginning, Checkpoint, EntryError, EntryHash, Head, Ledger, LedgerError, LedgerFault, first_difference,
};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Command, Entry, Event, KeyRing, RecordId, RequestId, Role, Tenant};

use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, beginning, day, days, forged, join, leave, ledger, paid, replayed,
    request, unassign, user,
};

fn ours() -> Beginning {
    beginning("contoso".parse().unwrap())
}

/// A record with something of everything.
fn record(vendor: &Vendor) -> (Vec<Entry>, Tenant) {
    let mut entries = Vec::new();
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
        let entry = tenant.decide(&actor, &commands, request(), day(on)).unwrap();
        tenant.apply(&entry).unwrap();
        entries.push(entry);
    }
    assert_eq!((tenant.position(), tenant.record()), (6, RecordId::from_random([1; 16])));
    (entries, tenant)
}

fn lines(entries: &[Entry]) -> Vec<String> {
    ledger(&ours(), entries).split_inclusive('\n').map(str::to_string).collect()
}

fn read(text: &str) -> Result<Vec<Entry>, LedgerError> {
    let ledger = Ledger::read(&"contoso".parse().unwrap(), text)?;
    ledger.entries().collect()
}

/// The line and the code of what is wrong with a ledger.
fn wrong(text: &str) -> (usize, &'static str) {
    let error = read(text).unwrap_err();
    (error.line, error.fault.code())
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
    let (entries, tenant) = record(&vendor);
    let text = lines(&entries).concat();
    let ledger = Ledger::read(tenant.id(), &text).unwrap();
    assert_eq!(*ledger.beginning(), ours());
    let mut again = Tenant::new(&vendor.catalog, &vendor.ring(), ledger.beginning());
    for entry in ledger.entries() {
        again.apply(&entry.unwrap()).unwrap();
    }
    assert_eq!((again.head(), answers(&again)), (tenant.head(), answers(&tenant)));
    assert_eq!(read(&text).unwrap(), entries);
    // And it goes on from there.
    let refused = again.decide(&admin(), &[assign("dee", "bronze")], request(), day(10)).unwrap_err();
    assert_eq!(refused.code(), "refusal.no-free-unit");
    let entry = again.decide(&admin(), &[leave("cy", "staff"), assign("dee", "bronze")], request(), day(10)).unwrap();
    assert_eq!(read(&format!("{text}{}\n", entry.text())).unwrap().len(), 7);
    assert!(entry.text().starts_with(r#"{"previous":""#) && entry.text().ends_with('}'), "{}", entry.text());
}

/// What the hash covers, in another library's words: SHA-256 of the text without its line feed.
#[test]
fn x7_an_entry_is_its_text_and_the_hash_of_it() {
    use sha2::{Digest, Sha256};
    let (entries, tenant) = record(&Vendor::fabrikam());
    let mut previous: [u8; 32] = Sha256::digest(ours().text()).into();
    assert_eq!(ours().head(), Head::new(0, EntryHash::from_bytes(previous)));
    for (entry, number) in entries.iter().zip(1..) {
        assert_eq!((entry.number(), entry.previous()), (number, EntryHash::from_bytes(previous)));
        previous = Sha256::digest(entry.text()).into();
        assert_eq!(entry.head(), Head::new(number, EntryHash::from_bytes(previous)));
        assert_eq!(Entry::read(entry.text()).unwrap(), *entry);
        assert_eq!(Entry::read(entry.text().to_string()).unwrap().event(), entry.event());
    }
    assert_eq!(tenant.head(), entries[5].head());
    assert_eq!(tenant.checkpoint(), Checkpoint::new(RecordId::from_random([1; 16]), entries[5].head()));
    // A text with other spaces is another entry, whatever it says.
    let spaced = entries[0].text().replacen(':', ": ", 1);
    assert_ne!(Entry::read(spaced).unwrap().head(), entries[0].head());
    assert_eq!(Beginning::read(ours().text()).unwrap(), ours());
}

#[test]
fn x7_a_line_that_was_edited_taken_out_or_moved_is_noticed() {
    let (entries, _) = record(&Vendor::fabrikam());
    let lines = lines(&entries);
    for edited in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines[edited] = lines[edited].replace("2026-03", "2026-02");
        assert_eq!(wrong(&lines.concat()), (edited + 2, "apply.forked"));
    }
    for gone in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines.remove(gone);
        assert_eq!(wrong(&lines.concat()), (gone + 1, "apply.out-of-sequence"));
    }
    for swapped in 1..lines.len() - 1 {
        let mut lines = lines.clone();
        lines.swap(swapped, swapped + 1);
        assert_eq!(wrong(&lines.concat()), (swapped + 1, "apply.out-of-sequence"));
    }
    let repeated = [&lines[..], &lines[6..]].concat().concat();
    assert_eq!(wrong(&repeated), (8, "apply.out-of-sequence"));
    // The message names the number and both hashes.
    let mut edited = lines.clone();
    edited[2] = edited[2].replace("2026-03", "2026-02");
    let (written, stands) = (entries[1].head().hash(), Entry::read(edited[2].trim_end()).unwrap().head().hash());
    assert_eq!(
        read(&edited.concat()).unwrap_err().to_string(),
        format!(
            "line 4 of the ledger: does not continue the line before: entry 3 continues an entry 2 with the hash \
             `{written}`, but the hash here is `{stands}`: the record has forked"
        )
    );
}

#[test]
fn x7_another_tenants_record_and_unknown_kinds_are_refused() {
    let (entries, _) = record(&Vendor::fabrikam());
    let (lines, text) = (lines(&entries), lines(&entries).concat());
    let other = Ledger::read(&"northwind".parse().unwrap(), &text).unwrap_err();
    assert_eq!(
        other.to_string(),
        "line 1 of the ledger: this is the ledger of the tenant `contoso`, not of `northwind`"
    );
    let newer = read(&text.replace("ledger.v1", "ledger.v2")).unwrap_err();
    let unknown = EntryError::UnknownFormat { found: "entitle.ledger.v2".to_string() };
    assert_eq!((newer.line, newer.fault), (1, LedgerFault::Entry(unknown)));
    let teleport = read(&text.replacen(r#""record_time""#, r#""teleport""#, 1)).unwrap_err();
    assert_eq!((teleport.line, teleport.fault.code()), (6, "entry.not-an-entry"), "never skipped");
    assert_eq!(
        teleport.to_string(),
        "line 6 of the ledger: not an entry of a record that this release knows: it cannot be read at column 213"
    );
    let LedgerFault::Entry(EntryError::NotAnEntry { detail, .. }) = teleport.fault else { panic!("{teleport}") };
    assert!(detail.contains("unknown variant `teleport`"), "{detail}");
    for (text, line, code) in [
        ("", 1, "ledger.cut"),
        ("{}\n", 1, "entry.not-a-beginning"),
        (&text[..text.len() - 1], 7, "ledger.cut"),
        (&text[..text.len() - 9], 7, "ledger.cut"),
        (&(text.clone() + "\n"), 8, "entry.not-an-entry"),
        (lines[0].trim_end(), 1, "ledger.cut"),
    ] {
        assert_eq!(wrong(text), (line, code), "{text}");
    }
}

#[test]
fn x8_an_entry_has_a_longest_length_and_no_control_characters() {
    let (entries, tenant) = record(&Vendor::fabrikam());
    let text = entries[1].text();
    for (at, byte) in [(0, '\n'), (10, '\t'), (text.len(), '\n'), (5, '\0')] {
        let mut text = text.to_string();
        text.insert(at, byte);
        assert_eq!(Entry::read(text).unwrap_err(), EntryError::ControlCharacter { at });
    }
    let spaces = |bytes: usize| format!("{text}{}", " ".repeat(bytes - text.len()));
    assert_eq!(Entry::read(spaces(MAX_ENTRY_BYTES)).unwrap().event(), entries[1].event());
    let long = MAX_ENTRY_BYTES + 1;
    assert_eq!(Entry::read(spaces(long)).unwrap_err(), EntryError::TooLong { bytes: long });
    assert_eq!(Beginning::read(spaces(long)).unwrap_err().code(), "entry.too-long");
    assert_eq!(Beginning::read("{}\n").unwrap_err(), EntryError::ControlCharacter { at: 2 });
    // A list that does not fit into one entry is refused, and nothing has changed.
    let apps = ["f365/orders", "f365/audit"].map(|app| app.parse().unwrap());
    let off: Vec<_> = apps.into_iter().cycle().take(400_000).collect();
    let mut commands = vec![assign("zoe", "gold")];
    commands.push(Command::assign_except(user("zoe").into(), "gold".parse().unwrap(), off));
    let refused = tenant.decide(&admin(), &commands, request(), day(10)).unwrap_err();
    let codes = ["entry.too-long", "refusal.no-free-unit", "refusal.not-an-app-of-it"];
    assert!(codes.contains(&refused.code()), "{refused}");
}

/// A host that stores what was decided can read it again, the longest entry too.
#[test]
fn x8_the_longest_entry_is_decided_and_read_and_one_byte_more_is_refused() {
    let tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    let decide = |apps: usize, name: usize| {
        let off = vec!["f365/orders".parse().unwrap(); apps];
        let command = Command::assign_except(user(&"z".repeat(name)).into(), "gold".parse().unwrap(), off);
        tenant.decide(&admin(), &[command], request(), day(10))
    };
    let rest = MAX_ENTRY_BYTES - decide(1, 1).unwrap().text().len();
    let another = r#","f365/orders""#.len();
    let (apps, name) = (1 + rest / another, 1 + rest % another);
    let longest = decide(apps, name).unwrap();
    assert_eq!(longest.text().len(), MAX_ENTRY_BYTES);
    assert_eq!(Entry::read(longest.text()).unwrap(), longest);
    let refused = decide(apps, name + 1).unwrap_err();
    assert_eq!(refused.reason, RefusalReason::Entry(EntryError::TooLong { bytes: MAX_ENTRY_BYTES + 1 }));
}

/// Two processes that do the same in the same second make different entries, and each knows its own again.
#[test]
fn x7_an_entry_carries_the_request_that_it_answers() {
    let (_, tenant) = record(&Vendor::fabrikam());
    let commands = [Command::RecordTime];
    let host = Actor::new(user("app")).with(Role::Host);
    let decide = |request: u8| tenant.decide(&host, &commands, RequestId::from_random([request; 16]), day(20)).unwrap();
    let (one, other) = (decide(1), decide(2));
    assert_eq!((one.event(), one.previous()), (other.event(), other.previous()));
    assert_ne!(one.head(), other.head());
    assert_eq!(Entry::read(one.text()).unwrap().request(), RequestId::from_random([1; 16]));
    assert_eq!(one.text(), decide(1).text(), "the same request decides the same entry");
}

/// A host that applies before it stores: another process stored another entry meanwhile.
#[test]
fn x7_an_entry_applied_before_it_was_stored_forks_and_is_noticed() {
    let vendor = Vendor::fabrikam();
    let stored = vendor.contoso([paid("gold", 2, days(0, 100))]);
    let (mut hasty, mut other) = (stored.clone(), stored);
    let lost = hasty.run(1, [assign("ada", "gold")]).unwrap();
    let won = other.run(1, [assign("bo", "gold")]).unwrap();
    // The hasty host has applied what the store never took; what the store has does not continue it.
    let next = other.run(1, [assign("cy", "gold")]).unwrap();
    let before = answers(&hasty);
    let error = hasty.apply(&next).unwrap_err();
    assert_eq!(error, ApplyError::Forked { found: 3, previous: won.head().hash(), head: lost.head() });
    assert_eq!((hasty.head(), answers(&hasty)), (lost.head(), before), "nothing has changed");
    assert_eq!(first_difference([lost.head()], [won.head(), next.head()]), Some(2));
    assert_eq!(first_difference([won.head()], [won.head(), next.head()]), None);
}

/// A host that gives a stale decision the next number: the number is in the text that is hashed.
#[test]
fn x7_a_stale_decision_cannot_be_renumbered() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let stale = tenant.decide(&admin(), &[assign("ada", "gold")], request(), day(1)).unwrap();
    tenant.run(1, [assign("bo", "gold")]).unwrap();
    assert!(matches!(tenant.apply(&stale), Err(ApplyError::OutOfSequence { found: 2, head }) if head.number() == 2));
    let renumbered = Entry::read(stale.text().replacen(r#""number":2"#, r#""number":3"#, 1)).unwrap();
    let refused = tenant.apply(&renumbered).unwrap_err();
    assert_eq!(refused, ApplyError::Forked { found: 3, previous: stale.previous(), head: tenant.head() });
    assert_eq!(tenant.queue(&"gold".parse().unwrap()).count(), 1, "one seat was sold");
}

/// A host whose database was restored to before its snapshot: other entries were written since.
#[test]
fn x7_a_snapshot_ahead_of_a_restored_record_is_noticed() {
    let vendor = Vendor::fabrikam();
    let (entries, tenant) = record(&vendor);
    let ahead =
        Tenant::restore(&vendor.catalog, &vendor.ring(), tenant.id().clone(), &tenant.snapshot().unwrap()).unwrap();
    assert_eq!(ahead.head(), tenant.head());
    // The backup has four of six entries, and two others follow it.
    let mut restored = vendor.tenant("contoso");
    for entry in &entries[..4] {
        restored.apply(entry).unwrap();
    }
    let mut kept = entries[..4].to_vec();
    kept.extend([restored.run(20, [join("dee", "staff")]).unwrap(), restored.run(21, [join("eve", "staff")]).unwrap()]);
    let text = ledger(&ours(), &kept);
    let ledger = Ledger::read(tenant.id(), &text).unwrap();
    let error = ledger.entries_after(ahead.head()).unwrap_err();
    assert_eq!((error.line, error.fault), (7, LedgerFault::LacksHead { head: tenant.head() }));
    let later = restored.run(22, [join("fay", "staff")]).unwrap();
    assert_eq!(ahead.clone().apply(&later).unwrap_err().code(), "apply.forked");
    let heads = |entries: &[Entry]| entries.iter().map(Entry::head).collect::<Vec<_>>();
    assert_eq!(first_difference(heads(&entries), heads(&kept)), Some(5));
}

/// Two histories of one record never mix: a host that merges two stores.
#[test]
fn x7_two_histories_of_one_record_do_not_mix() {
    let vendor = Vendor::fabrikam();
    let start = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let (mut one, mut other) = (start.clone(), start.clone());
    let one = [one.run(1, [assign("ada", "gold")]).unwrap(), one.run(2, [unassign("ada", "gold")]).unwrap()];
    let other = [other.run(1, [assign("bo", "gold")]).unwrap(), other.run(2, [join("bo", "staff")]).unwrap()];
    for (first, second) in [(&one[0], &other[1]), (&other[0], &one[1])] {
        let mut mixed = start.clone();
        mixed.apply(first).unwrap();
        assert_eq!(mixed.apply(second).unwrap_err().code(), "apply.forked");
        assert_eq!(mixed.head(), first.head());
    }
    // Nor of two records of the same tenant with the same events.
    let elsewhere = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([2; 16]));
    let mut elsewhere = Tenant::new(&vendor.catalog, &vendor.ring(), &elsewhere);
    let first = forged(&vendor.tenant("contoso"), Event::new(1, day(0), admin(), vec![Command::RecordTime]));
    assert_eq!(elsewhere.apply(&first).unwrap_err().code(), "apply.forked");
}

#[test]
fn x7_another_ring_or_catalog_reads_the_same_record_as_replaying_it() {
    let vendor = Vendor::fabrikam();
    let (entries, tenant) = record(&vendor);
    let stranger = entitle::SecretKey::from_seed(&entitle::Zeroizing::new([9; 32])).public();
    let catalog = include_str!("../../examples/fabrikam.json");
    let renamed = Vendor::of(&catalog.replace(r#""id": "bronze""#, r#""id": "tin""#)).catalog;
    let rotated = vendor.ring().trust(stranger, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let lost = KeyRing::new().trust(stranger, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    for catalog in [&vendor.catalog, &renamed] {
        for ring in [&vendor.ring(), &rotated, &lost] {
            let mut replayed = Tenant::new(catalog, ring, &ours());
            for entry in &entries {
                replayed.apply(entry).unwrap();
            }
            let rebased = tenant.rebase(catalog, ring);
            assert_eq!((rebased.head(), answers(&rebased)), (tenant.head(), answers(&replayed)));
            assert_eq!(answers(&rebased.rebase(&vendor.catalog, &vendor.ring())), answers(&tenant), "and back");
        }
    }
    assert_ne!(answers(&tenant.rebase(&vendor.catalog, &lost)), answers(&tenant), "without the key it gives nothing");
}

#[test]
fn x7_a_plan_that_only_a_newly_trusted_license_names_counts_as_if_replayed() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("platinum", 5, days(0, 100)));
    let event = [Event::new(1, day(0), admin(), vec![Command::Install(vendor.seal(&deal))])];
    let usable = |tenant: &Tenant| tenant.pool(&"platinum".parse().unwrap(), day(1)).usable;
    let distrusting = replayed(Tenant::new(&vendor.catalog, &KeyRing::new(), &ours()), &event);
    let trusting = replayed(vendor.tenant("contoso"), &event);
    assert_eq!(usable(&distrusting), entitle::quantity::Total::ZERO);
    assert_eq!(usable(&distrusting.rebase(&vendor.catalog, &vendor.ring())), usable(&trusting));
}

/// The checkpoints of a record, from its beginning on.
fn checkpoints(entries: &[Entry]) -> Vec<Checkpoint> {
    let heads = [ours().head()].into_iter().chain(entries.iter().map(Entry::head));
    heads.map(|head| Checkpoint::new(ours().record(), head)).collect()
}

fn require(text: &str, checkpoint: &Checkpoint) -> Result<(), (usize, &'static str)> {
    let ledger = Ledger::read(&"contoso".parse().unwrap(), text).unwrap();
    ledger.require(checkpoint).map_err(|error| (error.line, error.fault.code()))
}

#[test]
fn x7_a_cut_tail_passes_without_a_checkpoint_and_fails_with_one() {
    let (entries, _) = record(&Vendor::fabrikam());
    let lines = lines(&entries);
    for (kept, point) in checkpoints(&entries).iter().enumerate() {
        assert_eq!(point.position(), u64::try_from(kept).unwrap());
        for cut in 1..=lines.len() {
            let text = lines[..cut].concat();
            assert!(read(&text).is_ok(), "nobody can tell");
            let expected = if cut > kept { Ok(()) } else { Err((cut + 1, "ledger.lacks-head")) };
            assert_eq!(require(&text, point), expected, "cut after {cut}, checkpoint after {kept}");
        }
    }
}

#[test]
fn x7_a_chain_written_anew_passes_without_a_checkpoint_and_fails_with_one() {
    let (entries, _) = record(&Vendor::fabrikam());
    // The same record's name, the same number of events, and one of them another.
    let rewritten = |beginning: &Beginning, other: usize| {
        let mut head = beginning.head();
        let mut anew = Vec::new();
        for (index, entry) in entries.iter().enumerate() {
            let mut event = entry.event().clone();
            if index == other {
                event.commands = vec![Command::RecordTime];
            }
            let entry = entitle::testing::forge(head, event).unwrap();
            head = entry.head();
            anew.push(entry);
        }
        ledger(beginning, &anew)
    };
    let points = checkpoints(&entries);
    for other in 0..entries.len() {
        let text = rewritten(&ours(), other);
        assert!(read(&text).is_ok(), "nobody can tell");
        // A forger names another request, so every entry differs.
        for point in &points[1..] {
            assert!(require(&text, point).is_err(), "entry {} is another, {point}", other + 1);
        }
        assert_eq!(require(&text, &points[0]), Ok(()));
    }
    let renamed = rewritten(&Beginning::new("contoso".parse().unwrap(), RecordId::from_random([6; 16])), usize::MAX);
    assert!(points.iter().all(|point| require(&renamed, point) == Err((1, "ledger.other-record"))));
}

#[test]
fn x7_a_start_from_a_snapshot_reads_only_what_follows_it() {
    let vendor = Vendor::fabrikam();
    let (entries, tenant) = record(&vendor);
    let (lines, id) = (lines(&entries), tenant.id().clone());
    let text = lines.concat();
    let read_on = |text: &str, head: Head| -> Result<Vec<Entry>, (usize, &'static str)> {
        let read = Ledger::read(&id, text).and_then(|ledger| ledger.entries_after(head)?.collect());
        read.map_err(|error: LedgerError| (error.line, error.fault.code()))
    };
    let mut then = vendor.tenant("contoso");
    for kept in 0..=entries.len() {
        let snapshot = then.snapshot().unwrap();
        let mut back = Tenant::restore(&vendor.catalog, &vendor.ring(), id.clone(), &snapshot).unwrap();
        let head = back.head();
        assert_eq!(head, then.head());
        let later = read_on(&text, head).unwrap();
        assert_eq!(later, entries[kept..]);
        for entry in &later {
            back.apply(entry).unwrap();
        }
        assert_eq!(answers(&back), answers(&tenant), "from {kept} on");
        // The line at the head has to be there as it was; what comes after it is read like any ledger.
        let code = if kept == 0 { "ledger.cut" } else { "ledger.lacks-head" };
        assert_eq!(read_on(&lines[..kept].concat(), head).unwrap_err(), (kept + 1, code));
        let mut other = lines.clone();
        if kept > 0 {
            other[kept] = lines[kept].replace("2026", "2027");
            assert_eq!(read_on(&other.concat(), head).unwrap_err(), (kept + 1, "ledger.lacks-head"));
        }
        if kept + 1 < lines.len() {
            let torn = lines[..kept + 2].concat();
            assert_eq!(read_on(torn.trim_end(), head).unwrap_err(), (kept + 2, "ledger.cut"));
            other.truncate(kept + 1);
            other[kept].clone_from(&lines[kept]);
            other.push("{}\n".into());
            assert_eq!(read_on(&other.concat(), head).unwrap_err(), (kept + 2, "entry.not-an-entry"));
        }
        if let Some(entry) = entries.get(kept) {
            then.apply(entry).unwrap();
        }
    }
    let far = Head::new(u64::MAX, tenant.head().hash());
    assert_eq!(read_on(&text, far).unwrap_err().1, "ledger.lacks-head");
    let zero = Head::new(0, tenant.head().hash());
    assert_eq!(read_on(&text, zero).unwrap_err(), (1, "ledger.lacks-head"));
}

#[test]
fn x7_a_checkpoint_is_text_of_one_spelling() {
    let (entries, _) = record(&Vendor::fabrikam());
    for point in checkpoints(&entries) {
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
    let (entries, tenant) = record(&Vendor::fabrikam());
    let mut lines = lines(&entries);
    lines[3] = lines[3].replace("2026-03", "2026-02");
    let text = lines.concat();
    let ledger = Ledger::read(tenant.id(), &text).unwrap();
    let mut good = ledger.entries();
    let (valid, faults): (Vec<_>, Vec<_>) = good.by_ref().partition(Result::is_ok);
    assert_eq!((valid.len(), faults.len()), (3, 1), "the edited line itself still follows");
    assert_eq!(faults[0].as_ref().unwrap_err().line, 5);
    assert_eq!(good.head().number(), 3);
    assert_eq!(good.valid_bytes(), lines[..4].concat().len());
    assert_eq!(read(&text[..good.valid_bytes()]).unwrap().len(), 3);
    assert_eq!(Ledger::read(tenant.id(), "not a ledger\n").unwrap_err().line, 1);
}

#[test]
fn x7_a_checkpoint_and_a_hash_have_one_spelling() {
    let hash = "A".repeat(43);
    let read = |last: &str, position: &str| format!("{}.{position}.{last}", "0".repeat(32)).parse::<Checkpoint>();
    assert!(read(&hash, "7").is_ok());
    // As long and not base64url, base64url and not as long, and other spellings of the number.
    assert!(read(&"!".repeat(43), "7").is_err());
    assert!(read(&"A".repeat(42), "7").is_err() && read(&"A".repeat(44), "7").is_err());
    assert!(["07", "+7", "", "-1"].iter().all(|position| read(&hash, position).is_err()));
    assert_eq!(hash.parse::<EntryHash>().unwrap().to_bytes(), [0; 32]);
    // The last character has two bits that no byte needs.
    for wrong in ["A".repeat(42) + "B", "A".repeat(44), "A".repeat(86), String::new()] {
        assert_eq!(wrong.parse::<EntryHash>().unwrap_err().code(), "entry.not-a-hash", "{wrong}");
    }
}
