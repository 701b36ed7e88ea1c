//! Laws of the snapshot: a start from it is a start from the record.

use entitle::record::SnapshotError;
use entitle::testing::assume_proof;
use entitle::{Catalog, Tenant};
use proptest::prelude::*;

use super::offers::offer;
use super::rebased::same;
use super::{World, any_world, cases, our_tenant, replay};

/// The tenant as it comes back from its snapshot, given the proofs again.
fn restored(world: &World, tenant: &Tenant) -> Result<Tenant, SnapshotError> {
    let back = Tenant::restore(&world.catalog, &world.ring, our_tenant(), &tenant.snapshot()?)?;
    Ok(world.proofs.iter().fold(back, |tenant, proof| assume_proof(&tenant, proof)))
}

proptest! {
    #![proptest_config(cases(4))]

    #[test]
    fn x7_a_snapshot_goes_on_like_the_record(world in any_world(), cut in any::<prop::sample::Index>()) {
        let cut = cut.index(world.record.len() + 1);
        let half = replay(world.blank(), &world.record[..cut]);
        let back = restored(&world, &half).unwrap();
        same(&back, &half)?;
        prop_assert_eq!(back.snapshot().unwrap(), half.snapshot().unwrap(), "the same to the byte");
        let (on, all) = (replay(back, &world.record[cut..]), world.tenant());
        same(&on, &all)?;
        prop_assert_eq!(on.snapshot().unwrap(), all.snapshot().unwrap(), "the same to the byte");
        prop_assert_eq!(
            on.claims_in_error(entitle::time::LATEST).collect::<Vec<_>>(),
            all.claims_in_error(entitle::time::LATEST).collect::<Vec<_>>()
        );
    }

    #[test]
    fn x11_a_snapshot_restores_under_another_catalog_as_rebase_would(
        world in any_world(),
        other in offer(),
        cut in any::<prop::sample::Index>(),
    ) {
        let catalog = Catalog::new(other).unwrap();
        let cut = cut.index(world.record.len() + 1);
        let half = replay(world.blank(), &world.record[..cut]);
        let back = Tenant::restore(&catalog, &world.ring, our_tenant(), &half.snapshot().unwrap()).unwrap();
        let back = world.proofs.iter().fold(back, |tenant, proof| assume_proof(&tenant, proof));
        let rebased = half.rebase(&catalog, &world.ring);
        same(&back, &rebased)?;
        prop_assert_eq!((back.head(), back.snapshot().unwrap()), (half.head(), rebased.snapshot().unwrap()));
        // And with the rest of the record, as if all of it had been replayed.
        let (on, all) = (replay(back, &world.record[cut..]), world.tenant().rebase(&catalog, &world.ring));
        same(&on, &all)?;
        prop_assert_eq!(on.snapshot().unwrap(), all.snapshot().unwrap(), "the same to the byte");
    }

    #[test]
    fn x7_a_snapshot_that_was_touched_is_refused(
        world in any_world(),
        place in any::<prop::sample::Index>(),
        bit in 0..8_u8,
        cut in any::<prop::sample::Index>(),
    ) {
        let good = world.tenant().snapshot().unwrap();
        let read = |bytes: &[u8]| Tenant::restore(&world.catalog, &world.ring, our_tenant(), bytes).map(|_| ());
        prop_assert_eq!(read(&good), Ok(()));
        let mut bad = good.clone();
        bad[place.index(good.len())] ^= 1 << bit;
        let touched = |error: &SnapshotError| matches!(error, SnapshotError::OtherFormat { .. } | SnapshotError::Damaged);
        prop_assert!(read(&bad).is_err_and(|error| touched(&error)));
        prop_assert!(read(&good[..cut.index(good.len())]).is_err_and(|error| touched(&error)));
    }
}
