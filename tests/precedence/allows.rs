//! The texts of allows: for a user, an individual, an administrator and the support desk.

use core::num::NonZeroU32;

use entitle::command::TrialName;
use entitle::explain::{Audience, Text};
use entitle::license::{Freshness, FreshnessLimit, Revocation, RevocationListDraft, RevokedLicense};
use entitle::time::{Days, Length};
use entitle::{Command, Decision, Grant, LicenseId, Tenant, Term, Units};

use crate::Row;
use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid, units, window};
use crate::wordings::{message_row, text_row};

const AUDIT: &str = "f365/audit";

/// The text of an allow for ada on day 10.
fn text(tenant: &Tenant, app: &str, audience: Audience) -> Text {
    tenant.see("ada", app, day(10), |decision| match decision {
        Decision::Allow(allow) => allow.text(audience),
        Decision::Deny(denial) => panic!("{denial:?}"),
    })
}

/// The message of the text for the support desk that has this code.
fn for_support(code: &'static str, expected: &str, tenant: &Tenant) -> Row {
    let text = text(tenant, AUDIT, Audience::SupportDesk);
    let mut messages = text.lines().iter().flat_map(|line| &line.messages);
    message_row(code, expected, messages.find(|message| message.code() == code).unwrap())
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

/// Ada has gold from these grants, the first of which is a trial of so many days, begun on day 1.
fn on_trial(length: u32, others: impl IntoIterator<Item = Grant>) -> Tenant {
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 50), Length::days(length).unwrap());
    let mut tenant = Vendor::fabrikam().contoso([trial].into_iter().chain(others));
    let name = TrialName::new(LicenseId::from_random([1; 16]), "gold".parse().unwrap());
    tenant.run(1, [Command::StartTrial(name), assign("ada", "gold")]).unwrap();
    tenant
}

fn without_grace(grant: Grant) -> Grant {
    grant.with_grace(Days::NONE)
}

/// Ada has gold for ever, whose license was issued on a day and requires lists.
fn freshness(issued: i64, warn_after: u32, deny_after: u32) -> Tenant {
    let vendor = Vendor::fabrikam();
    let gold = Grant::paid("gold".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let mut deal = vendor.deal_for("contoso").with(gold);
    deal.issued = day(issued);
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::new(warn_after), Days::new(deny_after)));
    let mut tenant = vendor.tenant("contoso");
    tenant.forge(issued.max(0), [Command::Install(vendor.seal(&deal)), assign("ada", "gold")]);
    tenant
}

/// What begins next, as the headline for the administrator names it.
fn next_changes() -> Vec<Row> {
    let gold = |units, starts, ends| paid("gold", units, days(starts, ends));
    let next = |text: &str, tenant: &Tenant, app| {
        let all = self::text(tenant, app, Audience::Administrator);
        let first = &all.lines()[0].messages[0];
        message_row("admin.allowed-until", &format!("`ada` may open `{app}`: {text}."), first)
    };
    let tolerating = gold(1, 0, 100).tolerating(units(3), day(50));
    let mut tolerated_soon = Vendor::fabrikam().contoso([tolerating, without_grace(gold(1, 0, 20))]);
    tolerated_soon.forge(0, [assign("bo", "gold")]);
    tolerated_soon.forge(0, [assign("ada", "gold")]);
    let bronze = Grant::paid("bronze".parse().unwrap(), units(1), Term::perpetual(day(0)));
    let mut two_plans = Vendor::fabrikam().contoso([bronze, gold(1, 0, 20)]);
    two_plans.forge(0, [assign("ada", "bronze"), assign("ada", "gold")]);
    let on = |date: &str, change: &str| format!("paid. Next change by time alone, on {date}T00:00:00Z: {change}");
    let trial = |date: &str, change: &str| format!("trial. Next change by time alone, on {date}T00:00:00Z: {change}");
    vec![
        next(&on("2026-03-21", "the term ends, and grace begins"), &seated([gold(1, 0, 20)]), AUDIT),
        next(
            &on("2026-03-21", "the seat is no longer covered by units, and is tolerated for a time"),
            &tolerated_soon,
            AUDIT,
        ),
        next(
            &on("2026-03-16", "the notice begins that a recent revocation list is wanted"),
            &freshness(-10, 25, 60),
            AUDIT,
        ),
        next(
            &on("2026-03-21", "the notice of the missing revocation list becomes urgent"),
            &freshness(-10, 0, 60),
            AUDIT,
        ),
        next(&trial("2026-03-21", "access becomes paid"), &on_trial(90, [gold(1, 20, 300)]), AUDIT),
        next(&on("2026-03-21", "access becomes a trial"), &on_trial(90, [gold(1, 0, 20)]), AUDIT),
        next(
            &on("2026-03-21", "units or a notice of another plan change, and access stays"),
            &two_plans,
            "f365/orders",
        ),
    ]
}

