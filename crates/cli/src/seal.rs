//! `entitle seal`: signs a deal as a license.

use std::path::{Path, PathBuf};

use clap::{Args, ValueEnum};
use entitle::chrono::{DateTime, Utc};
use entitle::{Deal, Token};
use serde_json::json;

use crate::answer::Answer;
use crate::book::file::Locked;
use crate::book::handed_out::hand_out;
use crate::book::options::WriteOptions;
use crate::book::reached::{ReachedBy, reached};
use crate::book::selector::short;
use crate::deal::deal_file;
use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::signer::SignerOptions;
use crate::summary::summarize_deal;

/// The note about a key that signs revocation lists and licenses.
const BOTH_NOTE: &str =
    "this key signs revocation lists too: if it is stolen, no list can revoke it; sign licenses with another key";

/// Sign a deal: the result is a license.
///
/// `entitle seal deal.json --key fabrikam.key -o contoso.license`
///
/// With a deal book it is written there first. A revision of which the book has another content, or a
/// later one, is refused, and so is one that a revocation list there revokes; the same deal again is handed
/// out again.
#[derive(Debug, Args)]
pub(crate) struct Seal {
    /// The deal, as `deal new` or `revise` wrote it; `-` for stdin.
    deal: PathBuf,
    #[command(flatten)]
    by: SignerOptions,
    #[command(flatten)]
    to: OutputOptions,
    #[command(flatten)]
    book: WriteOptions,
    /// Sign also what a revocation list of the book revokes now.
    ///
    /// It gives nothing where the application trusts the list.
    #[arg(long)]
    yes: bool,
}

/// The destination and the form of a signed document.
#[derive(Debug, Args)]
pub(crate) struct OutputOptions {
    /// The file for it [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
    /// `armored` for files and e-mail, `plain` for programs.
    #[arg(long, value_enum, default_value_t = TokenForm::Armored, hide_short_help = true)]
    form: TokenForm,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum TokenForm {
    Armored,
    Plain,
}

impl Seal {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let deal = deal_file::read(&self.deal)?;
        let signer = self.by.open()?;
        self.to.require_free()?;
        let book = self.book.lock()?;
        if let Some(book) = &book {
            require_latest(book, &deal)?;
        }
        let reached = book.as_ref().and_then(|book| reached(book.content(), &deal, Some(signer.public().id()), now));
        reached.iter().try_for_each(|reached| reached.refuse_now(self.yes))?;
        let signs = |book: &Locked| book.content().latest_list(signer.public().id()).is_some();
        let signs_lists = book.as_ref().is_some_and(signs);
        let token = signer.sign(deal.prepare(signer.public()))?;
        let what = format!("license, revision {}, {}", deal.revision, summarize_deal(&deal));
        let secrecy = Secrecy::SameAs(&self.deal);
        Ok(hand_out(book, token, signer.public(), &self.to, &what, secrecy, now)?
            .notes(signer.notes)
            .notes(reached.map(ReachedBy::note).into_iter().collect())
            .notes(signs_lists.then(|| BOTH_NOTE.to_string()).into_iter().collect()))
    }
}

/// Fails if the book has a later revision of the deal, which would supersede it wherever it is installed.
fn require_latest(book: &Locked, deal: &Deal) -> Result<(), Failure> {
    let Some((recorded, license)) = book.content().latest(deal.id) else { return Ok(()) };
    let latest = license.deal().revision;
    if deal.revision >= latest {
        return Ok(());
    }
    let message = format!(
        "revision {} is older than revision {latest}, which is in {} (entry {}): it would give nothing",
        deal.revision,
        crate::text::name(book.path()),
        recorded.number
    );
    Err(Failure::refused("cli.older-revision", message)
        .help(format_args!("revise the latest one: `entitle revise {} …`", short(deal.id))))
}

impl OutputOptions {
    /// Fails if the file for the document exists, before anything is signed.
    pub(crate) fn require_free(&self) -> Result<(), Failure> {
        match self.out.as_deref().filter(|path| path.symlink_metadata().is_ok()) {
            Some(path) => Err(files::cannot_write(path, &std::io::ErrorKind::AlreadyExists.into())),
            None => Ok(()),
        }
    }

    /// Returns whether the document goes to a file, so that stdout is for people.
    pub(crate) fn is_file(&self) -> bool {
        self.out.is_some()
    }

    /// Writes a signed document.
    pub(crate) fn write(&self, token: &Token, what: &str, secrecy: Secrecy<'_>) -> Result<Answer, Failure> {
        let text = match self.form {
            TokenForm::Armored => token.to_armor(),
            TokenForm::Plain => format!("{token}\n"),
        };
        let Some(path) = &self.out else { return Ok(Answer::new(json!({ "token": token })).raw(&text)) };
        files::write_new(path, &text, secrecy)?;
        Ok(Answer::new(json!({ "token": token, "file": path.to_string_lossy() }))
            .escaped_line(format_args!("{}: {what}", crate::text::name(path))))
    }
}

/// Returns the only signed document in a file, armored or plain.
pub(crate) fn read_token(path: &Path) -> Result<Token, Failure> {
    parse_token(path, &files::read(path)?)
}

/// Returns the only signed document in a text that was read from this file.
pub(crate) fn parse_token(path: &Path, text: &str) -> Result<Token, Failure> {
    let mut tokens = parse_tokens(path, text)?;
    match (tokens.pop(), tokens.len()) {
        (Some(token), 0) => Ok(token),
        (_, more) => {
            let message =
                format!("{} holds {} documents, one is expected", crate::text::name(path), more.saturating_add(1));
            Err(Failure::unreadable("cli.several-documents", message).help("`entitle tenant install` takes several"))
        }
    }
}

/// Returns the signed documents in a text that was read from this file, at least one.
pub(crate) fn parse_tokens(path: &Path, text: &str) -> Result<Vec<Token>, Failure> {
    let help = if text.trim_start().starts_with('{') && text.contains("\"jti\"") {
        "this is a deal, which nobody has signed: the publisher makes a license of it by `entitle seal`"
    } else {
        "give a file that `entitle seal` or `entitle revoke` wrote, or the e-mail that contains it"
    };
    Token::all_in(text)
        .map_err(|error| Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(path))).help(help))
}
