//! Pictures are read back: they are XML, contain the expected texts, and keep them within their
//! edges, for any rows.
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    clippy::indexing_slicing,
    reason = "a test may fail by panicking"
)]

use std::sync::LazyLock;

use entitle::chrono::{DateTime, Utc};
use entitle::id::Label;
use entitle::license::{Customer, Licensee};
use entitle::quantity::{Capacity, Quantity, Total};
use entitle::record::Beginning;
use entitle::report::{CapacityRow, ConsumptionRow, CountryRow, Detail, GrandTotal, MonthRow, Series};
use entitle::time::Month;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey, Tenant, Term,
    Units, Zeroizing,
};
use proptest::prelude::*;

use crate::text::width;
use crate::{PlotError, by_country, capacity, consumption_over_time, over_time};

const UNIT: u64 = 1_000_000;

/// A row of each kind of a tenant with seats and sessions: only the core creates rows.
static ROWS: LazyLock<(MonthRow, CountryRow, CapacityRow, ConsumptionRow)> = LazyLock::new(|| {
    let (day, now) = (at("2024-04-01T00:00:00Z"), at("2024-04-02T00:00:00Z"));
    let catalog = Catalog::from_json(include_str!("../../../examples/agents.json")).unwrap();
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let contoso = Customer::new("contoso".parse().unwrap(), title("Contoso"), "DE".parse().unwrap());
    let [seats, sessions] = ["agents-user", "sessions"]
        .map(|plan| Grant::paid(plan.parse().unwrap(), Units::limited(5).unwrap(), Term::perpetual(day)));
    let licensee = Licensee::Tenant(contoso);
    let deal = Deal::new(LicenseId::from_random([1; 16]), catalog.offer(), licensee, day).with(seats).with(sessions);
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let mut tenant = Tenant::new(&catalog, &ring, &beginning);
    let admin = Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator);
    let commands = [Command::Install(secret.seal(&deal).unwrap())];
    let entries = [tenant.decide(&admin, &commands, RequestId::from_random([1; 16]), day).unwrap()];
    let mut series = Series::new(month(3)..=month(3));
    series.add(&tenant.usage_statement(&entries, series.range(), now).unwrap());
    tenant.apply(&entries[0]).unwrap();
    let (mut months, mut countries) = (series.months(Detail::UserPlans), series.countries(Detail::UserPlans));
    let consumption = series.consumption().remove(0);
    (months.remove(0), countries.remove(0), tenant.capacity_rows(now).next().unwrap(), consumption)
});

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn title(text: &str) -> Label {
    text.parse().unwrap()
}

fn month(number: u64) -> Month {
    format!("{:04}-{:02}", 2024 + number / 12, number % 12 + 1).parse().unwrap()
}

fn month_row(month: Month, provisioned: Total, assigned: u64) -> MonthRow {
    let mut row = ROWS.0.clone();
    let GrandTotal { unlimited, limited } = GrandTotal::from(provisioned);
    (row.licenses_provisioned, row.tenants_unlimited) = (limited, unlimited);
    (row.month, row.licenses_assigned) = (month, assigned);
    row
}

fn consumption_row(month: Month, consumed: u64, allowance: Capacity) -> ConsumptionRow {
    let mut row = ROWS.3.clone();
    let GrandTotal { unlimited, limited } = GrandTotal::from(allowance);
    (row.month, row.consumed) = (month, Quantity::of_millionths(consumed));
    (row.allowance, row.tenants_unlimited) = (limited, unlimited);
    row
}

/// Returns the name of a country as a `'static` text.
fn country_name(code: &str) -> Option<&'static str> {
    iso3166::Country::from_alpha2(code).map(|country| country.data().name)
}

fn country_row(code: Option<&str>, provisioned: Total, assigned: u64) -> CountryRow {
    let mut row = ROWS.1.clone();
    row.month = month(3);
    row.customer_country = code.and_then(country_name);
    row.customer_country_code = code.map(|code| code.parse().unwrap());
    let GrandTotal { unlimited, limited } = GrandTotal::from(provisioned);
    (row.licenses_provisioned, row.tenants_unlimited, row.licenses_assigned) = (limited, unlimited, assigned);
    row
}

