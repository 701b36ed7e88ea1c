//! `entitle microsoft graph request`: the effects of a request to assign licenses.

use std::path::PathBuf;

use clap::Args;
use entitle_microsoft::graph::{Assignee, Effect, MAX_LIST_BYTES, Request, RequestedChange};
use serde_json::{Value, json};

use super::saved_answers::SavedAnswers;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::microsoft::file_kind::{FileKind, SourceFile};
use crate::table::table;
use crate::timeless::Timeless;

/// Show the effects of a request to assignLicense.
///
/// Graph does not report what products require and exclude: a request that finds a free unit can
/// still be rejected for that.
#[derive(Debug, Args)]
pub(crate) struct RequestQuestion {
    /// The body of the request: `{"addLicenses": […], "removeLicenses": […]}`.
    request: PathBuf,
    /// Saved answers, and optionally an edition of the catalogue for names.
    files: Vec<PathBuf>,
    /// The user of the request, by id or user principal name.
    #[arg(long, value_name = "USER", required_unless_present = "group", conflicts_with = "group")]
    user: Option<String>,
    /// The group of the request, by id.
    #[arg(long, value_name = "GROUP")]
    group: Option<String>,
    #[command(flatten)]
    time: Timeless,
}

impl RequestQuestion {
    pub(super) fn run(&self) -> Result<Answer, Failure> {
        let read = SourceFile::open(&self.request, MAX_LIST_BYTES)?;
        if read.kind != FileKind::Request {
            let help = r#"it is an object of "addLicenses" and "removeLicenses""#;
            return Err(read.wrong_kind("the body of a request to assignLicense", help));
        }
        let path = crate::text::name(&read.path);
        let request = Request::read(&read.text);
        let request = request.map_err(|error| Failure::unreadable(error.code(), format!("{path}: {error}")))?;
        let answers = SavedAnswers::read(&self.files, &[])?;
        if answers.skus.is_none() {
            return Err(SavedAnswers::needs("subscribedSkus", "/subscribedSkus"));
        }
        let assignee = match (&self.user, &self.group) {
            (Some(user), _) => Assignee::User(answers.user(user).map_or(user, |user| &user.id).clone()),
            (None, group) => Assignee::Group(group.clone().unwrap_or_default()),
        };
        let effects: Vec<Effect> = answers.view.effects(&assignee, &request).collect();
        let (kind, id) = match &assignee {
            Assignee::User(id) => ("user", id),
            Assignee::Group(id) => ("group", id),
        };
        let all: Vec<Value> = effects.iter().map(to_json).collect();
        let answer = Answer::new(json!({ "kind": "finding", kind: id, "effects": all }));
        if effects.is_empty() {
            return Ok(answer.line("The request contains no changes."));
        }
        let names = &answers.names;
        let rows: Vec<Vec<String>> = effects
            .iter()
            .map(|effect| vec![change(effect.change).to_string(), names.of(effect.sku), effect.outcome.to_string()])
            .collect();
        let answer = answer
            .escaped_line(format_args!("finding: effects for {kind} `{id}` according to Graph; nothing is changed"));
        let answer = answer.table(&table(&["CHANGE", "SKU", "EFFECT"], &rows));
        Ok(effects.iter().filter(|effect| !effect.unknown_plans.is_empty()).fold(answer, |answer, effect| {
            let plans: Vec<String> = effect.unknown_plans.iter().map(|plan| names.of(*plan)).collect();
            answer.escaped_line(format_args!(
                "{} does not contain these service plans to turn off: {}",
                names.of(effect.sku),
                plans.join(", ")
            ))
        }))
    }
}

fn to_json(effect: &Effect) -> Value {
    json!({
        "wish": change(effect.change), "sku": effect.sku, "sku_part_number": effect.sku_part_number,
        "code": effect.outcome.code(), "finding": effect.outcome.to_string(), "unknown_plans": effect.unknown_plans,
    })
}

fn change(change: RequestedChange) -> &'static str {
    match change {
        RequestedChange::Add => "add",
        RequestedChange::Remove => "remove",
    }
}
