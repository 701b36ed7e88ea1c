//! `entitle revoke`: the next revocation list of a key.

use core::num::NonZeroU32;
use std::path::{Path, PathBuf};

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{Revocation, RevocationListDraft, RevokedKey, RevokedLicense};
use entitle::token::KeyId;
use entitle::{LicenseId, PublicKey, PublisherId};

use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::Secrecy;
use crate::instant::Instant;
use crate::key;
use crate::seal::{OutputOptions, read_token};
use crate::signer::SignerOptions;
use crate::summary::summarize_list;

/// The note about lists that revoke keys.
const LISTS_KEY_NOTE: &str = "a list revokes a key only where the key is not trusted for lists";

/// Sign a revocation list: the entries of the previous one, and new ones.
///
/// A list replaces the previous list of the same key as a whole, so start from it. Licenses may
/// require a recent list: sign one regularly even without new entries.
#[derive(Debug, Args)]
pub(crate) struct Revoke {
    /// The previous list; give --publisher instead for the first one.
    #[arg(long, value_name = "FILE", required_unless_present = "publisher")]
    after: Option<PathBuf>,
    /// For the first list: the publisher, as in the catalog.
    #[arg(long, value_name = "ID", conflicts_with = "after")]
    publisher: Option<PublisherId>,
    /// A license to revoke, by its id, up to and including a revision: `2a…2a` for all, `2a…2a=3`
    /// up to the third.
    #[arg(long = "license", value_name = "ID[=REVISION]", value_parser = license)]
    licenses: Vec<(LicenseId, NonZeroU32)>,
    /// A key to revoke, with everything that it signed, by its id `k4.pid.…`. Keys that
    /// applications trust for lists cannot be revoked by a list.
    #[arg(long = "ended-key", value_name = "ID")]
    keys: Vec<KeyId>,
    /// When the revocations begin [default: now].
    #[arg(long, value_name = "INSTANT")]
    from: Option<Instant>,
    #[command(flatten)]
    by: SignerOptions,
    #[command(flatten)]
    to: OutputOptions,
}

impl Revoke {
    pub(crate) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let signer = self.by.open()?;
        if self.keys.contains(&signer.public().id()) {
            let message = "a list cannot revoke the key that signs it: keys that are trusted for lists cannot be revoked by a list";
            return Err(Failure::usage("cli.ends-itself", message).help("ship a release that no longer trusts the key"));
        }
        let mut list = match (&self.after, &self.publisher) {
            (Some(before), _) => next(before, signer.public(), now)?,
            (None, Some(publisher)) => RevocationListDraft::new(publisher.clone(), NonZeroU32::MIN, now),
            (None, None) => return Err(Failure::usage("cli.missing", "--after or --publisher is missing")),
        };
        let from = self.from.map_or(now, |from| from.0);
        let licenses = self.licenses.iter();
        list.entries
            .extend(licenses.map(|(id, through)| Revocation::License(RevokedLicense::new(*id, *through, from))));
        list.entries.extend(self.keys.iter().map(|key| Revocation::Key(RevokedKey::new(*key, from))));
        let token = signer.sign(list.prepare(signer.public()))?;
        let mut answer = self.to.write(&token, &summarize_list(&list), Secrecy::Public)?.notes(signer.notes);
        if !self.keys.is_empty() {
            answer = answer.note(LISTS_KEY_NOTE);
        }
        Ok(answer)
    }
}

/// Returns the list after a previous one of the same key.
fn next(before: &Path, public: &PublicKey, now: DateTime<Utc>) -> Result<RevocationListDraft, Failure> {
    let ring = key::ring([public]);
    let verified = ring.verify_list(&read_token(before)?).map_err(|error| {
        Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(before)))
            .help("give the previous list of this key: each key numbers its own lists")
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
