//! Ids: any text up to 300 bytes without control characters and without white space around it (C9).

use core::fmt::{Debug, Display};
use core::str::FromStr;

use entitle::id::{Label, TextError, TextKind};
use entitle::limits::MAX_TEXT_BYTES;
use entitle::{AppId, CountryCode, GroupId, LicenseId, OfferId, PlanId, PublisherId, TenantId, UserId};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::json;

/// Asks one kind of id, as text and as JSON, and holds the two answers to be the same.
fn ask<T>(text: &str) -> Result<String, TextError>
where
    T: FromStr<Err = TextError> + Display + Debug + PartialEq + Serialize + DeserializeOwned,
{
    let read = text.parse::<T>();
    let from_json = serde_json::from_str::<T>(&json!(text).to_string());
    match &read {
        Ok(id) => {
            assert_eq!(&from_json.unwrap(), id);
            assert_eq!(serde_json::to_string(id).unwrap(), json!(text).to_string());
        }
        Err(error) => {
            // With the place, where there is one.
            let (found, message) = (from_json.unwrap_err().to_string(), error.to_string());
            let place = found.strip_prefix(&message);
            assert!(place.is_some_and(|place| place.is_empty() || place.starts_with(" at line 1 ")), "{found}");
        }
    }
    read.map(|id| id.to_string())
}

/// Every kind that is any text, with its name in messages.
fn every(text: &str) -> [(TextKind, Result<String, TextError>); 8] {
    [
        (TextKind::PublisherId, ask::<PublisherId>(text)),
        (TextKind::OfferId, ask::<OfferId>(text)),
        (TextKind::AppId, ask::<AppId>(text)),
        (TextKind::PlanId, ask::<PlanId>(text)),
        (TextKind::TenantId, ask::<TenantId>(text)),
        (TextKind::UserId, ask::<UserId>(text)),
        (TextKind::GroupId, ask::<GroupId>(text)),
        (TextKind::Label, ask::<Label>(text)),
    ]
}

#[test]
fn c9_an_id_is_kept_as_it_was_given() {
    for text in [
        "a",
        "0",
        "ada@contoso.example",
        "f365/orders",
        "a b",
        "Ä",
        "名前",
        "👩‍🚀",
        "a\u{a0}b",
        "null",
        "{\"a\":1}",
        "a\\b\"c",
        "../..",
        "%00",
        // The same letter in two spellings: two ids, compared byte for byte.
        "\u{e9}",
        "e\u{301}",
    ] {
        for (what, read) in every(text) {
            assert_eq!(read.as_deref(), Ok(text), "{what}");
        }
    }
    assert_ne!("\u{e9}".parse::<UserId>(), "e\u{301}".parse::<UserId>());
    assert_ne!("Ada".parse::<UserId>(), "ada".parse::<UserId>());
}

#[test]
fn c9_an_empty_id_is_refused() {
    for (what, read) in every("") {
        let error = read.unwrap_err();
        assert_eq!(error, TextError::Empty { what });
        assert_eq!(error.code(), "text.empty");
        assert_eq!(error.to_string(), format!("{what} is empty: at least one character is needed"));
    }
}

#[test]
fn c9_an_id_has_at_most_300_bytes_whatever_its_characters() {
    for character in ["a", "é", "€", "👩"] {
        let most = character.repeat(MAX_TEXT_BYTES / character.len());
        assert_eq!(most.len(), 300);
        let (one_more, front) = (format!("{most}a"), format!("a{most}"));
        for (what, read) in every(&most) {
            assert_eq!(read.as_ref(), Ok(&most), "{what}");
        }
        for text in [one_more, front] {
            for (what, read) in every(&text) {
                let error = read.unwrap_err();
                assert_eq!(error, TextError::TooLong { what, bytes: 301 });
                assert_eq!(error.code(), "text.too-long");
                assert_eq!(error.to_string(), format!("{what} has 301 bytes: at most 300 are allowed"));
            }
        }
    }
}

#[test]
fn c9_a_control_character_anywhere_is_refused() {
    for control in (0..=0x1f).chain(0x7f..=0x9f).chain(0x2028..=0x2029).filter_map(char::from_u32) {
        for (text, at) in [(format!("{control}b"), 0), (format!("é{control}b"), 2), (format!("ab{control}"), 2)] {
            for (what, read) in every(&text) {
                let error = read.unwrap_err();
                assert_eq!(error, TextError::ControlCharacter { what, text: text.clone(), at });
                assert_eq!(error.code(), "text.control-character");
                let shown = text.escape_debug();
                assert_eq!(error.to_string(), format!("{what} `{shown}` has a control character at byte {at}"));
                assert!(!error.to_string().contains(control));
            }
        }
    }
}

