//! Fabrikam sells F365 to Contoso, which assigns seats; then time goes by.
use entitle::record::Beginning;

use entitle::chrono::{DateTime, Utc};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Catalog, Command, Deal, Decision, KeyRing, LicenseId, RecordId, Role, SecretKey, Tenant, Term, Token, Zeroizing,
};

use crate::{Outcome, assign, at, contoso, denied, paid, person, print_table, refused, run, users};

pub(crate) fn show() -> Outcome {
    // Fabrikam's product: three plans over three apps, and a free one. It is compiled into the application.
    let catalog = Catalog::from_json(include_str!("../fabrikam.json"))?;

    // Fabrikam's back office: a key pair (take the seed from your operating system), a deal, a token.
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let (id, signed) = (LicenseId::from_random([42; 16]), at("2026-02-20T09:30:00Z")?);
    let year = Term::new(at("2026-03-01T00:00:00Z")?, at("2027-03-01T00:00:00Z")?)?;
    let deal =
        Deal::new(id, catalog.offer(), contoso()?, signed).with(paid("gold", 1, year)?).with(paid("bronze", 2, year)?);
    let token: Token = secret.seal(&deal)?;
    println!("Fabrikam signs with {}", secret.public().id());
    print_beginning(&token.to_string());

    // The application at Contoso, offline: it trusts Fabrikam's public key and installs what verifies.
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new("contoso".parse()?, RecordId::from_random([1; 16])));
    let admin = person("ada", Role::GlobalAdministrator)?;
    let now = at("2026-03-02T08:00:00Z")?;
    run(&mut tenant, &admin, &[Command::Install(token)], now)?;
    let seats = [assign("ada", "gold")?, assign("bo", "bronze")?, assign("cy", "bronze")?];
    run(&mut tenant, &admin, &seats, now)?;
    println!("\nContoso assigns 1 gold and 2 bronze seats. A third bronze seat, for dee?");
    refused(&tenant, &admin, &[assign("dee", "bronze")?], now)?;

    // The question an application asks at every gated action; a denial says whom to ask for what.
    let users = users(["ada", "bo", "dee"])?;
    let [_, bo, _] = users.as_slice() else { return Err("three users".into()) };
    denied(&tenant, bo, "f365/audit", now)?;

    // The same for everyone and everything, as time goes by.
    for (day, title) in [
        ("2026-03-02T08:00:00Z", "The license is active"),
        ("2027-02-10T08:00:00Z", "It ends in less than 30 days"),
        ("2027-03-10T08:00:00Z", "It has ended: 30 days of grace"),
        ("2027-04-10T08:00:00Z", "Suspended: nothing is deleted, a renewal restores it"),
        ("2027-07-10T08:00:00Z", "Over"),
    ] {
        let now = at(day)?;
        println!("\n{} · {title}", now.date_naive());
        print_table(&tenant, &users, now);
        print_warnings(&tenant, now)?;
    }
    Ok(())
}

/// What an allow may say beside yes; show it to administrators.
fn print_warnings(tenant: &Tenant, now: DateTime<Utc>) -> Outcome {
    let (ada, audit) = ("ada".parse()?, tenant.catalog().app("f365/audit")?);
    if let Decision::Allow(allow) = tenant.check(&ada, &audit, now) {
        allow.warnings().for_each(|warning| println!("  Note: {warning}"));
    }
    Ok(())
}

/// A token is text, to be sent as a file or by mail.
fn print_beginning(token: &str) {
    println!("and sends Contoso a license of {} characters:", token.len());
    println!("  {}…", token.get(..76).unwrap_or(token));
}
