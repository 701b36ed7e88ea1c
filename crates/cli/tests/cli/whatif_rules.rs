//! A preview answers for what would be recorded: lists longer than one entry, and documents that are
//! not installed yet.

use serde_json::json;

use crate::administrator::{builder, install, installed};
use crate::bulk::{large, write_users};
use crate::desk::{Desk, SELL};

#[test]
fn s6_more_commands_than_an_entry_holds_are_previewed_as_they_would_be_recorded() {
    let desk = large();
    let before = desk.read("contoso.ledger");
    let whatif = desk.done("tenant whatif assign gold --users-from users.txt");
    whatif.ends(0, "Gained by this (2500 users):\n");
    let json = desk.done("tenant whatif assign gold --users-from users.txt --json").json();
    assert_eq!((&json["totals"]["gained"]["users"], &json["done_before"]), (&json!(2500), &json!(0)));
    assert_eq!(desk.read("contoso.ledger"), before);
    // What is done is not done again, as in the command itself.
    desk.done("tenant assign gold user-0001 user-0002");
    desk.run("tenant whatif assign gold --users-from users.txt")
        .ends(0, "done before: 2 of 2500\nNobody loses access by this on 2026-03-02T08:00:00Z");
    desk.run("tenant whatif assign gold --users-from users.txt").ends(0, "Gained by this (2498 users):\n");
    desk.done("tenant assign gold --users-from users.txt");
    desk.run("tenant whatif assign gold --users-from users.txt")
        .ends(0, "done before: 2500 of 2500\nNothing changes on 2026-03-02T08:00:00Z");
    desk.run("tenant whatif unassign gold --users-from users.txt")
        .ends(0, "on 2026-03-02T08:00:00Z:\nLost by this (2500 users):\n");
    let more: Vec<String> = (0..1200).map(|number| format!("more-{number}\n")).collect();
    desk.write("more.txt", more.concat());
    desk.run("tenant whatif assign gold --users-from more.txt")
        .ends(1, "1200 seats of gold are wanted, and 100 are free. Nothing was done [refusal.no-free-unit]");
    desk.run("tenant whatif assign Gold --users-from more.txt").ends(1, "did you mean `gold`?");
}

#[test]
fn l3_a_command_is_previewed_with_documents_that_are_not_installed() {
    let desk = builder();
    let before = desk.read("contoso.ledger");
    desk.run("tenant whatif assign maker ada").ends(1, "has no usable units");
    let run = desk.done("tenant whatif assign maker ada bo --with contoso.license");
    run.ends(0, "  everyone else, from 2026-03-02T08:00:00Z until 2027-03-31: chat\n");
    run.ends(0, "  ada, from 2026-03-02T08:00:00Z until 2027-03-31: author\n");
    run.ends(0, "maker, from 2026-03-02T08:00:00Z");
    desk.run("tenant whatif assign maker a b c d --with contoso.license").ends(1, "[refusal.no-free-unit]");
    // A trial is found by its plan in a license that is only previewed.
    desk.run("tenant whatif start-trial pro").ends(1, "no license has a trial of pro");
    let run = desk.done("tenant whatif start-trial pro --with contoso.license --with trial.license");
    run.ends(0, "pro, from 2026-03-02T08:00:00Z until 2026-04-01T08:00:00Z: 2 instead of 0\n");
    assert_eq!(desk.read("contoso.ledger"), before);
    desk.run("tenant whatif assign maker ada --with f365.json").ends(3, "f365.json");
}

/// Documents are previewed as `install` takes them: each of those that are new.
#[test]
fn k6_a_document_that_is_installed_changes_nothing_in_a_preview() {
    let desk = installed();
    let run = desk.done("tenant whatif install contoso.license trial.license");
    run.ends(0, "already there: a license, revision 1: ");
    run.ends(0, "\nNothing changes on 2026-03-02T08:00:00Z");
    let json = desk.done("tenant whatif install contoso.license --json").json();
    assert_eq!(json["documents"], json!([{ "file": "contoso.license", "state": "already_there" }]));
    let revise = "revise deal.json --catalog builder.json --grant base=1 --grant maker=5 --grant sessions=10";
    desk.done(&format!("{revise} --ends 2028-03-01 -o next.json"));
    desk.done("seal next.json --key fabrikam.key -o next.license");
    let run = desk.done("tenant whatif install contoso.license next.license");
    run.ends(0, "already there: a license, revision 1: ");
    run.ends(0, ": 5 instead of 3\n");
    // One that is refused is named by its file.
    desk.done(&format!("{} -o other.json", SELL.replace(" -o deal.json", "").replace("contoso", "other")));
    desk.done("seal other.json --key fabrikam.key -o other.license");
    desk.run("tenant whatif install next.license other.license").ends(1, "refused: other.license: ");
}

