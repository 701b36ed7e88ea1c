//! Virtual Agents: authors need two licenses, those who chat with a bot none.

use entitle::quantity::Total;
use entitle::query::ListingAction;
use entitle::{LicenseId, Role, Tenant};

use crate::story::{Story, denial, may_install, person, who_opens, why_not};
use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, leave, paid, request, unassign};

const AUTHOR: &str = "agents/author";
const CHAT: &str = "agents/chat";

fn vendor() -> Vendor {
    Vendor::of(include_str!("../../examples/agents.json"))
}

/// Contoso with so many units of some plans for 100 days.
fn contoso(plans: &[(&str, u32)]) -> Tenant {
    vendor().contoso(plans.iter().map(|&(plan, n)| paid(plan, n, days(0, 100))))
}

/// How many user licenses are held, and how many people wait.
fn seats(tenant: &Tenant, on: i64) -> (u64, u64) {
    let pool = tenant.pool(&"agents-user".parse().unwrap(), day(on));
    (pool.seated, pool.waiting)
}

#[test]
fn c4_authors_need_the_license_of_the_organisation_and_a_user_license() {
    let mut story = Story::of("Authors need the license of the organisation and a user license");
    for (title, owned, chat, author, why) in [
        ("neither license", &[][..], false, false, "no license grants it"),
        ("the license of the organisation only", &["agents"], true, false, "no license grants it"),
        ("user licenses only", &["agents-user"], false, false, "it requires `agents`, which is not in effect"),
        ("both licenses", &["agents", "agents-user"], true, true, ""),
    ] {
        story.given(&format!("Contoso owns {title}, and its group of authors is to have user licenses"));
        let mut tenant = contoso(&owned.iter().map(|&plan| (plan, 5)).collect::<Vec<_>>());
        tenant.run(0, [assign_group("authors", "agents-user"), join("ada", "authors")]).unwrap();
        let not = |may| if may { "" } else { "not " };
        story.then(&format!("Ada, an author, may {}edit bots", not(author)), tenant.opens("ada", AUTHOR, 1) == author);
        if !author {
            let reason = why_not(&tenant, "ada", AUTHOR, 1).concat();
            story.reads("her administrator", &reason, &format!("Virtual Agents User License: {why}"));
        }
        story.then(&format!("customers may {}chat with a bot", not(chat)), tenant.opens("a customer", CHAT, 1) == chat);
    }
}

#[test]
fn s7_a_user_license_is_assigned_where_the_organisation_has_its_own() {
    let mut story = Story::of("A user license without the license of the organisation is not assigned");
    story.given("Contoso bought 5 user licenses and nothing else");
    let mut tenant = contoso(&[("agents-user", 5)]);
    story.when("the administrator assigns one to Ada");
    let answer = tenant.run(1, [assign("ada", "agents-user")]);
    story.refused("the administrator", answer, "`agents-user` requires `agents` for `ada`");
}

#[test]
fn k2_those_who_chat_with_a_bot_need_no_license_of_their_own() {
    let mut story = Story::of("Those who chat with a bot need no license of their own");
    story.given("Contoso bought Virtual Agents and one user license, which Ada has");
    let mut tenant = contoso(&[("agents", 1), ("agents-user", 1)]);
    tenant.run(0, [assign("ada", "agents-user")]).unwrap();
    story.when("visitors of a web site, whom nobody registered, chat with the bot");
    story.then("all of them may", (0..1000).all(|n| tenant.opens(&format!("visitor-{n}"), CHAT, 1)));
    story.then("Ada is still the only user that is known", tenant.user_count() == 1);
    story.when("a visitor wants to edit the bot");
    story.reads(
        "the visitor",
        &denial(&tenant, "visitor-1", AUTHOR, 1),
        "Virtual Agents User License, which opens `agents/author`, is not assigned to you. Contact an administrator for a \
         license: Virtual Agents User License (https://agents.example/user).",
    );
    story.when("Contoso does not renew, and 100 days and 30 days of grace are over");
    story.then("the bot is silent", tenant.opens("visitor-1", CHAT, 129) && !tenant.opens("visitor-1", CHAT, 130));
}

