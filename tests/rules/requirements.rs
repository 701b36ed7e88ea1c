//! C4, C11, S7: plans that require others, and plans that a catalog does not know.

use entitle::catalog::CatalogError;
use entitle::command::{RefusalReason, RefusedPart};
use entitle::explain::DenialReason;
use entitle::quantity::Total;
use entitle::time::Days;
use entitle::{Catalog, Command, Deal, LicenseId, Tenant, Term};

use crate::support::{
    Scenario, Vendor, assign, assign_group, day, days, join, leave, paid, unassign, unassign_group, user,
};

/// A bot needs the organisation's license, an author's seat, and a seat of one of two plans of somebody else.
const BOTS: &str = r#"{ "publisher": "p", "offer": "bots", "management": { "managed": "with_license" },
    "apps": [{ "id": "author", "access": "licensed" }, { "id": "chat", "access": "licensed" }],
    "plans": [
      { "id": "author", "scope": "user", "name": "Author", "apps": ["author"],
        "requires": [["base"], ["flows-1", "flows-2"]] },
      { "id": "flows-1", "scope": "user", "name": "Flows 1" },
      { "id": "flows-2", "scope": "user", "name": "Flows 2", "requires": [["base"]] },
      { "id": "base", "scope": "tenant", "name": "Base", "apps": ["chat"] } ] }"#;

fn bots(plans: &[&str]) -> Tenant {
    Vendor::of(BOTS).contoso(plans.iter().map(|plan| paid(plan, 5, days(0, 100))))
}

#[test]
fn c4_all_needs_each_by_any_of_its_plans_in_every_combination() {
    let all = ["base", "author", "flows-1", "flows-2"];
    for mask in 0..16_u32 {
        let has = |bit: usize| mask & (1 << bit) != 0;
        let owned: Vec<_> = all.iter().enumerate().filter(|&(bit, _)| has(bit)).map(|(_, &plan)| plan).collect();
        let mut tenant = bots(&owned);
        // Forged, so that what the commands would refuse is there.
        tenant.forge(0, ["author", "flows-1", "flows-2"].map(|plan| assign("ada", plan)));
        let open = has(0) && has(1) && (has(2) || has(3));
        assert_eq!(tenant.opens("ada", "author", 1), open, "{owned:?}");
        assert_eq!(tenant.opens("ada", "chat", 1), has(0));
        assert!(!tenant.opens("bo", "author", 1), "for that same user");
    }
}

#[test]
fn c4_the_first_need_that_is_not_met_is_named() {
    let mut tenant = bots(&["author", "flows-1"]);
    tenant.forge(0, [assign("ada", "author")]);
    let not_met = |any_of: &[&str]| DenialReason::RequirementNotMet {
        any_of: any_of.iter().map(|plan| plan.parse().unwrap()).collect(),
    };
    assert_eq!(tenant.reasons("ada", "author", 1), [not_met(&["base"])]);
    let mut tenant = bots(&["author", "base"]);
    tenant.forge(0, [assign("ada", "author")]);
    assert_eq!(tenant.reasons("ada", "author", 1), [not_met(&["flows-1", "flows-2"])]);
    assert_eq!(
        not_met(&["flows-1", "flows-2"]).to_string(),
        "it requires `flows-1` or `flows-2`, which is not in effect"
    );
}

#[test]
fn c4_a_requirement_lapses_and_heals_with_time() {
    let vendor = Vendor::of(BOTS);
    let mut tenant = vendor.contoso([
        paid("author", 5, days(0, 300)),
        paid("flows-1", 5, days(0, 300)),
        paid("base", 1, days(0, 20)),
        paid("base", 1, days(90, 300)),
    ]);
    tenant.run(0, [assign("ada", "author"), assign("ada", "flows-1")]).unwrap();
    let open: Vec<_> = (0..120).filter(|&on| tenant.opens("ada", "author", on)).collect();
    assert_eq!(open, (0..50).chain(90..120).collect::<Vec<_>>(), "20 days, 30 of grace, and again from day 90");
    let until = |on| tenant.see("ada", "author", day(on), |decision| decision.until().instant());
    assert_eq!([until(0), until(20), until(50)], [Some(day(20)), Some(day(50)), Some(day(90))]);
}

