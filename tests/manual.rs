//! The manual and the tests agree: every rule has a test, and every test that names a rule names one that exists.
#![allow(clippy::unwrap_used, reason = "a test may fail by panicking")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;
use std::process::Command;

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

/// All tests of the repository: of the core, and of the packages beside it.
fn tests() -> BTreeMap<String, String> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let members = fs::read_dir(root.join("crates")).unwrap().map(|member| member.unwrap().path());
    let mut tests = BTreeMap::new();
    for member in members.chain([root.to_path_buf()]) {
        for folder in ["tests", "src"].map(|name| member.join(name)).iter().filter(|folder| folder.exists()) {
            tests_in(folder, &mut tests);
        }
    }
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

/// What hosts download: code, examples and what they read, and nothing that was made for tests.
#[test]
fn the_package_holds_what_a_host_needs_and_no_key() {
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["package", "--list", "--allow-dirty", "--offline", "--quiet"]);
    let output = cargo.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    let listed = String::from_utf8(output.stdout).unwrap();
    let files: Vec<&str> = listed.lines().collect();
    for needed in
        ["src/lib.rs", "src/manual/rules.md", "examples/fabrikam.json", "README.md", "LICENSE-MIT", "Cargo.toml"]
    {
        assert!(files.contains(&needed), "{needed} is missing in {listed}");
    }
    let is_of_tests =
        |file: &&&str| file.starts_with("tests/") || file.starts_with("benches/") || file.contains("paserk");
    assert_eq!(files.iter().filter(is_of_tests).collect::<Vec<_>>(), [&""; 0]);
    // Nor does any of them hold a secret key.
    for file in files {
        let text = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(file)).unwrap_or_default();
        let keys = text.split("k4.secret.").skip(1).filter(|rest| {
            rest.bytes().take_while(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')).count() > 40
        });
        assert_eq!(keys.count(), 0, "{file}");
    }
}

#[test]
fn a_name_names_a_rule_only_by_its_form() {
    assert_eq!(named_rule("s10_nobody_loses_a_seat"), Some("S10".to_string()));
    assert_eq!(named_rule("a_clone_is_cheap"), None);
    assert_eq!(named_rule("s_10"), None);
}

/// The names in code spans of the glossary.
fn glossary() -> BTreeSet<String> {
    let glossary = include_str!("../src/manual/glossary.md");
    glossary.split('`').skip(1).step_by(2).map(str::to_string).collect()
}

/// The Rust files of a folder that are compiled into the library, with their texts.
fn sources(folder: &Path, found: &mut Vec<(String, String)>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push((path.display().to_string(), fs::read_to_string(&path).unwrap()));
        }
    }
}

#[test]
fn every_file_that_the_architecture_names_is_there() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let spans = include_str!("../src/manual/architecture.md").split('`').skip(1).step_by(2);
    let is_path = |span: &&str| {
        let is_word = |c: char| c.is_ascii_lowercase() || "_/.".contains(c);
        span.chars().all(is_word) && [Some("rs"), Some("")].contains(&span.rsplit_once(['.', '/']).map(|(_, end)| end))
    };
    let named: BTreeSet<&str> = spans.filter(is_path).collect();
    assert!(named.len() > 30, "the chapter was not read: {named:?}");
    let is_missing = |path: &&&str| !root.join("src").join(path).exists() && !root.join(path).exists();
    assert_eq!(named.iter().filter(is_missing).collect::<Vec<_>>(), [&""; 0]);
}

#[test]
fn every_public_type_is_in_the_glossary() {
    let mut files = Vec::new();
    sources(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let glossary = glossary();
    let mut types = 0_usize;
    let mut missing = Vec::new();
    for (file, text) in &files {
        for line in text.lines() {
            let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub type "];
            let Some(rest) = kinds.iter().find_map(|kind| line.strip_prefix(kind)) else { continue };
            let name: String = rest.chars().take_while(|c| c.is_alphanumeric()).collect();
            types = types.saturating_add(1);
            if !glossary.contains(&name) {
                missing.push(format!("{file}: {name}"));
            }
        }
    }
    assert!(types > 100, "the library was not read: {types}");
    assert!(missing.is_empty(), "public types without an entry: {missing:#?}");
}

/// Returns the modules that have a public type, by the names of types. A type that the root has too is at the root.
fn modules() -> BTreeMap<&'static str, BTreeSet<String>> {
    let mut modules: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for line in include_str!("public_api/entitle.txt").lines() {
        let kinds = ["pub struct ", "pub enum ", "pub trait ", "pub type ", "pub use "];
        let Some((_, path)) = kinds.iter().find_map(|kind| line.split_once(kind)) else { continue };
        let Some(path) = path.strip_prefix("entitle::") else { continue };
        let end = path.find(|c: char| !c.is_alphanumeric() && !"_:".contains(c)).unwrap_or(path.len());
        let (module, name) = path[..end].rsplit_once("::").unwrap_or(("", &path[..end]));
        modules.entry(name).or_default().insert(module.to_string());
    }
    for modules in modules.values_mut().filter(|modules| modules.contains("")) {
        *modules = BTreeSet::from([String::new()]);
    }
    modules
}

