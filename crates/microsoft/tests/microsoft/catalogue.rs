//! The Microsoft 365 catalogue: data issues that are repaired and listed, faults, and differences
//! between editions.

use entitle::Catalog;
use entitle::catalog::{CatalogError, Scope};
use entitle::id::Label;
use entitle::testing::Laws;
use entitle_microsoft::catalogue::{
    ChangedProduct, DataIssue, Edition, EditionError, Encoding, MAX_EDITION_BYTES, Renamed, Scopes,
};
use entitle_microsoft::{Guid, Separator};
use proptest::prelude::*;

const HEADINGS: &str =
    "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names\r\n";

fn product(number: u32) -> Guid {
    format!("{number:08x}-0000-0000-0000-000000000000").parse().unwrap()
}

fn plan(number: u32) -> Guid {
    format!("00000000-0000-0000-0000-{number:012x}").parse().unwrap()
}

/// Returns a file with these rows: name, string id, product, name, service plan, friendly name.
fn file(rows: &[(&str, &str, u32, &str, u32, &str)]) -> String {
    let row = |&(name, string_id, sku, plan_name, id, friendly): &(&str, &str, u32, &str, u32, &str)| {
        format!("{name},{string_id},{},{plan_name},{},{friendly}\r\n", product(sku), plan(id))
    };
    rows.iter().map(row).fold(HEADINGS.to_string(), |text, row| text + &row)
}

fn read(text: &str) -> Edition {
    Edition::read(text.as_bytes()).unwrap()
}

fn faults(text: &str) -> Vec<String> {
    match Edition::read(text.as_bytes()).unwrap_err() {
        EditionError::Faults(faults) => faults.listed.iter().map(ToString::to_string).collect(),
        other => panic!("{other}"),
    }
}

#[test]
fn c8_products_are_plans_and_service_plans_apps() {
    let edition = read(&file(&[
        ("Desk \"Basic\"", "DESK_B", 1, "MAIL", 1, "Mail"),
        ("Desk Full", "DESK_F", 2, "MAIL", 1, "Mail"),
        ("Desk Full", "DESK_F", 2, "CHAT", 2, "\"Chat, and more\""),
    ]));
    assert_eq!(edition.data_issues(), []);
    assert_eq!(edition.product(product(2)).unwrap().service_plans, [plan(1), plan(2)]);
    assert_eq!(edition.service_plan(plan(2)).unwrap().friendly_name.as_str(), "Chat, and more");
    let scopes = Scopes::all(Scope::User).except(product(1), Scope::Tenant);
    let offer = edition.offer("microsoft".parse().unwrap(), "m365".parse().unwrap(), &scopes);
    let catalog = Catalog::new(offer).unwrap();
    let plans: Vec<_> = catalog.offer().plans.iter().map(|plan| (plan.name.as_str(), plan.scope)).collect();
    assert_eq!(plans, [("Desk \"Basic\"", Scope::Tenant), ("Desk Full", Scope::User)]);
    // Texts for people name a service plan by its friendly name, not by its GUID.
    let apps: Vec<_> = catalog.offer().apps.iter().map(|app| app.name.as_ref().map(Label::as_str)).collect();
    assert_eq!(apps, [Some("Mail"), Some("Chat, and more")]);
    let laws = Laws::of(&catalog);
    let [basic, full] = [1, 2].map(|number| product(number).to_string());
    laws.every_app_can_be_opened().unwrap();
    laws.unlocks_all_of(&full, &basic).unwrap();
    laws.opens_only_with(&plan(2).to_string(), &full).unwrap();
    assert_eq!(laws.unlocks_all_of(&basic, &full).unwrap_err().code(), "law.broken");
    // A product with service plans cannot be a capacity.
    let capacity = edition.offer("m".parse().unwrap(), "m".parse().unwrap(), &Scopes::all(Scope::Capacity));
    assert!(matches!(Catalog::new(capacity), Err(CatalogError::Unsound(faults)) if faults.len() == 2));
}

