//! What an administrator reads is what the record does: the ways to take a plan, ends of bases, what is consumed,
//! and what is revoked later.

use std::fs;

use serde_json::json;

use crate::administrator::installed;
use crate::desk::{Desk, Run};
use crate::remedy_commands::paste;

/// Returns a folder in which ada has a seat of maker directly, and a group has two more: one member waits.
fn with_queue() -> Desk {
    let desk = installed();
    desk.done("tenant assign maker ada");
    desk.done("tenant assign maker --group staff");
    desk.done("tenant join staff bo cy eve");
    desk
}

/// The lines beside the remedy work for each user who is ahead, from wherever they have the plan.
#[test]
fn k4_a_plan_is_taken_from_each_user_ahead_by_one_of_the_pasted_lines() {
    let desk = with_queue();
    let why = desk.run("tenant why eve author").out;
    let way = |from: &str| {
        let line = why.lines().find_map(|line| line.trim().strip_prefix(&format!("# FROM {from}: ")));
        line.unwrap_or_else(|| panic!("{from}: {why}")).to_string()
    };
    let queue = desk.done("tenant queue maker").out;
    let ahead: Vec<Vec<&str>> =
        queue.lines().skip(2).take(3).map(|line| line.split("  ").filter(|it| !it.is_empty()).collect()).collect();
    assert_eq!(ahead.len(), 3);
    for row in ahead {
        let copy = Desk::new();
        for file in fs::read_dir(&desk.dir).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
            fs::copy(file.path(), copy.path(&file.file_name().to_string_lossy())).unwrap();
        }
        let (user, from) = (row[1].trim(), row[3].trim());
        let line = match from.strip_prefix("group ") {
            Some(group) => way("a group").replace("GROUP", group),
            None => way(from),
        };
        let run = paste(&copy, &line.replace("USER", user));
        assert_eq!(run.code, 0, "{user} {line}: {run:#?}");
        copy.done("tenant check eve author");
    }
}

#[test]
fn k4_all_remedies_are_shown_where_a_text_leaves_some_out() {
    let desk = installed();
    for number in 0..8 {
        desk.done(&format!("tenant assign maker --group extra-{number}"));
    }
    let short = desk.run("tenant why eve author");
    short.ends(1, "and there are more remedies: `--all` shows them\n");
    let all = desk.run("tenant why eve author --all");
    assert_eq!(all.code, 1);
    assert!(!all.out.contains("more remedies"), "{all:#?}");
    let remedies = |run: &Run| {
        run.out.lines().skip_while(|line| !line.ends_with("help:")).filter(|line| line.starts_with("- ")).count()
    };
    assert!(remedies(&all) > remedies(&short), "{all:#?}");
    let json = |line: &str| desk.run(line).json()["remedies"].as_array().unwrap().len();
    assert_eq!((json("tenant why eve author --json"), json("tenant why eve author --all --json")), (5, remedies(&all)));
}

#[test]
fn k7_an_end_beside_a_basis_is_the_end_of_that_basis() {
    let desk = with_queue();
    let check = "tenant check ada author";
    desk.done(check)
        .ends(0, "by `maker`, paid until 2027-03-01, then in grace until 2027-03-31; next change: 2027-01-30");
    // What comes next is in the line already.
    desk.done(&format!("{check} --at 2027-02-10")).ends(0, "paid until 2027-03-01, then in grace until 2027-03-31\n");
    desk.done(&format!("{check} --at 2027-03-02")).ends(0, "by `maker`, in grace until 2027-03-31\n");
    desk.done("tenant check ada help").ends(0, "may open `help`, free\n");
    let json = desk.done(&format!("{check} --json")).json();
    assert_eq!(
        json["bases"],
        json!([
            { "basis": "paid", "until": json["bases"][0]["until"] },
            { "basis": "grace", "until": json["closes"] },
        ])
    );
    assert!(json["bases"][0]["until"].to_string().contains("2027-03-01"), "{json}");
    desk.done("tenant whatif unassign maker ada").ends(0, "Times of access include grace, where there is any.\n");
}

#[test]
fn m3_a_preview_of_consumption_says_what_the_consumption_says() {
    let desk = installed();
    let line = "consume sessions bot 11";
    let run = desk.done(&format!("tenant whatif {line}"));
    assert!(!run.out.contains("Nothing changes"), "{run:#?}");
    let expected = "consumed 11 of sessions for bot: 11 of 10 used in 2026-03, at most 12.5; more than was bought\n";
    run.ends(0, expected);
    desk.done(&format!("tenant {line}")).ends(0, expected);
    let refused = desk.run("tenant whatif consume sessions bot 2");
    assert_eq!((refused.code, &refused.err), (1, &desk.run("tenant consume sessions bot 2").err));
}

#[test]
fn s11_a_preview_names_the_seats_that_are_freed_and_for_whom() {
    let desk = with_queue();
    desk.done("tenant whatif remove-user ada").ends(0, "Seats:\n  maker: 1 seat freed for eve, 3 of 3 seats used\n");
    desk.done("tenant join staff ada");
    let run = desk.done("tenant whatif unassign maker --group staff");
    run.ends(0, "Seats:\n  maker: 2 seats freed, 1 of 3 seats used\n  maker: kept by ada, from another assignment\n");
    desk.done("tenant unassign maker --group staff").ends(0, "  maker: kept by ada, from another assignment\n");
    desk.done("tenant assign maker bo cy");
    desk.done("tenant assign maker --group staff");
    desk.done("tenant remove-user bo").ends(0, "  maker: 1 seat freed for eve, 3 of 3 seats used\n");
}

