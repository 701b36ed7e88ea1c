//! What any host with signed licenses needs of the same dependencies: one signature, one document, one time.

use std::error::Error;
use std::fs;

use chrono::{DateTime, Utc};
use ed25519_dalek::{Signature, VerifyingKey};
use serde::Deserialize;

#[derive(Deserialize)]
struct Head {
    ledger: String,
    tenant: String,
    record: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    let ledger = fs::read_to_string("ledger")?;
    let license = fs::read("license")?;
    let head: Head = serde_json::from_str(&ledger).map_err(|error| error.to_string())?;
    println!("{} {} {}", head.ledger, head.tenant, head.record);
    let at: Result<DateTime<Utc>, _> = head.record.parse();
    println!("{}", at.map_or_else(|error| error.to_string(), |at| at.to_string()));
    let key = license.first_chunk().ok_or("no key")?;
    let signature = Signature::from_bytes(license.last_chunk().ok_or("no signature")?);
    let verified = VerifyingKey::from_bytes(key).and_then(|key| key.verify_strict(&license, &signature));
    println!("{}", verified.map_or_else(|error| error.to_string(), |()| "signed".to_owned()));
    Ok(())
}
