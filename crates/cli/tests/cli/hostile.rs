//! Bad input of every kind: an exit code, a stable code, and never a panic.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::desk::{Desk, Run};

#[test]
fn bad_files_are_refused_with_what_and_where() {
    let desk = Desk::installed();
    let license = desk.read("contoso.license");
    let deal = desk.read("deal.json");
    desk.write("empty", "");
    desk.write("binary", [0xff, 0xfe, 0x00, 0x80]);
    desk.write("huge", "x".repeat(9 * 1024 * 1024));
    desk.write("deep", "[".repeat(100_000));
    desk.write("cut.license", &license[..license.len() / 2]);
    desk.write("mail.license", format!("Dear Ada,\r\n\r\n{}\r\nRegards", license.replace('\n', "\r\n")));
    desk.write("unknown.json", deal.replace("\"iss\"", "\"extra\": 1, \"iss\""));
    desk.write("twice.json", deal.replace("\"iss\"", "\"iss\": \"fabrikam\", \"iss\""));
    desk.write("zero.json", deal.replace("\"limited\": 2", "\"limited\": 0"));
    desk.write("anyone.json", deal.replace(&licensee(&deal), "\"licensee\": \"anyone\""));
    for (line, code, expected) in [
        ("inspect empty", 3, "[cli.unknown-document]"),
        ("inspect binary", 3, "[cli.not-text]"),
        ("inspect huge", 3, "[cli.too-long]"),
        ("inspect deep", 3, "[cli.unknown-document]"),
        ("inspect .", 3, "[cli.unreadable]"),
        ("inspect none", 3, "[cli.unreadable]"),
        ("inspect cut.license", 3, "[armor.cut]"),
        ("inspect mail.license --trust fabrikam.pub", 0, "verified with fabrikam.pub"),
        ("inspect anyone.json", 3, "[deal.paid-for-anyone]"),
        ("inspect deal.json --deal", 2, "[cli.not-a-license]"),
        ("seal empty --key fabrikam.key", 3, "[cli.not-a-deal]"),
        ("seal unknown.json --key fabrikam.key", 3, "unknown field `extra`"),
        ("seal twice.json --key fabrikam.key", 3, "duplicate field `iss`"),
        ("seal zero.json --key fabrikam.key", 3, "[cli.not-a-deal]"),
        ("seal anyone.json --key fabrikam.key", 3, "[deal.paid-for-anyone]"),
        ("seal deep --key fabrikam.key", 3, "[cli.not-a-deal]"),
        ("catalog check empty", 3, "the text ends where a value is expected"),
        ("catalog check binary", 3, "[cli.not-text]"),
        ("catalog check huge", 3, "[cli.too-long]"),
        ("catalog check deep", 3, "[catalog.not-json]"),
        ("catalog laws empty", 3, "[catalog.not-json]"),
        ("catalog laws f365.json --only-with f365/audit golden", 2, "[law.unknown-plan]"),
        ("catalog laws f365.json --only-with audit gold", 2, "[catalog.unknown-app]"),
        ("tenant install deal.json", 3, "[armor.no-token]"),
        ("tenant install cut.license", 3, "[armor.cut]"),
        ("tenant install mail.license", 0, "already there: "),
        ("tenant do deal.json", 3, "[cli.not-commands]"),
        ("tenant do deep", 3, "[cli.not-commands]"),
        ("tenant log --ledger f365.json", 3, "[cli.no-settings]"),
        ("tenant check bo f365/none", 2, "its apps are"),
        ("tenant assign platinum bo", 1, "[refusal.unknown-plan]"),
        ("tenant init contoso --catalog none --trust fabrikam.pub --ledger x", 3, "[cli.unreadable]"),
        ("tenant init contoso --catalog f365.json --trust none --ledger x", 3, "[cli.unreadable]"),
        ("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger nowhere/x", 5, "[cli.unwritten]"),
        ("deal new --catalog f365.json --from empty", 3, "[cli.not-answers]"),
        (
            "deal new --catalog f365.json --tenant contoso --name C --country de --grant gold=1 --ends never",
            2,
            "`de` is not a country code of ISO 3166-1: write DE",
        ),
        (
            "deal new --catalog f365.json --tenant contoso --name C --country DE --grant gold=0 --ends never",
            2,
            "invalid grant of 0 units",
        ),
        ("deal new --catalog f365.json --tenant contoso --name C --country DE --grant gold --ends never", 2, "gold=5"),
        (
            "deal new --catalog f365.json --tenant contoso --name C --country DE --grant best=1 --ends never",
            2,
            "[cli.unknown-plan]",
        ),
        (
            "deal new --catalog f365.json --tenant contoso --name C --country DE --grant gold=1 --ends 2026-01-01",
            2,
            "[time.ends-before-it-starts]",
        ),
        (
            "deal new --catalog f365.json --tenant contoso --name C --country DE --grant gold=1 --ends 2026-02-30",
            2,
            "is not an instant",
        ),
        ("deal new --catalog f365.json --anyone --grant gold=1 --ends never", 3, "[deal.paid-for-anyone]"),
        ("deal new --catalog f365.json --anyone --trial gold=1 --days 0 --ends 2027-01-01", 2, "[time.zero-length]"),
        ("deal new --catalog f365.json --anyone --trial gold=1 --days 9 --ends never", 2, "[cli.trial-for-ever]"),
        ("revoke --key fabrikam.key", 2, "--after or --publisher is missing"),
        ("revoke --publisher f --license 2a --key fabrikam.key", 2, "32 lower-case hexadecimal"),
        ("revoke --after contoso.license --key fabrikam.key", 3, "[token.other-kind]"),
    ] {
        let run = desk.run(line);
        assert_eq!(run.code, code, "{line}: {run:#?}");
        run.ends(code, expected);
    }
    assert!(!desk.path("x").exists() && !desk.path("x.json").exists(), "what failed left nothing");
}