#[test]
fn s2_user_licenses_are_assigned_one_by_one() {
    let mut story = Story::of("User licenses, one by one");
    story.given("Contoso bought Virtual Agents and 2 user licenses");
    let mut tenant = contoso(&[("agents", 1), ("agents-user", 2)]);
    story.when("the administrator assigns one to Ada and one to Bo");
    tenant.run(1, [assign("ada", "agents-user")]).unwrap();
    tenant.run(1, [assign("bo", "agents-user")]).unwrap();
    story.then("both may edit bots at once", who_opens(&tenant, &["ada", "bo"], AUTHOR, 1) == ["ada", "bo"]);
    story.when("the administrator assigns a third to Cy");
    let answer = tenant.run(1, [assign("cy", "agents-user")]);
    story.refused("the administrator", answer, "no seat of `agents-user` is free, taken: 2 of 2");
    story.when("the administrator takes Ada's for Cy");
    tenant.run(2, [unassign("ada", "agents-user"), assign("cy", "agents-user")]).unwrap();
    story.then(
        "Bo and Cy may edit bots, Ada may not",
        who_opens(&tenant, &["ada", "bo", "cy"], AUTHOR, 2) == ["bo", "cy"],
    );
}

#[test]
fn s6_several_at_once_are_assigned_all_or_none() {
    let mut story = Story::of("User licenses, several at once");
    story.given("Contoso bought Virtual Agents and 3 user licenses");
    let mut tenant = contoso(&[("agents", 1), ("agents-user", 3)]);
    let to = |names: &[&str]| names.iter().map(|name| assign(name, "agents-user")).collect::<Vec<_>>();
    story.when("the administrator assigns 4 at once");
    let answer = tenant.run(1, to(&["ada", "bo", "cy", "dee"]));
    story.refused("the administrator", answer, "no seat of `agents-user` is free, taken: 3 of 3");
    story.then("nobody got one", seats(&tenant, 1) == (0, 0));
    story.when("the administrator assigns 3 at once");
    tenant.run(1, to(&["ada", "bo", "cy"])).unwrap();
    story.then("all three may edit bots", who_opens(&tenant, &["ada", "bo", "cy"], AUTHOR, 1).len() == 3);
}

#[test]
fn g3_a_security_group_has_the_license_and_who_is_too_many_waits() {
    let mut story = Story::of("User licenses by security group");
    let people = ["ada", "bo", "cy"];
    story.given("Contoso bought Virtual Agents and 2 user licenses");
    let mut tenant = contoso(&[("agents", 1), ("agents-user", 2)]);
    story.when("the administrator assigns the license to the group of authors: Ada and Bo, and later Cy");
    tenant.run(1, [assign_group("authors", "agents-user"), join("ada", "authors"), join("bo", "authors")]).unwrap();
    tenant.run(1, [join("cy", "authors")]).unwrap();
    story.then("Ada and Bo may edit bots", who_opens(&tenant, &people, AUTHOR, 1) == ["ada", "bo"]);
    story.then("2 licenses are held and 1 author waits", seats(&tenant, 1) == (2, 1));
    let expected = "Virtual Agents User License: this user waits for a seat as number 1: all 2 seats are taken";
    story.reads("Cy's administrator", &why_not(&tenant, "cy", AUTHOR, 1).concat(), expected);
    story.when("the administrator takes Ada's license, which she has from the group");
    let answer = tenant.run(2, [unassign("ada", "agents-user")]);
    let expected =
        "`ada` has `agents-user` from `authors`: unassign the plan from the group, or remove the user from the group";
    story.refused("the administrator", answer, expected);
    story.when("Ada leaves the group");
    tenant.run(2, [leave("ada", "authors")]).unwrap();
    story.then("her license passes to Cy by itself", who_opens(&tenant, &people, AUTHOR, 2) == ["bo", "cy"]);
}

