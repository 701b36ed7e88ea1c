//! What ends, what is renewed, and what each customer has, as the deal book has them.

use std::fs;

use crate::deal_book::{GOLD, done, sell, with, with_book};

#[test]
fn renewals_that_are_in_the_book_do_not_count() {
    let desk = with_book();
    let ending = |options: &str| {
        let json = done(&desk, &format!("deal ending --json {options}")).json()["ending"].clone();
        let row = |row: &serde_json::Value| {
            let text = |name: &str| row[name].as_str().unwrap().to_string();
            format!(
                "{} {} {} {}",
                &text("ends")[..10],
                row["customer"]["id"].as_str().unwrap_or("-"),
                text("plan"),
                text("left")
            )
        };
        json.as_array().unwrap().iter().map(row).collect::<Vec<_>>()
    };
    sell(&desk, "a", GOLD);
    sell(&desk, "b", "--grant gold=5 --starts 2026-03-01 --ends 2027-02-10");
    sell(&desk, "c", "--grant gold=1 --starts 2026-03-01 --ends never");
    sell(&desk, "d", "--trial silver=3 --days 30 --starts 2026-03-01 --ends 2027-02-20");
    let at = "--at 2027-01-20";
    assert_eq!(
        ending(&format!("--within 41 {at}")),
        ["2027-02-10 b gold 0", "2027-02-20 d silver -", "2027-03-01 a gold 0"]
    );
    assert_eq!(
        ending(&format!("--within 39 {at}")),
        ["2027-02-10 b gold 0", "2027-02-20 d silver -"],
        "March begins on the 40th day"
    );
    assert_eq!(ending(&format!("--within 40 {at}")).len(), 3);
    // The next revision renews, and so does another deal for as many units, in the grace too.
    done(&desk, "revise a --catalog f365.json --ends 2028-03-01 --at 2027-01-10 -o a2.json");
    done(&desk, "seal a2.json --key fabrikam.key --at 2027-01-10");
    assert_eq!(ending(at), ["2027-02-10 b gold 0", "2027-02-20 d silver -"]);
    let renewal = |name: &str, units: u32, starts: &str| {
        desk.done(&format!(
            "deal new --catalog f365.json --tenant b --name B --country DE --grant gold={units} --starts {starts} --ends 2028-01-01 \
             --at 2027-01-11 -o {name}.json"
        ));
        done(&desk, &format!("seal {name}.json --key fabrikam.key --at 2027-01-11"));
    };
    renewal("fewer", 2, "2027-02-10");
    assert_eq!(ending(at)[0], "2027-02-10 b gold 2", "a part of it is renewed");
    renewal("rest", 3, "2027-03-01");
    assert_eq!(ending(at), ["2027-02-20 d silver -"], "from within the grace on");
    // What was sold beside it is no renewal: the units fall.
    sell(&desk, "e", "--grant gold=4 --starts 2026-03-01 --ends 2027-02-01");
    fs::remove_file(desk.path("e.json")).unwrap();
    fs::remove_file(desk.path("e.license")).unwrap();
    sell(&desk, "e", "--grant gold=3 --starts 2026-05-01 --ends 2027-12-01");
    assert_eq!(ending(at), ["2027-02-01 e gold 3", "2027-02-20 d silver -"]);
    // In grace it is still to be renewed; suspended it is over.
    assert_eq!(ending("--at 2027-02-15")[0], "2027-02-01 e gold 3");
    assert_eq!(ending("--at 2027-03-15"), Vec::<String>::new());
    // An early end is an end; what is revoked does not end again.
    sell(&desk, "f", "--grant gold=unlimited --starts 2026-03-01 --ends never");
    done(&desk, "revise f --catalog f365.json --cancel gold=2027-02-05 --at 2026-06-01 -o f2.json");
    done(&desk, "seal f2.json --key fabrikam.key --at 2026-06-01");
    assert_eq!(ending(at)[1], "2027-02-05 f gold 0");
    done(&desk, "revoke --deal f --key lists.key --at 2026-07-01");
    assert_eq!(ending(at), ["2027-02-01 e gold 3", "2027-02-20 d silver -"]);
    // It is left out by name, where it would have ended in these days.
    let run = done(&desk, "deal ending --at 2027-01-20");
    assert!(run.err.contains("note: 1 revoked deal is left out: ") && run.err.contains(" (The f)\n"), "{run:#?}");
    let json = done(&desk, "deal ending --at 2027-01-20 --json").json();
    let revoked: Vec<&str> = json["revoked"].as_array().unwrap().iter().map(|id| id.as_str().unwrap()).collect();
    assert!(matches!(revoked.as_slice(), [id] if run.err.contains(&id[..8])), "{run:#?} {json}");
    let is_noted = |json: &serde_json::Value| json["notes"].to_string().contains("1 revoked deal is left out: ");
    assert!(is_noted(&json), "{json}");
    let json = done(&desk, "deal ending --within 15 --at 2027-01-20 --json").json();
    assert!(json["revoked"] == serde_json::json!([]) && !is_noted(&json), "{json}");
    done(&desk, "deal ending --within 1 --at 2027-01-20").ends(0, "Nothing ends within 1 day that is not renewed.");
    // A renewal that was revoked does not count.
    sell(&desk, "g", "--grant gold=2 --starts 2026-03-01 --ends 2027-02-02");
    let file = |name: &str| desk.path(name);
    fs::rename(file("g.json"), file("old.json"))
        .and_then(|()| fs::rename(file("g.license"), file("old.license")))
        .unwrap();
    let renewal = sell(&desk, "g", "--grant gold=2 --starts 2027-02-02 --ends 2028-02-02");
    assert_eq!(ending(at).len(), 2);
    done(&desk, &format!("revoke --deal {renewal} --from 2027-01-15 --key lists.key --at 2027-01-15"));
    assert_eq!(ending(at)[1], "2027-02-02 g gold 0");
    // The account of each customer.
    let json = done(&desk, &format!("deal customers --json {at}")).json()["customers"].clone();
    let rows: Vec<_> = json
        .as_array()
        .unwrap()
        .iter()
        .map(|row| format!("{} {} {}", row["id"], row["usable"], row["next_end"]))
        .collect();
    assert_eq!(
        rows.join("; ").replace('"', ""),
        "a 2 x gold 2028-03-01; b 5 x gold 2028-01-01; c 1 x gold never; d nothing -; e 7 x gold 2027-02-01; f nothing -; g 2 x gold 2027-02-02"
    );
    // What ends next in its grace is the grace; what is suspended is not used any more.
    let next = |at: &str| {
        let json = done(&desk, &format!("deal customers --json --at {at}")).json()["customers"].clone();
        let row = json.as_array().unwrap().iter().find(|row| row["id"] == "g").unwrap();
        format!("{} {}", row["usable"].as_str().unwrap(), row["next_end"].as_str().unwrap())
    };
    assert_eq!(
        ["2027-02-01", "2027-02-02", "2027-03-03", "2027-03-04"].map(next),
        ["2 x gold 2027-02-02", "2 x gold 2027-03-04", "2 x gold 2027-03-04", "nothing -"]
    );
}

