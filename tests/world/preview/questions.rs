//! What is asked of random worlds.

use chrono::TimeDelta;
use entitle::record::InclusionProof;
use entitle::{Command, Deal};
use proptest::prelude::*;
use proptest::sample::Index;

use super::super::calendar::day;
use super::super::records::{Move, commands, one};
use super::super::test_licenses::{Signer, test_licenses};
use super::super::{World, admin, any_world, decide, honest};
use super::before_after::BeforeAfter;

/// What is asked of a world: at some point of its record, of some commands.
#[derive(Debug, Clone)]
pub(crate) struct Question {
    cut: Index,
    asked: Asked,
    /// How many days later.
    late: i64,
}

#[derive(Debug, Clone)]
enum Asked {
    /// What was done next, as one list.
    MessageOutcome(usize),
    /// A new license or a higher revision than any before, and what was done next.
    Renewal(Box<Deal>, usize),
    /// A ticket that sets the time back, if there is one.
    Ticket(Index),
    /// Anything.
    Any(Vec<Move>),
}

pub(crate) fn questions() -> impl Strategy<Value = Vec<Question>> {
    let renewal = (test_licenses(), any::<Index>(), 0..2_usize).prop_map(|(test_licenses, which, next)| {
        let mut deal = test_licenses[which.index(test_licenses.len())].deal.clone();
        deal.revision = deal.revision.saturating_add(10);
        Asked::Renewal(Box::new(deal), next)
    });
    let asked = prop_oneof![
        2 => (1..=3_usize).prop_map(Asked::MessageOutcome),
        2 => renewal,
        1 => any::<Index>().prop_map(Asked::Ticket),
        2 => prop::collection::vec(one(), 1..=2).prop_map(Asked::Any),
    ];
    let late = prop_oneof![3 => Just(0), 1 => 0..40_i64];
    let question = (any::<Index>(), asked, late).prop_map(|(cut, asked, late)| Question { cut, asked, late });
    prop::collection::vec(question, 6)
}

/// Each list that may be done, with its preview; what may not is refused alike.
pub(crate) fn each(world: &World, questions: &[Question], mut then: impl FnMut(&BeforeAfter)) {
    for Question { cut, asked, late } in questions {
        let cut = cut.index(world.record.len() + 1);
        let (before, next) = world.record.split_at(cut);
        let next = |events: usize| next.iter().take(events).flat_map(|event| event.commands.clone());
        let commands: Vec<Command> = match asked {
            Asked::MessageOutcome(events) => next(*events).collect(),
            Asked::Renewal(deal, events) => {
                let renewal = Command::Install(Signer::Trusted.key().seal(deal).unwrap());
                core::iter::once(renewal).chain(next(*events)).collect()
            }
            Asked::Ticket(_) if world.test_tickets.is_empty() => vec![Command::RecordTime],
            Asked::Ticket(which) => {
                vec![Command::CorrectTime(world.test_tickets[which.index(world.test_tickets.len())].token.clone())]
            }
            Asked::Any(moves) => commands(world.documents(), moves),
        };
        // A record contains no checkpoint of what comes later.
        let stands = |proof: &&InclusionProof| proof.head().number() <= u64::try_from(cut).unwrap();
        let proofs = world.proofs.iter().filter(stands).cloned().collect();
        let world = World { record: before.to_vec(), proofs, ..world.clone() };
        let tenant = world.tenant();
        let last = before.last().map_or(day(0), |event| event.at);
        // A tenant with a ticket has a clock that is right again.
        let last = if matches!(asked, Asked::Ticket(_)) { day(10) } else { last };
        let now = last + TimeDelta::days(*late);
        match (decide(&tenant, &admin(), &commands, now), tenant.preview(&admin(), &commands, now)) {
            (Err(refusal), found) => assert_eq!(found, Err(refusal)),
            (Ok(event), found) => then(&BeforeAfter::of(world, &event, found.unwrap(), now)),
        }
    }
}

/// Mostly worlds in which something may be done next.
pub(crate) fn worlds() -> impl Strategy<Value = World> {
    prop_oneof![1 => any_world().boxed(), 3 => honest().boxed()]
}
