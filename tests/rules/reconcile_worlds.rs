//! S19 over random tenants and directories, against a count from scratch with plain sets.

use std::collections::BTreeSet;

use entitle::directory::{Directory, LossLimit, ReconcileError};
use entitle::{Command, Tenant};
use proptest::prelude::*;

use crate::reconcile::{apply, has_group, members, percent, queue};
use crate::support::{Scenario, Vendor, assign, assign_group, days, group, join, leave, paid, unassign_group, user};

const USERS: [&str; 6] = ["a", "b", "c", "d", "e", "f"];
const GROUPS: [&str; 3] = ["g", "h", "i"];
const PLANS: [&str; 2] = ["bronze", "silver"];

/// Pairs of a user and a plan, a user and a group, or a group and a plan.
type Pairs = BTreeSet<(&'static str, &'static str)>;

/// A tenant as plain sets.
#[derive(Debug, Default)]
struct Naive {
    direct: Pairs,
    members: Pairs,
    plans: Pairs,
}

impl Naive {
    fn users(&self) -> BTreeSet<&'static str> {
        self.direct.iter().chain(&self.members).map(|(user, _)| *user).collect()
    }

    /// Whether a user claims a plan when these are the members.
    fn claims(&self, user: &str, plan: &str, direct: &Pairs, members: &Pairs) -> bool {
        let inherits = |group| members.contains(&(user, group)) && self.plans.contains(&(group, plan));
        direct.contains(&(user, plan)) || GROUPS.into_iter().any(inherits)
    }
}

/// Users and members that should be.
#[derive(Debug)]
struct Wanted {
    users: BTreeSet<&'static str>,
    members: Pairs,
}

impl Wanted {
    fn directory(&self) -> Directory {
        let users = self.users.iter().fold(Directory::new(), |directory, name| directory.with_user(user(name)));
        self.members.iter().fold(users, |directory, (name, to)| directory.with_member(user(name), group(to)))
    }
}

/// A tenant after commands, of which those that are refused change nothing.
fn build(commands: &[(u8, usize, usize, usize)]) -> (Tenant, Naive) {
    let mut tenant = Vendor::fabrikam().contoso(PLANS.map(|plan| paid(plan, 3, days(0, 100))));
    let mut naive = Naive::default();
    for &(kind, name, of, plan) in commands {
        let (name, of, plan) = (USERS[name], GROUPS[of], PLANS[plan]);
        let command = match kind {
            0 | 1 => assign(name, plan),
            2..=4 => join(name, of),
            5 => leave(name, of),
            6 | 7 => assign_group(of, plan),
            8 => unassign_group(of, plan),
            _ => Command::RemoveUser(user(name)),
        };
        if tenant.run(1, [command]).is_err() {
            continue;
        }
        match kind {
            0 | 1 => _ = naive.direct.insert((name, plan)),
            2..=4 => _ = naive.members.insert((name, of)),
            5 => _ = naive.members.remove(&(name, of)),
            6 | 7 => _ = naive.plans.insert((of, plan)),
            8 => _ = naive.plans.remove(&(of, plan)),
            _ => {
                naive.direct.retain(|(user, _)| *user != name);
                naive.members.retain(|(user, _)| *user != name);
            }
        }
    }
    (tenant, naive)
}

/// The refusal that S19 asks for, counted from scratch.
fn refusal(naive: &Naive, wanted: &Wanted, limit: LossLimit) -> Option<ReconcileError> {
    let is_more = |losing: u64, of: u64| losing * 100 > of * u64::from(limit.get());
    let count = |names: &BTreeSet<&str>| u64::try_from(names.len()).unwrap();
    let users = naive.users();
    if wanted.users.is_empty() {
        return Some(ReconcileError::NoUsers { users: count(&users) });
    }
    let direct: Pairs = naive.direct.iter().copied().filter(|(user, _)| wanted.users.contains(user)).collect();
    let claimed = |plan| {
        let claims = move |user: &&str| naive.claims(user, plan, &naive.direct, &naive.members);
        users.iter().copied().filter(claims).collect::<BTreeSet<&str>>()
    };
    let lost = |plan| {
        let keeps = |user: &&str| naive.claims(user, plan, &direct, &wanted.members);
        claimed(plan).into_iter().filter(|user| !keeps(user)).collect::<BTreeSet<&str>>()
    };
    let losers: BTreeSet<&str> = PLANS.into_iter().flat_map(lost).collect();
    if is_more(count(&losers), count(&users)) {
        return Some(ReconcileError::LossOfUsers { losing: count(&losers), users: count(&users), limit });
    }
    for id in PLANS {
        let (losing, claimants) = (count(&lost(id)), count(&claimed(id)));
        if is_more(losing, claimants) {
            let plan = id.parse().unwrap();
            return Some(ReconcileError::LossOfPlan { plan, losing, claimants, limit });
        }
    }
    for id in GROUPS {
        let of_group = |user: &&str| naive.members.contains(&(*user, id));
        let members: BTreeSet<&str> = users.iter().copied().filter(of_group).collect();
        let losing = count(&members.intersection(&losers).copied().collect());
        if is_more(losing, count(&members)) {
            return Some(ReconcileError::LossInGroup { group: group(id), losing, members: count(&members), limit });
        }
    }
    None
}

