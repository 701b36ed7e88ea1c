//! Reports of several customers, from ledgers and usage statements.

use crate::desk::Desk;

const STATE: &str = "tenant statement --months 2026-03..2026-05 -o";

/// Contoso with two seats assigned in March, and a statement of March to May made in June.
fn stated() -> Desk {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy");
    desk.done("tenant record-time --at 2026-06-02");
    desk.done(&format!("{STATE} contoso.json --at 2026-06-02"));
    desk
}

#[test]
fn p3_a_statement_names_no_people_and_a_report_takes_it_as_the_ledger() {
    let desk = stated();
    let text = desk.read("contoso.json");
    assert!(!text.contains("\"bo\"") && !text.contains("\"cy\"") && !text.contains("admin"), "{text}");
    for options in
        ["--months 2026-03..2026-05", "--months 2026-05 --by plan,country", "--months 2026-04..2026-05 --rows"]
    {
        for form in ["", "--csv", "--json"] {
            let report = |source: &str| desk.done(&format!("report {source} {options} {form} --at 2026-06-02")).out;
            assert_eq!(report("contoso.json"), report("contoso.ledger"), "{options} {form}");
            // The same record counts once.
            assert_eq!(report("contoso.json contoso.ledger"), report("contoso.ledger"));
            let of_tenant = desk.done(&format!("tenant report {options} {form} --at 2026-06-02")).out;
            assert_eq!(of_tenant, report("contoso.ledger"));
        }
    }
    let months = "Seats of all user plans\nMONTH    TENANTS  PROVISIONED  ASSIGNED\n2026-03        1            2         2\n\
                  2026-04        1            2         2\n";
    assert_eq!(desk.done("report contoso.json --months 2026-03..2026-04").out, months);
    // Without a file to write, and for programs, the statement is on stdout.
    let raw = desk.done("tenant statement --months 2026-03..2026-05 --at 2026-06-02").out;
    assert_eq!(raw, text);
    let json = desk.done("tenant statement --months 2026-03..2026-05 --at 2026-06-02 --json").json();
    assert_eq!(json, serde_json::from_str::<serde_json::Value>(&text).unwrap());
    desk.run(&format!("{STATE} contoso.json")).ends(5, "[cli.exists]");
}

#[test]
fn p3_a_report_by_rows_has_the_twelve_columns_of_each_month() {
    let desk = stated();
    let csv = desk.done("report contoso.json --months 2026-04..2026-05 --rows --csv").out;
    let lines: Vec<&str> = csv.lines().collect();
    assert_eq!(lines[0].split(',').count(), 13);
    assert_eq!(
        lines[1..],
        [
            "2026-04,Germany,DE,Contoso Ltd,2026-03-01T00:00:00Z,f365,f365,2,2,F365 Gold,contoso,active,fabrikam.f365.gold",
            "2026-05,Germany,DE,Contoso Ltd,2026-03-01T00:00:00Z,f365,f365,2,2,F365 Gold,contoso,active,fabrikam.f365.gold"
        ]
    );
    let rows = desk.done("report contoso.json --months 2026-05 --rows").out;
    assert_eq!(rows.lines().count(), 13);
    assert!(rows.contains("Service ID             fabrikam.f365.gold"), "{rows}");
    assert_eq!(desk.done("report --rows").out.lines().count(), 12);
    let json = desk.done("report contoso.json --months 2026-05 --rows --json").json()["rows"].clone();
    assert_eq!((&json[0]["Month"], &json[0]["Licenses Assigned"]), (&"2026-05".into(), &2.into()));
}

