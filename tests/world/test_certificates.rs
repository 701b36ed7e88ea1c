//! Random certificates: of keys that may certify and of some that may not, and where they get into a record (X10).

use chrono::{DateTime, Utc};
use entitle::license::{Extensions, Fallback, GrantKind, Licensee, Tolerance};
use entitle::query::DocumentStatus;
use entitle::time::{Days, End, Window};
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyConstraint, PlanUnits};
use entitle::{Command, Deal, Token, Units};
use proptest::prelude::*;
use proptest::sample::Index;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;

use super::calendar::day;
use super::offers::plan_id;
use super::records::Attempt;
use super::test_licenses::Signer;
use super::test_lists::{Ended, TestList};
use super::test_tickets::TestTicket;
use super::{TestLicense, World, any_world};

/// A certificate as the tests know it.
#[derive(Debug, Clone)]
pub(crate) struct TestCertificate {
    pub(crate) token: Token,
    pub(crate) draft: KeyCertificateDraft,
    pub(crate) issuer: Signer,
    pub(crate) subject: Signer,
}

impl TestCertificate {
    /// Whether it counts in a world: by a key that may certify all that it names, for one that the ring does not have.
    pub(crate) fn counts(&self, world: &World) -> bool {
        let purposes: fn(&CertifiedPurpose) -> bool = match self.issuer {
            Signer::Trusted => |it| !matches!(it, CertifiedPurpose::Revocations(_)),
            Signer::ForTenants => |it| !matches!(it, CertifiedPurpose::LicensesForAnyone),
            Signer::Certifier => |it| matches!(it, CertifiedPurpose::Licenses),
            _ => return false,
        };
        let is_short =
            |limit: &KeyConstraint| matches!(limit, KeyConstraint::Terms(days) if days.get() <= Signer::SHORT);
        let is_narrow = self.issuer != Signer::Certifier || self.draft.constraints.iter().any(is_short);
        let is_for_us = self.draft.constraints.iter().all(|limit| match limit {
            KeyConstraint::Offers(offers) => offers.contains(&world.offer.offer),
            _ => true,
        });
        let is_ours = self.draft.publisher == world.offer.publisher && is_for_us;
        let of_ring = world.signers.contains(&self.issuer) && !world.signers.contains(&self.subject);
        is_ours && of_ring && is_narrow && self.draft.purposes.iter().all(purposes)
    }

    fn is_dated(&self, issued: DateTime<Utc>) -> bool {
        self.draft.window.opens() <= issued && issued < self.draft.window.closes()
    }

    /// Whether it admits a license of its key.
    fn admits(&self, deal: &Deal) -> bool {
        let purpose = match deal.licensee {
            Licensee::Tenant(_) => CertifiedPurpose::Licenses,
            Licensee::Anyone => CertifiedPurpose::LicensesForAnyone,
        };
        self.draft.purposes.contains(&purpose)
            && self.is_dated(deal.issued)
            && self.draft.constraints.iter().all(|limit| keeps(deal, limit))
    }

    /// Whether it admits a list of its key.
    fn admits_list(&self, list: &TestList) -> bool {
        let is_late_enough = |purpose: &CertifiedPurpose| match purpose {
            CertifiedPurpose::Revocations(first) => first.get() <= list.sequence,
            _ => false,
        };
        self.draft.purposes.iter().any(is_late_enough) && self.is_dated(list.issued)
    }
}

/// Whether a license keeps a constraint.
fn keeps(deal: &Deal, limit: &KeyConstraint) -> bool {
    match limit {
        KeyConstraint::Offers(offers) => offers.contains(&deal.offer),
        KeyConstraint::IssuedBefore(before) => deal.issued < *before,
        KeyConstraint::Terms(days) => deal.grants.iter().all(|grant| ends_by(&grant.kind, after(deal.issued, *days))),
        KeyConstraint::Units(most) => most_units(deal).into_iter().all(|(plan, units)| {
            most.iter().any(|most| {
                most.plan == plan && units.is_some_and(|units| Units::limited(units).unwrap() <= most.units)
            })
        }),
        other => panic!("{other:?}"),
    }
}

fn after(at: DateTime<Utc>, days: Days) -> DateTime<Utc> {
    at + chrono::TimeDelta::days(days.get().into())
}

