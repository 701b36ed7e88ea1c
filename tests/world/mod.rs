//! Small random worlds: a catalog, the documents of a publisher, and a record, honest or forged.

pub(crate) mod anchors;
pub(crate) mod answers;
mod attempts;
pub(crate) mod calendar;
mod commands;
mod corrected_times;
pub(crate) mod goals;
mod groups;
pub(crate) mod law;
mod monotonicity;
pub(crate) mod offers;
mod past;
mod preview;
mod quota_constellations;
mod quotas;
mod rebased;
pub(crate) mod records;
mod remedies;
mod revoked;
mod search;
mod seats;
mod snapshots;
mod statements;
pub(crate) mod test_certificates;
pub(crate) mod test_licenses;
pub(crate) mod test_lists;
mod test_tickets;
mod tickets_alone;
mod verdict;

use chrono::{DateTime, Utc};
use core::fmt;
use entitle::catalog::Offer;
use entitle::record::{Checkpoint, InclusionProof};
use entitle::testing::{Oracle, assume_proof, forge};
use entitle::{
    Actor, Catalog, Command, Deal, Entry, Event, GroupId, KeyRing, Refusal, RequestId, Role, Tenant, TenantId, Token,
    UserId,
};
use proptest::prelude::*;
use proptest::test_runner::{RngAlgorithm, TestRng, TestRunner};

use anchors::{Hook, Scribe};
use records::{Attempt, TestDocuments};
use test_certificates::TestCertificate;
use test_licenses::Signer;
use test_lists::TestList;
use test_tickets::TestTicket;

/// The users whom commands name, and at the end one whom none does; not in the order of their bytes.
pub(crate) const USERS: [&str; 5] = ["dan", "ann", "cyd", "bob", "nobody"];

/// The groups whom commands name.
pub(crate) const GROUPS: [&str; 2] = ["staff", "crew"];

/// A document as the tests know it: what it says, and whether the ring of the world takes it.
#[derive(Debug, Clone)]
pub(crate) struct TestLicense {
    pub(crate) token: Token,
    pub(crate) deal: Deal,
    pub(crate) signer: Signer,
    pub(crate) verifies: bool,
    pub(crate) hook: Hook,
}

/// All there is to know for a tenant and for the oracle.
#[derive(Clone)]
pub(crate) struct World {
    pub(crate) offer: Offer,
    pub(crate) catalog: Catalog,
    /// Whose keys are trusted.
    pub(crate) signers: Vec<Signer>,
    pub(crate) ring: KeyRing,
    pub(crate) test_licenses: Vec<TestLicense>,
    pub(crate) test_lists: Vec<TestList>,
    pub(crate) test_tickets: Vec<TestTicket>,
    pub(crate) test_certificates: Vec<TestCertificate>,
    /// What the host has proved its ledger to contain.
    pub(crate) proofs: Vec<InclusionProof>,
    /// What somebody wanted done, from which the record was made.
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) record: Vec<Event>,
}

/// Short enough to be read when a law fails.
impl fmt::Debug for World {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{:?}, notice {}", self.offer.management, self.offer.notice)?;
        for plan in &self.offer.plans {
            writeln!(f, "plan {} for a {}: {:?}, requires {:?}", plan.id, plan.scope, plan.apps, plan.requires)?;
        }
        for (index, TestLicense { deal, signer, verifies, .. }) in self.test_licenses.iter().enumerate() {
            let seller = (&deal.publisher, &deal.offer);
            writeln!(f, "test_license {index}: {} r{} issued {}", deal.id, deal.revision, deal.issued)?;
            writeln!(f, "  of {seller:?} for {:?}, by {signer:?}, verifies: {verifies}", deal.licensee)?;
            writeln!(f, "  freshness {:?}, anchor {:?}", deal.freshness, deal.anchor)?;
            for grant in &deal.grants {
                writeln!(f, "  {} {} {:?} {:?}", grant.plan, grant.units, grant.tolerance, grant.kind)?;
            }
        }
        for (index, test_list) in self.test_lists.iter().enumerate() {
            let TestList { signer, is_ours, sequence, issued, verifies, entries, .. } = test_list;
            writeln!(
                f,
                "list {index}: {sequence} by {signer:?} issued {issued}, ours: {is_ours}, verifies: {verifies}"
            )?;
            writeln!(f, "  {entries:?}")?;
        }
        for (index, test_ticket) in self.test_tickets.iter().enumerate() {
            writeln!(
                f,
                "ticket {index}: by {:?}, verifies: {}, {:?}",
                test_ticket.signer, test_ticket.verifies, test_ticket.draft
            )?;
        }
        for (index, TestCertificate { draft, issuer, subject, .. }) in self.test_certificates.iter().enumerate() {
            let (purposes, window) = (&draft.purposes, draft.window);
            writeln!(f, "certificate {index}: of {subject:?} by {issuer:?} for {purposes:?}, dated {window}")?;
            writeln!(f, "  of {}, issued {}, {:?}", draft.publisher, draft.issued, draft.constraints)?;
        }
        writeln!(f, "proved: {:?}", self.proofs)?;
        for event in &self.record {
            writeln!(f, "event {} at {}", event.number, event.at)?;
            for command in &event.commands {
                match command {
                    Command::Install(token) => {
                        writeln!(
                            f,
                            "  install {:?}",
                            self.test_licenses.iter().position(|test_license| test_license.token == *token)
                        )?;
                    }
                    Command::InstallRevocationList(token) => {
                        writeln!(
                            f,
                            "  revoke {:?}",
                            self.test_lists.iter().position(|test_list| test_list.token == *token)
                        )?;
                    }
                    Command::CorrectTime(token) => {
                        writeln!(
                            f,
                            "  correct {:?}",
                            self.test_tickets.iter().position(|test_ticket| test_ticket.token == *token)
                        )?;
                    }
                    Command::InstallCertificate(token) => {
                        let index = self.test_certificates.iter().position(|it| it.token == *token);
                        writeln!(f, "  certify {index:?}")?;
                    }
                    other => writeln!(f, "  {other:?}")?,
                }
            }
        }
        Ok(())
    }
}

