//! Protection of spreadsheet cells against formulas.

use alloc::borrow::Cow;

/// Returns a cell of a CSV file in a form that is safe for a spreadsheet. A text that would run as
/// a formula gets a single quote before it, as OWASP recommends against CSV injection; other texts
/// and numbers do not change.
///
/// Such texts begin with `=`, `+`, `-` or `@`, with the wide form of one of them, with a tab or
/// with a line end. Tenants and publishers choose ids and names, so pass every cell of a file for a
/// spreadsheet through this function. Files for programs, and JSON, need no change.
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

/// Returns whether a cell is a number: digits with an optional sign and an optional decimal point.
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
