//! Ends of plans: one for all, and one for a plan by name.

use crate::desk::{Desk, SELL};

/// Returns a desk with a deal of gold, silver, a trial of gold and a trial of bronze.
fn sold() -> Desk {
    let desk = Desk::new();
    desk.done(
        "deal new --catalog f365.json --tenant contoso --name Contoso --country DE --grant gold=2 --grant silver=7 \
         --trial gold=3 --trial bronze=1 --days 30 --starts 2026-03-01 --ends 2027-03-01 --ends silver=2027-06-01 \
         --at 2026-02-20 -o deal.json",
    );
    desk
}

/// Returns what a revision changes, line by line.
fn changes(desk: &Desk, options: &str) -> Vec<String> {
    let run = desk.done(&format!("revise deal.json --catalog f365.json {options} --at 2026-04-01"));
    // What follows an end has a test of its own.
    let notes = run.err.lines().filter_map(|line| line.strip_prefix("note: "));
    notes.map(|line| line.split(" (last day").next().unwrap().to_string()).collect()
}

#[test]
fn l3_plans_get_different_ends_in_one_revision() {
    let desk = sold();
    for (options, expected) in [
        (
            "--ends gold=2028-03-01 --ends silver=2029-01-01",
            &["gold: ends 2028-03-01 instead of 2027-03-01", "silver: ends 2029-01-01 instead of 2027-06-01"][..],
        ),
        // An end by name is in place of that for all.
        (
            "--ends 2028-03-01 --ends silver=never",
            &["gold: ends 2028-03-01 instead of 2027-03-01", "silver: ends never instead of 2027-06-01"],
        ),
        // The end of a plan alone leaves the others and its trial as they are, and its units too.
        ("--ends silver=2028-01-01", &["silver: ends 2028-01-01 instead of 2027-06-01"]),
        // Of a plan without paid units it is that of the trial.
        ("--ends bronze=2028-01-01", &["bronze: to be started until 2028-01-01 instead of 2027-03-01"]),
        // Of a plan that the command sells it is that of what it sells.
        (
            "--trial gold=4 --ends gold=2028-01-01",
            &["gold: units 4 instead of 3", "gold: to be started until 2028-01-01 instead of 2027-03-01"],
        ),
        // A plan that is sold with another one, each with its end.
        (
            "--grant gold=5 --grant bronze=1 --ends 2028-01-01 --ends bronze=2029-01-01",
            &[
                "gold: units 5 instead of 2",
                "gold: ends 2028-01-01 instead of 2027-03-01",
                "new: 1 x bronze, from 2026-04-01 until 2029-01-01",
            ],
        ),
        (
            "--grant bronze=1 --ends gold=2028-01-01 --ends bronze=2029-01-01",
            &["gold: ends 2028-01-01 instead of 2027-03-01", "new: 1 x bronze, from 2026-04-01 until 2029-01-01"],
        ),
        (
            "--drop silver --grant silver=1 --ends silver=2029-01-01",
            &[
                "silver: units 1 instead of 7",
                "silver: starts 2026-04-01 instead of 2026-03-01",
                "silver: ends 2029-01-01 instead of 2027-06-01",
            ],
        ),
    ] {
        let changes = changes(&desk, options);
        let changes: Vec<&str> =
            changes.iter().map(String::as_str).filter(|line| !line.contains("tolerated")).collect();
        assert_eq!(changes, expected, "{options}");
    }
}

