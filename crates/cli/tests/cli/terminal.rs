//! Text of other people on its way to a terminal: no control sequence reaches it, and no line looks
//! like a message of this program.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;

use crate::desk::{Desk, Run};

/// Clears a screen, changes the text direction, ends a line; also as JSON escapes.
const HOSTILE: [&str; 4] = ["\u{1b}[2J", "\u{202e}", "\u{2028}", "\u{9b}2J"];

#[track_caller]
fn is_harmless(run: &Run, line: &str) {
    for expected in [&run.out, &run.err] {
        let obeyed = |c: char| {
            c.is_control() && !matches!(c, '\n' | '\t')
                || matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
        };
        assert!(!expected.contains(obeyed), "{line}: {expected:?}");
    }
}

/// Returns a token with an invalid signature, these claims and this footer.
pub(crate) fn token(claims: &str, typ: &str, key: &str) -> String {
    let payload = URL_SAFE_NO_PAD.encode([claims.as_bytes(), &[0; 64]].concat());
    let footer = serde_json::json!({ "kid": key, "typ": typ }).to_string();
    format!("v4.public.{payload}.{}", URL_SAFE_NO_PAD.encode(footer))
}

#[test]
fn hostile_ids_in_files_are_shown_as_what_they_are() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    let (catalog, deal, ledger) = (desk.read("f365.json"), desk.read("deal.json"), desk.read("contoso.ledger"));
    for (index, hostile) in HOSTILE.into_iter().enumerate() {
        let spelt: Vec<String> = hostile.chars().map(|c| format!("\\u{:04x}", u32::from(c))).collect();
        let spelt = spelt.concat();
        // Of each spelling half are shown as text, and half as JSON.
        let outputs = if index % 2 == 0 { ["", " --json"] } else { [" --json", ""] };
        for (text, json) in [hostile, &spelt].into_iter().zip(outputs) {
            desk.write("evil.json", catalog.replace("\"gold\"", &format!("\"go{text}ld\"")));
            desk.write("evil2.json", catalog.replace("\"plans\"", &format!("\"pl{text}ans\"")));
            desk.write("deal2.json", deal.replace("Contoso Ltd", &format!("Contoso {text} Ltd")));
            desk.write("deal3.json", deal.replace("\"iss\"", &format!("\"is{text}s\"")));
            desk.write("other.ledger", ledger.replace("\"bo\"", &format!("\"b{text}o\"")));
            desk.write("other.ledger.json", desk.read("contoso.ledger.json"));
            desk.write("do.json", format!("[{{\"remove_user\": \"b{text}o\"}}]"));
            desk.write("do2.json", format!("[\"ma{text}rk\"]"));
            desk.write(
                "ticket",
                token(&format!("{{\"iss\":\"{text}\",\"{text}\":1}}"), "entitle.time-ticket.v1", hostile),
            );
            desk.write(
                "license",
                token(&format!("{{\"iss\":\"{text}\",\"{text}\":1}}"), "entitle.license.v1", hostile),
            );
            desk.write("foreign", token("{}", hostile, "k4.pid.x"));
            desk.write(
                "skus.json",
                include_str!("../../../microsoft/tests/microsoft/samples/skus.json")
                    .replace("DESK", &format!("DE{text}SK")),
            );
            desk.write(
                "isv.csv",
                format!("ServiceID,Display name,More info URL\na.b.{hostile},{hostile},\"{hostile}\"\n"),
            );
            desk.write("map.csv", format!("Service ID,Component name\na.b.{hostile},x{hostile}\n"));
            for line in [
                "catalog check evil.json",
                "catalog check evil2.json",
                "catalog laws evil.json",
                "inspect evil.json",
                "inspect deal2.json",
                "seal deal2.json --key fabrikam.key",
                "seal deal3.json --key fabrikam.key",
                "deal new --catalog evil.json",
                "deal new --catalog f365.json --from deal3.json",
                "inspect other.ledger",
                "tenant log --ledger other.ledger",
                "tenant check bo f365/audit --ledger other.ledger",
                "tenant show --ledger other.ledger",
                "tenant users --ledger other.ledger",
                "tenant assign gold --users-from evil.json",
                "tenant reconcile isv.csv",
                "tenant do do.json",
                "tenant do do2.json",
                "inspect ticket",
                "inspect license",
                "inspect license --deal",
                "inspect foreign",
                "inspect foreign --trust fabrikam.pub",
                "tenant install ticket",
                "tenant install foreign",
                "microsoft graph units skus.json",
                "microsoft isv read isv.csv map.csv",
                "microsoft isv read map.csv f365.json",
            ] {
                let line = format!("{line}{json}");
                let run = desk.run(&line);
                is_harmless(&run, &line);
                if !json.is_empty() {
                    assert!(run.json().is_object() || run.json().is_array(), "{line}");
                }
            }
        }
    }
}

