//! The file of a ledger: one write per line, on disk before it is acknowledged, one writer at a
//! time.

use core::time::Duration;
use std::fs::{File, OpenOptions};
use std::io::{ErrorKind, Read as _, Seek as _};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Instant;

use super::disk::Disk;
use crate::exit::Failure;
use crate::files::{self, cannot_read, cannot_write};
use crate::text::name;

/// The maximum length of a ledger, in bytes: about ten million events.
const MAX_LEDGER: u64 = 4 * 1024 * 1024 * 1024;

/// The prefix of every ledger.
const BEGINS: &[u8] = b"{\"ledger\":";

/// The pause between two attempts to lock.
const PAUSE: Duration = Duration::from_millis(10);

/// A ledger that is open for writing and locked. The lock ends with the process.
#[derive(Debug)]
pub(crate) struct Store<D = File> {
    path: PathBuf,
    file: D,
    /// The length of the complete lines.
    length: u64,
}

/// The complete lines of a ledger, and the number of bytes after them.
#[derive(Debug)]
pub(crate) struct Lines {
    pub(crate) text: String,
    pub(crate) torn: usize,
}

/// Reads a ledger without a lock: another command may be writing its next line.
pub(crate) fn read(path: &Path) -> Result<Lines, Failure> {
    let mut file = files::open_regular(path).map_err(|error| no_ledger(path, &error))?;
    lines(path, &mut file)
}

impl Store {
    /// Opens an existing ledger and waits for the lock.
    pub(crate) fn open(path: &Path, wait: u32) -> Result<Self, Failure> {
        let open = || {
            // Opening a pipe blocks.
            files::require_regular(&path.metadata()?)?;
            OpenOptions::new().read(true).append(true).open(path)
        };
        Self::locked(path, open().map_err(|error| no_ledger(path, &error))?, wait)
    }

    /// Opens a ledger, creates it if necessary, and waits for the lock.
    pub(crate) fn create(path: &Path, wait: u32) -> Result<Self, Failure> {
        let open = || {
            // Links are not followed, since they could point to a place that somebody else chose.
            path.symlink_metadata().map_or(Ok(()), |there| files::require_regular(&there))?;
            OpenOptions::new().read(true).append(true).create(true).open(path)
        };
        Self::locked(path, open().map_err(|error| cannot_write(path, &error))?, wait)
    }

    fn locked(path: &Path, file: File, wait: u32) -> Result<Self, Failure> {
        let metadata = file.metadata().and_then(|metadata| files::require_regular(&metadata));
        metadata.map_err(|error| cannot_write(path, &error))?;
        let until = Instant::now().checked_add(Duration::from_secs(wait.into()));
        loop {
            match fs4::FileExt::try_lock(&file) {
                Ok(()) => return Ok(Self { path: path.to_path_buf(), file, length: 0 }),
                Err(fs4::TryLockError::WouldBlock) => {
                    if until.is_none_or(|until| Instant::now() >= until) {
                        let message = format!("{} is locked: another command is writing to it", name(path));
                        return Err(
                            Failure::locked(message).help("try again, or wait longer with --wait; nothing was done")
                        );
                    }
                }
                Err(fs4::TryLockError::Error(error)) => return Err(cannot_write(path, &error)),
            }
            thread::sleep(PAUSE);
        }
    }

    /// Reads the ledger. Bytes after the last complete line were never acknowledged and are
    /// removed.
    pub(crate) fn read(&mut self) -> Result<Lines, Failure> {
        let lines = lines(&self.path, &mut self.file)?;
        self.length = u64::try_from(lines.text.len()).unwrap_or(u64::MAX);
        if lines.torn > 0 {
            let cut = self.file.set_len(self.length).and_then(|()| self.file.sync_all());
            cut.map_err(|error| cannot_write(&self.path, &error))?;
        }
        Ok(lines)
    }

    /// Returns whether no record begins in this file: it is empty, or has an incomplete first line,
    /// which is removed.
    pub(crate) fn clear_if_not_begun(&mut self) -> Result<bool, Failure> {
        let mut begins = [0; BEGINS.len()];
        let read = self.file.read(&mut begins).map_err(|error| cannot_read(&self.path, &error))?;
        let is_ours = begins.get(..read) == BEGINS.get(..read);
        self.file.rewind().map_err(|error| cannot_read(&self.path, &error))?;
        // Another kind of file is never changed.
        Ok(is_ours && lines(&self.path, &mut self.file)?.text.is_empty() && {
            self.file.set_len(0).map_err(|error| cannot_write(&self.path, &error))?;
            true
        })
    }
}

impl<D: Disk> Store<D> {
    /// Appends a line with a single write, and returns when it is on disk.
    pub(crate) fn append(&mut self, line: &str) -> Result<(), Failure> {
        let bytes = u64::try_from(line.len()).unwrap_or(u64::MAX);
        let written = match self.file.append(line.as_bytes()) {
            Ok(written) if written == line.len() => self.file.sync(),
            Ok(_) => Err(ErrorKind::WriteZero.into()),
            Err(error) => Err(error),
        };
        written.map_err(|error| {
            // The line is removed again.
            let undone = self.file.cut(self.length).and_then(|()| self.file.sync());
            let failure = cannot_write(&self.path, &error);
            match undone {
                Ok(()) => failure.help("check whether the disk is full; nothing was done"),
                Err(_) => failure.help("check the disk; `entitle tenant log` shows whether it was done"),
            }
        })?;
        self.length = self.length.saturating_add(bytes);
        Ok(())
    }

