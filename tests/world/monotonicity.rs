//! K9: more license never takes away, and fewer never gives.

use chrono::{DateTime, TimeDelta, Utc};
use entitle::license::{Extension, Extensions, Fallback, GrantKind, PaidTerms, Tolerance, ToleratedUnits, TrialTerms};
use entitle::quantity::QuotaAmount;
use entitle::time::{Days, EARLIEST, End, Window};
use entitle::{Command, Deal, Grant, LicenseId, Term, Units};
use proptest::prelude::*;
use proptest::sample::Index;

use super::anchors::exchange;
use super::answers::{answer, questions};
use super::calendar::{around, day, days};
use super::quotas::amounts;
use super::test_licenses::{Signer, grant, length, licensee};
use super::{World, any_world, cases, floor};

/// What is more in one document of a world. It keeps its id, revision, issue date and freshness: the record and the
/// reading stay the same.
#[derive(Debug, Clone)]
enum More {
    Units(u32),
    Unlimited,
    /// A term or a trial that begins to be usable as before, and ends so many days later, or never.
    Days(u32),
    Perpetual,
    Earlier(u32),
    Extensions(u32),
    Tolerance(u32),
    /// A fallback so many days later; where there is none, one on that day.
    Fallback(u32),
    /// So much more of each amount of a quota that a grant carries.
    Amounts(u64),
    Grant(Grant),
    /// A license of its own, in the first event.
    License(Grant),
}

fn more() -> impl Strategy<Value = More> {
    prop_oneof![
        3 => (1..=4_u32).prop_map(More::Units),
        1 => Just(More::Unlimited),
        4 => (1..40_u32).prop_map(More::Days),
        1 => Just(More::Perpetual),
        1 => (1..20_u32).prop_map(More::Earlier),
        1 => (1..20_u32).prop_map(More::Extensions),
        1 => (1..40_u32).prop_map(More::Tolerance),
        2 => (1..60_u32).prop_map(More::Fallback),
        1 => (1..9_u64).prop_map(More::Amounts),
        3 => grant(false).prop_map(More::Grant),
        2 => grant(false).prop_map(More::License),
    ]
}

fn after(at: DateTime<Utc>, days: u32) -> DateTime<Utc> {
    at + TimeDelta::days(days.into())
}

fn more_units(units: Units, more: u32) -> Units {
    match units {
        Units::Limited(units) => Units::limited(units.get() + more).unwrap(),
        Units::Unlimited => Units::Unlimited,
    }
}

fn longer_paid(paid: &mut PaidTerms, more: &More) {
    paid.fallback = match (more, paid.fallback) {
        (More::Fallback(days), Fallback::None) => Fallback::Before(day((*days).into())),
        (More::Fallback(days), Fallback::Before(before)) => Fallback::Before(after(before, *days)),
        (_, fallback) => fallback,
    };
    let (starts, ends) = (paid.term.starts(), paid.term.ends());
    paid.term = match (more, ends) {
        (More::Days(days), End::At(ends)) => Term::new(starts, after(ends, *days)).unwrap(),
        (More::Perpetual, _) => Term::perpetual(starts),
        (More::Earlier(days), End::At(ends)) => Term::new(starts - TimeDelta::days((*days).into()), ends).unwrap(),
        _ => paid.term,
    };
}

/// A trial's beginning is when it was started, in its window. A window that opens earlier moves the beginning of one
/// that was started too early, and its end with it: that is another term, not a longer one.
fn longer_trial(trial: &mut TrialTerms, more: &More) {
    let longer =
        |length: entitle::time::Length, by: u32| super::test_licenses::length(i64::from(length.in_days().get() + by));
    let extensions = match trial.extensions {
        Extensions::UpTo(extension) => extension,
        Extensions::None => Extension::new(core::num::NonZeroU32::MIN, length(1)),
    };
    match more {
        More::Days(days) if days % 2 == 0 => trial.length = longer(trial.length, *days),
        More::Days(days) => {
            let closes = after(trial.may_start.closes(), *days);
            trial.may_start = Window::new(trial.may_start.opens(), closes).unwrap();
        }
        More::Perpetual => trial.grace = Days::new(trial.grace.get() + 30),
        More::Extensions(by) if by % 2 == 0 => {
            trial.extensions = Extensions::UpTo(Extension::new(extensions.times, longer(extensions.length, *by)));
        }
        More::Extensions(by) => {
            let times = extensions.times.checked_add(*by).unwrap();
            trial.extensions = Extensions::UpTo(Extension::new(times, extensions.length));
        }
        _ => {}
    }
}

