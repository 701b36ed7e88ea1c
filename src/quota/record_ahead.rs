//! Whether a total may be over a quota only because the record is ahead of the clock (K10).

use chrono::{DateTime, Utc};

use crate::catalog::QuotaPer;
use crate::catalog::index::PlanIndex;
use crate::catalog::quota_rule::{GivingPlan, QuotaRule};
use crate::decision::check_first::RecordAhead;
use crate::id::QuotaId;
use crate::license::grant::GrantKind;
use crate::quantity::quota_amount::{QuotaAmount, QuotaSum};
use crate::query::record_ahead::{ahead_of_clock, opens_without_purchase};
use crate::quota::status::{QuotaHolder, QuotaQuestion, QuotaReading};
use crate::tenant::Tenant;
use crate::time::Phase;

/// Returns the record's floor and the clock, if the record is ahead by more than the catalog
/// tolerates and the total could be within the quota, at once or after steps without a purchase, on
/// the state that a time ticket issued now would leave.
///
/// It never leaves out a record where a ticket helps. It can name one where none does: that plans
/// exclude each other, or that grants are usable one after the other, is not taken into account.
///
/// It costs what [`record_ahead`](crate::query::record_ahead::record_ahead) does.
pub(crate) fn record_ahead_of_quota(
    question: QuotaQuestion<'_>,
    wanted: u64,
    now: DateTime<Utc>,
) -> Option<RecordAhead> {
    let QuotaReading { tenant, quota, .. } = question.reading;
    let (entry, rule) = quota?;
    let ahead = ahead_of_clock(tenant, now)?;
    let corrected = tenant.corrected(ahead.now);
    most_without_purchase(&corrected, question.holder, &entry.id, rule, ahead.now).allows(wanted).then_some(ahead)
}

/// Returns an upper bound of what plans give of a quota: as if every plan that can be brought into
/// effect without a purchase were, with all grants of it that are not over. What is free is left out,
/// since a total over the quota is more than that.
fn most_without_purchase(
    tenant: &Tenant,
    holder: QuotaHolder<'_>,
    quota: &QuotaId,
    rule: &QuotaRule,
    at: DateTime<Utc>,
) -> QuotaAmount {
    let opens = |&plan: &PlanIndex| opens_without_purchase(tenant, plan, at);
    let gives = |giving: &&GivingPlan| match holder {
        QuotaHolder::User(_) => opens(&giving.plan),
        QuotaHolder::Tenant => giving.tenant_needs.iter().all(|any_of| any_of.iter().any(opens)),
    };
    let amounts = rule.plans.iter().filter(gives).map(|giving| most_of_plan(tenant, giving, quota, at));
    amounts.fold(QuotaAmount::ZERO, |sum, amount| rule.combine.of(sum, amount))
}

fn most_of_plan(tenant: &Tenant, giving: &GivingPlan, quota: &QuotaId, at: DateTime<Utc>) -> QuotaAmount {
    let Some(plan) = tenant.catalog().plan_at(giving.plan) else { return QuotaAmount::ZERO };
    let (mut largest, mut paid, mut trial) = (QuotaAmount::ZERO, QuotaSum::default(), QuotaSum::default());
    for (grant, timeline) in tenant.core().grants(&plan.id) {
        if matches!(timeline.phase(at), Phase::Ended | Phase::Revoked | Phase::Suspended) {
            continue;
        }
        let amount = grant.amount_of(quota).unwrap_or(giving.amount);
        largest = largest.max(amount);
        let sum = match grant.kind {
            GrantKind::Paid(_) => &mut paid,
            GrantKind::Trial(_) => &mut trial,
        };
        sum.add(amount.times(grant.units.into()));
    }
    match giving.per {
        QuotaPer::Plan => largest,
        QuotaPer::Unit => paid.total().max(trial.total()),
    }
}
