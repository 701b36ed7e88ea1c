//! Amounts of quotas that give nothing, so that nobody sells a misspelt one unseen.

use entitle::Deal;
use entitle::catalog::Offer;
use entitle::license::NotOffered;

use crate::near::did_you_mean;

/// Returns notes about the amounts of a deal that give nothing: the plan in the offer does not have the quota
/// (Q2).
pub(super) fn amounts_of_nothing(deal: &Deal, offer: &Offer) -> Vec<String> {
    let notes = deal.not_offered(offer).into_iter().filter_map(|missing| {
        let NotOffered::Quota { plan, quota, .. } = missing else { return None };
        let sold = offer.plans.iter().find(|each| each.id == plan)?;
        let question = did_you_mean(quota.as_str(), sold.quotas.iter().map(|own| own.quota.as_str()));
        let question = question.map_or_else(String::new, |question| format!(": {question}"));
        Some(format!("`{plan}` gives nothing of `{quota}` in this catalog, so that the amount gives nothing{question}"))
    });
    let mut notes: Vec<String> = notes.collect();
    // Several grants of a plan have the same amount.
    notes.dedup();
    notes
}
