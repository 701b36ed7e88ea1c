//! Why there is no report.

use crate::Row;
use crate::row;
use crate::support::{Vendor, day};

pub(crate) fn rows() -> Vec<Row> {
    let mut history = Vendor::fabrikam().tenant("contoso").history(&[]).unwrap();
    history.at(day(1)).unwrap();
    vec![row!(
        "history.went-back",
        "the history is at 2026-03-02T00:00:00Z and cannot move back to 2026-03-01T00:00:00Z",
        history.at(day(0)).unwrap_err()
    )]
}
