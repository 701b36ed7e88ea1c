//! `entitle deal import`: documents that were signed before there was a book, or elsewhere.

use std::path::{Path, PathBuf};

use clap::Args;
use entitle::Token;
use entitle::chrono::{DateTime, Utc};
use entitle::token::Kind;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::book::options::WriteOptions;
use crate::exit::Failure;
use crate::inspect::token_parts;
use crate::{files, key, seal, text};

/// Write documents to the book that were signed without it.
///
/// `entitle deal import old.license mail.txt --trust fabrikam.pub`
///
/// Files and e-mails with any number of documents, armored or plain. Each has to verify under a key of
/// the book or of --trust, or under a certificate in the book or among the files. What is in the book
/// already is left as it is, so that the command can be repeated. If one document is refused, none is
/// written.
#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The files.
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// A public key of the publisher: the file that ends in `.pub`, or the text `k4.public.…`. Can be
    /// repeated. The book remembers it.
    #[arg(long, value_name = "KEY")]
    trust: Vec<String>,
    #[command(flatten)]
    book: WriteOptions,
}

impl Import {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let keys = self.trust.iter().map(|key| key::public(key)).collect::<Result<Vec<_>, _>>()?;
        let mut documents: Vec<(Token, &Path)> = Vec::new();
        for file in &self.files {
            let tokens = seal::parse_tokens(file, &files::read(file)?)?;
            documents.extend(tokens.into_iter().map(|token| (token, file.as_path())));
        }
        documents.sort_by_key(|(token, _)| order(token));
        let mut book = self.book.lock_required()?;
        let files: Vec<&Path> = documents.iter().map(|(_, file)| *file).collect();
        let tokens = documents.into_iter().map(|(token, file)| (token, Some(file))).collect();
        let written = book.write_all(tokens, &keys, now)?;
        let (mut lines, mut json) = (Vec::new(), Vec::new());
        for (written, file) in written.iter().zip(files) {
            let summary = book.verify(&written.token)?.summary();
            let (number, is_new) = (written.number, written.is_new);
            let state = if is_new { "new" } else { "already there" };
            lines.push(format!("{state}: {summary} (entry {number})"));
            json.push(json!({ "file": text::name(file), "state": state, "entry": number, "summary": summary }));
        }
        let answer = Answer::new(json!({ "documents": json })).notes(book.book().notes());
        Ok(lines.iter().fold(answer, Answer::escaped_line))
    }
}

/// Returns the order in which documents are written: certificates, which others may need, then as they
/// were issued.
fn order(token: &Token) -> (bool, String, u64) {
    let is_certificate = token.claimed_kind() == Ok(Kind::KeyCertificate);
    let claims: Value = serde_json::from_str(&token_parts::of(token).payload).unwrap_or_default();
    let text = |name: &str| claims.get(name).and_then(Value::as_str).unwrap_or_default().to_string();
    let number = claims.get("revision").or_else(|| claims.get("sequence")).and_then(Value::as_u64);
    (!is_certificate, text("iat"), number.unwrap_or_default())
}
