//! Mistakes that licensing and authorisation libraries have made, each found in real code: none of them is made here.
#![allow(clippy::unwrap_used, clippy::panic, reason = "a test may fail by panicking")]

mod support;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Revocation, RevocationListDraft, RevokedLicense};
use entitle::query::DocumentStatus;
use entitle::time::LATEST;
use entitle::token::{SealError, TokenError};
use entitle::{Command, Decision, Grant, License, Term, Token, Units};
use support::{Scenario, Vendor, assign, day, days, paid, user};

fn revocations(sequence: u32) -> RevocationListDraft {
    RevocationListDraft::new("fabrikam".parse().unwrap(), sequence.try_into().unwrap(), day(0))
}

/// A check that passed when the caller left a value out: here nothing can be left out, and what is empty is refused.
#[test]
fn a_check_does_not_pass_for_a_value_that_was_left_out() {
    assert!("".parse::<entitle::UserId>().is_err());
    let tenant = Vendor::fabrikam().tenant("contoso");
    assert!(tenant.catalog().app("").is_err());
    assert!(!tenant.opens("anybody", "f365/orders", 0), "no license, no pass");
}

/// `entitled()` that was true although the license was revoked.
#[test]
fn a_revoked_license_entitles_to_nothing() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let license = tenant.documents().find_map(|document| match document.status {
        DocumentStatus::InForce(license) => Some(license.deal().clone()),
        _ => None,
    });
    let license = license.unwrap();
    let revoked = Revocation::License(RevokedLicense::new(license.id, license.revision, day(10)));
    let list = vendor.secret.seal_list(&revocations(1).with(revoked)).unwrap();
    tenant.forge(1, [Command::InstallRevocationList(list)]);
    assert!(tenant.opens("ada", "f365/orders", 9) && !tenant.opens("ada", "f365/orders", 10));
}

/// Signing a map that was written anew: here the very bytes that were signed are read, in whatever order they stand.
#[test]
fn the_bytes_that_were_signed_are_the_bytes_that_are_read() {
    let vendor = Vendor::fabrikam();
    let token = vendor.seal(&vendor.deal_for("contoso"));
    let again: Token = token.to_string().parse().unwrap();
    assert_eq!((again.to_string(), again == token), (token.to_string(), true));
    // Its JSON starts with another field than ours, and has white space: tests/interop has such tokens, minted elsewhere.
    let python: Token = include_str!("interop/py.token").trim_end().parse().unwrap();
    assert_eq!(python.to_string(), include_str!("interop/py.token").trim_end());
}

/// Fields that could be split again, `["a,pro"]` read as `["a", "pro"]`.
#[test]
fn fields_cannot_be_split_again() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("bronze,gold", 1, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    for plan in ["bronze", "gold"] {
        assert!(tenant.run(0, [assign("ada", plan)]).is_err(), "`{plan}` was not sold");
    }
}

/// `exp = 0` read as never: here never is a word, and no number has a second meaning.
#[test]
fn never_is_a_word_and_zero_is_nothing_special() {
    assert!("0".parse::<entitle::time::End>().is_err());
    assert!(Units::limited(0).is_err());
    let epoch: DateTime<Utc> = DateTime::UNIX_EPOCH;
    assert!(Term::new(epoch, epoch).is_err());
}

/// The algorithm taken from the document: here the header names the only one there is, and nothing else is read.
#[test]
fn the_document_does_not_choose_the_algorithm() {
    let vendor = Vendor::fabrikam();
    let token = vendor.seal(&vendor.deal_for("contoso")).to_string();
    for header in ["v1.public.", "v2.public.", "v3.public.", "v4.local.", "none.public.", "eyJhbGciOiJub25lIn0."] {
        let other = token.replacen("v4.public.", header, 1);
        assert_eq!(other.parse::<Token>().unwrap_err().code(), "token.other-header");
    }
}

