//! `entitle tenant check` and `why`: the answer, and what led to it.

use clap::{Args, ValueEnum};
use entitle::chrono::{DateTime, Utc};
use entitle::explain::Audience;
use entitle::{App, Decision, Tenant, UserId};
use serde_json::{Value, json};

use super::Place;
use super::record::Record;
use super::words::verdict;
use crate::answer::Answer;
use crate::exit::{Exit, Failure};

/// How many remedies a program is given at most.
const REMEDIES: usize = 5;

/// May this user open this app?
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// Who wants to open it.
    user: UserId,
    /// What they want to open.
    app: String,
}

/// Why, or why not?
#[derive(Debug, Args)]
pub(crate) struct Why {
    #[command(flatten)]
    question: Question,
    /// For whom the answer is.
    #[arg(long, value_enum, default_value_t = ReaderName::Administrator)]
    reader: ReaderName,
}

/// For whom an answer is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReaderName {
    /// Who asked to open it.
    User,
    /// Who assigns and buys.
    Administrator,
    /// Who is called when nobody understands it.
    Support,
}

impl Question {
    pub(crate) fn check(&self, place: &Place, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let record = Record::read(place)?;
        let app = app(&record.tenant, &self.app)?;
        let decision = record.tenant.check(&self.user, &app, now);
        let answer = Answer::new(answered(&decision)).line(verdict(&decision));
        let answer = match &decision {
            Decision::Allow(allow) => {
                allow.warnings().fold(answer, |answer, warning| answer.one(format_args!("  {warning}")))
            }
            Decision::Deny(denial) => {
                denial.explain().misses().iter().fold(answer, |answer, miss| answer.one(format_args!("  {miss}")))
            }
        };
        Ok(ending(answer, &decision).notes(record.notes.clone()))
    }
}

impl Why {
    pub(crate) fn run(&self, place: &Place, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let record = Record::read(place)?;
        let app = app(&record.tenant, &self.question.app)?;
        let reader = match self.reader {
            ReaderName::User => Audience::User,
            ReaderName::Administrator => Audience::Administrator,
            ReaderName::Support => Audience::SupportDesk,
        };
        let decision = record.tenant.check(&self.question.user, &app, now);
        let mut remedies = Vec::new();
        let text = match &decision {
            Decision::Allow(allow) => allow.text(reader),
            Decision::Deny(denial) => {
                remedies.extend(denial.remedies().take(REMEDIES));
                denial.text(reader)
            }
        };
        let said = json!({ "answer": answered(&decision), "text": text, "remedies": remedies });
        Ok(ending(Answer::new(said).line(text), &decision).notes(record.notes.clone()))
    }
}

fn ending(answer: Answer, decision: &Decision<'_>) -> Answer {
    if decision.is_allowed() { answer } else { answer.ending(Exit::Refused) }
}

fn answered(decision: &Decision<'_>) -> Value {
    let until = decision.until();
    match decision {
        Decision::Allow(allow) => json!({
            "allowed": true,
            "user": allow.user(),
            "app": allow.app().id(),
            "plan": allow.plan().map(|plan| &plan.id),
            "basis": allow.basis(),
            "warnings": allow.warnings().collect::<Vec<_>>(),
            "until": until,
        }),
        Decision::Deny(denial) => {
            let explanation = denial.explain();
            json!({
                "allowed": false,
                "user": denial.user(),
                "app": denial.app().id(),
                "misses": explanation.misses(),
                "until": until,
            })
        }
    }
}

fn app(tenant: &Tenant, id: &str) -> Result<App, Failure> {
    tenant.catalog().app(id).map_err(|error| {
        let apps: Vec<String> = tenant.catalog().apps().take(10).map(|app| format!("`{app}`")).collect();
        Failure::usage(error.code(), error).help(format_args!("its apps are {}", apps.join(", ")))
    })
}
