//! What the tests begin with: a product, a publisher, a folder of their own, and child processes.

use core::sync::atomic::{AtomicU32, Ordering};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command as Process;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::record::Anchor;
use entitle::time::Window;
use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Grant, KeyRing, LicenseId, Role, SecretKey, Tenant, Term, Token, Units, Zeroizing,
};
use entitle_host::{Local, LocalOptions, OpenError, Receipt};

pub(crate) const CATALOG: &str = r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
    "apps": [{ "id": "view", "access": "free" }, { "id": "export", "access": "licensed" }],
    "plans": [{ "id": "pro", "scope": "user", "name": "Studio Pro", "apps": ["export"] }] }"#;

/// A folder that is removed when the test ends.
pub(crate) struct Folder(PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, Ordering::Relaxed);
        let path = std::env::temp_dir().join(format!("entitle-host-{}-{number}", std::process::id()));
        fs::create_dir_all(&path).unwrap();
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn record(&self) -> PathBuf {
        self.path("record")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        _ = fs::remove_dir_all(&self.0);
    }
}

pub(crate) fn now() -> DateTime<Utc> {
    at("2026-03-01T08:00:00Z")
}

pub(crate) fn at(instant: &str) -> DateTime<Utc> {
    instant.parse().unwrap()
}

pub(crate) fn catalog() -> Catalog {
    Catalog::from_json(CATALOG).unwrap()
}

pub(crate) fn publisher() -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([7; 32]))
}

pub(crate) fn ring() -> KeyRing {
    let may = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::TimeTickets).and(KeyPurpose::Certificates);
    KeyRing::new().trust(publisher().public(), may).unwrap()
}

pub(crate) fn admin() -> Actor {
    Actor::new("ada".parse().unwrap()).with(Role::GlobalAdministrator).with(Role::Host)
}

pub(crate) fn join(user: &str) -> Command {
    Command::join(user.parse().unwrap(), "staff".parse().unwrap())
}

pub(crate) fn assign(user: &str) -> Command {
    Command::assign(user.parse().unwrap(), "pro".parse().unwrap())
}

pub(crate) fn deal(tenant: &str, number: u8, units: u32) -> Deal {
    let customer = Customer::new(tenant.parse().unwrap(), "Contoso Ltd".parse().unwrap(), "DE".parse().unwrap());
    let term = Term::new(at("2026-03-01T00:00:00Z"), at("2027-03-01T00:00:00Z")).unwrap();
    let id = LicenseId::from_random([number; 16]);
    Deal::new(id, catalog().offer(), Licensee::Tenant(customer), now()).with(Grant::paid(
        "pro".parse().unwrap(),
        Units::limited(units).unwrap(),
        term,
    ))
}

pub(crate) fn license(tenant: &str, number: u8, units: u32) -> Token {
    publisher().seal(&deal(tenant, number, units)).unwrap()
}

/// What a reseller sends: a license, and the certificate by which the publisher admits the reseller's key.
pub(crate) fn resold(number: u8) -> [Token; 2] {
    let (reseller, year) =
        (SecretKey::from_seed(&Zeroizing::new([9; 32])), ["2026-01-01T00:00:00Z", "2027-01-01T00:00:00Z"]);
    let issues = Window::new(at(year[0]), at(year[1])).unwrap();
    let offer = catalog().offer().publisher.clone();
    let draft = KeyCertificateDraft::new(offer, reseller.public(), CertifiedPurpose::Licenses, issues, at(year[0]));
    [reseller.seal(&deal("contoso", number, 1)).unwrap(), publisher().seal_certificate(&draft).unwrap()]
}

/// A license that counts only on a record that contains a checkpoint.
pub(crate) fn anchored(tenant: &Tenant, number: u8) -> Token {
    let mut deal = deal("contoso", number, 1);
    deal.anchor = Anchor::Record(tenant.checkpoint());
    publisher().seal(&deal).unwrap()
}

pub(crate) fn open(path: &Path) -> Result<Local, OpenError> {
    open_with(LocalOptions::new(), path)
}

pub(crate) fn open_with(options: LocalOptions, path: &Path) -> Result<Local, OpenError> {
    options.open(path, &catalog(), &ring(), "contoso".parse().unwrap())
}

pub(crate) fn submit(local: &mut Local, user: &str) -> Receipt {
    local.submit(&admin(), &[join(user)], now()).unwrap()
}

/// Whether a user is a member of the group of the tests.
pub(crate) fn is_member(tenant: &Tenant, user: &str) -> bool {
    !tenant.groups_of(&user.parse().unwrap()).is_empty()
}

/// A process that runs one test of this file, which takes its folder from the environment.
pub(crate) fn child(test: &str, folder: &Path) -> Process {
    let mut child = Process::new(std::env::current_exe().unwrap());
    child.args([test, "--exact", "--nocapture", "--include-ignored", "--test-threads=1"]).env("ENTITLE_CHILD", folder);
    child
}

/// The folder of a child process; `None` where a test runs as a test.
pub(crate) fn child_folder() -> Option<PathBuf> {
    std::env::var_os("ENTITLE_CHILD").map(PathBuf::from)
}
