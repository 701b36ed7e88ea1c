//! What an application has compiled in, here in a file beside the ledger: which tenant, catalog and keys.

use std::fs;
use std::path::{Path, PathBuf};

use entitle::{Catalog, TenantId};
use serde::{Deserialize, Serialize};

use crate::exit::Failure;
use crate::files::{self, MAX_TEXT, Secrecy};
use crate::text::name;
use crate::trust::{self, Trusted};

/// The file beside the ledger.
#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Settings {
    pub(crate) tenant: TenantId,
    /// The catalog's file, from the ledger's folder on.
    pub(crate) catalog: PathBuf,
    /// The public keys that are trusted, each with what for: `k4.public.…=licenses,anyone`.
    pub(crate) trust: Vec<String>,
}

/// Where they are: the ledger's name with `.json` behind.
pub(crate) fn path(ledger: &Path) -> PathBuf {
    files::with_suffix(ledger, ".json")
}

impl Settings {
    /// Those of a ledger.
    pub(crate) fn read(ledger: &Path) -> Result<Self, Failure> {
        let path = path(ledger);
        if !path.exists() {
            let message = format!("{} is no tenant's ledger: {} is not there", name(ledger), name(&path));
            return Err(Failure::unreadable("cli.no-settings", message)
                .help("`entitle tenant init` begins a ledger and writes that file"));
        }
        let bytes = files::read_regular(&path, MAX_TEXT)?;
        files::refuse_secret(&path, &String::from_utf8_lossy(&bytes))?;
        serde_json::from_slice(&bytes).map_err(|error| {
            Failure::unreadable("cli.settings", format!("{}: {error}", name(&path)))
                .help("it names tenant, catalog and trust, as `entitle tenant init` wrote them")
        })
    }

    /// Keeps them: all of them or none.
    pub(crate) fn write(&self, ledger: &Path) -> Result<(), Failure> {
        let path = path(ledger);
        let text = serde_json::to_string_pretty(self).map_err(|error| Failure::unwritten("cli.unwritten", error))?;
        let draft = files::with_suffix(ledger, ".json.new");
        _ = fs::remove_file(&draft);
        files::write_new(&draft, &(text + "\n"), Secrecy::SameAs(ledger))?;
        let moved = fs::rename(&draft, &path).and_then(|()| files::sync_folder(&path));
        moved.map_err(|error| files::cannot_write(&path, &error))
    }

    pub(crate) fn catalog(&self, ledger: &Path) -> Result<Catalog, Failure> {
        let folder = ledger.parent().unwrap_or(Path::new(""));
        let path = folder.join(&self.catalog);
        files::open_regular(&path).map_err(|error| files::cannot_read(&path, &error))?;
        crate::catalog::load(&path)
    }

    pub(crate) fn keys(&self) -> Result<Vec<Trusted>, Failure> {
        // By text alone: a name of a file would be looked for in whatever folder the command is run in.
        if let Some(other) = self.trust.iter().find(|key| !key.starts_with("k4.public.")) {
            let message = format!("the settings trust `{other}`, which is no public key");
            return Err(Failure::unreadable("cli.settings", message).help("they name keys by their text `k4.public.…`"));
        }
        trust::read(&self.trust)
    }
}
