//! The complete lines of a file.

use std::fs::File;
use std::io::{self, ErrorKind};
use std::path::Path;

use super::error::FileError;
use super::open::OpenFile;

/// The maximum length of a record in a file, in bytes: about ten million entries.
pub const MAX_FILE_BYTES: u64 = 4 * 1024 * 1024 * 1024;

/// What every record begins with.
const BEGINS: &[u8] = b"{\"ledger\":";

/// The content of a file from a place on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    /// The complete lines, as far as they are text.
    pub(crate) text: String,
    /// The bytes after the last complete line, whose writing was interrupted.
    pub(crate) torn: Vec<u8>,
    /// Whether a complete line after the text is not UTF-8.
    pub(crate) is_cut_short: bool,
}

impl Contents {
    /// Reads a file from a place on. `O(n)` in what follows it.
    pub(crate) fn read(path: &Path, file: &mut OpenFile, from: u64) -> Result<Self, FileError> {
        read_bytes(path, file, from).map(Self::of)
    }

    fn of(mut lines: Vec<u8>) -> Self {
        let torn = lines.split_off(lines_of(&lines));
        match String::from_utf8(lines) {
            Ok(text) => Self { text, torn, is_cut_short: false },
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let mut lines = error.into_bytes();
                lines.truncate(valid);
                lines.truncate(lines_of(&lines));
                Self { text: String::from_utf8(lines).unwrap_or_default(), torn, is_cut_short: true }
            }
        }
    }

    /// Returns whether no record was begun here: the file is empty, or writing its first line was
    /// interrupted.
    pub(crate) fn is_not_begun(&self) -> bool {
        let begins = self.torn.iter().zip(BEGINS).all(|(found, wanted)| found == wanted);
        // A file system that lost power may keep the length of a file and not its content.
        let is_blank = self.torn.iter().all(|byte| *byte == 0);
        self.text.is_empty() && !self.is_cut_short && (begins || is_blank)
    }
}

/// Returns the bytes of a file from a place on, as long as it was when it was opened.
pub(crate) fn read_bytes(path: &Path, file: &mut OpenFile, from: u64) -> Result<Vec<u8>, FileError> {
    let unreadable = |error: io::Error| FileError::reading(path, error);
    let OpenFile { file, length, .. } = file;
    // Nothing is read of a file that is too long.
    if *length > MAX_FILE_BYTES {
        return Err(FileError::TooLong { path: path.to_path_buf(), bytes: *length });
    }
    read_part(file, from, length.saturating_sub(from)).map_err(unreadable)
}

/// Reads a part of a file, as far as it is there, with one system call for a short one.
#[cfg(unix)]
fn read_part(file: &File, from: u64, length: u64) -> io::Result<Vec<u8>> {
    use std::os::unix::fs::FileExt as _;

    let length = usize::try_from(length).map_err(|_| ErrorKind::OutOfMemory)?;
    let (mut bytes, mut read, mut from) = (vec![0; length], 0_usize, from);
    while let Some(rest @ [_, ..]) = bytes.get_mut(read..) {
        match file.read_at(rest, from) {
            Ok(0) => break,
            Ok(more) => {
                read = read.saturating_add(more);
                from = from.saturating_add(u64::try_from(more).unwrap_or(u64::MAX));
            }
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    bytes.truncate(read);
    Ok(bytes)
}

#[cfg(not(unix))]
fn read_part(mut file: &File, from: u64, length: u64) -> io::Result<Vec<u8>> {
    use std::io::{Read as _, Seek as _, SeekFrom};

    let mut read = Vec::with_capacity(usize::try_from(length).unwrap_or(0));
    file.seek(SeekFrom::Start(from))?;
    file.take(length).read_to_end(&mut read)?;
    Ok(read)
}

/// Returns the length of the complete lines.
fn lines_of(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use super::Contents;

    #[test]
    fn lines_are_complete_and_text() {
        let of = |bytes: &[u8]| {
            let Contents { text, torn, is_cut_short } = Contents::of(bytes.to_vec());
            (text, torn.len(), is_cut_short)
        };
        assert_eq!(of(b""), (String::new(), 0, false));
        assert_eq!(of(b"one\ntwo\nth"), ("one\ntwo\n".to_string(), 2, false));
        assert_eq!(of(b"one\nt\xFFo\nth"), ("one\n".to_string(), 2, true));
        assert_eq!(of(b"one\nt\xFFo"), ("one\n".to_string(), 3, false), "an interrupted line need not be text");
        assert_eq!(of("ä\nö".as_bytes()), ("ä\n".to_string(), 2, false));
    }

    #[test]
    fn only_what_a_record_leaves_is_taken_for_one_that_was_not_begun() {
        let is_not_begun = |bytes: &[u8]| Contents::of(bytes.to_vec()).is_not_begun();
        assert!(
            is_not_begun(b"")
                && is_not_begun(b"{\"led")
                && is_not_begun(b"{\"ledger\":\"enti")
                && is_not_begun(&[0; 9])
        );
        assert!(
            !is_not_begun(b"hello") && !is_not_begun(b"{\"led\n") && !is_not_begun(b"\xFF\n") && !is_not_begun(b"[0")
        );
    }
}
