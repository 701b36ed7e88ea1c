//! Fabrikam F365: an offer with license management, from the listing to the message of a denied user.

use entitle::quantity::Total;
use entitle::query::ListingAction;
use entitle::time::End;
use entitle::{Catalog, Command, LicenseId, Role, Tenant};

use crate::story::{Story, denial, may_install, person, who_opens, why_not};
use crate::support::{Scenario, Vendor, assign, day, days, paid, request, units};

const BASIC: &str = "f365/basic";
const PREMIUM: [&str; 3] = ["f365/orders", "f365/forecasts", "f365/audit"];

/// Fabrikam's catalog with other check boxes.
fn catalog(management: &str) -> String {
    let catalog = include_str!("../../examples/fabrikam.json");
    catalog.replace(r#"{ "managed": "with_license" }"#, management)
}

const OFF: &str = r#""unmanaged""#;
const WITHOUT_LICENSE: &str = r#"{ "managed": "without_license" }"#;
const WITH_LICENSE: &str = r#"{ "managed": "with_license" }"#;

fn opens_all(tenant: &Tenant, name: &str, on: i64) -> bool {
    PREMIUM.iter().all(|app| tenant.opens(name, app, on))
}

#[test]
fn i3_both_check_boxes_in_every_combination() {
    let mut story = Story::of("Both check boxes in every combination");
    let (both, contact) = (&[ListingAction::GetItNow, ListingAction::ContactMe][..], &[ListingAction::ContactMe][..]);
    for (title, management, stranger_sees) in [
        ("license management off", OFF, both),
        ("license management on, and install without a license on", WITHOUT_LICENSE, both),
        ("license management on, and install without a license off", WITH_LICENSE, contact),
    ] {
        story.given(&format!("Fabrikam listed F365 with {title}"));
        let vendor = Vendor::of(&catalog(management));
        let stranger = vendor.tenant("fourth-coffee");
        let customer = vendor.contoso([paid("gold", 1, days(0, 100))]);
        let buttons = if stranger_sees == both { "Get it now and Contact me" } else { "Contact me" };
        story.then(&format!("who bought nothing sees {buttons}"), stranger.listing(day(1)) == stranger_sees);
        story.then("a customer sees Get it now and Contact me", customer.listing(day(1)) == both);
        let may = stranger_sees == both;
        let sentence = format!("who bought nothing may {}install", if may { "" } else { "not " });
        story.then(&sentence, may_install(&stranger, 1) == may);
        story.then("a customer may install", may_install(&customer, 1));
    }
    story.given("license management is off");
    story.when("Fabrikam wants the other check box on all the same");
    let answer = Catalog::from_json(&catalog(r#"{ "unmanaged": "without_license" }"#)).unwrap_err();
    let sentence = "that cannot be written: it has a place only where license management is on";
    story.then(sentence, answer.code() == "catalog.not-json");
}

#[test]
fn c1_with_license_management_off_everything_is_open() {
    let mut story = Story::of("License management off");
    story.given("Fabrikam listed F365 with license management off");
    let tenant = Vendor::of(&catalog(OFF)).tenant("fourth-coffee");
    story.then("who bought nothing may open everything", opens_all(&tenant, "anybody", 1));
    story.then("they may install it for ever", tenant.may_install(day(1)).until() == End::Never);
}

#[test]
fn i1_installing_and_running_are_two_things() {
    let mut story = Story::of("Install without a license");
    story.given("Fabrikam lets everyone install F365 without a license");
    let tenant = Vendor::of(&catalog(WITHOUT_LICENSE)).tenant("fourth-coffee");
    story.then("who bought nothing may install", may_install(&tenant, 1));
    story.then("they may open the basic app", tenant.opens("ada", BASIC, 1));
    story.then("they may open none of the premium apps", PREMIUM.iter().all(|app| !tenant.opens("ada", app, 1)));
}

#[test]
fn i2_a_customer_installs_while_it_owns_a_license() {
    let mut story = Story::of("Install with a license");
    story.given("Contoso bought bronze from March 11th, for 90 days");
    let tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(10, 100))]);
    story.then("before that day it may not install", !may_install(&tenant, 9));
    story.then("from that day on it may, though no seat is assigned", may_install(&tenant, 10));
    story.then("also in the 30 days of grace", may_install(&tenant, 129));
    story.then("once it is suspended it may not", !may_install(&tenant, 130));
}

