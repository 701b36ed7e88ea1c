//! `kill -9` at random times: no document leaves the house that is not in the book, and the book is
//! always readable.

use core::time::Duration;
use std::process::Stdio;
use std::thread;
use std::time::Instant;

use entitle::Token;

use crate::crash::Random;
use crate::deal_book::{GOLD, deal, done, with, with_book};
use crate::desk::{Desk, Run};

/// The number of kills; `ENTITLE_KILLS` sets another one.
const KILLS: u32 = 100;

/// Returns whether a document is in the book.
fn has(desk: &Desk, token: &Token) -> bool {
    desk.read("fabrikam.book").contains(&format!("\"{token}\"}}\n"))
}

#[test]
fn what_a_killed_command_handed_out_is_in_the_book() {
    let kills: u32 = std::env::var("ENTITLE_KILLS").map_or(KILLS, |number| number.parse().unwrap());
    let desk = with_book();
    deal(&desk, "contoso", GOLD);
    let began = Instant::now();
    done(&desk, "seal contoso.json --key fabrikam.key");
    let mut usual = u64::try_from(began.elapsed().as_micros()).unwrap();
    done(&desk, "revoke --key lists.key");
    let template = desk.read("contoso.json");
    let id = template.split("\"jti\": \"").nth(1).unwrap()[..32].to_string();
    let seed = u64::from(std::process::id()) << 20 | 0xb00c;
    let mut random = Random(seed);
    let (mut handed_out, mut cut_short, mut lists) = (0, 0, 1);
    for number in 0..kills {
        desk.write("next.json", template.replace(&id, &format!("{number:032x}")));
        let is_list = number % 3 == 0;
        let line = if is_list {
            format!("revoke --key lists.key -o {number}.signed")
        } else {
            format!("seal next.json --key fabrikam.key -o {number}.signed")
        };
        let mut command = desk.command(&line);
        command.env("ENTITLE_BOOK", "fabrikam.book").env("ENTITLE_AS", "ada");
        let mut writer = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        // Between its start and a little after its end.
        thread::sleep(Duration::from_micros(random.below(usual * 5 / 4)));
        writer.kill().unwrap();
        let run = Run::of(&writer.wait_with_output().unwrap());
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
    let log = done(&desk, "book log --json").json();
    let of_lists: Vec<_> = log.as_array().unwrap().iter().filter_map(|entry| entry["summary"].as_str()).collect();
    let numbers: Vec<_> = of_lists.iter().filter_map(|summary| summary.strip_prefix("revocation list ")).collect();
    assert!(numbers.len() <= usize::try_from(lists).unwrap() + 1);
    for (index, text) in numbers.iter().enumerate() {
        assert!(text.starts_with(&format!("{} of fabrikam", index + 1)), "{text}; seed {seed}");
    }
    assert!(run.json()["is_new"].as_bool().unwrap());
    // A deal whose signing was cut short is sealed once more, with the same result.
    let last = kills - 1;
    desk.write("next.json", template.replace(&id, &format!("{last:032x}")));
    with(&desk, "seal next.json --key fabrikam.key").ends(0, "-----BEGIN ENTITLE TOKEN-----");
}
