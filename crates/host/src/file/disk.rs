//! The file operations that make a line durable, which tests replace.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

/// The operations on the file of a record, one system call each.
pub(crate) trait Disk {
    /// Appends with a single write. Returns the number of bytes written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Returns when everything that was appended is on disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Cuts the file to this length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
}

impl Disk for File {
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write(bytes)
    }

    fn sync(&mut self) -> io::Result<()> {
        self.sync_data()
    }

    fn cut(&mut self, length: u64) -> io::Result<()> {
        self.set_len(length)
    }
}

/// Returns when the name of a file is on disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Folders can be opened and synced on Unix only.
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}
