//! Two releases of one application over one record: a perpetual license with a year of updates.

use entitle::catalog::Release;
use entitle::quantity::Total;
use entitle::{Command, Role};

use crate::story::{Story, denial, person, who_opens, why_not};
use crate::support::{Scenario, Vendor, assign, day, days, paid, request, units};

const ORDERS: &str = "f365/orders";

/// Gold seats of a year, perpetual in releases from before its end.
fn year_of_updates(seats: u32, from: i64) -> entitle::Grant {
    paid("gold", seats, days(from, from + 365)).with_fallback(day(from + 365)).unwrap()
}

#[test]
fn v2_two_releases_read_one_record_each_in_its_own_way() {
    let mut story = Story::of("Two releases over one record");
    story.given("Contoso bought two perpetual gold seats with a year of updates, and uses the release of that time");
    let vendor = Vendor::fabrikam();
    let installed = vendor.contoso([year_of_updates(2, 0)]);
    let mut server = installed.in_release(Release::of(day(300)));
    server.run(1, [assign("ada", "gold"), assign("bo", "gold")]).unwrap();

    story.when("three years later");
    let people = ["ada", "bo"];
    story.then("both may still open orders in it", who_opens(&server, &people, ORDERS, 1_000) == people);

    story.when("the administrator wants to know what the release of day 900 would change");
    let preview = server.preview_release(Release::of(day(900)), day(1_000));
    let mut lost: Vec<String> =
        preview.lost.iter().filter(|it| it.app.as_str() == ORDERS).map(|it| it.who.to_string()).collect();
    lost.sort();
    story.then("the dry run says that both would lose orders at once", lost == ["`ada`", "`bo`"]);
    story.then("no unit would be left", preview.pools.iter().all(|pool| pool.after.usable == Total::ZERO));

    story.given("one desktop is upgraded all the same, and reads the record of the server");
    let mut desktop = server.in_release(Release::of(day(900)));
    story.reads(
        "Ada",
        &denial(&desktop, "ada", ORDERS, 1_000),
        "The license of your organisation for F365 Gold, which opens `f365/orders`, covers releases from before \
         2027-03-01T00:00:00Z, and this release is of 2028-08-17T00:00:00Z. Contact an administrator about F365 Gold.",
    );
    story.then(
        "nothing has ended, and nothing is suspended",
        why_not(&desktop, "ada", ORDERS, 1_000)[0].starts_with("F365 Gold: its license covers releases from before"),
    );

    story.when("a seat is wanted on the desktop, whose release has no unit");
    let administrator = person("eve", Role::GlobalAdministrator);
    let refused = desktop.decide(&administrator, &[assign("cy", "gold")], request(), day(1_001));
    story.refused(
        "Eve",
        refused,
        "`gold` has no usable units: its license covers releases from before 2027-03-01T00:00:00Z, and this release is \
         of 2028-08-17T00:00:00Z",
    );

    story.when("the server, which is not upgraded, gives Bo's seat to Cy, and the desktop reads the entry");
    let swap = [Command::unassign("bo".parse().unwrap(), "gold".parse().unwrap()), assign("cy", "gold")];
    let entry = server.decide(&administrator, &swap, request(), day(1_001)).unwrap();
    server.apply(&entry).unwrap();
    desktop.apply(&entry).unwrap();
    let queue = |tenant: &entitle::Tenant| {
        tenant.queue(&"gold".parse().unwrap()).map(|user| user.as_str().to_string()).collect::<Vec<_>>()
    };
    story.then("both know the same queue", queue(&server) == ["ada", "cy"] && queue(&desktop) == ["ada", "cy"]);

    story.when("Contoso renews for one seat, and keeps the other for the old release");
    let renewed = vendor.deal_for("contoso").revise(day(1_002)).unwrap();
    let mut old = year_of_updates(1, 0);
    old.units = units(1);
    let renewed = renewed.with(year_of_updates(1, 1_002)).with(old);
    let entry =
        server.decide(&administrator, &[Command::Install(vendor.seal(&renewed))], request(), day(1_002)).unwrap();
    server.apply(&entry).unwrap();
    desktop.apply(&entry).unwrap();
    let people = ["ada", "cy"];
    story.then("on the old release both open orders", who_opens(&server, &people, ORDERS, 1_003) == people);
    story.then("on the new one the first in the queue does", who_opens(&desktop, &people, ORDERS, 1_003) == ["ada"]);
}
