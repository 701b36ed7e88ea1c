//! Whether revocation lists of the book reach a revision that is made now.

use core::num::NonZeroU32;

use entitle::Deal;
use entitle::chrono::{DateTime, Utc};
use entitle::license::{LicenseHash, Revocation};

use super::content::Content;
use crate::instant::day;

/// Returns a note that the latest list of a key revokes a deal, with the earliest instant, if one does. The
/// book does not know which keys the application trusts for lists, so the note names the key.
pub(crate) fn note(content: &Content, deal: &Deal, now: DateTime<Utc>) -> Option<String> {
    let hash = LicenseHash::of(deal.id);
    let entries = content.latest_lists().flat_map(|list| {
        let revocations = list.revocations();
        revocations.entries.iter().filter_map(|entry| match entry {
            Revocation::License(revoked) if revoked.license == hash && deal.revision <= revoked.through => {
                Some((revoked.from, revocations.sequence, revoked.through, list.key()))
            }
            Revocation::License(_) | Revocation::Key(_) => None,
        })
    });
    let (from, list, through, key) = entries.min()?;
    let when = if from <= now { String::new() } else { format!(" from {} on", day(from)) };
    let revisions = match through {
        NonZeroU32::MAX => "all revisions".to_string(),
        through => format!("all revisions up to {through}"),
    };
    Some(format!(
        "it gives nothing{when} where the application trusts {key} for lists: revocation list {list} of the book revokes {revisions} of the license; a new sale needs a new deal, `entitle deal new`"
    ))
}
