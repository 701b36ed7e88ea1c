//! `entitle tenant check` and `why`: decisions and explanations.

use clap::{Args, ValueEnum};
use entitle::chrono::{DateTime, Utc};
use entitle::explain::{Audience, TextPart};
use entitle::remedy::{Effort, Remedy};
use entitle::time::End;
use entitle::{Allow, App, Decision, Tenant, UserId};
use serde_json::{Value, json};

use super::closes::{Bases, closes};
use super::command_text::decision_line;
use super::next_change::NextChange;
use super::options::TenantOptions;
use super::record::Record;
use super::remedy_commands::{RemedyCommands, of_lines};
use super::suggestions::for_user;
use crate::answer::Answer;
use crate::exit::{Exit, Failure};
use crate::near::did_you_mean_or_list;

/// The maximum number of remedies in JSON.
const REMEDIES: usize = 5;

/// The maximum number of all remedies.
const ALL_REMEDIES: usize = 50;

/// The end of the code of the line that says that a text leaves remedies out.
const MORE: &str = ".more-remedies";

/// The effort of a text for its remedies.
const TEXT_EFFORT: Effort = Effort::new(50_000);

/// Check whether a user may open an app.
#[derive(Debug, Args)]
pub(crate) struct Question {
    /// The user.
    user: UserId,
    /// The app.
    app: String,
}

/// Explain a decision.
#[derive(Debug, Args)]
pub(crate) struct Why {
    #[command(flatten)]
    question: Question,
    /// Who reads it; an individual buys without an administrator.
    #[arg(long, value_enum, default_value_t = ReaderName::Administrator)]
    reader: ReaderName,
    /// Show all remedies that are found, up to 50.
    #[arg(long)]
    all: bool,
}

/// The audience of an explanation.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum ReaderName {
    User,
    // A user who is the whole tenant, and buys without an administrator.
    Individual,
    Administrator,
    Support,
}

impl ReaderName {
    /// Returns whether the reader gives commands to the tenant.
    fn gives_commands(self) -> bool {
        matches!(self, Self::Individual | Self::Administrator)
    }
}

/// Returns what an administrator is warned of, line by line: what ends, and what to do before then.
fn warned(allow: &Allow<'_>) -> Vec<String> {
    if allow.warnings().next().is_none() {
        return Vec::new();
    }
    let text = allow.text(Audience::Administrator);
    let before_plans = text.lines().iter().skip(1).take_while(|line| line.part != TextPart::Plan);
    before_plans.map(ToString::to_string).collect()
}

impl Question {
    pub(crate) fn check(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let record = Record::read(options)?;
        let app = app_named(record.tenant(), &self.app)?;
        let decision = record.tenant().check(&self.user, &app, now);
        let closes = closes(record.tenant(), &self.user, &app, now);
        let next = NextChange::of_decision(record.tenant(), &decision);
        let bases = Bases::of(record.tenant(), &decision, closes);
        let json = decision_json(&decision, closes, &bases, next.as_ref());
        let answer = Answer::new(json).line(decision_line(&decision, &bases, next.as_ref()));
        let answer = match &decision {
            Decision::Allow(allow) => warned(allow).iter().fold(answer, Answer::escaped_line),
            Decision::Deny(denial) => denial
                .explain()
                .misses()
                .iter()
                .fold(answer, |answer, miss| answer.escaped_line(format_args!("  {miss}"))),
        };
        let questions = questions(record.tenant(), &self.user, &decision);
        Ok(with_exit_of(answer, &decision).notes(record.notes()).notes(questions))
    }
}

