//! A tenant: permissions, decisions and reports.

use entitle::record::{Anchor, Checkpoint, Ledger};

use crate::desk::Desk;

#[test]
fn a1_roles_are_asked_for() {
    let desk = Desk::selling();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    let refused = desk.run("tenant install contoso.license --as ada --role license-administrator");
    refused.ends(
        1,
        "this takes one of these roles, and `ada` has none of them: billing administrator or global administrator",
    );
    desk.done("tenant install contoso.license --as ada --role billing-administrator");
    desk.run("tenant assign gold bo --role none").ends(1, "[refusal.forbidden]");
    desk.done("tenant assign gold bo --as ada --role license-administrator --role host");
    let log = desk.done("tenant log --json").json()["events"].clone();
    assert_eq!(log[1]["actor"]["roles"], serde_json::json!(["license_administrator", "host"]));
    assert_eq!(log[1]["actor"]["user"], "ada");
}

/// The log in words, and only the events about a user or a plan.
#[test]
fn a1_the_log_says_who_did_what_and_shows_what_is_asked_for() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy --except f365/audit --as ada --role license-administrator");
    desk.done("tenant join staff bo");
    desk.done("tenant record-time --role host");
    let log = |options: &str| {
        let json = desk.done(&format!("tenant log {options} --json")).json()["events"].clone();
        json.as_array().unwrap().iter().map(|event| event["number"].as_u64().unwrap()).collect::<Vec<_>>()
    };
    assert_eq!(log(""), [1, 2, 3, 4]);
    assert_eq!(log("--last 3"), [2, 3, 4]);
    assert_eq!(log("--user bo"), [2, 3]);
    assert_eq!(log("--user bo --last 1"), [3]);
    assert_eq!(log("--user ada"), [0; 0], "who gave the command is not whom it is about");
    assert_eq!(log("--plan gold"), [1, 2]);
    assert_eq!(log("--plan gold --user bo"), [2]);
    assert_eq!(log("--plan silver"), [0; 0]);
    assert_eq!(desk.done("tenant log --plan silver").out, "No event is selected.\n");
    let shown = desk.done("tenant log --user bo --last 2").out;
    assert_eq!(
        shown,
        "EVENT  WHEN                  WHO    WHAT\n\
         2      2026-03-02T08:00:00Z  ada    assigned F365 Gold (`gold`) to `bo` without `f365/audit`\n\
         \x20                                   assigned F365 Gold (`gold`) to `cy` without `f365/audit`\n\
         3      2026-03-02T08:00:00Z  admin  added `bo` to the group `staff`\n"
    );
    let json = desk.done("tenant log --last 1 --json").json()["events"].clone();
    assert_eq!(json[0]["commands"], serde_json::json!(["record_time"]));
    assert_eq!(json[0]["lines"][0]["message"]["code"], "audit.time-recorded");
}

#[test]
fn t1_a_trial_is_started_and_signed_up_for() {
    let desk = Desk::selling();
    let id = "2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b2b";
    desk.done(&format!(
        "deal new --catalog f365.json --anyone --trial gold=2 --days 30 --ends 2027-01-01 --id {id} -o trial.json"
    ));
    desk.done("seal trial.json --key fabrikam.key -o trial.license");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    desk.done("tenant install trial.license");
    desk.run("tenant why bo f365/audit").ends(1, &format!("the trial of F365 Gold in the license {id}"));
    desk.run(&format!("tenant start-trial gold {id} --role license-administrator")).ends(1, "[refusal.forbidden]");
    desk.done(&format!("tenant start-trial gold {id}"))
        .ends(0, "started the trial of gold, which ends on 2026-04-01T08:00:00Z");
    desk.run(&format!("tenant start-trial gold {id}")).ends(1, "[refusal.trial-used]");
    desk.run(&format!("tenant extend-trial gold {id}")).ends(1, "[refusal.");
    desk.done(&format!("tenant sign-up gold {id} --as bo --role none"));
    desk.run("tenant check bo f365/audit").ends(0, "by `gold`, trial");
    // 2026-03-02T08:00:00Z and 30 days.
    desk.run("tenant check bo f365/audit --at 2026-04-01T08:00:00Z").ends(1, "denied");
    desk.done("tenant remove-user bo");
    desk.run("tenant check bo f365/audit").ends(1, "denied");
    desk.done("tenant record-time --at 2026-05-01");
    desk.run("tenant whatif remove-group staff").ends(1, "[cli.at-past]");
    desk.run("tenant whatif remove-group staff --at 2026-05-01").ends(1, "staff");
}

#[test]
fn s6_all_are_assigned_or_none() {
    let desk = Desk::installed();
    desk.run("tenant assign gold bo cy eve").ends(1, "assign `gold` to `eve`: no seat of `gold` is free");
    desk.run("tenant check bo f365/audit").ends(1, "denied");
    desk.done("tenant assign gold bo --group staff --except f365/audit");
    desk.done("tenant join staff cy eve");
    desk.run("tenant check bo f365/audit").ends(1, "denied");
    desk.run("tenant check cy f365/orders").ends(0, "allowed");
    desk.run("tenant why eve f365/orders").ends(1, "waits for a seat as number 1: all 2 seats are taken");
    desk.done("tenant leave staff cy").ends(0, "removed cy from group staff");
    desk.run("tenant check eve f365/orders").ends(0, "allowed");
    desk.run("tenant unassign gold eve").ends(1, "`eve` has `gold` from `staff`");
    desk.done("tenant unassign gold --group staff");
    desk.run("tenant check eve f365/orders").ends(1, "denied");
}

