//! Every error of a word, a catalog, a key, a deal or a token.

use core::num::NonZeroU32;

use entitle::catalog::FaultKind;
use entitle::hashing::HashSeedError;
use entitle::license::{
    Freshness, FreshnessLimit, LicenseHash, Licensee, Revocation, RevocationListDraft, RevokedLicense, Tolerance,
    ToleratedUnits,
};
use entitle::time::{Days, Length};
use entitle::token::{KeyConstraint, KeyPermissions, KeyPurpose, Kind, SealError, TokenError};
use entitle::{
    AppId, Catalog, CountryCode, Deal, Grant, GroupId, KeyRing, LicenseId, PlanId, PublicKey, SecretKey, Term, Token,
    Units, UserId, Zeroizing,
};

use crate::support::{Vendor, day, days, paid, units, window};
use crate::{Row, row};

fn words() -> Vec<Row> {
    vec![
        row!("text.empty", "user id is empty: at least one character is needed", "".parse::<UserId>().unwrap_err()),
        row!(
            "text.too-long",
            "plan id has 301 bytes: at most 300 are allowed",
            "x".repeat(301).parse::<PlanId>().unwrap_err()
        ),
        row!(
            "text.control-character",
            r"user id `a\nb` has a control character at byte 1",
            "a\nb".parse::<UserId>().unwrap_err()
        ),
        row!(
            "text.turns-direction",
            r"group id `a\u{202e}b` has a character that turns the direction of text at byte 1",
            "a\u{202e}b".parse::<GroupId>().unwrap_err()
        ),
        row!("text.padded", "app id ` a` begins or ends with white space", " a".parse::<AppId>().unwrap_err()),
        row!(
            "text.not-hexadecimal",
            "license id `F00D` is not 32 lower-case hexadecimal digits",
            "F00D".parse::<LicenseId>().unwrap_err()
        ),
        row!(
            "text.not-a-country",
            "country code `Germany` is not two capital letters as in ISO 3166-1",
            "Germany".parse::<CountryCode>().unwrap_err()
        ),
        row!(
            "amount.not-an-amount",
            "invalid amount of 0 millionths: an amount is from 1 to 9007199254740991 millionths",
            entitle::quantity::Amount::millionths(0).unwrap_err()
        ),
        row!("time.not-a-month", "`March` is not a month like 2026-03 between 1970 and 9999", {
            "March".parse::<entitle::time::Month>().unwrap_err()
        }),
        row!("units.zero", "invalid grant of 0 units: leave the grant out", Units::limited(0).unwrap_err()),
        row!(
            "time.not-an-instant",
            "`2026-03-01` is not an instant like 2026-03-01T00:00:00Z between 1970 and 9999",
            "2026-03-01".parse::<entitle::time::End>().unwrap_err()
        ),
        row!(
            "time.ends-before-it-starts",
            "invalid term from 2026-03-02T00:00:00Z to 2026-03-01T00:00:00Z: it must end after it starts",
            Term::new(day(1), day(0)).unwrap_err()
        ),
        row!("time.zero-length", "invalid length of 0 days: at least 1 day is needed", Length::days(0).unwrap_err()),
        row!(
            "hash-seed.zero",
            "the hash seed is 16 zero bytes: fill it with random bytes of the operating system",
            entitle::seed_hashes([0; 16]).unwrap_err()
        ),
        // What else a seed is refused for is for processes of their own: tests/hash_seed.rs, tests/late_hash_seed.rs.
        row!(
            "hash-seed.other-seed",
            "this process already has another hash seed: call `seed_hashes` once",
            HashSeedError::OtherSeed
        ),
        row!(
            "hash-seed.too-late",
            "ids were hashed before the hash seed was set: call `seed_hashes` first in `main`",
            HashSeedError::TooLate
        ),
    ]
}

