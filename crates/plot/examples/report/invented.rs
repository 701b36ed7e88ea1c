//! Two years of three dozen invented customers: purchases, renewals and assigned seats.
#![allow(clippy::arithmetic_side_effects, clippy::indexing_slicing, reason = "the numbers are made up, and small")]

use entitle::capacity::Consumption;
use entitle::chrono::{DateTime, Months, TimeDelta, Utc};
use entitle::license::{Customer, Licensee};
use entitle::quantity::Amount;
use entitle::record::Beginning;
use entitle::time::Month;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Grant, KeyRing, LicenseId, RecordId, RequestId, Role, SecretKey, Tenant, TenantId,
    Term, Units, Zeroizing,
};

use crate::Outcome;

/// The data of the publisher: catalog, keys and the customers' ledgers.
pub(crate) struct Market {
    pub(crate) catalog: Catalog,
    pub(crate) ring: KeyRing,
    pub(crate) ledgers: Vec<(TenantId, String)>,
}

const NAMES: [&str; 12] = [
    "Adatum",
    "Alpine",
    "Bellows",
    "Coho",
    "Contoso",
    "Fourth Coffee",
    "Litware",
    "Northwind",
    "Proseware",
    "Tailspin",
    "Trey",
    "Wingtip",
];
const KINDS: [&str; 3] = ["Group", "Logistics", "Health"];
const COUNTRIES: [&str; 18] =
    ["US", "DE", "GB", "US", "FR", "JP", "US", "DE", "BR", "IN", "SE", "US", "CH", "NL", "AU", "GB", "MX", "ZA"];

pub(crate) fn market() -> Outcome<Market> {
    let catalog = Catalog::from_json(include_str!("desk.json"))?;
    let secret = SecretKey::from_seed(&Zeroizing::new([7; 32]));
    let ring = KeyRing::new().trust(secret.public(), KeyPermissions::new(KeyPurpose::Licenses))?;
    let ledgers = (1..=36).map(|number| customer(&catalog, &ring, &secret, number));
    let ledgers = ledgers.collect::<Outcome<_>>()?;
    Ok(Market { catalog, ring, ledgers })
}

/// The first day of a month, counted from April 2024.
fn first_of(month: u32) -> Outcome<DateTime<Utc>> {
    let april: DateTime<Utc> = "2024-04-01T00:00:00Z".parse()?;
    april.checked_add_months(Months::new(month)).ok_or_else(|| "no such month".into())
}

/// A customer: its tenant and its ledger. Each entry is decided, stored, then applied.
struct Desk {
    tenant: Tenant,
    text: String,
}

impl Desk {
    fn run(&mut self, commands: &[Command], at: DateTime<Utc>) -> Outcome {
        let admin = Actor::new("admin".parse()?).with(Role::GlobalAdministrator).with(Role::Host);
        let entry = self.tenant.decide(&admin, commands, RequestId::from_random([1; 16]), at)?;
        self.text.push_str(entry.text());
        self.text.push('\n');
        Ok(self.tenant.apply(&entry)?)
    }
}

fn customer(catalog: &Catalog, ring: &KeyRing, secret: &SecretKey, number: u32) -> Outcome<(TenantId, String)> {
    let id: TenantId = format!("customer-{number:02}").parse()?;
    let pick = |list: &[&'static str], at: u32| list[at as usize % list.len()];
    let name = format!("{} {}", pick(&NAMES, number), pick(&KINDS, number / 12));
    let licensee = Licensee::Tenant(Customer::new(id.clone(), name.parse()?, pick(&COUNTRIES, number * 5).parse()?));
    let record = RecordId::from_random([u8::try_from(number)?; 16]);
    let beginning = Beginning::new(id.clone(), record);
    let mut desk = Desk { tenant: Tenant::new(catalog, ring, &beginning), text: format!("{}\n", beginning.text()) };

    // The first license, for a year, in one of the first months; then a larger or a smaller one, or
    // none.
    let begins = number * 7 % 15;
    let seats = 12 + number * 37 % 90;
    let grants = |seats: u32, years: u32| -> Outcome<Vec<Grant>> {
        let term = Term::new(first_of(begins)?, first_of(begins + 12 * years)?)?;
        let paid =
            |plan: &str, units| -> Outcome<Grant> { Ok(Grant::paid(plan.parse()?, Units::limited(units)?, term)) };
        Ok(vec![paid("site", 1)?, paid("agent", seats)?, paid("lead", seats / 10)?, paid("sessions", seats * 20)?])
    };
    let deal =
        Deal::new(LicenseId::from_random([u8::try_from(number)?; 16]), catalog.offer(), licensee, first_of(begins)?);
    let deal = grants(seats, 1)?.into_iter().fold(deal, Deal::with);
    desk.run(&[Command::Install(secret.seal(&deal)?)], first_of(begins)? + TimeDelta::days(2))?;
    let renewed = match number % 9 {
        5 => None,
        3 => Some(seats * 2 / 3),
        more => Some(seats + seats * more / 12),
    };
    for month in begins..24 {
        let (is_first_year, at) = (month < begins + 12, first_of(month)? + TimeDelta::days(5));
        if let (true, Some(seats)) = (month == begins + 12, renewed) {
            let next = deal.renew(catalog.offer(), first_of(month)?, grants(seats, 3)?)?;
            desk.run(&[Command::Install(secret.seal(&next)?)], at)?;
        }
        // More seats are assigned every month; some customers never assign leads.
        let units = if is_first_year { Some(seats) } else { renewed };
        if let Some(units) = units {
            let share = (30 + 9 * (month - begins) + number % 10).min(88 + number % 12);
            let taken = desk.tenant.queue(&"agent".parse()?).count();
            let wanted = (units * share / 100) as usize;
            let hired =
                (taken..wanted).map(|person| Ok(Command::assign(format!("user-{person}").parse()?, "agent".parse()?)));
            let hired = hired.collect::<Outcome<Vec<_>>>()?;
            let moved = [
                Command::assign_group("leads".parse()?, "lead".parse()?),
                Command::join(format!("user-{month}").parse()?, "leads".parse()?),
            ];
            let moved = if number % 4 == 0 { &[][..] } else { &moved[..] };
            if !hired.is_empty() || !moved.is_empty() {
                desk.run(&[&hired[..], moved].concat(), at)?;
            }
            draw(&mut desk, month, units, number, at + TimeDelta::days(20))?;
        }
    }
    Ok((id, desk.text))
}

/// Records the sessions of a customer's bots in a month, one consumption each.
fn draw(desk: &mut Desk, month: u32, seats: u32, number: u32, at: DateTime<Utc>) -> Outcome {
    let bots = ["web site", "telephone", "intranet", "returns", "billing", "store finder", "careers"];
    for (bot, share) in bots.iter().zip([9_u32, 5, 4, 2, 2, 1, 1]).take(3 + number as usize % 5) {
        let sessions = u64::from(seats * 20 * share / 26 + number * month / 100);
        let (id, consumer) = (format!("{month}/{bot}").parse()?, bot.parse()?);
        let draw = Consumption::new(
            "sessions".parse()?,
            id,
            consumer,
            Month::of(at),
            Amount::millionths(sessions * 1_000_000)?,
        );
        desk.run(&[Command::Consume(draw)], at)?;
    }
    Ok(())
}
