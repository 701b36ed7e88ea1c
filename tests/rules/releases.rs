//! V1 to V3: what a license covers depends on the release of the application.

use entitle::catalog::Release;
use entitle::explain::{Audience, Basis, DenialReason, GrantState, NoUnits};
use entitle::license::{Fallback, GrantKind, Revocation, RevocationListDraft, RevokedLicense, Termination};
use entitle::preview::Tally;
use entitle::quantity::Total;
use entitle::remedy::{PurchaseKind, Step};
use entitle::time::{Days, End, Length, Phase};
use entitle::token::{KeyConstraint, KeyPermissions, KeyPurpose};
use entitle::{Command, Deal, Decision, Grant, KeyRing, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, user, window};

const ORDERS: &str = "f365/orders";

/// One bronze seat of days 0 to 100 with 30 days of grace, in releases from before a day without an end.
fn with_fallback(before: i64) -> Grant {
    paid("bronze", 1, days(0, 100)).with_fallback(day(before)).unwrap()
}

fn release(on: i64) -> Release {
    Release::of(day(on))
}

/// Contoso with a license of these grants, bronze assigned to Ada, read in a release of day 0.
fn contoso(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants).in_release(release(0));
    tenant.forge(1, [assign("ada", "bronze")]);
    tenant
}

fn basis(tenant: &Tenant, on: i64) -> Option<Basis> {
    tenant.see("ada", ORDERS, day(on), |decision| decision.allowed().map(|allow| allow.basis()).ok())
}

fn reason(tenant: &Tenant, on: i64) -> DenialReason {
    let reasons = tenant.reasons("ada", ORDERS, on);
    reasons.into_iter().next().unwrap()
}

/// The phase of the first grant on a day.
fn phase(tenant: &Tenant, on: i64) -> Phase {
    tenant.grants(day(on)).next().unwrap().phase
}

fn early(mut grant: Grant, early: Termination) -> Grant {
    let GrantKind::Paid(paid) = &mut grant.kind else { panic!("{grant:?}") };
    paid.early = early;
    grant
}

#[test]
fn v1_in_a_covered_release_a_term_that_has_begun_has_no_end() {
    let mut pending = with_fallback(50);
    let GrantKind::Paid(terms) = &mut pending.kind else { panic!("{pending:?}") };
    terms.term = days(10, 100);
    let tenant = contoso([pending]).in_release(release(49));
    assert_eq!((basis(&tenant, 9), phase(&tenant, 9)), (None, Phase::Pending), "not before it has begun");
    for on in [10, 99, 100, 130, 5_000] {
        assert_eq!((basis(&tenant, on), phase(&tenant, on)), (Some(Basis::Paid), Phase::Active), "day {on}");
    }
    let until = tenant.see("ada", ORDERS, day(10), |decision| decision.until());
    assert_eq!(until, End::Never);
}

#[test]
fn v1_the_fallback_itself_and_later_releases_run_as_ever() {
    for of in [50, 51, 400] {
        let tenant = contoso([with_fallback(50)]).in_release(release(of));
        assert_eq!(
            [99, 100, 129, 130].map(|on| basis(&tenant, on)),
            [Some(Basis::Paid), Some(Basis::Grace), Some(Basis::Grace), None]
        );
    }
}

/// In a newer release access ends with the grace, and the license is not lost: one person reads where it goes on.
#[test]
fn v2_who_is_in_grace_in_a_newer_release_reads_in_which_releases_the_license_goes_on() {
    let text = |tenant: &Tenant, on| {
        tenant.see("ada", ORDERS, day(on), |decision| match decision {
            Decision::Allow(allow) => allow.text(Audience::Individual).to_string(),
            Decision::Deny(denial) => panic!("{denial:?}"),
        })
    };
    let goes_on = "In releases of the application from before 2026-04-20T00:00:00Z, your license for F365 Bronze goes on \
                   without an end.";
    let newer = |grant| contoso([grant]).in_release(release(51));
    for on in [90, 110] {
        let text = text(&newer(with_fallback(50)), on);
        assert!(text.contains("your access ends") && text.ends_with(goes_on), "day {on}: {text}");
    }
    let in_grace = |grant| text(&newer(grant), 110);
    assert!(!in_grace(paid("bronze", 1, days(0, 100))).contains("releases"), "no fallback");
    assert!(
        !in_grace(early(with_fallback(50), Termination::Withdrawn(day(300)))).contains("releases"),
        "withdrawn later"
    );
}

#[test]
fn v1_no_fallback_covers_a_release_without_a_date() {
    let tenant = contoso([with_fallback(50)]).in_release(Release::Undated);
    assert_eq!((basis(&tenant, 129), basis(&tenant, 130)), (Some(Basis::Grace), None));
    assert!(!Fallback::Before(day(50)).covers(Release::Undated) && !Fallback::None.covers(release(0)));
}

