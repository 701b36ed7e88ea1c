//! `entitle tenant install`: documents of any kind, each in an entry of its own.

use std::path::PathBuf;

use entitle::chrono::{DateTime, Utc};
use entitle::query::InstallState;
use entitle::token::Kind;
use entitle::{Actor, Command, Entry, KeyRing, RequestId, Tenant, Token};
use serde_json::json;

use super::command_text::describe_document;
use super::done_text::done_lines;
use super::earlier::{dating_notes, require_present};
use super::ineffective_entries::ineffective_entries;
use super::options::{TenantOptions, WriteOptions};
use super::record::Record;
use super::refusal_failure::refusal_failure;
use super::verifier::Verifier;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files;
use crate::seal::parse_tokens;

/// A document with the file that contains it.
struct Document<'a> {
    file: &'a PathBuf,
    token: Token,
}

impl Document<'_> {
    /// Returns the command that installs it.
    fn command(&self) -> Command {
        Command::install_any(self.token.clone())
    }
}

/// Returns the documents of files, certificates first, since the others may need them.
fn read(paths: &[PathBuf]) -> Result<Vec<Document<'_>>, Failure> {
    let mut documents = Vec::new();
    for file in paths {
        let tokens = parse_tokens(file, &files::read(file)?)?;
        documents.extend(tokens.into_iter().map(|token| Document { file, token }));
    }
    documents.sort_by_key(|document| document.token.claimed_kind() != Ok(Kind::KeyCertificate));
    Ok(documents)
}

/// Returns the commands that install the documents of files.
pub(super) fn commands(paths: &[PathBuf]) -> Result<Vec<Command>, Failure> {
    Ok(Command::install_all(read(paths)?.into_iter().map(|document| document.token)))
}

/// Installs what is new of the documents of files. If one is refused, nothing is recorded.
pub(super) fn install(
    paths: &[PathBuf],
    options: &TenantOptions,
    write: &WriteOptions,
    now: DateTime<Utc>,
) -> Result<Answer, Failure> {
    let documents = read(paths)?;
    let actor = write.by.actor()?;
    let mut record = Record::write(options, write)?;
    let (ring, mut states) = (record.ring.clone(), Vec::new());
    let commands: Vec<Command> = documents.iter().map(Document::command).collect();
    let entries = record.submit_with(&commands, |tenant| {
        require_present(options, tenant, &commands)?;
        let (decided, entries) = decide(tenant, &ring, &documents, &actor, now)?;
        states = decided;
        Ok(entries)
    })?;
    let verifier = record.verifier();
    let (mut shown, mut lines, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
    let dated = dating_notes(&entries, now);
    let mut entries = entries.iter();
    for (Document { file, token }, state) in documents.iter().zip(states) {
        let entry = if state == InstallState::New { entries.next() } else { None };
        if let Some(entry) = entry {
            let commands: Vec<&Command> = entry.event().commands.iter().collect();
            warnings.extend(commands.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()));
            lines.extend(done_lines(record.tenant(), &verifier, &commands, now));
        } else {
            lines.push(format!("{state}: {}", describe_document(&verifier, token)));
        }
        let event = entry.map(Entry::event);
        shown.push(json!({ "file": file.to_string_lossy(), "state": state, "event": event }));
    }
    let json = json!({ "documents": shown, "warnings": warnings });
    let answer = Answer::new(json).recorded().notes(record.notes()).notes(warnings).notes(dated);
    Ok(lines.into_iter().fold(answer, Answer::line))
}

/// Decides all documents before the first is stored, each on what those before it lead to.
fn decide(
    tenant: &Tenant,
    ring: &KeyRing,
    documents: &[Document<'_>],
    actor: &Actor,
    now: DateTime<Utc>,
) -> Result<(Vec<InstallState>, Vec<Entry>), Failure> {
    let mut ahead = tenant.clone();
    let several = documents.len() > 1;
    let (mut decided, mut entries) = (Vec::new(), Vec::new());
    for document in documents {
        // What does not verify is refused with its reason.
        let state = ahead.install_state(&document.token).unwrap_or(InstallState::New);
        if state == InstallState::New {
            let commands = [document.command()];
            let request = RequestId::from_random(crate::random::id()?);
            let entry = ahead.decide(actor, &commands, request, now).map_err(|refusal| {
                let failure = refusal_failure(&Verifier::new(ring, &ahead), &commands, &refusal);
                if several { failure.of_file(document.file) } else { failure }
            })?;
            ahead.apply(&entry).map_err(|error| Failure::unreadable(error.code(), error))?;
            entries.push(entry);
        }
        decided.push(state);
    }
    Ok((decided, entries))
}
