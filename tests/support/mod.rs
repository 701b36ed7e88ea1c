//! What scenarios begin with: a vendor with a key, days of a calendar, people.
#![allow(dead_code, reason = "no test file uses all of it")]
#![allow(
    clippy::unwrap_used,
    clippy::arithmetic_side_effects,
    unreachable_pub,
    reason = "shared by tests, which may fail by panicking"
)]

use entitle::chrono::{DateTime, TimeDelta, Utc};
use entitle::explain::DenialReason;
use entitle::license::{Customer, Licensee};
use entitle::record::Beginning;
use entitle::time::Window;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, Catalog, Command, Deal, Decision, Entry, Event, Grant, GroupId, KeyRing, LicenseId, RecordId, Refusal,
    RequestId, Role, SecretKey, Tenant, TenantId, Term, Token, Units, UserId, Zeroizing,
};

/// Midnight of a day of the calendar; day 0 is 2026-03-01.
pub fn day(n: i64) -> DateTime<Utc> {
    "2026-03-01T00:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::days(n)
}

/// The term from one day until just before another.
pub fn days(starts: i64, ends: i64) -> Term {
    Term::new(day(starts), day(ends)).unwrap()
}

/// The window from one day until just before another.
pub fn window(opens: i64, closes: i64) -> Window {
    Window::new(day(opens), day(closes)).unwrap()
}

pub fn units(n: u32) -> Units {
    Units::limited(n).unwrap()
}

pub fn user(name: &str) -> UserId {
    name.parse().unwrap()
}

/// Somebody who may give every command.
pub fn admin() -> Actor {
    Actor::new(user("admin")).with(Role::GlobalAdministrator)
}

pub fn assign(name: &str, plan: &str) -> Command {
    Command::assign(user(name), plan.parse().unwrap())
}

pub fn unassign(name: &str, plan: &str) -> Command {
    Command::unassign(user(name), plan.parse().unwrap())
}

pub fn group(name: &str) -> GroupId {
    name.parse().unwrap()
}

pub fn assign_group(name: &str, plan: &str) -> Command {
    Command::assign_group(group(name), plan.parse().unwrap())
}

pub fn unassign_group(name: &str, plan: &str) -> Command {
    Command::unassign_group(group(name), plan.parse().unwrap())
}

pub fn join(name: &str, to: &str) -> Command {
    Command::join(user(name), group(to))
}

pub fn leave(name: &str, from: &str) -> Command {
    Command::leave(user(name), group(from))
}

pub fn paid(plan: &str, n: u32, term: Term) -> Grant {
    Grant::paid(plan.parse().unwrap(), units(n), term)
}

/// The beginning of record 1 of a tenant.
pub fn beginning(tenant: TenantId) -> Beginning {
    Beginning::new(tenant, RecordId::from_random([1; 16]))
}

/// A request of the host's.
pub fn request() -> RequestId {
    RequestId::from_random([1; 16])
}

/// The next entry of a tenant's record with an event that nobody decided.
pub fn forged(tenant: &Tenant, event: Event) -> Entry {
    entitle::testing::forge(tenant.head(), event).unwrap()
}

/// The tenant after events that nobody decided.
pub fn replayed<'e>(mut tenant: Tenant, events: impl IntoIterator<Item = &'e Event>) -> Tenant {
    for event in events {
        let entry = forged(&tenant, event.clone());
        tenant.apply(&entry).unwrap();
    }
    tenant
}

/// The text of a ledger with these entries.
pub fn ledger<'e>(beginning: &'e Beginning, entries: impl IntoIterator<Item = &'e Entry>) -> String {
    let lines = [beginning.text()].into_iter().chain(entries.into_iter().map(Entry::text));
    lines.flat_map(|line| [line, "\n"]).collect()
}

/// A publisher with one product and one key.
pub struct Vendor {
    pub catalog: Catalog,
    pub secret: SecretKey,
}

impl Vendor {
    /// Fabrikam, who sells F365 in bronze, silver and gold.
    pub fn fabrikam() -> Self {
        Self::of(include_str!("../../examples/fabrikam.json"))
    }

