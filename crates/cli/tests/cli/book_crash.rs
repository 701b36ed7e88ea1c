//! `kill -9` at random times: no document leaves the house that is not in the book, and the book is
//! always readable.

use core::time::Duration;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use entitle::Token;

use crate::crash::Random;
use crate::deal_book::{GOLD, deal, done, sell, with, with_book};
use crate::desk::{Desk, Run};

/// The number of kills; `ENTITLE_KILLS` sets another one.
const KILLS: u32 = 40;

fn kills() -> u32 {
    std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap())
}

/// Kills a command at a random time between its start and a little after its usual end, in microseconds.
fn killed(desk: &Desk, line: &str, after: u64) -> Run {
    let mut command = desk.command(line);
    command.env("ENTITLE_BOOK", "fabrikam.book").env("ENTITLE_AS", "ada");
    let mut running = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    thread::sleep(Duration::from_micros(after));
    running.kill().unwrap();
    Run::of(&running.wait_with_output().unwrap())
}

/// Returns whether a document is in the book.
fn has(desk: &Desk, token: &Token) -> bool {
    desk.read("fabrikam.book").contains(&format!("\"{token}\"}}\n"))
}

#[test]
fn what_a_killed_command_handed_out_is_in_the_book() {
    let kills = kills();
    let desk = with_book();
    sell(&desk, "first", &format!("{GOLD} --reference FIRST"));
    deal(&desk, "contoso", GOLD);
    let began = Instant::now();
    done(&desk, "seal contoso.json --key fabrikam.key");
    let mut usual = u64::try_from(began.elapsed().as_micros()).unwrap();
    done(&desk, "revoke --deal FIRST --key lists.key");
    let template = desk.read("contoso.json");
    let id = template.split("\"jti\": \"").nth(1).unwrap()[..32].to_string();
    let seed = u64::from(std::process::id()) << 20 | 0xb00c;
    let mut random = Random(seed);
    let (mut handed_out, mut cut_short, mut lists) = (0, 0, 1);
    for number in 0..kills {
        desk.write("next.json", template.replace(&id, &format!("{number:032x}")));
        let is_list = number % 3 == 0;
        let line = if is_list {
            format!("revoke --deal FIRST --license {number:032x} --key lists.key -o {number}.signed")
        } else {
            format!("seal next.json --key fabrikam.key -o {number}.signed")
        };
        let run = killed(&desk, &line, random.below(usual * 5 / 4));
        let path = desk.path(&format!("{number}.signed"));
        // What is there under its name is whole.
        let text = std::fs::read_to_string(path).ok();
        let token = text.map(|text| Token::from_armor(&text).unwrap_or_else(|error| panic!("{error}; seed {seed}")));
        if let Some(token) = &token {
            assert!(has(&desk, token), "it left the house and is not in the book; seed {seed}");
        }
        if run.out.contains(".signed: ") {
            assert!(token.is_some(), "acknowledged, and there; seed {seed}");
            handed_out += 1;
            usual -= usual / 8;
        } else {
            assert_eq!(run.code, -1, "killed, or done: {run:#?}");
            cut_short += 1;
            // Other work may have made the machine slower: about as many are to end as are cut short.
            usual += usual / 8;
        }
        if number % 10 == 0 {
            done(&desk, "deal list");
        }
        lists += u32::from(is_list);
    }
    assert!(
        kills < 20 || cut_short > 0 && handed_out > 0,
        "{cut_short} cut short, {handed_out} handed out: the times do not fit"
    );
    println!("{kills} kills: {handed_out} handed out, {cut_short} cut short");
    // The next command continues; numbers of lists have no gap and are not used twice.
    let run = done(&desk, "revoke --key lists.key --form plain --json");
    let log = done(&desk, "book log --json").json()["entries"].clone();
    let of_lists: Vec<_> = log.as_array().unwrap().iter().filter_map(|entry| entry["summary"].as_str()).collect();
    let numbers: Vec<_> = of_lists.iter().filter_map(|summary| summary.strip_prefix("revocation list ")).collect();
    assert!(numbers.len() <= usize::try_from(lists).unwrap() + 1);
    for (index, text) in numbers.iter().enumerate() {
        assert!(text.starts_with(&format!("{} of fabrikam", index + 1)), "{text}; seed {seed}");
    }
    assert!(run.json()["is_new"].as_bool().unwrap());
    // Each list has the revocations of the one before, and one more but the last: none was lost.
    desk.write("last.list", run.json()["token"].as_str().unwrap());
    let says = desk.done("inspect last.list --json").json()["says"].clone();
    assert_eq!(says["entries"].as_array().unwrap().len(), numbers.len() - 1, "seed {seed}");
    // A deal whose signing was cut short is sealed once more, with the same result; a list may revoke it.
    let last = kills - 1;
    desk.write("next.json", template.replace(&id, &format!("{last:032x}")));
    with(&desk, "seal next.json --key fabrikam.key --yes").ends(0, "-----BEGIN ENTITLE TOKEN-----");
}

