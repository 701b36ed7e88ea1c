//! When an answer turns by time alone: an allow into a denial, or the reverse.

use crate::decision::{Allow, Decision, Denial, Question};
use crate::time::End;

impl Allow<'_> {
    /// Returns the first instant at which access ends by time alone. `O(b)` checks in the boundaries
    /// before it (K5).
    pub(crate) fn closes(&self) -> End {
        first(self.question, self.until(), |later| matches!(later, Decision::Deny(_)))
    }
}

impl Denial<'_> {
    /// Returns the first instant at which access begins by time alone. `O(b)` checks in the
    /// boundaries before it (K5).
    pub(crate) fn opens(&self) -> End {
        first(self.question, self.until(), |later| matches!(later, Decision::Allow(_)))
    }
}

/// Returns the first boundary from `next` on at which the answer is one that was asked for.
fn first(question: Question<'_>, next: End, is_it: impl Fn(&Decision<'_>) -> bool) -> End {
    let Question { tenant, user, app, .. } = question;
    let mut next = next;
    while let End::At(at) = next {
        let later = tenant.check(user, app, at);
        if is_it(&later) {
            return next;
        }
        next = later.until();
    }
    End::Never
}
