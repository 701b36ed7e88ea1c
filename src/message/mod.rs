//! Answers how a message for people is worded in a language: a code, its English wording and its
//! typed values (K11).
//! It takes values of known kinds.
//! It must not know who reads it.

use alloc::string::{String, ToString};
use alloc::vec::Vec;
use core::fmt;

use serde::{Serialize, Serializer, ser::SerializeStruct};

pub(crate) mod wording;

pub(crate) mod value;

pub(crate) mod language;

pub(crate) mod text;

pub use language::Language;
pub use text::{Text, TextLine, TextPart};
pub use value::Value;
pub use wording::Wording;
pub(crate) use wording::{messages, wordings};

/// A message for people. Its `Display` is English; [`in_language`](Message::in_language) words it
/// in another language. Each code has one English wording, always with the same values (K11).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    wording: Wording,
    values: Values,
}

/// The values of a message by name.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Values(Vec<(&'static str, Value)>);

impl Values {
    /// Adds a value. Compiled once, since every row of every table of messages calls it.
    #[inline(never)]
    pub(crate) fn add(&mut self, name: &'static str, value: Value) {
        self.0.push((name, value));
    }
}

impl Message {
    pub(crate) fn new(wording: Wording, values: Values) -> Self {
        Self { wording, values }
    }

    /// Returns the message with a value for the placeholder `{name}`.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl Into<Value>) -> Self {
        self.values.add(name, value.into());
        self
    }

    /// Returns the code and the English wording, as in [`wordings`](crate::language::wordings).
    #[must_use]
    pub fn wording(&self) -> Wording {
        self.wording
    }

    /// Returns a stable name, by which a host finds its own wording.
    #[must_use]
    pub fn code(&self) -> &'static str {
        self.wording.code()
    }

    /// Returns the English wording, with a placeholder `{name}` for each value.
    #[must_use]
    pub fn template(&self) -> &'static str {
        self.wording.english()
    }

    /// Returns the values by name.
    pub fn values(&self) -> impl Iterator<Item = (&'static str, &Value)> {
        self.values.0.iter().map(|(name, value)| (*name, value))
    }

    /// Returns the value of a name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<&Value> {
        self.values().find(|(each, _)| *each == name).map(|(_, value)| value)
    }

    /// Returns the message with each value as a function of its name and the value.
    pub(crate) fn map_values(self, value: impl Fn(&'static str, Value) -> Value) -> Self {
        let values = self.values.0.into_iter().map(|(name, each)| (name, value(name, each))).collect();
        Self { wording: self.wording, values: Values(values) }
    }

    /// Returns this message, and the messages within it, in a language. `O(n)` in its length.
    #[must_use]
    pub fn in_language(&self, language: &Language<'_>) -> String {
        language.word(self)
    }

    /// Returns another wording with the values of this message as English shows them: each `{name}`
    /// becomes the value of that name. Text that names no value stays as it is, and placeholders
    /// within values are not replaced.
    #[must_use]
    pub fn in_words(&self, words: &str) -> String {
        Language::ENGLISH.fill(self, words)
    }
}

impl fmt::Display for Message {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(&Language::ENGLISH))
    }
}

/// Serialized as an object of `code`, `text`, which is English, and `values`.
impl Serialize for Message {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Message", 3)?;
        object.serialize_field("code", self.code())?;
        object.serialize_field("text", &self.to_string())?;
        object.serialize_field("values", &self.values)?;
        object.end()
    }
}

impl Serialize for Values {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(name, value)| (name, value)))
    }
}

#[cfg(test)]
mod tests {
    use alloc::string::{String, ToString};

    use chrono::DateTime;

    use super::{Language, Message, Value, Wording};

    const HAS: Wording = Wording::new("a.code", "{who} has {what}");
    const BECAUSE: Wording = Wording::new("b.code", "no: {cause}, {since}, {units}, {length}");

    fn id(id: &str) -> Value {
        Value::Id(id.to_string())
    }

    fn ada() -> Message {
        HAS.message().with("who", id("ada")).with("what", Value::Name("{who}".to_string()))
    }

    #[test]
    fn values_take_the_places_of_their_names() {
        let message = ada();
        assert_eq!(message.to_string(), "`ada` has {who}", "a value is not read for names");
        assert_eq!(message.in_words("{what} hat {who}"), "{who} hat `ada`");
        assert_eq!(message.in_words("no {one} {{who} }{"), "no {one} {`ada` }{");
        assert_eq!(message.in_words(""), "");
        assert_eq!(message.code(), "a.code");
        assert_eq!(message.value("who"), Some(&Value::Id("ada".to_string())));
        let json = serde_json::to_string(&message).unwrap();
        let expected =
            r#"{"code":"a.code","text":"`ada` has {who}","values":{"who":{"id":"ada"},"what":{"name":"{who}"}}}"#;
        assert_eq!(json, expected);
    }

    #[test]
    fn a_list_ends_in_its_word_and_a_length_has_its_number() {
        let list = |ids: &[&str]| HAS.message().with("who", Value::all(ids.iter().copied().map(id))).in_words("{who}");
        assert_eq!([list(&[]), list(&["a"]), list(&["a", "b"])], ["", "`a`", "`a` and `b`"].map(String::from));
        assert_eq!(list(&["a", "b", "c"]), "`a`, `b` and `c`");
        let any = HAS.message().with("who", Value::any_of(["a", "b", "c"].map(id)));
        assert_eq!(any.in_words("{who}"), "`a`, `b` or `c`");
        let value = |value| HAS.message().with("who", value).in_words("{who}");
        assert_eq!([0, 1, 2].map(|days| value(Value::Days(days))), ["0 days", "1 day", "2 days"]);
        assert_eq!([0, 5_000_000, 2_500_000, 1].map(|of| value(Value::Millionths(of))), ["0", "5", "2.5", "0.000001"]);
        assert_eq!(value(Value::Quoted("a\n`".to_string())), r"`a\n``");
        assert_eq!([Value::Never, Value::Unlimited].map(value), ["never", "unlimited"]);
        assert_eq!(value(Value::Instant(DateTime::UNIX_EPOCH)), "1970-01-01T00:00:00Z");
    }

    #[test]
    fn k11_a_language_words_the_messages_within_a_message_and_all_values() {
        let message = BECAUSE.message().with("cause", ada()).with("since", DateTime::UNIX_EPOCH);
        let message =
            message.with("units", Value::Unlimited).with("length", Value::all([Value::Days(1), Value::Days(3)]));
        let wording = |code: &str| match code {
            "a.code" => Some("{who} hat {what}"),
            "b.code" => Some("nein: {cause}, {since}, {units}, {length}"),
            "value.unlimited" => Some("unbegrenzt"),
            "value.all" => Some("{before} und {last}"),
            "value.days" => Some("{days} Tage"),
            _ => None,
        };
        let value = |value: &Value| match value {
            Value::Instant(at) => Some(at.format("%d.%m.%Y").to_string()),
            Value::Id(id) => Some(id.clone()),
            _ => None,
        };
        let german = Language::new(&wording).with_values(&value);
        let expected = "nein: ada hat {who}, 01.01.1970, unbegrenzt, 1 day und 3 Tage";
        assert_eq!(message.in_language(&german), expected, "English fills in for what is missing");
    }
}
