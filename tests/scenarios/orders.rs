//! Intelligent Order Management: a license for the organisation, and one for the few who publish.

use entitle::license::Licensee;
use entitle::quantity::Total;
use entitle::query::InstallDecision;
use entitle::{Command, LicenseId, Role, Tenant};

use crate::story::{Story, denial, may_install, person, start, trial, who_opens, why_not};
use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid, request, unassign, user, window};

const WORK: &str = "orders/work";
const PUBLISHING: [&str; 3] = ["orders/activate-provider", "orders/publish-policy", "orders/publish-orchestration"];

fn vendor() -> Vendor {
    Vendor::of(include_str!("../../examples/orders.json"))
}

/// Contoso with so many units of some plans for 100 days.
fn contoso(plans: &[(&str, u32)]) -> Tenant {
    vendor().contoso(plans.iter().map(|&(plan, n)| paid(plan, n, days(0, 100))))
}

fn publishes(tenant: &Tenant, name: &str, on: i64) -> bool {
    PUBLISHING.iter().all(|app| tenant.opens(name, app, on))
}

#[test]
fn k2_everybody_works_with_the_license_of_the_organisation() {
    let mut story = Story::of("Everybody works with the license of the organisation");
    story.given("Contoso bought Intelligent Order Management, and not a single user license");
    let tenant = contoso(&[("orders", 1)]);
    story.then("Ada may work with orders", tenant.opens("ada", WORK, 1));
    story.then("a thousand others may too", (0..1000).all(|n| tenant.opens(&format!("worker-{n}"), WORK, 1)));
    story.then("nobody was registered for it", tenant.user_count() == 0);
    story.then("none of them publishes", PUBLISHING.iter().all(|app| !tenant.opens("ada", app, 1)));
    story.reads(
        "Ada",
        &denial(&tenant, "ada", "orders/publish-policy", 1),
        "You have no license for `orders/publish-policy`. Contact an administrator for a license: \
         Intelligent Order Management USL (https://orders.example/usl).",
    );
}

#[test]
fn s1_the_license_of_the_organisation_is_never_assigned() {
    let mut story = Story::of("The license of the organisation is never assigned");
    story.given("Contoso bought Intelligent Order Management");
    let mut tenant = contoso(&[("orders", 1)]);
    story.when("the administrator wants to assign it to Ada");
    let answer = tenant.run(1, [assign("ada", "orders")]);
    story.refused(
        "the administrator",
        answer,
        "the plan `orders` (tenant) cannot be assigned: only user plans are assigned to users",
    );
    story.then("Ada needs no assignment anyway", tenant.opens("ada", WORK, 1));
}

#[test]
fn i2_only_the_license_of_the_organisation_lets_it_install() {
    let mut story = Story::of("Only the license of the organisation lets it install");
    story.given("Fourth Coffee bought nothing");
    story.then("it may not install", !may_install(&vendor().tenant("fourth-coffee"), 1));
    story.given("Contoso bought user licenses and Power Automate, but not the license of the organisation");
    story.then("it may not install either", !may_install(&contoso(&[("usl", 5), ("automate", 5)]), 1));
    story.given("Contoso bought the license of the organisation");
    let tenant = contoso(&[("orders", 1)]);
    story.then("it may install", may_install(&tenant, 1));
    story.then("until the license is suspended, after 100 days and 30 days of grace", {
        may_install(&tenant, 129) && !may_install(&tenant, 130)
    });
}

#[test]
fn i4_it_may_install_in_any_environment() {
    let mut story = Story::of("Install it in any environment");
    story.given("Contoso bought Intelligent Order Management once, and has a test and a production environment");
    let vendor = vendor();
    let tenant = vendor.contoso([paid("orders", 1, days(0, 100))]);
    let [test, production] = [tenant.rebase(&vendor.catalog, &vendor.ring()), tenant];
    story.then("it may install in both", may_install(&test, 1) && may_install(&production, 1));
}

