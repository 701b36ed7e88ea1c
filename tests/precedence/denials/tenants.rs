//! The tenants of which denials are shown, and how a denial becomes a row.

use core::num::NonZeroU32;

use entitle::explain::{Audience, Text};
use entitle::license::{Freshness, FreshnessLimit, Revocation, RevocationListDraft, RevokedLicense, Termination};
use entitle::record::{Anchor, Checkpoint};
use entitle::time::{Days, Length};
use entitle::{Command, Decision, Grant, LicenseId, RecordId, SecretKey, Tenant, Zeroizing};

use crate::Row;
use crate::support::{
    Scenario, Vendor, assign, assign_group, beginning, day, days, group, join, paid, units, user, window,
};
use crate::wordings::text_row;

pub(crate) const AUDIT: &str = "f365/audit";

pub(crate) const ASK_ADMINISTRATOR: &str =
    "Contact an administrator for a license: F365 Gold (https://fabrikam.example/f365/gold).";

pub(crate) const ABOUT_GOLD: &str = "Contact an administrator about F365 Gold.";

pub(crate) const WAIT_FOR_GOLD: &str =
    "Your turn comes when seats are freed or bought: contact an administrator about F365 Gold.";

pub(crate) const ASK_VENDOR: &str =
    "Contact the vendor to buy or renew: F365 Gold (https://fabrikam.example/f365/gold).";

pub(crate) const ASK_ABOUT_UNUSABLE: &str = "Your organisation has installed a license that gives nothing at present, \
                                             which may be why. Ask an administrator to look into that.";

pub(crate) const DENIED: &str = "`ada` may not open `f365/audit`.";

/// The days from day 0 to the last of the calendar.
pub(crate) const LAST: i64 = 2_912_383;

/// The text of a denial for ada.
pub(crate) fn text(tenant: &Tenant, app: &str, on: i64, audience: Audience) -> Text {
    tenant.see("ada", app, day(on), |decision| match decision {
        Decision::Deny(denial) => denial.text(audience),
        Decision::Allow(allow) => panic!("{allow:?}"),
    })
}

/// Why ada may not open the audit on day 10.
pub(crate) fn row(code: &'static str, audience: Audience, lines: &[&str], tenant: &Tenant) -> Row {
    text_row(code, lines, &text(tenant, AUDIT, 10, audience))
}

/// Contoso, who has these grants, and ada with gold.
pub(crate) fn seated(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

pub(crate) fn gold(starts: i64, ends: i64) -> Grant {
    paid("gold", 1, days(starts, ends))
}

/// A plan that the catalog does not have.
pub(crate) fn ultra() -> Grant {
    paid("ultra", 1, days(0, 100))
}

/// A trial of gold for 30 days, to be started until day 50.
pub(crate) fn trial() -> Grant {
    Grant::trial("gold".parse().unwrap(), units(1), window(0, 50), Length::days(30).unwrap())
}

/// Fabrikam, whose gold has one more field.
pub(crate) fn with_gold(field: &str) -> Vendor {
    let field = format!(r#""name": "F365 Gold", {field},"#);
    Vendor::of(&include_str!("../../../examples/fabrikam.json").replacen(r#""name": "F365 Gold","#, &field, 1))
}

/// The license of ada's seat, revoked from day 1 on.
pub(crate) fn revoked() -> Tenant {
    let mut tenant = seated([gold(0, 100)]);
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(1));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let list = Vendor::fabrikam().secret.seal_list(&list.with(Revocation::License(license))).unwrap();
    tenant.forge(0, [Command::InstallRevocationList(list)]);
    tenant
}

/// Ada has a seat of a license, issued on day -10, that requires a list of at most so many days.
pub(crate) fn wants_a_list(grant: Grant, days: u32) -> Tenant {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso").with(grant);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(days)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    tenant
}

/// One gold seat, which bo has; ada waits for it through a group.
pub(crate) fn waiting() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
    tenant.run(0, [assign("bo", "gold")]).unwrap();
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "gold")]).unwrap();
    tenant
}

