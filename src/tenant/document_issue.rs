//! Why a token gives a tenant nothing (L1, L3, X5 to X7).

use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::id::{OfferId, PublisherId, TenantId, TicketId};
use crate::key::KeyId;
use crate::license::checkpoint::Checkpoint;
use crate::message::{Value, messages};
use crate::time::Days;
use crate::time::instant;
use crate::token::error::TokenError;
use crate::token::footer::Kind;

/// How far ahead of the host's clock a document may be dated when a command installs it: one day,
/// since the clocks of two organisations differ (X6).
pub const MAX_DATE_AHEAD: Days = Days::new(1);

/// Why a token gives a tenant nothing, or cannot be installed.
#[derive(Debug, Clone, PartialEq, Eq, Error, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentIssue {
    /// The token is not valid under the tenant's key ring.
    Token(#[from] TokenError),
    /// The document is for another product (L1).
    OtherOffer {
        /// The kind of the document.
        kind: Kind,
        /// The publisher in the document.
        publisher: PublisherId,
        /// The offer in the document.
        offer: OfferId,
        /// The publisher of the catalog.
        our_publisher: PublisherId,
        /// The offer of the catalog.
        our_offer: OfferId,
    },
    /// The revocation list or the certificate is of another publisher (X5, X10).
    OtherPublisher {
        /// The kind of the document.
        kind: Kind,
        /// The publisher of the document.
        publisher: PublisherId,
        /// The publisher of the catalog.
        ours: PublisherId,
    },
    /// Another list of that key with the same number is in force, with other content: the key signed
    /// two lists that do not follow each other, or somebody else has the key (X5).
    ConflictingList {
        /// The key that signed both.
        key: KeyId,
        /// The number of both.
        sequence: NonZeroU32,
    },
    /// A later list of that key is in force (X5).
    OldList {
        /// The sequence number of the list.
        sequence: NonZeroU32,
        /// The sequence number of the list in force.
        in_force: NonZeroU32,
    },
    /// The document is for another tenant (L1).
    OtherTenant {
        /// The kind of the document.
        kind: Kind,
        /// The tenant in the document.
        tenant: TenantId,
        /// This tenant.
        ours: TenantId,
    },
    /// The same document is in force already (L3).
    AlreadyInstalled,
    /// A revision at least as high is in force, with other content (L3).
    Superseded {
        /// The revision of the token.
        revision: NonZeroU32,
        /// The revision in force.
        in_force: NonZeroU32,
    },
    /// The document counts only on a record that contains a checkpoint, and the record was not
    /// proved to contain it (X7).
    NotContained {
        /// The checkpoint, for [`Ledger::prove`](crate::record::Ledger::prove).
        checkpoint: Checkpoint,
    },
    /// The document is dated more than [`MAX_DATE_AHEAD`] after the host's clock; it would be
    /// evidence of a time in the future (X6).
    DatedAhead {
        /// The kind of the document.
        kind: Kind,
        /// Its issue date.
        #[serde(serialize_with = "instant::serialize")]
        issued: DateTime<Utc>,
        /// The time of the host's clock.
        #[serde(serialize_with = "instant::serialize")]
        now: DateTime<Utc>,
    },
    /// The time ticket was used in this record already (X6).
    TicketUsed {
        /// The ticket.
        ticket: TicketId,
    },
}

messages! {
    DocumentIssue
        as Self::Token(error) => error;
    Self::OtherOffer { kind, publisher, offer, our_publisher, our_offer } => "install.other-offer",
        "this document ({kind}) is for {publisher} {offer}, this application is {our_publisher} {our_offer}",
        kind, publisher, offer, our_publisher, our_offer;
    Self::OtherPublisher { kind, publisher, ours } => "install.other-publisher",
        "this document ({kind}) is of {publisher}, this application of {ours}", kind, publisher, ours;
    Self::ConflictingList { key, sequence } => "install.conflicting-list",
        "another revocation list {sequence} of the key `{key}` is in force, with other content: ask its publisher for the next list, which ends what both end",
        sequence = Value::ordinal(sequence), key;
    Self::OldList { sequence, in_force } => "install.old-list",
        "the revocation list {sequence} is superseded: list {in_force} of that key is in force", sequence = Value::ordinal(sequence), in_force = Value::ordinal(in_force);
    Self::OtherTenant { kind, tenant, ours } => "install.other-tenant",
        "this document ({kind}) is for the tenant {tenant}, this is {ours}", kind, tenant, ours;
    Self::AlreadyInstalled => "install.already-installed", "this document is already installed";
    Self::Superseded { revision, in_force } if revision == in_force => ("install.superseded") "install.superseded-by-another",
        "another revision {revision} of this license is installed: ask who issued it for the next revision, with everything that was bought",
        revision = Value::ordinal(revision);
    Self::Superseded { revision, in_force } => "install.superseded",
        "revision {revision} of this license is superseded: revision {in_force} is installed", revision = Value::ordinal(revision), in_force = Value::ordinal(in_force);
    Self::NotContained { checkpoint } => "install.not-contained",
        "it counts only on a record that contains the checkpoint `{checkpoint}`, and this record was not shown to contain it",
        checkpoint;
    Self::DatedAhead { kind, issued, now } => "install.dated-ahead",
        "this document ({kind}) is dated {issued}, which is in the future: the clock here says {now}. Correct the clock, or ask who issued it",
        kind, issued, now;
    Self::TicketUsed { ticket } => "install.ticket-used",
        "the time ticket {ticket} was used already: each is used once", ticket;
}
