//! Which records are always replayed: those in which something takes licenses away, or ties them to a record.
//!
//! A snapshot repeats what a record said. Where an anchor, a time ticket or a revocation list is involved nothing but the
//! record itself decides, even should a key for snapshots have leaked.

use entitle::record::Anchor;
use entitle::{KeyRing, Token};

/// How every signed document begins.
const DOCUMENT: &str = "v4.public.";

/// Whether a ledger has a document other than a license that this ring trusts and that counts on any record, or may have.
/// Linear in the text, with a signature to verify for each license.
pub(super) fn is_required(ring: &KeyRing, ledger: &str) -> bool {
    has_escapes(ledger) || documents(ledger).any(|text| !is_plain_license(ring, text))
}

/// The texts that begin as signed documents do.
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

/// Whether a character is written by its number somewhere, so that a document can stand there unseen. No `entitle` writes
/// one: ids have no control characters.
fn has_escapes(ledger: &str) -> bool {
    ledger.match_indices("\\u").any(|(at, _)| {
        let before = ledger.get(..at).unwrap_or_default();
        let backslashes = before.len().saturating_sub(before.trim_end_matches('\\').len());
        // One after another is that character itself.
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