#[test]
fn p3_contradicting_statements_are_named() {
    let desk = stated();
    desk.write("again.json", desk.read("contoso.json").replace("\"assigned\": 2", "\"assigned\": 1"));
    let message = "`gold` in 2026-03: 2 provisioned and 1 assigned";
    for (sources, earlier, later) in [
        ("contoso.json again.json", "again.json", "contoso.json"),
        ("again.json contoso.json", "contoso.json", "again.json"),
        ("contoso.ledger again.json", "again.json", "contoso.ledger"),
        ("again.json contoso.ledger", "again.json", "contoso.ledger"),
    ] {
        let run = desk.run(&format!("report {sources} --months 2026-03"));
        run.ends(1, "[statement.other-licenses]");
        assert_eq!(run.out, "");
        assert!(run.err.contains(&format!("earlier {earlier}, later {later}:")), "{sources}: {run:#?}");
        assert!(run.err.contains("`gold` in 2026-03") && run.err.contains("2 provisioned and 1 assigned"), "{run:#?}");
    }
    desk.run("report contoso.json again.json").ends(1, message);
    let json = desk.run("report contoso.json again.json --json");
    assert_eq!((json.code, &json.json()["error"]["code"]), (1, &"report.contradiction".into()));
    // Another history of the same record, from the beginning that both have.
    let ledger = desk.read("contoso.ledger");
    let first = ledger.lines().next().unwrap().to_string();
    desk.write("other.ledger", first + "\n");
    desk.write("other.ledger.json", desk.read("contoso.ledger.json"));
    desk.done("tenant install contoso.license --ledger other.ledger --at 2026-03-03");
    desk.done("tenant assign gold eve --ledger other.ledger --at 2026-03-04");
    desk.run("report contoso.json other.ledger --months 2026-03").ends(1, "[statement.other-hash]");
    desk.run("report contoso.ledger other.ledger --months 2026-03").ends(1, "[statement.other-hash]");
    // An older copy contradicts nothing.
    let copy: Vec<&str> = ledger.lines().take(2).collect();
    desk.write("copy.ledger", copy.join("\n") + "\n");
    desk.write("copy.ledger.json", desk.read("contoso.ledger.json"));
    desk.run("report contoso.json copy.ledger --months 2026-03").ends(0, "2026-03");
}

/// The longest name of a plan, which a customer states, keeps no picture from being made.
#[test]
fn p3_the_longest_name_that_is_stated_has_pictures() {
    let desk = stated();
    let long = "N".repeat(300);
    let statement = desk.read("contoso.json");
    assert!(statement.contains("\"F365 Gold\""), "{statement}");
    desk.write("contoso.json", statement.replace("F365 Gold", &long));
    desk.done("report contoso.json --months 2026-03 --by plan --svg pictures");
    assert!(desk.read("pictures/countries-gold.svg").contains("NNN"));
}

/// A customer who trusts a key of their own in the settings has as many seats as they like there.
#[test]
fn p3_a_ledger_is_reported_by_the_keys_of_the_settings_beside_it() {
    let desk = Desk::installed();
    let settings = desk.read("contoso.ledger.json");
    desk.done("key new own.key");
    desk.done("deal new --catalog f365.json --tenant contoso --name C --country DE --grant gold=5000 --ends never -o own.json");
    desk.done("seal own.json --key own.key -o own.license");
    desk.done("tenant trust own.pub");
    desk.done("tenant install own.license");
    desk.done("report contoso.ledger").ends(0, "5002");
    // The publisher's settings.
    desk.write("contoso.ledger.json", settings);
    let run = desk.done("report contoso.ledger");
    assert!(run.out.contains(" 2 ") && !run.out.contains("5002"), "{run:#?}");
    let help = desk.done("report --help").out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("put your own next to a customer's ledger"), "{help}");
}

/// Of two statements with one head, the later one counts, in whatever order they are given.
#[test]
fn p3_the_order_of_statements_decides_nothing() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    desk.done("tenant statement --months 2026-03 -o early.json --at 2026-03-10");
    desk.done("tenant statement --months 2026-03..2026-04 -o late.json --at 2026-04-20");
    let report = |sources: &str| desk.done(&format!("report {sources} --months 2026-03..2026-04 --at 2026-04-20"));
    assert_eq!(report("early.json late.json").out, report("late.json early.json").out);
    assert!(report("early.json late.json").out.contains("2026-04"), "{:?}", report("early.json late.json"));
    let rows = |sources: &str| desk.done(&format!("report {sources} --at 2026-04-20")).out;
    assert_eq!(rows("early.json late.json"), rows("late.json early.json"));
}

/// A ledger that was lost and begun anew counts beside the old one, and the report says so.
#[test]
fn p3_several_records_of_one_tenant_are_noted() {
    let desk = Desk::installed();
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --ledger again.ledger");
    desk.done("tenant install contoso.license --ledger again.ledger");
    let run = desk.done("report contoso.ledger again.ledger --months 2026-03");
    assert!(run.err.contains("`contoso` has 2 records"), "{run:#?}");
    assert_eq!(desk.done("report contoso.ledger --months 2026-03").err, "");
}