#[test]
fn g2_a_license_of_ones_own_stays_when_one_leaves_the_group() {
    let mut story = Story::of("A license of one's own, and the group's");
    story.given("Ada has a user license of her own, and is in the group of authors, which has it too");
    let mut tenant = contoso(&[("agents", 1), ("agents-user", 2)]);
    tenant.run(1, [assign("ada", "agents-user"), assign_group("authors", "agents-user")]).unwrap();
    tenant.run(1, [join("ada", "authors")]).unwrap();
    story.then("that is one license and not two", seats(&tenant, 1) == (1, 0));
    story.when("Ada leaves the group");
    tenant.run(2, [leave("ada", "authors")]).unwrap();
    story.then("she may still edit bots", tenant.opens("ada", AUTHOR, 2));
}

#[test]
fn a1_license_administrators_assign_and_do_not_buy() {
    let mut story = Story::of("Who may assign");
    story.given("Contoso bought Virtual Agents and 2 user licenses");
    let tenant = contoso(&[("agents", 1), ("agents-user", 2)]);
    let ask = |name, role| tenant.decide(&person(name, role), &[assign("ada", "agents-user")], request(), day(1));
    story.then("the license administrator may assign them", ask("lee", Role::LicenseAdministrator).is_ok());
    story.then("the user administrator may too", ask("uma", Role::UserAdministrator).is_ok());
    story.when("mo, the billing administrator, wants to assign one");
    let expected = "this takes one of these roles, and `mo` has none of them: \
                    license administrator, user administrator or global administrator";
    story.refused("mo", ask("mo", Role::BillingAdministrator), expected);
}

#[test]
fn l9_sessions_come_with_the_license_and_add_up() {
    let mut story = Story::of("Sessions come with the license, and more can be bought");
    story.given("Contoso bought Virtual Agents, with 2000 sessions in the same license");
    let vendor = vendor();
    let mut tenant = vendor.contoso([paid("agents", 1, days(0, 100)), paid("sessions", 2000, days(0, 100))]);
    let sessions = |tenant: &Tenant, on| tenant.pool(&"sessions".parse().unwrap(), day(on)).usable;
    story.then("the pool of the organisation has 2000 sessions", sessions(&tenant, 1) == Total::Limited(2000));
    story.when("Contoso buys 1000 more, in a license of their own");
    let mut more = vendor.deal_for("contoso").with(paid("sessions", 1000, days(10, 100)));
    more.id = LicenseId::from_random([2; 16]);
    tenant.run(5, [entitle::Command::Install(vendor.seal(&more))]).unwrap();
    story.then("the pool still has 2000 until they begin", sessions(&tenant, 9) == Total::Limited(2000));
    story.then("it has 3000 from then on", sessions(&tenant, 10) == Total::Limited(3000));
    story.when("the administrator wants to assign sessions to Ada");
    let answer = tenant.run(11, [assign("ada", "sessions")]);
    story.refused(
        "the administrator",
        answer,
        "the plan `sessions` (capacity) cannot be assigned: only user plans are assigned to users",
    );
    story.then("nobody got any", tenant.user_count() == 0 && tenant.queue(&"sessions".parse().unwrap()).count() == 0);
}

#[test]
fn i3_the_listing_of_virtual_agents() {
    let mut story = Story::of("The listing of Virtual Agents");
    story.given("Fourth Coffee bought nothing");
    let stranger = vendor().tenant("fourth-coffee");
    story.then("its button says Contact me", stranger.listing(day(1)) == [ListingAction::ContactMe]);
    story.given("Contoso bought Virtual Agents");
    let tenant = contoso(&[("agents", 1)]);
    let both = [ListingAction::GetItNow, ListingAction::ContactMe];
    story.then("its buttons say Get it now and Contact me", tenant.listing(day(1)) == both);
    story.then(
        "it may install, for every reader, though nobody has a seat",
        may_install(&tenant, 1) && tenant.user_count() == 0,
    );
}
