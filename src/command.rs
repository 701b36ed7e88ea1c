//! What [commands](crate::Command) name, and the reasons for which they are refused.

pub use crate::tenant::command::{
    Assignee, Assignment, ClaimOnFirstUse, ClaimPolicy, Membership, SignUpPolicy, TrialName, Unassignment,
};
pub use crate::tenant::refusal::RefusedPart;
pub use crate::tenant::refusal_reason::RefusalReason;