/// Returns the lines of the licensee in a deal.
fn licensee(deal: &str) -> String {
    let start = deal.find("\"licensee\"").unwrap();
    let end = deal[start..].find("  },\n").unwrap();
    deal[start..start + end + 3].to_string()
}

/// Every byte of a license is protected: a changed one does not verify and is not installed.
#[test]
fn a_license_with_another_byte_is_not_trusted() {
    let desk = Desk::selling();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    let token = desk.done("seal deal.json --key fabrikam.key --form plain").out;
    let token = token.trim();
    for at in (0..token.len()).step_by(37) {
        let other = if &token[at..=at] == "A" { "B" } else { "A" };
        desk.write("other.license", format!("{}{other}{}", &token[..at], &token[at + 1..]));
        let run = desk.run("inspect other.license --trust fabrikam.pub");
        assert_eq!(run.code, 3, "byte {at}: {run:#?}");
        let installed = desk.run("tenant install other.license");
        assert!(matches!(installed.code, 1 | 3), "byte {at}: {installed:#?}");
    }
    assert_eq!(desk.done("tenant log").out, "The record has no events.\n");
}

#[test]
fn an_old_key_and_an_unknown_one_are_distinguished_from_tampering() {
    let desk = Desk::selling();
    desk.done("key new stranger.key");
    desk.done("seal deal.json --key stranger.key -o stranger.license");
    desk.run("inspect stranger.license").ends(0, "unverified");
    desk.run("inspect stranger.license --trust fabrikam.pub").ends(3, "[token.unknown-key]");
    desk.run("inspect stranger.license --trust fabrikam.pub --trust stranger.pub")
        .ends(0, "verified with stranger.pub");
    desk.run("inspect stranger.license --deal --trust fabrikam.pub").ends(3, "[token.unknown-key]");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    desk.run("tenant install stranger.license").ends(1, "[token.unknown-key]\n  help: `entitle inspect` shows the key");
}

/// Control sequences in documents do not reach the terminal.
#[test]
fn control_characters_in_documents_do_not_reach_the_terminal() {
    let desk = Desk::selling();
    desk.write(
        "evil.json",
        desk.read("f365.json").replace("f365/audit\", \"access", "f365/\u{1b}[2Jaudit\", \"access"),
    );
    desk.write("evil2.json", desk.read("deal.json").replace("Contoso Ltd", "Contoso \\u001b[2J"));
    // A document of an unknown signer, with control characters in its claims and footer.
    let payload = URL_SAFE_NO_PAD.encode([br#"{"iss":"\u001b[2J","\u001b[3J":1}"#.as_slice(), &[0; 64]].concat());
    let footer = URL_SAFE_NO_PAD.encode(br#"{"kid":"\u001b[4J","typ":"entitle.time-ticket.v1"}"#);
    let license = URL_SAFE_NO_PAD.encode(br#"{"kid":"\u001b[4J","typ":"entitle.license.v1"}"#);
    desk.write("ticket", format!("v4.public.{payload}.{footer}"));
    desk.write("license", format!("v4.public.{payload}.{license}"));
    let run = desk.run("inspect ticket");
    assert!(run.out.contains(r"\u{1b}[2J") && run.out.contains(r"\u{1b}[4J"), "{run:#?}");
    assert!(!run.out.contains('\u{1b}'), "{run:#?}");
    for line in
        ["inspect license", "catalog check evil.json", "inspect evil2.json", "seal evil2.json --key fabrikam.key"]
    {
        let Run { code, out, err } = desk.run(line);
        assert_eq!(code, 3, "{line}: {out}{err}");
        assert!(!out.contains('\u{1b}') && !err.contains('\u{1b}'), "{line}: {out:?}{err:?}");
    }
}

/// A JSON file of another shape is named in the words of who writes files, whatever reads it.
#[test]
fn json_of_another_shape_is_refused_without_words_of_programmers() {
    let desk = Desk::installed();
    for (json, found) in [("[]", "a list"), ("\"x\"", "string \"x\""), ("5", "integer `5`"), ("[[]]", "a list")] {
        desk.write("x.json", json);
        desk.write("x.ledger", "");
        desk.write("x.ledger.json", json);
        for line in [
            "catalog check x.json",
            "catalog new --from x.json",
            "seal x.json --key fabrikam.key",
            "deal new --catalog f365.json --from x.json",
            "tenant do x.json",
            "tenant show --ledger x.ledger",
            "report x.json --months 2026-01",
        ] {
            let run = desk.run(line);
            assert_ne!(run.code, 0, "{line}: {run:#?}");
            for word in ["struct", "enum", "variant", "sequence", "map,", "SaleOptions", "DealFile", "Settings"] {
                assert!(!run.err.contains(word) && !run.out.contains(word), "{line}, {word}: {run:#?}");
            }
        }
        desk.run("catalog check x.json")
            .ends(3, &format!("invalid type: {found}, expected an object with `publisher`, "));
    }
    desk.write("x.json", r#"["assign"]"#);
    desk.run("tenant do x.json").ends(3, "invalid type: the word alone, expected an object of one field");
    desk.write("x.json", r#"[{"asign": {}}]"#);
    desk.run("tenant do x.json").ends(3, "unknown word `asign`, expected one of `install`, ");
    desk.write("x.json", "{}");
    desk.run("tenant do x.json").ends(3, "invalid type: an object, expected a list at line 1");
}