/// Two gold seats, which bo and cy have; ada waits.
pub(crate) fn waiting_for_one_of_two() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 2, days(0, 100))]);
    tenant.forge(0, [assign("bo", "gold"), assign("cy", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Gold as its publisher took it back on day 5, and ada behind bo.
pub(crate) fn withdrawn() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100).ending(Termination::Withdrawn(day(5)))]);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada is one of two groups, of which one has gold and the other silver, which gold excludes.
pub(crate) fn excluded_by_a_group() -> Tenant {
    let mut tenant = with_gold(r#""excludes": ["silver"]"#).contoso([gold(0, 100)]);
    tenant.forge(0, [join("ada", "sales"), assign_group("sales", "silver")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has silver, and gold, which excludes it.
pub(crate) fn excluded() -> Tenant {
    let mut tenant = with_gold(r#""excludes": ["silver"]"#).contoso([gold(0, 100)]);
    tenant.forge(0, [assign("ada", "silver")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has gold, which requires bronze or silver.
pub(crate) fn unmet() -> Tenant {
    let mut tenant = with_gold(r#""requires": [["bronze", "silver"]]"#).contoso([gold(0, 100)]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has gold through a group, without the audit and the forecasts.
pub(crate) fn turned_off() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
    let off = [AUDIT, "f365/forecasts"].map(|app| app.parse().unwrap()).to_vec();
    let except = Command::assign_except(group("staff").into(), "gold".parse().unwrap(), off);
    tenant.run(0, [join("ada", "staff"), except]).unwrap();
    tenant
}

/// One app of a direct assignment is off.
pub(crate) fn one_turned_off() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([gold(0, 100)]);
    let except = Command::assign_except(user("ada").into(), "gold".parse().unwrap(), vec![AUDIT.parse().unwrap()]);
    tenant.run(0, [except]).unwrap();
    tenant
}

/// A free seat, and six groups with gold that ada could join.
pub(crate) fn many_groups() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 9, days(0, 100))]);
    for number in 0..6 {
        let name = format!("group-{number}");
        tenant.run(0, [join("bo", &name), assign_group(&name, "gold")]).unwrap();
    }
    tenant
}

/// Fabrikam, whose gold requires bronze and silver, which exclude each other.
pub(crate) fn impossible() -> Vendor {
    let gold = with_gold(r#""requires": [["bronze"], ["silver"]]"#).catalog;
    let mut offer = gold.offer().clone();
    offer.plans[0].excludes.push("silver".parse().unwrap());
    Vendor { catalog: entitle::Catalog::new(offer).unwrap(), ..Vendor::fabrikam() }
}

/// The stranger whose key signs one of the licenses that give nothing.
pub(crate) fn stranger() -> SecretKey {
    SecretKey::from_seed(&Zeroizing::new([0x55; 32]))
}

/// The beginning of another record than contoso's.
pub(crate) fn elsewhere(record: u8) -> Checkpoint {
    Checkpoint::new(RecordId::from_random([record; 16]), beginning("contoso".parse().unwrap()).head())
}

/// A license that counts only on another record.
pub(crate) fn anchored(id: u8) -> Command {
    let vendor = Vendor::fabrikam();
    let mut deal = vendor.deal_for("contoso");
    (deal.id, deal.anchor) = (LicenseId::from_random([id; 16]), Anchor::Record(elsewhere(id)));
    Command::Install(vendor.seal(&deal))
}

/// A record ahead of the clock, with ada's gold and five licenses that give nothing.
pub(crate) fn ahead() -> Tenant {
    let mut tenant = seated([gold(0, 100)]);
    let unknown = stranger().seal(&Vendor::fabrikam().deal_for("contoso")).unwrap();
    tenant.forge(0, [Command::Install(unknown)].into_iter().chain((2..6).map(anchored)));
    tenant.forge(900, [Command::RecordTime]);
    tenant
}

/// What is read of a license for another record, by whom the license is issued again.
pub(crate) fn not_contained(record: u8, issuer: &str, tenant: &Tenant) -> String {
    format!(
        "An installed license, {}, gives nothing: it was issued for a record that contains the checkpoint {}, and this \
         record was not shown to contain it: it is another one, or not complete. Restore the complete record, or ask the \
         {issuer} to issue the license again for the present one, {}.",
        LicenseId::from_random([record; 16]),
        elsewhere(record),
        tenant.checkpoint()
    )
}
