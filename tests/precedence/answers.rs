//! Reasons, bases and warnings.

use core::mem::discriminant;

use core::num::NonZeroU32;

use entitle::catalog::Release;
use entitle::explain::{Basis, DenialReason, Warning};
use entitle::license::{
    Freshness, FreshnessLimit, GrantKind, Revocation, RevocationListDraft, RevokedLicense, Termination, Tolerance,
    ToleratedUnits, TrialTerms,
};
use entitle::quantity::{Place, Total};
use entitle::time::{Days, End, Length};
use entitle::{Command, Grant, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, user, window};
use crate::{Row, row};

/// One plan, one app; `b` and `ada` may have claims on it, in that order.
fn tenant(grants: &[Grant], claims: &[&str], except: bool) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants.to_vec());
    let off = || if except { vec!["f365/orders".parse().unwrap()] } else { Vec::new() };
    for name in claims {
        tenant.forge(0, [Command::assign_except(user(name).into(), "bronze".parse().unwrap(), off())]);
    }
    tenant
}

/// Why ada may not open orders with bronze.
fn reason(grants: &[Grant], claims: &[&str], except: bool) -> DenialReason {
    bronze_reason(&tenant(grants, claims, except))
}

fn bronze_reason(tenant: &Tenant) -> DenialReason {
    let explanation = tenant.see("ada", "f365/orders", day(1), |decision| decision.allowed().unwrap_err());
    let entitle::explain::DenialCause::Plans(misses) = explanation.cause else { panic!("of this catalog") };
    misses.into_iter().find(|miss| miss.plan.as_str() == "bronze").unwrap().reason
}

fn ended() -> Grant {
    paid("bronze", 1, days(-300, -200))
}

fn withdrawn() -> Grant {
    pending().ending(Termination::Withdrawn(day(1)))
}

fn not_covered() -> Grant {
    paid("bronze", 1, days(-300, -60)).with_fallback(day(-100)).unwrap()
}

fn suspended() -> Grant {
    paid("bronze", 1, days(-300, -60))
}

fn not_started() -> Grant {
    Grant::trial("bronze".parse().unwrap(), units(1), window(0, 9), Length::days(5).unwrap())
}

fn pending() -> Grant {
    paid("bronze", 1, days(2, 9))
}

fn active() -> Grant {
    paid("bronze", 1, days(0, 200))
}

/// From the farthest miss to the nearest; each state has all that is needed for those above it, too.
fn reasons() -> Vec<(DenialReason, &'static str, &'static str)> {
    let all = ["b", "ada"];
    let grants = [ended(), not_covered(), suspended(), pending()];
    let dated = tenant(&grants[..2], &all, true).in_release(Release::of(day(-90)));
    vec![
        (reason(&[], &all, true), "reason.no-grant", "no license grants it"),
        (revoked(), "reason.revoked", "its license was revoked on 2026-03-02T00:00:00Z"),
        (reason(&grants[..1], &all, true), "reason.ended", "its license ended on 2025-12-11T00:00:00Z"),
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

/// A grant of a license, issued on day -10, that asks for a list of at most so many days.
fn wants_a_list(grant: Grant, days: u32) -> Tenant {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(grant);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(days)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "bronze")]);
    tenant
}

fn not_fresh(days: u32) -> DenialReason {
    wants_a_list(active(), days).reasons("ada", "f365/orders", 1)[0].clone()
}

/// A seat of a plan that an earlier claim excludes, that requires another, its app turned off as well.
fn excluded() -> DenialReason {
    let excluding = include_str!("../../examples/fabrikam.json").replacen(
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
    let requiring = include_str!("../../examples/fabrikam.json").replacen(
        r#""name": "F365 Bronze","#,
        r#""name": "F365 Bronze", "requires": [["silver"]],"#,
        1,
    );
    let mut tenant = Vendor::of(&requiring).contoso([active()]);
    let off = vec!["f365/orders".parse().unwrap()];
    tenant.forge(0, [Command::assign_except(user("ada").into(), "bronze".parse().unwrap(), off)]);
    tenant.reasons("ada", "f365/orders", 1)[0].clone()
}

fn allow(grants: &[Grant], claims: &[&str], start: bool) -> (Basis, Option<Warning>) {
    let mut tenant = tenant(grants, claims, false);
    if start {
        let name =
            entitle::command::TrialName::new(entitle::LicenseId::from_random([1; 16]), "bronze".parse().unwrap());
        tenant.run(0, [Command::StartTrial(name)]).unwrap();
    }
    let (ada, orders) = (user("ada"), tenant.catalog().app("f365/orders").unwrap());
    let allow = tenant.check(&ada, &orders, day(1)).allowed().unwrap();
    (allow.basis(), allow.warnings().next())
}

fn trial() -> Grant {
    let mut grant = not_started();
    grant.kind = GrantKind::Trial(TrialTerms::new(window(0, 9), Length::days(60).unwrap()));
    grant
}

fn in_grace() -> Grant {
    paid("bronze", 1, days(-30, -9))
}

fn tolerated() -> Grant {
    let mut grant = active();
    grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(2), day(50)));
    grant
}

