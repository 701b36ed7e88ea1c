//! One trial, and time tickets that do not count beside extensions of it.

use chrono::TimeDelta;
use core::num::NonZeroU32;
use entitle::command::TrialName;
use entitle::license::{Extension, Extensions, GrantKind, TimeTicketDraft};
use entitle::time::{Length, Window};
use entitle::{Catalog, Command, Grant, LicenseId, Tenant, TicketId, Units};

use crate::events::{ledger, load, ring};
use crate::growth::{growth, take};
use crate::workload::{Kind, deal, now, offer, plan, secret, tenant_id};

fn record(count: usize) -> (Catalog, String) {
    let offer = offer(Kind::Plain);
    let may_start = Window::new(now() - TimeDelta::days(9), now() + TimeDelta::days(9)).unwrap();
    let mut grant = Grant::trial(plan(0), Units::Unlimited, may_start, Length::days(30).unwrap());
    if let GrantKind::Trial(trial) = &mut grant.kind {
        let times = NonZeroU32::new(100).unwrap();
        trial.extensions = Extensions::UpTo(Extension::new(times, Length::days(1).unwrap()));
    }
    let name = TrialName::new(LicenseId::from_random([3; 16]), plan(0));
    let token = secret().seal(&deal(&offer, [grant])).unwrap();
    let foreign = TimeTicketDraft::new(TicketId::from_random([5; 16]), &offer, "elsewhere".parse().unwrap(), now());
    let foreign = secret().seal_ticket(&foreign).unwrap();
    let mut commands = vec![Command::Install(token), Command::StartTrial(name.clone())];
    let both = [Command::CorrectTime(foreign), Command::ExtendTrial(name)];
    commands.extend((0..count).flat_map(|_| both.clone()));
    (Catalog::new(offer).unwrap(), ledger(&commands, 1))
}

pub fn run() {
    let name = "one trial, tickets of others and extensions";
    growth(&format!("{name}, as a ledger"), [2_000, 4_000], |count| {
        let (catalog, text) = record(count);
        take(text.len(), || load(&catalog, &text))
    });
    growth(&format!("{name}, as a snapshot"), [2_000, 4_000], |count| {
        let (catalog, text) = record(count);
        let bytes = load(&catalog, &text).snapshot().unwrap();
        take(bytes.len(), || Tenant::restore(&catalog, &ring(), tenant_id(), &bytes).unwrap())
    });
}
