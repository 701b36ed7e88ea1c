//! Lists of more commands than one entry of the record holds: all or nothing, with the true reason.

use crate::administrator::{install, installed, sign_trial};
use crate::bulk::{events, large, write_users};
use crate::desk::{Desk, SELL};

/// Returns a tenant with 2,600 gold seats, of which `user-1500`, one of the 2,500 in a file, may not have
/// one: `silver` excludes it.
fn excluding() -> Desk {
    let desk = Desk::new();
    let catalog = desk.read("f365.json").replace(
        "\"scope\": \"user\",\n      \"name\": \"F365 Gold\"",
        "\"scope\": \"user\", \"excludes\": [\"silver\"], \"name\": \"F365 Gold\"",
    );
    assert!(catalog.contains("excludes"));
    desk.write("f365.json", catalog);
    install(&desk, &format!("{} --grant silver=1", SELL.replace("gold=2", "gold=2600")));
    desk.done("tenant assign silver user-1500");
    write_users(&desk);
    desk
}

#[test]
fn s6_a_command_of_the_second_thousand_that_is_refused_keeps_the_first_out() {
    let desk = excluding();
    let before = desk.read("contoso.ledger");
    let run = desk.run("tenant assign gold --users-from users.txt");
    run.ends(1, "assign `gold` to `user-1500`: ");
    run.ends(1, ". Nothing was done [refusal.excluded]");
    assert_eq!(desk.read("contoso.ledger"), before);
    desk.done("tenant unassign silver user-1500");
    let run = desk.done("tenant assign gold --users-from users.txt");
    run.ends(0, "assigned gold to user-0000, ");
    assert!(!run.out.contains("done before"), "{run:#?}");
    desk.run("tenant queue gold --limit 1").ends(0, "gold: 2500 of 2600 seats used");
}

/// A directory whose second thousand cannot be done changes nothing either.
#[test]
fn s19_a_directory_is_reconciled_whole_or_not_at_all() {
    let desk = large();
    let rows = |number: u32| (0..number).map(|user| format!("user-{user:04},all\n")).collect::<Vec<_>>().concat();
    desk.write("first.csv", format!("user,group\n{}", rows(900)));
    desk.done("tenant reconcile first.csv --yes");
    let before = desk.read("contoso.ledger");
    desk.write("directory.csv", format!("user,group\n{}", rows(2500)));
    desk.run("tenant reconcile directory.csv --yes --role license-administrator").ends(1, "[refusal.forbidden]");
    assert_eq!(desk.read("contoso.ledger"), before);
    desk.done("tenant reconcile directory.csv --yes").ends(0, "recorded: events 3 to 4\n");
    assert_eq!(events(&desk), 4);
}

#[test]
fn s2_a_list_is_refused_for_the_true_reason() {
    let desk = installed();
    desk.write("five.txt", "ada\nbo\ncy\ndora\neve\n");
    let before = desk.read("contoso.ledger");
    for (line, expected) in [
        ("tenant assign base --users-from five.txt", "[refusal.not-assignable]"),
        ("tenant assign sessions --users-from five.txt", "[refusal.not-assignable]"),
        ("tenant assign mker --users-from five.txt", "help: did you mean `maker`?"),
        ("tenant assign maker --users-from five.txt --except publish", "[refusal.not-an-app-of-it]"),
        ("tenant assign pro --users-from five.txt", "`pro` has no usable units"),
        ("tenant assign maker --users-from five.txt --role none", "[refusal.forbidden]"),
        (
            "tenant assign maker --users-from five.txt",
            "refused: 5 seats of maker are wanted, and 3 are free. Nothing was done [refusal.no-free-unit]",
        ),
    ] {
        desk.run(line).ends(1, expected);
        assert_eq!(desk.read("contoso.ledger"), before, "{line}");
    }
    desk.done("tenant assign maker ada");
    desk.run("tenant assign maker --users-from five.txt").ends(1, "4 seats of maker are wanted, and 2 are free");
}

#[test]
fn s6_a_group_beside_a_list_is_done_once_too() {
    let desk = installed();
    desk.write("two.txt", "ada\nbo\n");
    desk.done("tenant assign maker --users-from two.txt --group staff");
    let both = desk.done("tenant assign maker --users-from two.txt --group staff");
    assert_eq!(both.out, "done before: 3 of 3\n");
    desk.run("tenant unassign maker --users-from two.txt --group stuff").ends(1, "[refusal.no-such-assignment]");
    desk.done("tenant unassign maker --users-from two.txt --group staff");
    let before = desk.read("contoso.ledger");
    desk.done("tenant unassign maker --users-from two.txt --group staff").ends(0, "done before: 3 of 3\n");
    desk.run("tenant unassign maker --users-from two.txt --group stuff").ends(1, "[refusal.no-such-assignment]");
    assert_eq!(desk.read("contoso.ledger"), before);
}

#[test]
fn s6_names_of_a_command_line_may_be_more_than_an_entry_holds() {
    let desk = installed();
    let names: Vec<String> = (0..1001).map(|number| format!("user-{number}")).collect();
    let before = events(&desk);
    desk.done(&format!("tenant join staff {}", names.join(" "))).ends(0, ", and 991 more to group staff\n");
    assert_eq!(events(&desk), before + 2);
}

/// A document that is dated ahead of the clock, within the tolerance, dates those after it.
#[test]
fn x6_each_document_that_is_dated_otherwise_is_named() {
    let desk = installed();
    for (name, at) in [("ahead", "2026-03-02T10:00:00Z"), ("later", "2026-03-02T07:00:00Z")] {
        sign_trial(&desk, name, &format!("--trial pro=2 --days 30 --ends 2027-01-01 --at {at}"));
    }
    let run = desk.done("tenant install ahead.license later.license");
    let note = "note: event 4 is recorded at 2026-03-02T10:00:00Z, the latest time in the record: \
                the clock is behind, at 2026-03-02T08:00:00Z\n";
    assert_eq!(run.err, note);
    let log = desk.done("tenant log --json --at 2026-03-02T11:00:00Z").json()["events"].clone();
    assert_eq!([2, 3].map(|event: usize| log[event]["at"].clone()), ["2026-03-02T08:00:00Z", "2026-03-02T10:00:00Z"]);
}
