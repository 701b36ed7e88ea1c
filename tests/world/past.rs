//! P2 over generated worlds: a history is the tenant at the time.

use chrono::{DateTime, TimeDelta, Utc};
use entitle::report::{CapacityRow, ErrorRow, LicenseRow};
use entitle::{Command, Tenant};
use proptest::prelude::*;

use super::calendar::days;
use super::{any_world, cases, floor, replay};

fn report_rows(tenant: &Tenant, at: DateTime<Utc>) -> (Vec<LicenseRow>, Vec<CapacityRow>, Vec<ErrorRow>) {
    (tenant.license_rows(at).collect(), tenant.capacity_rows(at).collect(), tenant.error_rows(at).collect())
}

proptest! {
    #![proptest_config(cases(2))]

    #[test]
    fn p2_a_history_of_any_world_is_its_tenant_at_the_time(world in any_world()) {
        let (blank, whole) = (world.blank(), world.tenant());
        let replayed = |length: usize| replay(world.blank(), &world.record[..length]);
        let floors: Vec<_> = (0..=world.record.len()).map(|length| floor(&replayed(length))).collect();
        let corrects = |command: &Command| matches!(command, Command::CorrectTime(_));
        let is_corrected = world.record.iter().flat_map(|event| &event.commands).any(corrects);
        let entries = world.entries();
        let mut history = blank.history(&entries).unwrap();
        let around = floors.iter().flat_map(|&at| [at - TimeDelta::seconds(1), at]);
        let mut instants: Vec<_> = days().chain(around).filter(|at| *at >= entitle::time::EARLIEST).collect();
        instants.sort();
        for at in instants {
            let then = history.at(at).unwrap();
            prop_assert_eq!(then.reading(at), at);
            if !is_corrected {
                let length = floors.iter().rposition(|floor| *floor <= at).unwrap();
                prop_assert_eq!(usize::try_from(then.position()).unwrap(), length, "at {}", at);
                prop_assert_eq!(report_rows(then, at), report_rows(&replayed(length), at), "at {}", at);
            }
            if at >= floor(&whole) {
                prop_assert_eq!(report_rows(then, at), report_rows(&whole, at), "at {}", at);
            }
        }
    }
}
