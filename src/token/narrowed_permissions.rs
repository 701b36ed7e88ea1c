//! What a certified key may sign: never more than its issuer (X10).

use core::num::NonZeroU32;

use crate::time::Window;
use crate::token::admission::Signed;
use crate::token::certificate_error::CertificateError;
use crate::token::permissions::{KeyConstraint, KeyPermissions, KeyPurpose, PlanUnits};

/// The permissions of a certified key: those of its certificate, within those of the issuer. A document
/// has to keep both, so that they can only be narrower than the issuer's (X10).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct NarrowedPermissions {
    issuer: KeyPermissions,
    certified: KeyPermissions,
    window: Window,
    /// The first revocation list that counts.
    first_list: Option<NonZeroU32>,
}

impl NarrowedPermissions {
    /// Returns the permissions that a certificate gives, if they are not wider than the issuer's.
    ///
    /// `O(n²)` in the constraints and what they list.
    pub(super) fn new(
        issuer: &KeyPermissions,
        certified: &KeyPermissions,
        window: Window,
        first_list: Option<NonZeroU32>,
    ) -> Result<Self, CertificateError> {
        if let Some(purpose) = certified.purposes().find(|&purpose| !issuer.include(purpose)) {
            return Err(CertificateError::WiderPurpose { purpose });
        }
        for limit in &issuer.limits {
            if let KeyConstraint::IssuedBefore(before) = limit {
                if window.closes() > *before {
                    return Err(CertificateError::LongerWindow { closes: window.closes(), before: *before });
                }
            } else if !certified.limits.iter().any(|own| is_within(own, limit)) {
                return Err(CertificateError::WiderConstraint { limit: limit.clone() });
            }
        }
        Ok(Self { issuer: issuer.clone(), certified: certified.clone(), window, first_list })
    }

    /// Returns what of the certificate or of its issuer a document does not keep; `None` if it keeps
    /// all.
    pub(super) fn broken_by(&self, document: Signed<'_>) -> Option<Broken<'_>> {
        let (purpose, issued) = (document.purpose(), document.issued());
        if !self.certified.include(purpose) || !self.issuer.include(purpose) {
            return Some(Broken::Purpose(purpose));
        }
        if issued < self.window.opens() || issued >= self.window.closes() {
            return Some(Broken::Window(self.window));
        }
        if let (Signed::List(list), Some(first)) = (document, self.first_list) {
            if list.sequence < first {
                return Some(Broken::Sequence { sequence: list.sequence, first });
            }
        }
        let mut limits = self.certified.limits.iter().chain(&self.issuer.limits);
        limits.find(|limit| !limit.allows(document)).map(Broken::Limit)
    }

    /// Returns the permissions of the issuer.
    pub(super) fn issuer(&self) -> &KeyPermissions {
        &self.issuer
    }

    /// Returns the constraints of certificate and issuer, all of which hold.
    pub(super) fn limits(&self) -> impl Iterator<Item = &KeyConstraint> {
        self.certified.limits.iter().chain(&self.issuer.limits)
    }
}

/// What of a certificate a document does not keep.
pub(super) enum Broken<'a> {
    Purpose(KeyPurpose),
    Window(Window),
    Sequence { sequence: NonZeroU32, first: NonZeroU32 },
    Limit(&'a KeyConstraint),
}

/// Returns whether a constraint allows no more than another one.
fn is_within(own: &KeyConstraint, limit: &KeyConstraint) -> bool {
    match (own, limit) {
        (KeyConstraint::Offers(own), KeyConstraint::Offers(all)) => own.iter().all(|offer| all.contains(offer)),
        (KeyConstraint::IssuedBefore(own), KeyConstraint::IssuedBefore(before)) => own <= before,
        (KeyConstraint::Terms(own), KeyConstraint::Terms(days)) => own <= days,
        (KeyConstraint::Units(own), KeyConstraint::Units(most)) => own.iter().all(|own| {
            let is_within = |most: &PlanUnits| most.plan == own.plan && own.units <= most.units;
            most.iter().any(is_within)
        }),
        (
            KeyConstraint::Offers(_)
            | KeyConstraint::IssuedBefore(_)
            | KeyConstraint::Terms(_)
            | KeyConstraint::Units(_),
            _,
        ) => false,
    }
}
