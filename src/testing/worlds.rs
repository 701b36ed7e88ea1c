//! Strategies for property tests over a publisher's own catalog: deals, records, tenants, and the
//! days of checks.

use alloc::string::ToString;
use alloc::vec::Vec;

use chrono::{DateTime, TimeDelta, Utc};
use proptest::prelude::*;
use proptest::sample::select;
use zeroize::Zeroizing;

use crate::catalog::Catalog;
use crate::catalog::offer::{Plan, Scope};
use crate::id::user::UserId;
use crate::id::{GroupId, LicenseId, RecordId, RequestId};
use crate::key::SecretKey;
use crate::license::deal::{Customer, Deal, Licensee};
use crate::license::grant::Grant;
use crate::quantity::amount::Amount;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::Units;
use crate::tenant::Tenant;
use crate::tenant::command::{Command, Event, TrialName};
use crate::tenant::consumption::Consumption;
use crate::tenant::entry::{Beginning, Entry};
use crate::tenant::role::{Actor, Role};
use crate::testing::forge::forge;
use crate::testing::oracle::Oracle;
use crate::time::month::Month;
use crate::time::{EARLIEST, Length, Term, Window};
use crate::token::permissions::{KeyPermissions, KeyPurpose};
use crate::token::ring::KeyRing;

/// The number of days: more than the phases of any generated grant take.
const DAYS: i64 = 400;

/// The id of the tenant of the deals.
const TENANT: &str = "contoso";

/// Returns the users in the records, and one that no record names.
#[must_use]
pub fn users() -> Vec<UserId> {
    ["ada", "bo", "cy", "dee"].iter().filter_map(|name| name.parse().ok()).collect()
}

/// Returns midnight of each of 400 days from 2026-01-01 on, in which every generated grant starts,
/// winds down and ends.
pub fn days() -> impl Iterator<Item = DateTime<Utc>> {
    (0..DAYS).map(day)
}

fn day(n: i64) -> DateTime<Utc> {
    let first = DateTime::from_timestamp(1_767_225_600, 0).unwrap_or(EARLIEST);
    first.checked_add_signed(TimeDelta::days(n)).unwrap_or(first)
}

/// Returns the key that signs the deals.
#[must_use]
pub fn secret() -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([42; 32]))
}

/// Returns a ring that trusts that key for licenses.
#[must_use]
pub fn ring() -> KeyRing {
    let permissions = KeyPermissions::new(KeyPurpose::Licenses).and(KeyPurpose::LicensesForAnyone);
    // A key without constraints is never refused.
    KeyRing::new().trust(secret().public(), permissions).unwrap_or_default()
}

/// Returns a strategy for deals: paid grants and trials of the catalog's plans, with few units, over
/// some of the [`days`], some with a fallback or with an amount of their own of a quota.
pub fn deals(catalog: &Catalog) -> BoxedStrategy<Deal> {
    let offer = catalog.offer().clone();
    let plans: Vec<Plan> = offer.plans.clone();
    if plans.is_empty() {
        return Just(deal(&offer, 0, Vec::new())).boxed();
    }
    let grants = prop::collection::vec(grant(plans), 1..6);
    (0..4_u8, grants).prop_map(move |(id, grants)| deal(&offer, id, grants)).boxed()
}

fn deal(offer: &crate::catalog::offer::Offer, id: u8, grants: Vec<Grant>) -> Deal {
    let customer = TENANT.parse().ok().zip(TENANT.parse().ok()).zip("DE".parse().ok());
    let licensee = customer.map(|((id, name), country)| Licensee::Tenant(Customer::new(id, name, country)));
    let deal = Deal::new(LicenseId::from_random([id; 16]), offer, licensee.unwrap_or(Licensee::Anyone), day(0));
    grants.into_iter().fold(deal, |deal, grant| {
        let with_it = deal.clone().with(grant);
        // A license has at most one trial of a plan (L2).
        if with_it.prove().is_ok() { with_it } else { deal }
    })
}

fn grant(plans: Vec<Plan>) -> impl Strategy<Value = Grant> {
    let units = prop_oneof![4 => (1..4_u32).prop_map(Units::limited), 1 => Just(Ok(Units::Unlimited))];
    let fallback = prop_oneof![3 => Just(None), 1 => (0..180_i64).prop_map(Some)];
    let dates = (0..60_i64, 1..120_i64, fallback);
    // An amount of the grant's own, of the first quota of its plan, in one of three grants.
    let limited = |number| QuotaAmount::limited(number).unwrap_or(QuotaAmount::ZERO);
    let amount = prop_oneof![4 => (0..20_u64).prop_map(limited), 1 => Just(QuotaAmount::Unlimited)];
    let own = prop_oneof![2 => Just(None), 1 => amount.prop_map(Some)];
    (select(plans), units, dates, any::<bool>(), own).prop_map(
        |(entry, units, (from, long, fallback), is_trial, own)| {
            let plan = entry.id.clone();
            let units = units.unwrap_or(Units::Unlimited);
            let (starts, ends) = (day(from), day(from.saturating_add(long)));
            let lengths = Window::new(starts, ends).ok().zip(Length::days(30).ok());
            let grant = match (lengths, Term::new(starts, ends)) {
                (Some((window, length)), _) if is_trial => Grant::trial(plan, units, window, length),
                (_, Ok(term)) => with_fallback(Grant::paid(plan, units, term), fallback),
                (_, Err(_)) => Grant::paid(plan, units, Term::perpetual(starts)),
            };
            match (entry.quotas.first(), own) {
                (Some(given), Some(own)) => grant.with_amount(given.quota.clone(), own),
                (None, _) | (_, None) => grant,
            }
        },
    )
}

