//! S11: a publisher's helper that takes units away and shuts nobody out at once.

use entitle::catalog::Scope;
use entitle::explain::Basis;
use entitle::license::{RENEWAL_TOLERANCE, Termination, Tolerance};
use entitle::time::Length;
use entitle::{Catalog, Command, Deal, Grant, Term, Units};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

fn tolerances(deal: &Deal) -> Vec<Tolerance> {
    deal.grants.iter().map(|grant| grant.tolerance).collect()
}

fn up_to(n: u32, until: i64) -> Tolerance {
    paid("any", 1, days(0, 1)).tolerating(units(n), day(until)).tolerance
}

fn renewed(before: impl IntoIterator<Item = Grant>, after: impl IntoIterator<Item = Grant>) -> Vec<Tolerance> {
    let vendor = Vendor::fabrikam();
    let deal = before.into_iter().fold(vendor.deal_for("contoso"), Deal::with);
    let renewed = deal.renew(vendor.catalog.offer(), day(10), after.into_iter().collect()).unwrap();
    assert_eq!((renewed.revision.get(), renewed.issued), (2, day(10)));
    tolerances(&renewed)
}

#[test]
fn s11_a_renewal_with_fewer_units_tolerates_the_old_number_for_90_days() {
    let vendor = Vendor::fabrikam();
    let offer = vendor.catalog.offer();
    let mut tenant = vendor.contoso([paid("bronze", 3, days(0, 365))]);
    tenant.run(1, ["ada", "bo", "cy"].map(|name| assign(name, "bronze"))).unwrap();
    let before = vendor.deal_for("contoso").with(paid("bronze", 3, days(0, 365)));
    let smaller = before.renew(offer, day(10), vec![paid("bronze", 1, days(0, 365))]).unwrap();
    tenant.run(10, [Command::Install(vendor.seal(&smaller))]).unwrap();
    let basis = |name, on| tenant.see(name, "f365/orders", day(on), |d| d.allowed().map(|allow| allow.basis()).ok());
    let last = 10 + i64::from(RENEWAL_TOLERANCE.get()) - 1;
    assert_eq!((basis("ada", last), basis("cy", last)), (Some(Basis::Paid), Some(Basis::Tolerance)));
    assert_eq!((basis("ada", last + 1), basis("bo", last + 1), basis("cy", last + 1)), (Some(Basis::Paid), None, None));
}

#[test]
fn s11_units_are_compared_plan_by_plan_and_paid_with_paid() {
    let all = || days(0, 365);
    // As many or more: no tolerance.
    assert_eq!(renewed([paid("gold", 3, all())], [paid("gold", 3, all())]), [Tolerance::None]);
    assert_eq!(
        renewed([paid("gold", 3, all())], [paid("gold", 1, all()), paid("gold", 2, all())]),
        [Tolerance::None; 2]
    );
    assert_eq!(renewed([], [paid("gold", 3, all())]), [Tolerance::None]);
    // What is lost goes on top of the first grant of the plan.
    let grants = [paid("silver", 1, all()), paid("gold", 2, all()), paid("gold", 1, all())];
    let old = [paid("gold", 3, all()), paid("gold", 4, all()), paid("silver", 1, all())];
    assert_eq!(renewed(old, grants), [Tolerance::None, up_to(6, 100), Tolerance::None]);
    // A grant that has a tolerance of its own keeps it.
    let own = paid("gold", 1, all()).tolerating(units(2), day(30));
    assert_eq!(
        renewed([paid("gold", 9, all())], [own.clone(), paid("gold", 1, all())]),
        [own.tolerance, up_to(8, 100)]
    );
    assert_eq!(renewed([paid("gold", 9, all())], [own.clone()]), [own.tolerance]);
    // A trial is no purchase, and a purchase no trial.
    let trial = |n| Grant::trial("gold".parse().unwrap(), units(n), window(0, 60), Length::days(30).unwrap());
    assert_eq!(renewed([trial(9)], [paid("gold", 1, all())]), [Tolerance::None]);
    assert_eq!(renewed([trial(9)], [trial(2)]), [up_to(9, 100)]);
}

#[test]
fn s11_unlimited_units_that_become_a_number_are_tolerated_unlimited() {
    let unlimited = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let Tolerance::UpTo(allowance) = renewed([unlimited.clone()], [paid("gold", 1, days(0, 365))])[0] else {
        panic!("no tolerance")
    };
    assert_eq!((allowance.units, allowance.until), (Units::Unlimited, day(100)));
    assert_eq!(renewed([paid("gold", 1, days(0, 365))], [unlimited]), [Tolerance::None]);
}

