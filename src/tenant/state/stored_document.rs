//! A document as a tenant stores it: the token, and what verification made of it (L1, L3).

use alloc::sync::Arc;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

use crate::key::KeyId;
use crate::tenant::document_issue::DocumentIssue;
use crate::time::EARLIEST;
use crate::token::Token;
use crate::token::certificate::KeyCertificate;
use crate::token::footer::Kind;
use crate::token::license::License;
use crate::token::reconstruct::Signature;
use crate::token::ticket::TimeTicket;

/// The kind of document that a command installed, whatever verification makes of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) enum Installed {
    License,
    List,
    Ticket,
    Certificate,
}

#[derive(Debug, Clone)]
pub(crate) enum Read {
    License(License),
    /// The rest of a list is kept only while it is in force.
    List {
        /// The key that signed the list.
        key: KeyId,
        sequence: NonZeroU32,
        issued: DateTime<Utc>,
    },
    Ticket(TimeTicket),
    Certificate(KeyCertificate),
}

/// A token, and what verification made of it.
#[derive(Debug, Clone)]
pub(crate) enum StoredDocument {
    /// A license that entered into force; its token is rebuilt from it.
    License(License, Signature),
    /// Any other document, with its token as written.
    Written(Arc<Written>),
}

#[derive(Debug)]
pub(crate) struct Written {
    token: Token,
    installed: Installed,
    pub(crate) read: Result<Read, DocumentIssue>,
}

impl StoredDocument {
    pub(crate) fn from_token(token: &Token, installed: Installed, read: Result<Read, DocumentIssue>) -> Self {
        if let Ok(Read::License(license)) = &read {
            if let Some(signature) = license.signature(token) {
                return Self::License(license.clone(), signature);
            }
        }
        Self::Written(Arc::new(Written { token: token.clone(), installed, read }))
    }

    pub(crate) fn token(&self) -> Token {
        match self {
            Self::License(license, signature) => license.token(signature),
            Self::Written(written) => written.token.clone(),
        }
    }

    /// Returns whether two records have the same token of the same kind here. `O(1)` if they share
    /// it, otherwise `O(n)` in its length.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::License(one, signature), Self::License(other, others)) => signature == others && one == other,
            (Self::Written(one), Self::Written(other)) if Arc::ptr_eq(one, other) => true,
            _ => self.kind() == other.kind() && self.token() == other.token(),
        }
    }

    /// Returns the kind of document that the command named.
    pub(crate) fn kind(&self) -> Kind {
        match self.installed() {
            Installed::License => Kind::License,
            Installed::List => Kind::RevocationList,
            Installed::Ticket => Kind::TimeTicket,
            Installed::Certificate => Kind::KeyCertificate,
        }
    }

    pub(crate) fn installed(&self) -> Installed {
        match self {
            Self::License(..) => Installed::License,
            Self::Written(written) => written.installed,
        }
    }

    /// Returns the issue date; [`EARLIEST`] for a document that did not enter into force.
    pub(crate) fn issued(&self) -> DateTime<Utc> {
        match self {
            Self::License(license, _) => license.deal().issued,
            Self::Written(written) => match &written.read {
                Ok(Read::License(license)) => license.deal().issued,
                Ok(Read::List { issued, .. }) => *issued,
                Ok(Read::Ticket(ticket)) => ticket.correction().issued,
                Ok(Read::Certificate(certificate)) => certificate.certified().issued,
                Err(_) => EARLIEST,
            },
        }
    }

    /// Returns the key that signed it, as its footer claims.
    pub(crate) fn claimed_key(&self) -> Option<KeyId> {
        match self {
            Self::License(license, _) => Some(license.key()),
            Self::Written(written) => written.token.claimed_key(),
        }
    }

    /// Returns the license, if the document is one that entered into force.
    pub(crate) fn license(&self) -> Option<&License> {
        match self {
            Self::License(license, _) => Some(license),
            Self::Written(written) => match &written.read {
                Ok(Read::License(license)) => Some(license),
                _ => None,
            },
        }
    }
}
