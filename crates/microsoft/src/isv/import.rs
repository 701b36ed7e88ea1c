//! Reads a catalog from the two files.

use alloc::borrow::ToOwned;
use alloc::collections::{BTreeMap, BTreeSet};
use alloc::string::String;
use alloc::vec::Vec;

use entitle::catalog::{AppEntry, CatalogError, Offer, Plan, Scope};
use entitle::id::Label;
use entitle::{AppId, Catalog, PlanId};
use thiserror::Error;

use crate::csv_rows::rows;
use crate::csv_separator::Separator;
use crate::csv_table::{CsvTable, Heading, UnknownColumns};
use crate::fault::{FaultKind, Faults, File};
use crate::isv::component_names::ComponentNames;
use crate::isv::offer_defaults::OfferDefaults;
use crate::text::excerpt;

/// The longest plan definition or plan mapping, in bytes: about ten thousand rows.
pub const MAX_FILE_BYTES: usize = 1024 * 1024;

/// The longest part of a service id (C9).
const MAX_SERVICE_ID_PART: usize = 50;

pub(crate) const SERVICE_ID: Heading = &["ServiceID", "Service ID"];
pub(crate) const DISPLAY_NAME: Heading = &["Display name"];
pub(crate) const MORE_INFO: Heading = &["More info URL"];
pub(crate) const COMPONENT: Heading = &["Component name"];

/// The texts of the two files of `pac solution add-license`.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Files {
    /// The plan definition: one row per plan.
    pub definition: String,
    /// The plan mapping: one row per component of a plan.
    pub mapping: String,
}

/// Why two files are not a catalog.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FilesError {
    /// A text is longer than [`MAX_FILE_BYTES`].
    #[error("the {file} has {bytes} bytes, at most {MAX_FILE_BYTES} are read")]
    TooLong {
        /// The file.
        file: File,
        /// The length of the text.
        bytes: usize,
    },
    /// The files have faults.
    #[error("the files have {0}")]
    Faults(Faults),
    /// The [`OfferDefaults`] name plans that the plan definition does not have, or name one twice.
    #[error("the offer defaults name plans that the plan definition lacks, or one of them twice: {}", crate::text::quoted(.plans))]
    OfferDefaults {
        /// The plans.
        plans: Vec<PlanId>,
    },
    /// The files are valid, but the offer that they and the [`OfferDefaults`] describe is not (C8).
    #[error(transparent)]
    Unsound(CatalogError),
}

impl FilesError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "isv.too-long",
            Self::Faults(_) => "isv.faults",
            Self::OfferDefaults { .. } => "isv.offer-defaults",
            Self::Unsound(error) => error.code(),
        }
    }
}

impl Files {
    /// Returns files with these texts.
    #[must_use]
    pub fn new(definition: &str, mapping: &str) -> Self {
        Self { definition: definition.to_owned(), mapping: mapping.to_owned() }
    }

    /// Returns the catalog that these files and the defaults describe: plans in the order of the
    /// definition, the apps of each in the order of the mapping (C2, C9). `O(n log n)` in the
    /// files.
    ///
    /// # Errors
    ///
    /// [`FilesError`], with all faults of the files, each with file, line and column; without any,
    /// with what is wrong with the offer as a whole.
    pub fn catalog(&self, defaults: &OfferDefaults) -> Result<Catalog, FilesError> {
        self.catalog_named(defaults, &ComponentNames::new())
    }

    /// Returns the catalog of these files, whose components have these names: the opposite of
    /// [`Self::from_catalog_named`]. `O(n log n)` in the files.
    ///
    /// # Errors
    ///
    /// [`FilesError`] as for [`Self::catalog`], and for a component that has the id of an app whose
    /// component is named otherwise.
    pub fn catalog_named(&self, defaults: &OfferDefaults, names: &ComponentNames) -> Result<Catalog, FilesError> {
        Catalog::new(self.offer(defaults, names)?).map_err(FilesError::Unsound)
    }

