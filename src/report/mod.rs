//! Answers what tenants have, how much of it is used and what does not work, as rows for CSV or
//! JSON (P1, P2).
//! It takes tenants, their records and an instant, or what tenants state about their records.
//! It must not know how files are written or sent.
//!
//! | question | rows |
//! |---|---|
//! | which licenses does a customer have? | [`LicenseRow`], the twelve columns of the License report, by [`Tenant::license_rows`] |
//! | how many licenses were provisioned and assigned, month by month? | [`MonthRow`], by [`Series::months`] |
//! | and where? | [`CountryRow`], by [`Series::countries`] |
//! | how much of the capacity plans was consumed, month by month? | [`ConsumptionRow`], by [`Series::consumption`] |
//! | what consumes a capacity plan, and how much? | [`CapacityRow`], by [`Tenant::capacity_rows`] |
//! | what is left of which order? | [`GrantRow`], with the publisher's reference, by [`Tenant::grant_rows`] |
//! | how much of each quota have the organisation and its users? | [`QuotaRow`], by [`Tenant::quota_rows`] |
//! | which claims do not work, and why? | [`ErrorRow`], by [`Tenant::error_rows`] |
//!
//! A row is flat and `Serialize`: `Writer::serialize` of the `csv` crate writes the heading from
//! its field names, and `serde_json` an object. Instants are `YYYY-MM-DDTHH:MM:SSZ`, months
//! `YYYY-MM`; a number without a bound is the word `unlimited`; an unknown value is an empty cell,
//! in JSON `null`. A report over many tenants is the rows of one after the other. Publishers and
//! tenants choose names and ids, and a spreadsheet runs a text that begins with `=`: pass the cells
//! of a file for a spreadsheet through [`spreadsheet_cell`].
//!
//! A report for a past instant is made from the record by a [`History`]. It equals a report made at
//! that instant with the catalog of today (P2). A [`Series`] adds up [`UsageStatement`]s, which a
//! host makes of a record, or which a tenant sends its publisher: they name no people (P3). A total
//! over tenants is a [`GrandTotal`], which an unlimited tenant does not turn into *unlimited*.
//!
//! ```
//! use entitle::report::{Detail, Series};
//! use entitle::chrono::{DateTime, Utc};
//! use entitle::license::{Customer, Licensee};
//! use entitle::record::Beginning;
//! use entitle::token::{KeyPermissions, KeyPurpose};
//! use entitle::{
//!     Actor, Catalog, Command, Deal, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey,
//!     Tenant, Term, Units, Zeroizing,
//! };
//!
//! let at = |text: &str| text.parse::<DateTime<Utc>>();
//! let catalog = Catalog::from_json(include_str!("../../examples/fabrikam.json"))?;
//! let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
//! let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
//! let contoso = Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?);
//! let (from, now) = (at("2026-01-10T00:00:00Z")?, at("2026-04-01T00:00:00Z")?);
//! let deal = Deal::new(LicenseId::from_random([42; 16]), catalog.offer(), Licensee::Tenant(contoso), from)
//!     .with(Grant::paid("gold".parse()?, Units::limited(5)?, Term::perpetual(from)));
//! let beginning = Beginning::new("contoso".parse()?, RecordId::from_random([5; 16]));
//! let mut tenant = Tenant::new(&catalog, &ring, &beginning);
//! let admin = Actor::new("ada".parse()?).with(Role::GlobalAdministrator);
//! let commands = [Command::Install(secret.seal(&deal)?), Command::assign("bo".parse()?, "gold".parse()?)];
//! let request = RequestId::from_random([6; 16]);
//! let entries = [tenant.decide(&admin, &commands, request, at("2026-02-03T00:00:00Z")?)?];
//! tenant.apply(&entries[0])?;
//!
//! // Now: every plan of one tenant, or of many.
//! for row in tenant.license_rows(now) {
//!     println!("{}: {} of {} assigned", row.sku_name, row.licenses_assigned, row.licenses_provisioned);
//! }
//!
//! // Then: the months up to now, of one tenant's record after the other.
//! let mut series = Series::new("2026-01".parse()?..="2026-03".parse()?);
//! series.add(&tenant.usage_statement(&entries, series.range(), now)?);
//! let months = series.months(Detail::UserPlans);
//! assert_eq!(months.iter().map(|row| row.licenses_assigned).collect::<Vec<_>>(), [0, 1, 1]);
//! Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! The crate `entitle-plot` draws months, countries and capacities as SVG.
//!
//! [`Tenant::license_rows`]: crate::Tenant::license_rows
//! [`Tenant::capacity_rows`]: crate::Tenant::capacity_rows
//! [`Tenant::error_rows`]: crate::Tenant::error_rows
//! [`Tenant::grant_rows`]: crate::Tenant::grant_rows
//! [`Tenant::quota_rows`]: crate::Tenant::quota_rows

mod cell;
mod grand_total;
mod history;
mod spreadsheet;

mod plans;

mod capacity;
mod errors;
mod grants;
mod licenses;
mod quotas;

mod statement;

mod series;

mod consumption;
mod countries;
mod months;

pub use capacity::CapacityRow;
pub use consumption::ConsumptionRow;
pub use countries::CountryRow;
pub use errors::ErrorRow;
pub use grand_total::GrandTotal;
pub use grants::{GrantRow, GrantRowKind};
pub use history::{History, WentBackError};
pub use licenses::LicenseRow;
pub use months::MonthRow;
pub use quotas::{QuotaRow, QuotaRowHolder};
pub use series::{Detail, Series};
pub use spreadsheet::spreadsheet_cell;
pub(crate) use statement::wordings as statement_wordings;
pub use statement::{
    Contradiction, MAX_STATEMENT_BYTES, StatementConsumption, StatementCustomer, StatementError, StatementLicenses,
    StatementMonth, StatementPlan, UsageStatement,
};
