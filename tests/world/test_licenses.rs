//! Random documents: paid and trial grants of few units, in several revisions, some of them not for this tenant.

use chrono::{DateTime, Utc};
use core::num::NonZeroU32;
use entitle::catalog::{Management, Offer};
use entitle::license::{
    Customer, Extension, Extensions, Fallback, Freshness, FreshnessLimit, GrantKind, Licensee, PaidTerms, Termination,
    Tolerance, ToleratedUnits, TrialTerms,
};
use entitle::time::{Days, Length, Window};
use entitle::token::{KeyConstraint, KeyId, KeyPermissions, KeyPurpose};
use entitle::{Deal, Grant, LicenseId, SecretKey, Term, Units, Zeroizing};
use proptest::prelude::*;
use std::collections::BTreeMap;
use std::sync::OnceLock;

use super::TestLicense;
use super::anchors::hook;
use super::calendar::day;
use super::offers::{PLANS, QUOTAS, any_amount, plan_id};

/// Who signed, and what the ring of every world takes from them.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Signer {
    Trusted,
    /// For revocation lists as well, so it cannot be revoked, and for time tickets.
    ForTenants,
    ForAnyone,
    ForLists,
    Stranger,
    /// For certificates, and for short terms.
    Certifier,
    /// In no ring: others certify it.
    Reseller,
}

impl Signer {
    /// Whom the rings of the worlds trust.
    pub(crate) const USUAL: [Self; 5] =
        [Self::Trusted, Self::ForTenants, Self::ForAnyone, Self::ForLists, Self::Certifier];

    pub(crate) const ALL: [Self; 7] = [
        Self::Trusted,
        Self::ForTenants,
        Self::ForAnyone,
        Self::ForLists,
        Self::Stranger,
        Self::Certifier,
        Self::Reseller,
    ];

    /// The most days from issue to end that the certifier may sign, and certify.
    pub(crate) const SHORT: u32 = 60;

    /// The name of the key; worked out once.
    pub(crate) fn id(self) -> KeyId {
        static IDS: OnceLock<BTreeMap<Signer, KeyId>> = OnceLock::new();
        IDS.get_or_init(|| Self::ALL.into_iter().map(|signer| (signer, signer.key().public().id())).collect())[&self]
    }

    pub(crate) fn key(self) -> SecretKey {
        let seed = match self {
            Self::Trusted => 1,
            Self::ForTenants => 2,
            Self::ForAnyone => 3,
            Self::Stranger => 4,
            Self::ForLists => 5,
            Self::Certifier => 6,
            Self::Reseller => 7,
        };
        SecretKey::from_seed(&Zeroizing::new([seed; 32]))
    }

    /// For what rings trust the key.
    pub(crate) fn powers(self) -> KeyPermissions {
        let (ours, anyone) =
            (KeyPermissions::new(KeyPurpose::Licenses), KeyPermissions::new(KeyPurpose::LicensesForAnyone));
        match self {
            Self::Trusted => {
                ours.and(KeyPurpose::LicensesForAnyone).and(KeyPurpose::TimeTickets).and(KeyPurpose::Certificates)
            }
            Self::Certifier => ours.and(KeyPurpose::Certificates).within(KeyConstraint::Terms(Days::new(Self::SHORT))),
            Self::Stranger | Self::Reseller => {
                ours.and(KeyPurpose::LicensesForAnyone).and(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets)
            }
            Self::ForTenants => {
                ours.and(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets).and(KeyPurpose::Certificates)
            }
            Self::ForAnyone => anyone,
            Self::ForLists => KeyPermissions::new(KeyPurpose::Revocations),
        }
    }

    /// Whether rings that trust the key take revocation lists of it.
    pub(crate) fn is_for_lists(self) -> bool {
        matches!(self, Self::ForTenants | Self::ForLists | Self::Stranger | Self::Reseller)
    }

    /// Whether rings that trust the key take time tickets of it.
    pub(crate) fn is_for_tickets(self) -> bool {
        matches!(self, Self::Trusted | Self::ForTenants | Self::Stranger | Self::Reseller)
    }

    /// Whether rings that trust the key take licenses for such a licensee of it.
    pub(crate) fn is_trusted_for(self, licensee: &Licensee) -> bool {
        match self {
            Self::Trusted | Self::Stranger | Self::Reseller => true,
            Self::ForTenants | Self::Certifier => matches!(licensee, Licensee::Tenant(_)),
            Self::ForAnyone => matches!(licensee, Licensee::Anyone),
            Self::ForLists => false,
        }
    }
}

/// Few ids, so that documents often are revisions of each other.
pub(crate) fn license_id(index: u8) -> LicenseId {
    LicenseId::from_random([index % 3 + 1; 16])
}

