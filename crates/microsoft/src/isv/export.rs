//! From a catalog to the two files.

use alloc::collections::BTreeMap;
use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use csv_core::{WriteResult, Writer};
use entitle::catalog::{Access, Scope, ServiceIdError};
use entitle::{AppId, Catalog, PlanId};
use thiserror::Error;

use crate::isv::files::{COMPONENT, DISPLAY_NAME, Files, MAX_FILE_BYTES, MORE_INFO, SERVICE_ID};
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
            Self::Name => "isv.name-not-said",
            Self::Management => "isv.management-not-said",
            Self::Notice => "isv.notice-not-said",
            Self::ClockTolerance => "isv.clock-tolerance-not-said",
            Self::Apps => "isv.apps-not-said",
            Self::Plan { .. } => "isv.plan-not-said",
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
    /// [`ExportError`] with everything at once that the files cannot say and the `OfferDefaults` does not: [`OfferDefaults::of`] is the one
    /// that does. So nothing is lost silently.
    pub fn of(catalog: &Catalog, defaults: &OfferDefaults) -> Result<Self, ExportError> {
        let mut wrong = Vec::new();
        let offer = catalog.offer();
        let mut definition = Text::with([usual(SERVICE_ID), usual(DISPLAY_NAME), usual(MORE_INFO)]);
        let mut mapping = Text::with([SERVICE_ID.last().copied().unwrap_or_default(), usual(COMPONENT)]);
        for plan in &offer.plans {
            match catalog.service_id(&plan.id) {
                Ok(id) => {
                    let more_info = plan.more_info.as_ref().map_or("", |label| label.as_str());
                    definition.row([&id, plan.name.as_str(), more_info]);
                    plan.apps.iter().for_each(|app| mapping.row([&id, app.as_str()]));
                }
                // The publisher's and the offer's ids are the same in all.
                Err(error) if wrong.first() != Some(&Unexportable::ServiceId(error.clone())) => {
                    wrong.push(error.into());
                }
                Err(_) => {}
            }
        }
        let listed = offer.apps.iter().filter(|app| app.access == Access::Licensed);
        let strange = listed.filter(|app| !is_component(app.id.as_str()));
        wrong.extend(strange.map(|app| Unexportable::NotAComponent { app: app.id.clone() }));
        if offer.plans.is_empty() {
            wrong.push(Unexportable::NoPlans);
        }
        let files = Self { definition: definition.0, mapping: mapping.0 };
        let long = [&files.definition, &files.mapping].map(String::len).into_iter().max().unwrap_or_default();
        if long > MAX_FILE_BYTES {
            wrong.push(Unexportable::TooLong { bytes: long });
        }
        wrong.extend(lost(catalog, defaults));
        if wrong.is_empty() { Ok(files) } else { Err(ExportError(wrong)) }
    }
}

/// What is said in a catalog, but neither in the files nor beside them.
fn lost(catalog: &Catalog, defaults: &OfferDefaults) -> Vec<Unexportable> {
    let offer = catalog.offer();
    let mut lost = Vec::new();
    let mut same = |same: bool, what| {
        if !same {
            lost.push(what);
        }
    };
    same(offer.name == defaults.name, Unexportable::Name);
    same(offer.management == defaults.management, Unexportable::Management);
    same(offer.notice == defaults.notice, Unexportable::Notice);
    same(offer.clock_tolerance == defaults.clock_tolerance, Unexportable::ClockTolerance);
    same(
        defaults.apps == offer.apps || defaults.apps.is_empty() && OfferDefaults::of(catalog).apps.is_empty(),
        Unexportable::Apps,
    );
    let mut said = BTreeMap::new();
    for more in &defaults.plans {
        let again = said.insert(&more.id, more).is_some();
        same(!again && catalog.plan(&more.id).is_some(), Unexportable::Plan { plan: more.id.clone() });
    }
    for plan in &offer.plans {
        let usual = PlanDefaults::new(plan.id.clone(), Scope::User);
        let said = said.get(&plan.id).copied().unwrap_or(&usual);
        same(*said == PlanDefaults::of(plan), Unexportable::Plan { plan: plan.id.clone() });
    }
    lost
}

fn is_component(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_')
}

fn usual(names: &[&'static str]) -> &'static str {
    names.first().copied().unwrap_or_default()
}

/// A CSV text that grows by rows.
struct Text(String);

impl Text {
    fn with<const N: usize>(heading: [&str; N]) -> Self {
        let mut text = Self(String::new());
        text.row(heading);
        text
    }

    fn row<const N: usize>(&mut self, cells: [&str; N]) {
        let cells = cells.map(quoted);
        self.0.push_str(&cells.join(","));
        self.0.push_str("\r\n");
    }
}

/// A cell, in quotes where it needs them.
fn quoted(cell: &str) -> String {
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
