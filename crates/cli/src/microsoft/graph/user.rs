//! `entitle microsoft graph user`: what a user may open according to Graph.

use std::path::PathBuf;

use clap::Args;
use entitle::chrono::{DateTime, Utc};
use entitle_microsoft::Guid;
use entitle_microsoft::graph::{Finding, MissingData, Verdict};
use serde_json::{Value, json};

use super::names::Names;
use super::saved_answers::SavedAnswers;
use crate::answer::Answer;
use crate::exit::Failure;
use crate::instant::{Instant, day};
use crate::microsoft::merge;
use crate::table::table;

/// Show what a user may open according to Graph.
#[derive(Debug, Args)]
pub(crate) struct UserQuestion {
    /// The user, by id or user principal name.
    user: String,
    /// Saved answers, and optionally an edition of the catalogue for names.
    files: Vec<PathBuf>,
    /// The user's licenseDetails, if the file does not name the user. Can be repeated for more
    /// pages.
    #[arg(long, value_name = "FILE")]
    details: Vec<PathBuf>,
    /// Only this service plan, by GUID or name.
    #[arg(long, value_name = "PLAN")]
    service_plan: Option<String>,
}

impl UserQuestion {
    pub(super) fn run(&self, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let whose: Vec<_> = self.details.iter().map(|path| (self.user.clone(), path.clone())).collect();
        let answers = SavedAnswers::read(&self.files, &whose)?;
        if answers.skus.is_none() {
            return Err(SavedAnswers::needs("subscribedSkus", "/subscribedSkus"));
        }
        if answers.users.is_none() && answers.details.is_empty() {
            let call = "/users?$select=id,userPrincipalName,usageLocation,licenseAssignmentStates";
            return Err(SavedAnswers::needs("users, or this user's licenseDetails,", call));
        }
        let known = answers.user(&self.user);
        let id = known.map_or(self.user.as_str(), |user| &user.id);
        let name = known.and_then(|user| user.user_principal_name.as_ref());
        let mut json = json!({ "kind": "finding", "at": Instant(now), "user": id, "user_principal_name": name });
        let called = name.map_or_else(|| format!("`{id}`"), |name| format!("`{id}` ({name})"));
        let mut notes = Vec::new();
        if known.is_none() && !answers.details.iter().any(|user| user == id) {
            notes.push(format!("no file contains data about `{id}`: check the id"));
        }
        if let Some(plan) = &self.service_plan {
            let plan = service_plan(&answers, plan)?;
            let verdict = answers.view.may_open(id, plan, now);
            merge(&mut json, to_json(&verdict));
            merge(&mut json, json!({ "service_plan": plan }));
            let line = format!("finding: {} for {called}: {verdict}", answers.names.of(plan));
            return Ok(Answer::new(json).escaped_line(line).notes(notes));
        }
        let users = answers.view.findings(id, now);
        let company: Vec<Finding> = answers.view.company_findings(now).collect();
        let mut rows: Vec<Vec<String>> = Vec::new();
        let mut all = Vec::new();
        let of_user = users.iter().flatten().map(|finding| ("user", finding));
        for (whom, finding) in of_user.chain(company.iter().map(|finding| ("tenant", finding))) {
            let until = finding.until.map_or(String::new(), day);
            let (plan, sku) = (plan_of(&answers.names, finding), answers.names.of(finding.sku));
            rows.push(vec![plan, sku, whom.to_string(), finding.verdict.to_string(), until]);
            let mut each = json!({
                "service_plan": finding.service_plan, "service_plan_name": finding.service_plan_name, "of": whom,
                "sku": finding.sku, "sku_part_number": finding.sku_part_number, "until": finding.until.map(Instant),
            });
            merge(&mut each, to_json(&finding.verdict));
            all.push(each);
        }
        merge(&mut json, json!({ "findings": all, "gap": users.as_ref().err().map(missing) }));
        let mut answer = Answer::new(json).notes(notes);
        answer =
            answer.escaped_line(format_args!("finding: access of {called} according to Graph; this is not a decision"));
        if let Err(missing) = &users {
            answer = answer.escaped_line(format_args!("the user's assignments are not known: {missing}"));
        }
        if rows.is_empty() {
            return Ok(answer.line("No findings."));
        }
        Ok(answer.table(&table(&["SERVICE PLAN", "SKU", "OF", "FINDING", "STATE CHANGES"], &rows)))
    }
}

/// Returns the service plan of a GUID or a name.
fn service_plan(answers: &SavedAnswers, named: &str) -> Result<Guid, Failure> {
    if let Ok(id) = named.parse() {
        return Ok(id);
    }
    let skus = answers.skus.iter().flat_map(entitle_microsoft::graph::Skus::all);
    let plans = skus.flat_map(|sku| sku.service_plans.iter().flatten());
    let is = |name: &String| name.eq_ignore_ascii_case(named);
    let mut found: Vec<Guid> = plans
        .filter(|plan| plan.service_plan_name.as_ref().is_some_and(is) || is(&answers.names.of(plan.service_plan_id)))
        .map(|plan| plan.service_plan_id)
        .collect();
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [one] => Ok(*one),
        [] => Err(Failure::usage(
            "cli.unknown-service-plan",
            format!("no SKU of the tenant has a service plan `{named}`"),
        )
        .help("give its GUID to ask for one that the tenant does not have")),
        _ => Err(Failure::usage("cli.several-service-plans", format!("several service plans have the name `{named}`"))
            .help("give the GUID of one")),
    }
}

/// Returns the name of a finding's service plan, which only the license details may contain.
fn plan_of(names: &Names, finding: &Finding) -> String {
    let to_json = || finding.service_plan_name.clone().unwrap_or_else(|| finding.service_plan.to_string());
    names.find(finding.service_plan).map_or_else(to_json, ToString::to_string)
}

fn to_json(verdict: &Verdict) -> Value {
    json!({ "code": verdict.code(), "finding": verdict.to_string(), "enabled": verdict.is_enabled() })
}

fn missing(missing: &MissingData) -> Value {
    json!({ "code": missing.code(), "message": missing.to_string() })
}
