//! G, and the groups in S: seats by membership.

use entitle::command::{RefusalReason, RefusedPart};
use entitle::explain::DenialReason;
use entitle::quantity::{Place, Total};
use entitle::{Command, Tenant};

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, group, join, leave, paid, unassign, unassign_group, user,
};

/// Contoso with so many bronze seats for 100 days, and the group `staff` with bronze.
fn bronze(n: u32) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", n, days(0, 100))]);
    tenant.run(0, [assign_group("staff", "bronze")]).unwrap();
    tenant
}

fn line(tenant: &Tenant) -> Vec<&str> {
    tenant.queue(&"bronze".parse().unwrap()).map(|user| user.as_str()).collect()
}

fn open(tenant: &Tenant, names: &[&str]) -> Vec<bool> {
    names.iter().map(|name| tenant.opens(name, "f365/orders", 1)).collect()
}

fn except(to: &str, plan: &str, apps: &[&str]) -> Command {
    let apps = apps.iter().map(|app| app.parse().unwrap()).collect();
    Command::assign_except(group(to).into(), plan.parse().unwrap(), apps)
}

#[test]
fn g1_each_member_claims_a_seat_by_the_event_that_made_both_true() {
    let mut tenant = bronze(9);
    tenant.run(0, [join("z", "staff")]).unwrap();
    tenant.run(0, [join("m", "staff"), join("a", "later")]).unwrap();
    tenant.run(0, [join("b", "staff"), join("b", "later")]).unwrap();
    tenant.run(0, [assign_group("later", "bronze")]).unwrap();
    assert_eq!(line(&tenant), ["z", "m", "b", "a"], "b has been there since joining staff");
    tenant.run(0, [join("z", "staff")]).expect("joining twice changes nothing");
    assert_eq!(line(&tenant), ["z", "m", "b", "a"]);
    let members: std::collections::BTreeSet<_> = tenant.members(&group("staff")).map(|user| user.as_str()).collect();
    assert_eq!(members.into_iter().collect::<Vec<_>>(), ["b", "m", "z"]);
}

#[test]
fn g1_assigning_again_replaces_the_deny_list_for_every_member() {
    let mut tenant = Vendor::fabrikam().contoso([paid("silver", 9, days(0, 100))]);
    tenant.run(0, [join("a", "staff"), join("b", "staff"), except("staff", "silver", &["f365/orders"])]).unwrap();
    let opens = |tenant: &Tenant, name| ["f365/orders", "f365/forecasts"].map(|app| tenant.opens(name, app, 1));
    assert_eq!((opens(&tenant, "a"), opens(&tenant, "b")), ([false, true], [false, true]));
    tenant.run(0, [except("staff", "silver", &["f365/forecasts"])]).unwrap();
    assert_eq!((opens(&tenant, "a"), opens(&tenant, "b")), ([true, false], [true, false]));
}

#[test]
fn g2_joining_claims_leaving_releases_and_other_sources_are_untouched() {
    let mut tenant = bronze(3);
    tenant
        .run(0, [assign_group("night", "bronze"), join("a", "staff"), join("b", "staff"), join("b", "night")])
        .unwrap();
    tenant.run(0, [join("c", "staff"), assign("c", "bronze")]).unwrap();
    assert_eq!(open(&tenant, &["a", "b", "c"]), [true, true, true]);
    tenant.run(1, ["a", "b", "c"].map(|name| leave(name, "staff"))).unwrap();
    assert_eq!(open(&tenant, &["a", "b", "c"]), [false, true, true]);
    let gone = tenant.run(1, [leave("a", "staff")]).unwrap_err();
    assert_eq!(gone.reason, RefusalReason::NoSuchMember { user: user("a"), group: group("staff") });
}

#[test]
fn g3_too_few_seats_never_fail_a_group_and_free_ones_are_taken_up() {
    let mut tenant = bronze(2);
    tenant.run(0, ["a", "b", "c", "d"].map(|name| join(name, "staff"))).expect("a group is never half refused");
    assert_eq!(open(&tenant, &["a", "b", "c", "d"]), [true, true, false, false]);
    assert_eq!(
        tenant.reasons("c", "f365/orders", 1)[0],
        DenialReason::Waiting { place: Place::behind(2), limit: Total::Limited(2) }
    );
    tenant.run(1, [leave("a", "staff")]).unwrap();
    assert_eq!(open(&tenant, &["a", "b", "c", "d"]), [false, true, true, false]);

    // Not even without a license: once there is one, they have their seats.
    let vendor = Vendor::fabrikam();
    let mut poor = vendor.tenant("contoso");
    poor.run(0, [assign_group("staff", "gold"), join("a", "staff")]).unwrap();
    assert!(!poor.opens("a", "f365/audit", 1));
    let deal = vendor.deal_for("contoso").with(paid("gold", 1, days(0, 100)));
    poor.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    assert!(poor.opens("a", "f365/audit", 1));
}

