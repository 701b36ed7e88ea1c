//! How the audit names plans.

use crate::catalog::Catalog;
use crate::id::PlanId;
use crate::message::{Message, Value, wordings};

wordings! {
    PLAN = "audit.plan", "{name} ({plan})";
}

/// Adds the values of a plan to a message: `name`, and its id as `plan`. The name is the display name
/// and the id, or the id alone where the catalog does not have the plan.
pub(super) fn with_plan(message: Message, catalog: &Catalog, plan: &PlanId) -> Message {
    let name = match catalog.plan(plan) {
        Some(known) => PLAN.message().with("name", &known.name).with("plan", plan).into(),
        None => Value::from(plan),
    };
    message.with("name", name).with("plan", plan)
}