#[test]
fn c4_publishing_takes_the_license_the_usl_and_a_power_automate_plan() {
    let mut story = Story::of("Publishing takes the license, a USL and one of the Power Automate plans");
    let plans = [
        ("orders", "the license"),
        ("usl", "a USL"),
        ("automate", "Power Automate"),
        ("automate-rpa", "Power Automate with RPA"),
    ];
    for mask in 0..16_u32 {
        let owned: Vec<_> = (0..4).filter(|bit| mask & (1 << bit) != 0).map(|bit| plans[bit]).collect();
        let titles: Vec<_> = owned.iter().map(|&(_, title)| title).collect();
        let title = if titles.is_empty() { "nothing".to_string() } else { titles.join(" and ") };
        story.given(&format!("Contoso owns {title}, and Ada's group has all there is for users"));
        let mut tenant = contoso(&owned.iter().map(|&(plan, _)| (plan, 5)).collect::<Vec<_>>());
        let group = ["usl", "automate", "automate-rpa"].map(|plan| assign_group("publishers", plan));
        tenant.run(0, group.into_iter().chain([join("ada", "publishers")])).unwrap();
        // Worked out by hand: the license and the USL, with one of the Power Automate plans or both.
        let may = [0b0111, 0b1011, 0b1111].contains(&mask);
        let open = PUBLISHING.map(|app| tenant.opens("ada", app, 1));
        story.then(&format!("Ada {}", if may { "publishes" } else { "does not publish" }), open == [may; 3]);
        story.then("Bo, who is in no group, does not", PUBLISHING.iter().all(|app| !tenant.opens("bo", app, 1)));
    }
}

#[test]
fn c4_what_somebody_else_has_is_no_help() {
    let mut story = Story::of("The Power Automate plan has to be the publisher's own");
    story.given("Ada's group has the USL, and Bo's group has Power Automate");
    let mut tenant = contoso(&[("orders", 1), ("usl", 5), ("automate", 5)]);
    let groups = [assign_group("publishers", "usl"), assign_group("makers", "automate")];
    tenant.run(0, groups.into_iter().chain([join("ada", "publishers"), join("bo", "makers")])).unwrap();
    let who = |tenant: &Tenant| who_opens(tenant, &["ada", "bo"], "orders/publish-policy", 1);
    story.then("neither of them publishes", who(&tenant).is_empty());
    let expected = "Intelligent Order Management USL: it requires `automate` or `automate-rpa`, which is not in effect";
    story.reads("Ada's administrator", &why_not(&tenant, "ada", "orders/publish-policy", 1).concat(), expected);
    story.when("Ada joins Bo's group");
    tenant.run(1, [join("ada", "makers")]).unwrap();
    story.then("Ada publishes, and Bo does not", who(&tenant) == ["ada"]);
}

#[test]
fn s7_the_usl_is_assigned_to_who_has_power_automate() {
    let mut story = Story::of("The USL is assigned to people who have Power Automate");
    story.given("Contoso bought the license, 2 USLs and 2 Power Automate plans");
    let mut tenant = contoso(&[("orders", 1), ("usl", 2), ("automate", 2)]);
    story.when("the administrator assigns a USL to Ada, who has no Power Automate plan");
    let answer = tenant.run(1, [assign("ada", "usl")]);
    story.refused("the administrator", answer, "`usl` requires `automate` or `automate-rpa` for `ada`");
    story.when("the administrator assigns both at once");
    tenant.run(1, [assign("ada", "usl"), assign("ada", "automate")]).unwrap();
    story.then("Ada publishes", publishes(&tenant, "ada", 1));
    story.when("the administrator takes Power Automate from her, and leaves her the USL");
    let answer = tenant.run(2, [unassign("ada", "automate")]);
    story.refused("the administrator", answer, "`ada` needs `automate` for `usl`: unassign `usl` as well");
    story.when("the administrator takes both");
    tenant.run(2, [unassign("ada", "automate"), unassign("ada", "usl")]).unwrap();
    story.then("Ada does not publish any more", !tenant.opens("ada", "orders/publish-policy", 2));
    story.then("she works with orders as everybody does", tenant.opens("ada", WORK, 2));
}

