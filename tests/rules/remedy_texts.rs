//! K4, K6: which remedies a text lists, and what it says before them.

use entitle::command::{SignUpPolicy, TrialName};
use entitle::explain::Audience;
use entitle::license::{Freshness, FreshnessLimit, Termination};
use entitle::time::{Days, Length};
use entitle::{Command, Decision, Grant, LicenseId, SecretKey, Tenant, Zeroizing};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid, units, user, window};

/// What an administrator reads about why Ada may not open orders, which each plan opens.
fn text(tenant: &Tenant, on: i64) -> String {
    tenant.see("ada", "f365/orders", day(on), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.text(Audience::Administrator).to_string(),
    })
}

fn trial(plan: &str) -> Grant {
    Grant::trial(plan.parse().unwrap(), units(5), window(0, 50), Length::days(30).unwrap())
}

#[test]
fn k4_the_start_of_one_trial_does_not_hide_the_sign_up_for_another() {
    let mut tenant = Vendor::fabrikam().contoso([trial("bronze"), trial("silver")]);
    tenant.forge(0, [join("ada", "staff"), assign_group("staff", "bronze")]);
    tenant.run(0, [Command::SetSignUps(SignUpPolicy::Off)]).unwrap();
    let text = text(&tenant, 10);
    assert!(text.contains("- start the trial of F365 Bronze"), "{text}");
    assert!(text.contains("for the trial of F365 Silver"), "{text}");
    assert!(!text.contains("for the trial of F365 Bronze"), "{text}");
    let name = TrialName::new(LicenseId::from_random([1; 16]), "bronze".parse().unwrap());
    assert!(tenant.run(10, [Command::StartTrial(name)]).is_ok() && tenant.opens("ada", "f365/orders", 10));
}

#[test]
fn k4_only_the_plan_whose_app_is_off_is_assigned_again() {
    let mut tenant = Vendor::fabrikam().contoso(["bronze", "silver"].map(|plan| paid(plan, 1, days(0, 100))));
    let off = vec!["f365/orders".parse().unwrap()];
    tenant.run(0, [Command::assign_except(user("ada").into(), "bronze".parse().unwrap(), off)]).unwrap();
    let text = text(&tenant, 10);
    assert!(text.contains("- assign F365 Bronze to `ada` again, with `f365/orders` turned on"), "{text}");
    assert!(text.lines().any(|line| line == "- assign F365 Silver to `ada`"), "{text}");
}

#[test]
fn k4_where_a_list_is_enough_no_text_speaks_of_buying_again_what_was_taken_back() {
    // Bronze lacks a list of at most 12 days; silver was withdrawn on day 5.
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(12)));
    let withdrawn = paid("silver", 1, days(0, 100)).ending(Termination::Withdrawn(day(5)));
    let other = vendor.deal(2, vendor.deal_for("contoso").licensee).with(withdrawn);
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [&deal, &other].map(|deal| Command::Install(vendor.seal(deal)))).unwrap();
    tenant.run(0, [assign("ada", "bronze"), assign("ada", "silver")]).unwrap();
    let text = text(&tenant, 10);
    let list = "- ask the publisher for its latest revocation list, and install it";
    assert!(text.ends_with(&format!("\nThis would help:\n{list}")) && !text.contains("buy"), "{text}");
}

#[test]
fn k6_after_a_license_that_gives_nothing_only_purchases_are_called_a_license() {
    // A license of an unknown key beside a free seat of silver.
    let vendor = Vendor::fabrikam();
    let unknown = SecretKey::from_seed(&Zeroizing::new([9; 32])).seal(&vendor.deal_for("contoso")).unwrap();
    let mut tenant = vendor.contoso([paid("silver", 1, days(0, 100))]);
    tenant.forge(0, [Command::Install(unknown.clone())]);
    let found = text(&tenant, 10);
    assert!(found.contains("An installed license gives nothing"), "{found}");
    assert!(!found.contains("a license that the application accepts would"), "{found}");
    assert!(found.contains("would help:\n- assign F365 Silver to `ada`"), "{found}");
    // Without the seat there are purchases alone.
    let mut tenant = vendor.contoso([]);
    tenant.forge(0, [Command::Install(unknown)]);
    let found = text(&tenant, 10);
    assert!(found.contains("If none of this helps, a license that the application accepts would:"), "{found}");
}
