//! Laws of revocation lists: what one more list takes from a tenant, and what it gives back (X5).

use chrono::{DateTime, Utc};
use core::num::NonZeroU32;
use entitle::license::{Freshness, Revocation, RevocationListDraft, RevokedLicense};
use entitle::time::LATEST;
use entitle::{Command, LicenseId, Tenant};
use proptest::prelude::*;

use super::answers::{all, codes};
use super::calendar::{around, day, days};
use super::test_licenses::{Signer, license_id};
use super::{World, after, any_world, cases, floor};

/// The tenant after a list of a later sequence than any in the worlds, made out at its floor.
fn with_list(tenant: &Tenant, entries: &[Revocation]) -> Tenant {
    let sequence = NonZeroU32::new(9).unwrap();
    let mut list = RevocationListDraft::new("publisher".parse().unwrap(), sequence, floor(tenant));
    list.entries = entries.to_vec();
    after(tenant, vec![Command::InstallRevocationList(Signer::ForLists.key().seal_list(&list).unwrap())])
}

/// The same record as if a license had never been installed; none if its issue dates say more than the events.
fn without(world: &World, license: LicenseId) -> Option<World> {
    let turned = world.test_tickets.iter().map(|test_ticket| test_ticket.draft.issued).min().unwrap_or(LATEST);
    let mut without = world.clone();
    for event in &mut without.record {
        for command in &mut event.commands {
            let Command::Install(token) = command else { continue };
            let test_license = world.test_licenses.iter().find(|test_license| test_license.token == *token);
            match test_license.filter(|test_license| test_license.deal.id == license) {
                // A ticket may have turned the event's time back to before the issue date.
                Some(test_license) if test_license.deal.issued > event.at.min(turned) => return None,
                Some(_) => *command = Command::RecordTime,
                None => {}
            }
        }
    }
    Some(without)
}

fn licenses() -> impl Strategy<Value = LicenseId> {
    prop_oneof![2 => (0..3_u8).prop_map(license_id), 1 => Just(LicenseId::from_random([9; 16]))]
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn x5_from_its_instant_on_a_revoked_license_is_as_if_it_were_not_there(
        world in any_world(),
        license in licenses(),
        number in 0..60_i64,
    ) {
        let Some(without) = without(&world, license) else { return Ok(()) };
        let from = day(number);
        let entry = Revocation::License(RevokedLicense::all_revisions(license, from));
        let revoked = with_list(&world.tenant(), core::slice::from_ref(&entry));
        let without = with_list(&without.tenant(), &[entry]);
        for now in days().chain(around(from)).filter(|now| revoked.reading(*now) >= from) {
            for plan in &world.offer.plans {
                let (pool, other) = (revoked.pool(&plan.id, now), without.pool(&plan.id, now));
                prop_assert_eq!((pool.usable, pool.limit, pool.seated), (other.usable, other.limit, other.seated));
            }
            for (found, other) in all(&revoked, now).into_iter().zip(all(&without, now)) {
                // Denials differ in their reasons.
                prop_assert_eq!((found.is_allowed(), found.until()), (other.is_allowed(), other.until()));
                prop_assert!(!found.is_allowed() || found == other, "{:?} instead of {:?}", found, other);
            }
        }
    }

    #[test]
    fn x5_before_its_instant_a_revocation_takes_nothing(world in any_world(), license in licenses(), number in 0..90_i64) {
        let from = day(number);
        let entry = Revocation::License(RevokedLicense::all_revisions(license, from));
        let (revoked, spared) = (with_list(&world.tenant(), &[entry]), with_list(&world.tenant(), &[]));
        for now in days().filter(|now| revoked.reading(*now) < from) {
            for plan in &world.offer.plans {
                let (pool, other) = (revoked.pool(&plan.id, now), spared.pool(&plan.id, now));
                prop_assert_eq!((pool.usable, pool.limit, pool.seated), (other.usable, other.limit, other.seated));
            }
            for (found, other) in all(&revoked, now).into_iter().zip(all(&spared, now)) {
                prop_assert_eq!(found.is_allowed(), other.is_allowed());
            }
        }
    }

    #[test]
    fn x5_a_list_of_now_is_fresh_enough(world in any_world()) {
        let tenant = world.tenant();
        let fresh = with_list(&tenant, &[]);
        let limits = || world.test_licenses.iter().filter_map(|test_license| match test_license.deal.freshness {
            Freshness::Asked(limit) => Some(limit),
            Freshness::NotAsked => None,
        });
        let now: DateTime<Utc> = floor(&fresh);
        let denies = limits().any(|limit| limit.deny_after.get() == 0);
        let warns = limits().any(|limit| limit.warn_after.get() == 0);
        let codes: Vec<_> = all(&fresh, now).iter().flat_map(codes).collect();
        prop_assert!(warns || !codes.contains(&"warning.list-wanted"));
        prop_assert!(denies || !codes.contains(&"reason.list-not-fresh"));
        // A later list that ends no more than those before takes nothing from anybody.
        if world.test_lists.is_empty() {
            for (before, after) in all(&tenant, now).into_iter().zip(all(&fresh, now)) {
                prop_assert!(after.is_allowed() || !before.is_allowed());
            }
        }
    }
}