#[test]
fn g5_a_group_that_still_has_plans_cannot_be_removed() {
    let mut tenant = bronze(2);
    tenant.run(0, [join("a", "staff")]).unwrap();
    let refused = tenant.run(0, [Command::RemoveGroup(group("staff"))]).unwrap_err();
    assert_eq!(
        refused.reason,
        RefusalReason::GroupHasPlans { group: group("staff"), plans: vec!["bronze".parse().unwrap()] }
    );
    tenant.run(0, [unassign_group("staff", "bronze"), Command::RemoveGroup(group("staff"))]).unwrap();
    assert_eq!((tenant.members(&group("staff")).count(), tenant.user_count()), (0, 0));
    let gone = tenant.run(0, [Command::RemoveGroup(group("staff"))]).unwrap_err();
    assert_eq!(gone.reason, RefusalReason::NoSuchGroup { group: group("staff") });
}

/// A group is there while it has members or plans, however the last of them goes.
#[test]
fn g5_a_group_goes_with_its_last_member_and_no_member_stays_behind() {
    let staff = || Command::RemoveGroup(group("staff"));
    let start = || {
        let mut tenant = bronze(2);
        tenant.run(0, [unassign_group("staff", "bronze"), join("a", "staff")]).unwrap();
        tenant
    };
    for last in [leave("a", "staff"), Command::RemoveUser(user("a"))] {
        let mut tenant = start();
        tenant.run(0, [last]).unwrap();
        assert_eq!(tenant.run(0, [staff()]).unwrap_err().code(), "refusal.no-such-group");
    }
    // A forged record has somebody leave who is no member.
    let mut tenant = start();
    tenant.forge(0, [leave("b", "staff")]);
    tenant.run(0, [staff()]).unwrap();
    // Who joins in the list that removes the group is in none.
    let mut tenant = start();
    tenant.run(0, [join("b", "staff"), staff()]).unwrap();
    assert_eq!(tenant.user_count(), 0);
    tenant.run(0, [assign_group("staff", "bronze")]).unwrap();
    assert_eq!(open(&tenant, &["a", "b"]), [false, false]);
}

#[test]
fn g6_moving_between_groups_keeps_the_seat_and_its_place() {
    let mut tenant = bronze(1);
    tenant.run(0, [join("a", "staff"), assign_group("night", "bronze")]).unwrap();
    tenant.run(0, [join("b", "staff")]).unwrap();
    tenant.run(1, [leave("a", "staff"), join("a", "night")]).unwrap();
    assert_eq!((line(&tenant), open(&tenant, &["a", "b"])), (vec!["a", "b"], vec![true, false]));
    // In two lists it is a release and a new claim.
    tenant.run(2, [leave("a", "night")]).unwrap();
    tenant.run(2, [join("a", "staff")]).unwrap();
    assert_eq!((line(&tenant), open(&tenant, &["a", "b"])), (vec!["b", "a"], vec![false, true]));
}

#[test]
fn s2_who_holds_a_seat_through_a_group_may_have_it_directly_who_waits_may_not() {
    let mut tenant = bronze(1);
    tenant.run(0, [join("a", "staff"), join("b", "staff")]).unwrap();
    tenant.run(0, [assign("a", "bronze")]).expect("she holds it already");
    let waits = tenant.run(0, [assign("b", "bronze")]).unwrap_err();
    assert_eq!((waits.code(), line(&tenant)), ("refusal.no-free-unit", vec!["a", "b"]));
    tenant.run(1, [leave("a", "staff")]).unwrap();
    assert!(tenant.opens("a", "f365/orders", 1), "her direct source is left");
}

#[test]
fn s2_a_seat_by_tolerance_is_a_seat() {
    let vendor = Vendor::fabrikam();
    let tolerant = paid("bronze", 1, days(0, 100)).tolerating(entitle::Units::limited(2).unwrap(), day(50));
    let mut tenant = vendor.contoso([tolerant]);
    tenant.run(0, [assign_group("staff", "bronze"), join("a", "staff")]).unwrap();
    tenant.run(0, [join("b", "staff"), join("c", "staff")]).unwrap();
    tenant.run(0, [assign("b", "bronze")]).expect("she holds a seat already, if only by tolerance");
    assert_eq!(tenant.run(0, [assign("c", "bronze")]).unwrap_err().code(), "refusal.no-free-unit");
    tenant
        .run(0, [assign("c", "bronze"), unassign("c", "bronze")])
        .expect("what the list takes away again needs nothing");
}

