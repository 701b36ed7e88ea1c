//! Documents that count only on a record that contains a checkpoint, and the ledger to prove it from (X7).

use entitle::record::{Anchor, Beginning, Checkpoint, InclusionProof, InclusionProver};
use entitle::testing::forge;
use entitle::{Actor, Command, Entry, Event, RecordId, Token};
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

/// The beginning of the record of every world.
pub(crate) fn beginning() -> Beginning {
    Beginning::new(our_tenant(), RecordId::from_random([8; 16]))
}

/// A checkpoint that our record does not contain.
fn elsewhere(is_same_record: bool) -> Checkpoint {
    if !is_same_record {
        return Beginning::new(our_tenant(), RecordId::from_random([9; 16])).checkpoint();
    }
    let other = Event::new(1, day(1), Actor::new(user("somebody else")), vec![Command::RecordTime]);
    Checkpoint::new(beginning().record(), forge(beginning().head(), other).unwrap().head())
}

/// Writes the ledger of a world's record, and signs what is anchored when it is first used.
pub(crate) struct Scribe {
    entries: Vec<Entry>,
    /// The checkpoints of the record, by position.
    stood: Vec<Checkpoint>,
}

impl Scribe {
    /// Nothing has to be written down if nothing is anchored.
    pub(crate) fn of(world: &World) -> Option<Self> {
        let test_licenses = world.test_licenses.iter().map(|test_license| &test_license.hook);
        let mut hooks = test_licenses.chain(world.test_tickets.iter().map(|test_ticket| &test_ticket.hook));
        let is_any = hooks.any(|hook| !matches!(hook, Hook::Nothing));
        is_any.then(|| Self { stood: vec![beginning().checkpoint()], entries: Vec::new() })
    }

    /// The proof that the record contains a checkpoint.
    fn prove(&self, checkpoint: &Checkpoint) -> Option<InclusionProof> {
        let mut prover = InclusionProver::new(&beginning(), [checkpoint]);
        self.entries.iter().for_each(|entry| prover.add(entry).unwrap());
        Some(prover.finish()).filter(|proof| proof.contains(checkpoint))
    }

    /// Signs what the attempt of this number uses for the first time.
    pub(crate) fn sign(&self, world: &mut World, attempt: usize) {
        for index in 0..world.test_licenses.len() {
            let test_license = world.test_licenses[index].clone();
            if let Some(anchor) =
                self.anchor(world, attempt, &test_license.token, &test_license.deal.anchor, &test_license.hook)
            {
                let test_license = &mut world.test_licenses[index];
                test_license.deal.anchor = anchor;
                let old = core::mem::replace(
                    &mut test_license.token,
                    test_license.signer.key().seal(&test_license.deal).unwrap(),
                );
                replace(world, attempt, &old, &world.test_licenses[index].token.clone());
            }
        }
        for index in 0..world.test_tickets.len() {
            let test_ticket = world.test_tickets[index].clone();
            if let Some(anchor) =
                self.anchor(world, attempt, &test_ticket.token, &test_ticket.draft.anchor, &test_ticket.hook)
            {
                let test_ticket = &mut world.test_tickets[index];
                test_ticket.draft.anchor = anchor;
                let old = core::mem::replace(
                    &mut test_ticket.token,
                    test_ticket.signer.key().seal_ticket(&test_ticket.draft).unwrap(),
                );
                replace(world, attempt, &old, &world.test_tickets[index].token.clone());
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
        let proof = self.prove(&checkpoint);
        assert!(proof.is_none() || !matches!(hook, Hook::Other(_)), "{checkpoint} in {:?}", self.entries);
        assert!(proof.is_some() || !matches!(hook, Hook::Record(_)), "{checkpoint} not in {:?}", self.entries);
        if let (Hook::Record(_), Some(proof)) = (hook, proof) {
            world.proofs.push(proof);
        }
        Some(Anchor::Record(checkpoint))
    }

    pub(crate) fn write(&mut self, event: &Event) {
        let head = self.entries.last().map_or(beginning().head(), Entry::head);
        let entry = forge(head, event.clone()).unwrap();
        self.stood.push(Checkpoint::new(beginning().record(), entry.head()));
        self.entries.push(entry);
    }
}

/// The document in a command, whatever it is taken for.
pub(crate) fn document(command: &Command) -> Option<&Token> {
    match command {
        Command::Install(token)
        | Command::InstallRevocationList(token)
        | Command::CorrectTime(token)
        | Command::InstallCertificate(token) => Some(token),
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
            Anchor::Record(checkpoint) => self.proofs.iter().any(|proof| proof.contains(checkpoint)),
        }
    }
}
