//! What a deal grants that an offer does not have.

use alloc::vec::Vec;

use thiserror::Error;

use crate::catalog::offer::Offer;
use crate::id::{OfferId, PlanId, QuotaId};
use crate::license::deal::Deal;
use crate::message::messages;

/// Something that a deal grants and an offer does not have, so that it gives nothing there.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum NotOffered {
    /// The deal is for another offer (L1). Nothing else of it is compared.
    Offer {
        /// The offer of the deal.
        offer: OfferId,
    },
    /// The offer has no such plan (C11).
    Plan {
        /// The index of the grant.
        grant: usize,
        /// The plan that it names.
        plan: PlanId,
    },
    /// The plan does not give this quota (Q2).
    Quota {
        /// The index of the grant.
        grant: usize,
        /// Its plan.
        plan: PlanId,
        /// The quota of which it has an amount.
        quota: QuotaId,
    },
}

messages! {
    NotOffered;
    Self::Offer { offer } => "deal.another-offer", "the deal is for the offer {offer}, which this is not", offer;
    Self::Plan { grant, plan } => "deal.unknown-plan", "grants[{grant}]: the offer has no plan {plan}", grant = *grant, plan;
    Self::Quota { grant, plan, quota } => "deal.unknown-quota",
        "grants[{grant}]: the plan {plan} gives no quota {quota}", grant = *grant, plan, quota;
}

impl Deal {
    /// Returns what the deal grants and an offer does not have, for a publisher to look at before the
    /// deal is sealed: a misspelt id, or a plan of a coming release. It may be sealed and installed,
    /// and gives nothing until a release of the application has it (C11, Q2). `O(n)` in the grants
    /// times the plans.
    #[must_use]
    pub fn not_offered(&self, offer: &Offer) -> Vec<NotOffered> {
        if (&self.publisher, &self.offer) != (&offer.publisher, &offer.offer) {
            return Vec::from([NotOffered::Offer { offer: self.offer.clone() }]);
        }
        let mut all = Vec::new();
        for (index, grant) in self.grants.iter().enumerate() {
            let Some(plan) = offer.plans.iter().find(|plan| plan.id == grant.plan) else {
                all.push(NotOffered::Plan { grant: index, plan: grant.plan.clone() });
                continue;
            };
            let unknown = grant.amounts.iter().filter(|own| plan.quotas.iter().all(|given| given.quota != own.quota));
            all.extend(unknown.map(|own| NotOffered::Quota {
                grant: index,
                plan: plan.id.clone(),
                quota: own.quota.clone(),
            }));
        }
        all
    }
}