fn enlarge(grant: &mut Grant, more: &More) {
    match (more, &mut grant.tolerance) {
        (More::Units(by), tolerance) => {
            grant.units = more_units(grant.units, *by);
            if let Tolerance::UpTo(allowance) = tolerance {
                allowance.units = more_units(allowance.units, *by);
            }
        }
        (More::Amounts(more), _) => {
            for own in &mut grant.amounts {
                own.amount = own.amount.plus(QuotaAmount::limited(*more).unwrap());
            }
        }
        (More::Unlimited, tolerance) => (grant.units, *tolerance) = (Units::Unlimited, Tolerance::None),
        (More::Tolerance(days), Tolerance::UpTo(allowance)) => allowance.until = after(allowance.until, *days),
        (More::Tolerance(days), tolerance) if grant.units != Units::Unlimited => {
            *tolerance = Tolerance::UpTo(ToleratedUnits::new(more_units(grant.units, 1), day(i64::from(*days))));
        }
        _ => match &mut grant.kind {
            GrantKind::Paid(paid) => longer_paid(paid, more),
            GrantKind::Trial(trial) => longer_trial(trial, more),
        },
    }
}

/// Whether a license may hold one grant more: trials only if it is for anyone, and one of a plan.
fn has_room(deal: &Deal, grant: &Grant) -> bool {
    let is_trial = |grant: &Grant| matches!(grant.kind, GrantKind::Trial(_));
    let second = deal.grants.iter().any(|other| is_trial(other) && other.plan == grant.plan);
    if is_trial(grant) { !second } else { matches!(deal.licensee, entitle::license::Licensee::Tenant(_)) }
}

/// The same world with more in one of its documents.
fn with(world: &World, (test_license, grant): (Index, Index), more: &More) -> World {
    let mut world = world.clone();
    if let More::License(one) = more {
        let deal = Deal::new(LicenseId::from_random([77; 16]), &world.offer, licensee("contoso"), EARLIEST);
        let token = Signer::Trusted.key().seal(&deal.with(one.clone())).unwrap();
        if let Some(first) = world.record.first_mut() {
            first.commands.insert(0, Command::Install(token));
        }
        return world;
    }
    let test_license = test_license.index(world.test_licenses.len());
    let test_license = &mut world.test_licenses[test_license];
    if test_license.signer == Signer::Reseller {
        // What is more may be more than its certificate admits.
        return world;
    }
    match more {
        More::Grant(one) if has_room(&test_license.deal, one) => test_license.deal.grants.push(one.clone()),
        More::Grant(_) => {}
        _ => {
            let count = test_license.deal.grants.len();
            enlarge(&mut test_license.deal.grants[grant.index(count)], more);
        }
    }
    let old = core::mem::replace(&mut test_license.token, test_license.signer.key().seal(&test_license.deal).unwrap());
    let new = test_license.token.clone();
    for event in &mut world.record {
        exchange(&mut event.commands, &old, &new);
    }
    world
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn k9_more_license_never_takes_away(world in any_world(), which in any::<(Index, Index)>(), more in more()) {
        let larger = with(&world, which, &more);
        let (tenant, richer) = (world.tenant(), larger.tenant());
        prop_assert_eq!(floor(&tenant), floor(&richer));
        let oracle = world.oracle(&world.record);
        let plans = world.offer.plans.iter().flat_map(|plan| oracle.boundaries(&plan.id));
        for now in days().step_by(2).chain(plans.flat_map(around)) {
            for plan in &world.offer.plans {
                let (pool, other) = (tenant.pool(&plan.id, now), richer.pool(&plan.id, now));
                prop_assert!(pool.usable <= other.usable && pool.limit <= other.limit, "{} at {}", plan.id, now);
            }
            for (before, after) in amounts(&tenant, now).into_iter().zip(amounts(&richer, now)) {
                prop_assert!(before <= after, "{} became {} at {}\n{:?}", before, after, now, larger);
            }
            for (user, app) in questions(&tenant) {
                let (before, after) = (answer(&tenant, &user, &app, now), answer(&richer, &user, &app, now));
                prop_assert!(after.is_allowed() || !before.is_allowed(), "{:?} became {:?}\n{:?}", before, after, larger);
            }
        }
    }
}