#[test]
fn data_issues_are_repaired_and_listed() {
    let mut text = file(&[
        ("Desk\u{a0}Basic", "DESK_B ", 1, "MAIL", 1, "Mail"),
        ("Desk Basic", "DESK_B", 1, "MAIL", 1, "MAIL"),
        ("Desk Basic", "DESK_B", 1, "Rights \tfor \tDesks", 2, "Rights"),
        ("Desk Basic", "DESK_B", 3, "Mail)", 1, "Mail"),
        ("Desk Full", "DESK_B", 4, "MAIL", 5, "Mail"),
    ]);
    text = text.replace(&product(3).to_string(), &format!("{}\u{a0}", product(3)).to_uppercase());
    let edition = read(&text);
    let label = |text: &str| text.parse().unwrap();
    assert_eq!(
        edition.data_issues(),
        [
            DataIssue::NoBreakSpace { line: 2, column: 1 },
            DataIssue::EdgeWhiteSpace { line: 2, column: 2 },
            DataIssue::RepeatedPair { line: 3, first: 2, product: product(1), service_plan: plan(1) },
            DataIssue::ControlSpace { line: 4, column: 4 },
            DataIssue::NoBreakSpace { line: 5, column: 3 },
            DataIssue::EdgeWhiteSpace { line: 5, column: 3 },
            DataIssue::SharedStringId {
                string_id: label("DESK_B"),
                products: vec![product(1), product(3), product(4)]
            },
            DataIssue::SharedName { name: label("Desk Basic"), products: vec![product(1), product(3)] },
            DataIssue::SharedServicePlanName { name: label("MAIL"), service_plans: vec![plan(1), plan(5)] },
            DataIssue::ServicePlanNames { service_plan: plan(1), names: vec![label("MAIL"), label("Mail)")] },
            DataIssue::FriendlyNames { service_plan: plan(1), names: vec![label("Mail"), label("MAIL")] },
        ]
    );
    assert_eq!(edition.product(product(1)).unwrap().service_plans, [plan(1), plan(2)]);
    assert_eq!(edition.product(product(1)).unwrap().string_id.as_str(), "DESK_B");
    assert_eq!(edition.service_plan(plan(2)).unwrap().name.as_str(), "Rights for Desks");
    assert_eq!(
        edition.data_issues()[2].to_string(),
        format!("line 3 repeats line 2: `{}` contains `{}`", product(1), plan(1))
    );
}

/// The most frequent name is used, of equally frequent ones the first; several names are a data
/// issue.
#[test]
fn the_usual_name_is_taken() {
    let edition = read(&file(&[
        ("Old", "A", 1, "X", 1, "x"),
        ("New", "B", 1, "Y", 2, "y"),
        ("New", "A", 1, "Z", 3, "z"),
        ("Old", "B", 1, "W", 4, "w"),
    ]));
    let label = |text: &str| text.parse().unwrap();
    assert_eq!(
        edition.data_issues(),
        [
            DataIssue::ProductNames { product: product(1), names: vec![label("Old"), label("New")] },
            DataIssue::StringIds { product: product(1), string_ids: vec![label("A"), label("B")] },
        ]
    );
}

#[test]
fn every_encoding_reads_the_same() {
    let text = file(&[("Desk\u{a0}– Café", "DESK", 1, "MAIL", 1, "Mail™")]);
    let utf8 = read(&text);
    assert_eq!((utf8.encoding(), utf8.products()[0].name.as_str()), (Encoding::Utf8, "Desk – Café"));
    let marked = Edition::read(format!("\u{feff}{text}").as_bytes()).unwrap();
    assert_eq!(marked.encoding(), Encoding::Utf8WithMark);
    // Windows-1252 by hand: – is 0x96, é 0xE9, ™ 0x99, a no-break space 0xA0.
    let windows: Vec<u8> = text
        .chars()
        .map(|c| match c {
            '–' => 0x96,
            '™' => 0x99,
            c => u8::try_from(u32::from(c)).unwrap(),
        })
        .collect();
    let windows = Edition::read(&windows).unwrap();
    assert_eq!(windows.encoding(), Encoding::Windows1252);
    for other in [&marked, &windows] {
        assert_eq!((other.products(), other.service_plans()), (utf8.products(), utf8.service_plans()));
        assert_eq!(other.data_issues(), utf8.data_issues());
    }
}

/// Editions before 2022 have a space in a heading.
#[test]
fn the_heading_of_older_editions_is_read() {
    let text = file(&[("Desk", "DESK", 1, "MAIL", 1, "Mail")]);
    let older = read(&text.replace("String_Id", "String_ Id"));
    assert_eq!(
        older.data_issues(),
        [DataIssue::OtherHeading { column: 2, heading: "String_ Id", current: "String_Id" }]
    );
    assert_eq!((older.products(), older.service_plans()), (read(&text).products(), read(&text).service_plans()));
    let both = text.replace("String_Id", "String_ Id,String_Id");
    assert!(faults(&both)[0].contains("has the column `String_Id` twice"), "{both}");
}

