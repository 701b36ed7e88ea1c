//! "Why was I denied, and what do I do now?": six typical denials, each for the user, the administrator and the support desk.
//!
//! `cargo run --example why_denied`

use core::error::Error;
use entitle::record::Beginning;

use entitle::chrono::{DateTime, Utc};
use entitle::command::TrialName;
use entitle::explain::Audience;
use entitle::license::{Customer, Licensee};
use entitle::time::{Length, Window};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Decision, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey, Tenant,
    Term, Units, UserId, Zeroizing,
};

fn main() -> Result<(), Box<dyn Error>> {
    // A product with a license for the organisation, seats for those who publish, and seats that these require.
    let catalog = Catalog::from_json(include_str!("orders.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let [signed, starts, ends] = ["2026-02-20T00:00:00Z", "2026-03-01T00:00:00Z", "2027-03-01T00:00:00Z"].map(at);
    let (year, contoso) = (Term::new(starts, ends)?, "contoso".parse()?);
    let sold = |plan: &str, units| Ok::<_, Box<dyn Error>>(Grant::paid(plan.parse()?, Units::limited(units)?, year));
    let licensee = Licensee::Tenant(Customer::new("contoso".parse()?, "Contoso Ltd".parse()?, "DE".parse()?));
    let license = LicenseId::from_random([42; 16]);
    let window = Window::new(starts, ends)?;
    let trial = Grant::trial("automate-rpa".parse()?, Units::limited(5)?, window, Length::days(30)?);
    let deal = Deal::new(license, catalog.offer(), licensee, signed).with(sold("orders", 1)?);
    let deal = deal.with(sold("usl", 2)?).with(sold("automate", 2)?).with(trial);

    let mut tenant = Tenant::new(&catalog, &ring, &Beginning::new(contoso, RecordId::from_random([1; 16])));
    let admin = Actor::new("root".parse()?).with(Role::GlobalAdministrator);
    let seat = |user: &str, plan: &str| Ok::<_, Box<dyn Error>>(Command::assign(user.parse()?, plan.parse()?));
    let event =
        tenant.decide(&admin, &[Command::Install(secret.seal(&deal)?)], RequestId::from_random([1; 16]), signed)?;
    tenant.apply(&event)?;
    show("1. bought, and not begun yet", &tenant, "ada", "orders/work", signed)?;

    // Bo gets a seat without one app; the group of authors gets one: Cy and Dee are in it, and only Cy finds a seat free.
    let not_policies = vec!["orders/publish-policy".parse()?];
    let commands = [
        seat("bo", "automate")?,
        Command::assign_except("bo".parse::<UserId>()?.into(), "usl".parse()?, not_policies),
        Command::join("cy".parse()?, "authors".parse()?),
        Command::join("dee".parse()?, "authors".parse()?),
        Command::assign_group("authors".parse()?, "usl".parse()?),
    ];
    tenant.apply(&tenant.decide(&admin, &commands, RequestId::from_random([1; 16]), starts)?)?;
    show("2. nobody gave her a seat", &tenant, "ada", "orders/publish-policy", starts)?;
    show("3. an administrator turned it off", &tenant, "bo", "orders/publish-policy", starts)?;
    show("4. a seat, but not what it requires", &tenant, "cy", "orders/publish-policy", starts)?;
    show("5. in the queue", &tenant, "dee", "orders/publish-policy", starts)?;
    show("6. over, and not renewed", &tenant, "bo", "orders/activate-provider", at("2027-04-15T00:00:00Z"))?;

    // A remedy is made of commands that are ready to be given: this one starts the trial that Cy's seat requires.
    let start = Command::StartTrial(TrialName::new(license, "automate-rpa".parse()?));
    tenant.apply(&tenant.decide(
        &admin,
        &[start, seat("cy", "automate-rpa")?],
        RequestId::from_random([1; 16]),
        starts,
    )?)?;
    show("and once it is done", &tenant, "cy", "orders/publish-policy", starts)
}

fn at(text: &str) -> DateTime<Utc> {
    text.parse().unwrap_or_default()
}

fn show(title: &str, tenant: &Tenant, user: &str, app: &str, now: DateTime<Utc>) -> Result<(), Box<dyn Error>> {
    let (user, app) = (user.parse()?, tenant.catalog().app(app)?);
    println!("\n=== {title}: {user}, {app}, {now}");
    for reader in [Audience::User, Audience::Administrator, Audience::SupportDesk] {
        let text = match tenant.check(&user, &app, now) {
            Decision::Allow(allow) => allow.text(reader),
            Decision::Deny(denial) => denial.text(reader),
        };
        println!("\n[{reader:?}]\n{text}");
    }
    Ok(())
}
