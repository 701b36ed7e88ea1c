//! The right side of the law: how many a plan may serve at most, from the documents alone and without an event.

use chrono::{DateTime, TimeDelta, Utc};
use entitle::catalog::{Release, Scope};
use entitle::license::{Extensions, Fallback, GrantKind, Licensee, Termination, Tolerance};
use entitle::quantity::Total;
use entitle::time::{Days, End};
use entitle::{Deal, Grant, PlanId, Units};
use std::collections::BTreeMap;

use super::test_licenses::Signer;
use super::test_lists::{TestList, wants};
use super::{TestLicense, World, our_tenant};

/// The licenses that count: of each id those of the highest revision; conflicting ones are all kept.
fn in_force(world: &World) -> Vec<&TestLicense> {
    let ours = |deal: &Deal| {
        let same_offer = (&deal.publisher, &deal.offer) == (&world.offer.publisher, &world.offer.offer);
        let for_us = match &deal.licensee {
            Licensee::Tenant(customer) => customer.id == our_tenant(),
            Licensee::Anyone => true,
        };
        same_offer && for_us
    };
    let installed = |test_license: &&TestLicense| {
        world.record.iter().flat_map(|event| &event.commands).any(|command| match command {
            entitle::Command::Install(token) => *token == test_license.token,
            _ => false,
        })
    };
    let counts = |test_license: &&TestLicense| {
        let is_signed = test_license.verifies || world.admitting(test_license).next().is_some();
        is_signed && ours(&test_license.deal) && world.is_contained(&test_license.deal.anchor)
    };
    let test_licenses = world.test_licenses.iter().filter(counts).filter(installed);
    let test_licenses: Vec<&TestLicense> = test_licenses.collect();
    let top = |id| test_licenses.iter().filter(|other| other.deal.id == id).map(|other| other.deal.revision).max();
    test_licenses
        .iter()
        .copied()
        .filter(|test_license| Some(test_license.deal.revision) == top(test_license.deal.id))
        .collect()
}

/// Whether a list is in the record.
fn is_taken_in(world: &World, test_list: &TestList) -> bool {
    world.record.iter().flat_map(|event| &event.commands).any(|command| match command {
        entitle::Command::InstallRevocationList(token) => *token == test_list.token,
        _ => false,
    })
}

/// The revocation lists of keys of the ring that count: of each key those of the highest sequence; conflicting ones are all kept.
fn lists(world: &World) -> BTreeMap<Signer, Vec<&TestList>> {
    let taken_in = |test_list: &&TestList| is_taken_in(world, test_list);
    let mut lists: BTreeMap<_, Vec<&TestList>> = BTreeMap::new();
    for test_list in world.test_lists.iter().filter(|test_list| test_list.counts()).filter(taken_in) {
        lists.entry(test_list.signer).or_default().push(test_list);
    }
    for of_key in lists.values_mut() {
        let top = of_key.iter().map(|test_list| test_list.sequence).max();
        of_key.retain(|test_list| Some(test_list.sequence) == top);
    }
    lists
}

/// Whether a license gives nothing at an instant by the lists alone: revoked by a key, whichever of its conflicting
/// lists counts, or without a list that is fresh enough, even if the latest of each key is the one that counts (X5).
fn gives_nothing(world: &World, test_license: &TestLicense, at: DateTime<Utc>) -> bool {
    let lists = lists(world);
    let ends = |test_list: &&TestList| test_list.ends(world, test_license).is_some_and(|from| from <= at);
    let is_revoked = lists.values().any(|of_key| of_key.iter().all(ends));
    let is_ended = lists.values().any(|of_key| of_key.iter().all(|list| world.ends_issuers(list, test_license, at)));
    let certified =
        world.test_lists.iter().filter(|test_list| is_taken_in(world, test_list) && world.admits_list(test_list));
    let last = lists.values().flatten().copied().chain(certified).map(|test_list| test_list.issued).max();
    is_revoked || is_ended || wants(&test_license.deal, last).is_some_and(|(_, deny)| deny <= at)
}

fn plus(at: DateTime<Utc>, days: Days) -> DateTime<Utc> {
    at + TimeDelta::days(days.get().into())
}

