//! The steps of remedies, and what happens to grants by time alone.

use core::num::NonZeroU32;
use entitle::catalog::Release;
use entitle::command::{SignUpPolicy, TrialName};
use entitle::query::GrantChange;
use entitle::remedy::{PurchaseKind, Step};
use entitle::time::Phase;
use entitle::{Command, LicenseId, PlanId};

use crate::Row;
use crate::row;
use crate::support::{assign, assign_group, day, group, join, leave, unassign, unassign_group, user};

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = commands();
    rows.extend(others());
    let becomes = GrantChange::Becomes { from: Phase::Active, to: Phase::Grace };
    rows.extend([("change.becomes", becomes), ("change.tolerance-ends", GrantChange::ToleranceEnds)].map(
        |(code, change)| Row {
            code,
            text: String::new(),
            actual: (change.code().to_string(), String::new()),
            wordings: Vec::new(),
        },
    ));
    rows
}

fn commands() -> Vec<Row> {
    let trial = || TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    let off = || vec!["f365/audit".parse().unwrap(), "f365/orders".parse().unwrap()];
    let id = "01010101010101010101010101010101";
    vec![
        row!("remedy.assign", "assign `gold` to `ada`", Step::Do(assign("ada", "gold"))),
        row!("remedy.assign", "assign `gold` to `ada` without `f365/audit` and `f365/orders`", {
            Step::Do(Command::assign_except(user("ada").into(), "gold".parse().unwrap(), off()))
        }),
        row!("remedy.assign-group", "assign `gold` to the group `staff` without `f365/audit` and `f365/orders`", {
            Step::Do(Command::assign_except(group("staff").into(), "gold".parse().unwrap(), off()))
        }),
        row!("remedy.assign-group", "assign `gold` to the group `staff`", Step::Do(assign_group("staff", "gold"))),
        row!("remedy.unassign", "unassign `gold` from `ada`", Step::Do(unassign("ada", "gold"))),
        row!(
            "remedy.unassign-group",
            "unassign `gold` from the whole group `staff`, which takes it from all who have it only through the group",
            Step::Do(unassign_group("staff", "gold"))
        ),
        row!("remedy.join", "add `ada` to the group `staff`", Step::Do(join("ada", "staff"))),
        row!("remedy.leave", "remove `ada` from the group `staff`", Step::Do(leave("ada", "staff"))),
        row!(
            "remedy.start-trial",
            format!("start the trial of `gold` in the license {id}"),
            Step::Do(Command::StartTrial(trial()))
        ),
        row!(
            "remedy.extend-trial",
            format!("extend the trial of `gold` in the license {id}"),
            Step::Do(Command::ExtendTrial(trial()))
        ),
        row!(
            "remedy.sign-up",
            format!("have the user sign up for the trial of `gold` in the license {id}"),
            Step::Do(Command::SignUp(trial()))
        ),
        row!(
            "remedy.allow-sign-ups",
            "allow users to sign up for trials",
            Step::Do(Command::SetSignUps(SignUpPolicy::Allowed))
        ),
        row!(
            "remedy.claim-seat",
            "have the user claim a free seat of `gold`",
            Step::Do(Command::ClaimSeat("gold".parse().unwrap()))
        ),
        row!("remedy.command", "give a command", Step::Do(Command::RecordTime)),
    ]
}

fn head() -> entitle::record::Checkpoint {
    crate::support::beginning("contoso".parse().unwrap()).checkpoint()
}

fn others() -> Vec<Row> {
    let gold = || "gold".parse::<PlanId>().unwrap();
    let number = |number| NonZeroU32::new(number).unwrap();
    let buy = |units, kind| Step::Buy { plan: gold(), units: number(units), kind };
    vec![
        row!("remedy.free", "free 2 seats of `gold`", Step::Free { plan: gold(), seats: number(2) }),
        row!("remedy.free", "free 1 seat of `gold`", Step::Free { plan: gold(), seats: number(1) }),
        row!("remedy.buy", "buy 1 unit of `gold`", buy(1, PurchaseKind::Additional)),
        row!("remedy.renew", "renew `gold` with at least 1 unit", buy(1, PurchaseKind::Renewal)),
        row!("remedy.buy-again", "buy `gold` again, at least 1 unit", buy(1, PurchaseKind::Again)),
        row!("remedy.buy", "buy 2 units of `gold`", buy(2, PurchaseKind::Additional)),
        row!("remedy.renew", "renew `gold` with at least 2 units", buy(2, PurchaseKind::Renewal)),
        row!("remedy.buy-again", "buy `gold` again, at least 2 units", buy(2, PurchaseKind::Again)),
        row!(
            "remedy.use-release",
            "use a release of the application from before 2026-03-01T00:00:00Z",
            Step::UseRelease { current: Release::of(day(9)), before: day(0) }
        ),
        row!(
            "remedy.use-release",
            "ask the publisher for a release of the application that names its date, from before 2026-03-01T00:00:00Z: \
             this one has none",
            Step::UseRelease { current: Release::Undated, before: day(0) }
        ),
        row!("remedy.take-list", "ask the publisher for its latest revocation list, and install it", Step::TakeList),
        row!(
            "remedy.compare-clock",
            format!(
                "compare the clock of the machine that checks the license, which shows 2026-03-01T00:00:00Z, with another one: the record was last written at \
                 2026-03-08T00:00:00Z. If the clock is right, ask the publisher for a time ticket with the anchor {}",
                head()
            ),
            Step::CompareClock { now: day(0), floor: day(7), checkpoint: head() }
        ),
        row!("remedy.wait", "wait until 2026-03-01T00:00:00Z", Step::Wait { until: day(0) }),
    ]
}
