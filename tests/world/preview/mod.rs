//! The dry run against the plain way: apply, and ask both tenants everything at every instant.
mod before_after;
mod questions;
mod quotas;

use entitle::preview::{Preview, QuotaSubject, Subject};
use entitle::time::End;
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use std::collections::BTreeMap;

use super::calendar::day;
use super::cases;
use super::offers::release;
use before_after::BeforeAfter;
use questions::{each, questions, worlds};

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn l3_the_preview_lists_all_access_that_changes(world in worlds(), questions in questions()) {
        each(&world, &questions, |compared| {
            compared.check_access();
            compared.check_what_ends();
        });
    }

    #[test]
    fn l3_the_preview_lists_all_seats_and_units_that_change(world in worlds(), questions in questions()) {
        each(&world, &questions, BeforeAfter::check_seats_and_units);
    }

    #[test]
    fn q3_the_preview_lists_all_quotas_that_change(world in worlds(), questions in questions()) {
        each(&world, &questions, BeforeAfter::check_quotas);
    }

    #[test]
    fn l3_the_preview_lists_all_warnings_that_change(world in worlds(), questions in questions()) {
        each(&world, &questions, BeforeAfter::check_warnings);
    }

    #[test]
    fn l3_the_preview_lists_what_is_dropped_and_counts_what_it_lists(world in worlds(), questions in questions()) {
        let before = world.tenant();
        each(&world, &questions, |compared| {
            compared.check_what_is_dropped();
            compared.check_lists_nothing_else();
            let [was, is] = [0, 1].map(|side| compared.tenants[side].reading(compared.now));
            assert_eq!((compared.preview.read_before, compared.preview.read_after), (was, is));
            let json = serde_json::to_string(&compared.preview).unwrap();
            assert_eq!(serde_json::from_str::<Preview>(&json).unwrap(), compared.preview);
        });
        prop_assert_eq!(before.position(), world.tenant().position());
    }

    /// The dry run of an upgrade against the same record, read from its beginning in the other release.
    #[test]
    fn v3_the_preview_of_an_upgrade_lists_all_that_changes(world in worlds(), release in release(), on in 0..60_i64) {
        let compared = BeforeAfter::of_release(world, release, day(on));
        compared.check_access();
        compared.check_what_ends();
        compared.check_seats_and_units();
        compared.check_quotas();
        compared.check_warnings();
        compared.check_lists_nothing_else();
        prop_assert!(compared.preview.dropped.is_empty());
    }
}

/// The dry runs of upgrades above often take something away, and of a downgrade give it.
#[test]
fn v3_upgrades_lose_and_gain() {
    let mut runner = super::runner(13);
    let mut seen = [0; 2];
    // As many worlds as it takes, up to a bound.
    for _ in 0..2_000 {
        if seen.iter().all(|count| *count >= 3) {
            break;
        }
        let world = worlds().new_tree(&mut runner).unwrap().current();
        let release = release().new_tree(&mut runner).unwrap().current();
        let preview = world.tenant().preview_release(release, day(20));
        for (count, changes) in seen.iter_mut().zip([&preview.lost, &preview.gained]) {
            *count += usize::from(!changes.is_empty());
        }
    }
    assert!(seen.iter().all(|count| *count >= 3), "{seen:?}");
}

/// What is asked above is of every kind, and often changes something.
#[test]
fn the_dry_runs_above_are_of_every_kind() {
    // Lists, who and how long, quotas, readings; and of four warnings the rarest, which disappears by hand in another test.
    const KINDS: usize = 4 + 4 + 2 + 7 + 6 + 2;
    const RAREST: &str = "warning.over-assigned disappears";
    let mut runner = super::runner(4);
    let mut seen: BTreeMap<String, usize> = BTreeMap::new();
    // As many worlds as it takes, up to a bound.
    for _ in 0..600 {
        seen.remove(RAREST);
        if seen.len() == KINDS {
            break;
        }
        let world = worlds().new_tree(&mut runner).unwrap().current();
        let questions = questions().new_tree(&mut runner).unwrap().current();
        each(&world, &questions, |compared| {
            let mut see = |what: &str| *seen.entry(what.to_owned()).or_default() += 1;
            let Preview { lost, gained, waiting, served, dropped, pools, read_before, read_after, .. } =
                &compared.preview;
            let found = [("waiting", waiting.len()), ("served", served.len()), ("dropped", dropped.len())];
            found.into_iter().chain([("pools", pools.len())]).filter(|(_, n)| *n > 0).for_each(|(name, _)| see(name));
            for (list, name) in [(lost, "lost"), (gained, "gained")] {
                for change in list {
                    see(&format!("{name} by {}", if change.who == Subject::Everyone { "everyone" } else { "a user" }));
                    see(if change.until == End::Never { "for ever" } else { "for a time" });
                }
            }
            for (list, name) in
                [(&compared.preview.appearing, "appears"), (&compared.preview.disappearing, "disappears")]
            {
                for change in list {
                    see(&format!("{} {name}", change.warning.code()));
                }
            }
            for change in &compared.preview.quotas {
                let who = match change.who {
                    QuotaSubject::Organisation => "the organisation",
                    QuotaSubject::Everyone => "everyone",
                    QuotaSubject::User(_) => "a user",
                };
                see(&format!("{} of a quota for {who}", if change.before < change.after { "more" } else { "less" }));
            }
            if read_before != read_after {
                see(if read_before > read_after { "turned back" } else { "moved on" });
            }
        });
    }
    seen.remove(RAREST);
    assert_eq!(seen.len(), KINDS, "{seen:#?}");
}
