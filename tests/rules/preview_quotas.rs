//! Previews of quotas: who has more or less of what, and for how long.

use entitle::catalog::Release;
use entitle::preview::{Preview, QuotaChange};
use entitle::quantity::QuotaAmount;
use entitle::time::{Days, Term};
use entitle::{Command, Grant, Tenant};

use crate::support::{Scenario, Vendor, admin, assign, day, days, paid, unassign};

/// Projects of users, of which the largest amount counts; seats of users and a plan for everyone give some. Storage of the
/// organisation by seat.
const STUDIO: &str = r#"{
  "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" }, "release": "2027-01-01T00:00:00Z",
  "quotas": [
    { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "sum", "free": { "limited": 3 } },
    { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "largest" }
  ],
  "apps": [{ "id": "edit", "access": "free" }],
  "plans": [
    { "id": "site", "scope": "tenant", "name": "Site", "quotas": [{ "quota": "projects", "amount": { "limited": 5 } }] },
    { "id": "pro", "scope": "user", "name": "Pro",
      "quotas": [{ "quota": "projects", "amount": { "limited": 50 } }, { "quota": "storage", "amount": { "limited": 2 }, "per": "unit" }] },
    { "id": "max", "scope": "user", "name": "Max", "quotas": [{ "quota": "projects", "amount": "unlimited" }] }
  ]
}"#;

/// A purchase that ends with its term.
fn bought(plan: &str, n: u32, term: Term) -> Grant {
    paid(plan, n, term).with_grace(Days::NONE)
}

fn preview(tenant: &Tenant, on: i64, commands: &[Command]) -> Preview {
    tenant.preview(&admin(), commands, day(on)).unwrap()
}

fn quotas(preview: &Preview) -> Vec<String> {
    assert_eq!(preview.totals.quotas.entries, u64::try_from(preview.quotas.len()).unwrap());
    preview.quotas.iter().map(QuotaChange::to_string).collect()
}

#[test]
fn q3_a_dry_run_names_whose_quota_falls_and_until_when() {
    let mut tenant = Vendor::of(STUDIO).contoso([bought("pro", 2, days(0, 100)), bought("max", 1, days(60, 90))]);
    tenant.forge(1, [assign("cy", "pro"), assign("cy", "max")]);
    // From day 60 to 90 the other plan gives all there is, whether pro is there or not.
    let found = preview(&tenant, 10, &[unassign("cy", "pro")]);
    let fallen = [
        "`cy`, `projects`, 3 instead of 50, from 2026-03-11T00:00:00Z until 2026-04-30T00:00:00Z",
        "`cy`, `projects`, 3 instead of 50, from 2026-05-30T00:00:00Z until 2026-06-09T00:00:00Z",
    ];
    assert_eq!(quotas(&found), fallen);
    assert_eq!((found.totals.quotas.users, found.totals.quotas.pairs), (1, 1));
    let text = found.to_string();
    assert!(text.contains("Quotas:\n"), "{text}");
    let gained = quotas(&preview(&tenant, 10, &[assign("dee", "pro")]));
    assert_eq!(gained, ["`dee`, `projects`, 50 instead of 3, from 2026-03-11T00:00:00Z until 2026-06-09T00:00:00Z"]);
}

#[test]
fn q2_a_dry_run_of_a_renewal_names_amounts_that_only_grants_change() {
    let vendor = Vendor::of(STUDIO);
    let mut tenant = vendor.contoso([bought("pro", 2, days(0, 100))]);
    tenant.run(1, [assign("cy", "pro")]).unwrap();
    let own =
        bought("pro", 2, days(0, 100)).with_amount("projects".parse().unwrap(), QuotaAmount::limited(10).unwrap());
    let renewal = vendor.deal_for("contoso").revise(day(10)).unwrap().with(own);
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&renewal))]);
    assert_eq!(
        quotas(&found),
        ["`cy`, `projects`, 10 instead of 50, from 2026-03-11T00:00:00Z until 2026-06-09T00:00:00Z"]
    );
    assert_eq!(found.totals.pools, 0, "the units stay");
}

#[test]
fn q3_what_a_tenant_plan_gives_changes_for_everyone_and_for_who_has_another_plan_by_name() {
    let vendor = Vendor::of(STUDIO);
    let mut tenant = vendor.contoso([bought("pro", 2, days(0, 100))]);
    tenant.run(1, [assign("cy", "pro")]).unwrap();
    let site = vendor.deal(2, vendor.deal_for("contoso").licensee).with(bought("site", 1, days(0, 50)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&site))]);
    assert_eq!(
        quotas(&found),
        [
            "everyone, `projects`, 5 instead of 3, from 2026-03-11T00:00:00Z until 2026-04-20T00:00:00Z",
            "`cy`, `projects`, 55 instead of 50, from 2026-03-11T00:00:00Z until 2026-04-20T00:00:00Z",
        ]
    );
}

#[test]
fn q3_units_change_what_the_organisation_has() {
    let vendor = Vendor::of(STUDIO);
    let tenant = vendor.contoso([bought("pro", 2, days(0, 100))]);
    let more = vendor.deal_for("contoso").revise(day(10)).unwrap().with(bought("pro", 7, days(0, 100)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&more))]);
    assert_eq!(
        quotas(&found),
        ["the organisation, `storage`, 14 instead of 4, from 2026-03-11T00:00:00Z until 2026-06-09T00:00:00Z"]
    );
    assert_eq!((found.totals.quotas.users, found.totals.quotas.pairs), (0, 1));
}

#[test]
fn v3_an_upgrade_that_a_license_does_not_cover_takes_its_quotas() {
    let fallback = bought("pro", 2, days(0, 100)).with_fallback("2027-06-01T00:00:00Z".parse().unwrap()).unwrap();
    let mut tenant = Vendor::of(STUDIO).contoso([fallback]);
    tenant.run(1, [assign("cy", "pro")]).unwrap();
    let found = tenant.preview_release(Release::of("2027-07-01T00:00:00Z".parse().unwrap()), day(10));
    assert_eq!(
        quotas(&found),
        [
            "the organisation, `storage`, 0 instead of 4, from 2026-06-09T00:00:00Z on",
            "`cy`, `projects`, 3 instead of 50, from 2026-06-09T00:00:00Z on",
        ]
    );
}

#[test]
fn q3_what_a_tenant_plan_adds_to_others_is_named_though_the_free_amount_hides_it_for_everyone() {
    let vendor = Vendor::of(&STUDIO.replace(r#""free": { "limited": 3 }"#, r#""free": { "limited": 10 }"#));
    let mut tenant = vendor.contoso([bought("pro", 2, days(0, 100))]);
    tenant.run(1, [assign("cy", "pro")]).unwrap();
    let site = vendor.deal(2, vendor.deal_for("contoso").licensee).with(bought("site", 1, days(0, 50)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&site))]);
    assert_eq!(
        quotas(&found),
        ["`cy`, `projects`, 55 instead of 50, from 2026-03-11T00:00:00Z until 2026-04-20T00:00:00Z"]
    );
}
