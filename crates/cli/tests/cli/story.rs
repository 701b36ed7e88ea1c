//! The session in the README, run line by line. `ENTITLE_STORY=write` writes the current output.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::desk::{Desk, ENTITLE};

/// Replaces random values by `…`: keys, their ids, and ids of licenses.
fn without_random(text: &str) -> String {
    let is_id = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    let mut expected = String::new();
    let mut rest = text;
    while let Some(start) = rest.find(is_id) {
        let (before, from) = rest.split_at(start);
        let end = from.find(|c| !is_id(c)).unwrap_or(from.len());
        let (word, after) = from.split_at(end);
        let is_hexadecimal = word.len() == 32 && word.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        expected.push_str(before);
        let hash = word.rsplit_once('.').map_or(word, |(_, hash)| hash);
        if hash.len() == 43 && !word.starts_with("k4.") {
            // The hash of an entry, with its number or alone.
            expected.push_str(word.strip_suffix(hash).unwrap());
            expected.push('…');
            rest = after;
            continue;
        }
        expected.push_str(if word.starts_with("k4.pid.") {
            "k4.pid.…"
        } else if word.starts_with("k4.public.") {
            "k4.public.…"
        } else if is_hexadecimal {
            "…"
        } else {
            word
        });
        rest = after;
    }
    expected + rest
}

#[test]
fn the_story_runs_line_by_line() {
    let story = runs_line_by_line("story.txt");
    assert!(story.lines().count() < 180 && story.lines().all(|line| line.chars().count() <= 150), "pleasant to read");
}

/// A reseller whose key is stolen, and a rotation without a release.
#[test]
fn x10_the_story_of_certificates_runs_line_by_line() {
    runs_line_by_line("certificates.txt");
}

/// Five customers over a year, and the publisher's report of them.
#[test]
fn p3_the_story_of_a_year_runs_line_by_line() {
    let story = runs_line_by_line("year.txt");
    // The README has the end of it.
    let end = story.find("# The year is over.").unwrap();
    let readme = include_str!("../../README.md");
    assert!(readme.contains(&format!("```text\n{}\n```", story[end..].trim_end())), "the README has another report");
}

/// A year of the administrator of a tenant.
#[test]
fn the_story_of_the_administrator_runs_line_by_line() {
    let story = runs_line_by_line("desk.txt");
    assert!(story.lines().count() < 260 && story.lines().all(|line| line.chars().count() <= 170), "pleasant to read");
}

/// Runs a session, and returns it.
pub(crate) fn runs_line_by_line(name: &str) -> String {
    let desk = Desk::new();
    // The answers that the administrator of the last part has saved.
    desk.write("builder.json", include_str!("builder.json"));
    desk.write("skus.json", include_str!("../../../microsoft/tests/microsoft/samples/skus.json"));
    desk.write("users.json", include_str!("../../../microsoft/tests/microsoft/samples/users.json"));
    desk.write("subscriptions.json", include_str!("../../../microsoft/tests/microsoft/samples/subscriptions.json"));
    desk.write("desk.json", include_str!("../../../plot/examples/report/desk.json"));
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli").join(name);
    let story = fs::read_to_string(&path).unwrap();
    let bin = Path::new(ENTITLE).parent().unwrap().display().to_string();
    let search = format!("{bin}:{}", std::env::var("PATH").unwrap_or_default());
    let mut exports = Vec::new();
    let mut output = String::new();
    for line in story.lines().filter(|line| line.starts_with('$') || line.starts_with('#')) {
        if line.starts_with('#') && !output.is_empty() {
            output.push('\n');
        }
        output.push_str(line);
        output.push('\n');
        let Some(command) = line.strip_prefix("$ ") else { continue };
        if command.starts_with("export ") {
            exports.push(command.to_string());
            continue;
        }
        let script = format!("exec 2>&1\n{}\n{command}", exports.join("\n"));
        let mut shell = Command::new("sh");
        shell.args(["-c", &script]).current_dir(&desk.dir).env("PATH", &search);
        for name in ["COLUMNS", "ENTITLE_AS", "ENTITLE_AT", "ENTITLE_BOOK", "ENTITLE_LEDGER", "ENTITLE_TRUST"] {
            shell.env_remove(name);
        }
        let run = shell.output().unwrap();
        output.push_str(&without_random(&String::from_utf8(run.stdout).unwrap()));
    }
    if std::env::var("ENTITLE_STORY").is_ok_and(|how| how == "write") {
        fs::write(&path, &output).unwrap();
    }
    for (number, (output, story)) in output.lines().zip(story.lines()).enumerate() {
        assert_eq!(output, story, "line {}", number + 1);
    }
    assert_eq!(output, story);
    story
}

#[test]
fn the_readme_contains_the_story() {
    let (readme, story) = (include_str!("../../README.md"), include_str!("story.txt"));
    for story in [story, include_str!("desk.txt")] {
        assert!(readme.contains(&format!("```text\n{}\n```", story.trim_end())), "the README has another story");
    }
}
