//! As of when each source of a report is: a statement is as old as its month says.

use entitle::chrono::{DateTime, Utc};
use entitle::time::Month;

use super::source::{Content, Source, Sources};
use crate::instant::{Instant, day};
use crate::table::{Table, table};
use crate::text::name;

/// Returns the instant of what a source says about a month that has begun; of a ledger that of the report.
pub(super) fn as_of(source: &Source, month: Month, now: DateTime<Utc>) -> DateTime<Utc> {
    match &source.content {
        Content::Record(_) => now,
        Content::Statement(statement) => statement.month(month).map_or(now, |stated| stated.at),
    }
}

/// Returns a list of the sources with their instants, unless there is one ledger alone, which is read as it
/// is.
pub(super) fn list(sources: &Sources, now: DateTime<Utc>) -> Option<Table> {
    let month = Month::of(now);
    let sources: Vec<&Source> = sources.best().collect();
    if let [Source { content: Content::Record(_), .. }] = sources.as_slice() {
        return None;
    }
    let rows = sources.iter().map(|source| {
        let at = as_of(source, month, now);
        let age = match days(at, now) {
            0 => String::new(),
            1 => "1 day old".to_string(),
            days => format!("{days} days old"),
        };
        vec![
            name(&source.path),
            source.record().0.to_string(),
            day(at),
            source.last_evidence().map_or_else(|| "-".to_string(), day),
            age,
        ]
    });
    Some(table(&["SOURCE", "TENANT", "AS OF", "LATEST ENTRY", ""], &rows.collect::<Vec<_>>()))
}

/// Returns a note about each source that is not as of the day of the report.
pub(super) fn notes(sources: &Sources, now: DateTime<Utc>) -> Vec<String> {
    let month = Month::of(now);
    let old = sources.best().filter(|source| days(as_of(source, month, now), now) > 0);
    let note = |source: &Source| {
        let (at, tenant) = (as_of(source, month, now), source.record().0);
        format!("{}: {tenant} is as of {}, not of {}", name(&source.path), Instant(at), day(now))
    };
    old.map(note).collect()
}

/// Returns the number of days from the day of one instant to that of another.
fn days(at: DateTime<Utc>, now: DateTime<Utc>) -> i64 {
    now.date_naive().signed_duration_since(at.date_naive()).num_days()
}
