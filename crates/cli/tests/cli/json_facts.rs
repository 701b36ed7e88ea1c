//! What is shown to people is in the JSON for programs too.

use std::collections::BTreeSet;

use serde_json::{Value, json};

use crate::administrator::installed;
use crate::desk::Desk;

/// The names in the record of this file, which are facts wherever they are shown.
const NAMES: [&str; 21] = [
    "ada", "bo", "cy", "dora", "eve", "staff", "sales", "base", "maker", "pro", "sessions", "chat", "author",
    "publish", "faq-bot", "help-bot", "fabrikam", "builder", "Contoso", "contoso", "DE",
];

/// Returns a tenant with something in every list.
fn full() -> Desk {
    let desk = installed();
    desk.done("tenant assign maker ada bo --except author");
    desk.done("tenant assign maker --group staff");
    desk.done("tenant join staff cy dora");
    desk.done("tenant join sales eve");
    desk.done("tenant claim-on-first-use maker on");
    desk.done("tenant start-trial pro");
    desk.done("tenant consume sessions faq-bot 2.5");
    desk.done("tenant consume sessions help-bot 9");
    desk.write("directory.csv", "user,group\nada,staff\nbo,staff\ncy,staff\n,empty\n");
    desk
}

/// Adds the words of all strings, and all numbers.
fn words_of(value: &Value, words: &mut BTreeSet<String>) {
    match value {
        Value::String(text) => {
            words.extend(self::words(text));
            words.insert(text.clone());
        }
        Value::Number(number) => _ = words.insert(number.to_string()),
        Value::Array(values) => {
            // How many there are of what is listed whole is no further fact.
            words.insert(values.len().to_string());
            for value in values {
                words_of(value, words);
            }
        }
        Value::Object(fields) => fields.iter().for_each(|(field, value)| {
            words.insert(field.clone());
            words_of(value, words);
        }),
        Value::Bool(_) | Value::Null => {}
    }
}

/// Returns the words of a text, with midnight as a day.
fn words(text: &str) -> impl Iterator<Item = String> + '_ {
    let words = text.split(|c: char| c.is_whitespace() || "`,;()\"".contains(c));
    let words = words.map(|word| word.trim_end_matches([':', '.']).trim_end_matches("T00:00:00Z").to_string());
    words.filter(|word| !word.is_empty())
}

/// Returns whether a word of a text is a fact: a number, a time or a name.
fn is_fact(word: &str) -> bool {
    NAMES.contains(&word) || word.starts_with(|c: char| c.is_ascii_digit())
}

#[test]
fn every_fact_of_a_text_is_in_the_json() {
    let desk = full();
    for line in [
        "tenant show",
        "tenant plans",
        "tenant users",
        "tenant users --limit 2",
        "tenant user ada",
        "tenant groups",
        "tenant group staff",
        "tenant queue maker",
        "tenant licenses",
        "tenant apps ada",
        "tenant who author",
        "tenant who chat",
        "tenant usage",
        "tenant usage --month 2026-03 --at 2026-04-05",
        "tenant quotas",
        "tenant quotas --user ada",
        "tenant errors",
        "tenant ending --within 400",
        "tenant may-install",
        "tenant listing",
        "tenant check ada author",
        "tenant clock",
        "tenant clock --at 2026-08-01",
        "tenant whatif unassign maker ada",
        "tenant reconcile directory.csv",
        "tenant reconcile directory.csv --max-loss 100",
        "tenant reconcile directory.csv --max-loss 100 --yes",
    ] {
        let before = desk.read("contoso.ledger");
        let text = desk.run(line).out;
        desk.write("contoso.ledger", before);
        let (json, mut known) = (desk.run(&format!("{line} --json")).json(), BTreeSet::new());
        words_of(&json, &mut known);
        // Commands to type are no facts, and neither is what is not known.
        let shown = text.lines().map(|line| line.split("entitle ").next().unwrap_or_default());
        let shown: Vec<String> = shown.flat_map(words).filter(|word| is_fact(word)).collect();
        assert!(!shown.is_empty(), "{line}: {text}");
        let missing: Vec<&String> = shown.iter().filter(|word| !known.contains(*word)).collect();
        assert!(missing.is_empty(), "{line}: {missing:?} are only in the text:\n{text}\n{json:#}");
    }
}

