//! X7, X8: the lines of a record read back to the same state, and what was edited is noticed.

use entitle::command::RefusalReason;
use entitle::limits::MAX_ENTRY_BYTES;
use entitle::record::{Beginning, Checkpoint, EntryError, EntryHash, Head, Ledger, LedgerFault};
use entitle::{Command, Entry, RecordId, Tenant};

use super::{answers, lines, ours, read, record, wrong};
use crate::support::{Vendor, admin, assign, day, days, leave, paid, request, user};

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
            "line 4 of the ledger: does not continue the line before, so one of the two was changed, or lines were \
             moved or removed: entry 3 continues an entry 2 with the hash `{written}`, but the hash here is `{stands}`: the record has forked"
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
    assert!(detail.contains("unknown word `teleport`"), "{detail}");
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
    let codes = ["entry.too-long", "refusal.no-usable-units", "refusal.not-an-app-of-it"];
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
