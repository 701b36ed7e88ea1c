//! `entitle revise`: what a revision does not name stays, and what it changes is shown.

use entitle::license::{Fallback, GrantKind, Termination, Tolerance};
use entitle::token::{KeyPermissions, KeyPurpose};
use entitle::{Deal, Grant, KeyRing, Token};

use crate::desk::{Desk, SELL};

/// Returns the deal of a license.
fn license(desk: &Desk, name: &str) -> Deal {
    let key = desk.read("fabrikam.pub").trim().parse().unwrap();
    let ring = KeyRing::new().trust(key, KeyPermissions::new(KeyPurpose::Licenses)).unwrap();
    ring.verify(&Token::from_armor(&desk.read(name)).unwrap()).unwrap().deal().clone()
}

/// Signs the deal in a file, and returns it.
fn sealed(desk: &Desk, name: &str) -> Deal {
    desk.done(&format!("seal {name}.json --key fabrikam.key -o {name}.license"));
    license(desk, &format!("{name}.license"))
}

/// A deal with everything that a revision could lose.
fn rich() -> (Desk, Deal) {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done(
        "deal new --catalog f365.json --tenant contoso --name Contoso_Ltd --country DE --grant gold=2 --grant silver=7 \
         --trial gold=3 --days 30 --starts 2026-03-01 --ends 2027-03-01 --at 2026-02-20 --grace 7 --extensions 2=15 \
         --fresh 30=60 --reference PO-1 --amount gold:projects=50 -o first.json",
    );
    desk.done("revise first.json --catalog f365.json --grant silver=4 --updates-until 2027-01-01 --at 2026-03-01 -o second.json");
    desk.done("revise second.json --catalog f365.json --cancel silver=2026-12-01 --at 2026-03-02 -o rich.json");
    let deal = sealed(&desk, "rich");
    (desk, deal)
}

fn is_paid(grant: &Grant) -> bool {
    matches!(grant.kind, GrantKind::Paid(_))
}

#[test]
fn l3_a_revision_keeps_what_it_does_not_name() {
    let (desk, before) = rich();
    let silver = before.grants.iter().find(|grant| grant.plan.as_str() == "silver").unwrap();
    let GrantKind::Paid(paid) = &silver.kind else { panic!("{silver:?}") };
    assert!(matches!(silver.tolerance, Tolerance::UpTo(tolerated) if tolerated.units.to_string() == "7"));
    assert!(matches!(paid.fallback, Fallback::Before(_)) && matches!(paid.early, Termination::Cancelled(_)));
    assert_eq!(before.grants.len(), 3);
    let run = desk.done("revise rich.json --catalog f365.json --grant gold=5 --at 2026-04-01 -o next.json");
    let after = sealed(&desk, "next");
    for (old, new) in before.grants.iter().zip(&after.grants) {
        if old.plan.as_str() == "gold" && is_paid(old) {
            let mut expected = old.clone();
            expected.units = new.units;
            assert_eq!((&expected, new.units.to_string()), (new, "5".to_string()), "only its units");
        } else {
            assert_eq!(old, new, "not named");
        }
    }
    let same = (&after.licensee, &after.reference, &after.freshness, &after.anchor);
    assert_eq!(same, (&before.licensee, &before.reference, &before.freshness, &before.anchor));
    assert_eq!((after.id, after.revision.get()), (before.id, 4));
    // It says what is different, and nothing else.
    let lines: Vec<_> = run.out.lines().skip(1).collect();
    assert_eq!(lines, ["  gold: units 5 instead of 2"]);
    assert!(run.out.starts_with(
        "next.json: revision 4, 5 x gold (50 of projects) + 4 x silver (without an end in releases from before 2027-01-01; \
         7 tolerated until 2026-05-30; cancelled for 2026-12-01) + 3 x gold (a trial of 30 days; 50 of projects) for Contoso Ltd\n"
    ), "{run:#?}");
}

