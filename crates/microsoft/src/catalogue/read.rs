//! Reads an edition from the bytes of a file.

use alloc::collections::BTreeMap;
use alloc::vec::Vec;

use entitle::id::Label;
use thiserror::Error;

use crate::catalogue::data_issue::{DataIssue, normalize_cell};
use crate::catalogue::decode::decode;
use crate::catalogue::edition::{Edition, Product, ServicePlan};
use crate::catalogue::name_counts::NameCounts;
use crate::csv_separator::Separator;
use crate::csv_table::{CsvTable, Heading, UnknownColumns};
use crate::fault::{FaultKind, Faults, File};
use crate::guid::Guid;

/// The longest edition, in bytes: four times the one of December 2025.
pub const MAX_EDITION_BYTES: usize = 4 * 1024 * 1024;

/// The headings of the columns; the second one of a column is that of older editions.
const HEADINGS: [Heading; 6] = [
    &["Product_Display_Name"],
    &["String_Id", "String_ Id"],
    &["GUID"],
    &["Service_Plan_Name"],
    &["Service_Plan_Id"],
    &["Service_Plans_Included_Friendly_Names"],
];

/// Why bytes are not an edition of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum EditionError {
    /// The file is longer than [`MAX_EDITION_BYTES`].
    #[error("the file has {bytes} bytes, an edition has at most {MAX_EDITION_BYTES}")]
    TooLong {
        /// The length of the file, in bytes.
        bytes: usize,
    },
    /// The file has a UTF-8 byte order mark, but is not UTF-8.
    #[error("the file has a UTF-8 byte order mark, but byte {at} is not UTF-8")]
    NotUtf8 {
        /// The index of the first byte that is not UTF-8, counted from 0.
        at: usize,
    },
    /// The file has faults that cannot be repaired.
    #[error("the edition has {0}")]
    Faults(Faults),
}

impl EditionError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::TooLong { .. } => "edition.too-long",
            Self::NotUtf8 { .. } => "edition.not-utf8",
            Self::Faults(_) => "edition.faults",
        }
    }
}

impl Edition {
    /// Returns the edition in a file: UTF-8 with or without a byte order mark, or Windows-1252; with
    /// the headings of current or of older editions; separated by commas, or by semicolons or tabs
    /// as spreadsheets save it. `O(n log n)` in the bytes.
    ///
    /// # Errors
    ///
    /// [`EditionError`], with all faults that cannot be repaired, each with line and column. No row
    /// is skipped silently.
    pub fn read(bytes: &[u8]) -> Result<Self, EditionError> {
        if bytes.len() > MAX_EDITION_BYTES {
            return Err(EditionError::TooLong { bytes: bytes.len() });
        }
        let (text, encoding) = decode(bytes).map_err(|at| EditionError::NotUtf8 { at })?;
        let mut faults = Faults::none();
        let mut builder = EditionBuilder::default();
        let separator = Separator::detect(&text);
        if separator != Separator::Comma {
            builder.data_issues.push(DataIssue::OtherSeparator { separator });
        }
        let table = CsvTable::read(&text, separator, File::Catalogue, HEADINGS, UnknownColumns::Ignore, &mut faults);
        if let Some(table) = table {
            builder.add_table(&table, &mut faults);
        }
        let builder = faults.into_result(builder).map_err(EditionError::Faults)?;
        let (mut products, mut service_plans, mut data_issues) = (Vec::new(), Vec::new(), builder.data_issues);
        let (mut differing, mut ids, mut product_names) = (Vec::new(), NameOwners::default(), NameOwners::default());
        for (product, names, string_ids) in builder.products {
            let (names, string_ids) = (names.by_frequency(), string_ids.by_frequency());
            let (Some(name), Some(string_id)) = (names.first().cloned(), string_ids.first().cloned()) else { continue };
            ids.add(&string_ids, product.id);
            product_names.add(&names, product.id);
            if names.len() > 1 {
                differing.push(DataIssue::ProductNames { product: product.id, names });
            }
            if string_ids.len() > 1 {
                differing.push(DataIssue::StringIds { product: product.id, string_ids });
            }
            products.push(Product { id: product.id, string_id, name, service_plans: product.service_plans });
        }
        let mut plan_names = NameOwners::default();
        for (id, names, friendly_names) in builder.service_plans {
            let (names, friendly) = (names.by_frequency(), friendly_names.by_frequency());
            let (Some(name), Some(friendly_name)) = (names.first().cloned(), friendly.first().cloned()) else {
                continue;
            };
            plan_names.add(&names, id);
            if names.len() > 1 {
                differing.push(DataIssue::ServicePlanNames { service_plan: id, names });
            }
            if friendly.len() > 1 {
                differing.push(DataIssue::FriendlyNames { service_plan: id, names: friendly });
            }
            service_plans.push(ServicePlan { id, name, friendly_name });
        }
        data_issues.extend(ids.shared().map(|(string_id, products)| DataIssue::SharedStringId { string_id, products }));
        data_issues.extend(product_names.shared().map(|(name, products)| DataIssue::SharedName { name, products }));
        let shared_name = |(name, service_plans)| DataIssue::SharedServicePlanName { name, service_plans };
        data_issues.extend(plan_names.shared().map(shared_name));
        data_issues.extend(differing);
        let (by_product, by_service_plan) = (builder.by_product, builder.by_service_plan);
        Ok(Self { products, service_plans, by_product, by_service_plan, data_issues, encoding })
    }
}

