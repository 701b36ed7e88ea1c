//! Names of products and service plans.

use std::collections::BTreeMap;

use entitle_microsoft::Guid;
use entitle_microsoft::catalogue::Edition;

/// Names by GUID.
#[derive(Debug, Default)]
pub(super) struct Names(BTreeMap<Guid, String>);

impl Names {
    /// Adds a name, unless there is one.
    pub(super) fn add(&mut self, id: Guid, name: Option<&String>) {
        if let Some(name) = name {
            self.0.entry(id).or_insert_with(|| name.clone());
        }
    }

    /// Adds the names of an edition.
    pub(super) fn add_edition(&mut self, edition: &Edition) {
        for product in edition.products() {
            self.add(product.id, Some(&product.name.to_string()));
        }
        for plan in edition.service_plans() {
            self.add(plan.id, Some(&plan.friendly_name.to_string()));
        }
    }

    /// Returns the name of a GUID, or else the GUID.
    pub(super) fn of(&self, id: Guid) -> String {
        self.find(id).map_or_else(|| id.to_string(), ToString::to_string)
    }

    /// Returns the name of a GUID, if there is one.
    pub(super) fn find(&self, id: Guid) -> Option<&str> {
        self.0.get(&id).map(String::as_str)
    }

    /// Replaces GUIDs in backticks by their names.
    pub(super) fn replace_guids(&self, text: &str) -> String {
        let named = |part: &str| part.parse().map_or_else(|_| part.to_string(), |id| self.of(id));
        text.split('`').map(named).collect::<Vec<_>>().join("`")
    }
}
