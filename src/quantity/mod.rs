//! Units of plans and amounts of capacity: how much was sold and how much is used. Plain numbers,
//! each kind with its own type, so that none can be passed for another.

pub(crate) mod units;

pub(crate) mod amount;
