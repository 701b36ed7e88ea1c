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

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::fs::{File, OpenOptions};
    use std::path::Path;

    use super::{Disk as _, sync_folder};

    /// The calls reach the system: a file that cannot be synced gives an error.
    #[test]
    fn the_system_is_asked_to_sync() {
        let mut null = OpenOptions::new().append(true).open("/dev/null").unwrap();
        assert_eq!(null.append(b"line\n").unwrap(), 5, "it takes everything");
        assert!(null.sync().is_err(), "and is no disk");
        assert!(sync_folder(Path::new("/proc/version")).is_err(), "nor is the folder of this");
        assert!(File::open("Cargo.toml").unwrap().sync().is_ok() && sync_folder(Path::new("Cargo.toml")).is_ok());
    }
}