#[test]
fn l3_ends_that_contradict_each_other_or_name_nothing_are_refused() {
    let desk = sold();
    let deal = desk.read("deal.json");
    for (options, expected) in [
        ("--ends gold=2028-01-01 --ends gold=2028-01-01", "--ends gives `gold` two ends: 2028-01-01 and 2028-01-01"),
        ("--ends 2028-01-01 --ends never", "--ends gives all plans two ends: 2028-01-01 and never [cli.plan-twice]"),
        ("--ends copper=2028-01-01", "the deal has no grant of `copper` [cli.nothing-of-it]"),
        ("--drop gold --ends gold=2028-01-01", "the deal has no grant of `gold`"),
        ("--ends bronze=never", "[cli.trial-for-ever]"),
        ("--ends gold=2026-01-01", "[time."),
        ("--ends gold=2028-3-1", "write 2028-03-01"),
        ("--ends gold=", "is not an instant"),
        ("--grant copper=1 --ends silver=2028-01-01", "copper"),
        ("--ends gold=2027-03-01", "[cli.nothing-changed]"),
    ] {
        let line = format!("revise deal.json --catalog f365.json {options} -o next.json --at 2026-04-01");
        desk.run(&line).ends(2, expected);
        assert!(!desk.path("next.json").exists(), "{options}");
    }
    // A new plan needs an end, whatever those of others are.
    let line = "revise deal.json --catalog f365.json --drop bronze --grant bronze=1 --ends gold=2028-01-01";
    desk.run(line).ends(2, "--ends is missing");
    // Two grants of a plan that follow each other are not laid over each other.
    let start = deal.find("\"grants\": [").unwrap() + "\"grants\": [".len();
    let end = start + deal[start..].find("\n    },").unwrap() + "\n    }".len();
    let later = deal[start..end].replace("2027-03-01", "2028-03-01").replace("2026-03-01", "2027-03-01");
    desk.write("two.json", format!("{}{later},{}", &deal[..start], &deal[start..]));
    desk.run("revise two.json --catalog f365.json --ends gold=2029-01-01").ends(2, "[cli.several-grants]");
}

