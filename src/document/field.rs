//! The fields of objects, and the words of choices.

use core::fmt;

use crate::document::value::{Content, FromDocument, Names, ReadError, TakeFields, ValueReader, Want};

/// Implements reading for a struct by its fields: an object that has each of them once, and no
/// other.
///
/// `field = value` may be left out. `field: Type` is read as another type, which becomes the
/// field's. A text after the name says what was expected, in place of the fields that are needed.
macro_rules! object {
    ($name:ident { $($fields:tt)+ }) => { $crate::document::object! { @of $name, None => { $($fields)+ } } };
    ($name:ident, $expected:expr => { $($fields:tt)+ }) => {
        $crate::document::object! { @of $name, Some($expected) => { $($fields)+ } }
    };
    (@of $name:ident, $expected:expr => { $($field:ident $(: $read:ty)? $(= $default:expr)?),+ $(,)? }) => {
        impl $crate::document::FromDocument for $name {
            fn read(
                value: &mut dyn $crate::document::ValueReader,
            ) -> Result<Self, $crate::document::ReadError> {
                const NAMES: &[&str] = &[$(stringify!($field)),+];
                $(let mut $field: Option<$crate::document::object!(@read $($read)?)> = None;)+
                let slots: &mut [&mut dyn $crate::document::Slot] = &mut [$(&mut $field),+];
                let needs = &[$($crate::document::object!(@need $field $(= $default)?)),+];
                $crate::document::read_fields(value, $expected, NAMES, needs, slots)?;
                // One way out for all fields: a way out for each would drop all others each time.
                let ($(Some($field),)+) = ($($crate::document::object!(@found $field $(: $read)? $(= $default)?),)+)
                else {
                    return Err($crate::document::ReadError::unread());
                };
                Ok($name { $($field),+ })
            }
        }
        $crate::document::deserialize_as_document!($name);
    };
    (@read) => { _ };
    (@read $read:ty) => { $read };
    (@need $field:ident) => { $crate::document::Need::Required };
    (@need $field:ident = $default:expr) => { $crate::document::Need::Optional };
    (@found $field:ident) => { $field };
    (@found $field:ident: $read:ty) => { $field.map(Into::into) };
    (@found $field:ident = $default:expr) => { Some($field.unwrap_or($default)) };
    (@found $field:ident: $read:ty = $default:expr) => { Some($field.map_or($default, Into::into)) };
}
pub(crate) use object;

/// Implements reading for an enum by its words: a variant without content is the word as text, a
/// variant with content is an object of one field, which is the word.
macro_rules! choice {
    ($name:ident { $($word:literal => $variant:ident),+ $(,)? }) => {
        impl $crate::document::FromDocument for $name {
            fn read(
                value: &mut dyn $crate::document::ValueReader,
            ) -> Result<Self, $crate::document::ReadError> {
                match $crate::document::read_word(value, &[$($word),+])? {
                    $($word => Ok($name::$variant),)+
                    _ => Err($crate::document::ReadError::unread()),
                }
            }
        }
        $crate::document::deserialize_as_document!($name);
    };
    ($name:ident { $($word:literal => $variant:ident $(($content:ty))?),+ $(,)? }) => {
        impl $crate::document::FromDocument for $name {
            fn read(
                value: &mut dyn $crate::document::ValueReader,
            ) -> Result<Self, $crate::document::ReadError> {
                let mut read = None;
                let mut take = |(word, content): (&'static str, $crate::document::Content<'_>)| {
                    read = match word {
                        $($word => $crate::document::choice!(@field content $name $variant $($content)?),)+
                        _ => None,
                    };
                    Ok(())
                };
                value.read($crate::document::Want::Choice { words: &[$($word),+], take: &mut take })?;
                read.ok_or_else($crate::document::ReadError::unread)
            }
        }
        $crate::document::deserialize_as_document!($name);
    };
    (@field $read:ident $name:ident $variant:ident) => {{
        $read.nothing()?;
        Some($name::$variant)
    }};
    (@field $read:ident $name:ident $variant:ident $content:ty) => {
        Some($name::$variant($read.read::<$content>()?.into()))
    };
}
pub(crate) use choice;

