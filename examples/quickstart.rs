//! The main job from end to end: Fabrikam sells F365 to Contoso, which assigns seats; then time goes by.
//!
//! `cargo run --example quickstart`

use core::error::Error;

use entitle::chrono::{DateTime, Utc};
use entitle::{
    Actor, Catalog, Command, Customer, Deal, Decision, Grant, Holder, KeyRing, LicenseId, Powers, Purpose, Role,
    SecretKey, Tenant, Term, Token, Units, UserId, Zeroizing,
};

fn main() -> Result<(), Box<dyn Error>> {
    // Fabrikam's product: three plans over three apps, and a free one. It is compiled into the application.
    let catalog = Catalog::from_json(include_str!("fabrikam.json"))?;

    // Fabrikam's back office: a key pair (take the seed from your operating system), a deal, a token.
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let term = Term::new(at("2026-03-01T00:00:00Z")?, at("2027-03-01T00:00:00Z")?)?;
    let customer = Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?);
    let (id, signed) = (LicenseId::from_random([42; 16]), at("2026-02-20T09:30:00Z")?);
    let deal = Deal::new(id, catalog.offer(), Holder::Tenant(customer), signed)
        .with(Grant::paid("gold".parse()?, Units::limited(1)?, term))
        .with(Grant::paid("bronze".parse()?, Units::limited(2)?, term));
    let token: Token = secret.seal(&deal)?;
    println!("Fabrikam signs with {}\nand sends Contoso this license:\n", secret.public().id());
    print_wrapped(&token.to_string());

    // The application at Contoso, offline: it trusts Fabrikam's public key and installs what verifies.
    let ring = KeyRing::new().trust(secret.public(), Powers::of(Purpose::Licenses));
    let mut tenant = Tenant::new(&catalog, &ring, "contoso".parse()?);
    let admin = Actor::new("ada@contoso.example".parse()?).with(Role::GlobalAdministrator);
    let users: Vec<UserId> = ["ada", "bo", "cy", "dee"]
        .iter()
        .map(|name| format!("{name}@contoso.example").parse())
        .collect::<Result<_, _>>()?;
    let [ada, bo, cy, dee] = users.as_slice() else { return Err("four users".into()) };
    let now = at("2026-03-02T08:00:00Z")?;
    for commands in [
        vec![Command::Install(token)],
        vec![
            Command::assign(ada.clone(), "gold".parse()?),
            Command::assign(bo.clone(), "bronze".parse()?),
            Command::assign(cy.clone(), "bronze".parse()?),
        ],
    ] {
        let event = tenant.decide(&admin, &commands, now)?;
        tenant.apply(&event)?; // and keep it: the events are the tenant's record
    }
    println!("\nContoso assigns 1 gold and 2 bronze seats. A third bronze seat?");
    match tenant.decide(&admin, &[Command::assign(dee.clone(), "bronze".parse()?)], now) {
        Ok(_) => return Err("there are two units".into()),
        Err(refusal) => println!("  {refusal}"),
    }

    for (day, title) in [
        ("2026-03-02T08:00:00Z", "The license is active"),
        ("2027-02-10T08:00:00Z", "It ends in less than 30 days"),
        ("2027-03-10T08:00:00Z", "It has ended: 30 days of grace"),
        ("2027-04-10T08:00:00Z", "Suspended: nothing is deleted, a renewal restores it"),
        ("2027-07-10T08:00:00Z", "Over"),
    ] {
        println!("\n{} · {title}", day.get(..10).unwrap_or(day));
        print_table(&tenant, &users, at(day)?);
    }

    let audit = catalog.app("f365/audit")?;
    if let Decision::Deny(denial) = tenant.check(bo, &audit, now) {
        println!("\nWhat bo saw in March 2026 when opening f365/audit:");
        println!("  {}", denial.explain().to_string().replace(" for a license", "\n  for a license"));
    }
    Ok(())
}

/// Who may open what, on what basis, and until when that holds.
fn print_table(tenant: &Tenant, users: &[UserId], now: DateTime<Utc>) {
    let row = |cells: [&str; 6]| {
        let [user, basic, orders, forecasts, audit, until] = cells;
        println!("  {user:<5}{basic:<7}{orders:<18}{forecasts:<18}{audit:<18}{until}");
    };
    row(["", "basic", "orders", "forecasts", "audit", "until"]);
    for user in users {
        let mut cells = Vec::new();
        let mut until = None;
        for app in tenant.catalog().apps() {
            let decision = tenant.check(user, &app, now);
            until = until.into_iter().chain(decision.until()).min();
            cells.push(match &decision {
                Decision::Allow(allow) => match allow.plan() {
                    Some(plan) => format!("{}: {}", plan.id, allow.basis()),
                    None => allow.basis().to_string(),
                },
                Decision::Deny(_) => "-".to_string(),
            });
        }
        let name = user.as_str().split('@').next().unwrap_or_default();
        let until = until.map_or("always".to_string(), |until| until.date_naive().to_string());
        if let [basic, orders, forecasts, audit] = cells.as_slice() {
            row([name, basic, orders, forecasts, audit, &until]);
        }
    }
}

fn print_wrapped(text: &str) {
    for line in text.as_bytes().chunks(76) {
        println!("  {}", String::from_utf8_lossy(line));
    }
}

fn at(text: &str) -> Result<DateTime<Utc>, Box<dyn Error>> {
    Ok(text.parse()?)
}
