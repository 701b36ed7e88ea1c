//! Opens the file of a record: only a regular file, since opening a pipe waits for ever.

use std::fs::{File, Metadata, OpenOptions};
use std::io::ErrorKind;
use std::path::Path;

use super::error::FileError;

/// Opens a record for reading.
pub(crate) fn for_reading(path: &Path) -> Result<File, FileError> {
    let unreadable = |error| FileError::reading(path, error);
    require_file(path, &path.metadata().map_err(unreadable)?)?;
    let file = File::open(path).map_err(unreadable)?;
    // The path may name another file by now.
    require_file(path, &file.metadata().map_err(unreadable)?)?;
    Ok(file)
}

/// Fails if there is something else than a file at the path.
pub(crate) fn require_file_if_there(path: &Path) -> Result<(), FileError> {
    match path.metadata() {
        Ok(metadata) => require_file(path, &metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::reading(path, error)),
    }
}

/// Fails if there is something else than a file at the path, or a link: where a link leads to may be
/// chosen by somebody else.
pub(crate) fn require_no_link(path: &Path) -> Result<(), FileError> {
    match path.symlink_metadata() {
        Ok(metadata) => require_file(path, &metadata),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(()),
        Err(error) => Err(FileError::writing(path, error)),
    }
}

/// Opens a record that is there for writing.
pub(crate) fn existing_for_writing(path: &Path) -> Result<File, FileError> {
    require_file(path, &path.metadata().map_err(|error| FileError::reading(path, error))?)?;
    let opened = OpenOptions::new().read(true).append(true).open(path);
    opened.map_err(|error| match error.kind() {
        ErrorKind::NotFound => FileError::NotThere { path: path.to_path_buf() },
        _ => FileError::writing(path, error),
    })
}

/// Opens a record for writing, and makes an empty file if there is none.
pub(crate) fn for_writing(path: &Path) -> Result<File, FileError> {
    let unwritable = |error| FileError::writing(path, error);
    require_file_if_there(path)?;
    let file = OpenOptions::new().read(true).append(true).create(true).open(path).map_err(unwritable)?;
    require_file(path, &file.metadata().map_err(unwritable)?)?;
    Ok(file)
}

fn require_file(path: &Path, metadata: &Metadata) -> Result<(), FileError> {
    if metadata.is_file() { Ok(()) } else { Err(FileError::NotAFile { path: path.to_path_buf() }) }
}
