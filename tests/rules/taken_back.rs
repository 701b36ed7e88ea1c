//! L7, K3: an end that the publisher decided is called a withdrawal, and no other end is.

use entitle::explain::Audience;
use entitle::license::Termination;
use entitle::time::Days;
use entitle::{Decision, Grant, Tenant};

use crate::support::{Scenario, Vendor, day, days, paid};

/// What an administrator reads about why Ada may not open orders.
fn reasons(tenant: &Tenant, on: i64) -> String {
    tenant.see("ada", "f365/orders", day(on), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.text(Audience::Administrator).to_string(),
    })
}

/// A purchase without grace, whose 90 days of suspension ran out on a day.
fn ran_out(plan: &str, on: i64) -> Grant {
    paid(plan, 1, days(-200, on - 90)).with_grace(Days::NONE)
}

fn withdrawn(plan: &str, on: i64) -> Grant {
    paid(plan, 1, days(0, 100)).ending(Termination::Withdrawn(day(on)))
}

#[test]
fn l7_of_two_plans_that_end_at_once_only_the_withdrawn_one_is_called_so() {
    let tenant = Vendor::fabrikam().contoso([ran_out("bronze", 5), withdrawn("silver", 5)]);
    let text = reasons(&tenant, 10);
    assert!(
        text.contains("F365 Silver (`silver`): its license was withdrawn by its publisher on 2026-03-06"),
        "{text}"
    );
    assert!(text.contains("F365 Bronze (`bronze`): its license ended on 2026-03-06"), "{text}");
}

#[test]
fn l7_a_plan_whose_last_grant_ran_out_is_not_called_withdrawn() {
    // Day 5 is 2026-03-06, day 8 is 2026-03-09.
    let tenant = Vendor::fabrikam().contoso([withdrawn("bronze", 5), ran_out("bronze", 8)]);
    let text = reasons(&tenant, 10);
    assert!(text.contains("F365 Bronze (`bronze`): its license ended on 2026-03-09"), "{text}");
    let tenant = Vendor::fabrikam().contoso([withdrawn("bronze", 8), ran_out("bronze", 5)]);
    let text = reasons(&tenant, 10);
    assert!(
        text.contains("F365 Bronze (`bronze`): its license was withdrawn by its publisher on 2026-03-09"),
        "{text}"
    );
}
