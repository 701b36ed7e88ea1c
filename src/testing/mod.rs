//! Answers whether a publisher's own catalog keeps the publisher's rules (feature `testing`): laws
//! in one line each, and strategies for property tests over any customer.
//! It takes a catalog, and makes keys, deals, records and tenants of its own.
//! It must not share code with what it checks: the oracle computes every answer independently.
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
//! let studio = Laws::of(&Catalog::from_json(include_str!("../../examples/studio.json"))?);
//! studio.gives_at_least("projects", "pro", "standard")?;
//! println!("{}", laws.unlocks_all_of("silver", "gold").unwrap_err());
//! Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! A property test over [`tenants`] can check what the laws do not cover. The tenants have any
//! record, forged ones included.
//!
//! ```
//! use entitle::Catalog;
//! use entitle::testing::{days, tenants, users};
//! use proptest::prelude::*;
//!
//! let catalog = Catalog::from_json(include_str!("../../examples/fabrikam.json"))?;
//! let audit = catalog.app("f365/audit")?;
//! proptest!(ProptestConfig { cases: 16, failure_persistence: None, ..ProptestConfig::default() }, |(tenant in tenants(&catalog))| {
//!     for (user, day) in users().iter().flat_map(|user| days().step_by(30).map(move |day| (user, day))) {
//!         let open = tenant.check(user, &audit, day).is_allowed();
//!         prop_assert!(!open || tenant.queue(&"gold".parse().unwrap()).any(|other| other == user));
//!     }
//! });
//! Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! An [`Oracle`] evaluates the same record in the simplest way and returns a second [`Opinion`], to
//! compare with each answer of the library for the publisher's plans.
//!
//! Applications test their own gates and pages with a [`fixture`]: a tenant in a given situation.
//!
//! Use it as a development dependency only, not in applications.

mod cases;
mod forge;
mod oracle;
mod story;

mod laws;
mod quota_laws;
mod worlds;

pub mod fixture;

pub use cases::MAX_DECIDED;
pub use forge::{assume_proof, forge};
pub use laws::{LawFailure, Laws};
pub use oracle::{Facts, Opinion, Oracle, PhaseTimeline, excludes};
pub use story::{Answer, Story, StoryQuestion};
pub use worlds::{Record, days, deals, records, ring, secret, tenants, users};
