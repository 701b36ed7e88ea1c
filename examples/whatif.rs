//! "We renew smaller: who loses what, and when?" The dry run of an installation, before anybody clicks on it.
//!
//! `cargo run --example whatif`

use core::error::Error;
use entitle::record::Beginning;

use entitle::chrono::{DateTime, Utc};
use entitle::license::{Customer, Licensee};
use entitle::preview::Subject;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey, Tenant, Term,
    Units, Zeroizing,
};

fn main() -> Result<(), Box<dyn Error>> {
    let catalog = Catalog::from_json(include_str!("fabrikam.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let admin = Actor::new("ada".parse()?).with(Role::GlobalAdministrator);
    let at = |text: &str| text.parse::<DateTime<Utc>>();

    // This year: three bronze seats and one of gold, all taken; one more waits for bronze.
    let term = Term::new(at("2026-03-01T00:00:00Z")?, at("2027-03-01T00:00:00Z")?)?;
    let contoso = Licensee::Tenant(Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?));
    let deal = Deal::new(LicenseId::from_random([42; 16]), catalog.offer(), contoso, at("2026-02-20T00:00:00Z")?)
        .with(Grant::paid("bronze".parse()?, Units::limited(3)?, term))
        .with(Grant::paid("gold".parse()?, Units::limited(1)?, term));
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new("contoso".parse()?, RecordId::from_random([1; 16])));
    let mut commands = vec![
        Command::Install(secret.seal(&deal)?),
        Command::assign("gil".parse()?, "gold".parse()?),
        Command::assign_group("staff".parse()?, "bronze".parse()?),
    ];
    for name in ["bo", "cy", "dee", "eve"] {
        commands.push(Command::join(name.parse()?, "staff".parse()?));
    }
    tenant.apply(&tenant.decide(&admin, &commands, RequestId::from_random([1; 16]), at("2026-03-02T08:00:00Z")?)?)?;

    // The offer for next year: one bronze seat, and no gold. The publisher's tool tolerates the old number for 90 days.
    let next_year = at("2028-03-01T00:00:00Z")?;
    let next = Term::new(at("2026-03-01T00:00:00Z")?, next_year)?;
    let smaller = vec![Grant::paid("bronze".parse()?, Units::limited(1)?, next)];
    let smaller = secret.seal(&deal.renew(catalog.offer(), at("2027-02-01T00:00:00Z")?, smaller)?)?;

    // What would happen, if we installed it today? Nothing of the tenant changes.
    let today = at("2027-02-03T09:00:00Z")?;
    let install = Command::Install(smaller);
    let preview = tenant.preview(&admin, core::slice::from_ref(&install), today)?;
    println!("Installed today, as it is:\n{preview}\n");

    // Programs take the lists, of which the totals are right also where the lists are cut off.
    println!("{} users have something now that will go:", preview.totals.ending.users);
    for end in preview.ending.iter().filter(|end| end.from < next_year) {
        match &end.who {
            Subject::User(user) => println!("  write to {user}: {} goes on {}", end.app, end.from.date_naive()),
            Subject::Everyone => println!("  put it on the front page: {} goes", end.app),
        }
    }
    for dropped in &preview.dropped {
        println!("  ask the vendor: is {} left out on purpose?", dropped.grant.plan);
    }

    // Several commands are tried together: what if bo left as well?
    let together = tenant.preview(&admin, &[install, Command::RemoveUser("bo".parse()?)], today)?;
    let is_cy = |who: &Subject| matches!(who, Subject::User(user) if user == "cy");
    let ends = together.ending.iter().filter(|end| is_cy(&end.who)).map(|end| end.from.date_naive());
    println!("\nIf bo leaves, cy keeps it until {:?}.", ends.collect::<Vec<_>>());

    // And what is refused is refused here alike.
    let late = Command::assign("fay".parse()?, "bronze".parse()?);
    if let Err(refusal) = tenant.preview(&admin, &[late], today) {
        println!("\nNot at all: {refusal}");
    }
    Ok(())
}
