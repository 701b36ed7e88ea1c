//! A publisher's own tests: what the price list promises, held against the catalog for any customer on any day.
//!
//! `cargo run --example own_catalog` (in your own project, let it be a `#[test]`)

use core::cell::Cell;
use core::error::Error;
use std::collections::BTreeSet;

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::{
    Actor, AppId, Catalog, Command, Customer, Deal, Grant, Holder, KeyRing, LATEST, LicenseId, Powers, Purpose, Role,
    SecretKey, Tenant, Term, Units, UserId, Zeroizing,
};
use proptest::test_runner::{Config, TestCaseError, TestRunner};
use proptest::{prop_assert, sample};

const PLANS: [&str; 3] = ["bronze", "silver", "gold"];

fn main() -> Result<(), Box<dyn Error>> {
    // One customer who bought a seat of each plan for the year 2026. A clone costs little, so each case has its own.
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), Powers::of(Purpose::Licenses));
    let catalog = Catalog::from_json(include_str!("fabrikam.json"))?;
    let new_year: DateTime<Utc> = "2026-01-01T00:00:00Z".parse()?;
    let year = Term::new(new_year, "2027-01-01T00:00:00Z".parse()?)?;
    let contoso = Holder::Tenant(Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?));
    let mut deal = Deal::new(LicenseId::from_random([42; 16]), catalog.offer(), contoso, new_year);
    for plan in PLANS {
        deal = deal.with(Grant::paid(plan.parse()?, Units::limited(1)?, year));
    }
    let mut sold = Tenant::new(&catalog, &ring, "contoso".parse()?);
    let admin = Actor::new("ada@contoso.example".parse()?).with(Role::GlobalAdministrator);
    sold.apply(&sold.decide(&admin, &[Command::Install(secret.seal(&deal)?)], new_year)?)?;

    // The apps that a user with some of the plans may open on a day.
    let bo: UserId = "bo@contoso.example".parse()?;
    let open = |plans: &BTreeSet<&str>, day| -> Result<BTreeSet<AppId>, TestCaseError> {
        let mut tenant = sold.clone();
        for plan in plans {
            tenant.apply(&tenant.decide(&admin, &[Command::assign(bo.clone(), plan.parse()?)], new_year)?)?;
        }
        let now = new_year.checked_add_signed(TimeDelta::days(day)).unwrap_or(LATEST);
        let open = catalog.apps().filter(|app| tenant.check(&bo, app, now).is_allowed());
        Ok(open.map(|app| app.id().clone()).collect())
    };

    // Any assignments, any day from the first of the term to long after its end (365 + 30 of grace + 90 suspended).
    let any_case = (sample::subsequence(PLANS.to_vec(), 0..=PLANS.len()), 0..600_i64);
    let (cases, with_audit) = (Cell::new(0_u32), Cell::new(0_u32));
    let config = Config { failure_persistence: None, ..Config::default() };
    TestRunner::new(config).run(&any_case, |(plans, day)| {
        let plans = BTreeSet::from_iter(plans);
        let before = open(&plans, day)?;
        for (lower, higher) in [("bronze", "silver"), ("silver", "gold")] {
            let mut moved = plans.clone();
            if moved.remove(lower) {
                moved.insert(higher);
            }
            prop_assert!(before.is_subset(&open(&moved, day)?), "{higher} does not open all that {lower} opens");
        }
        let opens = |app: &str| before.iter().any(|open| open.as_str() == app);
        prop_assert!(opens("f365/basic"), "the free app is shut");
        prop_assert!(plans.contains("gold") || !opens("f365/audit"), "f365/audit is open without gold");
        // Count what was seen: a law about a door that never opens would hold as well.
        cases.set(cases.get().saturating_add(1));
        with_audit.set(with_audit.get().saturating_add(u32::from(opens("f365/audit"))));
        Ok(())
    })?;
    println!("{} cases held; in {} of them f365/audit was open.", cases.get(), with_audit.get());
    if with_audit.get() == 0 { Err("f365/audit never opened".into()) } else { Ok(()) }
}
