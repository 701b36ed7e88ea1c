//! GUIDs, by which Microsoft identifies products, service plans, users and groups.

use alloc::borrow::Cow;
use alloc::string::String;
use core::fmt;
use core::str::FromStr;

use serde::{Deserialize, Deserializer, Serialize, Serializer, de};
use thiserror::Error;

use crate::text::excerpt;

/// A GUID, as in `113feb6c-3fe4-4440-bddc-54d774bf0318`: the only reliable identifier of a product
/// or a service plan.
///
/// Parsing accepts both letter cases; formatting writes lower case.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Guid(u128);

/// The text is not a GUID.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{}` is not a GUID like 113feb6c-3fe4-4440-bddc-54d774bf0318", text.escape_debug())]
#[non_exhaustive]
pub struct ParseGuidError {
    /// The text, or the beginning of a long one.
    pub text: String,
}

impl ParseGuidError {
    /// Returns a stable name of this error for programs and translations.
    #[must_use]
    pub fn code(&self) -> &'static str {
        "microsoft.not-a-guid"
    }
}

impl FromStr for Guid {
    type Err = ParseGuidError;

    fn from_str(text: &str) -> Result<Self, ParseGuidError> {
        let bits = (text.len() == 36).then(|| text.bytes().enumerate().try_fold(0_u128, digit)).flatten();
        bits.map(Self).ok_or_else(|| ParseGuidError { text: excerpt(text) })
    }
}

/// Returns the number with one more character of the text appended.
fn digit(bits: u128, (at, byte): (usize, u8)) -> Option<u128> {
    match (at, byte) {
        (8 | 13 | 18 | 23, b'-') => Some(bits),
        (8 | 13 | 18 | 23, _) => None,
        _ => Some((bits << 4) | u128::from(char::from(byte).to_digit(16)?)),
    }
}

impl fmt::Display for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:08x}", self.0 >> 96)?;
        [80, 64, 48].into_iter().try_for_each(|shift| write!(f, "-{:04x}", (self.0 >> shift) & 0xffff))?;
        write!(f, "-{:012x}", self.0 & 0xffff_ffff_ffff)
    }
}

impl fmt::Debug for Guid {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Guid({self})")
    }
}

impl Serialize for Guid {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Guid {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Cow::<str>::deserialize(deserializer)?.parse().map_err(de::Error::custom)
    }
}