#[test]
fn i4_a_customer_installs_in_any_environment() {
    let mut story = Story::of("Any environment");
    story.given("Contoso bought one seat of gold, and runs F365 in three environments");
    let vendor = Vendor::fabrikam();
    let tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let environments = [(); 3].map(|()| tenant.rebase(&vendor.catalog, &vendor.ring()));
    story.then("it may install in each", environments.iter().all(|environment| may_install(environment, 1)));
}

#[test]
fn a2_a_deal_takes_effect_when_an_administrator_accepts_it() {
    let mut story = Story::of("A deal is registered and accepted");
    let vendor = Vendor::fabrikam();
    story.given("Fabrikam registered a deal with Contoso for 5 seats of gold, and sent the license");
    let token = vendor.seal(&vendor.deal_for("contoso").with(paid("gold", 5, days(0, 100))));
    let mut tenant = vendor.tenant("contoso");
    let seats = |tenant: &Tenant| tenant.pool(&"gold".parse().unwrap(), day(1)).usable;
    story.then("it gives nothing yet", seats(&tenant) == Total::ZERO && !may_install(&tenant, 1));
    story.when("lee, the license administrator, wants to install it");
    let install = [Command::Install(token.clone())];
    let answer = tenant.decide(&person("lee", Role::LicenseAdministrator), &install, request(), day(1));
    let expected =
        "this takes one of these roles, and `lee` has none of them: billing administrator or global administrator";
    story.refused("lee", answer, expected);
    story.when("mo, the billing administrator, installs it");
    let event = tenant.decide(&person("mo", Role::BillingAdministrator), &install, request(), day(1)).unwrap();
    tenant.apply(&event).unwrap();
    story.then("Contoso has 5 seats of gold", seats(&tenant) == Total::Limited(5));
    story.when("Northwind wants to install Contoso's license");
    let answer = vendor.tenant("northwind").run(1, install);
    story.refused("Northwind", answer, "this document (license) is for the tenant `contoso`, this is `northwind`");
}

#[test]
fn l3_a_deal_is_revised_as_a_whole() {
    let mut story = Story::of("A deal is revised");
    let vendor = Vendor::fabrikam();
    let seats = |tenant: &Tenant| ["bronze", "gold"].map(|plan| tenant.pool(&plan.parse().unwrap(), day(9)).usable);
    let limited = |bronze, gold| [Total::Limited(bronze), Total::Limited(gold)];
    story.given("Contoso bought 4 seats of bronze and 1 of gold");
    let sold = vendor.deal_for("contoso").with(paid("bronze", 4, days(0, 100))).with(paid("gold", 1, days(0, 100)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&sold))]).unwrap();
    story.when("the deal is revised to 6 seats of bronze, and gold is left out");
    let revised = sold.revise(day(5)).unwrap().with(paid("bronze", 6, days(0, 100)));
    tenant.run(5, [Command::Install(vendor.seal(&revised))]).unwrap();
    story.then("Contoso has 6 seats of bronze, and none of gold", seats(&tenant) == limited(6, 0));
    story.when("somebody installs the first revision again");
    let answer = tenant.run(6, [Command::Install(vendor.seal(&sold))]);
    let expected = "revision 1 of this license is superseded: revision 2 is installed";
    story.refused("the administrator", answer, expected);
    story.when("somebody installs the revision twice");
    let answer = tenant.run(6, [Command::Install(vendor.seal(&revised))]);
    story.refused("the administrator", answer, "this document is already installed");
    story.when("Contoso strikes another deal, for 2 seats of gold");
    let mut second = vendor.deal_for("contoso").with(paid("gold", 2, days(0, 100)));
    second.id = LicenseId::from_random([2; 16]);
    tenant.run(7, [Command::Install(vendor.seal(&second))]).unwrap();
    story.then("both deals count", seats(&tenant) == limited(6, 2));
}