pub(crate) fn our_tenant() -> TenantId {
    "contoso".parse().unwrap()
}

pub(crate) fn user(name: &str) -> UserId {
    name.parse().unwrap()
}

pub(crate) fn group(name: &str) -> GroupId {
    name.parse().unwrap()
}

pub(crate) fn users() -> Vec<UserId> {
    USERS.iter().map(|name| user(name)).collect()
}

/// An actor who may do everything.
pub(crate) fn admin() -> Actor {
    Actor::new(user("admin")).with(Role::GlobalAdministrator).with(Role::Host)
}

impl World {
    /// Whether a key is trusted for revocation lists.
    pub(crate) fn takes_lists_of(&self, signer: Signer) -> bool {
        self.signers.contains(&signer) && signer.is_for_lists()
    }

    /// The same world with other keys trusted.
    pub(crate) fn trusting(mut self, signers: &[Signer]) -> Self {
        self.signers = signers.to_vec();
        let trust = |ring: KeyRing, signer: &Signer| ring.trust(signer.key().public(), signer.powers()).unwrap();
        self.ring = signers.iter().fold(KeyRing::new(), trust);
        for test_license in &mut self.test_licenses {
            test_license.verifies = signers.contains(&test_license.signer)
                && test_license.signer.is_trusted_for(&test_license.deal.licensee);
        }
        for test_list in &mut self.test_lists {
            test_list.verifies = signers.contains(&test_list.signer) && test_list.signer.is_for_lists();
        }
        for test_ticket in &mut self.test_tickets {
            test_ticket.verifies = signers.contains(&test_ticket.signer) && test_ticket.signer.is_for_tickets();
        }
        self
    }

    /// The documents that commands may name.
    pub(crate) fn documents(&self) -> TestDocuments<'_> {
        TestDocuments { licenses: &self.test_licenses, lists: &self.test_lists, tickets: &self.test_tickets }
    }

    /// The tenant before its first event.
    pub(crate) fn blank(&self) -> Tenant {
        let tenant = Tenant::new(&self.catalog, &self.ring, &anchors::beginning());
        self.proofs.iter().fold(tenant, |tenant, proof| assume_proof(&tenant, proof))
    }

    /// What the rules make of a record in this world.
    pub(crate) fn oracle(&self, record: &[Event]) -> Oracle {
        let contained: Vec<Checkpoint> = self.proofs.iter().flat_map(InclusionProof::checkpoints).cloned().collect();
        Oracle::read(&self.catalog, &self.ring, our_tenant(), &contained, record)
    }

    /// The entries of the record, as a forger would write them.
    pub(crate) fn entries(&self) -> Vec<Entry> {
        let mut head = anchors::beginning().head();
        let events = self.record.iter().cloned();
        let entries = events.map(|event| {
            let entry = forge(head, event).unwrap();
            head = entry.head();
            entry
        });
        entries.collect()
    }

    /// The tenant after its record.
    pub(crate) fn tenant(&self) -> Tenant {
        replay(self.blank(), &self.record)
    }
}

/// What a decision would record.
pub(crate) fn decide(
    tenant: &Tenant,
    actor: &Actor,
    commands: &[Command],
    now: DateTime<Utc>,
) -> Result<Event, Refusal> {
    tenant.decide(actor, commands, request(), now).map(|entry| entry.event().clone())
}

/// The request that forged entries name, so that an honest record replays to the same entries.
pub(crate) fn request() -> RequestId {
    RequestId::from_random([0; 16])
}

/// The tenant after these events, as a forger would continue its record with them.
pub(crate) fn replay(mut tenant: Tenant, events: &[Event]) -> Tenant {
    for event in events {
        let entry = forge(tenant.head(), event.clone()).unwrap();
        tenant.apply(&entry).unwrap();
    }
    tenant
}

