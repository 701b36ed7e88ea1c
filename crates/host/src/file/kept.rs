//! Files that stay open between calls: opening and closing them costs more than most of what a write
//! does beside the disk.
//!
//! On Linux, where a path can be asked which file it leads to now, also on a network share.
//! Elsewhere, each call opens its files.

use core::mem;
use std::path::Path;
use std::process;

use super::error::FileError;
use super::open::{Identity, OpenFile};

/// A record and its lock as an earlier call left them.
#[derive(Debug, Default)]
pub(crate) struct KeptFiles {
    pub(super) lock: Kept,
    pub(crate) record: Kept,
}

/// The file that an earlier call opened, if there is one. A call takes it, and keeps it again if
/// nothing failed.
#[derive(Debug, Default)]
pub(crate) struct Kept(Option<OpenFile>);

impl Kept {
    /// Returns the file to which a path leads now: the one that was kept, or one that is opened.
    pub(crate) fn take(
        &mut self,
        path: &Path,
        open: impl FnOnce(&Path) -> Result<OpenFile, FileError>,
    ) -> Result<OpenFile, FileError> {
        // After a fork, two processes would have one lock.
        let kept = mem::take(self).0.filter(|file| file.opened_by == process::id());
        match (kept, found_at(path)) {
            (Some(file), Some((identity, length))) if file.identity == Some(identity) => {
                Ok(OpenFile { length, ..file })
            }
            _ => open(path),
        }
    }

    /// Keeps a file for the next call.
    pub(crate) fn keep(&mut self, file: OpenFile) {
        // One that cannot be recognised is closed.
        self.0 = file.identity.is_some().then_some(file);
    }
}

/// Returns which file a path leads to, and its length; `None` for anything but a file, and for a link
/// at its end.
#[cfg(all(target_os = "linux", target_env = "gnu"))]
fn found_at(path: &Path) -> Option<(Identity, u64)> {
    use rustix::fs::{AtFlags, CWD, FileType, StatxFlags, makedev, statx};

    // On a network share the server answers, and what this machine has of the file is checked, as when
    // it is opened.
    let flags = AtFlags::STATX_FORCE_SYNC | AtFlags::SYMLINK_NOFOLLOW;
    let found = statx(CWD, path, flags, StatxFlags::TYPE | StatxFlags::INO | StatxFlags::SIZE).ok()?;
    let is_file = FileType::from_raw_mode(found.stx_mode.into()) == FileType::RegularFile;
    let device = makedev(found.stx_dev_major, found.stx_dev_minor);
    is_file.then_some((Identity { device, inode: found.stx_ino }, found.stx_size))
}

#[cfg(not(all(target_os = "linux", target_env = "gnu")))]
fn found_at(_: &Path) -> Option<(Identity, u64)> {
    None
}

#[cfg(test)]
#[cfg(all(target_os = "linux", target_env = "gnu"))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::super::open;
    use super::Kept;

    /// Returns whether the next call opens the file again after something was done to its path.
    fn is_opened_again(name: &str, change: impl FnOnce(&std::path::Path)) -> bool {
        let path = std::env::temp_dir().join(format!("entitle-kept-{}-{name}", std::process::id()));
        fs::write(&path, "one\n").unwrap();
        let mut kept = Kept::default();
        let opened = kept.take(&path, open::for_writing).unwrap();
        assert_eq!(opened.length, 4);
        kept.keep(opened);
        change(&path);
        let mut is_opened = false;
        let again = kept.take(&path, |path| {
            is_opened = true;
            open::for_writing(path)
        });
        assert_eq!(again.unwrap().length, fs::metadata(&path).unwrap().len(), "the length is that of now");
        fs::remove_file(&path).unwrap();
        is_opened
    }

    #[test]
    fn a_kept_file_is_used_while_its_path_leads_to_it() {
        assert!(!is_opened_again("same", |_| {}));
        assert!(!is_opened_again("longer", |path| fs::write(path, "one\ntwo\n").unwrap()), "it is the same file");
        assert!(is_opened_again("removed", |path| fs::remove_file(path).unwrap()));
        assert!(is_opened_again("replaced", |path| {
            let other = path.with_extension("other");
            fs::write(&other, "one\n").unwrap();
            fs::rename(&other, path).unwrap();
        }));
        assert!(is_opened_again("link", |path| {
            let other = path.with_extension("elsewhere");
            fs::rename(path, &other).unwrap();
            symlink(&other, path).unwrap();
        }));
    }

    #[test]
    fn what_another_process_opened_before_it_was_forked_is_opened_again() {
        assert!(!is_opened_again_by("own", |kept| kept));
        assert!(is_opened_again_by("forked", |kept| kept.wrapping_add(1)));
    }

    /// Returns whether the next call opens a file again that the process of another id opened.
    fn is_opened_again_by(name: &str, process: impl FnOnce(u32) -> u32) -> bool {
        let path = std::env::temp_dir().join(format!("entitle-kept-{}-{name}", std::process::id()));
        let mut kept = Kept::default();
        kept.keep(open::for_writing(&path).unwrap());
        let file = kept.0.as_mut().unwrap();
        file.opened_by = process(file.opened_by);
        let mut is_opened = false;
        kept.take(&path, |path| {
            is_opened = true;
            open::for_writing(path)
        })
        .unwrap();
        fs::remove_file(&path).unwrap();
        is_opened
    }
}
