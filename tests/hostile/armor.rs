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
        format!("> {}", armor.trim_end().replace('\n', "\n> ")),
        format!(">> On Monday, Fabrikam wrote:\n>>\n>> {}", armor.replace('\n', "\n>> ")),
        format!("> > On Monday, Fabrikam wrote:\n> >\n> > {}", armor.replace('\n', "\n> > ")),
        format!("{} Kind regards", armor.trim_end()),
        armor.replace('\n', "\n\n"),
        armor.replace('\n', "\r\n\r\n"),
        format!("\u{feff}{armor}"),
        armor.replace('\n', "\n\u{a0}"),
        // Another block before it, and another token behind.
        format!("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n{armor}{armor}"),
    ] {
        assert_eq!(Token::from_armor(&text).as_ref(), Ok(&token), "{text}");
    }
}

#[test]
fn x8_armor_that_was_cut_or_edited_is_refused() {
    let armor = token().to_armor();
    assert_eq!(Token::from_armor(&token().to_string()), Err(ArmorError::NoToken));
    assert_eq!(Token::from_armor(""), Err(ArmorError::NoToken));
    for (at, _) in armor.char_indices().skip(30) {
        let cut = armor.get(..at).unwrap();
        if let Ok(read) = Token::from_armor(cut) {
            assert_eq!((read, cut), (token(), armor.trim_end()));
        }
    }
    let other_end = armor.replace("-----END ENTITLE", "-----END OTHER");
    for text in [other_end, armor.trim_end().trim_end_matches('-').to_string(), format!("{}{armor}", &armor[..100])] {
        assert_eq!(Token::from_armor(&text), Err(ArmorError::Cut { line: 1 }), "{text}");
    }
    let letter = format!("Dear customer,\n\n{}", armor.replace('d', "ü"));
    assert!(matches!(Token::from_armor(&letter), Err(ArmorError::Damaged { line: 3, .. })), "{letter}");
    let around = |text: &str| {
        let body = base64::Engine::encode(&base64::engine::general_purpose::STANDARD, text);
        Token::from_armor(&format!("-----BEGIN ENTITLE TOKEN-----\n{body}\n-----END ENTITLE TOKEN-----\n"))
    };
    let other = ParseTokenError::OtherHeader { found: "hello".to_string() };
    assert_eq!(around("hello"), Err(ArmorError::Token { line: 1, error: other }));
}

#[test]
fn x8_a_text_may_hold_several_tokens() {
    let vendor = Vendor::fabrikam();
    let seal = |units| vendor.seal(&vendor.deal_for("contoso").with(paid("gold", units, days(0, 365))));
    let (one, two) = (seal(1), seal(2));
    let both = Ok(vec![one.clone(), two.clone()]);
    for text in [
        format!("{}{}", one.to_armor(), two.to_armor()),
        format!("> first\n> {}\nand\n\n{}the end", one.to_armor().replace('\n', "\n> "), two.to_armor()),
        format!("{one}\n{two}\n"),
        format!("\u{feff}{one} {two}"),
        format!("> {one}\r\n> {two}\r\n"),
        format!("> > {one}\n> >\n> > {two}"),
        // Wrapped by mail, where only its beginning separates one from the next.
        format!("{}\n{}\n{two}", &one.to_string()[..70], &one.to_string()[70..]),
    ] {
        assert_eq!(Token::all_in(&text), both, "{text}");
    }
    // Where there is armor, what stands around it is prose.
    assert_eq!(Token::all_in(&format!("{two}\n{}", one.to_armor())), Ok(vec![one.clone()]));
    for text in ["", " \n", "hello", &format!("hello {one}"), "v4.local.abc"] {
        assert_eq!(Token::all_in(text), Err(ArmorError::NoToken), "{text}");
    }
    let cut = format!("{}{}", one.to_armor(), &two.to_armor()[..200]);
    let begins = one.to_armor().lines().count() + 1;
    assert_eq!(Token::all_in(&cut), Err(ArmorError::Cut { line: begins }), "none is returned without the other");
    let followed = format!("{one}\n\nKind regards");
    assert!(
        matches!(Token::all_in(&followed), Err(ArmorError::Token { line: 1, .. })),
        "{:?}",
        Token::all_in(&followed)
    );
}

#[test]
fn x8_a_text_with_armor_has_a_limit() {
    let armor = token().to_armor();
    let padded = |bytes: usize| format!("{}{armor}", " ".repeat(bytes - armor.len()));
    assert_eq!(Token::from_armor(&padded(MAX_ARMOR_BYTES)), Ok(token()));
    let bytes = MAX_ARMOR_BYTES + 1;
    assert_eq!(Token::from_armor(&padded(bytes)), Err(ArmorError::TooLong { bytes }));
    assert_eq!(Token::all_in(&padded(bytes)), Err(ArmorError::TooLong { bytes }));
}
