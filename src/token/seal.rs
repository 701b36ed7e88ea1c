//! Sealing: signing deals, lists and tickets as tokens.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;

use serde::Serialize;
use thiserror::Error;

use crate::key::SecretKey;
use crate::license::deal::{Deal, DealError};
use crate::license::revocation::{MAX_REVOCATIONS, RevocationListDraft};
use crate::license::time_ticket_draft::TimeTicketDraft;
use crate::message::{Value, messages};
use crate::strict_serde::read_bytes;
use crate::token::Token;
use crate::token::claims::Claims;
use crate::token::footer::{Footer, Kind};
use crate::token::list::{self, ListClaims};
use crate::token::ticket::TicketClaims;

/// Why a document cannot be sealed. Nothing is signed that would not verify.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum SealError {
    /// The deal breaks a rule.
    Deal(#[from] DealError),
    /// The list has more than [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries.
    LongList {
        /// The number of entries.
        found: usize,
    },
    /// The token would be longer than tokens of its kind can be.
    TooLong {
        /// The length that it would have.
        bytes: usize,
        /// The largest length of its kind.
        most: usize,
    },
    /// The document cannot be serialized so that it parses again.
    Unwritable {
        /// The serializer's or the parser's message.
        error: String,
    },
}

messages! {
    SealError
        as Self::Deal(error) => error;
    Self::LongList { found } => "seal.long-list", "a revocation list has at most {max} entries, this one has {found}",
        max = MAX_REVOCATIONS, found;
    Self::TooLong { bytes, most } => "seal.too-long",
        "the token would have {bytes} characters, at most {most} are allowed: split it", bytes, most;
    Self::Unwritable { error } => "seal.unwritable", "the document cannot be serialized: {error}",
        error = Value::Detail(error.clone());
}

impl SecretKey {
    /// Signs a deal.
    ///
    /// # Errors
    ///
    /// [`SealError`] for a deal that would not verify: it breaks a rule, such as a paid grant for
    /// anyone, or its token would be too long.
    pub fn seal(&self, deal: &Deal) -> Result<Token, SealError> {
        deal.prove()?;
        let payload = written(&Claims::from(deal))?;
        // Checks the deal as it will be parsed: serialization clamps instants outside 1970–9999,
        // for example.
        let read: Claims = read_bytes(&payload).map_err(|unreadable| unwritable(unreadable.detail))?;
        Deal::from(read).prove()?;
        self.signed(payload, Kind::License)
    }

    /// Signs a revocation list (X5).
    ///
    /// # Errors
    ///
    /// [`SealError`] for a list that would not verify: it has more than
    /// [`MAX_REVOCATIONS`](crate::limits::MAX_REVOCATIONS) entries, or its token would be too long.
    pub fn seal_list(&self, list: &RevocationListDraft) -> Result<Token, SealError> {
        if !list::is_short(list) {
            return Err(SealError::LongList { found: list.entries.len() });
        }
        let payload = written(&ListClaims::from(list))?;
        let _: ListClaims = read_bytes(&payload).map_err(|unreadable| unwritable(unreadable.detail))?;
        self.signed(payload, Kind::RevocationList)
    }

    /// Signs a time ticket (X6).
    ///
    /// # Errors
    ///
    /// [`SealError`] for a ticket that would not verify.
    pub fn seal_ticket(&self, ticket: &TimeTicketDraft) -> Result<Token, SealError> {
        let payload = written(&TicketClaims::from(ticket))?;
        let _: TicketClaims = read_bytes(&payload).map_err(|unreadable| unwritable(unreadable.detail))?;
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
        // Checks the token as its recipient will parse it.
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
