//! Provisioned and assigned licenses of any set of tenants, month by month and country by country (P1).

use alloc::collections::BTreeMap;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use crate::id::{CountryCode, Label, OfferId, PlanId};
use crate::month::Month;
use crate::report::history::{History, WentBackError};
use crate::report::plans::{Granted, customer, granted};
use crate::sorted::sorted;
use crate::tenant::Tenant;
use crate::units::Total;

/// Provisioned and assigned licenses by month, by plan and by billing country, of tenants that are added one by one (P1).
///
/// A month is told by its last second, the present one by `now`: so a row says what a report made then would have said (P2).
/// Months that have not begun by `now` are left out.
#[derive(Debug, Clone)]
pub struct Series {
    /// Each with the instant that stands for it.
    pub(crate) months: Vec<(Month, DateTime<Utc>)>,
    /// For each country and plan its sums, month by month.
    pub(crate) sums: BTreeMap<(Place, Counted), Vec<Sums>>,
    /// For each plan that was seen its place in the catalog, and its name.
    pub(crate) plans: BTreeMap<(OfferId, PlanId), (usize, Label)>,
}

/// What the rows of a series count.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Detail {
    /// A row for each plan.
    EachPlan,
    /// One row for all user plans together: seats. Units of tenant plans and of capacities are not added to them, as nobody
    /// is assigned one, nor those of plans that the catalog does not know, of which it cannot be said whose they are.
    UserPlans,
}

/// A billing country; ordered, the unknown comes last.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Place {
    Country(CountryCode),
    Unknown,
}

/// What a sum is of.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Counted {
    UserPlans,
    Plan(OfferId, PlanId),
}

/// Licenses of some tenants added up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sums {
    /// How many of them have a usable unit.
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
    /// A series of these months, up to `now`, to which no tenant was added yet.
    #[must_use]
    pub fn new(months: RangeInclusive<Month>, now: DateTime<Utc>) -> Self {
        let (first, last) = months.into_inner();
        let last = last.min(Month::of(now));
        let all = core::iter::successors(Some(first), |month| month.next()).take_while(|&month| month <= last);
        let months = all.map(|month| (month, month.last_second().min(now))).collect();
        Self { months, sums: BTreeMap::new(), plans: BTreeMap::new() }
    }

    /// Adds a tenant by its history, which stands in the last month then.
    ///
    /// Its cost is that of replaying the record once, and for each month linear in the plans, but for logarithms.
    ///
    /// # Errors
    ///
    /// [`WentBackError`] for a history that stands behind the first month already; nothing has changed then.
    pub fn add(&mut self, history: &mut History<'_>) -> Result<(), WentBackError> {
        for index in 0..self.months.len() {
            let Some(&(_, at)) = self.months.get(index) else { continue };
            self.count(index, history.at(at)?, at);
        }
        Ok(())
    }

    /// Counts a tenant in a month.
    fn count(&mut self, month: usize, tenant: &Tenant, at: DateTime<Utc>) {
        let place = customer(tenant).map_or(Place::Unknown, |customer| Place::Country(customer.country));
        let offer = &tenant.catalog().offer().offer;
        let mut seats = Sums::NONE;
        for (index, granted) in granted(tenant, at).iter().enumerate() {
            let sums = Sums::of(granted);
            if granted.is_for_users() {
                seats = seats.plus(sums);
            }
            let key = (offer.clone(), granted.id.clone());
            let place_in_catalog = tenant.catalog().plan_index(granted.id).unwrap_or(usize::MAX.saturating_sub(index));
            self.plans.insert(key.clone(), (place_in_catalog, granted.name()));
            self.sum(place, Counted::Plan(key.0, key.1), month, sums);
        }
        // A tenant with two plans is one tenant.
        seats.tenants = seats.tenants.min(1);
        if seats != Sums::NONE {
            self.sum(place, Counted::UserPlans, month, seats);
        }
    }

    fn sum(&mut self, place: Place, counted: Counted, month: usize, sums: Sums) {
        let months = self.months.len();
        let by_month = self.sums.entry((place, counted)).or_insert_with(|| alloc::vec![Sums::NONE; months]);
        by_month.get_mut(month).into_iter().for_each(|there| *there = there.plus(sums));
    }

    /// What rows of this detail count, in their order: offer by offer, plans in the catalog's order.
    pub(crate) fn counted(&self, detail: Detail) -> Vec<Counted> {
        match detail {
            Detail::UserPlans => alloc::vec![Counted::UserPlans],
            Detail::EachPlan => {
                let plans = sorted(self.plans.iter().map(|((offer, plan), (at, _))| (offer, at, plan)));
                plans.into_iter().map(|(offer, _, plan)| Counted::Plan(offer.clone(), plan.clone())).collect()
            }
        }
    }

    /// The name of what is counted.
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
