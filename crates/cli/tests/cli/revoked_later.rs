//! A revocation that begins later, in every view of the publisher.

use crate::deal_book::{GOLD, deal, done, sell, with_book};
use crate::desk::Desk;

/// Contoso has gold until March 2027, and a list revokes it from January 15 on.
fn revoked() -> Desk {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    done(&desk, "revoke --deal contoso --key lists.key --from 2027-01-15 -o one.list");
    desk
}

#[test]
fn x5_a_revocation_that_begins_later_is_in_every_view_of_the_book() {
    let desk = revoked();
    let at = "--at 2026-12-01";
    let ending = done(&desk, &format!("deal ending --within 60 {at}"));
    ending.ends(0, "ENDS        CUSTOMER     PLAN  UNITS  LEFT");
    ending.ends(0, "2027-01-15  The contoso  gold      2     0");
    ending.ends(0, "active until 2027-01-15, then revoked\n");
    done(&desk, &format!("deal ending --within 30 {at}")).ends(0, "Nothing ends within 30 days");
    let show = done(&desk, &format!("deal show contoso {at}"));
    show.ends(0, "  state    gold: active until 2027-01-15, then revoked\n");
    show.ends(0, "  list     revoked from 2027-01-15 on by revocation list 1 of fabrikam, ");
    done(&desk, &format!("deal history contoso {at}")).ends(0, "\nrevoked from 2027-01-15 on by revocation list 1");
    let list = done(&desk, &format!("deal list {at}"));
    list.ends(0, "2 x gold  2027-01-15  active, then revoked\n");
    let json = done(&desk, &format!("deal list {at} --json")).json()["deals"].clone();
    assert_eq!((&json[0]["ends"], &json[0]["state"]), (&"2027-01-15".into(), &"active".into()));
    let state = &json[0]["grant_states"][0];
    assert_eq!(state["revoked_from"], "2027-01-15T00:00:00Z", "{json}");
    assert!(state["until"].to_string().contains("2027-01-15"), "{json}");
    done(&desk, &format!("deal customers {at}")).ends(0, "2 x gold  2027-01-15\n");
    // From then on it is revoked, and ends no more.
    done(&desk, "deal list --at 2027-01-15").ends(0, "2 x gold  2027-01-15  revoked\n");
    done(&desk, "deal show contoso --at 2027-01-15").ends(0, "gold: revoked on 2027-01-15\n");
    done(&desk, "deal show contoso --at 2027-01-15").ends(0, "revoked by revocation list 1 of fabrikam, ");
    done(&desk, "deal ending --within 400 --at 2027-01-15").ends(0, "Nothing ends");
}

/// The customer keeps what another deal of theirs gives beyond the revocation.
#[test]
fn x5_what_another_deal_replaces_does_not_end() {
    let desk = revoked();
    let id = deal(&desk, "northwind", GOLD);
    let second = desk.read("contoso.json");
    let first = serde_json::from_str::<serde_json::Value>(&second).unwrap()["jti"].as_str().unwrap().to_string();
    // Half a week later, within the grace that a term has and a revocation has not.
    let second =
        second.replace(&first, &id).replace("\"2026-03-01T", "\"2027-01-18T").replace("2027-03-01", "2028-03-01");
    desk.write("second.json", second);
    done(&desk, "seal second.json --key fabrikam.key");
    done(&desk, "deal ending --at 2026-12-01").ends(0, "then revoked");
    let second =
        desk.read("second.json").replace("2027-01-18", "2027-01-15").replace(&id, &id.replace(|_: char| true, "7"));
    desk.write("third.json", second);
    done(&desk, "seal third.json --key fabrikam.key");
    done(&desk, "deal ending --at 2026-12-01").ends(0, "Nothing ends within 60 days");
}

