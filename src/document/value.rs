//! The value at which a parser stands, and what a type wants of it.

use alloc::string::{String, ToString};
use core::fmt;

/// A type that is part of documents.
pub(crate) trait FromDocument: Sized {
    /// Reads the value, once.
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError>;
}

/// A value of a document that is not read yet. What parses the document implements it.
pub(crate) trait ValueReader {
    /// Reads the value, once, as what is wanted.
    fn read(&mut self, want: Want<'_>) -> Result<(), ReadError>;
}

/// What takes something that was read. Closures do; behind `dyn FnMut` each would be compiled twice.
pub(crate) trait Take<A> {
    /// Takes it, once for each.
    fn take(&mut self, read: A) -> Result<(), ReadError>;
}

impl<A, F: FnMut(A) -> Result<(), ReadError>> Take<A> for F {
    fn take(&mut self, read: A) -> Result<(), ReadError> {
        self(read)
    }
}

/// What takes the fields of an object.
pub(crate) trait TakeFields {
    /// Takes the value of a field.
    fn take(&mut self, name: &str, value: &mut dyn ValueReader) -> Result<(), ReadError>;

    /// Takes note that the object has no more fields.
    fn end(&mut self) -> Result<(), ReadError>;
}

/// The names that the fields of an object can have.
#[derive(Clone, Copy)]
pub(crate) enum Names {
    /// These.
    These(&'static [&'static str]),
    /// Any.
    Any,
}

/// What takes a value.
pub(crate) type TakeValue<'a> = dyn for<'v> Take<&'v mut dyn ValueReader> + 'a;

/// What a type wants of a value, and what takes it.
pub(crate) enum Want<'a> {
    /// A text.
    Text(&'a mut dyn for<'t> Take<&'t str>),
    /// A whole number, which an error calls `expected`.
    Number { expected: &'static str, take: &'a mut dyn Take<u64> },
    /// A list, element by element, which an error calls `expected`.
    List { expected: &'a dyn fmt::Display, take: &'a mut TakeValue<'a> },
    /// An object, field by field, which an error calls `expected`.
    Object { expected: &'a dyn fmt::Display, names: Names, take: &'a mut dyn TakeFields },
    /// One of these words, as text or as the only field of an object.
    Choice { words: &'static [&'static str], take: &'a mut dyn for<'v> Take<(&'static str, Content<'v>)> },
    /// Any value; nothing takes it.
    Anything,
}

/// What follows the word of a choice.
pub(crate) enum Content<'a> {
    /// The word is a text.
    Nothing,
    /// The word is the field of an object, with this value.
    Value(&'a mut dyn ValueReader),
}

impl Content<'_> {
    /// Reads the content of a word that must have some.
    pub(crate) fn read<T: FromDocument>(self) -> Result<T, ReadError> {
        match self {
            Self::Nothing => Err(ReadError::of("invalid type: the word alone, expected an object of one field")),
            Self::Value(value) => T::read(value),
        }
    }

    /// Fails if there is content.
    pub(crate) fn nothing(self) -> Result<(), ReadError> {
        match self {
            Self::Nothing => Ok(()),
            Self::Value(_) => Err(ReadError::of("invalid type: an object, expected the word alone, as text")),
        }
    }
}

/// Why a value is not read.
pub(crate) enum ReadError {
    /// The parser stopped; its reader keeps the parser's error.
    Parser,
    /// The value breaks a rule of its type, in words.
    Rule(String),
}

impl ReadError {
    /// Returns a broken rule.
    pub(crate) fn of(rule: impl fmt::Display) -> Self {
        Self::Rule(rule.to_string())
    }

    /// Returns that a parser left a value out that it had to read.
    pub(crate) fn unread() -> Self {
        Self::of("the parser read no value")
    }
}
