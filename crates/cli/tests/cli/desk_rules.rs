//! What an administrator's commands refuse, and the words in which they answer.

use crate::administrator::{install, installed, sign_trial};
use crate::catalog_matrix::answered;
use crate::desk::{Desk, SELL};

#[test]
fn s15_a_table_of_users_gives_users_and_never_its_lines() {
    let desk = installed();
    desk.write("quoted.csv", "\"group\",\"User\"\r\n\"staff\",\"ada\"\r\n\"staff, all\",bo\r\n");
    desk.done("tenant assign maker --users-from quoted.csv").ends(0, "assigned maker to ada, bo: 2 of 3 seats used\n");
    let before = desk.read("contoso.ledger");
    for (table, found) in [
        ("name,group\nAda,staff\n", "found: `name`, `group`"),
        ("\"name\"\n\"Ada\"\n", "found: `name`"),
        ("user;group\nada;staff\n", "found: `user;group`"),
        ("user\tgroup\nada\tstaff\n", "found: `user\\tgroup`"),
        ("ada\nbo\ncy,staff\n", "line 3 is no user but a row of a table"),
    ] {
        desk.write("table.csv", table);
        let run = desk.run("tenant assign maker --users-from table.csv");
        run.ends(3, found);
        run.ends(3, "[cli.no-users]");
    }
    assert_eq!(desk.read("contoso.ledger"), before, "nothing is done");
    // An id with a blank is no table.
    desk.write("plain.txt", "d d\n");
    desk.done("tenant assign maker --users-from plain.txt").ends(0, "assigned maker to `d d`: 3 of 3 seats used\n");
}

/// A list of which nothing is left to do was done before, unless it can never be done.
#[test]
fn s6_what_was_never_done_is_not_done_before() {
    let desk = installed();
    desk.done("tenant assign maker --group staff");
    desk.done("tenant assign maker ada bo");
    desk.done("tenant join staff cy");
    desk.write("cy.txt", "nobody\ncy\n");
    desk.write("two.txt", "ada\nbo\n");
    let before = desk.read("contoso.ledger");
    desk.run("tenant unassign maker --users-from cy.txt").ends(1, "[refusal.inherited]");
    desk.run("tenant unassign makerr --users-from two.txt").ends(1, "[refusal.no-such-assignment]");
    desk.run("tenant leave stuff --users-from two.txt").ends(1, "[refusal.no-such-member]");
    assert_eq!(desk.read("contoso.ledger"), before);
    desk.done("tenant unassign maker --users-from two.txt");
    desk.run("tenant unassign maker --users-from two.txt --role none").ends(1, "[refusal.forbidden]");
    desk.run("tenant unassign maker --users-from two.txt --at 2020-01-01").ends(1, "[cli.at-past]");
    desk.done("tenant unassign maker --users-from two.txt").ends(0, "done before: 2 of 2\n");
    // So is a group that nobody is left in.
    desk.done("tenant join sales --users-from two.txt");
    desk.run("tenant join sales --users-from two.txt --role none").ends(1, "[refusal.forbidden]");
    desk.done("tenant join sales --users-from two.txt").ends(0, "done before: 2 of 2\n");
    desk.done("tenant leave sales --users-from two.txt");
    desk.done("tenant leave sales --users-from two.txt").ends(0, "done before: 2 of 2\n");
}

/// Returns a folder in which a trial of one unit may be started from April on.
fn with_later_trial() -> Desk {
    let desk = installed();
    let terms = "--starts 2026-04-01 --ends 2026-12-01 --at 2026-02-20";
    sign_trial(&desk, "later", &format!("--trial maker=1 --days 30 {terms}"));
    desk.done("tenant install later.license");
    desk
}

#[test]
fn t2_a_trial_is_shown_with_the_time_in_which_it_can_be_started() {
    let desk = with_later_trial();
    let later = "maker, 1 unit: can be started from 2026-04-01 until 2026-12-01\n";
    desk.run("tenant show").ends(0, later);
    desk.run("tenant show").ends(0, "pro, 2 units: can be started until 2027-01-01\n");
    desk.run("tenant start-trial maker").ends(1, "[refusal.outside-the-window]");
    desk.run("tenant show --at 2026-04-01").ends(0, "maker, 1 unit: can be started until 2026-12-01\n");
    desk.done("tenant start-trial maker --at 2026-04-01");
    let ending = desk.run("tenant show --at 2026-04-02");
    ending.ends(0, "maker, 1 unit: runs until 2026-05-01");
    ending.ends(0, ": maker, 1 unit: ended\n");
}

