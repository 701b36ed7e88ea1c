//! What to check before anything is bought.

use entitle::{Command, LicenseId};

use super::active;
use crate::support::{Scenario, Vendor, day};
use crate::{Row, row};

/// A record ahead of the clock, with a license that lacks its anchor and one whose key is unknown.
pub(super) fn checks() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([active()]);
    let head = crate::support::beginning("contoso".parse().unwrap()).head();
    let checkpoint = entitle::record::Checkpoint::new(entitle::RecordId::from_random([0x77; 16]), head);
    let mut anchored = vendor.deal_for("contoso");
    anchored.id = LicenseId::from_random([2; 16]);
    anchored.anchor = entitle::record::Anchor::Record(checkpoint.clone());
    let stranger = entitle::SecretKey::from_seed(&entitle::Zeroizing::new([0x55; 32]));
    let unknown = stranger.seal(&vendor.deal_for("contoso")).unwrap();
    tenant.forge(0, [Command::Install(vendor.seal(&anchored)), Command::Install(unknown)]);
    tenant.forge(900, [Command::RecordTime]);
    let explanation = tenant.see("ada", "f365/orders", day(1), |decision| decision.allowed().unwrap_err());
    let [ahead, not_contained, not_trusted] = &*explanation.check_first else { panic!("{explanation:?}") };
    let unknown_plans = entitle::explain::CheckFirst::LicensePlansUnknown {
        license: LicenseId::from_random([2; 16]),
        plans: ["ultra", "max"].map(|plan| plan.parse().unwrap()).into(),
    };
    vec![
        row!(
            "check-first.license-plans-unknown",
            "An installed license, 02020202020202020202020202020202, grants `ultra` and `max`, which this version of the \
             application does not know. Update the application; if that does not help, contact the publisher.",
            unknown_plans
        ),
        row!(
            "check-first.record-ahead",
            "The clock of the machine that checks the license shows 2026-03-02T00:00:00Z, but the license record was \
             last written at 2028-08-17T00:00:00Z. \
             Compare the clock with another one. If it is right, do not buy anything: ask the publisher for a time \
             ticket. If it is wrong, correct it; then what follows applies.",
            ahead
        ),
        row!(
            "check-first.license-not-contained",
            format!(
                "An installed license, {}, gives nothing: it was issued for a record that contains the checkpoint \
                 {checkpoint}, and this record was not shown to contain it: it is another one, or not complete. \
                 Restore the complete record, or ask the publisher to issue the license again for the present one.",
                LicenseId::from_random([2; 16])
            ),
            not_contained
        ),
        row!(
            "check-first.license-key-not-trusted",
            format!(
                "An installed license gives nothing: this version of the application does not accept the key with which \
                 it is signed, {}. Update the application; if that does not help, contact the publisher.",
                stranger.public().id()
            ),
            not_trusted
        ),
    ]
}
