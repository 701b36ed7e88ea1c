//! Effects of a request: the units that it takes and frees, as far as Graph reported them.

use alloc::collections::BTreeSet;
use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;

use crate::graph::enums::{AppliesTo, AssignmentState};
use crate::graph::missing_data::MissingData;
use crate::graph::request::{Addition, Request};
use crate::graph::users::{Assignment, UsageLocation, User};
use crate::graph::view::View;
use crate::guid::Guid;

/// The user or group that a request is for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Assignee {
    /// The user of this id.
    User(String),
    /// The group of this id.
    Group(String),
}

/// The effect of a request on one SKU.
///
/// Graph does not report what products require and exclude: a request that finds a free unit can
/// still be rejected for that.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Effect {
    /// The product.
    pub sku: Guid,
    /// Its string id.
    pub sku_part_number: Option<String>,
    /// The requested change.
    pub change: RequestedChange,
    /// The outcome.
    pub outcome: Outcome,
    /// Service plans to turn off that the SKU does not contain.
    pub unknown_plans: Vec<Guid>,
}

/// A change that a request makes to a SKU.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RequestedChange {
    /// Assign it.
    Add,
    /// Remove it.
    Remove,
}

/// The outcome of a requested change.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// It takes one of the free units.
    Takes {
        /// The number of free units.
        free: u64,
    },
    /// It takes no unit: the user already has one (S3). Only its sources, and what is turned off,
    /// change.
    TakesNone,
    /// No unit is free.
    Short,
    /// It frees units.
    Frees {
        /// The number of units.
        units: u64,
    },
    /// It frees no unit: the SKU is still assigned through these groups (S4).
    FreesNone {
        /// Their ids.
        groups: Vec<String>,
    },
    /// It is rejected.
    Refused(RejectReason),
    /// Data that it depends on is missing.
    NotKnown(MissingData),
}

/// Why a requested change is rejected. The first reason in this order is reported.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RejectReason {
    /// The request both assigns and removes it.
    BothWays,
    /// It is for the whole organisation, and never assigned (S1).
    ForCompany,
    /// No user of the tenant has this id.
    NoSuchUser,
    /// The user has no usage location.
    NoUsageLocation,
    /// The user does not have it (S4).
    NotAssigned,
    /// The user has it through groups only: it ends with the membership (S4).
    Inherited {
        /// Their ids.
        groups: Vec<String>,
    },
}

