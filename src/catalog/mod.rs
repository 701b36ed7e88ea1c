//! Answers what an offer consists of: its apps, plans, requirements and exclusions, with handles to
//! its apps.
//! It takes an [`Offer`] as data or JSON, and proves it free of faults before it is used (C8).
//! It must not know licenses, tenants, records or time.

use alloc::string::String;
use alloc::sync::Arc;
use alloc::vec::Vec;
use core::fmt;

use thiserror::Error;

pub(crate) mod basis;
pub(crate) mod index;
pub(crate) mod numbering;
pub(crate) mod quota;
pub(crate) mod release;

pub(crate) mod offer;

pub(crate) mod app_name;

pub(crate) mod requirement_graph;

pub(crate) mod app_rule;
pub(crate) mod exclusion;
pub(crate) mod fault;
pub(crate) mod quota_rule;

pub(crate) mod proof;

mod hash;
pub(crate) mod quota_handle;
pub(crate) mod service_id;

pub use fault::{CatalogWarning, Fault, FaultKind};
pub use hash::CatalogHash;
pub use offer::{Access, AppEntry, InstallPolicy, Management, Offer, Plan, Scope};
pub use quota::{Combination, PlanQuota, QuotaEntry, QuotaPer, QuotaScope};
pub use quota_handle::{TenantQuota, UnknownQuota, UserQuota};
pub use release::Release;
pub use service_id::ServiceIdError;

use crate::collections::id_index::IdIndex;
use crate::document::{Unreadable, read};
use crate::id::{AppId, Label, PlanId, excerpt};
use crate::message::{Value, messages};
use app_rule::AppRule;
use index::{AppIndex, PlanIndex};
use numbering::Numbering;
use proof::Relations;
use quota_rule::QuotaRule;
use requirement_graph::RequirementGraph;
use service_id::service_id;

/// The longest catalog text in bytes: ten times the largest published catalog (X8).
pub const MAX_CATALOG_BYTES: usize = 4 * 1024 * 1024;

/// Why an offer is not a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum CatalogError {
    /// The text is longer than [`MAX_CATALOG_BYTES`].
    TooLong {
        /// The length of the text in bytes.
        bytes: usize,
    },
    /// The text is not a catalog in JSON.
    NotJson {
        /// The line of the text, counted from 1.
        line: usize,
        /// The column in the line, counted in bytes from 1; 0 before the first character.
        column: usize,
        /// The parser's message.
        detail: String,
    },
    /// The offer has faults (C8): all of them, in the order of its fields.
    Unsound(Vec<Fault>),
}

messages! {
    CatalogError;
    Self::TooLong { bytes } => "catalog.too-long", "a catalog has at most {max} bytes, this text has {bytes}",
        max = MAX_CATALOG_BYTES, bytes;
    Self::NotJson { line, column, detail } => "catalog.not-json",
        "not a catalog: line {line}, column {column}: {detail}", line = Value::ordinal(line), column = Value::ordinal(column), detail = Value::Detail(detail.clone());
    Self::Unsound(faults) if faults.len() == 1 => ("catalog.unsound") "catalog.unsound-one",
        "the catalog has 1 fault\n{faults}", faults = Value::Lines(faults.iter().map(Value::from).collect());
    Self::Unsound(faults) => "catalog.unsound", "the catalog has {found} faults\n{faults}",
        found = faults.len(), faults = Value::Lines(faults.iter().map(Value::from).collect());
}

/// No app of this catalog has the requested id (K8).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub struct UnknownApp {
    /// The requested id, cut if it is long.
    pub app: String,
}

messages! {
    UnknownApp;
    Self { app } => "catalog.unknown-app", "no app of this catalog has the id {app}", app;
}

/// An offer that was proven free of faults when it was loaded (C8). Clones share it.
///
/// Compile it into the application (`include_str!`): anyone who can edit the catalog can open every
/// app.
#[derive(Debug, Clone)]
pub struct Catalog(Arc<Inner>);

#[derive(Debug, Clone)]
struct Inner {
    offer: Offer,
    /// The indexes of the apps in the offer, in the order of their ids.
    apps: Vec<AppIndex>,
    /// The numbers of the plans, which are their indexes in the offer.
    numbering: Arc<Numbering>,
    /// The rule of each app.
    rules: Vec<AppRule>,
    /// The rule of each quota.
    quotas: Vec<QuotaRule>,
    /// For each plan, whether it depends on other plans.
    dependencies: Vec<HasDependencies>,
    /// For each plan, the plans that it requires.
    chains: Vec<RequirementGraph>,
    /// For each plan, the plans that it excludes or that exclude it.
    exclusions: Vec<Vec<PlanIndex>>,
    warnings: Vec<CatalogWarning>,
}

