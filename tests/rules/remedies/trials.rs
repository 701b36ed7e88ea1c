//! K4: trials are started, signed up for and extended.

use core::num::NonZeroU32;

use entitle::command::{SignUpPolicy, TrialName};
use entitle::remedy::Step;
use entitle::time::Length;
use entitle::{Command, UserId};

use super::{all, remedies, shop, trial};
use crate::support::{Scenario, assign, assign_group, days, join, paid, user};

#[test]
fn k4_a_trial_is_started_signed_up_for_or_waited_for() {
    let vendor = shop();
    let deal = vendor.deal_for("contoso").with(trial("basic", 2, 5, 50));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    let id = deal.id;
    let found = remedies(&tenant, "ada", "orders", 7);
    assert_eq!(found[0], format!("have the user sign up for the trial of `basic` in the license {id}"));
    let start = format!("start the trial of `basic` in the license {id}, then assign `basic` to `ada`");
    assert!(found.contains(&start), "{found:?}");
    // Before the window opens on day 5, 2026-03-06, she can wait for it.
    let found = remedies(&tenant, "ada", "orders", 0);
    let wait = format!(
        "wait until 2026-03-06T00:00:00Z, then have the user sign up for the trial of `basic` in the license {id}"
    );
    assert!(found.contains(&wait), "{found:?}");
    // Switched off, somebody has to allow it first.
    tenant.run(1, [Command::SetSignUps(SignUpPolicy::Off)]).unwrap();
    let found = remedies(&tenant, "ada", "orders", 7);
    let allow = format!(
        "allow users to sign up for trials, then have the user sign up for the trial of `basic` in the license {id}"
    );
    assert!(found.contains(&allow), "{found:?}");
    let sign_up = Step::Do(Command::SignUp(TrialName::new(id, "basic".parse().unwrap())));
    assert!(all(&tenant, "ada", "orders", 7).iter().any(|remedy| remedy.steps().last() == Some(&sign_up)));
}

#[test]
fn k4_who_claims_a_plan_without_units_gives_it_up_to_sign_up_for_its_trial() {
    let vendor = shop();
    let deal = vendor.deal_for("contoso").with(trial("basic", 2, 0, 50));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    tenant.forge(0, [assign("ada", "basic")]);
    // Signing up is refused to who has the plan already (T2).
    let found = remedies(&tenant, "ada", "orders", 7);
    let sign_up = format!("have the user sign up for the trial of `basic` in the license {}", deal.id);
    assert!(found.contains(&format!("unassign `basic` from `ada`, then {sign_up}")), "{found:?}");
    assert!(!found.contains(&sign_up), "{found:?}");
}

#[test]
fn k4_an_extension_may_be_what_is_missing_on_a_later_date() {
    let vendor = shop();
    let mut basic = trial("basic", 2, 0, 50);
    if let entitle::license::GrantKind::Trial(trial) = &mut basic.kind {
        let extension = entitle::license::Extension::new(NonZeroU32::MIN, Length::days(30).unwrap());
        trial.extensions = entitle::license::Extensions::UpTo(extension);
    }
    let deal = vendor.deal_for("contoso").with(basic).with(paid("add-on", 1, days(20, 100)));
    let mut tenant = vendor.tenant("contoso");
    let name = TrialName::new(deal.id, "basic".parse().unwrap());
    tenant.run(0, [Command::Install(vendor.seal(&deal)), Command::StartTrial(name)]).unwrap();
    // Basic opens it as well, so it is turned off there; the add-on comes through a group.
    let off =
        Command::assign_except(UserId::into(user("ada")), "basic".parse().unwrap(), vec!["audit".parse().unwrap()]);
    tenant.run(0, [off, join("ada", "staff"), assign_group("staff", "add-on")]).unwrap();
    let found = remedies(&tenant, "ada", "audit", 5);
    let extend =
        format!("extend the trial of `basic` in the license {}, then wait until 2026-03-21T00:00:00Z", deal.id);
    assert!(found.contains(&extend), "{found:?}");
}