/// What has no end before the calendar's.
fn without_end() -> Vec<Row> {
    let until = End::Never;
    vec![
        row!(
            "reason.suspended",
            "its license has been suspended since 2026-03-01T00:00:00Z: a renewal restores it",
            DenialReason::Suspended { since: day(0), until }
        ),
        row!("reason.trial-not-started", "its trial has not been started", DenialReason::TrialNotStarted { until }),
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

/// In the order of the catalog's plans: bronze waits, silver is excluded, gold lacks what it requires.
fn claims_in_error() -> Vec<Row> {
    let catalog = include_str!("../../examples/fabrikam.json")
        .replacen(r#""name": "F365 Silver","#, r#""name": "F365 Silver", "excludes": ["bronze"],"#, 1)
        .replacen(r#""name": "F365 Gold","#, r#""name": "F365 Gold", "requires": [["silver"]],"#, 1);
    let mut tenant = Vendor::of(&catalog).contoso(["bronze", "silver", "gold"].map(|plan| paid(plan, 1, days(0, 9))));
    tenant.forge(0, [assign("b", "bronze")]);
    for plan in ["bronze", "silver", "gold"] {
        tenant.forge(0, [assign("ada", plan)]);
    }
    let found: Vec<_> = tenant.claims_in_error(day(1)).collect();
    let [waits, excluded, lacks] = &*found else { panic!("{found:?}") };
    let by = "`bronze`, which the user claimed before";
    vec![
        row!("claim.count-violation", "waits for a seat as number 1: the only seat is taken", &waits.error),
        row!("claim.count-violation", "waits for a seat as number 2: all 3 seats are taken", {
            entitle::query::ClaimError::CountViolation { place: Place::behind(4), limit: Total::Limited(3) }
        }),
        row!("claim.mutually-exclusive", format!("is excluded by {by}"), &excluded.error),
        row!("claim.dependency", "requires `silver`", &lacks.error),
        row!("claim.count-violation", "`bronze` of `ada` waits for a seat as number 1: the only seat is taken", waits),
        row!("claim.mutually-exclusive", format!("`silver` of `ada` is excluded by {by}"), excluded),
        row!("claim.dependency", "`gold` of `ada` requires `silver`", lacks),
    ]
}

/// A record ahead of the clock, with a license that lacks its anchor and one whose key is unknown.
fn checks() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([active()]);
    let head = crate::support::beginning("contoso".parse().unwrap()).head();
    let checkpoint = entitle::record::Checkpoint::new(entitle::RecordId::from_random([0x77; 16]), head);
    let mut anchored = vendor.deal_for("contoso");
    anchored.id = LicenseId::from_random([2; 16]);
    anchored.anchor = entitle::record::Anchor::Record(checkpoint.clone());
    let stranger = entitle::SecretKey::from_seed(&entitle::Zeroizing::new([0x55; 32]));
    let unknown = stranger.seal(&vendor.deal_for("contoso")).unwrap();
    tenant.forge(0, [Command::Install(vendor.seal(&anchored)), Command::Install(unknown)]);
    tenant.forge(900, [Command::RecordTime]);
    let explanation = tenant.see("ada", "f365/orders", day(1), |decision| decision.allowed().unwrap_err());
    let [ahead, not_contained, not_trusted] = &*explanation.check_first else { panic!("{explanation:?}") };
    vec![
        row!(
            "check-first.record-ahead",
            "The clock of the machine that checks the license shows 2026-03-02T00:00:00Z, but the license record was \
             last written at 2028-08-17T00:00:00Z. \
             Compare the clock with another one. If it is right, do not buy anything: ask the publisher for a time \
             ticket. If it is wrong, correct it; then what follows applies.",
            ahead
        ),
        row!(
            "check-first.license-not-contained",
            format!(
                "An installed license, {}, gives nothing: it was issued for a record that contains the checkpoint \
                 {checkpoint}, and this record was not shown to contain it: it is another one, or not complete. \
                 Restore the complete record, or ask the publisher to issue the license again for the present one.",
                LicenseId::from_random([2; 16])
            ),
            not_contained
        ),
        row!(
            "check-first.license-key-not-trusted",
            format!(
                "An installed license gives nothing: this version of the application does not accept the key with which \
                 it is signed, {}. Update the application; if that does not help, contact the publisher.",
                stranger.public().id()
            ),
            not_trusted
        ),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    let mut rows: Vec<Row> = checks();
    for (reason, code, text) in reasons() {
        rows.push(Row { code, ..row!("", text, reason) });
    }
    rows.push(row!("reason.ended", "its license was ended before it began", reason(&[withdrawn()], &[], false)));
    rows.push(row!(
        "reason.pending",
        "its license has not started, and will not become usable by time alone",
        wants_a_list(paid("bronze", 1, days(20, 90)), 25).reasons("ada", "f365/orders", 1)[0].clone()
    ));
    rows.push(row!("reason.waiting", "this user waits for a seat as number 2: all 3 seats are taken", {
        DenialReason::Waiting { place: Place::behind(4), limit: Total::Limited(3) }
    }));
    rows.extend(without_end());
    rows.extend(claims_in_error());
    let free = Vendor::fabrikam().tenant("c");
    rows.push(row!("basis.free", "free", free.see("ada", "f365/basic", day(0), |d| d.allowed().unwrap().basis())));
    let unmanaged =
        include_str!("../../examples/fabrikam.json").replace(r#"{ "managed": "with_license" }"#, r#""unmanaged""#);
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

/// Each reason is given only where none above it in the list applies, whatever below it applies too.
#[test]
fn k3_the_first_reason_that_applies_is_given() {
    let grants = [ended(), not_covered(), suspended(), pending()];
    let seats: [(&[&str], bool); 4] = [(&[], false), (&["ada"], false), (&["b", "ada"], false), (&["b", "ada"], true)];
    let reasons = reasons();
    for (nearest, code) in
        ["reason.no-grant", "reason.ended", "reason.release-not-covered", "reason.suspended", "reason.pending"]
            .into_iter()
            .enumerate()
    {
        let (expected, ..) = reasons.iter().find(|(_, each, _)| *each == code).unwrap();
        // Any paid grants up to the nearest, in any order, and any seats: the phase of the nearest grant decides. A trial
        // beside a purchase explains nothing.
        for (claims, except) in seats {
            let upto = &grants[..nearest];
            let backwards: Vec<Grant> = upto.iter().rev().cloned().collect();
            assert_eq!(reason(upto, claims, except), *expected, "{code}");
            assert_eq!(reason(&backwards, claims, except), *expected, "{code}");
            if nearest > 0 {
                let with_trial: Vec<Grant> = backwards.into_iter().chain([not_started()]).collect();
                assert_eq!(reason(&with_trial, claims, except), *expected, "{code}");
            }
        }
    }
    // A usable unit makes the seats matter, whatever else there is.
    for upto in 0..=grants.len() {
        let with_active: Vec<Grant> = grants[..upto].iter().cloned().chain([active()]).collect();
        for (at, (claims, except)) in
            [(9, (&[][..], true)), (10, (&["b", "ada"][..], true)), (13, (&["ada"][..], true))]
        {
            assert_eq!(reason(&with_active, claims, except), reasons[at].0);
        }
    }
}

/// A grant that was withdrawn before it started is ended, not pending (L7).
#[test]
fn k3_withdrawn_before_its_start_is_ended() {
    let mut grant = pending();
    if let GrantKind::Paid(paid) = &mut grant.kind {
        paid.early = Termination::Withdrawn(day(1));
    }
    let actual = reason(&[grant], &[], false);
    assert_eq!(discriminant(&actual), discriminant(&DenialReason::Ended { since: day(0) }));
}

/// All four tiers reach the first place; each is named only where none before it reaches.
#[test]
fn k7_the_first_basis_that_reaches_is_named() {
    let tiers = [tolerated(), in_grace(), trial(), active()];
    let named: Vec<Basis> = (0..tiers.len())
        .map(|last| {
            let claims: &[&str] = if last == 0 { &["b", "ada"] } else { &["ada"] };
            let grants: Vec<Grant> = if last == 0 { vec![tolerated()] } else { tiers[1..=last].to_vec() };
            allow(&grants, claims, last >= 2).0
        })
        .collect();
    assert_eq!(named, [Basis::Tolerance, Basis::Grace, Basis::Trial, Basis::Paid]);
    assert!(named.is_sorted_by(|a, b| a > b), "the order of the type is the order of the rule");
}

#[test]
fn k3_a_place_and_a_limit_are_numbers_a_person_can_act_on() {
    let mut tenant = tenant(&[active()], &["a", "b", "c", "ada"], false);
    let place = |tenant: &Tenant| tenant.reasons("ada", "f365/orders", 1)[0].clone();
    assert_eq!(place(&tenant), DenialReason::Waiting { place: Place::behind(3), limit: Total::Limited(1) });
    tenant.run(1, [crate::support::unassign("b", "bronze")]).unwrap();
    assert_eq!(place(&tenant), DenialReason::Waiting { place: Place::behind(2), limit: Total::Limited(1) });
    let pending = DenialReason::Pending { from: End::At(day(2)) };
    assert_eq!(reason(&[pending_then()], &[], false), pending);
    assert!(tenant.run(1, [assign("zoe", "bronze")]).is_err());
}

fn pending_then() -> Grant {
    pending()
}
