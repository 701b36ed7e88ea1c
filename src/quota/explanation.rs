//! Why a total is over a quota: how much there is, which plans give it, and why others do not (Q3).

use alloc::boxed::Box;
use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::catalog::QuotaEntry;
use crate::decision::check_first::{CheckFirst, RecordAhead, licenses_of_unknown_plans, unusable_licenses};
use crate::decision::denial_reason::DenialReason;
use crate::id::user::UserId;
use crate::id::{Label, PlanId, QuotaId};
use crate::quantity::quota_amount::QuotaAmount;
use crate::quota::decision::Over;
use crate::quota::record_ahead::record_ahead_of_quota;
use crate::quota::status::{QuotaHolder, QuotaQuestion, QuotaReading};
use crate::time::{End, instant, whole_second};

/// Why a total is over a quota, as owned data to show, store or send. Its `Display` is its text for
/// the user, in one line.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaExplanation {
    /// The user whose quota it is; `None` for a quota of the organisation.
    pub user: Option<UserId>,
    /// The quota; `None` if the handle belongs to another catalog, and the tenant's has no such quota
    /// (K8).
    pub quota: Option<QuotaName>,
    /// The total that was wanted.
    pub wanted: u64,
    /// The amount of the quota.
    pub amount: QuotaAmount,
    /// The reading for which the answer holds.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The first instant at which the amount can change by time alone.
    pub until: End,
    /// What to check before anything is bought, in this order: whether the record is ahead of the
    /// clock (K10), and the installed licenses that give nothing (K6). Mostly empty.
    pub check_first: Box<[CheckFirst]>,
    /// The plans that give the quota, in the catalog's order.
    pub plans: Box<[QuotaPlan]>,
}

/// How people know a quota.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaName {
    /// The quota.
    pub id: QuotaId,
    /// The display name.
    pub name: Label,
    /// What is counted.
    pub unit: Label,
}

/// A plan that gives a quota, and what it gives here.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct QuotaPlan {
    /// The plan.
    pub plan: PlanId,
    /// The display name.
    pub name: Label,
    /// What it gives, or why it gives nothing.
    pub gives: QuotaShare,
}

/// What a plan gives of a quota, or why it gives nothing.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum QuotaShare {
    /// This amount.
    Amount(QuotaAmount),
    /// Nothing, for this reason: the plan is not in effect for the user, or has no usable unit for the
    /// organisation or lacks a tenant plan that it requires.
    Nothing(DenialReason),
}

impl Over<'_> {
    /// Returns the reasons as owned data; and whether the total may be over the quota only because the
    /// record is ahead of the clock (K10).
    ///
    /// It allocates, and costs `O(n)` in the grants of the tenant for each plan that gives the quota.
    /// If the record is ahead of the clock by more than the catalog tolerates, it also costs what
    /// [`Tenant::rebase`](crate::Tenant::rebase) does.
    #[must_use]
    pub fn explain(&self) -> QuotaExplanation {
        let question = self.status.question;
        let QuotaQuestion { reading: QuotaReading { tenant, quota, at }, holder } = question;
        let user = match holder {
            QuotaHolder::User(user) => Some(user.clone()),
            QuotaHolder::Tenant => None,
        };
        let name = |(entry, _): (&QuotaEntry, _)| QuotaName {
            id: entry.id.clone(),
            name: entry.name.clone(),
            unit: entry.unit.clone(),
        };
        let plans = question.parts().filter_map(|part| {
            let gives = match part.amount {
                Some(amount) => QuotaShare::Amount(amount),
                None => QuotaShare::Nothing(question.reason(&part)?),
            };
            Some(QuotaPlan { plan: part.plan.id.clone(), name: part.plan.name.clone(), gives })
        });
        let ahead = record_ahead_of_quota(question, self.wanted, self.now).map(CheckFirst::RecordAhead);
        let plans: Vec<QuotaPlan> = plans.collect();
        let lacks_units = |plan: &QuotaPlan| matches!(plan.gives, QuotaShare::Nothing(DenialReason::NoUnits(_)));
        let unknown = if plans.iter().all(lacks_units) {
            licenses_of_unknown_plans(tenant, whole_second(at))
        } else {
            Vec::new()
        };
        let check_first = ahead.into_iter().chain(unusable_licenses(tenant)).chain(unknown).collect();
        QuotaExplanation {
            user,
            quota: quota.map(name),
            wanted: self.wanted,
            amount: self.amount(),
            at: whole_second(at),
            until: self.until(),
            check_first,
            plans: plans.into(),
        }
    }
}

impl QuotaExplanation {
    /// Returns by how much the record is ahead of the clock, if the total may be over the quota only
    /// for that (K10).
    #[must_use]
    pub fn record_ahead(&self) -> Option<RecordAhead> {
        self.check_first.iter().find_map(|check| match check {
            CheckFirst::RecordAhead(ahead) => Some(*ahead),
            _ => None,
        })
    }
}
