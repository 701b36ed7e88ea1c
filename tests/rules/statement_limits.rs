//! P3, X8: what a usage statement may be, to the byte, the second and the entry.

use entitle::limits::MAX_STATEMENT_BYTES;
use entitle::report::{StatementError, UsageStatement};
use serde_json::{Value, json};

use crate::reports::{STUDIO, customer};
use crate::support::{Scenario, Vendor, day, days, paid};

/// The statement of March to May of a tenant with one plan, as JSON.
fn statement() -> Value {
    let vendor = Vendor::of(STUDIO);
    let deal = vendor.deal(1, customer("contoso", "Contoso Ltd", "DE")).with(paid("site", 1, days(0, 365)));
    let mut tenant = vendor.tenant("contoso");
    let record =
        [0, 40].map(|on| tenant.run(on, [entitle::Command::Install(vendor.seal(&deal_of(&deal, on)))]).unwrap());
    let months = "2026-03".parse().unwrap()..="2026-05".parse().unwrap();
    let stated = vendor.tenant("contoso").usage_statement(&record, months, day(75)).unwrap();
    serde_json::from_str(&stated.to_json()).unwrap()
}

/// The deal, and from day 1 on its next revision.
fn deal_of(deal: &entitle::Deal, on: i64) -> entitle::Deal {
    if on == 0 { deal.clone() } else { deal.clone().revise(day(on)).unwrap().with(paid("site", 2, days(0, 365))) }
}

fn read(json: &Value) -> Result<UsageStatement, StatementError> {
    UsageStatement::from_json(&json.to_string())
}

#[test]
fn x8_a_statement_of_the_largest_length_is_read_and_one_byte_more_is_not() {
    assert_eq!(MAX_STATEMENT_BYTES, 4_194_304);
    let mut text = statement().to_string();
    text.push_str(&" ".repeat(MAX_STATEMENT_BYTES - text.len()));
    assert!(UsageStatement::from_json(&text).is_ok());
    text.push(' ');
    let error = UsageStatement::from_json(&text).unwrap_err();
    assert!(matches!(error, StatementError::TooLong { bytes } if bytes == MAX_STATEMENT_BYTES + 1), "{error}");
}

#[test]
fn p3_a_month_is_read_at_one_of_its_own_seconds() {
    for (at, is_read) in [
        ("2026-03-31T23:59:59Z", false),
        ("2026-04-01T00:00:00Z", true),
        ("2026-04-10T00:00:00Z", true),
        ("2026-04-30T23:59:59Z", true),
        ("2026-05-01T00:00:00Z", false),
    ] {
        let mut json = statement();
        json["months"][1]["at"] = json!(at);
        let outside = matches!(read(&json), Err(StatementError::ReadOutsideMonth { .. }));
        assert_eq!((read(&json).is_ok(), outside), (is_read, !is_read), "{at}");
    }
}

#[test]
fn p3_two_months_of_a_statement_with_one_entry_have_one_hash() {
    let json = statement();
    assert!(read(&json).is_ok());
    // March ends with entry 1, April and May with entry 2.
    for (month, number) in [(0, 1), (1, 2), (2, 2)] {
        assert_eq!(json["months"][month]["head"]["number"], number);
    }
    let mut forked = json.clone();
    forked["months"][1]["head"]["hash"] = json["months"][0]["head"]["hash"].clone();
    assert!(matches!(read(&forked), Err(StatementError::HeadNotContinued { .. })), "{:?}", read(&forked));
}
