//! Anything at all: nothing panics, and what is read is written as it was read (X8).

use core::str::FromStr;
use std::sync::LazyLock;

use crate::mint;
use crate::sample::{KIND, SEED, claims, verify, verify_bytes};
use crate::support::{Vendor, days, paid};
use entitle::time::End;
use entitle::token::KeyId;
use entitle::{Catalog, CountryCode, Event, LicenseId, PublicKey, SecretKey, Token, UserId};
use proptest::collection::vec;
use proptest::prelude::*;

/// What goes wrong with a text on its way.
#[derive(Debug, Clone)]
enum Spoil {
    Replace(u16, char),
    Insert(u16, char),
    Delete(u16),
    Cut(u16),
    Repeat(u16, u8),
    Swap(u16, u16),
}

fn characters() -> impl Strategy<Value = char> {
    prop_oneof![
        4 => prop::sample::select(".=-_+/AZaz09\"{}[]:,\\ntuef \u{0}\n\u{a0}é\u{feff}".chars().collect::<Vec<_>>()),
        1 => any::<char>(),
    ]
}

fn spoils() -> impl Strategy<Value = Vec<Spoil>> {
    let spoil = prop_oneof![
        4 => (any::<u16>(), characters()).prop_map(|(at, c)| Spoil::Replace(at, c)),
        2 => (any::<u16>(), characters()).prop_map(|(at, c)| Spoil::Insert(at, c)),
        2 => any::<u16>().prop_map(Spoil::Delete),
        1 => any::<u16>().prop_map(Spoil::Cut),
        1 => (any::<u16>(), any::<u8>()).prop_map(|(at, n)| Spoil::Repeat(at, n)),
        1 => (any::<u16>(), any::<u16>()).prop_map(|(a, b)| Spoil::Swap(a, b)),
    ];
    vec(spoil, 0..5)
}

fn spoil(text: &str, spoils: &[Spoil]) -> String {
    let mut chars: Vec<char> = text.chars().collect();
    for spoil in spoils {
        let length = chars.len().max(1);
        let within = |at: &u16| usize::from(*at) % length;
        if chars.is_empty() {
            break;
        }
        match spoil {
            Spoil::Replace(at, c) => chars[within(at)] = *c,
            Spoil::Insert(at, c) => chars.insert(within(at), *c),
            Spoil::Delete(at) => drop(chars.remove(within(at))),
            Spoil::Cut(at) => chars.truncate(within(at)),
            Spoil::Repeat(at, n) => {
                let part: Vec<char> = chars.iter().copied().skip(within(at)).take(usize::from(*n)).collect();
                chars.splice(within(at)..within(at), part);
            }
            Spoil::Swap(a, b) => chars.swap(within(a), within(b)),
        }
    }
    chars.into_iter().collect()
}

static TOKEN: LazyLock<String> =
    LazyLock::new(|| mint::sign(SEED, claims().to_string().as_bytes(), mint::footer(SEED, KIND).as_bytes(), b""));
static SECRET: LazyLock<String> = LazyLock::new(|| Vendor::fabrikam().secret.to_paserk().to_string());
static EVENT: LazyLock<String> = LazyLock::new(|| {
    let vendor = Vendor::fabrikam();
    let install = entitle::Command::Install(vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 2, days(0, 9)))));
    let commands = vec![install, crate::support::assign("bo", "gold"), crate::support::unassign("bo", "gold")];
    serde_json::to_string(&Event::new(1, crate::support::day(1), crate::support::admin(), commands)).unwrap()
});

/// Read, and if that works, written as it was.
fn is_written_as_read<T: FromStr + ToString>(text: &str) {
    if let Ok(read) = text.parse::<T>() {
        assert_eq!(read.to_string(), text);
    }
}

