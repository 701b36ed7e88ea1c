//! Why a total is over a quota: how much there is, which plans give it, and why others do not (Q3).

use alloc::boxed::Box;
use core::fmt;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::decision::denial_explanation::not_in_effect;
use crate::decision::denial_reason::DenialReason;
use crate::decision::grant_state::GrantStates;
use crate::id::user::UserId;
use crate::id::{Label, PlanId, QuotaId};
use crate::message::{Message, wordings};
use crate::quantity::quota_amount::QuotaAmount;
use crate::quota::decision::Over;
use crate::quota::status::{QuotaHolder, QuotaQuestion};
use crate::time::{End, instant, whole_second};

wordings! {
    OVER = "quota.over", "{total} {unit} are too many: {name} allows {limit}";
    UNKNOWN = "quota.unknown", "this product has no such quota";
}

/// Why a total is over a quota, as owned data to show, store or send. Its `Display` is the message
/// for the user.
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
    /// Nothing: the plan is not in effect for the user, or has no usable unit, for this reason.
    Nothing(DenialReason),
    /// Nothing: a tenant plan that it requires is not in effect.
    RequirementNotMet,
}

impl Over<'_> {
    /// Returns the reasons as owned data. It allocates, and costs `O(n)` in the grants of the tenant
    /// for each plan that gives the quota.
    #[must_use]
    pub fn explain(&self) -> QuotaExplanation {
        let question = self.status.question;
        let QuotaQuestion { holder, quota, at, .. } = question;
        let user = match holder {
            QuotaHolder::User(user) => Some(user.clone()),
            QuotaHolder::Tenant => None,
        };
        let name = |(entry, _): (&crate::catalog::QuotaEntry, _)| QuotaName {
            id: entry.id.clone(),
            name: entry.name.clone(),
            unit: entry.unit.clone(),
        };
        let plans = question.plans().map(|(index, plan, amount)| {
            let gives = match amount {
                Some(amount) => QuotaShare::Amount(amount),
                None => question.reason(index, plan).map_or(QuotaShare::RequirementNotMet, QuotaShare::Nothing),
            };
            QuotaPlan { plan: plan.id.clone(), name: plan.name.clone(), gives }
        });
        QuotaExplanation {
            user,
            quota: quota.map(name),
            wanted: self.wanted,
            amount: self.amount(),
            at: whole_second(at),
            until: self.until(),
            plans: plans.collect(),
        }
    }
}

impl QuotaQuestion<'_> {
    fn reason(self, index: crate::catalog::index::PlanIndex, plan: &crate::catalog::Plan) -> Option<DenialReason> {
        let states = GrantStates::of(self.tenant, &plan.id, whole_second(self.at));
        match self.holder {
            QuotaHolder::User(user) => not_in_effect(self.tenant, index, plan, states, user, self.at),
            QuotaHolder::Tenant => states.reason(),
        }
    }
}

impl QuotaExplanation {
    /// Returns the message for the user: the total, the quota and its amount.
    #[must_use]
    pub fn message(&self) -> Message {
        match &self.quota {
            Some(QuotaName { name, unit, .. }) => {
                let message = OVER.message().with("total", self.wanted).with("unit", unit).with("name", name);
                message.with("limit", &self.amount)
            }
            None => UNKNOWN.message(),
        }
    }
}

impl fmt::Display for QuotaExplanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.message().fmt(f)
    }
}

impl core::error::Error for QuotaExplanation {}
