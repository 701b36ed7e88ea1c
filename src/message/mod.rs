//! Answers how a sentence for people is translated: a code, its English wording and its values
//! (K11).
//! It takes what is displayed.
//! It must not know who reads it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

pub(crate) mod or_list;

/// A message for people. Its `Display` is English. A host with another language looks up its own
/// wording by [`code`](Message::code) and fills in the values with [`in_words`](Message::in_words).
/// Each code has one English wording, always with the same values (K11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    code: &'static str,
    english: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Message {
    /// Returns a message without values.
    #[must_use]
    pub fn new(code: &'static str, english: &'static str) -> Self {
        Self { code, english, values: Vec::new() }
    }

    /// Returns the message with a value for the placeholder `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// Returns a stable name, by which a host finds its own wording.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// Returns the English wording, with a placeholder `{name}` for each value.
    #[must_use]
    pub fn template(&self) -> &'static str {
        self.english
    }

    /// Returns the values by name: ids, instants as `2026-03-01T00:00:00Z`, numbers, `unlimited`
    /// and `never`.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// Returns another wording with its values: each `{name}` becomes the value of that name. Text
    /// that names no value stays as it is, and placeholders within values are not replaced.
    #[must_use]
    pub fn in_words(&self, words: &str) -> String {
        let mut text = String::with_capacity(words.len());
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            text.push_str(before);
            let named = after.split_once('}').and_then(|(name, after)| Some((self.value(name)?, after)));
            if let Some((value, after)) = named {
                text.push_str(value);
                rest = after;
            } else {
                text.push('{');
                rest = after;
            }
        }
        text.push_str(rest);
        text
    }

    fn value(&self, name: &str) -> Option<&str> {
        self.values().find(|(each, _)| *each == name).map(|(_, value)| value)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_words(self.english))
    }
}

/// Serialized as an object of `code`, `text` and `values`.
impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Message", 3)?;
        object.serialize_field("code", self.code)?;
        object.serialize_field("text", &self.to_string())?;
        object.serialize_field("values", &Values(&self.values))?;
        object.end()
    }
}

struct Values<'a>(&'a [(&'static str, String)]);

impl Serialize for Values<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::ToString;

    use super::Message;

    #[test]
    fn values_take_the_places_of_their_names() {
        let message = Message::new("a.code", "{who} has {what}").with("who", "ada").with("what", "{who}");
        assert_eq!(message.to_string(), "ada has {who}", "a value is not read for names");
        assert_eq!(message.in_words("{what} hat {who}"), "{who} hat ada");
        assert_eq!(message.in_words("no {one} {{who} }{"), "no {one} {ada }{");
        assert_eq!(message.in_words(""), "");
        assert_eq!(message.code(), "a.code");
        assert_eq!(message.values().collect::<alloc::vec::Vec<_>>(), [("who", "ada"), ("what", "{who}")]);
        let json = serde_json::to_string(&message).unwrap();
        assert_eq!(json, r#"{"code":"a.code","text":"ada has {who}","values":{"who":"ada","what":"{who}"}}"#);
    }
}
