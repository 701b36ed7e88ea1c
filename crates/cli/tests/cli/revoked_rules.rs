//! What an administrator reads where a license was revoked or has ended, and what a list would end.

use serde_json::json;

use crate::desk::{Desk, SELL};

/// Returns the id of the license in `contoso.license`.
fn license(desk: &Desk) -> String {
    let shown = desk.done("inspect contoso.license").out;
    shown.lines().find_map(|line| line.trim().strip_prefix("id ")).unwrap().trim().to_string()
}

/// Contoso with two gold seats, a trial of silver that is not started, and a list that revokes both:
/// `ended.list`.
fn sold() -> Desk {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done(&format!("{SELL} --trial silver=3 --days 30 --reference PO-7"));
    desk.done("seal deal.json --key fabrikam.key -o contoso.license");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub=licenses,lists");
    desk.done("tenant install contoso.license");
    desk.done("tenant assign gold ada bo");
    desk.done(&format!("revoke --publisher fabrikam --license {} --key fabrikam.key -o ended.list", license(&desk)));
    desk
}

#[test]
fn x5_a_list_says_which_license_it_ends_and_for_how_many() {
    let desk = sold();
    for options in ["", " --all"] {
        let run = desk.done(&format!("tenant whatif install ended.list{options}"));
        let expected = format!("Revoked by this:\n  license {}, order PO-7, revoked from 2026-03-02", license(&desk));
        assert!(run.out.contains(&expected), "{run:#?}");
        assert!(
            run.out.contains("2 x gold, from 2026-03-01 until 2027-03-01: revoked instead of active\n"),
            "{run:#?}"
        );
        assert!(run.out.contains("3 x silver, a trial of 30 days, to be started"), "{run:#?}");
        assert!(run.out.contains(": revoked instead of trial not started\n"), "{run:#?}");
        assert!(
            run.out.contains("Will have no seat, since their plan has no usable units then (2 users):\n"),
            "{run:#?}"
        );
        assert!(!run.out.contains("wait for a seat"), "{run:#?}");
    }
    let json = desk.done("tenant whatif install ended.list --json").json();
    assert_eq!(json["revoked"][0]["license"], json!(license(&desk)));
    assert_eq!(json["revoked"][0]["grants"].as_array().unwrap().len(), 2);
    let run = desk.done("tenant install ended.list");
    let expected = format!("  license {}, order PO-7, revoked from 2026-03-02", license(&desk));
    assert!(run.out.contains(&expected) && run.out.ends_with("2 users lose access by this.\n"), "{run:#?}");
    desk.run("tenant licenses").ends(0, "2 x gold, from 2026-03-01 until 2027-03-01: revoked since 2026-03-02");
    // Another list that names the license again ends nothing more.
    desk.done("revoke --after ended.list --key fabrikam.key -o more.list");
    let run = desk.done("tenant install more.list");
    assert!(!run.out.contains("license ") && !run.out.contains("lose"), "{run:#?}");
    assert!(!desk.done("tenant whatif install more.list").out.contains("Revoked by this"));
}

/// Returns the notes of an installation of a deal, sealed as `next.license`.
fn notes_of(desk: &Desk, deal: &str, options: &str) -> serde_json::Value {
    desk.done(&format!("seal {deal} --key fabrikam.key -o next.license"));
    let json = desk.done(&format!("tenant install next.license --json {options}")).json();
    std::fs::remove_file(desk.path("next.license")).unwrap();
    json["notes"].clone()
}

/// A renewal of what is revoked in all revisions is installed, and gives nothing.
#[test]
fn x5_a_license_that_gives_nothing_says_why_when_it_is_installed() {
    let desk = sold();
    let id = license(&desk);
    let revise = "revise deal.json --catalog f365.json --grant gold=2 --ends 2028-03-01";
    desk.done(&format!("{revise} -o renewal.json"));
    desk.done("seal renewal.json --key fabrikam.key -o renewal.license");
    desk.done("tenant install ended.list");
    let run = desk.done("tenant install renewal.license");
    let note = format!("revision 2 of license {id} gives nothing: it was revoked on 2026-03-02T08:00:00Z");
    assert_eq!(run.err, format!("note: {note}\n"));
    run.ends(0, "installed a license, revision 2: 2 x gold");
    // A list that comes with it counts already, and a file of commands is answered alike.
    let note = format!("revision 1 of license {id} gives nothing: it was revoked on 2026-03-02T08:00:00Z");
    for ledger in ["other.ledger", "third.ledger"] {
        desk.done(&format!(
            "tenant init contoso --catalog f365.json --trust fabrikam.pub=licenses,lists --ledger {ledger}"
        ));
    }
    let both = desk.done("tenant install contoso.license ended.list --ledger other.ledger --json").json();
    assert_eq!(both["notes"], json!([note]));
    let log = desk.done("tenant log --json --ledger other.ledger").json();
    desk.write("commands.json", log["events"][0]["commands"].to_string());
    desk.done("tenant install ended.list --ledger third.ledger");
    let run = desk.done("tenant do commands.json --ledger third.ledger");
    assert_eq!(run.err, format!("note: {note}\n"));
    let desk = Desk::installed();
    desk.done("revise deal.json --catalog f365.json --grant gold=1 --ends 2028-03-01 -o next.json");
    assert_eq!(notes_of(&desk, "next.json", ""), json!([]));
}

