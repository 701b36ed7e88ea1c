//! Provisioned and assigned licenses of any set of tenants, month by month and country by country
//! (P1).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use crate::id::{CountryCode, Label, OfferId, PlanId};
use crate::quantity::units::Total;
use crate::report::history::{History, WentBackError};
use crate::report::plans::{Granted, customer, granted};
use crate::tenant::Tenant;
use crate::time::month::Month;

/// Provisioned and assigned licenses by month, by plan and by billing country, of tenants that are
/// added one by one (P1).
///
/// A month is read at its last second, and the present month at `now`, so a row equals a report
/// made at that instant (P2). Months that begin after `now` are left out.
#[derive(Debug, Clone)]
pub struct Series {
    /// The months, each with the instant at which it is read.
    pub(crate) months: Vec<(Month, DateTime<Utc>)>,
    /// The sums of each country and plan, month by month.
    pub(crate) sums: BTreeMap<(Billing, Counted), Vec<Sums>>,
    /// The plans of all added tenants, each with its index in the catalog and its name.
    pub(crate) plans: BTreeMap<(OfferId, PlanId), (usize, Label)>,
}

/// The detail of the rows of a series.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A row for each plan.
    EachPlan,
    /// One row for all user plans together, which counts seats. Units of tenant plans and capacity
    /// plans are not included, since nobody is assigned one, nor units of plans that the catalog
    /// does not know, whose scope is unknown.
    UserPlans,
}

/// A billing country. The unknown country is last in the order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Billing {
    Country(CountryCode),
    Unknown,
}

/// The plans that a sum counts.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counted {
    UserPlans,
    Plan(OfferId, PlanId),
}

/// The sum of the licenses of some tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sums {
    /// The number of tenants with a usable unit.
    pub(crate) tenants: u64,
    pub(crate) provisioned: Total,
    pub(crate) assigned: u64,
}

impl Sums {
    pub(crate) const NONE: Self = Self { tenants: 0, provisioned: Total::ZERO, assigned: 0 };

    fn of(granted: &Granted<'_>) -> Self {
        let tenants = u64::from(granted.provisioned > Total::ZERO);
        Self { tenants, provisioned: granted.provisioned, assigned: granted.assigned }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            tenants: self.tenants.saturating_add(other.tenants),
            provisioned: self.provisioned.plus(other.provisioned),
            assigned: self.assigned.saturating_add(other.assigned),
        }
    }
}

impl Series {
    /// Returns a series of these months, up to `now`, without tenants.
    #[must_use]
    pub fn new(months: RangeInclusive<Month>, now: DateTime<Utc>) -> Self {
        let (first, last) = months.into_inner();
        let last = last.min(Month::of(now));
        let all = core::iter::successors(Some(first), |month| month.next()).take_while(|&month| month <= last);
        let months = all.map(|month| (month, month.last_second().min(now))).collect();
        Self { months, sums: BTreeMap::new(), plans: BTreeMap::new() }
    }

    /// Adds a tenant by its history, which is advanced to the last month.
    ///
    /// It replays the record once, and costs `O(p log p)` in the plans for each month.
    ///
    /// # Errors
    ///
    /// [`WentBackError`] for a history that is already after the first month. Nothing changes then.
    pub fn add(&mut self, history: &mut History<'_>) -> Result<(), WentBackError> {
        for index in 0..self.months.len() {
            let Some(&(_, at)) = self.months.get(index) else { continue };
            self.count(index, history.at(at)?, at);
        }
        Ok(())
    }

    /// Counts a tenant in a month.
    fn count(&mut self, month: usize, tenant: &Tenant, at: DateTime<Utc>) {
        let place = customer(tenant).map_or(Billing::Unknown, |customer| Billing::Country(customer.country));
        let offer = &tenant.catalog().offer().offer;
        let mut seats = Sums::NONE;
        for (index, granted) in granted(tenant, at).iter().enumerate() {
            let sums = Sums::of(granted);
            if granted.is_for_users() {
                seats = seats.plus(sums);
            }
            let key = (offer.clone(), granted.id.clone());
            let place_in_catalog =
                tenant.catalog().plan_index(granted.id).map_or(usize::MAX.saturating_sub(index), |index| index.0);
            self.plans.insert(key.clone(), (place_in_catalog, granted.name()));
            self.sum(place, Counted::Plan(key.0, key.1), month, sums);
        }
        // A tenant with several plans counts once.
        seats.tenants = seats.tenants.min(1);
        if seats != Sums::NONE {
            self.sum(place, Counted::UserPlans, month, seats);
        }
    }

    fn sum(&mut self, place: Billing, counted: Counted, month: usize, sums: Sums) {
        let months = self.months.len();
        let by_month = self.sums.entry((place, counted)).or_insert_with(|| alloc::vec![Sums::NONE; months]);
        if let Some(sum) = by_month.get_mut(month) {
            *sum = sum.plus(sums);
        }
    }

    /// Returns what the rows of this detail count, in order: offer by offer, plans in the catalog's
    /// order.
    pub(crate) fn counted(&self, detail: Detail) -> Vec<Counted> {
        match detail {
            Detail::UserPlans => alloc::vec![Counted::UserPlans],
            Detail::EachPlan => {
                let plans = self.plans.iter().map(|((offer, plan), (at, _))| (offer, at, plan));
                let mut plans: Vec<(&OfferId, &usize, &PlanId)> = plans.collect();
                plans.sort_unstable();
                plans.into_iter().map(|(offer, _, plan)| Counted::Plan(offer.clone(), plan.clone())).collect()
            }
        }
    }

    /// Returns the ids and the name of what is counted.
    pub(crate) fn named(&self, counted: Counted) -> (Option<OfferId>, Option<PlanId>, Option<Label>) {
        match counted {
            Counted::UserPlans => (None, None, None),
            Counted::Plan(offer, plan) => {
                let key = (offer, plan);
                let name = self.plans.get(&key).map(|(_, name)| name.clone());
                (Some(key.0), Some(key.1), name)
            }
        }
    }
}
