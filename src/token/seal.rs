//! Sealing: a deal becomes a token.

use alloc::string::{String, ToString};
use alloc::sync::Arc;

use thiserror::Error;

use crate::deal::{Deal, DealError};
use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind};
use crate::token::keys::SecretKey;
use crate::token::{MAX_TOKEN_BYTES, NotAToken, Token};

/// Why a deal cannot be sealed; whatever would not verify is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// The deal breaks a rule.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The token would be longer than a token may be.
    #[error("the token would have {bytes} characters, at most {MAX_TOKEN_BYTES} are allowed: split the deal")]
    TooLong {
        /// How long it would be.
        bytes: usize,
    },
    /// The deal cannot be written down so that it reads back the same.
    #[error("the deal cannot be written down: {error}")]
    Unwritable {
        /// What the writer or the reader said.
        error: String,
    },
}

impl SealError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Deal(error) => error.code(),
            Self::TooLong { .. } => "seal.too-long",
            Self::Unwritable { .. } => "seal.unwritable",
        }
    }
}

impl SecretKey {
    /// Signs a deal.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a deal that would not verify: one that breaks a rule, such as a paid grant for anyone, or one
    /// whose token would be too long.
    pub fn seal(&self, deal: &Deal) -> Result<Token, SealError> {
        deal.prove()?;
        let unwritable = |error: serde_json::Error| SealError::Unwritable { error: error.to_string() };
        let payload = serde_json::to_vec(&Claims::from(deal)).map_err(unwritable)?;
        // What is signed is what will be read: an instant far out, say, was clamped on its way into the text.
        let read: Claims = serde_json::from_slice(&payload).map_err(unwritable)?;
        Deal::from(read).prove()?;
        let footer = serde_json::to_vec(&Footer::new(self.public().id(), Kind::License)).map_err(unwritable)?;
        let signature = self.sign(&Token::signed_bytes(&payload, &footer));
        let token = Token { payload: Arc::from(payload), signature, footer: Arc::from(footer) };
        match token.to_string().parse::<Token>() {
            Ok(_) => Ok(token),
            Err(NotAToken::TooLong { bytes }) => Err(SealError::TooLong { bytes }),
            Err(error) => Err(SealError::Unwritable { error: error.to_string() }),
        }
    }
}
