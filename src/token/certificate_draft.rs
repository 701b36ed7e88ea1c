//! The content of a certificate before it is signed (X10).

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::document::{choice, object};
use crate::id::PublisherId;
use crate::key::{KeyId, PublicKey};
use crate::time::instant::{self, Instant};
use crate::time::{Window, whole_second};
use crate::token::certificate_error::{CertificateError, MAX_CONSTRAINTS};
use crate::token::claims::Absent;
use crate::token::permissions::{KeyConstraint, KeyPermissions, KeyPurpose};

/// A purpose that a certificate gives to a key (X10). Certificates are not among them: a certified key
/// certifies no other.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CertifiedPurpose {
    /// Licenses for one tenant.
    Licenses,
    /// Licenses for anyone.
    LicensesForAnyone,
    /// Revocation lists of this sequence number and later ones, so that an older list of the key, which
    /// ends less, does not count again.
    Revocations(NonZeroU32),
    /// Time tickets.
    TimeTickets,
}
choice! {
    CertifiedPurpose {
        "licenses" => Licenses,
        "licenses_for_anyone" => LicensesForAnyone,
        "revocations" => Revocations(NonZeroU32),
        "time_tickets" => TimeTickets,
    }
}

impl CertifiedPurpose {
    /// Returns the purpose for which a key ring would trust the key.
    #[must_use]
    pub fn purpose(self) -> KeyPurpose {
        match self {
            Self::Licenses => KeyPurpose::Licenses,
            Self::LicensesForAnyone => KeyPurpose::LicensesForAnyone,
            Self::Revocations(_) => KeyPurpose::Revocations,
            Self::TimeTickets => KeyPurpose::TimeTickets,
        }
    }
}

/// The content of a certificate before it is signed: a key, for what it may sign documents, and how they
/// must be dated (X10).
///
/// A reseller sells with a key of its own, and a rotated key needs no release of the application:
///
/// ```
/// use entitle::chrono::{DateTime, Utc};
/// use entitle::time::Window;
/// use entitle::token::{CertifiedPurpose, KeyCertificateDraft, KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits};
/// use entitle::{KeyRing, SecretKey, Units, Zeroizing};
///
/// let fabrikam = SecretKey::from_seed(&Zeroizing::new([1; 32]));
/// let reseller = SecretKey::from_seed(&Zeroizing::new([2; 32]));
///
/// let from: DateTime<Utc> = "2026-03-01T00:00:00Z".parse()?;
/// let until: DateTime<Utc> = "2027-03-01T00:00:00Z".parse()?;
/// let certificate = KeyCertificateDraft::new(
///     "fabrikam".parse()?,
///     reseller.public(),
///     CertifiedPurpose::Licenses,
///     Window::new(from, until)?,
///     from,
/// )
/// .within(KeyConstraint::Offers(vec!["f365".parse()?]))
/// .within(KeyConstraint::Units(vec![PlanUnits::new("gold".parse()?, Units::limited(100)?)]));
/// let token = fabrikam.seal_certificate(&certificate)?;
///
/// let issuer = KeyPermissions::new(KeyPurpose::Certificates).and(KeyPurpose::Licenses);
/// let ring = KeyRing::new().trust(fabrikam.public(), issuer)?;
/// assert_eq!(ring.verify_certificate(&token)?.certified(), &certificate);
/// Ok::<(), Box<dyn core::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct KeyCertificateDraft {
    /// The publisher of what the key signs.
    pub publisher: PublisherId,
    /// The key that is certified.
    pub key: PublicKey,
    /// The purposes of the key, at least one, each once.
    pub purposes: Vec<CertifiedPurpose>,
    /// The constraints on what the key signs. All must hold.
    pub constraints: Vec<KeyConstraint>,
    /// When what the key signs must be dated to count. The date is the signer's own word (X3).
    pub window: Window,
    /// The issue date of the certificate.
    pub issued: DateTime<Utc>,
}

