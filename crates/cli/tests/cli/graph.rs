//! Graph's answers about a tenant: findings, missing data, and other files.

use crate::desk::Desk;

const SKUS: &str = include_str!("../../../microsoft/tests/microsoft/samples/skus.json");
const SUBSCRIPTIONS: &str = include_str!("../../../microsoft/tests/microsoft/samples/subscriptions.json");
const USERS: &str = include_str!("../../../microsoft/tests/microsoft/samples/users.json");
const DETAILS: &str = include_str!("../../../microsoft/tests/microsoft/samples/details.json");

fn saved() -> Desk {
    let desk = Desk::new();
    for (name, text) in [("skus", SKUS), ("subscriptions", SUBSCRIPTIONS), ("users", USERS), ("details", DETAILS)] {
        desk.write(&format!("{name}.json"), text);
    }
    desk
}

#[test]
fn a_finding_is_the_word_of_another_and_decides_nothing() {
    let desk = saved();
    // Ada has DESK with CHAT turned off, and BOOKS, which is suspended; HALL is for the company.
    let run = desk.done("microsoft graph user ADA@sample.example skus.json users.json subscriptions.json");
    let expected = "finding: access of `ada` (ada@sample.example) according to Graph; this is not a decision\n\
        SERVICE PLAN  SKU    OF      FINDING                                              STATE CHANGES\n\
        MAIL          DESK   user    enabled, active                                      2026-04-01T00:00:00Z\n\
        CHAT          DESK   user    not enabled: it is turned off in the assignment      2026-04-01T00:00:00Z\n\
        ARCHIVE       DESK   user    not enabled: its provisioning status is PendingProvisioning  2026-04-01T00:00:00Z\n\
        LEDGER        BOOKS  user    not enabled: the SKU is in state Suspended\n\
        WALL          HALL   tenant  enabled, active\n";
    let words = |text: &str| -> Vec<String> { text.split_whitespace().map(ToString::to_string).collect() };
    assert_eq!(words(&run.out), words(&expected.replace("T00:00:00Z", "")));
    assert!(!run.out.contains("allowed"), "{}", run.out);
    let one =
        |plan: &str| desk.done(&format!("microsoft graph user ada skus.json users.json --service-plan {plan}")).out;
    assert_eq!(one("mail"), "finding: MAIL for `ada` (ada@sample.example): enabled, active\n");
    assert_eq!(one("wall"), "finding: WALL for `ada` (ada@sample.example): enabled, active\n");
    assert!(one("paper").contains("not enabled: the SKU is not assigned to the user"));
    let none = one("00000000-0000-0000-0000-0000000000ff");
    assert!(none.contains("not enabled: no SKU of the tenant contains it"), "{none}");
    let json = desk.done("microsoft graph user ada skus.json users.json --service-plan LEDGER --json").json();
    assert_eq!(
        (&json["kind"], &json["enabled"], &json["code"]),
        (&"finding".into(), &false.into(), &"finding.sku-state".into())
    );
    assert!(json.get("allowed").is_none());
    let json = desk.done("microsoft graph user ada skus.json users.json --json").json();
    assert_eq!(
        (&json["findings"][0]["service_plan_name"], &json["findings"][0]["enabled"]),
        (&"MAIL".into(), &true.into())
    );
    assert_eq!((&json["gap"], &json["findings"][4]["of"]), (&serde_json::Value::Null, &"tenant".into()));
    desk.run("microsoft graph user ada skus.json users.json --service-plan TAPE").ends(2, "[cli.unknown-service-plan]");
    let stranger = desk.done("microsoft graph user zoe skus.json users.json");
    stranger.ends(0, "no file contains data about `zoe`");
}