/// Returns a paid grant with a fallback on a day, if there is one.
fn with_fallback(grant: Grant, on: Option<i64>) -> Grant {
    match on {
        Some(on) => grant.clone().with_fallback(day(on)).unwrap_or(grant),
        None => grant,
    }
}

/// Returns a strategy for tenants after one of [`records`].
pub fn tenants(catalog: &Catalog) -> BoxedStrategy<Tenant> {
    records(catalog).prop_map(|record| record.tenant).boxed()
}

/// Returns a strategy for records, which can contain commands that [`Tenant::decide`] would refuse,
/// as a forged record can.
pub fn records(catalog: &Catalog) -> BoxedStrategy<Record> {
    let catalog = catalog.clone();
    let moves = prop::collection::vec(moves(), 0..40);
    let deals = prop::collection::vec(deals(&catalog), 1..4);
    (deals, moves).prop_map(move |(deals, moves)| play(&catalog, &deals, moves)).boxed()
}

/// The record of a tenant.
#[derive(Debug, Clone)]
pub struct Record {
    tenant: Tenant,
    entries: Vec<Entry>,
}

impl Record {
    /// Returns the tenant after the record.
    #[must_use]
    pub fn tenant(&self) -> &Tenant {
        &self.tenant
    }

    /// Returns the entries in order.
    #[must_use]
    pub fn entries(&self) -> &[Entry] {
        &self.entries
    }

    /// Returns the oracle of the record, which evaluates it in the simplest way.
    #[must_use]
    pub fn oracle(&self) -> Oracle {
        Oracle::read(
            self.tenant.catalog(),
            &ring(),
            self.tenant.id().clone(),
            &[],
            self.entries.iter().map(Entry::event),
        )
    }

    fn write(&mut self, on: i64, commands: &[Command], hand: Hand) {
        let Some(first) = users().into_iter().next() else { return };
        let actor = Actor::new(first).with(Role::GlobalAdministrator).with(Role::Host);
        let entry = match hand {
            Hand::Honest => self.tenant.decide(&actor, commands, RequestId::from_random([1; 16]), day(on)).ok(),
            Hand::Forging => {
                let number = self.tenant.position().saturating_add(1);
                forge(self.tenant.head(), Event::new(number, day(on), actor, commands.to_vec())).ok()
            }
        };
        if let Some(entry) = entry.filter(|entry| self.tenant.apply(entry).is_ok()) {
            self.entries.push(entry);
        }
    }
}

/// A command about any user and plan, some days after the previous one.
#[derive(Debug, Clone)]
struct Move {
    later: i64,
    kind: u8,
    who: u8,
    what: u8,
    hand: Hand,
}

/// Who writes a command into the record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hand {
    /// The application, if the command is accepted.
    Honest,
    /// A forger, whatever the command is.
    Forging,
}

fn moves() -> impl Strategy<Value = Move> {
    let hand = prop_oneof![Just(Hand::Honest), Just(Hand::Forging)];
    let parts = (0..20_i64, 0..10_u8, any::<u8>(), any::<u8>(), hand);
    parts.prop_map(|(later, kind, who, what, hand)| Move { later, kind, who, what, hand })
}

fn play(catalog: &Catalog, deals: &[Deal], moves: Vec<Move>) -> Record {
    let Ok(id) = TENANT.parse() else { unreachable!("`{TENANT}` is an id") };
    let beginning = Beginning::new(id, RecordId::from_random([1; 16]));
    let mut record = Record { tenant: Tenant::new(catalog, &ring(), &beginning), entries: Vec::new() };
    let tokens = deals.iter().filter_map(|deal| secret().seal(deal).ok());
    record.write(0, &tokens.map(Command::Install).collect::<Vec<_>>(), Hand::Forging);
    let mut on = 0_i64;
    for done in moves {
        on = on.saturating_add(done.later).min(DAYS);
        let command = command(catalog, deals, &done, on);
        record.write(on, command.as_slice(), done.hand);
    }
    record
}

fn command(catalog: &Catalog, deals: &[Deal], done: &Move, on: i64) -> Option<Command> {
    let &Move { kind, who, what, .. } = done;
    let plans = &catalog.offer().plans;
    let plan = plans.get(usize::from(what).checked_rem(plans.len())?)?;
    let user = users().into_iter().nth(usize::from(who % 3))?;
    let group: GroupId = if who < 128 { "staff" } else { "night" }.parse().ok()?;
    let license = deals.get(usize::from(who).checked_rem(deals.len())?)?.id;
    Some(match kind {
        0 | 1 => Command::assign(user, plan.id.clone()),
        2 => Command::assign_group(group, plan.id.clone()),
        3 => Command::unassign(user, plan.id.clone()),
        4 => Command::unassign_group(group, plan.id.clone()),
        5 => Command::join(user, group),
        6 => Command::leave(user, group),
        7 if who < 128 => Command::StartTrial(TrialName::new(license, plan.id.clone())),
        7 if who < 192 => Command::ExtendTrial(TrialName::new(license, plan.id.clone())),
        7 => Command::SignUp(TrialName::new(license, plan.id.clone())),
        8 if plan.scope == Scope::Capacity => {
            let (id, consumer) = (what.to_string().parse().ok()?, user.as_str().parse().ok()?);
            Command::Consume(Consumption::new(plan.id.clone(), id, consumer, Month::of(day(on)), Amount::UNIT))
        }
        8 if who < 64 => Command::ClaimSeat(plan.id.clone()),
        8 => Command::RemoveUser(user),
        _ => Command::RecordTime,
    })
}
