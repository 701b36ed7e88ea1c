//! Users with their `licenseAssignmentStates`, and a user's `licenseDetails`.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;

use serde::{Deserialize, Deserializer};

use crate::graph::enums::{AssignmentError, AssignmentState};
use crate::graph::pages::{Extent, GraphError, check_count, check_size, parse_object, read_pages};
use crate::graph::skus::ServicePlanInfo;
use crate::graph::texts::{optional_text, text};
use crate::guid::Guid;

const USERS: &str = "users";
const DETAILS: &str = "licenseDetails";

/// A user of a tenant. A property that was not queried is `None`: Graph returns most properties
/// only if `$select` names them.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct User {
    /// The user's id.
    #[serde(deserialize_with = "text")]
    pub id: String,
    /// The user principal name.
    #[serde(default, deserialize_with = "optional_text")]
    pub user_principal_name: Option<String>,
    /// The usage location.
    #[serde(default)]
    pub usage_location: UsageLocation,
    /// The assignments, one per source.
    #[serde(default)]
    pub license_assignment_states: Option<Vec<Assignment>>,
}

/// The usage location of a user.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum UsageLocation {
    /// The country of this code.
    In(String),
    /// It is not set.
    NotSet,
    /// It was not queried.
    #[default]
    NotReported,
}

impl<'de> Deserialize<'de> for UsageLocation {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let reported = optional_text(deserializer)?;
        Ok(reported.filter(|code| !code.is_empty()).map_or(Self::NotSet, Self::In))
    }
}

/// A SKU that is assigned to a user by one source.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Assignment {
    /// The product.
    pub sku_id: Guid,
    /// The group that it comes from; `None` for a direct assignment.
    #[serde(default, deserialize_with = "optional_text")]
    pub assigned_by_group: Option<String>,
    /// The service plans that are turned off in it.
    #[serde(default)]
    pub disabled_plans: Option<Vec<Guid>>,
    /// The state.
    #[serde(default)]
    pub state: Option<AssignmentState>,
    /// The error.
    #[serde(default, deserialize_with = "error")]
    pub error: Option<AssignmentError>,
}

/// Graph writes `None` for no error.
fn error<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<AssignmentError>, D::Error> {
    let reported = Option::<AssignmentError>::deserialize(deserializer)?;
    Ok(reported.filter(|error| !matches!(error, AssignmentError::Unknown(word) if word == "None" || word.is_empty())))
}

/// The users of a tenant with their assignments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Users {
    all: Vec<User>,
    by_id: BTreeMap<String, usize>,
    extent: Extent,
}

impl Users {
    /// Returns the users on the pages of `GET
    /// /users?$select=id,userPrincipalName,usageLocation,licenseAssignmentStates`, which have to be
    /// in order. `O(n log n)` in the text.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a page that is not one, a user who is listed twice, or too many entries.
    pub fn read(pages: &[&str]) -> Result<Self, GraphError> {
        let (all, extent) = read_pages(USERS, pages)?;
        Self::index(all, extent)
    }

    /// Returns one user, the answer to `GET /users/{id}?$select=…`. Other users of the tenant are
    /// unknown.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a text that is not a user, or too many entries.
    pub fn read_one(text: &str) -> Result<Self, GraphError> {
        check_size(USERS, &[text])?;
        Self::index(alloc::vec![parse_object(USERS, 1, text)?], Extent::One)
    }

    fn index(all: Vec<User>, extent: Extent) -> Result<Self, GraphError> {
        let mut by_id = BTreeMap::new();
        for (at, user) in all.iter().enumerate() {
            let assignments = user.license_assignment_states.as_deref().unwrap_or_default();
            check_count(USERS, &user.id, "assignments", assignments.len())?;
            for assignment in assignments {
                check_count(USERS, &user.id, "disabled plans", assignment.disabled_plans.as_ref().map_or(0, Vec::len))?;
            }
            if by_id.insert(user.id.clone(), at).is_some() {
                return Err(GraphError::Repeated { list: USERS, id: crate::text::excerpt(&user.id) });
            }
        }
        Ok(Self { all, by_id, extent })
    }

    /// Returns the users that were read, in order.
    #[must_use]
    pub fn all(&self) -> &[User] {
        &self.all
    }

    /// Returns the user of an id, if they were read.
    #[must_use]
    pub fn user(&self, id: &str) -> Option<&User> {
        self.all.get(*self.by_id.get(id)?)
    }

    /// Returns whether these are all users of the tenant.
    #[must_use]
    pub fn extent(&self) -> &Extent {
        &self.extent
    }
}

/// A SKU of a user, with the status of its service plans for that user.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
#[non_exhaustive]
pub struct Detail {
    /// The product.
    pub sku_id: Guid,
    /// The product's string id.
    #[serde(default, deserialize_with = "optional_text")]
    pub sku_part_number: Option<String>,
    /// Its service plans.
    #[serde(default)]
    pub service_plans: Option<Vec<ServicePlanInfo>>,
}

/// The answer to `GET /users/{id}/licenseDetails`. It does not name the user: the caller knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Details {
    pub(crate) by_sku: BTreeMap<Guid, Detail>,
    extent: Extent,
}

impl Details {
    /// Returns the SKUs on the pages of the list, which have to be in order. `O(n log n)` in the
    /// text.
    ///
    /// # Errors
    ///
    /// [`GraphError`]: a page that is not one, a SKU that is listed twice, or too many entries.
    pub fn read(pages: &[&str]) -> Result<Self, GraphError> {
        let (all, extent) = read_pages::<Detail>(DETAILS, pages)?;
        let mut by_sku = BTreeMap::new();
        for detail in all {
            let id = detail.sku_id.to_string();
            check_count(DETAILS, &id, "service plans", detail.service_plans.as_ref().map_or(0, Vec::len))?;
            if by_sku.insert(detail.sku_id, detail).is_some() {
                return Err(GraphError::Repeated { list: DETAILS, id });
            }
        }
        Ok(Self { by_sku, extent })
    }

    /// Returns the SKU of a product, if the user has it and it was read.
    #[must_use]
    pub fn sku(&self, id: Guid) -> Option<&Detail> {
        self.by_sku.get(&id)
    }

    /// Returns whether these are all SKUs of the user.
    #[must_use]
    pub fn extent(&self) -> &Extent {
        &self.extent
    }
}