#[test]
fn p3_what_a_report_lacks_is_noted() {
    let desk = stated();
    desk.done("tenant init northwind --catalog f365.json --trust fabrikam.pub --ledger northwind.ledger");
    let run = desk.done("report contoso.json northwind.ledger --months 2026-01..2026-12 --at 2026-08-10");
    for note in ["nothing about contoso in 2026-01 to 2026-02, 2026-06 to 2026-08, which", "which the totals lack"] {
        assert!(run.err.contains(note), "{run:#?}");
    }
    let json =
        desk.done("report contoso.json northwind.ledger --months 2026-01..2026-12 --at 2026-08-10 --json").json();
    assert_eq!(json["notes"].as_array().unwrap().len(), 2, "{json}");
    // A statement made in the middle of a month, of which the others have the end.
    desk.done("tenant statement --months 2026-03..2026-06 -o june.json --at 2026-06-15");
    let run = desk.done("report june.json northwind.ledger --months 2026-06 --at 2026-08-10");
    assert!(run.err.contains("june.json: 2026-06 of contoso is as of 2026-06-15T00:00:00Z"), "{run:#?}");
    desk.run("report contoso.json --months 2027-01").ends(3, "nothing is known about 2027-01");
    desk.run("report contoso.json --at 2026-09-01").ends(3, "it has 2026-03 to 2026-05");
    desk.run("tenant statement --months 2027-01").ends(1, "2027-01 is not begun yet");
    // Months that may still change are noted.
    desk.run("tenant statement --months 2026-03..2026-06 --at 2026-07-15")
        .ends(0, "figures from 2026-06 on are not final");
}

/// The License report says as of when each source is, and which are old.
#[test]
fn p1_a_report_says_as_of_when_its_sources_are() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy");
    desk.done("tenant statement --months 2026-03 -o contoso.json --at 2026-03-10T12:00:00Z");
    desk.done("tenant init northwind --catalog f365.json --trust fabrikam.pub --ledger northwind.ledger");
    let run = desk.done("report contoso.json northwind.ledger --at 2026-03-31");
    assert!(
        run.out.ends_with(
            "\nSOURCE            TENANT     AS OF                 LATEST ENTRY\n\
             contoso.json      contoso    2026-03-10T12:00:00Z  2026-03-02T08:00:00Z  21 days old\n\
             northwind.ledger  northwind  2026-03-31            -\n"
        ),
        "{run:#?}"
    );
    assert_eq!(run.err, "note: contoso.json: contoso is as of 2026-03-10T12:00:00Z, not of 2026-03-31\n");
    // In every form; rows for programs have the instant beside the twelve columns.
    for form in ["--csv", "--rows"] {
        let run = desk.done(&format!("report contoso.json {form} --at 2026-03-31"));
        assert!(run.err.contains("contoso is as of 2026-03-10T12:00:00Z"), "{form}: {run:#?}");
        assert!(run.out.contains("21 days old") || form == "--csv", "{form}: {run:#?}");
    }
    let json = desk.done("report contoso.json --json --at 2026-03-31").json()["rows"].clone();
    assert_eq!(json[0]["As Of"], "2026-03-10T12:00:00Z");
    let json = desk.done("report contoso.ledger --json --at 2026-03-31").json()["rows"].clone();
    assert_eq!(json[0]["As Of"], "2026-03-31T00:00:00Z");
    // On the day of the statement it is not old, and of one ledger there is nothing to say.
    let run = desk.done("report contoso.json --at 2026-03-10T20:00:00Z");
    assert!(run.err.is_empty() && run.out.contains("AS OF") && !run.out.contains(" old\n"), "{run:#?}");
    let run = desk.done("report contoso.json --at 2026-03-11T00:00:00Z");
    run.ends(0, "1 day old\n");
    assert!(run.err.contains("contoso is as of 2026-03-10T12:00:00Z, not of 2026-03-11"), "{run:#?}");
    let run = desk.done("report contoso.ledger --at 2026-03-31");
    assert!(run.err.is_empty() && !run.out.contains("AS OF"), "{run:#?}");
    // Where nothing is installed, too.
    desk.done("tenant statement --months 2026-03 -o northwind.json --ledger northwind.ledger --at 2026-03-10");
    let run = desk.done("report northwind.json --at 2026-03-31");
    assert!(run.out.starts_with("No license is installed.\n\nSOURCE") && run.out.contains("21 days old"), "{run:#?}");
}

