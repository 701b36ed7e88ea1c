//! K7: why access is allowed, in words.

use entitle::command::TrialName;
use entitle::explain::{AllowExplanation, AllowedBy, Audience, Basis, Sale, Seat, Text, Warning};
use entitle::license::{Freshness, FreshnessLimit, Termination};
use entitle::quantity::Place;
use entitle::query::GrantChange;
use entitle::time::{Days, End, Length, Phase};
use entitle::{Command, Decision, LicenseId, Tenant};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, group, join, paid, units, user, window};

fn text(tenant: &Tenant, name: &str, app: &str, on: i64, reader: Audience) -> Text {
    tenant.see(name, app, day(on), |decision| match decision {
        Decision::Allow(allow) => allow.text(reader),
        Decision::Deny(denial) => denial.text(reader),
    })
}

#[test]
fn k7_an_allow_names_its_plan_its_source_and_what_is_approaching() {
    let tolerating = paid("gold", 1, days(0, 100)).tolerating(units(3), day(50));
    let mut tenant = Vendor::fabrikam().contoso([tolerating]);
    tenant.forge(0, [assign("bo", "gold"), join("ada", "staff"), assign_group("staff", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    // In one event by id: Ada has the first place, Bo rests on the tolerance.
    let grounds = |name, on| {
        tenant.see(name, "f365/audit", day(on), |decision| match decision {
            Decision::Allow(allow) => allow.explain(),
            Decision::Deny(denial) => panic!("{denial:?}"),
        })
    };
    let bo = grounds("bo", 10);
    let AllowedBy::Plan(ground) = &bo.by else { panic!("{bo:?}") };
    assert_eq!((bo.basis, bo.until), (Basis::Tolerance, End::At(day(50))));
    assert_eq!(bo.warnings, [Warning::OverAssigned { until: End::At(day(50)) }]);
    assert_eq!((ground.plan.as_str(), ground.name.as_str()), ("gold", "F365 Gold"));
    assert_eq!(ground.seat, Seat::User { place: Place::behind(1), sources: vec![user("bo").into()] });
    let [grant] = ground.grants.as_slice() else { panic!("{ground:?}") };
    assert_eq!((grant.sale, grant.units, grant.phase), (Sale::Paid, units(1), Phase::Active));
    assert_eq!(grant.until, End::At(day(100)));
    let approaching: Vec<_> =
        ground.approaching.iter().map(|next| ((next.at - day(0)).num_days(), next.change)).collect();
    let becomes = |from, to| GrantChange::Becomes { from, to };
    assert_eq!(
        approaching,
        [
            (50, GrantChange::ToleranceEnds),
            (100, becomes(Phase::Active, Phase::Grace)),
            (130, becomes(Phase::Grace, Phase::Suspended)),
            (220, becomes(Phase::Suspended, Phase::Ended)),
        ]
    );
    let ada = grounds("ada", 10);
    let AllowedBy::Plan(ground) = &ada.by else { panic!("{ada:?}") };
    assert_eq!(
        ground.seat,
        Seat::User { place: Place::FIRST, sources: vec![user("ada").into(), group("staff").into()] }
    );
    // As data and back.
    let json = serde_json::to_string(&bo).unwrap();
    assert_eq!(serde_json::from_str::<AllowExplanation>(&json).unwrap(), bo);

    let text = text(&tenant, "bo", "f365/audit", 10, Audience::Administrator).to_string();
    assert_eq!(
        text,
        "`bo` may open `f365/audit`: over-assigned. Next change by time alone, on 2026-04-20T00:00:00Z: access \
         ends.\n  \
         more seats are assigned (2) than licensed (1), which is tolerated until 2026-04-20T00:00:00Z: buy units or free seats \
         before then\n\
         - F365 Gold: assigned directly\n  \
         seat number 2\n  \
         2026-04-20T00:00:00Z: license 01010101010101010101010101010101 no longer tolerates seats beyond its units (units: 1)\n  \
         2026-06-09T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and their grace begins (units: 1)\n  \
         2026-07-09T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)\n  \
         2026-10-07T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)"
    );
    let full = self::text(&tenant, "ada", "f365/audit", 10, Audience::SupportDesk).to_string();
    assert!(
        full.starts_with("allowed: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z"),
        "{full}"
    );
    assert!(full.contains("F365 Gold: assigned directly, through the group `staff`"), "{full}");
    assert_eq!(self::text(&tenant, "bo", "f365/audit", 10, Audience::User).to_string(), "You may open `f365/audit`.");
}

#[test]
fn k7_an_allow_says_what_the_plan_requires() {
    let vendor = Vendor::of(include_str!("../../examples/orders.json"));
    let automate = paid("automate", 1, days(0, 20));
    let mut tenant = vendor.contoso([paid("orders", 1, days(0, 300)), paid("usl", 1, days(0, 300)), automate]);
    tenant.run(0, [assign("ada", "automate"), assign("ada", "usl")]).unwrap();
    // The other that would do is claimed, and has no unit.
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "automate-rpa")]).unwrap();
    let grounds = tenant.see("ada", "orders/publish-policy", day(0), |decision| match decision {
        Decision::Allow(allow) => allow.explain(),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });
    let AllowedBy::Plan(ground) = &grounds.by else { panic!("{grounds:?}") };
    let required: Vec<_> = ground.requires.iter().map(|ground| ground.plan.as_str()).collect();
    assert_eq!(required, ["orders", "automate"], "what is in effect");
    assert_eq!(ground.requires[1].approaching[0].at, day(20), "why it ends");
    let text = text(&tenant, "ada", "orders/publish-policy", 0, Audience::Administrator).to_string();
    assert!(
        text.contains("- Power Automate per user: assigned directly\n  seat number 1\n  2026-03-21T00:00:00Z"),
        "{text}"
    );
}

