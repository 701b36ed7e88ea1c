//! Every doubt about a law of a catalog.

use entitle::Catalog;
use entitle::testing::{LawFailure, Laws};

use crate::codes::{Row, row};
use crate::support::Vendor;

pub(crate) fn rows() -> Vec<Row> {
    let laws = Laws::of(&Vendor::fabrikam().catalog);
    // A plan that requires more than is tried.
    let plans = (0..=entitle::testing::MAX_DECIDED).map(|n| {
        let requires = if n == 0 { String::new() } else { format!(r#", "requires": [["p{}"]]"#, n - 1) };
        format!(r#"{{ "id": "p{n}", "scope": "user", "name": "P", "apps": ["a"]{requires} }}"#)
    });
    let plans = plans.collect::<Vec<_>>().join(",");
    let deep = format!(
        r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
              "apps": [{{ "id": "a", "access": "licensed" }}], "plans": [{plans}] }}"#
    );
    let deep = Laws::of(&Catalog::from_json(&deep).unwrap());
    vec![
        row!("law.unknown-plan", "no plan of this catalog has the id `tin`", {
            laws.unlocks_all_of("tin", "gold").unwrap_err()
        }),
        row!(
            "law.broken",
            "`bronze` unlocks all of `silver` is broken\n  granted to the organisation: `bronze`\n  \
             assigned to the user: `bronze`\n  check `f365/forecasts`: shut: `silver`, no license grants it",
            laws.unlocks_all_of("bronze", "silver").unwrap_err()
        ),
        row!(
            "law.undecided",
            "`p16` unlocks all of `p0` is undecided: it depends on 17 plans, and all cases are tried for at most 16",
            deep.unlocks_all_of("p16", "p0").unwrap_err()
        ),
        row!("law.never-opens", "no purchase and assignment opens `a`", {
            LawFailure::NeverOpens { app: "a".to_string() }
        }),
        row!(
            "law.says-nothing",
            "`x` unlocks all of `y` holds only because `x` is never in effect, whatever is bought and assigned",
            LawFailure::SaysNothing { law: "`x` unlocks all of `y`".to_string(), plan: "x".parse().unwrap() }
        ),
        row!(
            "law.gives-nothing",
            "`x` gives at least as much of `q` as `y` holds only because `y` gives nothing of `q`",
            LawFailure::GivesNothing {
                law: "`x` gives at least as much of `q` as `y`".to_string(),
                plan: "y".parse().unwrap(),
                quota: "q".parse().unwrap()
            }
        ),
    ]
}
