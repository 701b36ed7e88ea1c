//! S: who holds a seat, who waits, and what frees one.

use entitle::catalog::Scope;
use entitle::command::{RefusalReason, RefusedPart};
use entitle::explain::{Basis, DenialReason, NoUnits};
use entitle::license::{Tolerance, ToleratedUnits};
use entitle::quantity::{Place, Total};
use entitle::{Command, Deal, Grant, Tenant};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, leave, paid, unassign, units, user};

/// Contoso with so many bronze seats for 100 days.
fn bronze(n: u32) -> Tenant {
    Vendor::fabrikam().contoso([paid("bronze", n, days(0, 100))])
}

fn pool(tenant: &Tenant, on: i64) -> (u64, u64) {
    let pool = tenant.pool(&"bronze".parse().unwrap(), day(on));
    (pool.seated, pool.waiting)
}

fn line(tenant: &Tenant) -> Vec<&str> {
    tenant.queue(&"bronze".parse().unwrap()).map(|user| user.as_str()).collect()
}

fn no_free_unit(units: u64, taken: u64, waiting: u64) -> RefusalReason {
    RefusalReason::NoFreeUnit {
        plan: "bronze".parse().unwrap(),
        units: Total::Limited(units),
        taken,
        waiting,
        more_from: None,
    }
}

/// A vendor of a tenant plan and a capacity plan beside a user plan.
fn three_scopes() -> Vendor {
    Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "app", "access": "licensed" }],
             "plans": [
               { "id": "everyone", "scope": "tenant", "name": "Everyone", "apps": ["app"] },
               { "id": "seat", "scope": "user", "name": "Seat", "apps": ["app"] },
               { "id": "sessions", "scope": "capacity", "name": "Sessions" } ] }"#,
    )
}

#[test]
fn s1_only_user_plans_are_assigned() {
    let vendor = three_scopes();
    let grants = ["everyone", "seat", "sessions"].map(|plan| paid(plan, 5, days(0, 100)));
    let mut tenant = vendor.contoso(grants);
    for (plan, scope) in [("everyone", Scope::Tenant), ("sessions", Scope::Capacity)] {
        let refused = tenant.run(0, [assign("ada", plan)]).unwrap_err();
        assert_eq!(refused.reason, RefusalReason::NotAssignable { plan: plan.parse().unwrap(), scope });
    }
    let seats_only = vendor.contoso([paid("seat", 5, days(0, 100))]);
    assert!(!seats_only.opens("ada", "app", 1), "not assigned");
}

#[test]
fn s1_a_forged_seat_of_a_tenant_plan_gives_nothing() {
    let mut tenant = three_scopes().contoso([paid("everyone", 1, days(50, 100))]);
    tenant.forge(0, [assign("ada", "everyone"), assign("ada", "sessions")]);
    assert!(!tenant.opens("ada", "app", 10));
    assert_eq!(tenant.opens("ada", "app", 50), tenant.opens("bo", "app", 50));
}

#[test]
fn s2_assigning_takes_effect_at_once_and_needs_a_free_unit() {
    let mut tenant = bronze(2);
    tenant.run(3, [assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 3));
    let refused = tenant.run(3, [assign("bo", "bronze"), assign("cy", "bronze")]).unwrap_err();
    assert_eq!((refused.part, refused.reason), (RefusedPart::Command(1), no_free_unit(2, 2, 0)));
    assert_eq!(line(&tenant), ["ada"], "nothing changed");
    let without = Vendor::fabrikam().tenant("contoso").run(3, [assign("ada", "bronze")]).unwrap_err();
    let plan = "bronze".parse().unwrap();
    assert_eq!(without.reason, RefusalReason::NoUsableUnits { plan, why: NoUnits::NoGrant });
}

#[test]
fn s2_tolerance_is_not_counted_and_waiting_is_no_excuse() {
    let mut grant = paid("bronze", 1, days(0, 100));
    grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(3), day(50)));
    let mut tenant = Vendor::fabrikam().contoso([grant]);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let refused = tenant.run(0, [assign("bo", "bronze")]).unwrap_err();
    assert_eq!(refused.reason, no_free_unit(1, 1, 0));
}

