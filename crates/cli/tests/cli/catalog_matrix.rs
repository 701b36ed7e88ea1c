//! `catalog new` writes the catalog that its answers describe; `catalog show` shows one as a matrix.

use std::io::Write as _;
use std::process::Stdio;

use entitle::Catalog;
use entitle::catalog::{Combination, InstallPolicy, Management, QuotaPer, QuotaScope};
use entitle::quantity::QuotaAmount;

use crate::desk::{Desk, Run};

/// Runs a command with answers on standard input.
pub(crate) fn answered(desk: &Desk, line: &str, answers: &[&str]) -> Run {
    let mut command = desk.command(line);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    let text = answers.join("\n") + "\n";
    // A command that fails early does not read all answers.
    _ = child.stdin.take().unwrap().write_all(text.as_bytes());
    Run::of(&child.wait_with_output().unwrap())
}

/// A studio: a free app, a licensed one, a quota for the tenant, a tenant plan and a user plan that needs it.
const STUDIO: [&str; 32] = [
    "fabrikam",
    "studio",
    "Fabrikam Studio",
    "yes",
    "no", // the offer and its two check boxes
    "studio/view",
    "",
    "yes",
    "studio/edit",
    "The editor",
    "no",
    "", // apps
    "storage",
    "Storage",
    "gigabytes",
    "tenant",
    "sum",
    "5",
    "", // a quota
    "site",
    "Studio Site",
    "tenant",
    "",
    "100", // a tenant plan
    "pro",
    "Studio Pro",
    "user",
    "studio/edit",
    "site",
    "unlimited",
    "unit",
    "",
];

#[test]
fn c1_a_catalog_is_made_of_answers() {
    let desk = Desk::new();
    let answers = [&STUDIO[..], &["site, pro"]].concat();
    let run = answered(&desk, "catalog new -o studio.json", &answers);
    run.ends(0, "a tenant with a license of `site` or `pro` may install it");
    let catalog = Catalog::from_json(&desk.read("studio.json")).unwrap();
    let offer = catalog.offer();
    assert_eq!((offer.name.as_ref().unwrap().as_str(), offer.apps.len()), ("Fabrikam Studio", 2));
    assert_eq!(offer.apps[1].name.as_ref().unwrap().as_str(), "The editor");
    let Management::Managed(InstallPolicy::WithPlan(plans)) = &offer.management else { panic!("{offer:?}") };
    assert_eq!(plans.len(), 2);
    let quota = &offer.quotas[0];
    assert_eq!((quota.scope, quota.combine), (QuotaScope::Tenant, Combination::Sum));
    assert_eq!(quota.free, QuotaAmount::limited(5).unwrap());
    let [site, pro] = &offer.plans[..] else { panic!("{offer:?}") };
    assert_eq!((site.quotas[0].amount, site.quotas[0].per), (QuotaAmount::limited(100).unwrap(), QuotaPer::Plan));
    assert_eq!((pro.quotas[0].amount, pro.quotas[0].per), (QuotaAmount::Unlimited, QuotaPer::Unit));
    assert_eq!((&pro.requires[0][0], &pro.apps[0]), (&site.id, &offer.apps[1].id));
    desk.run("catalog check studio.json").ends(0, "sound");
    // Each question says what its answers mean, in the same words as the help, which has all in order.
    let help = desk.done("catalog new --help").out;
    let mut rest = help.as_str();
    for prompt in [
        "Publisher's id (who sells; it is in every license), as in fabrikam",
        "License management (yes: apps need a plan; no: all apps are open): yes or no",
        "May tenants install it without a license (no: only with one): yes or no",
        "  free for everyone (no: only users with a plan open it): yes or no",
        "  whose number it is (of each user, or of all in a tenant): user or tenant",
        "  of several plans, the largest number or the sum of all: largest or sum",
        "  given for each unit that is bought, or once for all of them: unit or plan",
    ] {
        assert!(run.err.contains(&format!("{prompt}: ")), "{prompt}: {run:#?}");
        rest = rest.split_once(prompt).unwrap_or_else(|| panic!("{prompt}: {help}")).1;
    }
    run.ends(0, "  what a unit covers (tenant: all users; user: a seat; capacity: work that consumes it, by calendar month): tenant, user or capacity: ");
    // What is there is never overwritten.
    let before = desk.read("studio.json");
    let run = answered(&desk, "catalog new -o studio.json", &answers);
    run.ends(5, "studio.json already exists");
    assert!(!run.err.contains("Publisher's id"), "no question is asked: {run:#?}");
    assert_eq!(desk.read("studio.json"), before);
}

