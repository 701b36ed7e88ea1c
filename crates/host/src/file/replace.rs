//! Replaces a file beside a record as a whole, for those alone who may read the record.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io::{self, Write as _};
use std::path::Path;

/// Replaces a file by one of these parts, or makes it. It is written under the name of the draft first,
/// where nothing that is there is followed or kept, and replaced by a rename once it is finished. It gets
/// the permissions of the record, and never more.
pub(crate) fn replace(
    path: &Path,
    draft: &Path,
    parts: &[&[u8]],
    record: &Path,
    finish: impl FnOnce(&File) -> io::Result<()>,
) -> io::Result<()> {
    let written = write(draft, parts, record).and_then(|file| finish(&file)).and_then(|()| fs::rename(draft, path));
    written.inspect_err(|_| _ = fs::remove_file(draft))
}

fn write(draft: &Path, parts: &[&[u8]], record: &Path) -> io::Result<File> {
    _ = fs::remove_file(draft);
    let mut file = owned(draft)?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    // It holds what the record holds, so those who may read the record may read it.
    share(&record.metadata()?, &file)?;
    Ok(file)
}

/// Makes a file that its owner alone may read, where nothing is at the path.
pub(crate) fn owned(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// Gives a file the permissions of the record, and never more.
#[cfg(unix)]
pub(crate) fn share(record: &Metadata, file: &File) -> io::Result<()> {
    use std::fs::Permissions;
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    // What the group may do with the record is for that group only.
    let is_same_group = file.metadata()?.gid() == record.gid();
    let mode = record.permissions().mode() & if is_same_group { 0o666 } else { 0o606 };
    file.set_permissions(Permissions::from_mode(mode | 0o600))
}

#[cfg(not(unix))]
pub(crate) fn share(record: &Metadata, file: &File) -> io::Result<()> {
    file.set_permissions(record.permissions())
}