/// Before anything begins, customers and ends are those of what is paid; a trial beside it decides nothing.
#[test]
fn p1_what_begins_later_is_shown_before_it_begins() {
    let desk = with_book();
    let both = "--grant gold=2 --grant silver=4 --trial bronze=3 --days 30 --starts 2026-12-01 --ends silver=2027-06-30 \
                --ends bronze=2027-02-01 --ends 2027-12-31";
    sell(&desk, "contoso", both);
    sell(&desk, "tailspin", "--trial gold=3 --days 30 --starts 2026-03-01 --ends 2027-02-01");
    let list = |at: &str| done(&desk, &format!("deal list --customer contoso --at {at}")).out;
    for (at, ends) in [
        ("2026-11-30", "2027-06-30  trial"),
        ("2026-12-01", "2027-06-30  active"),
        ("2027-01-02", "2027-06-30  active"),
        ("2027-11-01", "2027-12-31  active"),
    ] {
        let listed = list(at);
        let ends = ends.split_once("  ").unwrap().0;
        assert!(listed.contains(&format!("  {ends}  ")), "{at}: {listed}");
    }
    done(&desk, "deal list --customer tailspin --at 2026-11-30").ends(0, "  2027-02-01  trial\n");
    let customers = done(&desk, "deal customers --at 2026-11-30").out;
    assert!(customers.contains("nothing; from 2026-12-01 on 2 x gold + 4 x silver  2027-06-30\n"), "{customers}");
    assert!(customers.contains("nothing; may try 3 x gold"), "{customers}");
    let json = done(&desk, "deal customers --at 2026-11-30 --json").json()["customers"][0].clone();
    assert_eq!((&json["usable"], &json["next_end"]), (&"nothing".into(), &"2027-06-30".into()));
    assert_eq!(json["begins"], serde_json::json!({ "at": "2026-12-01T00:00:00Z", "usable": "2 x gold + 4 x silver" }));
    let today = done(&desk, "deal customers --at 2026-12-02").out;
    assert!(today.contains("  2 x gold + 4 x silver  ") && !today.contains("from 2026-12-01"), "{today}");
    // A trial of which nobody knows whether it was started.
    let trial = |at: &str| done(&desk, &format!("deal show tailspin --at {at}")).out;
    let text = "gold: expired on 2027-02-01 where it was not started; started, it";
    assert!(trial("2027-02-10").contains(&format!("{text} ends by 2027-03-03\n")));
    assert!(trial("2027-07-02").contains(&format!("{text} ended by 2027-03-03\n")));
}

