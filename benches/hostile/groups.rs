//! Records with many groups, or many commands about one.

use entitle::{AppId, Catalog, Command, GroupId};

use crate::events::{ledger, load};
use crate::growth::{Taken, growth, take};
use crate::workload::{Kind, offer, plan, user};

fn group(number: usize) -> GroupId {
    format!("group-{number:05}").parse().unwrap()
}

fn record(commands: &[Command], in_each: usize) -> Taken {
    let catalog = Catalog::new(offer(Kind::Plain)).unwrap();
    let text = ledger(commands, in_each);
    take(text.len(), || load(&catalog, &text))
}

/// One user joins so many groups.
pub fn joins(count: usize) -> Vec<Command> {
    (0..count).map(|number| Command::join(user(0), group(number))).collect()
}

/// So many users join a group, which is then given plans so often, by turns or always the same.
fn assignments(count: usize, plans: usize) -> Vec<Command> {
    let members = (0..count).map(|number| Command::join(user(number), group(0)));
    members.chain((0..count).map(|number| Command::assign_group(group(0), plan(number % plans)))).collect()
}

/// The same plan, with another deny list each time.
fn turned(count: usize) -> Vec<Command> {
    let off = |number: usize| -> Vec<AppId> { vec![format!("app/{:02}", number % 2).parse().unwrap()] };
    let members = (0..count).map(|number| Command::join(user(number), group(0)));
    members.chain((0..count).map(|number| Command::assign_except(group(0).into(), plan(0), off(number)))).collect()
}

/// So many users in a group, all of them touched, and then groups removed that nobody ever named.
fn removals(count: usize) -> Vec<Command> {
    let members = (0..count).map(|number| Command::join(user(number), group(0)));
    let rest = (0..count).map(|number| match number % 1_000 {
        0 => Command::assign_except(group(0).into(), plan(0), vec![format!("app/{number}").parse().unwrap()]),
        _ => Command::RemoveGroup(group(number)),
    });
    members.chain(rest).collect()
}

pub fn run() {
    growth("honest: each user joins 5 of 50 groups", [2_000, 8_000], |count| {
        let all =
            (0..count).flat_map(|number| (0..5).map(move |n| Command::join(user(number), group((number + n) % 50))));
        record(&all.collect::<Vec<_>>(), 1)
    });
    growth("one user joins groups, one a line", [2_000, 8_000], |count| record(&joins(count), 1));
    growth("one user joins groups, 1000 a line", [2_000, 8_000], |count| record(&joins(count), 1_000));
    growth("joins, then the same assignment, one a line", [1_000, 2_000], |count| record(&assignments(count, 1), 1));
    growth("joins, then assignments of 20 plans, one a line", [1_000, 2_000], |count| {
        record(&assignments(count, 20), 1)
    });
    growth("joins, then other deny lists, 1000 a line", [4_000, 8_000], |count| record(&turned(count), 1_000));
    growth("joins, then other deny lists, one a line", [1_000, 2_000], |count| record(&turned(count), 1));
    growth("joins, then groups removed, 1000 a line", [4_000, 8_000], |count| record(&removals(count), 1_000));
    growth("one user has plans directly, one a line", [1_000, 4_000], |count| {
        let direct = |number| Command::assign(user(0), format!("unknown-{number}").parse().unwrap());
        record(&(0..count).map(direct).collect::<Vec<_>>(), 1)
    });
}