/// A trial that ends before a purchase begins.
fn gap() -> Vec<Row> {
    let tenant = on_trial(20, [paid("gold", 1, days(60, 400))]);
    let mut admin = text(&tenant, AUDIT, Audience::Administrator).to_string();
    admin.truncate(admin.find("\n- F365 Gold").unwrap());
    let expected = "`ada` may open `f365/audit`: trial. Next change by time alone, on 2026-03-22T00:00:00Z: access ends.\n  \
                    this user has no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that \
                    is installed already: if that is too late, ask the publisher for an earlier start, or buy for that time";
    assert_eq!(admin, expected);
    vec![
        text_row(
            "user.allowed",
            &[
                "You may open `f365/audit`.",
                "This is a trial.",
                "You will have no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that \
                 is installed already: if that is too late, ask the vendor for an earlier start, or buy for that time.",
            ],
            &text(&tenant, AUDIT, Audience::Individual),
        ),
        message_row(
            "admin.trial-closes",
            "this is a trial: without a purchase, access ends on 2026-05-31T00:00:00Z",
            &text(&on_trial(90, []), AUDIT, Audience::Administrator).lines()[1].messages[0],
        ),
        for_support(
            "support.gap",
            "this user has no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that is installed already: \
             if that is too late, issue the license with an earlier start, or have the customer buy for that time",
            &tenant,
        ),
        for_support(
            "support.expiring-soon",
            "the term that covers this user ends on 2026-03-21T00:00:00Z: have the customer renew or replace it before then",
            &seated([paid("gold", 1, days(0, 20))]),
        ),
        text_row(
            "user.allowed",
            &[
                "You may open `f365/audit`.",
                "Your access ends on 2026-03-21T00:00:00Z, unless you buy or renew F365 Gold before then.",
            ],
            &text(&seated([without_grace(paid("gold", 1, days(0, 20)))]), AUDIT, Audience::Individual),
        ),
        for_support(
            "support.taken-back-later",
            "the license of F365 Gold is ended early on 2026-03-21T00:00:00Z, and access with it: find out why before it is sold \
             again",
            &revoked_later(),
        ),
        text_row(
            "user.allowed",
            &[
                "You may open `f365/audit`.",
                "The vendor ends your license for F365 Gold on 2026-03-21T00:00:00Z, and your access with it: contact the vendor \
                 before you buy or renew it.",
            ],
            &text(&revoked_later(), AUDIT, Audience::Individual),
        ),
        for_support(
            "support.in-grace",
            "the term of the license has ended: have the customer renew it before its grace ends on 2026-03-31T00:00:00Z",
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        for_support(
            "support.over-assigned",
            "more seats are assigned (2) than licensed (1), which is tolerated until 2026-04-20T00:00:00Z: have the customer buy \
             units or free seats before then",
            &tolerated(),
        ),
        for_support(
            "detail.tolerance",
            "license 01010101010101010101010101010101 tolerates 3 seats in all before 2026-04-20T00:00:00Z",
            &tolerated(),
        ),
        message_row(
            "admin.gap",
            "this user has no access from 2026-03-22T00:00:00Z until 2026-04-30T00:00:00Z, when a license begins that is installed already: \
             if that is too late, ask the publisher for an earlier start, or buy for that time",
            &text(&tenant, AUDIT, Audience::Administrator).lines()[1].messages[0],
        ),
    ]
}

/// A list that is wanted until the calendar ends.
fn list_without_end() -> Row {
    let last = 2_912_383;
    let tenant = freshness(last - 20, 0, 30);
    let text = tenant.see("ada", AUDIT, day(last - 5), |decision| match decision {
        Decision::Allow(allow) => allow.text(Audience::Individual),
        Decision::Deny(denial) => panic!("{denial:?}"),
    });
    let lines = [
        "You may open `f365/audit`.",
        "Install the latest revocation list, which the vendor provides: your license requires a more recent one.",
    ];
    text_row("user.allowed", &lines, &text)
}

pub(crate) fn rows() -> Vec<Row> {
    let rows = [answers(), next_changes(), gap(), vec![list_without_end()]];
    rows.into_iter().flatten().collect()
}

fn answers() -> Vec<Row> {
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
                "More seats are assigned (2) than you have units (1): your access ends on 2026-04-20T00:00:00Z, unless \
                 you buy units of F365 Gold or take back the seat of somebody else before then.",
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
                "Your access ends on 2026-03-22T00:00:00Z, unless you buy F365 Gold before then.",
            ],
            &trial(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "Install the latest revocation list, which the vendor provides, before 2026-03-21T00:00:00Z: without it \
                 your license gives nothing from then on.",
            ],
            &wants_a_list(),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "The term of your license for F365 Gold has ended: renew it before 2026-03-31T00:00:00Z, when your \
                 access ends.",
            ],
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: in grace. Next change by time alone, on 2026-03-31T00:00:00Z: access ends.",
                "  the term of the license has ended: renew it before its grace ends on 2026-03-31T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-03-31T00:00:00Z: units of license 01010101010101010101010101010101 no longer cover this release (units: 1)",
            ],
            &seated([paid("gold", 1, days(-30, 0)).with_fallback(day(-20)).unwrap()]),
        ),
        row(
            "user.allowed",
            AUDIT,
            Individual,
            &[
                "You may open `f365/audit`.",
                "The term of your license for F365 Gold ends on 2026-03-21T00:00:00Z: renew it before then. Without \
                 that your access ends on 2026-04-20T00:00:00Z.",
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
                "`ada` may open `f365/audit`: paid. Next change by time alone, on 2026-03-21T00:00:00Z: access ends.",
                "  the publisher ends the license of F365 Gold on 2026-03-21T00:00:00Z, and access with it: contact the \
                 publisher before you buy or renew it",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-03-21T00:00:00Z: units of license 01010101010101010101010101010101 become revoked (units: 1)",
            ],
            &revoked_later(),
        ),
        row("admin.allowed", "f365/basic", Administrator, &["`ada` may open `f365/basic`: free."], &free),
        row(
            "support.allowed",
            "f365/basic",
            SupportDesk,
            &["allowed: `ada` for `f365/basic` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by time: \
                 never, after entry 1, basis.free"],
            &free,
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: over-assigned. Next change by time alone, on 2026-04-20T00:00:00Z: access ends.",
                "  more seats are assigned (2) than licensed (1), which is tolerated until 2026-04-20T00:00:00Z: buy \
                 units or free seats before then",
                "- F365 Gold: assigned directly",
                "  seat number 2",
                "  2026-04-20T00:00:00Z: license 01010101010101010101010101010101 no longer tolerates seats beyond \
                 its units (units: 1)",
                "  2026-06-09T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2026-07-09T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2026-10-07T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
            ],
            &tolerated(),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next change by time alone, on 2026-06-09T00:00:00Z: units change as listed below, and access stays.",
                "  without a renewal or a purchase, access ends on 2026-10-17T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-06-09T00:00:00Z: units of license 01010101010101010101010101010101 become usable (units: 2)",
                "  2026-06-09T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2026-07-09T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2026-09-17T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 2)",
                "  2026-10-07T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
                "  2026-10-17T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 2)",
                "  2027-01-15T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 2)",
            ],
            &renewed(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-06-09T00:00:00Z, after entry 3, basis.paid",
                "  next change by time: units change as listed below, and access stays",
                "  without a renewal or a purchase, access ends on 2026-10-17T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-06-09T00:00:00Z",
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
                "`ada` may open `f365/audit`: trial. Next change by time alone, on 2026-03-22T00:00:00Z: access ends.",
                "  this is a trial: without a purchase, access ends on 2026-03-22T00:00:00Z",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  2026-03-22T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 5)",
            ],
            &trial(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-03-22T00:00:00Z, after entry 2, basis.trial",
                "  next change by time: access ends",
                "  this is a trial: without a purchase, access ends on 2026-03-22T00:00:00Z",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  usable units: 5, seats: 5, seated: 1, without a seat: 0, next change by time: 2026-03-22T00:00:00Z",
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
                "`ada` may open `f365/audit`: in grace. Next change by time alone, on 2026-03-31T00:00:00Z: access ends.",
                "  the term of the license has ended: renew it before its grace ends on 2026-03-31T00:00:00Z",
                "- F365 Gold: assigned directly, through the group `staff`",
                "  seat number 1",
                "  2026-03-31T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2026-06-29T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
            ],
            &seated([paid("gold", 1, days(-30, 0))]),
        ),
        row(
            "admin.allowed-until",
            AUDIT,
            Administrator,
            &[
                "`ada` may open `f365/audit`: paid. Next change by time alone, on 2026-03-21T00:00:00Z: access ends.",
                "  install the latest revocation list, which the publisher provides, before 2026-03-21T00:00:00Z: without \
                 it the license gives nothing from then on",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  2026-03-21T00:00:00Z: units of license 01010101010101010101010101010101 give nothing without a \
                 recent revocation list (units: unlimited)",
            ],
            &wants_a_list(),
        ),
        row(
            "support.allowed",
            AUDIT,
            SupportDesk,
            &[
                "allowed: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next change by \
                 time: 2026-03-21T00:00:00Z, after entry 1, basis.paid",
                "  next change by time: access ends",
                "  send the customer the latest revocation list, and have it installed before 2026-03-21T00:00:00Z: without \
                 it the license gives nothing from then on",
                "- F365 Gold: assigned directly",
                "  seat number 1",
                "  usable units: unlimited, seats: unlimited, seated: 1, without a seat: 0, next change by time: \
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
                "`ada` may open `orders/publish-policy`: paid. Next change by time alone, on 2026-11-26T00:00:00Z: the notice begins that the term ends soon.",
                "  without a renewal or a purchase, access ends on 2027-01-25T00:00:00Z",
                "- Intelligent Order Management USL: assigned directly",
                "  seat number 1",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
                "- Intelligent Order Management: for the whole organisation",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
                "- Power Automate per user: assigned directly",
                "  seat number 1",
                "  2026-12-26T00:00:00Z: the term of units of license 01010101010101010101010101010101 ends, and \
                 their grace begins (units: 1)",
                "  2027-01-25T00:00:00Z: units of license 01010101010101010101010101010101 are suspended (units: 1)",
                "  2027-04-25T00:00:00Z: units of license 01010101010101010101010101010101 end for good (units: 1)",
            ],
            &requiring(),
        ),
        row(
            "support.allowed",
            "orders/publish-policy",
            SupportDesk,
            &[
                "allowed: `ada` for `orders/publish-policy` in tenant `contoso`, as of 2026-03-11T00:00:00Z, next \
                 change by time: 2026-11-26T00:00:00Z, after entry 2, basis.paid",
                "  next change by time: the notice begins that the term ends soon",
                "  without a renewal or a purchase, access ends on 2027-01-25T00:00:00Z",
                "- Intelligent Order Management USL: assigned directly",
                "  seat number 1",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "  claimed since entry 2, assigned directly",
                "- Intelligent Order Management: for the whole organisation",
                "  usable units: 1, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "- Power Automate per user: assigned directly",
                "  seat number 1",
                "  usable units: 1, seats: 1, seated: 1, without a seat: 0, next change by time: 2026-12-26T00:00:00Z",
                "  license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by \
                 time: 2026-12-26T00:00:00Z",
                "  claimed since entry 2, assigned directly",
            ],
            &requiring(),
        ),
    ]
}