/// Anyone's trial of the license and 3 USLs, to be started by day 60, in an organisation that has Power Automate.
fn on_trial(vendor: &Vendor) -> Tenant {
    let automate = vendor.deal_for("contoso").with(paid("automate", 9, days(0, 900)));
    let trials = vendor.deal(2, Licensee::Anyone);
    let trials = trials.with(trial("orders", 1, window(0, 60))).with(trial("usl", 3, window(0, 60)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&automate)), Command::Install(vendor.seal(&trials))]).unwrap();
    tenant
}

const PEOPLE: [&str; 3] = ["ada", "bo", "cy"];

/// The trial is started on day 10 by the billing administrator, and three publish.
fn three_publish(tenant: &mut Tenant) {
    let trials = [start(2, "orders"), start(2, "usl")];
    let started = tenant.decide(&person("mo", Role::BillingAdministrator), &trials, request(), day(10)).unwrap();
    tenant.apply(&started).unwrap();
    tenant.run(10, PEOPLE.into_iter().flat_map(|name| [assign(name, "automate"), assign(name, "usl")])).unwrap();
}

#[test]
fn a1_a_trial_is_started_by_somebody_who_may_buy() {
    let mut story = Story::of("A free trial, too, is started by somebody who may buy");
    story.given("Contoso downloaded the free trial, which is one license for anyone");
    let tenant = on_trial(&vendor());
    let trials = [start(2, "orders"), start(2, "usl")];
    for (name, title, role) in [
        ("lee", "the license administrator", Role::LicenseAdministrator),
        ("uma", "the user administrator", Role::UserAdministrator),
    ] {
        story.when(&format!("{name}, {title}, wants to start it"));
        let expected = format!(
            "this takes one of these roles, and `{name}` has none of them: billing administrator or global administrator"
        );
        story.refused(name, tenant.decide(&person(name, role), &trials, request(), day(10)), &expected);
    }
    story.when("mo, the billing administrator, wants to start it");
    let answer = tenant.decide(&person("mo", Role::BillingAdministrator), &trials, request(), day(10));
    story.then("the trial starts", answer.is_ok());
}

#[test]
fn t1_a_trial_gives_full_operation_once_it_is_started() {
    let mut story = Story::of("The free trial gives full operation once it is started");
    story.given("Contoso has Power Automate, downloaded the free trial and did not start it");
    let mut tenant = on_trial(&vendor());
    story.then("nobody works and nothing can be installed", !tenant.opens("ada", WORK, 9) && !may_install(&tenant, 9));
    let reason = why_not(&tenant, "ada", WORK, 9).concat();
    let expected =
        "Intelligent Order Management: its trial has not been started, which is possible until 2026-04-30T00:00:00Z";
    story.reads("the administrator", &reason, expected);
    story.when("the billing administrator starts it and assigns its 3 USLs");
    three_publish(&mut tenant);
    story.then("Contoso may install", may_install(&tenant, 10));
    story.then("everybody works, also who has no USL", who_opens(&tenant, &["ada", "dee"], WORK, 10) == ["ada", "dee"]);
    story.then("the three publish", PEOPLE.iter().all(|name| publishes(&tenant, name, 10)));
    story.when("somebody wants to start it a second time");
    let answer = tenant.run(11, [start(2, "orders")]);
    let expected = "the trial of `orders` was started on 2026-03-11T00:00:00Z: a trial starts once";
    story.refused("the administrator", answer, expected);
    story.when("30 days are over and nothing was bought");
    story.then("on its last day they still publish", PEOPLE.iter().all(|name| publishes(&tenant, name, 39)));
    story.then("the day after nobody even works", who_opens(&tenant, &PEOPLE, WORK, 40).is_empty());
    story.then("nothing more is installed", !may_install(&tenant, 40));
}