#[test]
fn s3_an_app_is_off_only_if_every_source_denies_it() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 9, days(0, 100))]);
    let apps = ["f365/orders", "f365/forecasts", "f365/audit"];
    let opens = |tenant: &Tenant| apps.map(|app| tenant.opens("a", app, 1));
    tenant.run(0, [join("a", "one"), join("a", "two")]).unwrap();
    tenant.run(0, [except("one", "gold", &["f365/orders", "f365/audit"])]).unwrap();
    assert_eq!(opens(&tenant), [false, true, false]);
    tenant.run(0, [except("two", "gold", &["f365/forecasts", "f365/audit"])]).unwrap();
    assert_eq!(opens(&tenant), [true, true, false]);
    assert_eq!(tenant.pool(&"gold".parse().unwrap(), day(1)).seated, 1, "one seat from two sources");
    tenant.run(0, [assign("a", "gold")]).unwrap();
    assert_eq!(opens(&tenant), [true, true, true]);
    tenant.run(0, [unassign("a", "gold"), leave("a", "two")]).unwrap();
    assert_eq!(opens(&tenant), [false, true, false]);
}

#[test]
fn s4_an_inherited_plan_is_taken_where_it_comes_from() {
    let mut tenant = bronze(2);
    tenant
        .run(0, [assign_group("night", "bronze"), join("a", "staff"), join("a", "night"), join("a", "idle")])
        .unwrap();
    let refused = tenant.run(0, [unassign("a", "bronze")]).unwrap_err();
    let groups = vec![group("night"), group("staff")];
    assert_eq!(refused.reason, RefusalReason::Inherited { user: user("a"), plan: "bronze".parse().unwrap(), groups });
    let none = tenant.run(0, [unassign_group("idle", "bronze")]).unwrap_err();
    assert_eq!(none.code(), "refusal.no-such-assignment");
    tenant.run(0, [unassign_group("staff", "bronze")]).unwrap();
    assert!(tenant.opens("a", "f365/orders", 1), "night has it still");
    tenant.run(0, [unassign_group("night", "bronze")]).unwrap();
    assert!(!tenant.opens("a", "f365/orders", 1));
}

#[test]
fn s13_removing_a_user_ends_their_memberships() {
    let mut tenant = bronze(1);
    tenant.run(0, [join("a", "staff"), join("b", "staff")]).unwrap();
    tenant.run(1, [Command::RemoveUser(user("a"))]).unwrap();
    assert_eq!((line(&tenant), tenant.members(&group("staff")).count()), (vec!["b"], 1));
    tenant.run(1, [assign_group("staff", "bronze")]).unwrap();
    assert_eq!(line(&tenant), ["b"], "and do not come back with the group's plan");
    tenant.run(1, [Command::RemoveUser(user("b")), join("b", "staff")]).unwrap();
    assert_eq!(line(&tenant), ["b"]);
}

#[test]
fn s6_all_of_a_list_or_none_of_it() {
    let mut tenant = bronze(1);
    tenant.run(0, [assign("a", "bronze")]).unwrap();
    let before = format!("{tenant:?}");
    let swap_to_nothing_free = [unassign("a", "bronze"), assign("a", "gold")];
    let refused = tenant.run(1, swap_to_nothing_free).unwrap_err();
    assert_eq!((refused.part, refused.code()), (RefusedPart::Command(1), "refusal.no-usable-units"));
    assert_eq!(format!("{tenant:?}"), before, "the old seat stays, and nothing else has changed");
    let refused = tenant.run(1, [join("b", "staff"), leave("b", "staff"), leave("b", "staff")]).unwrap_err();
    assert_eq!(
        (refused.part, refused.code(), format!("{tenant:?}")),
        (RefusedPart::Command(2), "refusal.no-such-member", before)
    );
}

#[test]
fn g2_who_left_is_no_member_any_more() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 5, days(0, 100))]);
    tenant.run(0, ["ada", "bo", "cy"].map(|name| join(name, "staff"))).unwrap();
    tenant.run(0, [join("bo", "night"), assign("cy", "bronze")]).unwrap();
    let members = |tenant: &Tenant, of: &str| {
        let mut members: Vec<String> = tenant.members(&group(of)).map(|user| user.to_string()).collect();
        members.sort();
        members
    };
    assert_eq!(members(&tenant, "staff"), ["ada", "bo", "cy"]);
    // They stay known for another reason: another group, or a seat of their own.
    tenant.run(0, [leave("bo", "staff"), leave("cy", "staff")]).unwrap();
    assert_eq!((members(&tenant, "staff"), members(&tenant, "night")), (vec!["ada".into()], vec!["bo".into()]));
    tenant.run(0, [join("cy", "staff")]).unwrap();
    assert_eq!(members(&tenant, "staff"), ["ada", "cy"]);
}
