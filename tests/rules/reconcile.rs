//! S19: the commands that make a tenant's users, groups and members those of a directory.

use std::collections::BTreeSet;

use entitle::command::RefusalReason;
use entitle::directory::{Directory, LossLimit, PlanLoss, ReconcileError, Reconciliation};
use entitle::limits::{MAX_COMMANDS, MAX_GROUPS};
use entitle::{Actor, Command, GroupId, Role, Tenant};

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, group, join, leave, paid, request, unassign_group, user,
};

/// A directory of users, each with their groups.
pub(crate) fn directory<'a>(users: impl IntoIterator<Item = (&'a str, &'a [&'a str])>) -> Directory {
    users.into_iter().fold(Directory::new(), |directory, (name, groups)| {
        let directory = directory.with_user(user(name));
        groups.iter().fold(directory, |directory, to| directory.with_member(user(name), group(to)))
    })
}

pub(crate) fn percent(percent: u32) -> LossLimit {
    LossLimit::new(percent).unwrap()
}

/// Decides and applies all lists in turn as a user administrator, and checks that nothing is left to
/// do.
pub(crate) fn apply(tenant: &mut Tenant, directory: &Directory, reconciliation: &Reconciliation) {
    let administrator = Actor::new(user("sync")).with(Role::UserAdministrator);
    for commands in &reconciliation.lists {
        assert!(!commands.is_empty() && commands.len() <= MAX_COMMANDS);
        let entry = tenant.decide(&administrator, commands, request(), day(2)).unwrap();
        tenant.apply(&entry).unwrap();
    }
    let again = tenant.reconcile(directory, LossLimit::NONE).unwrap();
    assert!(again.is_done() && again.lists.is_empty() && again.losses.is_empty(), "{again:?}");
}

pub(crate) fn queue(tenant: &Tenant, plan: &str) -> Vec<String> {
    tenant.queue(&plan.parse().unwrap()).map(|user| user.to_string()).collect()
}

pub(crate) fn members(tenant: &Tenant, of: &GroupId) -> BTreeSet<String> {
    tenant.members(of).map(|user| user.to_string()).collect()
}

/// Whether the tenant has a group, with members or with plans.
pub(crate) fn has_group(tenant: &Tenant, id: &GroupId) -> bool {
    let removal = tenant.clone().run(2, [Command::RemoveGroup(id.clone())]);
    removal.err().is_none_or(|refusal| refusal.reason != RefusalReason::NoSuchGroup { group: id.clone() })
}

fn loss(name: &str, plan: &str) -> (String, String) {
    (name.into(), plan.into())
}

fn losses(reconciliation: &Reconciliation) -> Vec<(String, String)> {
    reconciliation.losses.iter().map(|PlanLoss { user, plan, .. }| loss(user.as_str(), plan.as_str())).collect()
}

/// Contoso with five seats each of bronze and silver; `staff` has bronze.
fn contoso() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 5, days(0, 100)), paid("silver", 5, days(0, 100))]);
    tenant.run(0, [assign_group("staff", "bronze")]).unwrap();
    tenant
}

#[test]
fn s19_the_commands_make_users_and_members_those_of_the_directory() {
    let mut tenant = contoso();
    tenant.run(0, [join("ada", "staff"), join("bo", "staff"), join("bo", "night"), join("fay", "staff")]).unwrap();
    tenant.run(0, [assign("cy", "silver"), join("cy", "staff"), assign("ada", "silver")]).unwrap();
    let wanted = directory([
        ("ada", &["night", "a-new-one"][..]),
        ("bo", &["staff"]),
        ("dee", &["sales"]),
        ("eve", &[]),
        ("fay", &["staff"]),
    ]);
    let reconciliation = tenant.reconcile(&wanted, LossLimit::ALL).unwrap();
    // By the bytes of the users' ids; a user's leaves before their joins. Eve needs no command, and
    // Fay is what she should be.
    let expected = [
        leave("ada", "staff"),
        join("ada", "a-new-one"),
        join("ada", "night"),
        leave("bo", "night"),
        Command::RemoveUser(user("cy")),
        join("dee", "sales"),
    ];
    assert_eq!(reconciliation.lists, [expected]);
    assert!(!reconciliation.is_done());
    // Bo keeps bronze from staff; Ada keeps silver, which she has directly.
    assert_eq!(losses(&reconciliation), [loss("ada", "bronze"), loss("cy", "bronze"), loss("cy", "silver")]);
    apply(&mut tenant, &wanted, &reconciliation);
    assert_eq!(
        (queue(&tenant, "bronze"), queue(&tenant, "silver")),
        (vec!["bo".into(), "fay".into()], vec!["ada".into()])
    );
    assert_eq!(tenant.user_count(), 4, "Eve has neither a claim nor a membership");
}

