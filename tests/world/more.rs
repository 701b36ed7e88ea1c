//! More license never takes away (K9), and no reading of a clock brings back what is over (X6).

use core::num::NonZeroU32;
use entitle::{Allowance, Command, Event, Grant, Holder, Length, Tenant, Term, Terms, Token, Tolerance, Total, Units};
use proptest::prelude::*;

use super::answers::all;
use super::calendar::{day, days};
use super::offers::{PLANS, plan_id};
use super::slips::slips;
use super::{Paper, World, admin, any_world, cases, floor, replay};

/// How a deal grows: by one grant, by some units of a grant, by a longer term of one.
#[derive(Debug, Clone, Copy)]
enum Growth {
    Grant(usize, u32, i64, i64),
    Units(usize, u32),
    Unlimited(usize),
    Longer(usize, i64),
    Perpetual(usize),
}

fn growth() -> impl Strategy<Value = Growth> {
    prop_oneof![
        (0..PLANS.len(), 1..=3_u32, 0..40_i64, 1..60_i64)
            .prop_map(|(plan, n, from, long)| Growth::Grant(plan, n, from, long)),
        (0..4_usize, 1..=3_u32).prop_map(|(grant, n)| Growth::Units(grant, n)),
        (0..4_usize).prop_map(Growth::Unlimited),
        (0..4_usize, 1..40_i64).prop_map(|(grant, long)| Growth::Longer(grant, long)),
        (0..4_usize).prop_map(Growth::Perpetual),
    ]
}

fn plus(units: Units, more: u32) -> Units {
    match units {
        Units::Limited(units) => Units::Limited(units.checked_add(more).unwrap()),
        Units::Unlimited => Units::Unlimited,
    }
}

/// The grant with more; `None` where there is no more to give.
fn grown(grant: &Grant, growth: Growth) -> Option<Grant> {
    let mut grant = grant.clone();
    match growth {
        Growth::Grant(..) => return None,
        Growth::Units(_, more) => {
            grant.units = plus(grant.units, more);
            if let Tolerance::UpTo(Allowance { units, until, .. }) = grant.tolerance {
                grant.tolerance = Tolerance::UpTo(Allowance::new(plus(units, more), until));
            }
        }
        Growth::Unlimited(_) => (grant.units, grant.tolerance) = (Units::Unlimited, Tolerance::None),
        Growth::Longer(_, more) => match &mut grant.terms {
            Terms::Paid(paid) => {
                let entitle::End::At(ends) = paid.term.ends() else { return None };
                paid.term = Term::new(paid.term.starts(), ends + chrono::TimeDelta::days(more)).unwrap();
            }
            Terms::Trial(trial) => {
                let longer = trial.length.in_days().get() + u32::try_from(more).unwrap();
                trial.length = Length::days(longer).unwrap();
            }
        },
        Growth::Perpetual(_) => match &mut grant.terms {
            Terms::Paid(paid) => paid.term = Term::perpetual(paid.term.starts()),
            Terms::Trial(_) => return None,
        },
    }
    Some(grant)
}

/// The same world, in which one document has always said more; `None` where it cannot.
fn with_more(world: &World, which: usize, growth: Growth) -> Option<World> {
    let mut world = world.clone();
    let which = which % world.papers.len();
    let Paper { token, deal, signer, .. } = world.papers[which].clone();
    let mut deal = deal;
    match growth {
        // A license for anyone holds trials only (L1).
        Growth::Grant(..) if deal.holder == Holder::Anyone => return None,
        Growth::Grant(plan, n, from, long) => {
            let term = Term::new(day(from), day(from + long)).unwrap();
            deal.grants.push(Grant::paid(plan_id(plan), Units::Limited(NonZeroU32::new(n).unwrap()), term));
        }
        Growth::Units(index, _) | Growth::Unlimited(index) | Growth::Longer(index, _) | Growth::Perpetual(index) => {
            let index = index % deal.grants.len();
            deal.grants[index] = grown(&deal.grants[index], growth)?;
        }
    }
    let more = signer.key().seal(&deal).unwrap();
    for event in &mut world.record {
        event.commands.iter_mut().for_each(|command| replace(command, &token, &more));
    }
    (world.papers[which].token, world.papers[which].deal) = (more, deal);
    Some(world)
}

fn replace(command: &mut Command, old: &Token, new: &Token) {
    if let Command::Install(token) | Command::Revoke(token) | Command::CorrectTime(token) = command {
        if token == old {
            *token = new.clone();
        }
    }
}

/// The plans of which nothing is usable from the floor on.
fn over(tenant: &Tenant) -> Vec<usize> {
    let is_over = |plan: &usize| {
        let usable = |now| tenant.pool(&plan_id(*plan), now).usable;
        days().chain([floor(tenant)]).filter(|now| *now >= floor(tenant)).all(|now| usable(now) == Total::ZERO)
    };
    (0..PLANS.len()).filter(is_over).collect()
}

proptest! {
    #![proptest_config(cases(192))]

    /// The same record is read, whatever would have been refused, so that only the documents differ.
    #[test]
    fn k9_more_license_never_takes_away(world in any_world(), which in 0..5_usize, growth in growth()) {
        let Some(more) = with_more(&world, which, growth) else { return Ok(()) };
        let (tenant, richer) = (world.tenant(), more.tenant());
        // A conflict of revisions is between documents, and two that said the same now may not (L3).
        prop_assume!(floor(&tenant) == floor(&richer));
        for now in days() {
            for (before, after) in all(&tenant, now).into_iter().zip(all(&richer, now)) {
                prop_assert!(!before.is_allowed() || after.is_allowed(), "at {now}: {before:?}, then {after:?}");
            }
        }
    }

    /// Given the marks recorded, no sequence of clock readings makes usable again what was over.
    #[test]
    fn x6_no_sequence_of_clock_readings_revives_what_is_over(
        world in any_world(),
        steps in prop::collection::vec((0..120_i64, 0..8_usize, any::<bool>()), 1..12),
    ) {
        let mut tenant = world.tenant();
        // What the publisher signs for this tenant is used up; what is left is a replay, or somebody else's.
        for slip in slips() {
            let used = Event::new(tenant.position() + 1, floor(&tenant), admin(), vec![Command::CorrectTime(slip.token.clone())]);
            tenant = replay(tenant, &[used]);
        }
        for (now, slip, forged) in steps {
            let (was, gone) = (floor(&tenant), over(&tenant));
            let command = slips().get(slip).map_or(Command::Mark, |slip| Command::CorrectTime(slip.token.clone()));
            match tenant.decide(&admin(), core::slice::from_ref(&command), day(now)) {
                Ok(event) => tenant.apply(&event).unwrap(),
                // Refused; a record that holds it anyway does no more.
                Err(_) if forged => {
                    tenant.apply(&Event::new(tenant.position() + 1, day(now), admin(), vec![command])).unwrap();
                }
                Err(_) => {}
            }
            prop_assert!(floor(&tenant) >= was);
            for plan in gone {
                for now in days().chain([entitle::EARLIEST, entitle::LATEST]) {
                    prop_assert_eq!(tenant.pool(&plan_id(plan), now).usable, Total::ZERO);
                }
            }
        }
    }
}
