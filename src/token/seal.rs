//! Sealing: a deal becomes a token.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::Serialize;
use thiserror::Error;

use crate::deal::{Deal, DealError};
use crate::key::SecretKey;
use crate::revocation::{MAX_REVOCATIONS, RevocationListDraft};
use crate::strict_serde::read_bytes;
use crate::time_ticket_draft::TimeTicketDraft;
use crate::token::Token;
use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind};
use crate::token::list::{self, ListClaims};
use crate::token::ticket::TicketClaims;

/// Why a deal cannot be sealed; whatever would not verify is not signed.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// The deal breaks a rule.
    #[error(transparent)]
    Deal(#[from] DealError),
    /// The list has more than [`MAX_REVOCATIONS`](crate::MAX_REVOCATIONS) entries.
    #[error("a revocation list has at most {MAX_REVOCATIONS} entries, this one has {found}")]
    LongList {
        /// How many it has.
        found: usize,
    },
    /// The token would be longer than a token may be.
    #[error("the token would have {bytes} characters, at most {most} are allowed: split it")]
    TooLong {
        /// How long it would be.
        bytes: usize,
        /// How long one of its kind may be.
        most: usize,
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
            Self::LongList { .. } => "seal.long-list",
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
        let payload = written(&Claims::from(deal))?;
        // What is signed is what will be read: an instant far out, say, was clamped on its way into the text.
        let read: Claims = read_bytes(&payload).map_err(unwritable)?;
        Deal::from(read).prove()?;
        self.signed(payload, Kind::License)
    }

    /// Signs a revocation list (X5).
    ///
    /// # Errors
    ///
    /// [`SealError`] for a list that would not verify: one of more than
    /// [`MAX_REVOCATIONS`](crate::MAX_REVOCATIONS) entries, or whose token would be too long.
    pub fn seal_list(&self, list: &RevocationListDraft) -> Result<Token, SealError> {
        if !list::is_short(list) {
            return Err(SealError::LongList { found: list.entries.len() });
        }
        let payload = written(&ListClaims::from(list))?;
        let _: ListClaims = read_bytes(&payload).map_err(unwritable)?;
        self.signed(payload, Kind::RevocationList)
    }

    /// Signs a correction of a record's time (X6).
    ///
    /// # Errors
    ///
    /// [`SealError`] for one that would not verify.
    pub fn seal_ticket(&self, correction: &TimeTicketDraft) -> Result<Token, SealError> {
        let payload = written(&TicketClaims::from(correction))?;
        let _: TicketClaims = read_bytes(&payload).map_err(unwritable)?;
        self.signed(payload, Kind::TimeTicket)
    }

    fn signed(&self, payload: Vec<u8>, kind: Kind) -> Result<Token, SealError> {
        let footer = written(&Footer::new(self.public().id(), kind))?;
        let signature = self.sign(&Token::signed_bytes(&payload, &footer));
        let token = Token { payload: Arc::from(payload), signature, footer: Arc::from(footer) };
        let (bytes, most) = (token.text_len(), kind.longest());
        if bytes > most {
            return Err(SealError::TooLong { bytes, most });
        }
        // What is sent is what will be read.
        match token.to_string().parse::<Token>() {
            Ok(_) => Ok(token),
            Err(error) => Err(unwritable(error.to_string())),
        }
    }
}

fn written(claims: &impl Serialize) -> Result<Vec<u8>, SealError> {
    serde_json::to_vec(claims).map_err(|error| unwritable(error.to_string()))
}

fn unwritable(error: String) -> SealError {
    SealError::Unwritable { error }
}
