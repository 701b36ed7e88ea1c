//! Provisioned and assigned licenses and consumption of any set of tenants, month by month and
//! country by country (P1, P3).

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use crate::catalog::offer::Scope;
use crate::id::{CountryCode, Label, OfferId, PlanId, RecordId, TenantId};
use crate::quantity::amount::Quantity;
use crate::report::grand_total::GrandTotal;
use crate::report::statement::{StatementConsumption, StatementLicenses, StatementMonth, UsageStatement};
use crate::time::month::Month;

/// Provisioned and assigned licenses by month, by plan and by billing country, and the consumption
/// of capacity plans by month, of tenants whose statements are added one by one (P1, P3).
///
/// A host that has the records makes the statements itself, by
/// [`Tenant::usage_statement`](crate::Tenant::usage_statement). A row equals a report made at the
/// instant at which its month was read (P2). Months that no statement has are left out.
#[derive(Debug, Clone)]
pub struct Series {
    months: RangeInclusive<Month>,
    /// The last month that a statement has.
    last: Option<Month>,
    /// The sums of each country and plan, by month.
    pub(crate) sums: BTreeMap<(Billing, Counted), BTreeMap<Month, Sums>>,
    /// The consumption of each capacity plan, by month.
    pub(crate) consumed: BTreeMap<(OfferId, PlanId), BTreeMap<Month, ConsumedSums>>,
    /// The plans of all added tenants, each with its index in the catalog and its name.
    pub(crate) plans: BTreeMap<(OfferId, PlanId), (usize, Label)>,
    /// The months of records that are counted.
    counted: BTreeSet<(TenantId, RecordId, Month)>,
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
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct Sums {
    /// The number of tenants with a usable unit.
    pub(crate) tenants: u64,
    pub(crate) provisioned: GrandTotal<u64>,
    pub(crate) assigned: u64,
}

impl Sums {
    fn of(licenses: &StatementLicenses) -> Self {
        let provisioned = GrandTotal::from(licenses.provisioned);
        let tenants = u64::from(provisioned != GrandTotal::default());
        Self { tenants, provisioned, assigned: licenses.assigned }
    }

    pub(crate) fn plus(self, other: Self) -> Self {
        Self {
            tenants: self.tenants.saturating_add(other.tenants),
            provisioned: self.provisioned.plus(other.provisioned),
            assigned: self.assigned.saturating_add(other.assigned),
        }
    }

    /// Returns the sums of plans of one tenant as those of that tenant, which counts once.
    fn of_one_tenant(mut self) -> Self {
        self.tenants = self.tenants.min(1);
        self.provisioned.unlimited = self.provisioned.unlimited.min(1);
        self
    }
}

/// The sum of the consumption of some tenants.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) struct ConsumedSums {
    /// The number of tenants that consumed something or could.
    pub(crate) tenants: u64,
    pub(crate) consumed: Quantity,
    pub(crate) allowance: GrandTotal<Quantity>,
}

impl ConsumedSums {
    fn plus(self, of: &StatementConsumption) -> Self {
        let consumed = self.consumed.in_millionths().saturating_add(of.consumed.in_millionths());
        Self {
            tenants: self.tenants.saturating_add(1),
            consumed: Quantity::of_millionths(consumed),
            allowance: self.allowance.plus(of.allowance.into()),
        }
    }
}

impl Series {
    /// Returns a series of these months, without tenants.
    #[must_use]
    pub fn new(months: RangeInclusive<Month>) -> Self {
        Self {
            months,
            last: None,
            sums: BTreeMap::new(),
            consumed: BTreeMap::new(),
            plans: BTreeMap::new(),
            counted: BTreeSet::new(),
        }
    }

    /// Returns the months for which the series was made.
    #[must_use]
    pub fn range(&self) -> RangeInclusive<Month> {
        self.months.clone()
    }

