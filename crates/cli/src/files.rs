//! Files: read up to a limit, written whole and without overwriting, and synced before success is reported.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};

use entitle::Zeroizing;

use crate::draft::Draft;
use crate::exit::Failure;
use crate::key::SECRET;
use crate::text::name;

/// The maximum length of any text except a ledger, in bytes: the largest revocation list in armor.
pub(crate) const MAX_TEXT: u64 = 8 * 1024 * 1024;

/// The size of the first buffer for input of unknown length.
const FIRST: usize = 16 * 1024;

/// Who may read a new file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy<'a> {
    /// Its owner only.
    Secret,
    /// Everyone who may read new files by default.
    Public,
    /// At most those who may read this file, of which it is made.
    SameAs(&'a Path),
}

/// Returns the text of a file, or of stdin for `-`. A text with a secret key is refused, so that no
/// message repeats it.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let text = read_any(path)?;
    refuse_secret(path, &text)?;
    Ok(text.to_string())
}

/// Fails if a text contains a secret key.
pub(crate) fn refuse_secret(path: &Path, text: &str) -> Result<(), Failure> {
    if text.contains(SECRET) {
        let message = format!("{} contains a secret key, which is not allowed here", name(path));
        return Err(Failure::unreadable("cli.secret-key", message));
    }
    Ok(())
}

/// Returns the text of a file, or of stdin for `-`. It is wiped on drop, since it may be a secret
/// key.
pub(crate) fn read_any(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = read_wiped(path, MAX_TEXT)?;
    String::from_utf8(core::mem::take(&mut *bytes)).map(Zeroizing::new).map_err(|error| {
        // Bytes that are not UTF-8 may still contain a key.
        drop(Zeroizing::new(error.into_bytes()));
        Failure::unreadable("cli.not-text", format!("{} is not text in UTF-8", name(path)))
            .help("give the file that `entitle` or the publisher wrote, not a word processor's")
    })
}

/// Returns the bytes of a file, or of stdin for `-`. At most one byte beyond the limit is read.
pub(crate) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    read_wiped(path, limit).map(|mut bytes| core::mem::take(&mut *bytes))
}

/// Returns the bytes of a regular file. Pipes and devices are refused, since they could block for
/// ever.
pub(crate) fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: io::Error| cannot_read(path, &error);
    let file = open_regular(path).map_err(unreadable)?;
    // Nothing is read if the file's metadata exceeds the limit.
    if file.metadata().map_err(unreadable)?.len() > limit {
        return Err(too_long(path, limit));
    }
    read_all(path, file, limit).map(|mut bytes| core::mem::take(&mut *bytes))
}

/// Opens a regular file.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    // Opening a pipe blocks, so the path is checked first; it may change until it is opened, so the
    // file is checked again.
    require_regular(&path.metadata()?)?;
    let file = File::open(path)?;
    require_regular(&file.metadata()?)?;
    Ok(file)
}

/// Fails for anything but a regular file.
pub(crate) fn require_regular(metadata: &std::fs::Metadata) -> io::Result<()> {
    let error = || io::Error::new(ErrorKind::InvalidInput, "it is not a regular file");
    if metadata.is_file() { Ok(()) } else { Err(error()) }
}

/// Returns the bytes of a file, or of stdin for `-`, which are wiped on drop.
fn read_wiped(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if path.as_os_str() != "-" {
        return read_all(path, File::open(path).map_err(|error| cannot_read(path, &error))?, limit);
    }
    #[cfg(unix)]
    {
        // Standard input without its buffer, which is not wiped.
        let stdin = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned();
        read_all(path, File::from(stdin.map_err(|error| cannot_read(path, &error))?), limit)
    }
    #[cfg(not(unix))]
    read_all(path, io::stdin().lock(), limit)
}

/// Reads to the end, or to one byte beyond the limit, which is an error. Growing buffers are wiped.
fn read_all(path: &Path, source: impl Read, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    let unreadable = |error: io::Error| cannot_read(path, &error);
    let mut source = source.take(limit.saturating_add(1));
    let mut bytes = Zeroizing::new(vec![0; FIRST]);
    let mut length = 0_usize;
    loop {
        if length == bytes.len() {
            let mut larger = Zeroizing::new(vec![0; length.saturating_mul(2)]);
            larger.get_mut(..length).unwrap_or_default().copy_from_slice(&bytes);
            bytes = larger;
        }
        match source.read(bytes.get_mut(length..).unwrap_or_default()) {
            Ok(0) => break,
            Ok(read) => length = length.saturating_add(read),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) => return Err(unreadable(error)),
        }
    }
    // Truncation does not reallocate, so that no copy is left.
    bytes.truncate(length);
    if u64::try_from(length).unwrap_or(u64::MAX) > limit {
        return Err(too_long(path, limit));
    }
    Ok(bytes)
}