#[test]
fn s2_the_list_is_judged_by_the_state_it_leads_to() {
    let mut tenant = bronze(1);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    tenant.run(1, [assign("bo", "bronze"), unassign("ada", "bronze")]).expect("the seat is free after the last");
    assert_eq!(line(&tenant), ["bo"]);
}

/// A license dated tomorrow brings the time with it, by which the commands beside it are judged.
#[test]
fn s6_a_list_is_judged_at_the_time_that_it_leads_to() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(1, 100)));
    let mut tenant = vendor.tenant("contoso");
    let list = |deal: &Deal| [Command::Install(vendor.seal(deal)), assign("ada", "bronze")];
    assert_eq!(tenant.run(0, list(&deal)).unwrap_err().code(), "refusal.no-usable-units");
    deal.issued = day(1);
    tenant.run(0, list(&deal)).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 0));
}

#[test]
fn s3_one_seat_per_user_and_plan() {
    let mut tenant = bronze(2);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    tenant.run(0, [assign("ada", "bronze"), assign("ada", "bronze")]).unwrap();
    tenant.forge(0, [assign("ada", "bronze")]);
    assert_eq!((pool(&tenant, 0), line(&tenant)), ((1, 0), vec!["ada"]));
}

#[test]
fn s4_unassigning_frees_the_seat_and_what_is_not_there_cannot_be_removed() {
    let mut tenant = bronze(1);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    let missing = |user: &str, plan: &str| RefusalReason::NoSuchAssignment {
        from: self::user(user).into(),
        plan: plan.parse().unwrap(),
    };
    for (name, plan) in [("bo", "bronze"), ("ada", "gold"), ("ada", "platinum")] {
        assert_eq!(tenant.run(0, [unassign(name, plan)]).unwrap_err().reason, missing(name, plan));
    }
    tenant.run(1, [unassign("ada", "bronze")]).unwrap();
    assert!(!tenant.opens("ada", "f365/orders", 1));
    let twice =
        tenant.run(1, [assign("bo", "bronze"), unassign("bo", "bronze"), unassign("bo", "bronze")]).unwrap_err();
    assert_eq!((twice.part, twice.reason), (RefusedPart::Command(2), missing("bo", "bronze")));
    tenant.run(1, [assign("bo", "bronze")]).expect("the seat is free");
}

#[test]
fn s5_assigning_again_only_replaces_the_deny_list() {
    let mut tenant = Vendor::fabrikam().contoso([paid("silver", 1, days(0, 50))]);
    let silver = |except: &[&str]| {
        let except = except.iter().map(|app| app.parse().unwrap()).collect();
        Command::assign_except(user("ada").into(), "silver".parse().unwrap(), except)
    };
    tenant.run(0, [silver(&["f365/orders"])]).unwrap();
    let opens = |tenant: &Tenant| ["f365/orders", "f365/forecasts"].map(|app| tenant.opens("ada", app, 49));
    assert_eq!(opens(&tenant), [false, true]);
    tenant.run(1, [silver(&["f365/forecasts"])]).unwrap();
    assert_eq!(opens(&tenant), [true, false]);
    tenant.run(1, [silver(&["f365/forecasts", "f365/orders", "f365/orders"])]).unwrap();
    assert_eq!(opens(&tenant), [false, false]);
    // Suspended: no unit is usable, and none is asked for.
    tenant.run(100, [silver(&[])]).unwrap();
    let elsewhere = tenant.run(100, [silver(&["f365/audit"])]).unwrap_err();
    let (plan, app) = ("silver".parse().unwrap(), "f365/audit".parse().unwrap());
    assert_eq!(elsewhere.reason, RefusalReason::NotAnAppOfIt { plan, app });
}

#[test]
fn s5_taken_and_given_in_one_event_keeps_the_place() {
    let mut tenant = bronze(2);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    tenant.run(0, [assign("bo", "bronze")]).unwrap();
    tenant.run(1, [unassign("ada", "bronze"), assign("ada", "bronze")]).unwrap();
    assert_eq!(line(&tenant), ["ada", "bo"]);
    tenant.run(1, [Command::RemoveUser(user("ada")), assign("ada", "bronze")]).unwrap();
    assert_eq!(line(&tenant), ["bo", "ada"], "removed between");
}

