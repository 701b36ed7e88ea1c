//! The deal book: what the publisher signed, as its desk reads it.

use std::fs;

use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{KeyRing, Token};

use crate::desk::{Desk, Run};
use crate::story::runs_line_by_line;

/// A year of three customers at the publisher's desk.
#[test]
fn the_story_of_the_deal_book_runs_line_by_line() {
    let story = runs_line_by_line("deal_book.txt");
    assert!(story.lines().all(|line| line.chars().count() <= 240), "pleasant to read");
}

#[test]
fn the_readme_contains_the_story_of_the_deal_book() {
    let (readme, story) = (include_str!("../../README.md"), include_str!("deal_book.txt"));
    assert!(readme.contains(&format!("```text\n{}\n```", story.trim_end())), "the README has another story");
}

/// A desk with two keys and an empty book.
pub(crate) fn with_book() -> Desk {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done("key new lists.key");
    desk.done("book new fabrikam.book --publisher fabrikam");
    desk
}

/// Runs a command with the book.
pub(crate) fn with(desk: &Desk, line: &str) -> Run {
    Run::of(&desk.command(line).env("ENTITLE_BOOK", "fabrikam.book").env("ENTITLE_AS", "ada").output().unwrap())
}

/// Runs a command with the book that has to succeed.
#[track_caller]
pub(crate) fn done(desk: &Desk, line: &str) -> Run {
    let run = with(desk, line);
    assert_eq!(run.code, 0, "{line}: {run:#?}");
    run
}

/// Writes the deal of a customer to `NAME.json`, and returns its id.
pub(crate) fn deal(desk: &Desk, customer: &str, sold: &str) -> String {
    let run = desk.done(&format!(
        "deal new --catalog f365.json --tenant {customer} --name The_{customer} --country DE {sold} --at 2026-02-20 -o {customer}.json \
         --json"
    ));
    run.json()["deal"]["jti"].as_str().unwrap().to_string()
}

/// Sells to a customer, and returns the id of the license.
pub(crate) fn sell(desk: &Desk, customer: &str, sold: &str) -> String {
    let id = deal(desk, customer, sold);
    done(desk, &format!("seal {customer}.json --key fabrikam.key -o {customer}.license"));
    id
}

pub(crate) const GOLD: &str = "--grant gold=2 --starts 2026-03-01 --ends 2027-03-01";

pub(crate) fn entries(desk: &Desk) -> usize {
    desk.read("fabrikam.book").lines().count() - 1
}

#[test]
fn l3_one_number_has_one_content() {
    let desk = with_book();
    let id = sell(&desk, "contoso", GOLD);
    assert_eq!(entries(&desk), 2, "the key and the license");
    // The same deal again is handed out again, and not written again.
    let run = done(&desk, "seal contoso.json --key fabrikam.key -o again.license");
    run.ends(0, "note: fabrikam.book: entry 2, where it was before");
    assert_eq!(desk.read("again.license"), desk.read("contoso.license"));
    // Another content of the same revision is refused, and no token leaves the house.
    desk.write("other.json", desk.read("contoso.json").replace("\"limited\": 2", "\"limited\": 3"));
    let run = with(&desk, "seal other.json --key fabrikam.key -o other.license");
    run.ends(1, &format!("revision 1 of the license {id} is in fabrikam.book already, with another content"));
    run.ends(1, "`license, revision 1, 2 x gold for The contoso` (entry 2), not `license, revision 1, 3 x gold for The contoso`");
    assert!(!desk.path("other.license").exists() && entries(&desk) == 2);
    with(&desk, "seal other.json --key fabrikam.key").ends(1, "[cli.other-content]");
    // So is a revision that a later one supersedes.
    done(&desk, "revise contoso --catalog f365.json --grant gold=3 -o second.json");
    done(&desk, "seal second.json --key fabrikam.key -o second.license");
    with(&desk, "seal contoso.json --key fabrikam.key").ends(1, "[cli.older-revision]");
    assert_eq!(entries(&desk), 3);
    // With a new key the same content is another document.
    desk.done("key new next.key");
    done(&desk, "seal second.json --key next.key -o rotated.license").ends(0, "is a new key of the book");
    assert_eq!(entries(&desk), 5);
    // A file that is there is noticed before anything is signed.
    desk.write("third.json", desk.read("second.json").replace("\"revision\": 2", "\"revision\": 3"));
    with(&desk, "seal third.json --key fabrikam.key -o contoso.license").ends(5, "[cli.exists]");
    assert_eq!(entries(&desk), 5);
    with(&desk, "seal third.json --key fabrikam.key --book none.book").ends(3, "[cli.no-book]");
    assert!(!desk.path("none.book").exists() && !desk.path("none.book.lock").exists());
    desk.run("deal list").ends(2, "--book is missing");
    desk.run("book new fabrikam.book --publisher fabrikam").ends(5, "[cli.exists]");
    desk.write("stranger.json", desk.read("third.json").replace("\"iss\": \"fabrikam\"", "\"iss\": \"northwind\""));
    with(&desk, "seal stranger.json --key fabrikam.key").ends(1, "[cli.other-publisher]");
}

