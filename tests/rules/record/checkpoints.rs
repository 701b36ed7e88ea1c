//! X7: checkpoints, against which a cut tail and a chain written anew show.

use entitle::record::{Beginning, Checkpoint, EntryHash, Head, Ledger, LedgerError};
use entitle::{Command, Entry, RecordId, Tenant};

use super::{answers, lines, ours, read, record};
use crate::support::{Vendor, ledger};

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