/// A spreadsheet in Germany saves semicolons and Windows-1252, and quotes cells that need it.
#[test]
fn an_edition_that_a_spreadsheet_saved_is_read() {
    let text = file(&[
        ("Café; Desk", "DESK", 1, "MAIL", 1, "\"Mail, \"\"all\"\" of it\""),
        ("Café; Desk", "DESK", 1, "CHAT", 2, "Chat"),
    ]);
    let plain = read(&text);
    let saved = text.replace(',', ";").replace("Café; Desk", "\"Café; Desk\"").replace("Mail; ", "Mail, ");
    for mark in ["", "\u{feff}"] {
        let edition = read(&format!("{mark}{saved}"));
        assert_eq!(edition.data_issues(), [DataIssue::OtherSeparator { separator: Separator::Semicolon }]);
        assert_eq!((edition.products(), edition.service_plans()), (plain.products(), plain.service_plans()));
        assert!(plain.changes_to(&edition).is_same_content());
    }
    let windows: Vec<u8> = saved.chars().map(|c| u8::try_from(u32::from(c)).unwrap()).collect();
    let windows = Edition::read(&windows).unwrap();
    assert_eq!((windows.encoding(), windows.products()), (Encoding::Windows1252, plain.products()));
    // Tabs separate cells, and are within none then.
    let tabs = saved.replace(';', "\t").replace("Café\t Desk", "Café; Desk");
    assert_eq!(read(&tabs).data_issues(), [DataIssue::OtherSeparator { separator: Separator::Tab }]);
    assert_eq!(read(&tabs).products(), plain.products());
    // A fault has the number of its cell, whatever separates it.
    let wrong = faults(&saved.replace(&plan(2).to_string(), "x"));
    assert_eq!(wrong, ["catalogue, line 3, column 5: `x` is not a GUID like 113feb6c-3fe4-4440-bddc-54d774bf0318"]);
}

#[test]
fn all_faults_beyond_repair_are_reported() {
    let good = file(&[("Desk", "DESK", 1, "MAIL", 1, "Mail")]);
    let text = format!("{good},,x,A\u{7}B,{},c\r\nonly,two\r\n", plan(1));
    assert_eq!(
        faults(&text),
        [
            "catalogue, line 3, column 1: label is empty: at least one character is needed".to_string(),
            "catalogue, line 3, column 2: label is empty: at least one character is needed".to_string(),
            "catalogue, line 3, column 3: `x` is not a GUID like 113feb6c-3fe4-4440-bddc-54d774bf0318".to_string(),
            r"catalogue, line 3, column 4: label `A\u{7}B` has a control character at byte 1".to_string(),
            "catalogue, line 4, column 3: the row has 2 cells, the heading line has 6".to_string(),
        ]
    );
    assert_eq!(faults(HEADINGS), ["catalogue, line 1, column 1: there is no row below the heading line"]);
    assert_eq!(faults("").len(), 6, "all six columns are missing");
    let error = Edition::read(b"\xef\xbb\xbfab\xff").unwrap_err();
    assert_eq!(
        (error.code(), error.to_string().as_str()),
        ("edition.not-utf8", "the file has a UTF-8 byte order mark, but byte 5 is not UTF-8")
    );
    let error = Edition::read(&vec![b'a'; MAX_EDITION_BYTES + 1]).unwrap_err();
    assert_eq!(error.code(), "edition.too-long");
    // A byte that Windows-1252 does not assign is in no label.
    let mut bytes = good.into_bytes();
    let at = bytes.windows(4).position(|word| word == b"Desk").unwrap();
    bytes[at] = 0x81;
    assert!(matches!(Edition::read(&bytes), Err(EditionError::Faults(faults)) if faults.total == 1));
}

#[test]
fn an_unknown_column_is_listed() {
    let text = file(&[("Desk", "DESK", 1, "MAIL", 1, "Mail")]);
    let wider = text.lines().fold(String::new(), |wider, line| wider + "Colour," + line + "\r\n");
    let edition = read(&wider);
    assert_eq!(edition.data_issues(), [DataIssue::UnknownColumn { column: 1 }]);
    assert_eq!(edition.products(), read(&text).products());
}

