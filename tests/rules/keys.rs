//! X3: what keys are trusted for.

use core::num::NonZeroU32;

use entitle::license::{
    Extension, Extensions, GrantKind, Licensee, Revocation, RevocationListDraft, RevokedLicense, TimeTicketDraft,
};
use entitle::time::{Days, Length};
use entitle::token::{KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits, TokenError};
use entitle::{Actor, Command, Deal, Grant, KeyRing, Role, SecretKey, Tenant, Term, TicketId, Units, Zeroizing};

use crate::support::{Scenario, Vendor, assign, beginning, day, days, paid, request, units, window};

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([seed; 32]))
}

/// What a ring that trusts key 1 so far says to a deal.
fn verdict(powers: KeyPermissions, deal: &Deal) -> &'static str {
    let ring = KeyRing::new().trust(key(1).public(), powers).unwrap();
    ring.verify(&key(1).seal(deal).unwrap()).map_or_else(|error| error.code(), |_| "ok")
}

fn licenses() -> KeyPermissions {
    KeyPermissions::new(KeyPurpose::Licenses)
}

fn trial(length: u32, extensions: Extensions) -> Grant {
    let mut grant = Grant::trial("gold".parse().unwrap(), units(1), window(0, 9), Length::days(length).unwrap());
    if let GrantKind::Trial(trial) = &mut grant.kind {
        trial.extensions = extensions;
    }
    grant
}

#[test]
fn x3_a_key_is_trusted_for_purposes() {
    let vendor = Vendor::fabrikam();
    let named = vendor.deal_for("contoso").with(trial(5, Extensions::None));
    let anyone = vendor.deal(1, Licensee::Anyone).with(trial(5, Extensions::None));
    let both = || licenses().and(KeyPurpose::LicensesForAnyone);
    assert_eq!([verdict(licenses(), &named), verdict(licenses(), &anyone)], ["ok", "token.not-trusted"]);
    let for_anyone = || KeyPermissions::new(KeyPurpose::LicensesForAnyone);
    assert_eq!([verdict(for_anyone(), &named), verdict(for_anyone(), &anyone)], ["token.not-trusted", "ok"]);
    assert_eq!([verdict(both(), &named), verdict(both(), &anyone)], ["ok", "ok"]);
}

#[test]
fn x3_several_keys_at_once_and_each_by_its_own_powers() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    let month = licenses().within(KeyConstraint::Terms(Days::new(30)));
    let ring = KeyRing::new().trust(key(1).public(), month).unwrap().trust(key(2).public(), licenses()).unwrap();
    let verdicts =
        [1, 2, 3].map(|seed| ring.verify(&key(seed).seal(&deal).unwrap()).map_err(|error| error.code()).err());
    assert_eq!(verdicts, [Some("token.beyond-limit"), None, Some("token.unknown-key")]);
    // Named again, a key has the powers named last: retired for all but short terms, say.
    let again = ring.trust(key(2).public(), licenses().within(KeyConstraint::Terms(Days::new(99)))).unwrap();
    assert_eq!(again.verify(&key(2).seal(&deal).unwrap()).unwrap_err().code(), "token.beyond-limit");
}

#[test]
fn x3_a_key_limited_to_offers() {
    let vendor = Vendor::fabrikam();
    let only =
        |offers: &[&str]| licenses().within(KeyConstraint::Offers(offers.iter().map(|o| o.parse().unwrap()).collect()));
    let deal = vendor.deal_for("contoso");
    assert_eq!(verdict(only(&["f365"]), &deal), "ok");
    assert_eq!(verdict(only(&["f366", "f365"]), &deal), "ok");
    assert_eq!(verdict(only(&["f366"]), &deal), "token.beyond-limit");
    assert_eq!(verdict(only(&[]), &deal), "token.beyond-limit");
}

#[test]
fn x3_a_key_limited_to_issue_dates() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso");
    let retired = || licenses().within(KeyConstraint::IssuedBefore(day(10)));
    for (issued, expected) in [(9, "ok"), (10, "token.beyond-limit"), (11, "token.beyond-limit")] {
        deal.issued = day(issued);
        assert_eq!(verdict(retired(), &deal), expected);
    }
}