#[test]
fn l2_the_number_in_a_deal_is_the_new_total() {
    let mut story = Story::of("Fewer seats than people");
    let vendor = Vendor::fabrikam();
    let people = ["ada", "bo", "cy"];
    story.given("Contoso bought 3 seats of silver, for Ada, Bo and Cy in this order");
    let sold = vendor.deal_for("contoso").with(paid("silver", 3, days(0, 300)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&sold))]).unwrap();
    for name in people {
        tenant.run(0, [assign(name, "silver")]).unwrap();
    }
    story.when("on day 10 the deal is revised to 2 seats, and 3 are tolerated until day 100");
    let fewer = paid("silver", 2, days(0, 300)).tolerating(units(3), day(100));
    tenant.run(10, [Command::Install(vendor.seal(&sold.revise(day(10)).unwrap().with(fewer)))]).unwrap();
    let open = |on| who_opens(&tenant, &people, "f365/forecasts", on);
    story.then("until day 100 all three go on", open(10) == people && open(99) == people);
    let warned = tenant.see("cy", "f365/forecasts", day(10), |decision| {
        decision.allowed().unwrap().warnings().map(|warning| warning.to_string()).collect::<String>()
    });
    let expected = "more seats are assigned than licensed, which is tolerated until 2026-06-09T00:00:00Z: buy units or free seats \
                    before then";
    story.reads("Cy", &warned, expected);
    story.then("afterwards the two who were first go on", open(100) == ["ada", "bo"]);
}

#[test]
fn c3_a_basic_app_is_free_beside_premium_ones() {
    let mut story = Story::of("A free app beside premium ones");
    story.given("Contoso bought a seat of bronze, silver and gold each, for Bo, Sue and Gil");
    let mut tenant = Vendor::fabrikam().contoso(["bronze", "silver", "gold"].map(|plan| paid(plan, 1, days(0, 100))));
    tenant.run(0, [assign("bo", "bronze"), assign("sue", "silver"), assign("gil", "gold")]).unwrap();
    let opened = |app| who_opens(&tenant, &["bo", "sue", "gil", "visitor"], app, 1);
    story.then("all of them and any visitor may open basic", opened(BASIC) == ["bo", "sue", "gil", "visitor"]);
    story.then("the three may open orders", opened("f365/orders") == ["bo", "sue", "gil"]);
    story.then("Sue and Gil may open forecasts", opened("f365/forecasts") == ["sue", "gil"]);
    story.then("Gil may open audit", opened("f365/audit") == ["gil"]);
    story.when("the licenses are long over");
    story.then("basic is open as ever", tenant.opens("visitor", BASIC, 900));
    story.then("nothing else is", !tenant.opens("gil", "f365/orders", 900));
}

#[test]
fn k3_a_denied_user_reads_whom_to_ask_for_which_plan() {
    let mut story = Story::of("The message of a denied user");
    story.given("Contoso bought 1 seat of bronze, which Bo has, and 2 of gold that nobody has");
    let mut tenant = Vendor::fabrikam().contoso([paid("bronze", 1, days(0, 100)), paid("gold", 2, days(0, 100))]);
    tenant.run(0, [assign("bo", "bronze")]).unwrap();
    story.when("Bo opens audit");
    story.reads(
        "Bo",
        &denial(&tenant, "bo", "f365/audit", 1),
        "F365 Gold, which opens `f365/audit`, is not assigned to you. Contact an administrator for a license: \
         F365 Gold (https://fabrikam.example/f365/gold).",
    );
    story.when("Bo opens forecasts, which is in two plans");
    story.reads(
        "Bo",
        &denial(&tenant, "bo", "f365/forecasts", 1),
        "F365 Gold, which opens `f365/forecasts`, is not assigned to you. Contact an administrator for a license: \
         F365 Gold (https://fabrikam.example/f365/gold) or F365 Silver (https://fabrikam.example/f365/silver).",
    );
    let reasons = why_not(&tenant, "bo", "f365/forecasts", 1);
    let expected = "F365 Gold: it is not assigned to this user; F365 Silver: no license grants it";
    story.reads("the administrator", &reasons.join("; "), expected);
}
