//! Books that somebody has changed: each is refused with the line, and nothing is written to it.

use sha2::{Digest as _, Sha256};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use entitle::Token;
use serde_json::{Value, json};

use crate::deal_book::{GOLD, deal, done, sell, with, with_book};
use crate::desk::Desk;

/// Two licenses, a list, and their keys: five entries.
fn book() -> Desk {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    sell(&desk, "northwind", GOLD);
    done(&desk, "revoke --key lists.key -o one.list");
    deal(&desk, "fourth", GOLD);
    desk
}

fn hash(line: &str) -> String {
    URL_SAFE_NO_PAD.encode(Sha256::digest(line.as_bytes()))
}

/// Writes lines as a book, as they are.
fn write(desk: &Desk, lines: &[impl AsRef<str>]) {
    let text: String = lines.iter().flat_map(|line| [line.as_ref(), "\n"]).collect();
    desk.write("fabrikam.book", text);
}

/// Returns the lines with numbers and hashes that fit, as somebody would write them who wants to deceive.
fn rechained(lines: &[String]) -> Vec<String> {
    let mut chained = vec![lines[0].clone()];
    for (number, line) in lines.iter().enumerate().skip(1) {
        let mut entry: Value = serde_json::from_str(line).unwrap();
        entry["number"] = json!(number);
        entry["previous"] = json!(hash(chained.last().unwrap()));
        chained.push(ordered(&entry));
    }
    chained
}

/// Returns an entry with its fields in the order in which they are written.
fn ordered(entry: &Value) -> String {
    let fields = ["number", "previous", "at", "by", "key", "document"];
    let written = fields.iter().filter_map(|name| entry.get(*name).map(|value| format!("\"{name}\":{value}")));
    format!("{{{}}}", written.collect::<Vec<_>>().join(","))
}

/// Asserts that no command uses the book, and that none changes it.
#[track_caller]
fn refused(desk: &Desk, what: &str, line: usize, expected: &str) {
    let before = desk.read("fabrikam.book");
    for command in [
        "deal list",
        "inspect fabrikam.book",
        "seal fourth.json --key fabrikam.key -o fourth.license",
        "revoke --key lists.key",
    ] {
        let run = with(desk, command);
        assert!(run.code == 3 && run.err.contains(&format!("fabrikam.book:{line}: ")), "{what}, {command}: {run:#?}");
        assert!(run.err.contains(expected) && run.err.contains("[cli.damaged-book]"), "{what}, {command}: {run:#?}");
    }
    assert!(desk.read("fabrikam.book") == before && !desk.path("fourth.license").exists(), "{what}");
}

#[test]
fn x7_a_book_that_was_changed_is_refused_with_its_line_and_both_hashes() {
    let desk = book();
    let text = desk.read("fabrikam.book");
    let lines: Vec<String> = text.lines().map(ToString::to_string).collect();
    assert_eq!(lines.len(), 6);
    assert_eq!(rechained(&lines), lines, "this test writes lines as the program does");
    // Another word in an entry: the next line does not continue it.
    let mut edited = lines.clone();
    edited[2] = edited[2].replace("\"by\":\"ada\"", "\"by\":\"eve\"");
    write(&desk, &edited);
    let hashes =
        format!("this line continues {}, but the hash of the line before is {}", hash(&lines[2]), hash(&edited[2]));
    refused(&desk, "edited", 4, &hashes);
    let mut thinned_out = lines.clone();
    thinned_out.remove(2);
    write(&desk, &thinned_out);
    refused(&desk, "thinned out", 3, &hash(&lines[1]));
    let mut reordered = lines.clone();
    reordered.swap(2, 3);
    write(&desk, &reordered);
    refused(&desk, "reordered", 3, "this line continues");
    let mut repeated = lines.clone();
    repeated.push(lines[5].clone());
    write(&desk, &repeated);
    refused(&desk, "repeated", 7, "this line continues");
    // Two histories that part at a line.
    desk.write("fabrikam.book", lines[..4].iter().flat_map(|line| [line.as_str(), "\n"]).collect::<String>());
    done(&desk, "revoke --key lists.key --as eve");
    let other: Vec<String> = desk.read("fabrikam.book").lines().map(ToString::to_string).collect();
    let forked: Vec<&String> = other.iter().take(5).chain(lines.iter().skip(5)).collect();
    write(&desk, &forked);
    refused(&desk, "forked", 6, &hash(&lines[4]));
    // The first line says which book it is.
    let mut renamed = lines.clone();
    renamed[0] = renamed[0].replace("fabrikam", "northwind");
    write(&desk, &renamed);
    refused(&desk, "another book", 2, "this line continues");
}

