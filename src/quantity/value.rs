//! What quantities are as values of messages.

use crate::message::Value;
use crate::quantity::amount::{Amount, Capacity, Quantity};
use crate::quantity::place::Place;
use crate::quantity::quota_amount::QuotaAmount;
use crate::quantity::units::{Total, Units};

impl From<&Units> for Value {
    fn from(units: &Units) -> Self {
        match units {
            Units::Limited(units) => units.into(),
            Units::Unlimited => Self::Unlimited,
        }
    }
}

impl From<&Total> for Value {
    fn from(total: &Total) -> Self {
        match total {
            Total::Limited(units) => units.into(),
            Total::Unlimited => Self::Unlimited,
        }
    }
}

impl From<&QuotaAmount> for Value {
    fn from(amount: &QuotaAmount) -> Self {
        match amount {
            QuotaAmount::Limited(number) => Self::from(&number.get()),
            QuotaAmount::Unlimited => Self::Unlimited,
        }
    }
}

impl From<&Place> for Value {
    fn from(place: &Place) -> Self {
        Self::Ordinal(place.get())
    }
}

impl From<&Amount> for Value {
    fn from(amount: &Amount) -> Self {
        Self::Millionths(amount.in_millionths())
    }
}

impl From<&Quantity> for Value {
    fn from(quantity: &Quantity) -> Self {
        Self::Millionths(quantity.in_millionths())
    }
}

impl From<&Capacity> for Value {
    fn from(capacity: &Capacity) -> Self {
        match capacity {
            Capacity::Limited(quantity) => quantity.into(),
            Capacity::Unlimited => Self::Unlimited,
        }
    }
}
