//! L7, K3: an end that the publisher decided is called a withdrawal, and no other end is.

use core::num::NonZeroU32;

use entitle::command::TrialName;
use entitle::explain::Audience;
use entitle::license::{Revocation, RevocationListDraft, RevokedLicense, Termination};
use entitle::time::{Days, Length};
use entitle::{Command, Decision, Grant, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

/// What an administrator reads about why Ada may not open orders.
fn reasons(tenant: &Tenant, on: i64) -> String {
    tenant.see("ada", "f365/orders", day(on), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.text(Audience::Administrator).to_string(),
    })
}

/// What somebody reads about why Ada may open orders.
fn allowed(tenant: &Tenant, on: i64, audience: Audience) -> String {
    tenant.see("ada", "f365/orders", day(on), |decision| match decision {
        Decision::Allow(allow) => allow.text(audience).to_string(),
        Decision::Deny(denial) => panic!("{denial:?}"),
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

#[test]
fn k7_what_the_publisher_ends_is_not_to_be_renewed() {
    let holder = |grants: Vec<Grant>| {
        let mut tenant = Vendor::fabrikam().contoso(grants);
        tenant.forge(0, [assign("ada", "silver")]);
        tenant
    };
    let ends = "ends the license of F365 Silver on 2026-03-21T00:00:00Z, and access with it: contact the publisher";
    let later = holder(vec![withdrawn("silver", 20)]);
    let text = allowed(&later, 10, Audience::Administrator);
    assert!(text.contains(ends) && !text.contains("renew or replace"), "{text}");
    let text = allowed(&later, 10, Audience::Individual);
    assert!(text.ends_with("contact the vendor before you buy or renew it."), "{text}");
    // What runs out on that day, or goes on after it, is to be renewed.
    let runs_out = holder(vec![paid("silver", 1, days(0, 20)).with_grace(Days::NONE)]);
    for tenant in
        [runs_out, holder(vec![withdrawn("silver", 15), paid("silver", 1, days(0, 20)).with_grace(Days::NONE)])]
    {
        let text = allowed(&tenant, 10, Audience::Administrator);
        assert!(!text.contains("contact the publisher") && text.contains("renew or replace"), "{text}");
    }
    // A plan that the granting plan requires.
    let requires = r#""name": "F365 Silver", "requires": [["bronze"]],"#;
    let catalog = include_str!("../../examples/fabrikam.json").replacen(r#""name": "F365 Silver","#, requires, 1);
    let mut tenant = Vendor::of(&catalog).contoso([withdrawn("bronze", 20), paid("silver", 1, days(0, 100))]);
    tenant.forge(0, [assign("ada", "bronze"), assign("ada", "silver")]);
    let text = tenant.see("ada", "f365/forecasts", day(10), |decision| match decision {
        Decision::Allow(allow) => allow.text(Audience::Administrator).to_string(),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });
    assert!(text.contains(&ends.replace("Silver", "Bronze")), "{text}");
    // A trial that runs out after a withdrawal.
    let trial = Grant::trial("silver".parse().unwrap(), units(1), window(0, 50), Length::days(19).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial, withdrawn("silver", 5)]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "silver".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "silver")]).unwrap();
    let text = allowed(&tenant, 10, Audience::Administrator);
    assert!(text.contains("this is a trial: without a purchase, access ends on 2026-03-21T00:00:00Z"), "{text}");
    // A trial that is withdrawn while it runs.
    let trial = Grant::trial("silver".parse().unwrap(), units(1), window(0, 50), Length::days(60).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial.ending(Termination::Withdrawn(day(20)))]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "silver".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "silver")]).unwrap();
    let text = allowed(&tenant, 10, Audience::Administrator);
    assert!(text.contains(ends) && !text.contains("without a purchase"), "{text}");
    let text = allowed(&tenant, 10, Audience::Individual);
    assert!(text.ends_with("contact the vendor before you buy or renew it."), "{text}");
    // A trial that a list ends.
    let trial = Grant::trial("silver".parse().unwrap(), units(1), window(0, 50), Length::days(60).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "silver".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "silver")]).unwrap();
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(20));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let list = Vendor::fabrikam().secret.seal_list(&list.with(Revocation::License(license))).unwrap();
    tenant.forge(2, [Command::InstallRevocationList(list)]);
    let text = allowed(&tenant, 10, Audience::Administrator);
    assert!(text.contains(ends), "{text}");
}

#[test]
fn k7_a_trial_that_runs_out_after_a_revocation_is_not_ended_by_the_publisher() {
    // The list ends the purchase, which is license 2, on day 5; the trial runs out on day 20.
    let vendor = Vendor::fabrikam();
    let trial = Grant::trial("silver".parse().unwrap(), units(1), window(0, 50), Length::days(19).unwrap());
    let mut tenant = vendor.contoso([trial]);
    let licensee = vendor.deal_for("contoso").licensee;
    let bought = vendor.deal(2, licensee).with(paid("silver", 1, days(0, 100)));
    let name = TrialName::new(LicenseId::from_random([1; 16]), "silver".parse().unwrap());
    let start = Command::StartTrial(name);
    tenant.run(1, [Command::Install(vendor.seal(&bought)), start, assign("ada", "silver")]).unwrap();
    let license = RevokedLicense::new(LicenseId::from_random([2; 16]), NonZeroU32::MIN, day(5));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let list = vendor.secret.seal_list(&list.with(Revocation::License(license))).unwrap();
    tenant.forge(2, [Command::InstallRevocationList(list)]);
    let text = allowed(&tenant, 10, Audience::Administrator);
    assert!(text.contains("this is a trial: without a purchase, access ends on 2026-03-21T00:00:00Z"), "{text}");
    assert!(!text.contains("the publisher ends"), "{text}");
}
