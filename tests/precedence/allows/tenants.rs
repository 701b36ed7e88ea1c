//! The tenants of the texts of allows.

use core::num::NonZeroU32;

use entitle::command::TrialName;
use entitle::license::{Freshness, FreshnessLimit, Revocation, RevocationListDraft, RevokedLicense};
use entitle::time::{Days, Length};
use entitle::{Command, Grant, LicenseId, Tenant, Term, Units};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid, units, window};

/// Ada has gold, directly and through a group.
pub(super) fn seated(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant.forge(1, [join("ada", "staff"), assign_group("staff", "gold")]);
    tenant
}

/// Bo has the one unit of gold, and ada a seat that is tolerated until day 50.
pub(super) fn tolerated() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100)).tolerating(units(3), day(50))]);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has gold from a trial of 20 days that began on day 1.
pub(super) fn trial() -> Tenant {
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 50), Length::days(20).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    tenant
}

/// Ada has unlimited gold for ever, whose license, issued on day -10, requires a list within 30 days.
pub(super) fn wants_a_list() -> Tenant {
    let vendor = Vendor::fabrikam();
    let gold = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let mut deal = vendor.deal_for("contoso").with(gold);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(30)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    tenant
}

/// Ada has gold, whose license is revoked from day 20 on.
pub(super) fn revoked_later() -> Tenant {
    let mut tenant = seated([paid("gold", 1, days(0, 100))]);
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(20));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let list = Vendor::fabrikam().secret.seal_list(&list.with(Revocation::License(license))).unwrap();
    tenant.forge(2, [Command::InstallRevocationList(list)]);
    tenant
}

/// A license for the whole organisation, forever.
pub(super) fn site() -> Tenant {
    let vendor = Vendor::of(include_str!("../../../examples/studio.json"));
    vendor.contoso([Grant::paid("pro".parse().unwrap(), units(1), Term::perpetual(day(0)))])
}

/// Ada has a plan that requires the organisation's and another of her own.
pub(super) fn requiring() -> Tenant {
    let vendor = Vendor::of(include_str!("../../../examples/orders.json"));
    let mut tenant = vendor.contoso(["orders", "usl", "automate"].map(|plan| paid(plan, 1, days(0, 300))));
    tenant.run(0, [assign("ada", "automate"), assign("ada", "usl")]).unwrap();
    tenant
}

/// Ada has gold from these grants, the first of which is a trial of so many days, begun on day 1.
pub(super) fn on_trial(length: u32, others: impl IntoIterator<Item = Grant>) -> Tenant {
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 50), Length::days(length).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial].into_iter().chain(others));
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    tenant
}

pub(super) fn without_grace(grant: Grant) -> Grant {
    grant.with_grace(Days::NONE)
}

/// Ada has gold for ever, whose license was issued on a day and requires lists.
pub(super) fn freshness(issued: i64, warn_after: u32, deny_after: u32) -> Tenant {
    let vendor = Vendor::fabrikam();
    let gold = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let mut deal = vendor.deal_for("contoso").with(gold);
    deal.issued = day(issued);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(warn_after), Days::new(deny_after)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(issued.max(0), [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    tenant
}
