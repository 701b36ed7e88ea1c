//! Documents that are handed to a tenant of a host, such as a text that an administrator uploads.

use core::fmt;

use entitle::chrono::{DateTime, Utc};
use entitle::command::RefusalReason;
use entitle::language::Message;
use entitle::query::{DocumentIssue, InstallState};
use entitle::{Actor, Command, Token};

use super::HostTenant;
use crate::documents;
use crate::random::RandomError;
use crate::store::Store;
use crate::writer::Answer;

/// What became of a document that was handed to a tenant of a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum DocumentAnswer {
    /// It was installed before, by a state of the record that is not older than the question.
    AlreadyThere,
    /// A later revision of the license, or a more recent list of the key, is installed.
    Superseded,
    /// It was submitted: it is stored now, or it is refused, or what else became of it.
    Submitted(Answer),
}

impl DocumentAnswer {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Submitted(answer) => answer.code(),
            _ => self.message().code(),
        }
    }

    /// Returns the message with its values, for translations.
    #[must_use]
    pub fn message(&self) -> Message {
        match self {
            Self::AlreadyThere => InstallState::AlreadyThere.message(),
            Self::Superseded => InstallState::Superseded.message(),
            Self::Submitted(answer) => answer.message(),
        }
    }
}

impl fmt::Display for DocumentAnswer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl<S: Store + 'static> HostTenant<S> {
    /// Installs documents of any kind, such as those of a text ([`Token::all_in`]), and returns what
    /// became of each, in their order. Each is an entry of its own, certificates first, so that one that
    /// is refused, or that is there already, keeps none of the others out.
    ///
    /// # Errors
    ///
    /// [`RandomError`] as for [`submit`](HostTenant::submit); what was installed before it stays so.
    pub fn install(
        &self,
        tokens: &[Token],
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Vec<DocumentAnswer>, RandomError> {
        let mut answers = Vec::new();
        for index in documents::order(tokens) {
            let Some(token) = tokens.get(index) else { continue };
            let answer = self.submit(actor.clone(), vec![Command::install_any(token.clone())], now)?;
            answers.push((index, of(answer)));
        }
        answers.sort_unstable_by_key(|(index, _)| *index);
        Ok(answers.into_iter().map(|(_, answer)| answer).collect())
    }
}

/// Returns what an answer says of the document. Another license with the revision that is installed is a
/// refusal, since somebody has to act.
fn of(answer: Answer) -> DocumentAnswer {
    let Answer::Refused(refusal) = &answer else { return DocumentAnswer::Submitted(answer) };
    match &refusal.reason {
        RefusalReason::Unusable(DocumentIssue::AlreadyInstalled | DocumentIssue::TicketUsed { .. }) => {
            DocumentAnswer::AlreadyThere
        }
        reason if documents::is_another_of_one_revision(reason) => DocumentAnswer::Submitted(answer),
        RefusalReason::Unusable(DocumentIssue::Superseded { .. } | DocumentIssue::OldList { .. }) => {
            DocumentAnswer::Superseded
        }
        _ => DocumentAnswer::Submitted(answer),
    }
}
