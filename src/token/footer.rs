//! The footer of a token: the key that signed it and the kind of document (X2).
//!
//! It is read before the signature is verified, so it only selects a key of the ring and a known
//! kind. The signature covers it.

use alloc::string::String;
use core::cmp::Ordering;

use serde::Serialize;

use crate::document::object;
use crate::id::excerpt;
use crate::key::KeyId;
use crate::message::messages;
use crate::token::{MAX_CERTIFICATE_BYTES, MAX_LICENSE_BYTES, MAX_TICKET_BYTES, MAX_TOKEN_BYTES};

/// The kind of a signed document.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Kind {
    /// A license.
    License,
    /// A list of licenses and keys that are revoked (X5).
    RevocationList,
    /// A correction of a record's time (X6).
    TimeTicket,
    /// A certificate of a key (X10).
    KeyCertificate,
}

impl Kind {
    const ALL: [Self; 4] = [Self::License, Self::RevocationList, Self::TimeTicket, Self::KeyCertificate];

    /// Returns the length of the longest token of this kind, in characters.
    pub(crate) fn longest(self) -> usize {
        match self {
            Self::License => MAX_LICENSE_BYTES,
            Self::RevocationList => MAX_TOKEN_BYTES,
            Self::TimeTicket => MAX_TICKET_BYTES,
            Self::KeyCertificate => MAX_CERTIFICATE_BYTES,
        }
    }

    /// Returns the kind as footers spell it, between prefix and version.
    fn written(self) -> &'static str {
        match self {
            Self::License => "license",
            Self::RevocationList => "revocation-list",
            Self::TimeTicket => "time-ticket",
            Self::KeyCertificate => "key-certificate",
        }
    }
}

messages! {
    Kind;
    Self::License => "kind.license", "license";
    Self::RevocationList => "kind.revocation-list", "revocation list";
    Self::TimeTicket => "kind.time-ticket", "time ticket";
    Self::KeyCertificate => "kind.key-certificate", "certificate of a key";
}

/// The prefix of the kind in all footers.
const PREFIX: &str = "entitle.";

/// The only version of each kind.
pub(crate) const VERSION: u32 = 1;

#[derive(Serialize)]
pub(crate) struct Footer {
    pub(crate) kid: KeyId,
    pub(crate) typ: String,
}
object! { Footer { kid, typ } }

/// Kind and version in a footer.
pub(crate) enum Typ {
    Known(Kind),
    Newer(Kind),
    Unknown(String),
}

impl Footer {
    pub(crate) fn new(key: KeyId, kind: Kind) -> Self {
        Self { kid: key, typ: alloc::format!("{PREFIX}{}.v{VERSION}", kind.written()) }
    }

    pub(crate) fn typ(&self) -> Typ {
        let unknown = || Typ::Unknown(excerpt(&self.typ));
        let parts = self.typ.strip_prefix(PREFIX).and_then(|rest| rest.rsplit_once(".v"));
        let Some((kind, version)) = parts else { return unknown() };
        let kind = Kind::ALL.into_iter().find(|known| kind == known.written());
        // A version has one spelling: `v01` and `v+1` are refused.
        let version = if version.starts_with(['0', '+']) { None } else { version.parse::<u32>().ok() };
        match (kind, version) {
            (Some(kind), Some(version)) => match version.cmp(&VERSION) {
                Ordering::Less => unknown(),
                Ordering::Equal => Typ::Known(kind),
                Ordering::Greater => Typ::Newer(kind),
            },
            _ => unknown(),
        }
    }
}
