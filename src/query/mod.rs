//! Answers the questions beside the check: users, groups, claims and their errors, grants, trials,
//! capacity, documents, installs and the clock.
//! It takes a tenant and an instant.
//! It must not change anything, or decide what the check decides.

pub(crate) mod app_users;
pub(crate) mod claims;
pub(crate) mod clock;
pub(crate) mod grants;
pub(crate) mod groups;
pub(crate) mod install;
pub(crate) mod install_state;
pub(crate) mod record_ahead;
pub(crate) mod session;
pub(crate) mod taken_back;
pub(crate) mod trials;
pub(crate) mod usage;
pub(crate) mod user_claims;
pub(crate) mod user_index;

pub use crate::tenant::document_issue::DocumentIssue;
pub use crate::tenant::pool::{ByPhase, Pool};
pub use crate::tenant::state::document::{Document, DocumentStatus};
pub use app_users::AppUsers;
pub use claims::{ClaimError, ClaimInError};
pub use clock::{ClockStatus, FAR_AHEAD, TIME_RECORD_INTERVAL};
pub use grants::{GrantChange, GrantStatus, Upcoming};
pub use groups::{GroupIndex, GroupPlan, GroupStatus};
pub use install::{InstallDecision, ListingAction};
pub use install_state::InstallState;
pub use trials::{TrialState, TrialStatus};
pub use user_claims::{ClaimSource, ClaimState, ClaimStatus};
pub use user_index::UserIndex;
