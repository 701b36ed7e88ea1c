//! Offers with their apps and plans, as plain data (C1 to C3).

use alloc::vec::Vec;

use serde::Serialize;

use crate::catalog::quota::{PlanQuota, QuotaEntry};
use crate::catalog::release::Release;
use crate::document::{Present, choice, object};
use crate::id::{AppId, Label, OfferId, PlanId, PublisherId};
use crate::message::messages;
use crate::quantity::amount::Percent;
use crate::time::Days;

/// One product of a publisher, as listed and sold. [`Catalog::new`](crate::Catalog::new) makes a
/// catalog of it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Offer {
    /// The publisher.
    pub publisher: PublisherId,
    /// The id, unique among the publisher's offers.
    pub offer: OfferId,
    /// The display name in reports (P1). If left out, the offer's id is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Whether the offer requires licenses (C1).
    pub management: Management,
    /// How long before active units run out decisions warn (K7); 30 days if left out.
    pub notice: Days,
    /// How far a clock can be behind the record before [`Tenant::clock`](crate::Tenant::clock)
    /// reports it (X6); 1 day if left out.
    pub clock_tolerance: Days,
    /// The release of the application that this catalog is compiled into (V1); undated if left out.
    #[serde(skip_serializing_if = "Release::is_undated")]
    pub release: Release,
    /// The quotas, at most [`MAX_QUOTAS`](crate::limits::MAX_QUOTAS); none if left out (Q1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<QuotaEntry>,
    /// The apps.
    pub apps: Vec<AppEntry>,
    /// The plans.
    pub plans: Vec<Plan>,
}

impl Offer {
    /// How long before active units run out a decision warns of it, where an offer does not say.
    pub const USUAL_NOTICE: Days = Days::new(30);
    /// How far a clock may be behind the record, where an offer does not say.
    pub const USUAL_TOLERANCE: Days = Days::new(1);

    /// Returns an offer of an undated release, without a name, quotas, apps and plans, to be added to
    /// its fields.
    #[must_use]
    pub fn new(publisher: PublisherId, offer: OfferId, management: Management) -> Self {
        let (notice, clock_tolerance) = (Self::USUAL_NOTICE, Self::USUAL_TOLERANCE);
        let (release, quotas, apps, plans) = (Release::Undated, Vec::new(), Vec::new(), Vec::new());
        Self { publisher, offer, name: None, management, notice, clock_tolerance, release, quotas, apps, plans }
    }
}

/// Whether an offer requires licenses (C1).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Management {
    /// License management is off: every app of the offer is open to everyone, without an end.
    Unmanaged,
    /// License management is on.
    Managed(InstallPolicy),
}

/// Who may install a managed offer (I1, I2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum InstallPolicy {
    /// Every tenant. Apps that need a license still need it.
    WithoutLicense,
    /// Tenants that own a usable unit of any plan.
    WithLicense,
    /// Tenants that own a usable unit of one of these plans.
    WithPlan(Vec<PlanId>),
}

/// An app of an offer. Whether it is free is explicit, never implied (C3).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct AppEntry {
    /// The id by which the host asks for it.
    pub id: AppId,
    /// The display name in texts for people. If left out, they show the id.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Label>,
    /// Who may open it.
    pub access: Access,
}

impl AppEntry {
    /// Returns an app that everyone may open.
    #[must_use]
    pub fn free(id: AppId) -> Self {
        Self { id, name: None, access: Access::Free }
    }

    /// Returns an app that needs a plan.
    #[must_use]
    pub fn licensed(id: AppId) -> Self {
        Self { id, name: None, access: Access::Licensed }
    }

    /// Returns the app with a display name.
    #[must_use]
    pub fn named(mut self, name: Label) -> Self {
        self.name = Some(name);
        self
    }
}

/// Who may open an app (C3).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Access {
    /// Everyone, without a license.
    Free,
    /// Users who have a plan in effect that lists it.
    Licensed,
}

/// A plan that is sold. It lists every app that it allows, and inherits nothing from another plan
/// (C2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Plan {
    /// The id, unique among the offer's plans.
    pub id: PlanId,
    /// What a unit of it covers.
    pub scope: Scope,
    /// The display name.
    pub name: Label,
    /// The address of more information. If left out, none is shown.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub more_info: Option<Label>,
    /// The apps that it allows.
    pub apps: Vec<AppId>,
    /// The requirements. Each is a list of plans, any one of which must be in effect, for the same
    /// user if it is a user plan (C4). A plan whose requirements are not met allows nothing.
    pub requires: Vec<Vec<PlanId>>,
    /// The user plans that cannot be in effect together with this user plan for one user; either
    /// plan can declare it (C5).
    pub excludes: Vec<PlanId>,
    /// The quotas that it gives, each once; none if left out (Q1).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quotas: Vec<PlanQuota>,
    /// How far beyond its units this capacity plan can be consumed (M3); 25 percent if left out.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overage: Option<Percent>,
}

impl Plan {
    /// Returns a plan without apps, requirements, exclusions, quotas and a web address, to be added to
    /// its fields.
    #[must_use]
    pub fn new(id: PlanId, scope: Scope, name: Label) -> Self {
        let (apps, requires, excludes, quotas) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { id, scope, name, more_info: None, apps, requires, excludes, quotas, overage: None }
    }
}

/// What a unit of a plan covers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// The whole organisation. The plan is never assigned.
    Tenant,
    /// One user, who holds a seat.
    User,
    /// Work that consumes units of a pool.
    Capacity,
}

messages! {
    Scope;
    Self::Tenant => "scope.tenant", "tenant";
    Self::User => "scope.user", "user";
    Self::Capacity => "scope.capacity", "capacity";
}

object! {
    Offer {
        publisher,
        offer,
        name: Present<Label> = None,
        management,
        notice = Offer::USUAL_NOTICE,
        clock_tolerance = Offer::USUAL_TOLERANCE,
        release = Release::Undated,
        quotas = Vec::new(),
        apps,
        plans,
    }
}
choice! { Management { "unmanaged" => Unmanaged, "managed" => Managed(InstallPolicy) } }
choice! {
    InstallPolicy {
        "without_license" => WithoutLicense,
        "with_license" => WithLicense,
        "with_plan" => WithPlan(Vec<PlanId>),
    }
}
object! { AppEntry { id, name: Present<Label> = None, access } }
choice! { Access { "free" => Free, "licensed" => Licensed } }
object! {
    Plan {
        id,
        scope,
        name,
        more_info: Present<Label> = None,
        apps = Vec::new(),
        requires = Vec::new(),
        excludes = Vec::new(),
        quotas = Vec::new(),
        overage: Present<Percent> = None,
    }
}
choice! { Scope { "tenant" => Tenant, "user" => User, "capacity" => Capacity } }
