//! Names, dates and countries that are nearly right: the answer names what was meant.

use crate::desk::{Desk, Run};

#[test]
fn near_misses_of_plans_apps_users_and_groups_are_named() {
    let desk = Desk::installed();
    desk.done("tenant assign gold adam");
    desk.done("tenant join sales barbara");
    for (line, code, expected) in [
        ("tenant assign Gold bo", 1, "help: did you mean `gold`?"),
        ("tenant assign glod bo", 1, "help: did you mean `gold`?"),
        ("tenant unassign gold adma", 1, "help: did you mean `adam`?"),
        ("tenant unassign gold --group salse", 1, "help: did you mean `sales`?"),
        ("tenant leave salse barbara", 1, "help: did you mean `sales`?"),
        ("tenant leave sales Barbara", 1, "help: did you mean `barbara`?"),
        ("tenant remove-user adan", 1, "help: did you mean `adam`?"),
        ("tenant remove-group Sales", 1, "help: did you mean `sales`?"),
        ("tenant assign gold bo --except f365/audits", 1, "help: did you mean `f365/audit`?"),
        ("tenant check bo f365/audits", 2, "help: did you mean `f365/audit`? its apps are `f365/basic`, "),
        ("tenant check bo none", 2, "help: its apps are `f365/basic`, "),
        ("tenant check adan f365/audit", 1, "note: `adan` has no plan and no group: did you mean `adam`?"),
        ("tenant why adan f365/audit", 1, "note: `adan` has no plan and no group: did you mean `adam`?"),
        ("tenant log --user adma", 0, "note: `adma` has no plan and no group: did you mean `adam`?"),
        ("tenant log --plan Gold", 0, "note: no plan of the catalog is `Gold`: did you mean `gold`?"),
        ("catalog laws f365.json --unlocks Gold silver", 2, "help: did you mean `gold`?"),
        ("catalog laws f365.json --only-with f365/adit gold", 2, "help: did you mean `f365/audit`?"),
        (
            "deal new --catalog f365.json --tenant c --name C --country DE --grant Gold=1 --ends never",
            2,
            "help: did you mean `gold`? its plans are `bronze`, `silver`, `gold`",
        ),
    ] {
        desk.run(line).ends(code, expected);
    }
    // What was meant as it is written is done, with a note.
    let run = desk.done("tenant join salse barbera");
    assert!(run.err.contains("note: `barbera` had no plan and no group before: did you mean `barbara`?"), "{run:#?}");
    assert!(
        run.err.contains("note: group `salse` had no members and no plans before: did you mean `sales`?"),
        "{run:#?}"
    );
    let run = desk.done("tenant assign gold --group slaes");
    assert!(
        run.err.contains("did you mean `sales`") && run.out.starts_with("assigned gold to group slaes"),
        "{run:#?}"
    );
    // Also of a file, and before anything is done.
    desk.write("barbera.txt", "barbaro\n");
    for line in ["tenant whatif join sales --users-from barbera.txt", "tenant join sales --users-from barbera.txt"] {
        let run = desk.done(line);
        assert!(
            run.err.contains("note: `barbaro` had no plan and no group before: did you mean `bar"),
            "{line}: {run:#?}"
        );
    }
    // A plan and a user, or a group and a user, in the order of the other.
    desk.run("tenant assign bo gold").ends(1, "help: the plan comes first: did you mean `assign gold bo`?");
    let run = desk.done("tenant join adam readers");
    assert!(
        run.err.contains("group `adam` had no members and no plans before: did you mean the user `adam`?"),
        "{run:#?}"
    );
    desk.done("tenant leave adam readers");
    // Nothing is asked about names that are known, quite different, or numbered.
    for line in [
        "tenant join sales adam",
        "tenant join sales eve",
        "tenant join sales user-1",
        "tenant join sales user-2",
        "tenant unassign gold adam",
    ] {
        assert_eq!(desk.done(line).err, "", "{line}");
    }
    // Who may open the app is no near miss of somebody who may.
    for line in ["tenant check adan f365/basic", "tenant why adan f365/basic"] {
        assert_eq!(desk.done(line).err, "", "{line}");
    }
    assert_eq!(desk.run("tenant check zoe f365/audit").err, "");
    assert_eq!(desk.run("tenant check user-3 f365/audit").err, "");
}

