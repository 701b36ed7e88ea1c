//! Man pages and completions, which are made of the arguments.

use std::fs;

use crate::desk::Desk;

#[test]
fn every_command_has_a_man_page() {
    let desk = Desk::new();
    let run = desk.done("help man share/man1");
    let pages: Vec<String> = fs::read_dir(desk.path("share/man1"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    assert!(pages.len() >= 50, "{pages:?}");
    assert_eq!(
        run.out,
        format!("share/man1: {} man pages\n  read the first with `man share/man1/entitle.1`\n", pages.len())
    );
    for page in &pages {
        let text = desk.read(&format!("share/man1/{page}"));
        for section in ["NAME", "SYNOPSIS", "DESCRIPTION", "OPTIONS", "\"EXIT STATUS\"", "VERSION"] {
            assert!(text.contains(&format!(".SH {section}\n")), "{page} has no {section}: {text}");
        }
        assert!(
            text.contains(".TP\n4\na ledger, a book or settings are locked by another command that writes\n"),
            "{page}: {text}"
        );
        // A line that begins with a dot is a request of the formatter: none is made of a text.
        let is_request = |line: &&str| line.starts_with('.') || line.starts_with('\'');
        let known = [".ie", ".el", ".TH", ".SH", ".TP", ".PP", ".RS", ".RE", ".IP", ".br"];
        for line in text.lines().filter(is_request) {
            assert!(known.iter().any(|request| line.starts_with(request)), "{page}: {line}");
        }
    }
    let assign = desk.read("share/man1/entitle-tenant-assign.1");
    assert!(assign.contains("ENTITLE\\_AS") || assign.contains("ENTITLE_AS"), "{assign}");
    assert!(desk.read("share/man1/entitle.1").contains("entitle\\-tenant(1)"));
    // Again, as after an update.
    desk.write("share/man1/entitle.1", "old");
    desk.done("help man share/man1");
    assert!(desk.read("share/man1/entitle.1").contains(".SH NAME"));
    desk.run("help man f365.json").ends(5, "[cli.unwritten]");
}

/// A link that somebody put in place of a page is replaced, and not what it leads to.
#[cfg(unix)]
#[test]
fn x8_man_pages_are_written_through_no_link() {
    let desk = Desk::new();
    desk.write("precious", "mine");
    fs::create_dir_all(desk.path("man1")).unwrap();
    for (page, target) in [("entitle.1", "precious"), ("entitle-seal.1", "nowhere")] {
        std::os::unix::fs::symlink(desk.path(target), desk.path(&format!("man1/{page}"))).unwrap();
    }
    desk.done("help man man1");
    assert_eq!(desk.read("precious"), "mine");
    assert!(!desk.path("nowhere").exists() && !desk.path("man1/entitle.1").is_symlink());
    for page in ["entitle.1", "entitle-seal.1"] {
        assert!(desk.read(&format!("man1/{page}")).contains(".SH NAME"), "{page}");
    }
    // Nothing is left of the drafts.
    let names = fs::read_dir(desk.path("man1")).unwrap().map(|entry| entry.unwrap().file_name());
    assert!(names.map(|name| name.into_string().unwrap()).all(|name| name.starts_with("entitle")));
}

#[test]
fn completions_know_every_command() {
    let desk = Desk::new();
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.done(&format!("help completions {shell}")).out;
        for word in ["microsoft", "catalogue", "exit-codes", "remove-group"] {
            assert!(script.contains(word), "{shell} has no {word}");
        }
    }
}

/// What the help of a command does not show is not completed either: `--at`, to be refused by most commands that
/// have it, and the second `--all` of `whatif`.
#[test]
fn completions_offer_what_the_help_shows() {
    let desk = Desk::new();
    let script = desk.done("help completions bash").out;
    let options = |command: &str| {
        let words = command.replace(['-', ' '], "__subcmd__");
        let after = script.split(&format!("        entitle__subcmd__{words})\n")).nth(1);
        let line = after.and_then(|after| after.lines().next()).unwrap_or_else(|| panic!("{command}: {script}"));
        let line = line.trim().trim_start_matches("opts=\"").trim_end_matches('"');
        line.split(' ').filter(|word| word.starts_with("--")).map(ToString::to_string).collect::<Vec<_>>()
    };
    for row in include_str!("options.txt").lines() {
        let (command, shared) = row.split_once(": ").unwrap();
        // `deal revise` is the other name of a command, and is in no help.
        if command == "deal revise" {
            continue;
        }
        let offered = options(command);
        for option in shared.split(' ') {
            assert!(offered.contains(&format!("--{option}")), "{command} --{option}: {offered:?}");
        }
        let is_timed = shared.split(' ').any(|option| option == "at");
        assert_eq!(offered.contains(&"--at".to_string()), is_timed, "{command}: {offered:?}");
    }
    for shell in ["bash", "zsh", "fish", "elvish", "powershell"] {
        let script = desk.done(&format!("help completions {shell}")).out;
        assert!(!script.contains("leave out --at") && !script.contains("snapshot-every"), "{shell}");
    }
}
