//! Every fault of a catalog.

use entitle::Catalog;
use entitle::catalog::FaultKind;

use crate::support::Vendor;
use crate::{Row, row};

pub(super) fn catalogs() -> Vec<Row> {
    let catalog = Vendor::fabrikam().catalog;
    let fault = |plans: &str, apps: &str| {
        let text = format!(
            r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
                  "apps": [{apps}], "plans": [{plans}] }}"#
        );
        Catalog::from_json(&text).unwrap_err()
    };
    let kind = |plans: &str, apps: &str| -> FaultKind {
        match fault(plans, apps) {
            entitle::catalog::CatalogError::Unsound(faults) => faults[0].what.clone(),
            other => panic!("{other}"),
        }
    };
    let a = r#"{ "id": "a", "access": "licensed" }"#;
    let plan = |id: &str, scope: &str, apps: &str| {
        format!(r#"{{ "id": "{id}", "scope": "{scope}", "name": "N", "apps": [{apps}] }}"#)
    };
    let x = plan("x", "user", r#""a""#);
    let needing = |requires: &str| x.replace(r#""name": "N""#, &format!(r#""name": "N", "requires": {requires}"#));
    let excluding = |excludes: &str| x.replace(r#""name": "N""#, &format!(r#""name": "N", "excludes": {excludes}"#));
    let never = {
        let z = plan("z", "user", r#""b""#).replace(r#""name": "N""#, r#""name": "N", "requires": [["x"], ["y"]]"#);
        let text = format!(
            r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "with_license" }},
                  "apps": [{a}, {{ "id": "b", "access": "licensed" }}], "plans": [{}, {}, {z}] }}"#,
            excluding(r#"["y"]"#),
            plan("y", "user", r#""a""#)
        );
        Catalog::from_json(&text).unwrap().warnings().to_vec()
    };
    let idle = |management: &str| {
        let text = format!(
            r#"{{ "publisher": "p", "offer": "o", "management": {{ "managed": "{management}" }},
                  "apps": [{a}], "plans": [{x}, {}] }}"#,
            plan("idle", "user", "")
        );
        Catalog::from_json(&text).unwrap().warnings().to_vec()
    };
    vec![
        row!("catalog.too-long", "a catalog has at most 4194304 bytes, this text has 4194305", {
            Catalog::from_json(&" ".repeat(4 * 1024 * 1024 + 1)).unwrap_err()
        }),
        row!("catalog.not-json", "not a catalog: line 1, column 0: the text ends where a value is expected", {
            Catalog::from_json("").unwrap_err()
        }),
        row!(
            "catalog.unsound",
            "the catalog has 2 faults\n  apps[0]: the app `a` is licensed, but no plan lists it\n  plans[0].apps[0]: no app \
             has the id `b`",
            fault(&plan("x", "user", r#""b""#), a)
        ),
        row!(
            "catalog.unsound",
            "the catalog has 1 fault\n  plans[0].apps[1]: no app has the id `b`",
            fault(&plan("x", "user", r#""a", "b""#), a)
        ),
        row!("catalog.duplicate-id", "the id `a` is used twice", kind(&x, &format!("{a}, {a}"))),
        row!("catalog.differs-in-case", "the id `X` differs from `x` only in letter case", {
            kind(&format!("{x}, {}", plan("X", "user", r#""a""#)), a)
        }),
        row!("catalog.no-such-app", "no app has the id `b`", kind(&plan("x", "user", r#""a", "b""#), a)),
        row!("catalog.listed-twice", "the app `a` is listed twice", kind(&plan("x", "user", r#""a", "a""#), a)),
        row!("catalog.no-plans", "license management is on, but the offer has no plan", kind("", "")),
        row!(
            "catalog.capacity-lists-apps",
            "the capacity plan `x` lists apps, but capacity plans allow no apps",
            kind(&plan("x", "capacity", r#""a""#), a)
        ),
        row!("catalog.no-such-plan", "no plan has the id `z`", kind(&needing(r#"[["z"]]"#), a)),
        row!("catalog.none-named", "the list is empty: name at least one plan", kind(&needing("[[]]"), a)),
        row!("catalog.named-twice", "the plan `z` is named twice", kind(&needing(r#"[["z", "z"]]"#), a)),
        row!("catalog.too-many-needs", "the plan `x` has 65 requirements: at most 64 are allowed", {
            let many = needing(&format!("[{}]", vec![r#"["y"]"#; 65].join(",")));
            kind(&format!("{many}, {}", plan("y", "tenant", r#""a""#)), a)
        }),
        row!("catalog.requires-itself", "the plan `x` requires itself, directly or indirectly", {
            kind(&needing(r#"[["x"]]"#), a)
        }),
        row!("catalog.requires-too-many", "the plan `x` requires more than 64 plans, directly and indirectly", {
            let others: Vec<_> = (0..65).map(|n| plan(&n.to_string(), "tenant", r#""a""#)).collect();
            let names: Vec<_> = (0..65).map(|n| format!(r#"["{n}"]"#)).collect();
            kind(&format!("{}, {}", needing(&format!("[{}]", names.join(","))), others.join(", ")), a)
        }),
        row!(
            "catalog.too-many-requirements",
            "with what the plan `x` requires, there are more than 262144 requirements to follow from plan to plan",
            {
                let many = needing(&format!("[[{}]]", vec![r#""y""#; 262_145].join(",")));
                kind(&format!("{many}, {}", plan("y", "user", r#""a""#)), a)
            }
        ),
        row!("catalog.cannot-require", "the plan `x` (user) cannot require the plan `y` (capacity)", {
            kind(&format!("{}, {}", needing(r#"[["y"]]"#), plan("y", "capacity", "")), a)
        }),
        row!("catalog.free-and-listed", "the app `a` is free, but the plan `x` lists it", {
            kind(&x, &a.replace("licensed", "free"))
        }),
        row!(
            "catalog.listed-nowhere",
            "the app `a` is licensed, but no plan lists it",
            kind(&plan("x", "user", ""), a)
        ),
        row!(
            "catalog.overage-without-capacity",
            "the plan `x` (user) has an overage, but only capacity plans are consumed",
            kind(&x.replace(r#""name": "N""#, r#""name": "N", "overage": 5"#), a)
        ),
        row!(
            "catalog.cannot-exclude",
            "the plan `x` (user) cannot exclude the plan `y` (tenant): only user plans exclude",
            { kind(&format!("{}, {}", excluding(r#"["y"]"#), plan("y", "tenant", r#""a""#)), a) }
        ),
        row!("catalog.excludes-itself", "the plan `x` excludes itself", kind(&excluding(r#"["x"]"#), a)),
        row!("catalog.excludes-its-need", "the plan `y` excludes all plans that would meet this requirement", {
            let y = plan("y", "user", "").replace(r#""name": "N""#, r#""name": "N", "requires": [["x"]]"#);
            kind(&format!("{}, {y}", excluding(r#"["y"]"#)), a)
        }),
        row!(
            "catalog.never-in-effect",
            "the plan `z` can never be in effect: plans that it requires exclude each other",
            never[0].clone()
        ),
        row!("catalog.never-opens", "no plan that can be in effect lists the app `b`", never[1].clone()),
        row!("catalog.unlocks-nothing", "the plan `idle` unlocks nothing", idle("with_license")[0].clone()),
        row!(
            "catalog.nothing-free",
            "every tenant may install without a license, but no app is free",
            idle("without_license")[1].clone()
        ),
        row!(
            "catalog.unknown-app",
            "no app of this catalog has the id `f365/typo`",
            catalog.app("f365/typo").unwrap_err()
        ),
        row!(
            "service-id.unknown-plan",
            "no plan of this catalog has the id `tin`",
            catalog.service_id(&"tin".parse().unwrap()).unwrap_err()
        ),
        row!(
            "service-id.not-of-the-form",
            "`N 1` cannot be part of a service id: at most 50 characters of a-z 0-9 - _",
            {
                let text = include_str!("../../../examples/fabrikam.json").replace(r#""id": "gold""#, r#""id": "N 1""#);
                Vendor::of(&text).catalog.service_id(&"N 1".parse().unwrap()).unwrap_err()
            }
        ),
    ]
}