fn pairs(of: usize) -> impl Strategy<Value = Pairs> {
    let pair = (0..USERS.len(), 0..GROUPS.len()).prop_map(|(user, group)| (USERS[user], GROUPS[group]));
    prop::collection::btree_set(pair, 0..of)
}

fn wanted() -> impl Strategy<Value = Wanted> {
    (prop::collection::btree_set(prop::sample::select(&USERS[..]), 0..=6), pairs(9)).prop_map(|(mut users, members)| {
        users.extend(members.iter().map(|(user, _)| *user));
        Wanted { users, members }
    })
}

fn commands() -> impl Strategy<Value = Vec<(u8, usize, usize, usize)>> {
    prop::collection::vec((0..10_u8, 0..USERS.len(), 0..GROUPS.len(), 0..PLANS.len()), 0..30)
}

proptest! {
    #[test]
    fn s19_the_tenant_becomes_the_directory_or_the_loss_is_refused(
        commands in commands(),
        wanted in wanted(),
        limit in prop::sample::select(vec![0_u32, 16, 17, 20, 25, 33, 34, 50, 66, 67, 75, 99, 100, 100, 100]),
    ) {
        let (mut tenant, naive) = build(&commands);
        let (directory, limit) = (wanted.directory(), percent(limit));
        let answer = tenant.reconcile(&directory, limit);
        prop_assert_eq!(answer.clone().err(), refusal(&naive, &wanted, limit));
        prop_assert_eq!(&answer, &tenant.clone().reconcile(&directory, limit));
        let Ok(reconciliation) = answer else { return Ok(()) };

        let before = PLANS.map(|plan| queue(&tenant, plan));
        apply(&mut tenant, &directory, &reconciliation);

        let direct: Pairs = naive.direct.iter().copied().filter(|(user, _)| wanted.users.contains(user)).collect();
        let mut known: BTreeSet<&str> = direct.iter().map(|(user, _)| *user).collect();
        known.extend(wanted.members.iter().map(|(user, _)| *user));
        prop_assert_eq!(tenant.user_count(), known.len());
        for id in GROUPS {
            let expected = wanted.members.iter().filter(|(_, of)| *of == id).map(|(user, _)| (*user).to_string());
            let (expected, has_plan) = (expected.collect::<BTreeSet<_>>(), naive.plans.iter().any(|(of, _)| *of == id));
            prop_assert_eq!(has_group(&tenant, &group(id)), has_plan || !expected.is_empty());
            prop_assert_eq!(members(&tenant, &group(id)), expected);
        }
        // Who keeps a source keeps the order and moves only forward; who is new comes behind them, by id.
        for (plan, before) in PLANS.into_iter().zip(before) {
            let claims = |user: &str| naive.claims(user, plan, &direct, &wanted.members);
            let mut expected: Vec<String> = before.into_iter().filter(|user| claims(user)).collect();
            let new: Vec<&str> =
                USERS.into_iter().filter(|user| claims(user) && !expected.iter().any(|it| it == user)).collect();
            expected.extend(new.into_iter().map(str::to_string));
            prop_assert_eq!(queue(&tenant, plan), expected);
        }
        let lost: BTreeSet<(String, String)> =
            reconciliation.losses.iter().map(|loss| (loss.user.to_string(), loss.plan.to_string())).collect();
        let expected = naive.users().into_iter().flat_map(|user| PLANS.map(|plan| (user, plan)));
        let expected = expected.filter(|(user, plan)| {
            naive.claims(user, plan, &naive.direct, &naive.members) && !naive.claims(user, plan, &direct, &wanted.members)
        });
        prop_assert_eq!(lost, expected.map(|(user, plan)| (user.to_string(), plan.to_string())).collect());
    }
}
