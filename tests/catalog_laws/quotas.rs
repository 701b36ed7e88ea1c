//! Laws of quotas: proven, or broken with the smallest case.

use entitle::Catalog;
use entitle::testing::{LawFailure, Laws};

use super::{STUDIO, broken, edited};

#[test]
fn q1_laws_of_quotas_that_hold_are_proven() {
    let laws = Laws::of(&Catalog::from_json(STUDIO).unwrap());
    assert_eq!(laws.gives_at_least("projects", "max", "pro"), Ok(()));
    assert_eq!(laws.gives_at_least("projects", "pro", "pro"), Ok(()));
    assert_eq!(laws.gives_at_least("storage", "pro", "site"), Ok(()), "it requires the site");
    assert_eq!(laws.gives_at_least("storage", "pro", "pool"), Ok(()), "10 a unit and 100 are never less than 7 a unit");
    assert_eq!(laws.never_more_than("projects", 80), Ok(()));
}

#[test]
fn q1_a_law_of_quotas_that_is_broken_comes_with_its_smallest_case() {
    let laws = Laws::of(&Catalog::from_json(STUDIO).unwrap());
    let message = "\
`pro` gives at least as much of `projects` as `max`
  granted to the organisation: `site` (1) `pro` (1)
  assigned to the user: `pro`
  quota `projects`: 50";
    assert_eq!(broken(laws.gives_at_least("projects", "pro", "max")), message);
    let message = "\
`max` gives at least as much of `storage` as `pro`
  granted to the organisation: `max` (32)
  assigned to the user: nothing
  quota `storage`: 200";
    assert_eq!(
        broken(laws.gives_at_least("storage", "max", "pro")),
        message,
        "the first power of two units that is too many"
    );
    let message = "\
never more than 79 of `projects`
  granted to the organisation: `max`
  assigned to the user: `max`
  quota `projects`: 80";
    assert_eq!(broken(laws.never_more_than("projects", 79)), message);
    let message = "\
never more than 2 of `projects`
  granted to the organisation: nothing
  assigned to the user: nothing
  quota `projects`: 3";
    assert_eq!(broken(laws.never_more_than("projects", 2)), message, "3 are free");
    let message = "\
never more than 300 of `storage`
  granted to the organisation: `pool`
  assigned to the user: nothing
  quota `storage`: unlimited";
    assert_eq!(broken(laws.never_more_than("storage", 300)), message, "units can be unlimited");
}

#[test]
fn q1_unlimited_units_give_more_than_any_amount_that_is_given_once() {
    let once = r#""amount": { "limited": 5000000000 }"#;
    let catalog = edited(
        STUDIO,
        r#"{ "quota": "storage", "amount": { "limited": 200 } }"#,
        &format!(r#"{{ "quota": "storage", {once} }}"#),
    );
    let message = "\
`max` gives at least as much of `storage` as `pool`
  granted to the organisation: `max` (1073741824)
  assigned to the user: nothing
  quota `storage`: 5000000000";
    assert_eq!(broken(Laws::of(&catalog).gives_at_least("storage", "max", "pool")), message);
    let each =
        edited(STUDIO, r#""amount": { "limited": 7 }, "per": "unit""#, r#""amount": { "limited": 1 }, "per": "unit""#);
    let each = edited(
        &serde_json::to_string(each.offer()).unwrap(),
        r#""quota":"storage","amount":{"limited":200}"#,
        r#""quota":"storage","amount":{"limited":5000000000}"#,
    );
    let message = "\
`max` gives at least as much of `storage` as `pool`
  granted to the organisation: `max`
  assigned to the user: nothing
  quota `storage`: 5000000000";
    assert_eq!(
        broken(Laws::of(&each).gives_at_least("storage", "max", "pool")),
        message,
        "only unlimited units are too many"
    );
}

#[test]
fn q1_a_law_of_quotas_names_what_the_catalog_has_and_says_something() {
    let laws = Laws::of(&Catalog::from_json(STUDIO).unwrap());
    let text = |proof: Result<(), LawFailure>| proof.unwrap_err().to_string();
    assert_eq!(text(laws.never_more_than("project", 9)), "no quota of this catalog has the id `project`");
    assert_eq!(text(laws.gives_at_least("projects", "silver", "pro")), "no plan of this catalog has the id `silver`");
    assert_eq!(
        text(laws.gives_at_least("projects", "max", "site")),
        "`max` gives at least as much of `projects` as `site` holds only because `site` gives nothing of `projects`"
    );
}
