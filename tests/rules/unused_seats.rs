//! S19: the seats that nobody uses.

use core::cell::RefCell;
use std::collections::BTreeMap;

use entitle::command::Assignee;
use entitle::directory::{LastUse, UnusedSeats};
use entitle::{Actor, Command, PlanId, Role, Tenant, Units};

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, group, join, paid, request, unassign, units, user,
};

/// A plan, one that requires it, and one beside.
const STUDIO: &str = r#"{ "publisher": "p", "offer": "studio", "management": { "managed": "with_license" },
    "apps": [{ "id": "edit", "access": "licensed" }, { "id": "publish", "access": "licensed" }],
    "plans": [
      { "id": "base", "scope": "user", "name": "Base", "apps": ["edit"] },
      { "id": "extra", "scope": "user", "name": "Extra", "apps": ["publish"], "requires": [["base"]] } ] }"#;

fn studio(base: u32, extra: u32) -> Tenant {
    let vendor = Vendor::of(STUDIO);
    vendor.contoso([paid("base", base, days(0, 100)), paid("extra", extra, days(0, 100))])
}

fn base() -> PlanId {
    "base".parse().unwrap()
}

/// The seats of base that were not used since day 10, asked on day 20, by what is known of some
/// users; of the others nothing is known.
fn unused(tenant: &Tenant, known: &[(&str, LastUse)]) -> UnusedSeats {
    let known: BTreeMap<&str, LastUse> = known.iter().copied().collect();
    tenant.unused_seats(&base(), day(10), day(20), |user| known.get(user.as_str()).copied().unwrap_or(LastUse::Unknown))
}

#[test]
fn s19_direct_seats_not_used_since_an_instant_are_commands_that_free_them() {
    let mut tenant = studio(9, 9);
    tenant.run(0, [assign("old", "base"), assign("new", "base")]).unwrap();
    tenant.run(0, ["at", "just-before", "never", "unknown"].map(|name| assign(name, "base"))).unwrap();
    let known = [
        ("old", LastUse::At(day(1))),
        ("new", LastUse::At(day(11))),
        ("at", LastUse::At(day(10))),
        ("just-before", LastUse::At(day(10) - entitle::chrono::TimeDelta::seconds(1))),
        ("never", LastUse::Never),
        ("unknown", LastUse::Unknown),
    ];
    let seats = unused(&tenant, &known);
    // In queue order; a use at the instant is a use since then.
    assert_eq!(seats.lists, [["old", "just-before", "never"].map(|name| unassign(name, "base"))]);
    assert!(seats.required.is_empty() && seats.inherited.is_empty());
    let administrator = Actor::new(user("boss")).with(Role::LicenseAdministrator);
    let entry = tenant.decide(&administrator, &seats.lists[0], request(), day(20)).unwrap();
    tenant.apply(&entry).unwrap();
    assert_eq!(tenant.queue(&base()).map(|user| user.as_str()).collect::<Vec<_>>(), ["new", "at", "unknown"]);
    let again = unused(&tenant, &known);
    assert!(again.lists.is_empty(), "{again:?}");
    // Nothing is known, or nobody has the plan.
    assert!(unused(&tenant, &[]).lists.is_empty());
    let other = tenant.unused_seats(&"other".parse().unwrap(), day(10), day(20), |_| LastUse::Never);
    assert!(other.lists.is_empty() && other.required.is_empty() && other.inherited.is_empty());
}

#[test]
fn s19_a_seat_that_another_plan_requires_is_listed_with_that_plan() {
    let mut tenant = studio(9, 1);
    tenant.run(0, [assign("ada", "base"), assign("ada", "extra"), assign("bo", "base"), assign("cy", "base")]).unwrap();
    // Bo's claim on extra waits, so it requires nothing now.
    tenant.forge(0, [assign("bo", "extra")]);
    let never = ["ada", "bo", "cy"].map(|name| (name, LastUse::Never));
    let seats = unused(&tenant, &never);
    assert_eq!(seats.lists, [[unassign("bo", "base"), unassign("cy", "base")]]);
    let [required] = &seats.required[..] else { panic!("{seats:?}") };
    assert_eq!((&required.user, required.by.as_str()), (&user("ada"), "extra"));
    // So S7 says: the whole list would be refused for her.
    assert_eq!(tenant.clone().run(20, [unassign("ada", "base")]).unwrap_err().code(), "refusal.still-required");
    tenant.run(20, seats.lists[0].clone()).expect("what is left is not refused");
    assert!(tenant.opens("ada", "publish", 20));
}

