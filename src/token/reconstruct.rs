//! The token of a license written again from what the license says, so that its text need not be kept beside it.

use alloc::sync::Arc;

use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind};
use crate::token::license::License;
use crate::token::{SIGNATURE_BYTES, Token};

/// The signature of a license whose token is, byte for byte, the one that is written again.
#[derive(Debug, Clone)]
pub(crate) struct Signature([u8; SIGNATURE_BYTES]);

impl License {
    /// All that is to be kept of its token beside the license; nothing of one that says the same in other bytes, as another
    /// program may have sealed it.
    pub(crate) fn signature(&self, token: &Token) -> Option<Signature> {
        let signature = Signature(token.signature);
        (self.token(&signature) == *token).then_some(signature)
    }

    /// Its token. Linear in its grants; allocates the text.
    ///
    /// Should the writer fail, which did not when the signature was kept, it is a token that nobody has signed.
    pub(crate) fn token(&self, Signature(signature): &Signature) -> Token {
        let payload = serde_json::to_vec(&Claims::from(self.deal())).unwrap_or_default();
        let footer = serde_json::to_vec(&Footer::new(self.key(), Kind::License)).unwrap_or_default();
        Token { payload: Arc::from(payload), signature: *signature, footer: Arc::from(footer) }
    }
}