#[test]
fn x3_a_key_limited_to_terms() {
    let vendor = Vendor::fabrikam();
    // Issued on day -10: of no use later than day 20.
    let month = || licenses().within(KeyConstraint::Terms(Days::new(30)));
    let verdict = |grant: Grant| verdict(month(), &vendor.deal_for("c").with(grant));
    let short = |ends, grace| paid("gold", 1, days(5, ends)).with_grace(Days::new(grace));
    assert_eq!(verdict(short(20, 0)), "ok");
    assert_eq!(verdict(short(21, 0)), "token.beyond-limit");
    assert_eq!(verdict(short(13, 7)), "ok");
    assert_eq!(verdict(short(13, 8)), "token.beyond-limit", "grace is use");
    assert_eq!(verdict(short(6, u32::MAX)), "token.beyond-limit");
    let perpetual = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let perpetual = perpetual.with_grace(Days::NONE);
    assert_eq!(verdict(perpetual.clone()), "token.beyond-limit");
    let ages = licenses().within(KeyConstraint::Terms(Days::new(u32::MAX)));
    let perpetual = vendor.deal_for("c").with(perpetual);
    assert_eq!(self::verdict(ages, &perpetual), "token.beyond-limit", "nor past the end of time");
    let chained = vendor.deal_for("c").with(short(20, 0)).with(paid("gold", 1, days(20, 40)).with_grace(Days::NONE));
    assert_eq!(self::verdict(month(), &chained), "token.beyond-limit", "nor in pieces");
    // May be started until day 9.
    let twice = |days| Extensions::UpTo(Extension::new(NonZeroU32::new(2).unwrap(), Length::days(days).unwrap()));
    assert_eq!(verdict(trial(11, Extensions::None)), "ok");
    assert_eq!(verdict(trial(12, Extensions::None)), "token.beyond-limit");
    assert_eq!(verdict(trial(10, Extensions::None).with_grace(Days::new(1))), "ok");
    assert_eq!(verdict(trial(10, Extensions::None).with_grace(Days::new(2))), "token.beyond-limit", "grace is use");
    assert_eq!(verdict(trial(7, twice(2))), "ok");
    assert_eq!(verdict(trial(7, twice(3))), "token.beyond-limit");
    assert_eq!(verdict(trial(7, twice(u32::MAX))), "token.beyond-limit");
    let both = licenses().within(KeyConstraint::Terms(Days::new(365))).within(KeyConstraint::IssuedBefore(day(-20)));
    assert_eq!(self::verdict(both, &vendor.deal_for("c")), "token.beyond-limit", "all limits hold");
}

#[test]
fn x3_the_issue_date_of_a_list_can_be_limited_too() {
    let vendor = Vendor::fabrikam();
    let lists = KeyPermissions::new(KeyPurpose::Revocations).within(KeyConstraint::IssuedBefore(day(10)));
    let ring = KeyRing::new().trust(key(1).public(), lists).unwrap();
    let code = |issued| {
        let publisher = vendor.catalog.offer().publisher.clone();
        let list = RevocationListDraft::new(publisher, NonZeroU32::MIN, day(issued));
        ring.verify_list(&key(1).seal_list(&list).unwrap()).map_or_else(|error| error.code(), |_| "ok")
    };
    assert_eq!([code(9), code(10)], ["ok", "token.beyond-limit"]);
}

#[test]
fn x3_rotation_without_an_outage() {
    // Release 1 trusts the old key, release 2 both, release 3 the new one; licenses are sealed with the new one from
    // release 2 on. Nobody loses anything between.
    let vendor = Vendor::fabrikam();
    let (old, new) = (key(1), key(2));
    let first = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    let second = first.revise(day(20)).unwrap().with(paid("bronze", 1, days(0, 100)));
    let releases = [
        KeyRing::new().trust(old.public(), licenses()).unwrap(),
        KeyRing::new().trust(old.public(), licenses()).unwrap().trust(new.public(), licenses()).unwrap(),
        KeyRing::new().trust(new.public(), licenses()).unwrap(),
    ];
    let mut tenant = vendor.tenant("contoso").rebase(&vendor.catalog, &releases[0]);
    tenant
        .run(0, [entitle::Command::Install(old.seal(&first).unwrap()), crate::support::assign("ada", "bronze")])
        .unwrap();
    let mut tenant = tenant.rebase(&vendor.catalog, &releases[1]);
    assert!(tenant.opens("ada", "f365/orders", 10));
    tenant.run(20, [entitle::Command::Install(new.seal(&second).unwrap())]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 20));
    let tenant = tenant.rebase(&vendor.catalog, &releases[2]);
    assert!(tenant.opens("ada", "f365/orders", 21));
    let codes = tenant.documents().map(|document| match document.status {
        entitle::query::DocumentStatus::GivesNothing(unusable) => unusable.code(),
        _ => "in force",
    });
    assert_eq!(
        codes.collect::<Vec<_>>(),
        ["token.unknown-key", "in force"],
        "the old document stays, and gives nothing"
    );
}