#[test]
fn t1_a_trial_is_found_by_its_plan() {
    let desk = installed();
    desk.run("tenant start-trial maker").ends(1, "no license has a trial of maker");
    sign_trial(&desk, "other", "--trial pro=5 --days 10 --ends 2027-01-01");
    desk.done("tenant install other.license");
    let several = desk.run("tenant start-trial pro");
    several.ends(2, "2 licenses have a trial of pro");
    let license = several.err.rsplit([' ', '\n']).find(|word| word.len() == 32).unwrap().to_string();
    desk.done(&format!("tenant start-trial pro {license}"));
}

#[test]
fn a_page_after_the_last_is_not_an_empty_list() {
    let desk = installed();
    desk.done("tenant assign maker ada bo");
    desk.done("tenant join staff ada");
    desk.done("tenant consume sessions faq-bot");
    for (line, expected) in [
        ("tenant queue maker --from 4", "No places from 4 on: the list has 2.\n"),
        ("tenant licenses --from 4", "No documents from 4 on: the list has 2.\n"),
        ("tenant ending --within 400 --from 8", "No ending from 8 on: the list has 7.\n"),
        ("tenant usage --from 2", "No lines from 2 on: the list has 1.\n"),
        ("tenant users --from x_y", "No users from 'x y' on: the list has 2.\n"),
        ("tenant group staff --from bo", "No members from bo on: the list has 1.\n"),
        ("tenant groups --from x", "No groups from x on: the list has 1.\n"),
        ("tenant who author --from x", "No users from x on: the list has 2.\n"),
        // These are empty.
        ("tenant queue pro --from 4", "No places.\n"),
        ("tenant errors --from 4", "No claims in error.\n"),
        ("tenant users x --from y", "No users.\n"),
    ] {
        desk.run(line).ends(0, expected);
    }
}

/// An id that is cut looks like another one, and cannot be typed; so does a command.
#[test]
fn ids_and_commands_are_shown_whole() {
    let desk = Desk::new();
    let name = |end: &str| format!("plan-of-the-whole-north-american-region-{end}");
    let mut catalog: serde_json::Value = serde_json::from_str(&desk.read("f365.json")).unwrap();
    for end in ["a", "b", "c", "d"] {
        let plan = serde_json::json!({ "id": name(end), "scope": "user", "name": "Region", "apps": ["f365/orders"] });
        catalog["plans"].as_array_mut().unwrap().push(plan);
    }
    desk.write("f365.json", catalog.to_string());
    install(&desk, &format!("{} --grant {}=1 --grant {}=1", SELL, name("a"), name("b")));
    let plans = desk.done("tenant plans").out;
    let show = desk.done("tenant show --at 2026-06-01").out;
    for end in ["a", "b", "c", "d"] {
        assert!(plans.contains(&name(end)) && show.contains(&name(end)), "{end}:\n{plans}\n{show}");
    }
    assert!(show.contains(": `entitle tenant clock`\n"), "{show}");
}

/// Standard input without a line end is read up to a limit.
#[test]
fn an_answer_is_read_up_to_a_limit() {
    let desk = Desk::new();
    for line in ["catalog new", "catalog new --json"] {
        let run = answered(&desk, line, &["x".repeat(8 * 1024 * 1024).as_str()]);
        run.ends(3, "the answer has more than 65536 bytes: Publisher's id");
        assert!(run.err.len() < 1024 && run.out.len() < 1024, "the answer is not repeated");
    }
    // With its line end, the longest one has as many bytes.
    let longest = format!("{:1$}", "fabrikam", 64 * 1024 - 1);
    answered(&desk, "catalog new", &[longest.as_str()]).ends(2, "the answer is missing to: Offer's id");
    answered(&desk, "catalog new", &[format!("{longest} ").as_str()]).ends(3, "[cli.too-long]");
}

#[test]
fn the_help_of_a_help_is_the_same() {
    let desk = Desk::new();
    let help = desk.done("tenant assign --help").out;
    for line in ["help tenant assign --help", "help tenant assign -h", "help tenant --help assign"] {
        assert_eq!(desk.done(line).out, help, "{line}");
    }
    assert_eq!(desk.done("help tenant assign --help --json").json()["command"], "entitle tenant assign");
}
