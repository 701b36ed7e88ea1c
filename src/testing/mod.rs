//! For publishers who prove their own rules (feature `testing`): laws about a catalog, each in one line.
//!
//! ```
//! use entitle::Catalog;
//! use entitle::testing::Laws;
//!
//! let catalog = Catalog::from_json(include_str!("../../examples/fabrikam.json"))?;
//! let laws = Laws::of(&catalog);
//! laws.unlocks_all_of("gold", "silver")?;
//! laws.opens_only_with("f365/audit", "gold")?;
//! laws.every_app_can_be_opened()?;
//! println!("{}", laws.unlocks_all_of("silver", "gold").unwrap_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! It belongs among the development dependencies: nothing here is for an application.

mod cases;
mod laws;
mod story;

pub use cases::MAX_DECIDED;
pub use laws::{Doubt, Laws};
pub use story::{Answer, Story};