#[test]
fn plans_usage_and_reconcile_answer_programs_as_people() {
    let desk = full();
    let plans = desk.done("tenant plans --json").json();
    let of = |field: &str| (0..4).map(|plan: usize| plans["plans"][plan][field].clone()).collect::<Vec<_>>();
    assert_eq!(of("claim_on_first_use"), ["off", "allowed", "off", "off"]);
    assert_eq!(of("left"), [json!(null), json!(null), json!(null), json!("0")]);
    let show = desk.done("tenant show --json").json();
    assert_eq!((&show["customer"]["country"], &show["not_bought"]), (&json!("DE"), &json!([])));
    let total = |consumed: &str, allowance: Value, limit: Value, is_over: Value| {
        let (plan, month, consumers) = ("sessions", "2026-03", 2);
        json!([{ "plan": plan, "month": month, "consumed": consumed, "consumers": consumers,
                 "allowance": allowance, "limit": limit, "is_over": is_over }])
    };
    let usage = desk.done("tenant usage --json").json();
    assert_eq!(usage["totals"], total("11.5", json!("10"), json!("12.5"), json!(true)));
    let past = desk.done("tenant usage --month 2026-03 --at 2026-04-05 --json").json();
    assert_eq!(past["totals"], total("11.5", json!(null), json!(null), json!(null)));
    let refused = desk.run("tenant reconcile directory.csv --json").json();
    assert_eq!(refused["removed"], json!(["dora", "eve"]));
    let loss = &refused["losses"][0];
    assert_eq!((&loss["user"], &loss["plan"], &loss["has_seat"]), (&json!("dora"), &json!("maker"), &json!(false)));
    assert!(refused["message"].as_str().unwrap().starts_with("1 of 5 users would lose a plan"), "{refused:#}");
    desk.write("fewer.csv", "user,group\nada,\nbo,\ncy,\ndora,\neve,\n");
    let json = desk.run("tenant reconcile fewer.csv --json").json();
    assert_eq!((&json["leaves"], &json["losses"][0]["has_seat"]), (&json!(3), &json!(true)));
}

/// Notes go to stderr for people; a program finds them in its answer, and nothing on stderr.
#[test]
fn every_note_is_in_the_json() {
    let desk = Desk::installed();
    desk.done("tenant assign gold adam --at 2026-03-10");
    desk.done("tenant init northwind --catalog f365.json --trust fabrikam.pub --ledger northwind.ledger");
    desk.done("tenant statement --months 2026-03 -o contoso.json --at 2026-03-10T12:00:00Z");
    for (line, expected) in [
        // As it was.
        ("tenant show --at 2026-03-05", "this is the record as it was at 2026-03-05T00:00:00Z"),
        ("tenant log --at 2026-03-05", "this is the record as it was at 2026-03-05T00:00:00Z"),
        // Near misses.
        ("tenant check adan f365/audit --at 2026-03-10", "did you mean `adam`?"),
        ("tenant log --user adma --at 2026-03-10", "did you mean `adam`?"),
        ("tenant whatif assign gold adan --at 2026-03-10", "did you mean `adam`?"),
        ("tenant assign gold adan --at 2026-03-10", "did you mean `adam`?"),
        // What a report lacks, once.
        ("report contoso.json northwind.ledger --months 2026-01..2026-12 --at 2026-08-10", "nothing about contoso in"),
        ("report contoso.json --at 2026-03-31", "is as of 2026-03-10T12:00:00Z, not of 2026-03-31"),
    ] {
        let before = desk.read("contoso.ledger");
        let shown = desk.run(line);
        desk.write("contoso.ledger", before);
        let run = desk.run(&format!("{line} --json"));
        let notes: Vec<String> = serde_json::from_value(run.json()["notes"].clone()).unwrap();
        assert!(notes.iter().any(|note| note.contains(expected)), "{line}: {run:#?}");
        let shown_notes: Vec<&str> = shown.err.lines().filter_map(|line| line.strip_prefix("note: ")).collect();
        assert_eq!(
            (run.code, notes, run.err.as_str()),
            (shown.code, shown_notes.iter().map(ToString::to_string).collect(), ""),
            "{line}"
        );
    }
    // Also where nothing is to be noted.
    for line in ["tenant plans", "tenant log", "report", "inspect f365.json"] {
        assert_eq!(desk.done(&format!("{line} --json --at 2026-03-10")).json()["notes"], json!([]), "{line}");
    }
    assert_eq!(desk.done("help exit-codes --json").json()["notes"], json!([]));
    // A document is what it is: its notes stay on stderr.
    let line = "tenant statement --months 2026-03 --json --at 2026-08-10";
    let (run, document) = (desk.done(line), desk.done(&line.replace(" --json", "")));
    assert!(
        run.err.starts_with("note: the record has no event since 2026-03-10") && run.err == document.err,
        "{run:#?}"
    );
    assert_eq!(run.json(), document.json());
}
