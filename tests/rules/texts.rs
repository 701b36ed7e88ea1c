//! K3, K7: answers in words, for three readers, and in other words.

use entitle::explain::{Audience, Text};
use entitle::license::{Freshness, FreshnessLimit};
use entitle::time::Days;
use entitle::{Command, Decision, Tenant};

use crate::support::{Scenario, Vendor, assign, assign_group, day, days, join, paid, units, user};

fn text(tenant: &Tenant, name: &str, app: &str, on: i64, reader: Audience) -> Text {
    tenant.see(name, app, day(on), |decision| match decision {
        Decision::Allow(allow) => allow.text(reader),
        Decision::Deny(denial) => denial.text(reader),
    })
}

/// One gold seat, which Bo has; Ada waits for it through a group.
fn waiting() -> Tenant {
    let mut tenant = Vendor::fabrikam().contoso([paid("gold", 1, days(0, 100))]);
    tenant.run(0, [assign("bo", "gold")]).unwrap();
    tenant.run(0, [join("ada", "staff"), assign_group("staff", "gold")]).unwrap();
    tenant
}

#[test]
fn k3_the_user_reads_whom_to_ask_and_where_they_stand() {
    let text = text(&waiting(), "ada", "f365/audit", 0, Audience::User).to_string();
    assert_eq!(
        text,
        "The only seat of F365 Gold, which opens `f365/audit`, is taken: you are number 1 in the queue for it.\n\
         Your turn comes when seats are freed or bought: contact an administrator about F365 Gold."
    );
}

#[test]
fn k3_a_text_is_its_lines_one_below_the_other() {
    let text = text(&waiting(), "ada", "f365/audit", 0, Audience::SupportDesk);
    let lines: Vec<String> = text.lines().iter().map(ToString::to_string).collect();
    assert!(lines.len() > 1 && lines.iter().all(|line| !line.is_empty()), "{lines:?}");
    assert_eq!(lines.join("\n"), text.to_string());
}

#[test]
fn k3_the_user_reads_what_they_can_do_themself() {
    let vendor = Vendor::fabrikam();
    let window = entitle::time::Window::new(day(0), day(50)).unwrap();
    let trial =
        entitle::Grant::trial("gold".parse().unwrap(), units(2), window, entitle::time::Length::days(30).unwrap());
    let tenant = vendor.contoso([trial]);
    let text = |on| text(&tenant, "ada", "f365/audit", on, Audience::User).to_string();
    // What they can do alone comes before whom to ask.
    let alone = "\nYou can sign up for a trial of F365 Gold before 2026-04-20T00:00:00Z.\nContact an administrator about F365 Gold.";
    assert!(text(1).ends_with(alone), "{}", text(1));
    assert!(!text(50).contains("sign up"), "{}", text(50));
    let later = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "hall", "access": "licensed" }],
             "plans": [{ "id": "site", "scope": "tenant", "name": "Site", "apps": ["hall"] }] }"#,
    )
    .contoso([paid("site", 1, days(20, 100))]);
    let text = self::text(&later, "ada", "hall", 0, Audience::User).to_string();
    assert!(
        text.ends_with(
            "\nYou need not do anything: you will have access from 2026-03-21T00:00:00Z on.\n\
             If you need it sooner, contact an administrator about Site."
        ),
        "{text}"
    );
}

#[test]
fn k3_the_administrator_reads_why_and_what_to_change() {
    let text = text(&waiting(), "ada", "f365/audit", 0, Audience::Administrator).to_string();
    assert_eq!(
        text,
        "`ada` may not open `f365/audit`.\n\
         - F365 Gold (`gold`): this user waits for a seat as number 1: the only seat is taken\n\
         Any of these would help:\n\
         - buy 1 unit of F365 Gold\n\
         - take F365 Gold from 1 user who has it or waits for it ahead of this user"
    );
}

#[test]
fn k3_the_support_desk_reads_everything() {
    let text = text(&waiting(), "ada", "f365/audit", 0, Audience::SupportDesk).to_string();
    assert_eq!(
        text,
        "denied: `ada` for `f365/audit` in tenant `contoso`, as of 2026-03-01T00:00:00Z, \
         next change by time: 2026-06-09T00:00:00Z, after entry 3\n\
         - F365 Gold (`gold`, reason.waiting): this user waits for a seat as number 1: the only seat is taken\n  \
         usable units: 1, seats: 1, seated: 1, without a seat: 1, next change by time: 2026-06-09T00:00:00Z\n  \
         license 01010101010101010101010101010101 revision 1: paid, units: 1, active, next change by time: \
         2026-06-09T00:00:00Z\n  \
         claimed since entry 3, through the group `staff`\n\
         Any of these would help:\n\
         - buy 1 unit of `gold`\n\
         - take `gold` from 1 user who has it or waits for it ahead of this user"
    );
}

