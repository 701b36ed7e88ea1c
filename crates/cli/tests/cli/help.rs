//! The help of the tenant's commands: a screen each, with an example that works as an example.

use crate::desk::Desk;

/// Returns the names of the commands below one, and the lines about them.
fn commands(help: &str) -> Vec<(String, String)> {
    let listed = help.split("\nCommands:\n").nth(1).unwrap_or_default().split("\n\n").next().unwrap();
    let lines = listed.lines().filter_map(|line| line.strip_prefix("  ")?.split_once(' '));
    lines.map(|(name, about)| (name.to_string(), about.trim().to_string())).filter(|(name, _)| name != "help").collect()
}

#[test]
fn every_command_of_a_tenant_has_a_screen_of_help_with_an_example() {
    let desk = Desk::new();
    let tenant = desk.done("tenant --help").out;
    assert!(tenant.lines().count() <= 66 && tenant.lines().all(|line| line.chars().count() <= 80), "{tenant}");
    let of_tenant = commands(&tenant);
    assert!(of_tenant.len() >= 40, "{of_tenant:#?}");
    let of_whatif = commands(&desk.done("tenant whatif --help").out);
    assert!(of_whatif.len() >= 15, "{of_whatif:#?}");
    let of_tenant = of_tenant.into_iter().filter(|(name, _)| name != "whatif").map(|it| ("tenant", it));
    for (parent, (name, about)) in of_tenant.chain(of_whatif.into_iter().map(|it| ("tenant whatif", it))) {
        assert!(!about.is_empty() && !about.contains("how the ledger is written"), "{parent} {name}: {about}");
        let help = desk.done(&format!("{parent} {name} --help")).out;
        assert!(help.lines().count() <= 25, "{parent} {name} has {} lines:\n{help}", help.lines().count());
        assert!(help.lines().all(|line| line.chars().count() <= 80), "{parent} {name}:\n{help}");
        assert!(help.contains("\nExample"), "{parent} {name}:\n{help}");
        let example = help.rsplit("\nExample").next().unwrap();
        assert!(example.contains(&format!("entitle {parent} {name}")), "{parent} {name}:\n{help}");
        // The help subcommand shows the same.
        assert_eq!(desk.done(&format!("help {parent} {name}")).out, help);
    }
}

/// `-h` of every command is a screen with an example; `--help` has all, and the example in its text.
#[test]
fn the_short_help_of_every_command_is_a_screen_with_an_example() {
    let desk = Desk::new();
    let rows = include_str!("options.txt").lines().filter_map(|row| row.split_once(": "));
    // The help of `help` is that of all topics, and `deal revise` is the other name of a command.
    for (command, _) in rows.filter(|(command, _)| !["help", "deal revise"].contains(command)) {
        let short = desk.done(&format!("{command} -h")).out;
        assert!(short.lines().count() <= 25, "{command} has {} lines:\n{short}", short.lines().count());
        assert!(short.lines().all(|line| line.chars().count() <= 80), "{command}:\n{short}");
        let example = short.rsplit("\nExample").next().unwrap();
        assert!(example.contains(&format!("entitle {command}")), "{command}:\n{short}");
        assert!(short.ends_with("Exit codes: `entitle help exit-codes`\n"), "{command}:\n{short}");
        let long = desk.done(&format!("{command} --help")).out;
        assert!(long.lines().all(|line| line.chars().count() <= 80), "{command}:\n{long}");
        assert!(long.contains(&format!("entitle {command}")), "{command}:\n{long}");
    }
}

/// Who begins finds what comes first, and the option for a file by one name.
#[test]
fn the_first_steps_are_in_the_help() {
    let desk = Desk::new();
    let all = desk.done("--help").out;
    assert!(all.lines().count() <= 36 && all.lines().all(|line| line.chars().count() <= 80), "{all}");
    for (who, steps) in [
        ("publisher", "catalog new, key new, book new, deal new, seal"),
        ("administrator", "tenant init, tenant install, tenant assign"),
    ] {
        let line = all.lines().find(|line| line.trim_start().starts_with(&format!("{who}: ")));
        assert!(line.is_some_and(|line| line.ends_with(steps)), "{who}: {all}");
        steps.split(", ").for_each(|command| _ = desk.done(&format!("{command} --help")));
    }
    let tenant = desk.done("tenant --help").out;
    let steps = ["entitle tenant init ", "entitle tenant install ", "entitle tenant assign "];
    let places: Vec<usize> =
        steps.iter().map(|step| tenant.find(step).unwrap_or_else(|| panic!("{step}: {tenant}"))).collect();
    assert!(places.is_sorted(), "{tenant}");
    assert!(desk.done("tenant init --help").out.contains("=lists"), "a list has a key of its own");
    for of in ["new", "show", "check", "laws"] {
        let help = desk.done(&format!("catalog {of} --help")).out;
        assert!(help.contains(&format!("Example: `entitle catalog {of} ")), "{help}");
    }
    for command in ["tenant statement", "catalog new", "seal", "deal new"] {
        assert!(desk.done(&format!("{command} --help")).out.contains("-o, --out <FILE>"), "{command}");
    }
}

