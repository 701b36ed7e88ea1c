//! A start that does not replay years: the tenant comes back from a snapshot, and only what came after it is read.
//!
//! `cargo run --example restart`

use core::error::Error;

use entitle::chrono::{DateTime, Utc};
use entitle::record::{Checkpoint, Ledger};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Catalog, Command, KeyRing, RecordId, Role, SecretKey, Tenant, TenantId, Zeroizing};

/// What the host keeps, in files say: the record as lines, and beside it a snapshot with the checkpoint of its position.
#[derive(Default)]
struct Kept {
    ledger: String,
    snapshot: Option<(Vec<u8>, Checkpoint)>,
}

/// The snapshot is a cache: whatever is wrong with it, the record rebuilds the tenant.
fn start(kept: &Kept, catalog: &Catalog, ring: &KeyRing, id: &TenantId) -> Result<(Tenant, Ledger), Box<dyn Error>> {
    if let Some((bytes, checkpoint)) = &kept.snapshot {
        match Tenant::restore(catalog, ring, id.clone(), bytes) {
            Ok(mut tenant) if tenant.position() == checkpoint.position() => {
                let (ledger, events) = Ledger::read_on(id, &kept.ledger, checkpoint)?;
                println!("  from the snapshot of event {}, and {} events after it", tenant.position(), events.len());
                events.iter().try_for_each(|event| tenant.apply(event))?;
                return Ok((tenant, ledger));
            }
            Ok(_) => println!("  the snapshot is of another position"),
            Err(error) => println!("  {error}"),
        }
    }
    let (ledger, events) = Ledger::read(id, &kept.ledger)?;
    println!("  from the record, {} events", events.len());
    let mut tenant = Tenant::new(catalog, ring, id.clone());
    events.iter().try_for_each(|event| tenant.apply(event))?;
    Ok((tenant, ledger))
}

fn main() -> Result<(), Box<dyn Error>> {
    let catalog = Catalog::from_json(include_str!("fabrikam.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let (id, now): (TenantId, DateTime<Utc>) = ("contoso".parse()?, "2026-03-02T08:00:00Z".parse()?);
    let admin = Actor::new("ada".parse()?).with(Role::GlobalAdministrator);
    let (_, head) = Ledger::begin(&id, RecordId::from_random([5; 16]))?;
    let mut kept = Kept { ledger: head, ..Kept::default() };

    for day in 1..=4_usize {
        println!("day {day}:");
        let (mut tenant, mut ledger) = start(&kept, &catalog, &ring, &id)?;
        // A day of work: each line is stored before its event is applied.
        for number in 0..50 {
            let joins = [Command::join(format!("user-{day}-{number}").parse()?, "staff".parse()?)];
            let event = tenant.decide(&admin, &joins, now)?;
            let (behind, line) = ledger.line(&event)?;
            kept.ledger.push_str(&line);
            ledger = behind;
            tenant.apply(&event)?;
        }
        match day {
            // Now and then a snapshot, with where the ledger stands.
            1 | 3 => kept.snapshot = Some((tenant.snapshot()?, ledger.checkpoint())),
            // A disk forgets a bit.
            _ => kept.snapshot.iter_mut().filter_map(|(bytes, _)| bytes.last_mut()).for_each(|byte| *byte ^= 1),
        }
        println!("  {} users", tenant.user_count());
    }
    Ok(())
}