#[test]
fn s19_a_group_that_is_not_listed_loses_its_members_and_goes_if_it_has_no_plans() {
    let mut tenant = contoso();
    tenant.run(0, [join("ada", "staff"), join("ada", "idle"), join("bo", "idle"), join("bo", "kept")]).unwrap();
    let wanted = directory([("ada", &[][..]), ("bo", &["kept"])]).with_group(group("empty"));
    let reconciliation = tenant.reconcile(&wanted, LossLimit::ALL).unwrap();
    assert_eq!(reconciliation.lists, [[leave("ada", "idle"), leave("ada", "staff"), leave("bo", "idle")]]);
    apply(&mut tenant, &wanted, &reconciliation);
    let has = ["staff", "idle", "kept", "empty"].map(|id| has_group(&tenant, &group(id)));
    assert_eq!(has, [true, false, true, false], "staff has a plan; an empty group without plans is no group");
    assert!(members(&tenant, &group("staff")).is_empty());
    // The plan that stayed is there for the next member.
    let back = directory([("ada", &["staff"][..]), ("bo", &["kept"])]);
    let reconciliation = tenant.reconcile(&back, LossLimit::NONE).unwrap();
    apply(&mut tenant, &back, &reconciliation);
    assert_eq!(queue(&tenant, "bronze"), ["ada"]);
    assert!(tenant.clone().run(3, [unassign_group("staff", "bronze")]).is_ok());
}

#[test]
fn s19_users_whom_the_tenant_does_not_know_need_only_their_joins() {
    let mut tenant = contoso();
    let alone = directory([("ada", &[][..]), ("bo", &[])]);
    assert!(tenant.reconcile(&alone, LossLimit::NONE).unwrap().is_done());
    let joined = directory([("ada", &[][..]), ("bo", &["staff"])]);
    let reconciliation = tenant.reconcile(&joined, LossLimit::NONE).unwrap();
    assert_eq!(reconciliation.lists, [[join("bo", "staff")]]);
    apply(&mut tenant, &joined, &reconciliation);
    assert!(tenant.opens("bo", "f365/orders", 2));
}

#[test]
fn s19_a_user_leaves_before_they_join_because_groups_are_limited() {
    let names: Vec<String> = (0..=MAX_GROUPS).map(|nth| format!("g{nth:04}")).collect();
    let mut tenant = contoso();
    tenant.run(0, names[1..].iter().map(|to| join("ada", to))).unwrap();
    // She is in 1,000 groups. The one that she joins has the first id, the one that she leaves the last.
    let groups: Vec<&str> = names[..MAX_GROUPS].iter().map(String::as_str).collect();
    let wanted = directory([("ada", &groups[..])]);
    let reconciliation = tenant.reconcile(&wanted, LossLimit::NONE).unwrap();
    assert_eq!(reconciliation.lists, [[leave("ada", "g1000"), join("ada", "g0000")]]);
    apply(&mut tenant, &wanted, &reconciliation);
    // One group more is refused by name.
    let all: Vec<&str> = names.iter().map(String::as_str).collect();
    let refused = tenant.reconcile(&directory([("a", &[][..]), ("ada", &all[..])]), LossLimit::NONE).unwrap_err();
    assert_eq!(refused, ReconcileError::TooManyGroups { user: user("ada"), groups: 1_001 });
}

#[test]
fn s19_a_user_needs_at_most_as_many_commands_as_a_list_holds() {
    let names: Vec<String> = (0..1_001).map(|nth| format!("g{nth:04}")).collect();
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    let mut tenant = contoso();
    tenant.run(0, names[..500].iter().map(|to| join("ada", to))).unwrap();
    let wanted = |to: &[&str]| directory([("ada", to), ("bo", &["staff"][..])]);
    let refused = tenant.reconcile(&wanted(&names[500..1_001]), LossLimit::NONE).unwrap_err();
    assert_eq!(refused, ReconcileError::TooManyCommands { user: user("ada"), commands: 1_001 });
    let wanted = wanted(&names[500..1_000]);
    let reconciliation = tenant.reconcile(&wanted, LossLimit::NONE).unwrap();
    assert_eq!(reconciliation.lists.iter().map(Vec::len).collect::<Vec<_>>(), [1_000, 1]);
    apply(&mut tenant, &wanted, &reconciliation);
}

