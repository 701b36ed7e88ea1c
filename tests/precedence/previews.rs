//! The texts of previews.

use entitle::license::{Freshness, FreshnessLimit, TimeTicketDraft};
use entitle::time::{Days, Length};
use entitle::{Command, Deal, Grant, Role, Tenant, Term, TicketId, Units};

use crate::Row;
use crate::support::{Scenario, Vendor, admin, assign, assign_group, day, days, join, paid, unassign, units, window};
use crate::wordings::text_row;

/// The text of a preview on day 10.
fn row(code: &'static str, lines: &[&str], tenant: &Tenant, commands: &[Command]) -> Row {
    let preview = tenant.preview(&admin().with(Role::Host), commands, day(10)).unwrap();
    text_row(code, lines, &preview.text())
}

/// Contoso's license in its second revision, with these grants instead of its former ones.
fn revision(vendor: &Vendor, grants: impl IntoIterator<Item = Grant>) -> Command {
    let deal = vendor.deal_for("contoso").revise(day(10)).unwrap();
    Command::Install(vendor.seal(&grants.into_iter().fold(deal, Deal::with)))
}

/// A smaller renewal, under which the seats of before are tolerated for 90 days.
fn smaller() -> Row {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 3, days(0, 365))]);
    tenant.run(1, ["ada", "bo", "cy"].map(|name| assign(name, "bronze"))).unwrap();
    let old = vendor.deal_for("contoso").with(paid("bronze", 3, days(0, 365)));
    let new = old.renew(vendor.catalog.offer(), day(10), vec![paid("bronze", 1, days(0, 365))]).unwrap();
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "Access that people have now and that ends, until when (2 users):",
            "  `bo`, `f365/orders`, 2026-06-09T00:00:00Z",
            "  `cy`, `f365/orders`, 2026-06-09T00:00:00Z",
            "Access that people lose by it (2 users):",
            "  `bo`, `f365/orders`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z",
            "  `cy`, `f365/orders`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z",
            "Users with a claim and no seat only because of it (2 users):",
            "  `bo`, `bronze`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z",
            "  `cy`, `bronze`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z",
            "Units:",
            "  `bronze`, 1 (tolerated: 3) instead of 3, from 2026-03-11T00:00:00Z until 2026-06-09T00:00:00Z",
            "  `bronze`, 1 instead of 3, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z",
            "Warnings that appear:",
            "  `bronze`, over-assigned, 2 users, first 2026-03-11T00:00:00Z",
            "Warnings that disappear:",
            "  `bronze`, expiring soon, 2 users, first 2027-01-30T00:00:00Z",
            "  `bronze`, in grace, 2 users, first 2027-03-01T00:00:00Z",
        ],
        &tenant,
        &[Command::Install(vendor.seal(&new))],
    )
}

