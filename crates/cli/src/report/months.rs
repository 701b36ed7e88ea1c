//! Ranges of months on the command line.

use core::fmt;
use core::ops::RangeInclusive;
use core::str::FromStr;

use entitle::chrono::{DateTime, Utc};
use entitle::time::Month;

/// A range of months, both ends included: `2026-01..2026-12`, or `2026-03` alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct MonthRange {
    pub(crate) first: Month,
    pub(crate) last: Month,
}

impl MonthRange {
    /// Returns the month of an instant.
    pub(crate) fn of(at: DateTime<Utc>) -> Self {
        let month = Month::of(at);
        Self { first: month, last: month }
    }

    pub(crate) fn range(self) -> RangeInclusive<Month> {
        self.first..=self.last
    }
}

impl FromStr for MonthRange {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let month = |text: &str| {
            text.parse::<Month>().map_err(|error| match with_zero(text) {
                Some(fixed) => format!("{error}: write {fixed}"),
                None => error.to_string(),
            })
        };
        let (first, last) = text.split_once("..").unwrap_or((text, text));
        let (first, last) = (month(first)?, month(last.strip_prefix('=').unwrap_or(last))?);
        if last < first {
            return Err(format!("{last} is earlier than {first}: the first month comes first"));
        }
        Ok(Self { first, last })
    }
}

/// Returns `2026-03` for `2026-3`.
fn with_zero(text: &str) -> Option<Month> {
    let (year, month) = text.split_once('-')?;
    if month.len() == 1 { format!("{year}-0{month}").parse().ok() } else { None }
}

impl fmt::Display for MonthRange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.first == self.last { self.first.fmt(f) } else { write!(f, "{} to {}", self.first, self.last) }
    }
}

#[cfg(test)]
mod tests {
    use super::MonthRange;

    #[test]
    fn a_range_of_months_has_two_ends_or_one() {
        let shown = |text: &str| match text.parse::<MonthRange>() {
            Ok(range) => range.to_string(),
            Err(error) => error,
        };
        assert_eq!(shown("2026-01..2026-12"), "2026-01 to 2026-12");
        assert_eq!(shown("2026-01..=2026-12"), "2026-01 to 2026-12");
        assert_eq!(shown("2026-03"), "2026-03");
        assert_eq!(shown("2026-12..2026-01"), "2026-01 is earlier than 2026-12: the first month comes first");
        let not_a_month = "is not a month like 2026-03 between 1970 and 9999";
        assert_eq!(shown("2026-3"), format!("`2026-3` {not_a_month}: write 2026-03"));
        assert_eq!(shown("2026-03-01"), format!("`2026-03-01` {not_a_month}"));
        assert_eq!(shown("..2026-03"), format!("`` {not_a_month}"));
    }
}
