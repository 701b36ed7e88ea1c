//! `seal` refuses what `verify` would refuse, and what it seals is read back as it was.

use core::num::NonZeroU32;

use crate::sample::verify;
use crate::support::{Vendor, day, days, paid, units};
use entitle::chrono::{DateTime, TimeDelta, Timelike, Utc};
use entitle::license::{
    Customer, Extension, Extensions, Fallback, GrantKind, Licensee, PaidTerms, Revocation, RevocationListDraft,
    RevokedKey, RevokedLicense, Termination, Tolerance, ToleratedUnits, TrialTerms,
};
use entitle::limits::MAX_QUOTA;
use entitle::quantity::QuotaAmount;
use entitle::time::{Days, EARLIEST, LATEST, Length, Window};
use entitle::{Deal, Grant, Term, Token, Units};
use proptest::collection::vec;
use proptest::prelude::*;
use serde_json::json;

/// A deal as a payload, written without the library's sealing, so that a broken one can be minted.
pub fn payload(deal: &Deal) -> String {
    json!({
        "iss": deal.publisher,
        "aud": deal.offer,
        "jti": deal.id,
        "iat": entitle::time::End::At(deal.issued),
        "revision": deal.revision,
        "licensee": deal.licensee,
        "reference": deal.reference,
        "freshness": deal.freshness,
        "anchor": deal.anchor,
        "grants": deal.grants,
    })
    .to_string()
}

/// An instant as documents keep it: whole seconds between the ends of the calendar.
fn kept(at: DateTime<Utc>) -> DateTime<Utc> {
    at.clamp(EARLIEST, LATEST).with_nanosecond(0).unwrap()
}

/// The deal with every instant as documents keep it.
fn as_kept(mut deal: Deal) -> Deal {
    let early = |early: &mut Termination| match early {
        Termination::Never => {}
        Termination::Cancelled(at) | Termination::Withdrawn(at) => *at = kept(*at),
    };
    deal.issued = kept(deal.issued);
    for grant in &mut deal.grants {
        if let Tolerance::UpTo(allowance) = &mut grant.tolerance {
            allowance.until = kept(allowance.until);
        }
        match &mut grant.kind {
            GrantKind::Paid(paid) => {
                early(&mut paid.early);
                if let Fallback::Before(before) = &mut paid.fallback {
                    *before = kept(*before);
                }
            }
            GrantKind::Trial(trial) => early(&mut trial.early),
        }
    }
    deal
}

/// Any instant that chrono knows, mostly near the ends of the calendar or in this century.
pub fn instants() -> impl Strategy<Value = DateTime<Utc>> {
    let near = |at: DateTime<Utc>| {
        (-3_i64..=3, 0_u32..1_000_000_000)
            .prop_filter_map("in range", move |(s, n)| DateTime::from_timestamp(at.timestamp() + s, n))
    };
    prop_oneof![
        4 => (1_700_000_000_i64..1_900_000_000).prop_map(|s| DateTime::from_timestamp(s, 0).unwrap()),
        1 => near(EARLIEST),
        1 => near(LATEST),
        1 => Just(DateTime::<Utc>::MIN_UTC),
        1 => Just(DateTime::<Utc>::MAX_UTC),
        // A leap second, as chrono holds it.
        1 => Just(DateTime::from_timestamp(1_483_228_799, 1_500_000_000).unwrap()),
    ]
}

pub fn any_days() -> impl Strategy<Value = u32> {
    prop_oneof![0_u32..400, Just(2_932_896), Just(u32::MAX), any::<u32>()]
}

fn any_units() -> impl Strategy<Value = Units> {
    prop_oneof![3 => (1_u32..5).prop_map(units), 1 => Just(Units::Unlimited), 1 => Just(units(u32::MAX))]
}

fn early() -> impl Strategy<Value = Termination> {
    prop_oneof![
        3 => Just(Termination::Never),
        1 => instants().prop_map(Termination::Cancelled),
        1 => instants().prop_map(Termination::Withdrawn)
    ]
}

fn terms() -> impl Strategy<Value = GrantKind> {
    let term = (instants(), instants(), any::<bool>()).prop_filter_map("in order", |(starts, ends, perpetual)| {
        if perpetual { Some(Term::perpetual(starts)) } else { Term::new(starts, ends).ok() }
    });
    let fallback = prop_oneof![1 => Just(Fallback::None), 1 => instants().prop_map(Fallback::Before)];
    let paid =
        (term, any_days(), any_days(), fallback, early()).prop_map(|(term, grace, suspended, fallback, early)| {
            let mut paid = PaidTerms::new(term);
            (paid.grace, paid.suspended, paid.fallback, paid.early) =
                (Days::new(grace), Days::new(suspended), fallback, early);
            GrantKind::Paid(paid)
        });
    let window =
        (instants(), instants()).prop_filter_map("in order", |(opens, closes)| Window::new(opens, closes).ok());
    let length = || any_days().prop_filter_map("not zero", |days| Length::days(days).ok());
    let extensions = prop_oneof![
        Just(Extensions::None),
        (1..=100_u32, length())
            .prop_map(|(times, length)| { Extensions::UpTo(Extension::new(NonZeroU32::new(times).unwrap(), length)) })
    ];
    let trial = (window, length(), extensions, any_days(), early()).prop_map(
        |(may_start, length, extensions, grace, early)| {
            let mut trial = TrialTerms::new(may_start, length);
            (trial.extensions, trial.grace, trial.early) = (extensions, Days::new(grace), early);
            GrantKind::Trial(trial)
        },
    );
    prop_oneof![paid, trial]
}

