//! `entitle tenant init`: creates the record of a tenant.

use std::path::{Path, PathBuf};

use clap::Args;
use entitle::TenantId;
use entitle_host::OpenError;
use serde_json::json;

use super::host_failure::not_begun;
use super::options::{TenantOptions, WaitOptions};
use super::record::local_options;
use super::settings::{self, Settings};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::text::name;
use crate::timeless::Timeless;
use crate::trust;

/// Create the record of a tenant.
#[derive(Debug, Args)]
pub(crate) struct Init {
    /// The tenant id, as in the licenses.
    tenant: TenantId,
    /// The catalog.
    #[arg(long, value_name = "FILE")]
    catalog: PathBuf,
    /// A public key, as KEY or KEY=PURPOSES, with commas: licenses, anyone (licenses for anyone), lists,
    /// tickets, certificates [default: licenses,anyone]. Can be repeated.
    #[arg(long, value_name = "KEY", required = true)]
    trust: Vec<String>,
    #[command(flatten)]
    wait: WaitOptions,
    #[command(flatten)]
    time: Timeless,
}

impl Init {
    pub(crate) fn run(&self, options: &TenantOptions) -> Result<Answer, Failure> {
        let path = options.ledger()?;
        let known = crate::catalog::load(&self.catalog)?;
        let keys = trust::read(&self.trust)?;
        let trust: Vec<String> = keys.iter().map(ToString::to_string).collect();
        let note = settings::list_note(&trust);
        let catalog = from_folder(path, &self.catalog)?;
        let settings = Settings { tenant: self.tenant.clone(), catalog, trust };
        let local = local_options(self.wait.seconds()).no_snapshot();
        // The settings are there before the ledger is begun: an interrupted `init` can be repeated.
        let begun = local.begin(path, &known, &trust::ring(&keys), self.tenant.clone(), || {
            settings.begin(path).map_err(NotBegun::Settings)
        });
        let record = begun.map_err(NotBegun::into_failure)?.tenant().record();
        let answer = Answer::new(json!({ "ledger": path.to_string_lossy(), "tenant": self.tenant, "record": record }));
        let answer = answer.recorded().notes(keys.iter().filter_map(trust::Trusted::warning).collect()).notes(note);
        Ok(answer.escaped_line(format_args!("{}: created the record of `{}`.", name(path), self.tenant)))
    }
}

/// Why a ledger was not begun.
enum NotBegun {
    Ledger(OpenError),
    Settings(Failure),
}

impl From<OpenError> for NotBegun {
    fn from(error: OpenError) -> Self {
        Self::Ledger(error)
    }
}

impl NotBegun {
    fn into_failure(self) -> Failure {
        match self {
            Self::Ledger(error) => not_begun(error),
            Self::Settings(failure) => failure,
        }
    }
}

/// Returns the path of a file relative to the ledger's folder: as given if that is the current
/// folder, else absolute.
fn from_folder(ledger: &Path, file: &Path) -> Result<PathBuf, Failure> {
    let is_here = ledger.parent().is_none_or(|folder| folder.as_os_str().is_empty());
    if is_here || file.is_absolute() {
        return Ok(file.to_path_buf());
    }
    std::path::absolute(file).map_err(|error| crate::files::cannot_read(file, &error))
}