#[test]
fn l2_a_plan_is_dropped_only_by_name() {
    let (desk, before) = rich();
    let run = desk.done("revise rich.json --catalog f365.json --drop gold --at 2026-04-01 -o next.json");
    assert_eq!(sealed(&desk, "next").grants, [before.grants[1].clone()]);
    run.ends(0, "  dropped: 2 x gold, from 2026-03-01 until 2027-03-01; 50 of projects\n  dropped: 3 x gold, a trial");
    let run = desk.run("revise rich.json --catalog f365.json --drop bronze");
    run.ends(2, "the deal has no grant of `bronze` [cli.nothing-of-it]\n  help: it has grants of `gold`, `silver`\n");
    // What is dropped and named is sold anew.
    let run = desk.done(
        "revise rich.json --catalog f365.json --drop gold --grant gold=1 --ends 2028-01-01 --at 2026-04-01 -o anew.json",
    );
    run.ends(0, "  gold: starts 2026-04-01 instead of 2026-03-01\n");
    let anew = sealed(&desk, "anew");
    assert_eq!(anew.grants.len(), 2, "the trial of gold is gone too");
    assert!(
        matches!(anew.grants[1].tolerance, Tolerance::UpTo(tolerated) if tolerated.units.to_string() == "2"),
        "{anew:?}"
    );
}

#[test]
fn a_plan_named_twice_is_refused_with_the_cure() {
    let desk = Desk::selling();
    for (line, expected) in [
        (
            "revise deal.json --catalog f365.json --grant gold=2 --grant gold=3",
            "--grant names `gold` twice: 2 and 3 units",
        ),
        ("revise deal.json --catalog f365.json --trial gold=2 --trial gold=2", "--trial names `gold` twice"),
        (
            &SELL.replace("--grant gold=2", "--grant gold=2 --grant gold=3"),
            "help: name each plan once, with all its units",
        ),
    ] {
        desk.run(line).ends(2, expected);
        desk.run(line).ends(2, "[cli.plan-twice]");
    }
    desk.run("revise deal.json --catalog f365.json").ends(2, "[cli.nothing-changed]");
    desk.run("revise deal.json --catalog f365.json --grant gold=2").ends(2, "[cli.nothing-changed]");
    // A deal that another program wrote may have two grants of a plan.
    let deal = desk.read("deal.json");
    let start = deal.find("\"grants\": [").unwrap() + "\"grants\": [".len();
    let grant = deal[start..deal.rfind(']').unwrap()].trim_end();
    desk.write("two.json", format!("{}{grant},{}", &deal[..start], &deal[start..]));
    let run = desk.run("revise two.json --catalog f365.json --grant gold=5");
    run.ends(2, "the deal has 2 grants of `gold`: 2 x gold, from 2026-03-01 until 2027-03-01 + 2 x gold");
    run.ends(2, "help: give --drop gold as well");
    desk.done("revise two.json --catalog f365.json --drop gold --grant gold=5 --ends 2028-01-01");
    // Dates alone are for all of them.
    let run = desk.done("revise two.json --catalog f365.json --ends 2028-01-01 -o longer.json");
    assert_eq!(run.out.matches("ends 2028-01-01 instead of 2027-03-01").count(), 2, "{run:#?}");
}

