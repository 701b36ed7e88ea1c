//! Reports of [`entitle`] as pictures: SVG from rows (P1).
//!
//! | picture | rows |
//! |---|---|
//! | [`over_time`]: provisioned against assigned licenses, month by month | [`MonthRow`](entitle::report::MonthRow) |
//! | [`by_country`]: the same by billing country | [`CountryRow`](entitle::report::CountryRow) |
//! | [`capacity`]: what each consumer consumed, and the allowance | [`CapacityRow`](entitle::report::CapacityRow) |
//!
//! Each function adds up the rows that it is given, so choose them first: those of one plan, say, or of all user plans. A
//! picture names no font but `sans-serif`, keeps its texts within its edges in any usual one, and is told apart without
//! colours: pale and dark.

mod axis;
mod bars;
mod frame;
mod text;

mod capacity;
mod countries;
mod months;

#[cfg(test)]
mod tests;

use thiserror::Error;

pub use capacity::capacity;
pub use countries::by_country;
pub use months::over_time;

/// Why there is no picture.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlotError {
    /// There were no rows to be shown.
    #[error("there are no rows to be shown")]
    NoRows,
    /// The plotting library failed.
    #[error("the picture cannot be drawn: {error}")]
    Failed {
        /// What it said.
        error: String,
    },
}

impl PlotError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRows => "plot.no-rows",
            Self::Failed { .. } => "plot.failed",
        }
    }
}
