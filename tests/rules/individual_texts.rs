//! K3, K4, K7: what a person who is the whole tenant does themself, and what is listed once.

use entitle::explain::{AllowedBy, Audience, GrantingPlan};
use entitle::license::{Freshness, FreshnessLimit};
use entitle::quota::QuotaDecision;
use entitle::time::{Days, Length};
use entitle::{Command, Decision, Grant, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, join, paid, units, user, window};

fn text(tenant: &Tenant, on: i64, reader: Audience) -> String {
    tenant.see("ada", "f365/audit", day(on), |decision| match decision {
        Decision::Allow(allow) => panic!("{allow:?}"),
        Decision::Deny(denial) => denial.text(reader).to_string(),
    })
}

#[test]
fn k4_an_individual_reads_which_assignment_is_their_own_and_which_is_of_a_group() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(0, [join("ada", "home")]).unwrap();
    let text = text(&tenant, 0, Audience::Individual);
    let steps: Vec<&str> = text.lines().filter(|line| line.starts_with("- ")).collect();
    assert_eq!(steps, ["- assign F365 Gold to yourself", "- assign F365 Gold to the group `home`"]);
}

/// Who buys reads where to read more about what they buy, each plan once, and of a plan without an address its name.
#[test]
fn k3_an_individual_who_buys_reads_where_to_read_more() {
    let contact = |vendor: &Vendor, grants: &[Grant]| {
        let text = text(&vendor.contoso(grants.iter().cloned()), 10, Audience::Individual);
        let line = text.lines().find(|line| line.starts_with("Contact the vendor"));
        line.unwrap_or_else(|| panic!("{text}")).to_owned()
    };
    let ended = paid("gold", 1, days(-300, -200));
    let linked = "Contact the vendor to buy or renew: F365 Gold (https://fabrikam.example/f365/gold).";
    assert_eq!(contact(&Vendor::fabrikam(), &[]), linked);
    assert_eq!(contact(&Vendor::fabrikam(), core::slice::from_ref(&ended)), linked);
    let catalog = include_str!("../../examples/fabrikam.json");
    let without = Vendor::of(&catalog.replace(r#""more_info": "https://fabrikam.example/f365/gold","#, ""));
    assert_eq!(contact(&without, &[ended]), "Contact the vendor to buy or renew.");
}

#[test]
fn k4_an_individual_reads_that_they_can_sign_up_themself() {
    let trial = Grant::trial("gold".parse().unwrap(), units(1), window(0, 50), Length::days(10).unwrap());
    let text = text(&Vendor::fabrikam().contoso([trial]), 0, Audience::Individual);
    assert!(
        text.lines().any(|line| line == "- sign up for the trial of F365 Gold before 2026-04-20T00:00:00Z"),
        "{text}"
    );
}

#[test]
fn k3_the_support_desk_reads_each_grant_once_and_the_ended_ones_last() {
    let ended = paid("gold", 3, days(-200, -190)).with_grace(Days::NONE);
    let tenant = Vendor::fabrikam().contoso([ended, paid("gold", 2, days(0, 100))]);
    let text = text(&tenant, 0, Audience::SupportDesk);
    let grants: Vec<&str> = text.lines().filter(|line| line.contains("revision 1: paid")).collect();
    assert_eq!(grants.len(), 2, "{text}");
    assert!(grants[0].contains("active") && grants[1].contains("ended"), "{text}");
}

#[test]
fn k7_an_allow_lists_each_required_plan_once_however_indirectly_it_is_required() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "f365/audit", "access": "licensed" }],
             "plans": [
               { "id": "site", "scope": "tenant", "name": "Site" },
               { "id": "basic", "scope": "user", "name": "Basic", "requires": [["site"]] },
               { "id": "audit", "scope": "user", "name": "Audit", "apps": ["f365/audit"], "requires": [["basic"]] } ] }"#,
    );
    let mut tenant = vendor.contoso(["site", "basic", "audit"].map(|plan| paid(plan, 1, days(0, 100))));
    tenant.run(0, [assign("ada", "basic"), assign("ada", "audit")]).unwrap();
    let explanation = tenant.see("ada", "f365/audit", day(0), |decision| match decision {
        Decision::Allow(allow) => allow.explain(),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });
    let AllowedBy::Plan(audit) = explanation.by else { panic!("{:?}", explanation.by) };
    let plans: Vec<&str> = audit.requires.iter().map(|plan: &GrantingPlan| plan.plan.as_str()).collect();
    assert_eq!(plans, ["site", "basic"]);
    assert!(audit.requires.iter().all(|plan| plan.requires.is_empty()));
}

#[test]
fn k4_an_individual_reads_which_apps_an_assignment_leaves_off() {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    let off = ["f365/audit", "f365/orders"].map(|app| app.parse().unwrap()).to_vec();
    let except = Command::assign_except(user("ada").into(), "gold".parse().unwrap(), off);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [except]);
    let text = text(&tenant, 0, Audience::Individual);
    let again = "assign F365 Gold to yourself again, with `f365/audit` turned on, without `f365/orders`";
    let steps: Vec<&str> = text.lines().filter(|line| line.contains("assign F365 Gold")).collect();
    assert!(steps.len() == 2 && steps.iter().all(|step| step.ends_with(&format!(", then {again}"))), "{text}");
    assert!(!text.contains("`ada`"), "{text}");
    // An administrator reads too what the assignment is for.
    let text = self::text(&tenant, 0, Audience::Administrator);
    assert!(text.contains("then assign F365 Gold to `ada` again, with `f365/audit` turned on"), "{text}");
}

#[test]
fn k4_an_individual_asks_the_vendor_for_what_a_quota_of_the_organisation_lacks() {
    let vendor = Vendor::of(include_str!("../../examples/studio.json"));
    let mut deal = vendor.deal_for("contoso").with(paid("standard", 1, days(0, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(12)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    let projects = tenant.catalog().tenant_quota("projects").unwrap();
    let QuotaDecision::Over(over) = tenant.check_tenant_quota(&projects, 10, day(10)) else { panic!() };
    let text = over.text(Audience::Individual).to_string();
    assert!(text.contains("- ask the vendor for the latest revocation list, and install it"), "{text}");
    assert!(!text.contains("publisher"), "{text}");
}
