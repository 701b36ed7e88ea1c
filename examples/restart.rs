//! A start that does not replay years: the tenant comes back from a snapshot, and only what follows it is read.
//!
//! `cargo run --example restart`

use core::error::Error;

use entitle::chrono::{DateTime, Utc};
use entitle::record::{Beginning, Ledger};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Catalog, Command, KeyRing, RecordId, RequestId, Role, SecretKey, Tenant, TenantId, Zeroizing};

/// What the host keeps, in files say: the record as lines, and beside it a snapshot.
struct Kept {
    ledger: String,
    snapshot: Option<Vec<u8>>,
}

/// The snapshot is a cache: whatever is wrong with it, the record rebuilds the tenant.
fn start(kept: &Kept, catalog: &Catalog, ring: &KeyRing, id: &TenantId) -> Result<Tenant, Box<dyn Error>> {
    let ledger = Ledger::read(id, &kept.ledger)?;
    let restored = kept.snapshot.as_ref().map(|bytes| Tenant::restore(catalog, ring, id.clone(), bytes));
    let (mut tenant, entries) = match restored {
        // The ledger must contain the head of the snapshot.
        Some(Ok(tenant)) => {
            println!("  from the snapshot of entry {}", tenant.position());
            let entries = ledger.entries_after(tenant.head())?;
            (tenant, entries)
        }
        other => {
            let why = other.and_then(Result::err).map_or("no snapshot".to_string(), |error| error.to_string());
            println!("  from the record: {why}");
            (Tenant::new(catalog, ring, ledger.beginning()), ledger.entries())
        }
    };
    let from = tenant.position();
    for entry in entries {
        tenant.apply(&entry?)?;
    }
    println!("  {} entries were applied", tenant.position().saturating_sub(from));
    Ok(tenant)
}

fn main() -> Result<(), Box<dyn Error>> {
    let catalog = Catalog::from_json(include_str!("fabrikam.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let (id, now): (TenantId, DateTime<Utc>) = ("contoso".parse()?, "2026-03-02T08:00:00Z".parse()?);
    let admin = Actor::new("ada".parse()?).with(Role::GlobalAdministrator);
    let beginning = Beginning::new(id.clone(), RecordId::from_random([5; 16]));
    let mut kept = Kept { ledger: format!("{}\n", beginning.text()), snapshot: None };

    for day in 1..=4_u8 {
        println!("day {day}:");
        let mut tenant = start(&kept, &catalog, &ring, &id)?;
        // A day of work: each entry is stored before it is applied.
        for number in 0..50_u8 {
            let joins = [Command::join(format!("user-{day}-{number}").parse()?, "staff".parse()?)];
            let request = RequestId::from_random([day.wrapping_mul(50).wrapping_add(number); 16]); // random, in an application
            let entry = tenant.decide(&admin, &joins, request, now)?;
            kept.ledger.push_str(entry.text());
            kept.ledger.push('\n');
            tenant.apply(&entry)?;
        }
        match day {
            // Now and then a snapshot; it names the head of the record.
            1 | 3 => kept.snapshot = Some(tenant.snapshot()?),
            // A disk forgets a bit.
            _ => kept.snapshot.iter_mut().filter_map(|bytes| bytes.last_mut()).for_each(|byte| *byte ^= 1),
        }
        println!("  {} users", tenant.user_count());
    }
    Ok(())
}
