//! The dry run: what administrators ask before they renew, unassign or remove.

use entitle::command::RefusedPart;
use entitle::limits::{MAX_PREVIEW_ENTRIES, MAX_PREVIEW_INSTANTS};
use entitle::preview::{AccessChange, AffectedUsers, DroppedGrant, Preview, Subject, Tally, WaitChange, WarningKind};
use entitle::quantity::Total;
use entitle::time::{End, Length};
use entitle::{Command, Grant, Role, Tenant};

use crate::support::{
    Scenario, Vendor, admin, assign, assign_group, day, days, join, paid, request, unassign, unassign_group, units,
    user, window,
};

const ORDERS: &str = "f365/orders";

fn preview(tenant: &Tenant, on: i64, commands: &[Command]) -> Preview {
    let before = tenant.clone();
    let found = tenant.preview(&admin(), commands, day(on)).unwrap();
    assert_eq!(tenant.snapshot(), before.snapshot(), "nothing of the tenant changes");
    found
}

/// Who and what, with the days from and until, the last of which may never come.
fn access_changes(changes: &[AccessChange]) -> Vec<(String, &str, i64, Option<i64>)> {
    changes.iter().map(|it| (it.who.to_string(), it.app.as_str(), on(it.from), until(it.until))).collect()
}

fn seats(changes: &[WaitChange]) -> Vec<(&str, &str, i64, Option<i64>)> {
    let seat = |it: &'_ WaitChange| (on(it.from), until(it.until));
    changes.iter().map(|it| (it.user.as_str(), it.plan.as_str(), seat(it).0, seat(it).1)).collect()
}

fn warnings(changes: &[entitle::preview::WarningChange]) -> Vec<(WarningKind, AffectedUsers, i64)> {
    changes.iter().map(|it| (it.warning, it.affected, on(it.from))).collect()
}

fn on(at: entitle::chrono::DateTime<entitle::chrono::Utc>) -> i64 {
    (at - day(0)).num_days()
}

fn until(end: End) -> Option<i64> {
    match end {
        End::At(at) => Some(on(at)),
        End::Never => None,
    }
}

fn tally(entries: u64, users: u64, pairs: u64) -> Tally {
    let mut tally = Tally::default();
    (tally.entries, tally.users, tally.pairs) = (entries, users, pairs);
    tally
}

/// Contoso with so many bronze seats of a year, all taken.
fn tenant_of(vendor: &Vendor, names: &[&str]) -> Tenant {
    let seats = u32::try_from(names.len()).unwrap();
    let mut tenant = vendor.contoso([paid("bronze", seats, days(0, 365))]);
    tenant.run(1, names.iter().map(|name| assign(name, "bronze"))).unwrap();
    tenant
}

