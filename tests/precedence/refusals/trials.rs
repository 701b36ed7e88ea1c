//! Refusals about trials.

use entitle::LicenseId;
use entitle::license::Termination;

use super::{contoso, extend, install, refused, start, trial, why};
use crate::support::{Scenario, Vendor, admin, day, days, paid, request};
use crate::{Row, row};

pub(super) fn trials() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let mut bought = contoso();
    bought.run(0, [start("silver")]).unwrap();
    let mut deal = vendor.deal_for("contoso").with(paid("silver", 1, days(0, 100)));
    deal.id = LicenseId::from_random([2; 16]);
    bought.run(0, [install(&deal)]).unwrap();
    vec![
        row!(
            "refusal.no-such-trial",
            "no license in force with the id 01010101010101010101010101010101 holds a trial of `gold`",
            why(&[], [start("gold")])
        ),
        row!(
            "refusal.trial-used",
            "the trial of `silver` was started on 2026-03-01T00:00:00Z: a trial starts once",
            why(&[start("silver")], [start("silver")])
        ),
        row!(
            "refusal.outside-the-window",
            "the trial of `silver` may be started from 2026-03-01T00:00:00Z until 2026-03-10T00:00:00Z, it is \
             2026-03-10T00:00:00Z",
            contoso().decide(&admin(), &[start("silver")], request(), day(9)).unwrap_err().reason
        ),
        row!(
            "refusal.trial-ended",
            "the trial of `silver` was ended by its publisher",
            refused(&vendor.contoso([trial(Termination::Withdrawn(day(1)))]), &[start("silver")])
        ),
        row!(
            "refusal.trial-not-active",
            "only an active trial is extended, that of `silver` is: trial not started",
            why(&[], [extend("silver")])
        ),
        row!(
            "refusal.no-extension-left",
            "the trial of `silver` has no extension left",
            why(&[start("silver"), extend("silver")], [extend("silver")])
        ),
        row!("refusal.bought", "`silver` was bought: its trial is over", refused(&bought, &[extend("silver")])),
    ]
}
