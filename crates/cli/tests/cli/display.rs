//! What people see: tables in a narrow terminal.

use crate::desk::Desk;

/// Runs a command in a terminal of this width, and returns its output.
fn within(desk: &Desk, columns: &str, line: &str) -> String {
    let output = desk.command(line).env("COLUMNS", columns).output().unwrap();
    String::from_utf8(output.stdout).unwrap()
}

/// Every table of the command line is within 60 columns, with every word whole.
#[test]
fn tables_fit_60_columns() {
    let desk = Desk::installed();
    desk.done("tenant assign gold bo cy");
    desk.write("skus.json", include_str!("../../../microsoft/tests/microsoft/samples/skus.json"));
    desk.write("users.json", include_str!("../../../microsoft/tests/microsoft/samples/users.json"));
    desk.write("subscriptions.json", include_str!("../../../microsoft/tests/microsoft/samples/subscriptions.json"));
    for line in [
        "tenant log",
        "microsoft graph user ada skus.json users.json",
        "microsoft graph units skus.json",
        "microsoft graph ends subscriptions.json",
    ] {
        let (wide, narrow) = (desk.done(line).out, within(&desk, "60", line));
        assert!(wide.lines().any(|line| line.chars().count() > 60), "{line}: {wide}");
        // The sentence above a table is no table: the terminal wraps it.
        let is_sentence = |line: &&str| line.starts_with("finding: ") || line.starts_with("These have changed");
        let rows = narrow.lines().filter(|line| !is_sentence(line));
        assert!(rows.map(|row| row.chars().count()).max().unwrap() <= 60, "{line}:\n{narrow}");
        for word in wide.split_whitespace() {
            assert!(narrow.split_whitespace().any(|other| other == word), "{line}: `{word}` is cut in\n{narrow}");
        }
        for columns in ["", "wide", "0", "3", "999", "-1"] {
            assert_eq!(within(&desk, columns, line), wide, "{line}, {columns:?}");
        }
    }
    let report = within(&desk, "50", "tenant report");
    assert_eq!(
        report,
        "SKU   STATE   PROVISIONED  ASSIGNED  ACTIVATION\nNAME\nF365  active            2         2  2026-03-01\nGold\n"
    );
}