#[test]
fn dates_and_terms_are_for_the_plans_that_are_named_or_for_all() {
    let (desk, before) = rich();
    desk.done(
        "revise rich.json --catalog f365.json --grant gold=2 --ends 2029-01-01 --grace 9 --at 2026-04-01 -o named.json",
    );
    let named = sealed(&desk, "named");
    let ends = |grant: &Grant| match &grant.kind {
        GrantKind::Paid(paid) => (paid.term.ends().to_string(), paid.grace.get()),
        GrantKind::Trial(trial) => (trial.may_start.closes().to_rfc3339(), trial.grace.get()),
    };
    assert_eq!(ends(&named.grants[0]), ("2029-01-01T00:00:00Z".to_string(), 9));
    assert_eq!(named.grants[1..], before.grants[1..]);
    desk.done("revise rich.json --catalog f365.json --ends 2029-01-01 --grace 9 --at 2026-04-01 -o all.json");
    let all = sealed(&desk, "all");
    assert!(all.grants[..2].iter().all(|grant| ends(grant) == ("2029-01-01T00:00:00Z".to_string(), 9)), "{all:?}");
    assert_eq!(ends(&all.grants[2]), ("2027-03-01T00:00:00+00:00".to_string(), 9), "a trial is not renewed by the way");
    // A trial that is named, its length, and an early end that is taken back.
    let run = desk.done(
        "revise rich.json --catalog f365.json --trial gold=1 --days 60 --ends 2027-06-01 --cancel silver=never --at 2026-04-01 \
         -o trial.json",
    );
    let lines: Vec<_> = run.out.lines().skip(1).collect();
    assert_eq!(
        lines,
        [
            "  silver: no longer cancelled for 2026-12-01",
            "  gold: units 1 instead of 3",
            "  gold: length 60 days instead of 30 days",
            "  gold: to be started until 2027-06-01 instead of 2027-03-01 (last day 2027-05-31, 7 days of grace)",
            "  gold: tolerated 3 until 2026-06-30",
        ]
    );
    desk.run("revise rich.json --catalog f365.json --trial gold=1 --ends never").ends(2, "[cli.trial-for-ever]");
    desk.run("revise rich.json --catalog f365.json --grant gold=1 --extensions 1=5")
        .ends(2, "only a trial can be extended");
    // A new plan begins today, and needs an end.
    desk.run("revise rich.json --catalog f365.json --grant bronze=1").ends(2, "--ends is missing");
    desk.run("revise rich.json --catalog f365.json --grant bronze=1 --ends never --at 2026-04-01")
        .ends(0, "note: new: 1 x bronze, from 2026-04-01 on, perpetual");
}

#[test]
fn s11_a_tolerance_that_runs_is_kept_until_units_are_taken_away_again() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done(&SELL.replace("gold=2", "gold=10"));
    let tolerated = |name: &str| match sealed(&desk, name).grants[0].tolerance {
        Tolerance::UpTo(tolerated) => Some((tolerated.units.to_string(), tolerated.until.format("%F").to_string())),
        Tolerance::None => None,
    };
    let revise = |from: &str, units: u32, at: &str, to: &str| {
        desk.done(&format!("revise {from}.json --catalog f365.json --grant gold={units} --at {at} -o {to}.json"));
        tolerated(to)
    };
    let is = |units: &str, until: &str| Some((units.to_string(), until.to_string()));
    assert_eq!(revise("deal", 5, "2026-04-01", "five"), is("10", "2026-06-30"));
    assert_eq!(revise("five", 4, "2026-05-01", "four"), is("5", "2026-07-30"), "the number before it, for 90 days");
    assert_eq!(revise("five", 7, "2026-05-01", "seven"), is("10", "2026-06-30"), "as it was");
    assert_eq!(revise("five", 10, "2026-05-01", "ten"), None, "nothing is left to tolerate");
    assert_eq!(revise("five", 4, "2026-07-01", "late"), is("5", "2026-09-29"), "the first one is over");
}

#[test]
fn a_record_of_the_customer_shows_whom_a_revision_touches() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy");
    let ledger = desk.read("contoso.ledger");
    let revise = "revise deal.json --catalog f365.json --grant gold=1 --record contoso.ledger --at 2026-04-01";
    let run = desk.done(&format!("{revise} -o less.json"));
    assert!(run.out.contains("  cy, from 2026-06-30 until 2027-03-31: ") && !run.out.contains("  bo, "), "{run:#?}");
    run.ends(0, "2026-06-30");
    assert_eq!(desk.read("contoso.ledger"), ledger, "it only reads");
    let json = desk.done(&format!("{revise} --json")).json();
    assert!(
        json["changes"][0]["what"] == "units" && json["changes"][0]["after"] == "1" && json["touches"].is_object(),
        "{json:#}"
    );
    // The revision is not signed by a key of the record, and still no license of a stranger.
    desk.run("revise deal.json --catalog f365.json --grant gold=1 --record none.ledger").ends(3, "[cli.no-settings]");
    desk.write("other.json", desk.read("deal.json").replace("\"contoso\"", "\"northwind\""));
    desk.run("revise other.json --catalog f365.json --grant gold=1 --record contoso.ledger").ends(1, "refused");
}

