//! C5, S8, G4, S16: plans that exclude each other, for direct assignments and for groups.

use entitle::catalog::{CatalogError, CatalogWarning};
use entitle::command::{Assignee, RefusalReason, RefusedPart};
use entitle::explain::DenialReason;
use entitle::quantity::{Place, Total};
use entitle::query::ClaimError;
use entitle::{Catalog, Command, Tenant};

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, group, join, leave, paid, unassign, unassign_group, user,
};

/// Frontline and office exclude each other, which only office says; mail needs one of the two.
const SUITE: &str = r#"{ "publisher": "p", "offer": "suite", "management": { "managed": "with_license" },
    "apps": [{ "id": "shifts", "access": "licensed" }, { "id": "words", "access": "licensed" },
             { "id": "mail", "access": "licensed" }, { "id": "sums", "access": "licensed" }],
    "plans": [
      { "id": "frontline", "scope": "user", "name": "Frontline", "apps": ["shifts"] },
      { "id": "office", "scope": "user", "name": "Office", "apps": ["words"], "excludes": ["frontline"] },
      { "id": "mail", "scope": "user", "name": "Mail", "apps": ["mail"], "requires": [["office", "frontline"]] },
      { "id": "sums", "scope": "user", "name": "Sums", "apps": ["sums"], "requires": [["office"]] } ] }"#;

const PLANS: [&str; 4] = ["frontline", "office", "mail", "sums"];

fn suite() -> Tenant {
    Vendor::of(SUITE).contoso(PLANS.map(|plan| paid(plan, 5, days(0, 100))))
}

fn excluded(by: &str) -> DenialReason {
    DenialReason::Excluded { by: by.parse().unwrap() }
}

fn errors(tenant: &Tenant, on: i64) -> Vec<String> {
    tenant.claims_in_error(day(on)).map(|claim| claim.to_string()).collect()
}

