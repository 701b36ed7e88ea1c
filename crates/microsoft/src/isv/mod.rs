//! The two files that a publisher hands to `pac solution add-license`: its plans, and which component each opens.
//!
//! ```
//! use entitle_microsoft::isv::{Files, OfferDefaults};
//!
//! let definition = "ServiceID,Display name,More info URL\n\
//!                   fabrikam.f365.bronze,Fabrikam Bronze,https://fabrikam.example/bronze\n";
//! let mapping = "Service ID,Component name\nfabrikam.f365.bronze,fab_Orders\n";
//! let catalog = Files::new(definition, mapping).catalog(&OfferDefaults::default())?;
//! assert_eq!(catalog.service_id(&"bronze".parse()?)?, "fabrikam.f365.bronze");
//! assert_eq!(Files::from_catalog(&catalog, &OfferDefaults::default())?.mapping, "Service ID,Component name\r\nfabrikam.f365.bronze,fab_Orders\r\n");
//! Ok::<(), Box<dyn core::error::Error>>(())
//! ```
//!
//! The files say the plans in their order, their names and web addresses, and the apps of each plan in their order; the
//! publisher and the offer are parts of every service id. What an offer says beyond that is [`OfferDefaults`]. It is handed in
//! both ways: reading adds it, and writing refuses a catalog that says anything that neither the files nor the `OfferDefaults` say.
//! So reading what was written gives the same offer, always.
//!
//! Files are read with `ServiceID` or `Service ID`, in any order of columns, with quoted cells, any line ends and a byte
//! order mark; they are written in Microsoft's own spelling, UTF-8, with CRLF and without a mark.

mod export;
mod import;
mod offer_defaults;

pub use export::{ExportError, Unexportable};
pub use import::{Files, FilesError, MAX_FILE_BYTES};
pub use offer_defaults::{OfferDefaults, PlanDefaults};
