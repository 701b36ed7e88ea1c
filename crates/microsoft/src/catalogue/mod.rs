//! The Microsoft 365 catalogue, "product names and service plan identifiers": which product contains which service plans.
//!
//! A product is a plan of `entitle`, a service plan an app (C2). Their GUIDs identify them; other
//! names are shared, change, and differ between rows. An [`Edition`] is one published file. Its
//! [`DataIssue`]s list what was repaired; what cannot be repaired is a fault with line and column.
//!
//! ```
//! use entitle_microsoft::catalogue::{DataIssue, Edition, Scopes};
//! use entitle::catalog::Scope;
//! use entitle::Catalog;
//!
//! let text = "Product_Display_Name,String_Id,GUID,Service_Plan_Name,Service_Plan_Id,Service_Plans_Included_Friendly_Names
//! Desk Basic,DESK_B ,00000000-0000-0000-0000-0000000000b0,MAIL,00000000-0000-0000-0000-000000000001,Mail
//! Desk Full,DESK_F,00000000-0000-0000-0000-0000000000f0,MAIL,00000000-0000-0000-0000-000000000001,Mail";
//! let edition = Edition::read(text.as_bytes())?;
//! assert_eq!(edition.data_issues(), [DataIssue::EdgeWhiteSpace { line: 2, column: 2 }]);
//! let catalog = Catalog::new(edition.offer("microsoft".parse()?, "m365".parse()?, &Scopes::all(Scope::User)))?;
//! assert_eq!(catalog.apps().count(), 1);
//! Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! [`Edition::changes_to`] compares two editions: what each product gained and lost (C10), and
//! which entries are new or removed.

mod data_issue;
mod decode;

mod changes;
mod edition;
mod name_counts;
mod read;
mod scopes;

pub use changes::{ChangedProduct, Changes, Renamed};
pub use data_issue::DataIssue;
pub use decode::Encoding;
pub use edition::{Edition, Product, ServicePlan};
pub use read::{EditionError, MAX_EDITION_BYTES};
pub use scopes::Scopes;
