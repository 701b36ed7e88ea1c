//! The example that keeps the deal book from the events of a billing system.

#[path = "../../examples/billing.rs"]
#[allow(dead_code, reason = "its main function is for the command line")]
mod example;

use std::fs;
use std::path::PathBuf;

use example::{Billing, SAMPLE};
use serde_json::Value;

use crate::deal_book::{done, with_book};
use crate::desk::{Desk, ENTITLE};

fn billing(desk: &Desk, at: &str) -> Billing {
    fs::create_dir_all(desk.path("licenses")).unwrap();
    let environment = [("ENTITLE_AS", "billing"), ("ENTITLE_AT", at)];
    Billing {
        entitle: PathBuf::from(ENTITLE),
        folder: desk.dir.clone(),
        book: "fabrikam.book".to_string(),
        catalog: "f365.json".to_string(),
        key: "fabrikam.key".to_string(),
        licenses: "licenses".to_string(),
        environment: environment.iter().map(|(name, value)| ((*name).to_string(), (*value).to_string())).collect(),
    }
}

fn history(desk: &Desk) -> String {
    done(desk, "deal history northwind --at 2030-01-01").out
}

fn files(desk: &Desk) -> Vec<String> {
    let found = fs::read_dir(desk.path("licenses")).unwrap();
    let mut names: Vec<String> = found.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

#[test]
fn each_event_of_a_subscription_is_one_revision() {
    let desk = with_book();
    let billing = billing(&desk, "2026-09-02");
    let lines = billing.run(SAMPLE).unwrap();
    assert_eq!(lines[1], "sub_4711 2: licenses/sub_4711-2.license");
    let shown = history(&desk);
    let lines: Vec<&str> = shown.lines().collect();
    assert_eq!(
        lines,
        [
            "revision 1, signed 2026-09-02 by billing (entry 2): 5 x gold for Northwind",
            "revision 2, signed 2026-09-02 by billing (entry 3): 8 x gold + 2 x silver for Northwind",
            "  gold: units 8 instead of 5",
            "  new: 2 x silver, from 2026-09-02 until 2027-03-01",
            "  reference sub_4711/2 instead of sub_4711/1",
            "revision 3, signed 2026-09-02 by billing (entry 4): 8 x gold (cancelled for 2026-09-01) + 2 x silver (cancelled for \
             2026-09-01) for Northwind",
            "  gold: cancelled for 2026-09-01",
            "  silver: cancelled for 2026-09-01",
            "  reference sub_4711/3 instead of sub_4711/2",
        ]
    );
    assert_eq!(files(&desk), ["sub_4711-1.license", "sub_4711-2.license", "sub_4711-3.license"]);
    // All of them once more: nothing is signed.
    let book = desk.read("fabrikam.book");
    for line in billing.run(SAMPLE).unwrap() {
        assert!(line.ends_with("nothing to do, version 3 is in the book"), "{line}");
    }
    assert_eq!(desk.read("fabrikam.book"), book);
    // A subscription that goes on is not cancelled any more, and a plan that is gone is dropped.
    let again = SAMPLE.lines().nth(1).unwrap().replace("\"version\":2", "\"version\":4").replace(",\"silver\":2", "");
    billing.run(&again).unwrap();
    assert!(
        history(&desk).contains("  gold: no longer cancelled for 2026-09-01\n  dropped: 2 x silver"),
        "{}",
        history(&desk)
    );
}

#[test]
fn events_that_come_twice_or_late_change_nothing() {
    let events: Vec<&str> = SAMPLE.lines().collect();
    let last = |desk: &Desk| -> Value {
        let listed = done(desk, "deal list --json --at 2030-01-01").json()["deals"].clone();
        assert_eq!(listed.as_array().unwrap().len(), 1, "one deal a subscription");
        serde_json::json!([listed[0]["grants"], listed[0]["reference"]])
    };
    let in_order = with_book();
    billing(&in_order, "2026-09-02").run(SAMPLE).unwrap();
    for order in [[0, 0, 1, 1, 2, 2], [0, 1, 0, 2, 1, 0], [1, 0, 2, 0, 1, 2]] {
        let desk = with_book();
        let text: String = order.iter().flat_map(|place| [events[*place], "\n"]).collect();
        billing(&desk, "2026-09-02").run(&text).unwrap();
        assert_eq!(last(&desk)[1], last(&in_order)[1], "{order:?}");
        assert!(last(&desk)[0].to_string().matches("2026-09-01").count() == 2, "{order:?}: {:#}", last(&desk));
    }
    // A cancellation that comes first: the sale that comes late is not made any more.
    let desk = with_book();
    billing(&desk, "2026-09-02").run(&[events[2], events[0], events[1]].join("\n")).unwrap();
    assert_eq!(history(&desk).lines().count(), 1, "{}", history(&desk));
    done(&desk, "deal list --at 2027-01-02").ends(0, "cancelled");
}

#[test]
fn an_interrupted_run_is_done_again() {
    let desk = with_book();
    let billing = billing(&desk, "2026-09-02");
    let first = SAMPLE.lines().next().unwrap();
    billing.run(first).unwrap();
    let license = desk.read("licenses/sub_4711-1.license");
    // Killed between the book and the file, and while the file was written.
    for half in [None, Some(""), Some(&license[..license.len() / 2])] {
        fs::remove_file(desk.path("licenses/sub_4711-1.license")).unwrap();
        if let Some(half) = half {
            desk.write("licenses/sub_4711-1.license", half);
        }
        let book = desk.read("fabrikam.book");
        billing.run(first).unwrap();
        assert_eq!((desk.read("licenses/sub_4711-1.license"), desk.read("fabrikam.book")), (license.clone(), book));
    }
    assert_eq!(files(&desk), ["sub_4711-1.license"]);
    // What cannot be done is an error with its line, and leaves nothing.
    let error = billing.run(&SAMPLE.replace("\"gold\":8", "\"best\":8")).unwrap_err();
    assert!(error.starts_with("line 2: entitle revise") && error.contains("[cli.unknown-plan]"), "{error}");
    let error = billing.run(&first.replace("sub_4711", "../evil")).unwrap_err();
    assert_eq!(error, "line 1: `../evil` cannot be the name of a file");
    assert_eq!(files(&desk), ["sub_4711-1.license"]);
}

/// A customer who changed their name and country is sold to under the new ones; another tenant is refused.
#[test]
fn a_customer_who_changed_stays_the_customer() {
    let desk = with_book();
    let billing = billing(&desk, "2026-09-02");
    let changed = SAMPLE.replacen(
        "\"name\":\"Northwind\",\"country\":\"US\"",
        "\"name\":\"Northwind Ltd\",\"country\":\"GB\"",
        3,
    );
    let (first, changed) = (SAMPLE.lines().next().unwrap(), changed.lines().skip(1).collect::<Vec<_>>());
    billing.run(first).unwrap();
    billing.run(changed[0]).unwrap();
    let shown = history(&desk);
    assert!(shown.contains("  customer Northwind Ltd (northwind, GB) instead of Northwind (northwind, US)"), "{shown}");
    let other = changed[1].replace("\"tenant\":\"northwind\"", "\"tenant\":\"contoso\"");
    let error = billing.run(&other).unwrap_err();
    assert_eq!(
        error,
        "line 1: `sub_4711` is of tenant `northwind` in the book, not `contoso`: another tenant needs another subscription"
    );
    billing.run(changed[1]).unwrap();
    done(&desk, "deal customers --at 2026-10-01").ends(0, "Northwind Ltd  GB");
    // Renamed when it is cancelled.
    let desk = with_book();
    let billing = self::billing(&desk, "2026-09-02");
    billing.run(first).unwrap();
    billing.run(changed[1]).unwrap();
    assert!(history(&desk).contains("customer Northwind Ltd"), "{}", history(&desk));
}

/// Runs at once, with clocks that differ: each subscription is sold once, and every file is whole.
#[test]
fn two_runs_at_once_sell_once() {
    let events: String =
        ["sub-1", "sub-2"].iter().flat_map(|name| [SAMPLE.replace("sub_4711", name), "\n".to_string()]).collect();
    for round in 0..3 {
        let desk = with_book();
        let runs = ["2026-09-02", "2026-09-04", "2026-09-03"].map(|at| billing(&desk, at));
        std::thread::scope(|scope| {
            let running: Vec<_> = runs.iter().map(|billing| scope.spawn(|| billing.run(&events))).collect();
            for run in running {
                let lines = run.join().unwrap().unwrap_or_else(|error| panic!("{error}"));
                assert_eq!(lines.len(), 6);
            }
        });
        let listed = done(&desk, "deal list --json --at 2030-01-01").json()["deals"].clone();
        let mut sold: Vec<_> = listed.as_array().unwrap().iter().map(|deal| deal["reference"].to_string()).collect();
        sold.sort();
        assert_eq!(sold, ["\"sub-1/3\"", "\"sub-2/3\""], "round {round}");
        for deal in listed.as_array().unwrap() {
            let name = deal["reference"].as_str().unwrap().replace('/', "-");
            let document = done(&desk, &format!("book document {}", deal["entry"])).out;
            assert_eq!(desk.read(&format!("licenses/{name}.license")), document, "round {round}");
        }
        for file in files(&desk) {
            desk.done(&format!("inspect licenses/{file} --trust fabrikam.pub"));
        }
    }
    // The id is that of the book and the subscription: another book has another one.
    let ids = [0, 1].map(|_| {
        let desk = with_book();
        billing(&desk, "2026-09-02").run(SAMPLE).unwrap();
        done(&desk, "deal list --json --at 2030-01-01").json()["deals"].clone()[0]["id"].to_string()
    });
    assert_ne!(ids[0], ids[1]);
}