/// A longer term takes nothing from anybody, although its access ends one day.
#[test]
fn l3_a_longer_term_takes_access_from_nobody() {
    let desk = installed();
    desk.done("tenant assign maker ada");
    let sold = "--grant base=1 --grant maker=3 --grant sessions=10";
    desk.done(&format!("revise deal.json --catalog builder.json {sold} --ends 2028-03-01 -o longer.json"));
    desk.done("seal longer.json --key fabrikam.key -o longer.license");
    let run = desk.done("tenant whatif install longer.license");
    assert!(run.out.starts_with("Nobody loses access by this on 2026-03-02T08:00:00Z.\nGained by this ("), "{run:#?}");
    run.ends(
        0,
        "\nEnds no earlier than without this, if nothing else changes (1 user):\n  everyone else, from 2028-03-31 on: chat\n  ada, from 2028-03-31 on: author\n",
    );
}

/// Who loses by a renewal with fewer seats is not among those who gain by it, and whose access ends one day.
#[test]
fn l3_a_longer_term_with_fewer_seats_takes_access_from_those_without_a_seat() {
    let desk = installed();
    desk.done("tenant assign maker ada bo cy");
    let sold = "--grant base=1 --grant maker=2 --grant sessions=10";
    desk.done(&format!("revise deal.json --catalog builder.json {sold} --ends 2028-03-01 -o fewer.json"));
    desk.done("seal fewer.json --key fabrikam.key -o fewer.license");
    let run = desk.done("tenant whatif install fewer.license");
    let expected = "If this is done on 2026-03-02T08:00:00Z:\n\
                    Lost by this (1 user):\n  cy, from 2026-05-31T08:00:00Z until 2027-03-31: author\n\
                    Gained by this (2 users):\n  everyone else, from 2027-03-31 until 2028-03-31: chat\n  ada, from 2027-03-31 until 2028-03-31: author\n  bo, from 2027-03-31 until 2028-03-31: author\n\
                    Ends no earlier than without this, if nothing else changes (2 users):\n  everyone else, from 2028-03-31 on: chat\n  ada, from 2028-03-31 on: author\n  bo, from 2028-03-31 on: author\n";
    assert!(run.out.starts_with(expected), "{run:#?}");
    run.ends(0, "\nLost until an instant: without this, people would have it until then.\n");
    assert!(desk.done("tenant whatif install fewer.license --all").out.starts_with(expected));
}

/// Of lists that are cut the numbers are still of all: of 2,500 users 1,500 lose access, and 1,000 lose nothing.
#[test]
fn x8_the_numbers_of_those_who_lose_nothing_are_of_all() {
    let desk = large();
    desk.done("tenant assign gold --users-from users.txt");
    desk.done("revise deal.json --catalog f365.json --grant gold=1000 --ends 2028-03-01 -o fewer.json");
    desk.done("seal fewer.json --key fabrikam.key -o fewer.license");
    let run = desk.done("tenant whatif install fewer.license");
    run.ends(0, "Lost by this (1500 users):\n");
    run.ends(0, "Ends no earlier than without this, if nothing else changes (1000 users):\n");
}

/// Who loses one app by it, and keeps another for longer, is among both.
#[test]
fn x8_who_loses_one_app_and_nothing_of_another_is_counted_in_lists_that_are_cut_too() {
    let desk = Desk::new();
    let sell = SELL.replace("--grant gold=2", "--grant gold=2600 --grant silver=2600");
    install(&desk, &sell);
    write_users(&desk);
    desk.done("tenant assign gold --users-from users.txt");
    desk.done("tenant assign silver --users-from users.txt");
    let sold = "--grant gold=1000 --grant silver=2600";
    desk.done(&format!("revise deal.json --catalog f365.json {sold} --ends 2028-03-01 -o fewer.json"));
    desk.done("seal fewer.json --key fabrikam.key -o fewer.license");
    let run = desk.done("tenant whatif install fewer.license");
    run.ends(0, "Lost by this (1500 users):\n");
    run.ends(0, "Ends no earlier than without this, if nothing else changes (2500 users):\n");
    let totals = desk.done("tenant whatif install fewer.license --json").json()["totals"].clone();
    assert_eq!(totals["ending_without_loss"]["users"], json!(2500));
    assert!(totals["ending_without_loss"]["entries"].as_u64() < totals["ending"]["entries"].as_u64(), "{totals}");
}