#[test]
fn l5_inspect_says_expired_revoked_and_not_yet() {
    let desk = Desk::selling();
    for (at, expected) in [
        ("2026-02-25", "state    gold: not yet: begins on 2026-03-01\n"),
        ("2026-03-01", "state    gold: active until 2027-03-01\n"),
        ("2027-03-01", "state    gold: expired on 2027-03-01, in grace until 2027-03-31\n"),
        ("2027-03-31", "state    gold: expired on 2027-03-01, suspended until 2027-06-29\n"),
        ("2027-06-29", "state    gold: expired on 2027-03-01\n"),
    ] {
        desk.run(&format!("inspect contoso.license --at {at}")).ends(0, expected);
        desk.run(&format!("inspect deal.json --at {at}")).ends(0, expected);
    }
    desk.run("inspect contoso.license --at 2026-02-01").ends(0, "issued later than 2026-02-01");
    let json = desk.done("inspect contoso.license --at 2027-03-02 --json").json();
    assert_eq!(
        (&json["state"][0]["phase"], &json["state"][0]["until"]),
        (&"grace".into(), &"2027-03-31T00:00:00Z".into())
    );
    // An early end, a fallback and a trial.
    desk.done("revise deal.json --catalog f365.json --cancel gold=2026-05-01 --at 2026-04-01 -o cancelled.json");
    desk.run("inspect cancelled.json --at 2026-05-02")
        .ends(0, "gold: cancelled for 2026-05-01, suspended until 2026-07-30");
    desk.run("inspect cancelled.json --at 2026-08-02").ends(0, "gold: cancelled for 2026-05-01\n");
    desk.done("revise deal.json --catalog f365.json --updates-until 2026-09-01 --at 2026-04-01 -o fallback.json");
    desk.run("inspect fallback.json --at 2028-01-01")
        .ends(0, "gold: expired on 2027-03-01; releases from before 2026-09-01 have no end");
    desk.done(
        "deal new --catalog f365.json --anyone --trial gold=3 --days 30 --starts 2026-04-01 --ends 2026-06-01 -o trial.json",
    );
    for (at, expected) in [
        ("2026-03-05", "gold: not yet: the trial can be started from 2026-04-01 until 2026-06-01"),
        ("2026-05-01", "gold: trial, can be started until 2026-06-01"),
        ("2026-06-10", "gold: expired on 2026-06-01 where it was not started; started, it ends by 2026-07-01"),
        ("2026-07-01", "gold: expired on 2026-06-01 where it was not started; started, it ended by 2026-07-01\n"),
    ] {
        desk.run(&format!("inspect trial.json --at {at}")).ends(0, expected);
    }
    // A list revokes it from the instant on that it names.
    let id = license(&desk, "contoso.license").id;
    desk.done("key new lists.key");
    desk.done(&format!(
        "revoke --publisher fabrikam --license {id} --from 2026-06-01 --key lists.key --at 2026-05-01 -o ended.list"
    ));
    let inspect = "inspect contoso.license --trust fabrikam.pub --trust lists.pub=lists --list ended.list";
    desk.run(&format!("{inspect} --at 2026-05-31")).ends(0, "gold: active until 2026-06-01, then revoked\n");
    desk.run(&format!("{inspect} --at 2026-06-01")).ends(0, "gold: revoked on 2026-06-01\n");
    desk.run("inspect contoso.license --trust fabrikam.pub --list ended.list").ends(3, "ended.list: ");
    desk.run("inspect contoso.license --list ended.list").ends(2, "--trust");
}

