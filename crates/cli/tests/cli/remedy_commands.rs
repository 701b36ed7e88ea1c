//! `tenant why` names what to type for a remedy, and that does what it says.

use std::fs;
use std::path::Path;
use std::process::Command;

use crate::administrator;
use crate::desk::{Desk, ENTITLE, Run};

/// A remedy of a text, with the lines to type for it.
#[derive(Debug)]
struct Typed {
    remedy: String,
    lines: Vec<String>,
}

fn remedies(out: &str) -> Vec<Typed> {
    let mut typed: Vec<Typed> = Vec::new();
    for line in out.lines().skip_while(|line| !line.ends_with("would help:")).skip(1) {
        if let Some(remedy) = line.strip_prefix("- ") {
            typed.push(Typed { remedy: remedy.to_string(), lines: Vec::new() });
        } else if let Some(command) = line.strip_prefix("    ") {
            typed.last_mut().unwrap().lines.push(command.to_string());
        }
    }
    typed
}

/// Runs a line in a shell, as it is pasted.
pub(crate) fn paste(desk: &Desk, line: &str) -> Run {
    let bin = Path::new(ENTITLE).parent().unwrap().display().to_string();
    let mut shell = Command::new("sh");
    shell.args(["-c", line]).current_dir(&desk.dir).env("XDG_STATE_HOME", desk.path("state"));
    shell.env("PATH", format!("{bin}:{}", std::env::var("PATH").unwrap_or_default()));
    shell.env("ENTITLE_LEDGER", "contoso.ledger").env("ENTITLE_AT", "2026-03-02T08:00:00Z");
    for name in ["COLUMNS", "ENTITLE_AS", "ENTITLE_ROLE", "ENTITLE_BOOK", "ENTITLE_TRUST"] {
        shell.env_remove(name);
    }
    Run::of(&shell.output().unwrap())
}

/// Types each remedy at a copy of the desk, and returns all lines. Where commands alone do it, the user may
/// open the app afterwards.
fn try_all(desk: &Desk, user: &str, app: &str) -> Vec<String> {
    let why = paste(desk, &format!("entitle tenant why {user} {app}"));
    assert_eq!(why.code, 1, "{why:#?}");
    let remedies = remedies(&why.out);
    for Typed { remedy, lines } in &remedies {
        let copy = Desk::new();
        for file in fs::read_dir(&desk.dir).unwrap().map(Result::unwrap).filter(|file| file.path().is_file()) {
            fs::copy(file.path(), copy.path(&file.file_name().to_string_lossy())).unwrap();
        }
        let is_done = !remedy.contains("buy ") && !remedy.contains("take ") && !remedy.contains("wait until");
        // What follows a purchase is refused before it.
        for line in lines.iter().filter(|line| is_done || line.contains('#')) {
            let run = paste(&copy, line);
            assert_eq!(run.code, 0, "{remedy}: {line}: {run:#?}");
        }
        if is_done {
            assert!(!lines.is_empty(), "{remedy}");
            paste(&copy, &format!("entitle tenant check {user} {app}")).ends(0, "allowed");
        }
    }
    remedies.into_iter().flat_map(|typed| typed.lines).collect()
}

#[test]
fn k4_the_lines_of_a_remedy_do_what_it_says() {
    // No seat is assigned, one is free; and ids that a shell would take apart.
    let desk = Desk::installed();
    for (user, expected) in [
        ("eve", "entitle tenant assign gold eve"),
        (r"'o'\''b & c'", r"entitle tenant assign gold 'o'\''b & c'"),
        ("$'x'", "entitle tenant assign gold '$x'"),
    ] {
        assert_eq!(try_all(&desk, user, "f365/audit")[0], expected);
    }
    // A group has the plan.
    desk.done("tenant assign gold --group the_staff");
    let lines = try_all(&desk, "eve", "f365/audit");
    assert!(lines.contains(&"entitle tenant join 'the staff' eve".to_string()), "{lines:?}");
    // An app is turned off.
    desk.done("tenant assign gold bo --except f365/audit");
    assert_eq!(try_all(&desk, "bo", "f365/audit")[0], "entitle tenant assign gold bo");
    desk.done("tenant assign gold bo --except f365/audit --except f365/orders");
    assert_eq!(try_all(&desk, "bo", "f365/audit")[0], "entitle tenant assign gold bo --except f365/orders");
    // All seats are taken: the queue shows who could give one up.
    desk.done("tenant assign gold cy");
    let lines = try_all(&desk, "eve", "f365/audit");
    for line in [
        "# with the license that you buy: entitle tenant install FILE",
        "entitle tenant queue gold  # who has it or waits, and FROM where; of each user of your choice:",
        "# FROM direct: entitle tenant unassign gold USER",
        "# FROM a group: entitle tenant leave GROUP USER",
    ] {
        assert!(lines.contains(&line.to_string()), "{lines:#?}");
    }
}

#[test]
fn k4_trials_sign_ups_and_exclusions_are_typed_too() {
    let desk = administrator::installed();
    let lines = try_all(&desk, "ada", "publish");
    assert!(lines.iter().any(|line| line.starts_with("entitle tenant start-trial pro ")), "{lines:#?}");
    desk.done("tenant start-trial pro");
    desk.done("tenant assign maker ada");
    // Who has a plan that another excludes loses it first.
    let lines = try_all(&desk, "ada", "publish");
    assert!(lines.contains(&"entitle tenant unassign maker ada".to_string()), "{lines:#?}");
    let lines = try_all(&desk, "zoe", "publish");
    assert!(lines.iter().any(|line| line == "entitle tenant assign pro zoe"), "{lines:#?}");
    desk.done("tenant claim-on-first-use pro on");
    let lines = try_all(&desk, "zoe", "publish");
    assert!(lines.iter().any(|line| line == "entitle tenant claim pro --as zoe --role none"), "{lines:#?}");
}

/// Where the environment does not name the ledger, the lines do; a user who reads is given no commands, and a
/// program gets them for each remedy.
#[test]
fn k4_the_lines_name_the_ledger_where_it_has_to_be_named() {
    let desk = Desk::installed();
    let mut command = desk.command("tenant why eve f365/audit -l contoso.ledger");
    let run = Run::of(&command.env_remove("ENTITLE_LEDGER").output().unwrap());
    run.ends(1, "- assign F365 Gold to `eve`\n    entitle tenant assign gold eve -l contoso.ledger\n");
    let user = desk.run("tenant why eve f365/audit --reader user");
    assert!(!user.out.contains("entitle tenant"), "{user:#?}");
    let json = desk.run("tenant why eve f365/audit --json").json();
    assert_eq!(json["commands"].as_array().unwrap().len(), json["remedies"].as_array().unwrap().len());
    assert_eq!(json["commands"][0][0], "entitle tenant assign gold eve");
    desk.run("tenant why eve f365/audit --reader individual").ends(1, "\n    entitle tenant assign gold eve\n");
}