#[test]
fn dates_in_other_spellings_are_explained() {
    let desk = Desk::selling();
    let sell = "deal new --catalog f365.json --tenant c --name C --country DE --grant gold=1";
    for (line, expected) in [
        (format!("{sell} --ends 2027-3-1"), "`2027-3-1` is not an instant: write 2027-03-01"),
        (format!("{sell} --ends 1.3.2027"), "`1.3.2027` is not an instant: write 2027-03-01"),
        (format!("{sell} --ends 2027-02-30"), "`2027-02-30` is not an instant: February 2027 has 28 days"),
        (format!("{sell} --ends tomorrow"), "is not an instant between 1970 and 9999 like 2026-03-01 or"),
        (format!("{sell} --ends never --starts 03/01/2027"), "write the year first"),
        (format!("{sell} --ends never --updates-until 2027-3-1"), "write 2027-03-01"),
        ("revise deal.json --catalog f365.json --cancel gold=2026-5-1".to_string(), "write 2026-05-01"),
        ("tenant clock --at 2026-03-01_08:00".to_string(), "write 2026-03-01T08:00:00Z"),
        ("tenant clock --at 2026-03-01T08:00:00+01:00".to_string(), "write 2026-03-01T07:00:00Z"),
    ] {
        desk.run(&line).ends(2, expected);
    }
    desk.write(
        "sale.json",
        r#"{"tenant": "c", "name": "C", "country": "DE", "grants": ["gold=1"], "ends": "2027-3-1"}"#,
    );
    desk.run("deal new --catalog f365.json --from sale.json").ends(3, "write 2027-03-01");
}

/// What a user of the desk mixes up is answered with what they meant.
#[test]
fn what_is_mixed_up_is_answered_with_what_was_meant() {
    let desk = Desk::installed();
    desk.run("tenant assign ada gold").ends(1, "help: the plan comes first: did you mean `assign gold ada`?");
    desk.run("tenant unassign ada gold").ends(1, "did you mean `unassign gold ada`?");
    desk.run("tenant assign ada bo").ends(1, "its plans are");
    desk.run("tenant install deal.json").ends(3, "help: this is a deal, which nobody has signed");
    // Options from the environment are not shown as if they were missing too.
    let mut command = desk.command("tenant assign gold");
    let run = Run::of(&command.env("ENTITLE_AS", "lin").output().unwrap());
    run.ends(2, "\nUsage: entitle tenant assign [OPTIONS] <PLAN> [USER]...\n");
    desk.run("seal deal.json").ends(2, "\nUsage: entitle seal [OPTIONS] --key <FILE> <DEAL>\n");
    desk.run("--json tenant check ada").ends(2, "Usage: entitle tenant check [OPTIONS] <USER> <APP>");
    // What the environment gives is not named as if it had to be given.
    desk.run("inspect f365.json --catalog f365.json").ends(2, "\nUsage: entitle inspect [OPTIONS] <FILE>\n");
    desk.run("tenat show").ends(2, "\nUsage: entitle [OPTIONS] <COMMAND>\n");
}

/// An option that a command does not take is answered with near ones of this command, and with no others.
#[test]
fn an_option_that_a_command_does_not_take_is_named_with_the_command() {
    let desk = Desk::new();
    for (line, message, help) in [
        ("inspect f365.json --catalog f365.json", "`entitle inspect` takes no `--catalog`", None),
        ("inspect f365.json --catalog=f365.json", "`entitle inspect` takes no `--catalog`", None),
        // Nothing is suggested that is refused: this command takes no --at either.
        ("book log --att 2026-03-01", "`entitle book log` takes no `--att`", None),
        ("inspect f365.json --trsut x", "`entitle inspect` takes no `--trsut`", Some("did you mean `--trust`?")),
        ("inspect f365.json --cert x", "`entitle inspect` takes no `--cert`", Some("did you mean `--certificate`?")),
        ("revise deal.json --cat x", "`entitle revise` takes no `--cat`", Some("did you mean `--catalog`?")),
        ("deal show x --atx 1", "`entitle deal show` takes no `--atx`", Some("did you mean `--at`?")),
        // What is given too early is no unknown option.
        (
            "deal --catalog f365.json new",
            "`--catalog` is an option of `entitle deal new`: it comes after these words",
            None,
        ),
    ] {
        let run = desk.run(line);
        run.ends(2, &format!("error: {message}\n\nUsage: entitle "));
        assert_eq!(run.err.split("  help: ").nth(1).map(str::trim_end), help, "{run:#?}");
        assert!(!run.err.contains("tip: "), "{run:#?}");
        let json = desk.run(&format!("{line} --json")).json();
        assert_eq!(json["error"]["help"].as_str(), help, "{line}");
    }
}

#[test]
fn only_assigned_countries_are_taken() {
    let desk = Desk::new();
    for (country, expected) in [
        ("UK", "`UK` is not a country code of ISO 3166-1: write GB"),
        ("de", "write DE"),
        ("Germany", "write DE"),
        ("XX", "write the code of the country in which the customer is billed, such as DE"),
    ] {
        let sell = "deal new --catalog f365.json --tenant c --name C --grant gold=1 --ends never";
        desk.run(&format!("{sell} --country {country}")).ends(2, expected);
        let sale = r#"{"tenant": "c", "name": "C", "country": "?", "grants": ["gold=1"], "ends": "never"}"#;
        desk.write("sale.json", sale.replace('?', country));
        desk.run("deal new --catalog f365.json --from sale.json").ends(3, expected);
    }
}
