//! Quotas: what is wrong with them in a catalog or a license, and what is read where a total is over one.

use entitle::catalog::{CatalogError, QuotaScope};
use entitle::explain::{Audience, Text};
use entitle::quantity::QuotaAmount;
use entitle::quota::{QuotaDecision, QuotaExplanation};
use entitle::{Catalog, Command, QuotaId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, user};
use crate::wordings::{message_row, text_row};
use crate::{Row, row};

/// A catalog with these quotas and plans.
fn catalog(quotas: &str, plans: &str) -> Result<Catalog, CatalogError> {
    Catalog::from_json(&format!(
        r#"{{ "publisher": "fabrikam", "offer": "studio", "management": {{ "managed": "with_license" }},
              "quotas": [{quotas}], "apps": [{{ "id": "edit", "access": "free" }}],
              "plans": [{plans}, {{ "id": "base", "scope": "user", "name": "Base", "quotas": [{{ "quota": "projects", "amount": {{ "limited": 5 }} }}] }}] }}"#
    ))
}

fn quota(id: &str, scope: &str) -> String {
    format!(r#"{{ "id": "{id}", "name": "Projects", "unit": "projects", "scope": "{scope}", "combine": "sum" }}"#)
}

fn plan(scope: &str, quotas: &str) -> String {
    format!(r#"{{ "id": "pro", "scope": "{scope}", "name": "Pro", "quotas": [{quotas}] }}"#)
}

fn faults() -> Vec<Row> {
    let given = |id: &str, per: &str| format!(r#"{{ "quota": "{id}", "amount": "unlimited", "per": "{per}" }}"#);
    let fault = |quotas: &str, plans: &str| match catalog(quotas, plans).unwrap_err() {
        CatalogError::Unsound(faults) => faults.into_iter().next().unwrap().what,
        other => panic!("{other:?}"),
    };
    let projects = quota("projects", "user");
    let many = (0..64).fold(projects.clone(), |all, index| format!("{all}, {}", quota(&format!("q{index}"), "user")));
    vec![
        row!(
            "catalog.too-many-quotas",
            "an offer has at most 64 quotas, this one has 65",
            fault(&many, &plan("user", &given("projects", "plan")))
        ),
        row!(
            "catalog.no-such-quota",
            "no quota has the id `rows`",
            fault(&projects, &plan("user", &given("rows", "plan")))
        ),
        row!(
            "catalog.quota-given-twice",
            "the plan gives the quota `projects` a second time",
            fault(&projects, &plan("user", &[given("projects", "plan"), given("projects", "plan")].join(", ")))
        ),
        row!(
            "catalog.quota-per-unit-for-user",
            "the quota `projects` is for users, and cannot be given for each unit",
            fault(&projects, &plan("user", &given("projects", "unit")))
        ),
        row!(
            "catalog.user-quota-of-capacity",
            "the capacity plan `pro` cannot give the quota `projects`, which is for users",
            fault(&projects, &plan("capacity", &given("projects", "plan")))
        ),
    ]
}

fn studio() -> Catalog {
    catalog(&quota("projects", "user"), &plan("user", "")).unwrap()
}

fn handles() -> Vec<Row> {
    vec![
        row!(
            "catalog.unknown-quota",
            "no quota of this catalog has the id `project`",
            studio().user_quota("project").unwrap_err()
        ),
        row!(
            "catalog.quota-of-other-scope",
            "the scope of the quota `projects` is user: make a handle for that scope",
            studio().tenant_quota("projects").unwrap_err()
        ),
        message_row("quota-scope.user", "user", &QuotaScope::User.message()),
        message_row("quota-scope.tenant", "tenant", &QuotaScope::Tenant.message()),
        row!(
            "quota.number-too-large",
            "invalid amount 9007199254740992 of a quota: it is at most 9007199254740991, or unlimited",
            QuotaAmount::limited(1 << 53).unwrap_err()
        ),
        row!("text.empty", "quota id is empty: at least one character is needed", "".parse::<QuotaId>().unwrap_err()),
    ]
}

fn grants() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let amount = || QuotaAmount::limited(1).unwrap();
    let sealed = |ids: Vec<String>| {
        let grant =
            ids.iter().fold(paid("gold", 1, days(0, 9)), |it, id| it.with_amount(id.parse().unwrap(), amount()));
        vendor.secret.seal(&vendor.deal_for("contoso").with(grant)).unwrap_err()
    };
    let not_offered = |plan: &str| {
        let grant = paid(plan, 1, days(0, 9)).with_amount("rows".parse().unwrap(), amount());
        let deal = vendor.deal_for("contoso").with(grant);
        deal.not_offered(vendor.catalog.offer()).remove(0)
    };
    vec![
        row!(
            "deal.another-offer",
            "the deal is for the offer `f365`, which this is not",
            vendor.deal_for("contoso").not_offered(studio().offer()).remove(0)
        ),
        row!("deal.unknown-plan", "grants[0]: the offer has no plan `tin`", not_offered("tin")),
        row!("deal.unknown-quota", "grants[0]: the plan `gold` gives no quota `rows`", not_offered("gold")),
        row!(
            "deal.too-many-amounts",
            "grants[0]: a grant gives at most 64 amounts of quotas, this one 65",
            sealed((0..65).map(|index| format!("q{index}")).collect())
        ),
        row!(
            "deal.amount-twice",
            "grants[0]: this is a second amount of the quota `rows`",
            sealed(vec!["rows".into(), "rows".into()])
        ),
    ]
}

fn over(catalog: &Catalog) -> QuotaExplanation {
    let tenant = Vendor { catalog: catalog.clone(), secret: Vendor::fabrikam().secret }.tenant("contoso");
    let projects = studio().user_quota("projects").unwrap();
    match tenant.check_quota(&user("ada"), &projects, 4, day(0)) {
        QuotaDecision::Over(over) => over.explain(),
        QuotaDecision::Within(within) => panic!("{within:?}"),
    }
}

/// Projects of users and storage of the organisation, by seat of a plan that needs the site.
fn shop() -> Vendor {
    Vendor::of(
        r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
             "quotas": [
               { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "largest", "free": { "limited": 3 } },
               { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" } ],
             "apps": [{ "id": "edit", "access": "free" }],
             "plans": [
               { "id": "site", "scope": "tenant", "name": "Site" , "quotas": [{ "quota": "storage", "amount": { "limited": 1 } }] },
               { "id": "pro", "scope": "user", "name": "Pro", "requires": [["site"]],
                 "quotas": [{ "quota": "projects", "amount": { "limited": 50 } }, { "quota": "storage", "amount": { "limited": 10 }, "per": "unit" }] },
               { "id": "max", "scope": "user", "name": "Max", "quotas": [{ "quota": "projects", "amount": { "limited": 99 } }] } ] }"#,
    )
}

/// Contoso with the site and two seats of pro, one of which ada has, and max from day 20 on.
fn contoso() -> Tenant {
    let max = paid("max", 1, days(20, 365));
    let mut tenant = shop().contoso([paid("site", 1, days(0, 365)), paid("pro", 2, days(0, 365)), max]);
    tenant.forge(1, [assign("ada", "pro"), assign("ada", "max")]);
    tenant
}

fn projects(tenant: &Tenant, name: &str, wanted: u64, on: i64, audience: Audience) -> Text {
    let (user, quota) = (user(name), tenant.catalog().user_quota("projects").unwrap());
    match tenant.check_quota(&user, &quota, wanted, day(on)) {
        QuotaDecision::Over(over) => over.text(audience),
        QuotaDecision::Within(within) => panic!("{within:?}"),
    }
}

fn storage(tenant: &Tenant, wanted: u64, audience: Audience) -> Text {
    match tenant.check_tenant_quota(&tenant.catalog().tenant_quota("storage").unwrap(), wanted, day(10)) {
        QuotaDecision::Over(over) => over.text(audience),
        QuotaDecision::Within(within) => panic!("{within:?}"),
    }
}

fn texts() -> Vec<Row> {
    let tenant = contoso();
    let mut ahead = contoso();
    ahead.forge(2000, [Command::RecordTime]);
    vec![
        text_row(
            "user.over-quota",
            &[
                "51 projects are too many: Projects allows 50.",
                "You need not do anything: it will be allowed from 2026-03-21T00:00:00Z on.",
                "Contact an administrator if you need more.",
            ],
            &projects(&tenant, "ada", 51, 10, Audience::User),
        ),
        text_row(
            "user.over-quota",
            &["4 projects are too many: Projects allows 3.", "Contact an administrator if you need more."],
            &projects(&tenant, "bo", 4, 10, Audience::User),
        ),
        text_row(
            "user.quota-record-ahead",
            &[
                "The clock of the machine that checks the license shows 2026-06-09T00:00:00Z, but the license record \
                 was last written at 2031-08-22T00:00:00Z. Ask an administrator to compare the clock first. If the \
                 clock is wrong, this applies once it is right:",
                "51 projects are too many: Projects allows 3.",
                "Contact an administrator if you need more.",
            ],
            &projects(&ahead, "ada", 51, 100, Audience::User),
        ),
        text_row(
            "user.over-quota",
            &[
                "4 projects are too many: Projects allows 3.",
                "Any of these would help:",
                "- assign Pro to yourself",
                "- if it cannot wait: ask the vendor for an earlier start, or buy 2 units of Max for the time before \
                 2026-03-21T00:00:00Z, then assign Max to yourself",
                "Contact the vendor if you need more.",
            ],
            &projects(&tenant, "bo", 4, 10, Audience::Individual),
        ),
        text_row(
            "clock.ahead",
            &[
                "The clock of the machine that checks the license shows 2026-06-09T00:00:00Z, but the license record \
                 was last written at 2031-08-22T00:00:00Z, so this is denied: at least one of them is wrong. Compare \
                 the clock with another one before you buy anything.",
                "If the clock is right, nothing needs to be bought. This would help:",
                "- ask the vendor for a time ticket with the anchor 01010101010101010101010101010101.3.78C3S1ABnSZjsP2qv9KR6m0CSu7rK68YGYM6jOdXFcw, and install it: from then on the license is checked by the time that the clock shows",
                "If the clock is wrong, correct it, and check again. If the right time is 2031-08-22T00:00:00Z or \
                 later, this applies:",
                "51 projects are too many: Projects allows 3.",
                "This would help:",
                "- renew Max",
                "Contact the vendor if you need more.",
            ],
            &projects(&ahead, "ada", 51, 100, Audience::Individual),
        ),
        text_row(
            "admin.over-quota",
            &[
                "`ada` may have 50 of Projects, and 51 are wanted.",
                "- Pro (`pro`): it gives 50",
                "- Max (`max`): its license starts on 2026-03-21T00:00:00Z",
                "Any of these would help:",
                "- wait until 2026-03-21T00:00:00Z",
                "- if it cannot wait: ask the publisher for an earlier start, or buy 1 unit of Max for the time before \
                 2026-03-21T00:00:00Z",
            ],
            &projects(&tenant, "ada", 51, 10, Audience::Administrator),
        ),
        text_row(
            "admin.over-tenant-quota",
            &[
                "The organisation may have 21 of Storage, and 30 are wanted.",
                "- Site (`site`): it gives 1",
                "- Pro (`pro`): it gives 20",
                "This would help:",
                "- buy 1 unit of Pro",
            ],
            &storage(&tenant, 30, Audience::Administrator),
        ),
        text_row(
            "support.over-quota",
            &[
                "over: `ada` wants 100 of `projects` in tenant `contoso`, allowed: 50, as of 2026-03-11T00:00:00Z, next change by time: 2026-03-21T00:00:00Z, after entry 2",
                "- Pro (`pro`, quota.plan-gives): it gives 50",
                "  usable units: 2, seats: 2, seated: 1, without a seat: 0, next change by time: 2027-03-01T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 2, active, next change by time: 2027-03-01T00:00:00Z",
                "  claimed since entry 2, assigned directly",
                "- Max (`max`, reason.pending): its license starts on 2026-03-21T00:00:00Z",
                "  usable units: 0, seats: 0, seated: 0, without a seat: 1, next change by time: 2026-03-21T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, pending, next change by time: 2026-03-21T00:00:00Z",
                "  claimed since entry 2, assigned directly",
                "No remedy was found: if the plans of the catalog give too little, issue a license with a negotiated amount.",
            ],
            &projects(&tenant, "ada", 100, 10, Audience::SupportDesk),
        ),
        text_row(
            "support.over-tenant-quota",
            &[
                "over: 30 of `storage` wanted in tenant `contoso`, allowed: 21, as of 2026-03-11T00:00:00Z, next change by time: 2027-03-01T00:00:00Z, after entry 2",
                "- Site (`site`, quota.plan-gives): it gives 1",
                "  usable units: 1, next change by time: 2027-03-01T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by time: 2027-03-01T00:00:00Z",
                "- Pro (`pro`, quota.plan-gives): it gives 20",
                "  usable units: 2, seats: 2, seated: 1, without a seat: 0, next change by time: 2027-03-01T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 2, active, next change by time: 2027-03-01T00:00:00Z",
                "This would help:",
                "- buy 1 unit of `pro`",
            ],
            &storage(&tenant, 30, Audience::SupportDesk),
        ),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    let free = quota("projects", "user").replace(r#""combine""#, r#""free": { "limited": 3 }, "combine""#);
    let free = catalog(&free, &plan("user", "")).unwrap();
    let without = Vendor::fabrikam().catalog;
    let explanations = vec![
        text_row(
            "user.over-quota",
            &["4 projects are too many: Projects allows 3.", "Contact an administrator if you need more."],
            &over(&free).text(),
        ),
        text_row("quota.unknown", &["this product has no such quota"], &over(&without).text()),
    ];
    [faults(), handles(), grants(), explanations, texts()].into_iter().flatten().collect()
}
