//! The catalog: an offer that was proven sound, and handles to its apps.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

pub(crate) mod app_rule;
pub(crate) mod exclusion;
pub(crate) mod fault;
pub(crate) mod id_index;
pub(crate) mod numbering;
pub(crate) mod offer;
pub(crate) mod proof;
pub(crate) mod requirement_graph;

use crate::id::{AppId, PlanId, excerpt};
use crate::strict_serde::read;
use app_rule::AppRule;
use fault::{CatalogWarning, Fault};
use id_index::IdIndex;
use numbering::Numbering;
use offer::{Access, Offer, Plan, Scope};
use proof::Relations;
use requirement_graph::RequirementGraph;

/// The longest catalog text, in bytes: the largest published catalog has a tenth of it.
pub const MAX_CATALOG_BYTES: usize = 4 * 1024 * 1024;

/// The longest id that can be part of a service id (C9).
pub(crate) const MAX_SERVICE_ID_PART: usize = 50;

/// Why an offer is not a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The text is longer than [`MAX_CATALOG_BYTES`].
    #[error("a catalog has at most {MAX_CATALOG_BYTES} bytes, this text has {bytes}")]
    TooLong {
        /// How long it is.
        bytes: usize,
    },
    /// The text is not a catalog in JSON.
    #[error("not a catalog: {error}")]
    NotJson {
        /// What the parser said, with line and column.
        error: String,
    },
    /// The offer is not sound (C8); all faults at once, in the order in which they stand.
    #[error("the catalog has {} fault{}{}", .0.len(), if .0.len() == 1 { "" } else { "s" }, Lines(.0))]
    Unsound(Vec<Fault>),
}

impl CatalogError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "catalog.too-long",
            Self::NotJson { .. } => "catalog.not-json",
            Self::Unsound(_) => "catalog.unsound",
        }
    }
}

/// Faults, one a line.
struct Lines<'a>(&'a [Fault]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|fault| write!(f, "\n  {fault}"))
    }
}

/// No app of this catalog has the id that was asked for (K8).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("no app of this catalog has the id `{}`", app.escape_debug())]
#[non_exhaustive]
pub struct UnknownApp {
    /// The id that was asked for, or the beginning of a long one.
    pub app: String,
}

impl UnknownApp {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "catalog.unknown-app"
    }
}

/// Why a plan has no service id (C9).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum ServiceIdError {
    /// No plan of this catalog has the id.
    #[error("no plan of this catalog has the id `{plan}`")]
    UnknownPlan {
        /// The id that was asked for.
        plan: PlanId,
    },
    /// An id cannot be part of a service id.
    #[error("`{id}` cannot be part of a service id: at most {MAX_SERVICE_ID_PART} characters of a-z 0-9 - _")]
    NotOfTheForm {
        /// The publisher, offer or plan id.
        id: String,
    },
}

impl ServiceIdError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::UnknownPlan { .. } => "service-id.unknown-plan",
            Self::NotOfTheForm { .. } => "service-id.not-of-the-form",
        }
    }
}

/// An offer that was proven sound when it was loaded (C8). Clones share it.
///
/// It belongs into the application's binary (`include_str!`): whoever can edit the catalog can open every app.
#[derive(Debug, Clone)]
pub struct Catalog(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    offer: Offer,
    /// The numbers of the apps, which are their places in the offer, in the order of their ids.
    apps: Vec<usize>,
    /// The plans by number, which are their places in the offer.
    numbering: Arc<Numbering>,
    /// For each app what opens it.
    gates: Vec<AppRule>,
    /// For each plan whether others matter to it.
    ties: Vec<HasDependencies>,
    /// For each plan what it requires.
    chains: Vec<RequirementGraph>,
    /// For each plan what it excludes.
    exclusions: Vec<Vec<usize>>,
    warnings: Vec<CatalogWarning>,
}

impl Inner {
    /// Out of line: a check asks it only where a handle is of another catalog.
    #[inline(never)]
    fn app_number(&self, app: &AppId) -> Option<usize> {
        let id = |&number: &usize| self.offer.apps.get(number).map(|app| &app.id);
        let at = self.apps.binary_search_by(|number| id(number).cmp(&Some(app))).ok()?;
        self.apps.get(at).copied()
    }
}

