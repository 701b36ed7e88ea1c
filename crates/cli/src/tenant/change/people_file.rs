//! Users in a file: one in each line, or CSV with a column `user`.

use std::path::Path;

use entitle::UserId;

use crate::exit::Failure;
use crate::files;
use crate::text::name;

/// The heading of the column with the users.
pub(in crate::tenant) const USER: &str = "user";

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
    let column = heading.split(',').position(|cell| cell.trim().eq_ignore_ascii_case(USER));
    let Some(column) = column else {
        return lines.map(|(number, line)| user(path, number, line.trim())).collect();
    };
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| {
        let row = row.map_err(|error| Failure::unreadable("cli.csv", format!("{}: {error}", name(path))))?;
        let line = row.position().map_or(0, csv::Position::line);
        user(path, usize::try_from(line).unwrap_or(usize::MAX), row.get(column).unwrap_or_default().trim())
    });
    rows.collect()
}

fn user(path: &Path, line: usize, text: &str) -> Result<UserId, Failure> {
    text.parse().map_err(|error| Failure::unreadable("cli.not-a-user", format!("{}: line {line}: {error}", name(path))))
}