#[test]
fn v1_a_withdrawn_grant_ends_in_all_releases() {
    for of in [release(0), release(60), Release::Undated] {
        let tenant = contoso([early(with_fallback(50), Termination::Withdrawn(day(40)))]).in_release(of);
        assert_eq!((basis(&tenant, 39), basis(&tenant, 40)), (Some(Basis::Paid), None));
        assert_eq!(reason(&tenant, 500), DenialReason::NoUnits(NoUnits::Ended { since: day(40) }));
    }
    // Long after its term, where only the fallback still gives something.
    let tenant = contoso([early(with_fallback(50), Termination::Withdrawn(day(300)))]);
    assert_eq!((basis(&tenant, 299), basis(&tenant, 300)), (Some(Basis::Paid), None));
    let newer = tenant.in_release(release(60));
    assert_eq!((phase(&newer, 299), phase(&newer, 300)), (Phase::ReleaseNotCovered, Phase::Ended));
}

#[test]
fn v1_a_revoked_license_ends_in_all_releases() {
    let vendor = Vendor::fabrikam();
    let mut tenant = contoso([with_fallback(50)]);
    let deal = vendor.deal_for("contoso");
    let revoked = Revocation::License(RevokedLicense::new(deal.id, deal.revision, day(200)));
    let offer = vendor.catalog.offer();
    let list = RevocationListDraft::new(offer.publisher.clone(), core::num::NonZeroU32::MIN, day(150)).with(revoked);
    tenant.forge(150, [Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())]);
    assert_eq!((basis(&tenant, 199), basis(&tenant, 200)), (Some(Basis::Paid), None));
    let newer = tenant.in_release(release(60));
    assert_eq!((phase(&newer, 199), phase(&newer, 200)), (Phase::ReleaseNotCovered, Phase::Revoked));
}

#[test]
fn v1_a_cancelled_grant_ends_only_in_releases_that_are_not_covered() {
    let tenant = contoso([early(with_fallback(50), Termination::Cancelled(day(40)))]);
    assert_eq!([39, 40, 500].map(|on| basis(&tenant, on)), [Some(Basis::Paid); 3]);
    let later = tenant.in_release(release(60));
    assert_eq!([39, 40].map(|on| phase(&later, on)), [Phase::Active, Phase::ReleaseNotCovered]);
    // One that was cancelled before its term has never begun.
    let mut never = with_fallback(50);
    let GrantKind::Paid(terms) = &mut never.kind else { panic!("{never:?}") };
    terms.term = days(10, 100);
    let tenant = contoso([early(never, Termination::Cancelled(day(5)))]);
    assert_eq!((basis(&tenant, 50), phase(&tenant, 50)), (None, Phase::Ended));
}

#[test]
fn v1_it_is_one_grant_whose_units_count_once_and_a_revision_replaces_both() {
    let bronze = "bronze".parse().unwrap();
    let mut grant = with_fallback(50);
    grant.units = units(10);
    let tenant = contoso([grant]);
    for on in [50, 110, 500] {
        assert_eq!(tenant.pool(&bronze, day(on)).usable, Total::Limited(10), "day {on}");
    }
    let vendor = Vendor::fabrikam();
    let renewed = vendor.deal_for("contoso").revise(day(90)).unwrap().with(paid("bronze", 3, days(0, 200)));
    let mut tenant = tenant;
    tenant.run(90, [Command::Install(vendor.seal(&renewed))]).unwrap();
    assert_eq!([110, 229, 230].map(|on| tenant.pool(&bronze, day(on)).usable), [3, 3, 0].map(Total::Limited));
}

#[test]
fn v1_a_key_that_is_limited_in_terms_signs_no_fallback() {
    let vendor = Vendor::fabrikam();
    let limited = KeyPermissions::new(KeyPurpose::Licenses).within(KeyConstraint::Terms(Days::new(365)));
    let ring = KeyRing::new().trust(vendor.secret.public(), limited).unwrap();
    let verify = |grant: Grant| ring.verify(&vendor.seal(&vendor.deal_for("contoso").with(grant)));
    assert!(verify(paid("bronze", 1, days(0, 100))).is_ok());
    assert_eq!(verify(with_fallback(50)).unwrap_err().code(), "token.beyond-limit");
}

