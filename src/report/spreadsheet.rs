//! Cells that a spreadsheet shows and does not run.

use alloc::borrow::Cow;

/// Returns a cell of a CSV file as a spreadsheet can be handed it: a text that would be taken for a formula has a single quote
/// before it, as OWASP recommends against CSV injection; all other texts, and numbers, are as they were.
///
/// Such texts begin with `=`, `+`, `-` or `@`, with the wide form of one of them, with a tab or with a line end. Ids and names
/// are what tenants and publishers chose: pass every cell of a file for a spreadsheet through here. A file for a program, or
/// JSON, takes them as they are.
///
/// ```
/// use entitle::report::spreadsheet_cell;
///
/// assert_eq!(spreadsheet_cell("=HYPERLINK(\"https://fabrikam.example\")"), "'=HYPERLINK(\"https://fabrikam.example\")");
/// assert_eq!(spreadsheet_cell("Contoso"), "Contoso");
/// assert_eq!(spreadsheet_cell("-12.5"), "-12.5");
/// ```
#[must_use]
pub fn spreadsheet_cell(cell: &str) -> Cow<'_, str> {
    let begins = |c: char| matches!(c, '=' | '+' | '-' | '@' | '＝' | '＋' | '－' | '＠' | '\t' | '\r' | '\n');
    if cell.starts_with(begins) && !is_number(cell) { alloc::format!("'{cell}").into() } else { cell.into() }
}

/// Whether it is a number: digits, with a sign before them and a point among them or not.
fn is_number(cell: &str) -> bool {
    let digits = cell.strip_prefix(['+', '-']).unwrap_or(cell);
    let (whole, part) = digits.split_once('.').unwrap_or((digits, "0"));
    [whole, part].iter().all(|digits| !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::spreadsheet_cell;

    #[test]
    fn p1_a_text_that_a_spreadsheet_would_run_has_a_quote_before_it() {
        for text in [
            "=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\n=1", "＝1", "＋1", "－1", "＠1", "=", "-", "+1.",
            "-.5",
        ] {
            assert_eq!(spreadsheet_cell(text), alloc::format!("'{text}"));
        }
        for text in ["", "7", "-7", "+7", "-7.25", "unlimited", "2026-03", "a=b", "'=1", "Ünï"] {
            assert_eq!(spreadsheet_cell(text), text);
        }
    }
}
