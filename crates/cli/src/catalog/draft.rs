//! The draft of a catalog: what was answered before a fault.

use std::path::{Path, PathBuf};

use entitle::catalog::Offer;

use crate::exit::Failure;
use crate::files::{self, Secrecy};
use crate::text::{json_error, name};

/// The name of a catalog that was to go to stdout.
const STDOUT: &str = "catalog.json";

/// The end of the name of a draft.
const DRAFT: &str = ".draft";

/// The most drafts of one catalog.
const DRAFTS: u32 = 100;

/// Returns an offer as the text of a catalog.
pub(super) fn text(offer: &Offer) -> Result<String, Failure> {
    let text = serde_json::to_string_pretty(offer).map_err(|error| Failure::unreadable("cli.not-json", error))?;
    Ok(text + "\n")
}

/// Reads a draft, which may be incomplete.
pub(super) fn read(path: &Path) -> Result<Offer, Failure> {
    serde_json::from_str(&files::read(path)?).map_err(|error| {
        Failure::unreadable(
            "cli.not-a-draft",
            format!("{} is not a draft of a catalog: {}", name(path), json_error(&error)),
        )
        .help("give the file that an interrupted `entitle catalog new` has kept, or a catalog")
    })
}

/// Returns a line about what a draft has: the questions go on with what is not in it.
pub(super) fn summary(path: &Path, offer: &Offer) -> String {
    fn ids<T: ToString>(what: &str, ids: impl Iterator<Item = T>) -> String {
        let ids: Vec<String> = ids.map(|id| format!("`{}`", id.to_string())).collect();
        if ids.is_empty() { format!("no {what}") } else { format!("{what} {}", ids.join(", ")) }
    }
    let apps = ids("apps", offer.apps.iter().map(|app| &app.id));
    let quotas = ids("quotas", offer.quotas.iter().map(|quota| &quota.id));
    let plans = ids("plans", offer.plans.iter().map(|plan| &plan.id));
    format!("{}: `{}` of `{}`: {apps}; {quotas}; {plans}", name(path), offer.offer, offer.publisher)
}

/// Writes what was answered to a new file, and returns the failure with its name.
pub(super) fn keep(out: Option<&Path>, offer: &Offer, failure: Failure) -> Failure {
    let help = match write(out.unwrap_or(Path::new(STDOUT)), offer) {
        Ok(path) => {
            let path = name(&path);
            let to = out.map_or_else(String::new, |out| format!(" -o {}", name(out)));
            format!(
                "what was answered is kept in {path}: repair it, and see what is wrong by `entitle catalog check {path}`, or go on by `entitle catalog new --from {path}{to}`"
            )
        }
        Err(other) => format!("what was answered could not be kept: {}", other.message),
    };
    let before = failure.help.as_ref().map_or_else(String::new, |help| format!("{help}; "));
    failure.help(format!("{before}{help}"))
}

/// Removes a draft of which the catalog is written, and returns a note about it. What is no draft by its
/// name, such as another catalog, stays.
pub(super) fn remove(path: &Path) -> Option<String> {
    let file = path.file_name()?.to_string_lossy().into_owned();
    let (_, number) = file.rsplit_once(DRAFT)?;
    let is_draft = number.is_empty() || number.strip_prefix('.').is_some_and(|number| number.parse::<u32>().is_ok());
    let is_removed = is_draft && std::fs::remove_file(path).is_ok();
    is_removed.then(|| format!("{}: removed, the catalog has all of it", name(path)))
}

/// Returns a note about drafts of earlier attempts beside a catalog.
pub(super) fn left(catalog: &Path) -> Option<String> {
    let drafts: Vec<String> =
        paths(catalog).take_while(|path| path.symlink_metadata().is_ok()).map(|path| name(&path)).collect();
    let verb = if drafts.len() == 1 { "is a draft" } else { "are drafts" };
    (!drafts.is_empty()).then(|| format!("{} {verb} of an earlier attempt, and can be deleted", drafts.join(", ")))
}

/// Returns the names of the drafts of a catalog, in order.
fn paths(catalog: &Path) -> impl Iterator<Item = PathBuf> + '_ {
    (1..=DRAFTS).map(move |number| match number {
        1 => files::with_suffix(catalog, DRAFT),
        number => files::with_suffix(catalog, &format!("{DRAFT}.{number}")),
    })
}

/// Writes a draft beside the file for the catalog. A draft that is there is not overwritten.
fn write(catalog: &Path, offer: &Offer) -> Result<PathBuf, Failure> {
    let text = text(offer)?;
    let path = paths(catalog).find(|path| path.symlink_metadata().is_err());
    let path = path.unwrap_or_else(|| files::with_suffix(catalog, DRAFT));
    files::write_new(&path, &text, Secrecy::Public)?;
    Ok(path)
}
