//! Exit codes, as in `--help`, and JSON for every command.

use serde_json::Value;

use crate::desk::Desk;

#[test]
fn the_exit_codes_are_as_promised() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy");
    for (line, code, expected) in [
        ("tenant check bo f365/audit", 0, "allowed"),
        ("tenant check eve f365/audit", 1, "denied"),
        ("tenant why eve f365/audit", 1, "Any of these would help"),
        ("tenant assign gold eve", 1, "[refusal.no-free-unit]"),
        ("tenant whatif assign gold eve", 1, "[refusal.no-free-unit]"),
        ("catalog laws f365.json --only-with f365/orders gold", 1, "[law.broken]"),
        ("tenant check bo f365/audits", 2, "[catalog.unknown-app]"),
        ("tenant", 2, "Usage"),
        ("no such command", 2, "Usage"),
        ("tenant check bo f365/audit --at yesterday", 2, "is not an instant"),
        ("tenant check  f365/audit", 2, "Usage"),
        ("tenant assign gold", 2, "<USER>..."),
        ("seal deal.json --key none.key", 3, "[cli.unreadable]"),
        ("seal contoso.license --key fabrikam.key", 3, "it is signed already"),
        ("tenant log --ledger none.ledger", 3, "[cli.no-settings]"),
        ("seal deal.json --key fabrikam.key -o contoso.license", 5, "[cli.exists]"),
        ("tenant init contoso --catalog f365.json --trust fabrikam.pub", 5, "[cli.exists]"),
        ("--help", 0, "Exit codes: `entitle help exit-codes`"),
        ("help exit-codes", 0, "\n4  a ledger, a book or settings are locked"),
        ("--version", 0, env!("CARGO_PKG_VERSION")),
        ("microsoft graph --help", 0, "\n  GET /users/{id}/licenseDetails\n"),
        ("help completions bash", 0, "complete -F _entitle"),
        ("help completions zsh", 0, "#compdef entitle"),
        ("help completions csh", 2, "invalid value"),
        ("help dael new", 2, "help: did you mean `deal`?"),
        ("help deal sell", 2, "`deal` has no command `sell`"),
        ("help deal sell", 2, "help: its commands are new"),
        ("help deal new more", 2, "`new` has no command `more`"),
    ] {
        let run = desk.run(line);
        assert!(run.code == code, "{line}: {run:#?}");
        run.ends(code, expected);
    }
}