#[test]
fn x1_documents_of_a_book_are_verified_however_well_it_is_chained() {
    let desk = book();
    let lines: Vec<String> = desk.read("fabrikam.book").lines().map(ToString::to_string).collect();
    let parsed = |line: usize| -> Value { serde_json::from_str(&lines[line]).unwrap() };
    let with_document = |token: &str| {
        let mut forged = lines.clone();
        let mut entry = parsed(5);
        entry["document"] = json!(token);
        forged.push(ordered(&entry));
        rechained(&forged)
    };
    // A license with other content, under the old signature.
    let token: Token = parsed(2)["document"].as_str().unwrap().parse().unwrap();
    let text = token.to_string();
    let mut parts = text.split('.');
    let signed = URL_SAFE_NO_PAD.decode(parts.nth(2).unwrap()).unwrap();
    let footer = parts.next().unwrap();
    let payload = String::from_utf8_lossy(&signed[..signed.len() - 64]).replace("\"limited\":2", "\"limited\":9");
    let forged = [payload.as_bytes(), &signed[signed.len() - 64..]].concat();
    let forged = format!("v4.public.{}.{footer}", URL_SAFE_NO_PAD.encode(forged));
    let mut edited = lines.clone();
    let mut entry = parsed(2);
    entry["document"] = json!(forged);
    edited[2] = ordered(&entry);
    write(&desk, &rechained(&edited));
    refused(&desk, "edited license", 3, "signature");
    // Documents of a stranger, of another publisher, of one number with another content, twice.
    let plain =
        |file: &str, key: &str| desk.done(&format!("seal {file} --key {key} --form plain")).out.trim().to_string();
    desk.done("key new stranger.key");
    write(&desk, &with_document(&plain("fourth.json", "stranger.key")));
    refused(&desk, "a stranger's", 7, "of which no entry before has the public key or a certificate");
    desk.write("their.json", desk.read("fourth.json").replace("\"iss\": \"fabrikam\"", "\"iss\": \"northwind\""));
    write(&desk, &with_document(&plain("their.json", "fabrikam.key")));
    refused(&desk, "another publisher's", 7, "a document of `northwind` in the book of `fabrikam`");
    desk.write("more.json", desk.read("contoso.json").replace("\"limited\": 2", "\"limited\": 3"));
    write(&desk, &with_document(&plain("more.json", "fabrikam.key")));
    refused(&desk, "one number, two contents", 7, "revision 1 of the license");
    write(&desk, &with_document(&plain("contoso.json", "fabrikam.key")));
    refused(&desk, "twice", 7, "this document is in entry 2 already");
    // What fits is accepted: the checks above are not too strict.
    write(&desk, &with_document(&plain("fourth.json", "fabrikam.key")));
    done(&desk, "deal show fourth");
}

#[test]
fn x4_an_entry_has_one_spelling() {
    let desk = book();
    let lines: Vec<String> = desk.read("fabrikam.book").lines().map(ToString::to_string).collect();
    let key = serde_json::from_str::<Value>(&lines[1]).unwrap()["key"].to_string();
    for (what, from, to) in [
        ("white space", "{\"number\"", "{ \"number\""),
        ("an unknown field", "\"by\":\"ada\"", "\"by\":\"ada\",\"so\":1"),
        ("a repeated field", "\"by\":\"ada\"", "\"by\":\"ada\",\"by\":\"ada\""),
        ("null", "\"document\":", "\"key\":null,\"document\":"),
        ("a key and a document", "\"document\":", &format!("\"key\":{key},\"document\":")),
        ("another number", "\"number\":5", "\"number\":6"),
        ("an empty name", "\"by\":\"ada\"", "\"by\":\"\""),
        ("a date in another form", "T08:00:00Z", "T08:00:00+00:00"),
    ] {
        let mut changed = lines.clone();
        changed[5] = changed[5].replace(from, to);
        assert_ne!(changed, lines, "{what}");
        write(&desk, &changed);
        refused(&desk, what, 6, "");
    }
    let first = &lines[0];
    for (what, text, expected) in [
        ("empty", String::new(), "[cli.not-a-book]"),
        ("another file", "hello\n".to_string(), "[cli.not-a-book]"),
        ("no line feed", first.clone(), "[cli.not-a-book]"),
        ("a newer format", first.replace("deal-book.v1", "deal-book.v2") + "\n", "its format is entitle.deal-book.v2"),
        ("an unknown field", first.replace("\"id\"", "\"more\":1,\"id\"") + "\n", "[cli.not-a-book]"),
        ("a secret key", format!("{first}\nk4.secret.AAAA\n"), "[cli.secret-key]"),
    ] {
        desk.write("fabrikam.book", &text);
        with(&desk, "deal list").ends(3, expected);
        with(&desk, "seal fourth.json --key fabrikam.key").ends(3, expected);
        assert_eq!(desk.read("fabrikam.book"), text, "{what}");
    }
    with(&desk, "deal list --book .").ends(3, "not a regular file");
    // A title that is a line of a book is no book.
    desk.write("title.json", "{\"book\":\"entitle.deal-book.v1\"}\n");
    desk.run("inspect title.json").ends(3, "[cli.not-a-book]");
}
