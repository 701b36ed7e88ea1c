//! The remedies in the text of a denial.

use alloc::vec::Vec;

use crate::catalog::app_name::app_name_value;
use crate::decision::Denial;
use crate::decision::denial_explanation::DenialExplanation;
use crate::decision::denial_reason::DenialReason;
use crate::explain::text::Audience;
use crate::explain::text::names::with_names;
use crate::id::PlanId;
use crate::message::{Message, Text, TextPart, Value, wordings};
use crate::remedy::effort::Effort;
use crate::remedy::{Remedy, Step};
use crate::tenant::command::{Assignee, Assignment, Command, Unassignment};

wordings! {
    USER_WAIT = "user.wait", "You need not do anything: you will have access from {until} on.";
    USER_SIGN_UP = "user.sign-up", "You can sign up for a trial of {name}.";
    USER_CLAIM_SEAT = "user.claim-seat", "You can claim a free seat of {name} yourself.";
    ADMIN_NO_REMEDY = "admin.no-remedy", "No remedy was found: contact the publisher.";
    ADMIN_WAY = "admin.way", "This would help, for example:";
    ADMIN_REMEDY = "admin.remedy", "This would help:";
    ADMIN_REMEDIES = "admin.remedies", "Any of these would help:";
    ADMIN_REMEDIES_IN_ORDER = "admin.remedies-in-order", "This would help, the first before anything else:";
    ADMIN_TURN_ON = "admin.turn-on", "turn {app} on again for {user}: assign {plan} with it";
    ADMIN_TURN_ON_EXCEPT = "admin.turn-on-except", "turn {app} on again for {user}: assign {plan} without {except}";
    INDIVIDUAL_ASSIGN = "individual.assign", "assign {plan} to yourself";
    INDIVIDUAL_UNASSIGN = "individual.unassign", "unassign {plan} from yourself";
    INDIVIDUAL_SIGN_UP = "individual.sign-up", "sign up for the trial of {plan}";
    INDIVIDUAL_CLAIM_SEAT = "individual.claim-seat", "claim a free seat of {plan}";
    ADMIN_REMEDIES_THEN = "admin.remedies-then", "If that does not help, this would:";
    ADMIN_MORE_REMEDIES = "admin.more-remedies", "and there are more remedies";
}

/// The largest number of remedies in a text.
const SHOWN: usize = 5;

/// The effort of the search for these remedies: a text costs at most some thousand commands about
/// one user (X8).
const EFFORT: Effort = Effort::new(50_000);

impl Denial<'_> {
    /// States what the user can do alone: wait, sign up for a trial, or claim a seat.
    pub(super) fn state_own_remedies(&self, name_of: &dyn Fn(&PlanId) -> Value, text: &mut Text) {
        for remedy in self.remedies().by_the_user() {
            match remedy.steps() {
                [Step::Wait { until }] => {
                    let message = USER_WAIT.message();
                    text.state(message.with("until", *until));
                }
                [Step::Do(Command::SignUp(name))] => {
                    let message = USER_SIGN_UP.message();
                    text.state(message.with("name", name_of(&name.plan)));
                }
                [Step::Do(Command::ClaimSeat(plan))] => {
                    let message = USER_CLAIM_SEAT.message();
                    text.state(message.with("name", name_of(plan)));
                }
                _ => {}
            }
        }
    }

    /// Lists the first few remedies.
    pub(super) fn list_found(&self, explanation: &DenialExplanation, audience: Audience, text: &mut Text) {
        let remedies: Vec<Remedy> = self.remedies_within(EFFORT).take(SHOWN.saturating_add(1)).collect();
        if remedies.is_empty() {
            text.state(ADMIN_NO_REMEDY.message());
            return;
        }
        text.state(match remedies.as_slice() {
            _ if explanation.record_ahead().is_some() => ADMIN_REMEDIES_IN_ORDER.message(),
            _ if !explanation.check_first.is_empty() => ADMIN_REMEDIES_THEN.message(),
            [only] if only.steps().len() > 2 => ADMIN_WAY.message(),
            [_] => ADMIN_REMEDY.message(),
            _ => ADMIN_REMEDIES.message(),
        });
        for remedy in remedies.iter().take(SHOWN) {
            let steps = remedy.steps().iter().map(|step| self.step(explanation, step, audience));
            text.push(TextPart::Remedy, steps);
        }
        if remedies.len() > SHOWN {
            text.push(TextPart::Detail, [ADMIN_MORE_REMEDIES.message()]);
        }
    }

    /// Returns the message of a step for an audience.
    fn step(&self, explanation: &DenialExplanation, step: &Step, audience: Audience) -> Message {
        let own = (audience == Audience::Individual).then(|| own_step(explanation, step)).flatten();
        let message = turn_on(explanation, step).or(own).unwrap_or_else(|| step.message());
        match audience {
            Audience::SupportDesk => message,
            _ => with_names(message, self.question.tenant.catalog()),
        }
    }
}

/// Returns the message of an assignment that turns the app on again; `None` for another step.
fn turn_on(explanation: &DenialExplanation, step: &Step) -> Option<Message> {
    let Step::Do(Command::Assign(Assignment { to: Assignee::User(user), plan, except })) = step else { return None };
    if *user != explanation.user || !has_turned_off(explanation, plan) {
        return None;
    }
    let message = if except.is_empty() {
        ADMIN_TURN_ON.message()
    } else {
        ADMIN_TURN_ON_EXCEPT.message().with("except", Value::all(except))
    };
    let app = app_name_value(explanation.app_name.as_ref(), &explanation.app);
    Some(message.with("user", user).with("plan", plan).with("app", app))
}

/// Returns the message of a step that a user takes for themself; `None` for another step.
fn own_step(explanation: &DenialExplanation, step: &Step) -> Option<Message> {
    let is_own = |assignee: &Assignee| matches!(assignee, Assignee::User(user) if *user == explanation.user);
    Some(match step {
        Step::Do(Command::Assign(Assignment { to, plan, except })) if is_own(to) && except.is_empty() => {
            INDIVIDUAL_ASSIGN.message().with("plan", plan)
        }
        Step::Do(Command::Unassign(Unassignment { from, plan })) if is_own(from) => {
            INDIVIDUAL_UNASSIGN.message().with("plan", plan)
        }
        Step::Do(Command::SignUp(name)) => INDIVIDUAL_SIGN_UP.message().with("plan", &name.plan),
        Step::Do(Command::ClaimSeat(plan)) => INDIVIDUAL_CLAIM_SEAT.message().with("plan", plan),
        _ => return None,
    })
}

fn has_turned_off(explanation: &DenialExplanation, plan: &PlanId) -> bool {
    explanation.misses().iter().any(|miss| miss.plan == *plan && miss.reason == DenialReason::TurnedOff)
}
