//! `entitle tenant install`: documents of any kind, each in an entry of its own.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::query::InstallState;
use entitle::token::Kind;
use entitle::{Actor, Command, Entry, KeyRing, RequestId, Tenant, Token};
use serde_json::{Value, json};

use super::command_text::describe_document;
use super::done_text::done_lines;
use super::earlier::{dating_notes, require_present};
use super::gives_nothing;
use super::ineffective_entries::ineffective_entries;
use super::options::{TenantOptions, WriteOptions};
use super::record::Record;
use super::refusal_failure::refusal_failure;
use super::revocation_effects::Effects;
use super::verifier::Verifier;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files;
use crate::seal::parse_tokens;

/// Install what is new of documents.
#[derive(Debug, Args)]
pub(crate) struct Install {
    /// Files with licenses, revocation lists, time tickets or certificates.
    #[arg(required = true, value_name = "FILE")]
    pub(super) files: Vec<PathBuf>,
}

/// The documents of files.
#[derive(Debug)]
pub(super) struct Documents<'a>(Vec<Document<'a>>);

/// A document with the file that contains it.
#[derive(Debug)]
struct Document<'a> {
    file: &'a PathBuf,
    token: Token,
}

/// What became of documents.
#[derive(Debug)]
pub(super) struct Decided {
    /// The state of each document before.
    pub(super) states: Vec<InstallState>,
    /// The entries of those that are new.
    pub(super) entries: Vec<Entry>,
    /// The tenant with all of them.
    pub(super) tenant: Tenant,
}

impl Document<'_> {
    /// Returns the command that installs it.
    fn command(&self) -> Command {
        Command::install_any(self.token.clone())
    }

    /// Returns what it is, and why it is not installed.
    fn line(&self, state: InstallState, verifier: &Verifier) -> String {
        format!("{state}: {}", describe_document(verifier, &self.token))
    }
}

impl Install {
    /// Installs what is new of the documents of files. If one is refused, nothing is recorded.
    pub(super) fn run(
        &self,
        options: &TenantOptions,
        write: &WriteOptions,
        now: DateTime<Utc>,
    ) -> Result<Answer, Failure> {
        let (documents, actor) = (Documents::read(&self.files)?, write.by.actor()?);
        let mut record = Record::write(options, write)?;
        let (ring, mut states, mut effects) = (record.ring.clone(), Vec::new(), Effects::default());
        let commands = documents.commands();
        let entries = record.submit_with(&commands, |tenant| {
            require_present(options, tenant, &commands)?;
            let decided = documents.decide(tenant, &ring, &actor, now)?;
            effects = Effects::of(tenant, &decided.tenant, &decided.entries, &actor, now);
            states = decided.states;
            Ok(decided.entries)
        })?;
        let verifier = record.verifier();
        let (mut shown, mut lines, mut warnings) = (Vec::new(), Vec::new(), Vec::new());
        let dated = dating_notes(&entries, now);
        let installed = entries.iter().flat_map(|entry| &entry.event().commands);
        let in_vain = gives_nothing::notes(record.tenant(), &verifier, installed, now);
        let mut entries = entries.iter();
        for (document, state) in documents.0.iter().zip(states) {
            let entry = if state == InstallState::New { entries.next() } else { None };
            if let Some(entry) = entry {
                let commands: Vec<&Command> = entry.event().commands.iter().collect();
                warnings.extend(commands.iter().flat_map(|command| ineffective_entries(&verifier, command).warnings()));
                lines.extend(done_lines(record.tenant(), &verifier, &commands, now));
            } else {
                lines.push(document.line(state, &verifier));
            }
            let event = entry.map(Entry::event);
            shown.push(json!({ "file": document.file.to_string_lossy(), "state": state, "event": event }));
        }
        lines.extend(effects.lines());
        let json = json!({ "documents": shown, "warnings": warnings, "revoked": effects.json, "lost": effects.lost });
        let answer = Answer::new(json).recorded().notes(record.notes()).notes(warnings).notes(dated).notes(in_vain);
        Ok(lines.into_iter().fold(answer, Answer::line))
    }
}

impl<'a> Documents<'a> {
    /// Returns the documents of files, certificates first, since the others may need them.
    pub(super) fn read(paths: impl IntoIterator<Item = &'a PathBuf>) -> Result<Self, Failure> {
        let mut documents = Vec::new();
        for file in paths {
            let tokens = parse_tokens(file, &files::read(file)?)?;
            documents.extend(tokens.into_iter().map(|token| Document { file, token }));
        }
        documents.sort_by_key(|document| document.token.claimed_kind() != Ok(Kind::KeyCertificate));
        Ok(Self(documents))
    }

    /// Returns the commands that install them.
    pub(super) fn commands(&self) -> Vec<Command> {
        self.0.iter().map(Document::command).collect()
    }

    /// Decides all documents before the first is stored, each on what those before it lead to.
    pub(super) fn decide(
        &self,
        tenant: &Tenant,
        ring: &KeyRing,
        actor: &Actor,
        now: DateTime<Utc>,
    ) -> Result<Decided, Failure> {
        let mut ahead = tenant.clone();
        let several = self.0.len() > 1;
        let (mut states, mut entries) = (Vec::new(), Vec::new());
        for document in &self.0 {
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
            states.push(state);
        }
        Ok(Decided { states, entries, tenant: ahead })
    }

    /// Returns each that is not new, in words, and all as JSON.
    pub(super) fn known(&self, states: &[InstallState], verifier: &Verifier) -> (Vec<String>, Value) {
        let states = || self.0.iter().zip(states.iter().copied());
        let json = states().map(|(document, state)| json!({ "file": document.file.to_string_lossy(), "state": state }));
        let known = states().filter(|(_, state)| *state != InstallState::New);
        (known.map(|(document, state)| document.line(state, verifier)).collect(), json.collect())
    }
}
