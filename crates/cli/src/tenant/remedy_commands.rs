//! What to type for the remedies of a denial.

use std::path::Path;

use entitle::command::{Assignee, Assignment, Membership, SignUpPolicy, Unassignment};
use entitle::explain::{TextLine, TextPart};
use entitle::language::{Message, Value};
use entitle::remedy::{Remedy, Step};
use entitle::{Catalog, Command, UserId};

use super::words::typed;

/// The environment variable that names the ledger for all commands.
const LEDGER: &str = "ENTITLE_LEDGER";

/// What to type for the steps of remedies, each in lines for a shell.
#[derive(Debug)]
pub(super) struct RemedyCommands<'a> {
    user: &'a UserId,
    /// The option that names the ledger, unless the environment names it.
    ledger: String,
}

impl<'a> RemedyCommands<'a> {
    /// Returns the commands for a user of the record in this ledger.
    pub(super) fn new(user: &'a UserId, ledger: &Path) -> Self {
        let is_known = std::env::var_os(LEDGER).is_some_and(|named| Path::new(&named) == ledger);
        let ledger = if is_known { String::new() } else { format!(" -l {}", typed(&ledger.display())) };
        Self { user, ledger }
    }

    /// Returns the lines of a remedy: commands, and comments about steps that no command does.
    pub(super) fn lines(&self, remedy: &Remedy) -> Vec<String> {
        remedy.steps().iter().flat_map(|step| self.lines_of(step)).collect()
    }

    fn lines_of(&self, step: &Step) -> Vec<String> {
        match step {
            Step::Free { plan, .. } => self.lines_of_free(&typed(plan)),
            step => self.line(step).into_iter().collect(),
        }
    }

    /// Returns who has a plan and from where, and how it is taken from a user who has it directly, and from one
    /// who has it from a group: the users are for the administrator to choose.
    fn lines_of_free(&self, plan: &str) -> Vec<String> {
        let Self { ledger, .. } = self;
        vec![
            format!(
                "entitle tenant queue {plan}{ledger}  # who has it or waits, and FROM where; of each user of your choice:"
            ),
            format!("# FROM direct: entitle tenant unassign {plan} USER{ledger}"),
            format!("# FROM a group: entitle tenant leave GROUP USER{ledger}"),
        ]
    }

    fn line(&self, step: &Step) -> Option<String> {
        let tenant = |words: String| format!("entitle tenant {words}{}", self.ledger);
        Some(match step {
            Step::Do(command) => tenant(self.words(command)?),
            Step::Buy { .. } => {
                format!("# with the license that you buy: {}", tenant("install FILE".to_string()))
            }
            Step::TakeList => format!("# with the list: {}", tenant("install FILE".to_string())),
            Step::CompareClock { .. } => tenant("clock".to_string()),
            _ => return None,
        })
    }

    /// Returns the words of a command after `entitle tenant`.
    fn words(&self, command: &Command) -> Option<String> {
        let of = |assignee: &Assignee| match assignee {
            Assignee::User(user) => typed(user),
            Assignee::Group(group) => format!("--group {}", typed(group)),
        };
        // A user gives the command, without a role.
        let own = |words: String| format!("{words} --as {} --role none", typed(self.user));
        Some(match command {
            Command::Assign(Assignment { to, plan, except, .. }) => {
                let except: Vec<String> = except.iter().map(|app| format!(" --except {}", typed(app))).collect();
                format!("assign {} {}{}", typed(plan), of(to), except.concat())
            }
            Command::Unassign(Unassignment { from, plan, .. }) => format!("unassign {} {}", typed(plan), of(from)),
            Command::Join(Membership { user, group, .. }) => format!("join {} {}", typed(group), typed(user)),
            Command::Leave(Membership { user, group, .. }) => format!("leave {} {}", typed(group), typed(user)),
            Command::StartTrial(trial) => format!("start-trial {} {}", typed(&trial.plan), trial.license),
            Command::ExtendTrial(trial) => format!("extend-trial {} {}", typed(&trial.plan), trial.license),
            Command::SignUp(trial) => own(format!("sign-up {} {}", typed(&trial.plan), trial.license)),
            Command::ClaimSeat(plan) => own(format!("claim {}", typed(plan))),
            Command::SetSignUps(SignUpPolicy::Allowed) => "sign-ups on".to_string(),
            _ => return None,
        })
    }
}

/// Returns the remedies of the lines of a text, which has some of them in their order, with names of plans in
/// place of ids.
pub(super) fn of_lines(
    lines: &[TextLine],
    remedies: impl Iterator<Item = Remedy>,
    catalog: &Catalog,
) -> Vec<Option<Remedy>> {
    let remedies: Vec<Remedy> = remedies.collect();
    let mut rest = remedies.as_slice();
    let mut of_line = |line: &TextLine| {
        let place = rest.iter().position(|remedy| line.part == TextPart::Remedy && is_of(line, remedy, catalog))?;
        let (found, later) = (rest.get(place)?, rest.get(place.saturating_add(1)..)?);
        rest = later;
        Some(found.clone())
    };
    lines.iter().map(&mut of_line).collect()
}

/// Returns whether a line of a text is about a remedy: it has the same steps, in words for its reader.
fn is_of(line: &TextLine, remedy: &Remedy, catalog: &Catalog) -> bool {
    let is_same = |message: &Message, step: &Message| {
        let value_of = |name: &str| message.values().find(|(other, _)| *other == name).map(|(_, value)| value);
        kind(message.code()) == kind(step.code())
            && step.values().all(|(name, value)| value_of(name).is_none_or(|shown| is_value(shown, value, catalog)))
    };
    let steps = remedy.steps().iter().map(Step::message);
    line.messages.len() == remedy.steps().len()
        && line.messages.iter().zip(steps).all(|(message, step)| is_same(message, &step))
}

/// Returns whether a text shows a value of a step: as it is, or a plan by its name.
fn is_value(shown: &Value, value: &Value, catalog: &Catalog) -> bool {
    match (shown, value) {
        (Value::Name(name), Value::Id(id)) => {
            let plan = id.parse().ok().and_then(|plan| catalog.plan(&plan));
            plan.is_none_or(|plan| plan.name.as_str() == name)
        }
        // Apps, which have names too.
        (Value::All(_), Value::All(_)) => true,
        (shown, value) => shown == value,
    }
}

/// Returns the kind of a step from the code of a message about it, for any reader.
fn kind(code: &str) -> &str {
    match code.split_once('.').map_or(code, |(_, kind)| kind) {
        "buy-again" | "buy-again-one" | "renew-one" => "renew",
        "turn-on" | "turn-on-except" | "assign-except" => "assign",
        "ticket" | "clock-ticket" => "compare-clock",
        "use-dated-release" => "use-release",
        kind => kind,
    }
}
