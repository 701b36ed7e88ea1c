//! What ends, what is renewed, and what each customer has, as the deal book has them.

use std::fs;

use crate::deal_book::{GOLD, done, sell, with_book};

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
