//! The consumption of a capacity plan in a month, and its limits (M1 to M3).

use alloc::vec::Vec;

use chrono::{DateTime, Utc};

use crate::catalog::offer::{Plan, Scope};
use crate::id::{ConsumerId, ConsumptionId, PlanId};
use crate::quantity::amount::{Amount, Capacity, Percent, Quantity};
use crate::quantity::units::Total;
use crate::tenant::Tenant;
use crate::tenant::consumption::MonthConsumption;
use crate::time::End;
use crate::time::month::Month;

/// The consumption of a capacity plan in a month.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Usage<'a> {
    /// The month of the reading.
    pub month: Month,
    /// The total consumption in the month.
    pub consumed: Quantity,
    /// The usable units. Consumption beyond them is allowed with a warning (M3).
    pub allowance: Capacity,
    /// The usable units plus the plan's overage. Consumption beyond them is refused (M3).
    pub limit: Capacity,
    /// The first instant at which any of this changes by time alone.
    pub until: End,
    consumers: Option<&'a MonthConsumption>,
}

impl<'a> Usage<'a> {
    /// Returns whether more is consumed than there are units, which is a reason to warn an
    /// administrator (M3).
    #[must_use]
    pub fn is_over(&self) -> bool {
        !self.allowance.covers(self.consumed)
    }

    /// Returns whether consumption of this amount would be allowed now.
    #[must_use]
    pub fn covers(&self, amount: Amount) -> bool {
        self.limit.covers(self.consumed.plus(amount))
    }

    /// Returns what may still be consumed now, overage included: nothing once the limit is reached.
    #[must_use]
    pub fn left(&self) -> Capacity {
        match self.limit {
            Capacity::Limited(limit) => Capacity::Limited(limit.minus(self.consumed)),
            Capacity::Unlimited => Capacity::Unlimited,
        }
    }

    /// Returns the consumption of each consumer, in unspecified order (M1).
    pub fn consumers(&self) -> impl Iterator<Item = (&'a ConsumerId, Quantity)> {
        self.consumers
            .into_iter()
            .flat_map(|consumed| consumed.consumers.iter())
            .map(|(consumer, &consumed)| (consumer, consumed))
    }
}

/// What a capacity plan was consumed by in a month.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct MonthUsage<'a> {
    /// The month.
    pub month: Month,
    /// The total consumption in the month.
    pub consumed: Quantity,
    consumers: &'a MonthConsumption,
}

impl<'a> MonthUsage<'a> {
    /// Returns whether a consumption of this id was recorded in the month, whatever its amount and
    /// consumer: recorded again, it is refused, with all of its list (M5). `O(1)`.
    ///
    /// Beyond 4,000,000 consumptions of a plan the ids of its earliest months are forgotten, and so
    /// is that they were recorded; their quantities are not.
    #[must_use]
    pub fn is_recorded(&self, id: &ConsumptionId) -> bool {
        self.consumers.has(id)
    }

    /// Returns the consumption of each consumer, in unspecified order (M1).
    pub fn consumers(&self) -> impl Iterator<Item = (&'a ConsumerId, Quantity)> + use<'a> {
        self.consumers.consumers.iter().map(|(consumer, &consumed)| (consumer, consumed))
    }
}

impl Tenant {
    /// Returns the months in which a plan was consumed, the earliest first, with their consumption.
    /// None is ever forgotten (M2). Plans that the catalog does not have are included (C11).
    /// `O(n log n)` in the months.
    pub fn usage_by_month<'a>(&'a self, plan: &PlanId) -> impl Iterator<Item = MonthUsage<'a>> + use<'a> {
        let plan = self.core().number(plan).and_then(|number| self.core().plan(number));
        let months = plan.map_or_else(Vec::new, |plan| plan.consumption.by_month());
        months.into_iter().map(|(month, consumers)| MonthUsage { month, consumed: consumers.total, consumers })
    }

    /// Returns the consumption of a plan in a month, past or not; `None` if nothing was consumed.
    /// `O(1)`.
    #[must_use]
    pub fn usage_in(&self, plan: &PlanId, month: Month) -> Option<MonthUsage<'_>> {
        let plan = self.core().number(plan).and_then(|number| self.core().plan(number))?;
        let consumers = plan.consumption.of(month)?;
        Some(MonthUsage { month, consumed: consumers.total, consumers })
    }

    /// Returns the consumption of a capacity plan in the month of the reading; `None` if the
    /// catalog has no such capacity plan. `O(log n)` in the grants of the plan.
    #[must_use]
    pub fn usage(&self, plan: &PlanId, now: DateTime<Utc>) -> Option<Usage<'_>> {
        let plan = self.catalog().plan(plan).filter(|plan| plan.scope == Scope::Capacity)?;
        let index = self.catalog().plan_index(&plan.id)?;
        let at = self.reading(now);
        let month = Month::of(at);
        let segments = self.core().segments(index, at);
        let units = segments.first().map_or(Total::ZERO, |segment| segment.coverage.usable);
        let consumed = self.core().catalog_plan(index).and_then(|plan| plan.consumption.of(month));
        Some(Usage {
            month,
            consumed: consumed.map_or(Quantity::NONE, |consumed| consumed.total),
            allowance: Capacity::of(units, Percent::NONE),
            limit: Capacity::of(units, plan.overage()),
            until: segments.get(1).map_or(month.ends(), |next| End::At(next.from).min(month.ends())),
            consumers: consumed,
        })
    }
}

impl Plan {
    /// Returns how far beyond its units the plan can be consumed: the catalog's value, or 25
    /// percent (M3).
    #[must_use]
    pub fn overage(&self) -> Percent {
        self.overage.unwrap_or(Percent::new(25))
    }
}
