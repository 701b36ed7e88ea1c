//! The grants that a revision drops: not ended, and not repeated in it (L3).

use crate::license::grant::{Grant, GrantKind};
use crate::preview::DroppedGrant;
use crate::preview::builder::PreviewBuilder;
use crate::preview::compared::Compared;
use crate::time::Phase;
use crate::token::license::License;

impl Compared<'_> {
    /// Adds the dropped grants. `O(n · m)` in the grants of the replaced and the new revisions.
    pub(super) fn dropped(&self, builder: &mut PreviewBuilder) {
        let (core, at) = (self.before.core(), self.before.reading(self.now));
        for license in core.documents.in_force() {
            let old = license.deal();
            let Some(new) = self.after.core().documents.license(old.id).map(License::deal) else { continue };
            if new.revision == old.revision {
                continue;
            }
            for instance in core.grant_instances(license, |_| true) {
                let phase = instance.timeline.phase(at);
                let is_over = matches!(phase, Phase::Ended | Phase::Revoked);
                if is_over || new.grants.iter().any(|grant| is_of_kind(grant, instance.grant)) {
                    continue;
                }
                builder.drops(|| DroppedGrant {
                    license: old.id,
                    revision: old.revision,
                    replaced_by: new.revision,
                    grant: instance.grant.clone(),
                    phase,
                    until: instance.timeline.phase_ends(at),
                });
            }
        }
    }
}

/// Returns whether two grants are of one plan, and both paid or both trials.
fn is_of_kind(one: &Grant, other: &Grant) -> bool {
    let is_paid = |grant: &Grant| matches!(grant.kind, GrantKind::Paid(_));
    one.plan == other.plan && is_paid(one) == is_paid(other)
}
