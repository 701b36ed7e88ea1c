//! What an administrator asks of a tenant, by what is shown.

use serde_json::json;

use crate::desk::{Desk, SELL};

/// Sells to Contoso by a command line that writes `deal.json`: `contoso.license`.
fn sell(desk: &Desk, line: &str) {
    desk.done("key new fabrikam.key");
    desk.done(line);
    desk.done("seal deal.json --key fabrikam.key -o contoso.license");
}

/// Begins Contoso's record with the catalog of a file.
fn begin(desk: &Desk, catalog: &str) {
    desk.done(&format!("tenant init contoso --catalog {catalog} --trust fabrikam.pub"));
}

/// Sells to Contoso what `f365.json` offers, by a command line that writes `deal.json`, and installs it.
pub(crate) fn install(desk: &Desk, line: &str) {
    sell(desk, line);
    begin(desk, "f365.json");
    desk.done("tenant install contoso.license");
}

/// Signs a trial of the builder for anyone, with the options of its deal: `NAME.license`.
pub(crate) fn sign_trial(desk: &Desk, name: &str, terms: &str) {
    desk.done(&format!("deal new --catalog builder.json --anyone {terms} -o {name}.json"));
    desk.done(&format!("seal {name}.json --key fabrikam.key -o {name}.license"));
}

/// Returns a folder in which Contoso has a tenant plan, three seats of a plan that requires it,
/// capacity, and a trial that is not started.
pub(crate) fn builder() -> Desk {
    let desk = Desk::new();
    desk.write("builder.json", include_str!("builder.json"));
    let line = SELL.replace("f365.json", "builder.json").replace("gold=2", "base=1");
    sell(&desk, &format!("{line} --grant maker=3 --grant sessions=10"));
    sign_trial(&desk, "trial", "--trial pro=2 --days 30 --extensions 1=15 --ends 2027-01-01");
    begin(&desk, "builder.json");
    desk
}

/// Returns the same with both licenses installed.
pub(crate) fn installed() -> Desk {
    let desk = builder();
    desk.done("tenant install contoso.license trial.license");
    desk
}

#[test]
fn show_has_everything_that_matters_on_one_screen() {
    let desk = builder();
    desk.run("tenant show").ends(0, "No license is installed: `entitle tenant install FILE`");
    desk.done("tenant install contoso.license trial.license");
    desk.run("tenant show").ends(0, "trials    pro, 2 units: can be started until 2027-01-01");
    desk.done("tenant assign maker ada bo cy --except author");
    desk.done("tenant assign maker --group staff");
    desk.done("tenant join staff dora eve");
    desk.done("tenant start-trial pro");
    desk.done("tenant sign-ups off");
    desk.done("tenant consume sessions faq-bot 2.5");
    let shown = desk.done("tenant show --at 2026-03-05").out;
    for line in [
        "Contoso Ltd (contoso, DE) on 2026-03-05: Agent Builder of fabrikam",
        "PLAN      FOR       STATE   UNITS  USED  FREE  WAITING  NEXT CHANGE           THEN",
        "base      tenant    active      1     -     -        -  2027-03-01            in grace",
        "maker     user      active      3     3     0        2  2027-03-01",
        "pro       user      active      2     0     2        0  2026-04-01T08:00:00Z",
        "sessions  capacity  active     10   2.5   7.5        -  2027-03-01",
        "trials    pro, 2 units: runs until 2026-04-01T08:00:00Z",
        "ending    2026-04-01T08:00:00Z: pro, 2 units: ended",
        "errors    2 assignments without effect: `entitle tenant errors`",
        "sign-ups  off",
        "clock     fits the record, whose latest time is 2026-03-02T08:00:00Z",
        "people    5 users, 1 group",
        "record    8 events",
    ] {
        assert!(shown.lines().any(|shown| shown.starts_with(line)), "no {line:?} in\n{shown}");
    }
    let json = desk.done("tenant show --json").json();
    assert_eq!((&json["errors"], &json["users"], &json["sign_ups"]), (&json!(2), &json!(5), &json!("off")));
    assert_eq!(json["plans"][3]["consumed"], "2.5");
    // Long behind, and far ahead of the record.
    desk.run("tenant show --at 2026-06-01").ends(0, "clock     far ahead of the record, at 2026-03-02T08:00:00Z");
}

