//! Remedies of users and tenants with many groups.

use entitle::{Catalog, Command, Decision, Grant, GroupId, Units};

use crate::events::{ledger, load};
use crate::growth::{Taken, growth, take};
use crate::workload::{Kind, deal, now, offer, plan, secret, user, year};

#[derive(Clone, Copy)]
enum Asked {
    First,
    Five,
    Text,
}

fn group(number: usize) -> GroupId {
    format!("group-{number:05}").parse().unwrap()
}

/// What is asked of a denial of a user of a record, in which another has the only seat.
fn denied(commands: impl Iterator<Item = Command>, asked: Asked) -> Taken {
    let offer = offer(Kind::Plain);
    let grant = Grant::paid(plan(0), Units::limited(1).unwrap(), year());
    let first = [
        Command::Install(secret().seal(&deal(&offer, [grant])).unwrap()),
        Command::assign("a".parse().unwrap(), plan(0)),
    ];
    let catalog = Catalog::new(offer).unwrap();
    let text = ledger(&first.into_iter().chain(commands).collect::<Vec<_>>(), 1_000);
    let tenant = load(&catalog, &text);
    let app = catalog.app("app/00").unwrap();
    let who = user(0);
    let Decision::Deny(denial) = tenant.check(&who, &app, now()) else { unreachable!("no seat is free") };
    take(text.len(), || match asked {
        Asked::First => denial.remedies().take(1).count(),
        Asked::Five => denial.remedies().take(5).count(),
        Asked::Text => denial.text(entitle::explain::Audience::Administrator).lines().len(),
    })
}

/// The user is in so many groups, each of which may have the plan.
fn groups(count: usize) -> impl Iterator<Item = Command> {
    (0..count).map(|number| Command::join(user(0), group(number)))
}

/// Others are in so many groups, which have the plan.
fn of_others(count: usize) -> impl Iterator<Item = Command> {
    let each = |number| [Command::join(user(1), group(number)), Command::assign_group(group(number), plan(0))];
    (0..count).flat_map(each)
}

/// The user and so many others are in a group.
fn large(count: usize) -> impl Iterator<Item = Command> {
    let members = (0..count).map(|number| Command::join(user(number), group(0)));
    members.chain([Command::assign_group(group(0), plan(0))])
}

pub fn run() {
    for (asked, text_name) in
        [(Asked::First, "the first remedy"), (Asked::Five, "five remedies"), (Asked::Text, "the text")]
    {
        growth(&format!("honest: {text_name}, a user in 5 groups"), [1_000, 4_000], |count| {
            denied(groups(5).chain(large(count)), asked)
        });
        growth(&format!("{text_name}, a user in many groups"), [250, 500], |count| denied(groups(count), asked));
        growth(&format!("{text_name}, a tenant of many groups"), [250, 500], |count| denied(of_others(count), asked));
        growth(&format!("{text_name}, both"), [125, 250], |count| denied(groups(count).chain(of_others(count)), asked));
        growth(&format!("{text_name}, a large group"), [2_000, 4_000], |count| denied(large(count), asked));
    }
}