/// A revision that repeats gold, for ever, and forgets silver, a perpetual bronze and a trial.
fn dropping() -> Row {
    let vendor = Vendor::fabrikam();
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(30).unwrap());
    let bronze = Grant::paid("bronze".parse().unwrap(), Units::Unlimited, Term::perpetual(day(0)));
    let mut tenant = vendor.contoso([paid("silver", 2, days(0, 365)), paid("gold", 1, days(0, 365)), trial, bronze]);
    tenant.run(1, [assign("ada", "silver"), assign("bo", "gold")]).unwrap();
    let gold = Grant::paid("gold".parse().unwrap(), units(1), Term::perpetual(day(0)));
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "Access that people have now and that ends, until when (1 user):",
            "  `ada`, `f365/forecasts`, 2026-03-11T00:00:00Z",
            "  `ada`, `f365/orders`, 2026-03-11T00:00:00Z",
            "Access that people lose by it (1 user):",
            "  `ada`, `f365/forecasts`, from 2026-03-11T00:00:00Z until 2027-03-31T00:00:00Z",
            "  `ada`, `f365/orders`, from 2026-03-11T00:00:00Z until 2027-03-31T00:00:00Z",
            "Access that people gain by it (1 user):",
            "  `bo`, `f365/audit`, from 2027-03-31T00:00:00Z on",
            "  `bo`, `f365/forecasts`, from 2027-03-31T00:00:00Z on",
            "  `bo`, `f365/orders`, from 2027-03-31T00:00:00Z on",
            "Users with a claim and no seat only because of it (1 user):",
            "  `ada`, `silver`, from 2026-03-11T00:00:00Z until 2027-03-31T00:00:00Z",
            "Users who have a seat only because of it (1 user):",
            "  `bo`, `gold`, from 2027-03-31T00:00:00Z on",
            "Grants that still run and are dropped:",
            "  `silver`, paid, units: 2, active until 2027-03-01T00:00:00Z, of revision 1 of license \
             01010101010101010101010101010101",
            "  `gold`, trial, units: 5, trial not started until 2026-04-30T00:00:00Z, of revision 1 of license \
             01010101010101010101010101010101",
            "  `bronze`, paid, units: unlimited, active, of revision 1 of license \
             01010101010101010101010101010101",
            "Units:",
            "  `silver`, 0 instead of 2, from 2026-03-11T00:00:00Z until 2027-03-31T00:00:00Z",
            "  `bronze`, 0 instead of unlimited, from 2026-03-11T00:00:00Z on",
            "  `gold`, 1 instead of 0, from 2027-03-31T00:00:00Z on",
            "Warnings that disappear:",
            "  `gold`, expiring soon, 1 user, first 2027-01-30T00:00:00Z",
            "  `silver`, expiring soon, 1 user, first 2027-01-30T00:00:00Z",
            "  `gold`, in grace, 1 user, first 2027-03-01T00:00:00Z",
            "  `silver`, in grace, 1 user, first 2027-03-01T00:00:00Z",
        ],
        &tenant,
        &[revision(&vendor, [gold])],
    )
}

/// The organisation's license is left out.
fn for_everyone() -> Row {
    let vendor = Vendor::of(include_str!("../../examples/studio.json"));
    let tenant = vendor.contoso([paid("standard", 1, days(0, 100))]);
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "Access that people have now and that ends, until when (everyone):",
            "  everyone, `studio/export`, 2026-03-11T00:00:00Z",
            "Access that people lose by it (everyone):",
            "  everyone, `studio/export`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Quotas:",
            "  the organisation, `projects`, 3 instead of 20, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Grants that still run and are dropped:",
            "  `standard`, paid, units: 1, active until 2026-06-09T00:00:00Z, of revision 1 of license \
             01010101010101010101010101010101",
            "Units:",
            "  `standard`, 0 instead of 1, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Warnings that disappear:",
            "  `standard`, expiring soon, everyone, first 2026-05-10T00:00:00Z",
            "  `standard`, in grace, everyone, first 2026-06-09T00:00:00Z",
        ],
        &tenant,
        &[revision(&vendor, [])],
    )
}

/// A license that requires revocation lists from now on.
fn requiring_a_list() -> Row {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "gold")]).unwrap();
    let mut deal = vendor.deal_for("contoso").revise(day(10)).unwrap().with(paid("gold", 1, days(0, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(30)));
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "Access that people have now and that ends, until when (1 user):",
            "  `ada`, `f365/audit`, 2026-04-10T00:00:00Z",
            "  `ada`, `f365/forecasts`, 2026-04-10T00:00:00Z",
            "  `ada`, `f365/orders`, 2026-04-10T00:00:00Z",
            "Access that people lose by it (1 user):",
            "  `ada`, `f365/audit`, from 2026-04-10T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `ada`, `f365/forecasts`, from 2026-04-10T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `ada`, `f365/orders`, from 2026-04-10T00:00:00Z until 2026-07-09T00:00:00Z",
            "Users with a claim and no seat only because of it (1 user):",
            "  `ada`, `gold`, from 2026-04-10T00:00:00Z until 2026-07-09T00:00:00Z",
            "Units:",
            "  `gold`, 0 instead of 1, from 2026-04-10T00:00:00Z until 2026-07-09T00:00:00Z",
            "Warnings that appear:",
            "  `gold`, list wanted, 1 user, first 2026-03-11T00:00:00Z",
            "  `gold`, expiring soon, 1 user, first 2026-03-11T00:00:00Z",
            "Warnings that disappear:",
            "  `gold`, expiring soon, 1 user, first 2026-05-10T00:00:00Z",
            "  `gold`, in grace, 1 user, first 2026-06-09T00:00:00Z",
        ],
        &tenant,
        &[Command::Install(vendor.seal(&deal))],
    )
}

