//! The License report: a row for each plan of each customer (P1).

use entitle::chrono::{DateTime, Utc};
use entitle::report::LicenseRow;
use entitle::time::Month;
use serde_json::{Value, json};

use super::months::MonthRange;
use super::source::{Content, Sources, Statements};
use super::spreadsheet::csv_by_month;
use super::{ReportOptions, as_of};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::{Instant, day};
use crate::spreadsheet::to_csv;
use crate::table::table;

/// Returns the report as of now.
pub(super) fn present(sources: &Sources, options: &ReportOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
    let month = Month::of(now);
    let mut rows: Vec<LicenseRow> = Vec::new();
    let mut instants: Vec<DateTime<Utc>> = Vec::new();
    let mut tenants = 0_usize;
    for source in sources.best() {
        tenants = tenants.saturating_add(1);
        match &source.content {
            Content::Record(record) => rows.extend(record.tenant().license_rows(now)),
            Content::Statement(statement) if statement.month(month).is_some() => {
                rows.extend(statement.license_rows(month));
            }
            Content::Statement(statement) => {
                let message = format!("the usage statement of `{}` has nothing about {month}", statement.tenant());
                let known = statement.months().first().zip(statement.months().last());
                let known = known.map(|(first, last)| MonthRange { first: first.month, last: last.month });
                let help = known.map_or_else(
                    || "it has no months".to_string(),
                    |known| format!("it has {known}: pass --months, or --at with an instant in them"),
                );
                return Err(Failure::unreadable("report.no-months", message).help(help));
            }
        }
        instants.resize(rows.len(), as_of::as_of(source, month, now));
    }
    let json: Vec<Value> =
        rows.iter().zip(instants).map(|(row, at)| with_field(row, "As Of", json!(Instant(at)))).collect();
    let answer = Answer::new(json!({ "rows": json }))
        .notes(sources.notes())
        .notes(as_of::notes(sources, now))
        .notes(sources.not_final(MonthRange::of(now), now));
    if options.csv {
        return Ok(answer.raw(&to_csv(&rows)?));
    }
    // Whatever there is, the reader sees as of when.
    let sources = as_of::list(sources, now);
    let with_sources = |answer: Answer| sources.iter().fold(answer, |answer, list| answer.line("").table(list));
    if rows.is_empty() {
        return Ok(with_sources(answer.line("No license is installed.")));
    }
    if options.rows {
        return Ok(with_sources(answer.line(twelve_columns(rows.iter().map(|row| (None, row)))?)));
    }
    let mut heading = vec!["SKU NAME", "STATE", "PROVISIONED", "ASSIGNED", "ACTIVATION"];
    let mut cells: Vec<Vec<String>> = rows.iter().map(cells).collect();
    // Plans of two offers may have one name: their offers tell them apart.
    if rows.iter().any(|row| Some(&row.product_id) != rows.first().map(|first| &first.product_id)) {
        heading.insert(0, "OFFER");
        cells.iter_mut().zip(&rows).for_each(|(cells, row)| cells.insert(0, row.product_id.to_string()));
    }
    if tenants > 1 {
        heading.insert(0, "TENANT");
        cells.iter_mut().zip(&rows).for_each(|(cells, row)| cells.insert(0, row.tenant_id.to_string()));
    }
    Ok(with_sources(answer.table(&table(&heading, &cells))))
}

/// Returns the report of each month.
pub(super) fn by_month(
    statements: &Statements,
    options: &ReportOptions,
    months: MonthRange,
) -> Result<Answer, Failure> {
    let mut rows: Vec<(Month, LicenseRow)> = Vec::new();
    let same = |a: &entitle::report::UsageStatement, b: &entitle::report::UsageStatement| {
        (a.tenant(), a.record()) == (b.tenant(), b.record())
    };
    for month in core::iter::successors(Some(months.first), |month| month.next()).take_while(|it| *it <= months.last) {
        // The first statement of a record that has the month.
        for group in statements.0.chunk_by(|(_, a), (_, b)| same(a, b)) {
            let stated = group.iter().find(|(_, statement)| statement.month(month).is_some());
            rows.extend(stated.into_iter().flat_map(|(_, it)| it.license_rows(month)).map(|row| (month, row)));
        }
    }
    let json: Vec<Value> = rows.iter().map(|(month, row)| with_field(row, "Month", json!(month))).collect();
    let answer = Answer::new(json!({ "rows": json }));
    if options.csv {
        return Ok(answer.raw(&csv_by_month(&rows)?));
    }
    if rows.is_empty() {
        return Ok(answer.line(format!("No license is installed in {months}.")));
    }
    Ok(answer.line(twelve_columns(rows.iter().map(|(month, row)| (Some(*month), row)))?))
}

/// Returns a row with a field beside its twelve columns.
fn with_field(row: &LicenseRow, name: &str, value: Value) -> Value {
    let mut json = json!(row);
    if let Some(fields) = json.as_object_mut() {
        fields.insert(name.to_string(), value);
    }
    json
}

fn cells(row: &LicenseRow) -> Vec<String> {
    vec![
        row.sku_name.to_string(),
        row.license_state.to_string(),
        row.licenses_provisioned.to_string(),
        row.licenses_assigned.to_string(),
        row.activation_date.map_or("-".to_string(), day),
    ]
}

/// Returns rows of twelve columns, and of the month before them, as text: a table is too wide for
/// any terminal, so each row is a block of a line for each column.
fn twelve_columns<'a>(rows: impl Iterator<Item = (Option<Month>, &'a LicenseRow)>) -> Result<String, Failure> {
    let columns = [
        "Customer Country",
        "Customer Country Code",
        "Customer Name",
        "Activation Date",
        "Product Display Name",
        "Product ID",
        "Licenses Provisioned",
        "Licenses Assigned",
        "SKU Name",
        "Tenant ID",
        "License State",
        "Service ID",
    ];
    let mut blocks = Vec::new();
    for (month, row) in rows {
        let json = serde_json::to_value(row).map_err(|error| Failure::unwritten("cli.unwritten", error))?;
        let cell = |column: &str| match json.get(column) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => "-".to_string(),
            Some(other) => other.to_string(),
        };
        let month = month.map(|month| ("Month", month.to_string()));
        let lines = month.into_iter().chain(columns.into_iter().map(|column| (column, cell(column))));
        let lines: Vec<String> =
            lines.map(|(column, cell)| format!("{column:<21}  {}", crate::text::one_line(&cell))).collect();
        blocks.push(lines.join("\n"));
    }
    Ok(blocks.join("\n\n"))
}
