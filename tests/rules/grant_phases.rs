//! L4 to L10: how a grant runs and winds down.

use entitle::license::{GrantKind, PaidTerms, Termination, TrialTerms};
use entitle::quantity::Total;
use entitle::query::Pool;
use entitle::time::{Days, EARLIEST, End, LATEST, Length, Phase, TimeError};
use entitle::{Grant, Term, Units};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

/// A paid grant of one bronze seat with windings of its own.
fn grant(term: Term, grace: u32, suspended: u32, early: Termination) -> Grant {
    let mut grant = paid("bronze", 1, term);
    let mut paid = PaidTerms::new(term);
    (paid.grace, paid.suspended, paid.early) = (Days::new(grace), Days::new(suspended), early);
    grant.kind = GrantKind::Paid(paid);
    grant
}

/// The days on which the phase of the only grant changes, read from its pool.
fn phases(grant: Grant) -> Vec<(i64, Phase)> {
    let tenant = Vendor::fabrikam().contoso([grant]);
    let phase = |pool: Pool| {
        let held = [
            (pool.paid.pending, Phase::Pending),
            (pool.paid.active, Phase::Active),
            (pool.paid.grace, Phase::Grace),
            (pool.paid.suspended, Phase::Suspended),
        ];
        held.into_iter().find(|&(units, _)| units > Total::ZERO).map_or(Phase::Ended, |(_, phase)| phase)
    };
    let mut changes = Vec::new();
    for on in 0..400 {
        let now = phase(tenant.pool(&"bronze".parse().unwrap(), day(on)));
        if changes.last().is_none_or(|&(_, last)| last != now) {
            changes.push((on, now));
        }
    }
    changes
}

use Phase::{Active, Ended, Grace, Pending, Suspended};

#[test]
fn l4_a_term_is_half_open_and_a_day_has_24_hours() {
    let mut tenant = Vendor::fabrikam().contoso([grant(days(0, 10), 0, 0, Termination::Never)]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let second = entitle::chrono::TimeDelta::seconds(1);
    let allowed = |at| tenant.see("ada", "f365/orders", at, |decision| decision.is_allowed());
    assert!(allowed(day(0)) && allowed(day(10) - second));
    assert!(!allowed(day(10)));
    assert_eq!(day(10) - day(0), entitle::chrono::TimeDelta::hours(240));
}

#[test]
fn l4_a_term_ends_after_it_starts_or_never() {
    for (starts, ends) in [(day(5), day(5)), (day(5), day(4))] {
        assert_eq!(Term::new(starts, ends), Err(TimeError::EndsBeforeItStarts { starts, ends }));
    }
    // Less than a second is nothing, once floored.
    let later = day(5) + entitle::chrono::TimeDelta::milliseconds(999);
    assert!(Term::new(day(5), later).is_err());
    let perpetual = Term::perpetual(day(5));
    assert_eq!((perpetual.starts(), perpetual.ends()), (day(5), End::Never));
    assert_eq!(phases(grant(perpetual, 30, 90, Termination::Never)), [(0, Pending), (5, Active)]);
}

#[test]
fn l4_terms_reach_to_the_ends_of_time() {
    let whole = Term::new(EARLIEST, LATEST).unwrap();
    let mut tenant = Vendor::fabrikam().contoso([grant(whole, u32::MAX, u32::MAX, Termination::Never)]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let basis = |at| tenant.see("ada", "f365/orders", at, |decision| decision.allowed().map(|allow| allow.basis()));
    assert_eq!(basis(day(0)), Ok(entitle::explain::Basis::Paid));
    assert_eq!(basis(entitle::chrono::DateTime::<entitle::chrono::Utc>::MAX_UTC), Ok(entitle::explain::Basis::Grace));
}

#[test]
fn l5_a_paid_grant_winds_down_in_four_phases() {
    assert_eq!(
        phases(grant(days(5, 100), 30, 90, Termination::Never)),
        [(0, Pending), (5, Active), (100, Grace), (130, Suspended), (220, Ended)]
    );
    assert_eq!(phases(grant(days(0, 100), 0, 0, Termination::Never)), [(0, Active), (100, Ended)]);
    let usual = PaidTerms::new(days(0, 1));
    assert_eq!((usual.grace.get(), usual.suspended.get(), usual.early), (30, 90, Termination::Never));
}

#[test]
fn l5_claims_keep_their_places_and_a_renewal_finds_them() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("bronze", 2, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [entitle::Command::Install(vendor.seal(&deal))]).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    tenant.run(110, [assign("bo", "bronze")]).expect("in grace seats can be assigned");
    assert!(tenant.opens("bo", "f365/orders", 110));
    let refused = tenant.run(140, [assign("cy", "bronze")]).unwrap_err();
    assert_eq!(refused.reason.code(), "refusal.no-usable-units");
    assert!(!tenant.opens("ada", "f365/orders", 140));
    assert!(!tenant.opens("ada", "f365/orders", 300), "ended");

    let renewed = deal.revise(day(300)).unwrap().with(paid("bronze", 2, days(300, 400)));
    tenant.run(300, [entitle::Command::Install(vendor.seal(&renewed))]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 300) && tenant.opens("bo", "f365/orders", 300));
}

