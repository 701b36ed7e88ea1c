//! X10: keys that a key of the ring certifies.

mod lists;
mod narrowing;
mod paths;
mod revoked;
mod stories;

use core::num::NonZeroU32;

use entitle::explain::{CheckFirst, DenialReason};
use entitle::license::{
    Licensee, Revocation, RevocationListDraft, RevokedKey, RevokedLicense, TimeTicketDraft, Tolerance, ToleratedUnits,
};
use entitle::quantity::{QuotaAmount, Total};
use entitle::query::{DocumentIssue, DocumentStatus};
use entitle::time::Days;
use entitle::token::{
    CertifiedPurpose, KeyCertificateDraft, KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits, TokenError,
};
use entitle::{
    Actor, Command, Deal, Grant, KeyRing, LicenseId, Role, SecretKey, Tenant, Term, TicketId, Token, Units, Zeroizing,
};

use crate::support::{Scenario, Vendor, admin, assign, beginning, day, days, paid, request, units, user, window};

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([seed; 32]))
}

/// Fabrikam, whose application trusts key 1 for licenses, lists and certificates; and a reseller with key 2.
fn vendor() -> (Vendor, SecretKey) {
    (Vendor::fabrikam(), key(2))
}

fn issuer() -> KeyPermissions {
    KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone)
}

/// The ring of the application: key 1 sells and certifies, key 5 ends.
fn ring(vendor: &Vendor) -> KeyRing {
    let ring = KeyRing::new().trust(vendor.secret.public(), issuer()).unwrap();
    ring.trust(key(5).public(), KeyPermissions::new(KeyPurpose::Revocations)).unwrap()
}

fn contoso(vendor: &Vendor) -> Tenant {
    Tenant::new(&vendor.catalog, &ring(vendor), &beginning("contoso".parse().unwrap()))
}

/// A certificate of a key for licenses, for what is dated from day -100 until day 100.
fn certificate(of: &SecretKey) -> KeyCertificateDraft {
    let publisher = "fabrikam".parse().unwrap();
    KeyCertificateDraft::new(publisher, of.public(), CertifiedPurpose::Licenses, window(-100, 100), day(-50))
}

/// License 1 for Contoso of these grants, issued on day -10.
fn license(grants: impl IntoIterator<Item = Grant>) -> Deal {
    grants.into_iter().fold(Vendor::fabrikam().deal_for("contoso"), Deal::with)
}

fn bronze() -> Deal {
    license([paid("bronze", 1, days(0, 100))])
}

/// A license of Contoso's with another id.
fn numbered(id: u8, grant: Grant) -> Deal {
    with(license([grant]), |deal| deal.id = LicenseId::from_random([id; 16]))
}

fn with<T>(mut value: T, change: impl FnOnce(&mut T)) -> T {
    change(&mut value);
    value
}

fn seal(by: &SecretKey, certificate: &KeyCertificateDraft) -> Token {
    by.seal_certificate(certificate).unwrap()
}

/// A list of key 5 that ends a key from a day on.
fn ending(of: &SecretKey, from: i64) -> Command {
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), 1.try_into().unwrap(), day(0));
    let list = list.with(Revocation::Key(RevokedKey::new(of.public().id(), day(from))));
    Command::InstallRevocationList(key(5).seal_list(&list).unwrap())
}

fn host() -> Actor {
    Actor::new(user("app")).with(Role::Host)
}

/// Why a command is refused.
fn refused(tenant: &Tenant, command: Command) -> &'static str {
    tenant.decide(&admin(), &[command], request(), day(0)).unwrap_err().code()
}
