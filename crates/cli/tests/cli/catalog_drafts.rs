//! `catalog new` offers what a sound catalog may have, and keeps what was answered before a fault.

use std::io::Write as _;
use std::process::Stdio;

use entitle::catalog::Offer;

use crate::catalog_matrix::answered;
use crate::desk::Desk;

/// The offer, two apps and a quota of users.
const BEFORE_PLANS: [&str; 20] = [
    "fabrikam", "studio", "", "yes", "no", "view", "", "yes", "edit", "", "no", "", "projects", "Projects", "projects",
    "user", "largest", "1", "", "site",
];

fn draft(desk: &Desk, name: &str) -> Offer {
    serde_json::from_str(&desk.read(name)).unwrap()
}

#[test]
fn c4_only_needs_that_a_plan_may_have_are_offered() {
    let desk = Desk::new();
    // A tenant plan, a user plan, capacity, another tenant plan, and a user plan that needs two.
    let plans = [
        "Site",
        "tenant",
        "",
        "3", // site: its apps, and projects
        "pro",
        "Pro",
        "user",
        "edit",
        "",
        "10", // pro needs none of `site`
        "work",
        "Work",
        "capacity", // neither apps nor needs nor quotas of users
        "region",
        "Region",
        "tenant",
        "",
        "site",
        "", // only `site` is offered
        "plus",
        "Plus",
        "user",
        "edit",
        "site region",
        "pro",
        "",
        "", // two needs: one of two, and `pro`
    ];
    let run = answered(&desk, "catalog new -o made.json", &[&BEFORE_PLANS[..], &plans, &[""]].concat());
    run.ends(0, "`plus` needs `site` or `region`");
    run.ends(0, "`plus` needs `pro`");
    run.ends(0, "`region` needs `site`");
    let needs: Vec<&str> = run.err.lines().filter(|line| line.contains("of which it ")).collect();
    assert_eq!(
        needs,
        [
            "  the plans of which it needs one to work, of `site` (empty: none): ",
            "  the plans of which it needs one to work, of `site` (empty: none): site",
            "  the plans of which it needs one to work, of `site`, `pro`, `region` (empty: none): site region",
            "  further plans of which it also needs one, of `pro` (empty: none): pro",
        ]
    );
    assert_eq!(run.err.matches("the apps that it opens").count(), 4, "capacity opens none");
    assert_eq!(run.err.matches("projects that it gives").count(), 4, "capacity gives none to users");
    desk.run("catalog check made.json").ends(0, "sound");
    // A tenant plan cannot need a user plan: it is not among those that are offered.
    let answers = [&BEFORE_PLANS[..], &plans[..10], &["region", "Region", "tenant", "", "pro"]].concat();
    answered(&desk, "catalog new", &answers).ends(2, "no plan of this offer has the id `pro`: answer some of `site`");
}

#[test]
fn c8_what_was_answered_before_a_fault_is_kept() {
    let desk = Desk::new();
    let plan = ["Site", "tenant", "", "3"];
    // An answer that is missing.
    let answers = [&BEFORE_PLANS[..], &plan, &["pro", "Pro"]].concat();
    let run = answered(&desk, "catalog new -o made.json", &answers);
    run.ends(2, "the answer is missing to: what a unit covers (tenant: all users; user: a seat; capacity: work that consumes it, by calendar month): tenant, user or capacity");
    run.ends(2, "help: what was answered is kept in made.json.draft: repair it, and see what is wrong by `entitle catalog check made.json.draft`, or go on by `entitle catalog new --from made.json.draft -o made.json`");
    let offer = draft(&desk, "made.json.draft");
    assert_eq!((offer.apps.len(), offer.quotas.len(), offer.plans.len()), (2, 1, 1));
    assert!(!desk.path("made.json").exists());
    // An offer that is not sound: no plan opens `edit`. The first draft is not overwritten.
    let run = answered(&desk, "catalog new -o made.json", &[&BEFORE_PLANS[..], &plan, &["", ""]].concat());
    run.ends(2, "is kept in made.json.draft.2: ");
    assert_eq!(draft(&desk, "made.json.draft").plans.len(), 1);
    desk.run("catalog check made.json.draft.2").ends(3, "made.json.draft.2:26:5");
    // It can be repaired.
    let repaired = desk.read("made.json.draft.2").replacen("\"apps\": []", "\"apps\": [\"edit\"]", 1);
    desk.write("made.json.draft.2", repaired);
    desk.run("catalog check made.json.draft.2").ends(0, "sound");
    // Of a catalog for stdout as well; of nothing, nothing is kept.
    let run = answered(&desk, "catalog new", &["fabrikam", "studio", "", "perhaps"]);
    run.ends(2, "is kept in catalog.json.draft: ");
    assert_eq!((draft(&desk, "catalog.json.draft").offer.as_str(), run.out.as_str()), ("studio", ""));
    let run = answered(&desk, "catalog new -o none.json", &["fabrikam"]);
    assert!(run.code == 2 && !run.err.contains("kept") && !desk.path("none.json.draft").exists(), "{run:#?}");
}