impl Catalog {
    /// Proves an offer sound.
    ///
    /// # Errors
    ///
    /// [`CatalogError::Unsound`] with every fault and its place: ids used twice or differing only in letter case, apps
    /// that are missing, listed twice, both free and listed or neither, a managed offer without plans, a capacity plan
    /// that lists apps, requirements of plans that are missing, of the wrong scope, of the plan itself or that it excludes,
    /// exclusions of plans that are missing, named twice, or no user plans (C1, C3, C4, C5, C8), and more requirements than
    /// [`MAX_REQUIREMENTS`](crate::MAX_REQUIREMENTS) (X8).
    pub fn new(offer: Offer) -> Result<Self, CatalogError> {
        let apps = IdIndex::of(offer.apps.iter().map(|app| app.id.as_str()));
        let plans = IdIndex::of(offer.plans.iter().map(|plan| plan.id.as_str()));
        let required = requirement_graph::required(&offer.plans, &plans);
        let exclusions = exclusion::exclusions(&offer.plans, &plans);
        let relations = Relations { required: &required, exclusions: &exclusions };
        let faults = proof::faults(&offer, &apps, &plans, relations);
        if !faults.is_empty() {
            return Err(CatalogError::Unsound(faults));
        }
        let chains = requirement_graph::chains(&offer.plans, &plans, &required);
        let gates = app_rule::gates(&offer, &apps);
        let ties = |(chain, exclusions): (&RequirementGraph, &Vec<usize>)| {
            if chain.is_none() && exclusions.is_empty() { HasDependencies::None } else { HasDependencies::Some }
        };
        let ties = chains.iter().zip(&exclusions).map(ties).collect();
        let never = exclusion::never_in_effect(&chains, &exclusions);
        let warnings = proof::warnings(&offer, &apps, &plans, never);
        let apps = apps.by_id();
        let numbering = Arc::new(Numbering::of(offer.plans.iter().map(|plan| &plan.id)));
        Ok(Self(Arc::new(Inner { offer, apps, numbering, gates, ties, chains, exclusions, warnings })))
    }

    /// Reads an offer from JSON and proves it sound.
    ///
    /// # Errors
    ///
    /// [`CatalogError`], for a text over [`MAX_CATALOG_BYTES`], one that is not an [`Offer`] in JSON, and what
    /// [`Catalog::new`] refuses.
    pub fn from_json(text: &str) -> Result<Self, CatalogError> {
        let bytes = text.len();
        if bytes > MAX_CATALOG_BYTES {
            return Err(CatalogError::TooLong { bytes });
        }
        let offer = read(text).map_err(|error| CatalogError::NotJson { error })?;
        Self::new(offer)
    }

    /// What the publisher says.
    #[must_use]
    pub fn offer(&self) -> &Offer {
        &self.0.offer
    }

    /// A handle to an app, to be kept for as long as the application runs: a typing error shows at its start (K8).
    ///
    /// # Errors
    ///
    /// [`UnknownApp`] if the catalog has no app of that id.
    pub fn app(&self, id: &str) -> Result<App, UnknownApp> {
        let unknown = || UnknownApp { app: excerpt(id) };
        let id: AppId = id.parse().map_err(|_| unknown())?;
        let index = self.0.app_number(&id).ok_or_else(unknown)?;
        Ok(App { catalog: self.clone(), index, id })
    }

    /// Handles to all apps, in the catalog's order.
    pub fn apps(&self) -> impl Iterator<Item = App> {
        let entries = self.0.offer.apps.iter().enumerate();
        entries.map(|(index, entry)| App { catalog: self.clone(), index, id: entry.id.clone() })
    }

    /// The plan of that id.
    #[must_use]
    pub fn plan(&self, id: &PlanId) -> Option<&Plan> {
        self.plan_index(id).and_then(|index| self.plan_at(index))
    }

