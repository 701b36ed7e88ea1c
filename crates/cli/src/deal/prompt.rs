//! Prompts for missing options at the terminal.

use std::io::{self, IsTerminal as _};

use crate::deal::sale_options::SaleOptions;
use crate::exit::Failure;
use crate::prompt::read_answer;

/// Prompts until no option is missing if stdin is a terminal, else fails with the names of all
/// missing options, and with what to do.
pub(crate) fn for_missing(
    options: &mut SaleOptions,
    missing: fn(&SaleOptions) -> Vec<(&'static str, &'static str)>,
    help: &str,
) -> Result<(), Failure> {
    if !io::stdin().is_terminal() {
        let names: Vec<String> = missing(options).into_iter().map(|(name, _)| format!("--{name}")).collect();
        if names.is_empty() {
            return Ok(());
        }
        let verb = if names.len() == 1 { "is" } else { "are" };
        let message = format!("{} {verb} missing, and stdin is not a terminal to prompt at", names.join(", "));
        return Err(Failure::usage("cli.missing", message).help(help));
    }
    while let Some((name, question)) = missing(options).first() {
        let answer = read_answer(question)?;
        if let Err(error) = options.answer(name, &answer) {
            crate::answer::print_to_stderr(&format!("  {}", crate::text::one_line(&error)));
        }
    }
    Ok(())
}