/// Twelve users lose a group's plan, and somebody else moves up.
fn many() -> Row {
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 12, days(0, 100))]);
    tenant.run(1, [assign_group("staff", "bronze")]).unwrap();
    tenant.run(1, (10..22).map(|number| join(&format!("user-{number}"), "staff"))).unwrap();
    tenant.run(2, [assign_group("crew", "bronze"), join("zoe", "crew")]).unwrap();
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "Access that people have now and that ends, until when (12 users):",
            "  `user-10`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-11`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-12`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-13`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-14`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-15`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-16`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-17`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-18`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  `user-19`, `f365/orders`, 2026-03-11T00:00:00Z",
            "  and 2 more",
            "Access that people lose by it (12 users):",
            "  `user-10`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-11`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-12`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-13`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-14`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-15`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-16`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-17`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-18`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `user-19`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  and 2 more",
            "Access that people gain by it (1 user):",
            "  `zoe`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Users who have a seat only because of it (1 user):",
            "  `zoe`, `bronze`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Warnings that appear:",
            "  `bronze`, expiring soon, 1 user, first 2026-05-10T00:00:00Z",
            "  `bronze`, in grace, 1 user, first 2026-06-09T00:00:00Z",
            "Warnings that disappear:",
            "  `bronze`, expiring soon, 12 users, first 2026-05-10T00:00:00Z",
            "  `bronze`, in grace, 12 users, first 2026-06-09T00:00:00Z",
        ],
        &tenant,
        &[crate::support::unassign_group("staff", "bronze")],
    )
}

/// One more who waits, until somebody leaves.
fn waiting() -> Row {
    let bronze = Grant::paid("bronze".parse().unwrap(), units(1), Term::perpetual(day(0)));
    let mut tenant = Vendor::fabrikam().contoso([bronze]);
    tenant.run(1, [assign("ada", "bronze"), assign_group("staff", "bronze")]).unwrap();
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "Users with a claim and no seat only because of it (1 user):",
            "  `bo`, `bronze`, from 2026-03-11T00:00:00Z on",
        ],
        &tenant,
        &[join("bo", "staff")],
    )
}

fn nothing() -> Row {
    let tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 100))]);
    row("preview.nothing", &["From 2026-03-11T00:00:00Z on nothing would change."], &tenant, &[join("ada", "staff")])
}

/// A time ticket, after the clock was far ahead for a time.
fn other_reading() -> Row {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "gold")]).unwrap();
    tenant.forge(5000, [Command::RecordTime]);
    let id = TicketId::from_random([7; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(9));
    let ticket = Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap());
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "The record would be read at 2026-03-11T00:00:00Z instead of 2039-11-08T00:00:00Z.",
            "Access that people gain by it (1 user):",
            "  `ada`, `f365/audit`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `ada`, `f365/forecasts`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "  `ada`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Users who have a seat only because of it (1 user):",
            "  `ada`, `gold`, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Units:",
            "  `gold`, 1 instead of 0, from 2026-03-11T00:00:00Z until 2026-07-09T00:00:00Z",
            "Warnings that appear:",
            "  `gold`, expiring soon, 1 user, first 2026-05-10T00:00:00Z",
            "  `gold`, in grace, 1 user, first 2026-06-09T00:00:00Z",
        ],
        &tenant,
        &[ticket],
    )
}

