//! Every reason, from the farthest miss to the nearest.

use core::num::NonZeroU32;

use entitle::catalog::Release;
use entitle::explain::{DenialReason, NoUnits, Warning};
use entitle::license::{Revocation, RevocationListDraft, RevokedLicense, Termination};
use entitle::quantity::{Place, Total};
use entitle::time::{End, Length};
use entitle::{Command, Grant, LicenseId};

use super::{
    active, bronze_reason, bronze_reason_on, ended, not_covered, not_started, pending, reason, suspended, tenant,
    wants_a_list, withdrawn,
};
use crate::support::{Scenario, Vendor, assign, day, days, paid, units, user, window};
use crate::{Row, row};

/// From the farthest miss to the nearest; each state has all that is needed for those above it, too.
pub(super) fn reasons() -> Vec<(DenialReason, &'static str, &'static str)> {
    let all = ["b", "ada"];
    let grants = [ended(), not_covered(), suspended(), pending()];
    let dated = tenant(&grants[..2], &all, true).in_release(Release::of(day(-90)));
    vec![
        (reason(&[], &all, true), "reason.no-grant", "no license grants it"),
        (revoked(), "reason.revoked", "its license was revoked on 2026-03-02T00:00:00Z"),
        (reason(&grants[..1], &all, true), "reason.ended", "its license ended on 2025-12-11T00:00:00Z"),
        (
            bronze_reason_on(&tenant(&[not_started()], &all, true), 20),
            "reason.trial-ended",
            "its trial ended on 2026-03-10T00:00:00Z",
        ),
        (
            reason(&grants[..2], &all, true),
            "reason.release-not-covered",
            "its license covers releases from before 2025-11-21T00:00:00Z, and this version of the application does not state its release date",
        ),
        (
            bronze_reason(&dated),
            "reason.release-not-covered",
            "its license covers releases from before 2025-11-21T00:00:00Z, and this release is of 2025-12-01T00:00:00Z",
        ),
        (
            reason(&grants[..3], &all, true),
            "reason.suspended",
            "its license has been suspended since 2026-01-30T00:00:00Z: a renewal before 2026-04-30T00:00:00Z \
             restores it",
        ),
        (
            reason(&[not_started()], &all, true),
            "reason.trial-not-started",
            "its trial has not been started, which is possible until 2026-03-10T00:00:00Z",
        ),
        (reason(&grants, &all, true), "reason.pending", "its license starts on 2026-03-03T00:00:00Z"),
        (
            not_fresh(0),
            "reason.list-not-fresh",
            "its license requires a recent revocation list, and has given nothing without one since \
             2026-03-01T00:00:00Z",
        ),
        (reason(&[active()], &[], true), "reason.not-assigned", "it is not assigned to this user"),
        (
            reason(&[active()], &all, true),
            "reason.waiting",
            "this user waits for a seat as number 1: the only seat is taken",
        ),
        (excluded(), "reason.excluded", "this user has had `silver` for longer, and the two cannot be used together"),
        (unmet(), "reason.requirement-not-met", "it requires `silver`, which is not in effect"),
        (
            reason(&[active()], &["ada"], true),
            "reason.turned-off",
            "an administrator turned this app off for this user",
        ),
    ]
}

/// The license of an active grant, in use, revoked from day 1 on.
fn revoked() -> DenialReason {
    let mut tenant = tenant(&[active()], &["ada"], false);
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(1));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let list = list.with(Revocation::License(license));
    tenant.forge(0, [Command::InstallRevocationList(Vendor::fabrikam().secret.seal_list(&list).unwrap())]);
    tenant.reasons("ada", "f365/orders", 1)[0].clone()
}

fn not_fresh(days: u32) -> DenialReason {
    wants_a_list(active(), days).reasons("ada", "f365/orders", 1)[0].clone()
}

/// A seat of a plan that an earlier claim excludes, that requires another, its app turned off as well.
fn excluded() -> DenialReason {
    let excluding = include_str!("../../../examples/fabrikam.json").replacen(
        r#""name": "F365 Bronze","#,
        r#""name": "F365 Bronze", "requires": [["gold"]], "excludes": ["silver"],"#,
        1,
    );
    let mut tenant = Vendor::of(&excluding).contoso([active()]);
    let off = vec!["f365/orders".parse().unwrap()];
    tenant.forge(0, [assign("ada", "silver")]);
    tenant.forge(0, [Command::assign_except(user("ada").into(), "bronze".parse().unwrap(), off)]);
    tenant.reasons("ada", "f365/orders", 1)[0].clone()
}

/// A seat of a plan that requires another, its app turned off as well.
fn unmet() -> DenialReason {
    let requiring = include_str!("../../../examples/fabrikam.json").replacen(
        r#""name": "F365 Bronze","#,
        r#""name": "F365 Bronze", "requires": [["silver"]],"#,
        1,
    );
    let mut tenant = Vendor::of(&requiring).contoso([active()]);
    let off = vec!["f365/orders".parse().unwrap()];
    tenant.forge(0, [Command::assign_except(user("ada").into(), "bronze".parse().unwrap(), off)]);
    tenant.reasons("ada", "f365/orders", 1)[0].clone()
}

pub(super) fn reason_rows() -> Vec<Row> {
    let mut rows = Vec::new();
    for (reason, code, text) in reasons() {
        rows.push(Row { code, ..row!("", text, reason) });
    }
    rows.push(row!("reason.ended", "its license was ended before it began", reason(&[withdrawn()], &[], false)));
    rows.push(row!("reason.trial-ended", "its trial was ended before it began", {
        let length = Length::days(5).unwrap();
        let later = Grant::trial("bronze".parse().unwrap(), units(1), window(20, 50), length);
        reason(&[later.ending(Termination::Withdrawn(day(1)))], &[], false)
    }));
    rows.push(row!(
        "reason.pending",
        "its license has not started, and will not become usable by time alone",
        wants_a_list(paid("bronze", 1, days(20, 90)), 25).reasons("ada", "f365/orders", 1)[0].clone()
    ));
    rows.push(row!("reason.waiting", "this user waits for a seat as number 2: all 3 seats are taken", {
        DenialReason::Waiting { place: Place::behind(4), limit: Total::Limited(3) }
    }));
    rows
}

/// What has no end before the calendar's.
pub(super) fn without_end() -> Vec<Row> {
    let until = End::Never;
    vec![
        row!(
            "reason.suspended",
            "its license has been suspended since 2026-03-01T00:00:00Z: a renewal restores it",
            DenialReason::NoUnits(NoUnits::Suspended { since: day(0), until })
        ),
        row!(
            "reason.trial-not-started",
            "its trial has not been started",
            DenialReason::NoUnits(NoUnits::TrialNotStarted { until })
        ),
        row!(
            "warning.in-grace",
            "the term of the license has ended, and its grace runs: renew it",
            Warning::InGrace { until }
        ),
        row!(
            "warning.over-assigned",
            "more seats are assigned than licensed, which is tolerated: buy units or free seats",
            Warning::OverAssigned { until }
        ),
        row!(
            "warning.list-wanted",
            "install the latest revocation list, which the publisher provides: the license requires a more recent one",
            Warning::ListWanted { until }
        ),
    ]
}
