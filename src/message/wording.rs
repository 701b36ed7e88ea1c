//! The English wording of a message, and how types get theirs.

use serde::Serialize;

use crate::message::{Message, Values};

/// The code of a message and its English wording, with a placeholder `{name}` for each value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
pub struct Wording {
    code: &'static str,
    english: &'static str,
}

impl Wording {
    /// Returns the wording of a code.
    #[must_use]
    pub const fn new(code: &'static str, english: &'static str) -> Self {
        Self { code, english }
    }

    /// Returns the stable name, by which a host finds its own wording.
    #[must_use]
    pub fn code(self) -> &'static str {
        self.code
    }

    /// Returns the English wording.
    #[must_use]
    pub fn english(self) -> &'static str {
        self.english
    }

    /// Returns the names of the values in the order of the English wording. A name that stands there
    /// twice is returned twice.
    pub fn placeholders(self) -> impl Iterator<Item = &'static str> {
        self.english.split('{').skip(1).filter_map(|rest| rest.split_once('}').map(|(name, _)| name))
    }

    /// Returns the message of this wording, without its values.
    #[must_use]
    pub fn message(self) -> Message {
        Message::new(self, Values::default())
    }
}

/// Defines wordings as constants, and `WORDINGS`, the list of them.
macro_rules! wordings {
    ($($name:ident = $code:literal, $english:literal;)+) => {
        $(pub(super) const $name: $crate::message::Wording = $crate::message::Wording::new($code, $english);)+

        /// The wordings of this file.
        pub(crate) const WORDINGS: &[$crate::message::Wording] = &[$($name),+];
    };
}
pub(crate) use wordings;

/// Gives a type `code`, `message`, `Display` and the list `WORDINGS`, by one row for each form of its
/// values.
///
/// A row is a pattern, the code, the English wording and its values, each a variable of the pattern
/// or `name = expression`. The code of the value is that of the message, or the expression in
/// parentheses before it. A form after `as` has the code and the message of a value within.
macro_rules! messages {
    (
        $type:ty $(as $through:pat => $inner:ident)*;
        $($form:pat $(if $guard:expr)? => $(($own:expr))? $code:literal, $english:literal
            $(, $name:ident $(= $value:expr)?)*;)+
    ) => {
        impl $type {
            /// The wordings of the messages of this type.
            pub(crate) const WORDINGS: &'static [$crate::message::Wording] =
                &[$($crate::message::Wording::new($code, $english)),+];

            /// Returns a stable name for programs and translations.
            #[must_use]
            #[allow(unused_variables, reason = "a row names the values of its message")]
            pub fn code(&self) -> &'static str {
                match self {
                    $($through => $inner.code(),)*
                    $($form $(if $guard)? => $crate::message::messages!(@code $($own)?, $code),)+
                }
            }

            /// Returns this as a message, which can be worded in other languages.
            #[must_use]
            #[allow(unused_mut, reason = "no row may have a value")]
            pub fn message(&self) -> $crate::message::Message {
                // One list for all rows: a message that is moved with each value takes twice the code.
                let mut values = $crate::message::Values::default();
                let wording = match self {
                    $($through => return $inner.message(),)*
                    $($form $(if $guard)? => {
                        $(values.add(stringify!($name), $crate::message::messages!(@value $name $(= $value)?).into());)*
                        $crate::message::Wording::new($code, $english)
                    })+
                };
                $crate::message::Message::new(wording, values)
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&alloc::string::ToString::to_string(&self.message()))
            }
        }

        impl From<&$type> for $crate::message::Value {
            fn from(value: &$type) -> Self {
                Self::Message(value.message())
            }
        }
    };
    (@code, $code:literal) => { $code };
    (@code $own:expr, $code:literal) => { $own };
    (@value $name:ident) => { $name };
    (@value $name:ident = $value:expr) => { $value };
}
pub(crate) use messages;