fn ends_by(kind: &GrantKind, latest: DateTime<Utc>) -> bool {
    match kind {
        GrantKind::Paid(paid) => match paid.term.ends() {
            End::At(ends) => paid.fallback == Fallback::None && after(ends, paid.grace) <= latest,
            End::Never => false,
        },
        GrantKind::Trial(trial) => {
            let mut ends = after(after(trial.may_start.closes(), trial.length.in_days()), trial.grace);
            if let Extensions::UpTo(extension) = trial.extensions {
                for _ in 0..extension.times.get() {
                    ends = after(ends, extension.length.in_days());
                }
            }
            ends <= latest
        }
    }
}

/// The units of each grant's plan in a license, with tolerances; none if unlimited, or where an amount is given.
fn most_units(deal: &Deal) -> Vec<(entitle::PlanId, Option<u32>)> {
    let most = |units: Units| match units {
        Units::Limited(units) => Some(units.get()),
        Units::Unlimited => None,
    };
    let of = |grant: &entitle::Grant| match &grant.tolerance {
        Tolerance::UpTo(more) => most(more.units),
        Tolerance::None => most(grant.units),
    };
    let of_plan = |plan: &entitle::PlanId| {
        deal.grants.iter().filter(|grant| grant.plan == *plan).map(of).try_fold(0, |sum, units| Some(sum + units?))
    };
    let has_amount = deal.grants.iter().any(|grant| !grant.amounts.is_empty());
    deal.grants.iter().map(|grant| (grant.plan.clone(), of_plan(&grant.plan).filter(|_| !has_amount))).collect()
}

impl World {
    /// The certificates in the record that count.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = &TestCertificate> {
        self.test_certificates.iter().filter(|certificate| {
            let is_it = |command: &Command| matches!(command, Command::InstallCertificate(token) if *token == certificate.token);
            certificate.counts(self) && self.record.iter().flat_map(|event| &event.commands).any(is_it)
        })
    }

    /// The certificates in the record that admit a license.
    pub(crate) fn admitting<'a>(&'a self, test_license: &'a TestLicense) -> impl Iterator<Item = &'a TestCertificate> {
        let of_key = self.certificates().filter(|certificate| certificate.subject == test_license.signer);
        of_key.filter(|certificate| certificate.admits(&test_license.deal))
    }

    /// Whether a list that the ring does not take is admitted by a certificate in the record.
    pub(crate) fn admits_list(&self, list: &TestList) -> bool {
        let mut of_key = self.certificates().filter(|certificate| certificate.subject == list.signer);
        list.is_ours && of_key.any(|certificate| certificate.admits_list(list))
    }

    /// Whether a list ends the issuers of all certificates that admit a license at an instant.
    pub(crate) fn ends_issuers(&self, list: &TestList, test_license: &TestLicense, at: DateTime<Utc>) -> bool {
        let ends = |issuer: Signer| {
            let is_it = |(ended, from): &(Ended, DateTime<Utc>)| *ended == Ended::Key(issuer) && *from <= at;
            !self.takes_lists_of(issuer) && list.entries.iter().any(is_it)
        };
        let mut issuers = self.admitting(test_license).map(|certificate| certificate.issuer).peekable();
        issuers.peek().is_some() && issuers.all(ends)
    }
}

/// Mostly what the issuer may certify.
fn purposes(issuer: Signer) -> impl Strategy<Value = Vec<CertifiedPurpose>> {
    let lists = (1..=2_u32).prop_map(|first| CertifiedPurpose::Revocations(first.try_into().unwrap()));
    let [anyone, others] = match issuer {
        Signer::Trusted => [12, 1],
        Signer::ForTenants => [1, 12],
        _ => [1, 1],
    };
    let any = prop_oneof![
        16 => Just(CertifiedPurpose::Licenses),
        anyone => Just(CertifiedPurpose::LicensesForAnyone),
        others => lists,
        others => Just(CertifiedPurpose::TimeTickets),
    ];
    prop::collection::vec(any, 1..=3).prop_map(|mut purposes| {
        purposes.sort_unstable_by_key(|purpose| purpose.purpose());
        purposes.dedup_by_key(|purpose| purpose.purpose());
        purposes
    })
}