pub fn grants() -> impl Strategy<Value = Grant> {
    let plan = prop_oneof!["gold|silver|bronze", "\\p{L}{1,40}"];
    let tolerance = prop_oneof![
        2 => Just(None),
        1 => (any_units(), instants()).prop_map(Some),
    ];
    let amount = prop_oneof![
        3 => (0..=MAX_QUOTA).prop_map(|number| QuotaAmount::limited(number).unwrap()),
        1 => Just(QuotaAmount::Unlimited),
    ];
    let amounts = vec(amount, 0..3);
    (plan, any_units(), tolerance, amounts, terms()).prop_map(|(plan, units, tolerance, amounts, terms)| {
        let term = Term::perpetual(EARLIEST);
        let mut grant = Grant::paid(plan.parse().unwrap(), units, term);
        for (index, amount) in amounts.into_iter().enumerate() {
            grant = grant.with_amount(format!("quota {index}").parse().unwrap(), amount);
        }
        grant.kind = terms;
        if let Some((tolerated, until)) = tolerance {
            let mut allowance = ToleratedUnits::new(tolerated, until);
            // Past the constructor, which would floor it.
            allowance.until = until;
            grant.tolerance = Tolerance::UpTo(allowance);
        }
        grant
    })
}

fn deals() -> impl Strategy<Value = Deal> {
    let licensee = prop_oneof![
        1 => Just(Licensee::Anyone),
        3 => "[^\\p{C}\\p{Z}]{1,60}".prop_map(|text| {
            Licensee::Tenant(Customer::new(text.parse().unwrap(), text.parse().unwrap(), "DE".parse().unwrap()))
        }),
    ];
    (any::<u8>(), 1_u32.., licensee, instants(), vec(grants(), 0..4)).prop_map(
        |(id, revision, licensee, issued, grants)| {
            let mut deal = Vendor::fabrikam().deal(id, licensee);
            deal.revision = NonZeroU32::new(revision).unwrap();
            (deal.issued, deal.grants) = (issued, grants);
            deal
        },
    )
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 500, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn x4_what_is_sealed_verifies_as_the_same_deal_and_nothing_else_is(deal in deals()) {
        let vendor = Vendor::fabrikam();
        let minted = verify(&payload(&deal));
        match vendor.secret.seal(&deal) {
            Ok(token) => {
                let text = token.to_string();
                let token: Token = text.parse().unwrap();
                prop_assert_eq!(token.to_string(), text);
                let license = vendor.ring().verify(&token).unwrap();
                prop_assert_eq!(license.deal(), &as_kept(deal));
                prop_assert_eq!(license.key(), vendor.secret.public().id());
                prop_assert_eq!(minted.unwrap(), license);
            }
            Err(error) => prop_assert_eq!(minted.unwrap_err().code(), error.code()),
        }
    }
}

#[test]
fn deals_of_both_sorts_are_tried() {
    use proptest::strategy::ValueTree;
    use proptest::test_runner::TestRunner;
    let mut runner = TestRunner::deterministic();
    let sealed = (0..400).filter(|_| {
        let deal = deals().new_tree(&mut runner).unwrap().current();
        Vendor::fabrikam().secret.seal(&deal).is_ok()
    });
    let sealed = sealed.count();
    assert!((80..=320).contains(&sealed), "{sealed} of 400 deals could be sealed");
}

/// A clock shows fractions of a second, and a document has none: what is made with them is as it will be read.
#[test]
fn x4_a_document_made_by_a_clock_is_read_back_as_it_was_made() {
    let vendor = Vendor::fabrikam();
    let at = day(1) + TimeDelta::milliseconds(1_999);
    let grant = paid("gold", 1, days(0, 9)).tolerating(units(2), at).with_fallback(at).unwrap();
    let deal = vendor.deal_for("contoso").revise(at).unwrap().with(grant);
    assert_eq!(vendor.ring().verify(&vendor.seal(&deal)).unwrap().deal(), &deal);
    let list = RevocationListDraft::new(deal.publisher.clone(), NonZeroU32::MIN, at)
        .with(Revocation::License(RevokedLicense::new(deal.id, NonZeroU32::MIN, at)))
        .with(Revocation::Key(RevokedKey::new(vendor.secret.public().id(), at)));
    let sealed = vendor.secret.seal_list(&list).unwrap();
    assert_eq!(vendor.ring().verify_list(&sealed).unwrap().revocations(), &list);
}

/// The license that the manual shows is one.
#[test]
fn x4_the_manuals_license_is_read() {
    let manual = include_str!("../../src/manual/formats.md");
    let start = manual.find("{\n  \"iss\"").unwrap();
    let text = &manual[start..];
    let payload = &text[..text.find("```").unwrap()];
    let license = crate::sample::verify(payload).unwrap();
    assert_eq!(license.deal().grants.len(), 2);
    assert_eq!(license.deal().offer.as_str(), "orders");
}
