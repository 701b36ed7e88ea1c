//! Where each shared option acts: `tests/cli/options.txt` has a row for each command.

use core::fmt::Write as _;
use std::collections::BTreeMap;

use clap::Command;

/// The table: a command, and the shared options that act there. It refuses all others.
const TABLE: &str = include_str!("../tests/cli/options.txt");

/// Options with a meaning of their own in several commands, by which nothing can be meant elsewhere.
const SHARED: [&str; 11] = ["all", "as", "at", "book", "json", "ledger", "limit", "role", "trust", "wait", "yes"];

/// Returns the commands that do something, with their shared options.
fn commands() -> BTreeMap<String, Vec<String>> {
    fn add(command: &Command, path: &str, commands: &mut BTreeMap<String, Vec<String>>) {
        let below: Vec<&Command> = command.get_subcommands().collect();
        // Only `help` does something by itself and with a command after it.
        if below.is_empty() || !command.is_subcommand_required_set() {
            let shown = command.get_arguments().filter(|option| option.get_id() != "at" || !option.is_hide_set());
            let mut names: Vec<String> =
                shown.filter_map(|option| option.get_long().map(ToString::to_string)).collect();
            let mut global = command.get_arguments().filter(|option| option.is_global_set());
            assert!(
                global.all(|option| option.get_long().is_some_and(|name| SHARED.contains(&name) || name == "help"))
            );
            names.retain(|name| SHARED.contains(&name.as_str()));
            names.sort_unstable();
            commands.insert(path.trim_start().to_string(), names);
        }
        for each in below {
            add(each, &format!("{path} {}", each.get_name()), commands);
        }
    }
    let mut program = super::program();
    program.build();
    let mut commands = BTreeMap::new();
    add(&program, "", &mut commands);
    commands
}

#[test]
fn every_command_has_a_row_of_the_shared_options_that_act() {
    let mut table = String::new();
    for (command, options) in commands() {
        _ = writeln!(table, "{command}: {}", options.join(" "));
    }
    assert_eq!(table, TABLE, "say in tests/cli/options.txt where each shared option acts, and refuse it elsewhere");
}

#[test]
fn a_shared_option_is_refused_where_it_does_not_act() {
    for (command, options) in commands() {
        for option in SHARED.into_iter().filter(|option| !options.iter().any(|other| other == option)) {
            let value = match option {
                "all" | "json" | "yes" => None,
                "at" => Some("2026-03-01"),
                "limit" | "wait" => Some("3"),
                _ => Some("none"),
            };
            let line = ["entitle"].into_iter().chain(command.split(' ')).map(ToString::to_string);
            let line: Vec<String> = line.chain([format!("--{option}")]).chain(value.map(ToString::to_string)).collect();
            let error = super::program().try_get_matches_from(&line).err().map(|error| error.to_string());
            let error = error.unwrap_or_default();
            let is_refused = error.contains(&format!("unexpected argument '--{option}'"))
                || error.contains(super::timeless::REFUSED);
            assert!(is_refused, "{command} --{option}: {error}");
        }
    }
}
