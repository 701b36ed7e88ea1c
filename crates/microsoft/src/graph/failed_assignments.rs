//! Assignments in error, and how to fix each.

use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use crate::graph::enums::{AssignmentError, AssignmentState};
use crate::graph::fix::{Fix, MAX_NAMED};
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
    /// Returns the assignments in error, and how to fix each. `O(n log n)` in the assignments read and what
    /// is turned off in them, and for each one in error [`MAX_NAMED`](crate::graph::MAX_NAMED) ids.
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
            let parts = Parts::of(assignments);
            errors.all.extend(assignments.iter().filter(|each| is_in_error(each)).map(|each| FailedAssignment {
                user: user.id.clone(),
                user_principal_name: user.user_principal_name.clone(),
                sku: each.sku_id,
                source: each.assigned_by_group.clone().map_or(Source::Direct, Source::Group),
                error: each.error.clone(),
                fix: self.suggest_fix(user, &parts, each, &waiting),
            }));
        }
        Ok(errors)
    }

    fn suggest_fix(&self, user: &User, parts: &Parts, failed: &Assignment, waiting: &BTreeMap<Guid, u64>) -> Fix {
        let sku = failed.sku_id;
        match &failed.error {
            Some(AssignmentError::CountViolation) => {
                let waiting = waiting.get(&sku).copied().unwrap_or(1);
                self.units(sku).map_or_else(Fix::AskGraph, |units| Fix::for_units(&units, waiting))
            }
            Some(AssignmentError::MutuallyExclusive) => {
                let among = parts.held.iter().filter(|&&held| held != sku).copied();
                match named(among) {
                    Some(among) => Fix::RemoveExcluding { sku, among },
                    None => Fix::LookAtUser { user: user.id.clone() },
                }
            }
            Some(AssignmentError::Dependency) => {
                let turned_off = named(parts.turned_off.iter().copied()).unwrap_or_default();
                Fix::AssignPrerequisite { sku, turned_off }
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

/// What a fix may name of a user: worked out once, however many assignments are in error.
struct Parts {
    /// The products of which the user has a unit.
    held: BTreeSet<Guid>,
    /// The service plans that are turned off.
    turned_off: BTreeSet<Guid>,
}

impl Parts {
    fn of(all: &[Assignment]) -> Self {
        let holds_unit =
            |each: &&Assignment| matches!(each.state, Some(AssignmentState::Active | AssignmentState::ActiveWithError));
        Self {
            held: all.iter().filter(holds_unit).map(|each| each.sku_id).collect(),
            turned_off: all.iter().flat_map(|each| each.disabled_plans.iter().flatten()).copied().collect(),
        }
    }
}

/// Returns the ids; `None` if there are more than a fix names.
fn named(ids: impl Iterator<Item = Guid>) -> Option<Vec<Guid>> {
    let named: Vec<Guid> = ids.take(MAX_NAMED.saturating_add(1)).collect();
    (named.len() <= MAX_NAMED).then_some(named)
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
