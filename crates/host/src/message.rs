//! The codes and wordings of what this crate reports, as the library words its own (K11).

use std::path::Path;

use entitle::language::Value;

/// Gives a type `code`, `message`, `Display` and the list `WORDINGS`, by one row for each form of its
/// values: a pattern, the code, the English wording and its values. The code of the value is that of
/// the message, or the expression in parentheses before it. A form after `as` has the code and the
/// message of a value within.
macro_rules! messages {
    (
        $type:ty $(as $through:pat => $inner:ident)*;
        $($form:pat $(if $guard:expr)? => $(($own:expr))? $code:literal, $english:literal $(, $name:ident = $value:expr)*;)+
    ) => {
        impl $type {
            /// The wordings of the messages of this type.
            pub(crate) const WORDINGS: &'static [entitle::language::Wording] =
                &[$(entitle::language::Wording::new($code, $english)),+];

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
            pub fn message(&self) -> entitle::language::Message {
                match self {
                    $($through => $inner.message(),)*
                    $($form $(if $guard)? => entitle::language::Wording::new($code, $english).message()
                        $(.with(stringify!($name), $value))*,)+
                }
            }
        }

        impl core::fmt::Display for $type {
            fn fmt(&self, f: &mut core::fmt::Formatter<'_>) -> core::fmt::Result {
                f.pad(&self.message().to_string())
            }
        }
    };
    (@code, $code:literal) => { $code };
    (@code $own:expr, $code:literal) => { $own };
}
pub(crate) use messages;

/// Returns a path as a value of a message.
pub(crate) fn path(path: &Path) -> Value {
    Value::Quoted(path.display().to_string())
}

/// Returns what another program answered, as a value of a message.
pub(crate) fn detail(answer: &dyn core::fmt::Display) -> Value {
    Value::Detail(answer.to_string())
}

/// Returns a number of milliseconds as a value of a message.
pub(crate) fn milliseconds(time: core::time::Duration) -> Value {
    Value::Number(u64::try_from(time.as_millis()).unwrap_or(u64::MAX))
}

/// Returns a version as a value of a message.
pub(crate) fn version(version: i64) -> Value {
    Value::Ordinal(u64::try_from(version).unwrap_or_default())
}
