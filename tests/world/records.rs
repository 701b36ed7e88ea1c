//! Random commands at random times: what a forger writes down, and what an administrator tries.

use chrono::{DateTime, TimeDelta, Utc};
use entitle::{Command, Terms, TrialName};
use proptest::prelude::*;

use super::calendar::day;
use super::offers::{apps_of, plan_id};
use super::papers::license_id;
use super::{Paper, USERS, user};

/// Commands that somebody gives together.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) at: DateTime<Utc>,
    pub(crate) commands: Vec<Command>,
}

/// A command before the documents of the world are known.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Move {
    Install(usize),
    Assign(usize, usize, u8),
    Unassign(usize, usize),
    Remove(usize),
    Start(u8),
    Extend(u8),
}

fn one() -> impl Strategy<Value = Move> {
    let who = || 0..USERS.len() - 1;
    let plan = || prop_oneof![9 => Just(0_usize), 3 => Just(1), 1 => Just(2), 1 => Just(3)];
    // Most seats come with all their apps.
    let except = prop_oneof![5 => Just(0_u8), 1 => any::<u8>()];
    prop_oneof![
        2 => (0..5_usize).prop_map(Move::Install),
        14 => (who(), plan(), except).prop_map(|(who, plan, except)| Move::Assign(who, plan, except)),
        1 => (who(), plan()).prop_map(|(who, plan)| Move::Unassign(who, plan)),
        1 => who().prop_map(Move::Remove),
        5 => (0..8_u8).prop_map(Move::Start),
        3 => (0..8_u8).prop_map(Move::Extend),
    ]
}

fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    let number = prop_oneof![24 => 0..10_i64, 4 => 10..30_i64, 1 => 0..100_i64];
    let second = prop_oneof![4 => Just(0), 1 => Just(1), 1 => Just(43_200), 1 => Just(86_399)];
    (number, second).prop_map(|(number, second)| day(number) + TimeDelta::seconds(second))
}

/// All documents at the outset or not, and what happens then.
pub(crate) type Moves = (bool, Vec<(DateTime<Utc>, Vec<Move>)>);

pub(crate) fn attempts() -> impl Strategy<Value = Moves> {
    (prop::bool::weighted(0.8), prop::collection::vec((moment(), prop::collection::vec(one(), 1..=3)), 0..=16))
}

/// The moves as commands about these documents.
pub(crate) fn attempts_on(papers: &[Paper], (outset, moves): Moves) -> Vec<Attempt> {
    // One document an attempt, so that a refused one keeps none of the others out.
    let installed = papers.iter().filter(|_| outset);
    let first = installed.map(|paper| Attempt { at: day(0), commands: vec![Command::Install(paper.token.clone())] });
    let then = moves
        .into_iter()
        .map(|(at, moves)| Attempt { at, commands: moves.into_iter().map(|one| command(papers, one)).collect() });
    first.chain(then).collect()
}

fn command(papers: &[Paper], one: Move) -> Command {
    match one {
        Move::Install(index) => Command::Install(papers[index % papers.len()].token.clone()),
        Move::Assign(who, plan, except) => {
            Command::assign_except(user(USERS[who]).into(), plan_id(plan), apps_of(except))
        }
        Move::Unassign(who, plan) => Command::unassign(user(USERS[who]), plan_id(plan)),
        Move::Remove(who) => Command::RemoveUser(user(USERS[who])),
        Move::Start(which) => Command::StartTrial(trial(papers, which)),
        Move::Extend(which) => Command::ExtendTrial(trial(papers, which)),
    }
}

/// Mostly a trial that a document holds.
fn trial(papers: &[Paper], which: u8) -> TrialName {
    let grants = papers.iter().flat_map(|paper| paper.deal.grants.iter().map(|grant| (paper.deal.id, grant)));
    let held = grants.filter(|(_, grant)| matches!(grant.terms, Terms::Trial(_)));
    let held: Vec<_> = held.map(|(id, grant)| TrialName::new(id, grant.plan.clone())).collect();
    match held.len() {
        number if number > 0 && which < 7 => held[usize::from(which) % number].clone(),
        _ => TrialName::new(license_id(which), plan_id(which.into())),
    }
}
