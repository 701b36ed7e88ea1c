//! X8, L3, S11, X6: which entries the lists of a dry run have.

use entitle::license::TimeTicketDraft;
use entitle::limits::MAX_PREVIEW_ENTRIES;
use entitle::preview::{AffectedUsers, Preview, Subject, WarningKind};
use entitle::quantity::Total;
use entitle::time::{Days, End};
use entitle::{Command, Deal, LicenseId, Role, Tenant, TicketId};

use crate::support::{Scenario, Vendor, admin, assign, assign_group, day, days, join, paid, units, user};

fn preview(tenant: &Tenant, on: i64, commands: &[Command]) -> Preview {
    tenant.preview(&admin(), commands, day(on)).unwrap()
}

#[test]
fn x8_the_dry_run_keeps_the_first_entries_whatever_the_order_of_the_queue() {
    let vendor = Vendor::fabrikam();
    let many = MAX_PREVIEW_ENTRIES + 100;
    let names: Vec<String> = (0..many).map(|number| format!("user-{number:04}")).collect();
    let mut tenant = vendor.contoso([paid("bronze", u32::try_from(many).unwrap(), days(0, 100))]);
    tenant.run(1, [assign_group("staff", "bronze")]).unwrap();
    // The later in the order of ids, the earlier in the queue.
    for name in names.iter().rev() {
        tenant.run(1, [join(name, "staff")]).unwrap();
    }
    let without = vendor.deal_for("contoso").revise(day(3)).unwrap();
    let found = preview(&tenant, 3, &[Command::Install(vendor.seal(&without))]);
    let kept: Vec<Subject> = found.lost.iter().map(|change| change.who.clone()).collect();
    let first = names.iter().take(MAX_PREVIEW_ENTRIES).map(|name| Subject::User(user(name)));
    assert_eq!(kept, first.collect::<Vec<_>>());
    assert_eq!(found.totals.lost.entries, u64::try_from(many).unwrap());
}

#[test]
fn x8_the_dry_run_keeps_the_first_of_the_dropped_grants_and_counts_all() {
    let vendor = Vendor::fabrikam();
    // Two licenses of 600 grants each, both revised to nothing.
    let licensee = vendor.deal_for("contoso").licensee;
    let deals = [1, 2].map(|id| {
        let grants = (1..=600).map(|end| paid("bronze", 1, days(0, 100 + end)));
        grants.fold(vendor.deal(id, licensee.clone()), Deal::with)
    });
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, deals.iter().map(|deal| Command::Install(vendor.seal(deal)))).unwrap();
    let revised = [1, 2].map(|id| vendor.deal(id, licensee.clone()).revise(day(1)).unwrap());
    let found = preview(&tenant, 1, &revised.map(|deal| Command::Install(vendor.seal(&deal))));
    assert_eq!((found.dropped.len(), found.totals.dropped), (MAX_PREVIEW_ENTRIES, 1_200));
    let of_the_second = found.dropped.iter().filter(|it| it.license == LicenseId::from_random([2; 16])).count();
    assert_eq!(of_the_second, MAX_PREVIEW_ENTRIES - 600);
}

/// Two tenant plans that open one app, a third that opens none, and capacity.
const SITES: &str = r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
    "apps": [{ "id": "hall", "access": "licensed" }, { "id": "lab", "access": "licensed" }],
    "plans": [
      { "id": "site", "scope": "tenant", "name": "Site", "apps": ["hall"] },
      { "id": "campus", "scope": "tenant", "name": "Campus", "apps": ["hall"] },
      { "id": "base", "scope": "tenant", "name": "Base" },
      { "id": "lab", "scope": "user", "name": "Lab", "apps": ["lab"], "requires": [["base"]] },
      { "id": "pages", "scope": "capacity", "name": "Pages" } ] }"#;