    /// Writes the first line, and returns when it and the directory entry are on disk.
    pub(crate) fn begin(&mut self, head: &str) -> Result<(), Failure> {
        self.append(head)?;
        self.file.sync_folder(&self.path).map_err(|error| cannot_write(&self.path, &error))
    }
}

fn lines(path: &Path, file: &mut File) -> Result<Lines, Failure> {
    let mut bytes = Vec::new();
    // Nothing is read if the file's metadata exceeds the limit.
    if file.metadata().map_err(|error| cannot_read(path, &error))?.len() > MAX_LEDGER {
        return Err(files::too_long(path, MAX_LEDGER));
    }
    file.take(MAX_LEDGER.saturating_add(1)).read_to_end(&mut bytes).map_err(|error| cannot_read(path, &error))?;
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > MAX_LEDGER {
        return Err(files::too_long(path, MAX_LEDGER));
    }
    let whole = bytes.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last.saturating_add(1));
    let torn = bytes.len().saturating_sub(whole);
    bytes.truncate(whole);
    let text = String::from_utf8(bytes).map_err(|_| {
        Failure::unreadable(
            "cli.not-text",
            format!("{} is not text in UTF-8: it is not a ledger, or damaged", name(path)),
        )
    })?;
    Ok(Lines { text, torn })
}

fn no_ledger(path: &Path, error: &std::io::Error) -> Failure {
    let failure = cannot_read(path, error);
    if error.kind() == ErrorKind::NotFound { failure.help("`entitle tenant init` creates a ledger") } else { failure }
}

#[cfg(test)]
mod tests {
    use std::io::{self, ErrorKind};
    use std::path::Path;

    use super::{Disk, Store};
    use crate::exit::Failure;

    /// Records each call, and fails in a range of calls.
    #[derive(Default)]
    struct RecordingDisk {
        calls: Vec<String>,
        fails: core::ops::Range<usize>,
        takes: Option<usize>,
    }

    impl RecordingDisk {
        fn note(&mut self, call: String) -> io::Result<()> {
            self.calls.push(call);
            if self.fails.contains(&self.calls.len()) { Err(ErrorKind::Other.into()) } else { Ok(()) }
        }
    }

    impl Disk for RecordingDisk {
        fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.note(format!("append {}", String::from_utf8_lossy(bytes).trim_end()))?;
            Ok(self.takes.unwrap_or(bytes.len()))
        }

        fn sync(&mut self) -> io::Result<()> {
            self.note("sync".to_string())
        }

        fn cut(&mut self, length: u64) -> io::Result<()> {
            self.note(format!("cut {length}"))
        }

        fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
            self.note(format!("sync the folder of {}", path.display()))
        }
    }

    fn store(file: RecordingDisk) -> Store<RecordingDisk> {
        Store { path: "a.ledger".into(), file, length: 7 }
    }

    /// `done` is printed only after the last of these calls.
    #[test]
    fn a_line_is_one_write_and_is_on_the_disk_before_it_counts() {
        let mut store = store(RecordingDisk::default());
        store.append("one\n").unwrap();
        store.append("more\n").unwrap();
        assert_eq!(store.file.calls, ["append one", "sync", "append more", "sync"]);
        assert_eq!(store.length, 16);
    }

    #[test]
    fn a_new_ledgers_name_is_on_the_disk_before_it_counts() {
        let mut store = store(RecordingDisk::default());
        store.begin("head\n").unwrap();
        assert_eq!(store.file.calls, ["append head", "sync", "sync the folder of a.ledger"]);
        let mut failing = super::tests::store(RecordingDisk { fails: 3..4, ..RecordingDisk::default() });
        assert!(failing.begin("head\n").is_err());
    }

    #[test]
    fn what_did_not_reach_the_disk_is_undone() {
        let tried = |file: RecordingDisk| -> (Vec<String>, Failure) {
            let mut store = store(file);
            let failure = store.append("line\n").unwrap_err();
            assert_eq!((store.length, failure.code), (7, "cli.unwritten"));
            (store.file.calls, failure)
        };
        let taken_back = ["append line", "sync", "cut 7", "sync"];
        let (calls, failure) = tried(RecordingDisk { fails: 2..3, ..RecordingDisk::default() });
        assert_eq!(calls, taken_back);
        assert_eq!(failure.help.as_deref(), Some("check whether the disk is full; nothing was done"));
        let (calls, _) = tried(RecordingDisk { takes: Some(3), ..RecordingDisk::default() });
        assert_eq!(calls, ["append line", "cut 7", "sync"], "half a line");
        let (calls, _) = tried(RecordingDisk { fails: 1..2, ..RecordingDisk::default() });
        assert_eq!(calls, ["append line", "cut 7", "sync"]);
        let (_, failure) = tried(RecordingDisk { fails: 2..4, ..RecordingDisk::default() });
        assert!(failure.help.unwrap().starts_with("check the disk;"), "nor could it be taken back");
    }
}