fn units() -> impl Strategy<Value = Units> {
    prop_oneof![9 => prop_oneof![1 => Just(1_u32), 2 => 1..=4_u32].prop_map(|units| Units::limited(units).unwrap()), 1 => Just(Units::Unlimited)]
}

/// A day that often is one at which something else happens.
#[derive(Debug, Clone, Copy)]
enum Pick {
    Any(i64),
    From(usize, i64),
}

fn pick() -> impl Strategy<Value = Pick> {
    prop_oneof![3 => (0..80_i64).prop_map(Pick::Any), 2 => (0..3_usize, -1..=1_i64).prop_map(|(n, d)| Pick::From(n, d))]
}

impl Pick {
    fn among(self, days: [i64; 3]) -> DateTime<Utc> {
        match self {
            Self::Any(number) => day(number),
            Self::From(index, shift) => day(days[index] + shift),
        }
    }
}

#[derive(Debug, Clone, Copy)]
enum Cut {
    Never,
    Cancelled(Pick),
    Withdrawn(Pick),
}

fn cut() -> impl Strategy<Value = Cut> {
    prop_oneof![10 => Just(Cut::Never), 1 => pick().prop_map(Cut::Cancelled), 1 => pick().prop_map(Cut::Withdrawn)]
}

impl Cut {
    fn among(self, days: [i64; 3]) -> Termination {
        match self {
            Self::Never => Termination::Never,
            Self::Cancelled(pick) => Termination::Cancelled(pick.among(days)),
            Self::Withdrawn(pick) => Termination::Withdrawn(pick.among(days)),
        }
    }
}

pub(crate) fn length(days: i64) -> Length {
    Length::days(u32::try_from(days).unwrap()).unwrap()
}

fn paid() -> impl Strategy<Value = (GrantKind, [i64; 3])> {
    let starts = prop_oneof![3 => 0..6_i64, 1 => 0..60_i64];
    let lasts = prop_oneof![5 => (5..60_i64).prop_map(Some), 1 => Just(None)];
    let tail = || prop_oneof![1 => Just(0_u32), 2 => 1..=20_u32];
    let fallback = prop_oneof![2 => Just(None), 1 => (-20..80_i64).prop_map(Some)];
    (starts, lasts, tail(), tail(), fallback, cut()).prop_map(|(starts, lasts, grace, suspended, fallback, cut)| {
        let ends = starts + lasts.unwrap_or(40);
        let term = match lasts {
            Some(_) => Term::new(day(starts), day(ends)).unwrap(),
            None => Term::perpetual(day(starts)),
        };
        let days = [starts, ends, ends + i64::from(grace)];
        let mut paid = PaidTerms::new(term);
        (paid.grace, paid.suspended, paid.early) = (Days::new(grace), Days::new(suspended), cut.among(days));
        paid.fallback = fallback.map_or(Fallback::None, |before| Fallback::Before(day(before)));
        (GrantKind::Paid(paid), days)
    })
}

fn trial() -> impl Strategy<Value = (GrantKind, [i64; 3])> {
    let extensions = prop_oneof![1 => Just(None), 2 => (1..=2_u32, 1..15_i64).prop_map(Some)];
    let opens = prop_oneof![2 => 0..3_i64, 1 => 0..30_i64];
    (opens, 1..40_i64, 1..30_i64, extensions, prop_oneof![Just(0), 1..=10_u32], cut()).prop_map(
        |(opens, open, lasts, extensions, grace, cut)| {
            let days = [opens, opens + open, opens + lasts];
            let mut trial = TrialTerms::new(Window::new(day(opens), day(opens + open)).unwrap(), length(lasts));
            if let Some((times, by)) = extensions {
                trial.extensions = Extensions::UpTo(Extension::new(NonZeroU32::new(times).unwrap(), length(by)));
            }
            (trial.grace, trial.early) = (Days::new(grace), cut.among(days));
            (GrantKind::Trial(trial), days)
        },
    )
}

pub(crate) fn grant(trial_only: bool) -> impl Strategy<Value = Grant> {
    // The first plan is in every catalog, the last in few: a grant of a plan nobody knows is no rarity.
    let plan = prop_oneof![6 => Just(0_usize), 4 => Just(1), 3 => Just(2), 1 => Just(3)];
    let terms = if trial_only { trial().boxed() } else { prop_oneof![3 => paid(), 2 => trial()].boxed() };
    let tolerance = prop_oneof![1 => Just(None), 2 => (units(), pick()).prop_map(Some)];
    let amounts = prop_oneof![
        3 => Just(Vec::new()),
        1 => (0..3_usize, any_amount()).prop_map(|amount| vec![amount]),
        1 => (any_amount(), any_amount()).prop_map(|(one, other)| vec![(0, one), (1, other)]),
    ];
    (plan, units(), tolerance, terms, amounts).prop_map(|(plan, units, tolerance, (terms, days), amounts)| {
        let mut grant = Grant::paid(plan_id(plan), units, Term::perpetual(day(0)));
        for (quota, amount) in amounts {
            // The last is a quota that no catalog has.
            let quota = QUOTAS.get(quota).copied().unwrap_or("gone");
            grant = grant.with_amount(quota.parse().unwrap(), amount);
        }
        grant.kind = terms;
        grant.tolerance = match (units, tolerance) {
            (Units::Unlimited, _) | (_, None) => Tolerance::None,
            (Units::Limited(units), Some((more, pick))) => {
                let more = match more {
                    Units::Limited(more) => Units::limited(units.get() + more.get()).unwrap(),
                    Units::Unlimited => Units::Unlimited,
                };
                Tolerance::UpTo(ToleratedUnits::new(more, pick.among(days)))
            }
        };
        grant
    })
}

