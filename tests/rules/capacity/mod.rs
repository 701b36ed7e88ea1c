//! M1 to M3, M5: pools of capacity, and what draws from them.

mod consumption;
mod months;
mod sums;

use entitle::capacity::Consumption;
use entitle::command::RefusalReason;
use entitle::quantity::Amount;
use entitle::time::Month;
use entitle::{Actor, Command, Grant, Role, Tenant};

use crate::support::{Vendor, day, request};

/// Two capacity plans, the second without overage, beside a user plan.
const BOTS: &str = r#"{ "publisher": "p", "offer": "bots", "management": { "managed": "with_license" },
    "apps": [{ "id": "author", "access": "licensed" }],
    "plans": [
      { "id": "author", "scope": "user", "name": "Author", "apps": ["author"] },
      { "id": "sessions", "scope": "capacity", "name": "Sessions" },
      { "id": "pages", "scope": "capacity", "name": "Pages", "overage": 0 } ] }"#;

fn month(text: &str) -> Month {
    text.parse().unwrap()
}

/// A draw in March 2026, whose days are 0 to 30.
fn draw(plan: &str, id: &str, consumer: &str, millionths: u64) -> Command {
    in_month("2026-03", plan, id, consumer, millionths)
}

fn in_month(when: &str, plan: &str, id: &str, consumer: &str, millionths: u64) -> Command {
    let (plan, id, consumer) = (plan.parse().unwrap(), id.parse().unwrap(), consumer.parse().unwrap());
    Command::Consume(Consumption::new(plan, id, consumer, month(when), Amount::millionths(millionths).unwrap()))
}

fn host() -> Actor {
    Actor::new("app".parse().unwrap()).with(Role::Host)
}

fn record(tenant: &mut Tenant, on: i64, commands: impl IntoIterator<Item = Command>) -> Result<(), RefusalReason> {
    let commands: Vec<_> = commands.into_iter().collect();
    let event = tenant.decide(&host(), &commands, request(), day(on)).map_err(|refusal| refusal.reason)?;
    tenant.apply(&event).unwrap();
    Ok(())
}

fn bots(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    Vendor::of(BOTS).contoso(grants)
}

const UNIT: u64 = 1_000_000;

fn consumed(tenant: &Tenant, plan: &str, on: i64) -> u64 {
    tenant.usage(&plan.parse().unwrap(), day(on)).unwrap().consumed.in_millionths()
}