/// The help of every command says where the exit codes are listed, and `help` shows the same help.
#[test]
fn the_help_of_every_command_says_where_the_exit_codes_are() {
    let desk = Desk::new();
    let mut commands = vec![String::new()];
    let mut seen = 0;
    while let Some(command) = commands.pop() {
        let run = desk.done(&format!("{command} --help"));
        assert!(run.out.ends_with("\nExit codes: `entitle help exit-codes`\n"), "{command}: {}", run.out);
        assert_eq!(desk.done(&format!("help {command}")).out, run.out, "{command}");
        // An indented word below the heading is the name of a command.
        let names = run.out.split("\nCommands:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap();
        let names = names.lines().filter_map(|line| line.strip_prefix("  ")).filter(|name| !name.starts_with(' '));
        let names = names.filter_map(|line| line.split(' ').next()).filter(|name| *name != "help");
        commands.extend(names.map(|name| format!("{command} {name}")));
        seen += 1;
    }
    assert!(seen >= 40, "{seen} commands");
}

/// One object or list on stdout, nothing on stderr, and the same exit code.
#[test]
fn every_command_answers_in_json() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo");
    for (line, code) in [
        ("key new other.key", 0),
        ("key show other.key", 0),
        ("deal new --catalog f365.json --anyone --trial gold=1 --days 30 --ends 2027-01-01", 0),
        ("deal new --catalog f365.json", 2),
        ("seal deal.json --key fabrikam.key", 0),
        ("inspect contoso.license", 0),
        ("inspect contoso.license --trust other.pub", 3),
        ("inspect deal.json", 0),
        ("inspect f365.json", 0),
        ("inspect contoso.ledger", 0),
        ("inspect contoso.ledger.json", 3),
        ("revise deal.json --catalog f365.json --grant gold=1 --ends never", 0),
        ("revoke --publisher fabrikam --key fabrikam.key", 0),
        ("catalog check f365.json", 0),
        ("catalog laws f365.json", 0),
        ("tenant assign gold cy", 0),
        ("tenant unassign gold cy", 0),
        ("tenant unassign gold cy", 1),
        ("tenant join staff cy", 0),
        ("tenant leave staff cy", 0),
        ("tenant check bo f365/audit", 0),
        ("tenant check cy f365/audit", 1),
        ("tenant why cy f365/audit", 1),
        ("tenant whatif assign gold cy", 0),
        ("tenant show", 0),
        ("tenant plans", 0),
        ("tenant users", 0),
        ("tenant user bo", 0),
        ("tenant groups", 0),
        ("tenant group staff", 2),
        ("tenant queue gold", 0),
        ("tenant queue tin", 2),
        ("tenant licenses", 0),
        ("tenant apps bo", 0),
        ("tenant who f365/audit", 0),
        ("tenant usage", 0),
        ("tenant quotas", 0),
        ("tenant quotas --user bo", 0),
        ("tenant errors", 0),
        ("tenant ending", 0),
        ("tenant may-install", 0),
        ("tenant listing", 0),
        ("tenant sign-ups off", 0),
        ("tenant claim-on-first-use gold on", 0),
        ("tenant consume gold bot", 1),
        ("tenant report", 0),
        ("tenant log", 0),
        ("tenant clock", 0),
        ("ticket contoso --catalog f365.json --key fabrikam.key", 0),
        ("help completions fish", 0),
        ("help exit-codes", 0),
        ("help deal new", 0),
        ("help man pages", 0),
        ("help nothing", 2),
        ("tenant check bo", 2),
        ("microsoft isv read f365.json f365.json", 3),
        ("microsoft graph units f365.json", 3),
        ("no such command", 2),
    ] {
        let run = desk.run(&format!("{line} --json"));
        assert_eq!(run.code, code, "{line}: {run:#?}");
        assert_eq!(run.err, "", "{line}");
        let json: Value = run.json();
        let is_error = json.get("error").is_some();
        let answers =
            ["tenant check cy f365/audit", "tenant why cy f365/audit", "inspect contoso.license --trust other.pub"];
        assert_eq!(is_error, code != 0 && !answers.contains(&line), "{line}: {json}");
        if is_error {
            assert!(json["error"]["code"].is_string() && json["error"]["message"].is_string(), "{line}: {json}");
        }
    }
    let allowed = desk.done("tenant check bo f365/audit --json").json();
    assert_eq!((&allowed["allowed"], &allowed["plan"]), (&true.into(), &"gold".into()));
    let reason = desk.run("tenant why cy f365/audit --json").json();
    assert_eq!(reason["answer"]["allowed"], false);
    assert_eq!(reason["remedies"][0][0]["do"]["assign"]["plan"], "gold");
}

/// A reader that stops early is no error.
#[cfg(unix)]
#[test]
fn a_reader_who_leaves_early_is_no_error() {
    let desk = Desk::installed();
    // More than a pipe buffers.
    let join = |user| format!(r#"{{"join": {{"user": "user-{user}", "group": "staff"}}}}"#);
    desk.write("commands.json", format!("[{}]", (0..1000).map(join).collect::<Vec<_>>().join(",")));
    desk.done("tenant do commands.json");
    let script = format!("{} tenant log --json | head -1; true", crate::desk::ENTITLE);
    let mut shell = std::process::Command::new("sh");
    let output = shell.args(["-c", &script]).current_dir(&desk.dir).env("ENTITLE_LEDGER", "contoso.ledger").output();
    let output = output.unwrap();
    assert_eq!((output.stdout, output.stderr), (b"{\n".to_vec(), Vec::new()));
}
