//! Files: read within a limit, written without overwriting, on the disk before they are spoken of.

use std::fs::{File, OpenOptions};
use std::io::{self, ErrorKind, Read as _, Write as _};
use std::path::{Path, PathBuf};

use entitle::Zeroizing;

use crate::exit::Failure;
use crate::key::SECRET;

/// The longest text of anything but a ledger, in bytes: a revocation list of the most entries, in armor.
pub(crate) const MAX_TEXT: u64 = 8 * 1024 * 1024;

/// Whether others than the owner may read a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Secrecy {
    Secret,
    Public,
}

/// The text of a file, or of stdin for `-`. One with a secret key in it is refused, so that no message repeats it.
pub(crate) fn read(path: &Path) -> Result<String, Failure> {
    let text = read_any(path)?;
    without_secret(path, &text)?;
    Ok(text.to_string())
}

/// Refuses a text with a secret key in it.
pub(crate) fn without_secret(path: &Path, text: &str) -> Result<(), Failure> {
    if text.contains(SECRET) {
        let message = format!("{} holds a secret key, which has no place here", path.display());
        return Err(Failure::unreadable("cli.secret-key", message));
    }
    Ok(())
}

/// The text of a file, or of stdin for `-`; wiped when it is dropped, since it may be a secret key.
pub(crate) fn read_any(path: &Path) -> Result<Zeroizing<String>, Failure> {
    String::from_utf8(read_bytes(path, MAX_TEXT)?).map(Zeroizing::new).map_err(|_| {
        Failure::unreadable("cli.not-text", format!("{} is not text in UTF-8", path.display()))
            .help("give the file that `entitle` or the publisher wrote, not a word processor's")
    })
}

/// The bytes of a file, or of stdin for `-`. No more than one byte over the limit is read of one that is longer.
pub(crate) fn read_bytes(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let unreadable = |error: io::Error| cannot_read(path, &error);
    let mut bytes = Vec::new();
    let over = limit.saturating_add(1);
    if path.as_os_str() == "-" {
        io::stdin().lock().take(over).read_to_end(&mut bytes).map_err(unreadable)?;
    } else {
        File::open(path).map_err(unreadable)?.take(over).read_to_end(&mut bytes).map_err(unreadable)?;
    }
    if u64::try_from(bytes.len()).unwrap_or(u64::MAX) > limit {
        return Err(Failure::unreadable("cli.too-long", format!("{} has more than {limit} bytes", path.display())));
    }
    Ok(bytes)
}

pub(crate) fn cannot_read(path: &Path, error: &io::Error) -> Failure {
    let failure = Failure::unreadable("cli.unreadable", format!("{} cannot be read: {error}", path.display()));
    match error.kind() {
        ErrorKind::NotFound => failure.help("is the path right? Relative ones start in the current folder"),
        ErrorKind::PermissionDenied => failure.help("you may not read it: ask its owner"),
        _ => failure,
    }
}

pub(crate) fn cannot_write(path: &Path, error: &io::Error) -> Failure {
    let name = path.display();
    if error.kind() == ErrorKind::AlreadyExists {
        return Failure::unwritten("cli.exists", format!("{name} is there already"))
            .help("nothing was overwritten: name another file, or move that one away first");
    }
    Failure::unwritten("cli.unwritten", format!("{name} cannot be written: {error}"))
}

/// Writes a new file, and is back when it is on the disk. A secret one is for its owner alone from the first byte on.
pub(crate) fn write_new(path: &Path, text: &str, secrecy: Secrecy) -> Result<(), Failure> {
    write_bytes(path, &[text.as_bytes()], secrecy)
}

/// The same of bytes in parts.
pub(crate) fn write_bytes(path: &Path, parts: &[&[u8]], secrecy: Secrecy) -> Result<(), Failure> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    if secrecy == Secrecy::Secret {
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    }
    #[cfg(not(unix))]
    let _ = secrecy;
    let mut file = options.open(path).map_err(|error| cannot_write(path, &error))?;
    let written = parts.iter().try_for_each(|part| file.write_all(part));
    let written = written.and_then(|()| file.sync_all()).and_then(|()| sync_folder(path));
    written.map_err(|error| {
        // Half a file is worse than none.
        _ = std::fs::remove_file(path);
        cannot_write(path, &error)
    })
}

/// Puts a folder's entry of a file on the disk.
pub(crate) fn sync_folder(path: &Path) -> io::Result<()> {
    let folder = path.parent().filter(|folder| !folder.as_os_str().is_empty());
    // Only on Unix is a folder a thing that can be opened and synced.
    if cfg!(unix) { File::open(folder.unwrap_or(Path::new(".")))?.sync_all() } else { Ok(()) }
}

/// The path with another ending in place of its own.
pub(crate) fn beside(path: &Path, ending: &str) -> PathBuf {
    let mut name = path.as_os_str().to_os_string();
    name.push(ending);
    PathBuf::from(name)
}