    /// What is probably not meant (C8).
    #[must_use]
    pub fn warnings(&self) -> &[CatalogWarning] {
        &self.0.warnings
    }

    /// The plan's name in reports and stores, `publisher.offer.plan` (C9).
    ///
    /// # Errors
    ///
    /// [`ServiceIdError`] for a plan that the catalog does not have, and if one of the three ids is longer than 50
    /// characters or has others than `a-z 0-9 - _`, such as `Gold`.
    pub fn service_id(&self, plan: &PlanId) -> Result<String, ServiceIdError> {
        let plan = self.plan(plan).ok_or_else(|| ServiceIdError::UnknownPlan { plan: plan.clone() })?;
        let parts = [self.0.offer.publisher.as_str(), self.0.offer.offer.as_str(), plan.id.as_str()];
        let allowed = |b: u8| matches!(b, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
        match parts.into_iter().find(|id| id.len() > MAX_SERVICE_ID_PART || !id.bytes().all(allowed)) {
            Some(id) => Err(ServiceIdError::NotOfTheForm { id: id.to_string() }),
            None => Ok(parts.join(".")),
        }
    }

    /// The number here of the app behind a handle of this catalog or, by its id, of another (K8).
    #[inline]
    pub(crate) fn number_of(&self, app: &App) -> Option<usize> {
        if Arc::ptr_eq(&self.0, &app.catalog.0) { Some(app.index) } else { self.0.app_number(&app.id) }
    }

    pub(crate) fn plan_index(&self, plan: &PlanId) -> Option<usize> {
        self.0.numbering.number(plan)
    }

    /// The plans by number; tenants share it as long as their records name no others.
    pub(crate) fn numbering(&self) -> &Arc<Numbering> {
        &self.0.numbering
    }

    #[inline]
    pub(crate) fn plan_at(&self, index: usize) -> Option<&Plan> {
        self.0.offer.plans.get(index)
    }

    /// For whom a plan is.
    #[inline]
    pub(crate) fn scope_of(&self, index: usize) -> Option<Scope> {
        self.0.offer.plans.get(index).map(|plan| plan.scope)
    }

    /// What a plan requires.
    #[inline]
    pub(crate) fn chain(&self, plan: usize) -> &RequirementGraph {
        self.0.chains.get(plan).unwrap_or(RequirementGraph::NONE)
    }

    /// The plans that a plan excludes or that exclude it, in the catalog's order (C5).
    #[inline]
    pub(crate) fn exclusions(&self, plan: usize) -> &[usize] {
        self.0.exclusions.get(plan).map_or(&[], Vec::as_slice)
    }

    /// What opens an app, by its number here.
    #[inline]
    pub(crate) fn gate(&self, app: usize) -> &AppRule {
        self.0.gates.get(app).unwrap_or(AppRule::SHUT)
    }

    /// What opens an app, by its handle; nothing, if this catalog has no such app.
    #[inline]
    pub(crate) fn gate_of(&self, app: &App) -> Option<&AppRule> {
        self.0.gates.get(self.number_of(app)?)
    }

    /// Whether a plan requires others, excludes them, or is excluded by them.
    #[inline]
    pub(crate) fn ties(&self, plan: usize) -> HasDependencies {
        self.0.ties.get(plan).copied().unwrap_or(HasDependencies::Some)
    }
}

/// Whether a plan requires others, excludes them, or is excluded by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HasDependencies {
    None,
    Some,
}

/// A handle to an app of a catalog: proof that the id was known when the application started (K8).
#[derive(Clone)]
pub struct App {
    catalog: Catalog,
    index: usize,
    id: AppId,
}

impl App {
    /// The app's id.
    #[must_use]
    pub fn id(&self) -> &AppId {
        &self.id
    }

    /// Whether it is open to everyone without a license (C3).
    #[must_use]
    pub fn access(&self) -> Access {
        let entry = self.catalog.0.offer.apps.get(self.index);
        entry.map_or(Access::Licensed, |entry| entry.access)
    }
}

impl fmt::Display for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

impl fmt::Debug for App {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "App({})", self.id)
    }
}