#[test]
fn s11_the_dry_run_of_a_smaller_renewal_says_who_loses_what_when() {
    let vendor = Vendor::fabrikam();
    let tenant = tenant_of(&vendor, &["ada", "bo", "cy"]);
    // Made out on day 10 for a year from day 0 on: one seat, and the three of before are tolerated for 90 days.
    let old = vendor.deal_for("contoso").with(paid("bronze", 3, days(0, 365)));
    let new = old.renew(vendor.catalog.offer(), day(10), vec![paid("bronze", 1, days(0, 365))]).unwrap();
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    // Grace would have ended on day 395, and all three would have lost it then.
    let expected = ["`bo`", "`cy`"].map(|who| (who.to_owned(), ORDERS, 100, Some(395)));
    assert_eq!(access_changes(&found.lost), expected);
    assert_eq!(seats(&found.waiting), [("bo", "bronze", 100, Some(395)), ("cy", "bronze", 100, Some(395))]);
    assert_eq!((found.gained.len(), found.served.len(), found.dropped.len()), (0, 0, 0));
    assert_eq!((found.totals.lost, found.totals.waiting), (tally(2, 2, 2), tally(2, 2, 2)));
    // Units 1 instead of 3; the limit is 3 as before until day 100, then 1 until grace is over.
    let pools: Vec<_> = found
        .pools
        .iter()
        .map(|it| (on(it.from), until(it.until), [it.before, it.after].map(|units| (units.usable, units.limit))))
        .collect();
    let [one, three] = [1, 3].map(Total::Limited);
    assert_eq!(
        pools,
        [(10, Some(100), [(three, three), (one, three)]), (100, Some(395), [(three, three), (one, one)]),]
    );
    // Two are over-assigned from now on. Their notice before day 365 and their grace after it are no more.
    assert_eq!(warnings(&found.appearing), [(WarningKind::OverAssigned, AffectedUsers::Users(2), 10)]);
    let gone = [(WarningKind::ExpiringSoon, 335), (WarningKind::InGrace, 365)];
    assert_eq!(warnings(&found.disappearing), gone.map(|(kind, from)| (kind, AffectedUsers::Users(2), from)));
    assert_eq!((found.now, found.looked_until), (day(10), End::Never));
    assert_eq!(
        found.to_string(),
        "From 2026-03-11T00:00:00Z on this would change:\n\
         Access that people have now and that ends, until when (2 users):\n\
         \x20 `bo`, `f365/orders`, 2026-06-09T00:00:00Z\n\
         \x20 `cy`, `f365/orders`, 2026-06-09T00:00:00Z\n\
         Access that people lose by it (2 users):\n\
         \x20 `bo`, `f365/orders`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z\n\
         \x20 `cy`, `f365/orders`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z\n\
         Users with a claim and no seat only because of it (2 users):\n\
         \x20 `bo`, `bronze`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z\n\
         \x20 `cy`, `bronze`, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z\n\
         Units:\n\
         \x20 `bronze`, 1 (tolerated: 3) instead of 3, from 2026-03-11T00:00:00Z until 2026-06-09T00:00:00Z\n\
         \x20 `bronze`, 1 instead of 3, from 2026-06-09T00:00:00Z until 2027-03-31T00:00:00Z\n\
         Warnings that appear:\n\
         \x20 `bronze`, over-assigned, 2 users, first 2026-03-11T00:00:00Z\n\
         Warnings that disappear:\n\
         \x20 `bronze`, expiring soon, 2 users, first 2027-01-30T00:00:00Z\n\
         \x20 `bronze`, in grace, 2 users, first 2027-03-01T00:00:00Z"
    );
}

#[test]
fn s6_the_dry_run_judges_a_list_by_the_state_it_leads_to() {
    let vendor = Vendor::fabrikam();
    let tenant = tenant_of(&vendor, &["ada", "bo", "cy"]);
    // One seat fewer, and nobody tolerated: that ada leaves makes room for the two others.
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(paid("bronze", 2, days(0, 365)));
    let smaller = Command::Install(vendor.seal(&new));
    let found = preview(&tenant, 10, &[smaller, unassign("ada", "bronze")]);
    assert_eq!(access_changes(&found.lost), [("`ada`".to_owned(), ORDERS, 10, Some(395))]);
    assert_eq!((found.totals.lost, found.waiting.len()), (tally(1, 1, 1), 0));
    // One seat alone: bo waits. Cy would wait too, but has no claim any more: lost once, and waits for nothing.
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(paid("bronze", 1, days(0, 365)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new)), unassign("cy", "bronze")]);
    assert_eq!(access_changes(&found.lost), ["`bo`", "`cy`"].map(|who| (who.to_owned(), ORDERS, 10, Some(395))));
    assert_eq!(seats(&found.waiting), [("bo", "bronze", 10, Some(395))]);
    assert_eq!((found.totals.lost, found.totals.waiting), (tally(2, 2, 2), tally(1, 1, 1)));
}

