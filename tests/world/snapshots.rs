//! Laws of the snapshot: a start from it is a start from the record.

use entitle::Tenant;
use entitle::record::SnapshotError;
use proptest::prelude::*;

use super::rebased::same;
use super::{World, any_world, cases, our_tenant, replay};

/// The tenant as it comes back from its snapshot, told the proofs again.
fn restored(world: &World, tenant: &Tenant) -> Result<Tenant, SnapshotError> {
    let back = Tenant::restore(&world.catalog, &world.ring, our_tenant(), &tenant.snapshot()?)?;
    Ok(world.proofs.iter().fold(back, |tenant, proof| tenant.anchored([proof])))
}

proptest! {
    #![proptest_config(cases(96))]

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
        let touched = |error: &SnapshotError| matches!(error, SnapshotError::OtherRelease { .. } | SnapshotError::Damaged);
        prop_assert!(read(&bad).is_err_and(|error| touched(&error)));
        prop_assert!(read(&good[..cut.index(good.len())]).is_err_and(|error| touched(&error)));
    }
}
