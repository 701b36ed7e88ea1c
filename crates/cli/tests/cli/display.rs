//! What people see: tables in a narrow terminal, characters that deceive, cells of a spreadsheet.

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

/// Characters that nobody sees, or that turn what is seen, are shown as what they are: in text, in
/// JSON, in errors and in CSV.
#[test]
fn characters_that_deceive_are_escaped_everywhere() {
    let desk = Desk::installed();
    let hidden = "ad\u{200b}a";
    // An id with a character without width is another id, and looks like it.
    desk.done(&format!("tenant assign gold {hidden}"));
    desk.done(&format!("tenant join st\u{feff}aff {hidden}"));
    let answers =
        ["tenant log", "tenant log --json", "tenant whatif unassign gold ad\u{200b}a", "tenant log --user ad\u{200b}a"];
    let mut lines: Vec<String> = answers.map(ToString::to_string).to_vec();
    lines.push(format!("tenant check {hidden} f365/audit"));
    lines.push(format!("tenant check {hidden} f365/audit --json"));
    lines.push(format!("tenant assign gold {hidden}"));
    lines.push("tenant check ada f365/au\u{200b}dit".to_string());
    lines.push("tenant check ad\u{202e}a f365/audit".to_string());
    lines.push("inspect no\u{2066}ne".to_string());
    for line in lines {
        let run = desk.run(&line);
        let text = run.out + &run.err;
        let deceives = |c: char| matches!(c, '\u{200b}' | '\u{feff}' | '\u{202e}' | '\u{2066}');
        assert!(!text.contains(deceives), "{line:?}: {text:?}");
        let escapes = ["\\u{200b}", "\\u200b", "\\u{202e}", "\\u{2066}"];
        assert!(escapes.iter().any(|escape| text.contains(escape)), "{line:?}: {text}");
    }
}

/// A spreadsheet runs none of the cells, whatever it takes for the separator.
#[test]
fn no_cell_of_a_report_is_run_by_a_spreadsheet() {
    let desk = Desk::selling();
    let sale = r#"{"tenant": "contoso", "name": "=HYPERLINK(\"x\");@SUM(1)", "country": "DE", "grants": ["gold=2"], "ends": "never"}"#;
    desk.write("sale.json", sale);
    desk.done("deal new --catalog f365.json --from sale.json -o evil.json --starts 2026-03-01");
    desk.done("seal evil.json --key fabrikam.key -o evil.license");
    desk.done("tenant init contoso --catalog f365.json --trust fabrikam.pub");
    desk.done("tenant install evil.license");
    let csv = desk.done("tenant report --csv").out;
    assert!(csv.contains(",\"'=HYPERLINK(\"\"x\"\");'@SUM(1)\","), "{csv}");
}