fn capacity_row(name: Option<&str>, consumed: u64, allowance: Capacity) -> CapacityRow {
    let mut row = ROWS.2.clone();
    row.month = month(3);
    row.consumer = name.map(|name| name.parse().unwrap());
    (row.consumed, row.allowance) = (Quantity::of_millionths(consumed), allowance);
    row
}

const fn limited(units: u64) -> Total {
    Total::Limited(units)
}

/// Returns the texts of a picture, and asserts that it is XML and everything is within its edges.
fn texts(svg: &str) -> Vec<String> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let number = |node: &roxmltree::Node<'_, '_>, name: &str| node.attribute(name).unwrap().parse::<f64>().unwrap();
    let root = document.root_element();
    let (right, bottom) = (number(&root, "width"), number(&root, "height"));
    let mut texts = Vec::new();
    for node in root.descendants() {
        if node.has_tag_name(("http://www.w3.org/2000/svg", "rect")) {
            let (x, y) = (number(&node, "x"), number(&node, "y"));
            let (w, h) = (number(&node, "width"), number(&node, "height"));
            assert!(x >= 0.0 && y >= 0.0 && w >= 0.0 && h >= 0.0 && x + w <= right && y + h <= bottom, "{node:?}");
        }
        if node.has_tag_name(("http://www.w3.org/2000/svg", "text")) {
            let text = node.text().unwrap_or_default().trim();
            let (x, y) = (number(&node, "x"), number(&node, "y"));
            let wide = width(text, number(&node, "font-size"));
            let from = match node.attribute("text-anchor").unwrap() {
                "start" => x,
                "middle" => x - wide / 2.0,
                _ => x - wide,
            };
            let is_turned = node.attribute("transform").is_some();
            assert!(is_turned || from >= 0.0 && from + wide <= right, "{text} from {from}, {wide} wide, of {right}");
            assert!(y >= 0.0 && y <= bottom, "{text} at {y} of {bottom}");
            texts.push(text.to_string());
        }
    }
    look(svg);
    texts
}

/// Writes the picture into the folder in the environment variable `PICTURES`, to be looked at.
fn look(svg: &str) {
    let Some(folder) = std::env::var_os("PICTURES") else { return };
    let name = std::thread::current().name().unwrap_or("picture").replace("::", "-");
    let free =
        (0..10_000).map(|n| std::path::Path::new(&folder).join(format!("{name}-{n}.svg"))).find(|path| !path.exists());
    std::fs::write(free.unwrap(), svg).unwrap();
}

fn has(texts: &[String], expected: &[&str]) {
    for text in expected {
        assert!(texts.iter().any(|found| found == text), "{text} is not in {texts:?}");
    }
}

#[test]
fn p1_months_are_drawn_with_dates_and_whole_numbers() {
    let rows: Vec<_> = (0..24).map(|n| month_row(month(n), limited(40 + 5 * n), 30 + 5 * n)).collect();
    let texts = texts(&over_time(&title("Seats"), &rows).unwrap());
    has(
        &texts,
        &["Seats", "2024-01 to 2025-12", "Provisioned", "Assigned", "Licenses", "2024-01", "2025-11", "0", "50", "200"],
    );
    assert!(texts.iter().all(|text| !text.contains('.')), "{texts:?}");
}

#[test]
fn p1_one_month_few_licenses_and_none_at_all_are_drawn() {
    let one = texts(&over_time(&title("One"), &[month_row(month(0), limited(3), 1)]).unwrap());
    has(&one, &["2024-01", "0", "1", "2", "3"]);
    let none = texts(&over_time(&title("None"), &[month_row(month(0), limited(0), 0)]).unwrap());
    has(&none, &["0", "1"]);
    assert_eq!(over_time(&title("x"), &[]), Err(PlotError::NoRows));
    assert_eq!(by_country(&title("x"), &[]), Err(PlotError::NoRows));
    assert_eq!(capacity(&title("x"), &[]).unwrap_err().code(), "plot.no-rows");
}

