//! Reports as SVG pictures.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use entitle::id::Label;
use entitle::report::{ConsumptionRow, CountryRow, Detail, MonthRow, Series};
use entitle::{OfferId, PlanId};
use entitle_plot::{PlotError, by_country, consumption_over_time, over_time};

use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::text::name;

/// The name and the content of a picture.
type Picture = (String, Result<String, PlotError>);

/// Names of files that are used.
#[derive(Debug, Default)]
struct Names(BTreeSet<String>);

impl Names {
    /// Returns the name of the picture of a plan. Publishers choose ids, which are not names of files.
    fn of_plan(&mut self, kind: &str, plan: &PlanId, number: usize) -> String {
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let readable: String = plan.as_str().chars().map(|c| if is_plain(c) { c } else { '_' }).take(64).collect();
        let mut file = format!("{kind}-{readable}.svg");
        if !self.0.insert(file.clone()) {
            file = format!("{kind}-{readable}-{number}.svg");
            self.0.insert(file.clone());
        }
        file
    }
}

/// Writes the pictures of a series into a folder, those of licenses of all user plans or of each plan, and
/// returns a line about each.
pub(super) fn write(series: &Series, folder: &Path, is_by_plan: bool) -> Result<Vec<String>, Failure> {
    let mut names = Names::default();
    let mut pictures = if is_by_plan { of_each_plan(series, &mut names)? } else { of_user_plans(series)? };
    let consumption = series.consumption();
    let mut plans = BTreeSet::new();
    for row in &consumption {
        if !plans.insert((&row.product_id, &row.plan_id)) {
            continue;
        }
        let of_plan = |other: &&ConsumptionRow| (&other.product_id, &other.plan_id) == (&row.product_id, &row.plan_id);
        let rows: Vec<ConsumptionRow> = consumption.iter().filter(of_plan).cloned().collect();
        let file = names.of_plan("consumption", &row.plan_id, plans.len());
        pictures.push((file, consumption_over_time(&row.sku_name, &rows)));
    }
    fs::create_dir_all(folder).map_err(|error| files::cannot_write(folder, &error))?;
    let mut written = Vec::new();
    for (file, picture) in pictures {
        let svg = match picture {
            Ok(svg) => svg,
            Err(PlotError::NoRows) => continue,
            Err(error) => return Err(Failure::unwritten(error.code(), error)),
        };
        let path = folder.join(file);
        files::write_new(&path, &svg, Secrecy::Public)?;
        written.push(format!("{}: written", name(&path)));
    }
    Ok(written)
}

fn of_user_plans(series: &Series) -> Result<Vec<Picture>, Failure> {
    let (months, countries) = (series.months(Detail::UserPlans), series.countries(Detail::UserPlans));
    let by_country = by_country(&title("Seats of all user plans by billing country")?, &countries);
    Ok(vec![
        ("months.svg".to_string(), over_time(&title("Seats of all user plans")?, &months)),
        ("countries.svg".to_string(), by_country),
    ])
}

/// Returns the licenses of each plan over time and by country. `O(n²)` in the plans.
fn of_each_plan(series: &Series, names: &mut Names) -> Result<Vec<Picture>, Failure> {
    let (months, countries) = (series.months(Detail::EachPlan), series.countries(Detail::EachPlan));
    let mut plans = BTreeSet::new();
    let mut pictures = Vec::new();
    for row in &months {
        let Some(plan) = &row.plan_id else { continue };
        if !plans.insert((&row.product_id, plan)) {
            continue;
        }
        let is_of_plan = |product: &Option<OfferId>, other: &Option<PlanId>| {
            (product, other.as_ref()) == (&row.product_id, Some(plan))
        };
        let of_plan: Vec<MonthRow> =
            months.iter().filter(|row| is_of_plan(&row.product_id, &row.plan_id)).cloned().collect();
        let name = row.sku_name.as_ref().map_or_else(|| plan.to_string(), ToString::to_string);
        let file = names.of_plan("months", plan, plans.len());
        pictures.push((file, over_time(&title(&name)?, &of_plan)));
        let of_plan: Vec<CountryRow> =
            countries.iter().filter(|row| is_of_plan(&row.product_id, &row.plan_id)).cloned().collect();
        let file = names.of_plan("countries", plan, plans.len());
        pictures.push((file, by_country(&title_of_countries(&name)?, &of_plan)));
    }
    Ok(pictures)
}

/// Returns the title of a picture by country. A name that leaves no room for more stands alone: tenants state
/// names, and one statement keeps no picture of others from being made.
fn title_of_countries(name: &str) -> Result<Label, Failure> {
    format!("{name} by billing country").parse().or_else(|_| title(name))
}

fn title(text: &str) -> Result<Label, Failure> {
    text.parse().map_err(|error: entitle::id::TextError| Failure::unwritten(error.code(), error))
}
