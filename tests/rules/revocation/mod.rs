//! X5: revocation lists, and licenses that ask for a recent one.

mod freshness;
mod lists;
mod next_list;
mod tickets;

use core::num::NonZeroU32;

use entitle::license::{Freshness, FreshnessLimit, Revocation, RevocationListDraft, RevokedLicense};
use entitle::time::Days;
use entitle::{Actor, Command, Deal, LicenseId, Role, SecretKey, Tenant, Zeroizing};

use crate::support::{Scenario, Vendor, assign, day, days, paid, request, user};

fn number(n: u32) -> NonZeroU32 {
    NonZeroU32::new(n).unwrap()
}

fn host() -> Actor {
    Actor::new(user("app")).with(Role::Host)
}

/// A list of Fabrikam's, made out on a day.
fn list(sequence: u32, on: i64) -> RevocationListDraft {
    RevocationListDraft::new("fabrikam".parse().unwrap(), number(sequence), day(on))
}

fn license(id: u8, through: u32, from: i64) -> Revocation {
    Revocation::License(RevokedLicense::new(LicenseId::from_random([id; 16]), number(through), day(from)))
}

fn key(seed: u8) -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([seed; 32]))
}

/// Takes a list in as the host does.
fn revoke(tenant: &mut Tenant, on: i64, signer: &SecretKey, list: &RevocationListDraft) -> Result<(), &'static str> {
    let command = Command::InstallRevocationList(signer.seal_list(list).unwrap());
    let event = tenant.decide(&host(), &[command], request(), day(on)).map_err(|refusal| refusal.code())?;
    tenant.apply(&event).unwrap();
    Ok(())
}

/// Contoso with ada on bronze, by license 1 in revision 1.
fn bronze(vendor: &Vendor, freshness: Freshness) -> (Deal, Tenant) {
    let mut deal = vendor.deal_for("contoso").with(paid("bronze", 1, days(0, 100)));
    deal.freshness = freshness;
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal)), assign("ada", "bronze")]).unwrap();
    (deal, tenant)
}

fn open_days(tenant: &Tenant) -> Vec<i64> {
    let readable = (0..200).filter(|&on| tenant.reading(day(on)) == day(on));
    readable.filter(|&on| tenant.opens("ada", "f365/orders", on)).collect()
}

fn asked(warn: u32, deny: u32) -> Freshness {
    Freshness::Asked(FreshnessLimit::new(Days::new(warn), Days::new(deny)))
}