/// A screen has 24 lines of about 80 columns, whatever the record holds; only ids make lines longer.
#[test]
fn show_fits_one_screen_with_many_plans_and_long_names() {
    let desk = Desk::new();
    let name = |number: usize| format!("plan-{number:02}-{}", "x".repeat(60));
    let plan =
        |number| json!({ "id": name(number), "scope": "user", "name": "N".repeat(200), "apps": ["f365/orders"] });
    let mut catalog: serde_json::Value = serde_json::from_str(&desk.read("f365.json")).unwrap();
    let plans = catalog["plans"].as_array_mut().unwrap();
    plans.extend((0..20).map(plan));
    desk.write("f365.json", catalog.to_string());
    let grants: Vec<String> = (0..20).map(|number| format!("--grant {}=2", name(number))).collect();
    install(&desk, &format!("{} {}", SELL.replace("Contoso_Ltd", &"C".repeat(200)), grants.join(" ")));
    let shown = desk.done("tenant show --at 2027-02-20").out;
    assert!(shown.lines().count() <= 24, "{}\n{shown}", shown.lines().count());
    let is_short = |line: &str| line.chars().count() <= 82 || line.contains(&"x".repeat(60));
    let around_the_table = shown.split("\n\n").step_by(2).flat_map(str::lines);
    assert!(around_the_table.into_iter().all(is_short), "{shown}");
    assert!(
        shown.contains("and 13 more: `entitle tenant plans`") && shown.contains("          and 18 more"),
        "{shown}"
    );
}

#[test]
fn users_and_groups_are_shown_with_their_plans() {
    let desk = installed();
    desk.done("tenant assign maker ada --except author");
    desk.done("tenant assign maker --group staff");
    desk.done("tenant join staff ada bo cy dora");
    let user = desk.done("tenant user ada").out;
    assert_eq!(
        user,
        "PLAN   STATE  PLACE  FROM                 TURNED OFF\n\
         maker  paid       1  direct, group staff\n\
         groups  staff\n\
         apps    chat, author, help\n\
         quotas  bots 20\n"
    );
    desk.run("tenant user nobody").ends(0, "nobody has no plans.\ngroups  none\napps    chat, help\nquotas  bots 1\n");
    desk.run("tenant users").ends(0, "dora  maker (!)  staff\n(!) does not work: `entitle tenant errors` says why");
    desk.run("tenant users c").ends(0, "USER  PLANS  GROUPS\ncy    maker  staff\n");
    desk.run("tenant users x").ends(0, "No users.");
    desk.run("tenant groups").ends(0, "GROUP  MEMBERS  PLANS\nstaff        4  maker\n");
    let group = desk.run("tenant group staff");
    group.ends(0, "staff: 4 members; maker (3 of 3 seats used, 1 waiting)\n");
    group.ends(0, "cy      maker: paid\ndora    maker: waits for a seat\n");
    let unknown = desk.run("tenant group stuff");
    unknown.ends(2, "no group has the id stuff");
    unknown.ends(2, "help: did you mean `staff`? `entitle tenant groups` lists the groups");
    let json = desk.done("tenant user ada --json").json();
    assert_eq!((&json["claims"][0]["plan"], &json["groups"]), (&json!("maker"), &json!(["staff"])));
    let json = desk.done("tenant group staff --json").json();
    assert_eq!((&json["members"].as_array().unwrap().len(), &json["plans"][0]["plan"]), (&4, &json!("maker")));
}

