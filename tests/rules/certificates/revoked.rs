//! What ends with a revoked key: its own documents, and those of keys that it certified.

use super::*;

/// What a revoked key signed ends, and stays among the documents, so that no earlier revision returns.
#[test]
fn x10_what_a_revoked_key_signed_ends_and_stays() {
    let (vendor, reseller) = vendor();
    for (ended, by) in [(reseller.public(), "the key itself"), (vendor.secret.public(), "its issuer")] {
        let mut tenant = contoso(&vendor);
        let certificate = Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)));
        let (old, new) = (bronze(), license([paid("bronze", 3, days(0, 100))]));
        let new = with(new, |deal| deal.revision = 2.try_into().unwrap());
        let of_ring = numbered(2, paid("gold", 1, days(0, 100)));
        // The earlier revision is by a key that nothing ends.
        let ring = ring(&vendor).trust(key(8).public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
        tenant = tenant.rebase(&vendor.catalog, &ring);
        let install = [key(8).seal(&old), reseller.seal(&new), key(8).seal(&of_ring)]
            .map(|token| Command::Install(token.unwrap()));
        tenant.run(0, [certificate].into_iter().chain(install)).unwrap();
        tenant.run(0, [assign("ada", "bronze"), assign("bo", "gold")]).unwrap();
        let list = RevocationListDraft::new("fabrikam".parse().unwrap(), 1.try_into().unwrap(), day(1));
        let list = list.with(Revocation::Key(RevokedKey::new(ended.id(), day(20))));
        let revoke = Command::InstallRevocationList(key(5).seal_list(&list).unwrap());
        let entry = tenant.decide(&host(), &[revoke], request(), day(1)).unwrap();
        tenant.apply(&entry).unwrap();
        assert!(tenant.opens("ada", "f365/orders", 19) && !tenant.opens("ada", "f365/orders", 20), "{by}");
        let revoked = DenialReason::NoUnits(entitle::explain::NoUnits::Revoked { since: day(20) });
        assert!(tenant.reasons("ada", "f365/orders", 20).contains(&revoked), "{by}");
        assert!(tenant.opens("bo", "f365/audit", 20), "everything else is unharmed");
        assert_eq!(refused(&tenant, Command::Install(key(8).seal(&old).unwrap())), "install.superseded", "{by}");
    }
}

/// Of two issuers one suffices: a license ends with the last of them.
#[test]
fn x10_a_license_that_two_certificates_admit_ends_with_the_last_issuer() {
    let (vendor, reseller) = vendor();
    let ring = ring(&vendor).trust(key(6).public(), issuer()).unwrap();
    let mut tenant = contoso(&vendor).rebase(&vendor.catalog, &ring);
    let certificates =
        [&vendor.secret, &key(6)].map(|by| Command::InstallCertificate(seal(by, &certificate(&reseller))));
    let [first, second] = certificates;
    tenant.run(0, [first, Command::Install(reseller.seal(&bronze()).unwrap())]).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    tenant.forge(1, [ending(&vendor.secret, 20)]);
    assert!(tenant.opens("ada", "f365/orders", 19) && !tenant.opens("ada", "f365/orders", 20));
    tenant.forge(1, [second]);
    assert!(tenant.opens("ada", "f365/orders", 20), "the second issuer is not revoked");
    assert_eq!(tenant.rebase(&vendor.catalog, &ring).snapshot().unwrap(), tenant.snapshot().unwrap());
}

/// Nobody gains by it, and the customer's publisher has to sell anew.
#[test]
fn x10_a_revision_of_a_certified_key_replaces_one_of_a_key_of_the_ring() {
    let (vendor, reseller) = vendor();
    let mut tenant = contoso(&vendor);
    let certificate = Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)));
    let last = with(license([paid("bronze", 1, days(0, 1))]), |deal| deal.revision = NonZeroU32::MAX);
    tenant.run(0, [Command::Install(vendor.seal(&bronze())), certificate, assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 50));
    tenant.run(0, [Command::Install(reseller.seal(&last).unwrap())]).unwrap();
    tenant.forge(0, [ending(&reseller, 0)]);
    assert!(!tenant.opens("ada", "f365/orders", 50));
    let next = with(bronze(), |deal| deal.revision = 2.try_into().unwrap());
    assert_eq!(refused(&tenant, Command::Install(vendor.seal(&next))), "install.superseded");
    tenant.run(0, [Command::Install(vendor.seal(&numbered(2, paid("bronze", 1, days(0, 100)))))]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 50));
}

/// Who signs a license says whether it asks for a list; a window says only how it has to be dated.
#[test]
fn x10_a_license_of_a_certified_key_need_not_ask_for_a_list() {
    let (vendor, reseller) = vendor();
    let mut tenant = contoso(&vendor);
    let certificate = Command::InstallCertificate(seal(&vendor.secret, &certificate(&reseller)));
    let perpetual = license([paid("bronze", 1, Term::perpetual(day(0)))]);
    tenant.run(0, [certificate, Command::Install(reseller.seal(&perpetual).unwrap())]).unwrap();
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 5_000), "the list that ends the key is withheld");
    tenant.forge(0, [ending(&reseller, 0)]);
    assert!(!tenant.opens("ada", "f365/orders", 5_000));
    let within = with(self::certificate(&reseller), |draft| {
        draft.constraints = vec![KeyConstraint::Terms(Days::new(60))];
    });
    let mut tenant = contoso(&vendor);
    tenant.run(0, [Command::InstallCertificate(seal(&vendor.secret, &within))]).unwrap();
    assert_eq!(refused(&tenant, Command::Install(reseller.seal(&perpetual).unwrap())), "token.beyond-limit");
}
