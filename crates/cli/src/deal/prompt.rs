//! Prompts for missing options at the terminal.

use std::io::{self, BufRead as _, IsTerminal as _, Write as _};

use crate::deal::sale_options::SaleOptions;
use crate::exit::Failure;

/// Prompts until no option is missing if stdin is a terminal, else fails with the names of all
/// missing options.
pub(crate) fn for_missing(
    options: &mut SaleOptions,
    missing: fn(&SaleOptions) -> Vec<(&'static str, &'static str)>,
) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        let names: Vec<String> = missing(options).into_iter().map(|(name, _)| format!("--{name}")).collect();
        if names.is_empty() {
            return Ok(());
        }
        let verb = if names.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} missing, and stdin is not a terminal to prompt at", names.join(", "));
        return Err(Failure::usage("cli.missing", message).help("give options, or a file with --from"));
    }
    while let Some((name, question)) = missing(options).first() {
        let answer = read_answer(question)?;
        if let Err(error) = options.answer(name, &answer) {
            crate::answer::print_to_stderr(&format!("  {}", crate::text::one_line(&error)));
        }
    }
    Ok(())
}

fn read_answer(question: &str) -> Result<String, Failure> {
    let unreadable = |error: io::Error| Failure::unreadable("cli.unreadable", format!("the terminal: {error}"));
    _ = write!(io::stderr(), "{question}: ").and_then(|()| io::stderr().flush());
    let mut line = String::new();
    match io::stdin().lock().read_line(&mut line).map_err(unreadable)? {
        0 => Err(Failure::usage("cli.missing", "the answer is missing")),
        _ => Ok(line.trim().to_string()),
    }
}