pub(crate) fn too_long(path: &Path, limit: u64) -> Failure {
    Failure::unreadable("cli.too-long", format!("{} has more than {limit} bytes", name(path)))
}

pub(crate) fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::unreadable("cli.unreadable", format!("{} cannot be read: {error}", name(path)));
    match error.kind() {
        ErrorKind::NotFound => failure.help("check the path: relative paths start in the current folder"),
        ErrorKind::PermissionDenied => failure.help("you may not read it: ask its owner"),
        _ => failure,
    }
}

pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let name = name(path);
    if error.kind() == ErrorKind::AlreadyExists {
        return Failure::unwritten("cli.exists", format!("{name} already exists"))
            .help("nothing was overwritten: name another file, or move that one away first");
    }
    let failure = Failure::unwritten("cli.unwritten", format!("{name} cannot be written: {error}"));
    match error.kind() {
        ErrorKind::NotFound => failure.help("check the path: relative paths start in the current folder"),
        ErrorKind::PermissionDenied => failure.help("you may not write there: name another folder, or ask its owner"),
        _ => failure,
    }
}

/// Writes a new file and syncs it to disk. A file that is not public is readable by its owner only
/// from the first byte on.
pub(crate) fn write_new(path: &Path, text: &str, secrecy: Secrecy<'_>) -> Result<(), Failure> {
    write_bytes(path, &[text.as_bytes()], secrecy)
}

/// Writes bytes in parts to a new file, which appears at once and whole, whenever the command is interrupted.
/// No existing file or link is followed or overwritten.
pub(crate) fn write_bytes(path: &Path, parts: &[&[u8]], secrecy: Secrecy<'_>) -> Result<(), Failure> {
    if path.symlink_metadata().is_ok() {
        return Err(cannot_write(path, &ErrorKind::AlreadyExists.into()));
    }
    let written = Draft::beside(path).and_then(|draft| {
        write_draft(&draft, parts, secrecy)?;
        draft.publish(path)?;
        // Its name is not lost any more once this has succeeded.
        sync_folder(path).inspect_err(|_| _ = std::fs::remove_file(path))
    });
    written.map_err(|error| cannot_write(path, &error))
}

/// Writes a file that replaces one of its name at once and whole. No link is followed: it is replaced.
pub(crate) fn replace(path: &Path, text: &[u8]) -> io::Result<()> {
    let draft = Draft::beside(path)?;
    write_draft(&draft, &[text], Secrecy::Public)?;
    std::fs::rename(draft.path(), path)
}

/// Writes a file that has no name yet, and syncs it to disk.
fn write_draft(draft: &Draft, parts: &[&[u8]], secrecy: Secrecy<'_>) -> io::Result<()> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secrecy.is_owner_only_at_first() {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(draft.path())?;
    parts.iter().try_for_each(|part| file.write_all(part))?;
    secrecy.copy_permissions(&file)?;
    file.sync_all()
}

impl Secrecy<'_> {
    /// Returns whether a file is created for its owner only.
    #[cfg(unix)]
    fn is_owner_only_at_first(self) -> bool {
        match self {
            Self::Secret => true,
            Self::Public => false,
            Self::SameAs(path) => path.as_os_str() != "-",
        }
    }

    /// Grants the permissions of the original file to the new one, and never more.
    #[cfg(unix)]
    fn copy_permissions(self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let Self::SameAs(path) = self else { return Ok(()) };
        // The permissions of stdin, or of a file that no longer exists, are unknown.
        let Ok(original) = path.metadata() else { return Ok(()) };
        if !original.is_file() {
            return Ok(());
        }
        // The group permissions apply only if both files have the same group.
        let is_same_group = file.metadata()?.gid() == original.gid();
        let mode = original.permissions().mode() & if is_same_group { 0o666 } else { 0o606 };
        file.set_permissions(std::fs::Permissions::from_mode(mode | 0o600))
    }

    #[cfg(not(unix))]
    fn copy_permissions(self, _: &File) -> io::Result<()> {
        Ok(())
    }
}

/// Syncs the directory entry of a file to disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Directories can be opened and synced on Unix only.
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// Returns the path with a suffix appended to its name.
pub(crate) fn with_suffix(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    PathBuf::from(name)
}