#[test]
fn s6_a_license_counts_for_the_commands_beside_it() {
    let vendor = Vendor::of(BOTS);
    let with_base = |deal: Deal, base: Term| {
        let deal = deal.with(paid("author", 5, days(0, 400))).with(paid("flows-1", 5, days(0, 400)));
        deal.with(paid("base", 1, base))
    };
    let deal = with_base(vendor.deal_for("contoso"), days(0, 1));
    let longer = with_base(deal.revise(day(150)).unwrap(), days(0, 400));
    let over_again = with_base(longer.revise(day(150)).unwrap(), days(0, 1));
    let install = |deal: &Deal| Command::Install(vendor.seal(deal));
    let mut tenant = vendor.tenant("contoso");
    tenant.run(0, [install(&deal)]).unwrap();
    tenant.run(150, [assign("ada", "flows-1"), assign("bo", "flows-1")]).unwrap();
    assert!(
        matches!(tenant.run(150, [assign("ada", "author")]), Err(refusal) if refusal.part == RefusedPart::OnlyCommand)
    );
    // What the new license gives is there, and what it takes away is gone, in the state that the list leads to.
    tenant.run(150, [install(&longer), assign("ada", "author")]).unwrap();
    assert!(tenant.opens("ada", "author", 150));
    let refusal = tenant.run(150, [install(&over_again), assign("bo", "author")]).unwrap_err();
    assert_eq!((refusal.part, refusal.reason.code()), (RefusedPart::Command(1), "refusal.requirement-not-met"));
    assert!(tenant.opens("ada", "author", 150));
}

#[test]
fn k5_a_boundary_of_a_plan_required_through_another_counts() {
    let vendor = Vendor::of(
        r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
             "apps": [{ "id": "app", "access": "licensed" }],
             "plans": [
               { "id": "top", "scope": "user", "name": "T", "apps": ["app"], "requires": [["middle"]] },
               { "id": "middle", "scope": "user", "name": "M", "requires": [["ground"]] },
               { "id": "ground", "scope": "tenant", "name": "G" } ] }"#,
    );
    let mut tenant = vendor.contoso([
        paid("top", 1, days(0, 300)),
        paid("middle", 1, days(0, 200)),
        paid("ground", 1, days(7, 100)),
    ]);
    tenant.forge(0, [assign("ada", "top"), assign("ada", "middle")]);
    let until =
        |on| tenant.see("ada", "app", day(on), |decision| (decision.is_allowed(), decision.until().instant().unwrap()));
    assert_eq!(until(0), (false, day(7)));
    assert_eq!(until(7), (true, day(100)));
    assert_eq!(until(130), (false, day(200)));
}