#[test]
fn license_details_name_their_user_or_an_option_does() {
    let desk = saved();
    let ada = desk.done("microsoft graph user ada skus.json details.json");
    assert!(ada.out.contains("not enabled: its provisioning status is Disabled"), "{}", ada.out);
    desk.run("microsoft graph user bo skus.json details.json --service-plan MAIL").ends(0, "not known");
    desk.write("details.json", DETAILS.replace("users('ada')/licenseDetails", "x").replace("@odata.context", "other"));
    desk.run("microsoft graph user ada skus.json details.json").ends(2, "[cli.whose-details]");
    desk.run("microsoft graph user ada skus.json --details details.json --service-plan MAIL")
        .ends(0, "enabled, active");
    desk.run("microsoft graph user ada skus.json --details skus.json").ends(3, "[cli.other-file]");
    // Graph's answer about one user: other users are unknown.
    let bo = USERS[USERS.find("{ \"id\": \"bo\"").unwrap_or_else(|| USERS.find("\"id\": \"bo\"").unwrap() - 1)..]
        .to_string();
    let bo = format!("{{ {}", &bo[bo.find("\"id\"").unwrap()..]);
    let end = bo.find("]\n        }").unwrap() + "]\n        }".len();
    desk.write("bo.json", &bo[..end]);
    desk.run("microsoft graph user bo skus.json bo.json --service-plan MAIL").ends(0, "enabled, active");
    desk.run("microsoft graph user ada skus.json bo.json --service-plan MAIL").ends(0, "not known");
    desk.run("microsoft graph errors bo.json").ends(0, "Incomplete: only one entry of users was read.");
    desk.run("microsoft graph errors bo.json users.json").ends(2, "[cli.two-answers]");
}

#[test]
fn units_ends_and_errors_are_printed() {
    let desk = saved();
    let units = desk.done("microsoft graph units skus.json").out;
    assert!(
        units.starts_with("SKU    STATE      FOR      ENABLED  WARNING  SUSPENDED  ASSIGNED  FREE  OVER\n"),
        "{units}"
    );
    assert!(
        units.contains("BOOKS  Suspended  User           0        0         28        14     0    14\n"),
        "{units}"
    );
    let json = desk.done("microsoft graph units skus.json --json").json();
    assert_eq!((&json["skus"][0]["units"]["free"], &json["skus"][1]["units"]["over"]), (&3.into(), &14.into()));
    let ends = desk.done("microsoft graph ends subscriptions.json");
    let lines: Vec<&str> = ends.out.lines().collect();
    assert!(lines[1].starts_with("2026-04-01  DESK  Warning") && lines[1].ends_with("trial  desk-2"), "{ends:#?}");
    assert!(lines[2].starts_with("2026-05-01  DESK  Enabled") && lines[3].contains("query it again"), "{ends:#?}");
    assert!(lines[5].starts_with("2026-02-01") && lines[6] == "Subscriptions without a date: old", "{ends:#?}");
    let json = desk.done("microsoft graph ends subscriptions.json --json").json();
    assert_eq!((&json["next"][0]["sale"], &json["past"][0]["subscription"]), (&"trial".into(), &"warned".into()));
    let errors = desk.done("microsoft graph errors users.json skus.json").out;
    // Two users wait for a unit of DESK, of which 12 are usable and 9 assigned; one for BOOKS,
    // whose 28 units are all suspended.
    assert!(errors.contains("`DESK` now has enough units: reprocess the assignment"), "{errors}");
    assert!(errors.contains("free or buy 15 units of `BOOKS`, or renew suspended units (28)"), "{errors}");
    assert!(errors.contains("set a usage location for `eli`"), "{errors}");
    let json = desk.done("microsoft graph errors users.json skus.json --json").json();
    assert_eq!(json["errors"][0]["cure"]["code"], "fix.reprocess");
    assert_eq!((&json["errors"][0]["group"], &json["errors"][1]["group"]), (&"sales".into(), &serde_json::Value::Null));
    // Without the SKUs the number of missing units is not known.
    desk.run("microsoft graph errors users.json").ends(0, "query Graph: it is not in the part of subscribedSkus");
}

