//! What a revision and the deal book may say, and what they refuse.

use entitle::record::{Checkpoint, Ledger};

use crate::deal_book::{GOLD, deal, done, sell, with, with_book};
use crate::desk::{Desk, Run, SELL};

#[test]
fn s11_a_larger_number_is_never_tolerated_for_longer_than_it_was_promised() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done(&SELL.replace("gold=2", "gold=10"));
    let mut from = "deal".to_string();
    for (units, at, expected) in [
        (5, "2026-04-01", "gold: tolerated 10 until 2026-06-30"),
        (4, "2026-06-25", "gold: tolerated 5 until 2026-09-23 instead of 10 until 2026-06-30"),
        (3, "2026-09-20", "gold: tolerated 4 until 2026-12-19 instead of 5 until 2026-09-23"),
        (2, "2026-12-15", "gold: tolerated 3 until 2027-03-15 instead of 4 until 2026-12-19"),
    ] {
        let run = desk.done(&format!(
            "revise {from}.json --catalog f365.json --grant gold={units} --at {at} -o next{units}.json"
        ));
        run.ends(0, expected);
        from = format!("next{units}");
    }
}

/// The id of a license has one customer and one offer, whatever its revisions change.
#[test]
fn l3_a_revision_is_for_the_customer_and_the_offer_of_the_deal() {
    let desk = with_book();
    let id = sell(&desk, "contoso", GOLD);
    let second = desk.read("contoso.json").replace("\"revision\": 1", "\"revision\": 2");
    let book = desk.read("fabrikam.book");
    for (from, to, expected) in [
        (
            "\"contoso\"",
            "\"northwind\"",
            "the licensee of the license ID is `tenant contoso` in fabrikam.book (entry 2), not `tenant northwind`",
        ),
        ("\"f365\"", "\"f366\"", "the offer of the license ID is `f365` in fabrikam.book (entry 2), not `f366`"),
    ] {
        assert!(second.contains(from), "{second}");
        desk.write("other.json", second.replace(from, to));
        let run = with(&desk, "seal other.json --key fabrikam.key -o other.license");
        run.ends(1, &expected.replace("ID", &id));
        run.ends(1, "[cli.other-deal]");
        // Nor is a license that was signed without the book imported.
        desk.done(&format!("seal other.json --key fabrikam.key -o {}.license", &to[1..5]));
        with(&desk, &format!("deal import {}.license", &to[1..5])).ends(1, "[cli.other-deal]");
        assert!(desk.read("fabrikam.book") == book && !desk.path("other.license").exists(), "{to}");
    }
    // Names and countries of customers change.
    desk.write("renamed.json", second.replace("The contoso", "Contoso Ltd").replace("\"DE\"", "\"FR\""));
    done(&desk, "seal renamed.json --key fabrikam.key -o renamed.license");
    assert_eq!(done(&desk, "deal list --json").json()["deals"].clone().as_array().unwrap().len(), 1);
}

/// What was acknowledged stays, whatever took its line feed away.
#[test]
fn x7_a_whole_last_line_without_its_line_feed_is_an_entry() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    let whole = desk.read("fabrikam.book");
    desk.write("fabrikam.book", whole.trim_end());
    let run = done(&desk, "deal list");
    assert!(run.out.contains("The contoso") && run.err.is_empty(), "{run:#?}");
    done(&desk, "inspect fabrikam.book").ends(0, "entries  2\n");
    // What is there already is not written again, and the next entry brings the line feed.
    done(&desk, "seal contoso.json --key fabrikam.key -o again.license").ends(0, "entry 2, where it was before");
    assert_eq!(desk.read("fabrikam.book"), whole.trim_end());
    sell(&desk, "northwind", GOLD);
    let book = desk.read("fabrikam.book");
    assert!(book.starts_with(&whole) && book.lines().count() == 4 && book.ends_with("\"}\n"), "{book}");
    assert_eq!(done(&desk, "deal list --json").json()["deals"].clone().as_array().unwrap().len(), 2);
    // A whole line that does not continue the book, and one whose document is forged.
    let last = whole.lines().next_back().unwrap();
    desk.write("fabrikam.book", format!("{whole}{last}"));
    done(&desk, "deal list").ends(0, "note: fabrikam.book: ignored an incomplete last line");
    let key = whole.lines().nth(1).unwrap();
    let forged = last.replace("v4.public.", "v4.public.AAAA");
    desk.write("fabrikam.book", format!("{}\n{key}\n{forged}", whole.lines().next().unwrap()));
    with(&desk, "deal list").ends(3, "fabrikam.book:3: ");
    with(&desk, "seal contoso.json --key fabrikam.key").ends(3, "[cli.damaged-book]");
}

