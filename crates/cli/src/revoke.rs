//! `entitle revoke`: the next revocation list of a key.

use core::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Revocation, RevocationListDraft, RevokedKey, RevokedLicense};
use entitle::token::{KeyId, TokenError};
use entitle::{LicenseId, PublicKey, PublisherId};
use serde_json::json;

use crate::answer::Answer;
use crate::book::file::Locked;
use crate::book::handed_out::hand_out;
use crate::book::options::WriteOptions;
use crate::book::revoked::{LicenseNames, RevokedName};
use crate::book::selector::Selector;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::Instant;
use crate::key;
use crate::seal::{OutputOptions, read_token};
use crate::signer::SignerOptions;
use crate::summary::summarize_list;

/// The notes about what becomes of a list.
const GIVE_NOTES: [&str; 2] = [
    "give the list to the customers: it counts where it is installed, and its key trusted for lists",
    "a customer without it stays licensed, except where --fresh of the deal asks for a recent list",
];

/// The note about a list that is numbered 1 because nothing says that there was one before.
const FIRST_NOTE: &str = "this is list 1 of its key; if the key has signed a list before, name that one with --after: \
                          a list replaces the one before as a whole";

/// The note about a key that signs licenses and lists.
const BOTH_NOTE: &str =
    "this key signs licenses too: if it is stolen, no list can revoke it; `entitle key new` makes one for lists alone";

/// How many entries of the list before are named.
const LISTED: usize = 5;

/// The note about lists that revoke keys.
const LISTS_KEY_NOTE: &str = "a list revokes a key only where the key is not trusted for lists";

/// Sign a revocation list: the entries of the last one, and new ones.
///
/// `entitle revoke --deal contoso --key lists.key -o ended.list`, with a deal book
///
/// A list replaces the previous list of the same key as a whole, so start from it. With a deal book the
/// previous list is the last one there, which numbers the lists by itself; without one, name it with
/// --after: a list that is made without it is number 1, and nothing of an earlier one is in it.
///
/// Give the list to every customer: nothing is revoked until it is installed (`entitle tenant install`), where
/// its key is trusted for lists. A customer who never installs it stays licensed, unless the license was sold
/// with --fresh, which stops it without a recent list: sign one regularly then, even without new entries.
/// Lists take a key of their own (`entitle key new lists.key`): no list can revoke a key for both.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The previous list of the key.
    ///
    /// Give --publisher instead for the first one. Neither is needed with a book.
    #[arg(long, value_name = "FILE")]
    after: Option<PathBuf>,
    /// Of the first list: the publisher's id.
    #[arg(long, value_name = "ID", conflicts_with = "after")]
    publisher: Option<PublisherId>,
    /// A license to revoke, by its id.
    ///
    /// In all its revisions, or up to and including one: `2a…2a=3` up to the third. Can be repeated.
    #[arg(long = "license", value_name = "ID[=REV]", value_parser = license)]
    licenses: Vec<(LicenseId, NonZeroU32)>,
    /// A deal of the book to revoke, as for a customer.
    ///
    /// In all its revisions, by the id of the license or its first digits, the customer's tenant id, or the
    /// reference. Can be repeated.
    #[arg(long = "deal", value_name = "DEAL")]
    deals: Vec<Selector>,
    /// A key to revoke, with everything that it signed.
    ///
    /// Its id is `k4.pid.…`. Keys that applications trust for lists cannot be revoked by a list. Can be
    /// repeated.
    #[arg(long = "ended-key", value_name = "ID")]
    keys: Vec<KeyId>,
    /// When the revocations begin [default: now].
    #[arg(long, value_name = "INSTANT")]
    from: Option<Instant>,
    #[command(flatten)]
    by: SignerOptions,
    #[command(flatten)]
    to: OutputOptions,
    #[command(flatten)]
    book: WriteOptions,
}

impl Revoke {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        if !self.deals.is_empty() && self.book.book.path().is_none() {
            return Err(no_book());
        }
        let signer = self.by.open()?;
        if self.keys.contains(&signer.public().id()) {
            let message = "a list cannot revoke the key that signs it: keys that are trusted for lists cannot be revoked by a list";
            return Err(Failure::usage("cli.ends-itself", message).help("ship a release that no longer trusts the key"));
        }
        self.to.require_free()?;
        let book = self.book.lock()?;
        let mut list = self.list(book.as_ref(), signer.public(), now)?;
        let is_first_by_option = book.is_none() && self.after.is_none();
        let before = list.entries.clone();
        let from = self.from.map_or(now, |from| from.0);
        let mut licenses = self.licenses.clone();
        for deal in &self.deals {
            let book = book.as_ref().ok_or_else(no_book)?;
            licenses.push((deal.find(book.book())?, NonZeroU32::MAX));
        }
        let names = LicenseNames::of(book.as_ref().map(Locked::content)).with_ids(licenses.iter().map(|(id, _)| *id));
        let licenses = licenses.into_iter();
        list.entries.extend(licenses.map(|(id, through)| Revocation::License(RevokedLicense::new(id, through, from))));
        list.entries.extend(self.keys.iter().map(|key| Revocation::Key(RevokedKey::new(*key, from))));
        let revoked = names.name(&list.entries, &before);
        let signs = |book: &Locked| book.content().licenses().any(|(_, license)| license.key() == signer.public().id());
        let signs_licenses = book.as_ref().is_some_and(signs);
        let token = signer.sign(list.prepare(signer.public()))?;
        let (key, what) = (signer.public(), summarize_list(&list));
        let answer = hand_out(book, token, key, &self.to, &what, Secrecy::Public, now)?;
        let mut answer = self.name(answer.notes(signer.notes), revoked);
        if is_first_by_option {
            answer = answer.note(FIRST_NOTE);
        }
        if !self.keys.is_empty() {
            answer = answer.note(LISTS_KEY_NOTE);
        }
        if signs_licenses {
            answer = answer.note(BOTH_NOTE);
        }
        Ok(GIVE_NOTES.into_iter().fold(answer, Answer::note))
    }
}