impl View {
    /// Returns the effects of a request: first of what it removes, then of what it assigns. `O(n)`
    /// in the request times the user's assignments; for a group, times the assignments of all
    /// users.
    pub fn effects<'a>(&'a self, assignee: &'a Assignee, request: &'a Request) -> impl Iterator<Item = Effect> {
        let removed = request.remove.iter().map(move |&sku| {
            let in_both_lists = request.add.iter().any(|addition| addition.sku_id == sku);
            let outcome = if in_both_lists {
                Err(Outcome::Refused(RejectReason::BothWays))
            } else {
                self.removal_outcome(assignee, sku)
            };
            self.effect(sku, RequestedChange::Remove, outcome, Vec::new())
        });
        removed.chain(request.add.iter().map(move |addition| {
            let sku = addition.sku_id;
            let in_both_lists = request.remove.contains(&sku);
            let outcome = if in_both_lists {
                Err(Outcome::Refused(RejectReason::BothWays))
            } else {
                self.addition_outcome(assignee, sku)
            };
            self.effect(sku, RequestedChange::Add, outcome, self.plans_not_contained(addition))
        }))
    }

    fn effect(
        &self,
        sku: Guid,
        change: RequestedChange,
        outcome: Result<Outcome, Outcome>,
        unknown_plans: Vec<Guid>,
    ) -> Effect {
        let sku_part_number = self.skus.sku(sku).and_then(|sku| sku.sku_part_number.clone());
        Effect { sku, sku_part_number, change, outcome: outcome.unwrap_or_else(|outcome| outcome), unknown_plans }
    }

    /// Returns the service plans to turn off that the SKU does not contain, if its contents are
    /// known.
    fn plans_not_contained(&self, addition: &Addition) -> Vec<Guid> {
        let Some(plans) = self.skus.sku(addition.sku_id).and_then(|sku| sku.service_plans.as_ref()) else {
            return Vec::new();
        };
        let known: BTreeSet<Guid> = plans.iter().map(|plan| plan.service_plan_id).collect();
        addition.disabled_plans.iter().filter(|plan| !known.contains(plan)).copied().collect()
    }

    fn addition_outcome(&self, assignee: &Assignee, sku: Guid) -> Result<Outcome, Outcome> {
        if self.skus.sku(sku).is_some_and(|sku| sku.applies_to == Some(AppliesTo::Company)) {
            return Err(Outcome::Refused(RejectReason::ForCompany));
        }
        let Assignee::User(id) = assignee else {
            // None of the answers read here lists the members of a group.
            return Err(Outcome::NotKnown(MissingData::PropertyMissing { property: "members" }));
        };
        let user = self.find_user(id)?;
        match user.usage_location {
            UsageLocation::In(_) => {}
            UsageLocation::NotSet => return Err(Outcome::Refused(RejectReason::NoUsageLocation)),
            UsageLocation::NotReported => {
                return Err(Outcome::NotKnown(MissingData::PropertyMissing { property: "usageLocation" }));
            }
        }
        for source in states(user)?.iter().filter(|each| each.sku_id == sku) {
            if has_unit(source)? {
                return Ok(Outcome::TakesNone);
            }
        }
        match self.units(sku).map_err(Outcome::NotKnown)?.free() {
            0 => Ok(Outcome::Short),
            free => Ok(Outcome::Takes { free }),
        }
    }

    fn removal_outcome(&self, assignee: &Assignee, sku: Guid) -> Result<Outcome, Outcome> {
        match assignee {
            Assignee::User(id) => {
                let all: Vec<_> = states(self.find_user(id)?)?.iter().filter(|each| each.sku_id == sku).collect();
                let groups =
                    |all: &[&Assignment]| all.iter().filter_map(|each| each.assigned_by_group.clone()).collect();
                let direct = all.iter().find(|each| each.assigned_by_group.is_none());
                match direct {
                    Some(direct) => {
                        let mut inherited = Vec::new();
                        for each in all.iter().filter(|each| each.assigned_by_group.is_some()) {
                            if has_unit(each)? {
                                inherited.push(*each);
                            }
                        }
                        let has_direct_unit = has_unit(direct)?;
                        let frees = has_direct_unit && inherited.is_empty();
                        Ok(if frees {
                            Outcome::Frees { units: 1 }
                        } else {
                            Outcome::FreesNone { groups: groups(&inherited) }
                        })
                    }
                    None if all.is_empty() => Err(Outcome::Refused(RejectReason::NotAssigned)),
                    None => Err(Outcome::Refused(RejectReason::Inherited { groups: groups(&all) })),
                }
            }
            Assignee::Group(group) => self.freed_by_group(group, sku).map(|units| Outcome::Frees { units }),
        }
    }

    /// Returns how many users have a SKU through this group and no other source.
    fn freed_by_group(&self, group: &str, sku: Guid) -> Result<u64, Outcome> {
        let users = self.users.as_ref().ok_or(Outcome::NotKnown(MissingData::ListNotRead { list: "users" }))?;
        if !users.extent().is_whole() {
            return Err(Outcome::NotKnown(MissingData::ListIncomplete { list: "users" }));
        }
        let mut units: u64 = 0;
        for user in users.all() {
            let (mut by_group, mut otherwise) = (false, false);
            for each in states(user)?.iter().filter(|each| each.sku_id == sku) {
                let is_of_group = each.assigned_by_group.as_deref() == Some(group);
                let has_unit = has_unit(each)?;
                by_group |= has_unit && is_of_group;
                otherwise |= has_unit && !is_of_group;
            }
            units = units.saturating_add(u64::from(by_group && !otherwise));
        }
        Ok(units)
    }

    fn find_user(&self, id: &str) -> Result<&User, Outcome> {
        let whole = self.users.as_ref().is_some_and(|users| users.extent().is_whole());
        self.user(id).ok_or(match (&self.users, whole) {
            (None, _) => Outcome::NotKnown(MissingData::ListNotRead { list: "users" }),
            (Some(_), false) => Outcome::NotKnown(MissingData::ListIncomplete { list: "users" }),
            (Some(_), true) => Outcome::Refused(RejectReason::NoSuchUser),
        })
    }
}