#[test]
fn k7_an_allow_rests_on_usable_grants_and_names_those_to_come() {
    // Suspended since day -10, active, and bought for later.
    let grants = [paid("gold", 3, days(-100, -40)), paid("gold", 1, days(0, 100)), paid("gold", 2, days(100, 150))];
    let mut tenant = Vendor::fabrikam().contoso(grants);
    tenant.run(0, [assign("ada", "gold")]).unwrap();
    let grounds = tenant.see("ada", "f365/audit", day(0), |decision| match decision {
        Decision::Allow(allow) => allow.explain(),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });
    let AllowedBy::Plan(ground) = &grounds.by else { panic!("{grounds:?}") };
    assert_eq!(ground.grants.iter().map(|grant| grant.units).collect::<Vec<_>>(), [units(1)]);
    let next: Vec<_> = ground.approaching.iter().map(|next| ((next.at - day(0)).num_days(), next.units)).collect();
    let (one, two) = (units(1), units(2));
    assert_eq!(next, [(100, two), (100, one), (130, one), (150, two), (180, two), (220, one), (270, two)]);
}

#[test]
fn k7_an_allow_without_a_plan_says_so() {
    let tenant = Vendor::fabrikam().contoso([]);
    let free = text(&tenant, "ada", "f365/basic", 0, Audience::Administrator).to_string();
    assert_eq!(free, "`ada` may open `f365/basic`: free.");
    let grounds = tenant.see("ada", "f365/basic", day(0), |decision| match decision {
        Decision::Allow(allow) => allow.explain(),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });
    assert_eq!((grounds.by, grounds.until), (AllowedBy::NoPlan, End::Never));
}

#[test]
fn k7_who_administers_reads_when_access_ends_beside_the_next_change() {
    let tenant = seated_until(100);
    for audience in [Audience::Administrator, Audience::SupportDesk] {
        let text = |on| self::text(&tenant, "ada", "f365/audit", on, audience).to_string();
        let closes = "\n  without a renewal or a purchase, access ends on 2026-07-09T00:00:00Z\n";
        assert!(text(10).contains(closes) && text(80).contains(closes), "{}", text(10));
        // In grace the warning names that instant itself.
        let (in_grace, closes) = (text(110), "access ends on 2026-07-09");
        assert!(in_grace.contains("before its grace ends on 2026-07-09") && !in_grace.contains(closes), "{in_grace}");
    }
    let perpetual = paid("gold", 1, entitle::Term::perpetual(day(0)));
    let mut tenant = Vendor::fabrikam().contoso([perpetual]);
    tenant.forge(0, [assign("ada", "gold")]);
    let text = self::text(&tenant, "ada", "f365/audit", 10, Audience::Administrator).to_string();
    assert!(!text.contains("access ends"), "{text}");
}

/// Gold for ada, until a day.
fn seated_until(end: i64) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, end))]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

