//! Laws of plans and apps: proven, broken with the smallest case, or undecided.

use entitle::Catalog;
use entitle::catalog::{AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
use entitle::testing::{LawFailure, Laws, MAX_DECIDED};

use super::{FABRIKAM, ORDERS, broken, edited};

#[test]
fn laws_that_hold_are_proven() {
    let laws = Laws::of(&Catalog::from_json(FABRIKAM).unwrap());
    for (more, less) in [("gold", "silver"), ("silver", "bronze"), ("gold", "bronze"), ("gold", "gold")] {
        assert_eq!(laws.unlocks_all_of(more, less), Ok(()));
    }
    assert_eq!(laws.opens_only_with("f365/audit", "gold"), Ok(()));
    assert_eq!(laws.every_app_can_be_opened(), Ok(()));
    let orders = Laws::of(&Catalog::from_json(ORDERS).unwrap());
    assert_eq!(orders.every_app_can_be_opened(), Ok(()));
}

#[test]
fn a_law_that_is_broken_comes_with_its_smallest_case() {
    let laws = Laws::of(&edited(
        FABRIKAM,
        r#"["f365/orders", "f365/forecasts", "f365/audit"]"#,
        r#"["f365/orders", "f365/audit"]"#,
    ));
    let message = "\
`gold` unlocks all of `silver`
  granted to the organisation: `gold`
  assigned to the user: `gold`
  check `f365/forecasts`: shut: `silver`, no license grants it";
    assert_eq!(broken(laws.unlocks_all_of("gold", "silver")), message);
    let message = "\
`f365/orders` opens only with `gold`
  granted to the organisation: `bronze`
  assigned to the user: `bronze`
  check `f365/orders`: open by `bronze`";
    assert_eq!(broken(laws.opens_only_with("f365/orders", "gold")), message);
    let message = "\
never `gold` and `bronze` together
  granted to the organisation: `bronze` `gold`
  assigned to the user: `bronze` `gold`
  check `f365/orders`: open by `bronze`
  check `f365/audit`: open by `gold`
  check `f365/orders`: open by `bronze`";
    assert_eq!(broken(laws.never_together("gold", "bronze")), message);
    let message = "\
`f365/basic` opens only with `gold`
  granted to the organisation: nothing
  assigned to the user: nothing
  check `f365/basic`: open to everyone";
    assert_eq!(broken(laws.opens_only_with("f365/basic", "gold")), message);
}

#[test]
fn a_law_names_what_the_catalog_has() {
    let laws = Laws::of(&Catalog::from_json(FABRIKAM).unwrap());
    let text = |proof: Result<(), LawFailure>| proof.unwrap_err().to_string();
    assert_eq!(text(laws.unlocks_all_of("golden", "silver")), "no plan of this catalog has the id `golden`");
    assert_eq!(text(laws.never_together("gold", "")), "no plan of this catalog has the id ``");
    assert_eq!(text(laws.opens_only_with("f365/adit", "gold")), "no app of this catalog has the id `f365/adit`");
}

#[test]
fn plans_that_exclude_each_other_are_never_together() {
    let laws =
        Laws::of(&edited(FABRIKAM, r#""name": "F365 Silver","#, r#""name": "F365 Silver", "excludes": ["gold"],"#));
    assert_eq!(laws.never_together("gold", "silver"), Ok(()));
    assert_eq!(laws.never_together("silver", "gold"), Ok(()));
    assert_eq!(laws.never_together("silver", "bronze").unwrap_err().code(), "law.broken");
}

fn chain(plans: usize) -> Catalog {
    let mut offer =
        Offer::new("p".parse().unwrap(), "o".parse().unwrap(), Management::Managed(InstallPolicy::WithLicense));
    offer.apps.push(AppEntry::licensed("a".parse().unwrap()));
    for number in 0..plans {
        let mut plan = Plan::new(format!("p{number}").parse().unwrap(), Scope::User, "P".parse().unwrap());
        if number > 0 {
            plan.requires.push(vec![format!("p{}", number - 1).parse().unwrap()]);
        }
        if number + 1 == plans {
            plan.apps.push("a".parse().unwrap());
        }
        offer.plans.push(plan);
    }
    Catalog::new(offer).unwrap()
}

#[test]
fn a_law_that_too_many_plans_bear_on_is_undecided() {
    let last = |plans: usize| format!("p{}", plans - 1);
    let laws = Laws::of(&chain(MAX_DECIDED));
    assert_eq!(laws.opens_only_with("a", "p0"), Ok(()));
    let plans = MAX_DECIDED + 1;
    let laws = Laws::of(&chain(plans));
    let undecided = laws.opens_only_with("a", "p0").unwrap_err();
    assert_eq!(
        undecided.to_string(),
        "`a` can be opened is undecided: it depends on 17 plans, and all cases are tried for at most 16"
    );
    assert_eq!(laws.every_app_can_be_opened().unwrap_err().code(), "law.undecided");
    assert_eq!(laws.never_together("p0", &last(plans)).unwrap_err().code(), "law.undecided");
    assert_eq!(laws.unlocks_all_of("p3", "p2"), Ok(()), "only what the law is about bears on it");
}