#[test]
fn long_lists_are_shown_in_pages() {
    let desk = installed();
    desk.done("tenant assign maker --group staff");
    desk.done("tenant join staff ada bo cy d_d eve");
    desk.run("tenant users --limit 3").ends(0, "\n3 of 5 users; go on with --from 'd d'\n");
    let next = desk.command("tenant users --limit 3 --from").arg("d d").output().unwrap();
    let next = String::from_utf8(next.stdout).unwrap();
    assert_eq!(
        next.lines().skip(1).map(|line| line.split("  ").next().unwrap()).collect::<Vec<_>>()[..2],
        ["`d d`", "eve"]
    );
    desk.run("tenant users --limit 5").ends(0, "eve    maker (!)  staff\n(!)");
    desk.run("tenant group staff --limit 2").ends(0, "2 of 5 members; go on with --from cy");
    desk.run("tenant queue maker --limit 2").ends(0, "2 of 5 places; go on with --from 3");
    let queue = desk.done("tenant queue maker --from 4").out;
    assert_eq!(
        queue,
        "maker: 3 of 3 seats used, 2 waiting; next change: 2027-03-01, in grace\n\
         PLACE  USER   STATE             FROM\n    4  `d d`  waits for a seat  group staff\n\
         \x20   5  eve    waits for a seat  group staff\n"
    );
    desk.run("tenant who author --limit 2").ends(0, "2 of 3 users; go on with --from cy");
    desk.run("tenant errors --limit 1").ends(0, "1 of 2 claims in error; go on with --from 2");
    desk.run("tenant errors --from 2").ends(0, "eve   maker  waits for a seat as number 2");
    let json = desk.done("tenant users --limit 2 --json").json();
    assert_eq!((&json["total"], &json["next"], json["users"].as_array().unwrap().len()), (&json!(5), &json!("cy"), 2));
    desk.run("tenant users --limit 0").ends(2, "--limit");
    for line in ["users --limit", "log --last", "ending --within", "errors --from", "usage --from", "join a b --wait"] {
        desk.run(&format!("tenant {line} many")).ends(2, "`many` is not a whole number like 20");
    }
}

#[test]
fn c4_apps_and_who_may_open_them_are_listed() {
    let desk = installed();
    desk.done("tenant assign maker ada");
    desk.run("tenant apps ada")
        .ends(0, "author   open, paid     maker  2027-03-31  2027-01-30   warning: expiring soon\npublish  closed         -      -           never        -\n");
    desk.run("tenant apps ada").ends(0, "Why closed: entitle tenant why ada publish");
    desk.run("tenant who help").ends(0, "Everyone may open help: free");
    desk.run("tenant who chat").ends(0, "Everyone may open chat: paid");
    desk.run("tenant who author")
        .ends(0, "USER  BASIS  BY     OPEN UNTIL  NEXT CHANGE  THEN\nada   paid   maker  2027-03-31  2027-01-30   warning: expiring soon\n");
    // By id, as `--from` goes on, and not in the order of the queue.
    desk.done("tenant assign maker Zoe Bob");
    let who = desk.done("tenant who author --json").json();
    let users: Vec<_> = who["users"].as_array().unwrap().iter().map(|it| it["user"].clone()).collect();
    assert_eq!(users, ["Bob", "Zoe", "ada"]);
    desk.done("tenant unassign maker Zoe Bob");
    desk.run("tenant who publish").ends(0, "No users.");
    desk.run("tenant who publis").ends(2, "its apps are");
    let json = desk.done("tenant who author --json").json();
    assert_eq!((&json["users"][0]["user"], &json["everyone"]), (&json!("ada"), &json!(null)));
    assert_eq!(desk.done("tenant who help --json").json()["everyone"], "free");
}

