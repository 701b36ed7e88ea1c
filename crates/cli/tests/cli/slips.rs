//! What a person reads who is new here, or mistypes: what is wrong, and what to do.

use crate::administrator::{builder, installed};
use crate::catalog_matrix::answered;
use crate::deal_book::{GOLD, sell, with, with_book};
use crate::desk::{Desk, Run, SELL};

/// The help of a group of commands is no error by itself: what is missing comes first.
#[test]
fn a_command_that_is_missing_is_named_before_the_help() {
    let desk = Desk::new();
    for (group, command) in [("", "catalog"), ("key", "certify"), ("tenant", "whatif"), ("microsoft isv", "names")] {
        let begins = format!("error: a command is missing after `{}`\n\n", format!("entitle {group}").trim_end());
        // Without the variable no option has a value, which is another case for the parser.
        for at in [None, Some("2026-03-02")] {
            let mut run = desk.command(group);
            match at {
                Some(at) => run.env("ENTITLE_AT", at),
                None => run.env_remove("ENTITLE_AT").env_remove("ENTITLE_LEDGER"),
            };
            let run = Run::of(&run.output().unwrap());
            run.ends(2, &format!("\n  {command} "));
            assert!(run.err.starts_with(&begins), "{group}: {run:#?}");
        }
    }
}

#[test]
fn a_number_is_refused_in_words() {
    let desk = Desk::installed();
    for (line, expected) in [
        ("tenant users --limit 0", "'--limit <LINES>': it is at least 1"),
        ("tenant queue gold --from 0", "'--from <PLACE>': it is at least 1"),
        ("tenant ending --within 99999999999", "'--within <DAYS>': it is too large"),
        ("deal ending --within x", "`x` is not a whole number like 20"),
        ("book log --last x", "`x` is not a whole number like 20"),
        ("book document x", "`x` is not a whole number like 20"),
        ("seal deal.json --key fabrikam.key --wait x", "`x` is not a whole number like 20"),
        (&format!("{SELL} --grace x"), "`x` is not a whole number like 20"),
        (&format!("{SELL} --suspended 2.5"), "`2.5` is not a whole number like 20"),
        ("revise deal.json --catalog f365.json --days x", "`x` is not a whole number like 20"),
    ] {
        desk.run(line).ends(2, expected);
    }
}

#[test]
fn a_book_of_which_nothing_is_selected_is_not_called_empty() {
    let desk = with_book();
    assert_eq!(with(&desk, "book log").out, "The book has no entries.\n");
    sell(&desk, "contoso", GOLD);
    assert_eq!(with(&desk, "book log --last 0").out, "No entry is selected.\n");
    // Its licenses are signed, and the book itself is no license.
    let run = with(&desk, "seal fabrikam.book --key fabrikam.key");
    run.ends(3, "help: `entitle deal new` writes one");
}

#[test]
fn one_app_and_one_seat_are_not_several() {
    let desk = installed();
    answered(&desk, "catalog new -o one.json", &["f", "o", "", "no", "a", "", "yes", "", "", ""]).ends(0, "written");
    desk.done("catalog check one.json").ends(0, "one.json: sound. `o` has 1 app and 0 plans.\n");
    desk.done("tenant assign maker ada bo cy");
    desk.write("one.txt", "dora\n");
    desk.run("tenant assign maker --users-from one.txt")
        .ends(1, "refused: 1 seat of maker is wanted, and 0 are free. Nothing was done");
    desk.done("tenant unassign maker cy");
    desk.write("two.txt", "cy\ndora\n");
    desk.run("tenant assign maker --users-from two.txt").ends(1, "2 seats of maker are wanted, and 1 is free.");
}

#[test]
fn a_row_with_too_few_cells_is_named_by_its_line() {
    let desk = Desk::installed();
    desk.write("directory.csv", "user,group\nbo,staff\ncy\n");
    desk.run("tenant reconcile directory.csv")
        .ends(3, "error: directory.csv: line 3 has another number of cells (1) than line 1 (2) [cli.csv]");
    desk.write("other.csv", "user;group\nbo;staff\n");
    desk.run("tenant reconcile other.csv").ends(3, "separate columns with commas");
}

/// Where nothing is licensed no seat can be freed.
#[test]
fn who_has_no_units_is_sent_for_a_license() {
    let desk = builder();
    let help =
        "help: `entitle tenant plans` shows its state; install a license with units of it, or assign it to a group";
    for line in ["tenant assign maker ada", "tenant assign maker ada bo", "tenant whatif assign maker ada"] {
        let run = desk.run(line);
        run.ends(1, help);
        assert!(!run.err.contains("free a seat"), "{run:#?}");
    }
    let run = desk.done("tenant statement --months 2026-01");
    assert!(run.err.starts_with("note: the record has no event, so figures from 2026-01 on are not final"), "{run:#?}");
}

/// The license keeps the amount for a later catalog (C11); who mistyped the quota reads so before it is sold.
#[test]
fn q2_an_amount_of_a_quota_that_the_plan_does_not_have_is_noted() {
    let desk = Desk::new();
    desk.write("studio.json", include_str!("../../../../examples/studio.json"));
    let sell = "deal new --catalog studio.json --tenant x --name X --country DE --grant standard=1 --ends 2027-01-01";
    let note = |quota: &str| {
        format!("note: `standard` gives nothing of `{quota}` in this catalog, so that the amount gives nothing")
    };
    desk.done(&format!("{sell} --amount standard:projcts=9 -o one.json"))
        .ends(0, &format!("{}: did you mean `projects`?\n", note("projcts")));
    let run = desk.done(&format!("{sell} --amount standard:projects=9 -o two.json"));
    assert!(!run.err.contains("gives nothing"), "{run:#?}");
    desk.done("revise two.json --catalog studio.json --amount standard:rows=9 -o three.json")
        .ends(0, &format!("{}\n", note("rows")));
}

#[cfg(target_os = "linux")]
#[test]
fn a_help_that_cannot_be_written_is_an_error() {
    let desk = Desk::new();
    for line in ["--help", "--version", "tenant assign --help", "help deal new"] {
        let full = std::fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
        let run = Run::of(&desk.command(line).stdout(full).output().unwrap());
        run.ends(5, "error: stdout cannot be written: ");
    }
}

#[test]
fn a_folder_that_is_not_there_is_to_be_checked() {
    let desk = Desk::selling();
    for line in ["key new nowhere/x.key", "seal deal.json --key fabrikam.key -o nowhere/x.license"] {
        desk.run(line).ends(5, "help: check the path: relative paths start in the current folder");
    }
    desk.write("empty", "");
    let run = desk.run("catalog check empty");
    assert!(
        run.out.starts_with("error[catalog.not-json]: the text ends where a value is expected\n  --> empty\n"),
        "{run:#?}"
    );
}
