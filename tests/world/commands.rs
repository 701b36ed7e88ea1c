//! Laws of the commands: what is decided, recorded and replayed, and that the worlds are rich enough to prove anything.

use entitle::catalog::Scope;
use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::command::{RefusalReason, TrialName};
use entitle::explain::Basis;
use entitle::license::{Fallback, GrantKind, Revocation, Termination};
use entitle::quantity::Total;
use entitle::record::ApplyError;
use entitle::testing::{Oracle, forge};
use entitle::time::{End, Phase};
use entitle::{Command, Event, PlanId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::{BTreeMap, BTreeSet};

use super::answers::{all, codes};
use super::calendar::{around, days};
use super::offers::plan_id;
use super::quota_constellations::quota_constellations;
use super::test_licenses::{Signer, license_id};
use super::test_lists::TestList;
use super::{World, admin, any_world, cases, decide, floor, forged, honest, is_dated_by, replay, users};

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn l3_only_a_new_license_for_this_tenant_is_installed(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for test_license in &world.test_licenses {
            let decided = decide(&tenant, &admin(), &[Command::Install(test_license.token.clone())], floor(&tenant));
            let is_taken = oracle.takes(&test_license.token);
            prop_assert_eq!(decided.is_ok(), is_taken && is_dated_by(test_license.deal.issued, floor(&tenant)), "{:?}", decided);
            let Err(refusal) = decided else { continue };
            let there = oracle.in_force(test_license.deal.id);
            let code = match there {
                _ if is_taken => "install.dated-ahead",
                Some(there) if !oracle.is_foreign(&test_license.token) && *there == test_license.deal => "install.already-installed",
                Some(_) if !oracle.is_foreign(&test_license.token) => "install.superseded",
                _ if !test_license.verifies => refusal.reason.code(),
                _ if !world.is_contained(&test_license.deal.anchor) && oracle.is_addressed(&test_license.deal) => "install.not-contained",
                _ => if test_license.deal.offer == world.offer.offer && test_license.deal.publisher == world.offer.publisher {
                    "install.other-tenant"
                } else {
                    "install.other-offer"
                },
            };
            prop_assert_eq!(refusal.reason.code(), code);
        }
    }

    #[test]
    fn x5_only_a_later_list_of_this_publisher_is_taken_in(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for test_list in &world.test_lists {
            let decided = decide(&tenant, &admin(), &[Command::InstallRevocationList(test_list.token.clone())], floor(&tenant));
            let is_taken = oracle.takes_list(&test_list.token);
            prop_assert_eq!(decided.is_ok(), is_taken && is_dated_by(test_list.issued, floor(&tenant)), "{:?}", decided);
            let Err(refusal) = decided else { continue };
            let known = world.signers.contains(&test_list.signer);
            let code = match oracle.list(test_list.signer.id()) {
                _ if is_taken => "install.dated-ahead",
                _ if !known => refusal.reason.code(),
                _ if !test_list.verifies => "token.not-trusted",
                _ if !test_list.is_ours => "install.other-publisher",
                Some(there) if *there.revocations() == *world.ring.verify_list(&test_list.token).unwrap().revocations() => "install.already-installed",
                Some(there) if there.revocations().sequence == world.ring.verify_list(&test_list.token).unwrap().revocations().sequence => "install.conflicting-list",
                _ => "install.old-list",
            };
            prop_assert_eq!(refusal.reason.code(), code);
        }
    }

    #[test]
    fn t1_a_trial_is_started_once_and_in_its_dates(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for name in trials() {
            for now in days() {
                let at = tenant.reading(now);
                let decided = decide(&tenant, &admin(), &[Command::StartTrial(name.clone())], now);
                let pass = oracle.trial(&name).is_some_and(|(trial, timeline)| {
                    let window = trial.may_start;
                    let open = window.opens() <= at && at < window.closes();
                    open && !oracle.is_started(&name) && timeline.phase(at) == Phase::NotStarted
                });
                prop_assert_eq!(decided.is_ok(), pass, "at {}: {:?}", at, decided);
                match decided.map_err(|refusal| refusal.reason) {
                    Ok(event) => {
                        let before = tenant.pool(&name.plan, now).trial;
                        let after = replay(tenant.clone(), &[event]).pool(&name.plan, now).trial;
                        // It is active at once; should no list be fresh enough, it gives nothing yet.
                        let grew = |before, after| after > before || before == Total::Unlimited;
                        prop_assert!(grew(before.active, after.active) || grew(before.not_fresh, after.not_fresh));
                    }
                    Err(reason) => {
                        let window = oracle.trial(&name).map(|(trial, _)| trial.may_start);
                        let code = match window {
                            None => "trial.no-such",
                            Some(_) if oracle.is_started(&name) => "trial.used",
                            Some(window) if at < window.opens() || at >= window.closes() => "trial.outside",
                            Some(_) => "trial.ended",
                        };
                        let found = match reason {
                            RefusalReason::NoSuchTrial { .. } => "trial.no-such",
                            RefusalReason::TrialUsed { .. } => "trial.used",
                            RefusalReason::OutsideTheWindow { .. } => "trial.outside",
                            RefusalReason::TrialEnded { .. } => "trial.ended",
                            reason => panic!("{reason}"),
                        };
                        prop_assert_eq!(found, code);
                    }
                }
            }
        }
    }

    #[test]
    fn t4_a_trial_is_extended_while_it_is_active_and_so_often(world in any_world()) {
        let (tenant, oracle) = (world.tenant(), world.oracle(&world.record));
        for name in trials() {
            for now in days() {
                let at = tenant.reading(now);
                let decided = decide(&tenant, &admin(), &[Command::ExtendTrial(name.clone())], now);
                let paid = |grant: &entitle::Grant| matches!(grant.kind, GrantKind::Paid(_));
                let bought = oracle.grants(&name.plan).iter().any(|(grant, timeline)| paid(grant) && timeline.phase(at).is_usable());
                let active = oracle.trial(&name).is_some_and(|(_, timeline)| timeline.phase(at) == Phase::Active);
                let left = oracle.extensions_left(&name);
                let pass = active && left > 0 && !bought;
                prop_assert_eq!(decided.is_ok(), pass, "at {}: {} left, {:?}", at, left, decided);
                match decided.map_err(|refusal| refusal.reason) {
                    Ok(_) => {}
                    Err(RefusalReason::NoSuchTrial { .. }) => prop_assert!(oracle.trial(&name).is_none()),
                    Err(RefusalReason::TrialNotActive { phase, .. }) => {
                        prop_assert_eq!(Some(phase), oracle.trial(&name).map(|(_, timeline)| timeline.phase(at)));
                    }
                    Err(RefusalReason::Bought { .. }) => prop_assert!(bought),
                    Err(reason) => prop_assert_eq!(reason.code(), "refusal.no-extension-left"),
                }
            }
        }
    }

    #[test]
    fn t4_what_is_recorded_at_the_wrong_time_does_not_count(world in any_world(), starts in any::<bool>()) {
        let tenant = world.tenant();
        let oracle = world.oracle(&world.record);
        for name in trials().filter(|name| oracle.trial(name).is_some()) {
            let command = if starts { Command::StartTrial(name.clone()) } else { Command::ExtendTrial(name.clone()) };
            for at in days().filter(|at| *at >= oracle.floor()) {
                let forged = Event::new(tenant.position() + 1, at, admin(), vec![command.clone()]);
                let mut record = world.record.clone();
                record.push(forged.clone());
                let (after, oracle) = (replay(tenant.clone(), &[forged]), world.oracle(&record));
                for now in oracle.boundaries(&name.plan).into_iter().flat_map(around) {
                    let usable = oracle.reach(&name.plan, Basis::Grace, after.reading(now));
                    prop_assert_eq!(after.pool(&name.plan, now).usable, usable, "recorded {}, at {}", at, now);
                }
            }
        }
    }

    #[test]
    fn a_refusal_and_a_decision_change_nothing(world in forged()) {
        let mut tenant = world.blank();
        for (event, attempt) in world.record.iter().zip(&world.attempts) {
            let before = all(&tenant, attempt.at);
            let decided = decide(&tenant, &admin(), &attempt.commands, attempt.at);
            let without_role = decide(&tenant, &event.actor, &attempt.commands, attempt.at);
            if !matches!(attempt.commands.first(), Some(Command::SignUp(_) | Command::ClaimSeat(_))) {
                let forbidden = without_role.unwrap_err();
                prop_assert_eq!(forbidden.command(&attempt.commands), attempt.commands.first());
                prop_assert_eq!(forbidden.reason.code(), "refusal.forbidden");
            }
            prop_assert_eq!((tenant.position(), all(&tenant, attempt.at)), (event.number - 1, before.clone()));
            // Published to readers: what they hold stays what it was.
            let published = tenant.clone();
            if let Ok(decided) = decided {
                prop_assert_eq!((decided.number, &decided.commands), (event.number, &event.commands));
                let later = replay(tenant.clone(), &[decided]);
                prop_assert_eq!(later.position(), event.number);
            }
            let entry = forge(tenant.head(), event.clone()).unwrap();
            tenant.apply(&entry).unwrap();
            prop_assert_eq!((published.position(), all(&published, attempt.at)), (event.number - 1, before));
            let again = tenant.clone().apply(&entry).unwrap_err();
            prop_assert_eq!(again, ApplyError::OutOfSequence { found: event.number, head: entry.head() });
        }
    }

    #[test]
    fn a_replay_gives_the_same_answers(world in honest()) {
        let mut live = world.blank();
        for attempt in &world.attempts {
            if let Ok(event) = decide(&live, &admin(), &attempt.commands, attempt.at) {
                live = replay(live, &[event]);
            }
        }
        let text = serde_json::to_string(&world.record).unwrap();
        let record: Vec<Event> = serde_json::from_str(&text).unwrap();
        let read = replay(world.blank(), &record);
        prop_assert_eq!((read.position(), floor(&read)), (live.position(), floor(&live)));
        for now in days() {
            prop_assert_eq!(all(&read, now), all(&live, now));
        }
    }
}

