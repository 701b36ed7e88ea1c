//! `entitle catalog check`: every fault in its place.

use std::path::Path;

use entitle::Catalog;
use entitle::catalog::{CatalogError, CatalogWarning};
use serde_json::{Value, json};

use super::place;
use crate::answer::Answer;
use crate::exit::{Exit, Failure};
use crate::spot::{Spot, picture};

/// Shows what is wrong with a catalog, and what is probably not meant.
pub(crate) fn check(file: &Path, text: &str) -> Result<Answer, Failure> {
    match Catalog::from_json(text) {
        Ok(catalog) => Ok(sound(file, text, &catalog)),
        Err(CatalogError::Unsound(faults)) => {
            let found: Vec<Said> = faults
                .iter()
                .map(|fault| Said {
                    level: "error",
                    code: fault.what.code(),
                    message: fault.what.to_string(),
                    place: fault.place.clone(),
                    spot: place::find(text, &fault.place),
                })
                .collect();
            let number = found.len();
            let answer = shown(file, text, &found).ending(Exit::Unreadable);
            Ok(answer.one(format_args!(
                "{} has {number} fault{}.",
                crate::text::name(file),
                if number == 1 { "" } else { "s" }
            )))
        }
        Err(CatalogError::NotJson { error }) => {
            let spot = place::of_error(text, &error);
            let said = Said { level: "error", code: "catalog.not-json", message: error, place: String::new(), spot };
            let answer = shown(file, text, &[said]).ending(Exit::Unreadable);
            Ok(answer.one(format_args!("{} is not a catalog.", crate::text::name(file))))
        }
        Err(error) => Err(Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(file)))),
    }
}

/// One thing to be said of a place.
struct Said {
    level: &'static str,
    code: &'static str,
    message: String,
    place: String,
    spot: Option<Spot>,
}

fn sound(file: &Path, text: &str, catalog: &Catalog) -> Answer {
    let offer = catalog.offer();
    let place_of = |warning: &CatalogWarning| match warning {
        CatalogWarning::UnlocksNothing { plan } | CatalogWarning::NeverInEffect { plan } => {
            offer.plans.iter().position(|each| each.id == *plan).map(|at| format!("plans[{at}].id"))
        }
        CatalogWarning::NeverOpens { app } => {
            offer.apps.iter().position(|each| each.id == *app).map(|at| format!("apps[{at}].id"))
        }
        _ => Some("management".to_string()),
    };
    let warnings = catalog.warnings().iter().map(|warning| {
        let place = place_of(warning).unwrap_or_default();
        let spot = place::find(text, &place);
        Said { level: "warning", code: warning.code(), message: warning.to_string(), place, spot }
    });
    let answer = shown(file, text, &warnings.collect::<Vec<_>>());
    let (apps, plans) = (offer.apps.len(), offer.plans.len());
    answer.one(format_args!("{}: sound. `{}` has {apps} apps and {plans} plans.", crate::text::name(file), offer.offer))
}

/// Shows each as a compiler does.
fn shown(file: &Path, text: &str, found: &[Said]) -> Answer {
    let json: Vec<Value> = found
        .iter()
        .map(|Said { level, code, message, place, spot }| {
            let (line, column) = spot.as_ref().map(|spot| (spot.line, spot.column)).unzip();
            json!({ "level": level, "code": code, "message": message, "place": place, "line": line, "column": column })
        })
        .collect();
    let sound = found.iter().all(|said| said.level == "warning");
    let mut answer = Answer::new(json!({ "file": file.to_string_lossy(), "sound": sound, "found": json }));
    for Said { level, code, message, place, spot } in found {
        answer = answer.one(format_args!("{level}[{code}]: {message}"));
        let Some(spot) = spot else {
            answer = answer.one(format_args!("  --> {}: {place}", crate::text::name(file))).line("");
            continue;
        };
        let at = if place.is_empty() { String::new() } else { format!(", {place}") };
        let line = text.lines().nth(spot.line.saturating_sub(1)).unwrap_or_default();
        answer = answer.line(picture(file, spot, at, line));
    }
    answer
}