impl Why {
    pub(crate) fn run(&self, options: &TenantOptions, now: DateTime<Utc>) -> Result<Answer, Failure> {
        let record = Record::read(options)?;
        let app = app_named(record.tenant(), &self.question.app)?;
        let reader = match self.reader {
            ReaderName::User => Audience::User,
            ReaderName::Individual => Audience::Individual,
            ReaderName::Administrator => Audience::Administrator,
            ReaderName::Support => Audience::SupportDesk,
        };
        let decision = record.tenant().check(&self.question.user, &app, now);
        let (mut remedies, mut lines) = (Vec::new(), Vec::new());
        let closes = closes(record.tenant(), &self.question.user, &app, now);
        let bases = Bases::of(record.tenant(), &decision, closes);
        let commands = RemedyCommands::new(&self.question.user, options.ledger()?);
        let text = match &decision {
            Decision::Allow(allow) => {
                let text = allow.text(reader);
                lines.extend(text.lines().iter().map(ToString::to_string));
                text
            }
            Decision::Deny(denial) => {
                remedies.extend(denial.remedies().take(if self.all { ALL_REMEDIES } else { REMEDIES }));
                let text = denial.text(reader);
                let of_lines = of_lines(text.lines(), denial.remedies_within(TEXT_EFFORT), record.tenant().catalog());
                let shown: Vec<Remedy> = of_lines.iter().flatten().cloned().collect();
                for (line, remedy) in text.lines().iter().zip(of_lines) {
                    match line.messages.iter().any(|message| message.code().ends_with(MORE)) {
                        true if self.all => lines.extend(self.rest(&remedies, &shown, &commands)),
                        true => lines.push(format!("{line}: `--all` shows them")),
                        false => lines.push(line.to_string()),
                    }
                    lines.extend(self.typed(remedy.as_ref(), &commands));
                }
                text
            }
        };
        let next = NextChange::of_decision(record.tenant(), &decision);
        let answer = decision_json(&decision, closes, &bases, next.as_ref());
        let typed: Vec<Vec<String>> = remedies.iter().map(|remedy| commands.lines(remedy)).collect();
        let json = json!({ "answer": answer, "text": text, "remedies": remedies, "commands": typed });
        let questions = questions(record.tenant(), &self.question.user, &decision);
        Ok(with_exit_of(lines.into_iter().fold(Answer::new(json), Answer::line), &decision)
            .notes(record.notes())
            .notes(questions))
    }
}

impl Why {
    /// Returns what to type for a remedy, for a reader who gives commands.
    fn typed(&self, remedy: Option<&Remedy>, commands: &RemedyCommands<'_>) -> Vec<String> {
        let remedy = remedy.filter(|_| self.reader.gives_commands());
        remedy.into_iter().flat_map(|remedy| commands.lines(remedy)).map(|line| format!("    {line}")).collect()
    }

    /// Returns the lines of the remedies that a text leaves out.
    fn rest(&self, all: &[Remedy], shown: &[Remedy], commands: &RemedyCommands<'_>) -> Vec<String> {
        let rest = all.iter().filter(|remedy| !shown.contains(remedy));
        rest.flat_map(|remedy| core::iter::once(format!("- {remedy}")).chain(self.typed(Some(remedy), commands)))
            .collect()
    }
}

/// Returns the question whether another user was meant by one who is denied.
fn questions(tenant: &Tenant, user: &UserId, decision: &Decision<'_>) -> Vec<String> {
    let denied = (!decision.is_allowed()).then_some(user);
    denied.and_then(|user| for_user(tenant, user)).into_iter().collect()
}

fn with_exit_of(answer: Answer, decision: &Decision<'_>) -> Answer {
    if decision.is_allowed() { answer } else { answer.with_exit(Exit::Refused) }
}

fn decision_json(decision: &Decision<'_>, closes: End, bases: &Bases, next: Option<&NextChange>) -> Value {
    let (until, next) = (decision.until(), NextChange::json(next));
    match decision {
        Decision::Allow(allow) => json!({
            "allowed": true,
            "user": allow.user(),
            "app": allow.app().id(),
            "plan": allow.plan().map(|plan| &plan.id),
            "basis": allow.basis(),
            "warnings": allow.warnings().collect::<Vec<_>>(),
            "until": until,
            "closes": closes,
            "bases": bases.json(),
            "next_change": next,
        }),
        Decision::Deny(denial) => {
            let explanation = denial.explain();
            json!({
                "allowed": false,
                "user": denial.user(),
                "app": denial.app().id(),
                "misses": explanation.misses(),
                "until": until,
                "next_change": next,
            })
        }
    }
}

/// Returns the app of an id.
pub(super) fn app_named(tenant: &Tenant, id: &str) -> Result<App, Failure> {
    tenant.catalog().app(id).map_err(|error| {
        let apps: Vec<String> = tenant.catalog().apps().map(|app| app.to_string()).collect();
        let known = apps.iter().map(String::as_str);
        Failure::usage(error.code(), error).help(did_you_mean_or_list("its apps are", id, known))
    })
}
