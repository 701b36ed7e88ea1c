//! X7: the changes between any two values of a tenant are what their full lists differ by.

use entitle::Command;
use entitle::command::{ClaimPolicy, SignUpPolicy};
use proptest::prelude::*;
use proptest::sample::Index;

use super::{Lists, PLANS, as_text, consume, contoso, documents, plan, trial};
use crate::support::{Vendor, group, join, leave, unassign, unassign_group, user};

/// A command that a forged record may hold, about some of many users.
fn any_command() -> impl Strategy<Value = Command> {
    let name = || prop_oneof![3 => 0..12_u16, 1 => 0..400_u16].prop_map(|number| format!("user-{number:03}"));
    let team = || (0..4_u8).prop_map(|number| format!("group-{number}"));
    let plan = || (0..4_usize).prop_map(|number| PLANS[number]);
    let off = prop::sample::subsequence(vec!["f365/orders", "f365/audit"], 0..=2);
    let off = move || off.clone().prop_map(|apps| apps.into_iter().map(|app| app.parse().unwrap()).collect::<Vec<_>>());
    let trial = || (1..3_u8, plan()).prop_map(|(license, plan)| trial(license, plan));
    let to = prop_oneof![name().prop_map(|name| user(&name).into()), team().prop_map(|name| group(&name).into())];
    let sign_ups = prop_oneof![Just(SignUpPolicy::Allowed), Just(SignUpPolicy::Off)];
    let claims = prop_oneof![Just(ClaimPolicy::Allowed), Just(ClaimPolicy::Off)];
    let document = prop::sample::select(documents());
    prop_oneof![
        6 => (to, plan(), off()).prop_map(|(to, name, off)| Command::assign_except(to, self::plan(name), off)),
        3 => (name(), plan()).prop_map(|(name, plan)| unassign(&name, plan)),
        1 => (team(), plan()).prop_map(|(team, plan)| unassign_group(&team, plan)),
        5 => (name(), team()).prop_map(|(name, team)| join(&name, &team)),
        3 => (name(), team()).prop_map(|(name, team)| leave(&name, &team)),
        2 => name().prop_map(|name| Command::RemoveUser(user(&name))),
        1 => team().prop_map(|team| Command::RemoveGroup(group(&team))),
        2 => trial().prop_map(Command::StartTrial),
        2 => trial().prop_map(Command::ExtendTrial),
        1 => trial().prop_map(Command::SignUp),
        1 => sign_ups.prop_map(Command::SetSignUps),
        1 => plan().prop_map(|name| Command::ClaimSeat(self::plan(name))),
        2 => (plan(), claims).prop_map(|(name, policy)| Command::set_claim_on_first_use(self::plan(name), policy)),
        4 => (0..9_u8, 0..4_u8, 0..9_u8, 0..5_usize)
            .prop_map(|(id, consumer, month, plan)| consume(id, consumer, month, PLANS[plan])),
        1 => document.clone().prop_map(Command::Install),
        1 => document.clone().prop_map(Command::InstallRevocationList),
        1 => document.prop_map(Command::CorrectTime),
    ]
}

fn any_events() -> impl Strategy<Value = Vec<Vec<Command>>> {
    prop::collection::vec(prop::collection::vec(any_command(), 0..12), 0..8)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, failure_persistence: None, ..ProptestConfig::default() })]

    /// Between any two values of a record, in whichever order, of two branches of a fork, and of a
    /// replay that shares nothing.
    #[test]
    fn x7_changes_are_what_the_full_lists_differ_by(
        users in prop_oneof![Just(0_u16), 0..400_u16],
        trunk in any_events(),
        branch in any_events(),
        fork: Index,
        picks in prop::collection::vec(any::<(Index, Index)>(), 1..4),
    ) {
        let mut values = contoso(users).after(&trunk);
        let forked = values[fork.index(values.len())].clone();
        values.extend(forked.after(&branch));
        for (before, after) in picks {
            let (before, after) = (before.get(&values), after.get(&values));
            let expected = Lists::differences(&Lists::of(&before.tenant, &before.entries), &Lists::of(&after.tenant, &after.entries));
            prop_assert_eq!(as_text(&after.tenant.changes_since(&before.tenant).unwrap()), expected.clone());
            // The same events once more, in other memory and with other numbers of plans.
            let mut replay = Vendor::fabrikam().tenant("contoso");
            after.entries.iter().for_each(|entry| replay.apply(entry).unwrap());
            prop_assert_eq!(as_text(&replay.changes_since(&before.tenant).unwrap()), expected);
            prop_assert_eq!(replay.changes_since(&after.tenant).unwrap(), []);
            prop_assert_eq!(after.tenant.changes_since(&after.tenant.clone()).unwrap(), []);
        }
    }
}