    /// Returns the offer, not yet validated.
    fn offer(&self, defaults: &OfferDefaults, names: &ComponentNames) -> Result<Offer, FilesError> {
        for (file, text) in [(File::PlanDefinition, &self.definition), (File::PlanMapping, &self.mapping)] {
            let bytes = text.len();
            if bytes > MAX_FILE_BYTES {
                return Err(FilesError::TooLong { file, bytes });
            }
        }
        let mut faults = Faults::none();
        let mut builder = OfferBuilder::default();
        builder.read_definition(&self.definition, &mut faults);
        builder.read_mapping(&self.mapping, names, &mut faults);
        let OfferBuilder { offer, plans, components, .. } = faults.into_result(builder).map_err(FilesError::Faults)?;
        // Without an offer there is no row, which is a fault.
        let Some(mut offer) = offer else { return Err(FilesError::Faults(Faults::none())) };
        offer.plans = plans;
        add_defaults(&mut offer, components, defaults)?;
        Ok(offer)
    }
}

/// Adds the defaults to an offer.
fn add_defaults(offer: &mut Offer, components: Vec<AppId>, defaults: &OfferDefaults) -> Result<(), FilesError> {
    let places: BTreeMap<PlanId, usize> = offer.plans.iter().map(|plan| plan.id.clone()).zip(0..).collect();
    let (mut wrong, mut seen) = (Vec::new(), BTreeSet::new());
    for more in &defaults.plans {
        let plan = places.get(&more.id).and_then(|&at| offer.plans.get_mut(at));
        match plan.filter(|_| seen.insert(&more.id)) {
            Some(plan) => {
                plan.scope = more.scope;
                plan.requires.clone_from(&more.requires);
                plan.excludes.clone_from(&more.excludes);
                plan.quotas.clone_from(&more.quotas);
                plan.overage = more.overage;
            }
            None => wrong.push(more.id.clone()),
        }
    }
    if !wrong.is_empty() {
        return Err(FilesError::OfferDefaults { plans: wrong });
    }
    let first: BTreeSet<&AppId> = defaults.apps.iter().map(|app| &app.id).collect();
    offer.apps.clone_from(&defaults.apps);
    offer.apps.extend(components.into_iter().filter(|app| !first.contains(app)).map(AppEntry::licensed));
    offer.name.clone_from(&defaults.name);
    offer.management = defaults.management.clone();
    (offer.notice, offer.clock_tolerance) = (defaults.notice, defaults.clock_tolerance);
    offer.release = defaults.release;
    offer.quotas.clone_from(&defaults.quotas);
    Ok(())
}

/// The contents of the rows read so far.
#[derive(Default)]
struct OfferBuilder {
    /// The publisher and offer of the first service id.
    offer_id: Option<String>,
    offer: Option<Offer>,
    plans: Vec<Plan>,
    /// The index of each plan, and the line of its definition.
    places: BTreeMap<PlanId, (usize, u64)>,
    /// The components, in the order of their first rows.
    components: Vec<AppId>,
}

impl OfferBuilder {
    fn read_definition(&mut self, text: &str, faults: &mut Faults) {
        let file = File::PlanDefinition;
        let headings = [SERVICE_ID, DISPLAY_NAME, MORE_INFO];
        let Some(table) = read_table(text, file, headings, faults) else { return };
        if table.rows.is_empty() && faults.total == 0 {
            faults.push(file, 1, 0, FaultKind::NoRows);
        }
        let [id, name, more_info] = table.columns;
        for row in &table.rows {
            let plan = self.plan_of(row.cell(id));
            let label: Result<Label, _> = row.cell(name).parse();
            let more = match row.cell(more_info) {
                "" => Ok(None),
                text => text.parse::<Label>().map(Some),
            };
            // The index of a plan with a fault: unique, and of no entry in `plans`.
            let unlisted = usize::MAX.saturating_sub(usize::try_from(row.line).unwrap_or_default());
            let mut fault = |column, what| faults.push(file, row.line, column, what);
            match (plan, label, more) {
                (Ok(plan), Ok(label), Ok(more)) => {
                    if let Some(&(_, first)) = self.places.get(&plan) {
                        fault(id, FaultKind::DefinedTwice { first });
                        continue;
                    }
                    self.places.insert(plan.clone(), (self.plans.len(), row.line));
                    let mut plan = Plan::new(plan, Scope::User, label);
                    plan.more_info = more;
                    self.plans.push(plan);
                }
                (plan, label, more) => {
                    if let Err(what) = plan.map(|plan| {
                        // So that its rows in the mapping are not faults as well.
                        self.places.entry(plan).or_insert((unlisted, row.line));
                    }) {
                        fault(id, what);
                    }
                    if let Err(what) = label {
                        fault(name, what.into());
                    }
                    if let Err(what) = more {
                        fault(more_info, what.into());
                    }
                }
            }
        }
    }

