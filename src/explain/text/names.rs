//! Display names in messages that have ids.

use alloc::vec::Vec;

use crate::catalog::Catalog;
use crate::message::{Message, Value};

/// Returns a message with display names instead of the ids of plans and apps, where the catalog has
/// them.
pub(super) fn with_names(message: Message, catalog: &Catalog) -> Message {
    message.map_values(|name, value| match name {
        "plan" | "by" | "any_of" => named(value, &|id| plan_name(id, catalog)),
        "except" => named(value, &|id| app_name(id, catalog)),
        _ => value,
    })
}

fn named(value: Value, name_of: &dyn Fn(&str) -> Option<Value>) -> Value {
    let all = |values: Vec<Value>| values.into_iter().map(|value| named(value, name_of)).collect();
    match value {
        Value::Id(id) => name_of(&id).unwrap_or(Value::Id(id)),
        Value::All(values) => Value::All(all(values)),
        Value::AnyOf(values) => Value::AnyOf(all(values)),
        other => other,
    }
}

fn plan_name(id: &str, catalog: &Catalog) -> Option<Value> {
    catalog.plan(&id.parse().ok()?).map(|plan| (&plan.name).into())
}

fn app_name(id: &str, catalog: &Catalog) -> Option<Value> {
    catalog.app_name(&catalog.app(id).ok()?).map(Value::from)
}
