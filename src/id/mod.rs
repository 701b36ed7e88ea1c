//! Answers what is named: ids and labels, one type for each kind, so that none can be passed for
//! another (C9).
//! It takes text, and refuses what is empty, too long or has control characters.
//! It must not know what the named things are.

use alloc::string::{String, ToString};
use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

use thiserror::Error;

pub(crate) mod user;

mod value;

pub use user::{UserId, UserRef};

use crate::message::messages;
use crate::strict_serde::serde_as_text;

/// The longest id or label, in bytes of UTF-8: enough for an e-mail address or a URL (C9, X8).
pub const MAX_TEXT_BYTES: usize = 300;

/// What a text is expected to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TextKind {
    /// A [`PublisherId`].
    PublisherId,
    /// An [`OfferId`].
    OfferId,
    /// A [`PlanId`].
    PlanId,
    /// An [`AppId`].
    AppId,
    /// A [`QuotaId`].
    QuotaId,
    /// A [`TenantId`].
    TenantId,
    /// A [`UserId`].
    UserId,
    /// A [`GroupId`].
    GroupId,
    /// A [`ConsumerId`].
    ConsumerId,
    /// A [`ConsumptionId`].
    ConsumptionId,
    /// A [`Label`].
    Label,
    /// A [`LicenseId`].
    LicenseId,
    /// A [`TicketId`].
    TicketId,
    /// A [`RecordId`].
    RecordId,
    /// A [`RequestId`].
    RequestId,
    /// A [`CountryCode`].
    CountryCode,
}

messages! {
    TextKind;
    Self::PublisherId => "text-kind.publisher-id", "publisher id";
    Self::OfferId => "text-kind.offer-id", "offer id";
    Self::PlanId => "text-kind.plan-id", "plan id";
    Self::AppId => "text-kind.app-id", "app id";
    Self::QuotaId => "text-kind.quota-id", "quota id";
    Self::TenantId => "text-kind.tenant-id", "tenant id";
    Self::UserId => "text-kind.user-id", "user id";
    Self::GroupId => "text-kind.group-id", "group id";
    Self::ConsumerId => "text-kind.consumer-id", "consumer id";
    Self::ConsumptionId => "text-kind.consumption-id", "consumption id";
    Self::Label => "text-kind.label", "label";
    Self::LicenseId => "text-kind.license-id", "license id";
    Self::TicketId => "text-kind.ticket-id", "ticket id";
    Self::RecordId => "text-kind.record-id", "record id";
    Self::RequestId => "text-kind.request-id", "request id";
    Self::CountryCode => "text-kind.country-code", "country code";
}

/// Why a text is not an id or a label (C9).
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum TextError {
    /// The text is empty.
    Empty {
        /// The kind of text.
        what: TextKind,
    },
    /// The text has more than [`MAX_TEXT_BYTES`] bytes.
    TooLong {
        /// The kind of text.
        what: TextKind,
        /// The length of the text in bytes.
        bytes: usize,
    },
    /// The text contains a control character, such as a line feed, or a separator of lines or
    /// paragraphs.
    ControlCharacter {
        /// The kind of text.
        what: TextKind,
        /// The text.
        text: String,
        /// The byte offset of the control character.
        at: usize,
    },
    /// The text contains a character that turns the direction of text, so that it could look like
    /// another text.
    TurnsDirection {
        /// The kind of text.
        what: TextKind,
        /// The text.
        text: String,
        /// The byte offset of the character.
        at: usize,
    },
    /// The text begins or ends with white space.
    Padded {
        /// The kind of text.
        what: TextKind,
        /// The text.
        text: String,
    },
    /// The text is not 32 lower-case hexadecimal digits (license, ticket and record ids only).
    NotHexadecimal {
        /// The kind of text.
        what: TextKind,
        /// The text.
        text: String,
    },
    /// The text is not two capital letters (country codes only).
    NotACountry {
        /// The kind of text.
        what: TextKind,
        /// The text.
        text: String,
    },
}

messages! {
    TextError;
    Self::Empty { what } => "text.empty", "{what} is empty: at least one character is needed", what;
    Self::TooLong { what, bytes } => "text.too-long", "{what} has {bytes} bytes: at most {max} are allowed",
        what, bytes, max = MAX_TEXT_BYTES;
    Self::ControlCharacter { what, text, at } => "text.control-character",
        "{what} {text} has a control character at byte {at}", what, text, at;
    Self::TurnsDirection { what, text, at } => "text.turns-direction",
        "{what} {text} has a character that turns the direction of text at byte {at}", what, text, at;
    Self::Padded { what, text } => "text.padded", "{what} {text} begins or ends with white space", what, text;
    Self::NotHexadecimal { what, text } => "text.not-hexadecimal",
        "{what} {text} is not 32 lower-case hexadecimal digits", what, text;
    Self::NotACountry { what, text } => "text.not-a-country",
        "{what} {text} is not two capital letters as in ISO 3166-1", what, text;
}

/// The checked text behind every id: cheap to clone, compared byte for byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(pub(crate) Arc<str>);

impl Name {
    pub(crate) fn check(what: TextKind, text: &str) -> Result<Self, TextError> {
        checked(what, text).map(|text| Self(Arc::from(text)))
    }
}