#[test]
fn a_preview_shows_all_wherever_the_option_is() {
    let desk = with_queue();
    let run = desk.done("tenant whatif remove-user ada");
    run.ends(0, "Show everything with --all.\n");
    let after = desk.done("tenant whatif remove-user ada --all").out;
    assert_eq!(desk.done("tenant whatif --all remove-user ada").out, after);
    assert!(after.contains("New warnings:"), "{after}");
}

#[test]
fn x5_a_list_that_revokes_later_says_from_when_and_then_nobody_waits() {
    let desk = with_queue();
    desk.done("key new lists.key");
    desk.done("tenant trust lists.pub=lists");
    let deal: serde_json::Value = serde_json::from_str(&desk.read("deal.json")).unwrap();
    let license = deal["jti"].as_str().unwrap();
    let revoke = format!("revoke --license {license} --publisher fabrikam --key lists.key");
    desk.done(&format!("{revoke} --from 2026-12-01 -o one.list"));
    for line in ["tenant whatif install one.list", "tenant install one.list"] {
        let run = desk.done(line);
        run.ends(0, "3 x maker, from 2026-03-01 until 2027-03-01: active now, revoked from 2026-12-01 on\n");
        assert!(!run.out.contains("instead of active"), "{run:#?}");
        if !line.contains("whatif") {
            run.ends(0, "3 users lose access by this, from 2026-12-01 on.\n");
        }
    }
    let row = |line: &str| {
        let out = desk.done(line).out;
        out.lines()
            .find(|line| line.starts_with("maker"))
            .unwrap()
            .split_whitespace()
            .map(String::from)
            .collect::<Vec<_>>()
    };
    assert_eq!(row("tenant show")[..7], ["maker", "user", "active", "3", "3", "0", "1"]);
    assert_eq!(row("tenant show --at 2026-12-02")[..7], ["maker", "user", "revoked", "0", "0", "0", "-"]);
    let queue = desk.done("tenant queue maker --at 2026-12-02");
    assert!(queue.out.contains("4 users without a seat") && !queue.out.contains("waiting"), "{queue:#?}");
    desk.done("tenant check ada author").ends(0, "paid until 2026-12-01");
    // What the publisher ends is not to be renewed.
    let soon = desk.done("tenant check ada author --at 2026-11-20");
    assert!(
        soon.out.contains("contact the publisher before you buy or renew it") && !soon.out.contains("replace"),
        "{soon:#?}"
    );
}

#[test]
fn a_moved_ledger_says_where_its_catalog_is_looked_for() {
    let desk = installed();
    fs::create_dir(desk.path("copy")).unwrap();
    for name in ["contoso.ledger", "contoso.ledger.json"] {
        fs::copy(desk.path(name), desk.path(&format!("copy/{name}"))).unwrap();
    }
    let run = desk.run("tenant show -l copy/contoso.ledger");
    run.ends(
        3,
        "help: copy/contoso.ledger.json names it as builder.json, from the ledger's folder: put the catalog there",
    );
    assert!(!run.err.contains("current folder"), "{run:#?}");
}

#[test]
fn i1_an_instant_at_which_nothing_changes_for_installing_is_no_next_change() {
    let desk = installed();
    let run = desk.done("tenant may-install");
    run.ends(0, "it owns base; next change: 2027-03-31, not any more\n");
    assert!(!run.out.contains("2027-03-01"), "grace changes nothing: {run:#?}");
}

#[test]
fn s11_a_refusal_for_want_of_seats_says_that_members_of_a_group_wait() {
    let desk = with_queue();
    desk.run("tenant assign maker zoe").ends(1, "or assign it to a group: its members wait for a seat");
    desk.done("tenant join staff zoe");
    desk.done("tenant queue maker").ends(0, "zoe   waits for a seat  group staff\n");
}

#[test]
fn q3_a_row_of_quotas_names_the_users() {
    let desk = with_queue();
    let run = desk.done("tenant quotas");
    run.ends(0, "each of 3 users: ada, bo, cy");
    run.ends(0, "each of 1 user: eve");
    desk.done("tenant join staff f g h");
    desk.done("tenant quotas").ends(0, "each of 4 users: eve, f, g, …");
    assert_eq!(desk.done("tenant quotas --json").json()["quotas"][1]["Named"], json!(["eve", "f", "g"]));
    // What is no capacity plan is often a quota.
    let hint = "help: a quota is a limit for the application, which counts its use: `entitle tenant usage --help`";
    desk.run("tenant consume bots ada 3").ends(1, hint);
    desk.run("tenant whatif consume maker ada 3").ends(1, hint);
    for (command, words) in [
        ("quotas", "this program does not"),
        ("usage", "by calendar month"),
        ("consume", "25 percent over its units"),
        ("usage", "25 percent unless"),
        ("ending", "SEATS USED IN PLAN"),
    ] {
        let help = desk.done(&format!("tenant {command} --help")).out;
        assert!(help.contains(words), "{command}: {help}");
    }
}

/// The first example of the help is one that the program does not warn of.
#[test]
fn x10_the_first_example_of_a_tenant_has_a_key_for_lists() {
    let desk = Desk::selling();
    desk.done("key new lists.key");
    let help = desk.done("tenant --help").out;
    let example = help.split("\n  entitle tenant init ").nth(1).unwrap().split("\n  entitle").next().unwrap();
    let line = example.split('#').next().unwrap().replace("\\\n", " ");
    let words: Vec<&str> = line.split_whitespace().collect();
    let run = Run::of(&desk.command("tenant init").args(words).output().unwrap());
    assert_eq!((run.code, run.err.as_str()), (0, ""), "{run:#?}");
}
