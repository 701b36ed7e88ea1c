//! Random commands at random times: what a forger writes down, and what an administrator tries.

use chrono::{DateTime, TimeDelta, Utc};
use entitle::capacity::Consumption;
use entitle::command::{Assignee, ClaimPolicy, SignUpPolicy, TrialName};
use entitle::license::GrantKind;
use entitle::quantity::Amount;
use entitle::time::Month;
use entitle::{Command, GroupId};
use proptest::prelude::*;

use super::calendar::day;
use super::offers::{apps_of, plan_id};
use super::test_licenses::license_id;
use super::test_lists::TestList;
use super::test_tickets::TestTicket;
use super::{GROUPS, TestLicense, USERS, group, user};

/// The documents that commands may name.
#[derive(Debug, Clone, Copy)]
pub(crate) struct TestDocuments<'a> {
    pub(crate) licenses: &'a [TestLicense],
    pub(crate) lists: &'a [TestList],
    pub(crate) tickets: &'a [TestTicket],
}

/// Commands that somebody gives together.
#[derive(Debug, Clone)]
pub(crate) struct Attempt {
    pub(crate) at: DateTime<Utc>,
    pub(crate) commands: Vec<Command>,
}

/// What somebody wants done before the documents of the world are known: one command or two.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Move {
    Install(usize),
    Revoke(usize),
    Correct(usize),
    Assign(usize, usize, u8),
    Unassign(usize, usize),
    Remove(usize),
    AssignGroup(usize, usize, u8),
    UnassignGroup(usize, usize),
    Join(usize, usize),
    Leave(usize, usize),
    /// From one group to the next one; leaving first or last.
    Transfer(usize, usize, bool),
    /// From a direct assignment to a group's, or the other way.
    Hand(usize, usize, usize, bool),
    RemoveGroup(usize),
    Start(u8),
    Extend(u8),
    /// The user who records it signs up for a trial, or says whether one may.
    SignUp(u8),
    SetSignUps(bool),
    /// The user who records it claims a seat of a plan, or says whether users may.
    ClaimSeat(usize),
    SetClaims(usize, bool),
    Draw(usize),
    Mark,
}

/// Anything at all.
pub(crate) fn one() -> impl Strategy<Value = Move> {
    let who = || 0..USERS.len() - 1;
    let g = || 0..GROUPS.len();
    let plan = || prop_oneof![8 => Just(0_usize), 5 => Just(1), 3 => Just(2), 1 => Just(3)];
    // Most seats come with all their apps.
    let except = || prop_oneof![4 => Just(0_u8), 1 => any::<u8>()];
    prop_oneof![
        4 => (0..5_usize).prop_map(Move::Install),
        14 => (0..9_usize).prop_map(Move::Revoke),
        4 => (0..7_usize).prop_map(Move::Correct),
        20 => (who(), plan(), except()).prop_map(|(who, plan, except)| Move::Assign(who, plan, except)),
        3 => (who(), plan()).prop_map(|(who, plan)| Move::Unassign(who, plan)),
        2 => who().prop_map(Move::Remove),
        9 => (g(), plan(), except()).prop_map(|(group, plan, except)| Move::AssignGroup(group, plan, except)),
        2 => (g(), plan()).prop_map(|(group, plan)| Move::UnassignGroup(group, plan)),
        11 => (who(), g()).prop_map(|(who, group)| Move::Join(who, group)),
        2 => (who(), g()).prop_map(|(who, group)| Move::Leave(who, group)),
        2 => (who(), g(), any::<bool>()).prop_map(|(who, group, first)| Move::Transfer(who, group, first)),
        1 => (who(), g(), plan(), any::<bool>()).prop_map(|(who, group, plan, to)| Move::Hand(who, group, plan, to)),
        1 => g().prop_map(Move::RemoveGroup),
        8 => (0..8_u8).prop_map(Move::Start),
        4 => (0..8_u8).prop_map(Move::Extend),
        3 => (0..8_u8).prop_map(Move::SignUp),
        1 => any::<bool>().prop_map(Move::SetSignUps),
        3 => (0..4_usize).prop_map(Move::ClaimSeat),
        3 => (0..4_usize, prop::bool::weighted(0.8)).prop_map(|(plan, may)| Move::SetClaims(plan, may)),
        1 => (0..4_usize).prop_map(Move::Draw),
        1 => Just(Move::Mark),
    ]
}