#[test]
fn x5_inspect_knows_lists_of_keys_and_the_record_of_the_customer() {
    let desk = Desk::selling();
    desk.done("key new lists.key");
    let stolen = desk.done("key show fabrikam.key --json").json()["id"].as_str().unwrap().to_string();
    let revoke = |key: &str, out: &str| {
        let mut revoke = desk.command(&format!("revoke --publisher fabrikam --from 2026-06-01 --key {key} -o {out}"));
        revoke.args(["--ended-key", &stolen]).output().unwrap()
    };
    assert!(revoke("lists.key", "key.list").status.success());
    desk.run("inspect contoso.license --trust fabrikam.pub --trust lists.pub=lists --list key.list --at 2026-07-01")
        .ends(0, "gold: revoked on 2026-06-01\n");
    // A record knows its lists, the trials that were started, and the revision in force.
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub --trust lists.pub=lists");
    desk.run("inspect contoso.license --record contoso.ledger").ends(0, "record   not installed there");
    desk.done("tenant install contoso.license");
    desk.run("inspect contoso.license --record contoso.ledger").ends(0, "record   in force there");
    desk.done("tenant install key.list");
    let run = desk.done("inspect contoso.license --record contoso.ledger --at 2026-07-01");
    run.ends(0, "gold: revoked on 2026-06-01\n");
    desk.done("revise deal.json --catalog f365.json --grant gold=3 -o next.json");
    desk.done("seal next.json --key fabrikam.key -o next.license");
    desk.done("tenant install next.license");
    desk.run("inspect contoso.license --record contoso.ledger").ends(0, "not in force there: revision 2 is");
}

/// What had ended when it was revoked stays ended, and no list revokes a key that signs lists.
#[test]
fn x5_a_revocation_ends_only_what_it_can() {
    let desk = Desk::selling();
    let id = license(&desk, "contoso.license").id;
    desk.done("key new lists.key");
    let shown = |list: &str, at: &str| {
        let line = "inspect contoso.license --trust fabrikam.pub --trust lists.pub=lists";
        desk.done(&format!("{line} --list {list} --at {at}")).out
    };
    desk.done(&format!("revoke --publisher fabrikam --license {id} --from 2027-07-01 --key lists.key -o late.list"));
    assert!(shown("late.list", "2028-01-01").contains("gold: expired on 2027-03-01\n"));
    // Up to the revision that the list names.
    desk.done(&format!("revoke --publisher fabrikam --license {id}=1 --key lists.key -o first.list"));
    assert!(shown("first.list", "2026-04-01").contains("gold: revoked on 2026-03-02T08:00:00Z\n"));
    desk.done("revise deal.json --catalog f365.json --grant gold=3 -o next.json");
    desk.done("seal next.json --key fabrikam.key -o next.license");
    desk.run("inspect next.license --trust fabrikam.pub --trust lists.pub=lists --list first.list")
        .ends(0, "gold: active");
    let id_of = |key: &str| desk.done(&format!("key show {key} --json")).json()["id"].as_str().unwrap().to_string();
    let ended_key = |key: &str, signer: &str, out: &str| {
        let mut revoke = desk.command(&format!("revoke --publisher fabrikam --key {signer} -o {out}"));
        assert!(revoke.args(["--ended-key", &id_of(key)]).output().unwrap().status.success());
    };
    // A key is believed what it is trusted for: one for licenses signs no lists, and no list ends one for lists.
    ended_key("fabrikam.pub", "lists.key", "key.list");
    desk.done("revoke --publisher fabrikam --key fabrikam.key -o own.list");
    assert!(shown("key.list", "2026-04-01").contains("gold: revoked"));
    let only_licenses = "inspect contoso.license --trust fabrikam.pub --trust lists.pub=lists --list own.list";
    desk.run(only_licenses).ends(
        3,
        "is not trusted for revocation lists: update the application, or contact the issuer; if the application trusts it for that, give `--trust KEY=lists`",
    );
    let for_both =
        "inspect contoso.license --trust fabrikam.pub=licenses,lists --trust lists.pub=lists --list key.list";
    desk.run(for_both).ends(0, "gold: active");
    desk.run("inspect own.list --trust fabrikam.pub").ends(3, "[token.not-trusted]");
    desk.run("inspect contoso.license --trust fabrikam.pub=lists").ends(3, "give `--trust KEY=licenses`");
    desk.run("inspect contoso.license --trust fabrikam.pub=all").ends(2, "[cli.unknown-purpose]");
    // A list that ends the issuer of a certificate ends what the certified key signed.
    desk.done("key new reseller.key");
    desk.done("key certify reseller.pub --publisher fabrikam --from 2026-02-01 --until 2027-01-01 --key fabrikam.key -o reseller.certificate");
    desk.done("seal deal.json --key reseller.key -o sold.license");
    let line = "inspect sold.license --trust fabrikam.pub=licenses,certificates --trust lists.pub=lists --certificate reseller.certificate --list";
    desk.run(&format!("{line} key.list")).ends(0, "gold: revoked on 2026-03-02T08:00:00Z");
    desk.run(&format!("{line} late.list")).ends(0, "gold: active until 2027-03-01");
}

