//! Why a directory is not reconciled.

use entitle::Tenant;
use entitle::directory::{Directory, LossLimit, ReconcileError};

use crate::support::{Scenario, Vendor, assign, days, group, join, paid, user};
use crate::{Row, row};

/// Five users: four have bronze, `c` of them silver too, and `e` no plan; `a` and `b` are in `pair`.
fn tenant() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 9, days(0, 100)), paid("silver", 9, days(0, 100))]);
    tenant.run(1, ["a", "b", "c", "d"].map(|name| assign(name, "bronze"))).unwrap();
    tenant.run(1, [assign("c", "silver"), join("a", "pair"), join("b", "pair"), join("e", "other")]).unwrap();
    tenant
}

/// The refusal of a directory that lacks one user, at a loss limit.
fn without(gone: &str, percent: u32) -> ReconcileError {
    let users = [("a", "pair"), ("b", "pair"), ("c", ""), ("d", ""), ("e", "other")];
    let directory =
        users.into_iter().filter(|(name, _)| *name != gone).fold(Directory::new(), |directory, (name, of)| {
            if of.is_empty() { directory.with_user(user(name)) } else { directory.with_member(user(name), group(of)) }
        });
    tenant().reconcile(&directory, LossLimit::new(percent).unwrap()).unwrap_err()
}

fn in_groups(groups: core::ops::Range<usize>) -> Directory {
    groups.fold(Directory::new(), |directory, nth| directory.with_member(user("a"), group(&format!("g{nth}"))))
}

pub(crate) fn rows() -> Vec<Row> {
    let alone = |directory: &Directory| tenant().reconcile(directory, LossLimit::ALL).unwrap_err();
    let mut many = Vendor::fabrikam().tenant("contoso");
    many.run(1, (0..600).map(|nth| join("a", &format!("g{nth}")))).unwrap();
    vec![
        row!(
            "reconcile.not-a-loss-limit",
            "invalid loss limit of 101 percent: a loss limit is from 0 to 100 percent",
            LossLimit::new(101).unwrap_err()
        ),
        row!(
            "reconcile.no-users",
            "the directory has 0 users and the tenant has 5: read all pages of the directory again",
            alone(&Directory::new())
        ),
        row!(
            "reconcile.too-many-groups",
            "`a` is in 1001 groups of the directory, at most 1000 are allowed: remove the user from some",
            alone(&in_groups(0..1_001))
        ),
        row!(
            "reconcile.too-many-commands",
            "`a` needs 1200 commands to leave and join groups, a list holds at most 1000: change the user's groups in the \
             directory in two steps, and reconcile after each",
            many.reconcile(&in_groups(600..1_200), LossLimit::ALL).unwrap_err()
        ),
        row!(
            "reconcile.loss-of-users",
            "1 of 5 users would lose a plan, more than 19 percent: check that the directory is complete, or allow a larger \
             loss",
            without("d", 19)
        ),
        row!(
            "reconcile.loss-of-plan",
            "1 of 4 users of the plan `bronze` would lose it, more than 24 percent: check that the directory is complete, or \
             allow a larger loss",
            without("d", 24)
        ),
        row!(
            "reconcile.loss-in-group",
            "1 of 2 members of the group `pair` would lose a plan, more than 25 percent: check that the directory is complete, \
             or allow a larger loss",
            without("a", 25)
        ),
    ]
}

/// All users are asked first, then the plans by id, then the groups.
#[test]
fn s19_the_first_share_that_is_exceeded_is_named() {
    assert_eq!(without("a", 0).code(), "reconcile.loss-of-users");
    assert_eq!(without("a", 20).code(), "reconcile.loss-of-plan", "before the group");
    let ReconcileError::LossOfPlan { plan, .. } = without("c", 20) else { panic!("a plan") };
    assert_eq!(plan.as_str(), "bronze");
    let ReconcileError::LossOfPlan { plan, .. } = without("c", 25) else { panic!("a plan") };
    assert_eq!(plan.as_str(), "silver");
    assert!(tenant().reconcile(&in_groups(0..1), LossLimit::ALL).is_ok());
}