/// What a customer states is shown before a report is made of it.
#[test]
fn p3_inspect_shows_a_usage_statement() {
    let desk = stated();
    desk.done("tenant statement --months 2026-04..2026-06 -o june.json --at 2026-06-15");
    let run = desk.done("inspect june.json");
    let record = desk.done("inspect contoso.ledger --json").json()["says"]["checkpoint"].as_str().unwrap().to_string();
    let expected = format!(
        "usage statement, not signed\n  offer    f365\n  tenant   contoso\n  record   {}\n  last     2026-06-02T00:00:00Z\n  \
         head     {record}\n  months   2026-04 for Contoso Ltd (DE)\n             gold: 2 provisioned, 2 assigned, active\n           \
         2026-05 for Contoso Ltd (DE)\n             gold: 2 provisioned, 2 assigned, active\n           \
         2026-06 for Contoso Ltd (DE), as of 2026-06-15T00:00:00Z\n             gold: 2 provisioned, 2 assigned, active\n  \
         trust    the customer's word: `entitle report` with the ledger beside it says whether it is true\n",
        record.split('.').next().unwrap()
    );
    assert_eq!(run.out, expected);
    let json = desk.done("inspect june.json --json").json();
    assert_eq!((&json["kind"], &json["says"]["tenant"]), (&"usage statement, not signed".into(), &"contoso".into()));
    // Every statement of a report is refused here as it is there.
    desk.write("twice.json", desk.read("june.json").replace("\"2026-05\"", "\"2026-04\""));
    desk.write("newer.json", desk.read("june.json").replace("entitle.usage.v1", "entitle.usage.v9"));
    for (file, code) in [("twice.json", "[statement.month-not-later]"), ("newer.json", "[statement.unknown-format]")] {
        let run = desk.run(&format!("inspect {file}"));
        run.ends(3, code);
        run.ends(3, &format!("error: {file}: "));
    }
}

#[test]
fn p3_what_is_neither_a_ledger_nor_a_statement_is_refused() {
    let desk = stated();
    desk.write("empty.json", "");
    desk.write("newer.json", "{\"statement\": \"entitle.usage.v2\"}");
    desk.write("twice.json", desk.read("contoso.json").replace("2026-04\"", "2026-03\""));
    desk.write("alone.ledger", desk.read("contoso.ledger"));
    for (file, code) in [
        ("empty.json", "[statement.not-json]"),
        ("f365.json", "[statement.not-json]"),
        ("newer.json", "[statement.unknown-format]"),
        ("twice.json", "[statement.month-not-later]"),
        ("contoso.license", "[statement.not-json]"),
        ("alone.ledger", "[cli.no-settings]"),
        ("fabrikam.key", "[cli.secret-key]"),
        ("missing.json", "[cli.unreadable]"),
    ] {
        desk.run(&format!("report {file}")).ends(3, code);
    }
    for line in [
        "report contoso.json --months 2026-3",
        "report contoso.json --months 2026-05..2026-03",
        "report contoso.json --by year",
        "report contoso.json --by month --rows",
        "report contoso.json --consumption",
        "report contoso.json --csv --json",
    ] {
        assert_eq!(desk.run(line).code, 2, "{line}");
    }
    desk.run("report contoso.json --months 2026-3").ends(2, "write 2026-03");
    let mut none = desk.command("report");
    assert_eq!(none.env_remove("ENTITLE_LEDGER").output().unwrap().status.code(), Some(2));
}

#[test]
fn p3_pictures_are_written_into_a_folder_and_never_over_others() {
    let desk = stated();
    let run = desk.done("report contoso.json --months 2026-03..2026-05 --svg pictures");
    assert!(run.out.ends_with("pictures/months.svg: written\npictures/countries.svg: written\n"), "{run:#?}");
    for file in ["pictures/months.svg", "pictures/countries.svg"] {
        assert!(desk.read(file).contains("<svg"), "{file}");
    }
    desk.run("report contoso.json --months 2026-03..2026-05 --svg pictures").ends(5, "[cli.exists]");
    // With --csv, only rows are on stdout.
    let run = desk.done("report contoso.json --months 2026-03 --csv --svg more");
    assert_eq!(run.out.lines().count(), 2, "{run:#?}");
    assert!(run.err.contains("more/months.svg: written"), "{run:#?}");
}