/// What is in a draft is not asked again, and the catalog is the one that uninterrupted answers make.
#[test]
fn c8_questions_go_on_with_a_draft() {
    let desk = Desk::new();
    let (site, pro) = (["Site", "tenant", "", "3"], ["pro", "Pro", "user", "edit", "", "10"]);
    answered(&desk, "catalog new -o whole.json", &[&BEFORE_PLANS[..], &site, &pro, &["", "site"]].concat())
        .ends(0, "site");
    answered(&desk, "catalog new -o made.json", &[&BEFORE_PLANS[..], &site, &pro[..2]].concat()).ends(2, "is kept in");
    let kept = desk.read("made.json.draft");
    // No more apps, no more quotas, the plan that was not whole, no more plans, the install policy.
    let line = "catalog new --from made.json.draft -o made.json";
    let run = answered(&desk, line, &[&["", ""][..], &pro, &["", "site"]].concat());
    run.ends(0, "made.json.draft: `studio` of `fabrikam`: apps `view`, `edit`; quotas `projects`; plans `site`\n");
    assert!(!run.err.contains("Publisher's id") && !run.err.contains("License management"), "{run:#?}");
    assert_eq!(desk.read("made.json"), desk.read("whole.json"));
    run.ends(0, "note: made.json.draft: removed, the catalog has all of it\n");
    assert!(!desk.path("made.json.draft").exists());
    desk.write("made.json.draft", kept);
    // Where it stopped before the first app, all about the offer is asked again; ids of the draft are taken.
    answered(&desk, "catalog new -o early.json", &BEFORE_PLANS[..4]).ends(2, "is kept in early.json.draft: ");
    let line = "catalog new --from early.json.draft -o early.json";
    let run = answered(&desk, line, &[&BEFORE_PLANS[2..], &site, &pro, &["", "site"]].concat());
    run.ends(0, "early.json.draft: `studio` of `fabrikam`: no apps; no quotas; no plans\n");
    assert_eq!(desk.read("early.json"), desk.read("whole.json"));
    answered(&desk, "catalog new --from made.json.draft", &["VIEW"]).ends(2, "another app has the id `view`");
    // The draft stays as it is; what was added is kept in another.
    let run = answered(&desk, "catalog new --from made.json.draft", &["more", "", "no"]);
    run.ends(2, "is kept in catalog.json.draft.2: ");
    assert_eq!((draft(&desk, "made.json.draft").apps.len(), draft(&desk, "catalog.json.draft.2").apps.len()), (2, 3));
    // What is no draft.
    desk.write("no.json", "{}");
    desk.run("catalog new --from no.json").ends(3, "[cli.not-a-draft]");
    desk.run("catalog new --from nowhere.json").ends(3, "nowhere.json cannot be read");
}

#[test]
fn c8_an_id_is_answered_once() {
    let desk = Desk::new();
    let apps = ["f", "o", "", "yes", "yes", "a", "", "no"];
    for (more, expected) in [
        (&["A"][..], "(empty: no more apps): another app has the id `a`"),
        (&["", "", "p", "P", "user", "a", "P"], "(empty: no more plans): another plan has the id `p`"),
        (&["", "q", "Q", "qs", "user", "sum", "", "q"], "another quota has the id `q`"),
    ] {
        answered(&desk, "catalog new", &[&apps[..], more].concat()).ends(2, expected);
    }
}

/// After success no draft is left: the one that was gone on with is removed, one of an earlier attempt is named.
#[test]
fn c8_drafts_are_removed_or_named_after_success() {
    let desk = Desk::new();
    let (site, pro) = (["Site", "tenant", "", "3"], ["pro", "Pro", "user", "edit", "", "10"]);
    let whole = [&BEFORE_PLANS[..], &site, &pro, &["", "site"]].concat();
    answered(&desk, "catalog new -o made.json", &whole[..9]).ends(2, "is kept in made.json.draft: ");
    answered(&desk, "catalog new -o made.json", &whole[..9]).ends(2, "is kept in made.json.draft.2: ");
    answered(&desk, "catalog new -o made.json", &whole)
        .ends(0, "note: made.json.draft, made.json.draft.2 are drafts of an earlier attempt, and can be deleted\n");
    // For stdout, and of another catalog, nothing is removed.
    answered(&desk, "catalog new --from made.json", &["", "", "", "site"]).ends(0, "\"studio\"");
    answered(&desk, "catalog new --from made.json -o more.json", &["", "", "", "site"]).ends(0, "more.json: written");
    assert!(desk.path("made.json").exists() && desk.path("made.json.draft").exists());
}