fn moment() -> impl Strategy<Value = DateTime<Utc>> {
    let number = prop_oneof![70 => 2..10_i64, 4 => 10..30_i64, 1 => 0..100_i64];
    let second = prop_oneof![4 => Just(0), 1 => Just(1), 1 => Just(43_200), 1 => Just(86_399)];
    (number, second).prop_map(|(number, second)| day(number) + TimeDelta::seconds(second))
}

/// All documents at the outset or not, and what happens then.
pub(crate) type Moves = (bool, Vec<(DateTime<Utc>, Vec<Move>)>);

/// What happens, with a clock that is far ahead once and mostly a ticket that corrects it.
fn poisoned() -> impl Strategy<Value = Vec<(DateTime<Utc>, Vec<Move>)>> {
    let happens = || prop::collection::vec((moment(), prop::collection::vec(one(), 1..=3)), 0..=10);
    // A trial may begin while the clock is wrong.
    let ahead = prop_oneof![2 => one(), 1 => (0..7_u8).prop_map(Move::Start), 1 => (0..7_u8).prop_map(Move::Extend)];
    let far = prop_oneof![2 => 100..3000_i64, 2 => 12..100_i64];
    // Beside other commands, which is decided by nobody, only now and then.
    let beside = prop::option::weighted(0.2, one());
    let ticket = (moment(), (0..6_usize).prop_map(Move::Correct), beside, any::<bool>());
    let ticket = ticket.prop_map(|(at, ticket, beside, first)| {
        let mut moves: Vec<Move> = beside.into_iter().chain([ticket]).collect();
        if first {
            moves.reverse();
        }
        (at, moves)
    });
    let ahead = (far, prop::collection::vec(ahead, 1..=2)).prop_map(|(number, moves)| (day(number), moves));
    // Between tickets, which may be for the same time, honest days go by.
    let between = prop::collection::vec((moment(), prop::collection::vec(one(), 1..=2)), 0..=2);
    let tickets = prop::collection::vec((ticket, between), 0..=4);
    (happens(), ahead, happens(), tickets, happens()).prop_map(|(before, ahead, meanwhile, tickets, then)| {
        let tickets = tickets.into_iter().flat_map(|(ticket, between)| core::iter::once(ticket).chain(between));
        before.into_iter().chain([ahead]).chain(meanwhile.into_iter().take(4)).chain(tickets).chain(then).collect()
    })
}

pub(crate) fn attempts() -> impl Strategy<Value = Moves> {
    let usual = prop::collection::vec((moment(), prop::collection::vec(one(), 1..=3)), 0..=20);
    (prop::bool::weighted(0.8), prop_oneof![2 => usual.boxed(), 1 => poisoned().boxed()])
}

/// The moves as commands about these documents.
pub(crate) fn attempts_on(documents: TestDocuments<'_>, (outset, moves): Moves) -> Vec<Attempt> {
    // One document an attempt, so that a refused one keeps none of the others out.
    let installed = documents.licenses.iter().filter(|_| outset);
    let first = installed
        .map(|test_license| Attempt { at: day(0), commands: vec![Command::Install(test_license.token.clone())] });
    let then = moves.into_iter().map(|(at, moves)| Attempt { at, commands: commands(documents, &moves) });
    first.chain(then).collect()
}

/// A few moves as commands.
pub(crate) fn commands(documents: TestDocuments<'_>, moves: &[Move]) -> Vec<Command> {
    moves.iter().flat_map(|&one| command(documents, one)).collect()
}

