//! The file operations of a ledger, which tests replace.

use std::fs::File;
use std::io::{self, Write as _};
use std::path::Path;

use crate::files;

/// The operations that make a line durable before it is acknowledged, one system call each.
pub(super) trait Disk {
    /// Appends with a single write. Returns the number of bytes written.
    fn append(&mut self, bytes: &[u8]) -> io::Result<usize>;
    /// Returns when everything appended is on disk.
    fn sync(&mut self) -> io::Result<()>;
    /// Truncates the file to this length.
    fn cut(&mut self, length: u64) -> io::Result<()>;
    /// Returns when the directory entry of the file is on disk.
    fn sync_folder(&mut self, path: &Path) -> io::Result<()>;
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

    fn sync_folder(&mut self, path: &Path) -> io::Result<()> {
        files::sync_folder(path)
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::{File, OpenOptions};
    use std::path::Path;

    use super::Disk as _;

    /// The calls reach the system: a file that cannot be synced gives an error.
    #[test]
    fn the_system_is_asked_to_sync() {
        let mut null = OpenOptions::new().append(true).open("/dev/null").unwrap();
        assert_eq!(null.append(b"line\n").unwrap(), 5, "it takes everything");
        assert!(null.sync().is_err(), "and is no disk");
        assert!(null.sync_folder(Path::new("/proc/version")).is_err(), "nor is the folder of this");
        let mut file = File::open("Cargo.toml").unwrap();
        assert!(file.sync().is_ok() && file.sync_folder(Path::new("Cargo.toml")).is_ok());
    }
}
