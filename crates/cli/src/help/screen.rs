//! The help of a command on one screen: `-h` is short and ends with an example, `--help` has all.

use clap::Command;

/// What the help of every command ends with.
pub(crate) const FOOTER: &str = "Exit codes: `entitle help exit-codes`";

/// The longest line of an example: the help is as wide as a terminal, and indents it.
const WIDTH: usize = 76;

/// Returns a command with its help, and that of its subcommands, completed: by the first example of the long
/// text, and by where the exit codes are.
pub(crate) fn complete(command: Command) -> Command {
    with_screen(command, "entitle")
}

/// Completes a command of this name with those that it belongs to.
fn with_screen(command: Command, path: &str) -> Command {
    let own = command.get_after_help().map(|help| format!("{}\n\n{FOOTER}", help.ansi()));
    let example = command.get_long_about().and_then(|text| first_example(&text.ansi().to_string(), path));
    let command = match (own, example) {
        (Some(own), _) => command.after_help(own),
        (None, Some(example)) => {
            command.after_help(format!("Example:\n{}\n\n{FOOTER}", in_lines(&example))).after_long_help(FOOTER)
        }
        (None, None) => command.after_help(FOOTER),
    };
    command.mut_subcommands(|below| {
        let path = format!("{path} {}", below.get_name());
        with_screen(below, &path)
    })
}

/// Returns the first line of a command in backticks.
fn first_example(text: &str, command: &str) -> Option<String> {
    let is_of = |span: &&str| span.strip_prefix(command).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '));
    let span = text.split('`').skip(1).step_by(2).find(is_of)?;
    Some(span.split_whitespace().collect::<Vec<_>>().join(" "))
}

/// Returns a command line in lines that a shell reads as one, broken before options.
fn in_lines(example: &str) -> String {
    let mut lines = vec![String::new()];
    for (index, part) in example.split(" -").enumerate() {
        let part = if index == 0 { part.to_string() } else { format!("-{part}") };
        match lines.last_mut() {
            Some(line) if line.is_empty() => line.push_str(&part),
            // A backslash may follow.
            Some(line) if line.chars().count().saturating_add(part.chars().count()) < WIDTH.saturating_sub(4) => {
                line.push(' ');
                line.push_str(&part);
            }
            _ => lines.push(format!("  {part}")),
        }
    }
    let lines: Vec<String> = lines.into_iter().map(|line| format!("  {line}")).collect();
    lines.join(" \\\n")
}

#[cfg(test)]
mod tests {
    use super::{first_example, in_lines};

    #[test]
    fn an_example_is_one_command_in_lines_that_fit() {
        let text = "Sells.\n\n`--ends`, `entitle deal newer` and `entitle deal new --catalog f365.json --tenant contoso --name 'Contoso Ltd'\n--country DE --grant gold=5 -o deal.json`; `entitle x`";
        let example = first_example(text, "entitle deal new").unwrap_or_default();
        let lines = in_lines(&example);
        assert_eq!(
            lines,
            "  entitle deal new --catalog f365.json --tenant contoso \\\n    --name 'Contoso Ltd' --country DE --grant gold=5 -o deal.json"
        );
        assert!(lines.lines().all(|line| line.chars().count() <= 80));
        assert_eq!(lines.replace("\\\n", "").split_whitespace().collect::<Vec<_>>().join(" "), example);
        assert_eq!(first_example("`--at` only", "entitle"), None);
        assert_eq!(in_lines("entitle deal list"), "  entitle deal list");
    }
}
