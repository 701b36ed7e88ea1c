//! K3: the two states of a plan, of its purchases and of its trials, and the one reason.

use core::num::NonZeroU32;

use entitle::command::TrialName;
use entitle::explain::{DenialCause, GrantState, NoUnits, PlanDenial};
use entitle::license::{
    Freshness, FreshnessLimit, Licensee, Revocation, RevocationListDraft, RevokedLicense, Termination,
};
use entitle::time::{Days, End, Length};
use entitle::{Command, Deal, Grant, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

/// The day on which the answers are read.
const TODAY: i64 = 100;

/// What a license has of bronze, and what becomes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Sold {
    Nothing,
    Revoked,
    Ended,
    Suspended,
    NotStarted,
    Pending,
    NotFresh,
    Usable,
}

use Sold::{Ended, NotFresh, NotStarted, Nothing, Pending, Revoked, Suspended, Usable};

fn purchase(sold: Sold) -> Option<Grant> {
    Some(match sold {
        Nothing | NotStarted => return None,
        Revoked | NotFresh | Usable => paid("bronze", 1, days(0, 200)),
        Ended => paid("bronze", 1, days(0, 200)).ending(Termination::Withdrawn(day(60))),
        Suspended => paid("bronze", 1, days(0, 200)).ending(Termination::Cancelled(day(70))),
        Pending => paid("bronze", 1, days(150, 200)),
    })
}

fn trial(sold: Sold) -> Option<Grant> {
    let (opens, closes, length) = match sold {
        Nothing | Suspended => return None,
        Revoked | NotFresh | Usable => (0, 99, 90),
        Ended => (0, 50, 30),
        NotStarted => (0, 120, 30),
        Pending => (150, 160, 30),
    };
    Some(Grant::trial("bronze".parse().unwrap(), units(1), window(opens, closes), Length::days(length).unwrap()))
}

/// A tenant with a purchase in license 1 and a trial in license 2, in these situations on day 100.
fn tenant(purchases: Sold, trials: Sold) -> Tenant {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    let asked = |mut deal: Deal, sold: Sold| {
        if sold == NotFresh {
            deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(90)));
        }
        deal
    };
    let Licensee::Tenant(customer) = vendor.deal_for("contoso").licensee else { unreachable!() };
    let mut list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    for (id, grant, sold) in [(1, purchase(purchases), purchases), (2, trial(trials), trials)] {
        let Some(grant) = grant else { continue };
        let deal = asked(vendor.deal(id, Licensee::Tenant(customer.clone())).with(grant), sold);
        tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
        if sold == Revoked {
            let license =
                RevokedLicense::new(LicenseId::from_random([id; 16]), NonZeroU32::MIN, day(80 + i64::from(id)));
            list = list.with(Revocation::License(license));
        }
    }
    if !matches!(trials, Nothing | NotStarted) {
        // Recorded before a trial may be started, a start counts as made when it may.
        let name = TrialName::new(LicenseId::from_random([2; 16]), "bronze".parse().unwrap());
        tenant.forge(20, [Command::StartTrial(name)]);
    }
    if !list.entries.is_empty() {
        tenant.forge(20, [Command::InstallRevocationList(vendor.secret.seal_list(&list).unwrap())]);
    }
    tenant
}

fn bronze(tenant: &Tenant) -> PlanDenial {
    let explanation = tenant.see("ada", "f365/orders", day(TODAY), |decision| decision.allowed().unwrap_err());
    let DenialCause::Plans(misses) = explanation.cause else { panic!("of this catalog") };
    misses.into_iter().find(|miss| miss.plan.as_str() == "bronze").unwrap()
}

fn is_in(state: GrantState, sold: Sold) -> bool {
    matches!(
        (state, sold),
        (GrantState::NoUnits(NoUnits::NoGrant), Nothing)
            | (GrantState::NoUnits(NoUnits::Revoked { .. }), Revoked)
            | (GrantState::NoUnits(NoUnits::Ended { .. } | NoUnits::TrialEnded { .. }), Ended)
            | (GrantState::NoUnits(NoUnits::Suspended { .. }), Suspended)
            | (GrantState::NoUnits(NoUnits::TrialNotStarted { .. }), NotStarted)
            | (GrantState::NoUnits(NoUnits::Pending { .. }), Pending)
            | (GrantState::NoUnits(NoUnits::ListNotFresh { .. }), NotFresh)
            | (GrantState::Usable, Usable)
    )
}

/// The code of the reason that a state is.
fn code(sold: Sold) -> &'static str {
    match sold {
        Nothing => "reason.no-grant",
        Revoked => "reason.revoked",
        Ended => "reason.ended",
        Suspended => "reason.suspended",
        NotStarted => "reason.trial-not-started",
        Pending => "reason.pending",
        NotFresh => "reason.list-not-fresh",
        Usable => "reason.not-assigned",
    }
}