/// Whether a fallback covers a release: it is dated, and before the fallback (V1).
fn is_covered(fallback: Fallback, release: Release) -> bool {
    match (fallback, release) {
        (Fallback::Before(before), Release::Dated(date)) => date < before,
        (Fallback::None, _) | (_, Release::Undated) => false,
    }
}

/// Whether a grant can be usable at an instant in a release, whatever was recorded.
fn may_be_usable(grant: &Grant, release: Release, at: DateTime<Utc>) -> bool {
    let (starts, ends, early) = match &grant.kind {
        // Begun, it has no end there, unless it was withdrawn (V1).
        GrantKind::Paid(paid) if is_covered(paid.fallback, release) => match paid.early {
            Termination::Cancelled(cut) if cut >= paid.term.starts() => (paid.term.starts(), None, Termination::Never),
            early => (paid.term.starts(), None, early),
        },
        GrantKind::Paid(paid) => {
            let ends = match paid.term.ends() {
                End::At(ends) => Some(plus(ends, paid.grace)),
                End::Never => None,
            };
            (paid.term.starts(), ends, paid.early)
        }
        GrantKind::Trial(trial) => {
            let mut ends = plus(plus(trial.may_start.closes(), trial.length.in_days()), trial.grace);
            if let Extensions::UpTo(extension) = trial.extensions {
                for _ in 0..extension.times.get() {
                    ends = plus(ends, extension.length.in_days());
                }
            }
            (trial.may_start.opens(), Some(ends), trial.early)
        }
    };
    let cut = match early {
        Termination::Never => None,
        Termination::Cancelled(cut) | Termination::Withdrawn(cut) => Some(cut),
    };
    starts <= at && ends.is_none_or(|ends| at < ends) && cut.is_none_or(|cut| at < cut)
}

/// What one document gives of a plan at most.
fn given(deal: &Deal, plan: &PlanId, paid: bool, release: Release, at: DateTime<Utc>) -> Option<u64> {
    let mut sum = 0;
    for grant in &deal.grants {
        let same = grant.plan == *plan && matches!(grant.kind, GrantKind::Paid(_)) == paid;
        let units = match grant.tolerance {
            Tolerance::UpTo(more) if at < more.until => more.units,
            _ => grant.units,
        };
        match units {
            _ if !same || !may_be_usable(grant, release, at) => {}
            Units::Limited(units) => sum += u64::from(units.get()),
            Units::Unlimited => return None,
        }
    }
    Some(sum)
}

/// `limit(D, t)`: of licenses that lists have not ended, of conflicting documents the larger, of paid units and trials the larger.
pub(crate) fn limit(world: &World, plan: &PlanId, at: DateTime<Utc>) -> Total {
    let sum = |paid: bool| {
        let mut of_id = BTreeMap::new();
        for test_license in in_force(world).into_iter().filter(|test_license| !gives_nothing(world, test_license, at)) {
            let deal = &test_license.deal;
            let given = given(deal, plan, paid, world.offer.release, at).map_or(Total::Unlimited, Total::Limited);
            let most = of_id.entry(deal.id).or_insert(Total::ZERO);
            *most = given.max(*most);
        }
        of_id.values().try_fold(0_u64, |sum, given| match given {
            Total::Limited(units) => Some(sum + units),
            Total::Unlimited => None,
        })
    };
    let total = |sum: Option<u64>| sum.map_or(Total::Unlimited, Total::Limited);
    total(sum(true)).max(total(sum(false)))
}

/// For how many a plan can be in effect at most: within its limit, and with what it requires (C4). A tenant plan that can
/// be is so for everyone.
pub(crate) fn most(world: &World, plan: &PlanId, at: DateTime<Utc>) -> Total {
    let plan = world.catalog.plan(plan).unwrap();
    let own = match (plan.scope, limit(world, &plan.id, at)) {
        (_, Total::ZERO) | (Scope::Capacity, _) => Total::ZERO,
        (Scope::Tenant, _) => Total::Unlimited,
        (Scope::User, limit) => limit,
    };
    let need = |any: &Vec<PlanId>| {
        any.iter().fold(Total::ZERO, |sum, id| match (sum, most(world, id, at)) {
            (Total::Limited(sum), Total::Limited(more)) => Total::Limited(sum + more),
            _ => Total::Unlimited,
        })
    };
    plan.requires.iter().map(need).fold(own, Total::min)
}