fn constraint() -> impl Strategy<Value = KeyConstraint> {
    let units = prop::collection::vec((0..3_usize, 1..=4_u32), 0..=3).prop_map(|most| {
        let most = most.into_iter().map(|(plan, most)| PlanUnits::new(plan_id(plan), Units::limited(most).unwrap()));
        KeyConstraint::Units(most.collect())
    });
    prop_oneof![
        4 => (20..120_u32).prop_map(|days| KeyConstraint::Terms(Days::new(days))),
        2 => units,
        1 => (-10..20_i64).prop_map(|on| KeyConstraint::IssuedBefore(day(on))),
        1 => Just(KeyConstraint::Offers(vec!["product".parse().unwrap()])),
        1 => Just(KeyConstraint::Offers(vec!["other".parse().unwrap(), "product".parse().unwrap()])),
        1 => Just(KeyConstraint::Offers(vec!["other".parse().unwrap()])),
    ]
}

fn test_certificate() -> impl Strategy<Value = TestCertificate> {
    let issuer = prop_oneof![
        6 => Just(Signer::Trusted),
        6 => Just(Signer::ForTenants),
        4 => Just(Signer::Certifier),
        1 => Just(Signer::ForAnyone),
        1 => Just(Signer::Stranger),
        1 => Just(Signer::Reseller),
    ];
    let subject = prop_oneof![10 => Just(Signer::Reseller), 2 => Just(Signer::Stranger), 1 => Just(Signer::ForAnyone)];
    let window = prop_oneof![3 => Just((-30_i64, 120_i64)), 2 => (-30..5_i64, 1..80_i64)];
    let is_ours = prop::bool::weighted(0.95);
    let parts = (issuer, subject, window, -10..6_i64, is_ours).prop_flat_map(|parts| {
        // The certifier has to say how short the terms are.
        let constraints = prop_oneof![
            3 => Just(Vec::new()),
            3 => (30..90_u32).prop_map(|days| vec![KeyConstraint::Terms(Days::new(days))]),
            2 => prop::collection::vec(constraint(), 1..=2),
        ];
        (Just(parts), purposes(parts.0), constraints)
    });
    parts.prop_filter_map(
        "it can be sealed",
        |((issuer, subject, (opens, length), issued, is_ours), purposes, constraints)| {
            let publisher = if is_ours { "publisher" } else { "other" }.parse().unwrap();
            let window = Window::new(day(opens), day(opens + length)).unwrap();
            let draft = KeyCertificateDraft::new(
                publisher,
                subject.key().public(),
                CertifiedPurpose::Licenses,
                window,
                day(issued),
            );
            let mut draft = constraints.into_iter().fold(draft, KeyCertificateDraft::within);
            draft.purposes = purposes;
            let token = issuer.key().seal_certificate(&draft).ok()?;
            Some(TestCertificate { token, draft, issuer, subject })
        },
    )
}

/// Where a certificate gets into the record: at the outset or anywhere, in an event of its own, first or last of another.
#[derive(Debug, Clone)]
pub(crate) enum Place {
    Outset,
    Own(Index),
    First(Index),
    Last(Index),
}

fn place() -> impl Strategy<Value = Place> {
    prop_oneof![
        3 => Just(Place::Outset),
        2 => any::<Index>().prop_map(Place::Own),
        1 => any::<Index>().prop_map(Place::First),
        1 => any::<Index>().prop_map(Place::Last),
    ]
}

/// Certificates with their places, and which documents the reseller signs instead of who did.
#[derive(Debug, Clone)]
pub(crate) struct Resale {
    pub(crate) certificates: Vec<(TestCertificate, Place)>,
    licenses: u8,
    lists: u8,
    tickets: u8,
    /// When the reseller's key ends, mostly while it signs lists and tickets.
    ends: Option<DateTime<Utc>>,
}

/// Half of the worlds have none.
pub(crate) fn resale() -> impl Strategy<Value = Resale> {
    let none = Just(Resale { certificates: Vec::new(), licenses: 0, lists: 0, tickets: 0, ends: None });
    let certificates = prop::collection::vec((test_certificate(), place()), 1..=4);
    let ends = prop::option::weighted(0.4, prop_oneof![3 => -10..8_i64, 1 => 8..60_i64].prop_map(day));
    let some = (certificates, any::<[u8; 4]>(), ends).prop_map(|(certificates, signed, ends)| {
        let [licenses, lists, one, two] = signed;
        Resale { certificates, licenses, lists, tickets: one & two, ends }
    });
    prop_oneof![1 => none, 1 => some]
}

