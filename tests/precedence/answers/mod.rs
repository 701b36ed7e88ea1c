//! Reasons, bases and warnings.

mod bases;
mod checks;
mod claims;
mod order;
mod reasons;

use entitle::explain::{Basis, DenialReason, Warning};
use entitle::license::{Freshness, FreshnessLimit, GrantKind, Termination, Tolerance, ToleratedUnits, TrialTerms};
use entitle::time::{Days, Length};
use entitle::{Command, Grant, Tenant};

use crate::Row;
use crate::support::{Scenario, Vendor, assign, day, days, paid, units, user, window};

/// One plan, one app; `b` and `ada` may have claims on it, in that order.
fn tenant(grants: &[Grant], claims: &[&str], except: bool) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants.to_vec());
    let off = || if except { vec!["f365/orders".parse().unwrap()] } else { Vec::new() };
    for name in claims {
        tenant.forge(0, [Command::assign_except(user(name).into(), "bronze".parse().unwrap(), off())]);
    }
    tenant
}

/// Why ada may not open orders with bronze.
fn reason(grants: &[Grant], claims: &[&str], except: bool) -> DenialReason {
    bronze_reason(&tenant(grants, claims, except))
}

fn bronze_reason(tenant: &Tenant) -> DenialReason {
    bronze_reason_on(tenant, 1)
}

fn bronze_reason_on(tenant: &Tenant, on: i64) -> DenialReason {
    let explanation = tenant.see("ada", "f365/orders", day(on), |decision| decision.allowed().unwrap_err());
    let entitle::explain::DenialCause::Plans(misses) = explanation.cause else { panic!("of this catalog") };
    misses.into_iter().find(|miss| miss.plan.as_str() == "bronze").unwrap().reason
}

fn ended() -> Grant {
    paid("bronze", 1, days(-300, -200))
}

fn withdrawn() -> Grant {
    pending().ending(Termination::Withdrawn(day(1)))
}

fn not_covered() -> Grant {
    paid("bronze", 1, days(-300, -60)).with_fallback(day(-100)).unwrap()
}

fn suspended() -> Grant {
    paid("bronze", 1, days(-300, -60))
}

fn not_started() -> Grant {
    Grant::trial("bronze".parse().unwrap(), units(1), window(0, 9), Length::days(5).unwrap())
}

fn pending() -> Grant {
    paid("bronze", 1, days(2, 9))
}

fn active() -> Grant {
    paid("bronze", 1, days(0, 200))
}

/// A grant of a license, issued on day -10, that asks for a list of at most so many days.
fn wants_a_list(grant: Grant, days: u32) -> Tenant {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(grant);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(days)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "bronze")]);
    tenant
}

fn allow(grants: &[Grant], claims: &[&str], start: bool) -> (Basis, Option<Warning>) {
    let mut tenant = tenant(grants, claims, false);
    if start {
        let name =
            entitle::command::TrialName::new(entitle::LicenseId::from_random([1; 16]), "bronze".parse().unwrap());
        tenant.run(0, [Command::StartTrial(name)]).unwrap();
    }
    let (ada, orders) = (user("ada"), tenant.catalog().app("f365/orders").unwrap());
    let allow = tenant.check(&ada, &orders, day(1)).allowed().unwrap();
    (allow.basis(), allow.warnings().next())
}

fn trial() -> Grant {
    let mut grant = not_started();
    grant.kind = GrantKind::Trial(TrialTerms::new(window(0, 9), Length::days(60).unwrap()));
    grant
}

fn in_grace() -> Grant {
    paid("bronze", 1, days(-30, -9))
}

fn tolerated() -> Grant {
    let mut grant = active();
    grant.tolerance = Tolerance::UpTo(ToleratedUnits::new(units(2), day(50)));
    grant
}

pub(crate) fn rows() -> Vec<Row> {
    [
        checks::checks(),
        reasons::reason_rows(),
        reasons::without_end(),
        claims::claims_in_error(),
        bases::bases_and_warnings(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
