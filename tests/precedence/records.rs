//! Every error of entries, ledgers, proofs, snapshots and armor.

use entitle::limits::{MAX_ARMOR_BYTES, MAX_ENTRY_BYTES};
use entitle::record::{Beginning, Checkpoint, EntryHash, InclusionProver, Ledger, SnapshotKey};
use entitle::testing::forge;
use entitle::token::ArmorError;
use entitle::{Command, Entry, Event, RecordId, Tenant, Token, Zeroizing};

use twox_hash::XxHash3_128;

use crate::support::{Vendor, admin, beginning, day, ledger};
use crate::{Row, row};

fn armor() -> Vec<Row> {
    let cut = "Dear Ada,\n-----BEGIN ENTITLE TOKEN-----\nAAAA";
    let changed = "-----BEGIN ENTITLE TOKEN-----\n?\n-----END ENTITLE TOKEN-----";
    vec![
        row!(
            "armor.too-long",
            "a text with tokens has at most 8388608 bytes, this one has 8388609",
            Token::from_armor(&" ".repeat(MAX_ARMOR_BYTES + 1)).unwrap_err()
        ),
        row!(
            "armor.no-token",
            "this text contains no token: it has no line `-----BEGIN ENTITLE TOKEN-----`",
            Token::from_armor("hello").unwrap_err()
        ),
        row!(
            "armor.cut",
            "the token that begins on line 2 has no line `-----END ENTITLE TOKEN-----`: copy the whole text again",
            Token::from_armor(cut).unwrap_err()
        ),
        row!(
            "armor.damaged",
            "the token that begins on line 1 was changed: copy the whole text again",
            Token::from_armor(changed).unwrap_err()
        ),
        row!(
            "token.no-footer",
            "line 7: incomplete token: the footer with its key and kind is missing",
            ArmorError::Token { line: 7, error: "v4.public.AAAA".parse::<Token>().unwrap_err() }
        ),
    ]
}

fn ledgers() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let (tenant, beginning) = (vendor.tenant("contoso"), beginning("contoso".parse().unwrap()));
    let event = |number| Event::new(number, day(0), admin(), vec![Command::RecordTime]);
    let first = forge(beginning.head(), event(1)).unwrap();
    let (second, seventh) = (forge(first.head(), event(2)).unwrap(), forge(beginning.head(), event(7)).unwrap());
    let stranger = forge(second.head(), event(1)).unwrap();
    let error = |text: &str| {
        let read = Ledger::read(tenant.id(), text).and_then(|ledger| ledger.entries().collect::<Result<Vec<_>, _>>());
        read.unwrap_err()
    };
    let fault = |text: &str| error(text).fault;
    let (head, other) = (ledger(&beginning, []), RecordId::from_random([2; 16]));
    let lacking = Checkpoint::new(beginning.record(), first.head());
    let require =
        |checkpoint: &Checkpoint| Ledger::read(tenant.id(), &head).unwrap().require(checkpoint).unwrap_err().fault;
    let long = " ".repeat(MAX_ENTRY_BYTES + 1);
    vec![
        row!(
            "entry.too-long",
            "the entry has 4259841 bytes: an entry has at most 4259840, so give fewer commands at once",
            { Entry::read(long).unwrap_err() }
        ),
        row!(
            "entry.control-character",
            "the entry has a control character at byte 1: an entry is one line without any",
            { Entry::read("{\n}").unwrap_err() }
        ),
        row!("entry.not-a-beginning", "not the beginning of a record: it cannot be read at column 0", { fault("\n") }),
        row!("entry.unknown-format", "the format `entitle.ledger.v9` is unknown: update the application", {
            fault(&head.replace("v1", "v9"))
        }),
        row!(
            "entry.not-an-entry",
            "not an entry of a record that this release knows: it cannot be read at column 1",
            { fault(&format!("{head}x\n")) }
        ),
        row!("entry.not-a-hash", "`x` is not the hash of an entry: 43 characters of base64url", {
            "x".parse::<EntryHash>().unwrap_err()
        }),
        row!("ledger.other-tenant", "this is the ledger of the tenant `contoso`, not of `northwind`", {
            Ledger::read(&"northwind".parse().unwrap(), &head).unwrap_err().fault
        }),
        row!(
            "ledger.other-record",
            format!("this is the ledger of the record {}, not of {other}", beginning.record()),
            require(&Checkpoint::new(other, first.head()))
        ),
        row!(
            "apply.forked",
            format!(
                "does not continue the line before, so one of the two was changed, or lines were moved or removed: entry \
                 1 continues an entry 0 with the hash `{}`, but the hash here is `{}`: the record has forked",
                second.head().hash(),
                beginning.head().hash()
            ),
            fault(&ledger(&beginning, [&stranger]))
        ),
        row!(
            "apply.out-of-sequence",
            "does not continue the line before, so one of the two was changed, or lines were moved or removed: entry 7 \
             is out of sequence: the record ends with entry 0",
            fault(&ledger(&beginning, [&seventh]))
        ),
        row!(
            "ledger.lacks-head",
            format!("the ledger does not contain the head `{}`: it was cut before it, or rewritten", first.head()),
            require(&lacking)
        ),
        row!(
            "ledger.not-a-checkpoint",
            "`1.2` is not a checkpoint: a record's id, a number and a hash, with full stops between",
            "1.2".parse::<Checkpoint>().unwrap_err()
        ),
        row!(
            "apply.out-of-sequence",
            "line 2 of the ledger: does not continue the line before, so one of the two was changed, or lines were moved \
             or removed: entry 7 is out of sequence: the record ends with entry 0",
            error(&ledger(&beginning, [&seventh]))
        ),
        row!("ledger.cut", "does not end in a line feed: writing the line was interrupted", fault(head.trim_end())),
        row!(
            "proof.other-record",
            format!("the proof is of the record {other}, the record of this tenant is {}", tenant.record()),
            tenant
                .with_proof(&InclusionProver::new(&Beginning::new(tenant.id().clone(), other), []).finish())
                .unwrap_err()
        ),
        row!(
            "proof.other-head",
            format!(
                "the proof is of a record that ends with `{}`, that of this tenant ends with `{}`",
                first.head(),
                tenant.head()
            ),
            {
                let mut prover = InclusionProver::new(&beginning, []);
                prover.add(&first).unwrap();
                tenant.with_proof(&prover.finish()).unwrap_err()
            }
        ),
    ]
}

