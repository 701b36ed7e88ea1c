//! The largest inputs and records, each with its reason (X8).

pub use crate::catalog::MAX_CATALOG_BYTES;
pub use crate::catalog::quota::MAX_QUOTAS;
pub use crate::catalog::requirement_graph::{MAX_REQUIRED, MAX_REQUIREMENTS};
pub use crate::id::MAX_TEXT_BYTES;
pub use crate::license::deal::MAX_GRANTS;
pub use crate::license::grant::MAX_EXTENSIONS;
pub use crate::license::revocation::MAX_REVOCATIONS;
#[cfg(feature = "answers")]
pub use crate::preview::{MAX_PREVIEW_ENTRIES, MAX_PREVIEW_INSTANTS};
pub use crate::quantity::amount::MAX_MILLIONTHS;
pub use crate::quantity::quota_amount::MAX_QUOTA;
#[cfg(feature = "answers")]
pub use crate::report::MAX_STATEMENT_BYTES;
pub use crate::tenant::command::MAX_COMMANDS;
pub use crate::tenant::consumption::MAX_CONSUMPTIONS;
pub use crate::tenant::document_issue::MAX_DATE_AHEAD;
pub use crate::tenant::entry::MAX_ENTRY_BYTES;
pub use crate::tenant::limits::{MAX_ASSIGNED, MAX_GROUPS};
pub use crate::tenant::refusal_reason::MAX_DOCUMENTS;
pub use crate::token::armor::MAX_ARMOR_BYTES;
pub use crate::token::certificate_error::MAX_CONSTRAINTS;
pub use crate::token::{MAX_CERTIFICATE_BYTES, MAX_FOOTER_BYTES, MAX_LICENSE_BYTES, MAX_TICKET_BYTES, MAX_TOKEN_BYTES};
