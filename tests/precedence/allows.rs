//! The texts of allows: for a user, an individual, an administrator and the support desk.

use core::num::NonZeroU32;

use entitle::command::TrialName;
use entitle::explain::{Audience, Text};
use entitle::license::{Freshness, FreshnessLimit, Revocation, RevocationListDraft, RevokedLicense};
use entitle::time::{Days, Length};
use entitle::{Command, Decision, Grant, LicenseId, Tenant, Term, Units};

use crate::Row;
use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid, units, window};
use crate::wordings::text_row;

const AUDIT: &str = "f365/audit";

/// The text of an allow for ada on day 10.
fn text(tenant: &Tenant, app: &str, audience: Audience) -> Text {
    tenant.see("ada", app, day(10), |decision| match decision {
        Decision::Allow(allow) => allow.text(audience),
        Decision::Deny(denial) => panic!("{denial:?}"),
    })
}

/// Ada has gold, directly and through a group.
fn seated(grants: impl IntoIterator<Item = Grant>) -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso(grants);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant.forge(1, [join("ada", "staff"), assign_group("staff", "gold")]);
    tenant
}

/// Bo has the one unit of gold, and ada a seat that is tolerated until day 50.
fn tolerated() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100)).tolerating(units(3), day(50))]);
    tenant.forge(0, [assign("bo", "gold")]);
    tenant.forge(0, [assign("ada", "gold")]);
    tenant
}

/// Ada has gold from a trial of 20 days that began on day 1.
fn trial() -> Tenant {
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 50), Length::days(20).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial]);
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    tenant
}