/// A document of each kind, and a key trusted for one purpose each.
#[test]
fn x3_each_kind_of_document_takes_its_own_purpose() {
    let vendor = Vendor::fabrikam();
    let purposes =
        [KeyPurpose::Licenses, KeyPurpose::LicensesForAnyone, KeyPurpose::Revocations, KeyPurpose::TimeTickets];
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let id = TicketId::from_random([1; 16]);
    let correction = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(0));
    for trusted in purposes {
        let ring = KeyRing::new().trust(vendor.secret.public(), KeyPermissions::new(trusted)).unwrap();
        let license = |deal: &Deal| ring.verify(&vendor.seal(deal)).is_ok();
        let taken = [
            license(&vendor.deal_for("contoso")),
            license(&vendor.deal(2, Licensee::Anyone)),
            ring.verify_list(&vendor.secret.seal_list(&list).unwrap()).is_ok(),
            ring.verify_ticket(&vendor.secret.seal_ticket(&correction).unwrap()).is_ok(),
        ];
        assert_eq!(taken, purposes.map(|purpose| purpose == trusted), "{trusted}");
    }
}

#[test]
fn x3_the_limits_of_a_key_hold_for_its_tickets() {
    let vendor = Vendor::fabrikam();
    let id = TicketId::from_random([1; 16]);
    let draft = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(9));
    let token = vendor.secret.seal_ticket(&draft).unwrap();
    let within = |limit| {
        let powers = KeyPermissions::new(KeyPurpose::TimeTickets).within(limit);
        KeyRing::new().trust(vendor.secret.public(), powers).unwrap().verify_ticket(&token).is_ok()
    };
    assert!(within(KeyConstraint::IssuedBefore(day(10))) && !within(KeyConstraint::IssuedBefore(day(9))));
    assert!(within(KeyConstraint::Offers(vec!["f365".parse().unwrap()])) && !within(KeyConstraint::Offers(Vec::new())));
}

/// Only licenses have a term: a ring does not take a limit of terms for what else a key signs.
#[test]
fn x3_a_limit_that_cannot_be_enforced_is_refused_when_the_ring_is_made() {
    let terms = || KeyConstraint::Terms(Days::new(30));
    for purpose in [KeyPurpose::Revocations, KeyPurpose::TimeTickets] {
        for powers in [KeyPermissions::new(purpose).within(terms()), licenses().within(terms()).and(purpose)] {
            let error = KeyRing::new().trust(key(1).public(), powers).unwrap_err();
            assert_eq!((error.key, error.purpose, error.limit), (key(1).public().id(), purpose, terms()));
        }
        for limit in [KeyConstraint::Offers(Vec::new()), KeyConstraint::IssuedBefore(day(1))] {
            assert!(KeyRing::new().trust(key(1).public(), KeyPermissions::new(purpose).within(limit)).is_ok());
        }
    }
    let anyone = licenses().and(KeyPurpose::LicensesForAnyone).within(terms());
    assert!(KeyRing::new().trust(key(1).public(), anyone).is_ok());
}

/// A list is for all offers of its publisher: one of a key that is limited to another offer ends nothing here.
#[test]
fn x3_a_key_limited_to_an_offer_ends_no_license_of_another() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    let publisher = vendor.catalog.offer().publisher.clone();
    let mut list = RevocationListDraft::new(publisher, NonZeroU32::MIN, day(1));
    let ended = RevokedLicense::all_revisions(deal.id, day(2));
    list.entries.push(Revocation::License(ended));
    let revoke = Command::InstallRevocationList(key(2).seal_list(&list).unwrap());
    for (offer, is_ended) in [("f366", false), ("f365", true)] {
        let limit = KeyConstraint::Offers(vec![offer.parse().unwrap()]);
        let ring =
            vendor.ring().trust(key(2).public(), KeyPermissions::new(KeyPurpose::Revocations).within(limit)).unwrap();
        let mut tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
        tenant.run(1, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]).unwrap();
        let host = Actor::new("app".parse().unwrap()).with(Role::Host);
        let decided = tenant.decide(&host, core::slice::from_ref(&revoke), request(), day(3));
        assert_eq!(decided.map_err(|refusal| refusal.code()).err(), (!is_ended).then_some("token.beyond-limit"));
        tenant.forge(3, [revoke.clone()]);
        assert_eq!(tenant.opens("ada", "f365/orders", 4), !is_ended);
    }
}