fn snapshots() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let key = |byte| SnapshotKey::from_random(&Zeroizing::new([byte; 32]));
    let (good, keyed) =
        (vendor.tenant("contoso").snapshot().unwrap(), vendor.tenant("contoso").snapshot_keyed(&key(1)).unwrap());
    let read = |tenant: &str, bytes: &[u8]| {
        Tenant::restore(&vendor.catalog, &vendor.ring(), tenant.parse().unwrap(), bytes).map(|_| ()).unwrap_err()
    };
    let read_keyed = |key: &SnapshotKey, bytes: &[u8]| {
        let id = "contoso".parse().unwrap();
        Tenant::restore_keyed(&vendor.catalog, &vendor.ring(), id, key, bytes).map(|_| ()).unwrap_err()
    };
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    vec![
        row!(
            "snapshot.other-format",
            "the snapshot begins with `entitle.snapshot 9`: only `entitle.snapshot 4` is read here",
            read("contoso", b"entitle.snapshot 9\n")
        ),
        row!("snapshot.damaged", "the snapshot is damaged: its checksum differs", read("contoso", &flipped)),
        row!("snapshot.other-tenant", "the snapshot is of the tenant `contoso`, not of `northwind`", {
            read("northwind", &good)
        }),
        row!("snapshot.keyed", "the snapshot was made with a key: restore it with that key", read("contoso", &keyed)),
        row!("snapshot.not-keyed", "the snapshot was made without a key: anybody could have made it", {
            read_keyed(&key(1), &good)
        }),
        row!("snapshot.other-key", "the snapshot was not made with this key, or was changed since", {
            read_keyed(&key(2), &keyed)
        }),
        row!("snapshot.malformed", "the snapshot is invalid: a field cannot be read", {
            let empty = [b"entitle.snapshot 4\n", &XxHash3_128::oneshot(&[]).to_le_bytes()[..]].concat();
            read("contoso", &empty)
        }),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    [ledgers(), armor(), snapshots()].into_iter().flatten().collect()
}
