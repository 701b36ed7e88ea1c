//! Strict deserialization, so that a signed document has one reading (X4): an object is an object,
//! a choice is a word or an object with one field.
//!
//! Derived serde code accepts more: an array for an object, and `{"unlimited":null}` for the word
//! `unlimited`. The wrapper in this module accepts neither. It asks the parser for an object or a
//! text explicitly, never for a value of any kind, so no feature that another crate enables in the
//! parser changes what is read.

use alloc::string::{String, ToString};
use core::fmt;

use serde::Deserialize;
use serde::de::value::StrDeserializer;
use serde::de::{
    DeserializeSeed, Deserializer, EnumAccess, Error, IgnoredAny, IntoDeserializer, MapAccess, Unexpected,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;

/// Implements strict serde traits for a type whose code is derived with `remote = "Self"`.
///
/// With `de` before the name, implements only `Deserialize`.
macro_rules! one_reading {
    ($($name:ident),+ $(,)?) => {$(
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                $name::serialize(self, serializer)
            }
        }

        $crate::strict_serde::one_reading!(de $name);
    )+};
    (de $name:ident) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $name::deserialize($crate::strict_serde::OneReading(deserializer))
            }
        }
    };
}
pub(crate) use one_reading;

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

/// A wrapper around a deserializer that accepts only the strict forms.
pub(crate) struct OneReading<D>(pub(crate) D);

impl<'de, D: Deserializer<'de>> Deserializer<'de> for OneReading<D> {
    type Error = D::Error;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _name: &'static str,
        _variants: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, D::Error> {
        self.0.deserialize_any(Choice(visitor))
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf option unit unit_struct
        newtype_struct seq tuple tuple_struct map identifier ignored_any
    }
}

/// Reads a word as a variant without content, and an object with one field as a variant with
/// content.
struct Choice<V>(V);

impl<'de, V: Visitor<'de>> Visitor<'de> for Choice<V> {
    type Value = V::Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a word or an object of one field")
    }

    fn visit_str<E: Error>(self, word: &str) -> Result<V::Value, E> {
        let word: StrDeserializer<'_, E> = word.into_deserializer();
        self.0.visit_enum(word)
    }

    fn visit_map<A: MapAccess<'de>>(self, map: A) -> Result<V::Value, A::Error> {
        self.0.visit_enum(OneField(map))
    }
}

struct OneField<A>(A);

impl<'de, A: MapAccess<'de>> EnumAccess<'de> for OneField<A> {
    type Error = A::Error;
    type Variant = Self;

    fn variant_seed<K: DeserializeSeed<'de>>(mut self, seed: K) -> Result<(K::Value, Self), A::Error> {
        match self.0.next_key_seed(seed)? {
            Some(key) => Ok((key, self)),
            None => Err(Error::invalid_length(0, &"an object of one field")),
        }
    }
}

impl<'de, A: MapAccess<'de>> VariantAccess<'de> for OneField<A> {
    type Error = A::Error;

    fn unit_variant(self) -> Result<(), A::Error> {
        Err(Error::invalid_type(Unexpected::Map, &"the word alone, as text"))
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(mut self, seed: T) -> Result<T::Value, A::Error> {
        let value = self.0.next_value_seed(seed)?;
        match self.0.next_key::<IgnoredAny>()? {
            None => Ok(value),
            Some(_) => Err(Error::invalid_length(2, &"an object of one field")),
        }
    }

    fn tuple_variant<V: Visitor<'de>>(self, _len: usize, _visitor: V) -> Result<V::Value, A::Error> {
        Err(Error::custom("a choice never holds a list"))
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        _fields: &'static [&'static str],
        _visitor: V,
    ) -> Result<V::Value, A::Error> {
        Err(Error::custom("a choice holds an object with a reading of its own"))
    }
}
