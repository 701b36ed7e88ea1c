//! Answers how many: units of plans, and amounts of capacity in millionths.
//! It takes numbers, each kind of its own type, so that none can be passed for another.
//! It must not know what is counted.

pub(crate) mod place;

pub(crate) mod units;

pub(crate) mod amount;

pub(crate) mod quota_amount;

mod value;

pub use amount::{Amount, AmountError, Capacity, Percent, Quantity};
pub use place::Place;
pub use quota_amount::{QuotaAmount, QuotaNumber, QuotaNumberError};
pub use units::{Total, Units, ZeroUnitsError};