fn command(TestDocuments { licenses, lists, tickets }: TestDocuments<'_>, one: Move) -> Vec<Command> {
    let assign = |to: Assignee, plan, except| Command::assign_except(to, plan_id(plan), apps_of(except));
    let next = |which: usize| -> GroupId { group(GROUPS[(which + 1) % GROUPS.len()]) };
    let swapped = |first: bool, one: Command, two: Command| if first { vec![one, two] } else { vec![two, one] };
    vec![match one {
        Move::Install(index) => Command::Install(licenses[index % licenses.len()].token.clone()),
        // Now and then one document is taken for the other.
        Move::Revoke(8) => Command::InstallRevocationList(licenses[0].token.clone()),
        Move::Revoke(index) => match lists.len() {
            0 => Command::RecordTime,
            _ if index == 7 => Command::Install(lists[0].token.clone()),
            number => Command::InstallRevocationList(lists[index % number].token.clone()),
        },
        Move::Correct(6) => Command::CorrectTime(licenses[0].token.clone()),
        Move::Correct(index) => match tickets.len() {
            0 => Command::RecordTime,
            number => Command::CorrectTime(tickets[index % number].token.clone()),
        },
        Move::Assign(who, plan, except) => assign(user(USERS[who]).into(), plan, except),
        Move::Unassign(who, plan) => Command::unassign(user(USERS[who]), plan_id(plan)),
        Move::Remove(who) => Command::RemoveUser(user(USERS[who])),
        Move::AssignGroup(which, plan, except) => assign(group(GROUPS[which]).into(), plan, except),
        Move::UnassignGroup(which, plan) => Command::unassign_group(group(GROUPS[which]), plan_id(plan)),
        Move::Join(who, which) => Command::join(user(USERS[who]), group(GROUPS[which])),
        Move::Leave(who, which) => Command::leave(user(USERS[who]), group(GROUPS[which])),
        Move::Transfer(who, which, first) => {
            let (leave, user) = (Command::leave(user(USERS[who]), group(GROUPS[which])), user(USERS[who]));
            return swapped(first, leave, Command::join(user, next(which)));
        }
        Move::Hand(who, which, plan, to) => {
            let (user, group) = (user(USERS[who]), group(GROUPS[which]));
            return if to {
                swapped(plan == 0, Command::unassign(user.clone(), plan_id(plan)), Command::join(user, group))
            } else {
                swapped(plan == 0, Command::leave(user.clone(), group), Command::assign(user, plan_id(plan)))
            };
        }
        Move::RemoveGroup(which) => Command::RemoveGroup(group(GROUPS[which])),
        Move::Start(which) => Command::StartTrial(trial(licenses, which)),
        Move::Extend(which) => Command::ExtendTrial(trial(licenses, which)),
        Move::SignUp(which) => Command::SignUp(trial(licenses, which)),
        Move::SetSignUps(may) => Command::SetSignUps(if may { SignUpPolicy::Allowed } else { SignUpPolicy::Off }),
        Move::ClaimSeat(plan) => Command::ClaimSeat(plan_id(plan)),
        Move::SetClaims(plan, may) => {
            Command::set_claim_on_first_use(plan_id(plan), if may { ClaimPolicy::Allowed } else { ClaimPolicy::Off })
        }
        Move::Draw(plan) => {
            let (id, consumer) = ("message".parse().unwrap(), "bot".parse().unwrap());
            Command::Consume(Consumption::new(plan_id(plan), id, consumer, Month::of(day(3)), Amount::UNIT))
        }
        Move::Mark => Command::RecordTime,
    }]
}

/// Mostly a trial that a document holds.
fn trial(test_licenses: &[TestLicense], which: u8) -> TrialName {
    let grants = test_licenses
        .iter()
        .flat_map(|test_license| test_license.deal.grants.iter().map(|grant| (test_license.deal.id, grant)));
    let held = grants.filter(|(_, grant)| matches!(grant.kind, GrantKind::Trial(_)));
    let held: Vec<_> = held.map(|(id, grant)| TrialName::new(id, grant.plan.clone())).collect();
    match held.len() {
        number if number > 0 && which < 7 => held[usize::from(which) % number].clone(),
        _ => TrialName::new(license_id(which), plan_id(which.into())),
    }
}
