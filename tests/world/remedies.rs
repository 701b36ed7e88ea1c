//! Remedies: each is done for real, and they are all that somebody finds who tries every step and every two.
use chrono::{DateTime, Utc};
use entitle::explain::Audience;
use entitle::license::{Fallback, GrantKind, TimeTicketDraft};
use entitle::preview::Subject;
use entitle::query::ClockStatus;
use entitle::remedy::{Effort, Remedy, SearchStatus, Step};
use entitle::{Actor, Command, Decision, Role, Tenant, TicketId};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::{BTreeMap, BTreeSet};

use super::answers::questions;
use super::attempts::{Attempt, Rest, Stage, attempts};
use super::calendar::{day, days};
use super::goals::{Goal, unreached};
use super::test_licenses::Signer;
use super::{World, admin, any_world, cases, decide, replay, user};

/// Something that is wanted and not there, if there is any, and the day.
fn denied(tenant: &Tenant, which: usize, on: i64) -> Option<(Goal, DateTime<Utc>)> {
    let now = day(on);
    let over = u64::try_from(which % 7).unwrap();
    let mut all = unreached(tenant, now, over);
    // There are more questions about apps than about quotas.
    all.retain(|goal| which % 2 == 0 || !matches!(goal, Goal::App(..)));
    all.get(which.checked_rem(all.len())?).cloned().map(|goal| (goal, tenant.reading(now)))
}

fn remedies(tenant: &Tenant, goal: &Goal, at: DateTime<Utc>) -> Vec<Remedy> {
    let Some((all, status)) = goal.remedies(tenant, at, Effort::new(u64::MAX)) else { return Vec::new() };
    assert_eq!(status, SearchStatus::Complete);
    all
}

/// The dates on which anything of a world may begin or end, and others.
fn dates(world: &World, after: DateTime<Utc>) -> BTreeSet<DateTime<Utc>> {
    let oracle = world.oracle(&world.record);
    let plans = world.offer.plans.iter().flat_map(|plan| oracle.boundaries(&plan.id));
    let grants = world.test_licenses.iter().flat_map(|test_license| &test_license.deal.grants);
    let opens = grants.filter_map(|grant| match &grant.kind {
        GrantKind::Trial(trial) => Some(trial.may_start.opens()),
        GrantKind::Paid(_) => None,
    });
    plans.chain(opens).chain(days().step_by(9)).filter(|date| *date > after).collect()
}

/// The smallest sets of one attempt and of two that help, by name; those with waiting with the first date.
fn tried(world: &World, stage: &Stage<'_>) -> BTreeMap<BTreeSet<String>, Option<DateTime<Utc>>> {
    let attempts = attempts(world, stage);
    let dates = dates(world, stage.at);
    let mut found = BTreeMap::new();
    let alone: Vec<&Attempt> = attempts.iter().filter(|attempt| stage.helps(&[attempt], Rest::Stays)).collect();
    found.extend(alone.iter().map(|attempt| (BTreeSet::from([attempt.name()]), None)));
    let names: BTreeSet<String> = alone.iter().map(|attempt| attempt.name()).collect();
    let rest: Vec<&Attempt> = attempts.iter().filter(|attempt| !names.contains(&attempt.name())).collect();
    let waits = |attempt: &[&Attempt]| {
        dates.iter().copied().find(|&date| {
            let wait = Attempt::Wait(date);
            let (mut first, mut last) = (vec![&wait], attempt.to_vec());
            first.extend(attempt);
            last.push(&wait);
            stage.helps(&first, Rest::Stays) || stage.helps(&last, Rest::Stays)
        })
    };
    for (index, one) in rest.iter().enumerate() {
        for two in &rest[index + 1..] {
            if stage.helps(&[one, two], Rest::Stays) || stage.helps(&[two, one], Rest::Stays) {
                found.insert(BTreeSet::from([one.name(), two.name()]), None);
            }
        }
    }
    let wait = Attempt::Wait(stage.at).name();
    if let Some(date) = waits(&[]) {
        found.insert(BTreeSet::from([wait]), Some(date));
        return found;
    }
    for attempt in rest {
        if let Some(date) = waits(&[attempt]) {
            found.insert(BTreeSet::from([wait.clone(), attempt.name()]), Some(date));
        }
    }
    found
}