/// Lists are previewed as their entries would be: a claim that has no source after one of them loses
/// its place, which it keeps within one list.
#[test]
fn s6_the_dry_run_of_several_lists_decides_each_on_those_before_it() {
    let vendor = Vendor::fabrikam();
    let tenant = tenant_of(&vendor, &["ada", "bo"]);
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(paid("bronze", 1, days(0, 365)));
    let commands = [unassign("ada", "bronze"), assign("ada", "bronze"), Command::Install(vendor.seal(&new))];
    let of = |who: &str| [(format!("`{who}`"), ORDERS, 10, Some(395))];
    assert_eq!(access_changes(&preview(&tenant, 10, &commands).lost), of("bo"));
    let before = tenant.snapshot();
    let lists = || commands.chunks(1);
    let found = tenant.preview_lists(&admin(), lists(), day(10)).unwrap();
    assert_eq!(
        (access_changes(&found.lost), seats(&found.waiting)),
        (of("ada").to_vec(), vec![("ada", "bronze", 10, Some(395))])
    );
    // What is recorded in so many entries is that.
    let mut after = tenant.clone();
    for list in lists() {
        after.run(10, list.iter().cloned()).unwrap();
    }
    let queue: Vec<_> = after.queue(&"bronze".parse().unwrap()).map(|user| user.as_str().to_string()).collect();
    assert_eq!(queue, ["bo", "ada"]);
    // The index of a refused command counts those of all lists.
    let twice = [&commands[..1], &[assign("cy", "bronze"), unassign("ada", "bronze")]];
    let refused = tenant.preview_lists(&admin(), twice, day(10)).unwrap_err();
    assert_eq!((refused.part, refused.code()), (RefusedPart::Command(2), "refusal.no-such-assignment"));
    for (lists, part) in [
        (vec![&commands[..1], &commands[..1]], RefusedPart::Command(1)),
        (vec![&commands[..1], &[]], RefusedPart::List),
        (vec![&[unassign("cy", "bronze")][..]], RefusedPart::OnlyCommand),
    ] {
        assert_eq!(tenant.preview_lists(&admin(), lists, day(10)).unwrap_err().part, part);
    }
    assert!(tenant.preview_lists(&admin(), [], day(10)).unwrap().is_empty());
    assert_eq!(tenant.snapshot(), before, "nothing of the tenant changes");
}

#[test]
fn s11_the_dry_run_dates_what_goes_although_it_would_have_ended_sooner() {
    let vendor = Vendor::fabrikam();
    let tenant = tenant_of(&vendor, &["ada", "bo"]);
    // The year is over on day 365, its grace on day 395; the smaller one begins before, and tolerates until day 440.
    let old = vendor.deal_for("contoso").with(paid("bronze", 2, days(0, 365)));
    let new = old.renew(vendor.catalog.offer(), day(350), vec![paid("bronze", 1, days(0, 730))]).unwrap();
    let found = preview(&tenant, 350, &[Command::Install(vendor.seal(&new))]);
    let gained = [("`bo`".to_owned(), ORDERS, 395, Some(440)), ("`ada`".to_owned(), ORDERS, 395, Some(760))];
    assert_eq!((access_changes(&found.lost), access_changes(&found.gained)), (Vec::new(), gained.to_vec()));
    let ends: Vec<_> = found.ending.iter().map(|end| (end.who.to_string(), end.app.as_str(), on(end.from))).collect();
    assert_eq!(ends, [("`bo`".to_owned(), ORDERS, 440), ("`ada`".to_owned(), ORDERS, 760)]);
    assert_eq!(found.totals.ending, tally(2, 2, 2));
}

