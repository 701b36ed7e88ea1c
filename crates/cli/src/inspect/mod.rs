//! `entitle inspect`: the content, the signer and the problems of a document.

mod signed;
pub(crate) mod token_parts;
mod unsigned;

use core::fmt::Display;
use std::path::PathBuf;

use clap::Args;
use serde_json::{Map, Value, json};

use crate::answer::Answer;
use crate::exit::{Exit, Failure};
use crate::files;

/// Show the content, the signer and the problems of a document.
///
/// Any document: a license, a revocation list, a time ticket or a certificate, armored or plain; a deal, a
/// catalog, a key, a ledger. Without --trust no signature is verified.
#[derive(Debug, Args)]
pub(crate) struct Inspect {
    /// The document; `-` for stdin.
    file: PathBuf,
    /// A trusted public key: the file that ends in `.pub`, or the text `k4.public.…`. Can be
    /// repeated.
    #[arg(long, value_name = "KEY")]
    trust: Vec<String>,
    /// A file with certificates, for a document that a certified key signed. Can be repeated.
    #[arg(long, value_name = "FILE", requires = "trust")]
    certificate: Vec<PathBuf>,
    /// Write only the deal of a license to stdout, for `revise`.
    #[arg(long)]
    deal: bool,
}

impl Inspect {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
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
            let keys = self.trust.iter().map(|key| Ok((key.as_str(), crate::key::public(key)?)));
            let keys: Vec<_> = keys.collect::<Result<_, Failure>>()?;
            let mut certificates = Vec::new();
            for file in &self.certificate {
                certificates.extend(crate::seal::parse_tokens(file, &files::read(file)?)?);
            }
            return if self.deal {
                signed::deal(&token, &keys, &certificates)
            } else {
                Ok(signed::inspect(&token, &keys, &certificates).answer())
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
            Some(object) if object.contains_key("jti") => Ok(unsigned::deal(&text)?.answer()),
            Some(object) if object.contains_key("plans") => crate::catalog::check(&self.file, &text),
            _ => Err(Failure::unreadable(
                "cli.unknown-document",
                format!("{} is not a document of a known kind", crate::text::name(&self.file)),
            )
            .help("licenses, lists, tickets, deals, catalogs, keys and ledgers can be inspected")),
        }
    }
}

/// The result of inspecting a document.
#[derive(Debug)]
struct Inspection {
    title: String,
    rows: Vec<(&'static str, String)>,
    claims: Value,
    signature: Value,
    problems: Vec<(String, String)>,
}

impl Inspection {
    fn new(title: String, claims: Value) -> Self {
        Self { title, rows: Vec::new(), claims, signature: Value::Null, problems: Vec::new() }
    }

    fn add_row(&mut self, name: &'static str, value: impl Display) {
        self.rows.push((name, format!("{value}")));
    }

    fn add_problem(&mut self, code: impl Display, message: impl Display) {
        self.problems.push((format!("{code}"), format!("{message}")));
    }

    fn answer(self) -> Answer {
        let problems: Vec<Value> =
            self.problems.iter().map(|(code, message)| json!({ "code": code, "message": message })).collect();
        let json = json!({ "kind": self.title, "says": self.claims, "signed": self.signature, "wrong": problems });
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
