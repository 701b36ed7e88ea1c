//! Strict reading of documents, so that a signed one has one reading (X4): an object is an object,
//! a choice is a word or an object with one field.
//!
//! Derived serde code accepts more: an array for an object, and `{"unlimited":null}` for the word
//! `unlimited`. The macros in this module accept neither. They ask the parser for an object or a
//! text explicitly, so no feature that another crate enables in the parser changes what is read.
//! A struct says its fields with `object!`, an enum its words with `choice!`, a text with
//! `serde_as_text!`, a type around another with `wrapper!`; signed bytes are read with
//! [`read_bytes`], by `token/ring.rs`.
//! Types read from `&mut dyn ValueReader`, so that the parser is compiled into a program once and
//! not once for each type, which saves 37 KiB in a program with the defaults of a release build.

mod value;

mod field;
mod parsed;
mod primitive;

pub(crate) use field::{Need, Present, Slot, choice, object, read_fields, read_word};
pub(crate) use parsed::{Unreadable, deserialize, read, read_bytes};
pub(crate) use primitive::{read_text, serde_as_text, wrapper};
pub(crate) use value::{Content, FromDocument, Names, ReadError, TakeFields, ValueReader, Want};

/// Implements `Deserialize` for a type that is read from documents.
macro_rules! deserialize_as_document {
    ($name:ty) => {
        impl<'de> serde::Deserialize<'de> for $name {
            fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                $crate::document::deserialize(deserializer)
            }
        }
    };
}
pub(crate) use deserialize_as_document;
