//! X7: the order of changes, their words, and which values are not compared.

use entitle::audit::{CompareError, TenantChange};
use entitle::command::{ClaimPolicy, SignUpPolicy};
use entitle::record::Beginning;
use entitle::{Command, KeyRing, RecordId, Tenant};

use super::contoso;
use super::{consume, documents, plan, trial};
use crate::support::{Scenario, Vendor, assign, assign_group, days, group, join, paid, unassign, user};

#[test]
fn x7_changes_are_in_order_and_in_the_words_of_the_audit() {
    let tokens = documents();
    let base = [
        join("cy", "sales"),
        assign("cy", "gold"),
        assign("di", "gold"),
        assign_group("sales", "silver"),
        consume(1, 1, 2, "pages"),
    ];
    let before = contoso(0).after(&[base.to_vec()]).pop().unwrap();
    let commands = vec![
        consume(2, 1, 2, "pages"),
        consume(3, 2, 2, "pages"),
        Command::SetSignUps(SignUpPolicy::Off),
        Command::set_claim_on_first_use(plan("silver"), ClaimPolicy::Allowed),
        Command::StartTrial(trial(1, "bronze")),
        Command::ExtendTrial(trial(1, "bronze")),
        assign_group("staff", "gold"),
        Command::assign_except(group("sales").into(), plan("silver"), vec!["f365/orders".parse().unwrap()]),
        Command::assign_except(user("di").into(), plan("gold"), vec!["f365/audit".parse().unwrap()]),
        Command::RemoveUser(user("cy")),
        join("bo", "staff"),
        // Done and undone.
        assign("eve", "gold"),
        unassign("eve", "gold"),
        Command::CorrectTime(tokens[3].clone()),
        Command::Install(tokens[1].clone()),
    ];
    let after = before.clone().after(&[commands]).pop().unwrap().tenant;
    let words =
        |changes: &[TenantChange]| changes.iter().map(|change| change.message(&after).to_string()).collect::<Vec<_>>();
    let changes = after.changes_since(&before.tenant).unwrap();
    let license = "license 01010101010101010101010101010101";
    assert_eq!(
        words(&changes),
        [
            "installed time ticket 01010101010101010101010101010101, issued 2026-03-01T00:00:00Z".to_string(),
            format!("installed revision 2 of {license}, issued 2026-02-19T00:00:00Z"),
            "added `bo` to the group `staff`".into(),
            "unassigned F365 Gold (`gold`) from `cy`".into(),
            "removed `cy` from the group `sales`".into(),
            "assigned F365 Gold (`gold`) to `di` without `f365/audit`".into(),
            "assigned F365 Silver (`silver`) to the group `sales` without `f365/orders`".into(),
            "assigned F365 Gold (`gold`) to the group `staff`".into(),
            format!("started the trial of F365 Bronze (`bronze`) in {license}"),
            format!("extended the trial of F365 Bronze (`bronze`) in {license}"),
            "no longer allowed users to sign up for trials by themselves".into(),
            "allowed users to claim free seats of F365 Silver (`silver`) by themselves".into(),
            "consumed 0.5 of `pages`, consumer `bot-1`, month 2026-03".into(),
            "consumed 0.5 of `pages`, consumer `bot-2`, month 2026-03".into(),
        ]
    );
    assert!(
        matches!(&changes[5], TenantChange::DenyListReplaced(_)) && matches!(&changes[3], TenantChange::Unassigned(_))
    );
    let line = changes[1].line(&after);
    assert_eq!(line.details[0].to_string(), "for Contoso Ltd (`contoso`), DE");
    assert!(line.is_about_plan(&plan("silver")) && changes[4].line(&after).is_about_user(&user("cy")));
    assert_eq!(
        serde_json::to_value(&changes[2]).unwrap(),
        serde_json::json!({"joined": {"user": "bo", "group": "staff"}})
    );

    // The other way round, as after a record that was cut.
    assert_eq!(
        words(&before.tenant.changes_since(&after).unwrap()),
        [
            "a document is no longer in the record (time ticket)".to_string(),
            "a document is no longer in the record (license)".into(),
            "removed `bo` from the group `staff`".into(),
            "assigned F365 Gold (`gold`) to `cy`".into(),
            "added `cy` to the group `sales`".into(),
            "assigned F365 Gold (`gold`) to `di`".into(),
            "assigned F365 Silver (`silver`) to the group `sales`".into(),
            "unassigned F365 Gold (`gold`) from the group `staff`".into(),
            format!("the trial of F365 Bronze (`bronze`) in {license} is no longer started"),
            format!("extensions of the trial of F365 Bronze (`bronze`) in {license}: 0, before: 1"),
            "allowed users to sign up for trials by themselves".into(),
            "no longer allowed users to claim free seats of F365 Silver (`silver`) by themselves".into(),
            "consumption of `pages` is 0.5 less, consumer `bot-1`, month 2026-03".into(),
            "consumption of `pages` is 0.5 less, consumer `bot-2`, month 2026-03".into(),
        ]
    );
}

#[test]
fn x7_what_the_keys_and_the_catalog_make_of_a_record_is_no_change() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 2, days(0, 100))]);
    tenant.run(0, [assign("bo", "gold"), join("bo", "staff"), assign_group("staff", "gold")]).unwrap();
    let other = Vendor::of(include_str!("../../../examples/agents.json"));
    let rebased = tenant.rebase(&other.catalog, &KeyRing::new());
    assert_eq!(rebased.changes_since(&tenant).unwrap(), []);
    assert_eq!(tenant.changes_since(&rebased).unwrap(), []);
    // A snapshot shares nothing.
    let restored =
        Tenant::restore(&vendor.catalog, &vendor.ring(), tenant.id().clone(), &tenant.snapshot().unwrap()).unwrap();
    assert_eq!(restored.changes_since(&tenant).unwrap(), []);
}

#[test]
fn x7_values_of_two_tenants_or_records_are_not_compared() {
    let vendor = Vendor::fabrikam();
    let ours = vendor.tenant("contoso");
    let error = ours.changes_since(&vendor.tenant("other")).unwrap_err();
    assert_eq!(error, CompareError::OtherTenant { before: "other".parse().unwrap(), ours: "contoso".parse().unwrap() });
    let second = Beginning::new("contoso".parse().unwrap(), RecordId::from_random([2; 16]));
    let other = Tenant::new(&vendor.catalog, &vendor.ring(), &second);
    let error = ours.changes_since(&other).unwrap_err();
    assert_eq!(error, CompareError::OtherRecord { before: other.record(), ours: ours.record() });
}
