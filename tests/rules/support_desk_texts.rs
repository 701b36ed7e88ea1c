//! K3, K4: what the support desk reads, who are at the publisher; the date until which a trial starts; the age of a list.

use entitle::command::TrialName;
use entitle::explain::Audience;
use entitle::license::{Freshness, FreshnessLimit, Termination};
use entitle::time::{Days, Length};
use entitle::{Command, Decision, Grant, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, day, days, paid, units, window};

fn text(tenant: &Tenant, on: i64, audience: Audience) -> String {
    tenant.see("ada", "f365/audit", day(on), |decision| match decision {
        Decision::Deny(denial) => denial.text(audience).to_string(),
        Decision::Allow(allow) => panic!("{allow:?}"),
    })
}

fn trial() -> Grant {
    Grant::trial("gold".parse().unwrap(), units(1), window(0, 50), Length::days(30).unwrap())
}

/// Licenses of gold, each of which requires a list of at most so many days; ada has a seat.
fn wants_lists(ages: impl IntoIterator<Item = (u8, u32)>) -> Tenant {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.tenant("contoso");
    for (id, age) in ages {
        let mut deal = vendor.deal(id, vendor.deal_for("contoso").licensee).with(paid("gold", 1, days(0, 100)));
        deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(age)));
        tenant.forge(0, [Command::Install(vendor.seal(&deal))]);
    }
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

#[test]
fn k4_a_remedy_that_starts_a_trial_says_until_when_it_can_be_started() {
    // The purchase is the reason, so only the remedy can say it: day 50 is 2026-04-20.
    let tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(-300, -200)), trial()]);
    for (audience, start, sign_up) in [
        (
            Audience::Administrator,
            "- start the trial of F365 Gold in the license 01010101010101010101010101010101 before 2026-04-20T00:00:00Z, then",
            "- have the user sign up before 2026-04-20T00:00:00Z for the trial of F365 Gold in the license \
             01010101010101010101010101010101",
        ),
        (
            Audience::Individual,
            "- start your trial of F365 Gold before 2026-04-20T00:00:00Z, then",
            "- sign up for the trial of F365 Gold before 2026-04-20T00:00:00Z",
        ),
        (
            Audience::SupportDesk,
            "- start the trial of `gold` in the license 01010101010101010101010101010101 before 2026-04-20T00:00:00Z, then",
            "- have the user sign up before 2026-04-20T00:00:00Z for the trial of `gold` in the license \
             01010101010101010101010101010101",
        ),
    ] {
        let text = text(&tenant, 10, audience);
        assert!(text.lines().any(|line| line.starts_with(start)), "{text}");
        assert!(text.lines().any(|line| line == sign_up), "{text}");
    }
    let user = text(&tenant, 10, Audience::User);
    assert!(user.contains("\nYou can sign up for a trial of F365 Gold before 2026-04-20T00:00:00Z.\n"), "{user}");
}

#[test]
fn k4_a_trial_that_is_withdrawn_can_be_started_until_then() {
    let tenant = Vendor::fabrikam().contoso([trial().ending(Termination::Withdrawn(day(20)))]);
    let user = text(&tenant, 10, Audience::User);
    assert!(user.contains("\nYou can sign up for a trial of F365 Gold before 2026-03-21T00:00:00Z.\n"), "{user}");
}

#[test]
fn k3_of_the_licenses_that_lack_a_list_the_strictest_says_how_old_it_may_be() {
    // Issued on day -10: of 12, 14 and 60 days the first two give nothing on day 10.
    let tenant = wants_lists([(1, 14), (2, 12), (3, 60)]);
    let usable = tenant.see("ada", "f365/audit", day(10), |decision| decision.is_allowed());
    assert!(usable);
    let tenant = wants_lists([(1, 14), (2, 12)]);
    for audience in [Audience::Administrator, Audience::SupportDesk] {
        let text = text(&tenant, 10, audience);
        assert!(
            text.contains("requires a revocation list that is less than 12 days old, and has given nothing"),
            "{text}"
        );
    }
    let individual = text(&tenant, 10, Audience::Individual);
    assert!(
        individual.contains(
            "that is less than 12 days old: ask the vendor for the latest, and install it. No purchase is needed."
        ),
        "{individual}"
    );
    // Another plan's list does not matter.
    let other = paid("silver", 1, days(0, 100));
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal(4, vendor.deal_for("contoso").licensee).with(other);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(11)));
    let mut tenant = tenant;
    tenant.forge(0, [Command::Install(vendor.seal(&deal))]);
    let text = text(&tenant, 10, Audience::Administrator);
    assert!(text.contains("(`gold`): its license requires a revocation list that is less than 12 days old"), "{text}");
}

#[test]
fn k3_the_support_desk_is_never_sent_to_the_publisher() {
    let stale = wants_lists([(1, 10)]);
    let taken_back = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100)).ending(Termination::Withdrawn(day(5)))]);
    let mut ahead = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    ahead.forge(0, [assign("ada", "gold")]);
    ahead.forge(2000, [Command::RecordTime]);
    for (tenant, does) in [
        (&stale, "- send the customer the latest revocation list, and have it installed"),
        (&taken_back, "The license of `gold` was ended early: find out why before it is sold again."),
        (&ahead, "- issue a time ticket with the anchor "),
    ] {
        let support = text(tenant, 10, Audience::SupportDesk);
        assert!(support.contains(does), "{support}");
        assert!(!support.contains("the publisher"), "{support}");
        // Everybody else is.
        let administrator = text(tenant, 10, Audience::Administrator);
        assert!(administrator.contains("the publisher") && !administrator.contains(does), "{administrator}");
    }
}

#[test]
fn l7_a_withdrawal_to_come_is_no_withdrawal_yet() {
    // Bo has the one seat, so that ada is denied while the grant runs.
    let grant = paid("gold", 1, days(0, 100)).ending(Termination::Withdrawn(day(50)));
    let mut tenant = Vendor::fabrikam().contoso([grant]);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    let text = text(&tenant, 10, Audience::SupportDesk);
    let active = "revision 1: paid, units: 1, active, next change by time: 2026-04-20T00:00:00Z";
    assert!(text.contains(active) && !text.contains("withdrawn"), "{text}");
}

#[test]
fn k3_the_support_desk_reads_of_a_trial_that_ran_that_it_ended() {
    let mut tenant = Vendor::fabrikam().contoso([trial()]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    let text = text(&tenant, 90, Audience::SupportDesk);
    assert!(text.contains("revision 1: trial, units: ") && !text.contains("never started"), "{text}");
}

#[test]
fn k3_only_a_license_that_lacks_a_list_says_how_old_it_may_be() {
    // The grant of license 2, which asks for a list of 5 days, has ended.
    let vendor = Vendor::fabrikam();
    let mut tenant = wants_lists([(1, 14)]);
    let ended = paid("gold", 1, days(-300, -200));
    let mut deal = vendor.deal(2, vendor.deal_for("contoso").licensee).with(ended);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(5)));
    tenant.forge(0, [Command::Install(vendor.seal(&deal))]);
    let text = text(&tenant, 10, Audience::Administrator);
    assert!(text.contains("requires a revocation list that is less than 14 days old"), "{text}");
}