/// JSON has the same content with and without escapes.
#[test]
fn json_is_escaped_and_means_the_same() {
    let desk = Desk::new();
    let claims = "{\"iss\":\"a\u{202e}b\u{7f}\u{9b}\u{2028}\\u0007\"}";
    desk.write("license", token(claims, "entitle.license.v1", "k4.pid.x"));
    let run = desk.run("inspect license --json");
    is_harmless(&run, "inspect");
    assert_eq!(run.json()["says"]["iss"], "a\u{202e}b\u{7f}\u{9b}\u{2028}\u{7}");
}

/// A line feed in a claim does not make a line that looks like a result of this program.
#[test]
fn a_claim_does_not_say_that_it_is_verified() {
    let desk = Desk::new();
    let claims = r#"{"iss":"a\n           verified with fabrikam.pub","b\n  key":"x\n"}"#;
    for typ in ["entitle.license.v1", "entitle.time-ticket.v1", "a\n           verified with fabrikam.pub"] {
        desk.write("document", token(claims, typ, "a\n           verified with fabrikam.pub"));
        let run = desk.run("inspect document");
        assert!(!run.out.lines().any(|line| line.trim().starts_with("verified")), "{run:#?}");
        assert!(run.out.lines().any(|line| line.trim().starts_with("unverified")), "{run:#?}");
    }
    desk.write("deal.json", "{\"jti\": 1, \"a\\nerror: all is well\": 2}");
    let run = desk.run("seal deal.json --key none");
    assert!(!run.err.lines().any(|line| line == "error: all is well" || line.starts_with("error: all")), "{run:#?}");
}

/// Arguments, environment variables and file names that messages repeat.
#[test]
fn hostile_words_are_shown_as_what_they_are() {
    let desk = Desk::installed();
    for hostile in HOSTILE.into_iter().chain(["\nerror: all is well", "\u{200f}"]) {
        for before in [
            &["no-such"][..],
            &["inspect"],
            &["catalog", "check"],
            &["tenant", "check", "bo"],
            &["tenant", "log", "--ledger"],
            &["tenant", "assign", "gold"],
            &["--at"],
            &["seal", "deal.json", "--form"],
        ] {
            for json in [&[][..], &["--json"]] {
                let run =
                    Run::of(&desk.command("").args(before).arg(format!("x{hostile}x")).args(json).output().unwrap());
                assert!(run.code > 0, "{before:?}: {run:#?}");
                is_harmless(&run, &format!("{before:?}"));
                assert!(!run.err.lines().any(|line| line.starts_with("error: all")), "{run:#?}");
            }
        }
        for setting in ["ENTITLE_AT", "ENTITLE_LEDGER", "ENTITLE_SNAPSHOT_EVERY", "ENTITLE_AS", "ENTITLE_ROLE"] {
            let run =
                Run::of(&desk.command("tenant record-time").env(setting, format!("x{hostile}x")).output().unwrap());
            assert!(run.code > 0, "{setting}: {run:#?}");
            is_harmless(&run, setting);
            assert!(!run.err.lines().any(|line| line.starts_with("error: all")), "{run:#?}");
        }
    }
}

/// A file whose name is not text, or changes the text direction, is read and named.
#[cfg(target_os = "linux")]
#[test]
fn x8_a_files_name_that_is_no_text_is_no_panic() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt as _;
    let desk = Desk::installed();
    for name in [&b"a\xff"[..], "a\u{202e}b".as_bytes()] {
        let name = OsStr::from_bytes(name);
        let run = |words: &[&str], json: &[&str]| {
            let run = Run::of(&desk.command("").args(words).arg(name).args(json).output().unwrap());
            is_harmless(&run, &format!("{words:?}"));
            assert!((0..=5).contains(&run.code), "{words:?}: {run:#?}");
            std::fs::remove_file(desk.dir.join(name)).ok();
            run
        };
        for json in [&[][..], &["--json"]] {
            assert_eq!(run(&["key", "new", "other.key", "--public"], json).code, 0);
            std::fs::remove_file(desk.path("other.key")).unwrap();
            let seal = ["seal", "deal.json", "--key", "fabrikam.key", "-o"];
            assert_eq!(run(&seal, json).code, 0);
            std::fs::copy(desk.path("f365.json"), desk.dir.join(name)).unwrap();
            assert_eq!(run(&["catalog", "check"], json).code, 0);
            std::fs::copy(desk.path("fabrikam.pub"), desk.dir.join(name)).unwrap();
            assert_eq!(run(&["key", "show"], json).code, 0);
            let deal = ["revise", "deal.json", "--catalog", "f365.json", "--grant", "gold=1", "--ends", "never", "-o"];
            assert_eq!(run(&deal, json).code, 0);
            let init = ["tenant", "init", "contoso", "--catalog", "f365.json", "--trust", "fabrikam.pub", "--ledger"];
            run(&init, json);
        }
    }
}