/// A revision that is anchored to a checkpoint of the customer's record can be installed there.
#[test]
fn x7_a_preview_proves_an_anchor_against_the_ledger() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    let text = desk.read("contoso.ledger");
    let ledger = Ledger::read(&"contoso".parse().unwrap(), &text).unwrap();
    let head = ledger.entries().next().unwrap().unwrap().head();
    let checkpoint = Checkpoint::new(ledger.beginning().record(), head).to_string();
    let revise = |anchor: &str| {
        let mut command = desk.command("revise deal.json --catalog f365.json --grant gold=3 --record contoso.ledger");
        Run::of(&command.args(["--at", "2026-04-01", "--json", "--anchor", anchor]).output().unwrap())
    };
    let run = revise(&checkpoint);
    assert!(run.code == 0 && run.json()["touches"].is_object(), "{run:#?}");
    // A checkpoint of another record is not contained.
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger other.ledger");
    desk.done("tenant install contoso.license --ledger other.ledger");
    let text = desk.read("other.ledger");
    let other = Ledger::read(&"contoso".parse().unwrap(), &text).unwrap();
    let head = other.entries().next().unwrap().unwrap().head();
    let checkpoint = Checkpoint::new(other.beginning().record(), head).to_string();
    revise(&checkpoint).ends(1, "\"install.not-contained\"");
}

#[test]
fn a_plan_that_is_ended_early_twice_is_refused() {
    let desk = Desk::selling();
    let revise = |ends: &str| desk.run(&format!("revise deal.json --catalog f365.json --at 2026-04-01 {ends}"));
    for (ends, expected) in [
        (
            "--cancel gold=2026-05-01 --withdraw gold=2026-06-01",
            "`gold` is ended early twice: by --cancel gold=2026-05-01 and by --withdraw gold=2026-06-01",
        ),
        (
            "--cancel gold=2026-05-01 --cancel gold=2026-06-01",
            "by --cancel gold=2026-05-01 and by --cancel gold=2026-06-01",
        ),
        ("--withdraw gold=2026-05-01 --withdraw gold=2026-05-01", "twice"),
        ("--withdraw gold=never --cancel gold=2026-05-01", "by --cancel gold=2026-05-01 and by --withdraw gold=never"),
    ] {
        let run = revise(ends);
        run.ends(2, expected);
        run.ends(2, "[cli.plan-twice]\n  help: give one of them: ");
    }
    revise("--cancel gold=2026-05-01").ends(0, "cancelled for 2026-05-01");
    revise("--withdraw gold=2026-05-01").ends(0, "withdrawn from 2026-05-01");
}

