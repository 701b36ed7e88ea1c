//! Numbers in a license are whole, in range and written in one way (X4).

use crate::sample::{claims, places, refused, verify, with};
use serde_json::Value;

fn numbers() -> Vec<String> {
    let claims = claims();
    places(&claims).into_iter().filter(|place| claims.pointer(place).is_some_and(Value::is_number)).collect()
}

#[test]
fn x4_numbers_are_whole_and_in_range_everywhere() {
    let numbers = numbers();
    // Revision, freshness; units, tolerance, an amount of a quota, grace, suspended; trial length, times, length, grace; and the third grant's.
    assert_eq!(numbers.len(), 15, "{numbers:?}");
    for place in numbers {
        for raw in [
            "1.0",
            "1e3",
            "1E0",
            "5e-1",
            "0.5",
            "-0",
            "-0.0",
            "-1",
            "-30",
            "4294967296",
            "9007199254740991",
            "9007199254740992",
            "9007199254740993",
            "9223372036854775808",
            "18446744073709551615",
            "18446744073709551616",
            "340282366920938463463374607431768211456",
            "1e400",
            "1e-400",
            "01",
            "+1",
            "0x1",
            "1_000",
            ".5",
            "5.",
        ] {
            // An amount of a quota reaches to 2^53 - 1, all other numbers to 2^32 - 1.
            let is_amount = place.ends_with("/amount/limited");
            if is_amount && ["4294967296", "9007199254740991"].contains(&raw) {
                continue;
            }
            refused(&with(&place, raw));
        }
        verify(&with(&place, "7")).unwrap_or_else(|error| panic!("{place}: {error}"));
    }
}

#[test]
fn x4_a_number_out_of_place_is_named() {
    for (place, raw, expected) in [
        ("/revision", "0", "invalid value: integer `0`, expected a whole number from 1 to 4294967295"),
        ("/revision", "1.0", "invalid type: floating point `1.0`, expected a whole number from 1 to 4294967295"),
        ("/revision", "-0", "invalid type: floating point `-0.0`, expected a whole number from 1 to 4294967295"),
        (
            "/revision",
            "4294967296",
            "invalid value: integer `4294967296`, expected a whole number from 1 to 4294967295",
        ),
        ("/grants/0/kind/paid/grace", "-1", "invalid value: integer `-1`, expected a whole number up to 4294967295"),
        (
            "/grants/0/kind/paid/grace",
            "1e3",
            "invalid type: floating point `1000.0`, expected a whole number up to 4294967295",
        ),
        (
            "/grants/0/kind/paid/grace",
            "9007199254740993",
            "invalid value: integer `9007199254740993`, expected a whole number up to 4294967295",
        ),
        (
            "/grants/0/kind/paid/grace",
            "\"30\"",
            "invalid type: string \"30\", expected a whole number up to 4294967295",
        ),
    ] {
        assert_eq!(refused(&with(place, raw)), expected, "{place} {raw}");
    }
}

#[test]
fn l2_zero_units_are_refused_and_unlimited_is_a_word() {
    let zero = "invalid value: integer `0`, expected a whole number from 1 to 4294967295";
    assert_eq!(refused(&with("/grants/0/units/limited", "0")), zero);
    assert_eq!(refused(&with("/grants/0/tolerance/up_to/units/limited", "0")), zero);
    assert!(verify(&with("/grants/2/units", "\"unlimited\"")).is_ok());
    assert!(verify(&with("/grants/2/units/limited", "4294967295")).is_ok());
    assert!(verify(&with("/grants/2/units/limited", "1")).is_ok());
}

#[test]
fn l6_a_trial_of_no_length_is_refused() {
    for place in ["length", "extensions/up_to/length", "extensions/up_to/times"] {
        let reason = refused(&with(&format!("/grants/1/kind/trial/{place}"), "0"));
        assert_eq!(reason, "invalid value: integer `0`, expected a whole number from 1 to 4294967295", "{place}");
    }
    assert!(verify(&with("/grants/1/kind/trial/grace", "0")).is_ok());
    assert!(verify(&with("/grants/1/kind/trial/length", "4294967295")).is_ok());
}

#[test]
fn l5_grace_and_suspension_may_be_any_number_of_days() {
    for days in ["0", "1", "4294967295"] {
        assert!(verify(&with("/grants/0/kind/paid/grace", days)).is_ok());
        assert!(verify(&with("/grants/0/kind/paid/suspended", days)).is_ok());
    }
}