#[test]
fn the_glossary_names_the_modules_of_public_types() {
    let modules = modules();
    let (_, rows) = include_str!("../src/manual/glossary.md").split_once("## Public types").unwrap();
    let (rows, _) = rows.split_once("\n## ").unwrap();
    let mut wrong = Vec::new();
    for row in rows.lines().filter(|line| line.starts_with("| `")) {
        let cells: Vec<&str> = row.split(" | ").collect();
        let spans = |cell: &str| cell.split('`').skip(1).step_by(2).map(str::to_string).collect::<Vec<_>>();
        let of_row: BTreeSet<&String> =
            spans(cells[0]).iter().filter_map(|name| modules.get(name.as_str())).flatten().collect();
        let named = |module: &String| if module.is_empty() { "the root".to_string() } else { format!("`{module}`") };
        let expected = of_row.into_iter().map(named).collect::<Vec<_>>().join(", ");
        // Types of other members are not in the interface of this one.
        if cells[1] != "`entitle_plot`" && cells[1] != expected {
            wrong.push(format!("{row}\n  is of {expected}"));
        }
    }
    assert!(modules.len() > 200, "the interface was not read: {}", modules.len());
    assert!(wrong.is_empty(), "rows with other modules: {wrong:#?}");
}

/// Words that the glossary has better ones for, and turns of phrase that no technical English has.
const BANNED: [&str; 25] = [
    "whence",
    "come to be",
    "comes to be",
    "came to be",
    "but for",
    "none of ours",
    "of use",
    "at hand",
    "is told",
    "as is said",
    "said",
    "told",
    "came",
    "crowd",
    "lens",
    "spot",
    "mend",
    "mends",
    "mended",
    "standing",
    "paper",
    "stretch",
    "whoever",
    "life",
    "in line",
];

/// What only tests have had as names; in prose these are plain English.
const BANNED_IN_TESTS: [&str; 2] = ["tells", "lives"];

/// The prose of a line of Rust: its comment, and what stands between quotes.
fn prose(line: &str) -> String {
    let (code, comment) = line.split_once("//").unwrap_or((line, ""));
    let quoted: Vec<&str> = code.split('"').skip(1).step_by(2).collect();
    let text = format!("{comment} {}", quoted.join(" "));
    let words = text.split(|c: char| !c.is_alphanumeric() && c != '_').filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" ").to_lowercase())
}

/// The words of a line of Rust, its code included: the parts of `is_told_alone` are three words.
fn words(line: &str) -> String {
    let words = line.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    format!(" {} ", words.collect::<Vec<_>>().join(" ").to_lowercase())
}

/// The lines with one of these words in what `text_of` reads of a line.
fn lines_with(banned: &[&str], files: &[(String, String)], text_of: impl Fn(&str) -> String) -> Vec<String> {
    let mut found = Vec::new();
    for (file, text) in files {
        for (number, line) in (1..).zip(text.lines()) {
            let text = text_of(line);
            let words = banned.iter().filter(|word| text.contains(&format!(" {word} ")));
            found.extend(words.map(|word| format!("{file}:{number}: {word}")));
        }
    }
    found
}

#[test]
fn no_banned_word_is_in_the_text_of_the_library() {
    assert_eq!(prose(r#"let x = "a b"; // It's said-so"#), " it s said so a b ");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let library = files.len();
    for member in fs::read_dir(root.join("crates")).unwrap() {
        sources(&member.unwrap().path().join("src"), &mut files);
    }
    assert!(library > 80, "the library was not read: {library}");
    assert!(files.len() > library + 80, "the packages were not read: {}", files.len());
    let found = lines_with(&BANNED, &files, prose);
    assert!(found.is_empty(), "banned words: {found:#?}");
}

/// The words of a line of Markdown, without what stands between backticks, which is code.
fn words_of_markdown(line: &str) -> String {
    words(&line.split('`').step_by(2).collect::<Vec<_>>().join(" ")).to_lowercase()
}

#[test]
fn no_banned_word_is_in_what_people_read() {
    assert_eq!(words_of_markdown("It is `said` So"), " it is so ");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = vec![root.join("README.md"), root.join("CHANGELOG.md"), root.join("tests/README.md")];
    for folder in ["src/manual", "benches"] {
        let entries = fs::read_dir(root.join(folder)).unwrap().map(|entry| entry.unwrap().path());
        files.extend(entries.filter(|path| path.extension().is_some_and(|extension| extension == "md")));
    }
    for member in fs::read_dir(root.join("crates")).unwrap() {
        files.push(member.unwrap().path().join("README.md"));
    }
    assert!(files.len() > 12, "{files:?}");
    let read = |path: &std::path::PathBuf| (path.display().to_string(), fs::read_to_string(path).unwrap());
    let files: Vec<(String, String)> = files.iter().map(read).collect();
    // These are plain English in prose; the glossary may name a word that is not used any more.
    let banned: Vec<&str> =
        BANNED.into_iter().filter(|word| !["paper", "life", "standing", "spot"].contains(word)).collect();
    let found = lines_with(&banned, &files, words_of_markdown);
    assert!(found.is_empty(), "banned words: {found:#?}");
}

#[test]
fn no_banned_word_is_in_the_tests_and_their_names() {
    assert_eq!(words("let is_told = 1; // It's so"), " let is told 1 it s so ");
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    for folder in ["tests", "benches", "examples", "src/testing"] {
        sources(&root.join(folder), &mut files);
    }
    for member in fs::read_dir(root.join("crates")).unwrap() {
        let tests = member.unwrap().path().join("tests");
        if tests.exists() {
            sources(&tests, &mut files);
        }
    }
    // This file lists the words.
    files.retain(|(file, _)| !file.ends_with("tests/manual.rs"));
    assert!(files.len() > 150, "the tests were not read: {}", files.len());
    // A service plan of the sample data is named PAPER.
    let banned: Vec<&str> = BANNED.into_iter().chain(BANNED_IN_TESTS).filter(|word| *word != "paper").collect();
    let found = lines_with(&banned, &files, words);
    assert!(found.is_empty(), "banned words: {found:#?}");
}
