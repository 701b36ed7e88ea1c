//! Reports as SVG pictures.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;

use entitle::id::Label;
use entitle::report::{ConsumptionRow, Detail, Series};
use entitle_plot::{PlotError, by_country, consumption_over_time, over_time};

use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::text::name;

/// Writes the pictures of a series into a folder, and returns a line about each.
pub(super) fn write(series: &Series, folder: &Path) -> Result<Vec<String>, Failure> {
    let (months, countries) = (series.months(Detail::UserPlans), series.countries(Detail::UserPlans));
    let consumption = series.consumption();
    let mut pictures = vec![
        ("months.svg".to_string(), over_time(&title("Seats of all user plans")?, &months)),
        ("countries.svg".to_string(), by_country(&title("Seats of all user plans by billing country")?, &countries)),
    ];
    let mut names = BTreeSet::new();
    let mut plans = BTreeSet::new();
    for row in &consumption {
        if !plans.insert((&row.product_id, &row.plan_id)) {
            continue;
        }
        let of_plan = |other: &&ConsumptionRow| (&other.product_id, &other.plan_id) == (&row.product_id, &row.plan_id);
        let rows: Vec<ConsumptionRow> = consumption.iter().filter(of_plan).cloned().collect();
        // Publishers choose ids, which are not names of files.
        let is_plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        let plain: String = row.plan_id.as_str().chars().map(|c| if is_plain(c) { c } else { '_' }).take(64).collect();
        let mut file = format!("consumption-{plain}.svg");
        if !names.insert(file.clone()) {
            file = format!("consumption-{plain}-{}.svg", plans.len());
            names.insert(file.clone());
        }
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

fn title(text: &str) -> Result<Label, Failure> {
    text.parse().map_err(|error: entitle::id::TextError| Failure::unwritten(error.code(), error))
}