/// Whether seats of one plan are freed and something is done to a group: who frees a seat may have left the group, which is
/// more than to free it.
fn is_left_open(set: &BTreeSet<String>) -> bool {
    let is_of_a_group = |name: &String| name.contains("to the group") || name.contains("from: Group");
    set.iter().any(|name| name.starts_with("free")) && set.iter().any(is_of_a_group)
}

/// Whether a plan with a fallback is bought although no fallback covers the release, since it has no date: that is not
/// recommended where another release is enough (V2).
fn is_bought_for_an_undated_release(
    world: &World,
    set: &BTreeSet<String>,
    expected: &BTreeMap<BTreeSet<String>, Option<DateTime<Utc>>>,
) -> bool {
    let grants = world.test_licenses.iter().flat_map(|test_license| &test_license.deal.grants);
    let mut with_fallback = grants.filter(|grant| match &grant.kind {
        GrantKind::Paid(paid) => paid.fallback != Fallback::None,
        GrantKind::Trial(_) => false,
    });
    let helps = expected.keys().any(|set| set.contains("use another release"));
    helps && world.offer.release.is_undated() && with_fallback.any(|grant| set.contains(&format!("buy {}", grant.plan)))
}

/// The remedies of the library by the names of their steps, with their dates.
fn remedies_by_steps(remedies: &[Remedy]) -> BTreeMap<BTreeSet<String>, Option<DateTime<Utc>>> {
    let by_steps = remedies.iter().map(|remedy| {
        let date = remedy.steps().iter().find_map(|step| match step {
            Step::Wait { until } => Some(*until),
            _ => None,
        });
        (remedy.steps().iter().map(|step| Attempt::of(step).name()).collect::<BTreeSet<_>>(), date)
    });
    let sets: BTreeMap<_, _> = by_steps.collect();
    assert_eq!(sets.len(), remedies.len(), "each is given once: {remedies:?}");
    sets
}

