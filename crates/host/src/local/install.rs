//! Installs the documents of a folder.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use entitle::chrono::{DateTime, Utc};
use entitle::command::RefusalReason;
use entitle::language::Value;
use entitle::limits::MAX_ARMOR_BYTES;
use entitle::query::{DocumentIssue, InstallState};
use entitle::token::ArmorError;
use entitle::{Actor, Command, RequestId, Token};

use super::error::SubmitError;
use super::{Local, Receipt};
use crate::documents;
use crate::file::{FileError, bytes, open};
use crate::message::{messages, path};

/// What became of one document, or of a file without any.
#[derive(Debug)]
#[non_exhaustive]
pub struct DocumentReport {
    /// The file.
    pub file: PathBuf,
    /// The number of the document in the file, counted from 1; 0 for a file of which no document was
    /// read.
    pub document: usize,
    /// What became of it.
    pub outcome: DocumentOutcome,
}

/// What became of a document.
#[derive(Debug)]
#[non_exhaustive]
pub enum DocumentOutcome {
    /// It is installed now.
    Installed(Receipt),
    /// It was installed before.
    AlreadyThere,
    /// A later revision, or a more recent list, is installed.
    Superseded,
    /// It gives this tenant nothing: it was changed, or it is for another tenant or product.
    Invalid(DocumentIssue),
    /// It may not be installed now, or not by this actor.
    Refused(RefusalReason),
    /// It could not be recorded. The next call tries it again.
    NotRecorded(SubmitError),
    /// The file has no signed document, or one that was cut or edited.
    NoDocument(ArmorError),
    /// The file is not text in UTF-8.
    NotText,
    /// The file cannot be read.
    NotReadable(FileError),
}

messages! {
    DocumentOutcome
        as Self::Invalid(issue) => issue
        as Self::Refused(reason) => reason
        as Self::NotRecorded(error) => error
        as Self::NoDocument(error) => error
        as Self::NotReadable(error) => error;
    Self::Installed(receipt) => "host.document.installed", "installed by entry {number}", number = Value::Ordinal(receipt.number);
    Self::AlreadyThere => "host.document.already-there", "already installed";
    Self::Superseded => "host.document.superseded", "superseded by what is installed";
    Self::NotText => "host.document.not-text", "it is not text: save the file again as it was sent";
}

messages! {
    DocumentReport;
    Self { file, document: 0 | 1, outcome } => (outcome.code()) "host.document.report",
        "{file}: {outcome}", file = path(file), outcome = outcome.message();
    Self { file, document, outcome } => (outcome.code()) "host.document.report-of-several",
        "{file}, document {document}: {outcome}", file = path(file), document = *document, outcome = outcome.message();
}

