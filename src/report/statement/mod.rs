//! Answers what a tenant states about its record to its publisher: licenses and consumption by
//! month, without names of people (P3).
//! It takes a record, or the text of a statement.
//! It must not know reports over several tenants.

mod wire;

mod error;
pub(crate) mod wordings;

mod made;
mod read;
mod rows;

mod contradiction;

use alloc::vec::Vec;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::catalog::CatalogHash;
use crate::catalog::offer::Scope;
use crate::document::object;
use crate::id::{CountryCode, Label, OfferId, PlanId, PublisherId, RecordId, TenantId};
use crate::license::head::Head;
use crate::quantity::amount::{Capacity, Quantity};
use crate::quantity::units::Total;
use crate::time::Phase;
use crate::time::instant::{self, Instant};
use crate::time::month::Month;

pub use contradiction::Contradiction;
pub use error::StatementError;
pub use wire::MAX_STATEMENT_BYTES;

/// What a tenant states about its record to its publisher: licenses and consumption of each plan by
/// month, and the heads of the record, without names of users, groups and consumers (P3).
///
/// It is the tenant's word, which its record proves: two statements of one record, or a statement
/// and the record, are compared by [`contradiction`](UsageStatement::contradiction) and
/// [`Tenant::contradiction`](crate::Tenant::contradiction). A host writes
/// [`to_json`](UsageStatement::to_json) to a file and sends it; the publisher reads it with
/// [`from_json`](UsageStatement::from_json), and adds it to a [`Series`](crate::report::Series).
///
/// It is made by [`Tenant::usage_statement`](crate::Tenant::usage_statement).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct UsageStatement(pub(crate) Content);

/// The fields of a statement, in the order of its JSON.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct Content {
    /// The name of the format.
    pub(crate) statement: alloc::string::String,
    pub(crate) publisher: PublisherId,
    pub(crate) offer: OfferId,
    /// The offer's name, or its id if it has no name.
    pub(crate) name: Label,
    pub(crate) tenant: TenantId,
    pub(crate) record: RecordId,
    #[serde(with = "wire::catalog_hash")]
    pub(crate) catalog: CatalogHash,
    /// The head of the whole record.
    #[serde(with = "wire::head")]
    pub(crate) head: Head,
    /// The floor of the whole record.
    #[serde(with = "instant")]
    pub(crate) floor: DateTime<Utc>,
    /// The number of time tickets in force.
    pub(crate) tickets: u64,
    pub(crate) plans: Vec<StatementPlan>,
    pub(crate) months: Vec<StatementMonth>,
}

/// A plan of the catalog in which a statement was made.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatementPlan {
    /// The plan's id.
    pub id: PlanId,
    /// The plan's name.
    pub name: Label,
    /// What a unit of it covers.
    pub scope: Scope,
}

/// What a statement says about a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatementMonth {
    /// The month.
    pub month: Month,
    /// The instant at which the record was read: the last second of the month, or the present in the
    /// present month.
    #[serde(with = "instant")]
    pub at: DateTime<Utc>,
    /// The head of the record at that instant.
    #[serde(with = "wire::head")]
    pub head: Head,
    /// The customer by the license in force with the latest issue date; `None` for a tenant with only
    /// trials for anyone.
    #[serde(with = "wire::customer")]
    pub customer: Option<StatementCustomer>,
    /// The plans that a license in force grants, in the catalog's order, then unknown plans by id.
    pub licenses: Vec<StatementLicenses>,
    /// The consumption of each capacity plan that is consumed or can be, in the catalog's order.
    pub consumption: Vec<StatementConsumption>,
}

/// The name and the billing country of a customer in a statement.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatementCustomer {
    /// The customer's name.
    pub name: Label,
    /// The billing country.
    pub country: CountryCode,
}

/// The licenses of a plan in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatementLicenses {
    /// The plan's id.
    pub plan: PlanId,
    /// The earliest start of the plan's grants; `None` if no grant starts.
    #[serde(with = "wire::known_instant")]
    pub activation: Option<DateTime<Utc>>,
    /// The usable units.
    pub provisioned: Total,
    /// The seats held, without claims that wait.
    pub assigned: u64,
    /// The best phase of the plan's grants.
    pub state: Phase,
}

/// The consumption of a capacity plan in a month.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct StatementConsumption {
    /// The plan's id.
    pub plan: PlanId,
    /// The consumption of all consumers together.
    pub consumed: Quantity,
    /// The consumption that causes no warning: the usable units (M3).
    pub allowance: Capacity,
}

object! {
    Content {
        statement,
        publisher,
        offer,
        name,
        tenant,
        record,
        catalog: wire::catalog_hash::Written,
        head: wire::head::Written,
        floor: Instant,
        tickets,
        plans,
        months,
    }
}
object! { StatementPlan { id, name, scope } }
object! {
    StatementMonth {
        month,
        at: Instant,
        head: wire::head::Written,
        customer: wire::customer::Written,
        licenses,
        consumption,
    }
}
object! { StatementCustomer { name, country } }
object! {
    StatementLicenses {
        plan,
        activation: wire::known_instant::Written,
        provisioned,
        assigned,
        state,
    }
}
object! { StatementConsumption { plan, consumed, allowance } }

impl UsageStatement {
    /// Returns the id of the tenant.
    #[must_use]
    pub fn tenant(&self) -> &TenantId {
        &self.0.tenant
    }

    /// Returns the id of the record.
    #[must_use]
    pub fn record(&self) -> RecordId {
        self.0.record
    }

    /// Returns the id of the offer.
    #[must_use]
    pub fn offer(&self) -> &OfferId {
        &self.0.offer
    }

    /// Returns the hash of the catalog in which the record was read.
    #[must_use]
    pub fn catalog(&self) -> CatalogHash {
        self.0.catalog
    }

    /// Returns the head of the record when the statement was made.
    #[must_use]
    pub fn head(&self) -> Head {
        self.0.head
    }

    /// Returns the floor of the record when the statement was made: a month that ends by then is
    /// complete (X6).
    #[must_use]
    pub fn floor(&self) -> DateTime<Utc> {
        self.0.floor
    }

    /// Returns the plans of the catalog, in its order.
    #[must_use]
    pub fn plans(&self) -> &[StatementPlan] {
        &self.0.plans
    }

    /// Returns the months, the earliest first.
    #[must_use]
    pub fn months(&self) -> &[StatementMonth] {
        &self.0.months
    }

    /// Returns a month. `O(log n)` in the months.
    #[must_use]
    pub fn month(&self, month: Month) -> Option<&StatementMonth> {
        let index = self.0.months.binary_search_by_key(&month, |stated| stated.month).ok()?;
        self.0.months.get(index)
    }

    /// Returns a plan of the catalog and its index.
    pub(crate) fn plan(&self, id: &PlanId) -> Option<(usize, &StatementPlan)> {
        self.0.plans.iter().enumerate().find(|(_, plan)| plan.id == *id)
    }
}
