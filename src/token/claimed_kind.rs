//! What an unverified token claims to be.

use crate::document::{Unreadable, read_bytes};
use crate::id::excerpt;
use crate::key::KeyId;
use crate::token::Token;
use crate::token::error::TokenError;
use crate::token::footer::{Footer, Kind, Typ};

impl Token {
    /// Returns the kind of document that the token claims to be. Anyone can write a claim: only
    /// [`KeyRing`](crate::KeyRing) proves it. `O(1)`.
    ///
    /// # Errors
    ///
    /// [`TokenError::Footer`] for a footer that is not exactly a key id and a kind,
    /// [`TokenError::NewerFormat`] for a kind of a later version, and [`TokenError::ForeignKind`] for
    /// a kind that is not of this product.
    pub fn claimed_kind(&self) -> Result<Kind, TokenError> {
        self.claims()?.kind()
    }

    /// Returns the key that the token claims to be signed with.
    pub(crate) fn claimed_key(&self) -> Option<KeyId> {
        self.claims().ok().map(|footer| footer.kid)
    }

    /// Returns the footer.
    pub(super) fn claims(&self) -> Result<Footer, TokenError> {
        read_bytes(&self.footer).map_err(|Unreadable { detail, .. }| TokenError::Footer { detail })
    }
}

impl Footer {
    /// Returns the kind of document that the footer names.
    pub(super) fn kind(&self) -> Result<Kind, TokenError> {
        match self.typ() {
            Typ::Known(kind) => Ok(kind),
            Typ::Newer(kind) => Err(TokenError::NewerFormat { kind, found: excerpt(&self.typ) }),
            Typ::Unknown(found) => Err(TokenError::ForeignKind { found }),
        }
    }
}
