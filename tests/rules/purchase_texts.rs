//! What is read of a purchase and of a trial that are over (K3, K4).

use entitle::command::TrialName;
use entitle::explain::Audience;
use entitle::license::Termination;
use entitle::time::Length;
use entitle::{Command, Decision, Grant, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

fn text(tenant: &Tenant, on: i64) -> String {
    tenant.see("ada", "f365/audit", day(on), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.text(Audience::Administrator).to_string(),
    })
}

fn seated(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// The start of the trial of a plan in license 1.
fn start(plan: &str) -> Command {
    Command::StartTrial(TrialName::new(LicenseId::from_random([1; 16]), plan.parse().unwrap()))
}

fn start_gold() -> Command {
    start("gold")
}

/// A trial of gold for 5 days, which can be started before day 8, and gold that was withdrawn on day 7.
fn trial_and_withdrawal() -> [Grant; 2] {
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 8), Length::days(5).unwrap());
    [trial, paid("gold", 1, days(0, 100)).ending(Termination::Withdrawn(day(7)))]
}

#[test]
fn k4_what_was_licensed_before_is_the_units_that_ended_last_and_together() {
    let text_of = |grants: &[(u32, i64)]| {
        text(&seated(grants.iter().map(|&(units, ends)| paid("gold", units, days(-900, ends)))), 10)
    };
    // Over on day -110, after 30 days of grace and 90 of suspension; the other a day before.
    assert!(text_of(&[(3, -230), (4, -230)]).contains("at least 1 unit (licensed before: 7)"));
    assert!(text_of(&[(3, -230), (4, -231)]).contains("at least 1 unit (licensed before: 3)"));
    // Suspended.
    assert!(text_of(&[(3, -230), (4, -50)]).contains("at least 1 unit (licensed before: 4)"));
    // A purchase alone is what was licensed.
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 8), Length::days(5).unwrap());
    let beside = text(&seated([trial, paid("gold", 3, days(-900, -230))]), 10);
    assert!(beside.contains("at least 1 unit (licensed before: 3)"), "{beside}");
    // Not even with a trial that ends at that instant: on day 6, after its 5 days.
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 8), Length::days(5).unwrap());
    let mut at_once = Vendor::fabrikam().contoso([trial, paid("gold", 3, days(-900, -114))]);
    at_once.run(1, [start_gold(), assign("ada", "gold")]).unwrap();
    assert!(text(&at_once, 10).contains("(licensed before: 3)"), "{}", text(&at_once, 10));
}

#[test]
fn k3_a_used_trial_is_named_and_one_that_nobody_started_is_not() {
    let used = "the trial of F365 Gold was used too: it ended on 2026-03-07T00:00:00Z";
    let missed = seated(trial_and_withdrawal());
    assert!(!text(&missed, 10).contains("trial of"), "{}", text(&missed, 10));
    let mut started = Vendor::fabrikam().contoso(trial_and_withdrawal());
    started.run(1, [start_gold(), assign("ada", "gold")]).unwrap();
    assert!(text(&started, 10).contains(used), "{}", text(&started, 10));
    // A trial without a purchase is the reason itself.
    let [trial, _] = trial_and_withdrawal();
    let mut alone = Vendor::fabrikam().contoso([trial]);
    alone.run(1, [start_gold(), assign("ada", "gold")]).unwrap();
    assert!(!text(&alone, 10).contains("was used"), "{}", text(&alone, 10));
}

#[test]
fn k4_a_purchase_beside_one_that_starts_later_is_for_the_time_before_it() {
    let later = seated([paid("gold", 1, days(20, 100))]);
    let sooner = "if it cannot wait: ask the publisher for an earlier start, or buy 1 unit of F365 Gold for the time before \
                  2026-03-21T00:00:00Z";
    assert!(text(&later, 10).contains(sooner), "{}", text(&later, 10));
    // What ended before is renewed.
    let ended = seated([paid("gold", 2, days(-900, -230))]);
    assert!(!text(&ended, 10).contains("cannot wait"), "{}", text(&ended, 10));
}

#[test]
fn k3_a_used_trial_is_named_only_beside_a_purchase_that_is_over_and_with_its_own_end() {
    let trial = |plan: &str| Grant::trial(plan.parse().unwrap(), units(5), window(0, 8), Length::days(5).unwrap());
    let over = || paid("gold", 1, days(-900, -230));
    // The purchase starts later: its time is not used.
    let mut later = Vendor::fabrikam().contoso([trial("gold"), paid("gold", 1, days(20, 100))]);
    later.run(1, [start_gold(), assign("ada", "gold")]).unwrap();
    assert!(!text(&later, 10).contains("was used too"), "{}", text(&later, 10));
    // The trial of another plan was started, and not this one.
    let mut other = Vendor::fabrikam().contoso([trial("gold"), trial("silver"), over()]);
    other.run(1, [start("silver")]).unwrap();
    assert!(!text(&other, 10).contains("was used too"), "{}", text(&other, 10));
    // The next revision of the license ends the trial before its start, which gives it no end of its own.
    let mut ended = Vendor::fabrikam().contoso([trial("gold"), over()]);
    ended.run(1, [start_gold(), assign("ada", "gold")]).unwrap();
    let vendor = Vendor::fabrikam();
    let withdrawn = trial("gold").ending(Termination::Withdrawn(day(0)));
    let mut deal = vendor.deal_for("contoso").with(withdrawn).with(over());
    deal.revision = deal.revision.saturating_add(1);
    ended.run(2, [Command::Install(vendor.seal(&deal))]).unwrap();
    assert!(!text(&ended, 10).contains("was used too"), "{}", text(&ended, 10));
}

#[test]
fn k4_what_was_cancelled_before_it_began_was_not_licensed_before() {
    let never = seated([paid("gold", 3, days(5, 100)).ending(Termination::Cancelled(day(2)))]);
    let text = text(&never, 10);
    assert!(text.contains("renew F365 Gold with at least 1 unit") && !text.contains("licensed before"), "{text}");
}
