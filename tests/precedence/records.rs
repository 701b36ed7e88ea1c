//! Every error of a ledger, and of armor.

use entitle::limits::MAX_ARMOR_BYTES;
use entitle::record::{Checkpoint, Ledger, WriteLineError};
use entitle::time::Days;
use entitle::token::ArmorError;
use entitle::{Catalog, Command, Event, RecordId, Tenant, Token};

use twox_hash::XxHash3_128;

use crate::support::{Vendor, admin, day};
use crate::{Row, row};

fn armor() -> Vec<Row> {
    let damaged = "-----BEGIN ENTITLE TOKEN-----\nAAAA";
    vec![
        row!(
            "armor.too-long",
            "a text with an armored token has at most 8388608 bytes, this one has 8388609",
            Token::from_armor(&" ".repeat(MAX_ARMOR_BYTES + 1)).unwrap_err()
        ),
        row!(
            "armor.not-armored",
            "this text has no line `-----BEGIN ENTITLE TOKEN-----`",
            Token::from_armor("hello").unwrap_err()
        ),
        row!("armor.damaged", "the armor is damaged: malformedframing", Token::from_armor(damaged).unwrap_err()),
        row!(
            "token.no-footer",
            "in the armor: incomplete token: the footer with its key and kind is missing",
            ArmorError::Token("v4.public.AAAA".parse::<Token>().unwrap_err())
        ),
    ]
}

fn ledgers() -> Vec<Row> {
    let tenant = "contoso".parse().unwrap();
    let (ledger, head) = Ledger::begin(&tenant, RecordId::from_random([1; 16])).unwrap();
    let event = |number| Event::new(number, day(0), admin(), vec![Command::RecordTime]);
    let (behind, first) = ledger.line(&event(1)).unwrap();
    let (_, second) = behind.line(&event(2)).unwrap();
    let fault = |lines: &[&str]| Ledger::read(&tenant, &lines.concat()).unwrap_err().fault;
    vec![
        row!(
            "ledger.not-a-head",
            "not the head of a ledger: EOF while parsing a value at line 1 column 0",
            fault(&[""])
        ),
        row!("ledger.unknown-format", "the format `entitle.ledger.v9` is unknown: update the application", {
            fault(&[&head.replace("v1", "v9")])
        }),
        row!("ledger.other-tenant", "this is the ledger of the tenant `contoso`, not of `northwind`", {
            Ledger::read(&"northwind".parse().unwrap(), &head).unwrap_err().fault
        }),
        row!(
            "ledger.not-an-entry",
            "not an entry of a ledger: expected value at line 1 column 1",
            fault(&[&head, "x\n"])
        ),
        row!(
            "ledger.does-not-follow",
            "does not continue the line before: that line was edited, or lines were removed or moved",
            fault(&[&head, &second])
        ),
        row!("ledger.not-next", "event 7 does not come next: this tenant is at 0", {
            fault(&[&head, &first.replace(r#""number":1"#, r#""number":7"#)])
        }),
        row!(
            "ledger.lacks-checkpoint",
            format!(
                "the ledger does not contain the checkpoint `{}`: it was cut before it, or rewritten",
                behind.checkpoint()
            ),
            Ledger::read_since(&tenant, &head, &behind.checkpoint()).unwrap_err().fault
        ),
        row!(
            "ledger.not-a-checkpoint",
            "`1.2` is not a checkpoint: a record's id, a number and a hash, with full stops between",
            "1.2".parse::<Checkpoint>().unwrap_err()
        ),
        row!("ledger.cut", "does not end in a line feed: writing the line was interrupted", fault(&[head.trim_end()])),
        row!("ledger.unwritable", "the line cannot be written: why", WriteLineError::Failed { error: "why".into() }),
    ]
}

fn snapshots() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let (catalog, ring) = (&vendor.catalog, vendor.ring());
    let good = vendor.tenant("contoso").snapshot().unwrap();
    let read = |catalog: &Catalog, tenant: &str, bytes: &[u8]| {
        Tenant::restore(catalog, &ring, tenant.parse().unwrap(), bytes).map(|_| ()).unwrap_err()
    };
    let mut other = catalog.offer().clone();
    other.notice = Days::new(1);
    let other = Catalog::new(other).unwrap();
    let [release, newer] = [env!("CARGO_PKG_VERSION"), "9.9.9"].map(|version| format!("entitle.snapshot {version} 3"));
    let mut flipped = good.clone();
    *flipped.last_mut().unwrap() ^= 1;
    let text = String::from_utf8_lossy(&good[..release.len()]).replace(&release, &newer);
    vec![
        row!(
            "snapshot.other-release",
            format!("the snapshot begins with `{newer}`: only one of `{release}` is read here"),
            read(catalog, "contoso", text.as_bytes())
        ),
        row!("snapshot.damaged", "the snapshot is damaged: its checksum differs", read(catalog, "contoso", &flipped)),
        row!("snapshot.other-tenant", "the snapshot is of the tenant `contoso`, not of `northwind`", {
            read(catalog, "northwind", &good)
        }),
        row!("snapshot.other-catalog", "the snapshot was made with another catalog", read(&other, "contoso", &good)),
        row!("snapshot.malformed", "the snapshot is invalid: a field cannot be read", {
            let empty = [format!("{release}\n").as_bytes(), &XxHash3_128::oneshot(&[]).to_le_bytes()[..]].concat();
            read(catalog, "contoso", &empty)
        }),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    [ledgers(), armor(), snapshots()].into_iter().flatten().collect()
}
