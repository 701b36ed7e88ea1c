//! The settings file next to the ledger: the tenant, catalog and keys that an application has
//! compiled in.

use core::time::Duration;
use std::path::{Path, PathBuf};
use std::{fs, io};

use entitle::{Catalog, TenantId};
use serde::{Deserialize, Serialize};

use crate::exit::Failure;
use crate::file_lock;
use crate::files::{self, MAX_TEXT, Secrecy};
use crate::text::{json_error, name};
use crate::trust::{self, Trusted};

/// The settings file.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields, expecting = "an object with `tenant`, `catalog` and `trust`")]
pub(crate) struct Settings {
    pub(crate) tenant: TenantId,
    /// The catalog file, relative to the ledger's folder.
    pub(crate) catalog: PathBuf,
    /// The trusted public keys, each with its purposes: `k4.public.…=licenses,anyone`.
    pub(crate) trust: Vec<String>,
}

/// Returns the path of the settings file: the ledger's name with `.json` appended.
pub(crate) fn path(ledger: &Path) -> PathBuf {
    files::with_suffix(ledger, ".json")
}

/// Returns a note if no key is trusted for revocation lists, as settings have the keys.
pub(crate) fn list_note(trust: &[String]) -> Vec<String> {
    let is_for = |key: &String, wanted: [&str; 2]| {
        key.rsplit_once('=').is_some_and(|(_, purposes)| purposes.split(',').any(|purpose| wanted.contains(&purpose)))
    };
    // A key that certifies others may certify one for lists.
    if trust.iter().any(|key| is_for(key, ["lists", "certificates"])) {
        return Vec::new();
    }
    let note = "no key is trusted for revocation lists, so each is refused: \
                `entitle tenant trust KEY=lists` trusts the publisher's key for them";
    vec![note.to_string()]
}

/// Waits for the lock on the settings of a ledger, for a command that reads and replaces them.
pub(super) fn lock(ledger: &Path, wait: Duration) -> Result<fs::File, Failure> {
    file_lock::lock(&path(ledger), wait, "wait until it has ended, and try again")
}

impl Settings {
    /// Reads the settings of a ledger.
    pub(crate) fn read(ledger: &Path) -> Result<Self, Failure> {
        let path = path(ledger);
        if !path.exists() {
            let message = format!("{} is not a tenant's ledger: {} does not exist", name(ledger), name(&path));
            return Err(Failure::unreadable("cli.no-settings", message)
                .help("`entitle tenant init` creates a ledger and that file"));
        }
        let bytes = files::read_regular(&path, MAX_TEXT)?;
        files::refuse_secret(&path, &String::from_utf8_lossy(&bytes))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::unreadable("cli.settings", format!("{}: {}", name(&path), json_error(&error)))
                .help("it names tenant, catalog and trust, as `entitle tenant init` wrote them")
        })
    }

    /// Writes the settings of a ledger that is not begun yet, atomically. Those of an interrupted `init` are
    /// replaced, and no other file; a link is not followed.
    pub(super) fn begin(&self, ledger: &Path) -> Result<(), Failure> {
        let path = path(ledger);
        match path.symlink_metadata() {
            Ok(metadata) if metadata.is_file() && Self::read(ledger).is_ok() => {}
            Ok(_) => return Err(files::cannot_write(&path, &io::ErrorKind::AlreadyExists.into())),
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(files::cannot_write(&path, &error)),
        }
        self.write_to(&path, ledger)
    }

    /// Writes the settings of a ledger that has some, atomically.
    pub(super) fn write(&self, ledger: &Path) -> Result<(), Failure> {
        // A link stays one.
        let path = path(ledger);
        let path = path.canonicalize().unwrap_or(path);
        self.write_to(&path, ledger)
    }

    fn write_to(&self, path: &Path, ledger: &Path) -> Result<(), Failure> {
        let text = serde_json::to_string_pretty(self).map_err(|error| Failure::unwritten("cli.unwritten", error))?;
        let draft = files::with_suffix(path, ".new");
        _ = fs::remove_file(&draft);
        files::write_new(&draft, &(text + "\n"), Secrecy::SameAs(ledger))?;
        let moved = fs::rename(&draft, path).and_then(|()| files::sync_folder(path));
        moved.map_err(|error| files::cannot_write(path, &error))
    }

    pub(crate) fn catalog(&self, ledger: &Path) -> Result<Catalog, Failure> {
        let folder = ledger.parent().unwrap_or(Path::new(""));
        let path = folder.join(&self.catalog);
        files::open_regular(&path).map_err(|error| self.no_catalog(ledger, &path, &error))?;
        crate::catalog::load(&path)
    }

    /// Returns the failure for a catalog that cannot be read. Its path is in the settings, and nobody has typed it.
    fn no_catalog(&self, ledger: &Path, path: &Path, error: &io::Error) -> Failure {
        let failure = files::cannot_read(path, error);
        if error.kind() != io::ErrorKind::NotFound {
            return failure;
        }
        let from = if self.catalog.is_absolute() { "" } else { ", from the ledger's folder" };
        failure.help(format_args!(
            "{} names it as {}{from}: put the catalog there, or name another path in that file",
            name(&self::path(ledger)),
            name(&self.catalog),
        ))
    }

    pub(crate) fn keys(&self) -> Result<Vec<Trusted>, Failure> {
        // Only texts of keys: a file name would be resolved in the folder in which the command
        // runs.
        if let Some(other) = self.trust.iter().find(|key| !key.starts_with("k4.public.")) {
            let message = format!("the settings trust `{other}`, which is not a public key");
            return Err(
                Failure::unreadable("cli.settings", message).help("settings contain keys as text, `k4.public.…`")
            );
        }
        trust::read(&self.trust)
    }
}
