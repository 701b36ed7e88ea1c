//! Reports of [`entitle`] as SVG pictures (P1).
//!
//! | picture | rows |
//! |---|---|
//! | [`over_time`]: provisioned against assigned licenses, month by month | [`MonthRow`](entitle::report::MonthRow) |
//! | [`by_country`]: the same by billing country | [`CountryRow`](entitle::report::CountryRow) |
//! | [`consumption_over_time`]: consumption against the allowance, month by month | [`ConsumptionRow`](entitle::report::ConsumptionRow) |
//! | [`capacity`]: what each consumer consumed, and the allowance | [`CapacityRow`](entitle::report::CapacityRow) |
//!
//! Each function adds up the rows that it is given, so select them first: those of one plan, or of
//! all user plans, for example. A picture names no font except `sans-serif`, keeps its texts within
//! its edges in any usual font, and can be read without colours: bars are pale or dark.

mod axis;
mod bars;
mod frame;
mod text;

mod months;

mod capacity;
mod countries;

#[cfg(test)]
mod tests;

use thiserror::Error;

pub use capacity::capacity;
pub use countries::by_country;
pub use months::{consumption_over_time, over_time};

/// Why a picture is not drawn.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum PlotError {
    /// There are no rows.
    #[error("there are no rows to draw")]
    NoRows,
    /// The plotting library failed.
    #[error("the picture cannot be drawn: {error}")]
    Failed {
        /// The error of the plotting library.
        error: String,
    },
}

impl PlotError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoRows => "plot.no-rows",
            Self::Failed { .. } => "plot.failed",
        }
    }
}