#[test]
fn k7_where_units_change_and_access_stays_the_next_change_is_listed_below() {
    // A grant without an end, and one that its publisher withdraws on day 50: nothing else changes by time.
    let perpetual = paid("gold", 1, entitle::Term::perpetual(day(0)));
    let withdrawn = paid("gold", 1, entitle::Term::perpetual(day(0))).ending(Termination::Withdrawn(day(50)));
    let mut tenant = Vendor::fabrikam().contoso([perpetual, withdrawn]);
    tenant.forge(0, [assign("ada", "gold")]);
    let text = text(&tenant, "ada", "f365/audit", 10, Audience::Administrator).to_string();
    let next = "Next change by time alone, on 2026-04-20T00:00:00Z: units change as listed below, and access stays.";
    assert!(text.contains(next), "{text}");
    assert!(text.contains("\n  2026-04-20T00:00:00Z: units of license "), "{text}");
}

#[test]
fn k7_an_individual_whose_term_and_access_end_at_once_reads_one_date() {
    let ending = |grace| {
        let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100)).with_grace(Days::new(grace))]);
        tenant.forge(0, [assign("ada", "gold")]);
        text(&tenant, "ada", "f365/audit", 80, Audience::Individual).to_string()
    };
    assert_eq!(
        ending(0),
        "You may open `f365/audit`.\nYour access ends on 2026-06-09T00:00:00Z, unless you buy or renew F365 Gold before then."
    );
    assert_eq!(
        ending(10),
        "You may open `f365/audit`.\nThe term of your license for F365 Gold ends on 2026-06-09T00:00:00Z: renew it before then. Without \
         that your access ends on 2026-06-19T00:00:00Z."
    );
}

#[test]
fn s11_the_support_desk_reads_of_a_tolerance_while_it_counts() {
    let tolerating = |ends, until| {
        let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, ends)).tolerating(units(3), day(until))]);
        tenant.forge(0, [assign("ada", "gold")]);
        move |on| {
            text(&tenant, "ada", "f365/audit", on, Audience::SupportDesk).to_string().contains(" tolerates 3 seats")
        }
    };
    let until_day_50 = tolerating(100, 50);
    assert!(until_day_50(10) && until_day_50(49) && !until_day_50(50));
    // In grace from day 20 on, and suspended from day 50 on.
    let suspended = tolerating(20, 60);
    assert!(suspended(30) && !suspended(55));
}