/// The effects of a request according to Graph; nothing is changed.
#[test]
fn the_effects_of_a_request_are_printed() {
    let desk = saved();
    let id = |n: u32| format!("00000000-0000-0000-0000-{n:012x}");
    let add = format!(r#"{{"skuId": "{}", "disabledPlans": ["{}"]}}"#, id(12), id(4));
    desk.write("ask.json", format!(r#"{{"addLicenses": [{add}], "removeLicenses": ["{}"]}}"#, id(10)));
    let run = desk.done("microsoft graph request ask.json --user ada@sample.example skus.json users.json");
    let expected = "finding: effects for user `ada` according to Graph; nothing is changed\nCHANGE  SKU    EFFECT\nremove  DESK   \
                    frees 1 unit\nadd     PRINT  takes 1 of 4 free units\nPRINT does not contain these service plans \
                    to turn off: LEDGER\n";
    assert_eq!(run.out, expected);
    let json = desk.done("microsoft graph request ask.json --group sales skus.json users.json --json").json();
    assert_eq!((&json["group"], &json["effects"][0]["code"]), (&"sales".into(), &"effect.frees".into()));
    assert_eq!(json["effects"][1]["finding"], "not known: members is missing from the answer");
    desk.write("none.json", r#"{"addLicenses": [], "removeLicenses": []}"#);
    desk.run("microsoft graph request none.json --user ada skus.json users.json")
        .ends(0, "The request contains no changes.");
    desk.write("cut.json", r#"{"addLicenses": []}"#);
    for (line, code, expected) in [
        ("ask.json skus.json", 2, "required"),
        ("ask.json --user ada --group sales skus.json", 2, "cannot be used with"),
        ("ask.json --user ada users.json", 2, "[cli.missing-answer]"),
        ("skus.json --user ada users.json", 3, "the body of a request to assignLicense is required [cli.other-file]"),
        ("cut.json --user ada users.json", 3, "missing field `removeLicenses`"),
        ("ask.json --user ada skus.json ask.json", 3, "[cli.other-file]"),
    ] {
        desk.run(&format!("microsoft graph request {line}")).ends(code, expected);
    }
}

#[test]
fn a_catalogue_beside_them_gives_names() {
    let desk = saved();
    let id = |n: u32| format!("00000000-0000-0000-0000-{n:012x}");
    desk.write(
        "names.csv",
        format!(
            "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names\n\
             The Desk,DESK,{},MAIL,{},Letters\n",
            id(10),
            id(1)
        ),
    );
    let run = desk.done("microsoft graph user ada skus.json users.json names.csv");
    assert!(
        run.out.contains("Letters       The Desk  user") && run.out.contains("CHAT          The Desk"),
        "{}",
        run.out
    );
    let one = desk.done("microsoft graph user ada skus.json users.json names.csv --service-plan Letters");
    assert_eq!(one.out, "finding: Letters for `ada` (ada@sample.example): enabled, active\n");
    // Graph's own name is also accepted.
    let own = desk.done("microsoft graph user ada skus.json users.json names.csv --service-plan MAIL");
    assert_eq!(own.out, one.out);
    desk.write("names.csv", "String_Id,GUID\na,b\n");
    desk.run("microsoft graph units skus.json names.csv").ends(3, "[edition.faults]");
}

#[test]
fn pages_are_read_in_any_order_and_a_missing_page_is_reported() {
    let desk = saved();
    let first =
        SUBSCRIPTIONS.replacen("\"value\"", "\"@odata.nextLink\": \"https://graph.example/next\", \"value\"", 1);
    desk.write("first.json", &first);
    desk.write("last.json", SUBSCRIPTIONS.replace("\"id\": \"", "\"id\": \"more-"));
    let whole = desk.done("microsoft graph ends last.json first.json --json").json();
    assert_eq!((&whole["whole"], whole["next"].as_array().unwrap().len()), (&true.into(), 4));
    let part = desk.done("microsoft graph ends first.json");
    part.ends(0, "Incomplete: another page of directory/subscriptions was not read.");
    desk.run("microsoft graph ends last.json subscriptions.json").ends(3, "[graph.not-a-continuation]");
    desk.run("microsoft graph ends first.json subscriptions.json").ends(3, "[graph.repeated]");
    for (question, list) in [("units", "subscribedSkus"), ("user ada", "subscribedSkus"), ("errors", "users")] {
        let run = desk.run(&format!("microsoft graph {question} subscriptions.json"));
        run.ends(2, &format!("error: {list} are required"));
        assert!(run.err.contains("[cli.missing-answer]\n  help: save all pages of the answer to `GET /"), "{run:#?}");
    }
    desk.run("microsoft graph ends skus.json").ends(2, "[cli.missing-answer]");
    desk.run("microsoft graph user ada skus.json").ends(2, "users, or this user's licenseDetails");
    desk.run("microsoft graph ends").ends(2, "Usage");
}

/// Each error names the likely kind of the file, and the required one.
#[test]
fn x8_other_files_are_refused_with_their_likely_kind() {
    let desk = saved();
    let deep = format!("{{\"value\":{}", "[".repeat(100_000));
    let files: [(&str, Vec<u8>, &str, &str); 22] = [
        ("add.json", br#"{"addLicenses": [], "removeLicenses": []}"#.to_vec(), "other", "a request to assign licenses"),
        (
            "err.json",
            br#"{"error": {"code": "Forbidden", "message": "no"}}"#.to_vec(),
            "other",
            "an error of Graph: Forbidden: no",
        ),
        ("types.json", br#"{"subscribedSku": {}, "enums": {}}"#.to_vec(), "other", "a description of Graph's types"),
        ("bare.json", b"[]".to_vec(), "other", "a list without the object around it"),
        ("deal.json", br#"{"jti": "x"}"#.to_vec(), "other", "a deal, which `entitle inspect` reads"),
        ("f365.json", desk.read("f365.json").into_bytes(), "other", "a catalog, which `entitle catalog check` reads"),
        ("utf16.json", b"\xff\xfe{\0}\0".to_vec(), "other", "text in UTF-16"),
        ("report.csv", b"SKU Name,Licenses Provisioned\n".to_vec(), "other", "a License report"),
        (
            "columns.csv",
            b"Attribute name,Definition\n".to_vec(),
            "other",
            "the description of the columns of a License report",
        ),
        ("days.csv", b"channel,term,grace_or_expired_days\n".to_vec(), "other", "how many days subscriptions have"),
        ("plans.csv", b"ServiceID,Display name,More info URL\n".to_vec(), "other", "a plan definition"),
        ("map.csv", b"Service ID,Component name\n".to_vec(), "other", "a plan mapping"),
        ("empty", Vec::new(), "unknown", "empty"),
        ("null.json", b"null".to_vec(), "unknown", "a text that begins with `null`"),
        ("binary", vec![0xff, 0x00, 0x80, 0x1b], "unknown", "not text"),
        ("table.csv", b"a,b\x0bc,d,e,f\n".to_vec(), "unknown", "a table headed `a`, `b"),
        ("text.txt", "x".repeat(1_000_000).into_bytes(), "unknown", "xxx…`"),
        ("none.json", b"{}".to_vec(), "unknown", "JSON of another kind"),
        ("nothing.json", br#"{"value": []}"#.to_vec(), "unknown", "an empty list of Graph without a context"),
        ("groups.json", br#"{"value": [{"id": "g"}]}"#.to_vec(), "unknown", "another list of Graph"),
        ("deep.json", deep.into_bytes(), "unknown", "unknown JSON: EOF while parsing"),
        ("cut.json", SKUS.as_bytes()[..SKUS.len() / 2].to_vec(), "unknown", "EOF while parsing"),
    ];
    for (name, bytes, _, _) in &files {
        desk.write(name, bytes);
    }
    for (name, _, code, expected) in files {
        let run = desk.run(&format!("microsoft graph units {name}"));
        run.ends(3, &format!("[cli.{code}-file]"));
        assert!(
            run.err.contains(expected) && run.err.contains("a saved answer of Graph is required"),
            "{name}: {run:#?}"
        );
        assert!(run.err.len() < 1_000 && !run.err.contains('\u{1b}'), "{name}: {run:#?}");
        let json = desk.run(&format!("microsoft graph units {name} --json"));
        assert_eq!((json.code, &json.json()["error"]["code"]), (3, &format!("cli.{code}-file").into()), "{name}");
        if !matches!(name, "plans.csv" | "table.csv") {
            desk.run(&format!("microsoft isv read {name} map.csv")).ends(3, "a plan definition is required");
        }
    }
}

#[test]
fn x8_a_hostile_answer_is_an_error_with_its_file() {
    let desk = saved();
    desk.write("secret.json", SKUS.replace("Sample", "k4.secret.abc"));
    desk.write("twice.json", SKUS.replace("00000000000b\", \"skuPart", "00000000000a\", \"skuPart"));
    desk.write("word.json", SKUS.replace("\"consumedUnits\": 9", "\"consumedUnits\": -9"));
    desk.write("evil.json", SKUS.replace("\"DESK\"", "\"\\u001b[2J\""));
    std::fs::File::create(desk.path("huge.json")).unwrap().set_len(64 * 1024 * 1024 + 1).unwrap();
    for (line, code, expected) in [
        ("units secret.json", 3, "[cli.secret-key]"),
        ("units twice.json", 3, "twice.json: subscribedSkus contain `00000000-0000-0000-0000-00000000000a` twice"),
        ("units word.json", 3, "word.json: page 1 of subscribedSkus: invalid value: integer `-9`"),
        ("units huge.json", 3, "[cli.too-long]"),
        ("units missing.json", 3, "[cli.unreadable]"),
        ("units .", 3, "[cli.unreadable]"),
        ("units evil.json", 0, "\\u{1b}[2J"),
    ] {
        let run = desk.run(&format!("microsoft graph {line}"));
        run.ends(code, expected);
        assert!(!run.out.contains('\u{1b}') && !run.err.contains('\u{1b}'), "{line}: {run:#?}");
    }
}
