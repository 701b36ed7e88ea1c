//! Documents that are handed over together: which of them is installed first.

use entitle::Token;
use entitle::token::Kind;

/// Returns the indices of documents in the order in which they are installed: certificates first, since
/// what they admit may be beside them (X10), and then the others as they stand.
pub(crate) fn order<'a>(tokens: impl IntoIterator<Item = &'a Token>) -> Vec<usize> {
    let is_other = |token: &Token| !matches!(token.claimed_kind(), Ok(Kind::KeyCertificate));
    let mut kinds: Vec<(bool, usize)> = tokens.into_iter().map(is_other).zip(0..).collect();
    kinds.sort_unstable();
    kinds.into_iter().map(|(_, index)| index).collect()
}
