//! Records of hardly anything but times and tickets: many tickets, anchored at any place, around one trial (X6, T1).

use chrono::TimeDelta;
use entitle::catalog::{InstallPolicy, Management, Offer, Plan, Scope};
use entitle::explain::Basis;
use entitle::license::{Extension, Extensions, GrantKind};
use entitle::time::Window;
use entitle::{Deal, Grant, Units};
use proptest::prelude::*;

use super::anchors::Hook;
use super::calendar::{around, day};
use super::offers::plan_id;
use super::records::{Move, Moves};
use super::test_licenses::{Signer, length, license_id, licensee};
use super::test_tickets::{TestTicket, test_ticket};
use super::{TestLicense, World, cases, floor, replay, world_of, write};

const TICKETS: usize = 6;

/// A trial of 20 days that may be started from a day on, and extended again and again.
fn trial(opens: i64) -> TestLicense {
    let seller = Offer::new("publisher".parse().unwrap(), "product".parse().unwrap(), Management::Unmanaged);
    let window = Window::new(day(opens), day(1000)).unwrap();
    let mut grant = Grant::trial(plan_id(0), Units::limited(2).unwrap(), window, length(20));
    if let GrantKind::Trial(trial) = &mut grant.kind {
        trial.extensions = Extensions::UpTo(Extension::new(core::num::NonZeroU32::new(5).unwrap(), length(7)));
    }
    let deal = Deal::new(license_id(0), &seller, licensee("contoso"), day(-20)).with(grant);
    let signer = Signer::Trusted;
    TestLicense { token: signer.key().seal(&deal).unwrap(), deal, signer, verifies: false, hook: Hook::Nothing }
}

fn moves() -> impl Strategy<Value = Moves> {
    let one = prop_oneof![
        3 => Just(Move::Mark),
        2 => Just(Move::Start(0)),
        3 => Just(Move::Extend(0)),
        4 => (0..TICKETS).prop_map(Move::Correct),
    ];
    let moment = (0..60_i64, 0..3_i64).prop_map(|(number, seconds)| day(number) + TimeDelta::seconds(seconds));
    let happens = prop::collection::vec((moment, prop::collection::vec(one, 1..=2)), 4..=16);
    happens.prop_map(|happens| (true, happens))
}

/// Tickets of our own, nearly all with a name of their own.
fn tickets() -> impl Strategy<Value = Vec<TestTicket>> {
    prop::collection::vec((test_ticket(), 0..60_i64), TICKETS).prop_map(|test_tickets| {
        let ours = |(index, (mut test_ticket, number)): (u8, (TestTicket, i64))| {
            test_ticket.draft.id = entitle::TicketId::from_random([index.max(1); 16]);
            (test_ticket.draft.issued, test_ticket.draft.tenant) = (day(number), super::our_tenant());
            (test_ticket.draft.publisher, test_ticket.draft.offer) =
                ("publisher".parse().unwrap(), "product".parse().unwrap());
            test_ticket.signer = Signer::ForTenants;
            test_ticket.token = test_ticket.signer.key().seal_ticket(&test_ticket.draft).unwrap();
            test_ticket
        };
        (0..).zip(test_tickets).map(ours).collect()
    })
}

/// A world of this trial and nothing else.
fn world(opens: i64, test_tickets: Vec<TestTicket>, moves: Moves) -> World {
    let managed = Management::Managed(InstallPolicy::WithoutLicense);
    let mut offer = Offer::new("publisher".parse().unwrap(), "product".parse().unwrap(), managed);
    offer.plans.push(Plan::new(plan_id(0), Scope::Tenant, "Plan".parse().unwrap()));
    write(world_of(offer, vec![trial(opens)], Vec::new(), test_tickets, moves))
}

fn worlds_of_tickets() -> impl Strategy<Value = World> {
    (tickets(), moves()).prop_map(|(test_tickets, moves)| world(-10, test_tickets, moves))
}

/// Why K9 does not speak of windows that open earlier: a start recorded too early counts from the opening on.
#[test]
fn t1_a_window_that_opens_earlier_moves_a_trial_that_was_started_too_early() {
    for (opens, from, until) in [(10, 10, 30), (0, 2, 22)] {
        let tenant = world(opens, Vec::new(), (true, vec![(day(2), vec![Move::Start(0)])])).tenant();
        let usable = |number| tenant.pool(&plan_id(0), day(number)).usable > entitle::quantity::Total::ZERO;
        let days: Vec<i64> = (2..60).filter(|number| usable(*number)).collect();
        assert_eq!((days.first(), days.last()), (Some(&from), Some(&(until - 1))));
    }
}

proptest! {
    #![proptest_config(cases(16))]

    #[test]
    fn x6_times_are_what_tickets_make_of_them(world in worlds_of_tickets()) {
        let mut tenant = world.blank();
        for (event, length) in world.record.iter().zip(1..) {
            tenant = replay(tenant, core::slice::from_ref(event));
            let oracle = world.oracle(&world.record[..length]);
            prop_assert_eq!(floor(&tenant), oracle.floor(), "after event {}", length);
            let ends = oracle.boundaries(&plan_id(0)).into_iter().flat_map(around);
            for at in ends.chain([oracle.floor()]).filter(|at| *at >= oracle.floor()) {
                let found = tenant.pool(&plan_id(0), at).usable;
                prop_assert_eq!(found, oracle.reach(&plan_id(0), Basis::Grace, at), "after event {} at {}", length, at);
            }
        }
    }
}