#[test]
fn c4_requirements_that_cannot_be_met_are_faults() {
    let faults = |plans: &str| match Catalog::from_json(&format!(
        r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }}, "apps": [], "plans": [{plans}] }}"#
    )) {
        Err(CatalogError::Unsound(faults)) => {
            faults.iter().map(|fault| format!("{} {}", fault.place, fault.what.code())).collect::<Vec<_>>()
        }
        Ok(_) => Vec::new(),
        Err(other) => panic!("{other}"),
    };
    let plan = |id: &str, scope: &str, requires: &str| {
        format!(r#"{{ "id": "{id}", "scope": "{scope}", "name": "N", "requires": {requires} }}"#)
    };
    let three = |requires: [&str; 3]| {
        let [t, u, c] = requires;
        [plan("t", "tenant", t), plan("u", "user", u), plan("c", "capacity", c)].join(",")
    };
    assert_eq!(faults(&three(["[]", r#"[["t"]]"#, "[]"])), Vec::<String>::new());
    assert_eq!(faults(&three([r#"[["u"]]"#, "[]", "[]"])), ["plans[0].requires[0][0] catalog.cannot-require"]);
    assert_eq!(faults(&three([r#"[["c"]]"#, "[]", "[]"])), ["plans[0].requires[0][0] catalog.cannot-require"]);
    assert_eq!(
        faults(&three(["[]", r#"[["t"], ["t", "c"]]"#, "[]"])),
        ["plans[1].requires[1][1] catalog.cannot-require"]
    );
    assert_eq!(faults(&three(["[]", "[]", r#"[["t"]]"#])), ["plans[2].requires[0][0] catalog.cannot-require"]);
    assert_eq!(
        faults(&three(["[]", r#"[[], ["x"]]"#, "[]"])),
        ["plans[1].requires[0] catalog.none-named", "plans[1].requires[1][0] catalog.no-such-plan"]
    );
    assert_eq!(faults(&plan("a", "user", r#"[["a"]]"#)), ["plans[0].requires catalog.requires-itself"]);
    let ring = ["a", "b", "c"].iter().zip(["b", "c", "a"]);
    let ring: Vec<_> = ring.map(|(id, next)| plan(id, "user", &format!(r#"[["{next}"]]"#))).collect();
    let behind = plan("d", "user", r#"[["a"]]"#);
    assert_eq!(
        faults(&format!("{}, {behind}", ring.join(","))),
        [
            "plans[0].requires catalog.requires-itself",
            "plans[1].requires catalog.requires-itself",
            "plans[2].requires catalog.requires-itself"
        ]
    );
    let stairs = |n: usize| {
        let stair =
            |i: usize| plan(&i.to_string(), "user", &if i == 0 { "[]".into() } else { format!(r#"[["{}"]]"#, i - 1) });
        (0..n).map(stair).collect::<Vec<_>>().join(",")
    };
    assert_eq!(faults(&stairs(65)), Vec::<String>::new());
    assert_eq!(faults(&stairs(66)), ["plans[65].requires catalog.requires-too-many"]);
}

/// A chain of 64 plans, and so many above it: each follows 64 requirements, and the chain 2,016.
fn above_a_chain(count: usize) -> Vec<String> {
    let plan = |number: usize| {
        let requires = match number.min(64).checked_sub(1) {
            None => String::new(),
            Some(before) => format!(r#", "requires": [["{before}"]]"#),
        };
        format!(r#"{{ "id": "{number}", "scope": "user", "name": "N", "apps": ["a"]{requires} }}"#)
    };
    let text = format!(
        r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
              "apps": [{{ "id": "a", "access": "licensed" }}], "plans": [{}] }}"#,
        (0..64 + count).map(plan).collect::<Vec<_>>().join(",")
    );
    match Catalog::from_json(&text) {
        Err(CatalogError::Unsound(faults)) => {
            faults.iter().map(|it| format!("{} {}", it.place, it.what.code())).collect()
        }
        other => other.map(|_| Vec::new()).unwrap(),
    }
}

#[test]
fn x8_the_requirements_of_a_catalog_are_followed_up_to_a_limit() {
    // 2,016 + 64 * 4,064 is the last below 4,096 * 64.
    assert_eq!(above_a_chain(4_064), Vec::<String>::new());
    assert_eq!(above_a_chain(4_065), ["plans[4128].requires catalog.too-many-requirements"]);
    assert_eq!(above_a_chain(4_070), ["plans[4128].requires catalog.too-many-requirements"], "once");
}

#[test]
fn c4_the_longest_chain_there_may_be_holds() {
    let stair = |i: usize| {
        let requires = if i == 0 { String::new() } else { format!(r#", "requires": [["{}"]]"#, i - 1) };
        let apps = if i == 64 { r#", "apps": ["top"]"# } else { "" };
        format!(r#"{{ "id": "{i}", "scope": "tenant", "name": "N"{apps}{requires} }}"#)
    };
    let vendor = Vendor::of(&format!(
        r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
              "apps": [{{ "id": "top", "access": "licensed" }}], "plans": [{}] }}"#,
        (0..65).map(stair).collect::<Vec<_>>().join(",")
    ));
    let without = |gap: usize| {
        let plans = (0..65).filter(|&i| i != gap);
        vendor.contoso(plans.map(|i| paid(&i.to_string(), 1, days(0, 100)))).opens("ada", "top", 1)
    };
    assert!(without(65));
    assert!((0..65).all(|gap| !without(gap)), "each step is needed");
}

#[test]
fn s7_an_assignment_needs_what_its_plan_requires() {
    let mut tenant = bots(&["base", "author", "flows-1", "flows-2"]);
    let refused = tenant.run(0, [assign("ada", "author")]).unwrap_err();
    let any_of = vec!["flows-1".parse().unwrap(), "flows-2".parse().unwrap()];
    assert_eq!(
        refused.reason,
        RefusalReason::RequirementNotMet { user: user("ada"), plan: "author".parse().unwrap(), any_of }
    );
    tenant.run(0, [assign("ada", "author"), assign("ada", "flows-2")]).expect("judged after the last");
    let without_base = bots(&["author", "flows-1"]).run(0, [assign("ada", "flows-1"), assign("ada", "author")]);
    assert_eq!(without_base.unwrap_err().code(), "refusal.requirement-not-met");
}

#[test]
fn s7_a_removal_must_not_put_another_plan_out_of_effect() {
    let mut tenant = bots(&["base", "author", "flows-1", "flows-2"]);
    tenant.run(0, [assign("ada", "author"), assign("ada", "flows-1"), assign("ada", "flows-2")]).unwrap();
    tenant.run(0, [unassign("ada", "flows-1")]).expect("flows-2 is enough");
    let refused = tenant.run(0, [unassign("ada", "flows-2")]).unwrap_err();
    let [plan, by] = ["flows-2", "author"].map(|plan| plan.parse().unwrap());
    assert_eq!(refused.reason, RefusalReason::StillRequired { user: user("ada"), plan, by });
    tenant.run(0, [unassign("ada", "flows-2"), assign("ada", "flows-1")]).expect("a swap");
    tenant.run(0, [unassign("ada", "flows-1"), unassign("ada", "author")]).expect("both");
    assert_eq!(tenant.user_count(), 0);
}

#[test]
fn s7_groups_users_and_time_are_never_held_up() {
    let mut tenant = bots(&["base", "author", "flows-1"]);
    tenant.run(0, [assign_group("makers", "flows-1"), join("ada", "makers"), assign("ada", "author")]).unwrap();
    assert!(tenant.opens("ada", "author", 1));
    let mut left = tenant.clone();
    left.run(1, [leave("ada", "makers")]).unwrap();
    let mut taken = tenant.clone();
    taken.run(1, [unassign_group("makers", "flows-1")]).unwrap();
    for tenant in [&left, &taken] {
        assert_eq!(tenant.reasons("ada", "author", 1)[0].code(), "reason.requirement-not-met");
        assert_eq!(tenant.pool(&"author".parse().unwrap(), day(1)).seated, 1, "the claim stays, with its seat");
    }
    left.run(1, [join("ada", "makers")]).unwrap();
    assert!(left.opens("ada", "author", 1), "and heals");
    tenant.run(1, [Command::RemoveUser(user("ada"))]).unwrap();
}

#[test]
fn s7_a_removal_answers_for_what_it_takes_only() {
    let mut tenant = bots(&["base", "author", "flows-1", "flows-2"]);
    tenant.run(0, ["flows-1", "flows-2"].map(|plan| assign_group("makers", plan))).unwrap();
    tenant.run(0, [join("ada", "makers"), assign("ada", "flows-1"), assign("ada", "author")]).unwrap();
    // Her flows-1 stays through the group; it is the group's commands that put the author's plan out of effect.
    let both = [unassign("ada", "flows-1"), unassign_group("makers", "flows-1"), unassign_group("makers", "flows-2")];
    assert_eq!(
        tenant.clone().run(0, both).unwrap_err().code(),
        "refusal.still-required",
        "with the group's it is lost"
    );
    tenant.run(0, [unassign("ada", "flows-1"), unassign_group("makers", "flows-2")]).expect("flows-1 stays");
    assert!(tenant.opens("ada", "author", 1));
}

#[test]
fn s7_a_plan_that_is_out_of_effect_already_holds_nothing_up() {
    let mut tenant = bots(&["author", "flows-1"]);
    tenant.forge(0, [assign("ada", "author"), assign("ada", "flows-1")]);
    tenant.run(0, [unassign("ada", "flows-1")]).expect("without base the author's plan is out of effect anyway");
}

/// Nor does a removal of what was not in effect: what another command beside it puts out of effect is not its doing.
#[test]
fn s7_a_removal_of_what_was_out_of_effect_is_not_held_up_by_what_is_beside_it() {
    let mut tenant = Vendor::of(BOTS).contoso([
        paid("base", 5, days(0, 100)),
        paid("author", 5, days(0, 100)),
        paid("flows-1", 5, days(0, 1)).with_grace(Days::NONE),
        paid("flows-2", 5, days(0, 100)),
    ]);
    tenant.run(0, [assign_group("makers", "flows-2"), join("ada", "makers")]).unwrap();
    tenant.run(0, [assign("ada", "flows-1"), assign("ada", "author")]).unwrap();
    assert!(tenant.opens("ada", "author", 2));
    tenant.run(2, [unassign("ada", "flows-1"), leave("ada", "makers")]).unwrap();
    assert!(!tenant.opens("ada", "author", 2));
}

/// A document dated tomorrow brings the time with it: what ends by then is ended by time, not by the removal.
#[test]
fn s7_a_removal_answers_for_what_is_in_effect_at_the_time_that_its_list_leads_to() {
    let vendor = Vendor::of(BOTS);
    let author = |starts, ends| {
        let author = paid("author", 5, days(starts, ends)).with_grace(Days::NONE);
        let mut tenant = vendor.contoso([paid("base", 5, days(0, 100)), paid("flows-1", 5, days(0, 100)), author]);
        tenant.forge(0, [assign("ada", "flows-1"), assign("ada", "author")]);
        let mut tomorrow = vendor.deal_for("contoso");
        (tomorrow.id, tomorrow.issued) = (LicenseId::from_random([2; 16]), day(1));
        let remove = tenant.run(0, [unassign("ada", "flows-1")]).map_err(|refusal| refusal.code()).err();
        let mut tenant = tenant.clone();
        if remove.is_none() {
            tenant.run(0, [assign("ada", "flows-1")]).unwrap();
        }
        let list = [Command::Install(vendor.seal(&tomorrow)), unassign("ada", "flows-1")];
        [remove, tenant.run(0, list).map_err(|refusal| refusal.code()).err()]
    };
    let held_up = Some("refusal.still-required");
    assert_eq!(author(0, 100), [held_up, held_up]);
    assert_eq!(author(0, 1), [held_up, None]);
    assert_eq!(author(1, 100), [None, held_up]);
}

/// Of several plans that a removal would put out of effect, the first in the catalog is named, whichever was assigned first.
#[test]
fn s7_a_refusal_names_the_first_plan_of_the_catalog_that_requires_what_is_removed() {
    let catalog = r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
        "apps": [{ "id": "app", "access": "licensed" }],
        "plans": [
          { "id": "first", "scope": "user", "name": "First", "apps": ["app"], "requires": [["base"]] },
          { "id": "second", "scope": "user", "name": "Second", "apps": ["app"], "requires": [["base"]] },
          { "id": "base", "scope": "user", "name": "Base" } ] }"#;
    for plans in [["base", "first", "second"], ["base", "second", "first"]] {
        let mut tenant = Vendor::of(catalog).contoso(plans.map(|plan| paid(plan, 5, days(0, 100))));
        for plan in plans {
            tenant.run(0, [assign("ada", plan)]).unwrap();
        }
        let refused = tenant.run(0, [unassign("ada", "base")]).unwrap_err();
        let [plan, by] = ["base", "first"].map(|plan| plan.parse().unwrap());
        assert_eq!(refused.reason, RefusalReason::StillRequired { user: user("ada"), plan, by }, "{plans:?}");
    }
}

#[test]
fn c11_a_plan_the_catalog_does_not_know_is_kept_and_opens_nothing() {
    let vendor = Vendor::fabrikam();
    let known = include_str!("../../examples/fabrikam.json");
    let renamed = Catalog::from_json(&known.replace(r#""id": "bronze""#, r#""id": "tin""#)).unwrap();
    let mut tenant = vendor.contoso([paid("bronze", 1, days(0, 100))]);
    tenant.run(0, [assign("a", "bronze")]).unwrap();
    tenant.forge(0, [assign("b", "bronze")]);

    let mut dropped = tenant.rebase(&renamed, &vendor.ring());
    assert!(!dropped.opens("a", "f365/orders", 1));
    assert_eq!(dropped.pool(&"bronze".parse().unwrap(), day(1)).usable, Total::Limited(1), "kept and listed");
    let refused = dropped.run(1, [assign("c", "bronze")]).unwrap_err();
    assert_eq!(refused.reason, RefusalReason::UnknownPlan { plan: "bronze".parse().unwrap() });
    dropped.run(1, [unassign("a", "bronze")]).expect("can be removed");

    let back = dropped.rebase(&vendor.catalog, &vendor.ring());
    assert!(back.opens("b", "f365/orders", 1), "and counts again in its place");
    assert!(tenant.rebase(&vendor.catalog, &vendor.ring()).opens("a", "f365/orders", 1));

    // A license may name a plan that no catalog has yet.
    let early = vendor.contoso([paid("platinum", 3, days(0, 100)), paid("bronze", 1, days(0, 100))]);
    assert_eq!(early.pool(&"platinum".parse().unwrap(), day(1)).usable, Total::Limited(3));
}

/// A group's member who leaves puts a plan out of effect; a direct removal of another plan in the same list is not to blame.
#[test]
fn s7_a_removal_does_not_answer_for_what_does_not_require_it() {
    let catalog = r#"{ "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
        "apps": [{ "id": "app", "access": "licensed" }],
        "plans": [
          { "id": "needy", "scope": "user", "name": "Needy", "apps": ["app"], "requires": [["base"]] },
          { "id": "base", "scope": "user", "name": "Base" },
          { "id": "other", "scope": "user", "name": "Other", "apps": ["app"] } ] }"#;
    let mut tenant = Vendor::of(catalog).contoso(["needy", "base", "other"].map(|plan| paid(plan, 5, days(0, 100))));
    tenant.run(0, [assign_group("staff", "base"), join("ada", "staff")]).unwrap();
    tenant.run(0, [assign("ada", "needy"), assign("ada", "other")]).unwrap();
    assert!(tenant.opens("ada", "app", 1));
    tenant.run(1, [unassign("ada", "other"), leave("ada", "staff")]).unwrap();
    assert!(!tenant.opens("ada", "app", 1));
}
