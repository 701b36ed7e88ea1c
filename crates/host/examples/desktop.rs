//! A desktop application: one record in one file, a folder for license files, a gated feature.
//!
//! `cargo run -p entitle-host --example desktop`

use core::error::Error;
use std::fs;

use entitle::chrono::{DateTime, Days, Utc};
use entitle::explain::Audience;
use entitle::license::{Customer, Licensee};
use entitle::query::ClockStatus;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Actor, Catalog, Deal, Decision, Grant, KeyRing, LicenseId, Role, SecretKey, Term, Units, Zeroizing};
use entitle_host::{LocalOptions, Recovery, clock};

fn main() -> Result<(), Box<dyn Error>> {
    // Compiled into the application: what is sold, and whose signature counts.
    let catalog = Catalog::from_json(include_str!("studio.json"))?;
    let publisher = SecretKey::from_seed(&Zeroizing::new([7; 32])); // an application has only its public key
    // Lists and tickets too: without them, a license that requires a list and a wrong clock have no remedy.
    let all = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets);
    let ring = KeyRing::new().trust(publisher.public(), all)?;
    let (owner, export) = ("mia@contoso.example", catalog.app("studio/export")?);
    let me = Actor::new(owner.parse()?).with(Role::BillingAdministrator).with(Role::Host);

    let folder = std::env::temp_dir().join(format!("entitle-studio-{}", std::process::id()));
    fs::create_dir_all(folder.join("licenses"))?;
    for start in ["The first start, without a license", "A license file is there", "A later start"] {
        println!("\n{start}");
        // The record is locked while it is written and no longer; an interrupted last line is removed.
        // A damaged one is an error; `Recovery::KeepValidPrefix` if there is no backup, and after the user agreed.
        let options = LocalOptions::new().recovery(Recovery::Fail);
        let mut local = options.open(folder.join("record"), &catalog, &ring, owner.parse()?)?;
        println!("  {:?}", local.opening());
        for report in local.install_all(folder.join("licenses"), &me, clock::now())? {
            println!("  {report}");
        }
        // At every gated action. `Local::check` records the time when that is due, so that a clock set back gives
        // nothing; a clock far ahead is recorded only once somebody confirmed it, since it is not taken back.
        let now = clock::now();
        let is_odd = matches!(local.tenant().clock(now), ClockStatus::FarAhead { .. }) && !confirm(now);
        let decision =
            if is_odd { local.tenant().check(&me.user, &export, now) } else { local.check(&me.user, &export, now) };
        match decision {
            Decision::Allow(allow) => println!("  exported: {}, until {}", allow.basis(), allow.until()),
            Decision::Deny(denial) => println!("  not exported: {}", denial.text(Audience::Individual)),
        }
        if local.tenant().position() == 0 {
            fs::write(folder.join("licenses").join("standard"), sell(&publisher, &catalog, owner)?)?;
        }
    }
    Ok(fs::remove_dir_all(&folder)?)
}

/// Asks who sits there whether the clock is right, which nobody is to answer here.
fn confirm(now: DateTime<Utc>) -> bool {
    println!("  the application was not used for long: is it really {now}?");
    false
}

/// What the vendor sends by e-mail: a year of Studio Standard.
fn sell(publisher: &SecretKey, catalog: &Catalog, owner: &str) -> Result<String, Box<dyn Error>> {
    let now = clock::now();
    let year = Term::new(now, now.checked_add_days(Days::new(365)).unwrap_or(now))?;
    let customer = Customer::new(owner.parse()?, "Mia Moreno".parse()?, "PT".parse()?);
    let deal = Deal::new(LicenseId::from_random([42; 16]), catalog.offer(), Licensee::Tenant(customer), now);
    Ok(publisher.seal(&deal.with(Grant::paid("standard".parse()?, Units::limited(1)?, year)))?.to_armor())
}