#[test]
fn p1_rows_of_a_month_are_added_up_and_unlimited_ones_are_labelled() {
    let rows = [
        month_row(month(0), limited(3), 1),
        month_row(month(0), limited(4), 6),
        month_row(month(1), limited(4), 6),
        month_row(month(1), Total::Unlimited, 2),
        month_row(month(4), limited(6), 7),
    ];
    let found = texts(
        &over_time(&title("Some unlimited, two months without a row, and more assigned than there are"), &rows)
            .unwrap(),
    );
    has(&found, &["Unlimited: 1 tenant", "Provisioned", "2024-03", "8"]);
    let found = texts(&over_time(&title("All unlimited"), &rows[3..4]).unwrap());
    has(&found, &["Unlimited: 1 tenant", "2"]);
}

/// The steps of limited units, as heights in pixels, from the pale rectangles.
fn heights(svg: &str, color: &str) -> Vec<f64> {
    let document = roxmltree::Document::parse(svg).unwrap();
    let is_filled = |node: &roxmltree::Node<'_, '_>| {
        node.has_tag_name(("http://www.w3.org/2000/svg", "rect")) && node.attribute("fill") == Some(color)
    };
    // The sample of the legend is 18 pixels wide.
    let heights = document.descendants().filter(is_filled).filter(|node| node.attribute("width") != Some("18"));
    heights.map(|node| node.attribute("height").unwrap().parse().unwrap()).collect()
}

#[test]
fn p3_an_unlimited_tenant_does_not_hide_what_the_others_have() {
    let rows = [
        month_row(month(0), limited(40), 10),
        month_row(month(1), limited(40), 10),
        month_row(month(1), Total::Unlimited, 25),
        month_row(month(2), limited(40), 10),
        month_row(month(2), Total::Unlimited, 25),
        month_row(month(2), Total::Unlimited, 25),
    ];
    let svg = over_time(&title("One, then two"), &rows).unwrap();
    has(&texts(&svg), &["Provisioned", "Unlimited: up to 2 tenants", "Assigned"]);
    // The step of forty is as high in all months, and the paler ones above it begin there.
    let (pale, faint) = (heights(&svg, "#C5DEF0"), heights(&svg, "#E7F1F9"));
    assert_eq!((pale.len(), faint.len()), (3, 2));
    assert!(pale.iter().all(|height| (height - pale[0]).abs() < 1.5 && *height > 50.0), "{pale:?}");
    assert!(faint.iter().all(|height| *height > 20.0), "{faint:?}");
    let countries = [
        country_row(Some("US"), limited(28), 28),
        country_row(Some("US"), Total::Unlimited, 18),
        country_row(Some("DE"), limited(20), 15),
    ];
    let found = texts(&by_country(&title("By country"), &countries).unwrap());
    has(&found, &["46 of 28 + 1 unlimited", "15 of 20", "Unlimited: 1 tenant"]);
}

#[test]
fn p3_consumption_is_drawn_over_time_in_units() {
    let of = |units| Capacity::Limited(Quantity::of_millionths(units * UNIT));
    let rows = [
        consumption_row(month(0), 640 * UNIT, of(1_000)),
        consumption_row(month(1), 1_120 * UNIT + 500_000, of(1_000)),
        consumption_row(month(2), 2_300 * UNIT, Capacity::Unlimited),
    ];
    let found = texts(&consumption_over_time(&title("Sessions"), &rows).unwrap());
    has(&found, &["Sessions", "2024-01 to 2024-03", "Allowance", "Consumed", "Unlimited: 1 tenant", "Units", "2,500"]);
    let little = [consumption_row(month(0), 250_000, of(1))];
    has(&texts(&consumption_over_time(&title("Little"), &little).unwrap()), &["0.2", "0.4", "1"]);
    assert_eq!(consumption_over_time(&title("x"), &[]), Err(PlotError::NoRows));
}