/// The id of a plan is no path.
#[test]
fn p3_a_picture_is_named_by_a_plan_and_stays_in_the_folder() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    let catalog = r#"{ "publisher": "fabrikam", "offer": "f365", "management": { "managed": "with_license" },
        "apps": [{ "id": "help", "access": "free" }],
        "plans": [{ "id": "../../up", "scope": "capacity", "name": "=Up" }, { "id": ".././_up", "scope": "capacity", "name": "Down" },
                  { "id": "..%2f", "scope": "capacity", "name": "Other" }] }"#;
    desk.write("f365.json", catalog);
    desk.done("deal new --catalog f365.json --tenant contoso --name Contoso --country DE --grant ../../up=5 --grant ..%2f=5 --ends never -o deal.json");
    let mut deal =
        desk.command("revise deal.json --catalog f365.json -o deal-2.json --ends never --grant ../../up=5 --grant");
    assert!(deal.arg(".././_up=7").output().unwrap().status.success());
    desk.done("seal deal-2.json --key fabrikam.key -o contoso.license");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    desk.done("tenant install contoso.license");
    desk.done("report contoso.ledger --months 2026-03 --svg pictures");
    let mut files: Vec<_> =
        std::fs::read_dir(desk.path("pictures")).unwrap().map(|file| file.unwrap().file_name()).collect();
    files.sort();
    assert_eq!(
        files,
        ["consumption-___2f.svg", "consumption-______up-2.svg", "consumption-______up.svg", "months.svg"]
    );
    let csv = desk.done("report contoso.ledger --months 2026-03 --csv --consumption").out;
    assert_eq!(csv.lines().nth(1).unwrap(), "2026-03,f365,../../up,'=Up,1,0,5,0");
}

#[test]
fn a_report_fits_a_narrow_terminal() {
    let desk = stated();
    for options in ["", "--rows", "--months 2026-03..2026-05", "--months 2026-03..2026-05 --by month,country,plan"] {
        let mut report = desk.command(&format!("report contoso.ledger {options}"));
        let output = report.env("COLUMNS", "60").output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        assert!(output.status.success() && text.lines().all(|line| line.chars().count() <= 60), "{text}");
    }
}

/// Plans of two offers that have one id differ by their offers.
#[test]
fn p3_plans_of_two_offers_with_one_id_differ_by_their_offers() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy");
    desk.write("crm.json", desk.read("f365.json").replace("\"f365\"", "\"crm\""));
    desk.done("deal new --catalog crm.json --tenant contoso --name Contoso --country DE --grant gold=5 --ends never -o crm.deal");
    desk.done("seal crm.deal --key fabrikam.key -o crm.license");
    desk.done("tenant init contoso --catalog crm.json --trust fabrikam.pub --ledger crm.ledger");
    desk.done("tenant install crm.license --ledger crm.ledger");
    let report = |options: &str| desk.done(&format!("report contoso.ledger crm.ledger {options} --at 2026-03-10")).out;
    let rows = |text: &str| -> Vec<Vec<String>> {
        text.lines().map(|line| line.split_whitespace().map(ToString::to_string).collect()).collect()
    };
    let by_plan = rows(&report("--by plan"));
    assert_eq!(by_plan[1], ["OFFER", "PLAN", "TENANTS", "PROVISIONED", "ASSIGNED"]);
    assert!(by_plan.contains(&["crm", "gold", "1", "5", "0"].map(ToString::to_string).to_vec()), "{by_plan:?}");
    assert!(by_plan.contains(&["f365", "gold", "1", "2", "2"].map(ToString::to_string).to_vec()), "{by_plan:?}");
    assert_eq!(rows(&report("--by month,country,plan"))[1][..3], ["OFFER", "MONTH", "COUNTRY"]);
    assert_eq!(rows(&report(""))[0][..3], ["TENANT", "OFFER", "SKU"]);
    // All user plans together are of no offer, and one offer needs no column.
    assert!(!report("--by month").contains("OFFER"));
    assert!(!desk.done("report contoso.ledger --by plan").out.contains("OFFER"));
}

