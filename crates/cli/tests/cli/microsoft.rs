//! Microsoft's files: an ISV's plans and the catalogue. Graph's answers are in `graph.rs`.

use crate::desk::Desk;

const PLANS: &str = "ServiceID,Display name,More info URL\n\
    fabrikam.f365.base,Fabrikam Base,https://fabrikam.example/base\n\
    fabrikam.f365.gold,\"Fabrikam Gold, all of it\",\n";
const MAPPING: &str = "Service ID,Component name\nfabrikam.f365.base,fabOrders\nfabrikam.f365.gold,fabOrders\n\
    fabrikam.f365.gold,fabAudit\n";

const HEADINGS: &str =
    "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names\r\n";

fn guid(n: u32) -> String {
    format!("00000000-0000-0000-0000-{n:012x}")
}

/// Returns a row of an edition: a product and a service plan.
fn row(product: (&str, u32), plan: (&str, u32)) -> String {
    let ((name, product), (friendly, plan)) = (product, plan);
    format!("{name},SKU{product},{},PLAN{plan},{},{friendly}\r\n", guid(product), guid(plan))
}

fn isv() -> Desk {
    let desk = Desk::new();
    desk.write("plans.csv", PLANS);
    desk.write("mapping.csv", MAPPING);
    desk
}

#[test]
fn an_isvs_files_become_a_catalog_and_assumptions_are_listed() {
    let desk = isv();
    let run = desk.done("microsoft isv read plans.csv mapping.csv --scope base=tenant -o catalog.json");
    assert_eq!(
        run.out,
        "catalog.json: 2 plans and 2 apps of `f365`\n  assumed: user plans without requirements or exclusions: \
         `gold`\n  assumed: no app is free\n  assumed: license management is on, installing requires a license; 30 days of \
         notice, 1 day of clock tolerance; no quotas, an undated release\n"
    );
    desk.run("catalog check catalog.json").ends(0, "sound. `f365` has 2 apps and 2 plans.");
    desk.run("catalog laws catalog.json --only-with fabAudit gold").ends(0, "holds: `fabAudit` opens only with `gold`");
    // In either order of the files, and with either heading.
    desk.write("second.csv", MAPPING.replace("Service ID", "ServiceID"));
    let swapped = desk.done("microsoft isv read second.csv plans.csv --scope base=tenant");
    assert_eq!(swapped.out, desk.read("catalog.json"));
    assert!(swapped.err.contains("note: assumed: no app is free"), "{swapped:#?}");
    let json = desk.done("microsoft isv read plans.csv mapping.csv --json").json();
    assert_eq!(json["catalog"]["plans"][1]["name"], "Fabrikam Gold, all of it");
    assert_eq!(json["catalog"]["plans"][0]["scope"], "user");
    assert_eq!(json["assumed"].as_array().unwrap().len(), 3);
    desk.run("microsoft isv read plans.csv mapping.csv -o catalog.json").ends(5, "[cli.exists]");
}