impl Revoke {
    /// Adds whom the list revokes. Without a file, stdout is the list.
    fn name(&self, answer: Answer, revoked: Vec<RevokedName>) -> Answer {
        let is_shown = self.to.is_file();
        let lines = lines(&revoked);
        let json: Vec<_> = revoked.into_iter().map(|each| each.json).collect();
        lines.iter().fold(answer.with_field("revokes", json!(json)), |answer, line| {
            if is_shown { answer.escaped_line(line) } else { answer.note(line.trim()) }
        })
    }

    /// Returns the list before new entries are added: after the last one of the key in the book, or after
    /// the one that is named, which has to be the last.
    fn list(
        &self,
        book: Option<&Locked>,
        public: &PublicKey,
        now: DateTime<Utc>,
    ) -> Result<RevocationListDraft, Failure> {
        let first = |publisher: &PublisherId| RevocationListDraft::new(publisher.clone(), NonZeroU32::MIN, now);
        let latest = book.and_then(|book| book.content().latest_list(public.id()));
        match (&self.after, &self.publisher, book, latest) {
            (None, None, Some(_), Some(latest)) => {
                latest.revocations().next(now).map_err(|error| Failure::unreadable(error.code(), error))
            }
            (None, None, Some(book), None) => Ok(first(book.content().publisher())),
            (Some(before), _, _, _) => {
                let list = next(before, public, now)?;
                let highest = latest.map(|latest| latest.revocations().sequence);
                match highest.filter(|highest| list.sequence <= *highest) {
                    Some(highest) => Err(not_the_last(highest)),
                    None => Ok(list),
                }
            }
            (None, Some(_), _, Some(latest)) => Err(not_the_last(latest.revocations().sequence)),
            (None, Some(publisher), _, None) => Ok(first(publisher)),
            (None, None, None, _) => Err(Failure::usage("cli.missing", "--after or --publisher is missing")
                .help("name the previous list, or the publisher for the first list, or a deal book with --book")),
        }
    }
}

/// The error for a deal that is named without a book.
fn no_book() -> Failure {
    Failure::usage("cli.missing", "--deal needs a deal book: --book is missing")
        .help("without a book, name the license by its id with --license")
}

/// The error for a list that would not continue the last one in the book.
fn not_the_last(last: NonZeroU32) -> Failure {
    Failure::refused("cli.not-the-last-list", format!("the last list of this key in the book is number {last}"))
        .help("leave --after and --publisher out: the next list continues the last one in the book")
}

/// Returns the lines that say whom a list revokes: each new entry, and the first ones of the list before.
fn lines(revoked: &[RevokedName]) -> Vec<String> {
    let (new, before): (Vec<_>, Vec<_>) = revoked.iter().partition(|each| each.is_new);
    let new = new.into_iter().map(|each| format!("  new: {each}"));
    let more = before.len().saturating_sub(LISTED);
    let more = (more > 0).then(|| format!("  as before: {more} more"));
    let before = before.into_iter().take(LISTED).map(|each| format!("  as before: {each}"));
    new.chain(before).chain(more).collect()
}

/// Returns the list after a previous one of the same key.
fn next(before: &Path, public: &PublicKey, now: DateTime<Utc>) -> Result<RevocationListDraft, Failure> {
    let ring = key::ring([public]);
    let verified = ring.verify_list(&read_token(before)?).map_err(|error| {
        // The text of the error is for who installs a document in an application.
        let why = match error {
            TokenError::UnknownKey { key } => format!("signed with the key `{key}`, not with `{}`", public.id()),
            _ => error.to_string(),
        };
        Failure::unreadable(error.code(), format!("{}: {why}", crate::text::name(before)))
            .help("give the previous list of the key that signs now: each key numbers its own lists")
    })?;
    verified.revocations().next(now).map_err(|error| Failure::unreadable(error.code(), error))
}

fn license(text: &str) -> Result<(LicenseId, NonZeroU32), String> {
    let (id, through) = text.split_once('=').map_or((text, None), |(id, through)| (id, Some(through)));
    let id = id.parse().map_err(|error: entitle::id::TextError| error.to_string())?;
    let wrong = |_| format!("`{}` is not a revision", through.unwrap_or_default());
    let through = through.map_or(Ok(NonZeroU32::MAX), str::parse).map_err(wrong)?;
    Ok((id, through))
}
