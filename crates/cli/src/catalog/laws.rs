//! `entitle catalog laws`: what a catalog promises, proved over all cases.

use std::path::PathBuf;

use clap::Args;
use entitle::testing::{LawFailure, Laws};
use serde_json::json;

use crate::answer::Answer;
use crate::exit::{Exit, Failure};

/// Prove what a catalog promises, whoever buys what; a promise that is broken comes with the smallest case that breaks it.
///
/// That every app can be opened by something that can be bought is asked always.
#[derive(Debug, Args)]
pub(crate) struct LawsCommand {
    /// The catalog, in JSON.
    file: PathBuf,
    /// Whoever has the first plan may open all that the second lists.
    #[arg(long, num_args = 2, value_names = ["MORE", "LESS"])]
    unlocks: Vec<String>,
    /// The app opens only with the plan.
    #[arg(long, num_args = 2, value_names = ["APP", "PLAN"])]
    only_with: Vec<String>,
    /// Nobody has both plans in effect.
    #[arg(long, num_args = 2, value_names = ["PLAN", "PLAN"])]
    never_together: Vec<String>,
}

/// A law in words, and whether it holds.
type Tried = (String, Result<(), LawFailure>);

impl LawsCommand {
    pub(crate) fn run(&self) -> Result<Answer, Failure> {
        let laws = Laws::of(&super::load(&self.file)?);
        let mut tried: Vec<Tried> = vec![("every app can be opened".to_string(), laws.every_app_can_be_opened())];
        for (more, less) in pairs(&self.unlocks) {
            tried.push((format!("`{more}` unlocks all of `{less}`"), laws.unlocks_all_of(more, less)));
        }
        for (app, plan) in pairs(&self.only_with) {
            tried.push((format!("`{app}` opens only with `{plan}`"), laws.opens_only_with(app, plan)));
        }
        for (one, other) in pairs(&self.never_together) {
            tried.push((format!("never `{one}` and `{other}` together"), laws.never_together(one, other)));
        }
        // A name that is wrong is no broken promise.
        let wrong = |doubt: &&LawFailure| matches!(doubt, LawFailure::UnknownPlan { .. } | LawFailure::UnknownApp(_));
        if let Some(doubt) = tried.iter().filter_map(|(_, held)| held.as_ref().err()).find(wrong) {
            return Err(Failure::usage(doubt.code(), doubt));
        }
        Ok(told(&tried))
    }
}

fn pairs(given: &[String]) -> impl Iterator<Item = (&str, &str)> {
    given.chunks_exact(2).filter_map(|pair| Some((pair.first()?.as_str(), pair.last()?.as_str())))
}

fn told(tried: &[Tried]) -> Answer {
    let json = tried.iter().map(|(law, held)| match held {
        Ok(()) => json!({ "law": law, "holds": true }),
        Err(doubt) => json!({ "law": law, "holds": false, "code": doubt.code(), "message": doubt.to_string() }),
    });
    let all = tried.iter().all(|(_, held)| held.is_ok());
    let answer = Answer::new(json!({ "holds": all, "laws": json.collect::<Vec<_>>() }));
    let answer = tried.iter().fold(answer, |answer, (law, held)| match held {
        Ok(()) => answer.one(format_args!("holds: {law}")),
        Err(doubt) => answer.one(format_args!("{doubt} [{}]", doubt.code())),
    });
    if all { answer } else { answer.ending(Exit::Refused) }
}
