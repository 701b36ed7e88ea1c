//! Bases and warnings.

use super::{active, allow, in_grace, tolerated, trial, wants_a_list};
use crate::support::{Scenario, Vendor, day, days, paid};
use crate::{Row, row};

/// Bases, and the warnings that come with them.
pub(super) fn bases_and_warnings() -> Vec<Row> {
    let mut rows = Vec::new();
    let free = Vendor::fabrikam().tenant("c");
    rows.push(row!("basis.free", "free", free.see("ada", "f365/basic", day(0), |d| d.allowed().unwrap().basis())));
    let unmanaged =
        include_str!("../../../examples/fabrikam.json").replace(r#"{ "managed": "with_license" }"#, r#""unmanaged""#);
    let unmanaged = Vendor::of(&unmanaged).tenant("c");
    let open = unmanaged.see("ada", "f365/audit", day(0), |d| d.allowed().unwrap().basis());
    rows.push(row!("basis.unmanaged", "unmanaged", open));
    rows.push(row!("basis.paid", "paid", allow(&[active()], &["ada"], false).0));
    rows.push(row!("basis.trial", "trial", allow(&[trial()], &["ada"], true).0));
    rows.push(row!("basis.grace", "in grace", allow(&[in_grace()], &["ada"], false).0));
    rows.push(row!("basis.tolerance", "over-assigned", allow(&[tolerated()], &["b", "ada"], false).0));
    rows.push(row!(
        "warning.in-grace",
        "the term of the license has ended: renew it before its grace ends on 2026-03-22T00:00:00Z",
        allow(&[in_grace()], &["ada"], false).1.unwrap()
    ));
    rows.push(row!(
        "warning.over-assigned",
        "more seats are assigned than licensed, which is tolerated until 2026-04-20T00:00:00Z: buy units or free seats \
         before then",
        allow(&[tolerated()], &["b", "ada"], false).1.unwrap()
    ));
    let wanted = wants_a_list(active(), 100)
        .see("ada", "f365/orders", day(1), |d| d.allowed().unwrap().warnings().next().unwrap());
    rows.push(row!(
        "warning.list-wanted",
        "install the latest revocation list, which the publisher provides, before 2026-05-30T00:00:00Z: without it the \
         license gives nothing from then on",
        wanted
    ));
    let short = paid("bronze", 1, days(0, 20));
    rows.push(row!(
        "warning.expiring-soon",
        "the term that covers this user ends on 2026-03-21T00:00:00Z: renew or replace it before then",
        allow(&[short], &["ada"], false).1.unwrap()
    ));
    rows
}
