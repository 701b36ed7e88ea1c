//! Writes the two files of a catalog.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use csv_core::{WriteResult, Writer};
use entitle::catalog::{Access, Scope, ServiceIdError};
use entitle::{AppId, Catalog, PlanId};
use thiserror::Error;

use crate::isv::component_names::{ComponentNames, is_component};
use crate::isv::import::{COMPONENT, DISPLAY_NAME, Files, MAX_FILE_BYTES, MORE_INFO, SERVICE_ID};
use crate::isv::offer_defaults::{OfferDefaults, PlanDefaults};

/// Why a catalog is not written: all reasons, at least one.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the files cannot express this catalog{}", Lines(.0))]
pub struct ExportError(pub Vec<Unexportable>);

/// A reason why a catalog is not written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unexportable {
    /// A plan has no service id (C9).
    #[error(transparent)]
    ServiceId(#[from] ServiceIdError),
    /// The id of an app is not a component name: letters, digits and underscores.
    #[error("`{app}` is not a component name: use letters, digits and underscores")]
    NotAComponent {
        /// The app.
        app: AppId,
    },
    /// Two apps would be one component: [`ComponentNames`] give one the name that another app has
    /// as its id, perhaps in other letter case.
    #[error("`{first}` and `{second}` would be one component, `{component}`: name another one")]
    SharedComponent {
        /// The component.
        component: String,
        /// The app that is first in the offer.
        first: AppId,
        /// The other app.
        second: AppId,
    },
    /// The [`ComponentNames`] name an app that the offer does not have.
    #[error("a component is named for `{app}`, which is not an app of the offer")]
    UnknownApp {
        /// The app.
        app: AppId,
    },
    /// The offer has no plan, so that the files would be empty.
    #[error("the offer has no plan")]
    NoPlans,
    /// A file would be longer than [`MAX_FILE_BYTES`].
    #[error("a file would have {bytes} bytes, at most {MAX_FILE_BYTES} are allowed")]
    TooLong {
        /// The length that the file would have.
        bytes: usize,
    },
    /// The name of the offer differs from that of the [`OfferDefaults`].
    #[error("the offer's name differs from the offer defaults")]
    Name,
    /// The license management of the offer, or who may install, differs from the [`OfferDefaults`].
    #[error("the offer's license management differs from the offer defaults")]
    Management,
    /// The notice of the offer differs from that of the [`OfferDefaults`].
    #[error("the offer's notice differs from the offer defaults")]
    Notice,
    /// The clock tolerance of the offer differs from that of the [`OfferDefaults`].
    #[error("the offer's clock tolerance differs from the offer defaults")]
    ClockTolerance,
    /// The release of the offer differs from that of the [`OfferDefaults`].
    #[error("the offer's release differs from the offer defaults")]
    Release,
    /// The quotas of the offer differ from those of the [`OfferDefaults`].
    #[error("the offer's quotas differ from the offer defaults")]
    Quotas,
    /// The free apps of the offer, or the names or the order of its apps, differ from the
    /// [`OfferDefaults`].
    #[error("the offer's free apps, or the names or the order of its apps, differ from the offer defaults")]
    Apps,
    /// The scope, requirements, exclusions, quotas or overage of a plan differ from the
    /// [`OfferDefaults`].
    #[error("the scope, requirements, exclusions, quotas or overage of `{plan}` differ from the offer defaults")]
    Plan {
        /// The plan.
        plan: PlanId,
    },
}

impl Unexportable {
    /// Returns a stable name of this reason for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ServiceId(error) => error.code(),
            Self::NotAComponent { .. } => "isv.not-a-component",
            Self::SharedComponent { .. } => "isv.shared-component",
            Self::UnknownApp { .. } => "isv.unknown-app",
            Self::NoPlans => "isv.no-plans",
            Self::TooLong { .. } => "isv.file-too-long",
            Self::Name => "isv.name-differs",
            Self::Management => "isv.management-differs",
            Self::Notice => "isv.notice-differs",
            Self::ClockTolerance => "isv.clock-tolerance-differs",
            Self::Release => "isv.release-differs",
            Self::Quotas => "isv.quotas-differ",
            Self::Apps => "isv.apps-differ",
            Self::Plan { .. } => "isv.plan-differs",
        }
    }
}

struct Lines<'a>(&'a [Unexportable]);

impl fmt::Display for Lines<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|reason| write!(f, "\n  {reason}"))
    }
}

impl Files {
    /// Returns the files of a catalog, as Microsoft's tool accepts them. Reading them with the same
    /// [`OfferDefaults`] gives the same offer. `O(n)` in the catalog.
    ///
    /// # Errors
    ///
    /// [`ExportError`], with everything that neither the files nor the `OfferDefaults` express, so
    /// that nothing is lost silently. [`OfferDefaults::from_catalog`] never differs.
    pub fn from_catalog(catalog: &Catalog, defaults: &OfferDefaults) -> Result<Self, ExportError> {
        Self::from_catalog_named(catalog, defaults, &ComponentNames::new())
    }