/// The same tenant after one event more, recorded at its floor, so that no time passes.
pub(crate) fn after(tenant: &Tenant, commands: Vec<Command>) -> Tenant {
    let event = Event::new(tenant.position() + 1, floor(tenant), admin(), commands);
    replay(tenant.clone(), &[event])
}

/// The latest instant of which the tenant's record has evidence.
pub(crate) fn floor(tenant: &Tenant) -> DateTime<Utc> {
    tenant.reading(entitle::time::EARLIEST)
}

/// Whether a document is dated no more than a day ahead of a clock (X6).
pub(crate) fn is_dated_by(issued: DateTime<Utc>, now: DateTime<Utc>) -> bool {
    issued <= now + chrono::TimeDelta::days(1)
}

/// So many cases unless `PROPTEST_CASES` says how many.
pub(crate) fn cases(usual: u32) -> ProptestConfig {
    let cases = std::env::var("PROPTEST_CASES").ok().and_then(|cases| cases.parse().ok()).unwrap_or(usual);
    ProptestConfig { cases, failure_persistence: None, ..ProptestConfig::default() }
}

/// The source of one sequence of worlds for each seed. A test that looks until all of something has occurred names the
/// one of 24 seeds with which it ends soonest: any other finds the same, later.
pub(crate) fn runner(seed: u8) -> TestRunner {
    TestRunner::new_with_rng(ProptestConfig::default(), TestRng::from_seed(RngAlgorithm::ChaCha, &[seed; 32]))
}

fn bare() -> impl Strategy<Value = World> {
    let parts = (
        offers::offer(),
        test_licenses::test_licenses(),
        test_lists::test_lists(),
        test_tickets::test_tickets(),
        test_certificates::resale(),
        records::attempts(),
    );
    parts.prop_map(|(offer, mut test_licenses, mut test_lists, mut test_tickets, resale, moves)| {
        resale.sign(&mut test_licenses, &mut test_lists, &mut test_tickets);
        let mut world = world_of(offer, test_licenses, test_lists, test_tickets, moves);
        resale.insert(&mut world.attempts);
        world.test_certificates = resale.certificates.into_iter().map(|(certificate, _)| certificate).collect();
        world
    })
}

/// A world in which nothing has happened yet.
pub(crate) fn world_of(
    offer: Offer,
    test_licenses: Vec<TestLicense>,
    test_lists: Vec<TestList>,
    test_tickets: Vec<TestTicket>,
    moves: records::Moves,
) -> World {
    let attempts = records::attempts_on(
        TestDocuments { licenses: &test_licenses, lists: &test_lists, tickets: &test_tickets },
        moves,
    );
    let (catalog, ring) = (Catalog::new(offer.clone()).unwrap(), KeyRing::new());
    let (signers, proofs, record) = (Vec::new(), Vec::new(), Vec::new());
    let world = World {
        offer,
        catalog,
        signers,
        ring,
        test_licenses,
        test_lists,
        test_tickets,
        test_certificates: Vec::new(),
        proofs,
        attempts,
        record,
    };
    world.trusting(&Signer::USUAL)
}

/// The world with all that was attempted in its record.
pub(crate) fn write(mut world: World) -> World {
    let mut scribe = Scribe::of(&world);
    for (index, number) in (0..world.attempts.len()).zip(1..) {
        if let Some(scribe) = &scribe {
            scribe.sign(&mut world, index);
        }
        let attempt = &world.attempts[index];
        let event = Event::new(number, attempt.at, Actor::new(user(USERS[0])), attempt.commands.clone());
        if let Some(scribe) = &mut scribe {
            scribe.write(&event);
        }
        world.record.push(event);
    }
    world
}

/// A world whose record is written by a forger: any commands, at any time, by anyone.
pub(crate) fn forged() -> impl Strategy<Value = World> {
    bare().prop_map(write)
}

/// A world whose record holds what an administrator tried and was allowed to do.
pub(crate) fn honest() -> impl Strategy<Value = World> {
    bare().prop_map(|mut world| {
        let (mut tenant, mut scribe) = (world.blank(), Scribe::of(&world));
        for index in 0..world.attempts.len() {
            let proved = world.proofs.len();
            if let Some(scribe) = &scribe {
                scribe.sign(&mut world, index);
            }
            tenant = world.proofs[proved..].iter().fold(tenant, |tenant, proof| assume_proof(&tenant, proof));
            let attempt = &world.attempts[index];
            if let Ok(entry) = tenant.decide(&admin(), &attempt.commands, request(), attempt.at) {
                tenant.apply(&entry).unwrap();
                if let Some(scribe) = &mut scribe {
                    scribe.write(entry.event());
                }
                world.record.push(entry.event().clone());
            }
        }
        world
    })
}

/// A world of either kind.
pub(crate) fn any_world() -> impl Strategy<Value = World> {
    prop_oneof![2 => forged().boxed(), 1 => honest().boxed()]
}
