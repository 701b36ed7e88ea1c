//! Catalogs whose proof is more work than their text says.

use core::fmt::Write;
use entitle::Catalog;

use crate::growth::{Taken, growth, take};

const HEAD: &str = r#"{"publisher":"p","offer":"o","management":{"managed":"with_license"},"apps":["#;

/// Reads a catalog with one app, and plans, each of which has the given fields beside its id.
fn plans(count: usize, beside: impl Fn(usize) -> String) -> Taken {
    let mut text = format!(r#"{HEAD}{{"id":"a","access":"licensed"}}],"plans":["#);
    for plan in 0..count {
        let comma = if plan == 0 { "" } else { "," };
        let beside = beside(plan);
        write!(text, r#"{comma}{{"id":"p{plan}","scope":"user","name":"P","apps":["a"]{beside}}}"#).unwrap();
    }
    text.push_str("]}");
    take(text.len(), || Catalog::from_json(&text).map(|catalog| catalog.warnings().len()))
}

/// Plans above a chain of so many, of which each requires the one before.
fn above(count: usize, chain: usize) -> Taken {
    plans(count, |plan| match plan.min(chain).checked_sub(1) {
        None => String::new(),
        Some(before) => format!(r#","requires":[["p{before}"]]"#),
    })
}

/// The same, where each plan of the chain has many needs, each of all plans before it.
fn above_wide(count: usize, chain: usize) -> Taken {
    plans(count, |plan| match plan.min(chain) {
        0 => String::new(),
        top if plan >= chain => format!(r#","requires":[["p{}"]]"#, top - 1),
        top => {
            let all: Vec<String> = (0..top).map(|before| format!(r#""p{before}""#)).collect();
            let need = format!("[{}]", all.join(","));
            format!(r#","requires":[{}]"#, vec![need; 32].join(","))
        }
    })
}

/// The same, where the plans of the chain exclude plans that nobody requires.
fn above_excluding(count: usize, chain: usize) -> Taken {
    plans(count, |plan| match plan.min(chain).checked_sub(1) {
        None => String::new(),
        // The last is required by those that the others exclude.
        Some(before) if plan + 1 < chain => {
            format!(r#","requires":[["p{before}"]],"excludes":["p{}"]"#, chain + 1 + plan)
        }
        Some(before) => format!(r#","requires":[["p{before}"]]"#),
    })
}

/// So many apps, each listed by the last of as many plans.
fn apps_of_the_last(count: usize) -> Taken {
    let mut text = HEAD.to_string();
    for app in 0..count {
        let comma = if app == 0 { "" } else { "," };
        write!(text, r#"{comma}{{"id":"a{app}","access":"licensed"}}"#).unwrap();
    }
    text.push_str(r#"],"plans":["#);
    for plan in 1..count {
        write!(text, r#"{{"id":"p{plan}","scope":"user","name":"P","apps":["a0"]}},"#).unwrap();
    }
    let all: Vec<String> = (0..count).map(|app| format!(r#""a{app}""#)).collect();
    write!(text, r#"{{"id":"p","scope":"user","name":"P","apps":[{}]}}]}}"#, all.join(",")).unwrap();
    take(text.len(), || Catalog::from_json(&text).unwrap())
}

pub fn run() {
    growth("honest: a catalog of plans, each third on the one before", [5_000, 20_000], |count| {
        plans(count, |plan| match plan % 3 {
            1 => format!(r#","requires":[["p{}"]]"#, plan - 1),
            _ => String::new(),
        })
    });
    growth("a catalog of plans above a chain of 64", [2_000, 8_000], |count| above(count, 64));
    growth("a catalog of plans above a chain of 64 with exclusions", [2_000, 8_000], |count| {
        above_excluding(count, 64)
    });
    growth("a catalog of plans above a chain of 64, 32 needs each", [100, 1_000], |count| above_wide(count, 64));
    growth("a catalog of apps, all of the last of as many plans", [5_000, 20_000], apps_of_the_last);
    growth("a catalog of plans with faults", [5_000, 20_000], |count| {
        plans(count, |_| r#","requires":[["x"],["x"],["x"],["x"]],"excludes":["x","x","x"]"#.to_string())
    });
}
