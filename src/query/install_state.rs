//! Whether a document is installed already.

use alloc::borrow::Cow;
use alloc::vec::Vec;

use serde::{Deserialize, Serialize};

use crate::license::checkpoint::Checkpoint;
use crate::message::messages;
use crate::tenant::Tenant;
use crate::tenant::command::Command;
use crate::tenant::document_issue::DocumentIssue;
use crate::tenant::state::documents::PlacedToken;
use crate::tenant::state::timeline::Timeline;
use crate::token::Token;
use crate::token::footer::Kind;

/// Where a document is beside those that are installed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum InstallState {
    /// It is not installed, and nothing that is supersedes it. It may give nothing all the same: a license
    /// that a list revokes is new, too.
    New,
    /// It is in force, or it is a time ticket that was used.
    AlreadyThere,
    /// A higher revision of the license is in force, or one of the same number with other content; or
    /// a more recent list of the key.
    Superseded,
}

messages! {
    InstallState;
    Self::New => "document.new", "new";
    Self::AlreadyThere => "document.already-there", "already there";
    Self::Superseded => "document.superseded", "superseded";
}

impl Tenant {
    /// Returns where a document of any kind is beside those that are installed, so that a host
    /// can install what is new of a folder without asking for what is refused. `O(log n)` in the
    /// documents, and in the token's length for its signature.
    ///
    /// A document that is new may still be refused, such as one that is dated ahead of the clock.
    ///
    /// # Errors
    ///
    /// [`DocumentIssue`] for a document that does not verify, that is for another tenant, offer or
    /// publisher, or that counts only on another record; and for a list of the same number as the one
    /// in force, with other content.
    pub fn install_state(&self, token: &Token) -> Result<InstallState, DocumentIssue> {
        let (base, documents) = (self.base(), &self.core().documents);
        let accepted = match token.claimed_kind()? {
            Kind::License => documents.accept(&base.license(documents, token)?),
            Kind::RevocationList => documents.accept_list(&base.list(documents, token)?),
            Kind::TimeTicket => documents.accept_ticket(&base.ticket(documents, token)?.0),
            Kind::KeyCertificate => documents.accept_certificate(&base.certificate(documents, token)?),
        };
        match accepted {
            Ok(()) => Ok(InstallState::New),
            Err(DocumentIssue::AlreadyInstalled | DocumentIssue::TicketUsed { .. }) => Ok(InstallState::AlreadyThere),
            Err(DocumentIssue::Superseded { .. } | DocumentIssue::OldList { .. }) => Ok(InstallState::Superseded),
            Err(issue) => Err(issue),
        }
    }

    /// Returns the checkpoints on which documents among commands depend and that the record was not
    /// proved to contain, each once, for [`InclusionProver`](crate::record::InclusionProver) and
    /// [`Tenant::with_proof`]: a host proves them before it decides on the commands (X7). Certificates
    /// among the commands count for the documents after them (X10).
    ///
    /// `O(1)` for commands that install nothing; otherwise a signature for each document.
    #[must_use]
    pub fn missing_anchors_for(&self, commands: &[Command]) -> Vec<Checkpoint> {
        let (base, mut known) = (self.base(), Cow::Borrowed(&*self.core().documents));
        let mut missing = Vec::new();
        for command in commands {
            let read = match command {
                Command::InstallCertificate(token) => {
                    let (entry, read) = (PlacedToken { token, position: 0 }, base.certificate(&known, token));
                    known.to_mut().keep_certificate(entry, read, &Timeline::new());
                    continue;
                }
                Command::Install(token) => base.license(&known, token).map(drop),
                Command::CorrectTime(token) => base.ticket(&known, token).map(drop),
                _ => continue,
            };
            if let Err(DocumentIssue::NotContained { checkpoint }) = read {
                missing.push(checkpoint);
            }
        }
        missing.sort_unstable();
        missing.dedup();
        missing
    }
}
