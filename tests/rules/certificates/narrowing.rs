//! What a certificate admits: never more than its issuer may sign.

use super::*;

#[test]
fn x10_a_certificate_that_is_wider_than_its_issuer_is_refused_for_what_is_wider() {
    let (vendor, reseller) = vendor();
    let gold = |most: u32| PlanUnits::new("gold".parse().unwrap(), units(most));
    let offers = |offers: &[&str]| KeyConstraint::Offers(offers.iter().map(|offer| offer.parse().unwrap()).collect());
    let narrow = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses);
    let narrow = narrow.within(offers(&["f365", "f366"])).within(KeyConstraint::Terms(Days::new(400)));
    let narrow = narrow.within(KeyConstraint::Units(vec![gold(100)])).within(KeyConstraint::IssuedBefore(day(100)));
    let ring = KeyRing::new().trust(vendor.secret.public(), narrow).unwrap();
    let base = || certificate(&reseller);
    let (terms, few) =
        (|days: u32| KeyConstraint::Terms(Days::new(days)), |most| KeyConstraint::Units(vec![gold(most)]));
    let within = |limits: Vec<KeyConstraint>| limits.into_iter().fold(base(), KeyCertificateDraft::within);
    let code = |draft: &KeyCertificateDraft| match ring.verify_certificate(&seal(&vendor.secret, draft)) {
        Ok(_) => "certified",
        Err(error) => error.code(),
    };
    let all = || vec![offers(&["f365"]), terms(400), few(100)];
    assert_eq!(code(&within(all())), "certified");
    assert_eq!(code(&within(vec![offers(&["f366", "f365"]), terms(1), few(1)])), "certified");
    assert_eq!(code(&within(all()).and(CertifiedPurpose::LicensesForAnyone)), "certificate.wider-purpose");
    for wider in [
        vec![],
        vec![terms(400), few(100)],
        vec![offers(&["f365", "f367"]), terms(400), few(100)],
        vec![offers(&["f365"]), few(100)],
        vec![offers(&["f365"]), terms(401), few(100)],
        vec![offers(&["f365"]), terms(400)],
        vec![offers(&["f365"]), terms(400), few(101)],
        vec![
            offers(&["f365"]),
            terms(400),
            KeyConstraint::Units(vec![gold(1), PlanUnits::new("silver".parse().unwrap(), units(1))]),
        ],
        vec![
            offers(&["f365"]),
            terms(400),
            KeyConstraint::Units(vec![PlanUnits::new("gold".parse().unwrap(), Units::Unlimited)]),
        ],
    ] {
        assert_eq!(code(&within(wider.clone())), "certificate.wider-constraint", "{wider:?}");
    }
    let mut long = within(all());
    long.window = window(-100, 101);
    assert_eq!(code(&long), "certificate.longer-window");
    // A certificate is dated by the issuer's own limits, too.
    let mut late = within(all());
    (late.window, late.issued) = (window(-100, 100), day(99));
    assert_eq!(code(&late), "certified");
}

