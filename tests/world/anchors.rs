//! Documents that count only on a record that contains a checkpoint, and the ledger to prove it from (X7).

use entitle::record::{Anchor, Checkpoint, Ledger};
use entitle::{Actor, Command, Event, RecordId, Token};
use proptest::prelude::*;
use proptest::sample::Index;

use super::calendar::day;
use super::{World, our_tenant, user};

/// To what a document is anchored when the record has it first, which is when it is signed.
#[derive(Debug, Clone)]
pub(crate) enum Hook {
    Nothing,
    /// To the record as it was at some position before.
    Record(Index),
    /// To the same, and the host does not prove it.
    Unproved(Index),
    /// To another record, or to this one as it was before it was written anew.
    Other(bool),
}

/// Most documents of so many and one are anchored to nothing.
pub(crate) fn hook(others: u32) -> impl Strategy<Value = Hook> {
    let somewhere = prop_oneof![
        5 => any::<Index>().prop_map(Hook::Record),
        1 => any::<Index>().prop_map(Hook::Unproved),
        2 => any::<bool>().prop_map(Hook::Other),
    ];
    prop_oneof![others => Just(Hook::Nothing), 1 => somewhere]
}

fn begin(record: u8) -> (Ledger, String) {
    Ledger::begin(&our_tenant(), RecordId::from_random([record; 16])).unwrap()
}

/// A checkpoint that our record does not contain.
fn elsewhere(is_same_record: bool) -> Checkpoint {
    let (mut ledger, _) = begin(if is_same_record { 8 } else { 9 });
    for number in 1..=u64::from(is_same_record) {
        let other = Event::new(number, day(1), Actor::new(user("somebody else")), vec![Command::RecordTime]);
        ledger = ledger.line(&other).unwrap().0;
    }
    ledger.checkpoint()
}

/// Writes the ledger of a world's record, and signs what is anchored when it is first used.
pub(crate) struct Scribe {
    ledger: Ledger,
    text: String,
    /// Where the ledger stood, by position.
    stood: Vec<Checkpoint>,
}

impl Scribe {
    /// Nothing has to be written down if nothing is anchored.
    pub(crate) fn of(world: &World) -> Option<Self> {
        let papers = world.papers.iter().map(|paper| &paper.hook);
        let mut hooks = papers.chain(world.slips.iter().map(|slip| &slip.hook));
        hooks.any(|hook| !matches!(hook, Hook::Nothing)).then(|| {
            let (ledger, text) = begin(8);
            Self { stood: vec![ledger.checkpoint()], ledger, text }
        })
    }

    /// Signs what the attempt of this number uses for the first time.
    pub(crate) fn sign(&self, world: &mut World, attempt: usize) {
        for index in 0..world.papers.len() {
            let paper = world.papers[index].clone();
            if let Some(anchor) = self.anchor(world, attempt, &paper.token, &paper.deal.anchor, &paper.hook) {
                let paper = &mut world.papers[index];
                paper.deal.anchor = anchor;
                let old = core::mem::replace(&mut paper.token, paper.signer.key().seal(&paper.deal).unwrap());
                replace(world, attempt, &old, &world.papers[index].token.clone());
            }
        }
        for index in 0..world.slips.len() {
            let slip = world.slips[index].clone();
            if let Some(anchor) = self.anchor(world, attempt, &slip.token, &slip.said.anchor, &slip.hook) {
                let slip = &mut world.slips[index];
                slip.said.anchor = anchor;
                let old = core::mem::replace(&mut slip.token, slip.signer.key().seal_ticket(&slip.said).unwrap());
                replace(world, attempt, &old, &world.slips[index].token.clone());
            }
        }
    }

    /// The anchor of a document that the attempt uses, has a hook and was not signed with it; what can be, is proved.
    fn anchor(&self, world: &mut World, attempt: usize, token: &Token, now: &Anchor, hook: &Hook) -> Option<Anchor> {
        let is_used = world.attempts[attempt].commands.iter().any(|command| document(command) == Some(token));
        if !is_used || *now != Anchor::Anywhere {
            return None;
        }
        let checkpoint = match hook {
            Hook::Nothing => return None,
            // No checkpoint is of both kinds, so that it does not matter when a host has proved one.
            Hook::Record(index) => self.stood[index.index(self.stood.len()) / 2 * 2].clone(),
            Hook::Unproved(index) => {
                self.stood.get(index.index(self.stood.len()) | 1).cloned().unwrap_or_else(|| elsewhere(false))
            }
            Hook::Other(is_same_record) => elsewhere(*is_same_record),
        };
        let proof = Ledger::prove(&our_tenant(), &self.text, &checkpoint);
        assert!(proof.is_err() || !matches!(hook, Hook::Other(_)), "{checkpoint} in\n{}", self.text);
        assert!(proof.is_ok() || !matches!(hook, Hook::Record(_)), "{checkpoint} not in\n{}", self.text);
        if let (Hook::Record(_), Ok(proof)) = (hook, proof) {
            world.proofs.push(proof);
        }
        Some(Anchor::Record(checkpoint))
    }

    pub(crate) fn write(&mut self, event: &Event) {
        let (ledger, line) = self.ledger.line(event).unwrap();
        self.text.push_str(&line);
        self.stood.push(ledger.checkpoint());
        self.ledger = ledger;
    }
}

/// The document in a command, whatever it is taken for.
pub(crate) fn document(command: &Command) -> Option<&Token> {
    match command {
        Command::Install(token) | Command::InstallRevocationList(token) | Command::CorrectTime(token) => Some(token),
        _ => None,
    }
}

/// Puts one document in the place of another.
pub(crate) fn exchange(commands: &mut [Command], old: &Token, new: &Token) {
    for command in commands {
        match command {
            Command::Install(token) | Command::InstallRevocationList(token) | Command::CorrectTime(token)
                if token == old =>
            {
                *token = new.clone();
            }
            _ => {}
        }
    }
}

fn replace(world: &mut World, from: usize, old: &Token, new: &Token) {
    for attempt in &mut world.attempts[from..] {
        exchange(&mut attempt.commands, old, new);
    }
}

impl World {
    /// Whether the record was proved to contain an anchor.
    pub(crate) fn is_contained(&self, anchor: &Anchor) -> bool {
        match anchor {
            Anchor::Anywhere => true,
            Anchor::Record(checkpoint) => self.proofs.iter().any(|proof| proof.checkpoint() == checkpoint),
        }
    }
}