/// A revision that lists of the book revoke already gives nothing, and the desk learns it at once.
#[test]
fn x5_a_revision_that_a_list_of_the_book_revokes_is_noted() {
    let desk = with_book();
    let id = sell(&desk, "contoso", GOLD);
    sell(&desk, "northwind", GOLD);
    done(&desk, &format!("revoke --license {id}=2 --key lists.key --from 2026-06-01 --at 2026-05-01 -o one.list"));
    let lists = desk.done("key show lists.pub --json").json()["id"].as_str().unwrap().to_string();
    let next = |from: &str, units: u32, at: &str| {
        let out = format!("{from}{units}");
        let revised =
            done(&desk, &format!("revise {from} --catalog f365.json --grant gold={units} --at {at} -o {out}.json"));
        let sealed = done(&desk, &format!("seal {out}.json --key fabrikam.key --yes --at {at} -o {out}.license"));
        [revised, sealed]
    };
    // The second revision is reached, now or soon.
    let revise = "revise contoso --catalog f365.json --grant gold=3";
    let revokes =
        "revocation list 1 of the book revokes all revisions up to 2 of the license; a new sale needs a new deal";
    done(&desk, &format!("{revise} --at 2026-05-02 -o soon.json")).ends(
        0,
        &format!("note: it gives nothing from 2026-06-01 on where the application trusts {lists} for lists: {revokes}"),
    );
    for run in next("contoso", 3, "2026-07-01") {
        run.ends(0, &format!("note: it gives nothing where the application trusts {lists} for lists: {revokes}"));
    }
    // The third one is not, nor is another deal.
    for run in next("contoso", 4, "2026-07-02").into_iter().chain(next("northwind", 3, "2026-07-02")) {
        assert!(!run.err.contains("gives nothing"), "{run:#?}");
    }
    // A list of all revisions; a later one of the same key replaces it.
    done(&desk, &format!("revoke --license {id} --key fabrikam.key --from 2026-06-01 --at 2026-07-03 -o all.list"));
    next("contoso", 5, "2026-07-04")[1]
        .ends(0, "for lists: revocation list 1 of the book revokes all revisions of the license");
    // Without a book, and with one that cannot be read, a file is revised all the same.
    let quiet = desk.done("revise contoso3.json --catalog f365.json --grant gold=9 --at 2026-07-05");
    assert!(!quiet.err.contains("gives nothing"), "{quiet:#?}");
    desk.done("revise contoso3.json --catalog f365.json --grant gold=9 --at 2026-07-05 --book none.book");
}

/// What gives nothing from the beginning is signed only where that is meant.
#[test]
fn x5_a_license_that_gives_nothing_now_is_not_handed_out_by_mistake() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    done(&desk, "revoke --deal contoso --key lists.key --from 2026-06-01 --at 2026-05-01 -o one.list");
    done(&desk, "revise contoso --catalog f365.json --grant gold=3 --at 2026-05-01 -o second.json");
    let entries = desk.read("fabrikam.book");
    let run = with(&desk, "seal second.json --key fabrikam.key --at 2026-06-01 -o second.license");
    run.ends(1, "refused: it gives nothing where the application trusts k4.pid.");
    run.ends(1, ": revocation list 1 of the book revokes all revisions of the license [cli.revoked]");
    run.ends(1, "help: a new sale needs a new deal, `entitle deal new`; or sign it all the same with --yes");
    assert!(run.out.is_empty() && !desk.path("second.license").exists(), "{run:#?}");
    assert_eq!(desk.read("fabrikam.book"), entries, "nothing is in the book");
    // Handing out the first one again is the same mistake.
    with(&desk, "seal contoso.json --key fabrikam.key --at 2026-06-01").ends(1, "[cli.revoked]");
    // Before the revocation begins it gives something, with a note until when.
    done(&desk, "seal second.json --key fabrikam.key --at 2026-05-31 -o soon.license")
        .ends(0, "note: it gives nothing from 2026-06-01 on");
    done(&desk, "seal second.json --key fabrikam.key --yes --at 2026-06-01 -o second.license")
        .ends(0, "note: it gives nothing where the application trusts");
}