/// `gold` with an override in it is shown as another id; all twelve of them are refused, wherever they stand.
#[test]
fn c9_a_character_that_turns_the_direction_of_text_is_refused() {
    let marks = [0x61c, 0x200e, 0x200f].into_iter().chain(0x202a..=0x202e).chain(0x2066..=0x2069);
    let marks: Vec<char> = marks.filter_map(char::from_u32).collect();
    assert_eq!(marks.len(), 12);
    for mark in marks {
        for (text, at) in [(format!("{mark}b"), 0), (format!("é{mark}b"), 2), (format!("ab{mark}"), 2)] {
            for (what, read) in every(&text) {
                let error = read.unwrap_err();
                assert_eq!(error, TextError::TurnsDirection { what, text: text.clone(), at });
                assert_eq!(error.code(), "text.turns-direction");
                let shown = format!("\\u{{{:x}}}", u32::from(mark));
                let message = error.to_string();
                assert!(message.contains(&shown) && !message.contains(mark), "{message}");
                assert!(message.ends_with(&format!("has a character that turns the direction of text at byte {at}")));
            }
        }
    }
    // What is written from right to left is an id as any other is.
    for text in ["שלום", "مرحبا", "a-שלום"] {
        assert!(every(text).iter().all(|(_, read)| read.is_ok()));
    }
}

#[test]
fn c9_white_space_around_an_id_is_refused_of_every_script() {
    let spaces = (0..=0x10_ffff).filter_map(char::from_u32).filter(|c| c.is_whitespace() && !c.is_control());
    let spaces: Vec<char> = spaces.filter(|c| !matches!(c, '\u{2028}' | '\u{2029}')).collect();
    assert!(spaces.len() >= 17, "{spaces:?}");
    for space in spaces {
        for text in [format!("{space}a"), format!("a{space}"), format!("{space}"), format!("{space}a b{space}")] {
            for (what, read) in every(&text) {
                let error = read.unwrap_err();
                assert_eq!(error, TextError::Padded { what, text: text.clone() });
                assert_eq!(error.code(), "text.padded");
                assert_eq!(
                    error.to_string(),
                    format!("{what} `{}` begins or ends with white space", text.escape_debug())
                );
            }
        }
        assert!(every(&format!("a{space}b")).iter().all(|(_, read)| read.is_ok()));
    }
}

#[test]
fn c9_an_id_in_json_is_a_text() {
    for raw in ["null", "0", "1.5", "true", "[]", "[\"a\"]", "{}", "{\"a\":null}", "\"\\ud800\"", "\"a", "a"] {
        assert!(serde_json::from_str::<UserId>(raw).is_err(), "{raw}");
        assert!(serde_json::from_str::<LicenseId>(raw).is_err(), "{raw}");
        assert!(serde_json::from_str::<CountryCode>(raw).is_err(), "{raw}");
    }
}

#[test]
fn c9_a_license_id_is_32_lower_case_digits() {
    for text in
        ["00000000000000000000000000000000", "ffffffffffffffffffffffffffffffff", "0123456789abcdef0123456789abcdef"]
    {
        assert_eq!(ask::<LicenseId>(text).as_deref(), Ok(text));
    }
    for text in [
        "",
        "0",
        "+123456789abcdef0123456789abcdef",
        "0123456789ABCDEF0123456789ABCDEF",
        "0x23456789abcdef0123456789abcdef",
        "0123456789abcdef0123456789abcde",
        "0123456789abcdef0123456789abcdef0",
        " 123456789abcdef0123456789abcdef",
        "01234567-89ab-cdef-0123-456789abcdef",
        "g123456789abcdef0123456789abcdef",
        "éééééééééééééééé",
        "0123456789abcdef0123456789abcde\n",
    ] {
        let error = ask::<LicenseId>(text).unwrap_err();
        assert_eq!(error.code(), "text.not-hexadecimal");
        let shown = text.escape_debug();
        assert_eq!(error.to_string(), format!("license id `{shown}` is not 32 lower-case hexadecimal digits"));
    }
    let shown = ask::<LicenseId>(&"é".repeat(5_000)).unwrap_err().to_string();
    assert_eq!(shown, format!("license id `{}…` is not 32 lower-case hexadecimal digits", "é".repeat(60)));
}

#[test]
fn c9_a_country_is_two_capital_letters() {
    assert_eq!(ask::<CountryCode>("DE").as_deref(), Ok("DE"));
    for text in ["", "D", "DEU", "de", "De", "D1", "D ", " DE", "DE\0", "Ä", "ÄÖ", "\n\n", "ＤＥ"] {
        let error = ask::<CountryCode>(text).unwrap_err();
        assert_eq!(error.code(), "text.not-a-country");
        let shown = text.escape_debug();
        let message = format!("country code `{shown}` is not two capital letters as in ISO 3166-1");
        assert_eq!(error.to_string(), message);
    }
}