#[test]
fn l6_a_trial_ends_without_being_suspended() {
    let trial = TrialTerms::new(window(0, 50), Length::days(30).unwrap());
    assert_eq!((trial.grace, trial.early), (Days::NONE, Termination::Never));
    assert_eq!(Length::days(0), Err(TimeError::ZeroLength));
    for grace in [0, 7] {
        let mut trial = trial.clone();
        trial.grace = Days::new(grace);
        let mut grant = Grant::trial("bronze".parse().unwrap(), units(1), window(0, 50), trial.length);
        grant.kind = GrantKind::Trial(trial);
        let mut tenant = Vendor::fabrikam().contoso([grant]);
        tenant.run(0, [crate::trials::start(1, "bronze"), assign("ada", "bronze")]).unwrap();
        let open: Vec<_> = (0..100).filter(|&on| tenant.opens("ada", "f365/orders", on)).collect();
        assert_eq!(open, (0..30 + i64::from(grace)).collect::<Vec<_>>());
        assert_eq!(tenant.reasons("ada", "f365/orders", 60)[0].code(), "reason.trial-ended");
    }
}

#[test]
fn l7_a_cancelled_grant_is_suspended_for_its_whole_length() {
    let cancelled = |on| phases(grant(days(5, 100), 30, 90, Termination::Cancelled(day(on))));
    assert_eq!(cancelled(50), [(0, Pending), (5, Active), (50, Suspended), (140, Ended)]);
    assert_eq!(cancelled(110), [(0, Pending), (5, Active), (100, Grace), (110, Suspended), (200, Ended)]);
    assert_eq!(cancelled(5), [(0, Pending), (5, Suspended), (95, Ended)]);
    assert_eq!(cancelled(4), [(0, Ended)]);
    let natural = [(0, Pending), (5, Active), (100, Grace), (130, Suspended), (220, Ended)];
    assert_eq!(cancelled(130), natural);
    assert_eq!(cancelled(200), natural);
}

#[test]
fn l7_a_withdrawn_grant_is_ended() {
    let withdrawn = |on| phases(grant(days(5, 100), 30, 90, Termination::Withdrawn(day(on))));
    assert_eq!(withdrawn(50), [(0, Pending), (5, Active), (50, Ended)]);
    assert_eq!(withdrawn(110), [(0, Pending), (5, Active), (100, Grace), (110, Ended)]);
    assert_eq!(withdrawn(4), [(0, Ended)]);
    assert_eq!(withdrawn(5), [(0, Pending), (5, Ended)]);
    let natural = [(0, Pending), (5, Active), (100, Grace), (130, Suspended), (220, Ended)];
    assert_eq!(withdrawn(130), natural);
}

