//! What times are as values of messages.

use alloc::string::ToString;

use crate::message::Value;
use crate::time::days::{Days, Length};
use crate::time::end::End;
use crate::time::month::Month;

impl From<&End> for Value {
    fn from(end: &End) -> Self {
        match end {
            End::At(at) => Self::EndsAt(*at),
            End::Never => Self::Never,
        }
    }
}

impl From<&Month> for Value {
    fn from(month: &Month) -> Self {
        Self::Month(month.to_string())
    }
}

impl From<&Days> for Value {
    fn from(days: &Days) -> Self {
        Self::Days(days.get())
    }
}

impl From<&Length> for Value {
    fn from(length: &Length) -> Self {
        (&length.in_days()).into()
    }
}
