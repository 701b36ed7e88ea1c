//! The two files of `pac solution add-license`: the plans of a publisher, and the components of
//! each.
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
//! The files contain the plans in order, with names and web addresses, and the apps of each plan in
//! order. Every service id contains the publisher and the offer. [`OfferDefaults`] hold everything
//! else of an offer. Both directions take them: reading adds them, and writing fails for a catalog
//! that they and the files do not fully describe. Reading written files therefore always gives the
//! same offer.
//!
//! Ids of apps may have characters that names of components have not. [`ComponentNames`] name the
//! component of each such app, for both directions.
//!
//! Reading accepts `ServiceID` or `Service ID`, columns in any order, quoted cells, any line ends
//! and a byte order mark. Writing uses Microsoft's spelling, UTF-8 and CRLF, without a byte order
//! mark.

mod component_names;
mod export;
mod import;
mod offer_defaults;

pub use component_names::{ComponentNameError, ComponentNames};
pub use export::{ExportError, Unexportable};
pub use import::{Files, FilesError, MAX_FILE_BYTES};
pub use offer_defaults::{OfferDefaults, PlanDefaults};