/// A plan that a later catalog has dropped stays in a deal, and cannot be added to one.
#[test]
fn c11_a_plan_that_the_catalog_has_dropped_stays_in_a_deal() {
    let desk = Desk::new();
    desk.done("key new fabrikam.key");
    desk.done(&SELL.replace("--grant gold=2", "--grant gold=2 --grant bronze=1"));
    let deal = desk.read("deal.json");
    desk.write("old.json", deal.replace("\"bronze\"", "\"copper\""));
    desk.done("revise old.json --catalog f365.json --grant gold=3 -o kept.json");
    assert_eq!(sealed(&desk, "kept").grants[1].plan.as_str(), "copper");
    desk.run("revise old.json --catalog f365.json --grant copper=2").ends(0, "\"limited\": 2");
    desk.run("revise deal.json --catalog f365.json --grant copper=2 --ends never").ends(2, "[cli.unknown-plan]");
    desk.run("deal revise old.json --catalog f365.json --drop copper").ends(0, "note: dropped: 1 x copper");
}

/// What a later beginning takes away until then is shown, with how to sell more without it.
#[test]
fn l3_units_that_are_gone_until_a_later_beginning_are_shown() {
    let desk = Desk::new();
    let sell = "deal new --catalog f365.json --tenant contoso --name Contoso --country DE --grant gold=3 --grant silver=2 \
                --starts 2026-03-01 --ends 2027-03-01 --at 2026-02-20 -o deal.json";
    desk.done(sell);
    let revise = |options: &str| {
        _ = std::fs::remove_file(desk.path("next.json"));
        desk.done(&format!("revise deal.json --catalog f365.json {options} -o next.json"))
    };
    let note = "note: a grant has one beginning: --starts moves all of its units;";
    let run = revise("--grant gold=5 --starts 2027-01-01 --ends 2028-01-01 --at 2026-12-01");
    run.ends(0, "  gold: 0 instead of 3 from 2026-12-01 until 2027-01-01\n");
    assert!(run.err.contains(note) && !run.out.contains("  silver:"), "{run:#?}");
    // Before it begins, what is taken away begins with the term.
    let run = revise("--grant gold=5 --starts 2026-06-01 --at 2026-02-25");
    run.ends(0, "  gold: 0 instead of 3 from 2026-03-01 until 2026-06-01\n");
    // In the grace it can be used too.
    let run = revise("--starts 2027-03-20 --ends 2028-03-20 --at 2027-03-10");
    run.ends(0, "  gold: 0 instead of 3 from 2027-03-10 until 2027-03-20\n");
    assert!(run.out.contains("  silver: 0 instead of 2 from 2027-03-10 until 2027-03-20\n"), "{run:#?}");
    // What is renewed, is fewer for good, or ends earlier, has no gap.
    for options in [
        "--ends 2028-03-01 --at 2026-12-01",
        "--grant gold=1 --at 2026-12-01",
        "--ends 2027-01-01 --at 2026-12-01",
        "--drop gold --at 2026-12-01",
        "--starts 2026-01-01 --at 2026-12-01",
    ] {
        let run = revise(options);
        assert!(!run.err.contains(note) && !run.out.contains(" from 2026-12-01 until"), "{options}: {run:#?}");
    }
    let json = desk.done("revise deal.json --catalog f365.json --starts 2027-01-01 --at 2026-12-01 --json").json();
    let between = serde_json::json!({ "plan": "gold", "what": "units from 2026-12-01 until 2027-01-01", "before": "3", "after": "0" });
    assert!(json["changes"].as_array().unwrap().contains(&between), "{json:#}");
    let help = desk.done("revise --help").out.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("a purchase with dates of its own is a deal of its own, by `entitle deal new`"), "{help}");
}
