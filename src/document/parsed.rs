//! Values that serde parses.

use alloc::string::{String, ToString};
use core::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Unexpected, Visitor};

use crate::document::value::{Content, FromDocument, Names, ReadError, TakeValue, ValueReader, Want};

/// Where a parser stopped in a text that is not a document, and what it answered.
pub(crate) struct Unreadable {
    /// Counted from 1.
    pub(crate) line: usize,
    /// Counted from 1; 0 before the first character.
    pub(crate) column: usize,
    /// The parser's message without the place.
    pub(crate) detail: String,
}

/// Parses a JSON document. All documents are parsed as text, so that the parser is compiled into a
/// program once.
pub(crate) fn read<T: FromDocument>(json: &str) -> Result<T, Unreadable> {
    let mut read = None;
    parse(json, &mut |value: &mut dyn ValueReader| {
        read = Some(T::read(value)?);
        Ok(())
    })?;
    read.ok_or_else(|| Unreadable { line: 1, column: 0, detail: String::new() })
}

/// Parses a JSON document in bytes, as [`read`] does.
pub(crate) fn read_bytes<T: FromDocument>(json: &[u8]) -> Result<T, Unreadable> {
    read(core::str::from_utf8(json).map_err(|error| {
        let column = error.valid_up_to().saturating_add(1);
        Unreadable { line: 1, column, detail: error.to_string() }
    })?)
}

/// Parses a JSON document; what takes its value does not change what is compiled.
fn parse<'a>(json: &str, take: &'a mut TakeValue<'a>) -> Result<(), Unreadable> {
    let mut parser = serde_json::Deserializer::from_str(json);
    Each(take).deserialize(&mut parser).and_then(|()| parser.end()).map_err(|error| {
        let (line, column, message) = (error.line(), error.column(), error.to_string());
        let place = alloc::format!(" at line {line} column {column}");
        Unreadable { line, column, detail: in_words(message.strip_suffix(&place).unwrap_or(&message)) }
    })
}

/// Returns a message of the parser in the words of who writes documents.
fn in_words(message: &str) -> String {
    let rest = BEGINNINGS.iter().find_map(|(begins, words)| Some((words, message.strip_prefix(begins)?)));
    rest.map_or_else(|| message.to_string(), |(words, rest)| alloc::format!("{words}{rest}"))
}

/// Reads a value from any parser.
pub(crate) fn deserialize<'de, T: FromDocument, D: Deserializer<'de>>(deserializer: D) -> Result<T, D::Error> {
    let mut read = None;
    let mut take = |value: &mut dyn ValueReader| {
        read = Some(T::read(value)?);
        Ok(())
    };
    Each(&mut take).deserialize(deserializer)?;
    read.ok_or_else(|| Error::custom("the parser read no value"))
}

/// A value that a parser of serde has yet to read.
struct Parsed<'de, D: Deserializer<'de>> {
    parser: Option<D>,
    error: Option<D::Error>,
}

impl<'de, D: Deserializer<'de>> ValueReader for Parsed<'de, D> {
    fn read(&mut self, want: Want<'_>) -> Result<(), ReadError> {
        let parser = self.parser.take().ok_or_else(ReadError::unread)?;
        let read = match &want {
            Want::Text(_) => parser.deserialize_str(want),
            Want::Number { .. } => parser.deserialize_u64(want),
            Want::List { .. } => parser.deserialize_seq(want),
            Want::Object { .. } => parser.deserialize_map(want),
            Want::Choice { .. } => parser.deserialize_any(want),
            Want::Anything => IgnoredAny::deserialize(parser).map(drop),
        };
        read.map_err(|error| {
            self.error = Some(error);
            ReadError::Parser
        })
    }
}

/// How the parser begins some errors, and how who writes documents reads them.
const BEGINNINGS: [(&str, &str); 4] = [
    ("invalid type: sequence, ", "invalid type: a list, "),
    ("invalid type: map, ", "invalid type: an object, "),
    ("EOF while parsing a value", "the text ends where a value is expected"),
    ("EOF while parsing ", "the text ends within "),
];

/// Hands a value to what takes it.
struct Each<'a>(&'a mut TakeValue<'a>);

