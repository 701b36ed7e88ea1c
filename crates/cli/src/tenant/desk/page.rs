//! Pages of long lists.

use core::fmt::Display;
use core::num::NonZeroU32;

use clap::Args;
use serde_json::{Value, json};

use crate::answer::Answer;
use crate::number;
use crate::table::table;
use crate::tenant::words::typed;

/// The length of a page.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Limit {
    /// The most lines that are shown.
    #[arg(long, value_name = "LINES", default_value = "50", value_parser = number::parse::<NonZeroU32>)]
    limit: NonZeroU32,
}

/// A page of a list.
#[derive(Debug)]
pub(super) struct Page<T> {
    pub(super) entries: Vec<T>,
    /// The first entry after the page.
    pub(super) next: Option<T>,
}

impl Limit {
    /// Returns the first page of entries.
    pub(super) fn page<T>(self, mut entries: impl Iterator<Item = T>) -> Page<T> {
        let length = usize::try_from(self.limit.get()).unwrap_or(usize::MAX);
        Page { entries: entries.by_ref().take(length).collect(), next: entries.next() }
    }
}

/// A table of one page of a list.
#[derive(Debug)]
pub(super) struct PageTable<'a> {
    /// What is listed, in the plural: `users`.
    pub(super) what: &'static str,
    pub(super) heading: &'a [&'a str],
    pub(super) rows: Vec<Vec<String>>,
    /// The entries as JSON.
    pub(super) json: Vec<Value>,
    /// The number of entries of the whole list.
    pub(super) total: usize,
    /// The first entry of the page, as `--from` names it.
    pub(super) from: String,
    /// The value of `--from` for the next page.
    pub(super) next: Option<String>,
}

impl PageTable<'_> {
    /// Returns an answer with the table.
    pub(super) fn into_answer(self) -> Answer {
        self.into_answer_with(Answer::new)
    }

    /// Appends the table to the answer that is made of its JSON.
    pub(super) fn into_answer_with(self, answer: impl FnOnce(Value) -> Answer) -> Answer {
        let answer = answer(self.json());
        self.append(answer)
    }

    /// Returns the fields of the list in JSON: its entries, its total and the next page.
    fn json(&self) -> Value {
        json!({ self.what: self.json, "total": self.total, "next": self.next })
    }

    /// Appends the table, with a line that says how to go on if it is not complete.
    fn append(self, answer: Answer) -> Answer {
        let Self { what, heading, rows, total, from, next, .. } = self;
        if rows.is_empty() && total > 0 {
            return answer.escaped_line(after_the_last(what, &from, total));
        }
        if rows.is_empty() {
            return answer.line(format_args!("No {what}."));
        }
        let shown = rows.len();
        let answer = answer.table(&table(heading, &rows));
        match next {
            Some(next) => {
                answer.escaped_line(format_args!("{shown} of {total} {what}; go on with --from {}", typed(&next)))
            }
            None => answer,
        }
    }
}

/// Returns that a page begins after the last entry of its list.
pub(super) fn after_the_last(what: &str, from: &str, total: usize) -> String {
    format!("No {what} from {} on: the list has {total}.", typed(from))
}

/// Returns the text of an entry as the value of `--from`.
pub(super) fn next(entry: Option<impl Display>) -> Option<String> {
    entry.map(|entry| entry.to_string())
}
