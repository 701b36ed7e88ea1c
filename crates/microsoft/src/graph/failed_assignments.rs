//! Assignments in error, and how to fix each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use crate::graph::enums::{AssignmentError, AssignmentState};
use crate::graph::fix::Fix;
use crate::graph::missing_data::MissingData;
use crate::graph::pages::Extent;
use crate::graph::users::{Assignment, UsageLocation, User, Users};
use crate::graph::view::View;
use crate::guid::Guid;

/// Assignments in error, as far as Graph reported them.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Errors {
    /// The assignments in error, user by user in the list's order.
    pub all: Vec<FailedAssignment>,
    /// The ids of users whose assignments Graph did not report.
    pub without_assignments: Vec<String>,
    /// Whether these are all users of the tenant.
    pub extent: Extent,
}

/// An assignment in error.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FailedAssignment {
    /// The user's id.
    pub user: String,
    /// The user principal name.
    pub user_principal_name: Option<String>,
    /// The product.
    pub sku: Guid,
    /// The source of the assignment.
    pub source: Source,
    /// The error, if Graph reports it.
    pub error: Option<AssignmentError>,
    /// How to fix it.
    pub fix: Fix,
}

/// The source of an assignment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Source {
    /// A direct assignment.
    Direct,
    /// An assignment through the group of this id.
    Group(String),
}

impl View {
    /// Returns the assignments in error, and how to fix each. `O(n log n)` in the assignments read,
    /// and `O(m)` in the user's assignments for each one in error.
    ///
    /// # Errors
    ///
    /// [`MissingData::ListNotRead`], if the users were not read.
    pub fn errors(&self) -> Result<Errors, MissingData> {
        let users = self.users.as_ref().ok_or(MissingData::ListNotRead { list: "users" })?;
        let waiting = waiting(users);
        let mut errors = Errors { all: Vec::new(), without_assignments: Vec::new(), extent: users.extent().clone() };
        for user in users.all() {
            let Some(assignments) = &user.license_assignment_states else {
                errors.without_assignments.push(user.id.clone());
                continue;
            };
            errors.all.extend(assignments.iter().filter(|each| is_in_error(each)).map(|each| FailedAssignment {
                user: user.id.clone(),
                user_principal_name: user.user_principal_name.clone(),
                sku: each.sku_id,
                source: each.assigned_by_group.clone().map_or(Source::Direct, Source::Group),
                error: each.error.clone(),
                fix: self.suggest_fix(user, assignments, each, &waiting),
            }));
        }
        Ok(errors)
    }

    fn suggest_fix(&self, user: &User, all: &[Assignment], failed: &Assignment, waiting: &BTreeMap<Guid, u64>) -> Fix {
        let sku = failed.sku_id;
        match &failed.error {
            Some(AssignmentError::CountViolation) => {
                let waiting = waiting.get(&sku).copied().unwrap_or(1);
                self.units(sku).map_or_else(Fix::AskGraph, |units| Fix::for_units(&units, waiting))
            }
            Some(AssignmentError::MutuallyExclusive) => {
                let holds_unit = |each: &&Assignment| {
                    each.sku_id != sku
                        && matches!(each.state, Some(AssignmentState::Active | AssignmentState::ActiveWithError))
                };
                let among: BTreeSet<Guid> = all.iter().filter(holds_unit).map(|each| each.sku_id).collect();
                Fix::RemoveExcluding { sku, among: among.into_iter().collect() }
            }
            Some(AssignmentError::Dependency) => {
                let off: BTreeSet<Guid> =
                    all.iter().flat_map(|each| each.disabled_plans.iter().flatten()).copied().collect();
                Fix::AssignPrerequisite { sku, turned_off: off.into_iter().collect() }
            }
            Some(AssignmentError::ProhibitedInUsageLocation) => match &user.usage_location {
                UsageLocation::NotSet => Fix::SetUsageLocation { user: user.id.clone() },
                UsageLocation::In(code) => {
                    Fix::NotOfferedThere { sku, user: user.id.clone(), usage_location: code.clone() }
                }
                UsageLocation::NotReported => Fix::AskGraph(MissingData::PropertyMissing { property: "usageLocation" }),
            },
            Some(AssignmentError::Uniqueness | AssignmentError::Other) => Fix::LookAtUser { user: user.id.clone() },
            Some(AssignmentError::Unknown(word)) => {
                Fix::AskGraph(MissingData::UnknownValue { property: "error", value: word.clone() })
            }
            None => Fix::AskGraph(MissingData::PropertyMissing { property: "error" }),
        }
    }
}

/// Returns how many users wait for a unit of each SKU. A user who has one from another source waits
/// for none (S3).
fn waiting(users: &Users) -> BTreeMap<Guid, u64> {
    let mut waiting = BTreeMap::new();
    for user in users.all() {
        let all = user.license_assignment_states.as_deref().unwrap_or_default();
        let lacks_unit = |each: &&Assignment| each.error == Some(AssignmentError::CountViolation);
        let holds_unit = |each: &&Assignment| each.state == Some(AssignmentState::Active) && each.error.is_none();
        let held: BTreeSet<Guid> = all.iter().filter(holds_unit).map(|each| each.sku_id).collect();
        let skus: BTreeSet<Guid> = all.iter().filter(lacks_unit).map(|each| each.sku_id).collect();
        for &sku in skus.difference(&held) {
            let count: &mut u64 = waiting.entry(sku).or_default();
            *count = count.saturating_add(1);
        }
    }
    waiting
}

fn is_in_error(assignment: &Assignment) -> bool {
    let failed = matches!(assignment.state, Some(AssignmentState::Error | AssignmentState::ActiveWithError));
    failed || assignment.error.is_some()
}
