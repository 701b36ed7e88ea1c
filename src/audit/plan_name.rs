//! How the audit names plans.

use core::fmt;

use crate::catalog::Catalog;
use crate::id::PlanId;
use crate::message::Message;

/// Displays a plan as its display name and its id, or as its id alone where the catalog does not
/// have the plan.
struct PlanName<'a> {
    catalog: &'a Catalog,
    plan: &'a PlanId,
}

impl fmt::Display for PlanName<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.catalog.plan(self.plan) {
            Some(plan) => write!(f, "{} (`{}`)", plan.name, plan.id),
            None => write!(f, "`{}`", self.plan),
        }
    }
}

/// Adds the values of a plan to a message: `name`, and its id as `plan`.
pub(super) fn with_plan(message: Message, catalog: &Catalog, plan: &PlanId) -> Message {
    message.with("name", PlanName { catalog, plan }).with("plan", plan)
}