#[test]
fn s19_users_who_only_move_keep_seat_and_place_over_the_border_of_a_list() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 700, days(0, 100))]);
    tenant.run(0, [assign_group("staff", "bronze"), assign_group("night", "bronze")]).unwrap();
    let names: Vec<String> = (0..1_200).map(|nth| format!("u{nth:04}")).collect();
    // The second half joins first, so that the queue is not in the order of ids.
    tenant.run(0, names[600..].iter().map(|name| join(name, "staff"))).unwrap();
    tenant.run(0, names[..600].iter().map(|name| join(name, "staff"))).unwrap();
    let before = queue(&tenant, "bronze");
    assert_eq!((before[0].as_str(), before[600].as_str()), ("u0600", "u0000"));
    // With the one command of the first newcomer, the 1,000th command is the first of two of one user.
    let moved = names.iter().map(|name| (name.as_str(), &["night"][..]));
    let wanted = directory(moved.chain([("a-newcomer", &["night"][..]), ("z-newcomer", &["night"])]));
    let reconciliation = tenant.reconcile(&wanted, LossLimit::NONE).expect("nobody loses a plan");
    assert_eq!(reconciliation.lists.iter().map(Vec::len).collect::<Vec<_>>(), [999, 1_000, 403]);
    for commands in &reconciliation.lists {
        let of = |command: &Command| match command {
            Command::Leave(membership) | Command::Join(membership) => membership.user.clone(),
            other => unreachable!("{other:?}"),
        };
        let users: Vec<_> = commands.iter().map(of).collect();
        assert!(users.is_sorted());
    }
    apply(&mut tenant, &wanted, &reconciliation);
    let after = queue(&tenant, "bronze");
    assert_eq!(after[..1_200], before);
    assert_eq!(after[1_200..], ["a-newcomer", "z-newcomer"]);
    assert!(tenant.opens("u0099", "f365/orders", 2) && !tenant.opens("u0100", "f365/orders", 2), "700 seats");
    assert!(members(&tenant, &group("staff")).is_empty());
}

/// Ten users with bronze directly.
fn ten() -> (Tenant, Vec<String>) {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 20, days(0, 100)), paid("silver", 1, days(0, 100))]);
    let names: Vec<String> = (0..10).map(|nth| format!("u{nth}")).collect();
    tenant.run(0, names.iter().map(|name| assign(name, "bronze"))).unwrap();
    (tenant, names)
}

fn without_groups<'a>(names: impl IntoIterator<Item = &'a String>) -> Directory {
    directory(names.into_iter().map(|name| (name.as_str(), &[][..])))
}

#[test]
fn s19_more_losses_than_the_share_of_all_users_are_refused() {
    let (tenant, names) = ten();
    let eight = without_groups(&names[2..]);
    let refused = tenant.reconcile(&eight, percent(19)).unwrap_err();
    assert_eq!(refused, ReconcileError::LossOfUsers { losing: 2, users: 10, limit: percent(19) });
    let allowed = tenant.reconcile(&eight, percent(20)).expect("exactly the share is not more");
    assert_eq!(losses(&allowed), [loss("u0", "bronze"), loss("u1", "bronze")]);
    assert_eq!(
        tenant.reconcile(&without_groups(&names[1..]), LossLimit::NONE).unwrap_err().code(),
        "reconcile.loss-of-users"
    );
}

#[test]
fn s19_more_losses_than_the_share_of_a_plans_claimants_are_refused() {
    let (mut tenant, names) = ten();
    // `u0` has silver; `u1` and `u2` wait for it. So three of ten users claim it.
    tenant.forge(1, names[..3].iter().map(|name| assign(name, "silver")));
    let wanted = without_groups(names[..8].iter().chain(&names[9..]));
    assert!(tenant.reconcile(&wanted, percent(10)).is_ok(), "one of ten users, and of ten with bronze");
    let wanted = without_groups(names[..2].iter().chain(&names[3..]));
    let refused = tenant.reconcile(&wanted, percent(33)).unwrap_err();
    let silver = "silver".parse().unwrap();
    // A claim that waits is lost as one that is seated.
    assert_eq!(refused, ReconcileError::LossOfPlan { plan: silver, losing: 1, claimants: 3, limit: percent(33) });
    assert_eq!(losses(&tenant.reconcile(&wanted, percent(34)).unwrap()), [loss("u2", "bronze"), loss("u2", "silver")]);
}

