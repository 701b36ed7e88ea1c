//! The workloads "plain" and "hard": one generator for all figures.
//!
//! A tenant with N users, 20 plans, 40 apps each unlocked by one to three plans, 30 percent of users with a direct seat, 20
//! percent through one of 50 groups, the rest without. "Hard" is the same, and a third of the plans require another, two
//! exclude each other, one pool is over-assigned, and one percent of assignments have a deny list.

use chrono::{DateTime, TimeDelta, Utc};
use entitle::catalog::{
    AppEntry, Combination, InstallPolicy, Management, Offer, Plan, PlanQuota, QuotaEntry, QuotaScope, Scope,
};
use entitle::command::Assignee;
use entitle::license::{Customer, Licensee, Tolerance, ToleratedUnits};
use entitle::quantity::QuotaAmount;
use entitle::record::{Beginning, Head};
use entitle::testing::forge;
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{
    Actor, App, AppId, Catalog, Command, Deal, Entry, Event, Grant, GroupId, KeyRing, LicenseId, PlanId, RecordId,
    Role, SecretKey, Tenant, TenantId, Term, Token, Units, UserId, Zeroizing,
};

pub const PLANS: usize = 20;
const APPS: usize = 40;
const GROUPS: usize = 50;

#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Plain,
    Hard,
}

/// The same numbers in every run (a linear congruential generator, after Knuth's MMIX).
pub struct Dice(u64);

impl Dice {
    pub fn new() -> Self {
        Self(7)
    }

    pub fn below(&mut self, limit: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// The instant of every question.
pub fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_790_000_000, 0).unwrap()
}

pub fn user(number: usize) -> UserId {
    format!("user-{number:07}@contoso.example").parse().unwrap()
}

/// A quota that the plans 0, 7 and 14 give.
pub const PROJECTS: &str = "projects";

pub fn plan(number: usize) -> PlanId {
    format!("plan-{number:02}").parse().unwrap()
}

fn app(number: usize) -> AppId {
    format!("app/{number:02}").parse().unwrap()
}

fn group(number: usize) -> GroupId {
    format!("group-{number:02}").parse().unwrap()
}

pub fn secret() -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([9; 32]))
}

pub fn ring() -> KeyRing {
    KeyRing::new().trust(secret().public(), KeyPermissions::new(KeyPurpose::Licenses)).unwrap()
}

pub fn tenant_id() -> TenantId {
    "contoso".parse().unwrap()
}

pub fn admin() -> Actor {
    Actor::new("admin@contoso.example".parse().unwrap()).with(Role::GlobalAdministrator).with(Role::Host)
}

/// Each app is in one to three plans. In a hard one the plans 1, 4, 7, … require the plan before them, which is in
/// effect for everybody who has a claim on it; the last two exclude each other.
pub fn offer(kind: Kind) -> Offer {
    let (publisher, id) = ("fabrikam".parse().unwrap(), "suite".parse().unwrap());
    let mut offer = Offer::new(publisher, id, Management::Managed(InstallPolicy::WithLicense));
    let name = || PROJECTS.parse().unwrap();
    let id = PROJECTS.parse().unwrap();
    offer.quotas = vec![QuotaEntry::new(id, name(), name(), QuotaScope::User, Combination::Largest)];
    offer.apps = (0..APPS).map(|number| AppEntry::licensed(app(number))).collect();
    for number in 0..PLANS {
        let mut one = Plan::new(plan(number), Scope::User, format!("Plan {number}").parse().unwrap());
        let lists = |app: &usize| (0..=app % 3).any(|other| (app + 7 * other) % PLANS == number);
        one.apps = (0..APPS).filter(lists).map(app).collect();
        if number % 7 == 0 {
            one.quotas = vec![PlanQuota::new(PROJECTS.parse().unwrap(), QuotaAmount::limited(10).unwrap())];
        }
        if kind == Kind::Hard && number % 3 == 1 && number < PLANS - 2 {
            one.requires = vec![vec![plan(number - 1)]];
        }
        offer.plans.push(one);
    }
    if kind == Kind::Hard {
        offer.plans[PLANS - 1].excludes = vec![plan(PLANS - 2)];
    }
    offer
}

pub fn deal(offer: &Offer, grants: impl IntoIterator<Item = Grant>) -> Deal {
    let customer = Customer::new(tenant_id(), "Contoso".parse().unwrap(), "DE".parse().unwrap());
    let issued = now() - TimeDelta::days(40);
    let deal = Deal::new(LicenseId::from_random([3; 16]), offer, Licensee::Tenant(customer), issued);
    grants.into_iter().fold(deal, Deal::with)
}

pub fn year() -> Term {
    Term::new(now() - TimeDelta::days(30), now() + TimeDelta::days(335)).unwrap()
}

