//! Reports for a publisher or a customer's headquarters: licenses sold and assigned, now and over
//! two years, by country. The records of some dozen customers become CSV files and pictures.
//!
//! `cargo run -p entitle-plot --example report` writes into `target/report`; with `-- FOLDER` after it, elsewhere.

mod invented;

use core::error::Error;
use std::fs;
use std::path::{Path, PathBuf};

use entitle::Tenant;
use entitle::chrono::{DateTime, Utc};
use entitle::record::Ledger;
use entitle::report::{Detail, Series, spreadsheet_cell};
use entitle_plot as plot;

type Outcome<T = ()> = Result<T, Box<dyn Error>>;

fn main() -> Outcome {
    let market = invented::market()?;
    let now: DateTime<Utc> = "2026-03-31T18:00:00Z".parse()?;

    // Each record is read, and stated month by month as its tenant would state it. Only sums and
    // rows are kept.
    let mut series = Series::new("2024-04".parse()?..="2026-03".parse()?);
    let (mut licenses, mut capacities, mut errors) = (Vec::new(), Vec::new(), Vec::new());
    for (id, text) in &market.ledgers {
        let ledger = Ledger::read(id, text)?;
        let entries = ledger.entries().collect::<Result<Vec<_>, _>>()?;
        let blank = Tenant::new(&market.catalog, &market.ring, ledger.beginning());
        series.add(&blank.usage_statement(&entries, series.range(), now)?);
        // The record at the instant of now: the current customer.
        let mut history = blank.history(&entries)?;
        let tenant = history.at(now)?;
        licenses.extend(tenant.license_rows(now));
        capacities.extend(tenant.capacity_rows(now));
        errors.extend(tenant.error_rows(now));
    }
    let (months, plans) = (series.months(Detail::UserPlans), series.months(Detail::EachPlan));
    let countries = series.countries(Detail::UserPlans);

    // Rows become CSV; JSON is `serde_json::to_string(&rows)`.
    let folder = folder();
    let file = |name: &str, text: &str| fs::write(folder.join(name), text);
    fs::create_dir_all(&folder)?;
    let tables = [
        ("licenses.csv", csv(&licenses)?, 13),
        ("months.csv", csv(&months)?, 25),
        ("months-by-plan.csv", csv(&plans)?, 5),
        ("countries.csv", csv(&countries)?, 5),
        ("capacity.csv", csv(&capacities)?, 7),
        ("errors.csv", csv(&errors)?, 7),
    ];
    for (name, text, shown) in &tables {
        file(name, text)?;
        let lines = text.lines().count();
        println!("{name}, {lines} lines:\n");
        text.lines().take(*shown).for_each(|line| println!("  {line}"));
        println!("{}", if lines > *shown { "  …\n" } else { "" });
    }

    // Pictures of all rows, or of selected ones.
    let agents: Vec<_> =
        plans.iter().filter(|row| row.plan_id.as_ref().is_some_and(|plan| plan == "agent")).cloned().collect();
    let one: Vec<_> = capacities.iter().filter(|row| row.tenant_id == *"customer-01").cloned().collect();
    let pictures = [
        ("months.svg", plot::over_time(&"Fabrikam Desk: seats provisioned and assigned".parse()?, &months)?),
        ("months-agent.svg", plot::over_time(&"Desk Agent: seats provisioned and assigned".parse()?, &agents)?),
        ("countries.svg", plot::by_country(&"Fabrikam Desk: seats by billing country".parse()?, &countries)?),
        ("capacity.svg", plot::capacity(&"Desk Bot Sessions: consumed by bot, one customer".parse()?, &one)?),
        (
            "capacity-all.svg",
            plot::capacity(&"Desk Bot Sessions: consumed by bot, all customers".parse()?, &capacities)?,
        ),
    ];
    for (name, svg) in &pictures {
        file(name, svg)?;
    }
    let names = tables.iter().map(|(name, ..)| *name).chain(pictures.iter().map(|(name, _)| *name));
    println!("Written to {}:\n  {}", folder.display(), names.collect::<Vec<_>>().join(", "));
    Ok(())
}

fn csv(rows: &[impl serde::Serialize]) -> Outcome<String> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    rows.iter().try_for_each(|row| writer.serialize(row))?;
    let text = writer.into_inner()?;
    // Each cell once more: ids and names are chosen by tenants, and these files are for
    // spreadsheets.
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_slice());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in reader.records() {
        writer.write_record(row?.iter().map(|cell| spreadsheet_cell(cell).into_owned()))?;
    }
    Ok(String::from_utf8(writer.into_inner()?)?)
}

fn folder() -> PathBuf {
    let usual = || Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/report");
    std::env::args_os().nth(1).map_or_else(usual, PathBuf::from)
}