#[test]
fn s10_the_line_is_ordered_by_event_and_within_one_by_user() {
    let mut tenant = bronze(9);
    tenant.run(0, [assign("m", "bronze")]).unwrap();
    tenant.run(0, [assign("z", "bronze"), assign("b", "bronze"), assign("B", "bronze")]).unwrap();
    tenant.run(0, [assign("a", "bronze")]).unwrap();
    assert_eq!(line(&tenant), ["m", "B", "b", "z", "a"]);
}

#[test]
fn s10_a_freed_seat_passes_to_the_first_who_waits() {
    let mut tenant = bronze(2);
    tenant.forge(0, ["a", "b", "c", "d"].map(|name| assign(name, "bronze")));
    let open = |tenant: &Tenant| ["a", "b", "c", "d"].map(|name| tenant.opens(name, "f365/orders", 1));
    assert_eq!((open(&tenant), pool(&tenant, 1)), ([true, true, false, false], (2, 2)));
    let waiting = |ahead| DenialReason::Waiting { place: Place::behind(ahead), limit: Total::Limited(2) };
    assert_eq!(tenant.reasons("c", "f365/orders", 1)[0], waiting(2));
    assert_eq!(tenant.reasons("d", "f365/orders", 1)[0], waiting(3));
    tenant.run(1, [unassign("a", "bronze")]).unwrap();
    assert_eq!(open(&tenant), [false, true, true, false]);
    let refused = tenant.run(1, [assign("a", "bronze")]).unwrap_err();
    assert_eq!(refused.reason, no_free_unit(2, 2, 1), "the queue comes first");
}

#[test]
fn s11_a_tolerance_covers_more_claims_until_its_instant() {
    let mut grant: Grant = paid("bronze", 1, days(0, 60));
    grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(2), day(50)));
    let mut tenant = Vendor::fabrikam().contoso([grant]);
    tenant.forge(0, ["a", "b", "c"].map(|name| assign(name, "bronze")));
    let basis =
        |name, on| tenant.see(name, "f365/orders", day(on), |decision| decision.allowed().map(|a| a.basis()).ok());
    for on in 0..50 {
        let now = ["a", "b", "c"].map(|name| basis(name, on));
        assert_eq!(now, [Some(Basis::Paid), Some(Basis::Tolerance), None], "day {on}");
    }
    assert_eq!(["a", "b", "c"].map(|name| basis(name, 50)), [Some(Basis::Paid), None, None]);
    // Who waits behind the tolerated one waits for one of the seats that are held.
    assert_eq!(
        tenant.reasons("c", "f365/orders", 49)[0],
        DenialReason::Waiting { place: Place::behind(2), limit: Total::Limited(2) }
    );
    assert_eq!(
        tenant.reasons("b", "f365/orders", 50)[0],
        DenialReason::Waiting { place: Place::behind(1), limit: Total::Limited(1) }
    );
}

#[test]
fn s11_a_tolerance_needs_a_usable_grant() {
    let mut grant: Grant = paid("bronze", 1, days(10, 20));
    grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(2), day(70)));
    let mut tenant = Vendor::fabrikam().contoso([grant]);
    tenant.forge(0, ["a", "b"].map(|name| assign(name, "bronze")));
    let open: Vec<_> = (0..100).filter(|&on| tenant.opens("b", "f365/orders", on)).collect();
    assert_eq!(open, (10..50).collect::<Vec<_>>(), "active and in grace, then suspended");
}

#[test]
fn s12_what_reduces_use_is_never_refused() {
    let mut tenant = bronze(1);
    tenant.forge(0, [assign("a", "bronze"), assign("b", "bronze"), assign("c", "no-such-plan"), assign("d", "bronze")]);
    for on in [0, 110, 140, 300] {
        let mut tenant = tenant.clone();
        tenant.run(on, [unassign("a", "bronze")]).expect("in every phase");
        tenant.run(on, [unassign("b", "bronze")]).expect("one who waits");
        tenant.run(on, [unassign("c", "no-such-plan")]).expect("a plan the catalog does not know");
        tenant.run(on, [Command::RemoveUser(user("d"))]).expect("a user");
        assert_eq!(tenant.user_count(), 0);
    }
}

