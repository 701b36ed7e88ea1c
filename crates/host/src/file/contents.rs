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

/// How much of a file is read at once, in bytes.
const PART: u64 = 1024 * 1024;

/// The content of a file from a place on.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Contents {
    /// The complete lines, as far as they are text. What follows a line with a zero byte, which no
    /// record has, is not in it.
    pub(crate) text: String,
    /// The length of what follows the last complete line, whose writing was interrupted, in bytes.
    pub(crate) torn: u64,
    /// Whether a complete line after the text is not UTF-8.
    pub(crate) is_cut_short: bool,
    /// Whether what follows the last complete line is what an interrupted first line leaves.
    is_torn_beginning: bool,
}

/// What follows the first zero byte of a file: it is counted and not kept, so that a long file of
/// zeros, which takes no room on a disk, takes none in memory.
#[derive(Debug, Clone, Copy)]
enum Rest {
    /// A line feed, so that the line with the zero byte is complete.
    LineFeed,
    /// No line feed.
    Torn { bytes: u64, is_blank: bool },
}

impl Contents {
    /// Reads a file from a place on. `O(n)` in what follows it.
    pub(crate) fn read(path: &Path, file: &mut OpenFile, from: u64) -> Result<Self, FileError> {
        let unreadable = |error: io::Error| FileError::reading(path, error);
        let OpenFile { file, length, .. } = file;
        require_length(path, *length)?;
        let (mut lines, mut at) = (Vec::new(), from);
        loop {
            let part = read_part(file, at, PART.min(length.saturating_sub(at))).map_err(unreadable)?;
            // Most files have none, which is known faster than where one is.
            let zero = if part.contains(&0) { part.iter().position(|byte| *byte == 0) } else { None };
            let kept = part.get(..zero.map_or(part.len(), |zero| zero.saturating_add(1))).unwrap_or(&part);
            lines.extend_from_slice(kept);
            at = at.saturating_add(bytes(kept.len()));
            if zero.is_some() {
                let rest = Rest::read(file, at, *length).map_err(unreadable)?;
                return Ok(Self::of(lines, rest));
            }
            if part.is_empty() {
                return Ok(Self::of(lines, Rest::Torn { bytes: 0, is_blank: true }));
            }
        }
    }

    fn of(mut lines: Vec<u8>, rest: Rest) -> Self {
        let (rest, is_blank) = match rest {
            Rest::LineFeed => {
                lines.push(b'\n');
                (0, true)
            }
            Rest::Torn { bytes, is_blank } => (bytes, is_blank),
        };
        let torn = lines.split_off(lines_of(&lines));
        let begins = torn.iter().zip(BEGINS).all(|(found, wanted)| found == wanted);
        // A file system that lost power may keep the length of a file and not its content.
        let is_blank = is_blank && torn.iter().all(|byte| *byte == 0);
        let (text, is_cut_short) = match String::from_utf8(lines) {
            Ok(text) => (text, false),
            Err(error) => {
                let valid = error.utf8_error().valid_up_to();
                let mut lines = error.into_bytes();
                lines.truncate(valid);
                lines.truncate(lines_of(&lines));
                (String::from_utf8(lines).unwrap_or_default(), true)
            }
        };
        let torn = bytes(torn.len()).saturating_add(rest);
        Self { text, torn, is_cut_short, is_torn_beginning: begins || is_blank }
    }

    /// Returns whether no record was begun here: the file is empty, or writing its first line was
    /// interrupted.
    pub(crate) fn is_not_begun(&self) -> bool {
        self.text.is_empty() && !self.is_cut_short && self.is_torn_beginning
    }
}

impl Rest {
    /// Reads what follows a zero byte.
    fn read(file: &File, from: u64, length: u64) -> io::Result<Self> {
        let blank = vec![0; usize::try_from(PART).unwrap_or(0)];
        let (mut at, mut is_blank) = (from, true);
        loop {
            let part = read_part(file, at, PART.min(length.saturating_sub(at)))?;
            if part.contains(&b'\n') {
                return Ok(Self::LineFeed);
            }
            if part.is_empty() {
                return Ok(Self::Torn { bytes: at.saturating_sub(from), is_blank });
            }
            is_blank &= blank.get(..part.len()) == Some(&part);
            at = at.saturating_add(bytes(part.len()));
        }
    }
}

/// Returns the bytes of a file from a place on, as long as it was when it was opened.
pub(crate) fn read_bytes(path: &Path, file: &mut OpenFile, from: u64) -> Result<Vec<u8>, FileError> {
    let unreadable = |error: io::Error| FileError::reading(path, error);
    let OpenFile { file, length, .. } = file;
    require_length(path, *length)?;
    read_part(file, from, length.saturating_sub(from)).map_err(unreadable)
}

/// Fails for a file that is too long, of which nothing is read.
fn require_length(path: &Path, length: u64) -> Result<(), FileError> {
    if length > MAX_FILE_BYTES {
        return Err(FileError::TooLong { path: path.to_path_buf(), bytes: length });
    }
    Ok(())
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

/// Returns a length as the operating system counts it.
pub(crate) fn bytes(length: usize) -> u64 {
    u64::try_from(length).unwrap_or(u64::MAX)
}

/// Returns the length of the complete lines.
fn lines_of(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::super::open;
    use super::{Contents, PART};

    fn contents_of(parts: &[&[u8]]) -> Contents {
        let path = std::env::temp_dir().join(format!("entitle-contents-{:?}", std::thread::current().id()));
        fs::write(&path, parts.concat()).unwrap();
        let contents = Contents::read(&path, &mut open::for_reading(&path).unwrap(), 0).unwrap();
        fs::remove_file(&path).unwrap();
        contents
    }

    #[test]
    fn lines_are_complete_and_text() {
        let of = |bytes: &[u8]| {
            let Contents { text, torn, is_cut_short, .. } = contents_of(&[bytes]);
            (text, torn, is_cut_short)
        };
        assert_eq!(of(b""), (String::new(), 0, false));
        assert_eq!(of(b"one\ntwo\nth"), ("one\ntwo\n".to_string(), 2, false));
        assert_eq!(of(b"one\nt\xFFo\nth"), ("one\n".to_string(), 2, true));
        assert_eq!(of(b"one\nt\xFFo"), ("one\n".to_string(), 3, false), "an interrupted line need not be text");
        assert_eq!(of("ä\nö".as_bytes()), ("ä\n".to_string(), 2, false));
    }

    #[test]
    fn only_what_a_record_leaves_is_taken_for_one_that_was_not_begun() {
        let is_not_begun = |bytes: &[u8]| contents_of(&[bytes]).is_not_begun();
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
    #[test]
    fn what_follows_a_zero_byte_is_counted_and_not_kept() {
        let blank = vec![0; usize::try_from(PART * 3).unwrap()];
        let long = blank.len() as u64;
        let of = |parts: &[&[u8]]| {
            let contents = contents_of(parts);
            assert!(contents.text.capacity() < 4096);
            (contents.text.clone(), contents.torn, contents.is_not_begun())
        };
        assert_eq!(of(&[&blank]), (String::new(), long, true));
        assert_eq!(of(&[&blank, b"x"]), (String::new(), long + 1, false));
        assert_eq!(of(&[b"one\n", &blank]), ("one\n".to_string(), long, false));
        // The line is complete, so that it is damage and nothing is cut.
        assert_eq!(of(&[b"one\ntw", &blank, b"o\nthree"]), ("one\ntw\0\n".to_string(), 0, false));
        assert_eq!(of(&[&blank, b"\n"]), ("\0\n".to_string(), 0, false));
    }
}
