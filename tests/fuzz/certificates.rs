//! What is done with any certificate: no panic, and nothing counts under it that its issuer may not sign.

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::license::{Customer, GrantKind, Licensee};
use entitle::record::Beginning;
use entitle::testing::{Opinion, Oracle};
use entitle::time::Days;
use entitle::token::{KeyConstraint, KeyPermissions, KeyPurpose, Kind};
use entitle::{
    Actor, Catalog, Command, Deal, Event, Grant, KeyRing, LicenseId, RecordId, SecretKey, Tenant, Term, Token, Units,
    Zeroizing,
};

use super::mint;

const CATALOG: &str = include_str!("catalog.json");

/// A certificate by a key that is trusted to certify, for more or for less as the first byte says: what verifies
/// can be sealed, and nothing counts under it that its issuer may not sign.
pub(crate) fn certificates(input: &[u8]) {
    let Some((&first, payload)) = input.split_first() else { return };
    let issuer = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses);
    let issuer = [
        issuer.clone().and(KeyPurpose::LicensesForAnyone).and(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets),
        issuer.clone().within(KeyConstraint::Terms(Days::new(30))),
        issuer.clone().within(KeyConstraint::IssuedBefore(day(10))),
        issuer.within(KeyConstraint::Offers(vec!["f365".parse().unwrap()])),
    ][usize::from(first % 4)]
    .clone();
    let ring = KeyRing::new().trust(key(1).public(), issuer).unwrap();
    let token: Token = mint::token([1; 32], Kind::KeyCertificate, payload).parse().unwrap();
    let Ok(certificate) = ring.verify_certificate(&token) else { return };
    let sealed = key(1).seal_certificate(certificate.certified()).unwrap();
    assert_eq!(ring.verify_certificate(&sealed).unwrap(), certificate);
    let catalog = Catalog::from_json(CATALOG).unwrap();
    let beginning = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([1; 16]));
    let (reseller, mut tenant) = (key(2), Tenant::new(&catalog, &ring, &beginning));
    let mut commands = vec![Command::InstallCertificate(sealed)];
    for number in 0..32 {
        let deal = deal(&catalog, number);
        let token = reseller.seal(&deal).unwrap();
        if ring.verify_with(core::slice::from_ref(&certificate), &token).is_ok() {
            assert!(ring.verify(&key(1).seal(&deal).unwrap()).is_ok(), "more than the issuer may sign");
            let window = certificate.certified().window;
            assert!(window.opens() <= deal.issued && deal.issued < window.closes());
        }
        commands.push(Command::Install(token));
    }
    let event = Event::new(1, day(0), Actor::new("a".parse().unwrap()), commands);
    tenant.apply(&entitle::testing::forge(tenant.head(), event.clone()).unwrap()).unwrap();
    let oracle = Oracle::read(&catalog, &ring, tenant.id().clone(), &[], [&event]);
    let ada = "ada".parse().unwrap();
    for (app, on) in catalog.apps().flat_map(|app| [0, 20, 400].map(|on| (app.clone(), on))) {
        assert_eq!(Opinion::of(&tenant.check(&ada, &app, day(on))), oracle.check(&ada, app.id(), day(on)));
    }
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([seed; 32]))
}

fn day(n: i64) -> DateTime<Utc> {
    "2026-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(n)
}

/// Licenses of few and many units, short and long, dated before and after.
fn deal(catalog: &Catalog, number: u8) -> Deal {
    let customer = Customer::new("contoso".parse().unwrap(), "C".parse().unwrap(), "DE".parse().unwrap());
    let on = i64::from(number) - 16;
    let mut deal =
        Deal::new(LicenseId::from_random([number; 16]), catalog.offer(), Licensee::Tenant(customer), day(on));
    for plan in catalog.offer().plans.iter().skip(usize::from(number % 3)).take(2) {
        let (units, length) = (Units::limited(u32::from(number) + 1).unwrap(), i64::from(number % 5) * 10 + 1);
        let mut grant = Grant::paid(plan.id.clone(), units, Term::new(day(on), day(on + length)).unwrap());
        if let GrantKind::Paid(paid) = &mut grant.kind {
            paid.grace = Days::NONE;
        }
        deal = deal.with(grant);
    }
    deal
}