    /// Fabrikam with another catalog.
    pub fn of(catalog: &str) -> Self {
        let catalog = Catalog::from_json(catalog).unwrap();
        Self { catalog, secret: SecretKey::from_seed(&Zeroizing::new([1; 32])) }
    }

    /// Trusts the vendor for everything.
    pub fn ring(&self) -> KeyRing {
        let lists = KeyPermissions::new(KeyPurpose::Revocations).and(KeyPurpose::TimeTickets);
        KeyRing::new()
            .trust(self.secret.public(), lists.and(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone))
            .unwrap()
    }

    /// License 1 in its first revision, issued on day -10, without grants.
    pub fn deal_for(&self, tenant: &str) -> Deal {
        let customer = Customer::new(tenant.parse().unwrap(), "Contoso Ltd".parse().unwrap(), "DE".parse().unwrap());
        self.deal(1, Licensee::Tenant(customer))
    }

    /// A license in its first revision, issued on day -10, without grants.
    pub fn deal(&self, id: u8, licensee: Licensee) -> Deal {
        Deal::new(LicenseId::from_random([id; 16]), self.catalog.offer(), licensee, day(-10))
    }

    pub fn seal(&self, deal: &Deal) -> Token {
        self.secret.seal(deal).unwrap()
    }

    pub fn tenant(&self, id: &str) -> Tenant {
        Tenant::new(&self.catalog, &self.ring(), &beginning(id.parse().unwrap()))
    }

    /// Contoso with one license of these grants.
    pub fn contoso(&self, grants: impl IntoIterator<Item = Grant>) -> Tenant {
        let deal = grants.into_iter().fold(self.deal_for("contoso"), Deal::with);
        let mut tenant = self.tenant("contoso");
        tenant.run(0, [Command::Install(self.seal(&deal))]).unwrap();
        tenant
    }
}

/// Short ways to say what scenarios say often.
pub trait Scenario {
    /// Decides and applies as the administrator, on a day.
    fn run(&mut self, on: i64, commands: impl IntoIterator<Item = Command>) -> Result<Entry, Refusal>;
    /// Applies commands as a forged record has them: without deciding.
    fn forge(&mut self, on: i64, commands: impl IntoIterator<Item = Command>) -> Entry;
    /// Whether a user may open an app on a day.
    fn opens(&self, name: &str, app: &str, on: i64) -> bool;
    /// The reasons of a denial, nearest first.
    fn reasons(&self, name: &str, app: &str, on: i64) -> Vec<DenialReason>;
    /// What `f` sees of the decision.
    fn see<T>(&self, name: &str, app: &str, at: DateTime<Utc>, f: impl FnOnce(Decision<'_>) -> T) -> T;
}

impl Scenario for Tenant {
    fn run(&mut self, on: i64, commands: impl IntoIterator<Item = Command>) -> Result<Entry, Refusal> {
        let commands: Vec<Command> = commands.into_iter().collect();
        let entry = self.decide(&admin(), &commands, request(), day(on))?;
        self.apply(&entry).unwrap();
        Ok(entry)
    }

    fn forge(&mut self, on: i64, commands: impl IntoIterator<Item = Command>) -> Entry {
        let commands = commands.into_iter().collect();
        let entry = forged(self, Event::new(self.position() + 1, day(on), admin(), commands));
        self.apply(&entry).unwrap();
        entry
    }

    fn opens(&self, name: &str, app: &str, on: i64) -> bool {
        self.see(name, app, day(on), |decision| decision.is_allowed())
    }

    fn reasons(&self, name: &str, app: &str, on: i64) -> Vec<DenialReason> {
        self.see(name, app, day(on), |decision| match decision.allowed() {
            Ok(_) => Vec::new(),
            Err(explanation) => match explanation.cause {
                entitle::explain::DenialCause::Plans(misses) => misses.into_iter().map(|miss| miss.reason).collect(),
                other => unreachable!("{other:?}"),
            },
        })
    }

    fn see<T>(&self, name: &str, app: &str, at: DateTime<Utc>, f: impl FnOnce(Decision<'_>) -> T) -> T {
        let (user, app) = (user(name), self.catalog().app(app).unwrap());
        f(self.check(&user, &app, at))
    }
}
