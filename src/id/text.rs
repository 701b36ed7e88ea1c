//! Which text can be an id or a label, and why another cannot (C9).

use alloc::string::{String, ToString};

use thiserror::Error;

use crate::message::messages;

/// The longest id or label, in bytes of UTF-8: enough for an e-mail address or a URL (C9, X8).
pub const MAX_TEXT_BYTES: usize = 300;

/// What a text is expected to be.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[non_exhaustive]
pub enum TextKind {
    /// A [`PublisherId`](crate::id::PublisherId).
    PublisherId,
    /// An [`OfferId`](crate::id::OfferId).
    OfferId,
    /// A [`PlanId`](crate::id::PlanId).
    PlanId,
    /// An [`AppId`](crate::id::AppId).
    AppId,
    /// A [`QuotaId`](crate::id::QuotaId).
    QuotaId,
    /// A [`TenantId`](crate::id::TenantId).
    TenantId,
    /// A [`UserId`](crate::id::UserId).
    UserId,
    /// A [`GroupId`](crate::id::GroupId).
    GroupId,
    /// A [`ConsumerId`](crate::id::ConsumerId).
    ConsumerId,
    /// A [`ConsumptionId`](crate::id::ConsumptionId).
    ConsumptionId,
    /// A [`Label`](crate::id::Label).
    Label,
    /// A [`LicenseId`](crate::id::LicenseId).
    LicenseId,
    /// A [`TicketId`](crate::id::TicketId).
    TicketId,
    /// A [`RecordId`](crate::id::RecordId).
    RecordId,
    /// A [`RequestId`](crate::id::RequestId).
    RequestId,
    /// A [`CountryCode`](crate::id::CountryCode).
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

/// Returns the beginning of an input of any size, as error messages quote it.
pub(crate) fn excerpt(text: &str) -> String {
    const SHOWN: usize = 60;
    match text.char_indices().nth(SHOWN) {
        Some(_) => text.chars().take(SHOWN).chain(['…']).collect(),
        None => text.to_string(),
    }
}
