//! Display names in messages that have ids.

use alloc::vec::Vec;

use crate::catalog::Catalog;
use crate::id::PlanId;
use crate::message::{Message, Value};

/// Returns the display name of a plan, or its id if the catalog does not have it.
pub(super) fn plan_name(catalog: &Catalog, plan: &PlanId) -> Value {
    catalog.plan(plan).map_or_else(|| plan.into(), |plan| Value::from(&plan.name))
}

/// Returns a message with display names instead of the ids of plans and apps, where the catalog has
/// them.
pub(super) fn with_names(message: Message, catalog: &Catalog) -> Message {
    message.map_values(|name, value| match name {
        "plan" | "by" | "any_of" => named(value, &|id| Some(plan_name(catalog, &id.parse().ok()?))),
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

fn app_name(id: &str, catalog: &Catalog) -> Option<Value> {
    catalog.app_name(&catalog.app(id).ok()?).map(Value::from)
}
