//! What SQLite's errors mean.

use std::path::Path;

use rusqlite::{Error, ErrorCode};

use crate::file::FileError;
use crate::store::StoreError;

/// Returns what a host is to know of an error.
pub(super) fn store_error(error: &Error) -> StoreError {
    let detail = error.to_string();
    match error.sqlite_error_code() {
        Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => StoreError::Unavailable { detail },
        Some(ErrorCode::ReadOnly | ErrorCode::PermissionDenied) => StoreError::ReadOnly { detail },
        Some(ErrorCode::DiskFull) => StoreError::Full { detail },
        Some(ErrorCode::NotADatabase) => StoreError::OtherApplication { detail },
        Some(ErrorCode::DatabaseCorrupt) => StoreError::Damaged { detail },
        _ => StoreError::Failed { detail },
    }
}

/// Returns the error of a path at which no database can be opened.
pub(super) fn open_error(path: &Path, error: &Error) -> StoreError {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    let detail = match folder {
        _ if path.exists() && !path.is_file() => format!("`{}` is not a file: name another path", path.display()),
        Some(folder) if !folder.exists() => return FileError::NoFolder { path: path.to_path_buf() }.into(),
        Some(folder) if !folder.is_dir() => format!("`{}` is not a folder", folder.display()),
        _ if error.sqlite_error_code() == Some(ErrorCode::CannotOpen) => {
            return StoreError::ReadOnly { detail: format!("`{}` cannot be opened: {error}", path.display()) };
        }
        _ => return store_error(error),
    };
    StoreError::OtherApplication { detail }
}

/// Returns whether an error is that of a value that must be unique in these columns, and is not.
pub(super) fn violates(error: &Error, columns: &str) -> bool {
    let is_constraint = error.sqlite_error_code() == Some(ErrorCode::ConstraintViolation);
    is_constraint && error.to_string().contains(columns)
}