/// Whatever a certificate says, the issuer's own permissions hold for each document.
#[test]
fn x10_purposes_and_constraints_are_compared_together() {
    let (vendor, reseller) = vendor();
    let all = || issuer().within(KeyConstraint::Terms(Days::new(400)));
    let ring = KeyRing::new().trust(vendor.secret.public(), all()).unwrap();
    let terms = |days: u32| KeyConstraint::Terms(Days::new(days));
    let verify = |certificates: &[&KeyCertificateDraft], deal: &Deal| {
        let certificates: Vec<_> =
            certificates.iter().map(|draft| ring.verify_certificate(&seal(&vendor.secret, draft)).unwrap()).collect();
        ring.verify_with(&certificates, &reseller.seal(deal).unwrap())
            .map(|license| license.key())
            .map_err(|error| error.code())
    };
    let certified = Ok(reseller.public().id());
    let (short, long) = (bronze(), license([paid("bronze", 1, days(0, 300))]));
    // The license is dated on day -10, and usable until day 330.
    let hundred = certificate(&reseller).within(terms(150));
    let many = certificate(&reseller).within(terms(400));
    assert_eq!(verify(&[&hundred], &short), certified);
    assert_eq!(verify(&[&hundred], &long), Err("token.beyond-limit"));
    assert_eq!(verify(&[&many], &long), certified);
    // One certificate admits it alone, whichever it is.
    assert_eq!(verify(&[&hundred, &many], &long), certified);
    assert_eq!(verify(&[&many, &hundred], &long), certified);
    // They do not add up: one is for long terms of anyone's trials, one for short terms of tenants.
    let mut for_anyone = many.clone();
    for_anyone.purposes = vec![CertifiedPurpose::LicensesForAnyone];
    assert_eq!(verify(&[&for_anyone], &long), Err("token.not-trusted"));
    assert_eq!(verify(&[&hundred, &for_anyone], &long), Err("token.beyond-limit"));
    assert_eq!(verify(&[&for_anyone, &hundred], &long), Err("token.not-trusted"));
    assert_eq!(verify(&[], &short), Err("token.no-certificate"));
}

/// A certificate that another ring verified is none of this one's.
#[test]
fn x10_a_certificate_counts_under_the_ring_that_verified_it() {
    let (vendor, reseller) = vendor();
    let wide = KeyRing::new().trust(vendor.secret.public(), issuer()).unwrap();
    let certificate = wide.verify_certificate(&seal(&vendor.secret, &certificate(&reseller))).unwrap();
    let token = reseller.seal(&bronze()).unwrap();
    assert!(wide.verify_with(core::slice::from_ref(&certificate), &token).is_ok());
    let narrow =
        KeyRing::new().trust(vendor.secret.public(), issuer().within(KeyConstraint::IssuedBefore(day(-20)))).unwrap();
    let stranger = KeyRing::new().trust(key(7).public(), issuer()).unwrap();
    for ring in [narrow, stranger, KeyRing::new()] {
        assert!(ring.verify_with(core::slice::from_ref(&certificate), &token).is_err());
    }
}

/// Nor does one count for a key that this ring trusts for something else.
#[test]
fn x10_for_a_key_of_the_ring_no_certificate_counts() {
    let (vendor, reseller) = vendor();
    let without = KeyRing::new().trust(vendor.secret.public(), issuer()).unwrap();
    let certificate = without.verify_certificate(&seal(&vendor.secret, &certificate(&reseller))).unwrap();
    let certificates = core::slice::from_ref(&certificate);
    let token = reseller.seal(&bronze()).unwrap();
    assert!(without.verify_with(certificates, &token).is_ok());
    let with = without.trust(reseller.public(), KeyPermissions::new(KeyPurpose::Revocations)).unwrap();
    assert_eq!(with.verify_with(certificates, &token).unwrap_err().code(), "token.not-trusted");
}

/// A plan listed twice is limited to the smaller number, and so is what the key certifies.
#[test]
fn x10_of_two_limits_on_a_plan_the_smaller_one_holds() {
    let (vendor, reseller) = vendor();
    let few = |numbers: [u32; 2]| {
        KeyConstraint::Units(numbers.map(|n| PlanUnits::new("bronze".parse().unwrap(), units(n))).into())
    };
    for numbers in [[5, 1], [1, 5]] {
        let ring = KeyRing::new().trust(vendor.secret.public(), issuer().within(few(numbers))).unwrap();
        let own = certificate(&reseller)
            .within(KeyConstraint::Units(vec![PlanUnits::new("bronze".parse().unwrap(), units(5))]));
        let certificate = ring.verify_certificate(&seal(&vendor.secret, &own)).unwrap();
        for (sold, code) in [(1, "ok"), (2, "token.beyond-limit"), (5, "token.beyond-limit")] {
            let deal = license([paid("bronze", sold, days(0, 100))]);
            let own = ring.verify(&vendor.seal(&deal));
            assert_eq!(own.map_or_else(|error| error.code(), |_| "ok"), code);
            let certified = ring.verify_with(core::slice::from_ref(&certificate), &reseller.seal(&deal).unwrap());
            assert_eq!(certified.map_or_else(|error| error.code(), |_| "ok"), code);
        }
    }
}

