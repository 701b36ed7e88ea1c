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
        let revoked = DenialReason::Revoked { since: day(20) };
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
