//! The text of a token: spoiled at every byte, cut at every length, spelled in other ways.

use crate::mint;
use crate::mint::{base64url, from_base64url};
use crate::sample::{KIND, SEED, claims};
use crate::support::Vendor;
use entitle::Token;
use entitle::token::{ParseTokenError, TokenPart};

/// A license as text, and its parts decoded.
fn sealed() -> (String, Vec<u8>, Vec<u8>) {
    let text = mint::sign(SEED, claims().to_string().as_bytes(), mint::footer(SEED, KIND).as_bytes(), b"");
    let (signed, footer) = text.trim_start_matches("v4.public.").split_once('.').unwrap();
    let parts = (from_base64url(signed), from_base64url(footer));
    assert_eq!(verdict(&text), "ok");
    (text, parts.0, parts.1)
}

fn text_of(signed: &[u8], footer: &[u8]) -> String {
    format!("v4.public.{}.{}", base64url(signed), base64url(footer))
}

fn verdict(text: &str) -> &'static str {
    match text.parse::<Token>() {
        Err(error) => error.code(),
        Ok(token) => Vendor::fabrikam().ring().verify(&token).map_or_else(|error| error.code(), |_| "ok"),
    }
}

fn not_a_token(text: &str) -> (ParseTokenError, String) {
    let error = text.parse::<Token>().unwrap_err();
    let message = error.to_string();
    (error, message)
}

#[test]
fn x1_a_tampered_byte_anywhere_is_noticed() {
    let (_, signed, footer) = sealed();
    let ring = Vendor::fabrikam().ring();
    for index in 0..signed.len() {
        for bit in 0..8 {
            let mut spoiled = signed.clone();
            spoiled[index] ^= 1 << bit;
            let token: Token = text_of(&spoiled, &footer).parse().unwrap();
            let error = ring.verify(&token).unwrap_err();
            assert_eq!(error.code(), "token.bad-signature", "bit {bit} of byte {index}: {error}");
        }
    }
    for index in 0..footer.len() {
        for bit in 0..8 {
            let mut spoiled = footer.clone();
            spoiled[index] ^= 1 << bit;
            let code = verdict(&text_of(&signed, &spoiled));
            let known = ["token.footer", "token.foreign-kind", "token.newer-format", "token.unknown-key"];
            assert!(known.contains(&code), "bit {bit} of byte {index} of the footer: {code}");
        }
    }
}

#[test]
fn x1_a_tampered_character_anywhere_is_noticed() {
    let (text, ..) = sealed();
    let others = ['A', 'B', 'z', '7', '-', '_', '+', '/', '=', '.', ' ', '\n', '\0', 'é', '€'];
    for index in 0..text.len() {
        // A third of the characters at each place, the others at the next two.
        for other in others.into_iter().skip(index % 3).step_by(3) {
            if text[index..].starts_with(other) {
                continue;
            }
            let mut spoiled = text.clone();
            spoiled.replace_range(index..=index, other.encode_utf8(&mut [0; 4]));
            assert_ne!(verdict(&spoiled), "ok", "{other:?} at {index}");
            let mut longer = text.clone();
            longer.insert(index, other);
            assert_ne!(verdict(&longer), "ok", "{other:?} inserted at {index}");
        }
    }
}

#[test]
fn x1_a_token_cut_at_any_length_is_noticed() {
    let (text, signed, footer) = sealed();
    for length in 0..text.len() {
        assert_ne!(verdict(&text[..length]), "ok", "the first {length}");
        assert_ne!(verdict(&text[text.len() - length..]), "ok", "the last {length}");
    }
    for length in 0..signed.len() {
        let code = verdict(&text_of(&signed[..length], &footer));
        assert_eq!(code, if length < 64 { "token.too-short" } else { "token.bad-signature" }, "{length}");
    }
    for length in 1..footer.len() {
        assert_eq!(verdict(&text_of(&signed, &footer[..length])), "token.footer", "{length}");
    }
}

#[test]
fn x1_bytes_cannot_move_between_payload_and_footer() {
    let (_, signed, footer) = sealed();
    let (payload, signature) = signed.split_at(signed.len() - 64);
    for moved in 1..footer.len().min(payload.len()) {
        let longer = [payload, &footer[..moved], signature].concat();
        assert_ne!(verdict(&text_of(&longer, &footer[moved..])), "ok");
        let shorter = [&payload[..payload.len() - moved], signature].concat();
        let footer = [&payload[payload.len() - moved..], &footer].concat();
        assert_ne!(verdict(&text_of(&shorter, &footer)), "ok");
    }
}

#[test]
fn x1_a_signature_is_no_identity() {
    // Two licenses under one key: the signature of one says nothing of the other.
    let (_, one, footer) = sealed();
    let two = mint::sign(SEED, b"{}", &footer, b"");
    let two = from_base64url(two.split('.').nth(2).unwrap());
    let swapped = [&one[..one.len() - 64], &two[two.len() - 64..]].concat();
    assert_eq!(verdict(&text_of(&swapped, &footer)), "token.bad-signature");
}

