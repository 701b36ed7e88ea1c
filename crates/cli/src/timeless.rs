//! The option `--at` of commands that do not depend on the time: none of them takes it.

use clap::Args;

use crate::instant::Instant;

// In the place of the option that all commands have.
#[derive(Debug, Args)]
pub(crate) struct Timeless {
    #[arg(id = "at", long = "at", value_name = "INSTANT", hide = true, value_parser = refuse)]
    #[allow(dead_code, reason = "it has no values")]
    at: Option<Instant>,
}

/// Why the option is refused.
pub(crate) const REFUSED: &str = "this command does not depend on the time: leave out --at";

fn refuse(_: &str) -> Result<Instant, &'static str> {
    Err(REFUSED)
}