/// Ada has unlimited gold for ever, whose license, issued on day -10, requires a list within 30 days.
fn wants_a_list() -> Tenant {
    let vendor = Vendor::fabrikam();
    let gold = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let mut deal = vendor.deal_for("contoso").with(gold);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(30)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(0, [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    tenant
}

/// Ada has gold, whose license is revoked from day 20 on.
fn revoked_later() -> Tenant {
    let mut tenant = seated([paid("gold", 1, days(0, 100))]);
    let license = RevokedLicense::new(LicenseId::from_random([1; 16]), NonZeroU32::MIN, day(20));
    let list = RevocationListDraft::new("fabrikam".parse().unwrap(), NonZeroU32::MIN, day(0));
    let list = Vendor::fabrikam().secret.seal_list(&list.with(Revocation::License(license))).unwrap();
    tenant.forge(2, [Command::InstallRevocationList(list)]);
    tenant
}

/// A license for the whole organisation, forever.
fn site() -> Tenant {
    let vendor = Vendor::of(include_str!("../../examples/studio.json"));
    vendor.contoso([Grant::paid("pro".parse().unwrap(), units(1), Term::perpetual(day(0)))])
}

/// Ada has a plan that requires the organisation's and another of her own.
fn requiring() -> Tenant {
    let vendor = Vendor::of(include_str!("../../examples/orders.json"));
    let mut tenant = vendor.contoso(["orders", "usl", "automate"].map(|plan| paid(plan, 1, days(0, 300))));
    tenant.run(0, [assign("ada", "automate"), assign("ada", "usl")]).unwrap();
    tenant
}

pub(crate) fn rows() -> Vec<Row> {
    use Audience::{Administrator, Individual, SupportDesk, User};
    let row =
        |code, app, audience, lines: &[&str], tenant: &Tenant| text_row(code, lines, &text(tenant, app, audience));
    let free = Vendor::fabrikam().contoso([]);
    let renewed = || seated([paid("gold", 1, days(0, 100)), paid("gold", 2, days(100, 200))]);
    vec![
        row("user.allowed", AUDIT, User, &["You may open `f365/audit`."], &tolerated()),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "Your access ends on 2026-04-20T00:00:00Z, unless you buy or renew before then.",
            ],
            &tolerated(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "This is a trial.",
                "Your access ends on 2026-03-22T00:00:00Z, unless you buy or renew before then.",
            ],
            &trial(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "Install a recent revocation list of the publisher before 2026-03-21T00:00:00Z: without one your license \
                 gives nothing from then on.",
            ],
            &wants_a_list(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "Your access ends on 2026-03-31T00:00:00Z, unless you buy or renew before then.",
            ],
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "Your access ends on 2026-04-20T00:00:00Z, unless you buy or renew before then.",
            ],
            &seated([paid("gold", 1, days(0, 20))]),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &["You may open `f365/audit`."],
            &seated([paid("gold", 1, days(0, 100))]),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next possible change by time alone: 2026-03-21T00:00:00Z.",
                "  this user's access ends on 2026-03-21T00:00:00Z, unless it is renewed or replaced before then",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat 1",
                "  2026-03-21T00:00:00Z: units of license 01010101010101010101010101010101 become revoked (1)",
            ],
            &revoked_later(),
        ),
        row("admin.allowed", "f365/basic", Administrator, &["`ada` may open `f365/basic`: free."], &free),
        row(
            "support.allowed",
            "f365/basic",
            SupportDesk,
            &[
                "allowed: `ada` for `f365/basic` in tenant `contoso`, read at 2026-03-11T00:00:00Z, next change by time: \
                 never, after entry 1, basis.free",
            ],
            &free,
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: over-assigned. Next possible change by time alone: \
                 2026-04-20T00:00:00Z.",
                "  more seats are assigned than licensed, which is tolerated until 2026-04-20T00:00:00Z: buy or \
                 free seats before then",
                "- F365 Gold: assigned directly",
                "  seat 2",
                "  2026-04-20T00:00:00Z: license 01010101010101010101010101010101 no longer tolerates seats beyond \
                 its units (1)",
                "  2026-06-09T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (1)",
                "  2026-07-09T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (1)",
                "  2026-10-07T00:00:00Z: units of license 01010101010101010101010101010101 end for good (1)",
            ],
            &tolerated(),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next possible change by time alone: 2026-06-09T00:00:00Z.",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat 1",
                "  2026-06-09T00:00:00Z: units of license 01010101010101010101010101010101 become usable (2)",
                "  2026-06-09T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (1)",
                "  2026-07-09T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (1)",
                "  2026-09-17T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (2)",
                "  2026-10-07T00:00:00Z: units of license 01010101010101010101010101010101 end for good (1)",
                "  2026-10-17T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (2)",
                "  2027-01-15T00:00:00Z: units of license 01010101010101010101010101010101 end for good (2)",
            ],
            &renewed(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, read at 2026-03-11T00:00:00Z, next change by \
                 time: 2026-06-09T00:00:00Z, after entry 3, basis.paid",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat 1",
                "  usable units: 1, seats: 1, seated: 1, waiting: 0, next change by time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 2, pending, next change by \
                 time: 2026-06-09T00:00:00Z",
                "  claimed since entry 2, assigned directly, through the group `staff`",
            ],
            &renewed(),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: trial. Next possible change by time alone: 2026-03-22T00:00:00Z.",
                "  this user's access ends on 2026-03-22T00:00:00Z, unless it is renewed or replaced before then",
                "- F365 Gold: assigned directly",
                "  seat 1",
                "  2026-03-22T00:00:00Z: units of license 01010101010101010101010101010101 end for good (5)",
            ],
            &trial(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, read at 2026-03-11T00:00:00Z, next change by \
                 time: 2026-03-22T00:00:00Z, after entry 2, basis.trial",
                "  this user's access ends on 2026-03-22T00:00:00Z, unless it is renewed or replaced before then",
                "- F365 Gold: assigned directly",
                "  seat 1",
                "  usable units: 5, seats: 5, seated: 1, waiting: 0, next change by time: 2026-03-22T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: trial, units: 5, active, next change by \
                 time: 2026-03-22T00:00:00Z",
                "  claimed since entry 2, assigned directly",
            ],
            &trial(),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: in grace. Next possible change by time alone: 2026-03-31T00:00:00Z.",
                "  the license has ended: renew it before its grace ends on 2026-03-31T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat 1",
                "  2026-03-31T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (1)",
                "  2026-06-29T00:00:00Z: units of license 01010101010101010101010101010101 end for good (1)",
            ],
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next possible change by time alone: 2026-03-21T00:00:00Z.",
                "  this user's access ends on 2026-03-21T00:00:00Z, unless it is renewed or replaced before then",
                "  install a recent revocation list of the publisher before 2026-03-21T00:00:00Z: without one the \
                 license gives nothing from then on",
                "- F365 Gold: assigned directly",
                "  seat 1",
                "  2026-03-21T00:00:00Z: units of license 01010101010101010101010101010101 give nothing without a \
                 recent revocation list (unlimited)",
            ],
            &wants_a_list(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, read at 2026-03-11T00:00:00Z, next change by \
                 time: 2026-03-21T00:00:00Z, after entry 1, basis.paid",
                "  this user's access ends on 2026-03-21T00:00:00Z, unless it is renewed or replaced before then",
                "  install a recent revocation list of the publisher before 2026-03-21T00:00:00Z: without one the \
                 license gives nothing from then on",
                "- F365 Gold: assigned directly",
                "  seat 1",
                "  usable units: unlimited, seats: unlimited, seated: 1, waiting: 0, next change by time: \
                 2026-03-21T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: unlimited, active, next change \
                 by time: 2026-03-21T00:00:00Z",
                "  claimed since entry 1, assigned directly",
            ],
            &wants_a_list(),
        ),
        row(
            "admin.allowed",
            "studio/batch",
            Administrator,
            &["`ada` may open `studio/batch`: paid.", "- Studio Pro: for the whole organisation"],
            &site(),
        ),
        row(
            "admin.allowed-until",
            "orders/publish-policy",
            Administrator,
            &[
                "`ada` may open `orders/publish-policy`: paid. Next possible change by time alone: \
                 2026-11-26T00:00:00Z.",
                "- Intelligent Order Management USL: assigned directly",
                "  seat 1",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (1)",
                "- Intelligent Order Management: for the whole organisation",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (1)",
                "- Power Automate per user: assigned directly",
                "  seat 1",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (1)",
            ],
            &requiring(),
        ),
        row(
            "support.allowed",
            "orders/publish-policy",
            SupportDesk,
            &[
                "allowed: `ada` for `orders/publish-policy` in tenant `contoso`, read at 2026-03-11T00:00:00Z, next \
                 change by time: 2026-11-26T00:00:00Z, after entry 2, basis.paid",
                "- Intelligent Order Management USL: assigned directly",
                "  seat 1",
                "  usable units: 1, seats: 1, seated: 1, waiting: 0, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "  claimed since entry 2, assigned directly",
                "- Intelligent Order Management: for the whole organisation",
                "  usable units: 1, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "- Power Automate per user: assigned directly",
                "  seat 1",
                "  usable units: 1, seats: 1, seated: 1, waiting: 0, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "  claimed since entry 2, assigned directly",
            ],
            &requiring(),
        ),
    ]
}
