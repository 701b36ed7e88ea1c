//! Whole explanations, and an app that the catalog lacks.

use entitle::catalog::Release;
use entitle::explain::Audience;
use entitle::{Decision, DenialExplanation, Tenant};

use super::tenants::{
    AUDIT, ahead, excluded, gold, seated, trial, turned_off, unmet, waiting, waiting_for_one_of_two, wants_a_list,
};
use crate::Row;
use crate::support::{Scenario, Vendor, day, user};
use crate::wordings::{message_row, text_row};

/// The one message of a denial, and that of its nearest plan.
pub(super) fn explanations() -> Vec<Row> {
    let explain = |tenant: &Tenant, app: &str| -> DenialExplanation {
        tenant.see("ada", app, day(10), |decision| decision.allowed().unwrap_err())
    };
    let message = |code, text: &str, tenant: &Tenant| message_row(code, text, &explain(tenant, AUDIT).message());
    let nothing = Vendor::fabrikam().contoso([]);
    let denial = explain(&waiting(), AUDIT).misses()[0].clone();
    vec![
        message(
            "denied.record-ahead",
            "the clock of the machine that checks the license shows 2026-03-11T00:00:00Z, but the license record was \
             last written at 2028-08-17T00:00:00Z, so \
             `f365/audit` is closed: ask an administrator to compare the clock before anything else",
            &ahead(),
        ),
        message(
            "denied.waiting-one-seat",
            "you wait as number 1 for a seat of F365 Gold, which opens `f365/audit`: the only seat is taken",
            &waiting(),
        ),
        message(
            "denied.turned-off",
            "you have F365 Gold, and an administrator has turned `f365/audit` off for you",
            &turned_off(),
        ),
        message(
            "denied.waiting",
            "you wait as number 1 for a seat of F365 Gold, which opens `f365/audit`: all 2 seats are taken",
            &waiting_for_one_of_two(),
        ),
        message(
            "denied.release-not-covered",
            "the license for F365 Gold, which opens `f365/audit`, covers releases from before 2026-01-10T00:00:00Z, and this \
             release is of 2026-02-19T00:00:00Z: contact an administrator",
            &seated([gold(-100, -40).with_fallback(day(-50)).unwrap()]).in_release(Release::of(day(-10))),
        ),
        message(
            "denied.release-undated",
            "the license for F365 Gold, which opens `f365/audit`, covers releases from before 2026-01-10T00:00:00Z, and this \
             version of the application does not state its release date: contact an administrator",
            &seated([gold(-100, -40).with_fallback(day(-50)).unwrap()]),
        ),
        message(
            "denied.suspended",
            "the license for F365 Gold, which opens `f365/audit`, has been suspended since 2026-02-19T00:00:00Z: contact \
             an administrator",
            &seated([gold(-100, -40)]),
        ),
        message(
            "denied.pending",
            "F365 Gold, which opens `f365/audit`, has been bought, and starts on 2026-03-21T00:00:00Z: contact an \
             administrator if you need it sooner",
            &seated([gold(20, 100)]),
        ),
        message(
            "denied.pending-for-ever",
            "F365 Gold, which opens `f365/audit`, has been bought, and will not become usable by time alone: contact an \
             administrator",
            &wants_a_list(gold(20, 100), 25),
        ),
        message(
            "denied.trial-not-started",
            "the trial of F365 Gold, which opens `f365/audit`, has not been started: contact an administrator",
            &Vendor::fabrikam().contoso([trial()]),
        ),
        message(
            "denied.list-not-fresh",
            "the license for F365 Gold, which opens `f365/audit`, needs a recent revocation list of its publisher: ask an \
             administrator to install one",
            &wants_a_list(gold(0, 100), 10),
        ),
        message(
            "denied.excluded",
            "you have F365 Gold, which opens `f365/audit`, and F365 Silver, which cannot be used together with it: contact \
             an administrator",
            &excluded(),
        ),
        message(
            "denied.requires",
            "you have F365 Gold, which opens `f365/audit`, and it needs F365 Bronze or F365 Silver, which you do not have: \
             contact an administrator",
            &unmet(),
        ),
        message(
            "denied.no-license",
            "you have no license for `f365/audit`, so contact an administrator for one: F365 Gold \
             (https://fabrikam.example/f365/gold)",
            &nothing,
        ),
        message_row(
            "denied.no-license",
            "you have no license for `f365/orders`, so contact an administrator for one: F365 Bronze \
             (https://fabrikam.example/f365/bronze), F365 Silver (https://fabrikam.example/f365/silver) or F365 Gold \
             (https://fabrikam.example/f365/gold)",
            &explain(&nothing, "f365/orders").message(),
        ),
        crate::row!(
            "reason.waiting",
            "F365 Gold: this user waits for a seat as number 1: the only seat is taken",
            denial
        ),
    ]
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
        message_row("denied.unknown-app", unknown, &denial.explain().message()),
    ]
}