/// Every trial that a license of the worlds may hold.
fn trials() -> impl Iterator<Item = TrialName> {
    (0..3).flat_map(|license| (0..2).map(move |plan| TrialName::new(license_id(license), plan_id(plan))))
}

/// What happens around claims and requirements, on some day.
fn constellations(world: &World, oracle: &Oracle) -> BTreeSet<&'static str> {
    let mut found = BTreeSet::new();
    for (user, plan) in oracle.claims().filter(|(_, plan)| world.catalog.plan(plan).is_some()) {
        let (sources, plan) = (oracle.sources(user, plan), oracle.plan(plan).unwrap());
        found.extend((sources.len() > 1).then_some("claim.of-two-sources"));
        for at in days().step_by(3).filter(|at| *at >= oracle.floor()) {
            let waits =
                plan.scope == Scope::User && !oracle.works(plan, user, at) && oracle.shut(&plan.id, at).is_none();
            found.extend((waits && !sources.contains(&user.clone().into())).then_some("claim.waits-in-a-group"));
        }
    }
    for (grant, timeline) in world.offer.plans.iter().flat_map(|plan| oracle.grants(&plan.id)) {
        let GrantKind::Paid(paid) = &grant.kind else { continue };
        if paid.fallback == Fallback::None {
            continue;
        }
        // A grant without a fallback that covers the release has ended by then.
        let last = DateTime::<Utc>::MAX_UTC - TimeDelta::days(1);
        found.extend(
            (timeline.phase(last) == Phase::Active && paid.term.ends() != End::Never).then_some("fallback.covers"),
        );
        let cancelled = matches!(paid.early, Termination::Cancelled(_)) && timeline.phase(last) == Phase::Active;
        found.extend(cancelled.then_some("fallback.outlasts-a-cancellation"));
        found.extend(world.offer.release.is_undated().then_some("fallback.of-an-undated-release"));
    }
    found.extend((oracle.corrected() > 0).then_some("ticket.corrects"));
    for (license, list) in oracle.under_each_list() {
        let signer = Signer::ALL.into_iter().find(|signer| signer.id() == license.key()).unwrap();
        let ends = |entry: &Revocation| matches!(entry, Revocation::Key(ended) if ended.key == signer.id());
        let by_key = list.revocations().entries.iter().any(ends);
        found.extend((by_key && !world.takes_lists_of(signer)).then_some("list.ends-a-key"));
        found.extend((by_key && world.takes_lists_of(signer)).then_some("list.spares-a-key"));
    }
    let there = |signer: Signer| oracle.list(signer.id()).map(|list| list.revocations().sequence.get());
    let below = |test_list: &TestList| there(test_list.signer).is_some_and(|there| there > test_list.sequence);
    let both = [Signer::ForLists, Signer::ForTenants].iter().all(|signer| there(*signer).is_some());
    found.extend(both.then_some("list.of-two-keys"));
    let is_old = world.test_lists.iter().any(|test_list| test_list.counts() && below(test_list));
    found.extend(is_old.then_some("list.of-a-lower-sequence"));
    let deeper = |id: &PlanId| !oracle.plan(id).unwrap().requires.is_empty();
    for plan in world.offer.plans.iter().filter(|plan| !plan.requires.is_empty()) {
        let met = |user| days().step_by(3).any(|at| at >= oracle.floor() && oracle.in_effect(plan, &user, at));
        if users().into_iter().any(met) {
            found.insert("requirement.met");
            let of_one = plan.requires.iter().flatten().any(deeper);
            found.extend(of_one.then_some("requirement.of-a-requirement"));
        }
    }
    found
}