#[test]
fn x5_inspecting_a_license_with_a_list_says_when_it_is_revoked_later() {
    let desk = revoked();
    let inspect = "inspect contoso.license --trust fabrikam.pub --trust lists.pub=lists";
    desk.done(&format!("{inspect} --list one.list")).ends(0, "gold: active until 2027-01-15, then revoked\n");
    desk.done(inspect).ends(0, "gold: active until 2027-03-01\n");
    desk.done(&format!("{inspect} --list one.list --at 2026-02-21"))
        .ends(0, "gold: not yet: begins on 2026-03-01; revoked from 2027-01-15 on\n");
    // A record knows the lists that are installed there.
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --trust lists.pub=lists");
    desk.done("tenant install contoso.license");
    let there = format!("{inspect} --record contoso.ledger");
    desk.done(&there).ends(0, "gold: active until 2027-03-01\n");
    desk.done("tenant install one.list");
    desk.done(&there).ends(0, "gold: active until 2027-01-15, then revoked\n");
    desk.done(&format!("{there} --at 2027-01-15")).ends(0, "gold: revoked on 2027-01-15\n");
}

/// A list ends nothing that has ended by then, in a record as elsewhere.
#[test]
fn x5_a_list_that_revokes_after_the_end_is_not_named_as_if_it_mattered() {
    for (from, at, expected) in [
        ("2029-01-01", "2027-02-01", "active until 2027-03-01"),
        ("2029-01-01", "2027-03-05", "expired on 2027-03-01, in grace until 2027-03-31"),
        ("2027-03-10", "2027-02-01", "active until 2027-03-01; revoked from 2027-03-10 on"),
        ("2027-03-10", "2027-03-05", "expired on 2027-03-01, in grace until 2027-03-10, then revoked"),
    ] {
        let desk = with_book();
        sell(&desk, "contoso", GOLD);
        done(&desk, &format!("revoke --deal contoso --key lists.key --from {from} -o one.list"));
        desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --trust lists.pub=lists");
        desk.done("tenant install contoso.license one.list");
        let inspect = "inspect contoso.license --trust fabrikam.pub --trust lists.pub=lists";
        for with in ["--list one.list", "--record contoso.ledger"] {
            desk.done(&format!("{inspect} {with} --at {at}")).ends(0, &format!("  state    gold: {expected}\n"));
        }
    }
}

#[test]
fn x5_each_phase_says_when_a_list_revokes_it() {
    for (sold, from, at, expected) in [
        (GOLD, "2027-03-10", "2027-02-01", "active until 2027-03-01; revoked from 2027-03-10 on"),
        (GOLD, "2027-03-10", "2027-03-05", "expired on 2027-03-01, in grace until 2027-03-10, then revoked"),
        (GOLD, "2029-01-01", "2027-02-01", "active until 2027-03-01"),
        (
            "--grant gold=2 --starts 2026-03-01 --ends never",
            "2027-01-15",
            "2026-12-01",
            "active until 2027-01-15, then revoked",
        ),
        (
            "--trial gold=2 --days 30 --starts 2026-03-01 --ends 2027-03-01",
            "2027-01-15",
            "2026-12-01",
            "trial, can be started until 2027-01-15, then revoked",
        ),
        (
            "--trial gold=2 --days 30 --starts 2026-12-20 --ends 2027-03-01",
            "2027-01-15",
            "2026-12-01",
            "not yet: the trial can be started from 2026-12-20 until 2027-03-01; revoked from 2027-01-15 on",
        ),
    ] {
        let desk = with_book();
        sell(&desk, "contoso", sold);
        done(&desk, &format!("revoke --deal contoso --key lists.key --from {from} -o one.list"));
        done(&desk, &format!("deal show contoso --at {at}")).ends(0, &format!("  state    gold: {expected}\n"));
    }
}

/// ENDS is the end of what can be used, not the last day to start a trial beside it.
#[test]
fn the_end_of_a_deal_is_that_of_what_is_active() {
    let desk = with_book();
    let sold = "--grant gold=2 --trial silver=1 --days 30 --starts 2026-03-01 --ends 2027-03-01";
    deal(&desk, "contoso", sold);
    desk.write("contoso.json", desk.read("contoso.json").replacen("2027-03-01", "2027-11-30", 1));
    done(&desk, "seal contoso.json --key fabrikam.key");
    done(&desk, "deal list").ends(0, "2027-11-30  active\n");
    // A trial alone ends on the last day to start it, which `deal ending` explains.
    let trial = "--trial silver=1 --days 30 --starts 2026-03-01 --ends 2027-02-28";
    sell(&desk, "northwind", trial);
    done(&desk, "deal list --customer northwind").ends(0, "2027-02-28  trial\n");
    desk.done("deal ending --help").ends(0, "`-` for a trial");
}