#[test]
fn a_first_sale_has_different_ends_too() {
    let desk = Desk::new();
    let more = SELL.replace("gold=2", "gold=2 --grant silver=1");
    desk.done(&more.replace("--ends 2027-03-01", "--ends gold=2027-03-01 --ends silver=never"))
        .ends(0, "deal.json: revision 1, 2 x gold (until 2027-03-01) + 1 x silver (perpetual) for Contoso Ltd\n");
    let inspected = desk.done("inspect deal.json");
    inspected.ends(0, "gold: active until 2027-03-01");
    inspected.ends(0, "silver: active, without an end");
    desk.run(&more.replace("--ends 2027-03-01", "--ends gold=2027-03-01")).ends(2, "--ends is missing");
    desk.run(&more.replace("--ends 2027-03-01", "--ends 2027-03-01 --ends bronze=2028-01-01"))
        .ends(2, "--ends names `bronze`, which neither --grant nor --trial sells");
    // A file has one end, or a list.
    let sale = r#"{"tenant": "c", "name": "C", "country": "DE", "grants": ["gold=1", "silver=2"], "ends": ENDS}"#;
    for (ends, code, expected) in [
        (r#""2027-03-01""#, 0, "made.json: revision 1"),
        (r#"["2027-03-01", "silver=2028-03-01"]"#, 0, "made.json: revision 1"),
        (r#"["silver=2028-03-01", "silver=never"]"#, 2, "--ends is missing"),
        (r#"["2027-03-01", "silver=2028-03-01", "silver=never"]"#, 2, "[cli.plan-twice]"),
        ("5", 3, "an end, or a list of ends"),
    ] {
        desk.write("sale.json", sale.replace("ENDS", ends));
        _ = std::fs::remove_file(desk.path("made.json"));
        desk.run("deal new --catalog f365.json --from sale.json -o made.json").ends(code, expected);
    }
    desk.write("sale.json", sale.replace("ENDS", r#"["2027-03-01", "silver=2028-03-01"]"#));
    desk.done("deal new --catalog f365.json --from sale.json -o both.json");
    desk.done("inspect both.json").ends(0, "silver: active until 2028-03-01");
}

/// What is sold is shown with its dates, the last day, and what follows it, before anything begins.
#[test]
fn l5_a_sale_shows_its_last_day_grace_and_suspension() {
    let desk = Desk::new();
    let sell = "deal new --catalog f365.json --tenant contoso --name Contoso --country DE --grant gold=2 --grant silver=1 \
                --trial bronze=3 --days 30 --starts 2026-03-01 --ends 2027-03-01 --ends silver=never --at 2026-02-20";
    let gold = "2 x gold, from 2026-03-01 until 2027-03-01 (last day 2027-02-28, grace until 2027-03-31, suspended until 2027-06-29)\n";
    let bronze =
        "3 x bronze, a trial of 30 days, to be started from 2026-03-01 until 2027-03-01 (last day 2027-02-28)\n";
    let run = desk.done(&format!("{sell} -o deal.json"));
    let lines = format!("  {gold}  1 x silver, from 2026-03-01 on, perpetual\n  {bronze}");
    assert!(run.out.ends_with(&lines), "{run:#?}");
    desk.done("inspect deal.json").ends(0, &format!("  grants   {gold}           1 x silver"));
    // As far as there is any.
    let run = desk.done(&format!("{sell} --grace 0 --suspended 0 --extensions 1=15 -o bare.json"));
    run.ends(0, "until 2027-03-01 (last day 2027-02-28)\n");
    let run = desk.done(&format!("{sell} --grace 7 -o grace.json"));
    run.ends(0, "(last day 2027-02-28, grace until 2027-03-08, suspended until 2027-06-06)\n");
    run.ends(0, "(last day 2027-02-28, 7 days of grace)\n");
    // An end within a day has no last day, and what ends early is suspended from then on.
    let run = desk.done(
        "revise deal.json --catalog f365.json --grant gold=2 --ends 2027-03-01T12:00:00Z --at 2026-04-01 -o noon.json",
    );
    run.ends(0, "ends 2027-03-01T12:00:00Z instead of 2027-03-01 (grace until 2027-03-31T12:00:00Z, suspended until");
    desk.done("revise deal.json --catalog f365.json --cancel gold=2026-06-01 --at 2026-04-01 -o early.json");
    desk.done("inspect early.json").ends(0, "cancelled for 2026-06-01 (suspended until 2026-08-30)\n");
    desk.done("revise deal.json --catalog f365.json --withdraw gold=2026-06-01 --at 2026-04-01 -o gone.json");
    desk.done("inspect gone.json").ends(0, "withdrawn from 2026-06-01 on\n");
}

/// Without a file stdout is the deal alone, and the same dates are notes, as those of `revise` are.
#[test]
fn l5_a_sale_to_stdout_shows_its_dates_in_notes() {
    let desk = Desk::new();
    let sell = format!(
        "deal new --catalog f365.json --tenant contoso --name Contoso --country DE --grant gold=2 --trial bronze=3 --days 30 \
         --starts 2026-03-01 --ends 2027-03-01 --id {} --at 2026-02-20",
        "5d".repeat(16)
    );
    let to_file = desk.done(&format!("{sell} -o deal.json"));
    assert_eq!(to_file.err, "");
    let to_stdout = desk.done(&sell);
    assert_eq!(to_stdout.out, desk.read("deal.json"));
    let notes = [
        "2 x gold, from 2026-03-01 until 2027-03-01 (last day 2027-02-28, grace until 2027-03-31, suspended until 2027-06-29)",
        "3 x bronze, a trial of 30 days, to be started from 2026-03-01 until 2027-03-01 (last day 2027-02-28)",
    ];
    assert_eq!(to_stdout.err, notes.map(|note| format!("note: {note}\n")).concat());
    let lines: Vec<&str> = to_file.out.lines().skip(1).map(str::trim_start).collect();
    assert_eq!(lines, notes, "as beside a file");
    // For programs they are in the answer.
    let run = desk.done(&format!("{sell} --json"));
    assert_eq!(run.json()["notes"], serde_json::json!(notes));
    assert_eq!(run.err, "");
}
