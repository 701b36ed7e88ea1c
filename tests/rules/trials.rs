//! T1, T4, L10: trials, and what becomes of them when the plan is bought.

use core::num::NonZeroU32;

use entitle::command::{RefusalReason, TrialName};
use entitle::explain::{Basis, DenialReason, NoUnits};
use entitle::license::{Extension, Extensions, GrantKind, Termination};
use entitle::quantity::Total;
use entitle::query::TrialState;
use entitle::time::{Days, End, Length};
use entitle::{Command, Grant, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

fn name(license: u8, plan: &str) -> TrialName {
    TrialName::new(LicenseId::from_random([license; 16]), plan.parse().unwrap())
}

pub(crate) fn start(license: u8, plan: &str) -> Command {
    Command::StartTrial(name(license, plan))
}

fn extend(license: u8, plan: &str) -> Command {
    Command::ExtendTrial(name(license, plan))
}

const NEVER: [i64; 0] = [];

/// Two seats of bronze for 30 days, to be started from day 10 until day 20, extended twice by 5 days.
fn trial() -> Grant {
    let mut grant = Grant::trial("bronze".parse().unwrap(), units(2), window(10, 20), Length::days(30).unwrap());
    if let GrantKind::Trial(trial) = &mut grant.kind {
        let twice = Extension::new(NonZeroU32::new(2).unwrap(), Length::days(5).unwrap());
        trial.extensions = Extensions::UpTo(twice);
    }
    grant
}

fn open_days(tenant: &Tenant) -> Vec<i64> {
    let readable = (0..120).filter(|&on| tenant.reading(day(on)) == day(on));
    readable.filter(|&on| tenant.opens("ada", "f365/orders", on)).collect()
}

#[test]
fn t1_a_trial_gives_nothing_until_it_is_started_once_in_its_window() {
    let mut tenant = Vendor::fabrikam().contoso([trial()]);
    let not_started = DenialReason::NoUnits(NoUnits::TrialNotStarted { until: End::At(day(20)) });
    assert_eq!(tenant.reasons("ada", "f365/orders", 5)[0], not_started);
    assert_eq!(tenant.pool(&"bronze".parse().unwrap(), day(5)).trial.not_started, Total::Limited(2));
    let refused = tenant.run(9, [start(1, "bronze")]).unwrap_err();
    assert_eq!(refused.reason.code(), "refusal.outside-the-window");
    let refused = tenant.run(12, [assign("ada", "bronze")]).unwrap_err();
    assert_eq!(refused.reason.code(), "refusal.no-usable-units");

    tenant.run(12, [start(1, "bronze"), assign("ada", "bronze")]).unwrap();
    assert_eq!(open_days(&tenant), (12..42).collect::<Vec<_>>());
    let again = tenant.run(13, [start(1, "bronze")]).unwrap_err();
    assert_eq!(again.reason, RefusalReason::TrialUsed { plan: "bronze".parse().unwrap(), started: day(12) });
    tenant.see("ada", "f365/orders", day(13), |decision| assert_eq!(decision.allowed().unwrap().basis(), Basis::Trial));
}

#[test]
fn t1_a_trial_that_nobody_starts_is_over_when_its_window_closes() {
    let mut tenant = Vendor::fabrikam().contoso([trial()]);
    let refused = tenant.run(20, [start(1, "bronze")]).unwrap_err();
    let reason =
        RefusalReason::OutsideTheWindow { plan: "bronze".parse().unwrap(), window: window(10, 20), at: day(20) };
    assert_eq!(refused.reason, reason);
    assert_eq!(
        tenant.reasons("ada", "f365/orders", 20)[0],
        DenialReason::NoUnits(NoUnits::TrialEnded { since: day(20) })
    );
}

#[test]
fn t1_a_forged_record_stays_within_the_envelope() {
    let vendor = Vendor::fabrikam();
    // Started too early: as if at the window's opening.
    let mut early = vendor.contoso([trial()]);
    early.forge(1, [start(1, "bronze"), assign("ada", "bronze")]);
    assert_eq!(
        early.reasons("ada", "f365/orders", 5)[0],
        DenialReason::NoUnits(NoUnits::Pending { from: End::At(day(10)) })
    );
    assert_eq!(open_days(&early), (10..40).collect::<Vec<_>>());
    // Started too late: not at all.
    let mut late = vendor.contoso([trial()]);
    late.forge(20, [start(1, "bronze"), assign("ada", "bronze")]);
    assert_eq!(open_days(&late), NEVER);
    // Started again and again: once.
    let mut again = vendor.contoso([trial()]);
    again.forge(10, [start(1, "bronze"), assign("ada", "bronze")]);
    again.forge(19, [start(1, "bronze"), start(1, "bronze")]);
    assert_eq!(again.pool(&"bronze".parse().unwrap(), day(39)).trial.active, Total::Limited(2));
    assert_eq!(again.pool(&"bronze".parse().unwrap(), day(40)).trial.active, Total::ZERO);
}

#[test]
fn t1_a_start_is_judged_by_the_revision_in_force() {
    let vendor = Vendor::fabrikam();
    let deal = vendor.deal_for("contoso").with(trial());
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    tenant.run(12, [start(1, "bronze"), assign("ada", "bronze")]).unwrap();
    let mut shorter = trial();
    shorter.kind = match shorter.kind {
        GrantKind::Trial(mut trial) => {
            trial.may_start = window(0, 12);
            GrantKind::Trial(trial)
        }
        paid @ GrantKind::Paid(_) => paid,
    };
    let revised = deal.revise(day(13)).unwrap().with(shorter);
    tenant.run(13, [Command::Install(vendor.seal(&revised))]).unwrap();
    assert!(!tenant.opens("ada", "f365/orders", 14), "started on day 12, when by this revision it no longer could be");
}

#[test]
fn t4_a_trial_is_extended_while_active_and_as_often_as_it_says() {
    let mut tenant = Vendor::fabrikam().contoso([trial()]);
    let code = |refused: entitle::Refusal| refused.reason.code();
    assert_eq!(tenant.run(10, [extend(1, "bronze")]).map_err(code), Err("refusal.trial-not-active"));
    tenant.run(10, [start(1, "bronze"), assign("ada", "bronze")]).unwrap();
    tenant.run(39, [extend(1, "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 44) && !tenant.opens("ada", "f365/orders", 45));
    tenant.run(44, [extend(1, "bronze")]).unwrap();
    assert_eq!(tenant.run(44, [extend(1, "bronze")]).map_err(code), Err("refusal.no-extension-left"));
    assert!(tenant.opens("ada", "f365/orders", 49) && !tenant.opens("ada", "f365/orders", 50));
    assert_eq!(tenant.run(50, [extend(1, "bronze")]).map_err(code), Err("refusal.trial-not-active"));
    assert_eq!(tenant.run(50, [extend(2, "bronze")]).map_err(code), Err("refusal.no-such-trial"));
    // In its grace it is usable, and no longer active.
    let mut tenant = Vendor::fabrikam().contoso([trial().with_grace(Days::new(7))]);
    tenant.run(10, [start(1, "bronze"), assign("ada", "bronze")]).unwrap();
    assert!(tenant.opens("ada", "f365/orders", 40));
    assert_eq!(tenant.run(40, [extend(1, "bronze")]).map_err(code), Err("refusal.trial-not-active"));
}

#[test]
fn t4_what_a_record_holds_beyond_that_does_not_count() {
    let vendor = Vendor::fabrikam();
    let ends = |extended: &[i64]| {
        let mut tenant = vendor.contoso([trial()]);
        tenant.forge(10, [start(1, "bronze"), assign("ada", "bronze")]);
        for &on in extended {
            tenant.forge(on, [extend(1, "bronze")]);
        }
        (0..120).rfind(|&on| tenant.pool(&"bronze".parse().unwrap(), day(on)).trial.active > Total::ZERO)
    };
    assert_eq!(ends(&[]), Some(39));
    assert_eq!(ends(&[11, 12]), Some(49));
    assert_eq!(ends(&[11, 12, 13, 14]), Some(49), "past the number");
    // Read on day 40 or later the trial is over before it is extended.
    let mut late = vendor.contoso([trial()]);
    late.forge(10, [start(1, "bronze"), assign("ada", "bronze")]);
    late.forge(40, [extend(1, "bronze")]);
    assert!(!late.opens("ada", "f365/orders", 41));
    // Nor does what extends it before it has begun, which a start before the window does not do.
    let mut early = vendor.contoso([trial()]);
    early.forge(5, [start(1, "bronze"), extend(1, "bronze")]);
    early.forge(9, [extend(1, "bronze")]);
    early.forge(9, [assign("ada", "bronze")]);
    assert_eq!(open_days(&early), (10..40).collect::<Vec<_>>());
    // Nor after it was ended.
    let mut ended = vendor.contoso([trial().ending(Termination::Cancelled(day(20)))]);
    ended.forge(10, [start(1, "bronze")]);
    for (on, left) in [(19, 1), (20, 1), (25, 1)] {
        ended.forge(on, [extend(1, "bronze")]);
        let state = ended.trials(day(on)).next().unwrap().state;
        assert_eq!(state, TrialState::Started { at: day(10), extensions_left: left }, "{on}");
    }
}

#[test]
fn l7_a_cancelled_trial_is_ended() {
    let vendor = Vendor::fabrikam();
    let cancelled = |on| {
        let mut grant = trial();
        if let GrantKind::Trial(trial) = &mut grant.kind {
            trial.early = Termination::Cancelled(day(on));
        }
        vendor.contoso([grant])
    };
    let open = |on| {
        let mut tenant = cancelled(on);
        tenant.forge(12, [start(1, "bronze"), assign("ada", "bronze")]);
        open_days(&tenant)
    };
    assert_eq!(open(25), (12..25).collect::<Vec<_>>());
    assert_eq!(open(12), NEVER);
    assert_eq!(open(11), NEVER);
    assert_eq!(open(9), NEVER);
    assert_eq!(open(60), (12..42).collect::<Vec<_>>());
    // Before anybody started it, it can no longer be started.
    assert_eq!(cancelled(9).reasons("ada", "f365/orders", 1)[0].code(), "reason.trial-ended");
    let mut tenant = cancelled(15);
    assert_eq!(
        tenant.reasons("ada", "f365/orders", 14)[0],
        DenialReason::NoUnits(NoUnits::TrialNotStarted { until: End::At(day(15)) })
    );
    let refused = tenant.run(15, [start(1, "bronze")]).unwrap_err();
    assert_eq!(refused.reason, RefusalReason::TrialEnded { plan: "bronze".parse().unwrap() });
}

#[test]
fn l10_buying_converts_a_trial_and_shuts_nobody_out() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([trial()]);
    tenant.run(10, [start(1, "bronze"), assign("ada", "bronze"), assign("bo", "bronze")]).unwrap();
    let mut bought = vendor.deal_for("contoso").with(paid("bronze", 1, days(20, 300)));
    bought.id = LicenseId::from_random([2; 16]);
    tenant.run(20, [Command::Install(vendor.seal(&bought))]).unwrap();
    let usable = |tenant: &Tenant, on| tenant.pool(&"bronze".parse().unwrap(), day(on)).usable;
    assert_eq!(usable(&tenant, 20), Total::Limited(2), "the larger, not the sum");
    let basis =
        |name, on| tenant.see(name, "f365/orders", day(on), |decision| decision.allowed().map(|a| a.basis()).ok());
    assert_eq!((basis("ada", 20), basis("bo", 20)), (Some(Basis::Paid), Some(Basis::Trial)));
    assert_eq!((basis("ada", 40), basis("bo", 40)), (Some(Basis::Paid), None), "the trial has ended");
    let refused = tenant.clone().run(30, [extend(1, "bronze")]).unwrap_err();
    assert_eq!(refused.reason, RefusalReason::Bought { plan: "bronze".parse().unwrap() });
}

/// L7: from the very instant at which it would begin, an early end comes after the beginning.
#[test]
fn l7_a_trial_withdrawn_before_it_starts_is_ended_and_at_its_start_it_never_lasts() {
    let ends = |early: i64| {
        let mut grant = Grant::trial("bronze".parse().unwrap(), units(1), window(5, 50), Length::days(10).unwrap());
        if let entitle::license::GrantKind::Trial(trial) = &mut grant.kind {
            trial.early = entitle::license::Termination::Withdrawn(day(early));
        }
        let mut tenant = Vendor::fabrikam().contoso([grant]);
        let reasons = |tenant: &entitle::Tenant, on| tenant.reasons("ada", "f365/orders", on)[0].code();
        let before = reasons(&tenant, 2);
        let license = Vendor::fabrikam().deal_for("contoso").id;
        let name = entitle::command::TrialName::new(license, "bronze".parse().unwrap());
        tenant.forge(7, [Command::StartTrial(name), assign("ada", "bronze")]);
        let open = (7..60).filter(|&on| tenant.opens("ada", "f365/orders", on)).count();
        (before, open)
    };
    // A start recorded too early counts from the opening on (T1); ended before that, it was never to come.
    let early_start = |early: i64| {
        let mut grant = Grant::trial("bronze".parse().unwrap(), units(1), window(20, 50), Length::days(10).unwrap());
        if let entitle::license::GrantKind::Trial(trial) = &mut grant.kind {
            trial.early = entitle::license::Termination::Withdrawn(day(early));
        }
        let mut tenant = Vendor::fabrikam().contoso([grant]);
        let name =
            entitle::command::TrialName::new(Vendor::fabrikam().deal_for("contoso").id, "bronze".parse().unwrap());
        tenant.forge(7, [Command::StartTrial(name)]);
        tenant.reasons("ada", "f365/orders", 10)[0].code()
    };
    assert_eq!(
        [15, 19, 20, 21].map(early_start),
        ["reason.trial-ended", "reason.trial-ended", "reason.pending", "reason.pending"]
    );
    // Before the window: it never was one. At its opening: it is to come, and gone at once.
    assert_eq!(ends(4), ("reason.trial-ended", 0));
    assert_eq!(ends(5), ("reason.trial-not-started", 0));
    // Started on day 7: before, at and after the start.
    assert_eq!((ends(6).1, ends(7).1, ends(8).1, ends(17).1, ends(30).1), (0, 0, 1, 10, 10));
}