/// An overflow on a far date.
#[test]
fn far_dates_do_not_overflow() {
    let forever = Grant::paid("bronze".parse().unwrap(), Units::Unlimited, Term::new(day(0), LATEST).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([forever.with_grace(entitle::time::Days::new(u32::MAX))]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let far = DateTime::<Utc>::MAX_UTC;
    assert!(tenant.see("ada", "f365/orders", far, |decision| decision.is_allowed()), "in grace until after time ends");
}

/// A limit that admitted one too many.
#[test]
fn a_limit_admits_as_many_as_it_says() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 3, days(0, 100))]);
    tenant.forge(0, (0..9).map(|n| assign(&format!("u{n}"), "bronze")));
    let open = (0..9).filter(|n| tenant.opens(&format!("u{n}"), "f365/orders", 1)).count();
    assert_eq!(open, 3);
}

/// The product that was never compared.
#[test]
fn the_product_is_compared() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    deal.offer = "another-product".parse().unwrap();
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "bronze")]);
    assert!(!tenant.opens("ada", "f365/orders", 1));
}

/// A security check that was written twice and drifted apart: what sealing refuses, verifying refuses, by the same code.
#[test]
fn sealing_and_verifying_refuse_the_same() {
    let vendor = Vendor::fabrikam();
    let for_anyone = vendor.deal(1, entitle::license::Licensee::Anyone).with(paid("bronze", 1, days(0, 100)));
    let Err(SealError::Deal(error)) = vendor.secret.seal(&for_anyone) else { panic!("sealed") };
    assert_eq!(TokenError::Deal(error.clone()).code(), error.code());
}

/// An audience that was not set and skipped the check: here a license without one cannot be read.
#[test]
fn an_audience_is_never_left_out() {
    // The claim is needed wherever a license is read; tests/hostile leaves out every claim in turn.
    let vendor = Vendor::fabrikam();
    let license: License = vendor.ring().verify(&vendor.seal(&vendor.deal_for("contoso"))).unwrap();
    assert_eq!(license.deal().offer, vendor.catalog.offer().offer);
    assert_eq!(license.deal().publisher, vendor.catalog.offer().publisher);
}

/// A proof of the wrong thing that was accepted at a gate: a proof names its user and its app, and a gate wraps it.
#[test]
fn a_proof_says_what_it_proves() {
    let tenant = Vendor::fabrikam().tenant("contoso");
    let (ada, basic) = (user("ada"), tenant.catalog().app("f365/basic").unwrap());
    let Decision::Allow(allow) = tenant.check(&ada, &basic, day(0)) else { panic!("it is free") };
    assert_eq!((allow.user(), allow.app().id().as_str()), (&ada, "f365/basic"));
}

/// A signed document with two readings.
#[test]
fn a_signed_document_has_one_reading() {
    for text in ["2026-03-01T00:00:00z", "2026-03-01 00:00:00Z", "2026-03-01T00:00:00+00:00", "2026-03-01T00:00:00.0Z"]
    {
        assert!(text.parse::<entitle::time::End>().is_err(), "{text}");
    }
    for text in ["0A", "0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0A", "+a0a0a0a0a0a0a0a0a0a0a0a0a0a0a0a"] {
        assert!(text.parse::<entitle::LicenseId>().is_err(), "{text}");
    }
}

/// A writer's error that became an empty text, which was then signed: what cannot be written is an error of its own.
#[test]
fn a_writers_error_is_never_signed() {
    let vendor = Vendor::fabrikam();
    let token = vendor.seal(&vendor.deal_for("contoso"));
    assert_eq!(vendor.ring().verify(&token).unwrap().deal(), &vendor.deal_for("contoso"));
    let wide = (0..900).fold(vendor.deal_for("contoso"), |deal, _| deal.with(paid(&"p".repeat(300), 1, days(0, 9))));
    assert!(matches!(vendor.secret.seal(&wide), Err(SealError::TooLong { .. })));
}
