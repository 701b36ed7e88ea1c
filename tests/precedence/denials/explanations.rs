//! What is read of an explanation without its tenant, and an app that the catalog lacks.

use entitle::catalog::Release;
use entitle::explain::{Audience, TextLine};
use entitle::{Decision, DenialExplanation, Tenant};

use super::tenants::{
    AUDIT, ahead, excluded, gold, revoked, seated, text, trial, turned_off, unmet, waiting, waiting_for_one_of_two,
    wants_a_list, withdrawn,
};
use crate::Row;
use crate::support::{Scenario, Vendor, day, user};
use crate::wordings::text_row;

fn explain(tenant: &Tenant, app: &str) -> DenialExplanation {
    tenant.see("ada", app, day(10), |decision| decision.allowed().unwrap_err())
}

/// What is read of an explanation alone, and of its nearest plan.
pub(super) fn explanations() -> Vec<Row> {
    let nothing = Vendor::fabrikam().contoso([]);
    let denial = explain(&waiting(), AUDIT).misses()[0].clone();
    vec![
        text_row(
            "user.no-license",
            &[
                "You have no license for `f365/orders`.",
                "Contact an administrator for a license: F365 Bronze (https://fabrikam.example/f365/bronze), F365 Silver \
                 (https://fabrikam.example/f365/silver) or F365 Gold (https://fabrikam.example/f365/gold).",
            ],
            &explain(&nothing, "f365/orders").text(),
        ),
        crate::row!(
            "reason.waiting",
            "F365 Gold: this user waits for a seat as number 1: the only seat is taken",
            denial
        ),
    ]
}

#[test]
fn k3_an_explanation_reads_as_the_text_for_the_user_without_what_only_the_tenant_knows() {
    let released = seated([gold(-100, -40).with_fallback(day(-50)).unwrap()]).in_release(Release::of(day(-10)));
    let tenants = [
        ahead(),
        excluded(),
        released,
        revoked(),
        seated([gold(-100, -40)]),
        seated([gold(-300, -200)]),
        seated([gold(20, 100)]),
        turned_off(),
        unmet(),
        waiting(),
        waiting_for_one_of_two(),
        wants_a_list(gold(0, 100), 10),
        wants_a_list(gold(20, 100), 25),
        Vendor::fabrikam().contoso([trial()]),
        Vendor::fabrikam().contoso([gold(0, 100)]),
        Vendor::fabrikam().contoso([]),
    ];
    for tenant in tenants {
        let explanation = explain(&tenant, AUDIT);
        let is_own_step = |line: &&TextLine| {
            let code = line.messages[0].code();
            ["user.wait", "user.sign-up", "user.claim-seat"].contains(&code)
        };
        let text = text(&tenant, AUDIT, 10, Audience::User);
        let lines: Vec<_> = text.lines().iter().filter(|line| !is_own_step(line)).cloned().collect();
        assert_eq!(explanation.text().lines(), lines);
        let one_line: Vec<_> = lines.iter().map(TextLine::to_string).collect();
        assert_eq!(explanation.to_string(), one_line.join(" "));
    }
    // That a license was withdrawn and did not run out is in the record alone.
    let expected = "The license of your organisation for F365 Gold, which opens `f365/audit`, has ended. Contact an \
                    administrator for a license: F365 Gold (https://fabrikam.example/f365/gold).";
    assert_eq!(explain(&withdrawn(), AUDIT).to_string(), expected);
}

/// An app of another catalog.
pub(super) fn unknown_app() -> Vec<Row> {
    let other = Vendor::of(
        r#"{ "publisher": "fabrikam", "offer": "f365", "management": { "managed": "with_license" },
             "apps": [{ "id": "elsewhere", "access": "free" }],
             "plans": [{ "id": "gold", "scope": "user", "name": "Gold" }] }"#,
    );
    let (ada, elsewhere) = (user("ada"), other.catalog.app("elsewhere").unwrap());
    let tenant = Vendor::fabrikam().contoso([]);
    let Decision::Deny(denial) = tenant.check(&ada, &elsewhere, day(0)) else { panic!("not of this catalog") };
    let unknown = "`elsewhere` is not part of this product";
    vec![
        text_row("denied.unknown-app", &[unknown], &denial.text(Audience::User)),
        text_row("denied.unknown-app", &[unknown], &denial.text(Audience::Individual)),
        text_row("admin.denied", &["`ada` may not open `elsewhere`.", unknown], &denial.text(Audience::Administrator)),
        text_row(
            "support.denied",
            &[
                "denied: `ada` for `elsewhere` in tenant `contoso`, as of 2026-03-01T00:00:00Z, next change by \
                 time: never, after entry 1",
                "`elsewhere` is not part of this product",
            ],
            &denial.text(Audience::SupportDesk),
        ),
        text_row("denied.unknown-app", &[unknown], &denial.explain().text()),
    ]
}
