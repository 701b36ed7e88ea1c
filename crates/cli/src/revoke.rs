//! `entitle revoke`: the next revocation list of a key.

use core::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Revocation, RevocationListDraft, RevokedKey, RevokedLicense};
use entitle::token::KeyId;
use entitle::{LicenseId, PublisherId};

use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::Instant;
use crate::key;
use crate::seal::{OutputOptions, read_token};
use crate::summary::summarize_list;

/// What to know of a list that ends keys.
const LISTS_KEY_NOTE: &str = "a list ends a key only where that key is not trusted for lists";

/// Sign a revocation list: all that the one before says, and what ends now.
///
/// A list replaces the one before of the same key as a whole, so that is where to start from. Licenses may ask for a recent
/// list: sign one from time to time although nothing has ended.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The list before this one; give --publisher in its place for the first.
    #[arg(long, value_name = "FILE", required_unless_present = "publisher")]
    after: Option<PathBuf>,
    /// For the first list: whose it is, the publisher as in the catalog.
    #[arg(long, value_name = "ID", conflicts_with = "after")]
    publisher: Option<PublisherId>,
    /// A license that ends, by its id, up to and including a revision: `2a…2a` for all, `2a…2a=3` up to the third.
    #[arg(long = "license", value_name = "ID[=REVISION]", value_parser = license)]
    licenses: Vec<(LicenseId, NonZeroU32)>,
    /// A key that ends, with all that it signed, by its id `k4.pid.…`; not one that applications trust for lists, which no
    /// list can end.
    #[arg(long = "ended-key", value_name = "ID")]
    keys: Vec<KeyId>,
    /// From when on they end; now if left out.
    #[arg(long, value_name = "INSTANT")]
    from: Option<Instant>,
    /// The file with the secret key that signs the list.
    #[arg(long, value_name = "FILE")]
    key: PathBuf,
    #[command(flatten)]
    to: OutputOptions,
}

impl Revoke {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let (secret, notes) = key::secret(&self.key)?;
        if self.keys.contains(&secret.public().id()) {
            let message =
                "a list does not end the key that signs it: nobody trusts a key for lists that a list can end";
            return Err(Failure::usage("cli.ends-itself", message).help("ship a release that no longer trusts the key"));
        }
        let mut list = match (&self.after, &self.publisher) {
            (Some(before), _) => next(before, &secret, now)?,
            (None, Some(publisher)) => RevocationListDraft::new(publisher.clone(), NonZeroU32::MIN, now),
            (None, None) => return Err(Failure::usage("cli.missing", "--after or --publisher is missing")),
        };
        let from = self.from.map_or(now, |from| from.0);
        let licenses = self.licenses.iter();
        list.entries
            .extend(licenses.map(|(id, through)| Revocation::License(RevokedLicense::new(*id, *through, from))));
        list.entries.extend(self.keys.iter().map(|key| Revocation::Key(RevokedKey::new(*key, from))));
        let token = secret.seal_list(&list).map_err(|error| Failure::unreadable(error.code(), error))?;
        let mut answer = self.to.write(&token, &summarize_list(&list), Secrecy::Public)?.notes(notes);
        if !self.keys.is_empty() {
            answer = answer.note(LISTS_KEY_NOTE);
        }
        Ok(answer)
    }
}

/// The list after one of the same key.
fn next(before: &Path, secret: &entitle::SecretKey, now: DateTime<Utc>) -> Result<RevocationListDraft, Failure> {
    let ring = key::ring([&secret.public()]);
    let verified = ring.verify_list(&read_token(before)?).map_err(|error| {
        Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(before)))
            .help("the list before has to be one that this key signed: each key counts its own")
    })?;
    let previous = verified.revocations();
    let sequence = previous.sequence.checked_add(1);
    let sequence = sequence.ok_or_else(|| Failure::unreadable("cli.last-list", "this key has used up its lists"))?;
    let mut list = RevocationListDraft::new(previous.publisher.clone(), sequence, now);
    list.entries.clone_from(&previous.entries);
    Ok(list)
}

fn license(text: &str) -> Result<(LicenseId, NonZeroU32), String> {
    let (id, through) = text.split_once('=').map_or((text, None), |(id, through)| (id, Some(through)));
    let id = id.parse().map_err(|error: entitle::id::TextError| error.to_string())?;
    let wrong = |_| format!("`{}` is no revision", through.unwrap_or_default());
    let through = through.map_or(Ok(NonZeroU32::MAX), str::parse).map_err(wrong)?;
    Ok((id, through))
}