#[test]
fn s13_removing_a_user_frees_all_seats_and_coming_back_is_at_the_end() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 2, days(0, 100)), paid("gold", 1, days(0, 100))]);
    tenant.run(0, [assign("ada", "bronze"), assign("ada", "gold")]).unwrap();
    tenant.run(0, [assign("bo", "bronze")]).unwrap();
    tenant.run(1, [Command::RemoveUser(user("ada"))]).unwrap();
    assert!(!tenant.opens("ada", "f365/audit", 1) && !tenant.opens("ada", "f365/orders", 1));
    assert_eq!(tenant.pool(&"gold".parse().unwrap(), day(1)).seated, 0);
    let gone = tenant.run(1, [Command::RemoveUser(user("ada"))]).unwrap_err();
    assert_eq!(gone.reason, RefusalReason::NoSuchUser { user: user("ada") });
    tenant.run(2, [assign("ada", "bronze")]).unwrap();
    assert_eq!(line(&tenant), ["bo", "ada"]);
}

/// Removed and assigned in one list, a user has a new claim, which needs a free seat as any other.
#[test]
fn s13_who_is_removed_and_comes_back_in_one_list_passes_nobody_who_waits() {
    let mut tenant = bronze(1);
    tenant.run(0, [assign("ada", "bronze"), assign_group("staff", "bronze")]).unwrap();
    let again = || [Command::RemoveUser(user("ada")), assign("ada", "bronze")];
    tenant.clone().run(1, again()).expect("nobody waits");
    tenant.run(1, [join("bo", "staff")]).unwrap();
    assert_eq!(tenant.run(1, again()).unwrap_err().reason, no_free_unit(1, 1, 0));
    assert_eq!(line(&tenant), ["ada", "bo"]);
}

#[test]
fn s13_claims_survive_every_change_of_a_license() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("bronze", 3, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    tenant.run(0, ["a", "b", "c"].map(|name| assign(name, "bronze"))).unwrap();
    let smaller = deal.revise(day(1)).unwrap().with(paid("bronze", 1, days(0, 100)));
    let none = smaller.revise(day(2)).unwrap();
    let larger = none.revise(day(3)).unwrap().with(paid("bronze", 9, days(0, 100)));
    for (on, deal, seated) in [(1, smaller, 1), (2, none, 0), (3, larger, 3)] {
        tenant.run(on, [Command::Install(vendor.seal(&deal))]).unwrap();
        assert_eq!((line(&tenant), pool(&tenant, on)), (vec!["a", "b", "c"], (seated, 3 - seated)));
    }
}

#[test]
fn s15_a_user_nobody_named_is_a_user_without_claims() {
    let mut tenant = bronze(1);
    assert_eq!(tenant.reasons("stranger", "f365/audit", 1)[0], DenialReason::NoUnits(NoUnits::NoGrant));
    assert_eq!(tenant.reasons("stranger", "f365/orders", 1)[0], DenialReason::NotAssigned);
    assert!(tenant.opens("stranger", "f365/basic", 1));
    tenant.run(1, [assign("stranger", "bronze")]).expect("naming them is enough");
    assert!(tenant.opens("stranger", "f365/orders", 1));
}

#[test]
fn s17_two_records_seat_two_crowds_so_each_installation_gets_a_tenant_plan() {
    // The same license in two records: each seats as many as it says.
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    let seats = ["one", "two"].map(|name| {
        let mut tenant = vendor.tenant("contoso");
        tenant.run(0, [Command::Install(vendor.seal(&deal)), assign(name, "bronze")]).unwrap();
        pool(&tenant, 0).0
    });
    assert_eq!(seats.iter().sum::<u64>(), 2);
    // A tenant plan made out to the installation opens nothing in another.
    let vendor = three_scopes();
    let deal = vendor.deal_for("laptop-17").with(paid("everyone", 1, days(0, 100)));
    let installed = |tenant: &str| {
        let mut tenant = vendor.tenant(tenant);
        tenant.forge(0, [Command::Install(vendor.seal(&deal))]);
        tenant.opens("owner", "app", 1)
    };
    assert_eq!([installed("laptop-17"), installed("laptop-18")], [true, false]);
}

