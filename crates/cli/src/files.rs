//! Files: read within a limit, written without overwriting, on the disk before they are spoken of.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read, Write as _};
use std::path::{Path, PathBuf};

use entitle::Zeroizing;

use crate::exit::Failure;
use crate::key::SECRET;
use crate::text::name;

/// The longest text of anything but a ledger, in bytes: a revocation list of the most entries, in armor.
pub(crate) const MAX_TEXT: u64 = 8 * 1024 * 1024;

/// How much is read at first of what does not say how long it is.
const FIRST: usize = 16 * 1024;

/// Who may read a file that is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy<'a> {
    /// Its owner alone.
    Secret,
    /// Whoever may read what is written usually.
    Public,
    /// Nobody who may not read this file, of which it is made.
    SameAs(&'a Path),
}

/// The text of a file, or of stdin for `-`. One with a secret key in it is refused, so that no message repeats it.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let text = read_any(path)?;
    refuse_secret(path, &text)?;
    Ok(text.to_string())
}

/// Refuses a text with a secret key in it.
pub(crate) fn refuse_secret(path: &Path, text: &str) -> Result<(), Failure> {
    if text.contains(SECRET) {
        let message = format!("{} holds a secret key, which has no place here", name(path));
        return Err(Failure::unreadable("cli.secret-key", message));
    }
    Ok(())
}

/// The text of a file, or of stdin for `-`; wiped when it is dropped, since it may be a secret key.
pub(crate) fn read_any(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let mut bytes = read_wiped(path, MAX_TEXT)?;
    String::from_utf8(core::mem::take(&mut *bytes)).map(Zeroizing::new).map_err(|error| {
        // What is no text may still have a key in it.
        drop(Zeroizing::new(error.into_bytes()));
        Failure::unreadable("cli.not-text", format!("{} is not text in UTF-8", name(path)))
            .help("give the file that `entitle` or the publisher wrote, not a word processor's")
    })
}

/// The bytes of a file, or of stdin for `-`. No more than one byte over the limit is read of one that is longer.
pub(crate) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    read_wiped(path, limit).map(|mut bytes| core::mem::take(&mut *bytes))
}

/// The bytes of a file that lies on a disk: of no pipe and no device, which could keep a command waiting for ever.
pub(crate) fn read_regular(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: io::Error| cannot_read(path, &error);
    let file = open_regular(path).map_err(unreadable)?;
    // Of one that says that it is too long nothing is read.
    if file.metadata().map_err(unreadable)?.len() > limit {
        return Err(too_long(path, limit));
    }
    read_all(path, file, limit).map(|mut bytes| core::mem::take(&mut *bytes))
}

/// Opens a file that lies on a disk.
pub(crate) fn open_regular(path: &Path) -> io::Result<File> {
    // To open a pipe is to wait already, and what was a file then may be a pipe now.
    require_regular(&path.metadata()?)?;
    let file = File::open(path)?;
    require_regular(&file.metadata()?)?;
    Ok(file)
}

/// Refuses what is not a file on a disk.
pub(crate) fn require_regular(metadata: &std::fs::Metadata) -> io::Result<()> {
    let error = || io::Error::new(ErrorKind::InvalidInput, "it is no regular file");
    if metadata.is_file() { Ok(()) } else { Err(error()) }
}

/// The bytes of a file, or of stdin for `-`, wiped when they are dropped.
fn read_wiped(path: &Path, limit: u64) -> Result<Zeroizing<Vec<u8>>, Failure> {
    if path.as_os_str() != "-" {
        return read_all(path, File::open(path).map_err(|error| cannot_read(path, &error))?, limit);
    }
    #[cfg(unix)]
    {
        // Without the buffer that a standard stream has, which is not wiped.
        let stdin = std::os::fd::AsFd::as_fd(&io::stdin()).try_clone_to_owned();
        read_all(path, File::from(stdin.map_err(|error| cannot_read(path, &error))?), limit)
    }
    #[cfg(not(unix))]
    read_all(path, io::stdin().lock(), limit)
}

/// Reads to the end, or one byte past the limit, which is refused. No copy is left behind where the buffer has to grow.
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
    // It stays where it is, so that this leaves no copy either.
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
        ErrorKind::NotFound => failure.help("is the path right? Relative ones start in the current folder"),
        ErrorKind::PermissionDenied => failure.help("you may not read it: ask its owner"),
        _ => failure,
    }
}

pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let name = name(path);
    if error.kind() == ErrorKind::AlreadyExists {
        return Failure::unwritten("cli.exists", format!("{name} is there already"))
            .help("nothing was overwritten: name another file, or move that one away first");
    }
    Failure::unwritten("cli.unwritten", format!("{name} cannot be written: {error}"))
}

/// Writes a new file, and is back when it is on the disk. One that is not for everybody is for its owner alone from the first
/// byte on.
pub(crate) fn write_new(path: &Path, text: &str, secrecy: Secrecy<'_>) -> Result<(), Failure> {
    write_bytes(path, &[text.as_bytes()], secrecy)
}

/// The same of bytes in parts. Nothing is followed or overwritten that is there, not even a link that leads nowhere.
pub(crate) fn write_bytes(path: &Path, parts: &[&[u8]], secrecy: Secrecy<'_>) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secrecy.is_owner_only_at_first() {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    let mut file = options.open(path).map_err(|error| cannot_write(path, &error))?;
    let written = parts.iter().try_for_each(|part| file.write_all(part)).and_then(|()| secrecy.copy_permissions(&file));
    let written = written.and_then(|()| file.sync_all()).and_then(|()| sync_folder(path));
    written.map_err(|error| {
        // Half a file is worse than none.
        _ = std::fs::remove_file(path);
        cannot_write(path, &error)
    })
}

impl Secrecy<'_> {
    /// Whether a file is its owner's alone at first.
    #[cfg(unix)]
    fn is_owner_only_at_first(self) -> bool {
        match self {
            Self::Secret => true,
            Self::Public => false,
            Self::SameAs(path) => path.as_os_str() != "-",
        }
    }

    /// Lets those read a new file who may read the one of which it is made: never more than these.
    #[cfg(unix)]
    fn copy_permissions(self, file: &File) -> io::Result<()> {
        use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
        let Self::SameAs(path) = self else { return Ok(()) };
        // Of stdin, or of what is gone by now, nobody knows who might read it.
        let Ok(original) = path.metadata() else { return Ok(()) };
        if !original.is_file() {
            return Ok(());
        }
        // Its group is another group's where the new file belongs to another one.
        let is_same_group = file.metadata()?.gid() == original.gid();
        let mode = original.permissions().mode() & if is_same_group { 0o666 } else { 0o606 };
        file.set_permissions(std::fs::Permissions::from_mode(mode | 0o600))
    }

    #[cfg(not(unix))]
    fn copy_permissions(self, _: &File) -> io::Result<()> {
        Ok(())
    }
}

/// Puts a folder's entry of a file on the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Only on Unix is a folder a thing that can be opened and synced.
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// The path with another ending in place of its own.
pub(crate) fn with_suffix(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    PathBuf::from(name)
}
