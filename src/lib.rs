#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(not(feature = "answers"), allow(dead_code, reason = "what only remedies, previews and reports ask for"))]

extern crate alloc;
#[cfg(test)]
extern crate std;

// Each module imports only from modules above it.
mod basis;
mod hashing;
mod message;
mod or_list;
mod strict_serde;
mod table;

mod id;
mod units;
mod user_id;

mod time;

mod amount;
mod month;

mod key;

mod catalog;
mod grant;

mod checkpoint;

mod deal;
mod renew;
mod revocation;
mod time_ticket_draft;

mod phase_timeline;

mod token;

mod role;

mod pool;
mod schedule;

mod tenant;

mod ledger;

mod decision;
mod denial_explanation;

mod check;
mod claims;
mod clock;
mod grants;
mod install;
#[cfg(feature = "answers")]
mod preview;
#[cfg(feature = "answers")]
mod remedy;
mod session;

mod allow_explanation;
mod app_users;
mod text;
mod trials;
mod usage;

#[cfg(feature = "answers")]
pub mod report;

pub mod manual;
#[cfg(feature = "testing")]
pub mod testing;

pub use allow_explanation::{ActiveGrant, AllowExplanation, AllowedBy, GrantingPlan, Sale, Seat, UpcomingChange};
pub use amount::{Amount, AmountError, Capacity, MAX_MILLIONTHS, Percent, Quantity};
pub use app_users::AppUsers;
pub use basis::Basis;
pub use catalog::fault::{CatalogWarning, Fault, FaultKind};
pub use catalog::offer::{Access, AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
pub use catalog::requirement_graph::{MAX_REQUIRED, MAX_REQUIREMENTS};
pub use catalog::{App, Catalog, CatalogError, MAX_CATALOG_BYTES, ServiceIdError, UnknownApp};
pub use checkpoint::{Anchor, Checkpoint, InclusionProof, ParseCheckpointError};
pub use claims::{ClaimError, ClaimInError};
pub use clock::ClockStatus;
pub use deal::{Customer, Deal, DealError, Freshness, FreshnessLimit, LastRevisionError, Licensee, MAX_GRANTS};
pub use decision::{Allow, Decision, Denial, Warning};
pub use denial_explanation::{DenialCause, DenialExplanation, DenialReason, PlanDenial};
pub use grant::{
    Extension, Extensions, Grant, GrantKind, MAX_EXTENSIONS, PaidTerms, Termination, Tolerance, ToleratedUnits,
    TrialTerms,
};
pub use grants::{GrantChange, GrantStatus, Upcoming};
pub use hashing::{HashSeedError, seed_hashes};
pub use id::{
    AppId, ConsumerId, ConsumptionId, CountryCode, GroupId, Label, LicenseId, MAX_TEXT_BYTES, OfferId, PlanId,
    PublisherId, RecordId, TenantId, TextError, TicketId,
};
pub use install::{InstallDecision, ListingAction};
pub use key::{KeyError, KeyId, PublicKey, SecretKey};
pub use ledger::error::{LedgerError, LedgerFault, WriteLineError};
pub use ledger::{Ledger, ValidPrefix};
pub use message::Message;
pub use month::{Month, ParseMonthError};
pub use pool::{ByPhase, Pool};
#[cfg(feature = "answers")]
pub use preview::{
    AccessChange, AccessEnd, AffectedUsers, DroppedGrant, MAX_PREVIEW_ENTRIES, MAX_PREVIEW_INSTANTS, PoolChange,
    PoolUnits, Preview, Subject, Tally, Totals, WaitChange, WarningChange, WarningKind,
};
#[cfg(feature = "answers")]
pub use remedy::effort::{Effort, SearchStatus};
#[cfg(feature = "answers")]
pub use remedy::{Remedies, Remedy, Step};
pub use renew::RENEWAL_TOLERANCE;
pub use revocation::{
    LicenseHash, MAX_REVOCATIONS, ParseHashError, Revocation, RevocationListDraft, RevokedKey, RevokedLicense,
};
pub use role::{Actor, Role};
pub use session::{MessageOutcome, PendingSession, SessionMeter};
pub use tenant::command::{
    Assignee, Assignment, Command, Event, MAX_COMMANDS, Membership, SignUpPolicy, TrialName, Unassignment,
};
pub use tenant::consumption::{Consumption, MAX_CONSUMPTIONS};
pub use tenant::document_issue::{DocumentIssue, MAX_DATE_AHEAD};
pub use tenant::documents::{Document, DocumentStatus};
pub use tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
pub use tenant::refusal::{MAX_DOCUMENTS, Refusal, RefusalReason};
pub use tenant::snapshot::SnapshotError;
pub use tenant::{ApplyError, Tenant};
pub use text::{Audience, Text, TextLine, TextPart};
pub use time::{Days, EARLIEST, End, LATEST, Length, Phase, Term, TimeError, Window};
pub use time_ticket_draft::TimeTicketDraft;
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
pub use trials::{TrialState, TrialStatus};
pub use units::{Total, Units, ZeroUnitsError};
pub use usage::Usage;
pub use user_id::{UserId, UserRef};

pub use chrono;
pub use zeroize::Zeroizing;