/// Returns the text if it can be an id (C9).
pub(crate) fn checked(what: TextKind, text: &str) -> Result<&str, TextError> {
    measured(what, text)?;
    // Most ids are plain ASCII, which needs one pass.
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

/// Returns whether a character is a control character, or separates lines or paragraphs.
fn is_control(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')
}

/// Returns whether a character only turns the direction of text: a mark, embedding, override or
/// isolate of the bidirectional algorithm ([UAX #9](https://www.unicode.org/reports/tr9/), 2).
/// Letters that are written from right to left are not among them.
fn turns_direction(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Returns the text if it is neither empty nor too long, which is the only check that a plain text
/// needs.
pub(crate) fn measured(what: TextKind, text: &str) -> Result<&str, TextError> {
    match text.len() {
        0 => Err(TextError::Empty { what }),
        1..=MAX_TEXT_BYTES => Ok(text),
        bytes => Err(TextError::TooLong { what, bytes }),
    }
}

/// Returns whether all characters are ASCII, without control characters and white space.
pub(crate) fn is_plain(text: &str) -> bool {
    text.bytes().fold(true, |plain, byte| plain & byte.is_ascii_graphic())
}

macro_rules! text {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Any non-empty text up to [`MAX_TEXT_BYTES`] bytes without control characters, without
        /// characters that turn the direction of text and without white space at either end,
        /// compared byte for byte (C9). Clones share the text.
        #[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(Name);

        impl $name {
            /// Returns the text as it was parsed.
            #[must_use]
            pub fn as_str(&self) -> &str {
                &self.0.0
            }

            /// Returns the id as a label, to be shown where there is no display name. Clones share
            /// the text.
            #[allow(dead_code, reason = "not every id is shown as a label")]
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
                Name::check(TextKind::$name, text).map(Self)
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
    /// The id of a publisher: the ISV that owns the signing keys and the catalogs.
    PublisherId
}
text! {
    /// The id of an offer: one product of a publisher, as listed and sold.
    OfferId
}
text! {
    /// The id of an app: a whole application or one feature of it, such as `orders/publish-policy`.
    AppId
}
text! {
    /// The id of a plan, which is what grants sell.
    PlanId
}
text! {
    /// The id of a quota: a number that plans give, such as `projects` (Q1).
    QuotaId
}
text! {
    /// The id of a tenant: a customer organisation.
    TenantId
}
text! {
    /// The id of a group of users in a tenant.
    GroupId
}
text! {
    /// The id of a consumption of a capacity plan, chosen by the host; it counts once in a month
    /// (M5).
    ConsumptionId
}
text! {
    /// The id of a consumer of a capacity plan, such as a bot (M1).
    ConsumerId
}
text! {
    /// A text for display: a plan's name, a customer's name, a web address.
    Label
}

/// Defines an id of 128 random bits, written as 32 lower-case hexadecimal digits.
macro_rules! random {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        ///
        /// Written as 32 lower-case hexadecimal digits.
        #[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name([u8; 16]);

        impl $name {
            /// Returns the id of 16 random bytes that the host supplies.
            #[must_use]
            pub fn from_random(bytes: [u8; 16]) -> Self {
                Self(bytes)
            }

            /// Returns the 16 bytes, for a store.
            #[must_use]
            pub fn to_bytes(self) -> [u8; 16] {
                self.0
            }

            pub(crate) fn number(self) -> u128 {
                u128::from_be_bytes(self.0)
            }
        }

        impl FromStr for $name {
            type Err = TextError;

            fn from_str(text: &str) -> Result<Self, TextError> {
                hexadecimal(text).map(Self).ok_or_else(|| TextError::NotHexadecimal { what: TextKind::$name, text: excerpt(text) })
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                write!(f, "{:032x}", self.number())
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

/// Parses exactly 32 lower-case hexadecimal digits, so that each number has one spelling.
fn hexadecimal(text: &str) -> Option<[u8; 16]> {
    let canonical = text.len() == 32 && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    canonical.then(|| u128::from_str_radix(text, 16).ok()).flatten().map(u128::to_be_bytes)
}

random! {
    /// The id of a license, the same in all its revisions: 128 random bits that the publisher
    /// chooses (L3).
    LicenseId
}
random! {
    /// The id of a time ticket, by which a record uses it once: 128 random bits that the publisher
    /// chooses (X6).
    TicketId
}
random! {
    /// The id of a record: 128 random bits that the host chooses when it begins the record (X7).
    RecordId
}
random! {
    /// The id of a request to change a tenant, by which a host that retries it recognises its own
    /// write: 128 random bits that the host chooses (X7).
    RequestId
}

/// The code of a country: two capital letters (ISO 3166-1 alpha-2), such as `DE`.
///
/// Whether a code is assigned is not checked, because the list changes.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct CountryCode([u8; 2]);

impl FromStr for CountryCode {
    type Err = TextError;

    fn from_str(text: &str) -> Result<Self, TextError> {
        match text.as_bytes() {
            &[first @ b'A'..=b'Z', second @ b'A'..=b'Z'] => Ok(Self([first, second])),
            _ => Err(TextError::NotACountry { what: TextKind::CountryCode, text: excerpt(text) }),
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

/// Returns the beginning of an input of any size, as error messages quote it.
pub(crate) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some(_) => text.chars().take(SHOWN).chain(['…']).collect(),
        None => text.to_string(),
    }
}
