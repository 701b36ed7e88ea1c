//! What the pages of an administrator show: users, groups, claims, queues, past consumption.

use std::collections::{BTreeMap, BTreeSet};

use entitle::capacity::Consumption;
use entitle::command::Assignee;
use entitle::explain::Basis;
use entitle::quantity::{Amount, Place, Total};
use entitle::query::{ClaimError, ClaimState, ClaimStatus, UserIndex};
use entitle::{Actor, AppId, Command, GroupId, Role, Tenant, UserId};
use proptest::prelude::*;

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, group, join, leave, paid, request, unassign_group, user,
};

const SUITE: &str = r#"{ "publisher": "p", "offer": "suite", "management": { "managed": "with_license" },
    "apps": [{ "id": "read", "access": "licensed" }, { "id": "write", "access": "licensed" }],
    "plans": [
      { "id": "reader", "scope": "user", "name": "Reader", "apps": ["read"] },
      { "id": "writer", "scope": "user", "name": "Writer", "apps": ["read", "write"], "requires": [["reader"]] },
      { "id": "rival", "scope": "user", "name": "Rival", "apps": ["read"], "excludes": ["writer"] },
      { "id": "calls", "scope": "capacity", "name": "Calls" } ] }"#;

fn except(to: Assignee, plan: &str, off: &[&str]) -> Command {
    Command::assign_except(to, plan.parse().unwrap(), off.iter().map(|app| app.parse().unwrap()).collect())
}

/// A claim as a page shows it: plan, place, state, sources with what they deny, and what is off.
type Row = (String, u64, ClaimState, Vec<(String, Vec<String>)>, Vec<String>);

fn row(claim: &ClaimStatus<'_>) -> Row {
    let apps = |apps: &[AppId]| apps.iter().map(ToString::to_string).collect();
    let sources = claim.sources.iter().map(|source| (source.from.to_string(), apps(source.except))).collect();
    (claim.plan.to_string(), claim.place.get(), claim.state.clone(), sources, apps(claim.off))
}

fn rows(tenant: &Tenant, name: &str, on: i64) -> Vec<Row> {
    tenant.claims_of(&user(name), day(on)).iter().map(row).collect()
}

fn none() -> Vec<String> {
    Vec::new()
}

#[test]
fn s3_a_claim_is_listed_with_its_place_and_each_source_with_its_deny_list() {
    let vendor = Vendor::of(SUITE);
    let mut tenant = vendor.contoso([paid("reader", 2, days(0, 100)), paid("writer", 2, days(0, 100))]);
    tenant.run(0, [assign("bo", "reader"), assign("ada", "reader")]).unwrap();
    let staff = || Assignee::from(group("staff"));
    tenant.run(0, [join("ada", "staff"), except(staff(), "writer", &["write"])]).unwrap();
    tenant.run(0, [except(user("ada").into(), "writer", &["write", "read"])]).unwrap();
    let works = || ClaimState::Works(Basis::Paid);
    assert_eq!(
        rows(&tenant, "ada", 1),
        [
            ("reader".into(), 1, works(), vec![("ada".into(), none())], none()),
            (
                "writer".into(),
                1,
                works(),
                vec![("ada".into(), vec!["read".into(), "write".into()]), ("staff".into(), vec!["write".into()])],
                vec!["write".into()]
            ),
        ]
    );
    assert_eq!(rows(&tenant, "bo", 1), [("reader".into(), 2, works(), vec![("bo".into(), none())], none())]);
    assert!(rows(&tenant, "nobody", 1).is_empty());
    assert_eq!(tenant.groups_of(&user("ada")), [group("staff")]);
    assert!(tenant.groups_of(&user("bo")).is_empty());
}

