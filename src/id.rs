//! What things are called: one type an id, so that none can be passed for another (C9).

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use thiserror::Error;

use crate::strict_serde::serde_as_text;

/// The longest id or label, in bytes of UTF-8 (C9): room for an e-mail address or a URL, and no more.
pub const MAX_TEXT_BYTES: usize = 300;

/// Why a text is not an id or a label (C9).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextError {
    /// The text was `""`.
    #[error("the {what} is empty: it needs at least one character")]
    Empty {
        /// Which kind of text was read, as in "user id".
        what: &'static str,
    },
    /// The text had more than [`MAX_TEXT_BYTES`] bytes.
    #[error("the {what} has {bytes} bytes: at most {MAX_TEXT_BYTES} are allowed")]
    TooLong {
        /// Which kind of text was read.
        what: &'static str,
        /// How many bytes it had.
        bytes: usize,
    },
    /// The text had a control character, such as a line feed, or a separator of lines or paragraphs.
    #[error("{what} `{}` has a control character at byte {at}", text.escape_debug())]
    ControlCharacter {
        /// Which kind of text was read.
        what: &'static str,
        /// The text itself.
        text: String,
        /// The byte at which the control character stands.
        at: usize,
    },
    /// The text had a character that turns the direction of text, so that it could be shown as another text.
    #[error("{what} `{}` has a character that turns the direction of text at byte {at}", text.escape_debug())]
    TurnsDirection {
        /// Which kind of text was read.
        what: &'static str,
        /// The text itself.
        text: String,
        /// The byte at which the character stands.
        at: usize,
    },
    /// The text began or ended with white space.
    #[error("{what} `{}` begins or ends with white space", text.escape_debug())]
    Padded {
        /// Which kind of text was read.
        what: &'static str,
        /// The text itself.
        text: String,
    },
    /// The text was not 32 lower-case hexadecimal digits (license, ticket and record ids only).
    #[error("{what} `{}` is not 32 lower-case hexadecimal digits", text.escape_debug())]
    NotHexadecimal {
        /// Which kind of text was read.
        what: &'static str,
        /// The text itself.
        text: String,
    },
    /// The text was not two capital letters (country codes only).
    #[error("{what} `{}` is not two capital letters as in ISO 3166-1", text.escape_debug())]
    NotACountry {
        /// Which kind of text was read.
        what: &'static str,
        /// The text itself.
        text: String,
    },
}

impl TextError {
    /// A stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            Self::Empty { .. } => "text.empty",
            Self::TooLong { .. } => "text.too-long",
            Self::ControlCharacter { .. } => "text.control-character",
            Self::TurnsDirection { .. } => "text.turns-direction",
            Self::Padded { .. } => "text.padded",
            Self::NotHexadecimal { .. } => "text.not-hexadecimal",
            Self::NotACountry { .. } => "text.not-a-country",
        }
    }
}

/// The checked text behind every id: cheap to clone, compared byte for byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(pub(crate) Arc<str>);

impl Name {
    pub(crate) fn check(what: &'static str, text: &str) -> Result<Self, TextError> {
        checked(what, text).map(|text| Self(Arc::from(text)))
    }
}

/// The text, if it may be an id (C9).
pub(crate) fn checked<'a>(what: &'static str, text: &'a str) -> Result<&'a str, TextError> {
    measured(what, text)?;
    // What most ids are, at a glance.
    if is_plain(text) {
        return Ok(text);
    }
    if let Some(at) = text.find(is_control) {
        let text = text.to_string();
        return Err(TextError::ControlCharacter { what, text, at });
    }
    if let Some(at) = text.find(turns_direction) {
        let text = text.to_string();
        return Err(TextError::TurnsDirection { what, text, at });
    }
    if text.trim() != text {
        let text = text.to_string();
        return Err(TextError::Padded { what, text });
    }
    Ok(text)
}

/// Whether a character is a control character, or separates lines or paragraphs.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Whether a character does nothing but turn the direction of text: the marks, embeddings, overrides and isolates of the
/// bidirectional algorithm ([UAX #9](https://www.unicode.org/reports/tr9/), 2). Letters that are written from right to left
/// are not among them.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// The text, if it is neither empty nor too long: all that there is to check of a plain one.
pub(crate) fn measured<'a>(what: &'static str, text: &'a str) -> Result<&'a str, TextError> {
    match text.len() {
        0 => Err(TextError::Empty { what }),
        1..=MAX_TEXT_BYTES => Ok(text),
        bytes => Err(TextError::TooLong { what, bytes }),
    }
}

