//! Laws about a catalog, compared with every tenant there can be.
#![allow(
    clippy::unwrap_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::arithmetic_side_effects,
    reason = "a test may fail by panicking"
)]

#[path = "../support/mod.rs"]
mod support;

mod every_tenant;
mod plans;
mod quotas;
mod worlds;

use entitle::Catalog;
use entitle::testing::LawFailure;

/// The catalog with one text in it replaced.
fn edited(catalog: &str, from: &str, to: &str) -> Catalog {
    assert!(catalog.contains(from));
    Catalog::from_json(&catalog.replace(from, to)).unwrap()
}

const FABRIKAM: &str = include_str!("../../examples/fabrikam.json");

const ORDERS: &str = include_str!("../../examples/orders.json");

fn broken(proof: Result<(), LawFailure>) -> String {
    match proof.unwrap_err() {
        LawFailure::Broken { law, story } => format!("{law}\n{story}"),
        other => panic!("{other}"),
    }
}

/// Seats and storage by plan: storage is of the organisation, by unit in two of the plans.
const STUDIO: &str = r#"{
  "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
  "quotas": [
    { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "largest", "free": { "limited": 3 } },
    { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" }
  ],
  "apps": [{ "id": "edit", "access": "free" }],
  "plans": [
    { "id": "site", "scope": "tenant", "name": "Site", "quotas": [{ "quota": "storage", "amount": { "limited": 100 } }] },
    { "id": "pro", "scope": "user", "name": "Pro", "requires": [["site"]], "excludes": ["max"],
      "quotas": [{ "quota": "projects", "amount": { "limited": 50 } },
                 { "quota": "storage", "amount": { "limited": 10 }, "per": "unit" }] },
    { "id": "max", "scope": "user", "name": "Max",
      "quotas": [{ "quota": "projects", "amount": { "limited": 80 } }, { "quota": "storage", "amount": { "limited": 200 } }] },
    { "id": "pool", "scope": "capacity", "name": "Pool", "quotas": [{ "quota": "storage", "amount": { "limited": 7 }, "per": "unit" }] }
  ]
}"#;
