//! Far dates: every number of days from either end of the calendar, without overflow (L4, L5, L6, T1).

use core::num::NonZeroU32;

use crate::sealing;
use crate::support::{Vendor, admin, forged, request, units};
use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::command::TrialName;
use entitle::license::{Customer, Extension, Extensions, GrantKind, Licensee, PaidTerms, Termination, TrialTerms};
use entitle::time::{Days, EARLIEST, LATEST, Length, Window};
use entitle::{Command, Deal, Decision, Event, Grant, LicenseId, PlanId, Tenant, Term, UserId};
use proptest::collection::vec;
use proptest::prelude::*;

/// The days from the first instant to the last, and what lies around other limits.
const DAYS: [u32; 8] = [0, 1, 2_932_896, 2_932_897, 24_855_134, 106_751_991, i32::MAX as u32, u32::MAX];

fn nows() -> [DateTime<Utc>; 8] {
    let second = TimeDelta::seconds(1);
    [
        DateTime::<Utc>::MIN_UTC,
        EARLIEST - second,
        EARLIEST,
        EARLIEST + second,
        crate::support::day(0),
        LATEST - second,
        LATEST,
        DateTime::<Utc>::MAX_UTC,
    ]
}

fn terms() -> Vec<Term> {
    let (first, last) = (EARLIEST, LATEST);
    let second = TimeDelta::seconds(1);
    vec![
        Term::new(first, last).unwrap(),
        Term::new(first, first + second).unwrap(),
        Term::new(last - second, last).unwrap(),
        Term::new(crate::support::day(0), crate::support::day(1)).unwrap(),
        Term::perpetual(first),
        Term::perpetual(last),
    ]
}

fn earlies() -> [Termination; 5] {
    [
        Termination::Never,
        Termination::Cancelled(EARLIEST),
        Termination::Cancelled(LATEST),
        Termination::Withdrawn(LATEST),
        Termination::Cancelled(crate::support::day(0)),
    ]
}

/// A tenant of a product whose notice is as long as it can be, with these grants of gold, at the first instant.
fn tenant(notice: u32, grants: Vec<Grant>) -> Tenant {
    let catalog = include_str!("../../examples/fabrikam.json")
        .replace("\"management\"", &format!("\"notice\": {notice}, \"management\""));
    let vendor = Vendor::of(&catalog);
    let customer = Customer::new("contoso".parse().unwrap(), "Contoso".parse().unwrap(), "DE".parse().unwrap());
    let id = LicenseId::from_random([1; 16]);
    let mut deal = Deal::new(id, vendor.catalog.offer(), Licensee::Tenant(customer), EARLIEST);
    deal.grants = grants;
    let mut tenant = vendor.tenant("contoso");
    let commands = vec![
        Command::Install(vendor.seal(&deal)),
        crate::support::assign("bo", "gold"),
        crate::support::assign("cy", "gold"),
    ];
    let entry = forged(&tenant, Event::new(1, EARLIEST, admin(), commands));
    tenant.apply(&entry).unwrap();
    tenant
}

/// Asks everything that reckons with time, and holds each answer to end after the reading it was made for.
fn ask_everything(tenant: &Tenant, nows: &[DateTime<Utc>]) {
    let users: [UserId; 3] = ["bo", "cy", "dee"].map(|name| name.parse().unwrap());
    let plan: PlanId = "gold".parse().unwrap();
    let app = tenant.catalog().app("f365/audit").unwrap();
    for &now in nows {
        let reading = tenant.reading(now);
        assert!((EARLIEST..=LATEST).contains(&reading));
        for user in &users {
            let decision = tenant.check(user, &app, now);
            assert!(
                decision.until().instant().is_none_or(|until| until > reading && until <= LATEST),
                "{now}: {decision:?}"
            );
            match &decision {
                Decision::Allow(allow) => drop(allow.warnings().map(|warning| warning.to_string()).collect::<Vec<_>>()),
                Decision::Deny(denial) => {
                    let explanation = denial.explain();
                    assert!(!explanation.to_string().is_empty());
                    let text = serde_json::to_string(&explanation).unwrap();
                    let again: entitle::DenialExplanation = serde_json::from_str(&text).unwrap();
                    assert_eq!(again, explanation);
                }
            }
        }
        let pool = tenant.pool(&plan, now);
        assert_eq!(pool.seated + pool.waiting, 2);
        let again = [Command::assign(users[2].clone(), plan.clone())];
        drop(tenant.decide(&admin(), &again, request(), now));
    }
}