#[test]
fn x5_lists_count_themselves_and_revoke_deals_of_the_book() {
    let desk = with_book();
    let id = sell(&desk, "contoso", GOLD);
    desk.run("revoke --deal contoso --key lists.key").ends(2, "--deal needs a deal book");
    desk.run("revoke --key lists.key").ends(2, "--after or --publisher is missing");
    done(&desk, "revoke --key lists.key -o one.list").ends(0, "revocation list 1 of fabrikam, 0 entries");
    done(&desk, "revoke --deal contoso --key lists.key --from 2026-06-01 -o two.list")
        .ends(0, "list 2 of fabrikam, 1 entry");
    done(&desk, "revoke --key lists.key -o three.list").ends(0, "list 3 of fabrikam, 1 entry");
    // Each key counts its own.
    done(&desk, "revoke --key fabrikam.key -o own.list").ends(0, "own.list: revocation list 1 of fabrikam, 0 entries");
    with(&desk, "revoke --after two.list --key lists.key").ends(1, "the last list of this key in the book is number 3");
    with(&desk, "revoke --publisher fabrikam --key lists.key").ends(1, "[cli.not-the-last-list]");
    done(&desk, "revoke --after three.list --key lists.key -o four.list").ends(0, "list 4 of fabrikam, 1 entry");
    with(&desk, "revoke --deal northwind --key lists.key").ends(2, "[cli.no-deal]");
    // The license is the one that the book names, from the instant on that was given.
    let key = desk.read("lists.pub").trim().parse().unwrap();
    let ring = KeyRing::new().trust(key, KeyPermissions::new(KeyPurpose::Revocations)).unwrap();
    let list = ring.verify_list(&Token::from_armor(&desk.read("four.list")).unwrap()).unwrap();
    let hash = entitle::license::LicenseHash::of(id.parse().unwrap());
    assert!(
        matches!(&list.revocations().entries[..], [entitle::license::Revocation::License(revoked)] if revoked.license == hash
        && revoked.through.get() == u32::MAX && revoked.from.to_rfc3339() == "2026-06-01T00:00:00+00:00")
    );
    done(&desk, "deal list --at 2026-05-31").ends(0, "active");
    done(&desk, "deal list --at 2026-06-01").ends(0, "revoked");
    done(&desk, "deal history contoso --at 2026-06-01").ends(
        0,
        "revoked on 2026-06-01 by revocation list 2 of fabrikam, 1 entry, signed 2026-03-02T08:00:00Z by ada (entry 5)",
    );
    // Nothing that was signed later is shown, and a note counts it.
    let run = done(&desk, "deal list --at 2026-03-01");
    run.ends(0, "The book has no deals.");
    run.ends(0, "note: 6 entries are dated later than 2026-03-01 and left out");
}

