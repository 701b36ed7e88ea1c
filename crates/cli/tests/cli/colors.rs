//! Colours: what is emphasised where they are shown, and plain text everywhere else.

use crate::desk::{Desk, Run};

const BOLD: &str = "\u{1b}[1m";
const RED: &str = "\u{1b}[1m\u{1b}[31m";
const YELLOW: &str = "\u{1b}[1m\u{1b}[33m";
const RESET: &str = "\u{1b}[0m";

/// Runs a command in an environment with these variables, and no others about colours.
fn run(desk: &Desk, line: &str, environment: &[(&str, &str)]) -> Run {
    let mut command = desk.command(line);
    for name in ["NO_COLOR", "CLICOLOR", "CLICOLOR_FORCE"] {
        command.env_remove(name);
    }
    Run::of(&command.env("TERM", "xterm-256color").envs(environment.iter().copied()).output().unwrap())
}

fn forced(desk: &Desk, line: &str) -> Run {
    run(desk, line, &[("CLICOLOR_FORCE", "1")])
}

/// Returns a text without codes of colours.
fn plain(text: &str) -> String {
    let mut parts = text.split("\u{1b}[");
    let first = parts.next().unwrap().to_string();
    parts.fold(first, |plain, part| plain + part.split_once('m').unwrap().1)
}

#[test]
fn what_is_refused_warnings_and_headings_are_emphasised() {
    let desk = Desk::installed();
    let denied = forced(&desk, "tenant check bo f365/audit");
    assert!(denied.out.starts_with(&format!("{RED}denied{RESET}: `bo` may not open")), "{denied:#?}");
    let error = forced(&desk, "tenant check bo f365/audi");
    assert!(error.err.starts_with(&format!("{RED}error{RESET}: ")), "{error:#?}");
    let refused = forced(&desk, "tenant assign gold a b c");
    assert!(refused.err.starts_with(&format!("{RED}refused{RESET}: ")), "{refused:#?}");
    let shown = forced(&desk, "tenant show");
    let heading = shown.out.lines().find(|line| line.contains("PLAN")).unwrap();
    assert!(heading.starts_with(BOLD) && heading.ends_with(RESET), "{shown:#?}");
    assert_eq!(shown.out.matches(BOLD).count(), 1, "a heading and nothing else: {shown:#?}");
    // A catalog with an offer that nobody can try is warned of.
    let catalog = r#"{ "publisher": "fabrikam", "offer": "f365", "management": { "managed": "without_license" },
        "apps": [{ "id": "a", "access": "licensed" }], "plans": [{ "id": "p", "scope": "user", "name": "P", "apps": ["a"] }] }"#;
    desk.write("warned.json", catalog);
    let warned = forced(&desk, "catalog check warned.json");
    assert!(warned.out.starts_with(&format!("{YELLOW}warning{RESET}[")), "{warned:#?}");
    let faulty = forced(&desk, "catalog check crm.json");
    assert!(faulty.err.starts_with(&format!("{RED}error{RESET}: ")), "{faulty:#?}");
}

#[test]
fn pipes_and_no_color_have_the_same_text_without_colours() {
    let desk = Desk::installed();
    for line in [
        "tenant check bo f365/audit",
        "tenant show",
        "tenant assign gold a b c",
        "catalog show f365.json",
        "inspect contoso.license",
        "report",
        "deal list --book none",
        "tenant log",
    ] {
        let colored = forced(&desk, line);
        let piped = run(&desk, line, &[]);
        assert!(!piped.out.contains('\u{1b}') && !piped.err.contains('\u{1b}'), "{line}: {piped:#?}");
        assert_eq!((plain(&colored.out), plain(&colored.err)), (piped.out.clone(), piped.err.clone()), "{line}");
        // NO_COLOR counts even against a force, whatever it is; an empty one does not.
        let none = run(&desk, line, &[("NO_COLOR", "1"), ("CLICOLOR_FORCE", "1")]);
        assert_eq!((&none.out, &none.err), (&piped.out, &piped.err), "{line}");
        let dumb = run(&desk, line, &[("TERM", "dumb"), ("CLICOLOR", "0")]);
        assert_eq!((&dumb.out, &dumb.err), (&piped.out, &piped.err), "{line}");
    }
    // Programs never get any, nor do documents.
    for line in
        ["tenant show --json", "tenant check bo f365/audit --json", "seal deal.json --key fabrikam.key", "report --csv"]
    {
        let run = forced(&desk, line);
        assert!(!run.out.contains('\u{1b}'), "{line}: {run:#?}");
    }
}

/// At a terminal there are colours, on each stream by itself, unless `NO_COLOR` is set.
#[cfg(target_os = "linux")]
#[test]
fn a_terminal_shows_colours() {
    use std::fs::{File, OpenOptions};
    use std::io::Read as _;
    use std::process::Stdio;

    use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};

    let desk = Desk::installed();
    let at_terminal = |line: &str, no_color: &str| {
        let screen = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).unwrap();
        grantpt(&screen).unwrap();
        unlockpt(&screen).unwrap();
        let name = ptsname(&screen, Vec::new()).unwrap().into_string().unwrap();
        let terminal = OpenOptions::new().read(true).write(true).open(name).unwrap();
        let mut command = desk.command(line);
        for name in ["CLICOLOR", "CLICOLOR_FORCE"] {
            command.env_remove(name);
        }
        command.env("NO_COLOR", no_color).env("TERM", "xterm-256color").stdout(terminal).stderr(Stdio::piped());
        let run = Run::of(&command.output().unwrap());
        drop(command);
        let (mut screen, mut shown) = (File::from(screen), Vec::new());
        // It ends with an error when nobody has the terminal open any more.
        _ = screen.read_to_end(&mut shown);
        (String::from_utf8(shown).unwrap(), run.err)
    };
    let (shown, _) = at_terminal("tenant check bo f365/audit", "");
    assert!(shown.starts_with(&format!("{RED}denied{RESET}: ")), "{shown:?}");
    let (shown, errors) = at_terminal("tenant check bo f365/audi", "");
    assert!(shown.is_empty() && errors.starts_with("error: "), "a pipe beside a terminal: {errors:?}");
    let (shown, _) = at_terminal("tenant check bo f365/audit", "1");
    assert!(shown.starts_with("denied: "), "{shown:?}");
}

/// A heading of several lines is emphasised as a whole, and a table that is a list has none.
#[test]
fn a_heading_of_several_lines_is_emphasised_as_a_whole() {
    let desk = Desk::installed();
    let at_width = |width: &str| {
        let run = run(&desk, "report", &[("CLICOLOR_FORCE", "1"), ("COLUMNS", width)]);
        run.out.lines().take_while(|line| line.starts_with(BOLD)).count()
    };
    assert_eq!((at_width("100"), at_width("50"), at_width("30")), (1, 2, 0));
}

/// What other people wrote is never emphasised by what it contains.
#[test]
fn documents_bring_no_colours() {
    let desk = Desk::selling();
    desk.write("evil.json", desk.read("deal.json").replace("Contoso Ltd", "\\u001b[31mdenied: Ltd"));
    for line in ["inspect evil.json", "inspect evil.json --json"] {
        let run = forced(&desk, line);
        assert!(!plain(&run.out).contains('\u{1b}') && !run.out.contains("\u{1b}[31m"), "{line}: {run:#?}");
    }
}