fn try_everything(text: &str) {
    is_written_as_read::<Token>(text);
    is_written_as_read::<PublicKey>(text);
    is_written_as_read::<KeyId>(text);
    is_written_as_read::<LicenseId>(text);
    is_written_as_read::<CountryCode>(text);
    is_written_as_read::<UserId>(text);
    is_written_as_read::<End>(text);
    if let Ok(key) = SecretKey::from_paserk(text) {
        assert_eq!(key.to_paserk().as_str(), text);
    }
    if let Ok(catalog) = Catalog::from_json(text) {
        let again = Catalog::from_json(&serde_json::to_string(catalog.offer()).unwrap()).unwrap();
        assert_eq!(again.offer(), catalog.offer());
    }
    if let Ok(event) = serde_json::from_str::<Event>(text) {
        let again: Event = serde_json::from_str(&serde_json::to_string(&event).unwrap()).unwrap();
        assert_eq!(again, event);
    }
    if let Ok(token) = text.parse::<Token>() {
        if let Ok(license) = Vendor::fabrikam().ring().verify(&token) {
            assert_eq!(text, TOKEN.as_str(), "{license:?}");
        }
    }
}

/// What a license says, read from a payload that was signed as it is, comes back out of a token sealed from it.
fn is_sealed_as_read(payload: &str) {
    if let Ok(license) = verify(payload) {
        let again = Vendor::fabrikam().seal(license.deal());
        assert_eq!(Vendor::fabrikam().ring().verify(&again).unwrap().deal(), license.deal(), "{payload}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn x8_any_text_is_read_or_refused(text in any::<String>(), long in "\\PC{0,400}") {
        try_everything(&text);
        try_everything(&long);
        for start in ["v4.public.", "k4.public.", "k4.secret.", "k4.pid."] {
            try_everything(&format!("{start}{text}"));
        }
    }

    #[test]
    fn x8_any_base64_after_a_header_is_read_or_refused(bytes in vec(any::<u8>(), 0..300), footer in vec(any::<u8>(), 0..80)) {
        let [bytes, footer] = [bytes, footer].map(|bytes| mint::base64url(&bytes));
        try_everything(&format!("v4.public.{bytes}.{footer}"));
        for kind in ["k4.public.", "k4.secret.", "k4.pid."] {
            try_everything(&format!("{kind}{}", bytes.get(..43).unwrap_or(&bytes)));
            try_everything(&format!("{kind}{}", bytes.get(..86).unwrap_or(&bytes)));
        }
    }

    #[test]
    fn x8_any_key_bytes_are_read_or_refused(bytes in any::<[u8; 32]>()) {
        if let Ok(key) = entitle::PublicKey::from_bytes(bytes) {
            assert_eq!(key.to_bytes(), bytes);
            assert_eq!(key.to_string().parse::<PublicKey>(), Ok(key));
            assert_eq!(key.id().to_string().parse::<KeyId>(), Ok(key.id()));
        }
    }

    #[test]
    fn x8_a_spoiled_text_is_read_or_refused(spoils in spoils()) {
        let public = mint::public_text(SEED);
        let texts = [&TOKEN, &SECRET, &EVENT].map(|text| text.as_str());
        let catalog = include_str!("../../examples/fabrikam.json");
        for text in texts.into_iter().chain([public.as_str(), &mint::key_id(&public), catalog]) {
            try_everything(&spoil(text, &spoils));
        }
        for text in ["01010101010101010101010101010101", "2026-03-01T00:00:00Z", "never", "DE"] {
            try_everything(&spoil(text, &spoils));
        }
    }

    #[test]
    fn x4_a_spoiled_payload_that_is_signed_is_read_in_one_way_or_refused(spoils in spoils()) {
        is_sealed_as_read(&spoil(&claims().to_string(), &spoils));
    }

    #[test]
    fn x8_any_payload_that_is_signed_is_read_or_refused(bytes in vec(any::<u8>(), 0..200), text in any::<String>()) {
        assert!(verify_bytes(&bytes).is_err());
        is_sealed_as_read(&text);
    }
}
