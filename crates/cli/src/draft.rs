//! A file that is written before it has its name: under the name there is all of it, or nothing.
//!
//! It is written in a folder of its own beside the name, so that what an interrupted command leaves is no
//! file among documents, and a link gives it the name, which replaces nothing.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

/// The beginning of the name of a folder with a draft.
const FOLDER: &str = ".entitle-";

/// A file without its name yet. It is removed on drop.
#[derive(Debug)]
pub(crate) struct Draft {
    folder: PathBuf,
}

impl Draft {
    /// Makes the folder for a file that is to have this path, for its owner only.
    pub(crate) fn beside(path: &Path) -> io::Result<Self> {
        let mut random = [0; 8];
        crate::random::fill(&mut random).map_err(|failure| io::Error::other(failure.message))?;
        let folder = path.with_file_name(format!("{FOLDER}{:016x}", u64::from_be_bytes(random)));
        let mut builder = DirBuilder::new();
        // A folder that is there is not taken.
        builder.recursive(false);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&folder)?;
        Ok(Self { folder })
    }

    /// Returns the path of the file until it has its name.
    pub(crate) fn path(&self) -> PathBuf {
        self.folder.join("draft")
    }

    /// Gives the file its name. A file or a link that has it stays, which is an error.
    pub(crate) fn publish(self, path: &Path) -> io::Result<()> {
        match fs::hard_link(self.path(), path) {
            Err(error) if error.kind() != ErrorKind::AlreadyExists => rename_new(&self.path(), path),
            linked => linked,
        }
    }
}

impl Drop for Draft {
    fn drop(&mut self) {
        _ = fs::remove_file(self.path());
        _ = fs::remove_dir(&self.folder);
    }
}

/// Renames a file where the file system has no links: onto an empty file that takes the name before, which
/// is what an interruption in between leaves.
fn rename_new(from: &Path, to: &Path) -> io::Result<()> {
    OpenOptions::new().write(true).create_new(true).open(to)?;
    fs::rename(from, to).inspect_err(|_| _ = fs::remove_file(to))
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{Draft, rename_new};

    #[test]
    fn a_name_that_is_taken_is_never_given_again() {
        let folder = std::env::temp_dir().join(format!("entitle-draft-{}", std::process::id()));
        fs::create_dir_all(&folder).unwrap();
        let path = folder.join("name");
        let draft = |text: &str| {
            let draft = Draft::beside(&path).unwrap();
            fs::write(draft.path(), text).unwrap();
            draft
        };
        let first = draft("first");
        assert!(!path.exists() && first.path().exists());
        first.publish(&path).unwrap();
        let second = draft("second");
        assert!(rename_new(&second.path(), &path).is_err());
        assert!(second.publish(&path).is_err());
        assert_eq!(fs::read_to_string(&path).unwrap(), "first");
        // Without links.
        fs::remove_file(&path).unwrap();
        let gone = draft("third").path();
        rename_new(&gone, &path).unwrap_err();
        assert!(!path.exists(), "a draft that is gone leaves nothing");
        let fourth = draft("fourth");
        rename_new(&fourth.path(), &path).unwrap();
        drop(fourth);
        assert_eq!(fs::read_to_string(&path).unwrap(), "fourth");
        assert_eq!(fs::read_dir(&folder).unwrap().count(), 1, "no draft is left");
        fs::remove_dir_all(&folder).unwrap();
    }
}
