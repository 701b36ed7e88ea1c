//! `entitle catalog check`: the faults of a catalog, with their positions.

use std::path::Path;

use entitle::Catalog;
use entitle::catalog::{CatalogError, CatalogWarning};
use serde_json::{Value, json};

use super::json_path;
use crate::answer::Answer;
use crate::exit::{Exit, Failure};
use crate::source_snippet::{SourceSpan, snippet};

/// Shows the faults and warnings of a catalog.
pub(crate) fn check(file: &Path, text: &str) -> Result<Answer, Failure> {
    match Catalog::from_json(text) {
        Ok(catalog) => Ok(report_sound(file, text, &catalog)),
        Err(CatalogError::Unsound(faults)) => {
            let diagnostics: Vec<Diagnostic> = faults
                .iter()
                .map(|fault| Diagnostic {
                    level: "error",
                    code: fault.what.code(),
                    message: fault.what.to_string(),
                    place: fault.place.clone(),
                    span: json_path::locate(text, &fault.place),
                })
                .collect();
            let answer = render(file, text, &diagnostics).with_exit(Exit::Unreadable);
            let faults = count(diagnostics.len(), "fault");
            Ok(answer.escaped_line(format_args!("{} has {faults}.", crate::text::name(file))))
        }
        Err(CatalogError::NotJson { line, column, detail }) => {
            let span = json_path::position(text, line, column);
            let diagnostic =
                Diagnostic { level: "error", code: "catalog.not-json", message: detail, place: String::new(), span };
            let answer = render(file, text, &[diagnostic]).with_exit(Exit::Unreadable);
            Ok(answer.escaped_line(format_args!("{} is not a catalog.", crate::text::name(file))))
        }
        Err(error) => Err(Failure::unreadable(error.code(), format!("{}: {error}", crate::text::name(file)))),
    }
}

fn count(number: usize, noun: &str) -> String {
    format!("{number} {noun}{}", if number == 1 { "" } else { "s" })
}

/// A fault or a warning, with its position.
struct Diagnostic {
    level: &'static str,
    code: &'static str,
    message: String,
    place: String,
    span: Option<SourceSpan>,
}

fn report_sound(file: &Path, text: &str, catalog: &Catalog) -> Answer {
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
        let span = json_path::locate(text, &place);
        Diagnostic { level: "warning", code: warning.code(), message: warning.to_string(), place, span }
    });
    let answer = render(file, text, &warnings.collect::<Vec<_>>());
    let (apps, plans) = (count(offer.apps.len(), "app"), count(offer.plans.len(), "plan"));
    answer.escaped_line(format_args!("{}: sound. `{}` has {apps} and {plans}.", crate::text::name(file), offer.offer))
}

/// Formats each in the style of a compiler.
fn render(file: &Path, text: &str, diagnostics: &[Diagnostic]) -> Answer {
    let json: Vec<Value> = diagnostics
        .iter()
        .map(|Diagnostic { level, code, message, place, span }| {
            let (line, column) = span.as_ref().map(|span| (span.line, span.column)).unzip();
            json!({ "level": level, "code": code, "message": message, "place": place, "line": line, "column": column })
        })
        .collect();
    let sound = diagnostics.iter().all(|diagnostic| diagnostic.level == "warning");
    let mut answer = Answer::new(json!({ "file": file.to_string_lossy(), "sound": sound, "found": json }));
    for Diagnostic { level, code, message, place, span } in diagnostics {
        answer = answer.labelled_line(level, format_args!("[{code}]: {message}"));
        let Some(span) = span else {
            let place = if place.is_empty() { String::new() } else { format!(": {place}") };
            answer = answer.escaped_line(format_args!("  --> {}{place}", crate::text::name(file))).line("");
            continue;
        };
        let at = if place.is_empty() { String::new() } else { format!(", {place}") };
        let line = text.lines().nth(span.line.saturating_sub(1)).unwrap_or_default();
        answer = answer.line(snippet(file, span, at, line));
    }
    answer
}