#[test]
fn l5_paid_grants_of_any_lengths_at_the_ends_of_time() {
    for term in terms() {
        for grace in DAYS {
            for suspended in DAYS {
                for early in earlies() {
                    let mut paid = PaidTerms::new(term);
                    (paid.grace, paid.suspended, paid.early) = (Days::new(grace), Days::new(suspended), early);
                    let mut grant = Grant::paid("gold".parse().unwrap(), units(1), term);
                    grant.kind = GrantKind::Paid(paid);
                    ask_everything(&tenant(u32::MAX, vec![grant]), &[EARLIEST, crate::support::day(0), LATEST]);
                }
            }
        }
    }
}

#[test]
fn l6_trials_of_any_lengths_at_the_ends_of_time() {
    let name = || TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    let windows = terms().into_iter().filter_map(|term| match term.ends() {
        entitle::time::End::At(ends) => Window::new(term.starts(), ends).ok(),
        entitle::time::End::Never => None,
    });
    for window in windows {
        for length in DAYS.into_iter().filter_map(|days| Length::days(days).ok()) {
            for (times, extension) in [(0, 1), (1, 1), (1, u32::MAX), (100, u32::MAX)] {
                for grace in [0, 2_932_896, u32::MAX] {
                    let mut trial = TrialTerms::new(window, length);
                    trial.grace = Days::new(grace);
                    if let Some(times) = NonZeroU32::new(times) {
                        let extension = Extension::new(times, Length::days(extension).unwrap());
                        trial.extensions = Extensions::UpTo(extension);
                    }
                    let mut grant = Grant::paid("gold".parse().unwrap(), units(1), Term::perpetual(EARLIEST));
                    grant.kind = GrantKind::Trial(trial);
                    let mut tenant = tenant(0, vec![grant]);
                    let at = window.closes() - TimeDelta::seconds(1);
                    for command in
                        [Command::StartTrial(name()), Command::ExtendTrial(name()), Command::ExtendTrial(name())]
                    {
                        let event = Event::new(tenant.position() + 1, at, admin(), vec![command]);
                        let entry = forged(&tenant, event);
                        tenant.apply(&entry).unwrap();
                    }
                    ask_everything(&tenant, &[at, LATEST]);
                }
            }
        }
    }
}

#[test]
fn l4_one_second_at_either_end_of_time_is_a_term() {
    let active = |starts: DateTime<Utc>, ends: DateTime<Utc>| {
        let mut paid = PaidTerms::new(Term::new(starts, ends).unwrap());
        (paid.grace, paid.suspended) = (Days::NONE, Days::NONE);
        let mut grant = Grant::paid("gold".parse().unwrap(), units(1), paid.term);
        grant.kind = GrantKind::Paid(paid);
        let tenant = tenant(0, vec![grant]);
        let (user, app): (UserId, _) = ("bo".parse().unwrap(), tenant.catalog().app("f365/audit").unwrap());
        nows().map(|now| tenant.check(&user, &app, now).is_allowed())
    };
    let second = TimeDelta::seconds(1);
    // Before the first instant counts as the first, after the last as the last.
    let first = [true, true, true, false, false, false, false, false];
    assert_eq!(active(EARLIEST, EARLIEST + second), first);
    // A term ends at the last instant at the latest, so that instant is in no term that ends.
    let last = [false, false, false, false, false, true, false, false];
    assert_eq!(active(LATEST - second, LATEST), last);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 100, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn x8_any_grants_at_any_time(
        grants in vec(sealing::grants(), 1..6),
        notice in sealing::any_days(),
        at in vec(sealing::instants(), 1..6),
    ) {
        let gold = |mut grant: Grant| {
            grant.plan = "gold".parse().unwrap();
            grant
        };
        let mut trials = 0;
        let grants: Vec<Grant> = grants.into_iter().map(gold).filter(|grant| {
            trials += usize::from(matches!(grant.kind, GrantKind::Trial(_)));
            let tolerable = match grant.tolerance {
                entitle::license::Tolerance::None => true,
                entitle::license::Tolerance::UpTo(allowance) => allowance.units > grant.units,
            };
            tolerable && (trials < 2 || matches!(grant.kind, GrantKind::Paid(_)))
        }).collect();
        let mut tenant = tenant(notice, grants);
        let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
        ask_everything(&tenant, &nows());
        for at in at {
            let commands = vec![Command::StartTrial(name.clone()), Command::ExtendTrial(name.clone())];
            let entry = forged(&tenant, Event::new(tenant.position() + 1, at, admin(), commands));
            tenant.apply(&entry).unwrap();
            ask_everything(&tenant, &[at, LATEST]);
        }
    }
}