#[test]
fn what_the_files_cannot_express_is_listed_and_read_with_like() {
    let desk = isv();
    desk.done("microsoft isv read plans.csv mapping.csv -o first.json");
    let first = desk.read("first.json");
    let free = r#""apps": [ { "id": "fabHelp", "access": "free" },"#;
    let gold = r#""id": "gold", "requires": [["base"]],"#;
    let expected = first.replacen("\"apps\": [", free, 1).replacen(r#""id": "gold","#, gold, 1);
    let expected = expected.replacen("\"requires\": [],", "", 2).replacen("\"notice\": 30", "\"notice\": 14", 1);
    desk.write("catalog.json", &expected);
    desk.done("catalog check catalog.json");
    let run = desk.done("microsoft isv write catalog.json --plans out.csv --mapping map.csv");
    assert_eq!(
        run.out,
        "out.csv: 2 plans\nmap.csv: 3 components of plans\n  not in the files: 14 days of notice\n  not in the files: free \
         apps: `fabHelp`\n  not in the files: the order of the apps\n  not in the files: `gold` requires others\n  `isv \
         read --like catalog.json` restores these\n"
    );
    assert_eq!(desk.read("out.csv").replace("\r\n", "\n"), PLANS);
    assert_eq!(desk.read("map.csv").replace("\r\n", "\n"), MAPPING);
    desk.done("microsoft isv read out.csv map.csv --like catalog.json -o again.json");
    let offer = |name: &str| -> serde_json::Value { serde_json::from_str(&desk.read(name)).unwrap() };
    assert_eq!(offer("again.json")["plans"][1]["requires"], serde_json::json!([["base"]]));
    assert_eq!(
        (&offer("again.json")["notice"], &offer("again.json")["apps"][0]["id"]),
        (&14.into(), &"fabHelp".into())
    );
    let json = desk.done("microsoft isv write first.json --plans p.csv --mapping m.csv --json").json();
    assert_eq!(
        (&json["plan_rows"], &json["mapping_rows"], &json["unsaid"]),
        (&2.into(), &3.into(), &serde_json::json!([]))
    );
}

/// Quotas, what plans give of them, and the release are in neither file.
#[test]
fn quotas_and_the_release_are_listed_and_restored() {
    let desk = isv();
    desk.done("microsoft isv read plans.csv mapping.csv -o first.json");
    let quotas = r#""release": "2027-05-01T00:00:00Z", "quotas": [ { "id": "projects", "name": "Projects", "unit": "projects",
        "scope": "user", "combine": "largest" } ], "apps": [ { "id": "fabHelp", "name": "Help", "access": "free" },"#;
    let gold = r#""id": "gold", "quotas": [ { "quota": "projects", "amount": { "limited": 20 }, "per": "plan" } ],"#;
    let text = desk.read("first.json").replacen("\"apps\": [", quotas, 1).replacen(r#""id": "gold","#, gold, 1);
    desk.write("catalog.json", &text);
    let run = desk.done("microsoft isv write catalog.json --plans out.csv --mapping map.csv");
    assert_eq!(
        run.out,
        "out.csv: 2 plans\nmap.csv: 3 components of plans\n  not in the files: the release, 2027-05-01T00:00:00Z\n  not in \
         the files: quotas: `projects`\n  not in the files: free apps: `fabHelp`\n  not in the files: the names of \
         apps\n  not in the files: the order of the apps\n  not in the files: `gold` gives `projects`\n  `isv read --like catalog.json` \
         restores these\n"
    );
    desk.done("microsoft isv read out.csv map.csv --like catalog.json -o again.json");
    let offer = |name: &str| -> serde_json::Value { serde_json::from_str(&desk.read(name)).unwrap() };
    assert_eq!(offer("again.json"), offer("catalog.json"));
}

#[test]
fn what_is_written_is_both_files_or_none() {
    let desk = isv();
    desk.done("microsoft isv read plans.csv mapping.csv -o catalog.json");
    desk.run("microsoft isv write catalog.json --plans plans.csv --mapping m.csv").ends(5, "[cli.exists]");
    desk.run("microsoft isv write catalog.json --plans p.csv --mapping mapping.csv").ends(5, "[cli.exists]");
    desk.run("microsoft isv write catalog.json --plans p.csv --mapping p.csv").ends(2, "[cli.same-file]");
    // A name that a spreadsheet would run is reported and kept: Microsoft's tool reads it.
    let catalog = desk.read("catalog.json").replacen("\"Fabrikam Base\"", "\"=1+1\"", 1);
    desk.write("formula.json", catalog);
    let run = desk.done("microsoft isv write formula.json --plans formula.csv --mapping formulas.csv");
    assert!(run.err.contains("note: the name of `base` begins like a formula"), "{run:#?}");
    assert!(desk.read("formula.csv").contains(",=1+1,"), "{run:#?}");
    // An app of the sample catalog is not a component: `f365/audit`.
    let run = desk.run("microsoft isv write f365.json --plans p.csv --mapping m.csv");
    run.ends(1, "are no component names, which have letters, digits and underscores only");
    assert!(run.err.contains("[isv.not-a-component]") && run.err.contains("nothing was written"), "{run:#?}");
    assert!(!desk.path("p.csv").exists() && !desk.path("m.csv").exists());
    assert_eq!((desk.read("plans.csv"), desk.read("mapping.csv")), (PLANS.to_string(), MAPPING.to_string()));
}

/// Which app ids Microsoft's tool cannot take, names for them, and the way back.
#[test]
fn apps_that_are_no_components_get_names_and_are_read_back() {
    let desk = isv();
    let run = desk.run("microsoft isv write f365.json --plans p.csv --mapping m.csv");
    assert_eq!(
        run.err,
        "refused: the files cannot express this catalog: `f365/orders`, `f365/forecasts`, `f365/audit` are no component \
         names, which have letters, digits and underscores only [isv.not-a-component]\n  help: `entitle microsoft isv names \
         f365.json -o apps.json` proposes names for --map-apps apps.json; or name one with `--rename \
         f365/orders=f365_orders`; nothing was written\n"
    );
    let run = desk.done("microsoft isv names f365.json -o apps.json");
    assert_eq!(
        run.out,
        "apps.json: 3 components proposed\n  correct them to the names in your solution, then: `isv write f365.json \
         --map-apps apps.json …`\n"
    );
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&run.out), "{run:#?}");
    assert_eq!(desk.done("microsoft isv names f365.json").out, desk.read("apps.json"));
    desk.write("apps.json", desk.read("apps.json").replace("f365_audit", "fab_Audit"));
    let run = desk.done("microsoft isv write f365.json --plans p.csv --mapping m.csv --map-apps apps.json");
    assert!(
        run.out.contains("  not in the files: the ids of 3 apps whose components are named otherwise\n"),
        "{run:#?}"
    );
    assert!(readme.contains(&run.out), "{run:#?}");
    let back = "  `isv read --like f365.json --map-apps apps.json` restores these\n";
    assert!(run.out.ends_with(back), "{run:#?}");
    assert!(desk.read("m.csv").contains(",fab_Audit\r\n"));
    desk.done("microsoft isv read p.csv m.csv --like f365.json --map-apps apps.json -o again.json");
    let offer = |name: &str| -> serde_json::Value { serde_json::from_str(&desk.read(name)).unwrap() };
    let (again, first) = (offer("again.json"), offer("f365.json"));
    assert_eq!((&again["apps"], &again["management"]), (&first["apps"], &first["management"]));
    for plan in 0..3 {
        for field in ["id", "scope", "name", "more_info", "apps"] {
            assert_eq!(again["plans"][plan][field], first["plans"][plan][field], "nothing is lost");
        }
    }
    // One by one, on the command line.
    let renames = "--rename f365/orders=o --rename f365/forecasts=f --rename f365/audit=a";
    desk.done(&format!("microsoft isv write f365.json --plans p2.csv --mapping m2.csv {renames}"));
    let run = desk.done("microsoft isv read p2.csv m2.csv --rename f365/audit=a --rename f365/none=n -o few.json");
    assert!(run.err.contains("note: the plan mapping has no component `n` for `f365/none`"), "{run:#?}");
    assert!(desk.read("few.json").contains("\"f365/audit\""));
    desk.write("twice.json", r#"{"f365/audit": "a", "f365/audit": "b"}"#);
    desk.write("list.json", r#"["f365/audit"]"#);
    for (options, code, expected) in [
        ("--map-apps twice.json", 3, "[isv.component-named-twice]"),
        ("--map-apps list.json", 3, "[cli.not-component-names]"),
        ("--map-apps none.json", 3, "[cli.unreadable]"),
        ("--rename f365/audit", 2, "f365/audit=fab_Audit"),
        ("--rename f365/audit=fab/Audit", 2, "[isv.not-a-component-name]"),
        ("--map-apps apps.json --rename f365/audit=b", 2, "[isv.component-named-twice]"),
        ("--map-apps apps.json --rename f365/none=b", 1, "[isv.unknown-app]"),
    ] {
        desk.run(&format!("microsoft isv write f365.json --plans x.csv --mapping y.csv {options}"))
            .ends(code, expected);
    }
    assert!(!desk.path("x.csv").exists() && !desk.path("y.csv").exists());
    // A catalog of which every app is a component needs no names.
    desk.done("microsoft isv read plans.csv mapping.csv -o plain.json");
    assert_eq!(desk.done("microsoft isv names plain.json").out, "{}\n");
}

#[test]
fn every_fault_of_a_table_is_shown_in_its_cell() {
    let desk = isv();
    desk.write("plans.csv", PLANS.replace("f365.base,Fab", "f365.Base,Fab"));
    desk.write("mapping.csv", MAPPING.replace("gold,fabAudit", "tin,\"fab\nAudit\""));
    let run = desk.run("microsoft isv read plans.csv mapping.csv -o catalog.json");
    let first = "error[csv.not-a-service-id]: `fabrikam.f365.Base` is not a service id like `publisher.offer.plan`: three \
                 parts of at most 50 characters of a-z 0-9 - _\n --> plans.csv:2:1, cell 1\n  |\n2 | fabrikam.f365.Base,\
                 Fabrikam Base,https://fabrikam.example/base\n  | ^^^^^^^^^^^^^^^^^^\n";
    assert!(run.out.starts_with(first), "{}", run.out);
    let last = " --> mapping.csv:4:19, cell 2\n  |\n4 | fabrikam.f365.tin,\"fab\n  |                   ^^^^\n";
    assert!(run.out.contains(last), "{}", run.out);
    run.ends(3, "plans.csv and mapping.csv have 4 faults.");
    assert!(!desk.path("catalog.json").exists());
    let json = desk.run("microsoft isv read plans.csv mapping.csv --json").json();
    assert_eq!((&json["sound"], &json["total"]), (&false.into(), &4.into()));
    let place = serde_json::json!({ "level": "error", "code": "csv.not-a-service-id", "file": "plans.csv", "line": 2,
        "cell": 1, "message": json["found"][0]["message"] });
    assert_eq!(json["found"][0], place);
    // Misspelt headings are faults, and not another kind of file.
    desk.write("plans.csv", PLANS.replace("Display name", "Name"));
    let run = desk.run("microsoft isv read plans.csv mapping.csv");
    run.ends(3, "error[csv.missing-column]: the heading line has no column `Display name`");
    assert!(run.out.contains("1 | ServiceID,Name,More info URL\n  |           ^^^^\n"), "{}", run.out);
}

#[test]
fn options_have_to_fit_the_files() {
    let desk = isv();
    for (line, code, expected) in [
        ("--scope tin=tenant", 3, "[isv.offer-defaults]"),
        ("--scope base=capacity", 3, "[catalog."),
        ("--scope base=all", 2, "use tenant, user or capacity"),
        ("--scope base", 2, "base=tenant"),
        ("--like mapping.csv", 3, "[catalog.not-json]"),
        ("--like f365.json", 3, "the app `f365/audit` is licensed, but no plan lists it"),
    ] {
        desk.run(&format!("microsoft isv read plans.csv mapping.csv {line}")).ends(code, expected);
    }
    let latin: Vec<u8> =
        PLANS.replace("Gold", "G\u{f6}ld").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    desk.write("plans.csv", latin);
    let run = desk.done("microsoft isv read plans.csv mapping.csv");
    assert!(run.out.contains("Fabrikam G\u{f6}ld") && run.err.contains("read as Windows-1252"), "{run:#?}");
}

#[test]
fn an_edition_is_counted_repaired_and_converted() {
    let desk = Desk::new();
    let (full, basic) = (("Desk Full", 1), ("Desk\u{a0}Basic ", 2));
    let rows = [row(full, ("Mail", 11)), row(full, ("Chat", 12)), row(basic, ("Mail", 11)), row(full, ("Chat", 12))];
    let text = format!("{HEADINGS}{}", rows.concat());
    desk.write("utf8.csv", format!("\u{feff}{text}"));
    desk.write("latin.csv", text.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect::<Vec<u8>>());
    let run = desk.done("microsoft catalogue read utf8.csv -o catalog.json");
    let table = "COUNT  DATA ISSUE                   EXAMPLE\n    1  data-issue.no-break-space    line 4, column 1: no-break \
                 spaces were replaced by spaces\n    1  data-issue.edge-white-space  line 4, column 1: leading or trailing \
                 white space was removed\n    1  data-issue.repeated-pair     line 5 repeats line 3: \
                 `00000000-0000-0000-0000-000000000001` contains `00000000-0000-0000-0000-00000000000c`\n";
    let numbers = "2 products, 2 service plans, 3 pairs";
    assert_eq!(
        run.out,
        format!(
            "utf8.csv: {numbers}; UTF-8 with a byte order mark\n{table}catalog.json: 2 plans and 2 apps of \
             `microsoft-365`\n  assumed: every product is of scope user\n  assumed: no product requires or excludes \
             another, and no service plan is free\n"
        )
    );
    desk.run("catalog check catalog.json").ends(0, "has 2 apps and 2 plans.");
    let law = format!("catalog laws catalog.json --unlocks {} {}", guid(1), guid(2));
    desk.run(&law).ends(0, "holds");
    let latin = desk.done("microsoft catalogue read latin.csv --all");
    assert!(
        latin.out.starts_with(&format!("latin.csv: {numbers}; Windows-1252\n  line 4, column 1: no-break")),
        "{latin:#?}"
    );
    let json = desk.done("microsoft catalogue read latin.csv --json").json();
    assert_eq!((&json["products"], &json["service_plans"], &json["pairs"]), (&2.into(), &2.into(), &3.into()));
    assert_eq!(json["blemishes"][0]["code"], "data-issue.no-break-space");
    // Scopes of products are options, not guessed.
    let scopes =
        format!("microsoft catalogue read utf8.csv -o t.json --scope tenant --scope {}=user --offer desk", guid(2));
    desk.run(&scopes).ends(0, "assumed: every product is of scope tenant, except 1");
    let offer: serde_json::Value = serde_json::from_str(&desk.read("t.json")).unwrap();
    assert_eq!((&offer["plans"][0]["scope"], &offer["plans"][1]["scope"]), (&"tenant".into(), &"user".into()));
    assert_eq!(offer["offer"], "desk");
    for (option, code, expected) in [
        (format!("--scope {}=user", guid(9)), 2, "[cli.unknown-product]"),
        ("--scope capacity".to_string(), 3, "[catalog.unsound]"),
        ("--scope desk=user".to_string(), 2, "is not a GUID"),
        ("--offer=".to_string(), 2, "error: invalid value"),
    ] {
        desk.run(&format!("microsoft catalogue read utf8.csv -o no.json {option}")).ends(code, expected);
    }
    assert!(!desk.path("no.json").exists());
    desk.run("microsoft catalogue read utf8.csv -o t.json").ends(5, "[cli.exists]");
}

#[test]
fn c10_two_editions_are_compared() {
    let desk = Desk::new();
    let (full, basic, new) = (("Desk Full", 1), ("Desk Basic", 2), ("Desk New", 3));
    let (mail, chat, wall) = (("Mail", 11), ("Chat", 12), ("Wall", 13));
    desk.write("old.csv", [HEADINGS, &row(full, mail), &row(full, chat), &row(basic, chat)].concat());
    let called = row(("Desk Whole", 1), wall);
    desk.write("new.csv", [HEADINGS, &row(("Desk Whole", 1), mail), &called, &row(new, wall)].concat());
    let run = desk.done("microsoft catalogue compare old.csv new.csv");
    let totals = "               EARLIER  LATER  NEW  REMOVED  RENAMED\nproducts             2      2    1        1        1\n\
        service plans        2      2    1        1        0\nproducts in both editions: 1 changed, service plans: 1 gained, 1 lost\n";
    let expected = "\nproducts that gained (+) or lost (-) service plans: 1\n  Desk Whole (00000000-0000-0000-0000-000000000001)\n    \
        + Wall (00000000-0000-0000-0000-00000000000d)\n    - Chat (00000000-0000-0000-0000-00000000000c)\n\nnew products: 1\n  \
        Desk New (00000000-0000-0000-0000-000000000003)\n\nremoved products: 1\n  Desk Basic \
        (00000000-0000-0000-0000-000000000002)\n\nnew service plans: 1\n  Wall (00000000-0000-0000-0000-00000000000d)\n\nremoved \
        service plans: 1\n  Chat (00000000-0000-0000-0000-00000000000c)\n\nrenamed products: 1\n  `Desk Whole` \
        was `Desk Full` (00000000-0000-0000-0000-000000000001)\n";
    assert_eq!(run.out, format!("{totals}{expected}"), "the totals come first");
    assert_eq!(desk.done("microsoft catalogue compare old.csv new.csv --summary").out, totals);
    let json = desk.done("microsoft catalogue compare old.csv new.csv --json").json();
    let summary = desk.done("microsoft catalogue compare old.csv new.csv --summary --json").json();
    assert_eq!((&summary["totals"], summary.get("new_products")), (&json["totals"], None));
    assert_eq!((&json["totals"]["products"]["renamed"], &json["totals"]["gained"]), (&1.into(), &1.into()));
    assert_eq!(json["changed_products"][0]["gained"][0]["name"], "Wall");
    assert_eq!((&json["same_content"], json["gone_products"][0]["id"].as_str().unwrap()), (&false.into(), &*guid(2)));
    desk.run("microsoft catalogue compare old.csv old.csv").ends(0, "The contents are the same.\n");
    desk.write("cut.csv", [HEADINGS, "a,b\r\n"].concat());
    desk.run("microsoft catalogue compare old.csv cut.csv").ends(3, "cut.csv has 1 fault.");
    desk.run("microsoft catalogue compare old.csv").ends(2, "<NEW>");
}

/// An older edition, an edition that a spreadsheet saved, and a fault in one.
#[test]
fn older_editions_and_those_that_a_spreadsheet_saved_are_read() {
    let desk = Desk::new();
    let text = format!("{HEADINGS}{}", row(("Caf\u{e9} Desk", 1), ("Mail", 11)));
    desk.write("new.csv", &text);
    desk.write("older.csv", text.replace("String_Id", "String_ Id"));
    let saved: Vec<u8> = text.replace(',', ";").chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    desk.write("saved.csv", saved);
    let run = desk.done("microsoft catalogue read older.csv");
    assert!(run.out.contains("1  data-issue.other-heading  column 2 has the heading `String_ Id`"), "{run:#?}");
    let run = desk.done("microsoft catalogue read saved.csv");
    assert!(run.out.starts_with("saved.csv: 1 products, 1 service plans, 1 pairs; Windows-1252\n"), "{run:#?}");
    assert!(run.out.contains("1  data-issue.other-separator  the cells are separated by semicolons"), "{run:#?}");
    for other in ["older.csv", "saved.csv"] {
        desk.run(&format!("microsoft catalogue compare {other} new.csv")).ends(0, "The contents are the same.\n");
    }
    desk.write("wrong.csv", text.replace(',', ";").replace(&guid(11), "none"));
    let run = desk.run("microsoft catalogue read wrong.csv");
    run.ends(3, "wrong.csv has 1 fault.");
    assert!(run.out.contains(" --> wrong.csv:2:") && run.out.contains(";none;Mail\n"), "{run:#?}");
    assert!(run.out.contains("^^^^\n") && !run.out.contains("^^^^^"), "{run:#?}");
    // Files for Microsoft's tool have commas.
    let desk = isv();
    desk.write("plans.csv", PLANS.replace(',', ";"));
    desk.run("microsoft isv read plans.csv mapping.csv").ends(3, "separated by semicolons: save the file with commas");
}

/// The output about many faults, long rows and long texts is bounded.
#[test]
fn x8_output_about_a_hostile_table_is_bounded() {
    let desk = isv();
    let rows = "x,y\n".repeat(20_000);
    desk.write("many.csv", format!("{HEADINGS}{rows}"));
    let run = desk.run("microsoft catalogue read many.csv");
    run.ends(3, "many.csv has 20000 faults, of which 19950 are not shown.");
    assert!(run.out.len() < 20_000, "{}", run.out.len());
    assert_eq!(desk.run("microsoft catalogue read many.csv --json").json()["found"].as_array().unwrap().len(), 1000);
    desk.write("wide.csv", format!("{HEADINGS}{}\u{1b}[2J", "\"\"\"\u{1b},".repeat(200_000)));
    let run = desk.run("microsoft catalogue read wide.csv");
    run.ends(3, "error[csv.");
    assert!(run.out.len() < 5_000 && !run.out.contains('\u{1b}'), "{}", run.out.len());
    // More than fits a catalog with line breaks, and more than fits at all: what is written can be
    // read.
    for (plans, code, expected) in [(30_000, 0, "1 plan and 30000 apps"), (42_000, 1, "[catalog.too-long]")] {
        let rows: String = (0..plans).map(|n| row(("D", 1), ("P", n))).collect();
        desk.write("much.csv", format!("{HEADINGS}{rows}"));
        let name = format!("much-{plans}.json");
        desk.run(&format!("microsoft catalogue read much.csv -o {name}")).ends(code, expected);
        assert_eq!(desk.run(&format!("catalog check {name}")).code, if code == 0 { 0 } else { 3 });
    }
    desk.write("long.csv", format!("{HEADINGS}{}", " ".repeat(4 * 1024 * 1024)));
    desk.run("microsoft catalogue read long.csv").ends(3, "[cli.too-long]");
    desk.write("long.csv", "x".repeat(1024 * 1024 + 1));
    desk.run("microsoft isv read long.csv mapping.csv").ends(3, "[cli.too-long]");
}
