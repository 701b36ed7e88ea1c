//! `entitle catalog laws`: laws of a catalog, checked for all cases.

use std::path::PathBuf;

use clap::Args;
use entitle::Catalog;
use entitle::testing::{LawFailure, Laws};
use serde_json::json;

use crate::answer::Answer;
use crate::exit::{Exit, Failure};
use crate::near::did_you_mean;
use crate::timeless::Timeless;

/// Check laws of a catalog for all possible purchases; a law that does not hold is shown with the
/// smallest counterexample.
///
/// `entitle catalog laws f365.json --unlocks gold silver`
///
/// It is always checked that every app can be opened by something that can be bought.
///
/// Example: `entitle catalog laws f365.json --unlocks gold silver --only-with f365/audit gold`
#[derive(Debug, Args)]
pub(crate) struct LawsCommand {
    /// The catalog, in JSON.
    file: PathBuf,
    /// The first plan unlocks all apps of the second.
    #[arg(long, num_args = 2, value_names = ["MORE", "LESS"])]
    unlocks: Vec<String>,
    /// The app opens only with the plan.
    #[arg(long, num_args = 2, value_names = ["APP", "PLAN"])]
    only_with: Vec<String>,
    /// The two plans are never both in effect for a user.
    #[arg(long, num_args = 2, value_names = ["PLAN", "PLAN"])]
    never_together: Vec<String>,
    /// Of the quota, the first plan gives at least as much as the second.
    #[arg(long, num_args = 3, value_names = ["QUOTA", "MORE", "LESS"], hide_short_help = true)]
    gives_at_least: Vec<String>,
    /// Nobody ever has more of the quota than this, whatever is bought.
    #[arg(long, num_args = 2, value_names = ["QUOTA", "MOST"], hide_short_help = true)]
    never_more_than: Vec<String>,
    #[command(flatten)]
    time: Timeless,
}

/// A law as text, and whether it holds.
type LawResult = (String, Result<(), LawFailure>);

impl LawsCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        let catalog = super::load(&self.file)?;
        let laws = Laws::of(&catalog);
        let mut results: Vec<LawResult> = vec![("every app can be opened".to_string(), laws.every_app_can_be_opened())];
        for (more, less) in pairs(&self.unlocks) {
            results.push((format!("`{more}` unlocks all of `{less}`"), laws.unlocks_all_of(more, less)));
        }
        for (app, plan) in pairs(&self.only_with) {
            results.push((format!("`{app}` opens only with `{plan}`"), laws.opens_only_with(app, plan)));
        }
        for (one, other) in pairs(&self.never_together) {
            results.push((format!("never `{one}` and `{other}` together"), laws.never_together(one, other)));
        }
        for law in self.gives_at_least.chunks_exact(3) {
            if let [quota, more, less] = law {
                let law = format!("`{more}` gives at least as much of `{quota}` as `{less}`");
                results.push((law, laws.gives_at_least(quota, more, less)));
            }
        }
        for (quota, most) in pairs(&self.never_more_than) {
            let number = most.parse().map_err(|_| {
                let message = format!("--never-more-than: {most:?} is not a number, 0 or more");
                Failure::usage("usage.not-a-number", message)
            })?;
            results.push((format!("never more than {most} of `{quota}`"), laws.never_more_than(quota, number)));
        }
        // An unknown name is an error of usage, not a broken law.
        let is_unknown_name = |failure: &&LawFailure| {
            matches!(failure, LawFailure::UnknownPlan { .. } | LawFailure::UnknownApp(_) | LawFailure::UnknownQuota(_))
        };
        if let Some(failure) = results.iter().filter_map(|(_, result)| result.as_ref().err()).find(is_unknown_name) {
            let failed = Failure::usage(failure.code(), failure);
            return Err(match like(&catalog, failure) {
                Some(question) => failed.help(question),
                None => failed,
            });
        }
        Ok(answer_for(&results))
    }
}

/// Returns the question whether another plan or app was meant by the one that a law names.
fn like(catalog: &Catalog, failure: &LawFailure) -> Option<String> {
    match failure {
        LawFailure::UnknownPlan { plan } => {
            did_you_mean(plan, catalog.offer().plans.iter().map(|plan| plan.id.as_str()))
        }
        LawFailure::UnknownApp(error) => {
            did_you_mean(&error.app, catalog.offer().apps.iter().map(|app| app.id.as_str()))
        }
        _ => None,
    }
}

fn pairs(values: &[String]) -> impl Iterator<Item = (&str, &str)> {
    values.chunks_exact(2).filter_map(|pair| Some((pair.first()?.as_str(), pair.last()?.as_str())))
}

fn answer_for(results: &[LawResult]) -> Answer {
    let json = results.iter().map(|(law, result)| match result {
        Ok(()) => json!({ "law": law, "holds": true }),
        Err(failure) => json!({ "law": law, "holds": false, "code": failure.code(), "message": failure.to_string() }),
    });
    let all = results.iter().all(|(_, result)| result.is_ok());
    let answer = Answer::new(json!({ "holds": all, "laws": json.collect::<Vec<_>>() }));
    let answer = results.iter().fold(answer, |answer, (law, result)| match result {
        Ok(()) => answer.escaped_line(format_args!("holds: {law}")),
        Err(failure) => broken_law(answer, failure),
    });
    if all { answer } else { answer.with_exit(Exit::Refused) }
}

/// Adds a law that does not hold, with its code, and its counterexample in the lines after it.
fn broken_law(answer: Answer, failure: &LawFailure) -> Answer {
    let text = failure.to_string();
    let mut lines = text.lines();
    let first = lines.next().unwrap_or_default();
    lines.fold(answer.escaped_line(format_args!("{first} [{}]", failure.code())), Answer::escaped_line)
}