#[test]
fn c10_two_editions_are_compared() {
    let old = read(&file(&[
        ("Basic", "B", 1, "MAIL", 1, "Mail"),
        ("Basic", "B", 1, "FAX", 2, "Fax"),
        ("Full", "F", 2, "MAIL", 1, "Mail"),
        ("Gone", "G", 3, "TELEX", 3, "Telex"),
    ]));
    let new = read(&file(&[
        ("New", "N", 4, "CHAT", 4, "Chat"),
        ("Full", "F", 2, "MAIL", 1, "E-mail"),
        ("Basic Desk", "B", 1, "CHAT", 4, "Chat"),
        ("Basic Desk", "B", 1, "MAIL", 1, "E-mail"),
    ]));
    let changes = old.changes_to(&new);
    assert_eq!((&changes.new_products[..], &changes.gone_products[..]), (&[product(4)][..], &[product(3)][..]));
    assert_eq!(
        (&changes.new_service_plans[..], &changes.gone_service_plans[..]),
        (&[plan(4)][..], &[plan(2), plan(3)][..])
    );
    let [ChangedProduct { product: sku, gained, lost, .. }] = &changes.changed[..] else { panic!("{changes:?}") };
    assert_eq!((*sku, &gained[..], &lost[..]), (product(1), &[plan(4)][..], &[plan(2)][..]));
    let names =
        |renamed: &[Renamed]| renamed.iter().map(|each| format!("{} {}", each.from, each.to)).collect::<Vec<_>>();
    assert_eq!(names(&changes.renamed_products), ["Basic Basic Desk"]);
    assert_eq!(names(&changes.renamed_service_plans), ["Mail E-mail"]);
    assert!(!changes.is_same_content());
}

proptest! {
    /// The gains in one direction are the losses in the other, and the pairs are those of a naive
    /// count.
    #[test]
    fn c10_changes_agree_with_a_naive_count(
        old in prop::collection::btree_set((0_u32..4, 0_u32..5), 1..12),
        new in prop::collection::btree_set((0_u32..4, 0_u32..5), 1..12),
    ) {
        let edition = |pairs: &std::collections::BTreeSet<(u32, u32)>| {
            let rows: Vec<_> = pairs.iter().map(|&(sku, id)| ("a", "b", sku, "c", id, "d")).collect();
            read(&file(&rows))
        };
        let (before, after) = (edition(&old), edition(&new));
        let (there, back) = (before.changes_to(&after), after.changes_to(&before));
        for sku in 0..4 {
            let of = |pairs: &std::collections::BTreeSet<(u32, u32)>| -> Vec<Guid> {
                pairs.iter().filter(|pair| pair.0 == sku).map(|pair| plan(pair.1)).collect()
            };
            let (had, has) = (of(&old), of(&new));
            prop_assert_eq!(there.new_products.contains(&product(sku)), had.is_empty() && !has.is_empty());
            prop_assert_eq!(there.gone_products.contains(&product(sku)), !had.is_empty() && has.is_empty());
            let found = |changes: &entitle_microsoft::catalogue::Changes| {
                changes.changed.iter().find(|each| each.product == product(sku)).map(|each| (each.gained.clone(), each.lost.clone()))
            };
            let gained: Vec<_> = has.iter().filter(|id| !had.contains(id)).copied().collect();
            let lost: Vec<_> = had.iter().filter(|id| !has.contains(id)).copied().collect();
            let differs = !had.is_empty() && !has.is_empty() && had != has;
            prop_assert_eq!(found(&there), differs.then(|| (gained.clone(), lost.clone())));
            prop_assert_eq!(found(&back), differs.then_some((lost, gained)));
        }
        prop_assert!(before.changes_to(&before).is_same_content());
    }

    /// Any bytes are read or refused.
    #[test]
    fn x8_any_bytes_are_read_or_refused(bytes in prop::collection::vec(any::<u8>(), 0..300), headed in any::<bool>()) {
        let mut text = if headed { HEADINGS.as_bytes().to_vec() } else { Vec::new() };
        text.extend(bytes);
        let _ = Edition::read(&text);
    }
}

#[test]
fn a_guid_has_one_form() {
    let text = "113feb6c-3fe4-4440-bddc-54d774bf0318";
    assert_eq!(text.parse::<Guid>().unwrap().to_string(), text);
    assert_eq!(text.to_uppercase().parse::<Guid>().unwrap().to_string(), text, "written in lower case");
    for wrong in [
        "",
        "113feb6c3fe44440bddc54d774bf0318",
        "{113feb6c-3fe4-4440-bddc-54d774bf0318}",
        "113feb6c-3fe4-4440-bddc-54d774bf031",
        "113feb6c-3fe4-4440-bddc-54d774bf03180",
        "113feb6c-3fe4-4440-bddcf54d774bf0318",
        "113feb6-c3fe4-4440-bddc-54d774bf0318",
        "113feb6c-3fe4-4440-bddc-54d774bf031g",
        "113feb6c-3fe4-4440-bddc-54d774bf03\u{e9}",
        "+13feb6c-3fe4-4440-bddc-54d774bf0318",
    ] {
        assert_eq!(wrong.parse::<Guid>().unwrap_err().code(), "microsoft.not-a-guid", "{wrong}");
    }
}