#[test]
fn k7_an_individual_reads_at_once_when_a_trial_ends() {
    let trial = entitle::Grant::trial("gold".parse().unwrap(), units(1), window(0, 50), Length::days(90).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(0, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    let text = text(&tenant, "ada", "f365/audit", 1, Audience::Individual).to_string();
    let ends = "Your access ends on 2026-05-30T00:00:00Z, unless you buy F365 Gold before then.";
    assert_eq!(text, format!("You may open `f365/audit`.\nThis is a trial.\n{ends}"));
}

#[test]
fn k7_who_administers_reads_that_the_term_of_a_trial_ends_before_its_grace() {
    let trial = entitle::Grant::trial("gold".parse().unwrap(), units(1), window(0, 50), Length::days(20).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial.with_grace(Days::new(10))]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(0, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    let text = text(&tenant, "ada", "f365/audit", 10, Audience::Administrator).to_string();
    for end in [
        "the term that covers this user ends on 2026-03-21T00:00:00Z",
        "this is a trial: without a purchase, access ends on 2026-03-31T00:00:00Z",
    ] {
        assert!(text.contains(end), "{text}");
    }
}

/// Gold requires bronze.
fn gold_with_bronze() -> Vendor {
    let requires = r#""name": "F365 Gold", "requires": [["bronze"]],"#;
    Vendor::of(&include_str!("../../examples/fabrikam.json").replacen(r#""name": "F365 Gold","#, requires, 1))
}

#[test]
fn k7_an_individual_whose_seat_is_tolerated_reads_that_a_seat_can_be_taken_back_though_a_license_begins_later() {
    let tolerated = paid("gold", 1, days(0, 100)).tolerating(units(3), day(50));
    let mut tenant = Vendor::fabrikam().contoso([tolerated, paid("gold", 1, days(60, 400))]);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    let text = text(&tenant, "ada", "f365/audit", 10, Audience::Individual).to_string();
    assert!(text.contains("your access ends on 2026-04-20T00:00:00Z, unless you buy units of F365 Gold"), "{text}");
}

#[test]
fn k7_a_notice_that_runs_already_is_not_the_next_change() {
    // One of two grants is withdrawn on day 15; the notice that the other ends on day 20 runs already.
    let withdrawn = paid("gold", 1, days(0, 300)).ending(Termination::Withdrawn(day(15)));
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 20)), withdrawn]);
    tenant.forge(0, [assign("ada", "gold")]);
    let text = text(&tenant, "ada", "f365/audit", 10, Audience::Administrator).to_string();
    assert!(text.contains("on 2026-03-16T00:00:00Z: units change as listed below, and access stays."), "{text}");
    assert!(text.contains("the term that covers this user ends on 2026-03-21T00:00:00Z"), "{text}");
}

#[test]
fn k7_units_that_change_are_listed_below_also_where_another_plan_requires_them() {
    let perpetual = |plan| paid(plan, 1, entitle::Term::perpetual(day(0)));
    let withdrawn = perpetual("bronze").ending(Termination::Withdrawn(day(50)));
    let mut tenant = gold_with_bronze().contoso([perpetual("gold"), perpetual("bronze"), withdrawn]);
    tenant.forge(0, [assign("ada", "gold"), assign("ada", "bronze")]);
    let text = text(&tenant, "ada", "f365/audit", 10, Audience::Administrator).to_string();
    assert!(text.contains("on 2026-04-20T00:00:00Z: units change as listed below, and access stays."), "{text}");
    assert!(text.contains("\n  2026-04-20T00:00:00Z: units of license "), "{text}");
}

#[test]
fn k7_where_access_ends_for_want_of_a_list_nothing_is_to_be_renewed() {
    // Gold for ever, issued on day -10: the list is wanted from day 20 on, and nothing is given from day 35 on.
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(paid("gold", 1, entitle::Term::perpetual(day(0))));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(30), Days::new(45)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    let text = |on, audience| text(&tenant, "ada", "f365/audit", on, audience).to_string();
    // Day 35 is 2026-04-05; the notice of 30 days begins on day 5.
    for (audience, list) in [
        (Audience::Individual, "Install the latest revocation list, which the vendor provides, before 2026-04-05"),
        (
            Audience::Administrator,
            "install the latest revocation list, which the publisher provides, before 2026-04-05",
        ),
        (
            Audience::SupportDesk,
            "send the customer the latest revocation list, and have it installed before 2026-04-05",
        ),
    ] {
        for on in [10, 25, 30] {
            let text = text(on, audience);
            assert_eq!(text.matches(list).count(), 1, "{on}: {text}");
            assert!(!text.contains("renew") && !text.contains("buy") && !text.contains("purchase"), "{on}: {text}");
        }
    }
    let early = text(1, Audience::Administrator);
    assert!(
        early.contains("on 2026-03-06T00:00:00Z: the notice begins that a recent revocation list is wanted"),
        "{early}"
    );
    assert!(!early.contains("renewal") && early.contains("before 2026-04-05"), "{early}");
}

#[test]
fn k7_an_individual_reads_which_plan_ends_first_and_not_what_ends_later() {
    // Bronze ends on day 20, which is 2026-03-21; gold is tolerated until day 50, or in grace until day 30.
    let bronze = || paid("bronze", 2, days(-90, 20)).with_grace(Days::NONE);
    let tolerated = paid("gold", 1, days(0, 100)).tolerating(units(3), day(50));
    for gold in [paid("gold", 2, days(0, 300)), tolerated, paid("gold", 2, days(-90, 0))] {
        let mut tenant = gold_with_bronze().contoso([bronze(), gold]);
        tenant.forge(0, [assign("bo", "gold"), assign("bo", "bronze")]);
        tenant.forge(0, [assign("ada", "gold"), assign("ada", "bronze")]);
        let text = text(&tenant, "ada", "f365/audit", 10, Audience::Individual).to_string();
        let ends = "Your access ends on 2026-03-21T00:00:00Z, unless you buy or renew F365 Bronze before then.";
        assert_eq!(text, format!("You may open `f365/audit`.\n{ends}"));
    }
}

#[test]
fn k7_an_individual_reads_of_the_end_of_a_required_plan_from_its_notice_on() {
    let bronze = paid("bronze", 1, days(0, 45)).with_grace(Days::NONE);
    let mut tenant = gold_with_bronze().contoso([bronze, paid("gold", 1, days(0, 300))]);
    tenant.forge(0, [assign("ada", "gold"), assign("ada", "bronze")]);
    let says = |on| text(&tenant, "ada", "f365/audit", on, Audience::Individual).to_string().contains("ends on");
    assert!(!says(14) && says(15), "the notice is of 30 days");
}
