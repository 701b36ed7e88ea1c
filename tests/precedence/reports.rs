//! Why there is no report, and why a usage statement is none or contradicts another one.

use entitle::report::{StatementError, UsageStatement};
use serde_json::{Value, json};

use crate::Row;
use crate::row;
use crate::support::{Vendor, day};

/// A usage statement of March, made by hand.
fn statement() -> Value {
    let head = |number: u64| json!({ "number": number, "hash": "A".repeat(43) });
    json!({
        "statement": "entitle.usage.v1", "publisher": "fabrikam", "offer": "f365", "name": "F365", "tenant": "contoso",
        "record": "05".repeat(16), "catalog": "A".repeat(43), "head": head(7), "floor": "2026-05-10T00:00:00Z", "tickets": 0,
        "plans": [{ "id": "gold", "name": "Gold", "scope": "user" }],
        "months": [{
            "month": "2026-03", "at": "2026-03-31T23:59:59Z", "head": head(3),
            "customer": { "known": { "name": "Contoso", "country": "DE" } },
            "licenses": [{ "plan": "gold", "activation": "never", "provisioned": { "limited": 5 }, "assigned": 2, "state": "active" }],
            "consumption": [{ "plan": "calls", "consumed": 2_500_000, "allowance": "unlimited" }]
        }]
    })
}

fn edited(edits: &[(&str, Value)]) -> Result<UsageStatement, StatementError> {
    let mut statement = statement();
    for (pointer, value) in edits {
        *statement.pointer_mut(pointer).unwrap() = value.clone();
    }
    UsageStatement::from_json(&statement.to_string())
}

/// How the statement with a change contradicts the one without.
fn contradiction(pointer: &str, value: Value) -> entitle::report::Contradiction {
    edited(&[(pointer, value)]).unwrap().contradiction(&edited(&[]).unwrap()).unwrap()
}

pub(crate) fn rows() -> Vec<Row> {
    let mut history = Vendor::fabrikam().tenant("contoso").history(&[]).unwrap();
    history.at(day(1)).unwrap();
    let refused = |edits: &[(&str, Value)]| edited(edits).unwrap_err();
    let two = |list: &str| json!([statement().pointer(list).unwrap(), statement().pointer(list).unwrap()]);
    let other = "B".repeat(42) + "A";
    let started = json!([{ "plan": "gold", "activation": "2026-03-01T00:00:00Z", "provisioned": "unlimited", "assigned": 2, "state": "grace" }]);
    vec![
        row!(
            "history.went-back",
            "the history is at 2026-03-02T00:00:00Z and cannot move back to 2026-03-01T00:00:00Z",
            history.at(day(0)).unwrap_err()
        ),
        row!(
            "statement.too-long",
            "a usage statement has at most 4194304 bytes, this text has 4194305",
            UsageStatement::from_json(&" ".repeat(4_194_305)).unwrap_err()
        ),
        row!(
            "statement.not-json",
            "not a usage statement: line 1, column 2: missing field `statement`",
            UsageStatement::from_json("{}").unwrap_err()
        ),
        row!(
            "statement.unknown-format",
            "unknown format `entitle.usage.v2` of a usage statement: this release reads entitle.usage.v1",
            refused(&[("/statement", json!("entitle.usage.v2"))])
        ),
        row!(
            "statement.repeated-plan",
            "the usage statement lists plan `gold` twice",
            refused(&[("/plans", two("/plans/0"))])
        ),
        row!(
            "statement.repeated-in-month",
            "the usage statement lists plan `gold` twice in 2026-03",
            refused(&[("/months/0/licenses", two("/months/0/licenses/0"))])
        ),
        row!(
            "statement.month-not-later",
            "2026-03 in the usage statement is not later than the month before it",
            refused(&[("/months", two("/months/0"))])
        ),
        row!(
            "statement.read-outside-month",
            "2026-03 in the usage statement is read at 2026-04-01T00:00:00Z, which is not in that month",
            refused(&[("/months/0/at", json!("2026-04-01T00:00:00Z"))])
        ),
        row!(
            "statement.head-not-continued",
            "the heads of the usage statement contradict each other: 2026-03 ends with entry 8",
            refused(&[("/months/0/head/number", json!(8))])
        ),
        row!(
            "statement.other-hash",
            format!(
                "entry 7 has hash {} in the earlier usage statement and {other} in the later one: the record was edited or replaced",
                "A".repeat(43)
            ),
            contradiction("/head/hash", json!(other))
        ),
        row!(
            "statement.other-head",
            "2026-03 ends with entry 3 in the earlier usage statement and with entry 4 in the later one",
            contradiction("/months/0/head/number", json!(4))
        ),
        row!(
            "statement.other-customer",
            "the customer in 2026-03 is Contoso, DE in the earlier usage statement and no customer in the later one",
            contradiction("/months/0/customer", json!("unknown"))
        ),
        row!(
            "statement.other-licenses",
            "`gold` in 2026-03: 5 provisioned and 2 assigned, active in the earlier usage statement, no licenses in the later one",
            contradiction("/months/0/licenses", json!([]))
        ),
        row!(
            "statement.other-licenses",
            "`gold` in 2026-03: 5 provisioned and 2 assigned, active in the earlier usage statement, unlimited provisioned and \
             2 assigned, in grace, since 2026-03-01T00:00:00Z in the later one",
            contradiction("/months/0/licenses", started)
        ),
        row!(
            "statement.other-consumption",
            "`calls` in 2026-03: 2.5 consumed, unlimited in the earlier usage statement, no consumption in the later one",
            contradiction("/months/0/consumption", json!([]))
        ),
        row!(
            "statement.other-consumption",
            "`calls` in 2026-03: 2.5 consumed, unlimited in the earlier usage statement, 2.5 consumed of 5 in the later one",
            contradiction("/months/0/consumption/0/allowance", json!({ "limited": 5_000_000 }))
        ),
    ]
}