impl<'de> DeserializeSeed<'de> for Each<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<(), D::Error> {
        let mut value = Parsed { parser: Some(parser), error: None };
        self.0.take(&mut value).map_err(|error| match error {
            ReadError::Parser => value.error.unwrap_or_else(|| Error::custom("the parser stopped")),
            ReadError::Rule(rule) => Error::custom(rule),
        })
    }
}

impl<'de> Visitor<'de> for Want<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Text(_) => f.write_str("a string"),
            Self::List { expected, .. } | Self::Object { expected, .. } => expected.fmt(f),
            Self::Number { expected, .. } => f.write_str(expected),
            Self::Choice { .. } => f.write_str("a word or an object of one field"),
            Self::Anything => f.write_str("a value"),
        }
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<(), E> {
        match self {
            Self::Text(take) => take.take(text),
            Self::Choice { words, take } => take.take((Name::Word(words).visit_str(text)?, Content::Nothing)),
            other => return Err(E::invalid_type(Unexpected::Str(text), &other)),
        }
        .map_err(rule)
    }

    fn visit_u64<E: Error>(self, number: u64) -> Result<(), E> {
        match self {
            Self::Number { take, .. } => take.take(number).map_err(rule),
            other => Err(E::invalid_type(Unexpected::Unsigned(number), &other)),
        }
    }

    fn visit_i64<E: Error>(self, number: i64) -> Result<(), E> {
        match (u64::try_from(number), &self) {
            (Ok(number), _) => self.visit_u64(number),
            (Err(_), Self::Number { .. }) => Err(E::invalid_value(Unexpected::Signed(number), &self)),
            (Err(_), _) => Err(E::invalid_type(Unexpected::Signed(number), &self)),
        }
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut elements: A) -> Result<(), A::Error> {
        match self {
            Self::List { take, .. } => {
                while elements.next_element_seed(Each(take))?.is_some() {}
                Ok(())
            }
            other => Err(Error::invalid_type(Unexpected::Seq, &other)),
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        match self {
            Self::Object { names, take, .. } => {
                match names {
                    Names::These(names) => {
                        while let Some(name) = map.next_key_seed(Name::Field(names))? {
                            map.next_value_seed(Each(&mut |value: &mut dyn ValueReader| take.take(name, value)))?;
                        }
                    }
                    Names::Any => {
                        while let Some(name) = map.next_key::<String>()? {
                            map.next_value_seed(Each(&mut |value: &mut dyn ValueReader| take.take(&name, value)))?;
                        }
                    }
                }
                take.end().map_err(rule)
            }
            Self::Choice { words, take } => {
                let word = map.next_key_seed(Name::Word(words))?;
                let word = word.ok_or_else(|| A::Error::invalid_length(0, &"an object of one field"))?;
                map.next_value_seed(Each(&mut |value: &mut dyn ValueReader| take.take((word, Content::Value(value)))))?;
                match map.next_key::<IgnoredAny>()? {
                    None => Ok(()),
                    Some(_) => Err(Error::invalid_length(2, &"an object of one field")),
                }
            }
            other => Err(Error::invalid_type(Unexpected::Map, &other)),
        }
    }
}

/// Returns a broken rule as an error of serde.
fn rule<E: Error>(error: ReadError) -> E {
    match error {
        ReadError::Parser => E::custom("the parser stopped"),
        ReadError::Rule(rule) => E::custom(rule),
    }
}

/// Reads a text that is one of some names, as the program knows it.
enum Name {
    /// The name of a field.
    Field(&'static [&'static str]),
    /// The word of a choice.
    Word(&'static [&'static str]),
}

impl<'de> DeserializeSeed<'de> for Name {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, parser: D) -> Result<&'static str, D::Error> {
        parser.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Name {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<&'static str, E> {
        let (Self::Field(names) | Self::Word(names)) = self;
        names.iter().find(|known| **known == name).copied().ok_or_else(|| match self {
            Self::Field(_) => E::unknown_field(name, names),
            Self::Word(_) => E::custom(format_args!("unknown word `{name}`, expected {}", OneOf(names))),
        })
    }
}

/// The words of a choice.
struct OneOf(&'static [&'static str]);

impl fmt::Display for OneOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.0 {
            [word] => write!(f, "`{word}`"),
            [one, other] => write!(f, "`{one}` or `{other}`"),
            words => words.iter().enumerate().try_for_each(|(index, word)| {
                let before = if index == 0 { "one of " } else { ", " };
                write!(f, "{before}`{word}`")
            }),
        }
    }
}
