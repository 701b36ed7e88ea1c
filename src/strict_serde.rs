//! Strict deserialization, so that a signed document has one reading (X4): an object is an object,
//! a choice is a word or an object with one field.
//!
//! Derived serde code accepts more: an array for an object, and `{"unlimited":null}` for the word
//! `unlimited`. The macros in this module accept neither. They ask the parser for an object or a
//! text explicitly, so no feature that another crate enables in the parser changes what is read.
//! What all types have in common is one function, so that they compile to less code than derived
//! ones.

use alloc::string::{String, ToString};
use core::fmt;

use serde::Deserialize;
use serde::de::{DeserializeSeed, Deserializer, Error, IgnoredAny, MapAccess, Unexpected, Visitor};

/// Implements `Deserialize` for a struct by its fields: an object that has each of them once, and no
/// other.
///
/// `field = value` may be left out. `field: Type` is read as another type, which becomes the
/// field's. A text after the name says what was expected.
macro_rules! object {
    ($name:ident { $($fields:tt)+ }) => {
        $crate::strict_serde::object! { $name, concat!("struct ", stringify!($name)) => { $($fields)+ } }
    };
    ($name:ident, $expected:expr => { $($field:ident $(: $read:ty)? $(= $default:expr)?),+ $(,)? }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                struct Fields;

                impl<'de> serde::de::Visitor<'de> for Fields {
                    type Value = $name;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str($expected)
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, map: A) -> Result<$name, A::Error> {
                        $(let mut $field: Option<$crate::strict_serde::object!(@read $($read)?)> = None;)+
                        let names = &[$(stringify!($field)),+];
                        $crate::strict_serde::read_fields(map, names, &mut [$(&mut $field),+])?;
                        Ok($name { $($field: $crate::strict_serde::object!(@value $field $(: $read)? $(= $default)?)),+ })
                    }
                }

                deserializer.deserialize_map(Fields)
            }
        }
    };
    (@read) => { _ };
    (@read $read:ty) => { $read };
    (@required $field:ident) => {
        $field.ok_or_else(|| <A::Error as serde::de::Error>::missing_field(stringify!($field)))?
    };
    (@value $field:ident) => { $crate::strict_serde::object!(@required $field) };
    (@value $field:ident: $read:ty) => { $crate::strict_serde::object!(@required $field).into() };
    (@value $field:ident = $default:expr) => { $field.unwrap_or($default) };
    (@value $field:ident: $read:ty = $default:expr) => { $field.map_or($default, Into::into) };
}
pub(crate) use object;

/// Implements `Deserialize` for an enum by its words: a variant without content is the word as text,
/// a variant with content is an object of one field, which is the word.
macro_rules! choice {
    ($name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const WORDS: &[&str] = &[$($word),+];
                match $crate::strict_serde::read_word(deserializer, WORDS)? {
                    $($word => Ok($name::$variant),)+
                    other => Err(serde::de::Error::unknown_variant(other, WORDS)),
                }
            }
        }
    };
    ($name:ident { $($word:literal => $variant:ident $(($content:ty))?),+ $(,)? }) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                const WORDS: &[&str] = &[$($word),+];
                struct Choice;

                impl<'de> serde::de::Visitor<'de> for Choice {
                    type Value = $name;

                    fn expecting(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                        f.write_str("a word or an object of one field")
                    }

                    fn visit_str<E: serde::de::Error>(self, word: &str) -> Result<$name, E> {
                        match word {
                            $($word => $crate::strict_serde::choice!(@word $name $variant $($content)?),)+
                            other => Err(E::unknown_variant(other, WORDS)),
                        }
                    }

                    fn visit_map<A: serde::de::MapAccess<'de>>(self, mut map: A) -> Result<$name, A::Error> {
                        let word = $crate::strict_serde::only_field(&mut map, WORDS)?;
                        let value = match word {
                            $($word => $crate::strict_serde::choice!(@field map $name $variant $($content)?),)+
                            other => return Err(serde::de::Error::unknown_variant(other, WORDS)),
                        };
                        $crate::strict_serde::no_other_field(&mut map)?;
                        Ok(value)
                    }
                }

                deserializer.deserialize_any(Choice)
            }
        }
    };
    (@word $name:ident $variant:ident) => { Ok($name::$variant) };
    (@word $name:ident $variant:ident $content:ty) => { Err($crate::strict_serde::without_content()) };
    (@field $map:ident $name:ident $variant:ident) => { return Err($crate::strict_serde::with_content()) };
    (@field $map:ident $name:ident $variant:ident $content:ty) => {
        $name::$variant($map.next_value::<$content>()?.into())
    };
}
pub(crate) use choice;

/// Implements serde traits by a type's own `FromStr` and `Display`, so that there is one parser for
/// it.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                deserializer.deserialize_str($crate::strict_serde::Text(core::str::FromStr::from_str))
            }
        }
    };
}
pub(crate) use serde_as_text;

