//! The past, read from the history; and when changes are dated (P2, X6).

use crate::desk::{Desk, Run};

/// Returns a tenant with an event on each of three days.
fn three_days() -> Desk {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo --at 2026-03-10");
    desk.done("tenant unassign gold bo --at 2026-03-20");
    desk
}

#[test]
fn p2_an_earlier_instant_reads_the_record_as_it_was() {
    let desk = three_days();
    let note = "note: this is the record as it was at 2026-03-15T00:00:00Z, after 2 of its 3 events; its latest time is 2026-03-20T00:00:00Z\n";
    for (line, code, expected) in [
        ("tenant check bo f365/audit --at 2026-03-15", 0, "allowed: `bo`"),
        ("tenant why bo f365/audit --at 2026-03-15", 0, "may open"),
        ("tenant user bo --at 2026-03-15", 0, "gold  paid"),
        ("tenant users --at 2026-03-15", 0, "bo    gold"),
        ("tenant queue gold --at 2026-03-15", 0, "gold: 1 of 2 seats used"),
        ("tenant who f365/audit --at 2026-03-15", 0, "bo    paid   gold"),
        ("tenant show --at 2026-03-15", 0, "Contoso Ltd (contoso, DE) on 2026-03-15: f365 of fabrikam"),
        ("tenant report --at 2026-03-15", 0, "F365 Gold  active            2         1  2026-03-01"),
        ("tenant log --at 2026-03-15", 0, "2      2026-03-10T00:00:00Z  admin  assigned F365 Gold (`gold`) to `bo`\n"),
    ] {
        let run = desk.run(line);
        run.ends(code, expected);
        assert_eq!(run.err, note, "{line}");
        assert!(!run.out.contains("2026-03-20"), "{line}: {run:#?}");
        assert_eq!(desk.run(&format!("{line} --json")).err, "", "{line}");
    }
    desk.run("tenant check bo f365/audit --at 2026-03-05").ends(1, "after 1 of its 3 events");
    desk.run("tenant check bo f365/audit --at 2026-02-01").ends(1, "after 0 of its 3 events");
    // At the latest time and after it, the record is read as it is.
    for at in ["2026-03-20", "2026-04-20"] {
        let run = desk.run(&format!("tenant check bo f365/audit --at {at}"));
        run.ends(1, "denied");
        assert_eq!(run.err, "", "{at}");
    }
    // The clock is compared with the record as it is.
    desk.run("tenant clock --at 2026-03-15")
        .ends(0, "The latest time in the record of `contoso` is 2026-03-20T00:00:00Z");
}

#[test]
fn x6_nothing_is_recorded_or_previewed_in_the_past() {
    let desk = three_days();
    let before = desk.read("contoso.ledger");
    desk.write("users.txt", "eve\n");
    desk.write("directory.csv", "user,group\neve,staff\n");
    for line in [
        "tenant assign gold eve --at 2026-03-15",
        "tenant assign gold --users-from users.txt --at 2026-03-15",
        "tenant record-time --at 2026-03-15",
        "tenant install contoso.license --at 2026-03-15",
        "tenant whatif assign gold eve --at 2026-03-15",
        "tenant reconcile directory.csv --at 2026-03-15",
        "tenant reconcile directory.csv --yes --at 2026-03-15",
    ] {
        let run = desk.run(line);
        run.ends(1, "nothing can be recorded at 2026-03-15T00:00:00Z: the latest time in the record is 2026-03-20T00:00:00Z [cli.at-past]");
        assert_eq!(desk.run(&format!("{line} --json")).json()["error"]["code"], "cli.at-past", "{line}");
    }
    assert_eq!(desk.read("contoso.ledger"), before);
    desk.done("tenant assign gold eve --at 2026-03-20");
}

/// A clock that is behind the record changes nothing about when events are dated, which is shown.
#[test]
fn x6_a_clock_that_is_behind_is_named_with_what_is_recorded() {
    let desk = three_days();
    desk.done("tenant record-time --at 2999-01-01");
    let mut join = desk.command("tenant join staff bo");
    let run = Run::of(&join.env_remove("ENTITLE_AT").output().unwrap());
    run.ends(0, "note: recorded at 2999-01-01T00:00:00Z, the latest time in the record: the clock is behind, at ");
    desk.write("users.txt", "eve\n");
    let mut join = desk.command("tenant join staff --users-from users.txt");
    let run = Run::of(&join.env_remove("ENTITLE_AT").output().unwrap());
    run.ends(0, "note: recorded at 2999-01-01T00:00:00Z");
    // A program reads it in the answer.
    let mut join = desk.command("tenant join staff cy --json");
    let run = Run::of(&join.env_remove("ENTITLE_AT").output().unwrap());
    assert!(run.json()["notes"][0].as_str().unwrap().starts_with("recorded at 2999-01-01T00:00:00Z"), "{run:#?}");
    assert_eq!(run.err, "");
    let mut install = desk.command("tenant install contoso.license");
    let run = Run::of(&install.env_remove("ENTITLE_AT").output().unwrap());
    run.ends(0, "already there: ");
}
