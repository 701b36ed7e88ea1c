//! Answers to the questions about an offer.

use core::str::FromStr;

use entitle::quantity::QuotaAmount;

/// An answer to a question for yes or no.
#[derive(Debug, Clone, Copy)]
pub(super) enum Choice {
    Yes,
    No,
}

/// Reads an answer to a question for yes or no.
pub(super) fn yes_or_no(text: &str) -> Result<Choice, String> {
    match text.to_ascii_lowercase().as_str() {
        "y" | "yes" => Ok(Choice::Yes),
        "n" | "no" => Ok(Choice::No),
        _ => Err("answer `yes` or `no`".to_string()),
    }
}

/// Reads an answer that is required.
pub(super) fn read<T: FromStr<Err: ToString>>(text: &str) -> Result<T, String> {
    text.parse().map_err(|error: T::Err| error.to_string())
}

/// Reads an answer that may be empty.
pub(super) fn optional<T: FromStr<Err: ToString>>(text: &str) -> Result<Option<T>, String> {
    if text.is_empty() { Ok(None) } else { read(text).map(Some) }
}

/// Reads an id that is not used before, in any letter case, or an empty answer.
pub(super) fn new_id<'a, T: FromStr<Err: ToString> + ToString + 'a>(
    text: &str,
    mut used: impl Iterator<Item = &'a T>,
    what: &str,
) -> Result<Option<T>, String> {
    let folded = text.to_lowercase();
    match used.find(|id| id.to_string().to_lowercase() == folded) {
        Some(id) => Err(format!("another {what} has the id `{}`", id.to_string())),
        None => optional(text),
    }
}

/// Reads an amount of a quota, or an empty answer.
pub(super) fn amount(text: &str) -> Result<Option<QuotaAmount>, String> {
    match text {
        "" => Ok(None),
        "unlimited" => Ok(Some(QuotaAmount::Unlimited)),
        _ => {
            let number = text.parse().map_err(|_| format!("`{text}` is neither a number nor `unlimited`"))?;
            QuotaAmount::limited(number).map(Some).map_err(|error| error.to_string())
        }
    }
}

/// Returns the ids in an answer, separated by blanks or commas, each of which is among the known.
pub(super) fn some_of<T: FromStr<Err: ToString> + PartialEq + ToString>(
    text: &str,
    known: &[T],
    what: &str,
) -> Result<Vec<T>, String> {
    let mut named = Vec::new();
    for word in text.split([' ', ',']).filter(|word| !word.is_empty()) {
        let id: T = read(word)?;
        if !known.contains(&id) {
            return Err(format!("no {what} of this offer has the id `{word}`: answer some of {}", listed(known)));
        }
        if !named.contains(&id) {
            named.push(id);
        }
    }
    Ok(named)
}

/// Returns ids for a question.
pub(super) fn listed<T: ToString>(ids: &[T]) -> String {
    let ids: Vec<String> = ids.iter().map(|id| format!("`{}`", id.to_string())).collect();
    ids.join(", ")
}