#[test]
fn v1_a_trial_has_no_fallback() {
    let trial = Grant::trial("bronze".parse().unwrap(), units(1), window(0, 60), Length::days(30).unwrap());
    let error = trial.clone().with_fallback(day(50)).unwrap_err();
    assert_eq!((error.code(), error.plan.as_str()), ("deal.fallback-on-trial", "bronze"));
    let json = serde_json::to_string(&trial).unwrap().replace(r#""early""#, r#""fallback":"none","early""#);
    assert!(serde_json::from_str::<Grant>(&json).unwrap_err().to_string().starts_with("unknown field `fallback`"));
}

#[test]
fn v2_a_release_that_is_not_covered_is_explained_with_both_dates_and_for_good() {
    let tenant = contoso([with_fallback(50)]).in_release(release(60));
    let expected = DenialReason::NoUnits(NoUnits::ReleaseNotCovered { release: release(60), fallback: day(50) });
    // After the term, 30 days of grace and what would be 90 days of suspension: never suspended, never ended.
    for on in [130, 219, 220, 5_000] {
        assert_eq!((reason(&tenant, on), phase(&tenant, on)), (expected.clone(), Phase::ReleaseNotCovered), "day {on}");
        let until = tenant.see("ada", ORDERS, day(on), |decision| decision.until());
        assert_eq!(until, End::Never, "it has no boundary of its own");
    }
    let text = expected.to_string();
    assert_eq!(
        text,
        "its license covers releases from before 2026-04-20T00:00:00Z, and this release is of 2026-04-30T00:00:00Z"
    );
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(130)).paid.not_covered, Total::Limited(1));
}

#[test]
fn v2_of_several_fallbacks_the_latest_is_named() {
    let tenant =
        contoso([with_fallback(20), with_fallback(50), paid("bronze", 1, days(0, 20))]).in_release(release(60));
    // The grant without a fallback is suspended until day 140, which is nearer.
    assert_eq!(reason(&tenant, 139).code(), "reason.suspended");
    assert_eq!(
        reason(&tenant, 140),
        DenialReason::NoUnits(NoUnits::ReleaseNotCovered { release: release(60), fallback: day(50) })
    );
    tenant.see("ada", ORDERS, day(140), |decision| {
        let Decision::Deny(denial) = decision else { panic!("{decision:?}") };
        let explanation = denial.explain();
        let bronze = explanation.misses().iter().find(|miss| miss.plan.as_str() == "bronze").unwrap();
        assert_eq!(
            bronze.paid,
            GrantState::NoUnits(NoUnits::ReleaseNotCovered { release: release(60), fallback: day(50) })
        );
        assert_eq!(bronze.trial, GrantState::NoUnits(NoUnits::NoGrant));
    });
}

fn remedies(tenant: &Tenant, on: i64) -> Vec<Vec<Step>> {
    tenant.see("ada", ORDERS, day(on), |decision| match decision {
        Decision::Allow(_) => Vec::new(),
        Decision::Deny(denial) => denial.remedies().map(|remedy| remedy.steps().to_vec()).collect(),
    })
}

#[test]
fn v2_remedies_are_a_renewal_and_a_release_from_before_the_fallback() {
    let tenant = contoso([with_fallback(50)]).in_release(release(60));
    let found = remedies(&tenant, 130);
    let step = Step::UseRelease { current: release(60), before: day(50) };
    assert!(found.contains(&vec![step.clone()]), "{found:?}");
    assert_eq!(step.to_string(), "use a release of the application from before 2026-04-20T00:00:00Z");
    let renews = |steps: &Vec<Step>| matches!(&steps[..], [Step::Buy { plan, kind: PurchaseKind::Renewal, .. }] if plan.as_str() == "bronze");
    assert!(found.iter().any(renews), "{found:?}");
    // Both are done: the release just before the fallback opens the app, and so does the renewal.
    assert_eq!(basis(&tenant.in_release(release(49)), 130), Some(Basis::Paid));
}

#[test]
fn v2_a_release_without_a_date_needs_its_publisher_and_no_purchase() {
    let tenant = contoso([with_fallback(50)]).in_release(Release::Undated);
    let expected = DenialReason::NoUnits(NoUnits::ReleaseNotCovered { release: Release::Undated, fallback: day(50) });
    assert_eq!(reason(&tenant, 130), expected);
    assert_eq!(
        expected.to_string(),
        "its license covers releases from before 2026-04-20T00:00:00Z, and this version of the application does not state its release date"
    );
    let found = remedies(&tenant, 130);
    let step = Step::UseRelease { current: Release::Undated, before: day(50) };
    assert_eq!(found.first(), Some(&vec![step.clone()]), "{found:?}");
    assert_eq!(
        step.to_string(),
        "ask the publisher for a release of the application that names its date, from before 2026-04-20T00:00:00Z: \
         this one has none"
    );
    let buys_bronze = |step: &Step| match step {
        Step::Buy { plan, .. } => plan.as_str() == "bronze",
        _ => false,
    };
    assert!(!found.iter().flatten().any(buys_bronze), "{found:?}");
}