pub(crate) fn licensee(of: &str) -> Licensee {
    Licensee::Tenant(Customer::new(of.parse().unwrap(), "Contoso".parse().unwrap(), "DE".parse().unwrap()))
}

fn for_whom() -> impl Strategy<Value = (Licensee, Vec<Grant>)> {
    let grants = || prop::collection::vec(grant(false), 1..=3);
    prop_oneof![
        16 => (Just(licensee("contoso")), grants()),
        1 => (Just(licensee("fabrikam")), grants()),
        2 => (Just(Licensee::Anyone), prop::collection::vec(grant(true), 1..=2)),
    ]
}

fn signer() -> impl Strategy<Value = Signer> {
    prop_oneof![
        20 => Just(Signer::Trusted),
        3 => Just(Signer::ForTenants),
        1 => Just(Signer::ForAnyone),
        1 => Just(Signer::ForLists),
        1 => Just(Signer::Stranger),
    ]
}

/// Few licenses ask for a recent revocation list: one in so many and one.
fn freshness(others: u32) -> impl Strategy<Value = Freshness> {
    let asked = (0..=20_u32, 0..=20_u32)
        .prop_map(|(warn, more)| Freshness::Asked(FreshnessLimit::new(Days::new(warn), Days::new(warn + more))));
    prop_oneof![others => Just(Freshness::NotAsked), 1 => asked]
}

fn test_license() -> impl Strategy<Value = TestLicense> {
    let seller = prop_oneof![
        24 => Just(("publisher", "product")),
        1 => Just(("publisher", "other")),
        1 => Just(("other", "product")),
    ];
    let issued = prop_oneof![8 => -20..5_i64, 1 => 0..60_i64];
    (0..3_u8, 1..=3_u32, issued, seller, for_whom(), signer(), freshness(3), hook(9)).prop_map(
        |(id, revision, issued, (publisher, offer), (licensee, grants), signer, freshness, hook)| {
            let seller = Offer::new(publisher.parse().unwrap(), offer.parse().unwrap(), Management::Unmanaged);
            let mut deal = Deal::new(license_id(id), &seller, licensee, day(issued));
            (deal.revision, deal.freshness) = (NonZeroU32::new(revision).unwrap(), freshness);
            for grant in grants {
                let is_trial = |grant: &Grant| matches!(grant.kind, GrantKind::Trial(_));
                let second = deal.grants.iter().any(|first| is_trial(first) && first.plan == grant.plan);
                if !(is_trial(&grant) && second) {
                    deal.grants.push(grant);
                }
            }
            TestLicense { token: signer.key().seal(&deal).unwrap(), deal, signer, verifies: false, hook }
        },
    )
}

/// A license with something of every plan, so that requirements can be met.
fn stock() -> impl Strategy<Value = TestLicense> {
    (prop::collection::vec(grant(false), PLANS.len()), freshness(5), hook(24)).prop_map(|(grants, freshness, hook)| {
        let seller = Offer::new("publisher".parse().unwrap(), "product".parse().unwrap(), Management::Unmanaged);
        let mut deal = Deal::new(LicenseId::from_random([9; 16]), &seller, licensee("contoso"), day(-5));
        deal.freshness = freshness;
        for (index, mut grant) in grants.into_iter().enumerate() {
            grant.plan = plan_id(index);
            if let GrantKind::Paid(paid) = &mut grant.kind {
                // Most of its grants overlap.
                paid.early = Termination::Never;
            }
            deal.grants.push(grant);
        }
        let signer = Signer::Trusted;
        TestLicense { token: signer.key().seal(&deal).unwrap(), deal, signer, verifies: false, hook }
    })
}

pub(crate) fn test_licenses() -> impl Strategy<Value = Vec<TestLicense>> {
    (prop::option::weighted(0.6, stock()), prop::collection::vec(test_license(), 1..=4))
        .prop_map(|(stock, test_licenses)| stock.into_iter().chain(test_licenses).collect())
}
