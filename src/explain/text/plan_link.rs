//! The name of a plan with the address where to read more about it.

use alloc::string::ToString;

use crate::id::Label;
use crate::message::{Value, wordings};

wordings! {
    PLAN_WITH_LINK = "plan.with-link", "{name} ({url})";
}

/// Returns the name of a plan, with the address for more information if it has one.
pub(super) fn name_with_link(name: &Label, more_info: Option<&Label>) -> Value {
    match more_info {
        None => Value::from(name),
        Some(url) => PLAN_WITH_LINK.message().with("name", name).with("url", Value::Literal(url.to_string())).into(),
    }
}
