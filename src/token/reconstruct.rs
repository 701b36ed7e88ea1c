//! Reconstruction of a license's token from the license, so that the text need not be stored.

use alloc::sync::Arc;

use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind};
use crate::token::license::License;
use crate::token::{SIGNATURE_BYTES, Token};

/// The signature of a license whose token can be reconstructed byte for byte.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Signature([u8; SIGNATURE_BYTES]);

impl License {
    /// Returns the only part of the token that must be stored beside the license; `None` if the
    /// payload has other bytes than a reconstruction, as another program may have sealed it.
    pub(crate) fn signature(&self, token: &Token) -> Option<Signature> {
        let signature = Signature(token.signature);
        (self.token(&signature) == *token).then_some(signature)
    }

    /// Returns the license's token. `O(n)` in its grants; allocates.
    ///
    /// If serialization fails, which it did not when the signature was stored, the result is a
    /// token with an invalid signature.
    pub(crate) fn token(&self, Signature(signature): &Signature) -> Token {
        let payload = serde_json::to_vec(&Claims::from(self.deal())).unwrap_or_default();
        let footer = serde_json::to_vec(&Footer::new(self.key(), Kind::License)).unwrap_or_default();
        Token { payload: Arc::from(payload), signature: *signature, footer: Arc::from(footer) }
    }
}
