//! Which reason and which basis is given where several apply.

use core::mem::discriminant;

use entitle::explain::{Basis, DenialReason, NoUnits};
use entitle::license::{GrantKind, Termination};
use entitle::quantity::{Place, Total};
use entitle::time::End;
use entitle::{Grant, Tenant};

use super::reasons::reasons;
use super::{
    active, allow, ended, in_grace, not_covered, not_started, pending, reason, suspended, tenant, tolerated, trial,
};
use crate::support::{Scenario, assign, day};

/// Each reason is given only where none above it in the list applies, whatever below it applies too.
#[test]
fn k3_the_first_reason_that_applies_is_given() {
    let grants = [ended(), not_covered(), suspended(), pending()];
    let seats: [(&[&str], bool); 4] = [(&[], false), (&["ada"], false), (&["b", "ada"], false), (&["b", "ada"], true)];
    let reasons = reasons();
    for (nearest, code) in
        ["reason.no-grant", "reason.ended", "reason.release-not-covered", "reason.suspended", "reason.pending"]
            .into_iter()
            .enumerate()
    {
        let (expected, ..) = reasons.iter().find(|(_, each, _)| *each == code).unwrap();
        // Any paid grants up to the nearest, in any order, and any seats: the phase of the nearest grant decides. A trial
        // beside a purchase explains nothing.
        for (claims, except) in seats {
            let upto = &grants[..nearest];
            let backwards: Vec<Grant> = upto.iter().rev().cloned().collect();
            assert_eq!(reason(upto, claims, except), *expected, "{code}");
            assert_eq!(reason(&backwards, claims, except), *expected, "{code}");
            if nearest > 0 {
                let with_trial: Vec<Grant> = backwards.into_iter().chain([not_started()]).collect();
                assert_eq!(reason(&with_trial, claims, except), *expected, "{code}");
            }
        }
    }
    // A usable unit makes the seats matter, whatever else there is.
    for upto in 0..=grants.len() {
        let with_active: Vec<Grant> = grants[..upto].iter().cloned().chain([active()]).collect();
        for (at, (claims, except)) in
            [(10, (&[][..], true)), (11, (&["b", "ada"][..], true)), (14, (&["ada"][..], true))]
        {
            assert_eq!(reason(&with_active, claims, except), reasons[at].0);
        }
    }
}

/// A grant that was withdrawn before it started is ended, not pending (L7).
#[test]
fn k3_withdrawn_before_its_start_is_ended() {
    let mut grant = pending();
    if let GrantKind::Paid(paid) = &mut grant.kind {
        paid.early = Termination::Withdrawn(day(1));
    }
    let actual = reason(&[grant], &[], false);
    assert_eq!(discriminant(&actual), discriminant(&DenialReason::NoUnits(NoUnits::Ended { since: day(0) })));
}

/// All four tiers reach the first place; each is named only where none before it reaches.
#[test]
fn k7_the_first_basis_that_reaches_is_named() {
    let tiers = [tolerated(), in_grace(), trial(), active()];
    let named: Vec<Basis> = (0..tiers.len())
        .map(|last| {
            let claims: &[&str] = if last == 0 { &["b", "ada"] } else { &["ada"] };
            let grants: Vec<Grant> = if last == 0 { vec![tolerated()] } else { tiers[1..=last].to_vec() };
            allow(&grants, claims, last >= 2).0
        })
        .collect();
    assert_eq!(named, [Basis::Tolerance, Basis::Grace, Basis::Trial, Basis::Paid]);
    assert!(named.is_sorted_by(|a, b| a > b), "the order of the type is the order of the rule");
}

#[test]
fn k3_a_place_and_a_limit_are_numbers_a_person_can_act_on() {
    let mut tenant = tenant(&[active()], &["a", "b", "c", "ada"], false);
    let place = |tenant: &Tenant| tenant.reasons("ada", "f365/orders", 1)[0].clone();
    assert_eq!(place(&tenant), DenialReason::Waiting { place: Place::behind(3), limit: Total::Limited(1) });
    tenant.run(1, [crate::support::unassign("b", "bronze")]).unwrap();
    assert_eq!(place(&tenant), DenialReason::Waiting { place: Place::behind(2), limit: Total::Limited(1) });
    let pending = DenialReason::NoUnits(NoUnits::Pending { from: End::At(day(2)) });
    assert_eq!(reason(&[pending_then()], &[], false), pending);
    assert!(tenant.run(1, [assign("zoe", "bronze")]).is_err());
}

fn pending_then() -> Grant {
    pending()
}
