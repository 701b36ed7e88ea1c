//! The draft of a catalog: what was answered before a fault.

use std::path::{Path, PathBuf};

use entitle::catalog::Offer;

use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::text::name;

/// The name of a catalog that was to go to stdout.
const STDOUT: &str = "catalog.json";

/// The most drafts of one catalog.
const DRAFTS: u32 = 100;

/// Returns an offer as the text of a catalog.
pub(super) fn text(offer: &Offer) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(offer).map_err(|error| Failure::unreadable("cli.not-json", error))?;
    Ok(text + "\n")
}

/// Writes what was answered to a new file, and returns the failure with its name.
pub(super) fn keep(out: Option<&Path>, offer: &Offer, failure: Failure) -> Failure {
    let help = match write(out.unwrap_or(Path::new(STDOUT)), offer) {
        Ok(path) => {
            let path = name(&path);
            format!(
                "what was answered is kept in {path}: repair it, and see what is wrong by `entitle catalog check {path}`"
            )
        }
        Err(other) => format!("what was answered could not be kept: {}", other.message),
    };
    let before = failure.help.as_ref().map_or_else(String::new, |help| format!("{help}; "));
    failure.help(format!("{before}{help}"))
}

/// Writes a draft beside the file for the catalog. A draft that is there is not overwritten.
fn write(catalog: &Path, offer: &Offer) -> Result<PathBuf, Failure> {
    let text = text(offer)?;
    let mut paths = (1..=DRAFTS).map(|number| match number {
        1 => files::with_suffix(catalog, ".draft"),
        number => files::with_suffix(catalog, &format!(".draft.{number}")),
    });
    let path = paths.find(|path| path.symlink_metadata().is_err());
    let path = path.unwrap_or_else(|| files::with_suffix(catalog, ".draft"));
    files::write_new(&path, &text, Secrecy::Public)?;
    Ok(path)
}