#[test]
fn s11_what_was_over_when_the_revision_was_made_out_is_not_tolerated() {
    let over = |grant: Grant| renewed([grant], [paid("gold", 1, days(0, 365))]);
    let no_grace = || paid("gold", 5, days(0, 10)).with_grace(entitle::time::Days::NONE);
    assert_eq!(over(no_grace()), [Tolerance::None]);
    assert_eq!(over(paid("gold", 5, days(0, 11)).with_grace(entitle::time::Days::NONE)), [up_to(5, 100)]);
    assert_eq!(over(paid("gold", 5, days(0, 10))), [up_to(5, 100)], "in grace");
    assert_eq!(over(paid("gold", 5, days(0, 90)).ending(Termination::Withdrawn(day(10)))), [Tolerance::None]);
    assert_eq!(over(paid("gold", 5, days(0, 90)).ending(Termination::Cancelled(day(11)))), [up_to(5, 100)]);
}

/// A revision may repeat grants that are over: they make up for nothing, and hold no tolerance, which would be of no use.
#[test]
fn s11_a_grant_that_is_over_neither_counts_in_a_renewal_nor_carries_its_tolerance() {
    let over = || paid("gold", 9, days(-5, 5)).with_grace(entitle::time::Days::NONE);
    let withdrawn = || paid("gold", 9, days(0, 90)).ending(Termination::Withdrawn(day(10)));
    let all = |n| paid("gold", n, days(0, 365));
    for old in [over(), withdrawn()] {
        assert_eq!(renewed([old.clone(), all(4)], [old.clone(), all(1)]), [Tolerance::None, up_to(4, 100)]);
        assert_eq!(renewed([all(4)], [old.clone()]), [Tolerance::None], "nothing left to hold it");
    }
}

/// What begins later gives nobody a seat yet, so it is neither lost nor in place of what is; only a revision in which all
/// begins later holds the tolerance there.
#[test]
fn s11_a_grant_that_begins_later_neither_counts_in_a_renewal_nor_carries_its_tolerance() {
    let (later, all) = (|n| paid("gold", n, days(20, 365)), |n| paid("gold", n, days(0, 365)));
    assert_eq!(renewed([all(5)], [later(9), all(1)]), [Tolerance::None, up_to(5, 100)]);
    assert_eq!(renewed([all(3), later(4)], [all(3), later(1)]), [Tolerance::None; 2]);
    assert_eq!(renewed([later(5)], [later(1)]), [Tolerance::None], "nobody has a seat of it");
    assert_eq!(renewed([all(5)], [later(1), later(2)]), [up_to(3, 100), Tolerance::None]);
    assert_eq!(renewed([all(5)], [later(5)]), [Tolerance::None]);
    // At the very instant of the issue it has begun.
    let now = |n| paid("gold", n, days(10, 365));
    assert_eq!(renewed([now(5)], [now(1)]), [up_to(5, 100)]);
    let trial =
        |n, opens| Grant::trial("gold".parse().unwrap(), units(n), window(opens, 60), Length::days(30).unwrap());
    assert_eq!(renewed([trial(9, 10)], [trial(2, 10)]), [up_to(9, 100)]);
    assert_eq!(renewed([trial(9, 11)], [trial(2, 11)]), [Tolerance::None]);
}

#[test]
fn s11_a_capacity_pool_and_a_tenant_plan_shrink_at_once() {
    let vendor = Vendor::of(include_str!("../../examples/agents.json"));
    let catalog: &Catalog = &vendor.catalog;
    for plan in &catalog.offer().plans {
        let of = |n| paid(plan.id.as_str(), n, days(0, 365));
        let renewed = vendor.deal_for("contoso").with(of(5)).renew(catalog.offer(), day(10), vec![of(1)]).unwrap();
        let is_tolerated = tolerances(&renewed) != [Tolerance::None];
        assert_eq!(is_tolerated, plan.scope == Scope::User, "{}", plan.id);
    }
    assert!(catalog.offer().plans.iter().any(|plan| plan.scope == Scope::Capacity));
}

#[test]
fn s11_after_the_last_revision_there_is_none() {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso");
    deal.revision = core::num::NonZeroU32::MAX;
    assert_eq!(deal.renew(vendor.catalog.offer(), day(10), Vec::new()).unwrap_err().code(), "deal.last-revision");
}