#[test]
fn x10_what_the_key_issues_is_dated_in_its_window() {
    let (vendor, reseller) = vendor();
    let mut draft = certificate(&reseller);
    draft.window = window(-20, -5);
    let mut tenant = contoso(&vendor);
    tenant.run(0, [Command::InstallCertificate(seal(&vendor.secret, &draft))]).unwrap();
    let dated = |on: i64| {
        let mut deal = bronze();
        deal.issued = day(on);
        Command::Install(reseller.seal(&deal).unwrap())
    };
    for on in [-21, -5, 0] {
        assert_eq!(refused(&tenant, dated(on)), "token.outside-window", "{on}");
    }
    for on in [-20, -6] {
        assert!(tenant.decide(&admin(), &[dated(on)], request(), day(0)).is_ok(), "{on}");
    }
    // Its own date is within it, or before.
    for (on, is_refused) in [(-30, false), (-6, false), (-5, true)] {
        draft.issued = day(on);
        let sealed = vendor.secret.seal_certificate(&draft);
        assert_eq!(sealed.err().map(|error| error.code()), is_refused.then_some("certificate.issued-after-its-window"));
    }
}

/// Depth one, and nothing for keys that the ring has.
#[test]
fn x10_a_certified_key_certifies_no_other() {
    let (vendor, reseller) = vendor();
    let mut tenant = contoso(&vendor);
    let second = Command::InstallCertificate(seal(&reseller, &certificate(&key(3))));
    assert_eq!(refused(&tenant, second.clone()), "token.no-certificate");
    tenant.run(0, [Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)))]).unwrap();
    assert_eq!(refused(&tenant, second.clone()), "certificate.not-by-ring");
    // Nor in a forged record, before or after.
    tenant.forge(0, [second.clone(), Command::Install(key(3).seal(&bronze()).unwrap())]);
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(1)).usable, Total::ZERO);
    let itself = reseller.seal_certificate(&certificate(&reseller)).unwrap_err();
    assert_eq!(itself.code(), "certificate.self-signed");
    // A key of the ring, which has less there: for lists alone.
    let in_ring = Command::InstallCertificate(seal(&vendor.secret, &certificate(&key(5))));
    assert_eq!(refused(&tenant, in_ring.clone()), "certificate.in-ring");
    tenant.forge(0, [in_ring, Command::Install(key(5).seal(&bronze()).unwrap())]);
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(1)).usable, Total::ZERO);
    // A key that is not trusted for certificates.
    let by_five = Command::InstallCertificate(seal(&key(5), &certificate(&key(3))));
    assert_eq!(refused(&tenant, by_five), "token.not-trusted");
    let publisher = with(certificate(&key(3)), |draft| draft.publisher = "adatum".parse().unwrap());
    assert_eq!(
        refused(&tenant, Command::InstallCertificate(seal(&vendor.secret, &publisher))),
        "install.other-publisher"
    );
    let elsewhere = certificate(&key(3)).within(KeyConstraint::Offers(vec!["f366".parse().unwrap()]));
    assert_eq!(refused(&tenant, Command::InstallCertificate(seal(&vendor.secret, &elsewhere))), "token.beyond-limit");
    let ahead = with(certificate(&key(3)), |draft| draft.issued = day(2));
    assert_eq!(refused(&tenant, Command::InstallCertificate(seal(&vendor.secret, &ahead))), "install.dated-ahead");
}