#[test]
fn k4_a_text_lists_five_remedies_and_says_whether_there_are_more() {
    let counted = (0..8).map(|groups| {
        let mut tenant = Vendor::fabrikam().contoso([paid("gold", 9, days(0, 100))]);
        for number in 0..groups {
            let name = format!("group-{number}");
            tenant.run(0, [join("bo", &name), assign_group(&name, "gold")]).unwrap();
        }
        let all = tenant.see("ada", "f365/audit", day(0), |decision| match decision {
            Decision::Deny(denial) => denial.remedies().count(),
            Decision::Allow(allow) => panic!("{allow:?}"),
        });
        let text = text(&tenant, "ada", "f365/audit", 0, Audience::Administrator).to_string();
        // What comes before them: who may not, why, and that any of these would help.
        assert_eq!(text.lines().count(), 3 + all.min(5) + usize::from(all > 5), "{text}");
        assert_eq!(text.ends_with("and there are more remedies"), all > 5, "{text}");
        all
    });
    let counted: Vec<usize> = counted.collect();
    assert!(counted.contains(&5) && counted.contains(&6), "{counted:?}");
}

#[test]
fn k3_the_support_desk_reads_what_a_plan_requires() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "lab", "access": "licensed" }],
             "plans": [{ "id": "base", "scope": "tenant", "name": "Base" },
                       { "id": "lab", "scope": "user", "name": "Lab", "apps": ["lab"], "requires": [["base"]] }] }"#,
    );
    let mut tenant = vendor.contoso([paid("lab", 1, days(0, 100))]);
    tenant.forge(0, [assign("ada", "lab")]);
    let text = |reader| text(&tenant, "ada", "lab", 0, reader).to_string();
    assert!(
        text(Audience::SupportDesk).contains("- Base (`base`), which `lab` requires\n"),
        "{}",
        text(Audience::SupportDesk)
    );
    assert!(!text(Audience::Administrator).contains("which `lab` requires"));
}

#[test]
fn k8_an_unknown_app_is_called_so() {
    let tenant = Vendor::fabrikam().contoso([]);
    let other = Vendor::of(
        r#"{ "publisher": "fabrikam", "offer": "f365", "management": { "managed": "with_license" },
             "apps": [{ "id": "elsewhere", "access": "free" }],
             "plans": [{ "id": "gold", "scope": "user", "name": "Gold" }] }"#,
    );
    let (ada, elsewhere) = (user("ada"), other.catalog.app("elsewhere").unwrap());
    let Decision::Deny(denial) = tenant.check(&ada, &elsewhere, day(0)) else { panic!() };
    assert_eq!(denial.text(Audience::User).to_string(), "`elsewhere` is not part of this product");
    assert!(denial.text(Audience::SupportDesk).to_string().contains("`elsewhere` is not part of this product"));
    let admin = "`ada` may not open `elsewhere`.\n`elsewhere` is not part of this product";
    assert_eq!(denial.text(Audience::Administrator).to_string(), admin);
}

#[test]
fn l7_what_was_withdrawn_before_it_began_has_no_date() {
    let never = paid("gold", 1, days(10, 100)).ending(entitle::license::Termination::Withdrawn(day(5)));
    let text = text(&Vendor::fabrikam().contoso([never]), "ada", "f365/audit", 20, Audience::Administrator).to_string();
    assert!(text.contains("F365 Gold (`gold`): its license was ended before it began"), "{text}");
}

#[test]
fn k3_a_host_says_it_in_its_own_words() {
    let text = text(&waiting(), "ada", "f365/audit", 0, Audience::User);
    let german = |code: &str| match code {
        "user.in-queue-one-seat" => "Sie warten als Nummer {number} auf {name} und damit auf {app}.",
        "user.contact-waiting" => "Fragen Sie Ihren Administrator wegen {name}.",
        other => panic!("{other}"),
    };
    let messages = text.lines().iter().flat_map(|line| &line.messages);
    let german_messages: Vec<String> = messages.map(|message| message.in_words(german(message.code()))).collect();
    assert_eq!(
        german_messages,
        [
            "Sie warten als Nummer 1 auf F365 Gold und damit auf `f365/audit`.",
            "Fragen Sie Ihren Administrator wegen F365 Gold."
        ]
    );
    let json = serde_json::to_value(&text).unwrap();
    assert_eq!(json[0]["messages"][0]["code"], "user.in-queue-one-seat");
    assert_eq!(json[0]["messages"][0]["values"]["number"], serde_json::json!({ "ordinal": 1 }));
}