/// A field of an object while the object is read, empty until its value is found.
pub(crate) trait Slot {
    /// Reads the value, which must be the first of the field.
    fn fill(&mut self, name: &'static str, value: &mut dyn ValueReader) -> Result<(), ReadError>;

    /// Returns whether the field has its value.
    fn is_filled(&self) -> bool;
}

/// Whether an object must have a field.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Required,
    Optional,
}

impl<T: FromDocument> Slot for Option<T> {
    fn fill(&mut self, name: &'static str, value: &mut dyn ValueReader) -> Result<(), ReadError> {
        if self.is_some() {
            return Err(ReadError::of(format_args!("duplicate field `{name}`")));
        }
        *self = Some(T::read(value)?);
        Ok(())
    }

    fn is_filled(&self) -> bool {
        self.is_some()
    }
}

/// The fields of an object that is read.
struct Fields<'a> {
    names: &'static [&'static str],
    needs: &'a [Need],
    slots: &'a mut [&'a mut dyn Slot],
}

impl TakeFields for Fields<'_> {
    fn take(&mut self, name: &str, value: &mut dyn ValueReader) -> Result<(), ReadError> {
        let mut fields = self.names.iter().zip(self.slots.iter_mut());
        fields.find(|(each, _)| **each == name).map_or(Ok(()), |(name, slot)| slot.fill(name, value))
    }

    fn end(&mut self) -> Result<(), ReadError> {
        let fields = self.names.iter().zip(self.needs).zip(self.slots.iter());
        let mut missing = fields.filter(|((_, need), slot)| **need == Need::Required && !slot.is_filled());
        match missing.next() {
            None => Ok(()),
            Some(((name, _), _)) => Err(ReadError::of(format_args!("missing field `{name}`"))),
        }
    }
}

/// An object by the fields that it needs.
struct ObjectWith<'a> {
    names: &'static [&'static str],
    needs: &'a [Need],
}

impl fmt::Display for ObjectWith<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let needed = self.names.iter().zip(self.needs).filter(|(_, need)| **need == Need::Required);
        let mut needed = needed.map(|(name, _)| name);
        f.write_str("an object")?;
        let mut before = " with ";
        while let Some(name) = needed.next() {
            write!(f, "{before}`{name}`")?;
            before = if needed.clone().nth(1).is_some() { ", " } else { " and " };
        }
        Ok(())
    }
}

/// Reads the fields of an object, each at most once, in any order. An error says what was expected in these
/// words, or else by the fields that are needed.
pub(crate) fn read_fields<'a>(
    value: &mut dyn ValueReader,
    expected: Option<&'static str>,
    names: &'static [&'static str],
    needs: &'a [Need],
    slots: &'a mut [&'a mut dyn Slot],
) -> Result<(), ReadError> {
    let object = ObjectWith { names, needs };
    let expected: &dyn fmt::Display = match &expected {
        Some(expected) => expected,
        None => &object,
    };
    let take = &mut Fields { names, needs, slots };
    value.read(Want::Object { expected, names: Names::These(names), take })
}

/// Reads a choice of which no variant has content.
pub(crate) fn read_word(
    value: &mut dyn ValueReader,
    words: &'static [&'static str],
) -> Result<&'static str, ReadError> {
    let mut read = None;
    let mut take = |(word, content): (&'static str, Content<'_>)| {
        content.nothing()?;
        read = Some(word);
        Ok(())
    };
    value.read(Want::Choice { words, take: &mut take })?;
    read.ok_or_else(ReadError::unread)
}

/// A value in a field that may be left out, so that `null` is not a second way to leave it out.
pub(crate) struct Present<T>(T);

impl<T: FromDocument> FromDocument for Present<T> {
    fn read(value: &mut dyn ValueReader) -> Result<Self, ReadError> {
        T::read(value).map(Self)
    }
}

impl<T> From<Present<T>> for Option<T> {
    fn from(Present(value): Present<T>) -> Self {
        Some(value)
    }
}
