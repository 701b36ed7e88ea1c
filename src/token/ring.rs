//! The keys a host trusts, and what verifying proves.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;

use thiserror::Error;

use crate::deal::{Deal, DealError, Holder};
use crate::token::Token;
use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind, Typ};
use crate::token::keys::{KeyId, PublicKey};
use crate::token::license::License;

/// What a key is trusted to sign (X3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[non_exhaustive]
pub enum Purpose {
    /// Licenses for a tenant that they name.
    Licenses,
    /// Licenses for anyone.
    LicensesForAnyone,
}

impl fmt::Display for Purpose {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Licenses => "licenses",
            Self::LicensesForAnyone => "licenses for anyone",
        })
    }
}

/// What one key is trusted for: at least one purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Powers {
    first: Purpose,
    others: alloc::vec::Vec<Purpose>,
}

impl Powers {
    /// Trusted for one purpose.
    #[must_use]
    pub fn of(purpose: Purpose) -> Self {
        Self { first: purpose, others: alloc::vec::Vec::new() }
    }

    /// Trusted for one more.
    #[must_use]
    pub fn and(mut self, purpose: Purpose) -> Self {
        self.others.push(purpose);
        self
    }

    fn include(&self, purpose: Purpose) -> bool {
        self.first == purpose || self.others.contains(&purpose)
    }
}

/// Why a token is not a license.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TokenError {
    /// The footer does not name a key and a kind and nothing else.
    #[error("the footer of this token does not name a key and a kind: {error}")]
    Footer {
        /// What the parser said.
        error: String,
    },
    /// The kind is none of ours.
    #[error("a document of kind `{}` is none of ours", found.escape_debug())]
    ForeignKind {
        /// The kind as it stands in the footer.
        found: String,
    },
    /// The document is of ours, but of a version that this release does not know.
    #[error("this {kind} is of a newer format, `{}`: update the application", found.escape_debug())]
    NewerFormat {
        /// What kind of document it is.
        kind: Kind,
        /// Kind and version as they stand in the footer.
        found: String,
    },
    /// The document is of ours, but not what was asked for.
    #[error("this is not a {expected} but a {found}")]
    OtherKind {
        /// What was asked for.
        expected: Kind,
        /// What it is.
        found: Kind,
    },
    /// The key that the footer names is not in the ring.
    #[error("signed with the key `{key}`, which is unknown here: update the application, or ask who issued it")]
    UnknownKey {
        /// The key's name.
        key: KeyId,
    },
    /// The signature is not that key's over these bytes.
    #[error("the signature does not fit: this document was tampered with, or cut")]
    BadSignature,
    /// What was signed is not the content of a license.
    #[error("the signed content is not a license: {error}")]
    Claims {
        /// What the parser said, with line and column in the payload.
        error: String,
    },
    /// What was signed breaks a rule of licenses.
    #[error("the signed content breaks a rule: {0}")]
    Deal(#[from] DealError),
    /// The key is known, but not trusted for this.
    #[error("the key `{key}` is not trusted for {purpose}")]
    NotTrusted {
        /// The key's name.
        key: KeyId,
        /// What it would have to be trusted for.
        purpose: Purpose,
    },
}

impl TokenError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Footer { .. } => "token.footer",
            Self::ForeignKind { .. } => "token.foreign-kind",
            Self::NewerFormat { .. } => "token.newer-format",
            Self::OtherKind { .. } => "token.other-kind",
            Self::UnknownKey { .. } => "token.unknown-key",
            Self::BadSignature => "token.bad-signature",
            Self::Claims { .. } => "token.claims",
            Self::Deal(error) => error.code(),
            Self::NotTrusted { .. } => "token.not-trusted",
        }
    }
}

/// The public keys a host trusts, each for its purposes (X3). Clones share the keys.
#[derive(Debug, Clone, Default)]
pub struct KeyRing(Arc<BTreeMap<KeyId, (PublicKey, Powers)>>);

impl KeyRing {
    /// A ring that trusts nobody.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// The ring that trusts one key more; a key named again has the powers named last.
    #[must_use]
    pub fn trust(mut self, key: PublicKey, powers: Powers) -> Self {
        Arc::make_mut(&mut self.0).insert(key.id(), (key, powers));
        self
    }

    /// Proves a token to be a license: signed by a key of this ring that is trusted for it, and keeping the rules.
    ///
    /// It says nothing about tenant, offer or time; those are asked where the license is installed and read.
    ///
    /// # Errors
    ///
    /// [`TokenError`], for a token of another kind or version, of an unknown key, tampered with, with content that has
    /// not the one reading of a license (X4), or signed by a key that is not trusted for it.
    pub fn verify(&self, token: &Token) -> Result<License, TokenError> {
        let footer: Footer =
            serde_json::from_slice(&token.footer).map_err(|error| TokenError::Footer { error: error.to_string() })?;
        match footer.typ() {
            Typ::Known(Kind::License) => {}
            Typ::Known(found) => return Err(TokenError::OtherKind { expected: Kind::License, found }),
            Typ::Newer(kind) => return Err(TokenError::NewerFormat { kind, found: footer.typ }),
            Typ::Unknown(found) => return Err(TokenError::ForeignKind { found }),
        }
        let (key, powers) = self.0.get(&footer.kid).ok_or(TokenError::UnknownKey { key: footer.kid })?;
        if !key.has_signed(&Token::signed_bytes(&token.payload, &token.footer), &token.signature) {
            return Err(TokenError::BadSignature);
        }
        let claims: Claims =
            serde_json::from_slice(&token.payload).map_err(|error| TokenError::Claims { error: error.to_string() })?;
        let deal = Deal::from(claims);
        deal.prove()?;
        let purpose = match deal.holder {
            Holder::Tenant(_) => Purpose::Licenses,
            Holder::Anyone => Purpose::LicensesForAnyone,
        };
        if !powers.include(purpose) {
            return Err(TokenError::NotTrusted { key: footer.kid, purpose });
        }
        Ok(License::proved(deal, footer.kid))
    }
}
