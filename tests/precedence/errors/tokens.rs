//! Every error of a key or a token.

use entitle::license::{LicenseHash, Licensee};
use entitle::time::{Days, Length};
use entitle::token::{KeyConstraint, KeyPermissions, KeyPurpose, Kind, SealError, TokenError};
use entitle::{Grant, KeyRing, PublicKey, SecretKey, Token, Zeroizing};

use crate::support::{Vendor, days, paid, units, window};
use crate::{Row, row};

pub(super) fn keys() -> Vec<Row> {
    let public = |bytes: [u8; 32]| PublicKey::from_bytes(bytes).unwrap_err();
    let mut beyond = [0xff; 32];
    (beyond[0], beyond[31]) = (0xee, 0x7f);
    let mut mixed = SecretKey::from_seed(&Zeroizing::new([1; 32])).to_paserk().to_string();
    mixed.replace_range(60.., &SecretKey::from_seed(&Zeroizing::new([2; 32])).to_paserk()[60..]);
    vec![
        row!(
            "key.other-kind",
            "not a key of this kind: the text does not begin with `k4.public.`",
            "k4.secret.AAAA".parse::<PublicKey>().unwrap_err()
        ),
        row!(
            "key.not-base64",
            "invalid key text: `k4.public.` must be followed by 32 bytes in base64url without padding",
            "k4.public.AAAA".parse::<PublicKey>().unwrap_err()
        ),
        row!("key.not-canonical", "this public key is not a canonical point on the curve (RFC 8032)", public(beyond)),
        row!("key.weak", "this public key is weak: it has a component of small order", public([0; 32])),
        row!(
            "key.mismatched",
            "the public half of this secret key does not belong to its secret half",
            SecretKey::from_paserk(&mixed).unwrap_err()
        ),
    ]
}

pub(super) fn tokens() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let good = vendor.seal(&vendor.deal_for("contoso")).to_string();
    let not = |text: &str| text.parse::<Token>().unwrap_err();
    let verify = |ring: &KeyRing, text: &str| ring.verify(&text.parse().unwrap()).unwrap_err();
    let forged = good.replacen("v4.public.eyJ", "v4.public.eyI", 1);
    let stranger = SecretKey::from_seed(&Zeroizing::new([9; 32]));
    let foreign = stranger.seal(&vendor.deal_for("contoso")).unwrap().to_string();
    let trial = || Grant::trial("gold".parse().unwrap(), units(1), window(0, 9), Length::days(5).unwrap());
    let anyone = vendor.seal(&vendor.deal(1, Licensee::Anyone).with(trial())).to_string();
    let tenants_only = KeyRing::new().trust(vendor.secret.public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    let body = good.rsplit_once('.').unwrap().0;
    let key = vendor.secret.public().id();
    vec![
        row!(
            "token.too-long",
            "a token has at most 4194304 characters, this text has 4194305",
            not(&"v".repeat(4_194_305))
        ),
        row!(
            "token.other-header",
            "not a token: a token begins with `v4.public.`, this text with `v2.public.`",
            not("v2.public.AAAA.AAAA")
        ),
        row!("token.no-footer", "incomplete token: the footer with its key and kind is missing", not("v4.public.AAAA")),
        row!(
            "token.not-base64",
            "a part of this token is not base64url without padding (footer): check whether it was cut or wrapped",
            not(&format!("{good}="))
        ),
        row!(
            "token.too-short",
            "the signed part of this token has 3 bytes: too few for a signature of 64",
            not("v4.public.AAAA.AAAA")
        ),
        row!(
            "token.long-footer",
            "the footer of a token has at most 256 bytes, this one has 258",
            not(&format!("{body}.{}", "A".repeat(344)))
        ),
        row!(
            "token.footer",
            "the footer of this token does not name a key and a kind: the text was changed, or another application made it",
            verify(&vendor.ring(), &format!("{body}.AAAA"))
        ),
        row!(
            "token.bad-signature",
            "invalid signature: this document was changed or cut. Ask who sent it to send it again",
            verify(&vendor.ring(), &forged)
        ),
        row!(
            "token.unknown-key",
            format!(
                "signed with the unknown key `{}`: update the application, or contact the issuer",
                stranger.public().id()
            ),
            verify(&vendor.ring(), &foreign)
        ),
        row!(
            "token.not-trusted",
            format!(
                "the key `{key}` is not trusted for licenses for anyone: update the application, or contact the issuer"
            ),
            verify(&tenants_only, &anyone)
        ),
        row!(
            "token.beyond-limit",
            format!(
                "what this license grants of `gold` is too much for the key `{key}`, which is trusted only for licenses that give nothing later than 30 days after the issue date, grace and extensions included"
            ),
            {
                let month = KeyPermissions::new(KeyPurpose::Licenses).within(KeyConstraint::Terms(Days::new(30)));
                let year = vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 365))));
                KeyRing::new().trust(vendor.secret.public(), month).unwrap().verify(&year).unwrap_err()
            }
        ),
        row!(
            "ring.unenforceable-limit",
            format!(
                "the key `{key}` cannot be trusted for time tickets and limited to licenses that give nothing later than 30 days after the issue date, grace and extensions included: use another key for time tickets"
            ),
            {
                let month = KeyPermissions::new(KeyPurpose::TimeTickets).within(KeyConstraint::Terms(Days::new(30)));
                KeyRing::new().trust(vendor.secret.public(), month).unwrap_err()
            }
        ),
        row!(
            "token.too-long-for-its-kind",
            "this document (license) has 524289 characters: at most 524288 are allowed",
            { TokenError::TooLong { kind: Kind::License, bytes: 524_289 } }
        ),
        row!("token.long-list", "a revocation list has at most 20000 entries, this one has 20001", {
            TokenError::LongList { found: 20_001 }
        }),
        row!("revocation.not-a-hash", "not a license hash: expected 32 bytes in base64url without padding", {
            "AAAA".parse::<LicenseHash>().unwrap_err()
        }),
        row!(
            "deal.second-trial",
            "the signed content breaks a rule: grants[1]: a license holds one trial of a plan, but this \
             is the second of `gold`",
            {
                let twice = vendor.deal_for("contoso").with(trial()).with(trial());
                let SealError::Deal(error) = vendor.secret.seal(&twice).unwrap_err() else {
                    panic!("two trials of a plan")
                };
                TokenError::Deal(error)
            }
        ),
        // Tokens like these are minted and refused among the hostile inputs; here are their texts.
        row!(
            "token.foreign-kind",
            r"unknown kind of document `a\nb`: not a document of this product",
            TokenError::ForeignKind { found: "a\nb".into() }
        ),
        row!(
            "token.newer-format",
            "this document (license) is of a newer format, `entitle.license.v2`: update the application",
            TokenError::NewerFormat { kind: Kind::License, found: "entitle.license.v2".into() }
        ),
        row!(
            "token.other-kind",
            "wrong kind of document: revocation list instead of license",
            TokenError::OtherKind { expected: Kind::License, found: Kind::RevocationList }
        ),
        row!(
            "token.claims",
            "the signed content does not fit this kind of document (revocation list), from column 7 on: contact the issuer",
            TokenError::Claims { kind: Kind::RevocationList, column: 7, detail: "why".into() }
        ),
    ]
}
