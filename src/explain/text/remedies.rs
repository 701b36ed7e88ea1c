//! The remedies in the text of a denial.

use alloc::vec::Vec;

use crate::decision::Denial;
use crate::id::PlanId;
use crate::message::{Message, Text, TextPart, Value, wordings};
use crate::remedy::effort::Effort;
use crate::remedy::{Remedy, Step};
use crate::tenant::command::Command;

wordings! {
    USER_WAIT = "user.wait", "You will have access without any action from {until} on.";
    USER_SIGN_UP = "user.sign-up", "You can sign up for a trial of {name}.";
    USER_CLAIM_SEAT = "user.claim-seat", "You can claim a free seat of {name} yourself.";
    ADMIN_NO_REMEDY = "admin.no-remedy", "No remedy was found: contact the publisher.";
    ADMIN_WAY = "admin.way", "This would help, for example:";
    ADMIN_REMEDY = "admin.remedy", "This would help:";
    ADMIN_REMEDIES = "admin.remedies", "Any of these would help:";
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

    /// Lists the first few remedies, with the messages of the steps as a function changes them.
    pub(super) fn list_found(&self, step: &dyn Fn(Message) -> Message, text: &mut Text) {
        let remedies: Vec<Remedy> = self.remedies_within(EFFORT).take(SHOWN.saturating_add(1)).collect();
        if remedies.is_empty() {
            text.state(ADMIN_NO_REMEDY.message());
            return;
        }
        text.state(match remedies.as_slice() {
            [only] if only.steps().len() > 2 => ADMIN_WAY.message(),
            [_] => ADMIN_REMEDY.message(),
            _ => ADMIN_REMEDIES.message(),
        });
        for remedy in remedies.iter().take(SHOWN) {
            text.push(TextPart::Remedy, remedy.steps().iter().map(|each| step(each.message())));
        }
        if remedies.len() > SHOWN {
            text.push(TextPart::Detail, [ADMIN_MORE_REMEDIES.message()]);
        }
    }
}
