//! The content of a time ticket, by which a publisher corrects a record's time (X6).

use chrono::{DateTime, Utc};

use crate::catalog::offer::Offer;
use crate::id::{OfferId, PublisherId, TenantId, TicketId};
use crate::license::checkpoint::Anchor;
use crate::time::whole_second;

/// The content of a time ticket before it is signed: a correction of a record's time.
///
/// A clock that is once far ahead leaves its time in the record, and what ends by then stays ended.
/// With the ticket, events recorded later than [`issued`](TimeTicketDraft::issued), and documents
/// dated later, count as of it.
///
/// A customer can keep a ticket and use it much later, to turn the record's time back to its issue.
/// A ticket with an anchor corrects no document recorded after its checkpoint, no event recorded
/// later than the floor right after the checkpoint, and nothing recorded after the first ticket
/// since the checkpoint.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TimeTicketDraft {
    /// The id of the ticket. A record uses it once.
    pub id: TicketId,
    /// The publisher.
    pub publisher: PublisherId,
    /// The offer.
    pub offer: OfferId,
    /// The tenant.
    pub tenant: TenantId,
    /// The current time by the publisher's clock, floored to the second.
    pub issued: DateTime<Utc>,
    /// The records in which it counts.
    pub anchor: Anchor,
}

impl TimeTicketDraft {
    /// Returns a correction for one tenant of this offer, on any of its records.
    #[must_use]
    pub fn new(id: TicketId, offer: &Offer, tenant: TenantId, issued: DateTime<Utc>) -> Self {
        let (publisher, offer) = (offer.publisher.clone(), offer.offer.clone());
        Self { id, publisher, offer, tenant, issued: whole_second(issued), anchor: Anchor::Anywhere }
    }
}
