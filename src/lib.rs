#![doc = include_str!("../README.md")]
#![no_std]

extern crate alloc;
#[cfg(any(test, feature = "plot"))]
extern crate std;

// Each of these imports only from those above it.
mod either;
mod hashing;
mod sentence;
mod sorted;
mod table;
mod wire;

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

mod correction;
mod deal;
mod renew;
mod revocation;

mod life;

mod token;

mod role;

mod basis;
mod pool;
mod schedule;

mod tenant;

mod ledger;

mod decision;
mod explain;

mod check;
mod claims;
mod clock;
mod grants;
mod grounds;
mod install;
mod openings;
mod preview;
mod remedy;
mod session;
mod text;
mod trials;
mod usage;

pub mod report;

#[cfg(feature = "microsoft")]
pub mod microsoft;

pub mod manual;
#[cfg(feature = "testing")]
pub mod testing;

pub use amount::{Amount, Capacity, MAX_MILLIONTHS, NotAnAmount, Percent, Quantity};
pub use basis::Basis;
pub use catalog::chain::{MAX_REQUIRED, MAX_REQUIREMENTS};
pub use catalog::fault::{CatalogWarning, Fault, FaultKind};
pub use catalog::offer::{Access, AppEntry, Install, Management, Offer, Plan, Scope};
pub use catalog::{App, Catalog, CatalogError, MAX_CATALOG_BYTES, ServiceIdError, UnknownApp};
pub use checkpoint::{Anchor, Checkpoint, Contained, NotACheckpoint};
pub use claims::{ClaimError, ClaimInError};
pub use clock::Clock;
pub use correction::Correction;
pub use deal::{Customer, Deal, DealError, Freshness, FreshnessLimit, Holder, LastRevision, MAX_GRANTS};
pub use decision::{Allow, Decision, Denial, Warning};
pub use explain::{Cause, Explanation, Miss, Reason};
pub use grant::{Allowance, Early, Extension, Extensions, Grant, MAX_EXTENSIONS, Paid, Terms, Tolerance, Trial};
pub use grants::{GrantStanding, Turn, Upcoming};
pub use grounds::{Approaching, By, Ground, Grounds, InUse, Sale, Seat};
pub use hashing::{HashSeedError, seed_hashes};
pub use id::{
    AppId, CountryCode, DrawId, GroupId, Label, LicenseId, MAX_TEXT_BYTES, OfferId, PlanId, PublisherId, RecordId,
    TenantId, TextError, ThingId, TicketId,
};
pub use install::{Button, Installation};
pub use key::{KeyError, KeyId, PublicKey, SecretKey};
pub use ledger::{GoodPart, Ledger, LedgerError, LedgerFault, Unwritable};
pub use month::{Month, NotAMonth};
pub use openings::Audience;
pub use pool::{ByPhase, Pool};
pub use preview::{
    AccessChange, AccessEnd, Affected, DroppedGrant, MAX_PREVIEW_ENTRIES, MAX_PREVIEW_INSTANTS, PoolChange, PoolUnits,
    Preview, Tally, Totals, WaitChange, WarningChange, WarningKind, Who,
};
pub use remedy::effort::{Effort, SearchStatus};
pub use remedy::{Remedies, Remedy, Step};
pub use renew::TOLERATED;
pub use revocation::{LicenseHash, MAX_REVOCATIONS, NotAHash, Revocation, Revocations, RevokedKey, RevokedLicense};
pub use role::{Actor, Role};
pub use sentence::Sentence;
pub use session::{Meter, Next, Opening};
pub use tenant::command::{
    Assignee, Assignment, Command, Event, MAX_COMMANDS, Membership, SignUps, TrialName, Unassignment,
};
pub use tenant::documents::{Document, Status};
pub use tenant::draws::{Draw, MAX_DRAWS};
pub use tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
pub use tenant::refusal::{MAX_DOCUMENTS, Refusal, Why};
pub use tenant::snapshot::SnapshotError;
pub use tenant::unusable::{MAX_DATE_AHEAD, Unusable};
pub use tenant::{NotNext, Tenant};
pub use text::{Line, Part, Reader, Text};
pub use time::{Days, EARLIEST, End, LATEST, Length, Phase, Term, TimeError, Window};
pub use token::armor::{ArmorError, MAX_ARMOR_BYTES};
pub use token::footer::Kind;
pub use token::license::License;
pub use token::list::RevocationList;
pub use token::ring::{KeyRing, Limit, Powers, Purpose, TokenError, TrustError};
pub use token::seal::SealError;
pub use token::ticket::TimeTicket;
pub use token::{MAX_FOOTER_BYTES, MAX_LICENSE_BYTES, MAX_TICKET_BYTES, MAX_TOKEN_BYTES, NotAToken, Token};
pub use trials::{Run, TrialStanding};
pub use units::{Total, Units, ZeroUnits};
pub use usage::Usage;
pub use user_id::{UserId, UserRef};

pub use chrono;
pub use zeroize::Zeroizing;