#[test]
fn x10_a_certificate_names_its_purposes_once_and_few_constraints() {
    let (vendor, reseller) = vendor();
    let code = |draft: &KeyCertificateDraft| vendor.secret.seal_certificate(draft).unwrap_err().code();
    assert_eq!(code(&with(certificate(&reseller), |draft| draft.purposes.clear())), "certificate.no-purpose");
    assert_eq!(code(&certificate(&reseller).and(CertifiedPurpose::Licenses)), "certificate.purpose-twice");
    let offers = |count: usize| KeyConstraint::Offers((0..count).map(|n| format!("o{n}").parse().unwrap()).collect());
    let many = (0..101).fold(certificate(&reseller), |draft, _| draft.within(offers(1)));
    assert_eq!(code(&many), "certificate.too-many-constraints");
    assert_eq!(code(&certificate(&reseller).within(offers(101))), "certificate.too-many-constraints");
    assert!(vendor.secret.seal_certificate(&certificate(&reseller).within(offers(100))).is_ok());
    let plans = |count: usize| {
        let plan = |n: usize| PlanUnits::new(format!("p{n}").parse().unwrap(), units(1));
        KeyConstraint::Units((0..count).map(plan).collect())
    };
    assert_eq!(code(&certificate(&reseller).within(plans(101))), "certificate.too-many-constraints");
    assert!(vendor.secret.seal_certificate(&certificate(&reseller).within(plans(100))).is_ok());
}

/// A key limited to units: of one plan in a license, tolerances counted, and no other plan, and no amounts.
#[test]
fn x10_a_key_is_limited_to_units_of_a_plan_in_a_license() {
    let vendor = Vendor::fabrikam();
    let most = |plan: &str, most: Units| PlanUnits::new(plan.parse().unwrap(), most);
    let limit = KeyConstraint::Units(vec![most("gold", units(100)), most("silver", Units::Unlimited)]);
    let permissions = KeyPermissions::new(KeyPurpose::Licenses).within(limit);
    let ring = KeyRing::new().trust(vendor.secret.public(), permissions).unwrap();
    let takes = |grants: Vec<Grant>| match ring.verify(&vendor.seal(&license(grants))) {
        Ok(_) => true,
        Err(TokenError::BeyondLimit { .. }) => false,
        Err(other) => panic!("{other}"),
    };
    let gold = |n: u32| paid("gold", n, days(0, 100));
    assert!(takes(vec![]) && takes(vec![gold(100)]) && !takes(vec![gold(101)]));
    // All its grants together, whenever they are.
    assert!(takes(vec![gold(60), paid("gold", 40, days(200, 300))]));
    assert!(!takes(vec![gold(60), paid("gold", 41, days(200, 300))]));
    let tolerated = |n: u32, more: u32| {
        let mut grant = gold(n);
        grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(more), day(50)));
        grant
    };
    assert!(takes(vec![tolerated(1, 100)]) && !takes(vec![tolerated(1, 101)]));
    assert!(!takes(vec![Grant::paid("gold".parse().unwrap(), Units::Unlimited, days(0, 100))]));
    assert!(takes(vec![Grant::paid("silver".parse().unwrap(), Units::Unlimited, days(0, 100)), gold(100)]));
    assert!(!takes(vec![paid("bronze", 1, days(0, 100))]), "a plan that is not named");
    assert!(!takes(vec![gold(1).with_amount("rows".parse().unwrap(), QuotaAmount::limited(1).unwrap())]));
    let refused = KeyRing::new().trust(
        vendor.secret.public(),
        KeyPermissions::new(KeyPurpose::Revocations).within(KeyConstraint::Units(Vec::new())),
    );
    assert_eq!(refused.unwrap_err().code(), "ring.unenforceable-limit");
}

#[test]
fn x10_a_certificate_is_for_what_is_of_its_publisher() {
    let (vendor, reseller) = vendor();
    let ring = ring(&vendor);
    let of = |publisher: &str| {
        let draft = with(certificate(&reseller), |draft| draft.publisher = publisher.parse().unwrap());
        ring.verify_certificate(&seal(&vendor.secret, &draft)).unwrap()
    };
    let token = reseller.seal(&bronze()).unwrap();
    assert!(ring.verify_with(&[of("fabrikam")], &token).is_ok());
    let refused = ring.verify_with(&[of("adatum")], &token).unwrap_err();
    assert_eq!(refused, TokenError::NoCertificate { key: reseller.public().id() });
    assert!(ring.verify_with(&[of("adatum"), of("fabrikam")], &token).is_ok(), "each counts alone");
}
