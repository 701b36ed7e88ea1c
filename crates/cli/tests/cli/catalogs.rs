//! `catalog check` shows faults in the style of a compiler; `catalog laws` shows the smallest
//! counterexample.

use crate::desk::Desk;

const FAULTY: &str = r#"{
  "publisher": "fabrikam",
  "offer": "f365",
  "management": { "managed": { "with_plan": ["platinum"] } },
  "apps": [
    { "id": "orders", "access": "licensed" },
    { "id": "Orders", "access": "free" }
  ],
  "plans": [
    { "id": "gold", "scope": "user", "name": "Gold", "apps": ["orders", "auditt"], "requires": [["gold"]] }
  ]
}
"#;

#[test]
fn c8_every_fault_is_shown_in_its_place() {
    let desk = Desk::new();
    desk.write("faulty.json", FAULTY);
    let run = desk.run("catalog check faulty.json");
    let expected = r#"error[catalog.differs-in-case]: the id `Orders` differs from `orders` only in letter case
 --> faulty.json:7:13, apps[1].id
  |
7 |     { "id": "Orders", "access": "free" }
  |             ^^^^^^^^
"#;
    assert!(run.out.contains(expected), "{}", run.out);
    let expected = r#"error[catalog.no-such-app]: no app has the id `auditt`
  --> faulty.json:10:73, plans[0].apps[1]
   |
10 |     { "id": "gold", "scope": "user", "name": "Gold", "apps": ["orders", "auditt"], "requires": [["gold"]] }
   |                                                                         ^^^^^^^^
"#;
    assert!(run.out.contains(expected), "{}", run.out);
    assert!(
        run.out.contains("error[catalog.no-such-plan]: no plan has the id `platinum`\n --> faulty.json:4:"),
        "{}",
        run.out
    );
    assert!(run.out.contains("[catalog.requires-itself]"), "{}", run.out);
    run.ends(3, "faulty.json has 4 faults.");
    let json = desk.run("catalog check faulty.json --json").json();
    assert_eq!(json["sound"], false);
    let found = json["found"].as_array().unwrap();
    assert_eq!(found.len(), 4);
    assert!(found.iter().all(|fault| fault["line"].is_u64() && fault["place"].is_string()), "{json:#}");
}

#[test]
fn what_is_not_json_is_shown_where_it_stops_being_it() {
    let desk = Desk::new();
    desk.write("faulty.json", "{\n  \"publisher\": \"fabrikam\",\n  \"offer\": f365\n}\n");
    let run = desk.run("catalog check faulty.json");
    run.ends(3, " --> faulty.json:3:");
    assert!(run.out.contains("3 |   \"offer\": f365\n"), "{}", run.out);
    desk.write("faulty.json", desk.read("f365.json").replace("\"offer\"", "\"ofer\""));
    desk.run("catalog check faulty.json").ends(3, "unknown field `ofer`");
}

#[test]
fn what_is_probably_not_meant_is_a_warning() {
    let desk = Desk::new();
    let nothing = r#""plans": [ { "id": "tin", "scope": "user", "name": "Tin" },"#;
    desk.write("odd.json", desk.read("f365.json").replace("\"plans\": [", nothing));
    let run = desk.done("catalog check odd.json");
    assert!(run.out.contains("warning[catalog.unlocks-nothing]: the plan `tin` unlocks nothing"), "{}", run.out);
    run.ends(0, "odd.json: sound.");
    assert_eq!(desk.done("catalog check odd.json --json").json()["sound"], true);
}

#[test]
fn a_broken_promise_comes_with_the_smallest_case() {
    let desk = Desk::new();
    let held = "catalog laws f365.json --unlocks gold silver --only-with f365/audit gold";
    let run = desk.done(held);
    assert_eq!(
        run.out,
        "holds: every app can be opened\nholds: `gold` unlocks all of `silver`\nholds: `f365/audit` opens only with `gold`\n"
    );
    let run = desk.run("catalog laws f365.json --unlocks silver gold");
    run.ends(1, "`silver` unlocks all of `gold` is broken [law.broken]\n  granted to the organisation: `silver`\n");
    assert!(run.out.contains("\n  assigned to the user: `silver`\n  check `f365/audit`: shut:"), "{run:#?}");
    desk.run("catalog laws f365.json --never-together gold silver").ends(1, "[law.broken]");
    desk.write("studio.json", include_str!("../../../../examples/studio.json"));
    desk.run("catalog laws studio.json --never-more-than projects 1").ends(1, "[law.broken]");
    desk.run("catalog laws studio.json --never-more-than projects many").ends(2, "\"many\" is not a number");
    desk.run("catalog laws studio.json --never-more-than project 1")
        .ends(2, "no quota of this catalog has the id `project`");
    desk.run("catalog laws studio.json --gives-at-least projects standard standard")
        .ends(0, "holds: `standard` gives at least");
    desk.run("catalog laws f365.json --unlocks gold").ends(2, "2 values required");
}