proptest! {
    #![proptest_config(cases(1))]

    #[test]
    fn k4_the_remedies_are_all_that_help_of_one_step_and_two(
        world in any_world(), which in any::<usize>(), on in 2..60_i64,
    ) {
        let tenant = world.tenant();
        if let Some((goal, at)) = denied(&tenant, which, on) {
            let mut found = remedies_by_steps(&remedies(&tenant, &goal, at));
            let stage = Stage::new(&tenant, &goal, at);
            let expected = tried(&world, &stage);
            if expected.is_empty() {
                // One of more steps may be found then.
                found.retain(|set, _| set.len() <= 2);
            }
            let is_open = |set: &BTreeSet<String>| is_left_open(set) || is_bought_for_an_undated_release(&world, set, &expected);
            let missing: Vec<_> = expected.iter().filter(|(set, date)| found.get(*set) != Some(date) && !is_open(set)).collect();
            let more: Vec<_> = found.iter().filter(|(set, date)| expected.get(*set) != Some(date) && !is_open(set)).collect();
            prop_assert!(
                missing.is_empty() && more.is_empty(),
                "{goal} at {at}\nnot found: {missing:#?}\nmore: {more:#?}",
            );
        }
    }

    #[test]
    fn k4_a_remedy_that_is_done_makes_the_check_allow(world in any_world(), which in any::<usize>(), on in 2..60_i64) {
        let tenant = world.tenant();
        for which in (0..6).map(|n| which.wrapping_add(n)) {
            let Some((goal, at)) = denied(&tenant, which, on) else { continue };
            let stage = Stage::new(&tenant, &goal, at);
            for remedy in remedies(&tenant, &goal, at) {
                let attempts: Vec<Attempt> = remedy.steps().iter().map(Attempt::of).collect();
                prop_assert!(stage.helps(&attempts.iter().collect::<Vec<_>>(), Rest::Goes), "{} for {}", remedy, goal);
                let names: BTreeSet<String> = attempts.iter().map(Attempt::name).collect();
                for index in (0..attempts.len()).filter(|_| !is_left_open(&names)) {
                    if let Some(fewer) = attempts[index].fewer() {
                        let mut attempts: Vec<&Attempt> = attempts.iter().collect();
                        attempts[index] = &fewer;
                        prop_assert!(!stage.helps(&attempts, Rest::Stays), "fewer than in {} would do for {}", remedy, goal);
                    }
                }
            }
        }
    }

    #[test]
    fn k4_what_asks_nothing_of_others_comes_first(world in any_world(), which in any::<usize>(), on in 2..60_i64) {
        let tenant = world.tenant();
        for which in (0..6).map(|n| which.wrapping_add(n)) {
            let Some((goal, at)) = denied(&tenant, which, on) else { continue };
            let mut found = remedies(&tenant, &goal, at);
            // Comparing the clock comes before all others (K10).
            found.retain(|remedy| !remedy.steps().iter().any(|step| matches!(step, Step::CompareClock { .. })));
            let order = |remedy: &Remedy| (remedy.steps().len(), remedy.affects_others());
            prop_assert!(found.is_sorted_by_key(order), "{:?}", found);
        }
    }

    #[test]
    fn k4_only_a_remedy_that_affects_others_takes_from_them(
        world in any_world(), which in any::<usize>(), on in 2..60_i64,
    ) {
        let tenant = world.tenant();
        for which in (0..6).map(|n| which.wrapping_add(n)) {
            let Some((goal, at)) = denied(&tenant, which, on) else { continue };
            let Goal::App(user, _) = &goal else { continue };
            for remedy in remedies(&tenant, &goal, at).iter().filter(|remedy| !remedy.affects_others()) {
                // What is no command is a purchase, a list or a date, and is left out.
                let commands: Vec<Command> = remedy.steps().iter().filter_map(|step| match step {
                    Step::Do(command) => Some(command.clone()),
                    _ => None,
                }).collect();
                let Ok(preview) = tenant.preview(&admin(), &commands, at) else { continue };
                let lose: Vec<_> = preview.lost.iter().filter(|lost| lost.who != Subject::User(user.clone())).collect();
                prop_assert!(lose.is_empty(), "{}: {:?}", remedy, lose);
            }
        }
    }

    /// Less effort finds no other remedies, except one of more steps, and where it finds fewer it says so.
    #[test]
    fn x8_a_search_that_is_cut_short_says_so(
        world in any_world(), which in any::<usize>(), on in 2..60_i64, units in 0..4_000_u64,
    ) {
        let tenant = world.tenant();
        if let Some((goal, at)) = denied(&tenant, which, on) {
            let all = remedies(&tenant, &goal, at);
            let (found, status) = goal.remedies(&tenant, at, Effort::new(units)).unwrap();
            match status {
                SearchStatus::Complete => prop_assert_eq!(&found, &all),
                status => prop_assert_eq!(status, SearchStatus::CutShort),
            }
            let stage = Stage::new(&tenant, &goal, at);
            for remedy in &found {
                let attempts: Vec<Attempt> = remedy.steps().iter().map(Attempt::of).collect();
                prop_assert!(stage.helps(&attempts.iter().collect::<Vec<_>>(), Rest::Goes), "{}", remedy);
                let is_last = found.len() == 1 && !all.contains(remedy);
                prop_assert!(is_last || all.contains(remedy), "{} is not among {:?}", remedy, all);
            }
        }
    }

    #[test]
    fn k3_each_code_has_one_wording(world in any_world(), on in 2..60_i64) {
        let (tenant, now) = (world.tenant(), day(on));
        let mut wordings: BTreeMap<&str, &str> = BTreeMap::new();
        for (user, app) in questions(&tenant) {
            for reader in [Audience::User, Audience::Administrator, Audience::SupportDesk] {
                let text = match tenant.check(&user, &app, now) {
                    Decision::Allow(allow) => allow.text(reader),
                    Decision::Deny(denial) => denial.text(reader),
                };
                for sentence in text.lines().iter().flat_map(|line| &line.messages) {
                    let wording = *wordings.entry(sentence.code()).or_insert(sentence.template());
                    prop_assert_eq!(wording, sentence.template(), "{}", sentence.code());
                    prop_assert!(!sentence.to_string().contains('{'), "{}", sentence);
                }
            }
        }
    }

    #[test]
    fn k4_who_is_allowed_or_asks_for_an_unknown_app_needs_none(world in any_world()) {
        let tenant = world.tenant();
        let mut other = world.offer.clone();
        other.apps.push(entitle::catalog::AppEntry::free("elsewhere".parse().unwrap()));
        let unknown = entitle::Catalog::new(other).unwrap().app("elsewhere").unwrap();
        let ann = user("ann");
        prop_assert_eq!(remedies(&tenant, &Goal::App(ann, unknown), day(3)), Vec::new());
    }
}