/// Months that are not begun, or that no source has, are named at either end of a range.
#[test]
fn p3_months_behind_the_last_one_are_named() {
    let desk = stated();
    let later = "not begun yet, and not in the report: 2026-07 to 2026-12";
    for options in ["--months 2026-03..2026-12", "--months 2026-03..2026-12 --rows", "--months 2026-06..2026-12 --csv"]
    {
        let run = desk.done(&format!("tenant report {options} --at 2026-06-02"));
        assert!(run.err.contains(later), "{options}: {run:#?}");
    }
    let json = desk.done("tenant report --months 2026-06..2026-07 --json --at 2026-06-02").json();
    assert_eq!(json["notes"], serde_json::json!(["not begun yet, and not in the report: 2026-07"]));
    let run = desk.done("report contoso.json --months 2026-03..2026-09 --at 2026-08-02");
    assert!(run.err.contains("nothing is known about 2026-06 to 2026-08, which the report lacks"), "{run:#?}");
    assert!(run.err.contains("not begun yet, and not in the report: 2026-09"), "{run:#?}");
    let run = desk.done("tenant report --months 2026-03..2026-06 --at 2026-06-02");
    assert!(!run.err.contains("not begun") && !run.err.contains("nothing is known"), "{run:#?}");
}

#[test]
fn p3_a_statement_is_about_the_present_month_unless_others_are_named() {
    let desk = stated();
    let run = desk.done("tenant statement -o june.json --at 2026-06-15");
    run.ends(0, "june.json: usage statement of `contoso`, 2026-06, ");
    let of = |line: &str| desk.done(&format!("{line} --at 2026-06-15")).out;
    assert_eq!(of("tenant statement"), of("tenant statement --months 2026-06"));
}

/// What was not final in a statement is noted in the report of it, in every form.
#[test]
fn p3_what_a_statement_says_is_not_final_is_noted_in_the_report() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy");
    desk.run("tenant statement --months 2026-03..2026-12 -o year.json --at 2026-12-31T23:59:59Z")
        .ends(0, "figures from 2026-03 on are not final");
    let open = "note: year.json: figures of contoso in 2026-03 to 2026-12 are not final: its record had no event since 2026-03-02T08:00:00Z\n";
    let later = "note: year.json: states 2026-05 to 2026-12 of contoso, which are not begun on 2026-04-10: ";
    for form in ["", "--csv", "--rows", "--by plan"] {
        let run = desk.done(&format!("report year.json --months 2026-01..2026-12 {form} --at 2026-04-10"));
        assert!(run.err.contains(open) && run.err.contains(later), "{form}: {run:#?}");
    }
    // Of the months that are asked for alone; and of the present one.
    let run = desk.done("report year.json --months 2026-03 --at 2026-04-10");
    assert!(run.err.contains("in 2026-03 are not final") && !run.err.contains("not begun"), "{run:#?}");
    desk.done("report year.json --at 2026-04-10").ends(0, "figures of contoso in 2026-04 are not final");
    desk.done("report year.json --months 2026-01..2026-12 --at 2027-02-01").ends(0, open);
    // What has evidence of a later instant is final.
    desk.done("tenant record-time --at 2026-06-02");
    desk.done("tenant statement --months 2026-03..2026-05 -o final.json --at 2026-06-02");
    let run = desk.done("report final.json --months 2026-03..2026-05 --at 2026-06-10");
    assert_eq!(run.err, "");
}

/// Pictures of licenses are by plan where the report is.
#[test]
fn p3_pictures_are_by_plan_where_the_report_is() {
    let desk = stated();
    let run = desk.done("report contoso.json --months 2026-03..2026-05 --by month,plan --svg pictures");
    assert!(run.out.ends_with("pictures/months-gold.svg: written\npictures/countries-gold.svg: written\n"), "{run:#?}");
    assert!(desk.read("pictures/months-gold.svg").contains("F365 Gold"));
    assert!(desk.read("pictures/countries-gold.svg").contains("F365 Gold by billing country"));
    assert!(!desk.path("pictures/months.svg").exists());
}