#[test]
fn l10_buying_while_the_trial_runs_shuts_nobody_out() {
    let mut story = Story::of("From trial to production");
    story.given("Ada, Bo and Cy publish on the trial, which runs until day 40");
    let vendor = vendor();
    let mut tenant = on_trial(&vendor);
    three_publish(&mut tenant);
    story.when("on day 20 Contoso buys the license and 2 USLs");
    let mut bought = vendor.deal_for("contoso");
    bought.id = LicenseId::from_random([3; 16]);
    let term = days(20, 385);
    let two = bought.clone().with(paid("orders", 1, term)).with(paid("usl", 2, term));
    tenant.run(20, [Command::Install(vendor.seal(&two))]).unwrap();
    let usable = |tenant: &Tenant, on| tenant.pool(&"usl".parse().unwrap(), day(on)).usable;
    story.then("there are 3 USLs, the larger number and not the sum", usable(&tenant, 20) == Total::Limited(3));
    story.then("Ada, Bo and Cy publish", (20..40).all(|on| PEOPLE.iter().all(|name| publishes(&tenant, name, on))));
    story.when("the trial is over");
    let app = "orders/publish-policy";
    story.then(
        "the two who were first publish on what was bought",
        who_opens(&tenant, &PEOPLE, app, 40) == ["ada", "bo"],
    );
    story.then("everybody works", who_opens(&tenant, &PEOPLE, WORK, 40) == PEOPLE);
    let expected = "Intelligent Order Management USL: this user waits for a seat as number 1: all 2 seats are taken";
    story.reads("Cy's administrator", &why_not(&tenant, "cy", app, 40).concat(), expected);
    story.when("Contoso buys a third USL");
    let three = two.revise(day(41)).unwrap().with(paid("orders", 1, term)).with(paid("usl", 3, term));
    tenant.run(41, [Command::Install(vendor.seal(&three))]).unwrap();
    story.then("Cy publishes, and nobody had to assign anything again", who_opens(&tenant, &PEOPLE, app, 41) == PEOPLE);
}

#[test]
fn l8_a_purchase_shows_a_day_or_two_after_it_was_signed() {
    let mut story = Story::of("A purchase shows a day or two after it was signed");
    story.given("Contoso signed and installed its license on March 1st; it takes effect on March 3rd");
    let tenant = vendor().contoso([paid("orders", 1, days(2, 367))]);
    story.then("on March 1st and 2nd it may not install", !may_install(&tenant, 0) && !may_install(&tenant, 1));
    let (reasons, holds) = match tenant.may_install(day(1)) {
        InstallDecision::Denied { misses, until } => {
            (misses.iter().map(ToString::to_string).collect(), until.to_string())
        }
        InstallDecision::Allowed { .. } => (String::new(), String::new()),
    };
    let expected = "Intelligent Order Management: its license starts on 2026-03-03T00:00:00Z";
    story.reads("the administrator", &reasons, expected);
    story.reads("the administrator, as to how long that holds,", &holds, "2026-03-03T00:00:00Z");
    story.then("nobody works yet, for the same reason", why_not(&tenant, "ada", WORK, 1) == [expected]);
    story.when("it is March 3rd");
    story.then("it may install, and everybody works", may_install(&tenant, 2) && tenant.opens("ada", WORK, 2));
}

#[test]
fn s15_users_are_known_only_where_a_command_names_them() {
    let mut story = Story::of("No list of users is needed");
    story.given("Contoso bought the license, a USL and a Power Automate plan, and assigned both to Ada");
    let mut tenant = contoso(&[("orders", 1), ("usl", 1), ("automate", 1)]);
    tenant.run(1, [assign("ada", "automate"), assign("ada", "usl")]).unwrap();
    story.then("Ada is the only user Contoso ever named", tenant.user_count() == 1);
    story.then("everybody else works all the same", tenant.opens("somebody-new", WORK, 1));
    story.when("Ada leaves the company");
    tenant.run(2, [Command::RemoveUser(user("ada"))]).unwrap();
    tenant.run(2, [assign("bo", "automate"), assign("bo", "usl")]).unwrap();
    story.then("Bo publishes in her place", publishes(&tenant, "bo", 2) && !publishes(&tenant, "ada", 2));
}