#[test]
fn l8_what_has_ended_says_so_when_it_is_installed_and_what_is_to_come_does_not() {
    for (options, at, expected) in [
        (
            "--grant gold=2 --starts 2026-03-01 --ends 2027-03-01",
            "2027-04-10",
            "its term and its grace are over, and it is suspended until 2027-06-29",
        ),
        ("--grant gold=2 --starts 2026-03-01 --ends 2027-03-01", "2028-04-10", "it has ended"),
        ("--grant gold=2 --starts 2026-03-01 --ends 2027-03-01", "2027-03-10", ""),
        ("--grant gold=2 --starts 2027-03-01 --ends 2028-03-01", "2026-04-10", ""),
        ("--trial silver=3 --days 30 --ends 2027-03-01", "2026-04-10", ""),
        ("--trial silver=3 --days 30 --ends 2027-03-01", "2027-04-10", "it has ended"),
        (
            "--grant gold=2 --starts 2026-03-01 --ends 2027-03-01 --fresh 10=30",
            "2026-04-10",
            "it asks for a recent revocation list, which is not installed",
        ),
    ] {
        let desk = Desk::new();
        desk.done("key new fabrikam.key");
        desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub=licenses,lists");
        let new =
            "deal new --catalog f365.json --tenant contoso --name Contoso --country DE --at 2026-02-20 -o deal.json";
        desk.done(&format!("{new} {options}"));
        let notes = notes_of(&desk, "deal.json", &format!("--at {at}"));
        if expected.is_empty() {
            assert_eq!(notes, json!([]), "{options} {at}");
        } else {
            let note = notes[0].as_str().unwrap_or_default();
            assert!(note.starts_with("revision 1 of license "), "{options} {at}: {notes}");
            assert!(note.ends_with(&format!(" gives nothing: {expected}")), "{options} {at}: {notes}");
        }
    }
}

#[test]
fn x5_nobody_waits_for_a_seat_of_what_was_revoked() {
    let desk = sold();
    desk.done("tenant assign gold --group staff");
    desk.done("tenant join staff ada");
    desk.done("tenant install ended.list");
    let why = "gives nothing: its license was revoked on 2026-03-02T08:00:00Z";
    for line in ["errors", "user ada", "queue gold", "group staff"] {
        let run = desk.done(&format!("tenant {line}"));
        assert!(run.out.contains(why), "{line}: {run:#?}");
        assert!(!run.out.contains("waits for a seat") && !run.out.contains("0 seats"), "{line}: {run:#?}");
    }
    desk.run("tenant queue gold")
        .ends(0, "gold: no usable seats: its license was revoked on 2026-03-02T08:00:00Z, 2 users without a seat");
    let json = desk.done("tenant errors --json").json();
    let claim = &json["claims"][0];
    assert_eq!(claim["error"]["no_units"]["why"]["revoked"]["since"], "2026-03-02T08:00:00Z", "{claim}");
    assert_eq!(claim["message"], json!(why));
}

#[test]
fn l5_nobody_waits_for_a_seat_of_what_has_ended() {
    let desk = Desk::installed();
    desk.done("tenant assign gold ada");
    desk.run("tenant user ada --at 2027-04-10").ends(0, "gives nothing: its license has been suspended since");
    desk.run("tenant user ada --at 2028-04-10").ends(0, "gives nothing: its license ");
    // A seat that is missing among others is waited for, as ever.
    desk.done("tenant assign gold --group staff");
    desk.done("tenant join staff bo cy");
    desk.run("tenant user cy").ends(0, "waits for a seat");
    assert_eq!(desk.done("tenant errors --json").json()["claims"][0]["no_units"], json!(null));
    let run = desk.done("tenant whatif join staff dora");
    assert!(run.out.contains("Will wait for a seat (1 user):"), "{run:#?}");
}

