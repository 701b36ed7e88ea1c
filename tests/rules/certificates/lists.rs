//! Lists and tickets of certified keys.

use super::*;

/// The issuer of lists: key 1, which no list can revoke, certifies keys for lists and tickets.
fn begun() -> (Vendor, Tenant) {
    let vendor = Vendor::fabrikam();
    let issuer = issuer().and(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets);
    let ring = KeyRing::new().trust(vendor.secret.public(), issuer).unwrap();
    let tenant = Tenant::new(&vendor.catalog, &ring, &beginning("contoso".parse().unwrap()));
    (vendor, tenant)
}

/// The same, and Ada has bronze.
fn desk() -> (Vendor, Tenant) {
    let (vendor, mut tenant) = begun();
    tenant.run(0, [Command::Install(vendor.seal(&bronze())), assign("ada", "bronze")]).unwrap();
    (vendor, tenant)
}

fn for_lists(of: &SecretKey, first: u32) -> KeyCertificateDraft {
    with(certificate(of), |draft| draft.purposes = vec![CertifiedPurpose::Revocations(first.try_into().unwrap())])
}

/// A list that ends license 1 from a day on, or nothing.
fn list(by: &SecretKey, sequence: u32, dated: i64, from: Option<i64>) -> Command {
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), sequence.try_into().unwrap(), day(dated));
    let ended = from.map(|from| RevokedLicense::all_revisions(LicenseId::from_random([1; 16]), day(from)));
    let list = ended.map(Revocation::License).into_iter().fold(list, RevocationListDraft::with);
    Command::InstallRevocationList(by.seal_list(&list).unwrap())
}

/// A list of key 1 that ends keys from a day on.
fn keys_end(vendor: &Vendor, sequence: u32, keys: &[(u8, i64)]) -> Command {
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), sequence.try_into().unwrap(), day(0));
    let entry = |&(seed, from): &(u8, i64)| Revocation::Key(RevokedKey::new(key(seed).public().id(), day(from)));
    let list = keys.iter().map(entry).fold(list, RevocationListDraft::with);
    Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())
}

/// The first day on which ada may not open the app.
fn closed(tenant: &Tenant) -> Option<i64> {
    (0..90).find(|&on| tenant.reading(day(on)) == day(on) && !tenant.opens("ada", "f365/orders", on))
}

#[test]
fn x10_a_certified_key_signs_lists_from_its_first_number_on() {
    let (vendor, mut tenant) = desk();
    let refused = |tenant: &Tenant, command: &Command| {
        tenant.decide(&host(), core::slice::from_ref(command), request(), day(0)).unwrap_err().code()
    };
    assert_eq!(refused(&tenant, &list(&key(2), 7, 0, Some(20))), "token.no-certificate");
    tenant.run(0, [Command::InstallCertificate(seal(&vendor.secret, &for_lists(&key(2), 7)))]).unwrap();
    // An older list of the key, which ends less, does not come back.
    assert_eq!(refused(&tenant, &list(&key(2), 6, 0, None)), "token.list-before-certificate");
    assert_eq!(super::refused(&tenant, Command::Install(key(2).seal(&bronze()).unwrap())), "token.not-trusted");
    let entry = tenant.decide(&host(), &[list(&key(2), 7, 0, Some(20))], request(), day(0)).unwrap();
    tenant.apply(&entry).unwrap();
    assert_eq!(closed(&tenant), Some(20));
    // Under a wider number of its own, from a certificate that is more recent.
    tenant.forge(0, [Command::InstallCertificate(seal(&vendor.secret, &for_lists(&key(2), 1)))]);
    assert_eq!(refused(&tenant, &list(&key(2), 6, 0, None)), "install.old-list");
}

#[test]
fn x10_the_lists_of_a_revoked_key_dated_before_its_end_stay_in_force() {
    let (vendor, tenant) = desk();
    let certified = Command::InstallCertificate(seal(&vendor.secret, &for_lists(&key(2), 1)));
    let lists = [list(&key(2), 1, 0, Some(30)), list(&key(2), 2, 5, Some(20)), list(&key(2), 3, 10, None)];
    let end = keys_end(&vendor, 1, &[(2, 10)]);
    let state = |order: &[&Command]| {
        let mut tenant = tenant.clone();
        for command in order {
            tenant.forge(10, [Command::clone(command)]);
        }
        let ring = tenant_ring(&vendor);
        assert_eq!(tenant.rebase(&vendor.catalog, &ring).snapshot().unwrap(), tenant.snapshot().unwrap());
        closed(&tenant)
    };
    let [one, two, three] = &lists;
    assert_eq!(state(&[&certified, one, two, three]), None, "the last list ends nothing");
    // The third is dated when the key ends: the second, which it replaced, is in force again.
    assert_eq!(state(&[&certified, one, two, three, &end]), Some(20));
    assert_eq!(state(&[&certified, one, two, &end, three]), Some(20));
    assert_eq!(state(&[&end, three, two, one, &certified]), Some(20));
    assert_eq!(state(&[&certified, &end, one]), Some(30));
    // A list that no longer ends the key has the third count again.
    let forgotten = keys_end(&vendor, 2, &[]);
    assert_eq!(state(&[&certified, one, two, three, &end, &forgotten]), None);
    // Refused by name.
    let mut tenant = tenant;
    tenant.forge(10, [certified, end]);
    let refusal = tenant.decide(&host(), core::slice::from_ref(three), request(), day(10)).unwrap_err();
    assert_eq!(refusal.code(), "token.key-revoked");
}