/// Whether a user is there to be removed is asked at the command's place in the list.
#[test]
fn s13_who_is_removed_must_be_named_at_that_point_of_the_list() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 3, days(0, 30))]);
    let remove = |name: &str| Command::RemoveUser(user(name));
    tenant.run(1, [assign("ada", "bronze"), remove("ada")]).unwrap();
    tenant.run(1, [join("bo", "staff"), remove("bo")]).unwrap();
    let refused = tenant.run(1, [assign("cy", "bronze"), unassign("cy", "bronze"), remove("cy")]).unwrap_err();
    assert_eq!((refused.part, refused.reason.code()), (RefusedPart::Command(2), "refusal.no-such-user"));
    assert_eq!(tenant.user_count(), 0);
}

#[test]
fn s11_a_refusal_says_how_many_wait() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 30))]);
    let refused = |tenant: &mut entitle::Tenant, on| tenant.run(on, [assign("zoe", "bronze")]).unwrap_err().to_string();
    tenant.run(1, [assign("ada", "bronze")]).unwrap();
    assert!(!refused(&mut tenant, 2).contains("wait"), "{}", refused(&mut tenant, 2));
    tenant.forge(2, [assign("bo", "bronze")]);
    assert!(refused(&mut tenant, 3).contains(", waiting: 1"), "{}", refused(&mut tenant, 3));
    tenant.forge(3, [assign("cy", "bronze")]);
    assert!(refused(&mut tenant, 4).contains(", waiting: 2"), "{}", refused(&mut tenant, 4));
}

#[test]
fn s15_who_is_named_is_counted() {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 3, days(0, 30))]);
    tenant.run(1, [assign("ada", "bronze"), assign("bo", "bronze"), crate::support::join("cy", "staff")]).unwrap();
    assert_eq!(tenant.user_count(), 3);
}

#[test]
fn s6_a_seat_given_up_in_a_list_moves_the_line_for_the_others_in_it() {
    let mut tenant = bronze(1);
    tenant.run(0, [assign("ada", "bronze")]).unwrap();
    tenant.run(0, [assign_group("staff", "bronze"), join("bo", "staff"), join("cy", "staff")]).unwrap();
    // Who comes now stands behind the two who wait, of whom one gets the seat.
    let reason = tenant.run(1, [unassign("ada", "bronze"), assign("dee", "bronze")]).unwrap_err().reason;
    assert_eq!(reason, no_free_unit(1, 1, 1));
    // The first of them is served by it, and so may have it directly too.
    tenant.run(1, [unassign("ada", "bronze"), assign("bo", "bronze")]).unwrap();
    assert!(tenant.opens("bo", "f365/orders", 1) && !tenant.opens("cy", "f365/orders", 1));
}

/// Of the claims that a list ends, those behind somebody move nobody up, in whatever order their users' ids are.
#[test]
fn s6_who_gives_up_a_place_further_back_moves_nobody_in_front() {
    let mut tenant = bronze(1);
    tenant.run(0, [assign("zoe", "bronze"), assign_group("staff", "bronze")]).unwrap();
    for name in ["bo", "cy", "ada"] {
        tenant.run(0, [join(name, "staff")]).unwrap();
    }
    assert_eq!(line(&tenant), ["zoe", "bo", "cy", "ada"]);
    let gone = || [unassign("zoe", "bronze"), leave("ada", "staff")];
    let list = |name| gone().into_iter().chain([assign(name, "bronze")]);
    assert_eq!(tenant.run(1, list("cy")).unwrap_err().reason, no_free_unit(1, 1, 0));
    tenant.run(1, list("bo")).unwrap();
}