    fn read_mapping(&mut self, text: &str, names: &ComponentNames, faults: &mut Faults) {
        let file = File::PlanMapping;
        let Some(table) = read_table(text, file, [SERVICE_ID, COMPONENT], faults) else { return };
        let [id, component] = table.columns;
        let mut mapped: BTreeMap<(usize, AppId), u64> = BTreeMap::new();
        let mut folded: BTreeMap<String, AppId> = BTreeMap::new();
        for row in &table.rows {
            let mut fault = |column, what| faults.push(file, row.line, column, what);
            let place = self.plan_of(row.cell(id)).and_then(|plan| {
                let place = self.places.get(&plan).map(|&(place, _)| place);
                place.ok_or(FaultKind::NotDefined)
            });
            let app = app_of(row.cell(component), names);
            match (place, app) {
                (Ok(place), Ok(app)) => {
                    if let Some(&first) = mapped.get(&(place, app.clone())) {
                        fault(component, FaultKind::MappedTwice { first });
                        continue;
                    }
                    mapped.insert((place, app.clone()), row.line);
                    match folded.get(&app.as_str().to_lowercase()) {
                        Some(other) if *other != app => {
                            fault(component, FaultKind::DiffersInCase { other: other.as_str().to_owned() });
                        }
                        Some(_) => {}
                        None => {
                            folded.insert(app.as_str().to_lowercase(), app.clone());
                            self.components.push(app.clone());
                        }
                    }
                    if let Some(plan) = self.plans.get_mut(place) {
                        plan.apps.push(app);
                    }
                }
                (place, app) => {
                    if let Err(what) = place {
                        fault(id, what);
                    }
                    if let Err(what) = app {
                        fault(component, what);
                    }
                }
            }
        }
    }

    /// Returns the plan of a service id, which has to belong to the same offer as the earlier ones
    /// (C9).
    fn plan_of(&mut self, text: &str) -> Result<PlanId, FaultKind> {
        let wrong = || FaultKind::NotAServiceId { text: excerpt(text) };
        let parts: Vec<&str> = text.split('.').take(4).collect();
        let &[publisher, offer, plan] = parts.as_slice() else { return Err(wrong()) };
        if parts.iter().any(|part| !is_service_id_part(part)) {
            return Err(wrong());
        }
        let found = alloc::format!("{publisher}.{offer}");
        match &self.offer_id {
            Some(expected) if *expected != found => {
                return Err(FaultKind::OtherOffer { expected: expected.clone(), found });
            }
            Some(_) => {}
            None => {
                let management = OfferDefaults::default().management;
                self.offer = Some(Offer::new(publisher.parse()?, offer.parse()?, management));
                self.offer_id = Some(found);
            }
        }
        Ok(plan.parse()?)
    }
}

/// Returns the app of a component.
fn app_of(component: &str, names: &ComponentNames) -> Result<AppId, FaultKind> {
    if let Some(app) = names.app(component) {
        return Ok(app.clone());
    }
    let app: AppId = component.parse()?;
    match names.given(&app) {
        Some(other) => Err(FaultKind::NamedOtherwise { component: other.to_owned() }),
        None => Ok(app),
    }
}

/// Returns the table of one of the files, which Microsoft's tool takes only with commas.
fn read_table<const N: usize>(
    text: &str,
    file: File,
    headings: [Heading; N],
    faults: &mut Faults,
) -> Option<CsvTable<N>> {
    let found = Separator::detect(text);
    if found != Separator::Comma {
        // The heading line may follow blank lines.
        let line = rows(text, found).0.first().map_or(1, |row| row.line);
        faults.push(file, line, 0, FaultKind::OtherSeparator { found });
        return None;
    }
    CsvTable::read(text, found, file, headings, UnknownColumns::Reject, faults)
}

fn is_service_id_part(part: &str) -> bool {
    let allowed = |byte: u8| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_');
    (1..=MAX_SERVICE_ID_PART).contains(&part.len()) && part.bytes().all(allowed)
}
