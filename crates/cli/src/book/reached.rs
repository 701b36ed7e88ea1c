//! Whether revocation lists of the book reach a revision that is made now.

use core::num::NonZeroU32;

use entitle::Deal;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{LicenseHash, Revocation};
use entitle::token::KeyId;

use super::content::Content;
use crate::exit::Failure;
use crate::instant::day;

/// What of a revision a list revokes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Reached {
    /// The license, up to and including a revision.
    Through(NonZeroU32),
    /// The key that signs it, or that certified that key.
    Key(KeyId),
}

/// That a list of the book revokes a revision.
#[derive(Debug)]
pub(crate) struct ReachedBy {
    /// Where it gives nothing, and why.
    pub(crate) text: String,
    /// What to do in its place.
    instead: &'static str,
    /// Whether it gives nothing now.
    is_now: bool,
}

impl ReachedBy {
    /// Fails if the revision would give nothing from the beginning, unless that is meant.
    pub(crate) fn refuse_now(&self, is_meant: bool) -> Result<(), Failure> {
        if is_meant || !self.is_now {
            return Ok(());
        }
        Err(Failure::refused("cli.revoked", &self.text)
            .help(format_args!("{}; or sign it all the same with --yes", self.instead)))
    }

    /// Returns all of it as a note.
    pub(crate) fn note(self) -> String {
        format!("{}; {}", self.text, self.instead)
    }
}

/// Returns that the latest list of a key revokes a deal, or the key that is to sign it, with the earliest
/// instant, if one does. The book does not know which keys the application trusts for lists, so the text
/// names the key.
pub(crate) fn reached(content: &Content, deal: &Deal, signer: Option<KeyId>, now: DateTime<Utc>) -> Option<ReachedBy> {
    let hash = LicenseHash::of(deal.id);
    let signers = signer.map(|signer| content.signers(signer)).unwrap_or_default();
    let entries = content.latest_lists().flat_map(|list| {
        let (revocations, signers) = (list.revocations(), &signers);
        revocations.entries.iter().filter_map(move |entry| {
            let (from, reached) = match entry {
                Revocation::License(revoked) if revoked.license == hash && deal.revision <= revoked.through => {
                    (revoked.from, Reached::Through(revoked.through))
                }
                Revocation::Key(revoked) if signers.contains(&revoked.key) => (revoked.from, Reached::Key(revoked.key)),
                Revocation::License(_) | Revocation::Key(_) => return None,
            };
            Some((from, revocations.sequence, reached, list.key()))
        })
    });
    let (from, list, reached, key) = entries.min()?;
    let when = if from <= now { String::new() } else { format!(" from {} on", day(from)) };
    let (unless, revokes, instead) = match reached {
        Reached::Through(through) => {
            let revisions = match through {
                NonZeroU32::MAX => "all revisions".to_string(),
                through => format!("all revisions up to {through}"),
            };
            let instead = "a new sale needs a new deal, `entitle deal new`";
            (String::new(), format!("{revisions} of the license"), instead)
        }
        Reached::Key(signer) => (
            format!(", and not {signer}"),
            "that key, with everything that it signed or certified".to_string(),
            "sign with another key",
        ),
    };
    let text = format!(
        "it gives nothing{when} where the application trusts {key} for lists{unless}: revocation list {list} of the book revokes {revokes}"
    );
    Some(ReachedBy { text, instead, is_now: from <= now })
}