#[test]
fn x8_a_text_that_is_no_token_says_what_it_lacks() {
    let (text, ..) = sealed();
    let rest = text.trim_start_matches("v4.public.");
    for header in ["v1.public.", "v2.public.", "v3.public.", "v4.local..", "V4.public.", "v4.Public.", "v04.publi"] {
        let (error, message) = not_a_token(&format!("{header}{rest}"));
        assert_eq!(error.code(), "token.other-header", "{header}");
        let found: String = format!("{header}{rest}").chars().take(10).collect();
        assert_eq!(message, format!("not a token: a token begins with `v4.public.`, this text with `{found}`"));
    }
    for (input, found) in [("", ""), ("hello", "hello"), ("\u{feff}v4.public.", "\\u{feff}v4.publ"), ("a\nb", "a\\nb")]
    {
        let (error, message) = not_a_token(input);
        assert_eq!(error.code(), "token.other-header");
        assert_eq!(
            message,
            format!("not a token: a token begins with `v4.public.`, this text with `{found}`"),
            "{input:?}"
        );
    }
    let signed = rest.split_once('.').unwrap().0;
    for input in ["v4.public.", "v4.public..", &format!("v4.public.{signed}"), &format!("v4.public.{signed}.")] {
        let (error, message) = not_a_token(input);
        assert_eq!((error.clone(), error.code()), (ParseTokenError::NoFooter, "token.no-footer"), "{input}");
        assert_eq!(message, "incomplete token: the footer with its key and kind is missing");
    }
    let (error, message) = not_a_token("v4.public..e30");
    assert_eq!((error.clone(), error.code()), (ParseTokenError::TooShort { bytes: 0 }, "token.too-short"));
    assert_eq!(message, "the signed part of this token has 0 bytes: too few for a signature of 64");
}

#[test]
fn x8_base64_has_one_spelling() {
    let (text, signed, footer) = sealed();
    let refused = |text: &str, part: TokenPart| {
        let (error, message) = not_a_token(text);
        assert_eq!((error.clone(), error.code()), (ParseTokenError::NotBase64 { part }, "token.not-base64"), "{text}");
        let expected = format!(
            "a part of this token is not base64url without padding ({part}): check whether it was cut or wrapped"
        );
        assert_eq!(message, expected);
    };
    let (signed_text, footer_text) = (base64url(&signed), base64url(&footer));
    for pad in ["=", "==", "%3D", " ", "\n", "\r\n", "\0", "!", "é"] {
        refused(&format!("v4.public.{signed_text}{pad}.{footer_text}"), TokenPart::Signed);
        refused(&format!("{text}{pad}"), TokenPart::Footer);
    }
    for separator in ["\n", "\r\n", " ", "\t"] {
        let wrapped: Vec<&str> =
            signed_text.as_bytes().chunks(76).map(|line| core::str::from_utf8(line).unwrap()).collect();
        refused(&format!("v4.public.{}.{footer_text}", wrapped.join(separator)), TokenPart::Signed);
    }
    // A fourth part, as a JWT or a careless paste has it.
    refused(&format!("{text}.{footer_text}"), TokenPart::Footer);
    // The standard alphabet: some payload needs one of its two characters.
    let other = [&[0xfb, 0xff], signed.as_slice()].concat();
    let standard = base64url(&other).replace('-', "+").replace('_', "/");
    refused(&format!("v4.public.{standard}.{footer_text}"), TokenPart::Signed);
    // Bits that nobody reads, in the last character of 1 and of 2 bytes too many.
    for tail in [&b"x"[..], b"xy"] {
        let bytes: Vec<u8> = signed.iter().copied().take(99).chain(tail.iter().copied()).collect();
        let canonical = base64url(&bytes);
        let (front, last) = canonical.split_at(canonical.len() - 1);
        let alphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
        let spellings = alphabet.chars().filter(|&end| {
            let text = format!("v4.public.{front}{end}.{footer_text}");
            text.parse::<Token>().is_ok_and(|token| token.to_string() == text)
        });
        assert_eq!(spellings.count(), if tail.len() == 1 { 4 } else { 16 }, "{last}");
        let unread = alphabet.chars().nth(alphabet.find(last).unwrap() + 1).unwrap();
        refused(&format!("v4.public.{front}{unread}.{footer_text}"), TokenPart::Signed);
    }
}

#[test]
fn x8_a_token_in_json_is_read_as_its_text_is() {
    let (text, ..) = sealed();
    let token: Token = serde_json::from_str(&format!("\"{text}\"")).unwrap();
    assert_eq!(token.to_string(), text);
    for raw in ["null", "[]", "{}", "0", "\"\"", "\"v4.public.\"", "[118,52]"] {
        assert!(serde_json::from_str::<Token>(raw).is_err(), "{raw}");
    }
}