/// No option is accepted where it does nothing.
#[test]
fn options_are_only_where_they_act() {
    let desk = Desk::installed();
    for line in [
        "tenant show --as bo",
        "tenant check bo f365/audit --role none",
        "tenant users --wait 1",
        "tenant log --as bo",
        "tenant init x --catalog f365.json --trust fabrikam.pub --as bo",
        "tenant whatif assign gold bo --wait 1",
        "tenant assign gold bo --all",
        "tenant assign gold bo --limit 3",
        "tenant show --from bo",
    ] {
        desk.run(line).ends(2, " takes no `--");
    }
    let mut catalog =
        ["new", "show f365.json", "check f365.json", "laws f365.json"].map(|of| format!("catalog {of}")).to_vec();
    catalog.push("tenant init x -l x.ledger --catalog f365.json --trust fabrikam.pub".to_string());
    catalog.extend(
        ["book new x.book --publisher x", "key show fabrikam.pub", "microsoft isv names f365.json"].map(String::from),
    );
    for line in catalog {
        desk.run(&format!("{line} --at 2026-03-01")).ends(2, "this command does not depend on the time");
        desk.run(&format!("--at 2026-03-01 {line}")).ends(2, "this command does not depend on the time");
        desk.run(&format!("{line} --at")).ends(2, "error: this command does not depend on the time");
        let words: Vec<&str> = line.split(' ').filter(|word| !word.contains('.')).collect();
        let length = if words[0] == "microsoft" { 3 } else { 2 };
        assert!(!desk.done(&format!("{} --help", words[..length].join(" "))).out.contains("--at"), "{line}");
    }
    desk.run("tenant --at 2026-03-01 init x -l x.ledger --catalog f365.json --trust fabrikam.pub")
        .ends(2, "this command does not depend on the time");
    assert!(!desk.path("x.ledger").exists() && !desk.path("x.book").exists());
    // Nor do commands name it that have only such commands.
    for group in ["book", "catalog", "microsoft isv", "microsoft catalogue"] {
        assert!(!desk.done(&format!("{group} --help")).out.contains("--at"), "{group}");
    }
    for line in ["help", "help exit-codes", "help deal new"] {
        desk.run(&format!("--at 2026-03-01 {line}")).ends(2, "this command does not depend on the time");
    }
    // Where it acts, its value is what is missing.
    desk.run("tenant check bo f365/audit --at").ends(2, "a value is required for '--at <INSTANT>'");
    // Who signs, and how long to wait for others, is about the book.
    desk.run("seal deal.json --key fabrikam.key --as ada")
        .ends(2, "--as has no effect here: it is about the deal book");
    desk.run("seal deal.json --key fabrikam.key --wait 1").ends(2, "[cli.no-effect]");
    desk.run("seal deal.json --key fabrikam.key --yes").ends(2, "--yes has no effect here");
    // JSON is whole, and no CSV, wherever the options are.
    for line in ["tenant whatif unassign gold bo --all", "report contoso.ledger --csv"] {
        desk.run(&format!("{line} --json")).ends(2, "cannot be used with '--json'");
        desk.run(&format!("--json {line}")).ends(2, "cannot be used with '--json'");
    }
    desk.run("--json report contoso.ledger").ends(0, "\"rows\"");
    desk.run("--at 2026-03-02 tenant show").ends(0, "on 2026-03-02");
    // Where the environment says an instant for all commands, these run as ever.
    desk.done("catalog show f365.json");
    // Who acts counts in the preview of a directory too.
    desk.write("directory.csv", "user,group\nada,staff\n");
    desk.run("tenant reconcile directory.csv --role none").ends(1, "[refusal.forbidden]");
    desk.run("tenant reconcile directory.csv").ends(0, "Nothing was changed. Do it with --yes.");
    // A preview waits for nobody.
    desk.run("tenant reconcile directory.csv --wait 1").ends(2, "--wait has no effect here: without --yes");
    desk.run("tenant reconcile directory.csv --wait 1 --yes").ends(0, "recorded");
}

/// Every command in the table of screens and options is there, with the options that it names.
#[test]
fn the_readmes_table_names_commands_that_exist() {
    let desk = Desk::new();
    let table = include_str!("../../README.md").split("| screen or option | command |").nth(1).unwrap();
    let named: Vec<&str> = table.split('`').filter(|span| span.starts_with("entitle ")).collect();
    assert!(named.len() > 30, "{named:#?}");
    for line in named {
        let words: Vec<&str> = line.split(' ').skip(1).collect();
        let is_name = |word: &&&str| word.chars().all(|c| c.is_ascii_lowercase() || c == '-') && !word.starts_with('-');
        // A value such as `on` is lower case too: the longest part that is a command counts.
        let path: Vec<&str> = words.iter().take_while(is_name).copied().collect();
        let lengths = (path.len().min(2)..=path.len()).rev();
        let helps = lengths.map(|length| desk.run(&format!("help {}", path[..length].join(" "))));
        let help = helps.into_iter().find(|help| help.code == 0).unwrap_or_else(|| panic!("{line}"));
        for option in words.iter().filter(|word| word.starts_with("--")) {
            assert!(help.out.contains(option), "{line}: no {option} in\n{}", help.out);
        }
    }
}
