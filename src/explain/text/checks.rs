//! What to check before anything is bought, in a text.

use crate::decision::check_first::{CheckFirst, RecordAhead};
use crate::message::{Message, Text, TextPart, wordings};

wordings! {
    USER_UNUSABLE_LICENSE = "user.unusable-license",
        "Your organisation has installed a license that gives nothing at present. Ask an administrator to look into that first.";
    CHECK_FIRST_MORE = "check-first.more", "more installed licenses that give nothing: {more}";
}

/// The largest number of things to check first in a text.
const SHOWN_CHECKS: usize = 4;

/// States the first few things to check, without those that are stated already.
pub(super) fn state_checks(checks: &[CheckFirst], stated: usize, text: &mut Text) {
    for check in checks.iter().take(SHOWN_CHECKS).skip(stated) {
        text.state(check.message());
    }
    let more = checks.len().saturating_sub(SHOWN_CHECKS);
    if more > 0 {
        text.push(TextPart::Detail, [CHECK_FIRST_MORE.message().with("more", more)]);
    }
}

/// States what to check first for a user who has to ask somebody else to do it, given the message
/// about a record that is ahead of the clock without its instants.
pub(super) fn state_checks_for_user(checks: &[CheckFirst], record_ahead: Message, text: &mut Text) {
    let ahead = checks.iter().find_map(|check| match check {
        CheckFirst::RecordAhead(ahead) => Some(*ahead),
        _ => None,
    });
    if let Some(RecordAhead { floor, now }) = ahead {
        text.state(record_ahead.with("floor", floor).with("now", now));
    }
    if checks.len() > usize::from(ahead.is_some()) {
        text.state(USER_UNUSABLE_LICENSE.message());
    }
}