/// A key that is revoked ends what it signed, and what keys signed that it certified.
#[test]
fn x10_a_revoked_key_ends_its_deals_and_those_of_keys_that_it_certified() {
    let desk = with_book();
    desk.done("key new reseller.key");
    done(
        &desk,
        "key certify reseller.pub --publisher fabrikam --until 2027-02-20 --key fabrikam.key --at 2026-02-01 -o reseller.certificate",
    )
    .ends(0, "note: fabrikam.book: entry 2");
    deal(&desk, "contoso", GOLD);
    // The reseller signs at home; without its certificate nobody knows its key.
    desk.done("seal contoso.json --key reseller.key -o contoso.license");
    let other = "deal import contoso.license --book other.book --as ada";
    desk.done("book new other.book --publisher fabrikam");
    desk.run(other).ends(3, "contoso.license: ");
    desk.run(&other.replace("contoso.license", "contoso.license reseller.certificate --trust fabrikam.pub"))
        .ends(0, "new: license, revision 1, 2 x gold for The contoso (entry 3)");
    done(&desk, "deal import contoso.license").ends(0, "new: license, revision 1, 2 x gold for The contoso (entry 3)");
    done(&desk, "deal list").ends(0, "active");
    let id = desk.done("key show fabrikam.pub --json").json()["id"].as_str().unwrap().to_string();
    let mut revoke = desk.command("revoke --key lists.key --book fabrikam.book --as ada --ended-key");
    assert!(revoke.arg(&id).output().unwrap().status.success());
    done(&desk, "deal list").ends(0, "revoked");
    // A ticket is in the book too.
    done(&desk, "ticket contoso --catalog f365.json --key fabrikam.key -o ticket")
        .ends(0, "note: fabrikam.book: entry 6");
    done(&desk, "book log --last 1").ends(0, "time ticket of 2026-03-02T08:00:00Z for contoso");
    desk.run("inspect fabrikam.book").ends(0, "signed   1 license, 1 revocation list, 1 time ticket, 1 certificate");
    assert_eq!(done(&desk, "book document 6").out, desk.read("ticket"));
}

#[test]
fn documents_from_before_the_book_are_imported_once() {
    let desk = with_book();
    for customer in ["contoso", "northwind"] {
        deal(&desk, customer, GOLD);
        desk.done(&format!("seal {customer}.json --key fabrikam.key -o {customer}.license"));
    }
    desk.done("revoke --publisher fabrikam --key lists.key -o one.list");
    desk.done("revise contoso.json --catalog f365.json --grant gold=3 -o next.json");
    desk.done("seal next.json --key fabrikam.key -o next.license");
    let import = "deal import next.license one.list northwind.license contoso.license";
    with(&desk, import).ends(3, "[token.unknown-key]");
    let run = with(&desk, &format!("{import} --trust fabrikam.pub"));
    run.ends(3, "one.list: ");
    assert_eq!(entries(&desk), 0, "all or none");
    let run = done(&desk, &format!("{import} --trust fabrikam.pub --trust lists.pub"));
    assert_eq!(entries(&desk), 6);
    assert_eq!(run.out.matches("new: ").count(), 4, "{run:#?}");
    let again = done(&desk, import);
    assert_eq!((again.out.matches("already there: ").count(), entries(&desk)), (4, 6));
    done(&desk, "deal history contoso").ends(0, "revision 2, signed 2026-03-02T08:00:00Z by ada (entry 6)");
    // Another content of a revision that is there.
    desk.write("other.json", desk.read("contoso.json").replace("\"limited\": 2", "\"limited\": 9"));
    desk.done("seal other.json --key fabrikam.key -o other.license");
    desk.write("mail", format!("Hello,\n{}\n{}", desk.read("one.list"), desk.read("other.license")));
    with(&desk, "deal import mail").ends(1, "mail: revision 1 of the license ");
    with(&desk, "deal import mail").ends(1, "[cli.other-content]");
    desk.write("contoso.key", "none");
    with(&desk, "deal import contoso.json").ends(3, "[armor.no-token]");
    with(&desk, "deal import fabrikam.key").ends(3, "[cli.secret-key]");
    assert_eq!(entries(&desk), 6);
}