#[test]
fn l3_the_dry_run_names_what_a_revision_drops() {
    let vendor = Vendor::fabrikam();
    let trial = Grant::trial("gold".parse().unwrap(), units(5), window(0, 60), Length::days(30).unwrap());
    let ended = paid("bronze", 4, days(-300, -200));
    let first = [paid("silver", 2, days(0, 365)), paid("gold", 1, days(0, 365)), trial.clone(), ended];
    let mut tenant = vendor.contoso(first);
    tenant.run(1, [assign("ada", "silver"), assign("bo", "gold")]).unwrap();
    // The renewal repeats gold, paid; it forgets silver and the gold trial. What had ended is not dropped.
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap().with(paid("gold", 1, days(0, 730)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    let dropped: Vec<_> = found.dropped.iter().map(DroppedGrant::to_string).collect();
    assert_eq!(
        dropped,
        [
            "`silver`, paid, units: 2, active until 2027-03-01T00:00:00Z, of revision 1 of license \
             01010101010101010101010101010101",
            "`gold`, trial, units: 5, trial not started until 2026-04-30T00:00:00Z, of revision 1 of license \
             01010101010101010101010101010101",
        ]
    );
    assert_eq!((found.dropped[0].replaced_by.get(), &found.dropped[1].grant, found.totals.dropped), (2, &trial, 2));
    let lost = ["f365/forecasts", ORDERS].map(|app| ("`ada`".to_owned(), app, 10, Some(395)));
    assert_eq!(access_changes(&found.lost), lost);
    // Gold is longer by a year: without the renewal bo would have lost it after grace.
    let gained = ["f365/audit", "f365/forecasts", ORDERS].map(|app| ("`bo`".to_owned(), app, 395, Some(760)));
    assert_eq!(access_changes(&found.gained), gained);
    assert_eq!((found.totals.lost, found.totals.gained), (tally(2, 1, 2), tally(3, 1, 3)));
    // What waits without the renewal holds a seat with it, and the other way round.
    assert_eq!(seats(&found.waiting), [("ada", "silver", 10, Some(395))]);
    assert_eq!(seats(&found.served), [("bo", "gold", 395, Some(760))]);
}

#[test]
fn k7_the_dry_run_dates_a_warning_by_the_first_who_gets_it() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 2, days(0, 1000))]);
    tenant.run(0, [assign("bo", "bronze"), assign("cy", "bronze")]).unwrap();
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap();
    let new = new.with(paid("bronze", 1, days(0, 100))).with(paid("bronze", 1, days(0, 200)));
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    // Cy, in the second place, rests on the unit that ends on day 100; Bo on the one that ends on day 200.
    let expected = [(WarningKind::ExpiringSoon, 70), (WarningKind::InGrace, 100)];
    assert_eq!(warnings(&found.appearing), expected.map(|(kind, from)| (kind, AffectedUsers::Users(2), from)));
}

#[test]
fn k2_the_dry_run_says_everyone_where_a_tenant_plan_goes() {
    let vendor = Vendor::of(include_str!("../../examples/studio.json"));
    let tenant = vendor.contoso([paid("standard", 1, days(0, 100))]);
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap();
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    let standard = vendor.catalog.plan(&"standard".parse().unwrap()).unwrap();
    // 30 days of grace after day 100.
    let mut lost: Vec<_> =
        standard.apps.iter().map(|app| ("everyone".to_owned(), app.as_str(), 10, Some(130))).collect();
    lost.sort();
    assert_eq!(access_changes(&found.lost), lost);
    assert!(!lost.is_empty());
    // Nobody can count everyone.
    let apps = u64::try_from(lost.len()).unwrap();
    assert_eq!(found.totals.lost, tally(apps, 0, apps));
    let gone = [(WarningKind::ExpiringSoon, 70), (WarningKind::InGrace, 100)];
    assert_eq!(warnings(&found.disappearing), gone.map(|(kind, from)| (kind, AffectedUsers::Everyone, from)));
}

/// A tenant plan, a user plan that requires it, one that lists the same app, and two that exclude each other.
const TIED: &str = r#"{
  "publisher": "fabrikam", "offer": "tied", "management": { "managed": "with_license" },
  "apps": [
    { "id": "read", "access": "licensed" }, { "id": "write", "access": "licensed" }, { "id": "draw", "access": "licensed" }
  ],
  "plans": [
    { "id": "base", "scope": "tenant", "name": "Base", "apps": ["read"] },
    { "id": "writer", "scope": "user", "name": "Writer", "apps": ["write"], "requires": [["base"]] },
    { "id": "reader", "scope": "user", "name": "Reader", "apps": ["read"] },
    { "id": "pen", "scope": "user", "name": "Pen", "apps": ["draw"] },
    { "id": "brush", "scope": "user", "name": "Brush", "apps": ["draw", "write"], "excludes": ["pen"] }
  ]
}"#;