#[test]
fn without_a_file_the_catalog_goes_to_stdout() {
    let desk = Desk::new();
    let run = answered(&desk, "catalog new", &["fabrikam", "tool", "", "no", "tool/run", "", "no", "", "", ""]);
    assert_eq!(run.code, 0, "{run:?}");
    assert_eq!(Catalog::from_json(&run.out).unwrap().offer().management, Management::Unmanaged);
}

#[test]
fn an_answer_that_cannot_be_read_writes_nothing() {
    let desk = Desk::new();
    let rows: [(&[&str], &str); 7] = [
        (&["fabrikam"], "the answer is missing to: Offer's id"),
        (&["fab rikam\u{7}"], "Publisher's id"),
        (
            &["fabrikam", "studio", "", "perhaps"],
            "the answer `perhaps` does not fit: License management (yes: apps need a plan; no: all apps are open): yes or no: answer `yes` or `no`",
        ),
        (&["f", "o", "", "yes", "yes", "a", "", "no", "", "q", "Q", "things", "nobody"], "answer `user` or `tenant`"),
        (&["f", "o", "", "yes", "yes", "a", "", "no", "", "", "p", "P", "usr"], "answer `tenant` for the tenant"),
        (
            &["f", "o", "", "yes", "yes", "a", "", "no", "", "", "p", "P", "user", "b"],
            "no app of this offer has the id `b`",
        ),
        // Two plans of one id.
        (&["f", "o", "", "no", "a", "", "no", "", "", "p", "P", "user", "a", "p", "P", "user", "a", "", ""], "`p`"),
    ];
    for (answers, expected) in rows {
        answered(&desk, "catalog new -o made.json", answers).ends(2, expected);
        assert!(!desk.path("made.json").exists(), "{answers:?}");
    }
}

#[test]
fn a_catalog_is_shown_as_a_matrix() {
    let desk = Desk::new();
    let expected = "\
`f365` of `fabrikam`
[x] license management
[ ] install without a license: a tenant with a license of any plan may install it

plan    name         a unit is for
bronze  F365 Bronze  a user
silver  F365 Silver  a user
gold    F365 Gold    a user

                everyone  bronze  silver  gold
f365/basic      yes
f365/orders               yes     yes     yes
f365/forecasts                    yes     yes
f365/audit                                yes
";
    assert_eq!(desk.done("catalog show f365.json").out, expected);
    assert!(include_str!("../../README.md").contains(expected), "the README shows another matrix");
    answered(&desk, "catalog new -o studio.json", &[&STUDIO[..], &[""]].concat()).ends(0, "`pro` needs `site`");
    let run = desk.done("catalog show studio.json");
    let rows: Vec<Vec<&str>> = run.out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert!(rows.contains(&vec!["storage", "5", "100", "unlimited", "a", "unit"]), "{}", run.out);
    let json = desk.done("catalog show studio.json --json").json();
    assert_eq!(json["offer"]["plans"][1]["id"], "pro");
    desk.write("none.json", r#"{"publisher":"f","offer":"o","management":"unmanaged","apps":[],"plans":[]}"#);
    desk.run("catalog show none.json").ends(0, "every app is open to everyone");
    desk.run("catalog show contoso.ledger").ends(3, "contoso.ledger");
}

#[test]
fn many_plans_are_shown_in_blocks_that_fit_a_narrow_terminal() {
    let desk = Desk::new();
    let plan = |n| format!(r#"{{"id":"plan-{n}","scope":"user","name":"Plan {n}","apps":["suite/app-{}"]}}"#, n % 7);
    let plans: Vec<String> = (1..=40).map(plan).collect();
    let apps: Vec<String> = (0..7).map(|n| format!(r#"{{"id":"suite/app-{n}","access":"licensed"}}"#)).collect();
    desk.write(
        "suite.json",
        format!(
            r#"{{"publisher":"f","offer":"suite","management":{{"managed":"without_license"}},"apps":[{}],"plans":[{}]}}"#,
            apps.join(","),
            plans.join(",")
        ),
    );
    let run = desk.done("catalog show suite.json");
    let matrix: Vec<&str> = run.out.lines().skip_while(|line| !line.contains("everyone")).collect();
    assert!(matrix.iter().all(|line| line.chars().count() <= 60), "{}", run.out);
    // Each plan opens one app, in one block.
    let opened: usize = matrix.iter().map(|line| line.matches("yes").count()).sum();
    assert_eq!(opened, 40, "{}", run.out);
    let headings =
        matrix.iter().filter(|line| line.contains("everyone")).flat_map(|line| line.split_whitespace().skip(1));
    assert!(headings.eq((1..=40).map(|n| n.to_string())), "{}", run.out);
    assert!(run.out.contains("\n40  plan-40  Plan 40  a user"), "{}", run.out);
}