#[test]
fn s19_inherited_seats_are_listed_by_name_with_their_groups() {
    let mut tenant = studio(9, 1);
    tenant
        .run(0, [assign_group("staff", "base"), assign_group("night", "base"), assign_group("other", "extra")])
        .unwrap();
    tenant.run(0, [join("ada", "staff"), join("ada", "night"), join("ada", "other"), assign("bo", "base")]).unwrap();
    tenant.run(0, [join("bo", "staff"), join("cy", "staff"), assign("dee", "base")]).unwrap();
    let known =
        [("ada", LastUse::Never), ("bo", LastUse::At(day(9))), ("cy", LastUse::At(day(12))), ("dee", LastUse::Never)];
    let seats = unused(&tenant, &known);
    let listed: Vec<_> = seats.inherited.iter().map(|seat| (seat.user.as_str(), seat.sources.clone())).collect();
    let of = |id| Assignee::Group(group(id));
    // Ada and Bo have their claims from one event. Bo has it directly too; her seat is listed all the same.
    assert_eq!(
        listed,
        [("ada", vec![of("night"), of("staff")]), ("bo", vec![Assignee::User(user("bo")), of("staff")])]
    );
    assert_eq!(seats.inherited[1].groups().collect::<Vec<_>>(), [&group("staff")]);
    assert_eq!(seats.lists, [[unassign("dee", "base")]]);
    assert!(seats.required.is_empty());
}

#[test]
fn s19_claims_that_wait_hold_no_seat_and_seats_by_tolerance_are_seats() {
    let vendor = Vendor::of(STUDIO);
    let mut tenant = vendor.contoso([paid("base", 1, days(0, 100)).tolerating(units(2), day(50))]);
    tenant.forge(0, [assign("ada", "base"), assign("bo", "base"), assign("cy", "base")]);
    let asked = RefCell::new(Vec::new());
    let seats = |on| {
        asked.borrow_mut().clear();
        let seats = tenant.unused_seats(&base(), day(on), day(on), |user| {
            asked.borrow_mut().push(user.to_string());
            LastUse::Never
        });
        (seats.lists.concat(), asked.borrow().clone())
    };
    let (ada, bo) = (unassign("ada", "base"), unassign("bo", "base"));
    assert_eq!(seats(20), (vec![ada.clone(), bo], vec!["ada".into(), "bo".into()]), "each seat is asked for once");
    assert_eq!(seats(50), (vec![ada], vec!["ada".into()]), "the tolerance has ended");
    assert_eq!(seats(130), (vec![], vec![]), "suspended: nobody holds a seat");
}

#[test]
fn s19_the_commands_that_free_seats_are_in_lists_of_at_most_1000() {
    let vendor = Vendor::of(STUDIO);
    let mut unlimited = paid("base", 1, days(0, 100));
    unlimited.units = Units::Unlimited;
    let mut tenant = vendor.contoso([unlimited]);
    let names: Vec<String> = (0..2_001).map(|nth| format!("u{nth:04}")).collect();
    for names in names.chunks(1_000) {
        tenant.run(0, names.iter().map(|name| assign(name, "base"))).unwrap();
    }
    let seats = tenant.unused_seats(&base(), day(10), day(20), |_| LastUse::Never);
    assert_eq!(seats.lists.iter().map(Vec::len).collect::<Vec<_>>(), [1_000, 1_000, 1]);
    let expected: Vec<Command> = names.iter().map(|name| unassign(name, "base")).collect();
    assert_eq!(seats.lists.concat(), expected);
    for commands in seats.lists {
        tenant.run(20, commands).unwrap();
    }
    assert_eq!(tenant.user_count(), 0);
}
