//! What verifies the documents of a record: the keys of its settings, and certificates.

use entitle::query::DocumentStatus;
use entitle::token::{KeyCertificate, RevocationList, TimeTicket};
use entitle::{Command, KeyRing, License, Tenant, Token};

/// The keys and certificates under which documents of a tenant verify.
#[derive(Debug)]
pub(crate) struct Verifier {
    pub(super) ring: KeyRing,
    certificates: Vec<KeyCertificate>,
}

impl Verifier {
    /// Returns the keys of a ring with the certificates in force in a tenant.
    pub(crate) fn new(ring: &KeyRing, tenant: &Tenant) -> Self {
        let certificates = tenant.documents().filter_map(|document| match document.status {
            DocumentStatus::Certifies(certificate) => Some(certificate.clone()),
            _ => None,
        });
        Self { ring: ring.clone(), certificates: certificates.collect() }
    }

    /// Adds the certificates that commands install.
    pub(crate) fn with_those_of(mut self, commands: &[Command]) -> Self {
        let certificates = commands.iter().filter_map(|command| match command {
            Command::InstallCertificate(token) => self.ring.verify_certificate(token).ok(),
            _ => None,
        });
        let certificates: Vec<KeyCertificate> = certificates.collect();
        self.certificates.extend(certificates);
        self
    }

    /// Returns the license that a token verifies as.
    pub(crate) fn license(&self, token: &Token) -> Option<License> {
        self.ring.verify_with(&self.certificates, token).ok()
    }

    /// Returns the revocation list that a token verifies as.
    pub(crate) fn list(&self, token: &Token) -> Option<RevocationList> {
        self.ring.verify_list_with(&self.certificates, token).ok()
    }

    /// Returns the certificate that a token verifies as.
    pub(crate) fn certificate(&self, token: &Token) -> Option<KeyCertificate> {
        self.ring.verify_certificate(token).ok()
    }

    /// Returns the time ticket that a token verifies as.
    pub(crate) fn ticket(&self, token: &Token) -> Option<TimeTicket> {
        self.ring.verify_ticket_with(&self.certificates, token).ok()
    }
}