fn states(user: &User) -> Result<&[Assignment], Outcome> {
    let missing = MissingData::PropertyMissing { property: "licenseAssignmentStates" };
    user.license_assignment_states.as_deref().ok_or(Outcome::NotKnown(missing))
}

/// Returns whether an assignment has a unit.
fn has_unit(assignment: &Assignment) -> Result<bool, Outcome> {
    const PROPERTY: &str = "state";
    match &assignment.state {
        Some(AssignmentState::Active | AssignmentState::ActiveWithError) => Ok(true),
        Some(AssignmentState::Disabled | AssignmentState::Error) => Ok(false),
        Some(AssignmentState::Unknown(word)) => {
            Err(Outcome::NotKnown(MissingData::UnknownValue { property: PROPERTY, value: word.clone() }))
        }
        None => Err(Outcome::NotKnown(MissingData::PropertyMissing { property: PROPERTY })),
    }
}

impl Outcome {
    /// Returns a stable name for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Takes { .. } => "effect.takes",
            Self::TakesNone => "effect.takes-none",
            Self::Short => "effect.short",
            Self::Frees { .. } => "effect.frees",
            Self::FreesNone { .. } => "effect.frees-none",
            Self::Refused(reason) => reason.code(),
            Self::NotKnown(missing) => missing.code(),
        }
    }
}

impl RejectReason {
    fn code(&self) -> &'static str {
        match self {
            Self::BothWays => "effect.both-ways",
            Self::ForCompany => "effect.for-company",
            Self::NoSuchUser => "effect.no-such-user",
            Self::NoUsageLocation => "effect.no-usage-location",
            Self::NotAssigned => "effect.not-assigned",
            Self::Inherited { .. } => "effect.inherited",
        }
    }
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Takes { free } => write!(f, "takes 1 of {free} free units"),
            Self::TakesNone => f.write_str("takes no unit: the user already has one"),
            Self::Short => f.write_str("no unit is free"),
            Self::Frees { units: 1 } => f.write_str("frees 1 unit"),
            Self::Frees { units } => write!(f, "frees {units} units"),
            Self::FreesNone { groups } if groups.is_empty() => f.write_str("frees no unit: the assignment has none"),
            Self::FreesNone { groups } => write!(f, "frees no unit: it is still assigned through {}", Listed(groups)),
            Self::Refused(reason) => write!(f, "refused: {reason}"),
            Self::NotKnown(missing) => write!(f, "not known: {missing}"),
        }
    }
}

impl fmt::Display for RejectReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BothWays => f.write_str("the request both assigns and removes it"),
            Self::ForCompany => f.write_str("it is for the whole organisation and never assigned"),
            Self::NoSuchUser => f.write_str("no user of the tenant has this id"),
            Self::NoUsageLocation => f.write_str("the user has no usage location"),
            Self::NotAssigned => f.write_str("the user does not have it"),
            Self::Inherited { groups } => write!(f, "the user has it only through {}", Listed(groups)),
        }
    }
}

/// Formats groups in backticks.
struct Listed<'a>(&'a [String]);

impl fmt::Display for Listed<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let plural = if self.0.len() == 1 { "" } else { "s" };
        write!(f, "group{plural}")?;
        self.0.iter().enumerate().try_for_each(|(at, id)| write!(f, "{} `{id}`", if at == 0 { "" } else { "," }))
    }
}