/// Who is refused reads which plan is too much, and that grace counts, not the end of the term alone.
#[test]
fn x3_a_license_beyond_a_limit_names_the_plan_that_is_too_much() {
    let vendor = Vendor::fabrikam();
    let within = |limit| KeyRing::new().trust(key(2).public(), licenses().within(limit)).unwrap();
    let refused = |limit, grants: [Grant; 2]| {
        let deal = grants.into_iter().fold(vendor.deal_for("c"), Deal::with);
        within(limit).verify(&key(2).seal(&deal).unwrap()).unwrap_err()
    };
    let most = |plan: &str, units| PlanUnits::new(plan.parse().unwrap(), Units::limited(units).unwrap());
    let units = || KeyConstraint::Units(vec![most("gold", 10)]);
    let terms = || KeyConstraint::Terms(Days::new(400));
    // Issued on day -10: a term of 374 days and 30 days of grace are usable until 404 days after it.
    let year = |plan: &str, grace| paid(plan, 4, days(0, 364)).with_grace(Days::new(grace));
    let cases = [
        (units(), [year("gold", 0), year("silver", 0)], "silver"),
        (units(), [year("gold", 0), paid("gold", 7, days(0, 9))], "gold"),
        (terms(), [year("gold", 26), year("silver", 30)], "silver"),
    ];
    for (limit, grants, too_much) in cases {
        let error = refused(limit, grants);
        assert!(
            error.to_string().starts_with(&format!("what this license grants of `{too_much}` is too much")),
            "{error}"
        );
        assert!(matches!(&error, TokenError::BeyondLimit { plan: Some(plan), .. } if plan.as_str() == too_much));
        assert_eq!(error.code(), "token.beyond-limit");
    }
    let text = refused(terms(), [year("gold", 30), year("gold", 0)]).to_string();
    assert!(
        text.ends_with("nothing later than 400 days after the issue date, grace and extensions included"),
        "{text}"
    );
}

#[test]
fn x3_of_several_limits_of_a_key_all_hold_for_its_lists() {
    let vendor = Vendor::fabrikam();
    let publisher = vendor.catalog.offer().publisher.clone();
    let list = key(2).seal_list(&RevocationListDraft::new(publisher, NonZeroU32::MIN, day(1))).unwrap();
    let refused = |limits: [KeyConstraint; 2]| {
        let powers = limits.into_iter().fold(KeyPermissions::new(KeyPurpose::Revocations), KeyPermissions::within);
        let ring = KeyRing::new().trust(key(2).public(), powers).unwrap();
        let tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
        let host = Actor::new("app".parse().unwrap()).with(Role::Host);
        let decided = tenant.decide(&host, &[Command::InstallRevocationList(list.clone())], request(), day(1));
        decided.map_err(|refusal| refusal.code()).err()
    };
    let offer = |id: &str| KeyConstraint::Offers(vec![id.parse().unwrap()]);
    let early = || KeyConstraint::IssuedBefore(day(9));
    assert_eq!(refused([early(), offer("f365")]), None);
    for limits in [[early(), offer("f366")], [offer("f366"), early()], [offer("f365"), offer("f366")]] {
        assert_eq!(refused(limits.clone()), Some("token.beyond-limit"), "{limits:?}");
    }
}

#[test]
fn x1_a_ring_names_its_keys_by_all_their_bytes() {
    let vendor = Vendor::fabrikam();
    let key = vendor.secret.public();
    let again = entitle::PublicKey::from_bytes(key.to_bytes()).unwrap();
    assert_eq!(again.id(), key.id());
    let ring = KeyRing::new().trust(again, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    assert!(ring.trusts(key.id(), KeyPurpose::Licenses) && !ring.trusts(key.id(), KeyPurpose::Revocations));
    assert!(!KeyRing::new().trusts(key.id(), KeyPurpose::Licenses));
}
