//! Every reason why there is no fixture of a situation.

use entitle::Catalog;
use entitle::testing::fixture::{Fixture, FixtureError, Situation};
use entitle::time::EARLIEST;

use crate::codes::{Row, row};

/// A catalog with a free app and two plans of one app, one of which requires the other.
const CATALOG: &str = r#"{
  "publisher": "p", "offer": "o", "management": { "managed": "with_license" },
  "apps": [{ "id": "free", "access": "free" }, { "id": "app", "access": "licensed" }],
  "plans": [
    { "id": "base", "scope": "tenant", "name": "Base", "apps": ["app"] },
    { "id": "seat", "scope": "user", "name": "Seat", "apps": ["app"], "requires": [["base"]] }
  ]
}"#;

pub(crate) fn rows() -> Vec<Row> {
    let catalog = Catalog::from_json(CATALOG).unwrap();
    let error = |app: &str, situation| Fixture::new(&catalog, app, situation).unwrap_err();
    let paid = Fixture::new(&catalog, "app", Situation::Paid).unwrap();
    vec![
        row!("fixture.not-listed", "no plan of this catalog that lists `app` has the id `gold`", {
            paid.with_plan("gold").unwrap_err()
        }),
        row!(
            "fixture.needs-no-plan",
            "every user may open `free` whatever the licenses are (free): choose an app that needs a plan",
            error("free", Situation::Paid)
        ),
        row!(
            "fixture.impossible",
            "`app` cannot be in the situation `excluded`: this needs a user plan that lists the app and excludes another plan",
            error("app", Situation::Excluded)
        ),
        row!(
            "fixture.never-opens",
            "no purchase and assignment was found that opens `app`: compare the requirements and exclusions of its plans",
            FixtureError::NeverOpens { app: "app".parse().unwrap() }
        ),
        row!(
            "fixture.opened-by-requirement",
            "`seat` requires `base`, which lists `app` too: there is no situation of `seat` alone",
            error("app", Situation::Waiting)
        ),
        row!(
            "fixture.out-of-range",
            "the situation `paid` at 1970-01-01T00:00:00Z needs dates that are not between 1970 and 9999",
            paid.at(EARLIEST).unwrap_err()
        ),
    ]
}