    /// Returns the files of a catalog with these names of components. Reading them with
    /// [`Self::catalog_named`] and the same names gives the same offer. `O(n log n)` in the catalog.
    ///
    /// # Errors
    ///
    /// [`ExportError`] as for [`Self::from_catalog`], and if two apps would be one component, or an
    /// app that is named is not in the catalog.
    pub fn from_catalog_named(
        catalog: &Catalog,
        defaults: &OfferDefaults,
        names: &ComponentNames,
    ) -> Result<Self, ExportError> {
        let mut reasons = Vec::new();
        let offer = catalog.offer();
        let mut definition =
            CsvText::with([canonical_name(SERVICE_ID), canonical_name(DISPLAY_NAME), canonical_name(MORE_INFO)]);
        let mut mapping = CsvText::with([SERVICE_ID.last().copied().unwrap_or_default(), canonical_name(COMPONENT)]);
        for plan in &offer.plans {
            match catalog.service_id(&plan.id) {
                Ok(id) => {
                    let more_info = plan.more_info.as_ref().map_or("", |label| label.as_str());
                    definition.row([&id, plan.name.as_str(), more_info]);
                    plan.apps.iter().for_each(|app| mapping.row([&id, names.component(app)]));
                }
                // The publisher's and the offer's ids are the same in every service id: report
                // their error once.
                Err(error) if reasons.first() != Some(&Unexportable::ServiceId(error.clone())) => {
                    reasons.push(error.into());
                }
                Err(_) => {}
            }
        }
        reasons.extend(wrong_components(catalog, names));
        if offer.plans.is_empty() {
            reasons.push(Unexportable::NoPlans);
        }
        let files = Self { definition: definition.0, mapping: mapping.0 };
        let long = [&files.definition, &files.mapping].map(String::len).into_iter().max().unwrap_or_default();
        if long > MAX_FILE_BYTES {
            reasons.push(Unexportable::TooLong { bytes: long });
        }
        reasons.extend(differences(catalog, defaults));
        if reasons.is_empty() { Ok(files) } else { Err(ExportError(reasons)) }
    }
}

/// Returns the apps that are no components of their own, and the names of no app.
fn wrong_components(catalog: &Catalog, names: &ComponentNames) -> Vec<Unexportable> {
    let (mut reasons, mut apps) = (Vec::new(), BTreeMap::new());
    for app in catalog.offer().apps.iter().filter(|app| app.access == Access::Licensed).map(|app| &app.id) {
        let component = names.component(app);
        if !is_component(component) {
            reasons.push(Unexportable::NotAComponent { app: app.clone() });
        } else if let Some(first) = apps.insert(component.to_lowercase(), app) {
            let (component, first, second) = (component.to_string(), first.clone(), app.clone());
            reasons.push(Unexportable::SharedComponent { component, first, second });
        }
    }
    let unknown = names.iter().filter(|(app, _)| catalog.offer().apps.iter().all(|entry| entry.id != **app));
    reasons.extend(unknown.map(|(app, _)| Unexportable::UnknownApp { app: app.clone() }));
    reasons
}

/// Returns the parts of a catalog that neither the files nor the defaults express. `Offer` is not
/// exhaustive here: a test names all its fields.
fn differences(catalog: &Catalog, defaults: &OfferDefaults) -> Vec<Unexportable> {
    let offer = catalog.offer();
    let mut differences = Vec::new();
    let mut require = |is_same: bool, what| {
        if !is_same {
            differences.push(what);
        }
    };
    require(offer.name == defaults.name, Unexportable::Name);
    require(offer.management == defaults.management, Unexportable::Management);
    require(offer.notice == defaults.notice, Unexportable::Notice);
    require(offer.clock_tolerance == defaults.clock_tolerance, Unexportable::ClockTolerance);
    require(offer.release == defaults.release, Unexportable::Release);
    require(offer.quotas == defaults.quotas, Unexportable::Quotas);
    require(
        defaults.apps == offer.apps || defaults.apps.is_empty() && OfferDefaults::from_catalog(catalog).apps.is_empty(),
        Unexportable::Apps,
    );
    let mut described = BTreeMap::new();
    for more in &defaults.plans {
        let is_repeated = described.insert(&more.id, more).is_some();
        require(!is_repeated && catalog.plan(&more.id).is_some(), Unexportable::Plan { plan: more.id.clone() });
    }
    for plan in &offer.plans {
        let canonical_name = PlanDefaults::new(plan.id.clone(), Scope::User);
        let described = described.get(&plan.id).copied().unwrap_or(&canonical_name);
        require(*described == PlanDefaults::from_plan(plan), Unexportable::Plan { plan: plan.id.clone() });
    }
    differences
}

fn canonical_name(names: &[&'static str]) -> &'static str {
    names.first().copied().unwrap_or_default()
}

/// A CSV text that is written row by row.
struct CsvText(String);

impl CsvText {
    fn with<const N: usize>(heading: [&str; N]) -> Self {
        let mut text = Self(String::new());
        text.row(heading);
        text
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) {
        let cells = cells.map(csv_cell);
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }
}

/// Returns a cell, quoted where necessary.
fn csv_cell(cell: &str) -> String {
    if cell.is_empty() {
        // The writer would quote an empty cell, in case it is the whole row; no row here is.
        return String::new();
    }
    // At most every character is a quote, which is doubled, and the cell is quoted.
    let mut written = alloc::vec![0; cell.len().saturating_mul(2).saturating_add(2)];
    let mut writer = Writer::new();
    let (_, _, mut end) = writer.field(cell.as_bytes(), &mut written);
    if let (WriteResult::InputEmpty, more) = writer.finish(written.get_mut(end..).unwrap_or_default()) {
        end = end.saturating_add(more);
    }
    String::from_utf8_lossy(written.get(..end).unwrap_or_default()).to_string()
}
