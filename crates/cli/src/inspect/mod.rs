//! `entitle inspect`: the content, the signer and the problems of a document.

mod claims;
mod signed;
mod statement;
mod surroundings;
pub(crate) mod token_parts;
mod unsigned;

pub(crate) use unsigned::add_deal_rows;

use core::fmt::Display;
use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::book;
use crate::deal::deal_status::GrantState;
use crate::exit::{Exit, Failure};
use crate::files;
use crate::named_keys::NamedKeys;

use surroundings::Surroundings;

/// Show the content, the signer and the problems of a document.
///
/// `entitle inspect contoso.license --trust fabrikam.pub --at 2027-03-01`
///
/// Any document: a license, a revocation list, a time ticket or a certificate, armored or plain; a deal, a
/// catalog, a key, a ledger, a usage statement, a deal book. Without --trust no signature is verified. Of a license or a deal
/// it shows what each grant gives at --at: not yet, active, in grace, expired, revoked.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The document; `-` for stdin.
    file: PathBuf,
    /// A public key that the application trusts.
    ///
    /// As KEY or KEY=PURPOSES, with commas: licenses, anyone (licenses for anyone), lists, tickets, certificates [default:
    /// licenses,anyone]. Can be repeated.
    #[arg(long, value_name = "KEY")]
    trust: Vec<String>,
    /// A file with certificates of the key that signed.
    ///
    /// For a document that a certified key signed. Can be repeated.
    #[arg(long, value_name = "FILE", requires = "trust")]
    certificate: Vec<PathBuf>,
    /// A file with revocation lists that may revoke it.
    ///
    /// They count where their keys are trusted for lists. Can be repeated.
    #[arg(long = "list", value_name = "FILE", requires = "trust")]
    lists: Vec<PathBuf>,
    /// A ledger of the customer: what the license gives there.
    ///
    /// With its lists, trials that were started, the revision that is in force.
    #[arg(long, value_name = "LEDGER")]
    record: Option<PathBuf>,
    /// Write only the deal of a license to stdout.
    ///
    /// For `entitle revise`.
    #[arg(long)]
    deal: bool,
}

impl Inspect {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        if book::begins(&self.file) {
            return book::inspect(&self.file);
        }
        let text = files::read_any(&self.file)?;
        let start = text.trim_start();
        let is_signed = text.contains("-----BEGIN") || start.starts_with("v4.");
        if self.deal && !is_signed {
            return Err(Failure::usage(
                "cli.not-a-license",
                format!("{} is not a license", crate::text::name(&self.file)),
            ));
        }
        if is_signed {
            let token = crate::seal::parse_token(&self.file, &text)?;
            let keys = NamedKeys::read(&self.trust)?;
            let mut certificates = Vec::new();
            for file in &self.certificate {
                certificates.extend(crate::seal::parse_tokens(file, &files::read(file)?)?);
            }
            return if self.deal {
                signed::deal(&token, &keys, &certificates)
            } else {
                let surroundings = Surroundings::read(self, &keys, &certificates, now)?;
                Ok(signed::inspect(&token, &keys, &certificates, &surroundings).answer().notes(surroundings.notes()))
            };
        }
        if start.starts_with("k4.") {
            return crate::key::show_text(&self.file, &text);
        }
        if text.contains(crate::key::SECRET) {
            return Err(Failure::unreadable(
                "cli.secret-key",
                "this document contains a secret key: do not show it to anyone",
            ));
        }
        if start.starts_with("{\"ledger\":") {
            return Ok(unsigned::ledger(&text)?.answer());
        }
        let value: Option<Map<String, Value>> = serde_json::from_str(&text).ok();
        match value {
            Some(object) if object.contains_key("jti") => {
                Ok(unsigned::deal(&text, &Surroundings::read(self, &NamedKeys::default(), &[], now)?)?.answer())
            }
            Some(object) if object.contains_key("statement") => Ok(statement::statement(&self.file, &text)?.answer()),
            Some(object) if object.contains_key("plans") => crate::catalog::check(&self.file, &text),
            _ => Err(Failure::unreadable(
                "cli.unknown-document",
                format!("{} is not a document of a known kind", crate::text::name(&self.file)),
            )
            .help("licenses, lists, tickets, certificates, deals, catalogs, keys, ledgers, usage statements and deal books can be inspected")),
        }
    }
}

/// The result of inspecting a document.
#[derive(Debug)]
pub(crate) struct Inspection {
    title: String,
    rows: Vec<(&'static str, String)>,
    claims: Value,
    signature: Value,
    states: Vec<Value>,
    problems: Vec<(String, String)>,
}

impl Inspection {
    pub(crate) fn new(title: String, claims: Value) -> Self {
        Self { title, rows: Vec::new(), claims, signature: Value::Null, states: Vec::new(), problems: Vec::new() }
    }

    pub(crate) fn add_row(&mut self, name: &'static str, value: impl Display) {
        self.rows.push((name, format!("{value}")));
    }

    /// Adds what a grant gives at an instant.
    pub(crate) fn add_state(&mut self, state: &GrantState, at: DateTime<Utc>) {
        self.add_row("state", format_args!("{}: {}", state.grant.plan, state.text(at)));
        self.states.push(state.json(at));
    }

    fn add_problem(&mut self, code: impl Display, message: impl Display) {
        self.problems.push((format!("{code}"), format!("{message}")));
    }

    pub(crate) fn answer(self) -> Answer {
        let problems: Vec<Value> =
            self.problems.iter().map(|(code, message)| json!({ "code": code, "message": message })).collect();
        let json = json!({ "kind": self.title, "says": self.claims, "signed": self.signature, "state": self.states, "wrong": problems });
        let exit = if self.problems.is_empty() { Exit::Done } else { Exit::Unreadable };
        let mut answer = Answer::new(json).escaped_line(&self.title).with_exit(exit);
        let mut previous = "";
        for (name, value) in &self.rows {
            let shown = if *name == previous { "" } else { name };
            answer = answer.escaped_line(format_args!("  {shown:<9}{value}"));
            previous = name;
        }
        self.problems
            .iter()
            .fold(answer, |answer, (code, message)| answer.escaped_line(format_args!("  wrong    {message} [{code}]")))
    }
}
