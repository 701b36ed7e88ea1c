//! The users, groups and members of a directory, as CSV.

use std::path::Path;

use entitle::directory::Directory;
use entitle::{GroupId, UserId};

use crate::exit::Failure;
use crate::files;
use crate::text::{csv_error, name};

/// Returns the directory of a file.
pub(super) fn read(path: &Path) -> Result<Directory, Failure> {
    let text = files::read(path)?;
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let mut reader = csv::ReaderBuilder::new().trim(csv::Trim::All).from_reader(text.as_bytes());
    let unreadable =
        |error: &csv::Error| Failure::unreadable("cli.csv", format!("{}: {}", name(path), csv_error(error)));
    let columns = Columns::of(path, reader.headers().map_err(|error| unreadable(&error))?)?;
    let mut directory = Directory::new();
    for row in reader.records() {
        let row = row.map_err(|error| unreadable(&error))?;
        let line = row.position().map_or(0, csv::Position::line);
        let wrong = |what: String| Failure::unreadable("cli.directory", format!("{}: line {line}: {what}", name(path)));
        let cell = |column: usize| row.get(column).filter(|cell| !cell.is_empty());
        let user = cell(columns.user).map(str::parse::<UserId>).transpose();
        let group = cell(columns.group).map(str::parse::<GroupId>).transpose();
        let (user, group) =
            (user.map_err(|error| wrong(error.to_string()))?, group.map_err(|error| wrong(error.to_string()))?);
        let repeated = match (&user, &group) {
            (Some(user), Some(group)) => directory.has_member(user, group),
            _ => false,
        };
        if repeated {
            return Err(wrong("this membership is in an earlier row already".to_string()).help("list each once"));
        }
        directory = match (user, group) {
            (Some(user), Some(group)) => directory.with_member(user, group),
            (Some(user), None) => directory.with_user(user),
            (None, Some(group)) => directory.with_group(group),
            (None, None) => return Err(wrong("neither a user nor a group".to_string()).help("remove the row")),
        };
    }
    Ok(directory)
}

/// The columns of users and groups.
struct Columns {
    user: usize,
    group: usize,
}

impl Columns {
    fn of(path: &Path, headings: &csv::StringRecord) -> Result<Self, Failure> {
        let column = |wanted: &str| headings.iter().position(|heading| heading.eq_ignore_ascii_case(wanted));
        match (column("user"), column("group")) {
            (Some(user), Some(group)) => Ok(Self { user, group }),
            _ => Err(Failure::unreadable(
                "cli.directory",
                format!("{}: line 1 does not name `user` and `group`", name(path)),
            )
            .help("write a first line `user,group`, then a row for each membership; separate columns with commas")),
        }
    }
}
