//! A document in a record, and what it gives (L3).

use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::state::stored_document::{Installed, StoredDocument};
use crate::token::Token;
use crate::token::certificate::KeyCertificate;
use crate::token::license::License;
use crate::token::list::RevocationList;
use crate::token::ticket::TimeTicket;

/// A document in a tenant's record.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Document<'a> {
    pub(super) stored: &'a StoredDocument,
    /// What the document gives.
    pub status: DocumentStatus<'a>,
}

impl Document<'_> {
    /// Returns the document as it was installed. `O(n)` in its length; allocates its text.
    #[must_use]
    pub fn token(&self) -> Token {
        self.stored.token()
    }

    pub(crate) fn installed(&self) -> Installed {
        self.stored.installed()
    }
}

/// What a document gives (L3).
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum DocumentStatus<'a> {
    /// The license is in force.
    InForce(&'a License),
    /// A higher revision has replaced the license.
    Replaced(&'a License),
    /// The revocation list is in force.
    Revokes(&'a RevocationList),
    /// A later revocation list of the same key has replaced the list.
    ReplacedList,
    /// The time ticket has corrected the times recorded before it.
    Corrects(&'a TimeTicket),
    /// The certificate admits documents of the key that it names (X10).
    Certifies(&'a KeyCertificate),
    /// The document stays in the record and gives nothing, for example because its key is gone.
    GivesNothing(&'a DocumentIssue),
}