/// So that the properties above are about something; extending a trial and allowing sign-ups are too rare, and have
/// stories of their own.
#[test]
fn k4_every_kind_of_step_occurs_in_the_worlds() {
    let expected = [
        "remedy.assign",
        "remedy.assign-group",
        "remedy.buy",
        "remedy.buy-again",
        "remedy.free",
        "remedy.join",
        "remedy.leave",
        "remedy.renew",
        "remedy.sign-up",
        "remedy.start-trial",
        "remedy.take-list",
        "remedy.unassign",
        "remedy.unassign-group",
        "remedy.use-release",
        "remedy.wait",
    ];
    let mut runner = super::runner(15);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    // Some are rare: as many worlds as it takes, up to a bound.
    for number in 0..2_000_usize {
        if expected.iter().all(|code| seen.contains_key(code)) {
            break;
        }
        let world = any_world().new_tree(&mut runner).unwrap().current();
        let tenant = world.tenant();
        for on in [3, 20] {
            let Some((goal, at)) = denied(&tenant, number, on) else { continue };
            let steps = remedies(&tenant, &goal, at);
            for code in steps.iter().flat_map(|remedy| remedy.steps().iter().map(Step::code)).collect::<BTreeSet<_>>() {
                *seen.entry(code).or_default() += 1;
            }
        }
    }
    let rare: Vec<_> = expected.iter().filter(|code| !seen.contains_key(*code)).collect();
    assert!(rare.is_empty(), "too rare: {rare:?} in {seen:#?}");
}

/// The tenant with a ticket of now, decided and installed as the remedy says. It is not anchored, which on a ticket that is
/// used at once comes to the same: nothing is recorded after its anchor.
fn corrected(tenant: &Tenant, now: DateTime<Utc>) -> Option<Tenant> {
    let offer = tenant.catalog().offer();
    let draft = TimeTicketDraft::new(TicketId::from_random([0xAB; 16]), offer, tenant.id().clone(), now);
    let ticket = Signer::ForTenants.key().seal_ticket(&draft).unwrap();
    let host = Actor::new(user("host")).with(Role::Host);
    let event = decide(tenant, &host, &[Command::CorrectTime(ticket)], now).ok()?;
    Some(replay(tenant.clone(), &[event]))
}

fn buys(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Buy { .. }))
}

proptest! {
    #![proptest_config(cases(2))]

    /// The clock is reported exactly where the publisher's ticket opens the app or the quota, alone or with steps without a purchase.
    #[test]
    fn k10_the_clock_is_reported_where_a_ticket_helps_and_the_first_remedy_does(
        world in any_world(), on in 0..60_i64, over in 0..4_u64,
    ) {
        let (tenant, now) = (world.tenant(), day(on));
        let is_behind = matches!(tenant.clock(now), ClockStatus::Behind { .. });
        let ticket = corrected(&tenant, now);
        prop_assume!(!is_behind || ticket.is_some());
        for goal in unreached(&tenant, now, over) {
            let ahead = goal.record_ahead(&tenant, now);
            prop_assert!(is_behind || ahead.is_none());
            let (all, _) = goal.remedies(&tenant, now, Effort::DEFAULT).unwrap();
            let first = all.first().map_or(&[][..], Remedy::steps);
            let reported = matches!(first.first(), Some(Step::CompareClock { .. }));
            prop_assert!(!reported || ahead.is_some());
            let Some(ticket) = ticket.as_ref().filter(|_| is_behind) else { continue };
            let stage = Stage::new(ticket, &goal, now);
            if reported {
                let then: Vec<Attempt> = first[1..].iter().map(Attempt::of).collect();
                prop_assert!(!buys(first) && stage.helps(&then.iter().collect::<Vec<_>>(), Rest::Stays), "{first:?}");
            }
            match goal.remedies(ticket, now, Effort::DEFAULT) {
                None => prop_assert!(reported && first.len() == 1, "{goal}: {first:?}"),
                Some((all, _)) => {
                    // What is found without a purchase is reported. Where purchases are left out, more steps are searched for
                    // than beside a shorter purchase; and what the explanation says may need more than are searched for.
                    let helps = all.iter().any(|remedy| !buys(remedy.steps()));
                    prop_assert!(reported || !helps, "{goal}: {first:?}");
                    prop_assert!(ahead.is_some() || !helps);
                }
            }
        }
    }
}
