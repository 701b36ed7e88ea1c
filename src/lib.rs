#![doc = include_str!("../README.md")]
#![no_std]
#![cfg_attr(not(feature = "answers"), allow(dead_code, reason = "what only the modules of `answers` ask for"))]

extern crate alloc;
#[cfg(test)]
extern crate std;

// Each module imports only from modules above it.
mod utc;

mod message;

mod collections;
mod document;

pub mod id;

pub mod quantity;

pub mod time;

mod key;

pub mod catalog;

pub mod license;

pub mod token;

mod tenant;

pub mod record;

mod decision;

pub mod query;

pub mod quota;

pub mod directory;

#[cfg(feature = "answers")]
pub mod preview;
#[cfg(feature = "answers")]
pub mod remedy;

pub mod explain;

#[cfg(feature = "answers")]
pub mod audit;

#[cfg(feature = "answers")]
pub mod report;

pub mod language;

pub mod manual;
#[cfg(feature = "testing")]
pub mod testing;

pub mod capacity;
pub mod command;
pub mod hashing;
pub mod limits;

pub use catalog::{App, Catalog};
pub use decision::denial_explanation::DenialExplanation;
pub use decision::{Allow, Decision, Denial};
pub use hashing::seed_hashes;
pub use id::{
    AppId, ConsumerId, ConsumptionId, CountryCode, GroupId, LicenseId, OfferId, PlanId, PublisherId, QuotaId, RecordId,
    RequestId, TenantId, TicketId, UserId, UserRef,
};
pub use license::{Deal, Grant};
pub use quantity::Units;
pub use tenant::Tenant;
pub use tenant::command::{Command, Event};
pub use tenant::entry::Entry;
pub use tenant::refusal::Refusal;
pub use tenant::role::{Actor, Role};
pub use time::Term;
pub use token::{KeyRing, License, PublicKey, SecretKey, Token};

pub use chrono;
pub use zeroize::Zeroizing;