#[test]
fn g4_each_error_of_a_claim_is_listed_and_whether_it_holds_a_seat() {
    let vendor = Vendor::of(SUITE);
    let grants = ["reader", "writer", "rival"].map(|plan| paid(plan, 1, days(0, 100)));
    let mut tenant = vendor.contoso(grants);
    let state = |tenant: &Tenant, name: &str, plan: &str| {
        let claims = tenant.claims_of(&user(name), day(1));
        let claim = claims.into_iter().find(|claim| claim.plan.as_str() == plan).unwrap();
        (claim.has_seat(), claim.state)
    };
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "writer")]).unwrap();
    let any_of = vec!["reader".parse().unwrap()];
    assert_eq!(state(&tenant, "ada", "writer"), (true, ClaimState::Error(ClaimError::Dependency { any_of })));
    tenant.run(0, [assign_group("staff", "rival")]).unwrap();
    let by = "writer".parse().unwrap();
    assert_eq!(state(&tenant, "ada", "rival"), (true, ClaimState::Error(ClaimError::MutuallyExclusive { by })));
    tenant.run(0, [join("bo", "others"), assign_group("others", "writer")]).unwrap();
    let waits = ClaimError::CountViolation { place: Place::behind(1), limit: Total::Limited(1) };
    assert_eq!(state(&tenant, "bo", "writer"), (false, ClaimState::Error(waits)));
    // A catalog without the plan keeps the claim, which opens nothing; it comes last.
    let older = entitle::Catalog::from_json(
        r#"{ "publisher": "p", "offer": "suite", "management": { "managed": "with_license" },
             "apps": [{ "id": "read", "access": "licensed" }],
             "plans": [{ "id": "rival", "scope": "user", "name": "Rival", "apps": ["read"] },
                       { "id": "reader", "scope": "tenant", "name": "Reader", "apps": ["read"] }] }"#,
    );
    let tenant = tenant.rebase(&older.unwrap(), &vendor.ring());
    assert_eq!(state(&tenant, "ada", "writer"), (false, ClaimState::UnknownPlan));
    let plans: Vec<_> = tenant.claims_of(&user("ada"), day(1)).iter().map(|claim| claim.plan.to_string()).collect();
    assert_eq!(plans, ["rival", "writer"]);
}

#[test]
fn c11_a_claim_on_what_is_no_user_plan_any_more_is_listed_as_unknown() {
    let vendor = Vendor::of(SUITE);
    let mut tenant = vendor.contoso([paid("reader", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "reader")]).unwrap();
    let newer = entitle::Catalog::from_json(
        r#"{ "publisher": "p", "offer": "suite", "management": { "managed": "with_license" },
             "apps": [{ "id": "read", "access": "licensed" }],
             "plans": [{ "id": "reader", "scope": "tenant", "name": "Reader", "apps": ["read"] }] }"#,
    );
    let tenant = tenant.rebase(&newer.unwrap(), &vendor.ring());
    assert_eq!(tenant.claims_in_error(day(200)).count(), 0);
    let sources = vec![("ada".into(), none())];
    assert_eq!(rows(&tenant, "ada", 1), [("reader".into(), 1, ClaimState::UnknownPlan, sources, none())]);
}

#[test]
fn g1_a_group_is_listed_with_its_members_and_its_plans_with_deny_lists() {
    let mut tenant = Vendor::of(SUITE).contoso([paid("writer", 1, days(0, 100))]);
    let staff = || Assignee::from(group("staff"));
    tenant.run(0, [except(staff(), "writer", &["write"]), except(staff(), "reader", &[])]).unwrap();
    tenant.run(0, [join("cy", "staff"), join("ada", "staff"), join("bo", "studio")]).unwrap();
    let listed = tenant.group(&group("staff")).unwrap();
    let plans: Vec<_> = listed.plans.iter().map(|it| (it.plan.as_str(), it.except.len())).collect();
    assert_eq!((listed.members, plans), (2, vec![("reader", 0), ("writer", 1)]));
    assert_eq!(listed.plans[1].except, ["write".parse::<AppId>().unwrap()]);
    let members = tenant.member_index(&group("staff"));
    assert_eq!(names(&members, "", None), ["ada", "cy"]);
    assert_eq!(tenant.group(&group("nobody")), None);
    assert!(tenant.member_index(&group("nobody")).is_empty());
    let groups = tenant.group_index();
    let all: Vec<_> = groups.groups("st").collect();
    assert_eq!((groups.len(), all), (2, vec![&group("staff"), &group("studio")]));
    assert_eq!(groups.groups("stu").collect::<Vec<_>>(), [&group("studio")]);
    assert_eq!(groups.groups_after("", &group("staff")).collect::<Vec<_>>(), [&group("studio")]);
    assert_eq!(groups.groups_after("stu", &group("a")).collect::<Vec<_>>(), [&group("studio")]);
    // A group whose last member leaves and whose last plan is taken is gone.
    tenant.run(0, [leave("cy", "staff"), leave("ada", "staff")]).unwrap();
    assert_eq!(tenant.group(&group("staff")).map(|group| group.members), Some(0));
    tenant.run(0, [unassign_group("staff", "writer"), unassign_group("staff", "reader")]).unwrap();
    assert_eq!(tenant.group(&group("staff")), None);
}

