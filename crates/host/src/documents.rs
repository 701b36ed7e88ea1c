//! Documents that are handed to a tenant: which of them is installed first, and which of those that are refused
//! need somebody to act.

use entitle::Token;
use entitle::command::RefusalReason;
use entitle::query::DocumentIssue;
use entitle::token::Kind;

/// Returns the indices of documents in the order in which they are installed: certificates first, since
/// what they admit may be beside them (X10), and then the others as they stand.
pub(crate) fn order<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Vec<usize> {
    let is_other = |token: &Token| !matches!(token.claimed_kind(), Ok(Kind::KeyCertificate));
    let mut kinds: Vec<(bool, usize)> = tokens.into_iter().map(is_other).zip(0..).collect();
    kinds.sort_unstable();
    kinds.into_iter().map(|(_, index)| index).collect()
}

/// Returns whether a license is refused because another one with its revision is installed (L3): one of the two
/// purchases is lost if nobody acts.
pub(crate) fn is_another_of_one_revision(reason: &RefusalReason) -> bool {
    matches!(reason, RefusalReason::Unusable(DocumentIssue::Superseded { revision, in_force }) if revision == in_force)
}
