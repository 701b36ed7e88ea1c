//! Intelligent Order Management: one license for the organisation, and user licenses (USL) for the few who publish.
use entitle::record::Beginning;

use entitle::command::TrialName;
use entitle::license::Licensee;
use entitle::time::{Length, Window};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Catalog, Command, Deal, Grant, KeyRing, LicenseId, RecordId, Role, SecretKey, Tenant, Term, Units, Zeroizing,
};

use crate::{Outcome, assign, at, contoso, denied, paid, person, print_table, refused, run, users};

pub(crate) fn show() -> Outcome {
    // `orders` opens the work to everybody. `usl` opens publishing; it requires `orders` and one of two plans of somebody
    // else, Power Automate, which are plans of this offer too and granted to the organisations that have them.
    let catalog = Catalog::from_json(include_str!("../orders.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([8; 32]));
    let started = at("2026-03-01T00:00:00Z")?;

    // The trial is one license for anyone, a file on the web site: a key has to be trusted for that by name.
    let trial = LicenseId::from_random([1; 16]);
    let window = Window::new(started, at("2027-01-01T00:00:00Z")?)?;
    let on_trial = |plan: &str, units| -> Outcome<Grant> {
        Ok(Grant::trial(plan.parse()?, Units::limited(units)?, window, Length::days(30)?))
    };
    let trials = Deal::new(trial, catalog.offer(), Licensee::Anyone, started)
        .with(on_trial("orders", 1)?)
        .with(on_trial("usl", 5)?);
    let automate = Deal::new(LicenseId::from_random([2; 16]), catalog.offer(), contoso()?, started).with(paid(
        "automate",
        2,
        Term::perpetual(started),
    )?);

    let ring = KeyRing::new()
        .trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone))?;
    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new("contoso".parse()?, RecordId::from_random([1; 16])));
    let billing = person("mo", Role::BillingAdministrator)?;
    let licenses = person("lee", Role::LicenseAdministrator)?;
    let now = at("2026-03-10T08:00:00Z")?;
    let install = [Command::Install(secret.seal(&automate)?), Command::Install(secret.seal(&trials)?)];
    run(&mut tenant, &billing, &install, now)?;
    println!("Contoso has Power Automate, and downloaded a trial. Lee, who assigns, starts it?");
    let start = |plan: &str| Outcome::Ok(Command::StartTrial(TrialName::new(trial, plan.parse()?)));
    refused(&tenant, &licenses, &[start("orders")?, start("usl")?], now)?;
    println!("  May Contoso install? {}", yes(tenant.may_install(now).is_allowed()));

    println!("\nMo, who may buy, starts it. May lee assign a USL without Power Automate?");
    run(&mut tenant, &billing, &[start("orders")?, start("usl")?], now)?;
    refused(&tenant, &licenses, &[assign("ada", "usl")?], now)?;
    println!("  May Contoso install? {}", yes(tenant.may_install(now).is_allowed()));
    let publishers = [assign("ada", "automate")?, assign("ada", "usl")?];
    run(&mut tenant, &licenses, &publishers, now)?;
    run(&mut tenant, &licenses, &[assign("bo", "automate")?, assign("bo", "usl")?], now)?;
    let users = users(["ada", "bo", "dee"])?;
    println!("\n2026-03-10 · On trial: ada and bo have both, dee has nothing and works");
    print_table(&tenant, &users, now);

    // Production, while the trial runs: the larger number of seats counts until the trial is over.
    let bought_at = at("2026-03-20T08:00:00Z")?;
    let year = Term::new(at("2026-03-22T00:00:00Z")?, at("2027-03-22T00:00:00Z")?)?;
    let bought = Deal::new(LicenseId::from_random([3; 16]), catalog.offer(), contoso()?, bought_at)
        .with(paid("orders", 1, year)?)
        .with(paid("usl", 1, year)?);
    run(&mut tenant, &billing, &[Command::Install(secret.seal(&bought)?)], bought_at)?;
    println!("\n2026-03-20 · Contoso buys the license and 1 USL, which begin on the 22nd");
    for (day, title) in [
        ("2026-03-22T08:00:00Z", "In production, and nobody was shut out"),
        ("2026-04-10T08:00:00Z", "The trial is over: ada was first, bo waits"),
    ] {
        println!("\n{} · {title}", at(day)?.date_naive());
        print_table(&tenant, &users, at(day)?);
    }
    let now = at("2026-04-10T08:00:00Z")?;
    let [_, bo, _] = users.as_slice() else { return Err("three users".into()) };
    denied(&tenant, bo, "orders/publish-policy", now)?;

    let two = bought.revise(now)?.with(paid("orders", 1, year)?).with(paid("usl", 2, year)?);
    run(&mut tenant, &billing, &[Command::Install(secret.seal(&two)?)], now)?;
    println!("\n2026-04-10 · Contoso bought a second USL: bo is served, nothing was assigned");
    print_table(&tenant, &users, now);
    Ok(())
}

fn yes(may: bool) -> &'static str {
    if may { "yes" } else { "no" }
}