/// Who makes, shows or sells a catalog reads that quotas are not counted, and how capacity is.
#[test]
fn m3_what_entitle_counts_is_shown_where_a_catalog_is_made_shown_and_sold() {
    let desk = Desk::new();
    let work = ["Site", "tenant", "", "3", "pro", "Pro", "user", "edit", "", "10", "work", "Work", "capacity"];
    let run = answered(&desk, "catalog new -o made.json", &[&BEFORE_PLANS[..], &work, &["", "site"]].concat());
    let quota = "`projects`: projects of each user, a limit for the application: entitle does not count them\n";
    let capacity = "`work`: its units are for each calendar month (UTC), and 25 percent more may be consumed";
    run.ends(0, "Quota's id (a limit for the application, which entitle does not count), as in");
    for shown in [run, desk.done("catalog show made.json")] {
        shown.ends(0, quota);
        shown.ends(0, &format!("{capacity}\n"));
    }
    let sell = "deal new --catalog made.json --tenant c --name C --country DE --ends 2027-03-01";
    desk.done(&format!("{sell} --grant work=5 -o work.json")).ends(0, &format!("note: {capacity}\n"));
    let run = desk.done(&format!("{sell} --grant pro=5 -o pro.json"));
    run.ends(0, &format!("note: {quota}"));
    assert!(!run.err.contains("calendar month"), "{run:#?}");
    let catalog =
        desk.read("made.json").replace("\"scope\": \"capacity\",", "\"scope\": \"capacity\", \"overage\": 0,");
    desk.write("exact.json", catalog);
    desk.done("catalog show exact.json").ends(0, "and 0 percent more may be consumed\n");
    let help = desk.done("catalog new --help").out;
    for part in ["entitle does not count its use", "[only with license management]", "25 percent\nmore may be consumed"]
    {
        assert!(help.contains(part), "{part}: {help}");
    }
    assert!(help.lines().all(|line| line.chars().count() <= 80), "{help}");
}

/// An answer too many is named even where the last question is answered.
#[test]
fn answers_after_the_last_question_are_left_over() {
    let desk = Desk::new();
    let whole = [&BEFORE_PLANS[..], &["Site", "tenant", "", "3", "pro", "Pro", "user", "edit", "", "10", "", "site"]];
    let whole = whole.concat();
    let left = "note: standard input goes on after the last question, with `pro`: see above which answer was taken for which question\n";
    answered(&desk, "catalog new -o made.json", &[&whole[..], &["", "pro", "Pro"]].concat()).ends(0, left);
    answered(&desk, "catalog new", &[&whole[..], &["pro"]].concat()).ends(0, left);
    // Empty lines are none.
    let run = answered(&desk, "catalog new -o other.json", &[&whole[..], &["", " "]].concat());
    assert!(run.code == 0 && !run.err.contains("goes on"), "{run:#?}");
    // A program that keeps standard input open is not waited for.
    let mut command = desk.command("catalog new -o open.json");
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all((whole.join("\n") + "\n").as_bytes()).unwrap();
    assert!(child.wait().unwrap().success() && desk.path("open.json").exists());
    drop(stdin);
}

/// Where no terminal echoes them, each answer stands behind its question, so that one too many is seen.
#[test]
fn answers_of_a_program_stand_behind_their_questions() {
    let desk = Desk::new();
    let run = answered(&desk, "catalog new", &["fabrikam", "studio", "yes", "maybe\u{1b}[2J"]);
    let asked: Vec<&str> = run.err.lines().collect();
    for (line, answer) in asked.iter().zip(["fabrikam", "studio", "yes", "maybe\\u{1b}[2J"]) {
        assert!(line.ends_with(&format!(": {answer}")), "{run:#?}");
    }
    // A secret key by mistake is not shown, and no answer has no echo.
    desk.done("key new fabrikam.key");
    let key = desk.read("fabrikam.key");
    let run = answered(&desk, "catalog new", &["fabrikam", "studio", key.trim()]);
    assert!(key.contains("k4.secret.") && !run.err.contains(key.trim()), "{run:#?}");
    assert!(run.err.contains("the answer is missing to: "), "{run:#?}");
}
