//! A sentence for people, which a host may say in its own words.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

/// A sentence for people. Its `Display` is English; a host that speaks otherwise looks its [`code`](Sentence::code) up in a
/// table of its own and has the values put into what it finds there by [`in_words`](Sentence::in_words). Each code has one
/// English wording, with the same values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    code: &'static str,
    english: &'static str,
    values: Vec<(&'static str, String)>,
}

impl Message {
    /// A sentence without values.
    pub(crate) fn new(code: &'static str, english: &'static str) -> Self {
        Self { code, english, values: Vec::new() }
    }

    /// The same with a value for the places `{name}`.
    pub(crate) fn with(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.values.push((name, value.to_string()));
        self
    }

    /// A stable name, by which a host finds its own words.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.code
    }

    /// The English words, with `{name}` where a value belongs.
    #[must_use]
    pub fn template(&self) -> &'static str {
        self.english
    }

    /// The values by name: ids, instants as `2026-03-01T00:00:00Z`, numbers, `unlimited` and `never`.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &str)> {
        self.values.iter().map(|(name, value)| (*name, value.as_str()))
    }

    /// The sentence in other words: each `{name}` in them becomes the value of that name. What is no name of a value stays
    /// as it is; a value is put in as it is, and never read for names in turn.
    #[must_use]
    pub fn in_words(&self, words: &str) -> String {
        let mut said = String::with_capacity(words.len());
        let mut rest = words;
        while let Some((before, after)) = rest.split_once('{') {
            said.push_str(before);
            let named = after.split_once('}').and_then(|(name, after)| Some((self.value(name)?, after)));
            if let Some((value, after)) = named {
                said.push_str(value);
                rest = after;
            } else {
                said.push('{');
                rest = after;
            }
        }
        said.push_str(rest);
        said
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

/// As an object of `code`, `text` and `values`.
impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Sentence", 3)?;
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
        let sentence = Message::new("a.code", "{who} has {what}").with("who", "ada").with("what", "{who}");
        assert_eq!(sentence.to_string(), "ada has {who}", "a value is not read for names");
        assert_eq!(sentence.in_words("{what} hat {who}"), "{who} hat ada");
        assert_eq!(sentence.in_words("no {one} {{who} }{"), "no {one} {ada }{");
        assert_eq!(sentence.in_words(""), "");
        assert_eq!(sentence.code(), "a.code");
        assert_eq!(sentence.values().collect::<alloc::vec::Vec<_>>(), [("who", "ada"), ("what", "{who}")]);
        let json = serde_json::to_string(&sentence).unwrap();
        assert_eq!(json, r#"{"code":"a.code","text":"ada has {who}","values":{"who":"ada","what":"{who}"}}"#);
    }
}