#[test]
fn s19_more_losses_than_the_share_of_a_groups_members_are_refused() {
    let (mut tenant, names) = ten();
    // Neither group has a plan: a lost page of a department shows all the same.
    tenant.run(1, [join("u0", "pair"), join("u1", "pair"), join("u2", "four")]).unwrap();
    tenant.run(1, ["u3", "u4", "u5"].map(|name| join(name, "four"))).unwrap();
    let groups = |name: &str| match name {
        "u0" | "u1" => &["pair"][..],
        "u2" | "u3" | "u4" | "u5" => &["four"],
        _ => &[],
    };
    let except = |gone: &str| {
        let kept = names.iter().map(String::as_str).filter(|name| *name != gone);
        directory(kept.map(|name| (name, groups(name))))
    };
    let refused = tenant.reconcile(&except("u0"), percent(49)).unwrap_err();
    let pair = group("pair");
    assert_eq!(refused, ReconcileError::LossInGroup { group: pair, losing: 1, members: 2, limit: percent(49) });
    assert!(tenant.reconcile(&except("u0"), percent(50)).is_ok());
    assert_eq!(tenant.reconcile(&except("u2"), percent(24)).unwrap_err().code(), "reconcile.loss-in-group");
    assert!(tenant.reconcile(&except("u2"), percent(25)).is_ok());
    assert!(tenant.reconcile(&except("u6"), percent(10)).is_ok(), "a user without groups");
}

#[test]
fn s19_a_page_of_members_that_is_missing_takes_nobodys_license() {
    let mut tenant = contoso();
    tenant.run(0, ["a", "b", "c", "d"].map(|name| join(name, "staff"))).unwrap();
    tenant.run(0, ["e", "f", "g", "h", "i", "j", "k", "l"].map(|name| join(name, "others"))).unwrap();
    let others = ["e", "f", "g", "h", "i", "j", "k", "l"].map(|name| (name, &["others"][..]));
    let failed = directory(["a", "b", "c", "d"].map(|name| (name, &[][..])).into_iter().chain(others));
    let refused = tenant.reconcile(&failed.clone().with_group(group("staff")), percent(50)).unwrap_err();
    let bronze = "bronze".parse().unwrap();
    assert_eq!(refused, ReconcileError::LossOfPlan { plan: bronze, losing: 4, claimants: 4, limit: percent(50) });
    assert_eq!(tenant.reconcile(&failed, percent(50)).unwrap_err(), refused, "nor a group that is missing");
}

#[test]
fn s19_a_directory_without_users_is_refused_whatever_the_share() {
    let (tenant, _) = ten();
    let only_groups = Directory::new().with_group(group("staff"));
    for empty in [Directory::new(), only_groups] {
        assert_eq!(tenant.reconcile(&empty, LossLimit::ALL).unwrap_err(), ReconcileError::NoUsers { users: 10 });
        let nobody = Vendor::fabrikam().tenant("contoso");
        assert_eq!(nobody.reconcile(&empty, LossLimit::ALL).unwrap_err(), ReconcileError::NoUsers { users: 0 });
    }
    let stranger = directory([("stranger", &[][..])]);
    assert_eq!(
        tenant.reconcile(&stranger, LossLimit::ALL).unwrap().losses.len(),
        10,
        "all of them, as the host allows"
    );
}

#[test]
fn s19_who_keeps_a_source_or_has_no_claim_loses_nothing() {
    let mut tenant = contoso();
    tenant.run(0, [assign_group("night", "bronze"), join("ada", "staff"), join("ada", "night")]).unwrap();
    tenant.run(0, [join("bo", "staff"), assign("bo", "bronze"), join("cy", "idle"), join("dee", "staff")]).unwrap();
    // Ada has bronze from night, Bo directly; Dee moves to night; Cy is removed and has no claim.
    let wanted = directory([("ada", &["night"][..]), ("bo", &[]), ("dee", &["night"])]);
    let reconciliation = tenant.reconcile(&wanted, LossLimit::NONE).unwrap();
    assert_eq!(losses(&reconciliation), []);
    let before = queue(&tenant, "bronze");
    apply(&mut tenant, &wanted, &reconciliation);
    assert_eq!((queue(&tenant, "bronze"), tenant.user_count()), (before, 3));
}

