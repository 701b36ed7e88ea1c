//! Usage statements: what a customer states about their record.

use entitle::record::Checkpoint;
use entitle::report::UsageStatement;
use serde_json::Value;

use super::Inspection;
use crate::exit::Failure;
use crate::instant::Instant;
use crate::text;

/// Returns what a usage statement states, month by month. Nobody has signed it.
pub(super) fn statement(path: &std::path::Path, text: &str) -> Result<Inspection, Failure> {
    let statement = UsageStatement::from_json(text).map_err(|error| {
        Failure::unreadable(error.code(), format!("{}: {error}", text::name(path)))
            .help("ask the customer for the file that `entitle tenant statement` writes, or for the ledger")
    })?;
    let claims: Value = serde_json::from_str(text).unwrap_or(Value::Null);
    let mut inspection = Inspection::new("usage statement, not signed".to_string(), claims);
    inspection.add_row("offer", statement.offer());
    inspection.add_row("tenant", statement.tenant());
    inspection.add_row("record", statement.record());
    inspection.add_row("last", Instant(statement.floor()));
    inspection.add_row("head", Checkpoint::new(statement.record(), statement.head()));
    for stated in statement.months() {
        let at = if stated.at == stated.month.last_second() {
            String::new()
        } else {
            format!(", as of {}", Instant(stated.at))
        };
        let customer = match &stated.customer {
            Some(customer) => format!("{} ({})", customer.name, customer.country),
            None => "no customer".to_string(),
        };
        inspection.add_row("months", format_args!("{} for {customer}{at}", stated.month));
        for licenses in &stated.licenses {
            let (plan, units, state) = (&licenses.plan, licenses.provisioned, licenses.state);
            let assigned = licenses.assigned;
            inspection.add_row("months", format_args!("  {plan}: {units} provisioned, {assigned} assigned, {state}"));
        }
        for consumption in &stated.consumption {
            let (plan, consumed, allowance) = (&consumption.plan, &consumption.consumed, &consumption.allowance);
            inspection.add_row("months", format_args!("  {plan}: {consumed} consumed of {allowance}"));
        }
    }
    inspection
        .add_row("trust", "the customer's word: `entitle report` with the ledger beside it says whether it is true");
    Ok(inspection)
}
