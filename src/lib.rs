#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(not(feature = "answers"), allow(dead_code, reason = "what only remedies, previews and reports ask for"))]

extern crate alloc;
#[cfg(test)]
extern crate std;

// Each module imports only from modules above it.
mod collections;
mod message;
mod strict_serde;

mod id;

mod quantity;

mod time;

mod key;

mod catalog;

mod license;

mod token;

mod tenant;

mod record;

mod decision;

mod query;

#[cfg(feature = "answers")]
mod preview;
#[cfg(feature = "answers")]
mod remedy;

mod explain;

#[cfg(feature = "answers")]
pub mod report;

pub mod manual;
#[cfg(feature = "testing")]
pub mod testing;

pub use catalog::basis::Basis;
pub use catalog::fault::{CatalogWarning, Fault, FaultKind};
pub use catalog::offer::{Access, AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
pub use catalog::requirement_graph::{MAX_REQUIRED, MAX_REQUIREMENTS};
pub use catalog::{App, Catalog, CatalogError, MAX_CATALOG_BYTES, ServiceIdError, UnknownApp};
pub use collections::hashing::{HashSeedError, seed_hashes};
pub use decision::denial_explanation::{DenialCause, DenialExplanation, DenialReason, PlanDenial};
pub use decision::{Allow, Decision, Denial, Warning};
pub use explain::allow_explanation::{
    ActiveGrant, AllowExplanation, AllowedBy, GrantingPlan, Sale, Seat, UpcomingChange,
};
pub use explain::text::{Audience, Text, TextLine, TextPart};
pub use id::user::{UserId, UserRef};
pub use id::{
    AppId, ConsumerId, ConsumptionId, CountryCode, GroupId, Label, LicenseId, MAX_TEXT_BYTES, OfferId, PlanId,
    PublisherId, RecordId, TenantId, TextError, TicketId,
};
pub use key::{KeyError, KeyId, PublicKey, SecretKey};
pub use license::checkpoint::{Anchor, Checkpoint, InclusionProof, ParseCheckpointError};
pub use license::deal::{
    Customer, Deal, DealError, Freshness, FreshnessLimit, LastRevisionError, Licensee, MAX_GRANTS,
};
pub use license::grant::{
    Extension, Extensions, Grant, GrantKind, MAX_EXTENSIONS, PaidTerms, Termination, Tolerance, ToleratedUnits,
    TrialTerms,
};
pub use license::renewal::RENEWAL_TOLERANCE;
pub use license::revocation::{
    LicenseHash, MAX_REVOCATIONS, ParseHashError, Revocation, RevocationListDraft, RevokedKey, RevokedLicense,
};
pub use license::time_ticket_draft::TimeTicketDraft;
pub use message::Message;
#[cfg(feature = "answers")]
pub use preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, MAX_PREVIEW_ENTRIES, MAX_PREVIEW_INSTANTS, PoolChange,
    PoolUnits, Preview, Subject, Tally, Totals, WaitChange, WarningChange, WarningKind,
};
pub use quantity::amount::{Amount, AmountError, Capacity, MAX_MILLIONTHS, Percent, Quantity};
pub use quantity::units::{Total, Units, ZeroUnitsError};
pub use query::app_users::AppUsers;
pub use query::claims::{ClaimError, ClaimInError};
pub use query::clock::ClockStatus;
pub use query::grants::{GrantChange, GrantStatus, Upcoming};
pub use query::install::{InstallDecision, ListingAction};
pub use query::session::{MessageOutcome, PendingSession, SessionMeter};
pub use query::trials::{TrialState, TrialStatus};
pub use query::usage::Usage;
pub use record::error::{LedgerError, LedgerFault, WriteLineError};
pub use record::{Ledger, ValidPrefix};
#[cfg(feature = "answers")]
pub use remedy::{Effort, Remedies, Remedy, SearchStatus, Step};
pub use tenant::command::{
    Assignee, Assignment, Command, Event, MAX_COMMANDS, Membership, SignUpPolicy, TrialName, Unassignment,
};
pub use tenant::consumption::{Consumption, MAX_CONSUMPTIONS};
pub use tenant::document_issue::{DocumentIssue, MAX_DATE_AHEAD};
pub use tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
pub use tenant::pool::{ByPhase, Pool};
pub use tenant::refusal::{MAX_DOCUMENTS, Refusal, RefusalReason};
pub use tenant::role::{Actor, Role};
pub use tenant::snapshot::SnapshotError;
pub use tenant::state::documents::{Document, DocumentStatus};
pub use tenant::{ApplyError, Tenant};
pub use time::month::{Month, ParseMonthError};
pub use time::{Days, EARLIEST, End, LATEST, Length, Phase, Term, TimeError, Window};
pub use token::armor::{ArmorError, MAX_ARMOR_BYTES};
pub use token::error::TokenError;
pub use token::footer::Kind;
pub use token::license::License;
pub use token::list::RevocationList;
pub use token::permissions::{KeyConstraint, KeyPermissions, KeyPurpose, TrustError};
pub use token::ring::KeyRing;
pub use token::seal::SealError;
pub use token::ticket::TimeTicket;
pub use token::{MAX_FOOTER_BYTES, MAX_LICENSE_BYTES, MAX_TICKET_BYTES, MAX_TOKEN_BYTES, ParseTokenError, Token};

pub use chrono;
pub use zeroize::Zeroizing;
