//! The payload of a license token: a deal with the claim names of PASETO where it has one (`iss`,
//! `aud`, `jti`, `iat`).

use alloc::vec::Vec;
use core::num::NonZeroU32;

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::document::{FromDocument, ReadError, ValueReader, object};
use crate::id::{LicenseId, OfferId, PublisherId};
use crate::license::checkpoint::Anchor;
use crate::license::deal::{Deal, Freshness, Licensee, Reference};
use crate::license::grant::Grant;
use crate::time::instant::{self, Instant};

/// The claims of a license in the order in which they are serialized.
#[derive(Serialize)]
pub(crate) struct Claims {
    iss: PublisherId,
    aud: OfferId,
    jti: LicenseId,
    #[serde(with = "instant")]
    iat: DateTime<Utc>,
    revision: NonZeroU32,
    licensee: Licensee,
    reference: Reference,
    freshness: Freshness,
    anchor: Anchor,
    grants: Vec<Grant>,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    exp: Absent,
    #[serde(skip_serializing)]
    #[expect(dead_code, reason = "known for the sake of its error")]
    nbf: Absent,
}
object! {
    Claims, "the claims of a license" => {
        iss,
        aud,
        jti,
        iat: Instant,
        revision,
        licensee,
        reference,
        freshness,
        anchor,
        grants,
        exp = Absent,
        nbf = Absent,
    }
}

/// A claim that PASETO libraries add by default and that documents must not have.
pub(crate) struct Absent;

impl FromDocument for Absent {
    fn read(_: &mut dyn ValueReader) -> Result<Self, ReadError> {
        Err(ReadError::of(
            "a document has no `exp` and no `nbf`, its dates are in its content: \
             configure the PASETO library that made it not to add them",
        ))
    }
}

impl From<&Deal> for Claims {
    fn from(deal: &Deal) -> Self {
        let deal = deal.clone();
        Self {
            iss: deal.publisher,
            aud: deal.offer,
            jti: deal.id,
            iat: deal.issued,
            revision: deal.revision,
            licensee: deal.licensee,
            reference: deal.reference,
            freshness: deal.freshness,
            anchor: deal.anchor,
            grants: deal.grants,
            exp: Absent,
            nbf: Absent,
        }
    }
}

impl From<Claims> for Deal {
    fn from(mut claims: Claims) -> Self {
        // The tenant keeps the grants for as long as it exists.
        claims.grants.shrink_to_fit();
        Self {
            id: claims.jti,
            revision: claims.revision,
            issued: claims.iat,
            publisher: claims.iss,
            offer: claims.aud,
            licensee: claims.licensee,
            reference: claims.reference,
            freshness: claims.freshness,
            anchor: claims.anchor,
            grants: claims.grants,
        }
    }
}