#[test]
fn plans_queues_and_what_ends_are_listed() {
    let desk = installed();
    desk.done("tenant assign maker ada");
    desk.run("tenant plans")
        .ends(0, "pro       user      trial not started      0     0     0        0  2027-01-01   ended     Maker Pro");
    desk.run("tenant queue base")
        .ends(0, "base has no queue: it is for the whole organisation, and is never assigned.");
    desk.run("tenant queue sessions").ends(0, "sessions has no queue: it is consumed, and is never assigned.");
    desk.run("tenant queue mker")
        .ends(2, "help: did you mean `maker`? the plans are `base`, `maker`, `pro`, `sessions`");
    desk.run("tenant ending").ends(0, "Nothing ends within 30 days.");
    let ending = desk.run("tenant ending --within 365");
    ending.ends(
        0,
        "WHEN        PLAN      KIND   UNITS  SEATS USED IN PLAN  THEN\n2027-01-01  pro       trial      2                   0  ended\n",
    );
    ending.ends(0, "2027-03-01  maker     paid       3                   1  in grace\n");
    assert!(!ending.out.contains("suspended"), "31 days of grace are later: {ending:#?}");
    desk.run("tenant ending --at 2027-02-27T08:00:00Z --within 1").ends(0, "Nothing ends within 1 day.");
    desk.run("tenant ending --at 2027-02-27T08:00:00Z --within 2").ends(0, "2027-03-01  maker");
}

#[test]
fn l3_licenses_are_listed_with_what_they_give_and_what_they_replaced() {
    let desk = installed();
    desk.done("revise deal.json --catalog builder.json --grant base=1 --grant maker=2 --grant sessions=10 --ends 2028-03-01 -o next.json");
    desk.done("seal next.json --key fabrikam.key -o next.license");
    desk.done("tenant install next.license");
    let licenses = desk.run("tenant licenses");
    licenses.ends(0, ", revision 2, issued 2026-03-02T08:00:00Z, for Contoso Ltd\n");
    licenses.ends(0, ": active until 2028-03-01\n");
    licenses.ends(0, "1 replaced, shown with --all\n");
    assert!(!licenses.out.contains("(replaced)"));
    desk.run("tenant licenses --all").ends(0, ", revision 1, issued 2026-02-20, for Contoso Ltd (replaced)\n");
    let json = desk.done("tenant licenses --json").json();
    assert_eq!(
        json["documents"].as_array().unwrap().iter().map(|it| it["state"].clone()).collect::<Vec<_>>(),
        ["in_force"; 2]
    );
    assert_eq!(json["hidden"], 1);
    desk.run("tenant licenses --limit 1")
        .ends(0, "1 of 2 documents; go on with --from 2\n1 replaced, shown with --all\n");
    desk.run("tenant licenses --from 2 --all").ends(0, "for anyone\n");
    desk.run("tenant ending --within 400 --limit 1").ends(0, "1 of 2 ending; go on with --from 2\n");
}

#[test]
fn m1_usage_is_shown_by_month_and_consumer() {
    let desk = installed();
    desk.run("tenant usage")
        .ends(0, "Nothing was consumed.\nsessions in 2026-03: 0 of 10 used by 0 consumers, at most 12.5\n");
    desk.done("tenant consume sessions faq-bot")
        .ends(0, "consumed 1 of sessions for faq-bot: 1 of 10 used in 2026-03, at most 12.5\n");
    desk.run("tenant consume sessions faq-bot 12").ends(1, "[refusal.no-capacity]");
    desk.run("tenant consume sessions faq-bot 0").ends(2, "millionths");
    desk.run("tenant consume maker faq-bot 1").ends(1, "[refusal.not-consumable]");
    desk.done("tenant consume sessions help-bot 10.25 --id a/1")
        .ends(0, "11.25 of 10 used in 2026-03, at most 12.5; more than was bought");
    desk.run("tenant consume sessions help-bot 1 --id a/1").ends(1, "[refusal.already-recorded]");
    desk.done("tenant consume sessions faq-bot 0.000001 --at 2026-04-01");
    let usage = desk.run("tenant usage --at 2026-04-01");
    usage.ends(
        0,
        "MONTH    PLAN      CONSUMER  CONSUMED\n2026-04  sessions  faq-bot   0.000001\n\
         2026-03  sessions  help-bot     10.25\n2026-03  sessions  faq-bot          1\n\
         sessions in 2026-04: 0.000001 of 10 used by 1 consumer, at most 12.5\n",
    );
    desk.run("tenant usage --month 2026-03 --at 2026-04-01")
        .ends(0, "sessions in 2026-03: 11.25 used by 2 consumers\n");
    desk.run("tenant usage --plan maker").ends(2, "maker is not a capacity plan");
    desk.run("tenant usage --limit 1 --at 2026-04-01").ends(0, "1 of 3 lines; go on with --from 2");
    assert_eq!(desk.done("tenant usage --at 2026-04-01 --json").json()["lines"][1]["consumed"], "10.25");
}

