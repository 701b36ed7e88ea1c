//! Answers which texts a person can be shown, and how they read in another language: all codes with
//! their English wordings, and languages (K11).
//! It takes nothing: each part of this library lists its own wordings.
//! It must not word anything itself.

use crate::catalog::fault::{CatalogWarning, Fault, FaultKind};
use crate::catalog::offer::Scope;
use crate::catalog::{CatalogError, QuotaScope, ServiceIdError, UnknownApp, UnknownQuota};
use crate::collections::hashing::HashSeedError;
use crate::decision::Warning;
use crate::decision::check_first::CheckFirst;
use crate::decision::denial_explanation::PlanDenial;
use crate::decision::denial_reason::DenialReason;
use crate::directory::{LossLimitError, ReconcileError};
use crate::explain::Basis;
use crate::explain::text::{allowed, checks, denied, denied_user, detail, over, plan_link, reasons, upcoming, vendor};
use crate::id::{TextError, TextKind};
use crate::license::checkpoint::ParseCheckpointError;
use crate::license::deal::{DealError, LastRevisionError};
use crate::license::grant::FallbackError;
use crate::license::head::ParseEntryHashError;
use crate::license::not_offered::NotOffered;
use crate::license::revocation::{LastListError, ParseHashError};
use crate::message::language;
use crate::quantity::{AmountError, QuotaNumberError, ZeroUnitsError};
use crate::query::InstallState;
use crate::query::claims::{ClaimError, ClaimInError};
use crate::record::{LedgerError, LedgerFault};
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::entry::{ApplyError, EntryError};
use crate::tenant::inclusion::ProofError;
use crate::tenant::no_units::NoUnits;
use crate::tenant::refusal::Refusal;
use crate::tenant::refusal_reason::RefusalReason;
use crate::tenant::role::Role;
use crate::tenant::snapshot::SnapshotError;
use crate::tenant::source;
use crate::time::{ParseMonthError, Phase, TimeError};
use crate::token::{
    ArmorError, CertificateError, KeyConstraint, KeyError, KeyPurpose, Kind, ParseTokenError, PlanUnits, SealError,
    SignatureError, TokenError, TokenPart, TrustError,
};

pub use crate::message::{Language, Message, Value, Wording};

/// The wordings of each part.
const PARTS: &[&[Wording]] = &[
    language::WORDINGS,
    TextKind::WORDINGS,
    TextError::WORDINGS,
    TimeError::WORDINGS,
    ParseMonthError::WORDINGS,
    Phase::WORDINGS,
    ZeroUnitsError::WORDINGS,
    AmountError::WORDINGS,
    HashSeedError::WORDINGS,
    Scope::WORDINGS,
    Basis::WORDINGS,
    CatalogError::WORDINGS,
    Fault::WORDINGS,
    FaultKind::WORDINGS,
    CatalogWarning::WORDINGS,
    UnknownApp::WORDINGS,
    UnknownQuota::WORDINGS,
    QuotaScope::WORDINGS,
    QuotaNumberError::WORDINGS,
    ServiceIdError::WORDINGS,
    KeyError::WORDINGS,
    KeyPurpose::WORDINGS,
    KeyConstraint::WORDINGS,
    PlanUnits::WORDINGS,
    TrustError::WORDINGS,
    Kind::WORDINGS,
    TokenPart::WORDINGS,
    ParseTokenError::WORDINGS,
    ArmorError::WORDINGS,
    TokenError::WORDINGS,
    SealError::WORDINGS,
    CertificateError::WORDINGS,
    SignatureError::WORDINGS,
    DealError::WORDINGS,
    NotOffered::WORDINGS,
    FallbackError::WORDINGS,
    LastRevisionError::WORDINGS,
    LastListError::WORDINGS,
    ParseHashError::WORDINGS,
    ParseEntryHashError::WORDINGS,
    ParseCheckpointError::WORDINGS,
    DocumentIssue::WORDINGS,
    EntryError::WORDINGS,
    ApplyError::WORDINGS,
    LedgerError::WORDINGS,
    LedgerFault::WORDINGS,
    ProofError::WORDINGS,
    SnapshotError::WORDINGS,
    Role::WORDINGS,
    Refusal::WORDINGS,
    RefusalReason::WORDINGS,
    NoUnits::WORDINGS,
    source::WORDINGS,
    PlanDenial::WORDINGS,
    DenialReason::WORDINGS,
    CheckFirst::WORDINGS,
    Warning::WORDINGS,
    ClaimError::WORDINGS,
    ClaimInError::WORDINGS,
    InstallState::WORDINGS,
    LossLimitError::WORDINGS,
    ReconcileError::WORDINGS,
    allowed::WORDINGS,
    upcoming::WORDINGS,
    denied_user::WORDINGS,
    plan_link::WORDINGS,
    denied::WORDINGS,
    checks::WORDINGS,
    reasons::WORDINGS,
    vendor::WORDINGS,
    over::WORDINGS,
    detail::WORDINGS,
];

/// The wordings of each part of the feature `answers`.
#[cfg(feature = "answers")]
const ANSWERS: &[&[Wording]] = &[
    crate::remedy::Step::WORDINGS,
    crate::explain::text::losses::WORDINGS,
    crate::explain::text::own_steps::WORDINGS,
    crate::explain::text::purchases::WORDINGS,
    crate::explain::text::remedies::WORDINGS,
    crate::preview::text::WORDINGS,
    crate::preview::Subject::WORDINGS,
    crate::preview::AffectedUsers::WORDINGS,
    crate::preview::WarningKind::WORDINGS,
    crate::preview::PoolUnits::WORDINGS,
    crate::preview::AccessChange::WORDINGS,
    crate::preview::AccessEnd::WORDINGS,
    crate::preview::WaitChange::WORDINGS,
    crate::preview::PoolChange::WORDINGS,
    crate::preview::QuotaSubject::WORDINGS,
    crate::preview::QuotaChange::WORDINGS,
    crate::preview::WarningChange::WORDINGS,
    crate::preview::DroppedGrant::WORDINGS,
    crate::report::WentBackError::WORDINGS,
    crate::report::StatementError::WORDINGS,
    crate::report::Contradiction::WORDINGS,
    crate::report::statement_wordings::WORDINGS,
    crate::audit::wording::WORDINGS,
    crate::audit::plan_name::WORDINGS,
    crate::audit::CompareError::WORDINGS,
];
#[cfg(not(feature = "answers"))]
const ANSWERS: &[&[Wording]] = &[];

/// Returns every code with its English wording, each code once (K11). `O(n)`.
///
/// A language is complete if it has a wording for each.
pub fn wordings() -> impl Iterator<Item = Wording> {
    PARTS.iter().chain(ANSWERS).flat_map(|part| part.iter().copied())
}