/// A grant of every plan; of the first as many units as `first`, of the others enough for all and some more.
fn license(offer: &Offer, users: usize, first: Units) -> Token {
    let enough = Units::limited(u32::try_from(users + 100_000).unwrap()).unwrap();
    let grants = (0..PLANS).map(|number| {
        let mut grant = Grant::paid(plan(number), if number == 0 { first } else { enough }, year());
        if let (0, Units::Limited(_)) = (number, first) {
            grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(enough, now() + TimeDelta::days(60)));
        }
        grant
    });
    secret().seal(&deal(offer, grants)).unwrap()
}

/// A tenant and what was done to it.
pub struct Workload {
    pub catalog: Catalog,
    pub tenant: Tenant,
    pub entries: Vec<Entry>,
    pub users: usize,
}

impl Workload {
    pub fn new(kind: Kind, users: usize) -> Self {
        let offer = offer(kind);
        let catalog = Catalog::new(offer.clone()).unwrap();
        let mut dice = Dice::new();
        // A hard first pool has half the units that are claimed: the others wait, or rest on the tolerance.
        let seated = users * 3 / 10 / PLANS;
        let first = match kind {
            Kind::Plain => Units::Unlimited,
            Kind::Hard => Units::limited(u32::try_from(seated / 2 + 1).unwrap()).unwrap(),
        };
        let mut commands = vec![Command::Install(license(&offer, users, first))];
        commands.extend((0..GROUPS).map(|number| Command::assign_group(group(number), plan(number % PLANS))));
        for number in 0..users {
            match dice.below(10) {
                0..=2 => commands.extend(seat(kind, &offer, number, &mut dice)),
                3 | 4 => commands.push(Command::join(user(number), group(dice.below(GROUPS)))),
                _ => {}
            }
        }
        let events: Vec<Event> = (1..)
            .zip(commands.chunks(1000))
            .map(|(number, commands)| Event::new(number, now() - TimeDelta::days(20), admin(), commands.to_vec()))
            .collect();
        let entries = entries(beginning().head(), events);
        let tenant = replay(&catalog, &entries);
        Self { catalog, tenant, entries, users }
    }

    /// The same tenant, sharing nothing with the other.
    pub fn replayed(&self) -> Tenant {
        replay(&self.catalog, &self.entries)
    }

    /// Questions of users and apps, half of them denied.
    pub fn stream(&self, length: usize) -> Vec<(UserId, App)> {
        let apps: Vec<App> = self.catalog.apps().collect();
        let mut dice = Dice::new();
        let mut questions = Vec::with_capacity(length);
        while questions.len() < length {
            let (user, app) = (user(dice.below(self.users)), apps[dice.below(APPS)].clone());
            let wanted = questions.len() % 2 == 0;
            if self.tenant.check(&user, &app, now()).is_allowed() == wanted {
                questions.push((user, app));
            }
        }
        // In no order that a processor could learn.
        for at in (1..length).rev() {
            questions.swap(at, dice.below(at + 1));
        }
        questions
    }
}

/// The beginning of the tenant's record.
pub fn beginning() -> Beginning {
    Beginning::new(tenant_id(), RecordId::from_random([1; 16]))
}

/// The entries of these events, each continuing the one before.
pub fn entries(mut head: Head, events: impl IntoIterator<Item = Event>) -> Vec<Entry> {
    let next = |event| {
        let entry = forge(head, event).unwrap();
        head = entry.head();
        entry
    };
    events.into_iter().map(next).collect()
}

/// The text of a ledger with these entries.
pub fn ledger_of(entries: &[Entry]) -> String {
    let lines =
        [beginning().text().to_string()].into_iter().chain(entries.iter().map(|entry| entry.text().to_string()));
    lines.map(|line| line + "\n").collect()
}

pub fn replay(catalog: &Catalog, entries: &[Entry]) -> Tenant {
    let mut tenant = Tenant::new(catalog, &ring(), &beginning());
    for entry in entries {
        tenant.apply(entry).unwrap();
    }
    tenant
}

/// What gives a user a direct seat: with what the plan requires, and one in a hundred with an app turned off.
fn seat(kind: Kind, offer: &Offer, number: usize, dice: &mut Dice) -> Vec<Command> {
    let chosen = dice.below(PLANS);
    let needs = kind == Kind::Hard && chosen % 3 == 1 && chosen < PLANS - 2;
    let off = kind == Kind::Hard && dice.below(100) == 0;
    let except = if off { offer.plans[chosen].apps.iter().take(1).cloned().collect() } else { Vec::new() };
    let to = Assignee::User(user(number));
    let required = needs.then(|| Command::assign(user(number), plan(chosen - 1)));
    required.into_iter().chain([Command::assign_except(to, plan(chosen), except)]).collect()
}
