//! How the figures of statements are worded.

use crate::message::{Message, Value, wordings};
use crate::quantity::amount::Capacity;
use crate::quantity::units::Total;
use crate::report::statement::{StatementConsumption, StatementCustomer, StatementLicenses};

wordings! {
    CUSTOMER = "statement.customer", "{customer}, {country}";
    NO_CUSTOMER = "statement.no-customer", "no customer";
    LICENSES = "statement.licenses", "{usable} provisioned and {seats} assigned, {phase}";
    STARTED_LICENSES = "statement.started-licenses", "{usable} provisioned and {seats} assigned, {phase}, since {since}";
    NO_LICENSES = "statement.no-licenses", "no licenses";
    CONSUMPTION = "statement.consumption", "{consumed} consumed of {capacity}";
    UNLIMITED_CONSUMPTION = "statement.unlimited-consumption", "{consumed} consumed, unlimited";
    NO_CONSUMPTION = "statement.no-consumption", "no consumption";
}

pub(super) fn customer(customer: Option<&StatementCustomer>) -> Message {
    customer.map_or_else(
        || NO_CUSTOMER.message(),
        |it| CUSTOMER.message().with("customer", &it.name).with("country", &it.country),
    )
}

pub(super) fn licenses(licenses: Option<&StatementLicenses>) -> Message {
    let Some(licenses) = licenses else { return NO_LICENSES.message() };
    let usable = match licenses.provisioned {
        Total::Limited(units) => Value::Number(units),
        Total::Unlimited => Value::Unlimited,
    };
    let (wording, since) = match licenses.activation {
        Some(since) => (STARTED_LICENSES, Some(since)),
        None => (LICENSES, None),
    };
    let message = wording.message().with("usable", usable).with("seats", licenses.assigned);
    let message = message.with("phase", &licenses.state);
    match since {
        Some(since) => message.with("since", since),
        None => message,
    }
}

pub(super) fn consumption(consumption: Option<&StatementConsumption>) -> Message {
    let Some(it) = consumption else { return NO_CONSUMPTION.message() };
    let consumed = Value::Millionths(it.consumed.in_millionths());
    match it.allowance {
        Capacity::Limited(quantity) => {
            let capacity = Value::Millionths(quantity.in_millionths());
            CONSUMPTION.message().with("consumed", consumed).with("capacity", capacity)
        }
        Capacity::Unlimited => UNLIMITED_CONSUMPTION.message().with("consumed", consumed),
    }
}
