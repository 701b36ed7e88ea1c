//! What a revision drops: the grants that still run and that it does not repeat (L3).

use crate::grant::{Grant, GrantKind};
use crate::preview::DroppedGrant;
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::time::Phase;
use crate::token::license::License;

impl Compared<'_> {
    /// Linear in the grants of the licenses that are replaced, times those of the new revisions.
    pub(super) fn dropped(&self, found: &mut PreviewBuilder) {
        let (core, at) = (self.before.core(), self.before.reading(self.now));
        for license in core.documents.in_force() {
            let old = license.deal();
            let Some(new) = self.after.core().documents.license(old.id).map(License::deal) else { continue };
            if new.revision == old.revision {
                continue;
            }
            for share in core.grant_instances(license, |_| true) {
                let phase = share.life.phase(at);
                let is_over = matches!(phase, Phase::Ended | Phase::Revoked);
                if is_over || new.grants.iter().any(|grant| is_of_kind(grant, share.grant)) {
                    continue;
                }
                found.drops(|| DroppedGrant {
                    license: old.id,
                    revision: old.revision,
                    replaced_by: new.revision,
                    grant: share.grant.clone(),
                    phase,
                    until: share.life.phase_ends(at),
                });
            }
        }
    }
}

/// Whether two grants are of one plan, and both paid or both a trial.
fn is_of_kind(one: &Grant, other: &Grant) -> bool {
    let is_paid = |grant: &Grant| matches!(grant.terms, GrantKind::Paid(_));
    one.plan == other.plan && is_paid(one) == is_paid(other)
}