#[test]
fn c4_the_dry_run_follows_requirements_and_other_plans_that_list_an_app() {
    let vendor = Vendor::of(TIED);
    let others = ["writer", "reader"].map(|plan| paid(plan, 1, days(0, 100)));
    let mut tenant = vendor.contoso(others.iter().cloned().chain([paid("base", 1, days(0, 100))]));
    tenant.run(1, [assign("ada", "writer"), assign_group("staff", "reader")]).unwrap();
    tenant.run(1, [join("bo", "staff"), join("cy", "staff")]).unwrap();
    // The base is left out; bo reads on with the one seat of a reader, cy waits for one and reads no more.
    let new = others.into_iter().fold(vendor.deal_for("contoso").revise(day(10)).unwrap(), entitle::Deal::with);
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    let lost = [("everyone", "read"), ("`ada`", "write"), ("`cy`", "read")];
    assert_eq!(access_changes(&found.lost), lost.map(|(who, app)| (who.to_owned(), app, 10, Some(130))));
    assert_eq!((found.totals.lost, found.gained.len(), found.waiting.len()), (tally(3, 2, 3), 0, 0));
}

#[test]
fn g4_the_dry_run_follows_exclusions() {
    let vendor = Vendor::of(TIED);
    let mut tenant = vendor.contoso(["pen", "brush"].map(|plan| paid(plan, 2, days(0, 100))));
    tenant.run(1, [assign("ada", "pen"), assign_group("staff", "brush")]).unwrap();
    tenant.run(2, [join("ada", "staff"), join("bo", "staff")]).unwrap();
    // Ada's brush is in error as long as she has the pen; both are for drawing, so that she only gains.
    let found = preview(&tenant, 3, &[unassign("ada", "pen")]);
    assert_eq!(access_changes(&found.gained), [("`ada`".to_owned(), "write", 3, Some(130))]);
    assert_eq!((found.lost.len(), found.waiting.len(), found.served.len()), (0, 0, 0));
    // She is in both queues and is listed once.
    let new = vendor.deal_for("contoso").revise(day(10)).unwrap();
    let found = preview(&tenant, 10, &[Command::Install(vendor.seal(&new))]);
    let lost = [("`ada`", "draw"), ("`bo`", "draw"), ("`bo`", "write")];
    assert_eq!(access_changes(&found.lost), lost.map(|(who, app)| (who.to_owned(), app, 10, Some(130))));
    assert_eq!((found.totals.lost, found.totals.waiting), (tally(3, 2, 3), tally(3, 2, 3)));
}

#[test]
fn g2_the_dry_run_says_whom_a_group_without_its_plan_leaves_and_who_moves_up() {
    let vendor = Vendor::fabrikam();
    let mut tenant = vendor.contoso([paid("bronze", 2, days(0, 100))]);
    tenant.run(1, [assign_group("staff", "bronze"), join("ada", "staff"), join("bo", "staff")]).unwrap();
    tenant
        .run(2, [assign_group("crew", "bronze"), join("bo", "crew"), join("cy", "crew"), join("dee", "crew")])
        .unwrap();
    let found = preview(&tenant, 3, &[unassign_group("staff", "bronze")]);
    // Ada goes; bo stays through the crew; cy gets the seat, and dee still waits.
    assert_eq!(access_changes(&found.lost), [("`ada`".to_owned(), ORDERS, 3, Some(130))]);
    assert_eq!(access_changes(&found.gained), [("`cy`".to_owned(), ORDERS, 3, Some(130))]);
    assert_eq!(seats(&found.served), [("cy", "bronze", 3, Some(130))]);
    // Who has no claim any more waits for nothing; the pool is as large as before.
    assert!(found.waiting.is_empty() && found.pools.is_empty() && found.dropped.is_empty());
    let found = preview(&tenant, 3, &[join("eve", "crew")]);
    assert_eq!(seats(&found.waiting), [("eve", "bronze", 3, None)]);
    assert_eq!((found.lost.len(), found.gained.len()), (0, 0));
}

