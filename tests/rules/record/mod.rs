//! X7: the record as text, read back to the same state.

mod checkpoints;
mod forks;
mod lines;
mod rebasing;

use core::fmt::Write;

use entitle::record::{Beginning, Ledger, LedgerError};
use entitle::{Actor, Command, Entry, RecordId, Role, Tenant};

use crate::support::{
    Vendor, admin, assign, assign_group, beginning, day, days, join, leave, ledger, paid, request, unassign, user,
};

fn ours() -> Beginning {
    beginning("contoso".parse().unwrap())
}

/// A record with something of everything.
fn record(vendor: &Vendor) -> (Vec<Entry>, Tenant) {
    let mut entries = Vec::new();
    let mut tenant = vendor.tenant("contoso");
    let deal = vendor.deal_for("contoso").with(paid("bronze", 2, days(0, 100))).with(paid("gold", 1, days(5, 50)));
    let host = Actor::new(user("app")).with(Role::Host);
    let smaller = deal.revise(day(3)).unwrap().with(paid("bronze", 1, days(0, 200)));
    for (on, actor, commands) in [
        (0, admin(), vec![Command::Install(vendor.seal(&deal))]),
        (1, admin(), vec![assign("ada", "bronze"), assign("bo", "bronze"), assign_group("staff", "bronze")]),
        (2, admin(), vec![join("cy", "staff"), join("ada", "staff"), unassign("bo", "bronze")]),
        (3, admin(), vec![Command::Install(vendor.seal(&smaller)), leave("ada", "staff")]),
        (9, host, vec![Command::RecordTime]),
        (2, admin(), vec![Command::RemoveUser(user("ada"))]),
    ] {
        let entry = tenant.decide(&actor, &commands, request(), day(on)).unwrap();
        tenant.apply(&entry).unwrap();
        entries.push(entry);
    }
    assert_eq!((tenant.position(), tenant.record()), (6, RecordId::from_random([1; 16])));
    (entries, tenant)
}

fn lines(entries: &[Entry]) -> Vec<String> {
    ledger(&ours(), entries).split_inclusive('\n').map(str::to_string).collect()
}

fn read(text: &str) -> Result<Vec<Entry>, LedgerError> {
    let ledger = Ledger::read(&"contoso".parse().unwrap(), text)?;
    ledger.entries().collect()
}

/// The line and the code of what is wrong with a ledger.
fn wrong(text: &str) -> (usize, &'static str) {
    let error = read(text).unwrap_err();
    (error.line, error.fault.code())
}

fn answers(tenant: &Tenant) -> String {
    let mut answers = format!("{} {}", tenant.position(), tenant.reading(day(-500)));
    for on in [0, 10, 110, 140, 210] {
        for name in ["ada", "bo", "cy", "dee"] {
            for app in tenant.catalog().apps() {
                let user = user(name);
                let decision = tenant.check(&user, &app, day(on)).allowed().map(|a| (a.basis(), a.until().instant()));
                writeln!(answers, "{on} {name} {app} {decision:?}").unwrap();
            }
        }
    }
    answers
}
