//! `entitle microsoft graph errors`: whose assignments are in error, and what would mend it.

use entitle::microsoft::graph::{InError, Source};
use serde_json::{Value, json};

use super::answers::Answers;
use super::names::Names;
use super::{Saved, not_all};
use crate::answer::Answer;
use crate::exit::Failure;
use crate::table::table;

pub(super) fn run(saved: &Saved) -> Result<Answer, Failure> {
    let Answers { view, names, .. } = Answers::read(&saved.files, &[])?;
    let call = "/users?$select=id,userPrincipalName,usageLocation,licenseAssignmentStates";
    let errors = view.errors().map_err(|_| Answers::needs("users", call))?;
    let json = json!({
        "kind": "finding", "whole": errors.extent.is_whole(),
        "errors": errors.all.iter().map(said).collect::<Vec<_>>(),
        "not_said": errors.not_said,
    });
    let mut answer = Answer::new(json);
    if errors.all.is_empty() {
        answer = answer.line("No assignment is in error.");
    } else {
        let rows: Vec<_> = errors.all.iter().map(|each| row(&names, each)).collect();
        answer = answer.line(table(&["USER", "SKU", "FROM", "ERROR", "WHAT WOULD MEND IT"], &rows));
    }
    if !errors.not_said.is_empty() {
        let users = errors.not_said.join(", ");
        answer = answer.line(format_args!("Of these users no assignments are said: {users}"));
    }
    Ok(not_all(answer, "users", &errors.extent))
}

fn said(each: &InError) -> Value {
    let group = match &each.source {
        Source::Direct => None,
        Source::Group(group) => Some(group),
    };
    json!({
        "user": each.user, "user_principal_name": each.user_principal_name, "sku": each.sku, "group": group,
        "error": each.error.as_ref().map(ToString::to_string), "cure": each.cure.sentence(),
    })
}

fn row(names: &Names, each: &InError) -> Vec<String> {
    vec![
        each.user_principal_name.as_ref().unwrap_or(&each.user).clone(),
        names.of(each.sku),
        match &each.source {
            Source::Direct => "direct".to_string(),
            Source::Group(group) => format!("group {group}"),
        },
        each.error.as_ref().map_or_else(|| "-".to_string(), ToString::to_string),
        names.in_words(&each.cure.to_string()),
    ]
}