#[test]
fn x8_the_dry_run_cuts_its_lists_off_and_counts_all() {
    let vendor = Vendor::fabrikam();
    let many = MAX_PREVIEW_ENTRIES + 500;
    let names: Vec<String> = (0..many).map(|number| format!("user-{number:04}")).collect();
    let mut tenant = vendor.contoso([paid("silver", u32::try_from(many).unwrap(), days(0, 100))]);
    tenant.run(1, [assign_group("staff", "silver")]).unwrap();
    for some in names.chunks(500) {
        tenant.run(1, some.iter().map(|name| join(name, "staff"))).unwrap();
    }
    let found = preview(&tenant, 3, &[unassign_group("staff", "silver")]);
    let all = u64::try_from(many).unwrap();
    assert_eq!(found.totals.lost, tally(2 * all, all, 2 * all));
    // The first by time, then by id: both apps of the first half of them.
    let kept: Vec<Subject> = found.lost.iter().map(|change| change.who.clone()).collect();
    let first = names.iter().take(MAX_PREVIEW_ENTRIES / 2).flat_map(|name| [name, name]);
    assert_eq!(kept, first.map(|name| Subject::User(user(name))).collect::<Vec<_>>());
    assert!(found.to_string().contains("Access that people lose by it (1500 users):\n"));
    assert!(found.to_string().contains("\n  and 2990 more\n"));
    let gone = (WarningKind::InGrace, AffectedUsers::Users(all), 100);
    assert!(warnings(&found.disappearing).contains(&gone));
}

#[test]
fn x8_the_dry_run_looks_at_so_many_instants_and_says_how_far() {
    let vendor = Vendor::fabrikam();
    // A grant that ends every day from day 1 on, so that the units go one by one: each without grace.
    let daily = (1..=600).map(|end| paid("bronze", 1, days(0, end)).with_grace(entitle::time::Days::NONE));
    let tenant = vendor.contoso(daily);
    let new = vendor.deal_for("contoso").revise(day(0)).unwrap();
    let found = preview(&tenant, 0, &[Command::Install(vendor.seal(&new))]);
    // One instant a day, the first on day 0; notices and the ends of what is suspended fall on days as well.
    let last = i64::try_from(MAX_PREVIEW_INSTANTS).unwrap();
    assert_eq!(found.looked_until, End::At(day(last)));
    assert_eq!(found.pools.len(), MAX_PREVIEW_INSTANTS);
    assert_eq!(found.pools.last().map(|last| (on(last.from), until(last.until))), Some((last - 1, Some(last))));
    assert_eq!((found.dropped.len(), found.totals.dropped), (600, 600));
    assert!(found.to_string().contains(" on, looked at until 2026-09-17T00:00:00Z, this would change:\n"));
}

#[test]
fn a1_the_dry_run_refuses_what_is_refused() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    let helper = entitle::Actor::new(user("eve")).with(Role::LicenseAdministrator);
    let lists = [vec![], vec![Command::RecordTime], vec![assign("ada", "bronze"), assign("bo", "bronze")]];
    for list in lists {
        let refusal = tenant.decide(&helper, &list, request(), day(1)).unwrap_err();
        assert_eq!(tenant.preview(&helper, &list, day(1)), Err(refusal));
    }
}

#[test]
fn t2_the_dry_run_of_what_opens_and_shuts_nothing_is_empty() {
    let vendor = Vendor::fabrikam();
    let tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    let found = preview(&tenant, 1, &[Command::SetSignUps(entitle::command::SignUpPolicy::Off), join("ada", "staff")]);
    assert!(found.is_empty());
    assert_eq!(found.to_string(), "From 2026-03-02T00:00:00Z on nothing would change.");
    // The apps that stay off are listed as well.
    let mut tenant = tenant;
    tenant.run(1, [assign("ada", "bronze")]).unwrap();
    let off = Command::assign_except(user("ada").into(), "bronze".parse().unwrap(), vec![ORDERS.parse().unwrap()]);
    assert_eq!(access_changes(&preview(&tenant, 2, &[off]).lost), [("`ada`".to_owned(), ORDERS, 2, Some(130))]);
}