#[test]
fn s10_a_queue_is_read_from_a_place_on() {
    let mut tenant = Vendor::of(SUITE).contoso([paid("reader", 500, days(0, 100))]);
    let names: Vec<String> = (0..300).map(|n| format!("user-{n:03}")).collect();
    tenant.run(0, names.iter().map(|name| assign(name, "reader"))).unwrap();
    let from = |tenant: &Tenant, place: u64| -> Vec<(u64, String)> {
        let places = tenant.queue_from(&"reader".parse().unwrap(), Place::behind(place - 1)).take(2);
        places.map(|(place, user)| (place.get(), user.to_string())).collect()
    };
    assert_eq!(from(&tenant, 1), [(1, "user-000".into()), (2, "user-001".into())]);
    tenant.run(0, [Command::RemoveUser(user("user-000")), Command::RemoveUser(user("user-150"))]).unwrap();
    assert_eq!(from(&tenant, 150), [(150, "user-151".into()), (151, "user-152".into())]);
    assert_eq!(from(&tenant, 298), [(298, "user-299".into())]);
    assert_eq!(from(&tenant, 299), []);
    assert_eq!(tenant.queue_from(&"unknown".parse().unwrap(), Place::FIRST).count(), 0);
}

#[test]
fn m1_consumption_is_listed_by_consumer_of_every_month() {
    let mut tenant = Vendor::of(SUITE).contoso([paid("calls", 10, days(0, 100))]);
    let host = Actor::new(user("app")).with(Role::Host);
    let consume = |tenant: &mut Tenant, on: i64, month: &str, id: &str, bot: &str, units: u64| {
        let amount = Amount::millionths(units * 1_000_000).unwrap();
        let [plan, id] = ["calls", id].map(str::to_owned);
        let (id, bot) = (id.parse().unwrap(), bot.parse().unwrap());
        let consumption = Consumption::new(plan.parse().unwrap(), id, bot, month.parse().unwrap(), amount);
        let entry = tenant.decide(&host, &[Command::Consume(consumption)], request(), day(on)).unwrap();
        tenant.apply(&entry).unwrap();
    };
    consume(&mut tenant, 1, "2026-03", "a", "bot-1", 2);
    consume(&mut tenant, 2, "2026-03", "b", "bot-2", 3);
    consume(&mut tenant, 3, "2026-03", "c", "bot-1", 1);
    consume(&mut tenant, 40, "2026-04", "a", "bot-2", 4);
    let calls = "calls".parse().unwrap();
    let months: Vec<_> =
        tenant.usage_by_month(&calls).map(|usage| (usage.month.to_string(), usage.consumed.in_millionths())).collect();
    let units = |units: u64| units * 1_000_000;
    assert_eq!(months, [("2026-03".into(), units(6)), ("2026-04".into(), units(4))]);
    let march = tenant.usage_in(&calls, "2026-03".parse().unwrap()).unwrap();
    assert_eq!((march.month.to_string(), march.consumed.in_millionths()), ("2026-03".into(), units(6)));
    let by_consumer: BTreeMap<_, _> =
        march.consumers().map(|(it, consumed)| (it.as_str(), consumed.in_millionths())).collect();
    assert_eq!(by_consumer, [("bot-1", units(3)), ("bot-2", units(3))].into());
    assert!(tenant.usage_in(&calls, "2026-05".parse().unwrap()).is_none());
    assert!(tenant.usage_in(&"reader".parse().unwrap(), "2026-03".parse().unwrap()).is_none());
    assert_eq!(tenant.usage_by_month(&"unknown".parse().unwrap()).count(), 0);
    // A clock behind the record asks about the month of the record (X6).
    let usage = tenant.usage(&calls, day(3)).unwrap();
    assert_eq!((usage.month.to_string(), usage.consumed.in_millionths()), ("2026-04".into(), units(4)));
}

fn names(index: &UserIndex, prefix: &str, after: Option<&UserId>) -> Vec<String> {
    match after {
        None => index.users(prefix).map(|user| user.to_string()).collect(),
        Some(last) => index.users_after(prefix, last).map(|user| user.to_string()).collect(),
    }
}

