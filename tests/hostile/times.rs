//! Instants in a license are `YYYY-MM-DDTHH:MM:SSZ` from 1970 to 9999 and nothing else; terms end after they start.

use crate::sample::{claims, places, refused, verify, with};
use entitle::Term;
use entitle::time::{EARLIEST, End, LATEST, Length, TimeError, Window};
use serde_json::{Value, json};

const NOT_INSTANTS: &[&str] = &[
    "",
    "2026-03-01",
    "2026-03-01T00:00:00",
    "2026-03-01T00:00Z",
    "2026-03-01T00:00:00.0Z",
    "2026-03-01T00:00:00.000Z",
    "2026-03-01T00:00:00.999999999Z",
    "2026-03-01T00:00:00,5Z",
    "2026-03-01T00:00:00+00:00",
    "2026-03-01T00:00:00-00:00",
    "2026-03-01T01:00:00+01:00",
    "2026-03-01T00:00:00UTC",
    "2026-03-01t00:00:00Z",
    "2026-03-01T00:00:00z",
    "2026-03-01 00:00:00Z",
    " 2026-03-01T00:00:00Z",
    "2026-03-01T00:00:00Z ",
    "2026-03-01T00:00:00Z\n",
    "2026-03-01T00:00:00Z\0",
    "2026-03-01T 0:00:00Z",
    "2026- 3-01T00:00:00Z",
    "2026-3-01T00:00:00Z",
    "2026-03-1T00:00:00Z",
    "2026-03-01T0:00:00Z",
    "026-03-01T00:00:00Z",
    "+2026-03-01T00:00:00Z",
    "-2026-03-01T00:00:00Z",
    "02026-03-01T00:00:00Z",
    "2026-02-29T00:00:00Z",
    "2026-02-30T00:00:00Z",
    "2026-13-01T00:00:00Z",
    "2026-00-01T00:00:00Z",
    "2026-03-00T00:00:00Z",
    "2026-03-01T24:00:00Z",
    "2026-03-01T00:60:00Z",
    "2026-03-01T23:59:60Z",
    "2016-12-31T23:59:60Z",
    "2026-03-01T23:59:61Z",
    "1969-12-31T23:59:59Z",
    "0000-01-01T00:00:00Z",
    "10000-01-01T00:00:00Z",
    "+10000-01-01T00:00:00Z",
    "99999-01-01T00:00:00Z",
    "20260301T000000Z",
    "2026-W09-7T00:00:00Z",
    "2026-060T00:00:00Z",
    "1772323200",
    "２０２６-03-01T00:00:00Z",
    "2026‐03‐01T00:00:00Z",
    "Never",
    "NEVER",
    " never",
    "never ",
    "forever",
    "none",
    "null",
];

/// The places in the sample where an instant stands.
fn instants() -> Vec<String> {
    let claims = claims();
    let is_instant = |place: &String| {
        claims.pointer(place).and_then(Value::as_str).is_some_and(|text| text.starts_with("202") || text == "never")
    };
    let found: Vec<_> = places(&claims).into_iter().filter(is_instant).collect();
    // The last grant has `never` as its early end, which is a choice and no instant.
    found.into_iter().filter(|place| place != "/grants/2/kind/paid/early").collect()
}

fn message(text: &str) -> String {
    format!("`{}` is not an instant like 2026-03-01T00:00:00Z between 1970 and 9999", text.escape_debug())
}

#[test]
fn x4_an_instant_has_one_spelling_everywhere() {
    let places = instants();
    // Issued; a term, a tolerance, a fallback, an early end; a window, an early end; a perpetual term.
    assert_eq!(places.len(), 11, "{places:?}");
    for place in places {
        for text in NOT_INSTANTS {
            assert_eq!(refused(&with(&place, &json!(text).to_string())), message(text), "{place}");
        }
    }
}

#[test]
fn x4_never_is_a_word_for_the_end_of_a_term_alone() {
    for place in instants() {
        let never = verify(&with(&place, "\"never\""));
        assert_eq!(never.is_ok(), place.ends_with("/term/ends"), "{place}");
    }
}

#[test]
fn x4_an_end_is_read_from_text_as_from_a_license() {
    for text in NOT_INSTANTS {
        let error = text.parse::<End>().unwrap_err();
        assert_eq!(error, TimeError::NotAnInstant { text: (*text).to_string() });
        assert_eq!(error.to_string(), message(text));
        assert_eq!(error.code(), "time.not-an-instant");
    }
    for text in ["never", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59Z", "2024-02-29T23:59:59Z"] {
        assert_eq!(text.parse::<End>().unwrap().to_string(), text);
    }
}

#[test]
fn x4_the_ends_of_the_calendar_belong_to_it() {
    for place in instants() {
        // Terms and windows have to stay in order.
        let text = if place.ends_with("ends") || place.ends_with("closes") {
            "9999-12-31T23:59:59Z"
        } else {
            "1970-01-01T00:00:00Z"
        };
        verify(&with(&place, &json!(text).to_string())).unwrap_or_else(|error| panic!("{place}: {error}"));
    }
    let deal = verify(&with("/iat", "\"9999-12-31T23:59:59Z\"")).unwrap().deal().clone();
    assert_eq!(deal.issued, LATEST);
    let deal = verify(&with("/iat", "\"1970-01-01T00:00:00Z\"")).unwrap().deal().clone();
    assert_eq!(deal.issued, EARLIEST);
}

#[test]
fn l4_a_term_ends_after_it_starts() {
    let term = |starts: &str, ends: &str| {
        with("/grants/0/kind/paid/term", &json!({ "starts": starts, "ends": ends }).to_string())
    };
    let start = "2026-03-01T00:00:00Z";
    for end in [start, "2026-02-28T23:59:59Z", "1970-01-01T00:00:00Z"] {
        let expected = format!("invalid term from {start} to {end}: it must end after it starts");
        assert_eq!(refused(&term(start, end)), expected);
        let window = json!({ "opens": start, "closes": end }).to_string();
        assert_eq!(refused(&with("/grants/1/kind/trial/may_start", &window)), expected);
        let (starts, ends) = (start.parse().unwrap(), end.parse().unwrap());
        let error = Term::new(starts, ends).unwrap_err();
        assert_eq!((error.to_string(), error.code()), (expected, "time.ends-before-it-starts"));
        assert_eq!(Window::new(starts, ends).unwrap_err(), error);
    }
    assert!(verify(&term(start, "2026-03-01T00:00:01Z")).is_ok());
    // A missing end is an error, and there is no other word for it.
    refused(&with("/grants/0/kind/paid/term", &json!({ "starts": start }).to_string()));
    refused(&with("/grants/0/kind/paid/term", r#"{"starts":"2026-03-01T00:00:00Z","ends":null}"#));
    // Where the calendar ends, two instants beyond it are the same one.
    let beyond = LATEST.checked_add_signed(entitle::chrono::TimeDelta::days(1)).unwrap();
    assert!(Term::new(LATEST, beyond).is_err());
}

#[test]
fn l6_a_length_of_zero_is_refused() {
    let error = Length::days(0).unwrap_err();
    assert_eq!(error.to_string(), "invalid length of 0 days: at least 1 day is needed");
    assert_eq!(error.code(), "time.zero-length");
}
