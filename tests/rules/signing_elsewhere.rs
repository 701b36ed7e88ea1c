//! X9: documents whose secret key is not in the process.

use core::num::NonZeroU32;

use ed25519_compact::{KeyPair, Noise, Seed};
use entitle::license::{RevocationListDraft, TimeTicketDraft};
use entitle::token::{PreparedToken, SignatureError};
use entitle::{Command, PublicKey, TicketId, Token};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units};

/// A signer of somebody else, with the secret key of [`Vendor::fabrikam`].
fn service() -> KeyPair {
    KeyPair::from_seed(Seed::new([1; 32]))
}

fn public(pair: &KeyPair) -> PublicKey {
    PublicKey::from_bytes(*pair.pk).unwrap()
}

/// A document of each kind, prepared for a key, with its token as the secret key seals it.
fn documents(key: &PublicKey) -> [(PreparedToken, Token); 3] {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let id = TicketId::from_random([1; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(0));
    [
        (deal.prepare(key).unwrap(), vendor.secret.seal(&deal).unwrap()),
        (list.prepare(key).unwrap(), vendor.secret.seal_list(&list).unwrap()),
        (ticket.prepare(key).unwrap(), vendor.secret.seal_ticket(&ticket).unwrap()),
    ]
}

#[test]
fn x9_what_is_signed_elsewhere_is_the_same_token() {
    let service = service();
    for (prepared, sealed) in documents(&public(&service)) {
        assert_eq!(prepared.key(), public(&service));
        let signature = service.sk.sign(prepared.bytes(), None);
        assert_eq!(prepared.finish(&*signature).unwrap(), sealed);
        assert_eq!(Vendor::fabrikam().secret.signature(&prepared), *signature);
    }
}

/// The bytes to sign are PASETO's: other pieces, or pieces without their lengths, are other bytes.
#[test]
fn x9_the_bytes_are_the_pre_authentication_encoding() {
    let (prepared, sealed) = documents(&public(&service())).into_iter().next().unwrap();
    let text = sealed.to_string();
    let [_, _, signed, footer] = text.split('.').collect::<Vec<_>>()[..] else { panic!("four parts") };
    let (signed, footer) = (from_base64url(signed), from_base64url(footer));
    let payload = &signed[..signed.len() - 64];
    let mut expected = 4_u64.to_le_bytes().to_vec();
    for piece in [b"v4.public.".as_slice(), payload, &footer, b""] {
        expected.extend_from_slice(&u64::try_from(piece.len()).unwrap().to_le_bytes());
        expected.extend_from_slice(piece);
    }
    assert_eq!(prepared.bytes(), expected);
}

/// Decodes base64url, by hand.
fn from_base64url(text: &str) -> Vec<u8> {
    const ALPHABET: &[u8] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let sextets = text.bytes().map(|byte| ALPHABET.iter().position(|&each| each == byte).unwrap());
    let bits: Vec<bool> = sextets.flat_map(|sextet| (0..6).rev().map(move |bit| sextet >> bit & 1 == 1)).collect();
    bits.chunks_exact(8).map(|byte| byte.iter().fold(0, |byte, &bit| byte << 1 | u8::from(bit))).collect()
}

#[test]
fn x9_a_signature_that_does_not_verify_is_refused_with_its_reason() {
    let (right, other) = (service(), KeyPair::from_seed(Seed::new([2; 32])));
    for (prepared, _) in documents(&public(&right)) {
        let bytes = prepared.bytes();
        let mismatch = SignatureError::Mismatch { key: public(&right).id() };
        // The right key over other bytes.
        assert_eq!(prepared.finish(&*right.sk.sign(b"other bytes", None)).unwrap_err(), mismatch);
        assert_eq!(prepared.finish(&*right.sk.sign([bytes, b"\n"].concat(), None)).unwrap_err(), mismatch);
        // Another key over these bytes.
        assert_eq!(prepared.finish(&*other.sk.sign(bytes, None)).unwrap_err(), mismatch);
        // 64 bytes that no key makes: a number that is too large, and halves that are no points.
        let mut unreduced = *right.sk.sign(bytes, None);
        unreduced[63] |= 0xe0;
        for nothing in [unreduced, [0; 64], [0xff; 64]] {
            assert_eq!(prepared.finish(&nothing).unwrap_err(), SignatureError::NotASignature);
        }
        // Of another length: nothing, cut, followed by a line feed, in hexadecimal.
        let signature = *right.sk.sign(bytes, None);
        for found in [0, 32, 63, 65, 128] {
            let wrong: Vec<u8> = signature.iter().copied().cycle().take(found).collect();
            assert_eq!(prepared.finish(&wrong).unwrap_err(), SignatureError::Length { found });
        }
    }
}

/// Ed25519 allows any nonce, so a service may make another signature each time.
#[test]
fn x9_two_documents_that_differ_only_in_their_signature_are_one() {
    let (vendor, service) = (Vendor::fabrikam(), service());
    let deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    let prepared = deal.prepare(&public(&service)).unwrap();
    let [one, two] = [1, 2]
        .map(|noise| prepared.finish(&*service.sk.sign(prepared.bytes(), Some(Noise::new([noise; 16])))).unwrap());
    assert_ne!(one, two);
    assert_eq!(vendor.ring().verify(&one).unwrap(), vendor.ring().verify(&two).unwrap());
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(one), assign("ada", "bronze")]).unwrap();
    assert_eq!(tenant.run(0, [Command::Install(two.clone())]).unwrap_err().code(), "install.already-installed");
    tenant.forge(0, [Command::Install(two)]);
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(1)).usable, units(1).into());
}

/// What would not verify is refused before anybody is asked to sign it.
#[test]
fn x9_nothing_is_prepared_that_would_not_verify() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal(1, entitle::license::Licensee::Anyone).with(paid("bronze", 1, days(0, 100)));
    let (prepared, sealed) = (deal.prepare(&vendor.secret.public()), vendor.secret.seal(&deal));
    assert_eq!(prepared.unwrap_err(), sealed.unwrap_err());
}

/// Key services sign at most 4,096 bytes as they are: the manual says how many grants that is.
#[test]
fn x9_the_manual_names_the_grants_that_fit_in_4096_bytes() {
    let vendor = Vendor::fabrikam();
    let fits = |grants: u32| {
        let deal = (0..grants).fold(vendor.deal_for("contoso"), |deal, _| deal.with(paid("gold", 25, days(0, 365))));
        deal.prepare(&vendor.secret.public()).unwrap().bytes().len() <= 4_096
    };
    let most = (1..100).take_while(|&grants| fits(grants)).last().unwrap();
    let manual = include_str!("../../src/manual/other-languages.md");
    assert!(manual.contains(&format!("{most} paid grants")), "{most}");
}