impl Local {
    /// Installs every document of a folder that is new: licenses, revocation lists and time tickets,
    /// armored or plain, in the order of the names of their files. Folders within it are not read.
    ///
    /// A host calls it at every start: there is nothing to remember about it. A folder that does not
    /// exist has no documents. Each document is an entry of its own, so that one that is refused
    /// keeps none of the others out. Certificates are installed before what they may admit, wherever
    /// they stand (X10).
    ///
    /// # Errors
    ///
    /// [`FileError`] for a folder that cannot be listed.
    pub fn install_all(
        &mut self,
        folder: impl AsRef<Path>,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Vec<DocumentReport>, FileError> {
        let (mut reports, mut found) = (Vec::new(), Vec::new());
        for file in files(folder.as_ref())? {
            match read(&file) {
                Ok(tokens) => found.extend((1..).zip(tokens).map(|(document, token)| (file.clone(), document, token))),
                Err(outcome) => reports.push(DocumentReport { file, document: 0, outcome }),
            }
        }
        for index in documents::order(found.iter().map(|(_, _, token)| token)) {
            let Some((file, document, token)) = found.get(index) else { continue };
            let outcome = self.install(token, actor, now);
            reports.push(DocumentReport { file: file.clone(), document: *document, outcome });
        }
        reports.sort_by(|one, other| (&one.file, one.document).cmp(&(&other.file, other.document)));
        Ok(reports)
    }

    /// Installs a document of any kind if it is new.
    pub fn install(&mut self, token: &Token, actor: &Actor, now: DateTime<Utc>) -> DocumentOutcome {
        match self.tenant.install_state(token) {
            // One that depends on a checkpoint is decided on once the record was proved.
            Ok(InstallState::New) | Err(DocumentIssue::NotContained { .. }) => {}
            Ok(InstallState::Superseded) => return self.superseded(token, actor, now),
            state => return outcome(state),
        }
        match self.submit(actor, &[Command::install_any(token.clone())], now) {
            Ok(receipt) => DocumentOutcome::Installed(receipt),
            Err(SubmitError::Refused(refusal)) => match self.tenant.install_state(token) {
                // Another process may have installed it, or a later one, since.
                Ok(InstallState::AlreadyThere) => DocumentOutcome::AlreadyThere,
                Ok(InstallState::Superseded) if !documents::is_another_of_one_revision(&refusal.reason) => {
                    DocumentOutcome::Superseded
                }
                _ => DocumentOutcome::Refused(refusal.reason),
            },
            Err(error) => DocumentOutcome::NotRecorded(error),
        }
    }

    /// Returns what became of a document that is superseded. Another license with the revision that is
    /// installed is a refusal, since somebody has to act.
    fn superseded(&self, token: &Token, actor: &Actor, now: DateTime<Utc>) -> DocumentOutcome {
        let (command, request) = (Command::install_any(token.clone()), RequestId::from_random([0; 16]));
        match self.tenant.decide(actor, &[command], request, now).map_err(|refusal| refusal.reason) {
            Err(reason) if documents::is_another_of_one_revision(&reason) => DocumentOutcome::Refused(reason),
            _ => DocumentOutcome::Superseded,
        }
    }
}

fn outcome(state: Result<InstallState, DocumentIssue>) -> DocumentOutcome {
    match state {
        Ok(InstallState::Superseded) => DocumentOutcome::Superseded,
        Ok(_) => DocumentOutcome::AlreadyThere,
        Err(issue) => DocumentOutcome::Invalid(issue),
    }
}

/// Returns the files of a folder in the order of their names.
fn files(folder: &Path) -> Result<Vec<PathBuf>, FileError> {
    let listed = match fs::read_dir(folder) {
        Ok(listed) => listed,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(FileError::reading(folder, error)),
    };
    let mut files = Vec::new();
    for entry in listed {
        let path = entry.map_err(|error| FileError::reading(folder, error))?.path();
        if path.is_file() {
            files.push(path);
        }
    }
    files.sort_unstable();
    Ok(files)
}

/// Returns the documents of a file.
fn read(path: &Path) -> Result<Vec<Token>, DocumentOutcome> {
    let opened = open::for_reading(path).map_err(DocumentOutcome::NotReadable)?;
    let mut text = Vec::new();
    // One byte more than a text with documents may have is an error of its own.
    let read = opened.file.take(bytes(MAX_ARMOR_BYTES).saturating_add(1)).read_to_end(&mut text);
    let not_readable = |error| DocumentOutcome::NotReadable(FileError::reading(path, error));
    if read.map_err(not_readable)? > MAX_ARMOR_BYTES {
        // Not what was read of it.
        let size = fs::metadata(path).map_err(not_readable)?.len();
        let bytes = usize::try_from(size).unwrap_or(usize::MAX);
        return Err(DocumentOutcome::NoDocument(ArmorError::TooLong { bytes }));
    }
    let text = String::from_utf8(text).map_err(|_| DocumentOutcome::NotText)?;
    Token::all_in(&text).map_err(DocumentOutcome::NoDocument)
}