/// A grant that ends every day from day 1 on.
fn daily(last: impl IntoIterator<Item = Grant>) -> Vec<Grant> {
    let end = |end| paid("bronze", 1, days(0, end)).with_grace(Days::NONE);
    (1..=600).map(end).chain(last).collect()
}

/// What changes, as far as it is looked at.
fn cut_off() -> Vec<Row> {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso(daily([]));
    tenant.run(1, [assign("ada", "bronze")]).unwrap();
    let later = revision(&vendor, daily([paid("bronze", 9, days(700, 800))]));
    vec![
        row(
            "preview.changes-until",
            &[
                "From 2026-03-11T00:00:00Z on, looked at until 2026-09-27T00:00:00Z, this would change:",
                "Access that people have now and that ends, until when (1 user):",
                "  `ada`, `f365/orders`, 2026-03-11T00:00:00Z",
                "Access that people lose by it (1 user):",
                "  `ada`, `f365/orders`, from 2026-03-11T00:00:00Z until 2026-09-27T00:00:00Z",
            ],
            &tenant,
            &[unassign("ada", "bronze")],
        ),
        row(
            "preview.nothing-until",
            &["From 2026-03-11T00:00:00Z on, looked at until 2026-09-27T00:00:00Z, nothing would change."],
            &tenant,
            &[later],
        ),
    ]
}

pub(crate) fn rows() -> Vec<Row> {
    let one = [
        smaller(),
        dropping(),
        for_everyone(),
        requiring_a_list(),
        of_quotas(),
        many(),
        waiting(),
        nothing(),
        other_reading(),
    ];
    one.into_iter().chain(cut_off()).collect()
}

/// A plan for everyone and one for ada end, with what they give of a quota of users and of one of the organisation.
fn of_quotas() -> Row {
    let vendor = Vendor::of(
        r#"{ "publisher": "fabrikam", "offer": "studio", "management": { "managed": "with_license" },
             "quotas": [
               { "id": "projects", "name": "Projects", "unit": "projects", "scope": "user", "combine": "sum" },
               { "id": "storage", "name": "Storage", "unit": "gigabytes", "scope": "tenant", "combine": "sum" } ],
             "apps": [{ "id": "edit", "access": "free" }],
             "plans": [
               { "id": "site", "scope": "tenant", "name": "Site", "quotas": [{ "quota": "projects", "amount": { "limited": 5 } }] },
               { "id": "pro", "scope": "user", "name": "Pro", "quotas": [
                 { "quota": "projects", "amount": { "limited": 50 } }, { "quota": "storage", "amount": "unlimited" }] } ] }"#,
    );
    let forever = |plan: &str| Grant::paid(plan.parse().unwrap(), units(1), Term::perpetual(day(0)));
    let mut tenant = vendor.contoso([forever("site"), forever("pro")]);
    tenant.run(1, [assign("ada", "pro")]).unwrap();
    row(
        "preview.changes",
        &[
            "From 2026-03-11T00:00:00Z on this would change:",
            "Users with a claim and no seat only because of it (1 user):",
            "  `ada`, `pro`, from 2026-03-11T00:00:00Z on",
            "Quotas:",
            "  the organisation, `storage`, 0 instead of unlimited, from 2026-03-11T00:00:00Z on",
            "  everyone, `projects`, 0 instead of 5, from 2026-03-11T00:00:00Z on",
            "  `ada`, `projects`, 0 instead of 55, from 2026-03-11T00:00:00Z on",
            "Grants that still run and are dropped:",
            "  `site`, paid, units: 1, active, of revision 1 of license 01010101010101010101010101010101",
            "  `pro`, paid, units: 1, active, of revision 1 of license 01010101010101010101010101010101",
            "Units:",
            "  `pro`, 0 instead of 1, from 2026-03-11T00:00:00Z on",
            "  `site`, 0 instead of 1, from 2026-03-11T00:00:00Z on",
        ],
        &tenant,
        &[revision(&vendor, [])],
    )
}