fn tenant_ring(vendor: &Vendor) -> KeyRing {
    let issuer = issuer().and(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets);
    KeyRing::new().trust(vendor.secret.public(), issuer).unwrap()
}

/// Two certified keys cannot revoke each other's lists, and neither the key of the ring: no circle decides.
#[test]
fn x10_only_keys_of_the_ring_end_the_lists_of_certified_keys() {
    let (vendor, mut tenant) = desk();
    let certify = |seed: u8| Command::InstallCertificate(seal(&vendor.secret, &for_lists(&key(seed), 1)));
    let ending = |by: u8, ended: &SecretKey| {
        let list = RevocationListDraft::new("fabrikam".parse().unwrap(), 1.try_into().unwrap(), day(0));
        let license = RevokedLicense::all_revisions(LicenseId::from_random([1; 16]), day(20 + i64::from(by)));
        let list = list.with(Revocation::Key(RevokedKey::new(ended.public().id(), day(-60))));
        Command::InstallRevocationList(key(by).seal_list(&list.with(Revocation::License(license))).unwrap())
    };
    tenant.forge(0, [certify(2), certify(3), ending(2, &key(3)), ending(3, &key(2))]);
    assert_eq!(closed(&tenant), Some(22), "both lists are in force");
    tenant.forge(0, [certify(4), ending(4, &vendor.secret)]);
    assert_eq!(closed(&tenant), Some(22), "no list ends a key of the ring that is trusted for lists");
}

#[test]
fn x10_a_certified_key_corrects_the_time_until_it_is_revoked() {
    let (vendor, mut tenant) = desk();
    let draft = with(certificate(&key(2)), |draft| draft.purposes = vec![CertifiedPurpose::TimeTickets]);
    tenant.run(0, [Command::InstallCertificate(seal(&vendor.secret, &draft))]).unwrap();
    tenant.forge(500, [Command::RecordTime]);
    let id = TicketId::from_random([1; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(5));
    let correct = Command::CorrectTime(key(2).seal_ticket(&ticket).unwrap());
    tenant.run(5, [keys_end(&vendor, 1, &[(2, 6)])]).unwrap_err();
    let entry = tenant.decide(&host(), core::slice::from_ref(&correct), request(), day(5)).unwrap();
    tenant.apply(&entry).unwrap();
    assert_eq!(tenant.reading(day(6)), day(6));
    // The ticket is dated before the key ends, so the time stays corrected; after a list that ends the key sooner it is not.
    tenant.forge(5, [keys_end(&vendor, 1, &[(2, 6)])]);
    assert_eq!(tenant.reading(day(6)), day(6));
    tenant.forge(5, [keys_end(&vendor, 2, &[(2, 5)])]);
    assert_eq!(tenant.reading(day(6)), day(500));
    assert_eq!(tenant.rebase(&vendor.catalog, &tenant_ring(&vendor)).snapshot().unwrap(), tenant.snapshot().unwrap());
}

/// Constraints that mean nothing for lists and tickets are refused when the certificate is made.
#[test]
fn x10_a_constraint_that_does_not_apply_is_refused() {
    let (vendor, _) = desk();
    for limit in [KeyConstraint::Terms(Days::new(30)), KeyConstraint::Units(Vec::new())] {
        for purpose in [CertifiedPurpose::Revocations(NonZeroU32::MIN), CertifiedPurpose::TimeTickets] {
            let draft = certificate(&key(2)).within(limit.clone()).and(purpose);
            assert_eq!(vendor.secret.seal_certificate(&draft).unwrap_err().code(), "certificate.unenforceable");
        }
    }
}

#[test]
fn p2_what_a_list_has_read_again_is_corrected_by_tickets_to_come() {
    let (vendor, mut tenant) = begun();
    let ticket = TicketId::from_random([1; 16]);
    let ticket = TimeTicketDraft::new(ticket, vendor.catalog.offer(), "contoso".parse().unwrap(), day(5));
    let as_host = |tenant: &mut Tenant, on: i64, command: Command| {
        let entry = tenant.decide(&host(), &[command], request(), day(on)).unwrap();
        tenant.apply(&entry).unwrap();
        entry
    };
    // On day 5 the clock says 50. A list of a key of the ring has all documents read again.
    let certified = Command::InstallCertificate(seal(&vendor.secret, &for_lists(&key(2), 1)));
    let entries = [
        tenant.run(0, [Command::Install(vendor.seal(&bronze())), assign("ada", "bronze")]).unwrap(),
        tenant.run(50, [certified]).unwrap(),
        as_host(&mut tenant, 50, list(&vendor.secret, 1, 0, None)),
        as_host(&mut tenant, 50, Command::RecordTime),
        as_host(&mut tenant, 6, Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap())),
    ];
    let mut history = tenant.history(&entries).unwrap();
    for (on, position) in [(4, 1), (5, 5), (6, 5)] {
        assert_eq!(history.at(day(on)).unwrap().position(), position, "on day {on}");
    }
}