/// A customer who changed their name or country stays the customer of their deal.
#[test]
fn l3_a_revision_renames_the_customer_and_nothing_else() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    let before = desk.read("contoso.json");
    let revise = |options: &str| with(&desk, &format!("revise contoso --catalog f365.json {options}"));
    revise("--name Contoso_GmbH --country AT -o second.json")
        .ends(0, "  customer Contoso GmbH (contoso, AT) instead of The contoso (contoso, DE)\n");
    let after = desk
        .read("second.json")
        .replace("\"revision\": 2", "\"revision\": 1")
        .replace("2026-03-02T08", "2026-02-20T00");
    let after = after.replace("Contoso GmbH", "The contoso").replace("\"AT\"", "\"DE\"");
    assert_eq!(after, before, "nothing else differs");
    done(&desk, "seal second.json --key fabrikam.key");
    // Each of them alone leaves the other.
    revise("--name Contoso").ends(0, "customer Contoso (contoso, AT) instead of Contoso GmbH (contoso, AT)");
    revise("--country CH").ends(0, "customer Contoso GmbH (contoso, CH) instead of Contoso GmbH (contoso, AT)");
    revise("--name Contoso_GmbH --country AT").ends(2, "[cli.nothing-changed]");
    revise("--country XX").ends(2, "--country");
    revise("--name=").ends(2, "--name");
    let anyone = "deal new --catalog f365.json --anyone --trial silver=1 --days 30 --ends 2027-01-01 -o anyone.json";
    desk.done(anyone);
    for options in ["--name All", "--country DE"] {
        desk.run(&format!("revise anyone.json --catalog f365.json {options}")).ends(2, "the deal is for anyone");
    }
    done(&desk, "deal customers").ends(0, "contoso   Contoso GmbH  AT");
}

/// Dates without a plan are for all plans; where they would lay grants of one plan over each other, which is
/// meant is not known.
#[test]
fn dates_without_a_plan_never_lay_two_grants_of_it_over_each_other() {
    let desk = Desk::selling();
    let text = desk.read("deal.json");
    let grants = text.split_once("\"grants\": [").unwrap().1.rsplit_once(']').unwrap().0.trim_end();
    let with = |second: &str| {
        desk.write("two.json", text.replace(grants, &format!("{grants},{second}")));
        move |options: &str| format!("revise two.json --catalog f365.json --at 2026-04-01 {options}")
    };
    // This year's seats, and more of them in the next.
    let line = with(&grants.replace("2027-03-01", "2028-03-01").replace("2026-03-01", "2027-03-01"));
    for dates in ["--ends 2028-03-01", "--starts 2026-04-01", "--starts 2026-04-01 --ends 2028-03-01"] {
        let run = desk.run(&line(dates));
        run.ends(2, "the deal has 2 grants of `gold`: ");
        run.ends(2, "[cli.several-grants]");
    }
    // Other changes are for both, and a plan that is dropped leaves no doubt.
    desk.done(&line("--grace 10"));
    desk.done(&line("--drop gold --grant gold=3 --ends 2028-03-01"));
    // Two that ended together end together.
    let line = with(&grants.replace("2026-03-01", "2026-09-01"));
    let run = desk.done(&line("--ends 2028-03-01"));
    assert_eq!(run.out.matches("\"2028-03-01T00:00:00Z\"").count(), 2, "{run:#?}");
    desk.run(&line("--starts 2026-10-01")).ends(2, "[cli.several-grants]");
}

