//! What mail and editors do to an armored token, and what it does not survive.

use entitle::Token;
use entitle::limits::MAX_ARMOR_BYTES;
use entitle::token::{ArmorError, ParseTokenError};

use crate::support::{Vendor, days, paid};

fn token() -> Token {
    let vendor = Vendor::fabrikam();
    vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 5, days(0, 365))))
}

#[test]
fn x8_armor_reads_back_through_what_mail_does_to_it() {
    let token = token();
    let armor = token.to_armor();
    assert!(armor.lines().all(|line| line.len() <= 64), "{armor}");
    assert!(armor.starts_with("-----BEGIN ENTITLE TOKEN-----\n") && armor.ends_with("\n-----END ENTITLE TOKEN-----\n"));
    let body = armor.lines().filter(|line| !line.starts_with('-')).collect::<String>();
    for text in [
        armor.clone(),
        armor.replace('\n', "\r\n"),
        format!("Dear customer,\n\nthis is your license:\n\n{armor}\nKind regards\n--\nFabrikam"),
        format!("-------{armor}-------"),
        armor.replace('\n', "  \n"),
        armor.replace('\n', "\n\t"),
        armor.trim_end().to_string(),
        format!("-----BEGIN ENTITLE TOKEN-----\n{body}\n-----END ENTITLE TOKEN-----"),
        // Another block before it, and another token behind.
        format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{armor}{armor}"),
    ] {
        assert_eq!(Token::from_armor(&text).as_ref(), Ok(&token), "{text}");
    }
}

#[test]
fn x8_armor_that_was_cut_or_edited_is_refused() {
    let armor = token().to_armor();
    assert_eq!(Token::from_armor(&token().to_string()), Err(ArmorError::NotArmored));
    assert_eq!(Token::from_armor(""), Err(ArmorError::NotArmored));
    for (at, _) in armor.char_indices().skip(30) {
        let cut = armor.get(..at).unwrap();
        if let Ok(read) = Token::from_armor(cut) {
            assert_eq!((read, cut), (token(), armor.trim_end()));
        }
    }
    let quoted = format!("> {}", armor.trim_end().replace('\n', "\n> "));
    for text in [quoted, armor.replace("-----END ENTITLE", "-----END OTHER"), armor.replace('d', "ü")] {
        assert!(matches!(Token::from_armor(&text), Err(ArmorError::Damaged { .. })), "{text}");
    }
    let around = |text: &str| {
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
        Token::from_armor(&format!("-----BEGIN ENTITLE TOKEN-----\n{body}\n-----END ENTITLE TOKEN-----\n"))
    };
    let other = ParseTokenError::OtherHeader { found: "hello".to_string() };
    assert_eq!(around("hello"), Err(ArmorError::Token(other)));
}

#[test]
fn x8_a_text_with_armor_has_a_limit() {
    let armor = token().to_armor();
    let padded = |bytes: usize| format!("{}{armor}", " ".repeat(bytes - armor.len()));
    assert_eq!(Token::from_armor(&padded(MAX_ARMOR_BYTES)), Ok(token()));
    let bytes = MAX_ARMOR_BYTES + 1;
    assert_eq!(Token::from_armor(&padded(bytes)), Err(ArmorError::TooLong { bytes }));
}
