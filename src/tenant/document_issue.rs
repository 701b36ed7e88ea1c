//! Why a token gives a tenant nothing (L1, L3, X5 to X7).

use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;
use thiserror::Error;

use crate::id::{OfferId, PublisherId, TenantId, TicketId};
use crate::license::checkpoint::Checkpoint;
use crate::time::instant;
use crate::time::{Days, Written};
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
    #[error(transparent)]
    Token(#[from] TokenError),
    /// The document is for another product (L1).
    #[error("the {kind} is for `{publisher}` `{offer}`, this application is `{our_publisher}` `{our_offer}`")]
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
    /// The revocation list is of another publisher (X5).
    #[error("the revocation list is of `{publisher}`, this application of `{ours}`")]
    OtherPublisher {
        /// The publisher of the list.
        publisher: PublisherId,
        /// The publisher of the catalog.
        ours: PublisherId,
    },
    /// A list of that key that is at least as recent is in force (X5).
    #[error("the revocation list {sequence} is superseded: list {in_force} of that key is in force")]
    OldList {
        /// The sequence number of the list.
        sequence: NonZeroU32,
        /// The sequence number of the list in force.
        in_force: NonZeroU32,
    },
    /// The document is for another tenant (L1).
    #[error("the {kind} is for the tenant `{tenant}`, this is `{ours}`")]
    OtherTenant {
        /// The kind of the document.
        kind: Kind,
        /// The tenant in the document.
        tenant: TenantId,
        /// This tenant.
        ours: TenantId,
    },
    /// The same document is in force already (L3).
    #[error("this document is already installed")]
    AlreadyInstalled,
    /// A revision at least as high is in force, with other content (L3).
    #[error("revision {revision} of this license is superseded: revision {in_force} is installed")]
    Superseded {
        /// The revision of the token.
        revision: NonZeroU32,
        /// The revision in force.
        in_force: NonZeroU32,
    },
    /// The document counts only on a record that contains a checkpoint, and the record was not
    /// proved to contain it (X7).
    #[error("it counts only on a record that contains the checkpoint `{checkpoint}`: this one was not proved to")]
    NotContained {
        /// The checkpoint, for [`Ledger::prove`](crate::record::Ledger::prove).
        checkpoint: Checkpoint,
    },
    /// The document is dated more than [`MAX_DATE_AHEAD`] after the host's clock; it would be
    /// evidence of a time in the future (X6).
    #[error(
        "the {kind} is dated {}, which is in the future: the clock here says {}. Correct the clock, or ask who issued it",
        Written(*issued), Written(*now)
    )]
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
    #[error("the time ticket {ticket} was used already: each is used once")]
    TicketUsed {
        /// The ticket.
        ticket: TicketId,
    },
}

impl DocumentIssue {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Token(error) => error.code(),
            Self::OtherOffer { .. } => "install.other-offer",
            Self::OtherPublisher { .. } => "install.other-publisher",
            Self::OldList { .. } => "install.old-list",
            Self::OtherTenant { .. } => "install.other-tenant",
            Self::AlreadyInstalled => "install.already-installed",
            Self::Superseded { .. } => "install.superseded",
            Self::NotContained { .. } => "install.not-contained",
            Self::DatedAhead { .. } => "install.dated-ahead",
            Self::TicketUsed { .. } => "install.ticket-used",
        }
    }
}