/// What a key signs that a list of the book revokes gives nothing, and its owner learns it at once.
#[test]
fn x5_a_license_by_a_key_that_a_list_of_the_book_revokes_is_noted() {
    let desk = with_book();
    desk.done("key new reseller.key");
    done(
        &desk,
        "key certify reseller.pub --publisher fabrikam --until 2027-02-20 --key fabrikam.key --at 2026-02-01 -o certificate",
    );
    sell(&desk, "contoso", GOLD);
    let id = |key: &str| desk.done(&format!("key show {key}.pub --json")).json()["id"].as_str().unwrap().to_string();
    let (fabrikam, lists) = (id("fabrikam"), id("lists"));
    let seal = |key: &str, at: &str| done(&desk, &format!("seal contoso.json --key {key}.key --yes --at {at}"));
    let quiet = |run: &Run| assert!(!run.err.contains("gives nothing"), "{run:#?}");
    quiet(&seal("fabrikam", "2026-05-01"));
    let mut revoke =
        desk.command("revoke --key lists.key --book fabrikam.book --as ada --from 2026-06-01 --at 2026-05-01");
    Run::of(&revoke.args(["--ended-key", &fabrikam]).output().unwrap()).ends(0, "is a new key of the book");
    let note = |when: &str| {
        format!(
            "note: it gives nothing{when} where the application trusts {lists} for lists, and not {fabrikam}: revocation list 1 of the book revokes that key"
        )
    };
    seal("fabrikam", "2026-05-02").ends(0, &note(" from 2026-06-01 on"));
    // Also through a certificate; another key is not reached.
    let refused = with(&desk, "seal contoso.json --key reseller.key --at 2026-06-01");
    refused.ends(1, "[cli.revoked]\n  help: sign with another key; or sign it all the same with --yes");
    seal("reseller", "2026-06-01").ends(0, &note(""));
    desk.done("key new next.key");
    quiet(&seal("next", "2026-06-01"));
}

/// Where the system names no user, as in a container, a command that writes to the book says how to, and does
/// nothing.
#[test]
fn who_signs_is_asked_for_where_the_system_names_nobody() {
    let desk = with_book();
    deal(&desk, "contoso", GOLD);
    let nobody = |line: &str, book: &str| {
        let mut command = desk.command(line);
        for name in ["USER", "LOGNAME", "USERNAME"] {
            command.env_remove(name);
        }
        if !book.is_empty() {
            command.env("ENTITLE_BOOK", book);
        }
        command
    };
    let run = |line: &str, book: &str| Run::of(&nobody(line, book).output().unwrap());
    let before = desk.read("fabrikam.book");
    for line in [
        "seal contoso.json --key fabrikam.key -o made",
        "revoke --key lists.key -o made",
        "ticket contoso --catalog f365.json --key fabrikam.key -o made",
        "key certify lists.pub --publisher fabrikam --until 2027-01-01 --key fabrikam.key -o made",
    ] {
        let refused = run(line, "fabrikam.book");
        refused.ends(2, "error: --as is missing, and neither USER nor LOGNAME names the user [cli.missing]");
        refused.ends(2, "name them by --as, or once for all commands by `export ENTITLE_AS=NAME`");
        assert!(!desk.path("made").exists() && desk.read("fabrikam.book") == before, "{line}");
    }
    // Where nothing is recorded nobody is asked for.
    run("seal contoso.json --key fabrikam.key -o made", "").ends(0, "made: license");
    run("book new other.book --publisher fabrikam", "").ends(0, "other.book: the deal book");
    run("book log", "fabrikam.book").ends(0, "The book has no entries.");
    // The ways out.
    let line = "seal contoso.json --key fabrikam.key";
    run(&format!("{line} --as ada"), "fabrikam.book").ends(0, "note: fabrikam.book: entry ");
    let mut by_variable = nobody("ticket contoso --catalog f365.json --key fabrikam.key", "fabrikam.book");
    Run::of(&by_variable.env("ENTITLE_AS", "bo").output().unwrap()).ends(0, "note: fabrikam.book: entry ");
    let mut by_system = nobody("revoke --key lists.key", "fabrikam.book");
    Run::of(&by_system.env("LOGNAME", "cy").output().unwrap()).ends(0, "note: fabrikam.book: entry ");
    let log = run("book log", "fabrikam.book").out;
    assert!(["ada", "bo", "cy"].iter().all(|name| log.contains(&format!("  {name} "))), "{log}");
}
