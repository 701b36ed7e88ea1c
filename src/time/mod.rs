//! Answers when: instants, days, terms, phases and months. All intervals are half-open, all times
//! are UTC (L4).
//! It takes instants and lengths from documents and hosts.
//! It must not read a clock.

pub(crate) mod instant;

pub(crate) mod days;

pub(crate) mod end;

pub(crate) mod term;

pub(crate) mod phase;

pub(crate) mod month;

mod value;

pub use days::{Days, Length};
pub use end::End;
pub(crate) use instant::whole_second;
pub use instant::{EARLIEST, LATEST, TimeError};
pub use month::{Month, ParseMonthError};
pub use phase::Phase;
pub use term::{Term, Window};
