//! A time ticket: its payload, and what is proved of one.

use alloc::sync::Arc;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::checkpoint::Anchor;
use crate::id::{OfferId, PublisherId, TenantId, TicketId};
use crate::key::KeyId;
use crate::strict_serde::one_reading;
use crate::time::instant;
use crate::time_ticket_draft::TimeTicketDraft;
use crate::token::claims::Absent;

/// The claims of a time ticket, in the order in which they are written.
#[derive(Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields, expecting = "the claims of a time ticket")]
pub(crate) struct TicketClaims {
    iss: PublisherId,
    aud: OfferId,
    jti: TicketId,
    #[serde(with = "instant")]
    iat: DateTime<Utc>,
    tenant: TenantId,
    anchor: Anchor,
    #[serde(default, skip_serializing)]
    exp: Absent,
    #[serde(default, skip_serializing)]
    nbf: Absent,
}
one_reading!(TicketClaims);

impl From<&TimeTicketDraft> for TicketClaims {
    fn from(said: &TimeTicketDraft) -> Self {
        let TimeTicketDraft { id, publisher, offer, tenant, issued, anchor } = said.clone();
        Self { iss: publisher, aud: offer, jti: id, iat: issued, tenant, anchor, exp: Absent, nbf: Absent }
    }
}

impl From<TicketClaims> for TimeTicketDraft {
    fn from(claims: TicketClaims) -> Self {
        let TicketClaims { iss, aud, jti, iat, tenant, anchor, .. } = claims;
        Self { id: jti, publisher: iss, offer: aud, tenant, issued: iat, anchor }
    }
}

/// A time ticket: a [`TimeTicketDraft`] that came out of a token under a key that the host trusts for them.
///
/// The only way to one is [`KeyRing::verify_ticket`](crate::KeyRing::verify_ticket). It cannot be made from nothing:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let ticket: entitle::TimeTicket = from_nothing();
/// ```
///
/// nor read from data:
///
/// ```compile_fail,E0277
/// let ticket: entitle::TimeTicket = serde_json::from_str("{}").unwrap();
/// ```
///
/// nor written down:
///
/// ```compile_fail,E0451
/// # fn forge(said: std::sync::Arc<entitle::TimeTicketDraft>, key: entitle::KeyId) {
/// let ticket = entitle::TimeTicket { said, key };
/// # }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTicket {
    said: Arc<TimeTicketDraft>,
    key: KeyId,
}

impl TimeTicket {
    /// Called where verifying has succeeded, and nowhere else.
    pub(crate) fn proved(said: TimeTicketDraft, key: KeyId) -> Self {
        Self { said: Arc::new(said), key }
    }

    /// What the publisher says.
    #[must_use]
    pub fn correction(&self) -> &TimeTicketDraft {
        &self.said
    }

    /// Which key signed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }
}
