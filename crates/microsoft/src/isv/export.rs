//! From a catalog to the two files.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use csv_core::{WriteResult, Writer};
use entitle::catalog::{Access, Scope, ServiceIdError};
use entitle::{AppId, Catalog, PlanId};
use thiserror::Error;

use crate::isv::import::{COMPONENT, DISPLAY_NAME, Files, MAX_FILE_BYTES, MORE_INFO, SERVICE_ID};
use crate::isv::offer_defaults::{OfferDefaults, PlanDefaults};

/// Why a catalog is not written: everything that stands in the way, at once; never nothing.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("the files cannot say this catalog{}", Lines(.0))]
pub struct ExportError(pub Vec<Unexportable>);

/// Why a catalog is not written.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum Unexportable {
    /// A plan has no service id (C9).
    #[error(transparent)]
    ServiceId(#[from] ServiceIdError),
    /// An app's id is not the unique name of a component: letters, digits and underscores.
    #[error("`{app}` is not the name of a component: letters, digits and underscores")]
    NotAComponent {
        /// The app.
        app: AppId,
    },
    /// The offer has no plan, so that nothing would be written.
    #[error("the offer has no plan")]
    NoPlans,
    /// A file would be longer than [`MAX_FILE_BYTES`].
    #[error("a file of {bytes} bytes is longer than {MAX_FILE_BYTES}")]
    TooLong {
        /// How long it would be.
        bytes: usize,
    },
    /// The offer says another name than the [`OfferDefaults`].
    #[error("the offer's name is not said")]
    Name,
    /// The offer says otherwise than the [`OfferDefaults`] whether licenses are asked for, or who may install.
    #[error("the offer's license management is not said")]
    Management,
    /// The offer says another notice than the [`OfferDefaults`].
    #[error("the offer's notice is not said")]
    Notice,
    /// The offer says another clock tolerance than the [`OfferDefaults`].
    #[error("the offer's clock tolerance is not said")]
    ClockTolerance,
    /// Free apps of the offer, or the order of its apps, are not in the [`OfferDefaults`].
    #[error("the offer's free apps, or the order of its apps, are not said")]
    Apps,
    /// The scope, the requirements, the exclusions or the overage of a plan are not as in the [`OfferDefaults`].
    #[error("the scope, requirements, exclusions or overage of `{plan}` are not said")]
    Plan {
        /// The plan.
        plan: PlanId,
    },
}

impl Unexportable {
    /// A stable name of this reason for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::ServiceId(error) => error.code(),
            Self::NotAComponent { .. } => "isv.not-a-component",
            Self::NoPlans => "isv.no-plans",
            Self::TooLong { .. } => "isv.file-too-long",
            Self::Name => "isv.name-differs",
            Self::Management => "isv.management-differs",
            Self::Notice => "isv.notice-differs",
            Self::ClockTolerance => "isv.clock-tolerance-differs",
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
    /// The files of a catalog, as Microsoft's tool takes them, with what they do not say beside them: reading them with the
    /// same [`OfferDefaults`] gives the same offer. Linear in the catalog.
    ///
    /// # Errors
    ///
    /// [`ExportError`] with everything at once that the files cannot say and the `OfferDefaults` does not: [`OfferDefaults::from_catalog`] is the one
    /// that does. So nothing is lost silently.
    pub fn from_catalog(catalog: &Catalog, defaults: &OfferDefaults) -> Result<Self, ExportError> {
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
                    plan.apps.iter().for_each(|app| mapping.row([&id, app.as_str()]));
                }
                // The publisher's and the offer's ids are the same in all.
                Err(error) if reasons.first() != Some(&Unexportable::ServiceId(error.clone())) => {
                    reasons.push(error.into());
                }
                Err(_) => {}
            }
        }
        let listed = offer.apps.iter().filter(|app| app.access == Access::Licensed);
        let not_components = listed.filter(|app| !is_component(app.id.as_str()));
        reasons.extend(not_components.map(|app| Unexportable::NotAComponent { app: app.id.clone() }));
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

/// What is said in a catalog, but neither in the files nor beside them.
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

fn is_component(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn canonical_name(names: &[&'static str]) -> &'static str {
    names.first().copied().unwrap_or_default()
}

/// A CSV text that grows by rows.
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

/// A cell, in quotes where it needs them.
fn csv_cell(cell: &str) -> String {
    if cell.is_empty() {
        // Of a row that is nothing else the writer would make quotes; no row here is.
        return String::new();
    }
    // Every quote may be doubled, and the whole be quoted.
    let mut written = alloc::vec![0; cell.len().saturating_mul(2).saturating_add(2)];
    let mut writer = Writer::new();
    let (_, _, mut end) = writer.field(cell.as_bytes(), &mut written);
    if let (WriteResult::InputEmpty, more) = writer.finish(written.get_mut(end..).unwrap_or_default()) {
        end = end.saturating_add(more);
    }
    String::from_utf8_lossy(written.get(..end).unwrap_or_default()).to_string()
}