#[test]
fn k2_the_dry_run_takes_nothing_that_another_tenant_plan_still_gives() {
    let vendor = Vendor::of(SITES);
    let tenant = vendor.contoso(["site", "campus"].map(|plan| paid(plan, 1, days(0, 100))));
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(paid("campus", 1, days(0, 100)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    assert_eq!((found.lost.len(), found.pools.len(), found.dropped.len()), (0, 1, 1), "{found}");
}

#[test]
fn k7_the_dry_run_lists_the_warnings_of_a_plan_that_opens_nothing_itself() {
    let vendor = Vendor::of(SITES);
    let tenant = vendor.contoso([paid("base", 1, days(0, 100))]);
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(paid("base", 1, days(0, 50)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    let appearing: Vec<_> = found.appearing.iter().map(|it| (it.warning, it.affected, it.from)).collect();
    assert_eq!(
        appearing,
        [
            (WarningKind::ExpiringSoon, AffectedUsers::Everyone, day(20)),
            (WarningKind::InGrace, AffectedUsers::Everyone, day(50))
        ]
    );
}

#[test]
fn s11_the_dry_run_shows_no_tolerance_of_capacity() {
    let vendor = Vendor::of(SITES);
    let tenant = vendor.contoso([paid("pages", 5, days(0, 100))]);
    let smaller = paid("pages", 2, days(0, 100)).tolerating(units(5), day(50));
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(smaller);
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    let pools: Vec<_> = found.pools.iter().map(|it| (it.from, it.until, it.before.limit, it.after.limit)).collect();
    let [two, five] = [2, 5].map(Total::Limited);
    assert_eq!(pools, [(day(10), End::At(day(130)), five, two)]);
}

#[test]
fn x6_the_dry_run_of_a_time_ticket_lists_what_comes_back() {
    let vendor = Vendor::fabrikam();
    let mut tenant =
        vendor.contoso([paid("gold", 1, days(0, 100)), paid("bronze", 1, days(0, 100)).with_grace(Days::NONE)]);
    tenant.run(1, [assign("ada", "gold")]).unwrap();
    // The clock was far ahead once: everything is over. It shows day 12 now, and the ticket says that it is right.
    tenant.run(5000, [join("bo", "staff")]).unwrap();
    let id = TicketId::from_random([1; 16]);
    let ticket = TimeTicketDraft::new(id, vendor.catalog.offer(), "contoso".parse().unwrap(), day(12));
    let ticket = Command::CorrectTime(vendor.secret.seal_ticket(&ticket).unwrap());
    let found = tenant.preview(&admin().with(Role::Host), &[ticket], day(12)).unwrap();
    assert_eq!((found.read_before, found.read_after), (day(5000), day(12)));
    let gained: Vec<_> = found.gained.iter().map(|it| (it.app.as_str(), it.from, it.until)).collect();
    let until = End::At(day(130));
    let apps = ["f365/audit", "f365/forecasts", "f365/orders"];
    assert_eq!(gained, apps.map(|app| (app, day(12), until)));
    let pools: Vec<_> = found.pools.iter().map(|it| (it.plan.as_str(), it.until, it.after.usable)).collect();
    let one = Total::Limited(1);
    assert_eq!(pools, [("bronze", End::At(day(100)), one), ("gold", until, one)]);
    assert!(found.lost.is_empty() && found.ending.is_empty());
}

#[test]
fn c1_the_dry_run_takes_no_access_where_everything_is_open() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": "unmanaged",
             "apps": [{ "id": "hall", "access": "licensed" }],
             "plans": [{ "id": "site", "scope": "tenant", "name": "Site", "apps": ["hall"] }] }"#,
    );
    let tenant = vendor.contoso([paid("site", 1, days(0, 100))]);
    let without = vendor.deal_for("contoso").revise(day(10)).unwrap();
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&without))]);
    assert_eq!((found.lost.len(), found.disappearing.len(), found.pools.len()), (0, 0, 1), "{found}");
}

#[test]
fn k2_who_has_a_seat_loses_later_what_everyone_loses_now() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "hall", "access": "licensed" }],
             "plans": [{ "id": "site", "scope": "tenant", "name": "Site", "apps": ["hall"] },
                       { "id": "seat", "scope": "user", "name": "Seat", "apps": ["hall"] }] }"#,
    );
    let seat = || paid("seat", 1, days(0, 100)).with_grace(Days::NONE);
    let mut tenant = vendor.contoso([paid("site", 1, entitle::Term::perpetual(day(0))), seat()]);
    tenant.run(1, [assign("bo", "seat")]).unwrap();
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(seat());
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    let lost: Vec<_> = found.lost.iter().map(|it| (it.who.to_string(), it.from, it.until)).collect();
    assert_eq!(
        lost,
        [("everyone".to_owned(), day(10), End::Never), ("`bo`".to_owned(), day(100), End::Never)],
        "{found}"
    );
}