#[test]
fn q3_quotas_are_shown_for_all_and_for_a_user() {
    let desk = installed();
    desk.done("tenant assign maker ada");
    let quotas = desk.run("tenant quotas");
    quotas.ends(0, "bots          Bots          each of 1 user: ada      20  bots\n");
    quotas.ends(0, "environments  Environments  the organisation          3  environments\n");
    desk.run("tenant quotas --user ada").ends(0, "QUOTA  AMOUNT  BY\nbots       20  maker\n");
    desk.run("tenant quotas --user bo").ends(0, "bots        1  nothing bought\n");
    let none = Desk::installed();
    none.run("tenant quotas").ends(0, "The catalog has no quotas.");
}

#[test]
fn g4_errors_name_the_claim_and_its_reason() {
    let desk = installed();
    desk.run("tenant errors").ends(0, "No claims in error.\nEvery assignment and every document works.\n");
    desk.done("tenant start-trial pro");
    desk.done("tenant assign maker ada");
    desk.done("tenant assign pro --group staff");
    desk.done("tenant join staff ada");
    desk.run("tenant errors")
        .ends(0, "USER  PLAN  ERROR\nada   pro   is excluded by `maker`, which the user claimed before\n");
    desk.run("tenant user ada").ends(0, "pro    seat without effect: excluded by maker");
    let json = desk.done("tenant errors --json").json();
    assert_eq!((&json["claims"][0]["code"], &json["documents"]), (&json!("claim.mutually-exclusive"), &json!([])));
}

/// The two check boxes of the offer, and the two buttons.
#[test]
fn i3_the_listing_shows_the_buttons_and_the_check_boxes() {
    let desk = builder();
    let boxes = |managed: &str, free: &str| {
        format!("Check boxes of the offer:\n  {managed} license management\n  {free} install without a license\n")
    };
    desk.run("tenant listing").ends(0, &format!("sees it:\n  [Contact me]\n{}", boxes("[x]", "[ ]")));
    desk.run("tenant may-install")
        .ends(1, "denied: contoso may not install builder\n  Agent Builder: no license grants it\n");
    assert_eq!(desk.run("tenant may-install --json").json()["denied"]["misses"].as_array().unwrap().len(), 4);
    desk.done("tenant install trial.license");
    desk.run("tenant may-install").ends(1, "denied");
    desk.done("tenant start-trial pro");
    desk.run("tenant may-install").ends(0, "it owns pro; next change: 2026-04-01T08:00:00Z, not any more");
    desk.run("tenant listing").ends(0, &format!("sees it:\n  [Get it now]  [Contact me]\n{}", boxes("[x]", "[ ]")));
    let catalog = desk.read("builder.json");
    desk.write("builder.json", catalog.replace("\"with_license\"", "{ \"with_plan\": [\"base\"] }"));
    desk.run("tenant listing").ends(0, &format!("{}Installing takes one of these plans: base\n", boxes("[x]", "[ ]")));
    desk.run("tenant may-install").ends(1, "denied");
    desk.write("builder.json", catalog.replace("\"with_license\"", "\"without_license\""));
    desk.run("tenant listing").ends(0, &format!("  [Get it now]  [Contact me]\n{}", boxes("[x]", "[x]")));
    desk.run("tenant may-install").ends(0, "no license is needed");
    let unmanaged = catalog.replace("{ \"managed\": \"with_license\" }", "\"unmanaged\"");
    desk.write("builder.json", unmanaged);
    desk.run("tenant listing").ends(0, &format!("  [Get it now]  [Contact me]\n{}", boxes("[ ]", "[ ]")));
    let json = desk.done("tenant listing --json").json();
    assert_eq!(json["actions"], json!(["get_it_now", "contact_me"]));
    assert_eq!(json["boxes"], json!({ "license_management": false, "install_without_a_license": false }));
}