/// Whatever else it would have become between, a grant that ends early is active until then.
#[test]
fn l7_a_grant_that_ends_early_says_when() {
    for early in [Termination::Cancelled(day(20)), Termination::Withdrawn(day(20))] {
        let paid = grant(days(0, 100), 30, 90, early);
        let fallback = paid.clone().with_fallback(day(0)).unwrap();
        let trial = Grant::trial("bronze".parse().unwrap(), units(1), window(0, 50), Length::days(30).unwrap());
        let trial = trial.with_grace(Days::new(7)).ending(early);
        for grant in [paid, fallback, trial.clone()] {
            let mut tenant = Vendor::fabrikam().contoso([grant.clone()]);
            if grant == trial {
                tenant.run(0, [crate::trials::start(1, "bronze")]).unwrap();
            }
            let status = tenant.grants(day(2)).next().unwrap();
            assert_eq!((status.phase, status.until), (Active, End::At(day(20))), "{grant:?}");
            let after = tenant.grants(day(20)).next().unwrap();
            assert!(!after.phase.is_usable(), "{after:?}");
        }
    }
}

#[test]
fn l8_before_its_start_a_grant_is_pending_and_says_from_when() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(2, 100)), paid("bronze", 1, days(7, 100))]);
    let pool = tenant.pool(&"bronze".parse().unwrap(), day(0));
    assert_eq!((pool.paid.pending, pool.usable), (Total::Limited(2), Total::ZERO));
    let pending = entitle::explain::DenialReason::NoUnits(entitle::explain::NoUnits::Pending { from: End::At(day(2)) });
    assert_eq!(tenant.reasons("ada", "f365/orders", 1)[..1], [pending]);
    let refused = tenant.run(1, [assign("ada", "bronze")]).unwrap_err();
    assert_eq!(refused.reason.to_string(), "`bronze` has no usable units: its license starts on 2026-03-03T00:00:00Z");
    tenant.run(2, [assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 2));
}

#[test]
fn l9_a_pool_adds_up_by_phase() {
    let grants = [
        paid("bronze", 1, days(0, 300)),
        paid("bronze", 2, days(0, 300)),
        paid("bronze", 4, days(0, 40)),
        paid("bronze", 8, days(-40, 0)),
        paid("bronze", 16, days(200, 300)),
        paid("silver", 32, days(0, 300)),
    ];
    let tenant = Vendor::fabrikam().contoso(grants);
    let pool = tenant.pool(&"bronze".parse().unwrap(), day(50));
    assert_eq!(pool.paid.active, Total::Limited(3));
    assert_eq!(pool.paid.grace, Total::Limited(4));
    assert_eq!(pool.paid.suspended, Total::Limited(8));
    assert_eq!(pool.paid.pending, Total::Limited(16));
    assert_eq!((pool.usable, pool.limit), (Total::Limited(7), Total::Limited(7)));
    assert_eq!(pool.until, End::At(day(70)));
}

#[test]
fn l9_one_unlimited_usable_grant_is_enough() {
    let mut unlimited = paid("bronze", 1, days(10, 20));
    unlimited.units = Units::Unlimited;
    let tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 300)), unlimited]);
    let usable = |on| tenant.pool(&"bronze".parse().unwrap(), day(on)).usable;
    assert_eq!(usable(9), Total::Limited(1));
    assert_eq!(usable(10), Total::Unlimited);
    assert_eq!(usable(49), Total::Unlimited, "in grace");
    assert_eq!(usable(50), Total::Limited(1), "suspended");
}

#[test]
fn l4_lengths_and_terms_are_shown() {
    assert_eq!(Length::days(30).unwrap().to_string(), "30 days");
    assert_eq!(days(0, 31).to_string(), "2026-03-01T00:00:00Z to 2026-04-01T00:00:00Z");
    assert_eq!(Term::perpetual(day(0)).to_string(), "2026-03-01T00:00:00Z on, perpetual");
    let app = Vendor::fabrikam().catalog.app("f365/orders").unwrap();
    assert_eq!(app.to_string(), "f365/orders");
}
