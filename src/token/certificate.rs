//! Verified certificates (X10).

use alloc::sync::Arc;

use crate::key::KeyId;
use crate::token::admission::Signed;
use crate::token::certificate_draft::KeyCertificateDraft;
use crate::token::certificate_error::CertificateError;
use crate::token::error::TokenError;
use crate::token::narrowed_permissions::{Broken, NarrowedPermissions};
use crate::token::permissions::{KeyConstraint, KeyPermissions, KeyPurpose};

/// A verified [`KeyCertificateDraft`], signed by a key that the host trusts for certificates, and no wider
/// than that key's own permissions (X10).
///
/// Only [`KeyRing::verify_certificate`](crate::KeyRing::verify_certificate) makes one. It cannot be
/// deserialized:
///
/// ```compile_fail,E0277
/// let certificate: entitle::token::KeyCertificate = serde_json::from_str("{}").unwrap();
/// ```
///
/// and it cannot be constructed:
///
/// ```compile_fail,E0423
/// fn forge(draft: entitle::token::KeyCertificateDraft) {
///     let certificate = entitle::token::KeyCertificate(draft);
/// }
/// ```
#[derive(Debug, Clone)]
pub struct KeyCertificate(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    draft: KeyCertificateDraft,
    key: KeyId,
    issuer: KeyId,
    permissions: NarrowedPermissions,
}

/// Two certificates that differ only in their signature are one (X9).
impl PartialEq for KeyCertificate {
    fn eq(&self, other: &Self) -> bool {
        self.0.issuer == other.0.issuer && self.0.draft == other.0.draft
    }
}

impl Eq for KeyCertificate {}

impl KeyCertificate {
    /// Makes the certificate, if it is not wider than its issuer's permissions. Only the code that
    /// verifies tokens may call it.
    pub(super) fn proved(
        draft: KeyCertificateDraft,
        issuer: KeyId,
        permissions: &KeyPermissions,
    ) -> Result<Self, CertificateError> {
        let own = draft.prove(issuer)?;
        let permissions = NarrowedPermissions::new(permissions, &own, draft.window, draft.first_list())?;
        let key = draft.key.id();
        Ok(Self(Arc::new(Inner { draft, key, issuer, permissions })))
    }

    /// Returns the content of the certificate.
    #[must_use]
    pub fn certified(&self) -> &KeyCertificateDraft {
        &self.0.draft
    }

    /// Returns the id of the key that it certifies.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.0.key
    }

    /// Returns the id of the key that signed it.
    #[must_use]
    pub fn issuer(&self) -> KeyId {
        self.0.issuer
    }

    /// Returns whether the issuer has these permissions, and so those that the certificate was verified
    /// within.
    pub(super) fn is_within(&self, issuer: &KeyPermissions) -> bool {
        self.0.permissions.issuer() == issuer
    }

    /// Returns the constraints of the key and of its issuer, all of which hold.
    pub(crate) fn limits(&self) -> impl Iterator<Item = &KeyConstraint> {
        self.0.permissions.limits()
    }

    /// Returns whether it is for lists or tickets.
    pub(crate) fn is_for_more_than_licenses(&self) -> bool {
        let of_licenses = [KeyPurpose::Licenses, KeyPurpose::LicensesForAnyone];
        self.0.draft.purposes.iter().any(|purpose| !of_licenses.contains(&purpose.purpose()))
    }

    /// Checks that a document of the certified key is of the certificate's publisher, and keeps what the
    /// certificate and its issuer's own permissions say.
    pub(crate) fn admit(&self, document: Signed<'_>) -> Result<(), TokenError> {
        let key = self.key();
        // A certificate of one publisher is none for what is of another.
        if *document.publisher() != self.0.draft.publisher {
            return Err(TokenError::NoCertificate { key });
        }
        match self.0.permissions.broken_by(document) {
            None => Ok(()),
            Some(Broken::Purpose(purpose)) => Err(TokenError::NotTrusted { key, purpose }),
            Some(Broken::Limit(limit)) => Err(limit.broken(key, document)),
            Some(Broken::Sequence { sequence, first }) => {
                Err(TokenError::ListBeforeCertificate { key, sequence, first })
            }
            Some(Broken::Window(window)) => {
                let (opens, closes) = (window.opens(), window.closes());
                Err(TokenError::OutsideWindow { key, issued: document.issued(), opens, closes })
            }
        }
    }
}
