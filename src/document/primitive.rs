//! Texts, numbers and lists.

use alloc::string::String;
use alloc::vec::Vec;
use core::fmt;
use core::num::{NonZeroU32, NonZeroU64};

use crate::document::value::{FromDocument, ReadError, ValueReader, Want};

/// Implements serde traits and reading by a type's own `FromStr` and `Display`, so that there is one
/// parser for it.
macro_rules! serde_as_text {
    ($name:ident) => {
        impl serde::Serialize for $name {
            fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                serializer.collect_str(self)
            }
        }

        impl $crate::document::FromDocument for $name {
            fn read(value: &mut dyn $crate::document::ValueReader) -> Result<Self, $crate::document::ReadError> {
                $crate::document::read_text(value, core::str::FromStr::from_str)
            }
        }
        $crate::document::deserialize_as_document!($name);
    };
}
pub(crate) use serde_as_text;

/// Implements reading for a type of one field that any value of the field is valid for.
macro_rules! wrapper {
    ($name:ident($field:ty)) => {
        impl $crate::document::FromDocument for $name {
            fn read(value: &mut dyn $crate::document::ValueReader) -> Result<Self, $crate::document::ReadError> {
                <$field>::read(value).map(Self)
            }
        }
        $crate::document::deserialize_as_document!($name);
    };
}
pub(crate) use wrapper;

/// Reads a text with a function, without copying it.
pub(crate) fn read_text<T, E: fmt::Display>(
    value: &mut dyn ValueReader,
    parse: fn(&str) -> Result<T, E>,
) -> Result<T, ReadError> {
    let mut parsed = None;
    let mut take = |text: &str| {
        parsed = Some(parse(text).map_err(ReadError::of)?);
        Ok(())
    };
    value.read(Want::Text(&mut take))?;
    parsed.ok_or_else(ReadError::unread)
}

impl FromDocument for String {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        read_text(value, |text| Ok::<_, fmt::Error>(Self::from(text)))
    }
}

impl<T: FromDocument> FromDocument for Vec<T> {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        let mut elements = Self::new();
        let mut take = |element: &mut dyn ValueReader| {
            elements.push(T::read(element)?);
            Ok(())
        };
        value.read(Want::List { expected: &"a list", take: &mut take })?;
        Ok(elements)
    }
}

/// Reads a number of a type that has fewer of them than `u64`.
fn read_number<T>(
    value: &mut dyn ValueReader,
    expected: &'static str,
    of: fn(u64) -> Option<T>,
) -> Result<T, ReadError> {
    let mut read = None;
    let mut take = |number: u64| {
        let invalid = || ReadError::of(format_args!("invalid value: integer `{number}`, expected {expected}"));
        read = Some(of(number).ok_or_else(invalid)?);
        Ok(())
    };
    value.read(Want::Number { expected, take: &mut take })?;
    read.ok_or_else(ReadError::unread)
}

impl FromDocument for u32 {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        read_number(value, "a whole number up to 4294967295", |number| Self::try_from(number).ok())
    }
}

impl FromDocument for u64 {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        read_number(value, "a whole number up to 18446744073709551615", Some)
    }
}

impl FromDocument for NonZeroU32 {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        read_number(value, "a whole number from 1 to 4294967295", |number| {
            u32::try_from(number).ok().and_then(Self::new)
        })
    }
}

impl FromDocument for NonZeroU64 {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        read_number(value, "a whole number from 1 to 18446744073709551615", Self::new)
    }
}
