//! Quotas of an offer, and what its plans give of them, as plain data (Q1).

use serde::Serialize;

use crate::document::{choice, object};
use crate::id::{Label, QuotaId};
use crate::message::messages;
use crate::quantity::quota_amount::QuotaAmount;

/// The most quotas of an offer, and the most amounts in a grant: a check of a quota costs the plans
/// that give it, and a price list has few such numbers (X8).
pub const MAX_QUOTAS: usize = 64;

/// A number that plans give beside opening apps: projects, rows, gigabytes (Q1). The host counts
/// what exists.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct QuotaEntry {
    /// The id by which the host asks for it.
    pub id: QuotaId,
    /// The display name.
    pub name: Label,
    /// What is counted, in the plural: `projects`.
    pub unit: Label,
    /// Whom the quota is for.
    pub scope: QuotaScope,
    /// How the amounts of several plans combine.
    pub combine: Combination,
    /// The amount that everyone has without a license; 0 if left out.
    #[serde(skip_serializing_if = "is_nothing")]
    pub free: QuotaAmount,
}

fn is_nothing(amount: &QuotaAmount) -> bool {
    *amount == QuotaAmount::ZERO
}

impl QuotaEntry {
    /// Returns a quota without a free amount.
    #[must_use]
    pub fn new(id: QuotaId, name: Label, unit: Label, scope: QuotaScope, combine: Combination) -> Self {
        Self { id, name, unit, scope, combine, free: QuotaAmount::ZERO }
    }
}

/// Whom a quota is for (Q1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaScope {
    /// Each user has the amount.
    User,
    /// The organisation has the amount.
    Tenant,
}

messages! {
    QuotaScope;
    Self::User => "quota-scope.user", "user";
    Self::Tenant => "quota-scope.tenant", "tenant";
}

/// How the amounts that several plans give of a quota combine (Q1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Combination {
    /// The largest counts.
    Largest,
    /// They add up.
    Sum,
}

impl Combination {
    /// Returns two amounts combined.
    pub(crate) fn of(self, one: QuotaAmount, other: QuotaAmount) -> QuotaAmount {
        match self {
            Self::Largest => one.max(other),
            Self::Sum => one.plus(other),
        }
    }
}

/// What a plan gives of a quota (Q1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct PlanQuota {
    /// The quota.
    pub quota: QuotaId,
    /// The amount.
    pub amount: QuotaAmount,
    /// Whether the amount is given once or for each unit; once if left out.
    pub per: QuotaPer,
}

impl PlanQuota {
    /// Returns an amount that the plan gives once.
    #[must_use]
    pub fn new(quota: QuotaId, amount: QuotaAmount) -> Self {
        Self { quota, amount, per: QuotaPer::Plan }
    }

    /// Returns an amount that the plan gives for each of its units, of a quota of the organisation.
    #[must_use]
    pub fn per_unit(quota: QuotaId, amount: QuotaAmount) -> Self {
        Self { quota, amount, per: QuotaPer::Unit }
    }
}

/// Whether a plan gives an amount once or for each unit (Q1).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum QuotaPer {
    /// Once.
    #[default]
    Plan,
    /// For each usable unit.
    Unit,
}

object! { QuotaEntry { id, name, unit, scope, combine, free = QuotaAmount::ZERO } }
choice! { QuotaScope { "user" => User, "tenant" => Tenant } }
choice! { Combination { "largest" => Largest, "sum" => Sum } }
object! { PlanQuota { quota, amount, per = QuotaPer::Plan } }
choice! { QuotaPer { "plan" => Plan, "unit" => Unit } }