#[test]
fn p3_an_allowance_of_some_is_drawn_beside_an_unlimited_one() {
    let of = |units| Capacity::Limited(Quantity::of_millionths(units * UNIT));
    let mut rows = vec![capacity_row(Some("a"), UNIT, of(5)), capacity_row(Some("b"), UNIT, Capacity::Unlimited)];
    rows[1].tenant_id = "other".parse().unwrap();
    has(&texts(&capacity(&title("Two tenants"), &rows).unwrap()), &["Allowance: 5 + 1 unlimited", "2024-04"]);
    // The same tenant in two months is one.
    rows.push(rows[1].clone());
    rows[2].month = month(4);
    has(&texts(&capacity(&title("Two months"), &rows).unwrap()), &["Allowance: 5 + 1 unlimited"]);
}

#[test]
fn p1_many_months_are_drawn_with_few_dates() {
    let rows: Vec<_> = (0..300).map(|n| month_row(month(n), limited(1_000_000 + n * 7_000), n * 9_000)).collect();
    let texts = texts(&over_time(&title("Twenty-five years"), &rows).unwrap());
    has(&texts, &["2024-01", "3,500,000"]);
    assert!(texts.iter().filter(|text| text.len() == 7 && text.contains('-')).count() <= 13, "{texts:?}");
}

#[test]
fn p1_of_many_countries_the_largest_are_drawn_and_the_others_added_up() {
    let letters = || 'A'..='Z';
    let codes = letters().flat_map(|one| letters().map(move |other| format!("{one}{other}")));
    let codes: Vec<String> = codes.filter(|code| country_name(code).is_some()).take(200).collect();
    let rows: Vec<_> = codes.iter().zip(1..).map(|(code, n)| country_row(Some(code), limited(n), n / 2)).collect();
    let found = texts(&by_country(&title("Two hundred countries"), &rows).unwrap());
    // 200 down to 186 are shown; 1 to 185 add up to 17,205, their halves to 92² = 8,556: 0 + 2 × (1 + … + 92).
    has(&found, &["185 others", "8,556 of 17,205", "100 of 200", "93 of 186"]);
    assert!(!found.iter().any(|text| text == "92 of 185"));
}

#[test]
fn p1_countries_of_the_latest_month_are_drawn_also_unknown_and_unlimited_ones() {
    let mut rows = vec![
        country_row(Some("DE"), limited(30), 12),
        country_row(Some("DE"), limited(10), 12),
        country_row(Some("GS"), limited(70), 80),
        country_row(Some("XX"), Total::Unlimited, 20),
        country_row(None, limited(5), 0),
        country_row(Some("FR"), limited(500), 500),
    ];
    rows[5].month = month(2);
    let found = texts(&by_country(&title("By country"), &rows).unwrap());
    has(&found, &["2024-04", "24 of 40", "Germany", "XX", "20 of unlimited", "Not known", "0 of 5", "80 of 70"]);
    assert!(!found.iter().any(|text| text == "France"), "an earlier month was drawn");
}