/// Whether there are neither control characters nor white space in it, nor anything beyond ASCII.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & byte.is_ascii_graphic())
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// Any non-empty text up to [`MAX_TEXT_BYTES`] bytes without control characters, without characters that turn
        /// the direction of text and without white space at either end, compared byte for byte (C9). Clones share the
        /// text.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Name);

        impl $name {
            /// The text as it was given.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.0
            }

            /// The text to be shown to people where it has no other name. Shared.
            #[allow(dead_code, reason = "not every id is shown in the place of a name")]
            pub(crate) fn as_label(&self) -> Label {
                Label(self.0.clone())
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, text: &str) -> bool {
                self.as_str() == text
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                Name::check($what, text).map(Self)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.pad(self.as_str())
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({:?})", stringify!($name), self.as_str())
            }
        }

        serde_as_text!($name);
    };
}

text! {
    /// Who sells: the ISV that owns the signing keys and the catalogs.
    PublisherId, "publisher id"
}
text! {
    /// One product of a publisher, as listed and sold.
    OfferId, "offer id"
}
text! {
    /// A thing that is gated: a whole application or one feature of it, as in `orders/publish-policy`.
    AppId, "app id"
}
text! {
    /// A thing that is sold.
    PlanId, "plan id"
}
text! {
    /// A customer organisation.
    TenantId, "tenant id"
}
text! {
    /// A group of users in a tenant.
    GroupId, "group id"
}
text! {
    /// A draw from a capacity plan, as the host names it; within a month it counts once (M5).
    ConsumptionId, "draw id"
}
text! {
    /// A thing that draws from a capacity plan, a bot say (M1).
    ConsumerId, "thing id"
}
text! {
    /// A text shown to people: a plan's name, a customer's name, a web address.
    Label, "label"
}

/// An id of 128 random bits, written as 32 lower-case hexadecimal digits.
macro_rules! random {
    ($(#[$doc:meta])* $name:ident, $what:literal) => {
        $(#[$doc])*
        ///
        /// Written as 32 lower-case hexadecimal digits.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// An id from 16 bytes of the host's own randomness.
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                hexadecimal(text).map(Self).ok_or_else(|| TextError::NotHexadecimal { what: $what, text: excerpt(text) })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", u128::from_be_bytes(self.0))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{}({self})", stringify!($name))
            }
        }

        serde_as_text!($name);
    };
}

/// 32 lower-case hexadecimal digits and nothing else: the number has one spelling.
fn hexadecimal(text: &str) -> Option<[u8; 16]> {
    let canonical = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    canonical.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(u128::to_be_bytes)
}

impl LicenseId {
    /// The 128 bits.
    pub(crate) fn number(self) -> u128 {
        u128::from_be_bytes(self.0)
    }
}

random! {
    /// Names a license over all its revisions: 128 bits that the publisher draws at random (L3).
    LicenseId, "license id"
}
random! {
    /// Names a time ticket, so that it is used once: 128 bits that the publisher draws at random (X6).
    TicketId, "ticket id"
}
random! {
    /// Names a record: 128 bits that its host draws at random when it begins one (X7).
    RecordId, "record id"
}

/// A country as two capital letters (ISO 3166-1 alpha-2), as in `DE`.
///
/// Which codes are in use is not checked: countries come and go.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl FromStr for CountryCode {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        match text.as_bytes() {
            &[first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => Ok(Self([first, second])),
            _ => Err(TextError::NotACountry { what: "country code", text: excerpt(text) }),
        }
    }
}

impl fmt::Display for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.iter().try_for_each(|&letter| write!(f, "{}", char::from(letter)))
    }
}

impl fmt::Debug for CountryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "CountryCode({self})")
    }
}

serde_as_text!(CountryCode);

/// What an error message repeats of an input that may be of any size.
pub(crate) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some(_) => text.chars().take(SHOWN).chain(['…']).collect(),
        None => text.to_string(),
    }
}