impl Inner {
    /// Returns the index of an app by its id. Not inlined: a check needs it only for a handle of
    /// another catalog.
    #[inline(never)]
    fn app_index(&self, app: &AppId) -> Option<AppIndex> {
        let id = |&index: &AppIndex| self.offer.apps.get(index.0).map(|app| &app.id);
        let at = self.apps.binary_search_by(|index| id(index).cmp(&Some(app))).ok()?;
        self.apps.get(at).copied()
    }
}

impl Catalog {
    /// Returns the catalog of an offer that has no faults.
    ///
    /// # Errors
    ///
    /// [`CatalogError::Unsound`] with every fault and its place: ids that are repeated or differ
    /// only in letter case; apps that are missing, listed twice, both free and listed, or neither;
    /// a managed offer without plans; a capacity plan that lists apps; requirements of plans that
    /// are missing, of the wrong scope, excluded by the plan, or the plan itself; exclusions of
    /// plans that are missing, named twice, or not user plans (C1, C3, C4, C5, C8); quotas that are
    /// missing, given twice, of users and given for each unit or by a capacity plan (Q1); and more
    /// requirements than [`MAX_REQUIREMENTS`](crate::limits::MAX_REQUIREMENTS) or quotas than
    /// [`MAX_QUOTAS`](crate::limits::MAX_QUOTAS) (X8).
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
        let rules = app_rule::rules(&offer, &apps);
        let quotas = quota_rule::quota_rules(&offer, &plans);
        let dependencies = |(chain, exclusions): (&RequirementGraph, &Vec<PlanIndex>)| {
            if chain.is_none() && exclusions.is_empty() { HasDependencies::None } else { HasDependencies::Some }
        };
        let dependencies = chains.iter().zip(&exclusions).map(dependencies).collect();
        let never = exclusion::never_in_effect(&chains, &exclusions);
        let warnings = proof::warnings(&offer, &apps, &plans, never);
        let apps = apps.by_id().into_iter().map(AppIndex).collect();
        let numbering = Arc::new(Numbering::of(offer.plans.iter().map(|plan| &plan.id)));
        Ok(Self(Arc::new(Inner { offer, apps, numbering, rules, quotas, dependencies, chains, exclusions, warnings })))
    }

    /// Returns the catalog of another release of the application with the same apps and plans (V1).
    /// `O(n)` in the offer.
    #[must_use]
    pub fn with_release(&self, release: Release) -> Self {
        let mut inner = Inner::clone(&self.0);
        inner.offer.release = release;
        Self(Arc::new(inner))
    }

    /// Returns the catalog of an offer in JSON.
    ///
    /// # Errors
    ///
    /// [`CatalogError`] for a text over [`MAX_CATALOG_BYTES`], a text that is not an [`Offer`] in
    /// JSON, and the faults that [`Catalog::new`] finds.
    pub fn from_json(text: &str) -> Result<Self, CatalogError> {
        let bytes = text.len();
        if bytes > MAX_CATALOG_BYTES {
            return Err(CatalogError::TooLong { bytes });
        }
        let offer =
            read(text).map_err(|Unreadable { line, column, detail }| CatalogError::NotJson { line, column, detail })?;
        Self::new(offer)
    }

    /// Returns the offer.
    #[must_use]
    pub fn offer(&self) -> &Offer {
        &self.0.offer
    }

    /// Returns a handle to an app. Make handles when the application starts, so that a misspelled
    /// id shows at once (K8).
    ///
    /// # Errors
    ///
    /// [`UnknownApp`] if the catalog has no app of that id.
    pub fn app(&self, id: &str) -> Result<App, UnknownApp> {
        let unknown = || UnknownApp { app: excerpt(id) };
        let id: AppId = id.parse().map_err(|_| unknown())?;
        let index = self.0.app_index(&id).ok_or_else(unknown)?;
        Ok(App { catalog: self.clone(), index, id })
    }

    /// Returns handles to all apps, in the catalog's order.
    pub fn apps(&self) -> impl Iterator<Item = App> {
        self.indexed_apps().map(|(index, entry)| App { catalog: self.clone(), index, id: entry.id.clone() })
    }

    /// Returns the plan of an id.
    #[must_use]
    pub fn plan(&self, id: &PlanId) -> Option<&Plan> {
        self.plan_index(id).and_then(|index| self.plan_at(index))
    }

    /// Returns the warnings about the offer (C8).
    #[must_use]
    pub fn warnings(&self) -> &[CatalogWarning] {
        &self.0.warnings
    }

    /// Returns the plan's service id, `publisher.offer.plan`, for reports and stores (C9).
    ///
    /// # Errors
    ///
    /// [`ServiceIdError`] for a plan that the catalog does not have, and for an id longer than 50
    /// characters or with characters other than `a-z 0-9 - _`, such as `Gold`.
    pub fn service_id(&self, plan: &PlanId) -> Result<String, ServiceIdError> {
        let plan = self.plan(plan).ok_or_else(|| ServiceIdError::UnknownPlan { plan: plan.clone() })?;
        service_id(&self.0.offer.publisher, &self.0.offer.offer, &plan.id)
    }

    /// Returns the index of the app of a handle. A handle of another catalog is looked up by its id
    /// (K8).
    #[inline]
    pub(crate) fn app_index(&self, app: &App) -> Option<AppIndex> {
        if Arc::ptr_eq(&self.0, &app.catalog.0) { Some(app.index) } else { self.0.app_index(&app.id) }
    }

    pub(crate) fn plan_index(&self, plan: &PlanId) -> Option<PlanIndex> {
        self.0.numbering.in_catalog(self.0.numbering.number(plan)?)
    }

    /// Returns the numbers of the plans. Tenants share them until their records name other plans.
    pub(crate) fn numbering(&self) -> &Arc<Numbering> {
        &self.0.numbering
    }

    /// Returns the plans with their indexes, in the catalog's order.
    pub(crate) fn indexed_plans(&self) -> impl Iterator<Item = (PlanIndex, &Plan)> {
        (0..).map(PlanIndex).zip(&self.0.offer.plans)
    }

    /// Returns the apps with their indexes, in the catalog's order.
    pub(crate) fn indexed_apps(&self) -> impl Iterator<Item = (AppIndex, &AppEntry)> {
        (0..).map(AppIndex).zip(&self.0.offer.apps)
    }

    #[inline]
    pub(crate) fn plan_at(&self, index: PlanIndex) -> Option<&Plan> {
        self.0.offer.plans.get(index.0)
    }

    /// Returns what a unit of a plan covers.
    #[inline]
    pub(crate) fn scope_of(&self, index: PlanIndex) -> Option<Scope> {
        self.0.offer.plans.get(index.0).map(|plan| plan.scope)
    }

    /// Returns the plans that a plan requires.
    #[inline]
    pub(crate) fn chain(&self, plan: PlanIndex) -> &RequirementGraph {
        self.0.chains.get(plan.0).unwrap_or(RequirementGraph::NONE)
    }

    /// Returns the plans that a plan excludes or that exclude it, in the catalog's order (C5).
    #[inline]
    pub(crate) fn exclusions(&self, plan: PlanIndex) -> &[PlanIndex] {
        self.0.exclusions.get(plan.0).map_or(&[], Vec::as_slice)
    }

    /// Returns the rule of an app by its index.
    #[inline]
    pub(crate) fn rule(&self, app: AppIndex) -> &AppRule {
        self.0.rules.get(app.0).unwrap_or(AppRule::SHUT)
    }

    /// Returns the rule of an app by its handle; `None` if this catalog has no such app.
    #[inline]
    pub(crate) fn rule_of(&self, app: &App) -> Option<&AppRule> {
        self.0.rules.get(self.app_index(app)?.0)
    }

    /// Returns the quotas with their rules, in the catalog's order.
    pub(crate) fn quotas(&self) -> impl Iterator<Item = (&QuotaEntry, &QuotaRule)> {
        self.0.offer.quotas.iter().zip(&self.0.quotas)
    }

    /// Returns the display name of an app by its handle, if it has one.
    pub(crate) fn app_name(&self, app: &App) -> Option<&Label> {
        self.0.offer.apps.get(self.app_index(app)?.0)?.name.as_ref()
    }

    /// Returns whether a plan depends on other plans.
    #[inline]
    pub(crate) fn dependencies(&self, plan: PlanIndex) -> HasDependencies {
        self.0.dependencies.get(plan.0).copied().unwrap_or(HasDependencies::Some)
    }
}

/// Whether a plan requires other plans, excludes them, or is excluded by them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HasDependencies {
    None,
    Some,
}

/// A handle to an app of a catalog, which proves that the catalog has the app (K8).
#[derive(Clone)]
pub struct App {
    catalog: Catalog,
    index: AppIndex,
    id: AppId,
}

impl App {
    /// Returns the app's id.
    #[must_use]
    pub fn id(&self) -> &AppId {
        &self.id
    }

    /// Returns whether the app is free or needs a license (C3).
    #[must_use]
    pub fn access(&self) -> Access {
        let entry = self.catalog.0.offer.apps.get(self.index.0);
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
