//! Time tickets of a key of the ring that is revoked.

use entitle::license::{RevokedKey, TimeTicketDraft};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{KeyRing, TicketId};

use super::*;
use crate::support::beginning;

/// The application trusts key 2 for tickets alone, and key 1 for everything.
fn ring(vendor: &Vendor) -> KeyRing {
    vendor.ring().trust(key(2).public(), KeyPermissions::new(KeyPurpose::TimeTickets)).unwrap()
}

fn ticket(vendor: &Vendor, id: u8, on: i64) -> Command {
    let id = TicketId::from_random([id; 16]);
    let draft = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(on));
    Command::CorrectTime(key(2).seal_ticket(&draft).unwrap())
}

fn ended(from: i64) -> Revocation {
    Revocation::Key(RevokedKey::new(key(2).public().id(), day(from)))
}

/// Ada has gold from day 0 to 100, and the clock was once at day 500.
fn ahead(vendor: &Vendor) -> Tenant {
    let mut tenant = Tenant::new(&vendor.catalog, &ring(vendor), &beginning("contoso".parse().unwrap()));
    let gold = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    tenant.run(0, [Command::Install(vendor.seal(&gold)), assign("ada", "gold")]).unwrap();
    tenant.forge(500, [Command::RecordTime]);
    tenant
}

#[test]
fn x5_a_revoked_key_corrects_no_time_from_its_end_on() {
    let vendor = Vendor::fabrikam();
    let begun = ahead(&vendor);
    let correct = |tenant: &Tenant, ticket: &Command, on: i64| {
        let decided = tenant.decide(&host(), core::slice::from_ref(ticket), request(), day(on));
        decided.map(|_| ()).map_err(|refusal| refusal.code())
    };
    let mut tenant = begun.clone();
    assert_eq!(correct(&tenant, &ticket(&vendor, 1, 20), 20), Ok(()));
    revoke(&mut tenant, 20, &vendor.secret, &list(1, 20).with(ended(15))).unwrap();
    assert_eq!(correct(&tenant, &ticket(&vendor, 1, 20), 20), Err("token.key-revoked"));
    assert_eq!(correct(&tenant, &ticket(&vendor, 1, 15), 20), Err("token.key-revoked"));
    // Nor where a record holds it anyway, before the list or after it.
    tenant.forge(20, [ticket(&vendor, 1, 20)]);
    assert_eq!(tenant.reading(day(20)), day(500));
    assert!(!tenant.opens("ada", "f365/audit", 20));
    let mut tenant = begun.clone();
    tenant.forge(20, [ticket(&vendor, 1, 20)]);
    assert!(tenant.opens("ada", "f365/audit", 20));
    revoke(&mut tenant, 20, &vendor.secret, &list(1, 20).with(ended(15))).unwrap();
    assert_eq!(tenant.reading(day(20)), day(500));
    let again = tenant.rebase(&vendor.catalog, &ring(&vendor));
    assert_eq!(again.snapshot().unwrap(), tenant.snapshot().unwrap());
    // A list that no longer ends the key has it count again.
    let forgotten = vendor.secret.seal_list(&list(2, 20)).unwrap();
    tenant.forge(20, [Command::InstallRevocationList(forgotten)]);
    assert_eq!(tenant.reading(day(20)), day(20));
}

/// As what a certified key signed does (X10): honest corrections do not end with their key.
#[test]
fn x5_a_ticket_that_is_dated_before_the_end_of_its_key_stays_in_force() {
    let vendor = Vendor::fabrikam();
    let begun = ahead(&vendor);
    for is_first in [true, false] {
        let mut tenant = begun.clone();
        if is_first {
            tenant.forge(14, [ticket(&vendor, 1, 14)]);
        }
        revoke(&mut tenant, 20, &vendor.secret, &list(1, 20).with(ended(15))).unwrap();
        if !is_first {
            tenant.forge(20, [ticket(&vendor, 1, 14)]);
        }
        assert_eq!(tenant.reading(day(20)), day(20));
        let again = tenant.rebase(&vendor.catalog, &ring(&vendor));
        assert_eq!(again.snapshot().unwrap(), tenant.snapshot().unwrap());
    }
}
