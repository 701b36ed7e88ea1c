//! `entitle tenant statement`: what the tenant states to its publisher.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle::time::{EARLIEST, End};
use serde_json::Value;

use super::options::TenantOptions;
use super::record::Record;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::instant::Instant;
use crate::report::months::MonthRange;
use crate::report::state;
use crate::text::name;

/// Write a usage statement for the publisher: licenses and consumption by month, and the heads of
/// the record. It names no users, groups or consumers.
///
/// Example: entitle tenant statement --months 2026-01..2026-12 -o contoso.json
#[derive(Debug, Args)]
pub(crate) struct Statement {
    /// `2026-01..2026-12`, or one month, up to now [default: the present one].
    #[arg(long, value_name = "MONTHS")]
    months: Option<MonthRange>,
    /// The file to write [default: stdout].
    #[arg(short, long, value_name = "FILE")]
    out: Option<PathBuf>,
}

impl Statement {
    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let record = Record::read(options)?;
        let months = self.months.unwrap_or_else(|| MonthRange::of(record.tenant().reading(now)));
        let statement = state(record.tenant(), &record.entries()?, months, now)?;
        let (Some(first), Some(last)) = (statement.months().first(), statement.months().last()) else {
            return Err(Failure::refused("report.no-months", format!("{months} is not begun yet"))
                .help("a statement has months up to now"));
        };
        let text = statement.to_json() + "\n";
        let json: Value = serde_json::from_str(&text).map_err(|error| Failure::unwritten("cli.unwritten", error))?;
        let months = MonthRange { first: first.month, last: last.month };
        let answer = Answer::document(json).notes(record.notes());
        // A month is complete once the record has evidence of a later instant.
        let open = statement.months().iter().find(|stated| stated.month.ends() > End::At(statement.floor()));
        let open = open.filter(|stated| stated.at == stated.month.last_second());
        let answer = match open {
            Some(stated) => answer.note(format!(
                "the record has no event{}, so figures from {} on are not final: `entitle tenant record-time` records the time",
                since(statement.floor()),
                stated.month
            )),
            None => answer,
        };
        let Some(path) = &self.out else { return Ok(answer.raw(&text)) };
        files::write_new(path, &text, Secrecy::Public)?;
        let (tenant, head) = (statement.tenant(), statement.head().number());
        Ok(answer.escaped_line(format!("{}: usage statement of `{tenant}`, {months}, up to entry {head}", name(path))))
    }
}

/// Returns since when a record has no event; nothing of one that has none at all.
fn since(floor: DateTime<Utc>) -> String {
    if floor == EARLIEST { String::new() } else { format!(" since {}", Instant(floor)) }
}