/// Fabrikam's catalog with display names for two apps.
fn with_names() -> Vendor {
    let named = include_str!("../../examples/fabrikam.json")
        .replacen(r#""id": "f365/audit","#, r#""id": "f365/audit", "name": "Audit Log","#, 1)
        .replacen(r#""id": "f365/orders","#, r#""id": "f365/orders", "name": "Order Desk","#, 1);
    Vendor::of(&named)
}

#[test]
fn k3_texts_name_apps_by_their_display_names_and_the_support_desk_reads_ids() {
    let vendor = with_names();
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let text = |tenant: &Tenant, audience| self::text(tenant, "ada", "f365/audit", 10, audience).to_string();
    let user = text(&tenant, Audience::User);
    assert_eq!(
        user,
        "F365 Gold, which opens Audit Log, is not assigned to you.\n\
         Contact an administrator for a license: F365 Gold (https://fabrikam.example/f365/gold)."
    );
    assert!(text(&tenant, Audience::Administrator).starts_with("`ada` may not open Audit Log.\n"));
    assert!(text(&tenant, Audience::SupportDesk).starts_with("denied: `ada` for `f365/audit` in tenant `contoso`"));
    let explanation = tenant.see("ada", "f365/audit", day(10), |decision| decision.allowed().unwrap_err());
    assert_eq!(explanation.app_name.as_ref().map(entitle::id::Label::as_str), Some("Audit Log"));
    assert_eq!(explanation.text().to_string(), user);
    assert_eq!(explanation.to_string(), user.replace('\n', " "));
    tenant.run(10, [assign("ada", "gold")]).unwrap();
    assert_eq!(text(&tenant, Audience::User), "You may open Audit Log.");
    assert!(text(&tenant, Audience::Administrator).starts_with("`ada` may open Audit Log: paid."));
    // Without a name the id is shown in backticks.
    assert_eq!(
        self::text(&tenant, "ada", "f365/forecasts", 10, Audience::User).to_string(),
        "You may open `f365/forecasts`."
    );
    // The catalog reads and writes names, and hashes as before without them.
    let json = serde_json::to_string(vendor.catalog.offer()).unwrap();
    assert!(json.contains(r#""name":"Order Desk""#) && !json.contains(r#""name":null"#), "{json}");
    assert_eq!(entitle::Catalog::from_json(&json).unwrap().offer(), vendor.catalog.offer());
    let null = json.replace(r#""name":"Order Desk""#, r#""name":null"#);
    assert!(entitle::Catalog::from_json(&null).is_err(), "X4: a name that is left out has one spelling");
}

#[test]
fn k3_a_tenant_that_is_one_person_is_asked_to_contact_the_vendor() {
    let tenant = with_names().contoso([paid("gold", 1, days(-300, -200))]);
    let text = self::text(&tenant, "ada", "f365/audit", 10, Audience::Individual).to_string();
    let over = "Your license for F365 Gold, which opens Audit Log, has ended.";
    let contact = "Contact the vendor to buy or renew: F365 Gold (https://fabrikam.example/f365/gold).";
    let renewal = "This would help:\n- renew F365 Gold, then assign F365 Gold to yourself";
    assert_eq!(text, format!("{over}\n{renewal}\n{contact}"));
    // No text for an individual sends them to an administrator, or speaks of an organisation.
    let trial = entitle::Grant::trial(
        "gold".parse().unwrap(),
        units(1),
        entitle::time::Window::new(day(0), day(50)).unwrap(),
        entitle::time::Length::days(30).unwrap(),
    );
    let gold = |starts, ends| paid("gold", 1, days(starts, ends));
    let situations =
        [vec![], vec![gold(-300, -200)], vec![gold(-100, -30)], vec![trial], vec![gold(20, 90)], vec![gold(0, 90)]];
    for grants in situations {
        let tenant = with_names().contoso(grants);
        let text = self::text(&tenant, "ada", "f365/audit", 10, Audience::Individual).to_string();
        assert!(!text.contains("administrator") && !text.contains("organisation"), "{text}");
    }
}

#[test]
fn k3_the_message_to_a_user_who_waits_says_so() {
    let sentence = waiting().see("ada", "f365/audit", day(0), |decision| decision.allowed().unwrap_err()).to_string();
    assert_eq!(
        sentence,
        "The only seat of F365 Gold, which opens `f365/audit`, is taken: you are number 1 in the queue for it. Your turn \
         comes when seats are freed or bought: contact an administrator about F365 Gold."
    );
}

#[test]
fn k3_the_message_to_a_user_whose_app_is_turned_off_asks_for_no_purchase() {
    let mut tenant = with_names().contoso([paid("gold", 1, days(0, 100))]);
    let off = vec!["f365/audit".parse().unwrap()];
    tenant.run(0, [Command::assign_except(user("ada").into(), "gold".parse().unwrap(), off)]).unwrap();
    let sentence = tenant.see("ada", "f365/audit", day(1), |decision| decision.allowed().unwrap_err()).to_string();
    assert_eq!(
        sentence,
        "You have F365 Gold, and an administrator has turned Audit Log off for you. Ask an administrator to turn Audit \
         Log on for you."
    );
}

/// A trial that can be started for everyone comes without the long way to a sign-up of one user.
#[test]
fn k4_beside_the_start_of_a_trial_a_text_lists_no_sign_up_with_further_steps() {
    let trial = entitle::Grant::trial(
        "gold".parse().unwrap(),
        units(5),
        entitle::time::Window::new(day(0), day(50)).unwrap(),
        entitle::time::Length::days(30).unwrap(),
    );
    let mut tenant = Vendor::fabrikam().contoso([trial]);
    tenant.forge(0, [join("ada", "staff"), assign_group("staff", "gold")]);
    let found = tenant.see("ada", "f365/audit", day(10), |decision| {
        let Decision::Deny(denial) = decision else { panic!("{decision:?}") };
        denial.remedies().take(8).map(|remedy| remedy.to_string()).collect::<Vec<_>>()
    });
    assert!(found.iter().any(|remedy| remedy.contains("then have the user sign up")), "{found:?}");
    let text = self::text(&tenant, "ada", "f365/audit", 10, Audience::Administrator).to_string();
    assert!(text.contains("- start the trial of F365 Gold") && !text.contains("sign up"), "{text}");
}

/// Seven plans open the lab; one of them lacks a recent revocation list, beside which no purchase is listed.
#[test]
fn k4_remedies_that_a_text_hides_are_not_counted_as_more() {
    let plans: Vec<String> = (0..7)
        .map(|number| format!(r#"{{ "id": "p{number}", "scope": "user", "name": "P{number}", "apps": ["lab"] }}"#))
        .collect();
    let vendor = Vendor::of(&format!(
        r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
              "apps": [{{ "id": "lab", "access": "licensed" }}], "plans": [{}] }}"#,
        plans.join(",")
    ));
    let mut deal = vendor.deal_for("contoso").with(paid("p0", 1, days(0, 100)));
    deal.freshness = Freshness::Asked(FreshnessLimit::new(Days::NONE, Days::new(5)));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [Command::Install(vendor.seal(&deal))]).unwrap();
    tenant.forge(0, [assign("ada", "p0")]);
    let found = tenant.see("ada", "lab", day(10), |decision| match decision {
        Decision::Deny(denial) => denial.remedies().count(),
        Decision::Allow(allow) => panic!("{allow:?}"),
    });
    assert!(found > 5, "{found}");
    for audience in [Audience::Administrator, Audience::Individual, Audience::SupportDesk] {
        let text = text(&tenant, "ada", "lab", 10, audience).to_string();
        assert!(text.contains("revocation list") && !text.contains("buy"), "{text}");
        assert!(!text.contains("more remedies"), "{text}");
    }
}

#[test]
fn k4_the_apps_that_stay_off_are_named_by_their_display_names() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "f365/audit", "name": "Audit Log", "access": "licensed" },
                      { "id": "orders", "name": "Order Desk", "access": "licensed" }],
             "plans": [{ "id": "gold", "scope": "user", "name": "Gold", "apps": ["f365/audit", "orders"] }] }"#,
    );
    let mut tenant = vendor.contoso([paid("gold", 1, days(0, 100))]);
    let off = ["f365/audit", "orders"].map(|app| app.parse().unwrap()).to_vec();
    tenant.run(0, [Command::assign_except(user("ada").into(), "gold".parse().unwrap(), off)]).unwrap();
    let text = |audience| text(&tenant, "ada", "f365/audit", 10, audience).to_string();
    let administrator = text(Audience::Administrator);
    let again = "- assign Gold to `ada` again, with Audit Log turned on, without Order Desk";
    assert!(administrator.lines().any(|line| line == again), "{administrator}");
    let support = text(Audience::SupportDesk);
    assert!(support.contains("without `orders`"), "{support}");
}

#[test]
fn k3_a_user_reads_of_a_cancelled_license_that_it_is_suspended_and_no_reason() {
    // It would have run until day 100, and is suspended from day 5 on (L7).
    let cancelled = paid("gold", 1, days(0, 100)).ending(entitle::license::Termination::Cancelled(day(5)));
    let text = text(&Vendor::fabrikam().contoso([cancelled]), "ada", "f365/audit", 10, Audience::User).to_string();
    let suspended = "F365 Gold, which opens `f365/audit`, has been suspended since 2026-03-06T00:00:00Z.";
    assert!(text.starts_with(&format!("The license of your organisation for {suspended}\n")), "{text}");
}
