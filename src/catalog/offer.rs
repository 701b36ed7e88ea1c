//! What a publisher says of one offer: its apps and plans, as plain data (C1 to C3).

use alloc::vec::Vec;

use serde::{Deserialize, Deserializer, Serialize};

use crate::amount::Percent;
use crate::id::{AppId, Label, OfferId, PlanId, PublisherId};
use crate::strict_serde::one_reading;
use crate::time::Days;

/// One product of a publisher as it is listed and sold; [`Catalog::new`](crate::Catalog::prove) makes it usable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Offer {
    /// Who sells it.
    pub publisher: PublisherId,
    /// Its id among the publisher's offers.
    pub offer: OfferId,
    /// Its name for people, in reports (P1); left out, the offer's id is shown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub name: Option<Label>,
    /// Whether licenses are asked for at all (C1).
    pub management: Management,
    /// How long before active units run out a decision warns of it (K7); 30 days if left out.
    #[serde(default = "usual_notice")]
    pub notice: Days,
    /// How far a clock may be behind the record before [`Tenant::clock`](crate::Tenant::clock) says so (X6); 1 day if left
    /// out.
    #[serde(default = "usual_tolerance")]
    pub clock_tolerance: Days,
    /// What is gated.
    pub apps: Vec<AppEntry>,
    /// What is sold.
    pub plans: Vec<Plan>,
}

fn usual_notice() -> Days {
    Offer::USUAL_NOTICE
}

fn usual_tolerance() -> Days {
    Offer::USUAL_TOLERANCE
}

impl Offer {
    /// How long before active units run out a decision warns of it, where an offer does not say.
    pub(crate) const USUAL_NOTICE: Days = Days::new(30);
    /// How far a clock may be behind the record, where an offer does not say.
    pub(crate) const USUAL_TOLERANCE: Days = Days::new(1);

    /// An offer without a name, apps and plans; its fields take them.
    #[must_use]
    pub fn new(publisher: PublisherId, offer: OfferId, management: Management) -> Self {
        let (notice, clock_tolerance) = (usual_notice(), usual_tolerance());
        let (apps, plans) = (Vec::new(), Vec::new());
        Self { publisher, offer, name: None, management, notice, clock_tolerance, apps, plans }
    }
}

/// Whether licenses are asked for at all (C1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Management {
    /// License management is off: every app of the offer is open to everyone, for ever.
    Unmanaged,
    /// License management is on.
    Managed(InstallPolicy),
}

/// Who may install a managed offer (I1, I2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum InstallPolicy {
    /// Every tenant; the apps that need a license still need it.
    WithoutLicense,
    /// Tenants that own a usable unit of any plan.
    WithLicense,
    /// Tenants that own a usable unit of one of these plans.
    WithPlan(Vec<PlanId>),
}

/// An app of an offer, free or not: free is said, never implied (C3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct AppEntry {
    /// Its id, as the host asks for it.
    pub id: AppId,
    /// Who may open it.
    pub access: Access,
}

impl AppEntry {
    /// An app that everyone may open.
    #[must_use]
    pub fn free(id: AppId) -> Self {
        Self { id, access: Access::Free }
    }

    /// An app that a plan opens.
    #[must_use]
    pub fn licensed(id: AppId) -> Self {
        Self { id, access: Access::Licensed }
    }
}

/// Who may open an app (C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Access {
    /// Everyone, without a license.
    Free,
    /// Whoever has a plan in effect that lists it.
    Licensed,
}

/// A thing that is sold: it lists every app it opens, nothing is inherited from another plan (C2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[non_exhaustive]
pub struct Plan {
    /// Its id among the offer's plans.
    pub id: PlanId,
    /// For whom a unit of it counts.
    pub scope: Scope,
    /// Its name for people.
    pub name: Label,
    /// Where people read more about it; left out, nothing is shown.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub more_info: Option<Label>,
    /// The apps it opens.
    #[serde(default)]
    pub apps: Vec<AppId>,
    /// What it requires: each a list of plans, any one of which has to be in effect, for the same user where it is a user
    /// plan (C4). A plan whose requirement is not met opens nothing.
    #[serde(default)]
    pub requires: Vec<Vec<PlanId>>,
    /// The user plans that no user can have in effect beside this user plan, whichever of the two says so (C5).
    #[serde(default)]
    pub excludes: Vec<PlanId>,
    /// How far beyond its units this capacity plan may be drawn from (M3); if not said, 25 percent.
    #[serde(default, skip_serializing_if = "Option::is_none", deserialize_with = "said")]
    pub overage: Option<Percent>,
}

/// What stands there; `null` is not another way to leave it out.
fn said<'de, T: Deserialize<'de>, D: Deserializer<'de>>(deserializer: D) -> Result<Option<T>, D::Error> {
    T::deserialize(deserializer).map(Some)
}

impl Plan {
    /// A plan without apps, requirements, exclusions and a web address; its fields take them.
    #[must_use]
    pub fn new(id: PlanId, scope: Scope, name: Label) -> Self {
        let (apps, requires, excludes) = (Vec::new(), Vec::new(), Vec::new());
        Self { id, scope, name, more_info: None, apps, requires, excludes, overage: None }
    }
}

/// For whom a unit of a plan counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(remote = "Self", rename_all = "snake_case")]
pub enum Scope {
    /// For the whole organisation; never assigned.
    Tenant,
    /// For one user who holds a seat.
    User,
    /// For work that draws units from a pool.
    Capacity,
}

impl core::fmt::Display for Scope {
    fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
        f.pad(match self {
            Self::Tenant => "tenant",
            Self::User => "user",
            Self::Capacity => "capacity",
        })
    }
}

one_reading!(Offer, Management, InstallPolicy, AppEntry, Access, Plan, Scope);