/// What changes nothing does not read as if it did; who is new beside it does.
#[test]
fn s2_what_was_assigned_already_has_a_line_of_its_own() {
    let desk = Desk::installed();
    assert_eq!(desk.done("tenant assign gold bo").out, "assigned gold to bo: 1 of 2 seats used\n");
    assert_eq!(desk.done("tenant assign gold bo").out, "gold was assigned already to bo: 1 of 2 seats used\n");
    let both = desk.done("tenant assign gold bo ada");
    assert_eq!(
        both.out,
        "gold was assigned already to bo: 2 of 2 seats used\nassigned gold to ada: 2 of 2 seats used\n"
    );
    let json = desk.done("tenant assign gold bo ada --json").json();
    assert_eq!(json["done_before"], 2);
    // Another list of apps that are turned off is a change.
    let except = "tenant assign gold bo --except f365/audit";
    assert_eq!(desk.done(except).out, "assigned gold to bo without f365/audit: 2 of 2 seats used\n");
    assert_eq!(desk.done(except).out, "gold was assigned already to bo: 2 of 2 seats used\n");
    // So is an assignment beside that of a group.
    desk.done("tenant unassign gold bo");
    desk.done("tenant assign gold --group staff");
    desk.done("tenant assign gold --group staff").ends(0, "gold was assigned already to group staff: ");
    desk.done("tenant join staff cy").ends(0, "added cy to group staff");
    assert_eq!(desk.done("tenant join staff cy").out, "already in group staff: cy\n");
    desk.done("tenant assign gold cy").ends(0, "assigned gold to cy: 2 of 2 seats used\n");
}

#[test]
fn s6_a_user_who_is_removed_frees_seats() {
    let desk = Desk::installed();
    desk.done("tenant assign gold ada bo");
    let run = desk.done("tenant remove-user bo");
    assert_eq!(run.out, "removed with all assignments and memberships: bo\n  gold: 1 seat freed, 1 of 2 seats used\n");
    desk.done("tenant join staff cy");
    let run = desk.done("tenant remove-user cy");
    assert_eq!(run.out, "removed with all assignments and memberships: cy\n");
}

#[test]
fn s10_who_leaves_frees_seats_and_who_gets_them_is_named() {
    let desk = Desk::installed();
    desk.done("tenant assign gold --group staff");
    desk.done("tenant join staff ada bo cy dora");
    // Two of four have a seat: the next in the queue gets the one that is freed.
    let run = desk.done("tenant leave staff ada");
    assert_eq!(run.out, "removed ada from group staff\n  gold: 1 seat freed for cy, 2 of 2 seats used, 1 waiting\n");
    // Who waits frees none.
    let run = desk.done("tenant leave staff dora");
    assert_eq!(run.out, "removed dora from group staff\n  gold: no seat freed, 2 of 2 seats used\n");
    // Who has it from another assignment keeps the seat.
    desk.done("tenant assign gold bo");
    let run = desk.done("tenant leave staff bo");
    assert_eq!(run.out, "removed bo from group staff\n  gold: kept by bo, from another assignment\n");
    desk.done("tenant join staff dora eve");
    let run = desk.done("tenant unassign gold bo");
    assert_eq!(run.out, "unassigned gold from bo: 2 of 2 seats used, 1 waiting\n  gold: 1 seat freed for dora\n");
    desk.write("users.txt", "cy\ndora\n");
    let run = desk.done("tenant leave staff --users-from users.txt");
    assert_eq!(run.out, "removed cy, dora from group staff\n  gold: 2 seats freed for eve, 1 of 2 seats used\n");
    let run = desk.done("tenant remove-user eve");
    run.ends(0, "  gold: 1 seat freed, 0 of 2 seats used\n");
    desk.done("tenant assign gold gus hal");
    desk.done("tenant join staff ian");
    let json = desk.done("tenant remove-user gus --json").json();
    assert_eq!(json["freed"], serde_json::json!([{ "plan": "gold", "seats": 1, "to": ["ian"], "kept_by": [] }]));
    // A group without plans frees nothing.
    desk.done("tenant join others ada");
    assert_eq!(desk.done("tenant leave others ada").out, "removed ada from group others\n");
}

#[test]
fn x8_a_preview_says_which_warnings_begin_and_end() {
    let desk = Desk::installed();
    desk.done("tenant assign gold ada bo");
    let run = desk.done("tenant whatif remove-user bo --at 2026-03-02T08:00:00Z");
    assert!(run.out.contains("Warnings to administrators: 2 end (expiring soon, in grace)\n"), "{run:#?}");
}

#[test]
fn k5_how_long_access_lasts_is_shown_beside_the_next_change() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    desk.run("tenant check bo f365/audit")
        .ends(0, "by `gold`, paid until 2027-03-01, then in grace until 2027-03-31; next change: 2027-01-30, warning: expiring soon");
    let apps = desk.done("tenant apps bo").out;
    assert!(apps.contains("BY    OPEN UNTIL  NEXT CHANGE  THEN\n"), "{apps}");
    assert!(apps.contains("open, paid     gold  2027-03-31  2027-01-30   warning: expiring soon\n"), "{apps}");
    assert_eq!(
        desk.done("tenant who f365/audit").out,
        "USER  BASIS  BY    OPEN UNTIL  NEXT CHANGE  THEN\nbo    paid   gold  2027-03-31  2027-01-30   warning: expiring soon\n"
    );
    let json = desk.done("tenant check bo f365/audit --json").json();
    assert_eq!(json["closes"], "2027-03-31T00:00:00Z", "{json}");
}
