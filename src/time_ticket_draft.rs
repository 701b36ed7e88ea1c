//! What is said of a record's time by its publisher (X6).

use chrono::{DateTime, Utc};

use crate::catalog::offer::Offer;
use crate::checkpoint::Anchor;
use crate::id::{OfferId, PublisherId, TenantId, TicketId};
use crate::time::whole_second;

/// A publisher's word that a record's time is wrong: the content of a time ticket before it is signed.
///
/// A clock that was once far ahead leaves its time in the record, and what ended by then stays ended. What was recorded
/// later than [`issued`](Correction::issued) counts as recorded at it.
///
/// A customer can keep a ticket back and use it much later, to turn the record's time back to its issue. Anchor it, and
/// it corrects no time later than the record stood at the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeTicketDraft {
    /// Names the ticket; a record takes it once.
    pub id: TicketId,
    /// Who corrects.
    pub publisher: PublisherId,
    /// For what product.
    pub offer: OfferId,
    /// For which tenant.
    pub tenant: TenantId,
    /// The time as it is, by the publisher's clock; floored to the second.
    pub issued: DateTime<Utc>,
    /// On which records it counts.
    pub anchor: Anchor,
}

impl TimeTicketDraft {
    /// A correction for one tenant of this offer, on any record of theirs.
    #[must_use]
    pub fn new(id: TicketId, offer: &Offer, tenant: TenantId, issued: DateTime<Utc>) -> Self {
        let (publisher, offer) = (offer.publisher.clone(), offer.offer.clone());
        Self { id, publisher, offer, tenant, issued: whole_second(issued), anchor: Anchor::Anywhere }
    }
}