#[test]
fn v2_commands_are_judged_in_the_release_that_decides_and_count_in_all() {
    let older = contoso([with_fallback(50)]);
    let mut newer = older.in_release(release(60));
    // In the newer release the only unit is over, and a seat cannot be assigned.
    let refused = newer.run(130, [assign("bo", "bronze")]).unwrap_err();
    assert_eq!(refused.reason.code(), "refusal.no-usable-units");
    // The older one decides that Ada's seat goes to Bo, and the newer reads the same record.
    let mut older = older;
    let swapped = [Command::unassign(user("ada"), "bronze".parse().unwrap()), assign("bo", "bronze")];
    let entry = older.run(130, swapped).unwrap();
    newer.apply(&entry).unwrap();
    let queue =
        |tenant: &Tenant| tenant.queue(&"bronze".parse().unwrap()).map(|user| user.to_string()).collect::<Vec<_>>();
    assert_eq!((queue(&older), queue(&newer)), (vec!["bo".to_string()], vec!["bo".to_string()]));
    assert!(older.opens("bo", ORDERS, 131) && !newer.opens("bo", ORDERS, 131));
}

#[test]
fn v3_an_upgrade_says_who_would_lose_what_and_when() {
    let tenant = contoso([with_fallback(50)]);
    let upgrade = tenant.preview_release(release(60), day(20));
    let lost: Vec<_> = upgrade.lost.iter().map(|it| (it.who.to_string(), it.app.as_str(), it.from, it.until)).collect();
    assert!(lost.contains(&("`ada`".to_string(), ORDERS, day(130), End::Never)), "{lost:?}");
    // A release that is covered as well changes nothing.
    let covered = tenant.preview_release(release(49), day(20));
    assert_eq!((covered.lost.len(), covered.totals.lost), (0, Tally::default()));
    // After the term it is lost at once.
    let late = tenant.preview_release(release(60), day(200));
    assert!(late.lost.iter().any(|it| it.app.as_str() == ORDERS && it.from == day(200)), "{:?}", late.lost);
}

#[test]
fn v3_what_shrinks_with_an_upgrade_is_not_tolerated() {
    let mut grant = with_fallback(50);
    grant.units = units(2);
    let mut tenant = contoso([grant, paid("bronze", 1, days(0, 365))]);
    tenant.run(2, ["bo", "cy"].map(|name| assign(name, "bronze"))).unwrap();
    assert!(["ada", "bo", "cy"].iter().all(|name| tenant.opens(name, ORDERS, 140)));
    let newer = tenant.in_release(release(60));
    let opens = ["ada", "bo", "cy"].map(|name| newer.opens(name, ORDERS, 140));
    assert_eq!(opens, [true, false, false], "one unit covers the first in the queue");
}

#[test]
fn p1_a_grant_counts_whatever_releases_it_covers() {
    for of in [release(0), release(60), Release::Undated] {
        let tenant = contoso([with_fallback(50)]).in_release(of);
        let row = tenant.license_rows(day(200)).next().unwrap();
        assert_eq!((row.licenses_provisioned, row.licenses_assigned), (Total::Limited(1), 1));
        assert_eq!(row.license_state, Phase::Active);
    }
}

#[test]
fn s11_a_renewal_of_a_grant_with_a_fallback_tolerates_once() {
    let vendor = Vendor::fabrikam();
    let mut first = with_fallback(50);
    first.units = units(5);
    let before: Deal = vendor.deal_for("contoso").with(first);
    let after = paid("bronze", 2, days(0, 200)).with_fallback(day(150)).unwrap();
    let renewed = before.renew(vendor.catalog.offer(), day(90), vec![after]).unwrap();
    let mut tenant = vendor.contoso(before.grants.clone()).in_release(release(0));
    tenant.run(90, [Command::Install(vendor.seal(&renewed))]).unwrap();
    let limit = |tenant: &Tenant, on| tenant.pool(&"bronze".parse().unwrap(), day(on)).limit;
    assert_eq!([91, 179, 180].map(|on| limit(&tenant, on)), [5, 5, 2].map(Total::Limited));
    let newer = tenant.in_release(release(160));
    assert_eq!([91, 179, 180, 230].map(|on| limit(&newer, on)), [5, 5, 2, 0].map(Total::Limited));
}

#[test]
fn x11_a_snapshot_is_read_in_the_release_of_the_catalog_under_which_it_is_restored() {
    let vendor = Vendor::fabrikam();
    let tenant = contoso([with_fallback(50)]);
    let bytes = tenant.snapshot().unwrap();
    for (of, expected) in [(release(49), Some(Basis::Paid)), (release(50), None), (Release::Undated, None)] {
        let catalog = tenant.catalog().with_release(of);
        let restored = Tenant::restore(&catalog, &vendor.ring(), tenant.id().clone(), &bytes).unwrap();
        let rebased = tenant.rebase(&catalog, &vendor.ring());
        assert_eq!([restored, rebased].map(|tenant| basis(&tenant, 500)), [expected; 2], "{of}");
    }
}