#[test]
fn a_deal_is_found_by_what_people_call_it() {
    let desk = with_book();
    let first = sell(&desk, "contoso", &format!("{GOLD} --reference PO-1"));
    let second = sell(&desk, "northwind", &format!("{GOLD} --reference PO-2"));
    for name in [&first, &first[..6], "contoso", "PO-1"] {
        let json = done(&desk, &format!("deal show {name} --json")).json();
        assert_eq!((&json["says"]["jti"], &json["tokens"][0]["entry"]), (&first.as_str().into(), &2.into()), "{name}");
    }
    with(&desk, &format!("deal show {}", &first[..3])).ends(2, "[cli.no-deal]");
    with(&desk, "deal show Contoso").ends(2, "help: did you mean `contoso`, The contoso?");
    // Deals that share a name are listed in the order of the book, whatever their ids are.
    let shared = ["ff", "aa", "cc"].map(|digits| {
        let id = digits.repeat(16);
        sell(&desk, &format!("shared{digits}"), &format!("{GOLD} --reference SHARED --id {id}"));
        id
    });
    let run = with(&desk, "deal show SHARED");
    run.ends(2, "`SHARED` are 3 deals: ");
    let places = shared.clone().map(|id| run.err.find(&id).unwrap());
    assert!(places.is_sorted(), "{run:#?}");
    fs::rename(desk.path("contoso.json"), desk.path("old.json")).unwrap();
    fs::rename(desk.path("contoso.license"), desk.path("old.license")).unwrap();
    let third = sell(&desk, "contoso", "--grant silver=1 --ends never");
    let run = with(&desk, "deal show contoso");
    run.ends(2, "`contoso` are 2 deals: ");
    assert!(run.err.contains(&first) && run.err.contains(&third) && !run.err.contains(&second), "{run:#?}");
    let listed = |options: &str| {
        let json = done(&desk, &format!("deal list --json {options}")).json()["deals"].clone();
        json.as_array().unwrap().iter().map(|deal| deal["id"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    let all = [&[first.clone(), second.clone()], &shared[..], core::slice::from_ref(&third)].concat();
    assert_eq!(listed(""), all);
    assert_eq!(listed("--customer contoso"), [first.clone(), third.clone()]);
    assert_eq!(listed("--customer THE_NORTH"), core::slice::from_ref(&second));
    assert_eq!(listed("--reference PO-"), [first, second]);
    done(&desk, "deal list --customer nobody").ends(0, "No deal is selected.");
    // The latest revision says what a deal is called.
    done(&desk, "revise PO-2 --catalog f365.json --grant gold=3 --reference PO-7 -o next.json");
    done(&desk, "seal next.json --key fabrikam.key");
    done(&desk, "deal show PO-7").ends(0, "ref      PO-7");
    with(&desk, "deal show PO-2").ends(2, "[cli.no-deal]");
    // A file goes before a deal of the same name.
    desk.write("northwind", desk.read("old.json"));
    done(&desk, "revise northwind --catalog f365.json --grant gold=9").ends(0, "\"id\": \"contoso\"");
}

/// The help of each command of the desk has an example of its own.
#[test]
fn the_help_of_the_desk_has_examples() {
    let desk = Desk::new();
    let commands =
        ["deal new", "deal list", "deal show", "deal history", "deal ending", "deal customers", "deal import"];
    let of_book = ["book new", "book document", "seal", "revise", "revoke", "inspect"];
    for command in commands.into_iter().chain(of_book).chain(["ticket", "key certify", "report", "catalog laws"]) {
        let run = desk.done(&format!("{command} --help"));
        let (text, _) = run.out.split_once("Usage: ").unwrap();
        assert!(text.contains(&format!("`entitle {command}")), "{command}: {text}");
    }
}