fn catalogs() -> Vec<Row> {
    let catalog = Vendor::fabrikam().catalog;
    let fault = |plans: &str, apps: &str| {
        let text = format!(
            r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
                  "apps": [{apps}], "plans": [{plans}] }}"#
        );
        Catalog::from_json(&text).unwrap_err()
    };
    let kind = |plans: &str, apps: &str| -> FaultKind {
        match fault(plans, apps) {
            entitle::catalog::CatalogError::Unsound(faults) => faults[0].what.clone(),
            other => panic!("{other}"),
        }
    };
    let a = r#"{ "id": "a", "access": "licensed" }"#;
    let plan = |id: &str, scope: &str, apps: &str| {
        format!(r#"{{ "id": "{id}", "scope": "{scope}", "name": "N", "apps": [{apps}] }}"#)
    };
    let x = plan("x", "user", r#""a""#);
    let needing = |requires: &str| x.replace(r#""name": "N""#, &format!(r#""name": "N", "requires": {requires}"#));
    let excluding = |excludes: &str| x.replace(r#""name": "N""#, &format!(r#""name": "N", "excludes": {excludes}"#));
    let never = {
        let z = plan("z", "user", r#""b""#).replace(r#""name": "N""#, r#""name": "N", "requires": [["x"], ["y"]]"#);
        let text = format!(
            r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
                  "apps": [{a}, {{ "id": "b", "access": "licensed" }}], "plans": [{}, {}, {z}] }}"#,
            excluding(r#"["y"]"#),
            plan("y", "user", r#""a""#)
        );
        Catalog::from_json(&text).unwrap().warnings().to_vec()
    };
    let idle = |management: &str| {
        let text = format!(
            r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "{management}" }},
                  "apps": [{a}], "plans": [{x}, {}] }}"#,
            plan("idle", "user", "")
        );
        Catalog::from_json(&text).unwrap().warnings().to_vec()
    };
    vec![
        row!("catalog.too-long", "a catalog has at most 4194304 bytes, this text has 4194305", {
            Catalog::from_json(&" ".repeat(4 * 1024 * 1024 + 1)).unwrap_err()
        }),
        row!("catalog.not-json", "not a catalog: line 1, column 0: EOF while parsing a value", {
            Catalog::from_json("").unwrap_err()
        }),
        row!(
            "catalog.unsound",
            "the catalog has 2 faults\n  apps[0]: the app `a` is licensed, but no plan lists it\n  plans[0].apps[0]: no app \
             has the id `b`",
            fault(&plan("x", "user", r#""b""#), a)
        ),
        row!(
            "catalog.unsound",
            "the catalog has 1 fault\n  plans[0].apps[1]: no app has the id `b`",
            fault(&plan("x", "user", r#""a", "b""#), a)
        ),
        row!("catalog.duplicate-id", "the id `a` is used twice", kind(&x, &format!("{a}, {a}"))),
        row!("catalog.differs-in-case", "the id `X` differs from `x` only in letter case", {
            kind(&format!("{x}, {}", plan("X", "user", r#""a""#)), a)
        }),
        row!("catalog.no-such-app", "no app has the id `b`", kind(&plan("x", "user", r#""a", "b""#), a)),
        row!("catalog.listed-twice", "the app `a` is listed twice", kind(&plan("x", "user", r#""a", "a""#), a)),
        row!("catalog.no-plans", "license management is on, but the offer has no plan", kind("", "")),
        row!(
            "catalog.capacity-lists-apps",
            "the capacity plan `x` lists apps, but capacity plans allow no apps",
            kind(&plan("x", "capacity", r#""a""#), a)
        ),
        row!("catalog.no-such-plan", "no plan has the id `z`", kind(&needing(r#"[["z"]]"#), a)),
        row!("catalog.none-named", "the list is empty: name at least one plan", kind(&needing("[[]]"), a)),
        row!("catalog.named-twice", "the plan `z` is named twice", kind(&needing(r#"[["z", "z"]]"#), a)),
        row!("catalog.too-many-needs", "the plan `x` has 65 requirements: at most 64 are allowed", {
            let many = needing(&format!("[{}]", vec![r#"["y"]"#; 65].join(",")));
            kind(&format!("{many}, {}", plan("y", "tenant", r#""a""#)), a)
        }),
        row!("catalog.requires-itself", "the plan `x` requires itself, directly or indirectly", {
            kind(&needing(r#"[["x"]]"#), a)
        }),
        row!("catalog.requires-too-many", "the plan `x` requires more than 64 plans, directly and indirectly", {
            let others: Vec<_> = (0..65).map(|n| plan(&n.to_string(), "tenant", r#""a""#)).collect();
            let names: Vec<_> = (0..65).map(|n| format!(r#"["{n}"]"#)).collect();
            kind(&format!("{}, {}", needing(&format!("[{}]", names.join(","))), others.join(", ")), a)
        }),
        row!(
            "catalog.too-many-requirements",
            "with what the plan `x` requires, there are more than 262144 requirements to follow from plan to plan",
            {
                let many = needing(&format!("[[{}]]", vec![r#""y""#; 262_145].join(",")));
                kind(&format!("{many}, {}", plan("y", "user", r#""a""#)), a)
            }
        ),
        row!("catalog.cannot-require", "the plan `x` (user) cannot require the plan `y` (capacity)", {
            kind(&format!("{}, {}", needing(r#"[["y"]]"#), plan("y", "capacity", "")), a)
        }),
        row!("catalog.free-and-listed", "the app `a` is free, but the plan `x` lists it", {
            kind(&x, &a.replace("licensed", "free"))
        }),
        row!(
            "catalog.listed-nowhere",
            "the app `a` is licensed, but no plan lists it",
            kind(&plan("x", "user", ""), a)
        ),
        row!(
            "catalog.overage-without-capacity",
            "the plan `x` (user) has an overage, but only capacity plans are consumed",
            kind(&x.replace(r#""name": "N""#, r#""name": "N", "overage": 5"#), a)
        ),
        row!(
            "catalog.cannot-exclude",
            "the plan `x` (user) cannot exclude the plan `y` (tenant): only user plans exclude",
            { kind(&format!("{}, {}", excluding(r#"["y"]"#), plan("y", "tenant", r#""a""#)), a) }
        ),
        row!("catalog.excludes-itself", "the plan `x` excludes itself", kind(&excluding(r#"["x"]"#), a)),
        row!("catalog.excludes-its-need", "the plan `y` excludes all plans that would meet this requirement", {
            let y = plan("y", "user", "").replace(r#""name": "N""#, r#""name": "N", "requires": [["x"]]"#);
            kind(&format!("{}, {y}", excluding(r#"["y"]"#)), a)
        }),
        row!(
            "catalog.never-in-effect",
            "the plan `z` can never be in effect: plans that it requires exclude each other",
            never[0].clone()
        ),
        row!("catalog.never-opens", "no plan that can be in effect lists the app `b`", never[1].clone()),
        row!("catalog.unlocks-nothing", "the plan `idle` unlocks nothing", idle("with_license")[0].clone()),
        row!(
            "catalog.nothing-free",
            "every tenant may install without a license, but no app is free",
            idle("without_license")[1].clone()
        ),
        row!(
            "catalog.unknown-app",
            "no app of this catalog has the id `f365/typo`",
            catalog.app("f365/typo").unwrap_err()
        ),
        row!(
            "service-id.unknown-plan",
            "no plan of this catalog has the id `tin`",
            catalog.service_id(&"tin".parse().unwrap()).unwrap_err()
        ),
        row!(
            "service-id.not-of-the-form",
            "`N 1` cannot be part of a service id: at most 50 characters of a-z 0-9 - _",
            {
                let text = include_str!("../../examples/fabrikam.json").replace(r#""id": "gold""#, r#""id": "N 1""#);
                Vendor::of(&text).catalog.service_id(&"N 1".parse().unwrap()).unwrap_err()
            }
        ),
    ]
}

fn keys() -> Vec<Row> {
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

fn long_list() -> RevocationListDraft {
    let mut list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(0));
    list.entries = vec![Revocation::License(license); 20_001];
    list
}

fn deals() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso");
    let prepared = deal.prepare(&vendor.secret.public()).unwrap();
    let trial = || Grant::trial("gold".parse().unwrap(), units(1), window(0, 9), Length::days(5).unwrap());
    let sealed = |deal: &Deal| vendor.secret.seal(deal).unwrap_err();
    let many = |n| (0..n).fold(deal.clone(), |deal, _| deal.with(paid("gold", 1, days(0, 9))));
    let mut last = deal.clone();
    last.revision = NonZeroU32::MAX;
    let mut tolerant = paid("gold", 5, days(0, 9));
    tolerant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(5), day(5)));
    let long = "p".repeat(300);
    let wide = (0..900).fold(deal.clone(), |deal, _| deal.with(paid(&long, 1, days(0, 9))));
    vec![
        row!(
            "deal.last-revision",
            "this license has reached its last revision: issue a new license",
            last.revise(day(0)).unwrap_err()
        ),
        row!("deal.too-many-grants", "a license holds at most 1000 grants, this one has 1001", sealed(&many(1_001))),
        row!(
            "deal.paid-for-anyone",
            "grants[1]: a license for anyone holds trials only, but `gold` is paid",
            sealed(&vendor.deal(1, Licensee::Anyone).with(trial()).with(paid("gold", 1, days(0, 9))))
        ),
        row!(
            "deal.second-trial",
            "grants[1]: a license holds one trial of a plan, but this is the second of `gold`",
            sealed(&deal.clone().with(trial()).with(trial()))
        ),
        row!("deal.too-many-extensions", "grants[0]: a trial is extended at most 100 times, this one 101 times", {
            let mut often = trial();
            if let entitle::license::GrantKind::Trial(trial) = &mut often.kind {
                let times = NonZeroU32::new(101).unwrap();
                let length = Length::days(1).unwrap();
                trial.extensions = entitle::license::Extensions::UpTo(entitle::license::Extension::new(times, length));
            }
            sealed(&deal.clone().with(often))
        }),
        row!(
            "deal.small-tolerance",
            "grants[0]: the tolerance is 5, but must be more than the grant's 5 units",
            sealed(&deal.clone().with(tolerant))
        ),
        row!(
            "deal.fallback-on-trial",
            "a trial covers no release after its end: only a paid grant of `gold` can have a fallback",
            trial().with_fallback(day(0)).unwrap_err()
        ),
        row!("seal.too-long", "the token would have 618565 characters, at most 524288 are allowed: split it", {
            sealed(&wide)
        }),
        row!(
            "deal.denies-before-it-warns",
            "freshness: `deny_after` is 1 day, which is less than `warn_after`, 2 days",
            {
                let mut hasty = deal.clone();
                hasty.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(2), Days::new(1)));
                sealed(&hasty)
            }
        ),
        row!(
            "seal.long-list",
            "a revocation list has at most 20000 entries, this one has 20001",
            vendor.secret.seal_list(&long_list()).unwrap_err()
        ),
        row!(
            "seal.unwritable",
            "the document cannot be serialized: why",
            SealError::Unwritable { error: "why".into() }
        ),
        row!(
            "signature.length",
            "a signature has 64 bytes, this one 65: it must be raw, not in base64, hexadecimal or DER",
            prepared.finish(&[0; 65]).unwrap_err()
        ),
        row!(
            "signature.not-a-signature",
            "these bytes are not an Ed25519 signature (RFC 8032): use the algorithm Ed25519, and its output as it is",
            prepared.finish(&[0; 64]).unwrap_err()
        ),
        row!(
            "signature.mismatch",
            format!(
                "this signature is not of the key `{}` over this document: sign with that key, and sign the bytes \
                 themselves, not a hash of them",
                vendor.secret.public().id()
            ),
            prepared.finish(&SecretKey::from_seed(&Zeroizing::new([9; 32])).signature(&prepared)).unwrap_err()
        ),
        row!(
            "revocation.last-list",
            "this key has signed its last possible revocation list: ship a release that trusts another key for lists",
            RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MAX, day(0)).next(day(1)).unwrap_err()
        ),
    ]
}

fn tokens() -> Vec<Row> {
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
            "the footer of this token does not name a key and a kind",
            verify(&vendor.ring(), &format!("{body}.AAAA"))
        ),
        row!("token.bad-signature", "invalid signature: this document was tampered with, or cut", {
            verify(&vendor.ring(), &forged)
        }),
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
            format!("the key `{key}` is not trusted for licenses for anyone"),
            verify(&tenants_only, &anyone)
        ),
        row!(
            "token.beyond-limit",
            format!("the key `{key}` is trusted only for grants that end within 30 days of the issue date"),
            {
                let month = KeyPermissions::new(KeyPurpose::Licenses).within(KeyConstraint::Terms(Days::new(30)));
                let year = vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 1, days(0, 365))));
                KeyRing::new().trust(vendor.secret.public(), month).unwrap().verify(&year).unwrap_err()
            }
        ),
        row!(
            "ring.unenforceable-limit",
            format!(
                "the key `{key}` cannot be trusted for time tickets and limited to grants that end within 30 days of \
                 the issue date: use another key for time tickets"
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

pub(crate) fn rows() -> Vec<Row> {
    [words(), catalogs(), keys(), deals(), tokens()].into_iter().flatten().collect()
}