impl Resale {
    /// Has the reseller sign some of the documents.
    pub(crate) fn sign(&self, licenses: &mut [TestLicense], lists: &mut [TestList], tickets: &mut [TestTicket]) {
        let (signer, is_signed) = (Signer::Reseller, |mask: u8, index: usize| mask >> (index % 8) & 1 == 1);
        for (_, test_license) in licenses.iter_mut().enumerate().filter(|(index, _)| is_signed(self.licenses, *index)) {
            test_license.token = signer.key().seal(&test_license.deal).unwrap();
            test_license.signer = signer;
        }
        for (_, list) in lists.iter_mut().enumerate().filter(|(index, _)| is_signed(self.lists, *index)) {
            list.sign(signer);
        }
        let of_ring = lists.iter_mut().find(|list| list.signer != signer);
        if let (Some(list), Some(from)) = (of_ring, self.ends) {
            list.end(signer, from);
        }
        for (_, ticket) in tickets.iter_mut().enumerate().filter(|(index, _)| is_signed(self.tickets, *index)) {
            ticket.token = signer.key().seal_ticket(&ticket.draft).unwrap();
            ticket.signer = signer;
        }
    }

    /// Puts the certificates among what is attempted.
    pub(crate) fn insert(&self, attempts: &mut Vec<Attempt>) {
        for (certificate, place) in &self.certificates {
            let command = Command::InstallCertificate(certificate.token.clone());
            let count = attempts.len();
            match place {
                Place::First(index) if count > 0 => attempts[index.index(count)].commands.insert(0, command),
                Place::Last(index) if count > 0 => attempts[index.index(count)].commands.push(command),
                Place::Own(index) if count > 0 => {
                    let index = index.index(count);
                    let at = attempts[index].at;
                    attempts.insert(index, Attempt { at, commands: vec![command] });
                }
                _ => attempts.insert(0, Attempt { at: day(0), commands: vec![command] }),
            }
        }
    }
}

/// The worlds hold what the laws of certificates are about.
#[test]
fn x10_what_certificates_decide_occurs_in_the_worlds() {
    let expected = [
        "certificate in force",
        "license in force",
        "license replaced",
        "license before its certificate",
        "list in force",
        "ticket in force",
        "admitted twice",
        "issuer ended",
        "token.no-certificate",
        "token.outside-window",
        "token.beyond-limit",
        "token.list-before-certificate",
        "token.key-revoked",
        "certificate.in-ring",
        "certificate.wider-purpose",
        "certificate.wider-constraint",
    ];
    let mut runner = super::runner(18);
    let mut seen: BTreeMap<&str, u32> = BTreeMap::new();
    // Some are rare: as many worlds as it takes, up to a bound.
    for _ in 0..6_000 {
        if expected.iter().all(|code| seen.contains_key(code)) {
            break;
        }
        let world = any_world().new_tree(&mut runner).unwrap().current();
        let tenant = world.tenant();
        let mut is_before = false;
        for document in tenant.documents() {
            let code = match document.status {
                DocumentStatus::Certifies(_) => "certificate in force",
                DocumentStatus::InForce(license) if license.key() == Signer::Reseller.id() => "license in force",
                DocumentStatus::Replaced(license) if license.key() == Signer::Reseller.id() => "license replaced",
                DocumentStatus::Revokes(list) if list.key() == Signer::Reseller.id() => "list in force",
                DocumentStatus::Corrects(ticket) if ticket.key() == Signer::Reseller.id() => "ticket in force",
                DocumentStatus::GivesNothing(issue) => issue.code(),
                _ => "another",
            };
            let is_first = code == "license in force" && !is_before;
            is_before |= code == "certificate in force";
            *seen.entry(if is_first { "license before its certificate" } else { code }).or_default() += 1;
        }
        for test_license in &world.test_licenses {
            let issuers = world.admitting(test_license).count();
            *seen.entry(if issuers > 1 { "admitted twice" } else { "admitted once or never" }).or_default() += 1;
            let ended = |list: &TestList| list.counts() && world.ends_issuers(list, test_license, day(60));
            if world.test_lists.iter().any(ended) {
                *seen.entry("issuer ended").or_default() += 1;
            }
        }
    }
    let rare: Vec<_> = expected.into_iter().filter(|code| !seen.contains_key(code)).collect();
    assert!(rare.is_empty(), "too rare: {rare:?} in {seen:#?}");
}
