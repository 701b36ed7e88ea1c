//! What an administrator reads that begins next.

use entitle::explain::Audience;
use entitle::{Grant, Tenant, Term};

use super::tenants::{freshness, on_trial, seated, without_grace};
use super::{AUDIT, text};
use crate::Row;
use crate::support::{Scenario, Vendor, assign, day, days, paid, units};
use crate::wordings::message_row;

/// What begins next, as the headline for the administrator names it.
pub(super) fn next_changes() -> Vec<Row> {
    let gold = |units, starts, ends| paid("gold", units, days(starts, ends));
    let next = |text: &str, tenant: &Tenant, app| {
        let all = self::text(tenant, app, Audience::Administrator);
        let first = &all.lines()[0].messages[0];
        message_row("admin.allowed-until", &format!("`ada` may open `{app}`: {text}."), first)
    };
    let tolerating = gold(1, 0, 100).tolerating(units(3), day(50));
    let mut tolerated_soon = Vendor::fabrikam().contoso([tolerating, without_grace(gold(1, 0, 20))]);
    tolerated_soon.forge(0, [assign("bo", "gold")]);
    tolerated_soon.forge(0, [assign("ada", "gold")]);
    let bronze = Grant::paid("bronze".parse().unwrap(), units(1), Term::perpetual(day(0)));
    let mut two_plans = Vendor::fabrikam().contoso([bronze, gold(1, 0, 20)]);
    two_plans.forge(0, [assign("ada", "bronze"), assign("ada", "gold")]);
    let on = |date: &str, change: &str| format!("paid. Next change by time alone, on {date}T00:00:00Z: {change}");
    let trial = |date: &str, change: &str| format!("trial. Next change by time alone, on {date}T00:00:00Z: {change}");
    vec![
        next(&on("2026-03-21", "the term ends, and grace begins"), &seated([gold(1, 0, 20)]), AUDIT),
        next(
            &on("2026-03-21", "the seat is no longer covered by units, and is tolerated for a time"),
            &tolerated_soon,
            AUDIT,
        ),
        next(
            &on("2026-03-16", "the notice begins that a recent revocation list is wanted"),
            &freshness(-10, 25, 60),
            AUDIT,
        ),
        next(
            &on("2026-03-21", "the notice of the missing revocation list becomes urgent"),
            &freshness(-10, 0, 60),
            AUDIT,
        ),
        next(&trial("2026-03-21", "access becomes paid"), &on_trial(90, [gold(1, 20, 300)]), AUDIT),
        next(&on("2026-03-21", "access becomes a trial"), &on_trial(90, [gold(1, 0, 20)]), AUDIT),
        next(
            &on("2026-03-21", "units or a notice of another plan change, and access stays"),
            &two_plans,
            "f365/orders",
        ),
    ]
}