#[test]
fn k3_every_pair_of_states_has_a_reason_and_a_purchase_comes_before_a_trial() {
    let purchases = [Nothing, Revoked, Ended, Suspended, Pending, NotFresh, Usable];
    for purchase in purchases {
        for trial in [Nothing, Revoked, Ended, NotStarted, Pending, NotFresh, Usable] {
            let found = bronze(&tenant(purchase, trial));
            assert!(is_in(found.paid, purchase), "{purchase:?}, {trial:?}: {found:?}");
            // A revocation list that is there makes every license of its signer fresh; it is dated as the first is.
            assert!(is_in(found.trial, trial), "{purchase:?}, {trial:?}: {found:?}");
            let expected = match (purchase, trial) {
                (Usable, _) | (_, Usable) => Usable,
                (NotFresh, _) | (_, NotFresh) => NotFresh,
                (Nothing, trial) => trial,
                (purchase, _) => purchase,
            };
            let is_trial_over = (purchase, trial) == (Nothing, Ended);
            let expected = if is_trial_over { "reason.trial-ended" } else { code(expected) };
            assert_eq!(found.reason.code(), expected, "{purchase:?}, {trial:?}");
        }
    }
}

/// A refund after a used trial: the license was revoked, and nothing is reported of the trial that ended before.
#[test]
fn k3_a_refund_after_a_used_trial_is_reported_as_a_revocation() {
    let mut tenant = tenant(Revoked, Ended);
    tenant.forge(21, [assign("ada", "bronze")]);
    let found = bronze(&tenant);
    assert_eq!(found.to_string(), "F365 Bronze: its license was revoked on 2026-05-21T00:00:00Z");
}

/// A subscription that lapsed, beside a trial that nobody started.
#[test]
fn k3_a_lapsed_subscription_beside_an_unused_trial_is_reported_as_lapsed() {
    let found = bronze(&tenant(Ended, NotStarted));
    assert_eq!(found.to_string(), "F365 Bronze: its license ended on 2026-04-30T00:00:00Z");
    assert!(
        matches!(found.trial, GrantState::NoUnits(NoUnits::TrialNotStarted { .. })),
        "the trial is in the value all the same"
    );
}

/// Of a revoked and an ended purchase, the later is reported.
#[test]
fn k3_of_a_revoked_and_an_ended_purchase_the_later_is_reported() {
    let vendor = Vendor::fabrikam();
    for (ends, expected) in [(60, "reason.revoked"), (90, "reason.ended")] {
        let mut tenant = tenant(Revoked, Nothing);
        let other = vendor.deal(3, vendor.deal_for("contoso").licensee);
        let other = other.with(paid("bronze", 1, days(0, 200)).ending(Termination::Withdrawn(day(ends))));
        tenant.run(20, [Command::Install(vendor.seal(&other))]).unwrap();
        // Revoked since day 81.
        assert_eq!(bronze(&tenant).reason.code(), expected, "ended on day {ends}");
    }
}

/// Of several, the latest end counts: until then a renewal restores something, or a trial can be started.
#[test]
fn k3_of_several_grants_in_one_state_the_last_to_leave_it_says_until_when() {
    let vendor = Vendor::fabrikam();
    for ends in [[50, 60], [60, 50]] {
        let tenant = vendor.contoso(ends.map(|ends| paid("bronze", 1, days(0, ends))));
        let suspended = GrantState::NoUnits(NoUnits::Suspended { since: day(90), until: End::At(day(180)) });
        assert_eq!(bronze(&tenant).paid, suspended);
    }
    for closes in [[110, 120], [120, 110]] {
        let mut tenant = vendor.tenant("contoso");
        for (id, closes) in [(1, closes[0]), (2, closes[1])] {
            let length = Length::days(30).unwrap();
            let trial = Grant::trial("bronze".parse().unwrap(), units(1), window(0, closes), length);
            let deal = vendor.deal(id, Licensee::Anyone).with(trial);
            tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
        }
        assert_eq!(bronze(&tenant).trial, GrantState::NoUnits(NoUnits::TrialNotStarted { until: End::At(day(120)) }));
    }
}

/// Plans are listed by the kind of their reason, then in the order of the catalog: dates order nothing.
#[test]
fn k3_plans_are_ordered_by_the_kind_of_their_reason_and_then_by_the_catalog() {
    let vendor = Vendor::fabrikam();
    let ended = |plan, on| paid(plan, 1, days(0, 200)).ending(Termination::Withdrawn(day(on)));
    let tenant = vendor.contoso([ended("gold", 90), ended("bronze", 10), paid("silver", 1, days(150, 200))]);
    let explanation = tenant.see("ada", "f365/orders", day(TODAY), |decision| decision.allowed().unwrap_err());
    let DenialCause::Plans(misses) = explanation.cause else { panic!("of this catalog") };
    let order: Vec<_> = misses.iter().map(|miss| (miss.plan.as_str(), miss.reason.code())).collect();
    assert_eq!(order, [("silver", "reason.pending"), ("bronze", "reason.ended"), ("gold", "reason.ended")]);
}
