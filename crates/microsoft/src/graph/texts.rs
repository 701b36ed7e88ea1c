//! Reads the texts in Graph's answers, up to a length.

use alloc::string::String;

use serde::{Deserialize, Deserializer, de};

/// The maximum length of an id, a name or a word in an answer, in bytes: several times that of the longest that
/// Graph has, a user principal name. What is found repeats them for each service plan and assignment.
pub const MAX_TEXT_BYTES: usize = 1_024;

/// Reads a text.
pub(crate) fn text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<String, D::Error> {
    String::deserialize(deserializer).and_then(bounded)
}

/// Reads a text or `null`.
pub(crate) fn optional_text<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<String>, D::Error> {
    Option::<String>::deserialize(deserializer)?.map(bounded).transpose()
}

fn bounded<E: de::Error>(text: String) -> Result<String, E> {
    let bytes = text.len();
    if bytes > MAX_TEXT_BYTES {
        return Err(E::custom(alloc::format!("a text has {bytes} bytes, at most {MAX_TEXT_BYTES} are read")));
    }
    Ok(text)
}
