//! A reseller with a stolen key, and a rotation without a release.

use super::*;

/// A reseller sells at most 100 gold seats in a license, of one offer; its key is stolen and ended by a list.
#[test]
fn x10_a_reseller_sells_within_its_certificate_until_its_key_is_stolen() {
    let (vendor, reseller) = vendor();
    let hundred = PlanUnits::new("gold".parse().unwrap(), units(100));
    let draft = certificate(&reseller)
        .within(KeyConstraint::Offers(vec!["f365".parse().unwrap()]))
        .within(KeyConstraint::Units(vec![hundred]))
        .within(KeyConstraint::Terms(Days::new(500)));
    let certificate = Command::InstallCertificate(seal(&vendor.secret, &draft));
    let mut tenant = contoso(&vendor);
    tenant
        .run(0, [certificate, Command::Install(reseller.seal(&license([paid("gold", 100, days(0, 365))])).unwrap())])
        .unwrap();
    tenant.run(0, [assign("ada", "gold")]).unwrap();
    // What else it would sell is refused for its reason.
    let other = |grant: Grant| numbered(3, grant);
    let gold = || other(paid("gold", 1, days(0, 365)));
    for (deal, code) in [
        (other(paid("gold", 101, days(0, 365))), "token.beyond-limit"),
        (other(paid("silver", 1, days(0, 365))), "token.beyond-limit"),
        (other(Grant::paid("gold".parse().unwrap(), units(1), Term::perpetual(day(0)))), "token.beyond-limit"),
        (with(gold(), |deal| deal.offer = "f366".parse().unwrap()), "token.beyond-limit"),
        (with(gold(), |deal| (deal.licensee, deal.grants) = (Licensee::Anyone, Vec::new())), "token.not-trusted"),
    ] {
        assert_eq!(refused(&tenant, Command::Install(reseller.seal(&deal).unwrap())), code);
    }
    // Fabrikam sells beside it.
    let own = numbered(4, paid("silver", 1, days(0, 365)));
    tenant.run(1, [Command::Install(vendor.seal(&own)), assign("bo", "silver")]).unwrap();
    // The key is stolen: a list ends it, and everything else is unharmed.
    tenant.forge(2, [ending(&reseller, 2)]);
    assert!(!tenant.opens("ada", "f365/audit", 2) && tenant.opens("bo", "f365/forecasts", 2));
    let thief = numbered(5, paid("gold", 100, days(0, 365)));
    tenant.forge(2, [Command::Install(reseller.seal(&thief).unwrap())]);
    assert!(!tenant.opens("ada", "f365/audit", 2), "what the thief signs ends as well");
}

/// A key is rotated without a release: the application knows the root key alone, which never leaves its module.
#[test]
fn x10_a_key_is_rotated_without_a_release() {
    let vendor = Vendor::fabrikam();
    let (first, second) = (key(2), key(3));
    let yearly = |of: &SecretKey, from: i64| {
        with(certificate(of), |draft| (draft.window, draft.issued) = (window(from, from + 365), day(from)))
    };
    let mut tenant = contoso(&vendor);
    let sale = license([paid("bronze", 1, days(0, 800))]);
    let install = |of: &SecretKey, from: i64, deal: &Deal| {
        Command::install_all([of.seal(deal).unwrap(), seal(&vendor.secret, &yearly(of, from))])
    };
    tenant.run(0, install(&first, -20, &sale)).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    // A year later the second key renews what the first sold.
    let renewed = sale.revise(day(350)).unwrap().with(paid("bronze", 2, days(0, 1_200)));
    tenant.run(350, install(&second, 345, &renewed)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 1_000));
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(350)).usable, Total::Limited(2));
}
