//! Time tickets: their payload, and verified tickets.

use alloc::sync::Arc;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::document::object;
use crate::id::{OfferId, PublisherId, TenantId, TicketId};
use crate::key::KeyId;
use crate::license::checkpoint::Anchor;
use crate::license::time_ticket_draft::TimeTicketDraft;
use crate::time::instant::{self, Instant};
use crate::token::claims::Absent;

/// The claims of a time ticket in the order in which they are serialized.
#[derive(Serialize)]
pub(crate) struct TicketClaims {
    iss: PublisherId,
    aud: OfferId,
    jti: TicketId,
    #[serde(with = "instant")]
    iat: DateTime<Utc>,
    tenant: TenantId,
    anchor: Anchor,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    exp: Absent,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    nbf: Absent,
}
object! {
    TicketClaims, "the claims of a time ticket" => {
        iss,
        aud,
        jti,
        iat: Instant,
        tenant,
        anchor,
        exp = Absent,
        nbf = Absent,
    }
}

impl From<&TimeTicketDraft> for TicketClaims {
    fn from(draft: &TimeTicketDraft) -> Self {
        let TimeTicketDraft { id, publisher, offer, tenant, issued, anchor } = draft.clone();
        Self { iss: publisher, aud: offer, jti: id, iat: issued, tenant, anchor, exp: Absent, nbf: Absent }
    }
}

impl From<TicketClaims> for TimeTicketDraft {
    fn from(claims: TicketClaims) -> Self {
        let TicketClaims { iss, aud, jti, iat, tenant, anchor, .. } = claims;
        Self { id: jti, publisher: iss, offer: aud, tenant, issued: iat, anchor }
    }
}

/// A verified [`TimeTicketDraft`], signed by a key that the host trusts for tickets.
///
/// Only [`KeyRing::verify_ticket`](crate::KeyRing::verify_ticket) makes one. It has no default:
///
/// ```compile_fail,E0277
/// fn from_nothing<T: Default>() -> T { T::default() }
/// let ticket: entitle::token::TimeTicket = from_nothing();
/// ```
///
/// it cannot be deserialized:
///
/// ```compile_fail,E0277
/// let ticket: entitle::token::TimeTicket = serde_json::from_str("{}").unwrap();
/// ```
///
/// and it cannot be constructed:
///
/// ```compile_fail,E0451
/// fn forge(draft: std::sync::Arc<entitle::license::TimeTicketDraft>, key: entitle::token::KeyId) {
///     let ticket = entitle::token::TimeTicket { draft, key };
/// }
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TimeTicket {
    draft: Arc<TimeTicketDraft>,
    key: KeyId,
}

impl TimeTicket {
    /// Makes the ticket. Only the code that verifies tokens may call it.
    pub(crate) fn proved(draft: TimeTicketDraft, key: KeyId) -> Self {
        Self { draft: Arc::new(draft), key }
    }

    /// Returns the content of the ticket.
    #[must_use]
    pub fn correction(&self) -> &TimeTicketDraft {
        &self.draft
    }

    /// Returns the id of the key that signed it.
    #[must_use]
    pub fn key(&self) -> KeyId {
        self.key
    }
}
