//! The manual and the tests agree: every rule has a test, and every test that names a rule names one that exists.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// The ids that the manual's list items begin with.
fn rules() -> BTreeSet<String> {
    let manual = include_str!("../src/manual/rules.md");
    let items = manual.lines().filter_map(|line| line.strip_prefix("- **"));
    items.filter_map(|item| item.split_once("**")).map(|(id, _)| id.to_string()).collect()
}

/// The rule that a test's name begins with: `s3_one_seat` names S3.
fn named_rule(test: &str) -> Option<String> {
    let (id, _) = test.split_once('_')?;
    let (letter, number) = id.split_at_checked(1)?;
    let is_rule = letter.chars().all(|c| c.is_ascii_lowercase()) && number.parse::<u32>().is_ok();
    is_rule.then(|| id.to_uppercase())
}

/// Every function below a `#[test]`, with the file it stands in.
fn tests_in(folder: &Path, found: &mut BTreeMap<String, String>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            tests_in(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = fs::read_to_string(&path).unwrap();
            let mut is_test = false;
            for line in text.lines().map(str::trim) {
                if line == "#[test]" {
                    is_test = true;
                } else if let Some(name) = line.strip_prefix("fn ").and_then(|rest| rest.split_once('(')) {
                    if is_test {
                        found.insert(name.0.to_string(), path.display().to_string());
                    }
                    is_test = false;
                }
            }
        }
    }
}

/// All tests of the repository.
fn tests() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut tests = BTreeMap::new();
    tests_in(&root.join("tests"), &mut tests);
    tests_in(&root.join("src"), &mut tests);
    tests
}

#[test]
fn every_test_that_the_threat_model_names_is_there() {
    let (threats, tests) = (include_str!("../src/manual/threats.md"), tests());
    let named: BTreeSet<&str> = threats.split('`').skip(1).step_by(2).collect();
    assert!(named.len() > 30, "the threat model was not read: {named:?}");
    let missing: Vec<_> = named.into_iter().filter(|name| !tests.contains_key(*name)).collect();
    assert!(missing.is_empty(), "no such tests: {missing:?}");
}

#[test]
fn every_rule_has_a_test_and_every_test_a_rule() {
    let mut tests: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (name, file) in self::tests() {
        if let Some(rule) = named_rule(&name) {
            tests.entry(rule).or_default().push(format!("{file}: {name}"));
        }
    }
    let rules = rules();
    assert!(rules.len() > 40, "the manual was not read: {rules:?}");
    let unproven: Vec<_> = rules.iter().filter(|rule| !tests.contains_key(*rule)).collect();
    assert!(unproven.is_empty(), "rules without a test: {unproven:?}");
    let unknown: Vec<_> = tests.iter().filter(|(rule, _)| !rules.contains(*rule)).collect();
    assert!(unknown.is_empty(), "tests that name no rule of the manual: {unknown:#?}");
}

#[test]
fn a_name_names_a_rule_only_by_its_form() {
    assert_eq!(named_rule("s10_nobody_loses_a_seat"), Some("S10".to_string()));
    assert_eq!(named_rule("a_clone_is_cheap"), None);
    assert_eq!(named_rule("s_10"), None);
}