/// Generated worlds are varied enough: each possible answer occurs in some of them.
#[test]
fn everything_occurs_in_the_worlds() {
    let expected = [
        "basis.unmanaged",
        "basis.free",
        "basis.paid",
        "basis.trial",
        "basis.grace",
        "basis.tolerance",
        "warning.in-grace",
        "warning.over-assigned",
        "warning.expiring-soon",
        "warning.list-wanted",
        "reason.no-grant",
        "reason.revoked",
        "reason.ended",
        "reason.trial-ended",
        "reason.release-not-covered",
        "reason.suspended",
        "reason.trial-not-started",
        "reason.pending",
        "reason.list-not-fresh",
        "reason.not-assigned",
        "reason.waiting",
        "reason.excluded",
        "reason.requirement-not-met",
        "reason.turned-off",
        "claim.waits-in-a-group",
        "claim.of-two-sources",
        "requirement.met",
        "requirement.of-a-requirement",
        "fallback.covers",
        "fallback.outlasts-a-cancellation",
        "fallback.of-an-undated-release",
        "quota.of-two-plans",
        "quota.negotiated-beside-the-plans",
        "quota.sum-by-unit",
        "quota.by-unit-of-paid-and-trial",
        "quota.lacks-a-tenant-plan",
        "ticket.corrects",
        "list.ends-a-key",
        "list.spares-a-key",
        "list.of-two-keys",
        "list.of-a-lower-sequence",
    ];
    let mut runner = super::runner(22);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    // Some are rare: as many worlds as it takes, up to a bound.
    for strategy in [forged().boxed(), honest().boxed()].iter().cycle().take(1_000) {
        if expected.iter().all(|code| seen.contains_key(code)) {
            break;
        }
        let world = strategy.new_tree(&mut runner).unwrap().current();
        let tenant = world.tenant();
        let answers = days().step_by(3).flat_map(|now| all(&tenant, now));
        let mut codes: BTreeSet<_> = answers.flat_map(|answer| codes(&answer)).collect();
        let oracle = world.oracle(&world.record);
        codes.extend(constellations(&world, &oracle));
        codes.extend(quota_constellations(&world, &oracle));
        for code in codes {
            *seen.entry(code).or_default() += 1;
        }
    }
    let rare: Vec<_> = expected.iter().filter(|code| !seen.contains_key(*code)).collect();
    assert!(rare.is_empty(), "of 1000 worlds, these occur in none: {rare:?}, of {seen:?}");
    assert_eq!(seen.len(), expected.len());
}
