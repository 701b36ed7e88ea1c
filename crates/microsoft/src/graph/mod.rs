//! Microsoft Graph's answers about a tenant, read offline.
//!
//! | answer of Graph | read by |
//! |---|---|
//! | `GET /subscribedSkus` | [`Skus::read`] |
//! | `GET /directory/subscriptions` | [`Subscriptions::read`] |
//! | `GET /users?$select=id,userPrincipalName,usageLocation,licenseAssignmentStates`, or of one user | [`Users::read`], [`Users::read_one`] |
//! | `GET /users/{id}/licenseDetails` | [`Details::read`] |
//!
//! | question | answer |
//! |---|---|
//! | what may a user open? | [`View::findings`], [`View::may_open`]; without an assignment [`View::company_findings`] |
//! | how many units are free? | [`View::units`] |
//! | what ends next? | [`View::endings`] |
//! | which assignments are in error, and how to fix them? | [`View::errors`] |
//! | what would a request to `assignLicense` do? | [`View::effects`] of a [`Request::read`] |
//!
//! ```
//! use entitle_microsoft::graph::{Skus, View};
//!
//! let page = r#"{ "value": [{ "skuId": "00000000-0000-0000-0000-0000000000b0", "capabilityStatus": "Suspended",
//!     "consumedUnits": 3, "prepaidUnits": { "enabled": 0, "warning": 0, "suspended": 5, "lockedOut": 0 } }] }"#;
//! let view = View::new(Skus::read(&[page])?);
//! let units = view.units("00000000-0000-0000-0000-0000000000b0".parse()?).map_err(|missing| missing.to_string())?;
//! assert_eq!((units.free(), units.over()), (0, 3)); // still assigned, but not usable
//! Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! # Trust
//!
//! Graph is another authority. Its answers are unsigned, and valid for the moment of the query. A
//! positive [`Finding`] can be shown, or used by a host that trusts the source of the answers. It
//! is never an [`Allow`](entitle::Allow).
//!
//! No data is invented. A service plan is enabled if all of these hold: the SKU is enabled or in
//! warning and has a usable unit; an active assignment of it to the user does not turn the service
//! plan off; and its provisioning status is success, for the tenant and for the user, as far as
//! each was read, at least one of them. Missing properties are [`MissingData`], unknown values
//! grant nothing, a list whose last page was not read is incomplete ([`Extent`]), and a SKU is out
//! of date once all its subscriptions have entered another state.

mod texts;

mod enums;
mod pages;

mod skus;
mod subscriptions;
mod users;

mod missing_data;

mod conditions;
mod finding;
mod units;

mod view;

mod endings;
mod failed_assignments;
mod fix;

mod request;

mod request_effects;

pub use endings::{Ending, Endings};
pub use enums::{AppliesTo, AssignmentError, AssignmentState, Provisioning, Status};
pub use failed_assignments::{Errors, FailedAssignment, Source};
pub use finding::{Finding, Obstacle, Verdict};
pub use fix::{Fix, MAX_NAMED};
pub use missing_data::MissingData;
pub use pages::{Extent, GraphError, MAX_LIST_BYTES, MAX_PARTS};
pub use request::{Addition, Request};
pub use request_effects::{Assignee, Effect, Outcome, RejectReason, RequestedChange};
pub use skus::{PrepaidUnits, ServicePlanInfo, Sku, Skus};
pub use subscriptions::{Sale, Subscription, Subscriptions};
pub use texts::MAX_TEXT_BYTES;
pub use units::SkuUnits;
pub use users::{Assignment, Detail, Details, UsageLocation, User, Users};
pub use view::View;
