//! Making a statement of a record.

use alloc::string::String;
use alloc::vec::Vec;
use core::ops::RangeInclusive;

use chrono::{DateTime, Utc};

use crate::catalog::offer::{Plan, Scope};
use crate::report::plans::{customer, granted, starts};
use crate::report::statement::wire::FORMAT;
use crate::report::statement::{
    Content, StatementConsumption, StatementCustomer, StatementLicenses, StatementMonth, StatementPlan, UsageStatement,
};
use crate::tenant::Tenant;
use crate::tenant::entry::{ApplyError, Entry};
use crate::time::month::Month;
use crate::time::{LATEST, whole_second};

impl Tenant {
    /// Returns the usage statement of these months, up to `now`, from all entries of this tenant's
    /// record (P3). Months that begin after `now` are left out.
    ///
    /// A month is read at its last second, and the present month at `now`, so each equals a report
    /// made at that instant with the catalog of today (P2). A tenant before its first entry is
    /// enough, as for a [`History`](crate::report::History). It replays the record once, and costs
    /// `O(p log p)` in the plans for each month.
    ///
    /// # Errors
    ///
    /// [`ApplyError`] for entries that do not continue each other from number 1 on, or that are not
    /// those of this tenant's record.
    pub fn usage_statement(
        &self,
        record: &[Entry],
        months: RangeInclusive<Month>,
        now: DateTime<Utc>,
    ) -> Result<UsageStatement, ApplyError> {
        let now = whole_second(now);
        let (first, last) = months.into_inner();
        let last = last.min(Month::of(now));
        let months = core::iter::successors(Some(first), |month| month.next()).take_while(|&month| month <= last);
        self.statement_of(record, months.map(|month| (month, month.last_second().min(now))))
    }

    /// Returns the statement of months in their order, each read at an instant.
    pub(super) fn statement_of(
        &self,
        record: &[Entry],
        months: impl Iterator<Item = (Month, DateTime<Utc>)>,
    ) -> Result<UsageStatement, ApplyError> {
        let mut history = self.history(record)?;
        let mut stated = Vec::new();
        for (month, at) in months {
            // Each instant is later than the one before, so the history never has to move back.
            stated.extend(history.at(at).ok().map(|tenant| state(tenant, month, at)));
        }
        let offer = self.catalog().offer();
        let plan = |plan: &Plan| StatementPlan { id: plan.id.clone(), name: plan.name.clone(), scope: plan.scope };
        let plans = offer.plans.iter().map(plan).collect();
        let whole = history.at(LATEST).unwrap_or(self);
        Ok(UsageStatement(Content {
            statement: String::from(FORMAT),
            publisher: offer.publisher.clone(),
            offer: offer.offer.clone(),
            name: offer.name.clone().unwrap_or_else(|| offer.offer.as_label()),
            tenant: self.id().clone(),
            record: self.record(),
            catalog: self.catalog().hash(),
            head: whole.head(),
            floor: whole.core().floor(),
            tickets: u64::try_from(whole.core().timeline.corrections().len()).unwrap_or(u64::MAX),
            plans,
            months: stated,
        }))
    }
}

/// Returns what a statement says about a month.
fn state(tenant: &Tenant, month: Month, at: DateTime<Utc>) -> StatementMonth {
    let starts = starts(tenant);
    let licenses = granted(tenant, at).into_iter().map(|granted| StatementLicenses {
        plan: granted.id.clone(),
        activation: starts.get(granted.id).copied(),
        provisioned: granted.provisioned,
        assigned: granted.assigned,
        state: granted.state,
    });
    let capacities = tenant.catalog().offer().plans.iter().filter(|plan| plan.scope == Scope::Capacity);
    let consumption = capacities.filter_map(|plan| {
        let usage = tenant.usage(&plan.id, at)?;
        let (consumed, allowance) = (usage.consumed, usage.allowance);
        let is_empty = consumed.in_millionths() == 0 && allowance.is_none();
        (!is_empty).then(|| StatementConsumption { plan: plan.id.clone(), consumed, allowance })
    });
    let customer = customer(tenant);
    StatementMonth {
        month,
        at,
        head: tenant.head(),
        customer: customer.map(|it| StatementCustomer { name: it.name.clone(), country: it.country }),
        licenses: licenses.collect(),
        consumption: consumption.collect(),
    }
}
