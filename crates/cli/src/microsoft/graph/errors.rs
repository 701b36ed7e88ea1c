//! `entitle microsoft graph errors`: assignments in error, and how to fix them.

use entitle_microsoft::graph::{FailedAssignment, Source};
use serde_json::{Value, json};

use super::names::Names;
use super::saved_answers::SavedAnswers;
use super::{SavedFiles, note_incomplete};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::text::one_line;

pub(super) fn run(saved: &SavedFiles) -> Result<Answer, Failure> {
    let SavedAnswers { view, names, .. } = SavedAnswers::read(&saved.files, &[])?;
    let call = "/users?$select=id,userPrincipalName,usageLocation,licenseAssignmentStates";
    let errors = view.errors().map_err(|_| SavedAnswers::needs("users", call))?;
    let json = json!({
        "kind": "finding", "whole": errors.extent.is_whole(),
        "errors": errors.all.iter().map(to_json).collect::<Vec<_>>(),
        "not_said": errors.without_assignments,
    });
    let mut answer = Answer::new(json);
    if errors.all.is_empty() {
        answer = answer.line("No assignment is in error.");
    } else {
        answer = errors.all.iter().fold(answer, |answer, each| answer.line(lines(&names, each)));
    }
    if !errors.without_assignments.is_empty() {
        let users = errors.without_assignments.join(", ");
        answer = answer.escaped_line(format_args!("Users without assignments in the answer: {users}"));
    }
    Ok(note_incomplete(answer, "users", &errors.extent))
}

fn to_json(each: &FailedAssignment) -> Value {
    let group = match &each.source {
        Source::Direct => None,
        Source::Group(group) => Some(group),
    };
    json!({
        "user": each.user, "user_principal_name": each.user_principal_name, "sku": each.sku, "group": group,
        "error": each.error.as_ref().map(ToString::to_string), "cure": each.fix.message(),
    })
}

/// Formats an assignment in error, and below it how to fix it.
fn lines(names: &Names, each: &FailedAssignment) -> String {
    let user = each.user_principal_name.as_ref().unwrap_or(&each.user);
    let source = match &each.source {
        Source::Direct => "direct".to_string(),
        Source::Group(group) => format!("from group `{group}`"),
    };
    let error = each.error.as_ref().map_or_else(|| "unknown error".to_string(), ToString::to_string);
    let (sku, fix) = (names.of(each.sku), names.replace_guids(&each.fix.to_string()));
    format!("{}\n  {}", one_line(&format!("{user}: {sku}, {source}: {error}")), one_line(&fix))
}