/// Parses a text with a function, without copying it.
pub(crate) struct Text<F>(pub(crate) F);

impl<T, D: fmt::Display, F: FnOnce(&str) -> Result<T, D>> Visitor<'_> for Text<F> {
    type Value = T;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<T, E> {
        (self.0)(text).map_err(E::custom)
    }
}

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
pub(crate) fn read<'de, T: Deserialize<'de>>(json: &'de str) -> Result<T, Unreadable> {
    serde_json::from_str(json).map_err(|error| {
        let (line, column, message) = (error.line(), error.column(), error.to_string());
        let place = alloc::format!(" at line {line} column {column}");
        Unreadable { line, column, detail: message.strip_suffix(&place).unwrap_or(&message).to_string() }
    })
}

/// Parses a JSON document in bytes, as [`read`] does.
pub(crate) fn read_bytes<'de, T: Deserialize<'de>>(json: &'de [u8]) -> Result<T, Unreadable> {
    read(core::str::from_utf8(json).map_err(|error| {
        let column = error.valid_up_to().saturating_add(1);
        Unreadable { line: 1, column, detail: error.to_string() }
    })?)
}

/// A field of an object while the object is read, empty until its value is found.
pub(crate) trait Field<'de, A: MapAccess<'de>> {
    /// Reads the value, which must be the first of the field.
    fn read(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error>;
}

impl<'de, T: Deserialize<'de>, A: MapAccess<'de>> Field<'de, A> for Option<T> {
    fn read(&mut self, name: &'static str, map: &mut A) -> Result<(), A::Error> {
        if self.is_some() {
            return Err(Error::duplicate_field(name));
        }
        *self = Some(map.next_value()?);
        Ok(())
    }
}

/// Reads the fields of an object, each at most once, in any order. It is compiled into a program
/// once for all types.
pub(crate) fn read_fields<'de, A: MapAccess<'de>>(
    mut map: A,
    names: &'static [&'static str],
    fields: &mut [&mut dyn Field<'de, A>],
) -> Result<(), A::Error> {
    while let Some(name) = map.next_key_seed(Known { names, is_choice: false })? {
        if let Some(field) = names.iter().position(|each| *each == name).and_then(|place| fields.get_mut(place)) {
            field.read(name, &mut map)?;
        }
    }
    Ok(())
}

/// Reads a choice of which no variant has content. It is compiled into a program once for all types.
pub(crate) fn read_word<'de, D: Deserializer<'de>>(
    deserializer: D,
    words: &'static [&'static str],
) -> Result<&'static str, D::Error> {
    deserializer.deserialize_any(Word(words))
}

struct Word(&'static [&'static str]);

impl<'de> Visitor<'de> for Word {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word or an object of one field")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<&'static str, E> {
        Known { names: self.0, is_choice: true }.visit_str(word)
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<&'static str, A::Error> {
        only_field(&mut map, self.0)?;
        Err(with_content())
    }
}

/// Reads the name of the only field of a choice.
pub(crate) fn only_field<'de, A: MapAccess<'de>>(
    map: &mut A,
    words: &'static [&'static str],
) -> Result<&'static str, A::Error> {
    let word = map.next_key_seed(Known { names: words, is_choice: true })?;
    word.ok_or_else(|| Error::invalid_length(0, &"an object of one field"))
}

/// Refuses a second field of a choice.
pub(crate) fn no_other_field<'de, A: MapAccess<'de>>(map: &mut A) -> Result<(), A::Error> {
    match map.next_key::<IgnoredAny>()? {
        None => Ok(()),
        Some(_) => Err(Error::invalid_length(2, &"an object of one field")),
    }
}

/// The error for a word that needs an object.
pub(crate) fn without_content<E: Error>() -> E {
    E::invalid_type(Unexpected::UnitVariant, &"newtype variant")
}

/// The error for an object where a word alone is needed.
pub(crate) fn with_content<E: Error>() -> E {
    E::invalid_type(Unexpected::Map, &"the word alone, as text")
}

/// Reads a text that is one of some names.
struct Known {
    names: &'static [&'static str],
    is_choice: bool,
}

impl<'de> DeserializeSeed<'de> for Known {
    type Value = &'static str;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<&'static str, D::Error> {
        deserializer.deserialize_identifier(self)
    }
}

impl Visitor<'_> for Known {
    type Value = &'static str;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the name of a field")
    }

    fn visit_str<E: Error>(self, name: &str) -> Result<&'static str, E> {
        let known = self.names.iter().find(|known| **known == name);
        known.copied().ok_or_else(|| {
            if self.is_choice { E::unknown_variant(name, self.names) } else { E::unknown_field(name, self.names) }
        })
    }
}

/// A value in a field that may be left out, so that `null` is not a second way to leave it out.
pub(crate) struct Present<T>(T);

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Present<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        T::deserialize(deserializer).map(Self)
    }
}

impl<T> From<Present<T>> for Option<T> {
    fn from(Present(value): Present<T>) -> Self {
        Some(value)
    }
}