#[test]
fn c5_exclusion_is_symmetric_whichever_side_declares_it() {
    for (first, second, open, shut) in
        [("frontline", "office", "shifts", "words"), ("office", "frontline", "words", "shifts")]
    {
        for declared in [
            SUITE.to_string(),
            SUITE
                .replace(r#""excludes": ["frontline"] "#, r#""excludes": [] "#)
                .replace(r#"["shifts"] }"#, r#"["shifts"], "excludes": ["office"] }"#),
        ] {
            let vendor = Vendor::of(&declared);
            let mut tenant = vendor.contoso(PLANS.map(|plan| paid(plan, 5, days(0, 100))));
            tenant.run(1, [assign("ada", first)]).unwrap();
            let reason = tenant.run(2, [assign("ada", second)]).unwrap_err().reason;
            let sources = vec![Assignee::User(user("ada"))];
            let (plan, by) = (second.parse().unwrap(), first.parse().unwrap());
            assert_eq!(reason, RefusalReason::Excluded { user: user("ada"), plan, by, sources });
            // A record that holds both: the earlier claim works.
            tenant.forge(2, [assign("ada", second)]);
            assert!(tenant.opens("ada", open, 3) && !tenant.opens("ada", shut, 3));
            assert_eq!(tenant.reasons("ada", shut, 3), [excluded(first)]);
            // Another user is not affected.
            tenant.run(3, [assign("bo", second)]).unwrap();
            assert!(tenant.opens("bo", shut, 3));
        }
    }
}

#[test]
fn c8_exclusions_are_of_other_user_plans_named_once() {
    let faults = |excludes: &str| {
        let text = SUITE.replace(r#""excludes": ["frontline"]"#, &format!(r#""excludes": {excludes}"#));
        match Catalog::from_json(&text).map(|_| ()) {
            Err(CatalogError::Unsound(faults)) => faults.iter().map(ToString::to_string).collect::<Vec<_>>(),
            other => panic!("{other:?}"),
        }
    };
    assert_eq!(faults(r#"["frontlin"]"#), ["plans[1].excludes[0]: no plan has the id `frontlin`"]);
    assert_eq!(faults(r#"["office"]"#), ["plans[1].excludes[0]: the plan `office` excludes itself"]);
    assert_eq!(faults(r#"["frontline", "frontline"]"#), ["plans[1].excludes[1]: the plan `frontline` is named twice"]);
    // Sums needs office, and nothing else would do; that one side says it is enough.
    assert_eq!(
        faults(r#"["sums"]"#),
        ["plans[3].requires[0]: the plan `sums` excludes all plans that would meet this requirement"]
    );
    let other = |scope: &str| {
        let text = SUITE.replacen(r#""scope": "user""#, &format!(r#""scope": "{scope}""#), 1);
        Catalog::from_json(&text).unwrap_err().to_string()
    };
    let message = "plans[1].excludes[0]: the plan `office` (user) cannot exclude the plan `frontline` (tenant): \
                   only user plans exclude";
    assert!(other("tenant").contains(message), "{}", other("tenant"));
    // A need of which another plan is left is no fault.
    assert!(
        Catalog::from_json(
            &SUITE.replace(r#"[["office", "frontline"]] }"#, r#"[["office", "frontline"]], "excludes": ["office"] }"#)
        )
        .is_ok()
    );
}

#[test]
fn c8_what_can_never_be_in_effect_is_warned_of() {
    let warnings = |text: &str| {
        let catalog = Catalog::from_json(text).unwrap();
        catalog.warnings().iter().map(ToString::to_string).collect::<Vec<_>>()
    };
    assert_eq!(warnings(SUITE), Vec::<String>::new());
    // Mail needs office and frontline, which exclude each other.
    let both = SUITE.replace(r#"[["office", "frontline"]]"#, r#"[["office"], ["frontline"]]"#);
    let never = "the plan `mail` can never be in effect: plans that it requires exclude each other";
    assert_eq!(warnings(&both), [never, "no plan that can be in effect lists the app `mail`"]);
    assert_eq!(Catalog::from_json(&both).unwrap().warnings()[0].code(), "catalog.never-in-effect");
    // And what requires only what is never in effect is not either.
    let through = both.replace(r#""requires": [["office"]] }"#, r#""requires": [["mail"]] }"#);
    assert_eq!(warnings(&through).len(), 4, "{:?}", warnings(&through));
    let catalog = Catalog::from_json(&through).unwrap();
    assert!(catalog.warnings().contains(&CatalogWarning::NeverOpens { app: "sums".parse().unwrap() }));
}

#[test]
fn s8_a_direct_assignment_beside_what_it_excludes_is_refused_with_its_sources() {
    let mut tenant = suite();
    tenant
        .run(
            1,
            [
                join("ada", "staff"),
                assign_group("staff", "frontline"),
                join("ada", "night"),
                assign_group("night", "frontline"),
            ],
        )
        .unwrap();
    let refused = tenant.run(2, [assign("ada", "office")]).unwrap_err();
    let message = "`ada` cannot have both `office` and `frontline` (through the group `night` and through the group `staff`), which exclude each other: remove one first, or leave it out";
    assert_eq!(refused.reason.to_string(), message);
    tenant.run(2, [assign("ada", "frontline")]).unwrap();
    let RefusalReason::Excluded { sources, .. } = tenant.run(2, [assign("ada", "office")]).unwrap_err().reason else {
        panic!()
    };
    assert_eq!(sources, [user("ada").into(), group("night").into(), Assignee::Group(group("staff"))]);
}

#[test]
fn s8_a_claim_that_waits_counts() {
    let vendor = Vendor::of(SUITE);
    let mut tenant = vendor.contoso([paid("frontline", 1, days(0, 100)), paid("office", 5, days(0, 100))]);
    tenant.run(1, [assign("ada", "frontline"), assign_group("staff", "frontline")]).unwrap();
    tenant.run(2, [join("bo", "staff")]).unwrap();
    assert_eq!(tenant.reasons("bo", "shifts", 3)[0].code(), "reason.waiting");
    assert_eq!(tenant.run(3, [assign("bo", "office")]).unwrap_err().code(), "refusal.excluded");
    // And it excludes the later claim although it waits.
    tenant.forge(3, [assign("bo", "office")]);
    assert_eq!(tenant.reasons("bo", "words", 4), [excluded("frontline")]);
}

#[test]
fn s8_a_swap_in_one_list_does_not_conflict_with_itself() {
    let mut tenant = suite();
    tenant.run(1, [assign("ada", "frontline")]).unwrap();
    tenant.run(2, [assign("ada", "office"), unassign("ada", "frontline")]).unwrap();
    assert!(tenant.opens("ada", "words", 3) && !tenant.opens("ada", "shifts", 3));
    // Not while a group's source stays, and not both at once.
    tenant.run(3, [join("bo", "staff"), assign_group("staff", "frontline")]).unwrap();
    tenant.run(3, [assign("bo", "frontline")]).unwrap();
    let kept = tenant.run(4, [assign("bo", "office"), unassign("bo", "frontline")]).unwrap_err();
    assert_eq!((kept.part, kept.code()), (RefusedPart::Command(0), "refusal.excluded"));
    tenant.run(4, [assign("bo", "office"), unassign("bo", "frontline"), leave("bo", "staff")]).unwrap();
    assert!(tenant.opens("bo", "words", 5));
    let both = tenant.run(5, [assign("cy", "office"), assign("cy", "frontline")]).unwrap_err();
    assert_eq!((both.part, both.code()), (RefusedPart::Command(0), "refusal.excluded"));
}

#[test]
fn s8_assigning_what_is_assigned_already_asks_nothing() {
    let mut tenant = suite();
    tenant.run(1, [assign("ada", "office")]).unwrap();
    tenant.run(2, [join("ada", "staff"), assign_group("staff", "frontline")]).unwrap();
    let off = vec!["words".parse().unwrap()];
    tenant.run(3, [Command::assign_except(user("ada").into(), "office".parse().unwrap(), off)]).unwrap();
    assert_eq!(tenant.reasons("ada", "words", 3), [DenialReason::TurnedOff]);
}

#[test]
fn g4_a_group_that_brings_what_an_earlier_claim_excludes_leaves_an_error_on_the_claim() {
    let mut tenant = suite();
    tenant.run(1, [assign("ada", "frontline")]).unwrap();
    tenant.run(2, [join("ada", "staff"), join("bo", "staff"), assign_group("staff", "office")]).unwrap();
    // The other member and the member's other plan are not affected; the claim keeps place and seat.
    assert!(tenant.opens("ada", "shifts", 3) && !tenant.opens("ada", "words", 3) && tenant.opens("bo", "words", 3));
    let office = "office".parse().unwrap();
    assert_eq!(tenant.queue(&office).map(|user| user.to_string()).collect::<Vec<_>>(), ["ada", "bo"]);
    assert_eq!(tenant.pool(&office, day(3)).seated, 2);
    assert_eq!(errors(&tenant, 3), ["`office` of `ada` is excluded by `frontline`, which the user claimed before"]);
    // It heals by itself when the reason goes.
    tenant.run(4, [unassign("ada", "frontline")]).unwrap();
    assert!(tenant.opens("ada", "words", 5));
    assert_eq!(errors(&tenant, 5), Vec::<String>::new());
}

#[test]
fn g4_within_one_event_the_catalogs_order_decides() {
    for commands in [
        [assign_group("staff", "office"), assign_group("staff", "frontline"), join("ada", "staff")],
        [join("ada", "staff"), assign_group("staff", "frontline"), assign_group("staff", "office")],
    ] {
        let mut tenant = suite();
        tenant.run(1, commands).unwrap();
        assert!(tenant.opens("ada", "shifts", 2) && !tenant.opens("ada", "words", 2));
    }
    // In two events the earlier does.
    let mut tenant = suite();
    tenant.run(1, [assign_group("staff", "office"), join("ada", "staff")]).unwrap();
    tenant.run(1, [assign_group("staff", "frontline")]).unwrap();
    assert!(!tenant.opens("ada", "shifts", 2) && tenant.opens("ada", "words", 2));
    // Out of the line and in again, a claim is later.
    tenant.run(2, [unassign_group("staff", "office")]).unwrap();
    tenant.run(3, [assign_group("staff", "office")]).unwrap();
    assert!(tenant.opens("ada", "shifts", 3) && !tenant.opens("ada", "words", 3));
}

#[test]
fn g4_what_is_excluded_meets_no_requirement() {
    let mut tenant = suite();
    tenant.run(1, [assign("ada", "frontline")]).unwrap();
    tenant
        .run(
            2,
            [
                join("ada", "staff"),
                assign_group("staff", "office"),
                assign_group("staff", "sums"),
                assign_group("staff", "mail"),
            ],
        )
        .unwrap();
    // Mail finds frontline, which works; sums needs office, which does not.
    assert!(tenant.opens("ada", "mail", 3));
    let any_of = vec!["office".parse().unwrap()];
    assert_eq!(tenant.reasons("ada", "sums", 3), [DenialReason::RequirementNotMet { any_of: any_of.clone() }]);
    let found: Vec<_> = tenant.claims_in_error(day(3)).map(|claim| claim.error).collect();
    let by = "frontline".parse().unwrap();
    assert_eq!(found, [ClaimError::MutuallyExclusive { by }, ClaimError::Dependency { any_of }]);
    // A removal that heals another claim is not held up, and S7 asks what was in effect: sums was not.
    tenant.run(4, [unassign("ada", "frontline")]).unwrap();
    assert!(tenant.opens("ada", "sums", 4) && tenant.opens("ada", "mail", 4));
}

#[test]
fn g4_an_excluded_claim_that_waits_is_reported_as_waiting_and_one_with_both_errors_as_excluded() {
    let vendor = Vendor::of(SUITE);
    let mut tenant = vendor.contoso([paid("frontline", 5, days(0, 100)), paid("office", 1, days(0, 100))]);
    tenant.run(1, [assign("ada", "frontline"), assign("bo", "office"), assign_group("staff", "office")]).unwrap();
    tenant.run(2, [join("ada", "staff")]).unwrap();
    assert_eq!(
        tenant.reasons("ada", "words", 3),
        [DenialReason::Waiting { place: Place::behind(1), limit: Total::Limited(1) }]
    );
    assert_eq!(errors(&tenant, 3), ["`office` of `ada` waits for a seat as number 1: the only seat is taken"]);
    tenant.run(3, [unassign("bo", "office")]).unwrap();
    assert_eq!(tenant.reasons("ada", "words", 3), [excluded("frontline")]);
}

#[test]
fn g4_a_plan_that_the_catalog_does_not_know_excludes_nothing() {
    let vendor = Vendor::of(SUITE);
    let mut tenant = suite();
    tenant.run(1, [assign("ada", "frontline")]).unwrap();
    tenant.run(2, [join("ada", "staff"), assign_group("staff", "office")]).unwrap();
    let mut offer = vendor.catalog.offer().clone();
    let plan = |id: &str| offer.plans.iter().position(|plan| plan.id.as_str() == id).unwrap();
    let frontline = plan("frontline");
    offer.plans.remove(frontline);
    offer.apps.retain(|app| app.id.as_str() != "shifts");
    for plan in &mut offer.plans {
        plan.excludes.clear();
        plan.requires.iter_mut().for_each(|any| any.retain(|id| id.as_str() != "frontline"));
    }
    let tenant = tenant.rebase(&Catalog::new(offer).unwrap(), &vendor.ring());
    assert!(tenant.opens("ada", "words", 3));
    let tenant = tenant.rebase(&vendor.catalog, &vendor.ring());
    assert!(!tenant.opens("ada", "words", 3), "and again in its place once the catalog has it");
}

#[test]
fn s16_what_is_refused_does_not_work_when_a_record_holds_it_anyway() {
    // S1, a tenant plan; S7, a requirement; S8, an exclusion; C11, a plan that nobody knows.
    let site = r#"{ "id": "site", "scope": "tenant", "name": "Site", "apps": ["site"] }, "#;
    let text = SUITE.replace(r#"{ "id": "sums", "scope""#, &format!(r#"{site}{{ "id": "sums", "scope""#));
    let text = text.replace(r#""apps": [{"#, r#""apps": [{ "id": "site", "access": "licensed" }, {"#);
    let vendor = Vendor::of(&text);
    for (before, refused, code, app) in [
        (None, "site", "refusal.not-assignable", "site"),
        (None, "sums", "refusal.requirement-not-met", "sums"),
        (Some("frontline"), "office", "refusal.excluded", "words"),
        (None, "gone", "refusal.unknown-plan", "words"),
    ] {
        let mut tenant = vendor.contoso(PLANS.map(|plan| paid(plan, 5, days(0, 100))));
        if let Some(plan) = before {
            tenant.run(1, [assign("ada", plan)]).unwrap();
        }
        assert_eq!(tenant.run(2, [assign("ada", refused)]).unwrap_err().code(), code);
        tenant.forge(2, [assign("ada", refused)]);
        assert!(!tenant.opens("ada", app, 3), "{refused}");
    }
}