/// The products or service plans of each name.
#[derive(Default)]
struct NameOwners(BTreeMap<Label, Vec<Guid>>);

impl NameOwners {
    fn add(&mut self, names: &[Label], id: Guid) {
        for name in names {
            self.0.entry(name.clone()).or_default().push(id);
        }
    }

    fn shared(self) -> impl Iterator<Item = (Label, Vec<Guid>)> {
        self.0.into_iter().filter(|(_, ids)| ids.len() > 1)
    }
}

struct Contents {
    id: Guid,
    service_plans: Vec<Guid>,
}

/// The contents of the rows read so far.
#[derive(Default)]
struct EditionBuilder {
    products: Vec<(Contents, NameCounts, NameCounts)>,
    service_plans: Vec<(Guid, NameCounts, NameCounts)>,
    by_product: BTreeMap<Guid, usize>,
    by_service_plan: BTreeMap<Guid, usize>,
    pairs: BTreeMap<(Guid, Guid), u64>,
    data_issues: Vec<DataIssue>,
}

impl EditionBuilder {
    fn add_table(&mut self, table: &CsvTable<6>, faults: &mut Faults) {
        for ((&at, &heading), names) in table.columns.iter().zip(&table.headings).zip(HEADINGS) {
            if let Some(&current) = names.first().filter(|&&current| current != heading) {
                self.data_issues.push(DataIssue::OtherHeading { column: column_number(at), heading, current });
            }
        }
        for &at in &table.unknown {
            self.data_issues.push(DataIssue::UnknownColumn { column: column_number(at) });
        }
        if table.rows.is_empty() && faults.total == 0 {
            faults.push(File::Catalogue, 1, 0, FaultKind::NoRows);
        }
        for row in &table.rows {
            let cells = table
                .columns
                .map(|at| normalize_cell(row.cell(at), row.line, column_number(at), &mut self.data_issues));
            let [name, string_id, product, plan_name, plan, friendly] = &cells;
            let [name_at, string_id_at, product_at, plan_name_at, plan_at, friendly_at] = table.columns;
            let mut fault = |at: usize, what: FaultKind| faults.push(File::Catalogue, row.line, at, what);
            let mut label = |text: &str, at| text.parse::<Label>().map_err(|error| fault(at, error.into())).ok();
            let labels = [
                label(name, name_at),
                label(string_id, string_id_at),
                label(plan_name, plan_name_at),
                label(friendly, friendly_at),
            ];
            let mut guid = |text: &str, at| text.parse::<Guid>().map_err(|error| fault(at, error.into())).ok();
            let guids = (guid(product, product_at), guid(plan, plan_at));
            let ([Some(name), Some(string_id), Some(plan_name), Some(friendly)], (Some(product), Some(plan))) =
                (labels, guids)
            else {
                continue;
            };
            self.add_row(row.line, (product, name, string_id), (plan, plan_name, friendly));
        }
    }

    fn add_row(&mut self, line: u64, product: (Guid, Label, Label), plan: (Guid, Label, Label)) {
        let (product, name, string_id) = product;
        let (service_plan, plan_name, friendly) = plan;
        let next = self.products.len();
        let at = *self.by_product.entry(product).or_insert(next);
        if at == next {
            let contents = Contents { id: product, service_plans: Vec::new() };
            self.products.push((contents, NameCounts::default(), NameCounts::default()));
        }
        let next = self.service_plans.len();
        let plan_at = *self.by_service_plan.entry(service_plan).or_insert(next);
        if plan_at == next {
            self.service_plans.push((service_plan, NameCounts::default(), NameCounts::default()));
        }
        if let Some((_, names, friendly_names)) = self.service_plans.get_mut(plan_at) {
            names.add(plan_name);
            friendly_names.add(friendly);
        }
        let Some((contents, names, string_ids)) = self.products.get_mut(at) else { return };
        names.add(name);
        string_ids.add(string_id);
        if let Some(&first) = self.pairs.get(&(product, service_plan)) {
            self.data_issues.push(DataIssue::RepeatedPair { line, first, product, service_plan });
        } else {
            self.pairs.insert((product, service_plan), line);
            contents.service_plans.push(service_plan);
        }
    }
}

fn column_number(at: usize) -> u64 {
    u64::try_from(at).unwrap_or(u64::MAX).saturating_add(1)
}
