//! Answers what is named: ids and labels, one type for each kind, so that none can be passed for
//! another (C9).
//! It takes text, and refuses what is empty, too long or has control characters.
//! It must not know what the named things are.

use alloc::sync::Arc;
use core::fmt;
use core::str::FromStr;

pub(crate) mod text;

pub(crate) mod user;

mod value;

pub use text::{MAX_TEXT_BYTES, TextError, TextKind};
pub(crate) use text::{excerpt, is_plain};
pub use user::{UserId, UserRef};

use crate::document::serde_as_text;
use crate::id::text::checked;

/// The checked text behind every id: cheap to clone, compared byte for byte.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Name(pub(crate) Arc<str>);

impl Name {
    pub(crate) fn check(what: TextKind, text: &str) -> Result<Self, TextError> {
        checked(what, text).map(|text| Self(Arc::from(text)))
    }
}

/// Defines an id or a label that is any text that [`checked`] accepts.
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