#[test]
fn t2_s18_settings_are_switched_and_shown() {
    let desk = installed();
    desk.done("tenant sign-ups off")
        .ends(0, "sign-ups are off: users may not sign up for trials; those who did keep what they have");
    desk.run("tenant sign-up pro --as bo --role none").ends(1, "[refusal.sign-ups-off]");
    desk.run("tenant sign-ups on --role license-administrator").ends(1, "[refusal.forbidden]");
    desk.done("tenant sign-ups on").ends(0, "sign-ups are on: users may sign up for trials by themselves");
    desk.done("tenant sign-up pro --as bo --role none")
        .ends(0, "signed up for the trial of pro, which ends on 2026-04-01T08:00:00Z: 1 of 2 seats used");
    desk.run("tenant claim maker --as cy --role none").ends(1, "[refusal.");
    desk.done("tenant claim-on-first-use maker on --role license-administrator")
        .ends(0, "claim on first use of maker is on: users may claim free seats by themselves");
    desk.run("tenant plans").ends(0, "\nClaim on first use is on: maker\n");
    desk.done("tenant claim maker --as cy --role none").ends(0, "claimed a seat of maker: 1 of 3 seats used");
    desk.done("tenant claim-on-first-use maker off").ends(0, "users may not claim seats; those who did keep theirs");
    assert!(!desk.done("tenant plans").out.contains("Claim on first use"));
    desk.run("tenant sign-ups maybe").ends(2, "'<on|off>'");
    desk.run("tenant sign-ups").ends(2, "<on|off>");
}

#[test]
fn s6_what_was_done_to_several_is_one_line() {
    let desk = installed();
    desk.done("tenant assign maker ada bo --group staff")
        .ends(0, "assigned maker to ada, bo, group staff: 2 of 3 seats used\n");
    desk.done("tenant join staff cy dora")
        .ends(0, "added cy, dora to group staff, which has maker (3 of 3 seats used, 1 waiting)\n");
    desk.done("tenant unassign maker ada --group staff")
        .ends(0, "unassigned maker from ada, group staff: 1 of 3 seats used\n");
    desk.done("tenant remove-user bo").ends(0, "removed with all assignments and memberships: bo\n");
    desk.done("tenant leave staff cy").ends(0, "removed cy from group staff\n");
    desk.run("tenant assign maker ada ada").ends(2, "the user ada is given twice");
    desk.run("tenant assign maker --group a --group a").ends(2, "the group a is given twice");
    desk.run("tenant assign maker ada --except author --except author").ends(2, "the app author is given twice");
    desk.run("tenant join staff ada ada").ends(2, "the user ada is given twice");
    desk.write("joins.json", r#"[{"join": {"user": "x", "group": "a"}}, {"join": {"user": "y", "group": "b"}}]"#);
    desk.done("tenant do joins.json").ends(0, "added x to group a\nadded y to group b\n");
    // A group in the place of a user.
    desk.done("tenant join sales eve");
    for line in [
        "assign maker sales",
        "unassign maker sales",
        "join eve sales",
        "leave eve sales",
        "whatif assign maker ada sales",
    ] {
        desk.run(&format!("tenant {line}")).ends(2, "sales is a group, and no user has that id");
    }
    desk.run("tenant assign maker ada --role host --role host").ends(2, "the role host is given twice");
    desk.run("tenant assign maker ada --role host --role none").ends(2, "together with others");
    desk.run("tenant assign maker ada --wait 1 --wait 2").ends(2, "cannot be used multiple times");
    let mut by = desk.command("tenant assign maker ada");
    by.env("ENTITLE_AS", "lin").env("ENTITLE_ROLE", "license-administrator,user-administrator");
    assert!(by.output().unwrap().status.success());
    let log = desk.done("tenant log --last 1 --json").json()["events"].clone();
    assert_eq!(log[0]["actor"], json!({ "user": "lin", "roles": ["license_administrator", "user_administrator"] }));
}