/// A date is its first second: what was signed on the day itself is named, with the date that has it.
#[test]
fn entries_of_the_day_itself_are_named() {
    let desk = with_book();
    sell(&desk, "contoso", GOLD);
    sell(&desk, "northwind", GOLD);
    let run = done(&desk, "deal customers --at 2026-03-02");
    run.ends(0, "The book has no customers.");
    run.ends(0, "note: 2 entries are dated later than 2026-03-02 and left out; 2 of them on that day: a date is its first second, so `--at 2026-03-03` has them");
    done(&desk, "deal customers --at 2026-03-03").ends(0, "contoso");
    let earlier = done(&desk, "deal customers --at 2026-03-01");
    assert!(earlier.err.trim_end().ends_with("dated later than 2026-03-01 and left out"), "{earlier:#?}");
    let instant = done(&desk, "deal customers --at 2026-03-02T07:00:00Z");
    assert!(instant.err.trim_end().ends_with("dated later than 2026-03-02T07:00:00Z and left out"), "{instant:#?}");
    done(&desk, "--help").ends(0, "\nA date is its first second, in UTC: ");
}

/// What ends until a date or in a year, without counting days.
#[test]
fn p1_what_ends_until_a_date_or_in_a_year_is_listed() {
    let desk = with_book();
    sell(&desk, "a", "--grant gold=1 --starts 2026-03-01 --ends 2027-03-01");
    sell(&desk, "b", "--grant gold=2 --starts 2026-03-01 --ends 2028-01-01");
    sell(&desk, "c", "--grant gold=3 --starts 2026-03-01 --ends 2028-01-02");
    let ending = |options: &str| {
        let json = done(&desk, &format!("deal ending --json --at 2026-06-01 {options}")).json()["ending"].clone();
        json.as_array()
            .unwrap()
            .iter()
            .map(|row| row["customer"]["id"].as_str().unwrap().to_string())
            .collect::<String>()
    };
    for (options, expected) in [
        ("--until 2027", "ab"),
        ("--until 2028", "abc"),
        ("--until 2027-03-01", "a"),
        ("--until 2027-02-28", ""),
        ("--until 2028-01-02", "abc"),
        ("--within 365", "a"),
    ] {
        assert_eq!(ending(options), expected, "{options}");
    }
    done(&desk, "deal ending --until 2026 --at 2026-06-01")
        .ends(0, "Nothing ends until 2027-01-01 that is not renewed.");
    with(&desk, "deal ending --until 2027 --within 3").ends(2, "cannot be used with");
    with(&desk, "deal ending --until soon").ends(2, "`soon` is not an instant");
}
