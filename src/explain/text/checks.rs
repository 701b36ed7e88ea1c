//! What to check before anything is bought, in a text.

use crate::decision::check_first::CheckFirst;
use crate::message::{Text, TextPart, wordings};

wordings! {
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