    /// Adds what a statement says about the months of the series.
    ///
    /// A month of a record counts once: if an earlier added statement of the record has it, that one
    /// counts. So of several statements of one record add the one with the latest
    /// [`head`](UsageStatement::head) first, and only such as do not
    /// [contradict](UsageStatement::contradiction) each other. `O(n log n)` in the statement.
    pub fn add(&mut self, statement: &UsageStatement) {
        let months = self.months.clone();
        for stated in statement.months().iter().filter(|stated| months.contains(&stated.month)) {
            if self.counted.insert((statement.tenant().clone(), statement.record(), stated.month)) {
                self.last = self.last.max(Some(stated.month));
                self.count(statement, stated);
            }
        }
    }

    /// Counts a month of a tenant.
    fn count(&mut self, statement: &UsageStatement, stated: &StatementMonth) {
        let place = stated.customer.as_ref().map_or(Billing::Unknown, |customer| Billing::Country(customer.country));
        let mut seats = Sums::default();
        for (index, licenses) in stated.licenses.iter().enumerate() {
            let sums = Sums::of(licenses);
            let known = statement.plan(&licenses.plan);
            if known.is_some_and(|(_, plan)| plan.scope == Scope::User) {
                seats = seats.plus(sums);
            }
            let key = self.name(statement, &licenses.plan, index);
            self.sum(place, Counted::Plan(key.0, key.1), stated.month, sums);
        }
        let seats = seats.of_one_tenant();
        if seats != Sums::default() {
            self.sum(place, Counted::UserPlans, stated.month, seats);
        }
        for (index, consumption) in stated.consumption.iter().enumerate() {
            let key = self.name(statement, &consumption.plan, index);
            let sums = self.consumed.entry(key).or_default().entry(stated.month).or_default();
            *sums = sums.plus(consumption);
        }
    }

    /// Keeps the place and the name of a plan, and returns its key.
    fn name(&mut self, statement: &UsageStatement, plan: &PlanId, index: usize) -> (OfferId, PlanId) {
        let key = (statement.offer().clone(), plan.clone());
        let (place, name) = match statement.plan(plan) {
            Some((place, plan)) => (place, plan.name.clone()),
            None => (usize::MAX.saturating_sub(index), plan.as_label()),
        };
        self.plans.insert(key.clone(), (place, name));
        key
    }

    fn sum(&mut self, place: Billing, counted: Counted, month: Month, sums: Sums) {
        let sum = self.sums.entry((place, counted)).or_default().entry(month).or_default();
        *sum = sum.plus(sums);
    }

    /// Returns the months of the series up to the last one that a statement has.
    pub(crate) fn reported(&self) -> impl Iterator<Item = Month> + use<> {
        let last = self.last;
        let months = core::iter::successors(Some(*self.months.start()), |month| month.next());
        months.take_while(move |&month| Some(month) <= last)
    }

    /// Returns what the rows of this detail count, in order: offer by offer, plans in the catalog's
    /// order.
    pub(crate) fn counted(&self, detail: Detail) -> Vec<Counted> {
        match detail {
            Detail::UserPlans => alloc::vec![Counted::UserPlans],
            Detail::EachPlan => {
                let is_granted: BTreeSet<&Counted> = self.sums.keys().map(|(_, counted)| counted).collect();
                let plans = self.in_order().into_iter().map(|(offer, plan)| Counted::Plan(offer, plan));
                plans.filter(|counted| is_granted.contains(counted)).collect()
            }
        }
    }

    /// Returns all plans, offer by offer in the catalog's order.
    pub(crate) fn in_order(&self) -> Vec<(OfferId, PlanId)> {
        let plans = self.plans.iter().map(|((offer, plan), (at, _))| (offer, at, plan));
        let mut plans: Vec<(&OfferId, &usize, &PlanId)> = plans.collect();
        plans.sort_unstable();
        plans.into_iter().map(|(offer, _, plan)| (offer.clone(), plan.clone())).collect()
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
