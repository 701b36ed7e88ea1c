//! Records that are always replayed: those whose documents revoke licenses or depend on the record.
//!
//! A snapshot is derived from a record. Where an anchor, a time ticket or a revocation list is
//! involved, only the record itself decides, even if a key for snapshots has leaked.

use entitle::record::Anchor;
use entitle::{KeyRing, Token};

/// The prefix of every signed document.
const DOCUMENT: &str = "v4.public.";

/// Returns whether a ledger has, or may have, a document other than a license that this ring trusts
/// and that is valid on any record. `O(n)` in the text, with one signature to verify per license.
pub(super) fn is_required(ring: &KeyRing, ledger: &str) -> bool {
    has_escapes(ledger) || documents(ledger).any(|text| !is_plain_license(ring, text))
}

/// Returns the texts with the prefix of signed documents.
fn documents(ledger: &str) -> impl Iterator<Item = &str> {
    ledger.match_indices(DOCUMENT).filter_map(|(at, _)| {
        let text = ledger.get(at..)?;
        let is_of_it = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
        text.get(..text.find(|c| !is_of_it(c)).unwrap_or(text.len()))
    })
}

fn is_plain_license(ring: &KeyRing, text: &str) -> bool {
    let token = text.parse::<Token>().ok();
    token.and_then(|token| ring.verify(&token).ok()).is_some_and(|license| license.deal().anchor == Anchor::Anywhere)
}

/// Returns whether the text has a Unicode escape, which could hide a document. `entitle` never
/// writes one: ids have no control characters.
fn has_escapes(ledger: &str) -> bool {
    ledger.match_indices("\\u").any(|(at, _)| {
        let before = ledger.get(..at).unwrap_or_default();
        let backslashes = before.len().saturating_sub(before.trim_end_matches('\\').len());
        // After another backslash it is an escaped backslash.
        backslashes & 1 == 0
    })
}

#[cfg(test)]
mod tests {
    use super::has_escapes;

    #[test]
    fn only_what_is_written_by_its_number_is_an_escape() {
        assert!(has_escapes(r#"{"inst\u0061ll":1}"#) && has_escapes(r#""\\\u0061""#));
        assert!(!has_escapes(r#""DOMAIN\\user""#) && !has_escapes(r#""\\\\u\n""#) && !has_escapes(""));
    }
}