#[test]
fn x6_another_time_can_be_tried_and_is_not_turned_back() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    desk.run("tenant check bo f365/audit --at 2027-03-15").ends(0, "in grace");
    desk.run("tenant check bo f365/audit --at 2027-04-01").ends(1, "denied");
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
    desk.done("tenant join staff cy --at 2027-04-01");
    // The past is read from the history, and nothing is recorded in it.
    desk.run("tenant check bo f365/audit").ends(0, "after 2 of its 3 events; its latest time is 2027-04-01T00:00:00Z");
    desk.run("tenant join staff dora").ends(1, "[cli.at-past]");
}

#[test]
fn a_dry_run_changes_nothing() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    let before = desk.read("contoso.ledger");
    desk.run("tenant whatif unassign gold bo")
        .ends(0, "Lost by this (1 user):\n  bo, from 2026-03-02T08:00:00Z until 2027-03-31: f365/audit");
    let json = desk.done("tenant whatif unassign gold bo --json").json();
    assert_eq!(json["totals"]["ending"]["users"], 1);
    assert_eq!(desk.read("contoso.ledger"), before);
}

#[test]
fn p1_the_report_has_twelve_columns() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    let csv = desk.done("tenant report --csv").out;
    let mut lines = csv.lines();
    assert_eq!(lines.next().unwrap().split(',').count(), 12);
    assert_eq!(
        lines.next().unwrap(),
        "Germany,DE,Contoso Ltd,2026-03-01T00:00:00Z,f365,f365,2,1,F365 Gold,contoso,active,fabrikam.f365.gold"
    );
    assert_eq!(desk.done("tenant report --json").json()["rows"].clone()[0]["Licenses Assigned"], 1);
    let table =
        "SKU NAME   STATE   PROVISIONED  ASSIGNED  ACTIVATION\nF365 Gold  active            2         1  2026-03-01\n";
    assert_eq!(desk.done("tenant report").out, table);
    desk.run("tenant report --csv --json").ends(2, "cannot be used with");
}

/// A spreadsheet runs no name of a customer or plan in the report; programs read the names
/// unchanged.
#[test]
fn p1_a_report_for_a_spreadsheet_has_no_formula_in_it() {
    for text in ["=HYPERLINK(1)", "+1+1", "-2+3", "@SUM(1)", "＝1", "=\"a\",b"] {
        let desk = Desk::new();
        desk.done("key new fabrikam.key");
        let catalog = serde_json::to_string(text).unwrap();
        desk.write("f365.json", desk.read("f365.json").replace("\"F365 Gold\"", &catalog));
        let sell = "deal new --catalog f365.json --country DE --grant gold=2 --ends 2027-03-01 -o deal.json";
        let mut deal = desk.command(sell);
        deal.args([format!("--tenant={text}"), format!("--name={text}")]);
        assert!(deal.output().unwrap().status.success());
        desk.done("seal deal.json --key fabrikam.key -o contoso.license");
        let mut init = desk.command("tenant init --catalog f365.json --trust fabrikam.pub");
        assert!(init.args(["--", text]).output().unwrap().status.success());
        desk.done("tenant install contoso.license");
        let csv = desk.done("tenant report --csv").out;
        let rows: Vec<csv::StringRecord> =
            csv::Reader::from_reader(csv.as_bytes()).records().map(Result::unwrap).collect();
        let quoted = format!("'{text}");
        for column in [2, 8, 9] {
            assert_eq!(rows[0][column], quoted, "{csv}");
        }
        assert_eq!((&rows[0][6], &rows[0][7]), ("2", "0"), "numbers stay numbers");
        assert_eq!(desk.done("tenant report --json").json()["rows"].clone()[0]["Tenant ID"], text);
    }
}

/// A license that is anchored to a checkpoint is valid on a record that contains it.
#[test]
fn x7_an_anchored_license_is_proved_against_the_ledger() {
    let desk = Desk::installed();
    let text = desk.read("contoso.ledger");
    let ledger = Ledger::read(&"contoso".parse().unwrap(), &text).unwrap();
    let head = ledger.entries().last().unwrap().unwrap().head();
    let checkpoint = Checkpoint::new(ledger.beginning().record(), head);
    let anchor = serde_json::to_string(&Anchor::Record(checkpoint)).unwrap();
    let deal = desk.read("deal.json").replace("\"anywhere\"", &anchor).replace("\"revision\": 1", "\"revision\": 2");
    desk.write("anchored.json", deal);
    desk.done("seal anchored.json --key fabrikam.key -o anchored.license");
    desk.done("tenant install anchored.license");
    desk.done("tenant assign gold bo");
    desk.run("tenant check bo f365/audit").ends(0, "allowed");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger other.ledger");
    desk.run("tenant install anchored.license --ledger other.ledger").ends(1, "[install.not-contained]");
}

#[test]
fn a_ledger_elsewhere_finds_its_catalog() {
    let desk = Desk::selling();
    std::fs::create_dir(desk.path("data")).unwrap();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger data/c.ledger");
    desk.done("tenant install contoso.license --ledger data/c.ledger");
    let mut elsewhere = desk.command("tenant report --ledger c.ledger");
    assert!(elsewhere.current_dir(desk.path("data")).output().unwrap().status.success());
}
