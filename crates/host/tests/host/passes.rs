//! Passes that are kept, by a clock that is set back.

use entitle::chrono::TimeDelta;
use entitle::time::End;
use entitle::{Command, Tenant};
use entitle_host::Pass;

use crate::support::{Folder, admin, assign, at, catalog, license, now, open};

/// A pass is for one request: it knows nothing of a record that has evidence of a later time.
#[test]
fn x6_a_clock_that_is_set_back_revives_a_pass_that_is_kept_and_no_tenant() {
    let folder = Folder::new();
    let mut local = open(&folder.record()).unwrap();
    local.submit(&admin(), &[Command::Install(license("contoso", 1, 1)), assign("bo")], now()).unwrap();
    let (bo, export) = ("bo".parse().unwrap(), catalog().app("export").unwrap());
    let check = |tenant: &Tenant, now| Pass::check(tenant, &bo, &export, now);
    let pass = check(local.tenant(), now()).unwrap();
    let End::At(until) = pass.until() else { panic!("it ends") };
    assert!(pass.holds_at(now() - TimeDelta::days(1)) && !pass.holds_at(until));
    local.submit(&admin(), &[Command::RecordTime], at("2040-01-01T00:00:00Z")).unwrap();
    assert!(pass.holds_at(now()) && pass.position() < local.tenant().position());
    assert!(check(local.tenant(), now()).is_err());
}
