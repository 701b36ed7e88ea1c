//! What no license may say: refused by name when sealing and again when verifying (L1, L2, S11).

use crate::sample::{claims, verify, with};
use crate::support::{Vendor, days, paid, units, window};
use entitle::license::{DealError, Licensee, Tolerance, ToleratedUnits};
use entitle::limits::MAX_GRANTS;
use entitle::quantity::ZeroUnitsError;
use entitle::time::Length;
use entitle::token::{SealError, TokenError};
use entitle::{Deal, Grant, Units};
use serde_json::{Value, json};

fn trial(plan: &str) -> Grant {
    Grant::trial(plan.parse().unwrap(), units(1), window(0, 10), Length::days(30).unwrap())
}

/// What sealing and verifying both say to a deal that breaks a rule.
fn broken(deal: &Deal) -> DealError {
    let sealed = Vendor::fabrikam().secret.seal(deal).unwrap_err();
    let SealError::Deal(error) = sealed.clone() else { panic!("{sealed}") };
    assert_eq!((sealed.code(), sealed.to_string()), (error.code(), error.to_string()));
    let payload = crate::sealing::payload(deal);
    let verified = verify(&payload).unwrap_err();
    assert_eq!(verified, TokenError::Deal(error.clone()));
    assert_eq!(verified.code(), error.code());
    assert_eq!(verified.to_string(), format!("the signed content breaks a rule: {error}"));
    error
}

fn for_contoso() -> Deal {
    Vendor::fabrikam().deal_for("contoso")
}

fn for_anyone() -> Deal {
    Vendor::fabrikam().deal(1, Licensee::Anyone)
}

#[test]
fn l1_a_license_for_anyone_sells_nothing() {
    let error = broken(&for_anyone().with(trial("gold")).with(paid("silver", 1, days(0, 10))));
    assert_eq!(error.code(), "deal.paid-for-anyone");
    assert_eq!(error.to_string(), "grants[1]: a license for anyone holds trials only, but `silver` is paid");
    let mut payload = claims();
    payload["licensee"] = "anyone".into();
    assert_eq!(verify(&payload.to_string()).unwrap_err().code(), "deal.paid-for-anyone");
}

#[test]
fn l2_a_second_trial_of_a_plan_is_refused_wherever_it_stands() {
    for deal in [for_contoso(), for_anyone()] {
        let deal = deal.with(trial("gold")).with(trial("silver")).with(trial("gold"));
        let error = broken(&deal);
        assert_eq!(error.code(), "deal.second-trial");
        assert_eq!(
            error.to_string(),
            "grants[2]: a license holds one trial of a plan, but this is the second of `gold`"
        );
    }
    // Paid grants of one plan add up; a trial beside them is no second one.
    let deal = for_contoso().with(paid("gold", 1, days(0, 9))).with(paid("gold", 1, days(0, 9))).with(trial("gold"));
    assert!(verify(&crate::sealing::payload(&deal)).is_ok());
}

#[test]
fn a_tolerance_is_larger_than_the_units_it_goes_beyond() {
    let with_tolerance = |given: Units, tolerated: Units| {
        let mut grant = paid("gold", 1, days(0, 10));
        grant.units = given;
        grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(tolerated, crate::support::day(5)));
        for_contoso().with(grant)
    };
    for (given, tolerated, message) in [
        (units(5), units(5), "grants[0]: the tolerance is 5, but must be more than the grant's 5 units"),
        (units(5), units(1), "grants[0]: the tolerance is 1, but must be more than the grant's 5 units"),
        (
            Units::Unlimited,
            units(9),
            "grants[0]: the tolerance is 9, but must be more than the grant's unlimited units",
        ),
        (
            Units::Unlimited,
            Units::Unlimited,
            "grants[0]: the tolerance is unlimited, but must be more than the grant's unlimited units",
        ),
    ] {
        let error = broken(&with_tolerance(given, tolerated));
        assert_eq!((error.code(), error.to_string().as_str()), ("deal.small-tolerance", message));
    }
    assert!(verify(&crate::sealing::payload(&with_tolerance(units(5), units(6)))).is_ok());
    assert!(verify(&crate::sealing::payload(&with_tolerance(units(5), Units::Unlimited))).is_ok());
}

#[test]
fn x8_a_deal_of_too_many_grants_is_refused() {
    let many = |n: usize| (0..n).fold(for_contoso(), |deal, _| deal.with(paid("a", 1, days(0, 9))));
    let error = Vendor::fabrikam().secret.seal(&many(MAX_GRANTS + 1)).unwrap_err();
    assert_eq!(error.code(), "deal.too-many-grants");
    assert_eq!(error.to_string(), "a license holds at most 1000 grants, this one has 1001");
    let token = Vendor::fabrikam().seal(&many(MAX_GRANTS));
    assert_eq!(Vendor::fabrikam().ring().verify(&token).unwrap().deal().grants.len(), MAX_GRANTS);
    let mut one_more = crate::sealing::payload(&many(MAX_GRANTS));
    let grant = one_more.find(r#"{"amounts""#).unwrap();
    one_more.insert_str(grant, r#"{"plan":"a","units":"unlimited","tolerance":"none","amounts":[],"kind":{"paid":{"term":{"starts":"2026-03-01T00:00:00Z","ends":"never"},"grace":0,"suspended":0,"fallback":"none","early":"never"}}},"#);
    assert_eq!(verify(&one_more).unwrap_err().code(), "deal.too-many-grants");
}

#[test]
fn x8_a_deal_that_makes_too_long_a_token_is_refused() {
    let long = |n: usize| {
        let plan = "p".repeat(300);
        (0..n).fold(for_contoso(), |deal, _| deal.with(paid(&plan, 1, days(0, 9))))
    };
    let most = Vendor::fabrikam().seal(&long(600));
    assert_eq!(Vendor::fabrikam().ring().verify(&most).unwrap().deal(), &long(600));
    let error = Vendor::fabrikam().secret.seal(&long(900)).unwrap_err();
    let SealError::TooLong { bytes, .. } = error else { panic!("{error}") };
    assert_eq!(error.code(), "seal.too-long");
    assert!(bytes > entitle::limits::MAX_LICENSE_BYTES, "{bytes}");
    let message = format!("the token would have {bytes} characters, at most 524288 are allowed: split it");
    assert_eq!(error.to_string(), message);
}

#[test]
fn l2_zero_units_cannot_be_written() {
    assert_eq!(Units::limited(0), Err(ZeroUnitsError));
    assert_eq!(ZeroUnitsError.to_string(), "invalid grant of 0 units: leave the grant out");
    assert_eq!(ZeroUnitsError.code(), "units.zero");
}

#[test]
fn l2_a_license_without_grants_gives_nothing_and_is_one() {
    let license = verify(&with("/grants", "[]")).unwrap();
    assert_eq!(license.deal().grants, []);
}

#[test]
fn x4_the_first_fault_of_a_deal_does_not_depend_on_its_spelling() {
    // Both a paid grant for anyone and a second trial: one error, the same when sealing and when verifying.
    let deal = for_anyone().with(trial("gold")).with(trial("gold")).with(paid("gold", 1, days(0, 9)));
    assert_eq!(broken(&deal).code(), "deal.paid-for-anyone");
    let as_sample: Value = json!(crate::sealing::payload(&deal).parse::<Value>().unwrap());
    assert_eq!(as_sample["licensee"], "anyone");
}