impl KeyCertificateDraft {
    /// Returns a certificate for one purpose, without constraints.
    #[must_use]
    pub fn new(
        publisher: PublisherId,
        key: PublicKey,
        purpose: CertifiedPurpose,
        window: Window,
        issued: DateTime<Utc>,
    ) -> Self {
        let (purposes, constraints) = (alloc::vec![purpose], Vec::new());
        Self { publisher, key, purposes, constraints, window, issued: whole_second(issued) }
    }

    /// Returns the certificate with one more purpose.
    #[must_use]
    pub fn and(mut self, purpose: CertifiedPurpose) -> Self {
        self.purposes.push(purpose);
        self
    }

    /// Returns the certificate with one more constraint.
    #[must_use]
    pub fn within(mut self, constraint: KeyConstraint) -> Self {
        self.constraints.push(constraint);
        self
    }

    /// Returns the permissions in the certificate, if it keeps the rules that need no key ring. Sealing
    /// checks it, and verifying checks it again.
    pub(super) fn prove(&self, issuer: KeyId) -> Result<KeyPermissions, CertificateError> {
        let lengths = self.constraints.iter().map(KeyConstraint::len).chain([self.constraints.len()]);
        if let Some(found) = lengths.max().filter(|&found| found > MAX_CONSTRAINTS) {
            return Err(CertificateError::TooManyConstraints { found });
        }
        if self.key.id() == issuer {
            return Err(CertificateError::SelfSigned);
        }
        if self.issued >= self.window.closes() {
            return Err(CertificateError::IssuedAfterItsWindow { issued: self.issued, closes: self.window.closes() });
        }
        let (first, others) = self.purposes.split_first().ok_or(CertificateError::NoPurpose)?;
        let mut permissions = KeyPermissions::new(first.purpose());
        for purpose in others.iter().map(|purpose| purpose.purpose()) {
            if permissions.include(purpose) {
                return Err(CertificateError::PurposeTwice { purpose });
            }
            permissions = permissions.and(purpose);
        }
        let permissions = self.constraints.iter().cloned().fold(permissions, KeyPermissions::within);
        if let Some((limit, purpose)) = permissions.unenforceable() {
            return Err(CertificateError::Unenforceable { purpose, limit: limit.clone() });
        }
        Ok(permissions)
    }

    /// Returns the first sequence number of lists that count; `None` without that purpose.
    pub(super) fn first_list(&self) -> Option<NonZeroU32> {
        self.purposes.iter().find_map(|purpose| match purpose {
            CertifiedPurpose::Revocations(first) => Some(*first),
            _ => None,
        })
    }
}

/// The claims of a certificate in the order in which they are serialized.
#[derive(Serialize)]
pub(crate) struct CertificateClaims {
    iss: PublisherId,
    #[serde(with = "instant")]
    iat: DateTime<Utc>,
    key: PublicKey,
    purposes: Vec<CertifiedPurpose>,
    window: Window,
    constraints: Vec<KeyConstraint>,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    exp: Absent,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    nbf: Absent,
}
object! {
    CertificateClaims, "the claims of a certificate" => {
        iss,
        iat: Instant,
        key,
        purposes,
        window,
        constraints,
        exp = Absent,
        nbf = Absent,
    }
}

impl From<&KeyCertificateDraft> for CertificateClaims {
    fn from(draft: &KeyCertificateDraft) -> Self {
        let KeyCertificateDraft { publisher, key, purposes, constraints, window, issued } = draft.clone();
        Self { iss: publisher, iat: issued, key, purposes, window, constraints, exp: Absent, nbf: Absent }
    }
}

impl From<CertificateClaims> for KeyCertificateDraft {
    fn from(claims: CertificateClaims) -> Self {
        let CertificateClaims { iss, iat, key, purposes, window, constraints, .. } = claims;
        Self { publisher: iss, key, purposes, constraints, window, issued: iat }
    }
}
