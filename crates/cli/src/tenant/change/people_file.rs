//! Users in a file: one in each line, or CSV with a column `user`.

use std::path::Path;

use entitle::UserId;

use crate::exit::Failure;
use crate::files;
use crate::text::name;

/// The heading of the column with the users.
pub(in crate::tenant) const USER: &str = "user";

/// What separates or quotes the cells of a table.
const SEPARATORS: [char; 4] = [',', ';', '\t', '"'];

/// Returns the users of a file, in its order.
pub(super) fn read(path: &Path) -> Result<Vec<UserId>, Failure> {
    let text = files::read(path)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let lines = (1_usize..).zip(text.lines()).filter(|(_, line)| !line.trim().is_empty());
    let mut lines = lines.peekable();
    let Some((_, heading)) = lines.peek() else {
        return Err(Failure::unreadable("cli.no-users", format!("{} names no users", name(path)))
            .help("write one user in each line, or CSV with a column `user`"));
    };
    let headings = cells(heading);
    let column = headings.iter().position(|cell| cell.eq_ignore_ascii_case(USER));
    let Some(column) = column else {
        let lines: Vec<(usize, &str)> = lines.map(|(number, line)| (number, line.trim())).collect();
        if let Some((number, _)) = lines.iter().find(|(_, line)| line.contains(SEPARATORS)) {
            return Err(no_column(path, *number, &headings));
        }
        return lines.into_iter().map(|(number, line)| user(path, number, line)).collect();
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| Failure::unreadable("cli.csv", format!("{}: {error}", name(path))))?;
        let line = row.position().map_or(0, csv::Position::line);
        user(path, usize::try_from(line).unwrap_or(usize::MAX), row.get(column).unwrap_or_default().trim())
    });
    rows.collect()
}

/// Returns the cells of a line of CSV.
fn cells(line: &str) -> Vec<String> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(line.as_bytes());
    let row = reader.records().next().and_then(Result::ok).unwrap_or_default();
    row.iter().map(|cell| cell.trim().to_string()).collect()
}

/// Returns the failure for a table, whose lines would each become a user.
fn no_column(path: &Path, line: usize, headings: &[String]) -> Failure {
    let message =
        format!("{}: line {line} is no user but a row of a table, and line 1 names no column `user`", name(path));
    let found: Vec<String> = headings.iter().map(|heading| format!("`{heading}`")).collect();
    let help = format!("name one column `user`, and separate columns with commas; found: {}", found.join(", "));
    Failure::unreadable("cli.no-users", message).help(help)
}

fn user(path: &Path, line: usize, text: &str) -> Result<UserId, Failure> {
    text.parse().map_err(|error| Failure::unreadable("cli.not-a-user", format!("{}: line {line}: {error}", name(path))))
}