#[test]
fn p1_things_are_drawn_below_what_they_drew_together_with_the_allowance() {
    let five = Capacity::Limited(Quantity::of_millionths(5 * UNIT));
    let rows = [
        capacity_row(Some("web site"), 2 * UNIT + 500_000, five),
        capacity_row(
            Some("a consumer whose name is longer than there is room for on the left of a picture"),
            UNIT,
            five,
        ),
        capacity_row(Some("電話で予約を受け付けるためのとても長い名前のロボット"), UNIT / 4, five),
        capacity_row(Some("<b>&\"quoted\"\u{ffff}</b>"), 1, five),
    ];
    let found = texts(&capacity(&title("Sessions <by> bot & \"consumer\""), &rows).unwrap());
    has(
        &found,
        &[
            "Sessions <by> bot & \"consumer\"",
            "Allowance: 5",
            "All together",
            "3.750001",
            "2.5",
            "<b>&\"quoted\"\u{fffd}</b>",
        ],
    );
    assert!(found.iter().any(|text| text.starts_with("a consumer") && text.ends_with('…')), "{found:?}");
    // Unused units have a row without a consumer; unlimited ones have no line.
    has(
        &texts(&capacity(&title("Unused"), &[capacity_row(None, 0, five)]).unwrap()),
        &["All together", "0", "Allowance: 5"],
    );
    let endless = [capacity_row(Some("bot"), 12_345 * UNIT, Capacity::Unlimited)];
    has(&texts(&capacity(&title("Endless"), &endless).unwrap()), &["Allowance: unlimited, 2024-04", "12,345"]);
    let many: Vec<_> = (0..200).map(|n| capacity_row(Some(&format!("bot-{n:03}")), n, five)).collect();
    // 199 to 185 are shown, 0 to 184 add up to 17,020 millionths.
    has(&texts(&capacity(&title("Two hundred"), &many).unwrap()), &["185 others", "0.01702", "0.0199"]);
}

#[test]
fn p1_allowances_are_added_up_once_for_a_tenant_and_a_month() {
    let of = |units| Capacity::Limited(Quantity::of_millionths(units * UNIT));
    let mut rows = vec![
        capacity_row(Some("a"), UNIT, of(5)),
        capacity_row(Some("b"), UNIT, of(5)),
        capacity_row(Some("a"), UNIT, of(5)),
    ];
    rows[2].tenant_id = "other".parse().unwrap();
    has(&texts(&capacity(&title("Two tenants"), &rows).unwrap()), &["Allowance: 10", "3", "2"]);
    rows[1].month = month(4);
    has(&texts(&capacity(&title("Two months"), &rows).unwrap()), &["Allowance: 15", "2024-04 to 2024-05"]);
}

fn any_total() -> impl Strategy<Value = Total> {
    prop_oneof![3 => (0..2_000_u64).prop_map(Total::Limited), 1 => any::<u64>().prop_map(Total::Limited), 1 => Just(Total::Unlimited)]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn p1_any_numbers_and_any_texts_make_a_picture(
        sums in prop::collection::vec((0..400_u64, any_total(), any::<u64>(), "[^\\p{C}\\p{Zl}\\p{Zp}]{1,70}"), 1..40),
        name in "[^\\p{C}\\p{Zl}\\p{Zp}]{1,99}",
    ) {
        let Ok(name) = name.trim().parse::<Label>() else { return Ok(()) };
        let months: Vec<_> = sums.iter().map(|(n, provisioned, assigned, _)| month_row(month(*n), *provisioned, *assigned)).collect();
        texts(&over_time(&name, &months).unwrap());
        let consumption: Vec<_> = sums
            .iter()
            .map(|(n, allowance, consumed, _)| {
                let allowance = match allowance {
                    Total::Limited(units) => Capacity::Limited(Quantity::of_millionths(*units)),
                    Total::Unlimited => Capacity::Unlimited,
                };
                consumption_row(month(*n), *consumed, allowance)
            })
            .collect();
        texts(&consumption_over_time(&name, &consumption).unwrap());
        let codes = ["DE", "US", "XX", "GS"];
        let countries = sums.iter().map(|(n, provisioned, assigned, _)| {
            country_row(codes.get(usize::try_from(*n % 5).unwrap()).copied(), *provisioned, *assigned)
        });
        texts(&by_country(&name, &countries.collect::<Vec<_>>()).unwrap());
        let consumers = sums.iter().filter(|(.., name)| !name.trim().is_empty()).map(|(_, allowance, consumed, name)| {
            let allowance = match allowance {
                Total::Limited(units) => Capacity::Limited(Quantity::of_millionths(units.saturating_mul(UNIT))),
                Total::Unlimited => Capacity::Unlimited,
            };
            capacity_row(Some(name.trim()), *consumed, allowance)
        });
        let consumers: Vec<_> = consumers.collect();
        if !consumers.is_empty() {
            texts(&capacity(&name, &consumers).unwrap());
        }
    }
}
