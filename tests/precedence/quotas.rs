//! Quotas: what is wrong with them in a catalog or a license, and what is read where a total is over one.

use entitle::catalog::{CatalogError, QuotaScope};
use entitle::quantity::QuotaAmount;
use entitle::quota::{QuotaDecision, QuotaExplanation};
use entitle::{Catalog, QuotaId};

use crate::support::{Vendor, day, days, paid, user};
use crate::wordings::message_row;
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
    vec![
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

pub(crate) fn rows() -> Vec<Row> {
    let free = quota("projects", "user").replace(r#""combine""#, r#""free": { "limited": 3 }, "combine""#);
    let free = catalog(&free, &plan("user", "")).unwrap();
    let without = Vendor::fabrikam().catalog;
    let explanations = vec![
        message_row("quota.over", "4 projects are too many: Projects allows 3", &over(&free).message()),
        message_row("quota.unknown", "this product has no such quota", &over(&without).message()),
    ];
    [faults(), handles(), grants(), explanations].into_iter().flatten().collect()
}
