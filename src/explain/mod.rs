//! Answers in words: why access is allowed, and the text of an allow or a denial for the people who
//! read it.
//! It takes a decision.
//! It must not decide anything.

pub(crate) mod allow_explanation;
pub(crate) mod explanation;

pub(crate) mod status;

pub(crate) mod text;

pub use crate::catalog::basis::Basis;
pub use crate::decision::Warning;
pub use crate::decision::check_first::{CheckFirst, RecordAhead};
pub use crate::decision::denial_explanation::{DenialCause, PlanDenial};
pub use crate::decision::denial_reason::{DenialReason, DenialReasonKind};
pub use crate::message::{Text, TextLine, TextPart};
pub use crate::tenant::grant_state::GrantState;
pub use crate::tenant::no_units::NoUnits;
pub use allow_explanation::{ActiveGrant, AllowExplanation, AllowedBy, GrantingPlan, Sale, Seat, UpcomingChange};
pub use status::{AppAccess, AppStatus, AppTrial, OpenAccess, StatusPlan};
pub use text::Audience;