#[test]
fn s19_a_plan_that_the_catalog_does_not_know_is_lost_like_any_other() {
    let mut tenant = contoso();
    tenant
        .forge(1, [assign_group("staff", "retired"), join("ada", "staff"), join("bo", "staff"), assign("bo", "gone")]);
    let wanted = directory([("ada", &[][..])]);
    let reconciliation = tenant.reconcile(&wanted, LossLimit::ALL).unwrap();
    let expected = [("ada", "bronze"), ("ada", "retired"), ("bo", "bronze"), ("bo", "gone"), ("bo", "retired")];
    assert_eq!(losses(&reconciliation), expected.map(|(name, plan)| loss(name, plan)));
    apply(&mut tenant, &wanted, &reconciliation);
    assert_eq!(tenant.user_count(), 0);
}

#[test]
fn s19_the_result_is_the_same_each_time() {
    let names: Vec<String> = (0..300).map(|nth| format!("u{:03}", nth * 7 % 300)).collect();
    let build = |order: Vec<&String>| {
        let mut tenant = contoso();
        tenant.run(0, order.iter().map(|name| join(name, "staff"))).unwrap();
        let kept = order.into_iter().filter(|name| !name.ends_with('3'));
        let wanted = directory(kept.map(|name| (name.as_str(), &["night", "day"][..])));
        tenant.reconcile(&wanted, LossLimit::ALL).unwrap()
    };
    let one = build(names.iter().collect());
    assert_eq!(one, build(names.iter().rev().collect()));
    assert_eq!(one.lists.iter().map(Vec::len).collect::<Vec<_>>(), [840], "270 users with 3 commands, 30 removals");
    assert_eq!((one.losses.len(), one.losses[0].user.as_str()), (300, "u000"));
}

#[test]
fn s19_a_loss_limit_is_at_most_100_percent() {
    assert_eq!(LossLimit::new(101).unwrap_err().percent, 101);
    assert_eq!([LossLimit::NONE, percent(37), LossLimit::ALL].map(LossLimit::get), [0, 37, 100]);
    assert_eq!(serde_json::from_str::<LossLimit>("100").unwrap(), LossLimit::ALL);
    assert!(serde_json::from_str::<LossLimit>("101").unwrap_err().to_string().contains("from 0 to 100 percent"));
}

#[test]
fn s19_a_directory_as_json_has_one_reading() {
    let read = |json: &str| serde_json::from_str::<Directory>(json);
    let wanted = directory([("ada", &["sales"][..]), ("bo", &[])]).with_group(group("idle"));
    let text = r#"{"users":["ada","bo"],"groups":{"idle":[],"sales":["ada"]}}"#;
    assert_eq!(read(text).unwrap(), wanted);
    assert_eq!(serde_json::to_string(&wanted).unwrap(), text);
    assert!(wanted.has_member(&user("ada"), &group("sales")) && !wanted.has_member(&user("bo"), &group("sales")));
    assert_eq!(wanted.groups().map(GroupId::as_str).collect::<Vec<_>>(), ["idle", "sales"]);
    for (json, text) in [
        (r#"{"users":["ada","ada"],"groups":{}}"#, "the user `ada` is repeated"),
        (r#"{"users":["ada"],"groups":{"g":[],"g":["ada"]}}"#, "the group `g` is repeated"),
        (r#"{"users":["ada"],"groups":{"g":["ada","ada"]}}"#, "`ada` is repeated in the group `g`"),
        (r#"{"users":["ada"],"groups":{"g":["bo"]}}"#, "`bo` is in the group `g` but not in `users`"),
        (r#"{"users":["ada"]}"#, "missing field `groups`"),
        (r#"{"users":["ada"],"groups":null}"#, "invalid type: null"),
        (r#"{"users":["ada"],"groups":{},"more":1}"#, "unknown field `more`"),
        (r#"[["ada"],{}]"#, "invalid type: sequence"),
        (r#"{"users":[""],"groups":{}}"#, "user id is empty"),
    ] {
        let error = read(json).unwrap_err().to_string();
        assert!(error.contains(text), "{json}: {error}");
    }
}