/// An import that was killed is done again: what is in the book stays, and the rest comes in.
#[test]
fn an_import_that_is_killed_is_done_again() {
    let kills = kills() / 2;
    let desk = with_book();
    deal(&desk, "contoso", GOLD);
    let template = desk.read("contoso.json");
    let id = template.split("\"jti\": \"").nth(1).unwrap()[..32].to_string();
    let seed = u64::from(std::process::id()) << 20 | 0x1337;
    let mut random = Random(seed);
    let mut usual = 20_000_u64;
    let (mut done_at_once, mut cut_short) = (0, 0);
    for number in 0..kills {
        let mail: String = (0..3)
            .map(|part| {
                desk.write("next.json", template.replace(&id, &format!("{:032x}", number * 3 + part)));
                desk.done("seal next.json --key fabrikam.key").out
            })
            .collect();
        desk.write("mail", mail);
        let import = "deal import mail --trust fabrikam.pub";
        let before = desk.read("fabrikam.book");
        let run = killed(&desk, import, random.below(usual * 5 / 4));
        let after = desk.read("fabrikam.book");
        assert!(after.starts_with(&before), "what was there stays; seed {seed}");
        if run.code == 0 {
            assert_eq!(run.out.matches("new: license").count(), 3, "seed {seed}: {run:#?}");
            done_at_once += 1;
            usual -= usual / 8;
        } else {
            cut_short += 1;
            usual += usual / 8;
        }
        // Written or not, the same command ends with all of them in the book, each once.
        let again = done(&desk, import);
        let count = |what: &str| again.out.matches(what).count();
        assert_eq!(count("new: license") + count("already there: license"), 3, "seed {seed}: {again:#?}");
        assert!(run.code != 0 || count("new: license") == 0, "seed {seed}: {again:#?}");
    }
    assert!(kills < 20 || cut_short > 0 && done_at_once > 0, "{cut_short} cut short, {done_at_once} done");
    let listed = done(&desk, "deal list --json").json()["deals"].clone();
    assert_eq!(listed.as_array().unwrap().len(), usize::try_from(kills * 3).unwrap(), "seed {seed}");
}

/// A usage statement is there as a whole, or not at all, and what a kill leaves is no document.
#[test]
fn a_statement_that_is_killed_is_no_statement() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    let seed = u64::from(std::process::id()) << 20 | 0x57a7;
    let mut random = Random(seed);
    let mut usual = 20_000_u64;
    for number in 0..kills() / 2 {
        let file = format!("{number}.statement");
        let run = killed(&desk, &format!("tenant statement --months 2026-03 -o {file}"), random.below(usual * 5 / 4));
        let exists = desk.path(&file).exists();
        if exists {
            desk.done(&format!("inspect {file}")).ends(0, "gold: 2 provisioned, 1 assigned");
        }
        assert!(exists || run.code != 0, "seed {seed}: {run:#?}");
        usual = if run.code == 0 { usual - usual / 8 } else { usual + usual / 8 };
    }
    for entry in std::fs::read_dir(&desk.dir).unwrap().map(Result::unwrap) {
        let name = entry.file_name().into_string().unwrap();
        assert!(!name.starts_with('.') || entry.path().is_dir(), "{name} is taken for a document");
    }
}