#[test]
fn s15_users_are_listed_by_prefix_and_page() {
    let mut tenant = Vendor::of(SUITE).contoso([paid("reader", 10, days(0, 100))]);
    tenant.run(0, ["bo", "ada", "adam", "b", "åse"].map(|name| join(name, "staff"))).unwrap();
    let index = tenant.user_index();
    assert_eq!((index.len(), index.is_empty(), index.tenant().head()), (5, false, tenant.head()));
    assert_eq!(names(&index, "", None), ["ada", "adam", "b", "bo", "åse"]);
    assert_eq!(names(&index, "ada", None), ["ada", "adam"]);
    assert_eq!(names(&index, "ada", Some(&user("ada"))), ["adam"]);
    assert_eq!(names(&index, "", Some(&user("az"))), ["b", "bo", "åse"], "after a user who does not exist");
    assert_eq!(names(&index, "b", Some(&user("a"))), ["b", "bo"], "after a user before the prefix");
    assert_eq!(names(&index, "c", None), none());
    // An index does not change with the tenant.
    tenant.run(0, [Command::RemoveUser(user("ada"))]).unwrap();
    assert_eq!(names(&index, "ad", None), ["ada", "adam"]);
    assert_eq!(names(&index.refreshed(&tenant), "ad", None), ["adam"]);
}

/// A step of a random tenant: a user joins or leaves one of two groups.
fn step() -> impl Strategy<Value = (u32, bool, bool)> {
    (0..400_u32, any::<bool>(), prop::bool::weighted(0.6))
}

fn perform(tenant: &mut Tenant, model: &mut BTreeSet<(String, GroupId)>, steps: &[(u32, bool, bool)]) {
    for &(number, other, joins) in steps {
        // Ids of which one begins another.
        let name = "u".repeat(usize::try_from(number % 3).unwrap() + 1) + &number.to_string();
        let group = group(if other { "others" } else { "staff" });
        let member = (name.clone(), group.clone());
        if joins {
            tenant.run(0, [join(&name, group.as_str())]).unwrap();
            model.insert(member);
        } else if model.remove(&member) {
            tenant.run(0, [leave(&name, group.as_str())]).unwrap();
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, failure_persistence: None, ..ProptestConfig::default() })]

    /// The pages of an index, one after the other, are the sorted list of the users; an index that
    /// is refreshed equals a new one, in both directions.
    #[test]
    fn s15_pages_of_users_are_the_sorted_list_and_a_refreshed_index_equals_a_new_one(
        before in prop::collection::vec(step(), 0..300),
        after in prop::collection::vec(step(), 0..60),
        size in 1..9_usize,
        prefix in "u{0,3}[0-9]{0,2}",
    ) {
        let vendor = Vendor::of(SUITE);
        let (mut tenant, mut model) = (vendor.contoso([]), BTreeSet::new());
        perform(&mut tenant, &mut model, &before);
        let earlier = tenant.clone();
        let (index, members) = (tenant.user_index(), tenant.member_index(&group("staff")));
        perform(&mut tenant, &mut model, &after);
        let expected: BTreeSet<String> = model.iter().map(|(name, _)| name.clone()).collect();
        let staff: Vec<String> =
            model.iter().filter(|(_, of)| *of == group("staff")).map(|(name, _)| name.clone()).collect();
        let refreshed = index.refreshed(&tenant);
        for index in [&tenant.user_index(), &refreshed] {
            prop_assert_eq!(index.len(), expected.len());
            prop_assert_eq!(names(index, "", None), expected.iter().cloned().collect::<Vec<_>>());
            let wanted: Vec<_> = expected.iter().filter(|name| name.starts_with(&prefix)).cloned().collect();
            let (mut paged, mut last) = (Vec::new(), None::<UserId>);
            loop {
                let page: Vec<String> = names(index, &prefix, last.as_ref()).into_iter().take(size).collect();
                let Some(end) = page.last() else { break };
                last = Some(user(end));
                paged.extend(page);
                prop_assert!(paged.len() <= wanted.len(), "a page does not begin after the one before: {paged:?}");
            }
            prop_assert_eq!(paged, wanted);
        }
        prop_assert_eq!(names(&members.refreshed(&tenant), "", None), staff);
        prop_assert_eq!(names(&refreshed.refreshed(&earlier), "", None), names(&index, "", None));
    }
}
